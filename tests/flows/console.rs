//! A console without a terminal: the real state machine, driven by keys, and the real worker behind it.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use chrono_tz::Tz;
use frontdesk::app::browser::MOST_ROWS;
use frontdesk::app::key::{Chord, Key};
use frontdesk::app::keymap::Keymap;
use frontdesk::app::{App, Effect, Event};
use frontdesk::config::paths::Paths;
use frontdesk::config::secret::SecretSource;
use frontdesk::config::{Account, Server};
use frontdesk::desk::Setup;
use frontdesk::domain::evidence::State;
use frontdesk::domain::standing::Standing;
use frontdesk::sandbox;
use frontdesk::shell::worker::{Request, Worker};
use frontdesk::ui::{self, theme::Theme};
use frontdesk::vendor::flabs;
use frontdesk::vendor::flabs::profile::Own;
use frontdesk::vendor::flabs::settings::{Assumptions, Mode};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use tokio::runtime::Runtime;
use tokio::time::timeout;

use crate::lab::{DEADLINE, Lab, zone_at_noon};

pub struct Console {
    pub app: App,
    worker: Worker,
    /// How far this console's clock is ahead of the worker's.
    ahead: TimeDelta,
    /// Every word that was told of a submission, in its order.
    pub words: Vec<&'static str>,
    runtime: Runtime,
}

/// The account of a desk of the lab, which sends at once. The day of both is far from its end.
pub fn account(lab: &Lab, mode: Mode) -> Account {
    let zone = zone_at_noon();
    lab.move_to(zone);
    demo_of_day(Server::At(lab.base_url()), mode, zone)
}

/// A demo account at this server, which sends at once.
pub fn demo(server: Server, mode: Mode) -> Account {
    demo_of_day(server, mode, Assumptions::default().day_zone)
}

fn demo_of_day(server: Server, mode: Mode, day_zone: Tz) -> Account {
    let (name, parties) = match mode {
        Mode::CatchAll => ("demo", Vec::new()),
        Mode::PartyScoped => ("demo-b2b", sandbox::demo_parties()),
    };
    let secret = SecretSource::Known(format!("{name}-secret").into());
    let assumptions = Assumptions {
        day_zone,
        ..Assumptions::default()
    };
    let own = Own {
        mode,
        parties,
        assumptions,
        ..Own::default()
    };
    Account {
        zone: day_zone,
        take_back: Duration::ZERO,
        ..Account::new(name, &flabs::VENDOR, Arc::new(own), server, name, secret)
    }
}

impl Console {
    pub fn at(lab: &Lab) -> Self {
        Self::open(account(lab, Mode::CatchAll), &lab.folder().join("desk"))
    }

    /// A console whose data lies below `home`.
    pub fn open(account: Account, home: &Path) -> Self {
        let offer = Arc::new(account.offer());
        let mut app = App::new(offer, Keymap::default(), Utc::now(), (120, 36), 0);
        let effects = app.start();
        let paths = Paths::below(home, home, home);
        let mut console = Self {
            app,
            worker: Worker::start(Setup { account, paths }).unwrap(),
            ahead: TimeDelta::zero(),
            words: Vec::new(),
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_time()
                .build()
                .unwrap(),
        };
        console.carry_out(effects);
        console
    }

    /// At the first branch, with its prices, the cursor on the first field.
    pub fn at_first_branch(lab: &Lab) -> Self {
        let mut console = Self::at(lab);
        console.choose_first_branch();
        console
    }

    pub fn choose_first_branch(&mut self) {
        self.wait("the branches come", |app| !app.desk.branches.is_empty());
        self.keys("<Enter>");
        if self.app.offer.is_party_required {
            self.keys("<Enter>");
        }
        self.wait("the prices come", |app| app.browser.catalogue.is_some());
    }

    /// Types text; names of keys stand in angle brackets: `cbc<Enter><F2>`.
    pub fn keys(&mut self, keys: &str) -> &mut Self {
        for chord in chords(keys) {
            self.press(chord);
        }
        self
    }

    pub fn press(&mut self, chord: Chord) {
        self.happened(Event::KeyPressed(chord));
    }

    /// Takes what has come meanwhile, and waits for nothing.
    pub fn look_up(&mut self) {
        while let Ok(event) = self.worker.events.try_recv() {
            self.happened(event);
        }
    }

    /// Takes what comes until it is so.
    pub fn wait(&mut self, what: &str, holds: impl Fn(&App) -> bool) {
        while !holds(&self.app) {
            let next = async { timeout(DEADLINE, self.worker.events.recv()).await };
            match self.runtime.block_on(next) {
                Ok(Some(event)) => self.happened(event),
                _ => panic!("{what}: it did not come to that\n{}", self.screen()),
            }
        }
    }

    /// Waits until the latest submission is in this state, and gives it.
    pub fn wait_for(&mut self, word: &str) -> Standing {
        self.wait(word, |app| {
            let latest = app.outbox.standings.last();
            latest.is_some_and(|standing| standing.state.word() == word)
        });
        self.app.outbox.standings.last().unwrap().clone()
    }

    /// The console ends, as the shell lets it.
    pub fn end(mut self) {
        self.happened(Event::Leaving);
        self.worker.finish();
    }

    /// Lets time pass on this console's clock.
    pub fn let_pass(&mut self, time: TimeDelta) {
        self.ahead += time;
        self.tick();
    }

    fn tick(&mut self) {
        let effects = self.app.handle(Event::ClockRead(Utc::now() + self.ahead));
        self.carry_out(effects);
    }

    fn happened(&mut self, event: Event) {
        if let Event::IntentChanged(standing) = &event {
            self.words.push(standing.state.word());
        }
        self.tick();
        let effects = self.app.handle(event);
        self.carry_out(effects);
    }

    /// What the shell does with the console's orders.
    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            if let Effect::FindRows {
                call,
                catalogue,
                query,
            } = effect
            {
                let hits = catalogue.search(&query, MOST_ROWS);
                self.happened(Event::RowsFound { call, hits });
                continue;
            }
            let Ok(request) = Request::try_from(effect) else {
                continue;
            };
            self.worker.requests.try_send(request).unwrap();
        }
    }

    pub fn buffer(&self) -> Buffer {
        let (width, height) = self.app.size;
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        let theme = Theme { has_colour: true };
        let drawn = terminal.draw(|frame| ui::draw(&self.app, theme, frame));
        drawn.unwrap().buffer.clone()
    }

    /// The screen as text.
    pub fn screen(&self) -> String {
        let rows = cells(&self.buffer());
        rows.iter().map(|row| row.concat() + "\n").collect()
    }

    /// What stands in the pane or card below its title, without empty lines: down to the next rule, as wide as to the
    /// next wall, and above the two lines at the foot of the screen.
    pub fn inside(&self, title: &str) -> Vec<String> {
        let rows = cells(&self.buffer());
        let is_title = |row: &[String], column: usize| row[column..].concat().starts_with(title);
        let place = rows.iter().enumerate().find_map(|(top, row)| {
            // A rule or a corner and a blank stand before it.
            let left = (2..row.len()).find(|column| is_title(row, *column))?;
            Some((top, left))
        });
        let (top, left) = place.expect("it is on the screen");
        let below = &rows[top + 1..rows.len() - 2];
        let wall = below[0][left..].iter().position(|cell| cell == "│");
        let right = wall.map_or(below[0].len(), |width| left + width);
        below
            .iter()
            .take_while(|row| !["─", "━", "└"].contains(&row[left - 2].as_str()))
            .map(|row| row[left - 1..right].concat().trim_end().to_owned())
            .filter(|line| !line.is_empty())
            .collect()
    }
}

/// The lead of the stories; the cursor is on the first field.
pub const LEAD: &str = "9876543210<Enter>Rahul Sharma<Enter>32<Enter>m<F3>cbc<Enter><F2>";

pub fn number(state: &State) -> &str {
    match state {
        State::Accepted {
            number: Some(number),
        } => number,
        other => panic!("{} has no number", other.word()),
    }
}

fn cells(buffer: &Buffer) -> Vec<Vec<String>> {
    let area = buffer.area;
    let row = |y| {
        let cells = (0..area.width).map(move |x| buffer[(x, y)].symbol().to_owned());
        cells.collect()
    };
    (0..area.height).map(row).collect()
}

pub fn chords(keys: &str) -> Vec<Chord> {
    let mut chords = Vec::new();
    let mut rest = keys;
    while let Some(first) = rest.chars().next() {
        let named = rest.strip_prefix('<').and_then(|rest| rest.split_once('>'));
        let (chord, after) = match named {
            Some((name, after)) => (chord(name), after),
            None => (
                Chord::plain(Key::Char(first)),
                rest.split_at(first.len_utf8()).1,
            ),
        };
        chords.push(chord);
        rest = after;
    }
    chords
}

fn chord(name: &str) -> Chord {
    Chord::plain(match name {
        "Enter" => Key::Enter,
        "Esc" => Key::Esc,
        "Tab" => Key::Tab,
        "S-Tab" => Key::BackTab,
        "Backspace" => Key::Backspace,
        "Left" => Key::Left,
        "Right" => Key::Right,
        "Up" => Key::Up,
        "Down" => Key::Down,
        "Home" => Key::Home,
        "End" => Key::End,
        _ => match (name.strip_prefix("C-"), name.strip_prefix('F')) {
            (Some(letter), _) => return Chord::ctrl(letter.chars().next().unwrap()),
            (None, Some(number)) => Key::F(number.parse().unwrap()),
            (None, None) => panic!("no key is called {name}"),
        },
    })
}
