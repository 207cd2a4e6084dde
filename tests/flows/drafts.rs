//! Forms that outlive their console, on a real disk.

use chrono::TimeDelta;
use frontdesk::app::drafts::Place;
use frontdesk::domain::offer::FieldKey;
use frontdesk::vendor::flabs::settings::Mode;

use crate::console::{Console, LEAD, account};
use crate::lab::Lab;

fn places(console: &Console) -> Vec<Place> {
    let rows = console.app.waiting("");
    rows.iter().map(|row| row.place).collect()
}

#[test]
fn a_form_is_kept_seen_by_another_console_and_taken_over_when_its_own_is_gone() {
    let lab = Lab::open();
    let account = account(&lab, Mode::CatchAll);
    let home = lab.folder().join("desk");
    let mut first = Console::open(account.clone(), &home);
    first.choose_first_branch();
    first.keys("9876543210<Enter>Rahul");
    first.let_pass(TimeDelta::seconds(1));
    first.keys("<F6><Esc>");
    first.wait("it is on disk", |app| !app.shelf.kept.is_empty());
    let mut second = Console::open(account.clone(), &home);
    second.choose_first_branch();
    second.wait("it is seen", |app| !app.waiting("").is_empty());
    assert_eq!(places(&second), [Place::Elsewhere]);
    first.end();
    second.keys("<F6>");
    second.wait("it is free", |app| {
        app.waiting("").iter().all(|row| row.place == Place::Disk)
    });
    second.keys("<Enter>");
    second.wait("it is here", |app| {
        app.form.draft.value(FieldKey::Name) == "Rahul"
    });
    second.keys("<Enter>Sharma");
    second.end();
    let mut third = Console::open(account, &home);
    third.wait("it is offered", |app| app.waiting_count() == 1);
    assert!(third.screen().contains("1 draft is kept from before"));
    third.end();
}

#[test]
fn what_was_sent_is_no_draft_any_more_and_its_person_is_known() {
    let lab = Lab::open();
    let account = account(&lab, Mode::CatchAll);
    let home = lab.folder().join("desk");
    let mut console = Console::open(account.clone(), &home);
    console.choose_first_branch();
    console.keys(LEAD).let_pass(TimeDelta::seconds(1));
    console.keys("<Enter>");
    console.wait_for("Accepted");
    console.keys("<Enter>9876543210");
    console.wait("the person is known", |app| {
        !app.household.people.is_empty()
    });
    console.keys("<F4><Enter>");
    let name = console.app.form.draft.value(FieldKey::Name);
    assert_eq!(name, "Rahul Sharma");
    console.end();
    let mut next = Console::open(account, &home);
    next.wait("the drafts come", |app| app.waiting_count() == 1);
    let phone = &next.app.shelf.kept[0].draft;
    assert_eq!(phone.value(FieldKey::Name), "Rahul Sharma");
    next.end();
}
