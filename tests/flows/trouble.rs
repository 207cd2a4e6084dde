//! A disk that takes nothing, and a lab that goes away and comes back.

use std::fs::{DirBuilder, Permissions};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};

use chrono::TimeDelta;
use frontdesk::domain::evidence::{Fact, Outcome, State};
use frontdesk::domain::failure::Failure;
use frontdesk::domain::offer::FieldKey;
use frontdesk::vendor::flabs::settings::Mode;
use serde_json::json;

use crate::console::{Console, LEAD, account, number};
use crate::lab::Lab;

/// Longer than the console waits before it asks again for lists.
const A_WHILE: TimeDelta = TimeDelta::seconds(16);

#[test]
fn what_cannot_be_saved_is_not_sent_and_the_form_comes_back() {
    let lab = Lab::open();
    let data = lab.folder().join("desk/frontdesk");
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&data)
        .unwrap();
    // A folder into which others may look is refused.
    std::fs::set_permissions(&data, Permissions::from_mode(0o755)).unwrap();
    let mut console = Console::at_first_branch(&lab);
    console.keys(LEAD).keys("<Enter>");
    console.wait("the save fails", |app| {
        let mut unsaved = app.outbox.unsaved.iter();
        unsaved.any(|unsaved| unsaved.failure.is_some())
    });
    assert!(
        console.screen().contains("Not saved"),
        "{}",
        console.screen()
    );
    console.keys("<Enter>");
    let draft = &console.app.form.draft;
    assert_eq!(draft.value(FieldKey::Phone), "98765 43210");
    assert_eq!(draft.value(FieldKey::Name), "Rahul Sharma");
    assert_eq!(draft.lines.len(), 1);
    assert!(console.words.is_empty(), "no word of a state was said");
    assert!(lab.ledger().is_empty());
}

#[test]
fn lists_heal_by_themselves_once_the_lab_is_back() {
    let mut lab = Lab::open();
    let account = account(&lab, Mode::CatchAll);
    lab.close();
    let mut console = Console::open(account, &lab.folder().join("desk"));
    console.wait("the branches fail", |app| app.desk.failure.is_some());
    assert!(matches!(
        console.app.desk.failure,
        Some(Failure::Offline(_))
    ));
    console.keys("<Tab>9876543210");
    lab.reopen();
    console.let_pass(A_WHILE);
    console.wait("the branches come", |app| !app.desk.branches.is_empty());
    assert_eq!(console.app.desk.failure, None);
    lab.arm("tests", Some(1), &json!({"kind": "close-before"}));
    console.keys("<S-Tab><Enter>");
    console.wait("the prices fail", |app| app.desk.failure.is_some());
    assert_eq!(lab.fired(), [1]);
    console.let_pass(A_WHILE);
    console.wait("the prices come", |app| app.browser.catalogue.is_some());
    let draft = &console.app.form.draft;
    assert_eq!(draft.value(FieldKey::Phone), "98765 43210");
}

#[test]
fn a_lab_that_is_away_when_it_is_sent_gets_it_when_it_is_back() {
    let mut lab = Lab::open();
    let mut console = Console::at_first_branch(&lab);
    console.keys(LEAD);
    lab.close();
    console.keys("<Enter>");
    console.wait("a try that did not leave", |app| {
        let latest = app.outbox.standings.last();
        latest.is_some_and(|standing| {
            let last = standing.evidence.last().map(|last| &last.fact);
            let not_sent = |fact: &Fact| {
                matches!(
                    fact,
                    Fact::Ended {
                        outcome: Outcome::NotSent { .. },
                        ..
                    }
                )
            };
            standing.state == State::Saved && last.is_some_and(not_sent)
        })
    });
    assert!(
        console.screen().contains("It has not left yet"),
        "{}",
        console.screen()
    );
    lab.reopen();
    let standing = console.wait_for("Accepted");
    let rows = lab.applied();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["number"], number(&standing.state));
    assert!(!console.words.contains(&"Checking"), "it never left");
}

#[test]
fn a_lab_that_goes_down_in_the_middle_of_a_send_leaves_no_double() {
    let mut lab = Lab::open();
    let mut console = Console::at_first_branch(&lab);
    lab.arm("create", None, &json!({"kind": "close-after"}));
    console.keys(LEAD).keys("<Enter>");
    console.wait_for("Checking");
    assert!(lab.fired()[0] > 0);
    lab.close();
    console.keys("<Esc>");
    lab.reopen();
    console.wait_for("Needs you");
    assert_eq!(lab.applied().len(), 1);
}
