//! The one loop: event in, handle, run effects, draw. The only place that awaits.
//!
//! The first frame is drawn before the sandbox, the store and the network are even started. Everything that takes
//! time lives behind the [`worker`]'s channels or on the `finder`'s thread.

mod drawer;
mod finder;
mod keyboard;
mod keys;
pub mod painter;
pub mod screen;
mod station;
pub mod stations;
pub mod worker;

use std::io;
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc::Sender;

use crate::app::{Effect, Event};
use crate::clock::Clock;
use crate::trial;
use keyboard::Keyboard;
use screen::Screen;
use stations::{Opening, Profiles, Rest, Stations};

/// How the console came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// A person quit.
    Quit,
    /// SIGTERM, SIGINT or SIGHUP, by number.
    Signal(i32),
    /// The terminal went away.
    TerminalGone,
}

/// Opens the console at its first profile and stays until it ends; the terminal is given back whatever happens.
pub fn run(profiles: Profiles, first: Opening, is_ascii: bool) -> anyhow::Result<Ended> {
    let mut screen = Screen::take()?;
    screen.is_ascii = is_ascii;
    let clock = trial::clock();
    let console = profiles.console(&first, clock.now(), screen::size()?);
    screen.draw(&console.0)?;
    let stations = Stations::start(profiles, clock.clone(), console, first.setup)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(
        Shell {
            clock,
            screen,
            stations,
        }
        .run(),
    )
}

struct Shell {
    clock: Clock,
    screen: Screen,
    stations: Stations,
}

/// The signals that end the console.
struct Stops {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
}

impl Stops {
    fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) -> Ended {
        let kind = tokio::select! {
            _ = self.terminate.recv() => SignalKind::terminate(),
            _ = self.interrupt.recv() => SignalKind::interrupt(),
            _ = self.hang_up.recv() => SignalKind::hangup(),
        };
        Ended::Signal(kind.as_raw_value())
    }
}

impl Shell {
    /// Whatever ends it: what was typed goes to disk, the terminal is given back, and sends under way get a moment.
    async fn run(mut self) -> anyhow::Result<Ended> {
        let ended = self.stay().await;
        let kept = self.stations.leave();
        let Self {
            screen, stations, ..
        } = self;
        drop(screen);
        stations.finish();
        kept?;
        ended
    }

    async fn stay(&mut self) -> anyhow::Result<Ended> {
        let mut keyboard = Keyboard::open()?;
        let mut resizes = signal(SignalKind::window_change())?;
        let mut stops = Stops::listen()?;
        // Before anybody listened the size may have changed.
        if let Some(ended) = self.react(vec![measured()?])? {
            return Ok(ended);
        }
        loop {
            let pause = self.pause();
            let mut typed = Vec::new();
            // The order matters: an order to stop is never behind a flood of events, answers are there before the keys
            // that were typed after them, and the clock comes last.
            tokio::select! {
                biased;
                stop = stops.next() => return Ok(stop),
                () = self.stations.told() => {}
                keys = keyboard.typed() => match keys? {
                    Some(events) => typed.extend(events),
                    None => return Ok(Ended::TerminalGone),
                },
                _ = resizes.recv() => {
                    // What stood there may be gone even where the size is the same again.
                    self.screen.redraw()?;
                    typed.push(measured()?);
                }
                () = tokio::time::sleep(pause.unwrap_or_default()), if pause.is_some() => {}
            }
            if let Some(ended) = self.react(typed)? {
                return Ok(ended);
            }
        }
    }

    /// Everything that has happened, then one frame.
    fn react(&mut self, typed: Vec<Event>) -> anyhow::Result<Option<Ended>> {
        let Rest { orders, is_seen } = self.stations.react(typed)?;
        let mut ended = None;
        for order in orders {
            match order {
                Effect::Quit => ended = Some(Ended::Quit),
                Effect::Redraw => self.screen.redraw()?,
                Effect::Copy(text) => self.screen.copy(&text)?,
                // Nobody else is left who would do it.
                _ => {}
            }
        }
        if is_seen && self.screen.draw(self.stations.app()).is_err() {
            return Ok(Some(Ended::TerminalGone));
        }
        Ok(ended)
    }

    /// How long until something happens by itself; none while nothing does.
    fn pause(&self) -> Option<Duration> {
        let next = self.stations.next_change()?;
        let wait = (next - self.clock.now()).to_std().unwrap_or_default();
        Some(self.clock.real(wait))
    }
}

/// The size of the terminal now.
fn measured() -> io::Result<Event> {
    let (width, height) = screen::size()?;
    Ok(Event::Resized { width, height })
}

/// Where the worker and the finder put what they have learned.
pub(crate) type Answers = Sender<Event>;
