//! Another program holds the store for a minute, under the eyes of a person who types on.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::json;
use sqlx::{ConnectOptions, Connection};

use crate::judge::{When, judge};
use crate::site::{PROGRAM, Site, Time};
use crate::stage::{Scene, Stage};
use crate::tally::{Promise, Tally};
use crate::terminal::{ENTER, F2, F3, Terminal, command};
use crate::wishes::Wishes;

/// How long the other program holds it.
const HELD: Duration = Duration::from_secs(60);

/// How soon a key must be seen.
const ECHO: Duration = Duration::from_secs(1);

/// How soon it must go on by itself after that.
const RESUMED: Duration = Duration::from_secs(30);

pub fn scenes() -> Vec<Scene> {
    vec![Scene::new("locked", play)]
}

fn play(stage: &mut Stage) -> Tally {
    let site = stage.site(Time::morning(1.0));
    let mut tally = Tally::default();
    // Its answer comes when nobody can write it down.
    site.arm("create", 1, 0, &json!({"kind": "delay", "ms": 2_000}));
    let mut terminal = open(&site);
    terminal.types(&format!("9812345678{ENTER}Rahul Sharma{ENTER}32{ENTER}m"));
    terminal.sees("Rahul Sharma").types(F3);
    terminal
        .types(&format!("cbc{ENTER}{F2}"))
        .sees("Enter send");
    terminal.types(ENTER);
    terminal.wait("it is on its way", |screen| {
        screen.contents().contains("Sending")
    });
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(site.store())
        .busy_timeout(HELD);
    let mut held = site.block_on(options.connect()).unwrap();
    let begun = sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut held);
    site.block_on(begun).unwrap();
    // The next patient.
    terminal.types(ENTER).wait("the form", |screen| {
        !screen.contents().contains("On its way")
    });
    let slowest = type_on(&mut terminal);
    site.block_on(held.close()).unwrap();
    tally.fire("store locked", 1);
    for (kind, times) in site.disarm() {
        tally.fire(&kind, times);
    }
    if let (took, before) = &slowest
        && *took > ECHO
    {
        let words = format!("a key was seen after {took:?} on\n{before}");
        tally.breaks(Promise::Unwell, words);
    }
    let released = Instant::now();
    terminal.wait("it goes on by itself", |screen| {
        screen.contents().contains("Saved 0  Checking 0")
    });
    if released.elapsed() > RESUMED {
        tally.breaks(
            Promise::Stuck,
            format!("went on after {:?}", released.elapsed()),
        );
    }
    drop(terminal);
    let is_ours =
        |row: &&serde_json::Value| row["applied"] == true && row["body"]["contact"] == "9812345678";
    let made = site.ledger().iter().filter(is_ours).count();
    if made != 1 {
        let broken = if made == 0 {
            Promise::Lost
        } else {
            Promise::Doubled
        };
        tally.breaks(broken, format!("the vendor has {made} of it"));
    }
    tally.add(judge(&site, &mut Wishes::default(), When::AtTheEnd));
    tally
}

/// The console, with a branch and its prices.
fn open(site: &Site) -> Terminal {
    let mut console = command(Path::new(PROGRAM), site.home());
    console.env("LAB_SECRET", "demo-secret");
    console.env("FRONTDESK_TRIAL", site.trial(""));
    let (mut terminal, _) = Terminal::start(console, (120, 36));
    terminal.sees("Koramangala").types(ENTER);
    terminal.sees("Complete blood count");
    terminal
}

/// Types for as long as the store is held; the longest that a key took to be seen, and the screen it was typed on.
fn type_on(terminal: &mut Terminal) -> (Duration, String) {
    let until = Instant::now() + HELD;
    let mut slowest = (Duration::ZERO, String::new());
    let keys = ["7", "6", "5", "4", "\x7f", "\x7f", "\x7f", "\x7f"];
    for key in keys.iter().cycle() {
        if Instant::now() >= until {
            break;
        }
        let before = terminal.screen();
        let typed = Instant::now();
        terminal
            .types(key)
            .wait("an echo", |screen| screen.contents() != before);
        if typed.elapsed() > slowest.0 {
            slowest = (typed.elapsed(), before);
        }
        std::thread::sleep(Duration::from_millis(400));
    }
    slowest
}
