//! Several profiles in one console: each works on while another is shown, and is found again as it was left.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use frontdesk::app::keymap::Keymap;
use frontdesk::app::popup::Popup;
use frontdesk::app::profiles::ProfileName;
use frontdesk::app::{App, Effect, Event};
use frontdesk::clock::Clock;
use frontdesk::config::Account;
use frontdesk::config::paths::Paths;
use frontdesk::desk::Setup;
use frontdesk::domain::offer::FieldKey;
use frontdesk::shell::stations::{Opening, Profiles, Rest, Stations};
use frontdesk::ui::{self, theme::Theme};
use frontdesk::vendor::flabs::settings::Mode;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Cell;
use serde_json::json;
use tokio::runtime::Runtime;
use tokio::time::timeout;

use crate::console::{Console, LEAD, account, chords};
use crate::lab::{DEADLINE, Lab};

const TO_B2B: &str = "<C-p>demo-b2b<Enter>";
const TO_DEMO: &str = "<C-p>go to demo<Enter>";

/// The shell without a terminal.
struct Desk {
    stations: Stations,
    runtime: Runtime,
    has_quit: bool,
}

fn opening(account: Account, home: &Path) -> Opening {
    Opening {
        offer: Arc::new(account.offer()),
        setup: Setup {
            account,
            paths: Paths::below(home, home, home),
        },
    }
}

fn name(name: &str) -> ProfileName {
    ProfileName {
        name: name.to_owned(),
        vendor: "Flabs".to_owned(),
        is_sandbox: true,
        is_here: false,
    }
}

impl Desk {
    /// At the catch-all profile; the party-scoped one can be opened, and a third one cannot.
    fn at(lab: &Lab) -> Self {
        let home = lab.folder().join("desk");
        let accounts = [Mode::CatchAll, Mode::PartyScoped].map(|mode| account(lab, mode));
        let accounts = accounts.map(|account| (account.name.clone(), account));
        let accounts = HashMap::from(accounts);
        let first = opening(accounts["demo"].clone(), &home);
        let find = move |name: &str| {
            let account = accounts.get(name).cloned();
            let account = account.ok_or_else(|| format!("the secret of {name} is missing"))?;
            Ok(opening(account, &home))
        };
        let profiles = Profiles {
            names: ["demo", "demo-b2b", "locked"].map(name).to_vec(),
            keymap: Keymap::default(),
            find: Box::new(find),
        };
        let clock = Clock::system();
        let console = profiles.console(&first, clock.now(), (120, 36));
        Self {
            stations: Stations::start(profiles, clock, console, first.setup).unwrap(),
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_time()
                .build()
                .unwrap(),
            has_quit: false,
        }
    }

    fn at_first_branch(lab: &Lab) -> Self {
        let mut desk = Self::at(lab);
        desk.choose_first_branch();
        desk
    }

    fn choose_first_branch(&mut self) {
        self.wait("the branches come", |app| !app.desk.branches.is_empty());
        self.keys("<Enter>");
        if self.app().offer.is_party_required {
            self.keys("<Enter>");
        }
        self.wait("the prices come", |app| app.browser.catalogue.is_some());
    }

    fn app(&self) -> &App {
        self.stations.app()
    }

    fn profile(&self) -> &str {
        &self.app().offer.profile
    }

    /// Everything in one reading of the keyboard.
    fn keys(&mut self, keys: &str) -> &mut Self {
        let typed = chords(keys).into_iter().map(Event::KeyPressed).collect();
        self.react(typed);
        self
    }

    fn react(&mut self, typed: Vec<Event>) -> Rest {
        let rest = self.stations.react(typed).unwrap();
        self.has_quit |= rest
            .orders
            .iter()
            .any(|order| matches!(order, Effect::Quit));
        rest
    }

    /// Waits for the next word of any worker.
    fn next(&mut self, what: &str) -> Rest {
        let told = async { timeout(DEADLINE, self.stations.told()).await };
        let has_told = self.runtime.block_on(told).is_ok();
        assert!(
            has_told,
            "{what}: it did not come to that\n{}",
            self.screen()
        );
        self.react(Vec::new())
    }

    fn wait(&mut self, what: &str, holds: impl Fn(&App) -> bool) {
        while !holds(self.app()) {
            self.next(what);
        }
    }

    fn wait_for_elsewhere(&mut self, words: &str) {
        self.wait(words, |app| {
            let told = app.elsewhere_words();
            let told = told.iter().map(|(word, count)| format!("{word} {count}"));
            told.collect::<Vec<_>>().join(" ") == words
        });
        let shown = format!("Elsewhere: {words}");
        assert_eq!(self.screen().contains(&shown), !words.is_empty());
    }

    fn screen(&self) -> String {
        let (width, height) = self.app().size;
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        let theme = Theme { has_colour: true };
        let drawn = terminal.draw(|frame| ui::draw(self.app(), theme, frame));
        let cells = drawn.unwrap().buffer.content();
        let rows = cells.chunks(usize::from(width));
        let row = |row: &[Cell]| row.iter().map(Cell::symbol).collect();
        rows.map(row).collect::<Vec<String>>().join("\n")
    }

    /// The console ends, as the shell lets it.
    fn end(mut self) {
        self.stations.leave().unwrap();
        self.stations.finish();
    }
}

#[test]
fn a_form_is_found_again_as_it_was_left_and_its_answer_came_meanwhile() {
    let lab = Lab::open();
    let mut desk = Desk::at_first_branch(&lab);
    lab.arm("create", Some(1), &json!({"kind": "close-after"}));
    desk.keys(LEAD).keys("<Enter>");
    desk.wait("no answer came", |app| app.outbox.checking() == 1);
    assert_eq!(lab.fired(), [1]);
    // The next patient, half-way, with an item of another name half-way over it.
    desk.keys("<Enter>99887<Left><Left><F8>Vita<Left>");
    let left = desk.screen();
    desk.keys(TO_B2B);
    assert_eq!(desk.profile(), "demo-b2b");
    assert!(desk.app().popups.is_empty());
    desk.choose_first_branch();
    let other = LEAD.replace("9876543210", "9123456780");
    desk.keys(&other).keys("<Enter>");
    desk.wait("it is accepted here", |app| {
        let latest = app.outbox.standings.last();
        latest.is_some_and(|standing| standing.state.word() == "Accepted")
    });
    // The day guard's resend met the record of the first try, while nobody looked.
    desk.wait_for_elsewhere("Needs you 1");
    let applied = lab.applied();
    let mut accounts: Vec<_> = applied.iter().map(|row| &row["account"]).collect();
    accounts.sort_by_key(ToString::to_string);
    assert_eq!(accounts, [&json!("demo"), &json!("demo-b2b")]);

    desk.keys(TO_DEMO);
    assert_eq!(desk.profile(), "demo");
    assert_eq!(desk.app().outbox.needs_you(), 1);
    desk.wait_for_elsewhere("");
    let told = |screen: &str| {
        let rows = screen.lines().skip(1);
        let rows: Vec<_> = rows.map(str::to_owned).collect();
        rows[..rows.len() - 2].to_vec()
    };
    assert_eq!(told(&desk.screen()), told(&left), "all but the counters");
    desk.keys("X<Esc>4");
    assert_eq!(desk.app().form.draft.value(FieldKey::Phone), "998487");
    let custom = desk.app().form.custom.as_ref().unwrap();
    assert_eq!(custom.name.value(), "VitXa");
    desk.end();
}

#[test]
fn keys_typed_in_one_go_reach_the_profile_they_are_for() {
    let lab = Lab::open();
    let mut desk = Desk::at_first_branch(&lab);
    desk.keys(&format!("98{TO_B2B}<Tab>77{TO_DEMO}76{TO_B2B}5"));
    assert_eq!(desk.profile(), "demo-b2b");
    assert_eq!(desk.app().form.draft.value(FieldKey::Phone), "775");
    desk.keys(TO_DEMO);
    assert_eq!(desk.app().form.draft.value(FieldKey::Phone), "9876");
    desk.end();
}

#[test]
fn a_profile_that_cannot_be_opened_says_why_and_one_stays() {
    let lab = Lab::open();
    let mut desk = Desk::at_first_branch(&lab);
    desk.keys("98<C-p>locked<Enter>77");
    assert_eq!(desk.profile(), "demo");
    let screen = desk.screen();
    assert!(
        screen.contains("Still here: the secret of locked is missing"),
        "{screen}"
    );
    desk.keys("765");
    assert_eq!(desk.app().form.draft.value(FieldKey::Phone), "98765");
    assert!(desk.app().elsewhere.is_empty(), "nothing was opened");
    desk.end();
}

#[test]
fn what_happens_elsewhere_draws_nothing_but_its_word_in_the_header() {
    let lab = Lab::open();
    let mut desk = Desk::at_first_branch(&lab);
    desk.keys("98").keys(&format!("{TO_B2B}{TO_DEMO}"));
    let shown = desk.screen();
    // The branches of the other one come, and its worklist.
    let mut unseen = 0;
    while unseen == 0 {
        let is_seen = desk.next("the other one hears something").is_seen;
        unseen += usize::from(!is_seen);
        assert_eq!(desk.screen().lines().next(), shown.lines().next());
    }
    desk.end();
}

#[test]
fn one_that_is_not_accepted_elsewhere_is_told_until_it_was_seen() {
    let lab = Lab::open();
    let mut desk = Desk::at_first_branch(&lab);
    desk.keys(LEAD).keys("<Enter>");
    desk.wait("the first one is accepted", |app| app.outbox.saved() == 0);
    desk.keys("<Enter>").keys(LEAD);
    desk.keys(&format!("<Enter>{TO_B2B}"));
    desk.wait("it is here", |app| app.offer.profile == "demo-b2b");
    desk.wait_for_elsewhere("Not accepted 1");
    desk.keys(TO_DEMO);
    assert!(desk.screen().contains("already on file today"));
    desk.keys(TO_B2B);
    desk.wait_for_elsewhere("");
    desk.end();
}

#[test]
fn leaving_asks_about_all_and_keeps_the_forms_of_all() {
    let mut lab = Lab::open();
    let mut desk = Desk::at_first_branch(&lab);
    desk.keys(TO_B2B);
    desk.choose_first_branch();
    desk.keys(TO_DEMO).keys(LEAD);
    lab.close();
    desk.keys("<Enter>");
    desk.wait("it is safe", |app| app.outbox.saved() == 1);
    desk.keys("<Enter>9988").keys(TO_B2B).keys("7766<C-x>");
    assert!(matches!(desk.app().popups[..], [Popup::Quit]));
    let screen = desk.screen();
    assert!(
        screen.contains("demo: Saved 1. It stays on disk"),
        "{screen}"
    );
    assert!(!desk.has_quit);
    desk.keys("<Enter>");
    assert!(desk.has_quit);
    desk.end();
    lab.reopen();
    let home = lab.folder().join("desk");
    for (mode, phone) in [(Mode::CatchAll, "9988"), (Mode::PartyScoped, "7766")] {
        let mut console = Console::open(account(&lab, mode), &home);
        console.wait("its form is there", |app| app.waiting_count() == 1);
        let kept = &console.app.shelf.kept[0].draft;
        assert_eq!(kept.value(FieldKey::Phone), phone);
        if mode == Mode::CatchAll {
            console.wait_for("Accepted");
        }
        console.end();
    }
}
