//! A clerk's day, key by key.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use chrono::{TimeDelta, Utc};
use serde_json::json;

use crate::desk::{Desk, WIDE};
use crate::lab::Lab;
use crate::terminal::{ENTER, F2, F3, F7, QUIT, TAB};

#[test]
fn a_lead() {
    let lab = Lab::open();
    let mut desk = Desk::at(&lab);
    desk.choose_branch().fill_lead("98765 43210");
    desk.terminal.types(ENTER).sees("Accepted");
    let applied = lab.applied();
    assert_eq!(applied.len(), 1);
    assert_eq!(applied[0]["body"]["contact"], "9876543210");
    let number = applied[0]["number"].as_str().unwrap();
    desk.terminal.sees(&format!("Accepted {number}"));
    for place in ["cmdline", "environ", "comm"] {
        let path = format!("/proc/{}/{place}", desk.terminal.process);
        let told = String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
        assert!(
            !told.contains("Rahul") && !told.contains("43210"),
            "{place}"
        );
    }
    desk.terminal.types(ENTER).types(QUIT);
    assert!(desk.terminal.ended().success());
    desk.terminal.is_given_back(&desk.before);
    desk.terminal.never_set_a_title();
}

#[test]
fn a_booking() {
    let lab = Lab::open();
    let mut desk = Desk::at(&lab);
    desk.choose_branch();
    let day = (Utc::now() + TimeDelta::days(3)).format("%Y-%m-%d");
    let patient =
        format!("{F7}9876543210{ENTER}Asha{ENTER}8 months{ENTER}f{ENTER}{ENTER}{day} 07:30");
    desk.terminal.types(&patient).sees("07:30");
    desk.terminal.types(&format!("{F3}fev2{ENTER}{F2}"));
    desk.terminal.sees("Read back: Booking");
    desk.terminal.types(ENTER).sees("Accepted");
    let applied = lab.applied();
    assert_eq!(applied.len(), 1);
    assert_eq!(
        applied[0]["body"]["scheduledAt"],
        format!("{day}T07:30:00+05:30")
    );
    desk.terminal.never_set_a_title();
}

#[test]
fn a_pre_booking_with_a_scanned_barcode() {
    const TUBE: &str = "TUBE-00417711";
    let lab = Lab::open();
    let mut desk = Desk::at(&lab);
    desk.choose_branch();
    desk.terminal.types(F7).types(F7).sees("Barcode");
    let patient = format!("Asha Rao{ENTER}41{ENTER}f{ENTER}");
    desk.terminal.types(&patient).sees("female");
    let scan = format!("{TUBE}{ENTER}");
    desk.terminal.types(&scan).sees(TUBE).sees("FRONTDESK");
    desk.terminal.types(&format!("{F3}cbc{ENTER}{F2}"));
    desk.terminal.sees("Read back: Pre-booking").sees(TUBE);
    // The same tube under the scanner once more sends nothing.
    desk.terminal.types(&scan).sees("Too fast for a person");
    assert!(lab.ledger().is_empty());
    desk.terminal.types(ENTER).sees("Accepted");
    let applied = lab.applied();
    assert_eq!(applied.len(), 1);
    let sent = &applied[0]["body"];
    assert_eq!(
        (&sent["barCode"], &sent["lead_source"]),
        (&json!(TUBE), &json!("FRONTDESK"))
    );
    let number = applied[0]["number"].as_str().unwrap();
    desk.terminal.sees(&format!("Accepted {number}"));
    desk.terminal.types(ENTER).types(QUIT);
    assert!(desk.terminal.ended().success());
    desk.terminal.is_given_back(&desk.before);
}

#[test]
fn a_second_one_on_the_same_phone() {
    let lab = Lab::open();
    let mut desk = Desk::at(&lab);
    desk.choose_branch().fill_lead("9876543210");
    desk.terminal.types(ENTER).sees("Accepted").types(ENTER);
    desk.fill_lead("9876543210").terminal.types(ENTER);
    desk.terminal.sees("Not accepted").sees("already on file");
    assert_eq!(lab.applied().len(), 1);
    desk.terminal.types(ENTER).sees("2 Patient");
    desk.terminal.wait("the form is back", |screen| {
        let contents = screen.contents();
        contents.contains("9876543210") && !contents.contains("nothing exists there")
    });
    desk.terminal.never_set_a_title();
}

#[test]
fn no_answer() {
    let lab = Lab::open();
    let mut desk = Desk::at(&lab);
    desk.choose_branch().fill_lead("9876543210");
    lab.arm("create", Some(1), &json!({"kind": "close-after"}));
    desk.terminal.types(ENTER).sees("Checking, do not re-enter");
    assert_eq!(lab.fired(), [1]);
    let screen = desk.terminal.screen();
    assert!(!screen.to_lowercase().contains("failed"), "{screen}");
    assert!(!screen.contains("Not accepted"), "{screen}");
    // The day guard's resend meets the record of the first try.
    desk.terminal.sees("Needs you 1");
    assert_eq!((lab.applied().len(), lab.ledger().len()), (1, 2));
    desk.terminal.never_set_a_title();
}

/// A sandbox of its own process, as `frontdesk sandbox` starts it.
struct Served {
    process: Child,
    address: String,
}

impl Served {
    fn start(home: &std::path::Path, listen: &str) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_frontdesk"))
            .args(["sandbox", "--listen", listen])
            .env("HOME", home)
            .env("XDG_DATA_HOME", home.join("data"))
            .env("XDG_STATE_HOME", home.join("state"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let first = lines.map(Result::unwrap).next().unwrap();
        let address = first.split_once("http://").unwrap().1.to_owned();
        Self { process, address }
    }

    /// As `kill -9` does it.
    fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

#[test]
fn the_sandbox_is_killed_in_the_middle_and_comes_back() {
    let home = tempfile::tempdir().unwrap();
    let mut served = Served::start(home.path(), "127.0.0.1:0");
    let base_url = format!("http://{}", served.address);
    let mut desk = Desk::led_to(&base_url, "Asia/Kolkata", &[]);
    desk.choose_branch().fill_lead("9876543210");
    served.kill();
    desk.terminal.types(ENTER).sees("It has not left yet");
    desk.terminal.sees("Saved 1");
    let _served = Served::start(home.path(), &served.address);
    desk.terminal.sees("Accepted").sees("Saved 0");
    desk.terminal.never_set_a_title();
}

#[test]
fn a_second_start_without_the_lab_books_from_copies() {
    let mut lab = Lab::open();
    let mut desk = Desk::at(&lab);
    desk.choose_branch();
    desk.keeps_copies();
    lab.close();
    let mut desk = desk.open_again();
    desk.choose_branch().fill_lead("9876543210");
    desk.terminal
        .types(ENTER)
        .sees("It has not left yet")
        .sees("Saved 1");
    lab.reopen();
    desk.terminal.sees("Accepted").sees("Saved 0");
    assert_eq!(lab.applied().len(), 1);
    desk.terminal.never_set_a_title();
}

/// Smaller and back again.
const SIZES: [(u16, u16); 3] = [(80, 24), (60, 20), WIDE];

#[test]
fn a_barcode_over_the_read_back_card_sends_nothing() {
    let lab = Lab::open();
    let mut desk = Desk::at(&lab);
    desk.choose_branch().fill_lead("9876543210");
    let barcode = format!("4006381333931{ENTER}");
    desk.terminal.types(&barcode).sees("Too fast for a person");
    desk.terminal.sees("Enter send");
    assert!(lab.ledger().is_empty());
    desk.terminal.types(ENTER).sees("Accepted");
    assert_eq!(lab.applied().len(), 1);
}

#[test]
fn a_resize_loses_nothing() {
    let lab = Lab::open();
    let mut desk = Desk::at(&lab);
    desk.choose_branch();
    let patient = format!("9876543210{ENTER}Rahul Sharma{ENTER}32{ENTER}m{ENTER}rahul@example");
    desk.terminal.types(&patient).sees("rahul@example");
    for size in SIZES {
        desk.terminal.resize(size);
        for text in ["98765 43210", "Rahul Sharma", "32", "male", "rahul@example"] {
            desk.terminal.sees(text);
        }
    }
}

#[test]
fn a_resize_leaves_the_card_open() {
    let lab = Lab::open();
    let mut desk = Desk::at(&lab);
    desk.choose_branch().fill_lead("9876543210");
    for size in SIZES {
        desk.terminal.resize(size).sees("Read back: Lead");
    }
}

/// While the machine was busy the terminal became small and large again: to the program its size never changed.
#[test]
fn a_resize_there_and_back_is_drawn_anew() {
    let lab = Lab::open();
    let mut desk = Desk::at(&lab);
    desk.choose_branch();
    desk.terminal.signal("STOP");
    desk.terminal.resize((80, 24)).resize(WIDE);
    desk.terminal.signal("CONT");
    desk.terminal.sees("Koramangala").sees("Phone");
}

#[test]
fn keys_right_after_a_resize_arrive() {
    let lab = Lab::open();
    let mut desk = Desk::at(&lab);
    desk.choose_branch();
    for (count, size) in (1..).zip(SIZES) {
        desk.terminal.resize(size).sees("Phone");
        desk.terminal.types("9").sees(&"9".repeat(count));
    }
}

#[test]
fn an_unfinished_sequence_stops_nothing() {
    let lab = Lab::open();
    let mut desk = Desk::at(&lab);
    desk.choose_branch();
    desk.terminal.types("\x1bOP").sees("Esc close");
    desk.terminal.types("\x1b[");
    desk.terminal.wait("the help is closed", |screen| {
        !screen.contents().contains("Esc close")
    });
}

#[test]
fn a_long_burst_arrives_whole() {
    let lab = Lab::open();
    let mut desk = Desk::at(&lab);
    desk.choose_branch();
    let burst = "x\x7f".repeat(2_500);
    let name = format!("9876543210{ENTER}{burst}Rahul Sharma");
    desk.terminal.types(&name).sees("Rahul Sharma");
    assert!(!desk.terminal.screen().contains("xRahul"));
}

/// Whether a sequence sets a colour: every other attribute and the terminal's own colours are none.
fn sets_colour(sequence: &str) -> bool {
    let numbers = sequence.split([';', ':']).map(str::parse);
    numbers
        .flatten()
        .any(|number: u32| matches!(number, 30..=38 | 40..=48 | 58 | 90..=97 | 100..=107))
}

/// The parameters of every SGR sequence that was written.
fn attributes(written: &[u8]) -> Vec<String> {
    let written = String::from_utf8_lossy(written);
    let sequences = written.split("\x1b[").skip(1);
    let letters = sequences.filter_map(|sequence| {
        let end = sequence.find(|c: char| c.is_ascii_alphabetic())?;
        let (numbers, rest) = sequence.split_at(end);
        rest.starts_with('m').then(|| numbers.to_owned())
    });
    letters.collect()
}

#[test]
fn without_colour_no_colour_is_written() {
    let lab = Lab::open();
    let coloured = Desk::at(&lab);
    let plain = Desk::led_to(&lab.base_url(), "Asia/Kolkata", &[("NO_COLOR", "1")]);
    let has_colour = [coloured, plain].map(|mut desk| {
        desk.choose_branch();
        desk.terminal.types(&format!("12{ENTER}{F2}"));
        desk.terminal.sees("Not ready");
        let attributes = attributes(&desk.terminal.written());
        assert!(!attributes.is_empty());
        attributes.iter().any(|sequence| sets_colour(sequence))
    });
    assert_eq!(has_colour, [true, false]);
}

#[test]
fn a_flood_of_keys_arrives_whole() {
    let lab = Lab::open();
    let mut desk = Desk::at(&lab);
    desk.choose_branch();
    let address: String = ["Shop 5, "; 23].concat();
    let patient = format!("9876543210{ENTER}Rahul Sharma{ENTER}32{ENTER}{TAB}{TAB}");
    let flood = format!("{patient}{address}end{ENTER}560001");
    assert!(flood.len() >= 200, "{}", flood.len());
    desk.terminal.types(&flood).sees("560001");
    desk.terminal.types(&format!("{F3}cbc{ENTER}{F2}"));
    desk.terminal
        .sees("Read back: Lead")
        .types(ENTER)
        .sees("Accepted");
    let applied = lab.applied();
    let sent = &applied[0]["body"];
    assert_eq!(sent["address"], format!("{address}end"));
    assert_eq!(
        (&sent["first_name"], &sent["age"]),
        (&json!("Rahul"), &json!(32))
    );
}

#[test]
fn without_a_configuration_the_sandbox_is_inside() {
    let mut desk = Desk::alone();
    desk.terminal.sees("SANDBOX").sees("Koramangala");
    // Past the parties of the demo account.
    desk.choose_branch().fill_lead("9876543210");
    desk.terminal.types(ENTER).sees("Accepted");
    desk.terminal.types(ENTER).types(QUIT);
    assert!(desk.terminal.ended().success());
    desk.terminal.is_given_back(&desk.before);
    desk.terminal.never_set_a_title();
}
