//! What a clerk does, and what the lab has of it afterwards.

use chrono::{TimeDelta, Utc};
use frontdesk::config::Server;
use frontdesk::domain::branch::PartyKind;
use frontdesk::domain::evidence::{Doubt, State};
use frontdesk::domain::offer::FieldKey;
use frontdesk::sandbox;
use frontdesk::vendor::flabs::settings::{Assumptions, Mode};
use serde_json::{Value, json};

use crate::console::{Console, LEAD, account, demo, number};
use crate::lab::Lab;

fn only(rows: &[Value]) -> &Value {
    assert_eq!(rows.len(), 1, "{rows:#?}");
    &rows[0]
}

#[test]
fn a_lead_is_accepted_under_the_number_the_lab_has() {
    let lab = Lab::open();
    let mut console = Console::at_first_branch(&lab);
    console.keys(LEAD);
    assert!(lab.ledger().is_empty(), "read back first");
    console.keys("<Enter>");
    let standing = console.wait_for("Accepted");
    let rows = lab.ledger();
    let create = only(&rows);
    assert_eq!(create["number"], number(&standing.state));
    assert_eq!(create["integrator"], standing.intent.id.0);
    let sent = &create["body"];
    assert_eq!(
        (&sent["phase"], &sent["contact"], &sent["last_name"]),
        (&json!("lead"), &json!("9876543210"), &json!("Sharma"))
    );
    assert_eq!(
        (&sent["tests"][0]["cost"], &sent["totalAmount"]),
        (&json!(350), &json!(350))
    );
    assert_eq!(console.words, ["Saved", "Sending", "Accepted"]);
    let told = format!("Accepted {}", number(&standing.state));
    assert!(console.screen().contains(&told), "{}", console.screen());
}

#[test]
fn a_booking_is_accepted_for_its_time() {
    let lab = Lab::open();
    let mut console = Console::at_first_branch(&lab);
    let zone = console.app.offer.zone;
    let day = (Utc::now() + TimeDelta::days(3)).with_timezone(&zone);
    let (day, offset) = (day.format("%Y-%m-%d"), day.format("%:z"));
    let when = format!("<F7>9876543210<Enter>Asha<Enter>8 months<Enter>f<Enter><Enter>{day} 07:30");
    console.keys(&when).keys("<F3>fev2<Enter><F2><Enter>");
    let standing = console.wait_for("Accepted");
    let rows = lab.applied();
    let create = only(&rows);
    assert_eq!(create["number"], number(&standing.state));
    let sent = &create["body"];
    assert_eq!(
        (&sent["phase"], &sent["age"], &sent["age_type"]),
        (&json!("booking"), &json!(8), &json!("month"))
    );
    assert_eq!(sent["bookingType"], "Home Collection");
    assert_eq!(sent["scheduledAt"], format!("{day}T07:30:00{offset}"));
    assert_eq!(sent["packages"][0]["price"], 1_499);
}

#[test]
fn a_party_scoped_desk_sells_at_the_price_of_the_party() {
    let lab = Lab::open();
    let home = lab.folder().join("desk");
    let mut console = Console::open(account(&lab, Mode::PartyScoped), &home);
    console.choose_first_branch();
    console.keys(LEAD).keys("<Enter>");
    console.wait_for("Accepted");
    let rows = lab.applied();
    let create = only(&rows);
    assert_eq!(create["account"], "demo-b2b");
    let first = sandbox::demo_parties().remove(0);
    assert_eq!(first.kind, PartyKind::Corporate);
    assert_eq!(create["body"]["corporateUser"], first.id);
    assert_eq!(create["body"]["tests"][0]["cost"], 250);
}

#[test]
fn a_second_one_of_the_day_is_not_accepted_and_comes_back_with_the_reason() {
    let lab = Lab::open();
    let mut console = Console::at_first_branch(&lab);
    console.keys(LEAD).keys("<Enter>");
    console.wait_for("Accepted");
    console.keys("<Enter>");
    console.keys("9876543210<Enter>Meena Sharma<Enter>30<Enter>f<F3>tsh<Enter><F2>");
    assert!(
        console.screen().contains("Rahul Sharma"),
        "the card says what speaks against it:\n{}",
        console.screen()
    );
    console.keys("<Enter>");
    let standing = console.wait_for("Not accepted");
    assert!(console.screen().contains("Not accepted"));
    assert!(console.screen().contains("already on file today"));
    assert_eq!(lab.applied().len(), 1);
    console.keys("<Enter>");
    let draft = &console.app.form.draft;
    assert_eq!(draft.value(FieldKey::Name), "Meena Sharma");
    assert_ne!(draft.id, standing.draft, "a new wish");
    console.keys("<End><Backspace>1<F2><Enter>");
    let mended = console.wait_for("Accepted");
    assert_ne!(mended.intent.id, standing.intent.id);
    assert_eq!(lab.applied().len(), 2);
}

#[test]
fn no_answer_is_checking_and_a_409_on_the_resend_needs_a_person() {
    let lab = Lab::open();
    let mut console = Console::at_first_branch(&lab);
    lab.arm("create", Some(1), &json!({"kind": "close-after"}));
    console.keys(LEAD).keys("<Enter>");
    console.wait_for("Checking");
    assert_eq!(lab.fired(), [1]);
    let screen = console.screen();
    assert!(screen.contains("Checking, do not re-enter"), "{screen}");
    assert!(!screen.to_lowercase().contains("failed"), "{screen}");
    let standing = console.wait_for("Needs you");
    assert_eq!(
        standing.state,
        State::NeedsYou {
            doubt: Doubt::DuplicateAfterUnknown
        }
    );
    assert!(console.screen().contains("Needs you 1"));
    let rows = lab.ledger();
    assert_eq!(rows.len(), 2, "one resend");
    assert!(
        rows.iter()
            .all(|row| row["integrator"] == standing.intent.id.0)
    );
    let applied = lab.applied();
    let there = only(&applied)["number"].as_str().unwrap();
    console.keys("f").keys(there).keys("<Enter>");
    let found = console.wait_for("Accepted");
    assert_eq!(number(&found.state), there);
    assert_eq!(lab.ledger().len(), 2, "nothing more was sent");
}

#[test]
fn no_answer_and_nothing_there_is_sent_once_more_under_the_same_id() {
    let lab = Lab::open();
    let mut console = Console::at_first_branch(&lab);
    lab.arm("create", Some(1), &json!({"kind": "close-before"}));
    console.keys(LEAD).keys("<Enter>");
    console.wait_for("Checking");
    let standing = console.wait_for("Accepted");
    assert_eq!(lab.fired(), [1]);
    let applied = lab.applied();
    assert_eq!(only(&applied)["integrator"], standing.intent.id.0);
    assert_eq!(only(&applied)["number"], number(&standing.state));
    assert!(
        !console.words.contains(&"Not accepted"),
        "{:?}",
        console.words
    );
}

#[test]
fn two_consoles_share_one_ledger() {
    let zone = Assumptions::default().day_zone;
    let today = || Utc::now().with_timezone(&zone).date_naive();
    // The second one of a day is refused: where the day ended in between, both are taken, and it is done once more.
    loop {
        let day = today();
        let phones = phones_refused_to_the_second_of_two();
        if today() == day {
            assert_eq!(phones, ["9876543210"]);
            break;
        }
    }
}

/// Both send the same lead, one after the other.
fn phones_refused_to_the_second_of_two() -> Vec<String> {
    let home = tempfile::tempdir().unwrap();
    let mut consoles = [0, 1].map(|_| {
        let account = demo(Server::BuiltIn, Mode::CatchAll);
        Console::open(account, home.path())
    });
    for console in &mut consoles {
        console.choose_first_branch();
        console.keys(LEAD);
    }
    let [first, second] = &mut consoles;
    first.keys("<Enter>");
    first.wait_for("Accepted");
    second.keys("<Enter>");
    second.wait("both are settled", |app| {
        let standings = &app.outbox.standings;
        standings.len() == 2 && standings.iter().all(|standing| standing.state.is_settled())
    });
    let standings = second.app.outbox.standings.iter();
    let refused = standings.filter(|standing| standing.state.word() == "Not accepted");
    refused
        .map(|refused| {
            let patient = &refused.intent.submission.patient;
            patient.phone_digits().to_owned()
        })
        .collect()
}
