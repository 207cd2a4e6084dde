//! What stays on the disk from one console to the next, and what a person decides about it there.

use chrono::{TimeDelta, Utc};
use frontdesk::domain::branch::{Branch, BranchId};
use frontdesk::domain::evidence::{Evidence, Fact, Outcome};
use frontdesk::domain::offer::Kind;
use frontdesk::domain::submission::{Appointment, DraftId, Patient, Submission};
use frontdesk::store::Sqlite;
use frontdesk::store::intents::{Intents, Wish};
use serde_json::json;

use crate::console::{Console, LEAD, number};
use crate::lab::Lab;

#[test]
fn what_needs_a_person_waits_in_the_worklist_of_the_next_console() {
    let lab = Lab::open();
    let mut console = Console::at_first_branch(&lab);
    lab.arm("create", Some(1), &json!({"kind": "close-after"}));
    console.keys(LEAD).keys("<Enter>");
    let before = console.wait_for("Needs you");
    assert_eq!(lab.fired(), [1]);
    drop(console);

    let mut console = Console::at(&lab);
    console.wait("it is counted", |app| app.outbox.needs_you() == 1);
    assert!(console.app.popups.is_empty(), "nothing opens by itself");
    console.choose_first_branch();
    console.keys("<F5>");
    console.wait("the list is there", |app| app.outbox.standings.len() == 1);
    let list = console.inside("Worklist");
    assert!(
        list.iter()
            .any(|line| line.contains("! Needs you") && line.contains("Rahul Sharma")),
        "{list:#?}"
    );
    console.keys("<Enter>");
    let screen = console.screen();
    assert!(screen.contains("sent to Flabs (try 1 of 6)"), "{screen}");
    let applied = lab.applied();
    let there = applied[0]["number"].as_str().unwrap();
    console.keys("f").keys(there).keys("<Enter>");
    let found = console.wait_for("Accepted");
    assert_eq!(found.intent.id, before.intent.id);
    assert_eq!(number(&found.state), there);
    let screen = console.screen();
    assert!(screen.contains("a person found it at Flabs"), "{screen}");
    assert!(screen.contains("Needs you 0"), "{screen}");
    assert_eq!(lab.ledger().len(), 2, "nothing more was sent");
}

#[test]
fn why_it_was_dropped_is_kept_with_the_time() {
    let lab = Lab::open();
    let mut console = Console::at_first_branch(&lab);
    lab.arm("create", Some(1), &json!({"kind": "close-after"}));
    console.keys(LEAD).keys("<Enter>");
    console.wait_for("Needs you");
    assert_eq!(lab.fired(), [1]);
    console.keys("dthe patient left<Enter>");
    console.wait_for("Dropped");
    drop(console);

    let mut console = Console::at(&lab);
    console.wait("the list is there", |app| app.outbox.standings.len() == 1);
    let dropped = &console.app.outbox.standings[0];
    assert_eq!(dropped.state.word(), "Dropped");
    let reason = Some("the patient left".to_owned());
    let last = dropped.evidence.last().unwrap();
    assert_eq!(last.fact, Fact::PersonDropped { reason });
    assert!(last.at >= dropped.intent.saved_at);
    assert_eq!(console.app.outbox.needs_you(), 0);
}

#[test]
fn a_booking_of_an_earlier_day_is_listed_while_its_patient_is_to_come() {
    let lab = Lab::open();
    let path = lab.folder().join("desk/frontdesk/frontdesk.sqlite");
    let (before, tomorrow) = (
        Utc::now() - TimeDelta::days(3),
        Utc::now() + TimeDelta::days(1),
    );
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let store = Sqlite::open(&path).await.unwrap();
        for (draft, name, at) in [(1, "Gone", before), (2, "Coming", tomorrow)] {
            let branch = Branch {
                id: BranchId("6530a4a6f1d2c8b7e9a12345".to_owned()),
                name: "Koramangala".to_owned(),
                address: None,
                zone: None,
            };
            let appointment = Appointment {
                booking_type: "walkIn".to_owned(),
                at: at.fixed_offset(),
            };
            let wish = Wish {
                draft: DraftId(draft),
                profile: "demo".to_owned(),
                key: None,
                follows: None,
                submission: Submission {
                    appointment: Some(appointment),
                    ..Submission::of(Kind::Booking, branch, Patient::named(name))
                },
                day: before.date_naive(),
                changes: [].into(),
            };
            let id = store.save(wish, before).await.unwrap().intent.id;
            store.begin_attempt(&id, 1, before).await.unwrap();
            let outcome = Outcome::Accepted {
                number: format!("BK-{draft}"),
                told: Vec::new(),
            };
            let fact = Fact::Ended { number: 1, outcome };
            let at = before;
            store.append(&id, Evidence { at, fact }).await.unwrap();
        }
    });
    let mut console = Console::at(&lab);
    console.wait("the list is there", |app| !app.outbox.standings.is_empty());
    let listed = console.app.outbox.standings.iter();
    let names: Vec<_> = listed.map(|one| one.intent.submission.about()).collect();
    assert_eq!(names, ["Coming"]);
}
