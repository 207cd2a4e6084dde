//! The one loop: event in, handle, run effects, draw. The only place that awaits.
//!
//! The first frame is drawn before the sandbox, the store and the network are even started. Everything that takes
//! time lives behind the [`worker`]'s channels or on the `finder`'s thread.

mod drafts;
mod finder;
mod keyboard;
mod keys;
pub mod painter;
pub mod screen;
pub mod worker;

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, mpsc as threads};
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc::{Receiver, Sender, error::TrySendError};

use crate::app::keymap::Keymap;
use crate::app::{App, Effect, Event};
use crate::clock::Clock;
use crate::desk::Setup;
use crate::domain::offer::Offer;
use crate::trial;
use finder::Question;
use keyboard::Keyboard;
use screen::Screen;
use worker::{Request, Worker};

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

/// Opens the console and stays until it ends; the terminal is given back whatever happens.
pub fn run(offer: Arc<Offer>, keymap: Keymap, setup: Setup) -> anyhow::Result<Ended> {
    let mut screen = Screen::take()?;
    let clock = trial::clock();
    let salt = fastrand::u16(..);
    let mut app = App::new(offer, keymap, clock.now(), screen::size()?, salt);
    let effects = app.start();
    screen.draw(&app)?;
    let worker = Worker::start(setup)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(
        Shell {
            clock,
            app,
            screen,
            worker,
            finder: None,
        }
        .run(effects),
    )
}

struct Shell {
    clock: Clock,
    app: App,
    screen: Screen,
    worker: Worker,
    finder: Option<threads::Sender<Question>>,
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
    async fn run(mut self, effects: Vec<Effect>) -> anyhow::Result<Ended> {
        let ended = self.stay(effects).await;
        let last = self.app.handle(Event::Leaving);
        let kept = self.carry_out(last);
        let Self { screen, worker, .. } = self;
        drop(screen);
        worker.finish();
        kept.and(ended)
    }

    async fn stay(&mut self, effects: Vec<Effect>) -> anyhow::Result<Ended> {
        let mut keyboard = Keyboard::open()?;
        let mut resizes = signal(SignalKind::window_change())?;
        let mut stops = Stops::listen()?;
        let mut ended = self.carry_out(effects)?;
        let mut is_worker_there = true;
        while ended.is_none() {
            let pause = self.pause();
            let mut happened = Vec::new();
            // The order matters: an order to stop is never behind a flood of events, answers are there before the keys
            // that were typed after them, and the clock comes last.
            tokio::select! {
                biased;
                stop = stops.next() => return Ok(stop),
                event = self.worker.events.recv(), if is_worker_there => match event {
                    Some(event) => happened.push(event),
                    None => {
                        is_worker_there = false;
                        happened.push(Event::Faulted("The sending part has stopped: leave and start again".to_owned()));
                    }
                },
                typed = keyboard.typed() => match typed? {
                    Some(events) => happened.extend(events),
                    None => return Ok(Ended::TerminalGone),
                },
                _ = resizes.recv() => {
                    let (width, height) = screen::size()?;
                    happened.push(Event::Resized { width, height });
                }
                () = tokio::time::sleep(pause.unwrap_or_default()), if pause.is_some() => {}
            }
            drain(&mut self.worker.events, &mut happened);
            ended = self.react(happened)?;
        }
        Ok(ended.unwrap_or(Ended::Quit))
    }

    /// Everything that has happened, then one frame.
    fn react(&mut self, happened: Vec<Event>) -> anyhow::Result<Option<Ended>> {
        let mut effects = self.app.handle(Event::ClockRead(self.clock.now()));
        for event in happened {
            effects.extend(self.app.handle(event));
        }
        let ended = self.carry_out(effects)?;
        if self.screen.draw(&self.app).is_err() {
            return Ok(Some(Ended::TerminalGone));
        }
        Ok(ended)
    }

    /// How long until the screen changes by itself; none while it does not.
    fn pause(&self) -> Option<Duration> {
        let next = self.app.next_change()?;
        let wait = (next - self.clock.now()).to_std().unwrap_or_default();
        Some(self.clock.real(wait))
    }

    fn carry_out(&mut self, effects: Vec<Effect>) -> anyhow::Result<Option<Ended>> {
        let mut effects = VecDeque::from(effects);
        let mut ended = None;
        while let Some(effect) = effects.pop_front() {
            match effect {
                Effect::Quit => ended = Some(Ended::Quit),
                Effect::Redraw => self.screen.redraw()?,
                Effect::Copy(text) => self.screen.copy(&text)?,
                Effect::FindRows {
                    call,
                    catalogue,
                    query,
                } => self.find(Question {
                    call,
                    catalogue,
                    query,
                })?,
                effect => {
                    if let Ok(request) = Request::try_from(effect) {
                        effects.extend(self.ask(request));
                    }
                }
            }
        }
        Ok(ended)
    }

    fn find(&mut self, question: Question) -> io::Result<()> {
        let finder = match self.finder.take() {
            Some(finder) => finder,
            None => finder::start(self.worker.answers())?,
        };
        // A finder that has ended left no one to answer; the next question starts another.
        if finder.send(question).is_ok() {
            self.finder = Some(finder);
        }
        Ok(())
    }

    /// A worker that does not take a request is said on screen; what was typed is kept.
    fn ask(&mut self, request: Request) -> Vec<Effect> {
        let Err(refused) = self.worker.requests.try_send(request) else {
            return Vec::new();
        };
        let (request, why) = match refused {
            TrySendError::Full(request) => (request, "the sending part is overloaded"),
            TrySendError::Closed(request) => (
                request,
                "the sending part has stopped: leave and start again",
            ),
        };
        self.app.handle(request.refused(why))
    }
}

fn drain(events: &mut Receiver<Event>, happened: &mut Vec<Event>) {
    while let Ok(event) = events.try_recv() {
        happened.push(event);
    }
}

/// Where the worker and the finder put what they have learned.
pub(crate) type Answers = Sender<Event>;
