//! Lists that come from the last copy first, and from the vendor underneath.

use chrono::TimeDelta;
use frontdesk::app::{Effect, Event};
use frontdesk::domain::catalogue::Item;
use frontdesk::domain::failure::Failure;
use frontdesk::domain::money::Money;
use frontdesk::domain::offer::FieldKey;
use frontdesk::domain::order::ItemId;
use frontdesk::vendor::flabs::settings::Mode;

use crate::desk::{Desk, branches, items, morning, repriced};

fn offline() -> Failure {
    Failure::Offline("Flabs was not reached".into())
}

/// At Koramangala with prices of three days ago; the vendor has not answered yet.
fn from_copies() -> Desk {
    let mut desk = Desk::bare(Mode::CatchAll, (120, 36));
    desk.copied_branches(TimeDelta::days(3)).keys("<Enter>");
    desk.copied_catalogue(items(), TimeDelta::days(3));
    desk
}

#[test]
fn a_copy_is_used_at_once_and_says_its_age() {
    let mut desk = from_copies();
    desk.fill_patient().keys("<F3>cbc");
    assert!(
        desk.screen().contains("! prices 3 days old"),
        "{}",
        desk.screen()
    );
    desk.keys("<Enter><F2>");
    let screen = desk.screen();
    assert!(screen.contains("Enter sends it"), "{screen}");
    assert!(screen.contains("These are prices 3 days old"), "{screen}");
}

#[test]
fn a_young_copy_is_not_called_old() {
    let mut desk = Desk::bare(Mode::CatchAll, (120, 36));
    desk.copied_branches(TimeDelta::hours(1)).keys("<Enter>");
    desk.copied_catalogue(items(), TimeDelta::hours(1));
    desk.fill_patient().keys("<F3>cbc<Enter><F2>");
    let screen = desk.screen();
    assert!(screen.contains(" prices of 09:42"), "{screen}");
    assert!(!screen.contains("! prices") && !screen.contains("These are prices"));
}

#[test]
fn how_old_is_too_old_is_set() {
    let mut desk = Desk::bare(Mode::CatchAll, (120, 36));
    desk.app.price_age = TimeDelta::hours(1);
    desk.copied_branches(TimeDelta::hours(2)).keys("<Enter>");
    desk.copied_catalogue(items(), TimeDelta::hours(2));
    assert!(
        desk.screen().contains("! prices of 08:42"),
        "{}",
        desk.screen()
    );
}

#[test]
fn without_the_vendor_the_copy_stays_and_it_is_asked_again() {
    let mut desk = from_copies();
    desk.answer_branches(Err(offline()))
        .answer_catalogue(Err(offline()));
    let asked = desk.catalogue_call();
    desk.fill_patient().keys("<F3>cbc<Enter><F2><Enter>");
    assert_eq!(desk.saves(), 1);
    assert!(desk.screen().lines().next().unwrap().contains("Offline"));
    let later = desk.app.next_change().expect("it tries again by itself");
    desk.event(Event::ClockRead(later));
    assert_ne!(desk.catalogue_call(), asked);
    let wanted = desk.effects.iter().rev().find_map(|effect| match effect {
        Effect::LoadCatalogue { freshness, .. } => Some(*freshness),
        _ => None,
    });
    let wanted = wanted.unwrap();
    assert_eq!(wanted.newer_than, Some(morning() - TimeDelta::days(3)));
    assert!(!wanted.is_vendor_asked);
    desk.answer_catalogue(Ok(items()));
    let first = desk.screen();
    assert!(
        !first.lines().next().unwrap().contains("Offline"),
        "{first}"
    );
}

#[test]
fn a_person_who_asks_for_new_lists_gets_them_from_the_vendor() {
    let mut desk = from_copies();
    desk.answer_branches(Ok(branches()))
        .answer_catalogue(Ok(items()));
    let before = desk.effects.len();
    desk.keys("<C-r>");
    let asked = desk.effects[before..].iter().filter(|effect| match effect {
        Effect::LoadBranches { freshness, .. } | Effect::LoadCatalogue { freshness, .. } => {
            freshness.is_vendor_asked
        }
        _ => false,
    });
    assert_eq!(asked.count(), 2);
}

#[test]
fn the_row_under_the_cursor_is_found_again_by_its_id() {
    let mut desk = from_copies();
    desk.keys("<F3><Down><Down><Down>");
    let mut fresh = repriced(10);
    fresh.reverse();
    desk.answer_catalogue(Ok(fresh)).keys("<Enter>");
    let line = &desk.app.form.draft.lines[0];
    assert_eq!((line.code.as_str(), line.price), ("TSH", Money::major(310)));
}

#[test]
fn enter_never_takes_a_row_that_came_under_the_cursor() {
    let mut desk = from_copies();
    desk.keys("<F3>c");
    let seen = desk.app.browser.row().unwrap();
    let gone = desk
        .app
        .browser
        .catalogue
        .as_ref()
        .unwrap()
        .entry(seen)
        .unwrap()
        .id
        .to_owned();
    let left = items()
        .into_iter()
        .filter(|item| item.id != ItemId(gone.clone()));
    desk.answer_catalogue(Ok(left.collect())).keys("<Enter>");
    assert!(desk.app.form.draft.lines.is_empty());
    assert_eq!(desk.app.browser.query, "c", "what was typed stays");
}

#[test]
fn a_picked_line_keeps_its_price_and_says_the_new_one() {
    let mut desk = from_copies();
    desk.fill_patient().keys("<F3>cbc<Enter>lip");
    desk.answer_catalogue(Ok(repriced(50)));
    assert_eq!(desk.app.editor.value(), "lip");
    desk.keys("<F2>");
    let screen = desk.screen();
    assert!(
        screen.contains("Complete blood count was ₹ 350 when picked, is ₹ 400 now"),
        "{screen}"
    );
}

#[test]
fn keys_held_for_a_large_list_act_on_the_rows_of_the_new_one() {
    let many = |add: i64| -> Vec<Item> {
        let more = (0..25_000).map(|index| Item {
            id: ItemId(format!("x{index}")),
            code: format!("X{index}"),
            name: format!("Generated {index}"),
            ..items().remove(0)
        });
        repriced(add).into_iter().chain(more).collect()
    };
    let mut desk = Desk::bare(Mode::CatchAll, (120, 36));
    desk.copied_branches(TimeDelta::days(1)).keys("<Enter>");
    desk.copied_catalogue(many(0), TimeDelta::days(1));
    desk.answer_rows().keys("<F3>tsh").answer_rows();
    let shown = desk.app.browser.catalogue.clone().unwrap();
    desk.answer_catalogue(Ok(many(7)));
    assert!(
        std::sync::Arc::ptr_eq(&shown, desk.app.browser.catalogue.as_ref().unwrap()),
        "rows and list on screen belong together"
    );
    desk.keys("<Enter>");
    assert!(desk.app.form.draft.lines.is_empty(), "Enter waits");
    desk.answer_rows();
    let line = &desk.app.form.draft.lines[0];
    assert_eq!((line.code.as_str(), line.price), ("TSH", Money::major(307)));
}

#[test]
fn the_branch_cursor_stays_on_its_branch() {
    let mut desk = Desk::bare(Mode::CatchAll, (120, 36));
    desk.copied_branches(TimeDelta::days(1)).keys("<Down>");
    let mut fresh = branches();
    fresh.reverse();
    fresh.pop();
    desk.answer_branches(Ok(fresh)).keys("<Enter>");
    assert_eq!(
        desk.app.form.draft.branch.as_ref().unwrap().name,
        "Indiranagar"
    );
}

#[test]
fn a_branch_typed_ahead_is_taken_when_the_branches_come() {
    let mut desk = Desk::bare(Mode::CatchAll, (120, 36));
    desk.keys("w<Enter>9876543210");
    assert_eq!(desk.app.form.draft.branch, None);
    desk.answer_branches(Ok(branches())).keys("<Enter>");
    let draft = &desk.app.form.draft;
    assert_eq!(draft.branch.as_ref().unwrap().name, "Whitefield");
    assert_eq!(draft.value(FieldKey::Phone), "98765 43210");
}

#[test]
fn a_letter_that_no_branch_begins_with_chooses_none() {
    let mut desk = Desk::bare(Mode::CatchAll, (120, 36));
    desk.keys("z<Enter>98").answer_branches(Ok(branches()));
    assert_eq!(desk.app.form.draft.branch, None);
}
