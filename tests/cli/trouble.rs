//! What needs a person, what other processes do, and a damaged store, without a screen.

use std::fs::{self, OpenOptions};
use std::io::{BufRead, BufReader, Lines};
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::process::{ChildStdout, Command};

use chrono::{DateTime, TimeDelta, Utc};
use frontdesk::domain::evidence::{Evidence, Fact, Outcome};
use frontdesk::domain::submission::IntentId;
use frontdesk::store::Sqlite;
use frontdesk::store::intents::Intents;
use serde_json::{Value, json};
use sqlx::{ConnectOptions, Connection};
use tokio::runtime::Runtime;

use crate::headless::{Spoken, lead};
use crate::lab::Lab;
use crate::{Home, NOON, Told, clock};

impl Home {
    fn store(&self) -> PathBuf {
        self.0
            .path()
            .join(".local/share/frontdesk/frontdesk.sqlite")
    }

    /// How many slots of the shared budget are out or on their way back.
    fn slots(&self) -> i64 {
        self.number("SELECT count(*) FROM slots")
    }

    /// The number that a statement on the store answers with.
    fn number(&self, statement: &'static str) -> i64 {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(self.store());
        runtime().block_on(async {
            let mut connection = options.connect().await.unwrap();
            let answer = sqlx::query_scalar(statement);
            let answer = answer.fetch_one(&mut connection).await.unwrap();
            connection.close().await.unwrap();
            answer
        })
    }
}

fn runtime() -> Runtime {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().unwrap()
}

/// A desk at noon, on the same day as its lab; ten of its seconds are one of ours.
struct Noon {
    lab: Lab,
    home: Home,
    clock: String,
}

impl Noon {
    fn new() -> Self {
        let (lab, home) = (Lab::open(), Home::new());
        lab.set_clock(NOON);
        home.configure(&lab.base_url());
        let clock = clock(NOON, 10);
        Self { lab, home, clock }
    }

    fn run(&self, arguments: &[&str]) -> Told {
        let mut command = self.home.frontdesk(arguments);
        let output = command.env("FRONTDESK_TRIAL", &self.clock).output();
        Told::of(&output.unwrap(), self.home.0.path())
    }

    fn ask(&self, arguments: &[&str]) -> Spoken {
        Spoken::of(self.run(arguments))
    }

    /// The answer to the second try comes after all, with this number.
    fn accept(&self, id: &str, number: &str) {
        let outcome = Outcome::Accepted {
            number: number.to_owned(),
            told: vec![],
        };
        let fact = Fact::Ended { number: 2, outcome };
        let evidence = Evidence {
            at: Utc::now(),
            fact,
        };
        runtime().block_on(async {
            let store = Sqlite::open(&self.home.store()).await.unwrap();
            let id = IntentId(id.to_owned());
            store.append(&id, evidence).await.unwrap();
        });
    }

    /// A submission whose first try makes a record and has no answer: the second is refused as a double.
    fn needs_you(&self, number: u32) -> String {
        let file = self.home.0.path().join("one.jsonl");
        fs::write(&file, lead(number).to_string()).unwrap();
        let saved = self.ask(&["submit", "one.jsonl"]);
        assert_eq!(saved.words("state"), ["Saved"], "{}", saved.err);
        let lost = json!({"kind": "status", "status": 504, "applied": true});
        self.lab.arm("create", Some(1), &lost);
        let sent = self.ask(&["courier", "--until-idle"]);
        assert_eq!(sent.code, 6, "{:?}", sent.lines);
        assert!(sent.err.contains("not settled: see frontdesk worklist"));
        let id = saved.words("id")[0].to_owned();
        let told = sent.lines.iter().rev().find(|line| line["id"] == id);
        assert_eq!(told.unwrap()["state"], "Needs you");
        assert_eq!(told.unwrap()["why"], DOUBT);
        id
    }
}

const DOUBT: &str = "refused as a double after a try without answer";

#[test]
fn what_needs_a_person_is_answered_from_the_command_line() {
    let noon = Noon::new();
    let [found, again, dropped] = [1, 2, 3].map(|number| noon.needs_you(number));
    assert_eq!(noon.lab.fired(), [1, 1, 1]);
    assert_eq!(noon.lab.applied().len(), 3);

    let shown = noon.run(&["show", &found]);
    for words in [
        &format!("state     Needs you: {DOUBT}\n"),
        "  Flabs refused it: it has one with this phone or e-mail today",
        "Unknown: whether that record is this one",
        "found it: look at Flabs.",
        &format!("    frontdesk resolve {found} found NUMBER\n"),
        &format!("    frontdesk resolve {found} resend\n"),
        &format!("    frontdesk resolve {found} drop --reason TEXT\n"),
    ] {
        assert!(shown.out.contains(words), "{words}\n{}", shown.out);
    }
    let listed = noon.run(&["worklist", "--state", "needs-you"]);
    assert_eq!(listed.out.matches("refused as a double").count(), 3);

    let told = noon.run(&["resolve", &found, "found", "L-4711"]);
    assert_eq!(told.out, format!("{found}  Accepted  L-4711\n"));
    let told = noon.run(&["resolve", &dropped, "found", "l-4711 "]);
    let taken = format!("l-4711 is already the number of {found}: look again at the vendor");
    assert_eq!(
        (told.code, told.err.contains(&taken)),
        (1, true),
        "{}",
        told.err
    );
    let told = noon.run(&["resolve", &dropped, "drop", "--reason", "went home"]);
    assert_eq!(told.out, format!("{dropped}  Dropped\n"));
    let told = noon.run(&["resolve", &again, "resend"]);
    assert!(
        told.out.starts_with(&format!("{again}  Checking  ")),
        "{}",
        told.out
    );
    // On another day the vendor refuses no double.
    noon.lab.advance(24 * 3600);
    let sent = noon.ask(&["courier", "--until-idle"]);
    assert_eq!((sent.code, sent.err.as_str()), (0, ""));
    assert_eq!(sent.words("state").last(), Some(&"Accepted"));
    assert_eq!(noon.lab.applied().len(), 4);

    // A person found it under a number, and the vendor tells another one.
    let both = noon.needs_you(4);
    noon.run(&["resolve", &both, "found", "L-4712"]);
    noon.accept(&both, "L-4713");
    for number in ["L-4712", "L-4713"] {
        let shown = noon.ask(&["show", number, "--json"]);
        assert_eq!(shown.words("id"), [both.as_str()], "{}", shown.err);
        assert_eq!(
            shown.words("why"),
            [
                "Flabs confirmed it under 2 numbers: L-4712 and L-4713. Open them there and cancel what is too much."
            ]
        );
    }

    for (id, words) in [
        (&found, "a person found it at Flabs: L-4711"),
        (&again, "a person decided: send it again"),
        (&dropped, "a person decided: drop it (went home)"),
    ] {
        let shown = noon.ask(&["show", id, "--json"]);
        let learned = shown.lines[0]["evidence"].as_array().unwrap();
        assert!(
            learned.iter().any(|fact| fact["words"] == words),
            "{learned:?}"
        );
        assert_eq!(shown.lines[0].get("offered"), None);
    }
}

#[test]
fn what_a_courier_left_on_its_way_is_not_sending() {
    let noon = Noon::new();
    let silent = json!({"kind": "delay", "ms": 60_000});
    noon.lab.arm("create", None, &silent);
    let saved = noon.home.feed(&["submit", "-"], &[lead(1)]);
    let id = saved.words("id")[0];
    let mut courier = noon.home.start(&["courier"], &[]);
    let mut lines = BufReader::new(courier.stdout.take().unwrap()).lines();
    let is_sending = |line: &Value| line["id"] == id && line["state"] == "Sending";
    assert!(lines.any(|line| is_sending(&serde_json::from_str(&line.unwrap()).unwrap())));
    assert_eq!(
        noon.ask(&["worklist", "--json"]).words("state"),
        ["Sending"]
    );
    courier.kill().unwrap();
    courier.wait().unwrap();
    assert_eq!(
        noon.ask(&["worklist", "--json"]).words("state"),
        ["Checking"]
    );
}

#[test]
fn a_courier_at_work_takes_up_what_another_process_saves() {
    let home = Home::new();
    let first = home.feed(&["submit", "-"], &[lead(1)]);
    let mut courier = home.start(&["courier"], &[]);
    let mut lines = BufReader::new(courier.stdout.take().unwrap()).lines();
    until_accepted(&mut lines, first.words("id")[0]);
    // It has nothing to do now, and must hear of this one.
    let second = home.feed(&["submit", "-"], &[lead(2)]);
    assert_eq!(second.words("state"), ["Saved"]);
    until_accepted(&mut lines, second.words("id")[0]);
    let id = courier.id().to_string();
    assert!(Command::new("kill").arg(id).status().unwrap().success());
    assert_eq!(courier.wait().unwrap().code(), Some(0));
}

fn until_accepted(lines: &mut Lines<BufReader<ChildStdout>>, id: &str) {
    let is_it = |line: &Value| line["id"] == id && line["state"] == "Accepted";
    let found = lines.any(|line| is_it(&serde_json::from_str(&line.unwrap()).unwrap()));
    assert!(found, "{id} was not accepted");
}

#[test]
fn a_damaged_store_is_told_by_the_command_that_meets_it() {
    let home = Home::new();
    home.feed(&["submit", "-"], &[lead(1)]);
    // Everything out of the log and into the file.
    assert_eq!(home.number("PRAGMA wal_checkpoint(TRUNCATE)"), 0);
    let file = OpenOptions::new().write(true).open(home.store()).unwrap();
    file.write_all_at(&[0xA5; 64], 0).unwrap();
    drop(file);
    let told = home.run(&["worklist"]);
    assert!(
        told.err
            .starts_with("frontdesk: the store was damaged: it is kept as ~/"),
        "{}",
        told.err
    );
    assert_eq!(home.run(&["worklist"]).err, "", "it is told once");
}

#[test]
fn doctor_takes_its_sign_in_from_the_shared_budget() {
    let lab = Lab::open();
    lab.set_clock(NOON);
    let home = Home::new();
    home.configure(&lab.base_url());
    let told = home.run(&["doctor"]);
    assert!(told.out.contains("signed in to"), "{}", told.out);
    assert!(!home.store().exists(), "looking makes nothing");
    home.run(&["worklist"]);
    assert_eq!(home.slots(), 0);
    let told = home.run(&["doctor"]);
    assert!(told.out.contains("signed in to"), "{}", told.out);
    assert_eq!(home.slots(), 1);
}

#[test]
fn a_dry_run_counts_what_is_old_enough() {
    let home = Home::new();
    home.feed(&["submit", "-", "--wait"], &[lead(1), lead(2)]);
    home.feed(&["submit", "-"], &[lead(3)]);
    // Far enough ahead that two of them are old; the third is not settled.
    let noon: DateTime<Utc> = NOON.parse().unwrap();
    let clock = clock(&(noon + TimeDelta::days(2)).to_rfc3339(), 1);
    for (age, says) in [
        ("3d", "would forget 0 settled submissions\n"),
        ("1d", "would forget 2 settled submissions\n"),
    ] {
        let mut command = home.frontdesk(&["purge", "--older-than", age, "--dry-run"]);
        let output = command.env("FRONTDESK_TRIAL", &clock).output().unwrap();
        assert_eq!(Told::of(&output, home.0.path()).out, says);
    }
    assert_eq!(home.ask(&["worklist", "--json", "--all"]).lines.len(), 3);
}

#[rstest::rstest]
// Said to have failed, and on disk all the same.
#[case::one_commit("1:1", "Saved", "", 0)]
// Neither does the look whether it is there succeed.
#[case::two_commits("1:2", "", "perhaps not saved", 1)]
fn a_save_that_the_disk_denies_is_never_told_as_absent(
    #[case] commits: &str,
    #[case] state: &str,
    #[case] says: &str,
    #[case] code: i32,
) {
    let noon = Noon::new();
    noon.run(&["worklist"]);
    let mut line = lead(1);
    line.as_object_mut().unwrap().remove("key");
    fs::write(noon.home.0.path().join("one.jsonl"), line.to_string()).unwrap();
    let mut command = noon.home.frontdesk(&["submit", "one.jsonl"]);
    let trial = format!("{} commit=forgotten:{commits}", noon.clock);
    let output = command.env("FRONTDESK_TRIAL", trial).output().unwrap();
    let told = Spoken::of(Told::of(&output, noon.home.0.path()));
    assert_eq!(
        (told.code, told.words("state")[0]),
        (code, state),
        "{}",
        told.err
    );
    assert!(told.words("error")[0].starts_with(says), "{:?}", told.lines);
    assert_eq!(noon.ask(&["worklist", "--json"]).lines.len(), 1);
}
