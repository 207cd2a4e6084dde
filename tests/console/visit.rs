//! The last pane of a form without tests: the time and its price where there is one, and always the kinds.

use frontdesk::app::focus::Focus;
use frontdesk::domain::money::Money;
use frontdesk::domain::offer::{Input, Kind, KindOffer, SlotSource};
use rstest::rstest;

use crate::desk::Desk;
use crate::meridian::{picture, slot};

/// The pane with the keys in it.
fn screen(name: &str, size: (u16, u16)) -> Desk {
    let mut desk = Desk::at_meridian(size);
    match name {
        "kinds" => drop(desk.keys("<F7>")),
        "no-time" => {}
        "time" => desk.app.form.draft.slot = Some(slot()),
        other => panic!("no screen is called {other}"),
    }
    desk.keys("<S-Tab><S-Tab>");
    assert_eq!(desk.app.focus, Focus::Kind);
    desk
}

#[rstest]
fn every_screen_of_a_visit(
    #[values("kinds", "no-time", "time")] name: &str,
    #[values((40, 12), (60, 20), (80, 24), (120, 36))] size: (u16, u16),
) {
    picture(&format!("visit-{name}"), &screen(name, size));
}

#[test]
fn a_form_with_neither_tests_nor_times_shows_its_kinds_and_what_they_do() {
    for size in [(60, 20), (80, 24), (120, 36)] {
        let screen = screen("kinds", size).screen();
        for words in ["3 Visit", "( ) Appointment", "(•) Guest"] {
            assert!(screen.contains(words), "{words}: {screen}");
        }
        assert!(screen.contains("For a patient who"), "{screen}");
        assert!(!screen.contains("Order"), "{screen}");
    }
}

#[test]
fn a_moment_that_is_typed_stands_there_like_one_that_is_picked() {
    let mut offer = crate::meridian::offer();
    offer.kinds = vec![KindOffer {
        slots: Some(SlotSource::Free),
        ..KindOffer::plain(
            Kind::External,
            "meridian-moved",
            "Another time.",
            vec![frontdesk::domain::offer::Field::required(
                frontdesk::domain::offer::FieldKey::ScheduledAt,
                "When",
                Input::When,
                "The new time.",
            )],
        )
    }];
    let mut desk = Desk::of(offer, (120, 36));
    desk.keys("tomorrow 7am<Tab><Tab>");
    let screen = desk.screen();
    assert!(!screen.contains("No time picked"), "{screen}");
    let row = screen.lines().nth(2).unwrap();
    assert!(row.ends_with("Sun 22 Nov 2026, 07:00 IST"), "{screen}");
}

#[test]
fn labels_keep_away_from_values_and_a_long_echo_is_not_cut() {
    let mut desk = screen("time", (120, 36));
    let slot = desk.app.form.draft.slot.as_mut().unwrap();
    slot.price = Some(Money(114_550));
    desk.keys("<Tab>");
    let screen = desk.screen();
    assert!(screen.contains("Price guard * yes"), "{screen}");
    assert!(screen.contains("Name *        "), "{screen}");
    let mut rows = screen.lines().skip_while(|row| !row.contains("  When *"));
    let echo =
        [rows.nth(1).unwrap(), rows.next().unwrap()].map(|row| row.split('│').next().unwrap());
    assert!(echo[0].contains("Sun 22 Nov 2026, 09:15 IST"), "{screen}");
    assert!(echo[1].contains("£1,145.50"), "{screen}");
}
