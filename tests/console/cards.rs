//! Cards over cards, and a read-back card that changes while it is open.

use chrono::TimeDelta;
use frontdesk::app::popup::Popup;
use frontdesk::app::{Effect, Event};
use frontdesk::domain::evidence::{Doubt, State};
use frontdesk::domain::money::Money;
use frontdesk::domain::offer::FieldKey;
use rstest::rstest;

use crate::desk::{Desk, branches, items, midnight, repriced};

fn read_back() -> Desk {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.fill_patient().keys("<F3>cbc<Enter><F2>");
    desk
}

#[test]
fn prices_that_change_under_the_card_are_read_before_they_are_sent() {
    let mut desk = read_back();
    desk.keys("<C-r>")
        .answer_branches(Ok(branches()))
        .answer_catalogue(Ok(repriced(10)));
    let screen = desk.screen();
    assert!(
        screen.contains("Changed just now") && screen.contains("is ₹ 360 now"),
        "{screen}"
    );
    desk.keys("<Enter>");
    assert_eq!(desk.saves(), 0, "nobody has read that yet");
    assert!(desk.screen().contains("Enter sends it to the sandbox"));
    desk.keys("<Enter>");
    let (_, submission) = desk.saved().unwrap();
    assert_eq!(submission.total, Money::major(360));
}

#[test]
fn the_same_prices_again_do_not_hold_it_up() {
    let mut desk = read_back();
    desk.keys("<C-r>").answer_catalogue(Ok(items()));
    assert!(!desk.screen().contains("Changed just now"));
    desk.keys("<Enter>");
    assert_eq!(desk.saves(), 1);
}

#[test]
fn a_card_under_another_one_changes_too() {
    let mut desk = read_back();
    desk.keys("<C-r><F1>").answer_catalogue(Ok(repriced(10)));
    desk.keys("<Esc><Enter>");
    assert_eq!(desk.saves(), 0);
    desk.keys("<Enter>");
    assert_eq!(desk.saved().unwrap().1.total, Money::major(360));
}

#[rstest]
#[case::help("<F1>", "Help")]
#[case::worklist("<F5>", "Worklist")]
#[case::drafts("<F6>", "Forms that are not sent")]
fn a_command_opens_over_a_card_and_esc_leads_back(#[case] key: &str, #[case] title: &str) {
    let mut desk = read_back();
    let card = desk.screen();
    desk.keys(key);
    assert_eq!(desk.app.popups.len(), 2);
    assert!(
        desk.screen().contains(title) && desk.screen() != card,
        "{}",
        desk.screen()
    );
    desk.keys("<Esc>");
    assert_eq!(desk.screen(), card);
    desk.keys("<Enter>");
    assert_eq!(desk.saves(), 1);
}

#[test]
fn no_card_is_open_twice() {
    let mut desk = read_back();
    desk.keys("<F5><F6><F1><F5>");
    assert_eq!(desk.app.popups.len(), 2);
    assert!(matches!(desk.app.popups.last(), Some(Popup::Worklist(_))));
    desk.keys("<F5><F1><F1>");
    assert!(matches!(desk.app.popups.as_slice(), [Popup::Review(_)]));
}

#[test]
fn a_command_of_the_form_says_so_over_a_card() {
    let mut desk = read_back();
    desk.keys("<F3>");
    assert!(
        desk.screen()
            .contains("F3 works on the form: Esc leads back to it"),
        "{}",
        desk.screen()
    );
    desk.keys("<C-l>");
    assert!(matches!(desk.effects.last(), Some(Effect::Redraw)));
}

#[test]
fn a_form_that_is_dropped_takes_its_card_with_it() {
    let mut desk = read_back();
    desk.keys("<F6><Del><Enter>");
    assert!(desk.app.popups.is_empty());
    desk.keys("<Enter><Enter>");
    assert_eq!(desk.saves(), 0);
}

#[test]
fn a_custom_item_half_typed_stays_with_the_form_that_is_left() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.fill_patient()
        .keys("<C-n>91234<F8>Vitamin<F6><Enter><F6><Enter>");
    assert!(desk.app.popups.is_empty());
    desk.keys("<F8>");
    assert!(desk.screen().contains("Vitamin"), "{}", desk.screen());
}

#[test]
fn the_age_of_the_prices_turns_at_midnight() {
    let mut desk = Desk::at_koramangala((120, 36));
    assert!(
        desk.screen().contains("prices of 10:42"),
        "{}",
        desk.screen()
    );
    assert_eq!(desk.app.next_change(), Some(midnight()));
    desk.event(Event::ClockRead(midnight()));
    assert!(
        desk.screen().contains("prices of yesterday"),
        "{}",
        desk.screen()
    );
    // Then they become too old, a day after they came; then it is midnight again.
    let next = desk.app.next_change().unwrap();
    assert!(next > midnight() && next < midnight() + TimeDelta::days(1));
    desk.event(Event::ClockRead(next));
    assert_eq!(
        desk.app.next_change(),
        Some(midnight() + TimeDelta::days(1))
    );
}

#[test]
fn a_card_is_scrolled_no_further_than_it_goes() {
    let mut desk = Desk::at_koramangala((60, 20));
    desk.keys("<F1><Right><Right>");
    let top = desk.screen();
    assert!(top.contains("↑↓ scroll"), "{top}");
    desk.keys("<End>");
    let end = desk.screen();
    assert_ne!(end, top);
    desk.keys("<Down><PgDn><Down>");
    assert_eq!(desk.screen(), end, "there is no more");
    // One key back is one line back, however often the end was asked for.
    desk.keys("<Up>");
    assert_ne!(desk.screen(), end);
    desk.keys("<PgUp><PgUp><PgUp>");
    assert_eq!(desk.screen(), top);
}

#[test]
fn a_card_that_is_seen_whole_offers_no_scrolling() {
    let mut desk = read_back();
    assert!(!desk.screen().contains("scroll"), "{}", desk.screen());
    let before = desk.screen();
    desk.keys("<Down><PgDn><End>");
    assert_eq!(desk.screen(), before);
}

/// Enter sends from the top of the card: what speaks against it must not wait below the last row.
#[test]
fn what_speaks_against_it_stands_at_the_top_of_the_read_back() {
    let mut desk = Desk::at_koramangala((80, 24));
    let order = |desk: &mut Desk| {
        desk.fill_patient().keys("<F3>");
        for code in ["cbc", "esr", "tsh", "lipid", "mpq"] {
            desk.keys(code).keys("<Enter>");
        }
        desk.keys("<F2>");
    };
    order(&mut desk);
    desk.keys("<Enter>").tell(State::Saved).keys("<Enter>");
    order(&mut desk);
    let screen = desk.screen();
    let mut rows = screen.lines().skip_while(|row| !row.contains("Read back"));
    let first = rows.nth(1).unwrap_or_default();
    assert!(first.contains("! Same patient, same tests"), "{screen}");
}

#[rstest]
#[case::whole(
    "Home visit<Enter>200",
    "Home visit ₹ 200 is not added: F8 goes on",
    "<Enter>"
)]
#[case::name_only("Home visit", "Home visit is not added", "<Enter>200<Enter>")]
#[case::odd_price("Home visit<Enter>2x", "Home visit 2x is not added", "<C-u>200<Enter>")]
fn an_item_that_was_left_half_way_is_said_before_the_form_is_sent(
    #[case] typed: &str,
    #[case] words: &str,
    #[case] finish: &str,
) {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.fill_patient().keys("<F3>cbc<Enter><F8>").keys(typed);
    desk.keys("<Esc><F2>");
    let words = format!("! Custom item {words}");
    assert!(desk.screen().contains(&words), "{}", desk.screen());
    desk.keys("<Esc><F8>").keys(finish).keys("<F2>");
    assert!(!desk.screen().contains("is not added"), "{}", desk.screen());
}

/// A lead that was just sent, in this state: its card stands over the next form.
fn just_sent(state: State) -> Desk {
    let mut desk = read_back();
    desk.keys("<Enter>").tell(state);
    assert!(matches!(desk.app.popups[..], [Popup::Result { .. }]));
    desk
}

fn decisions(desk: &Desk) -> usize {
    let decides = |effect: &&Effect| matches!(effect, Effect::Decide { .. });
    desk.effects.iter().filter(decides).count()
}

#[test]
fn who_types_the_next_patient_over_the_card_takes_nothing_back() {
    let mut desk = just_sent(State::Saved);
    desk.keys("9123456780<Enter>Sunita Rao<Enter>");
    assert_eq!(decisions(&desk), 0);
    let draft = &desk.app.form.draft;
    assert_eq!(draft.value(FieldKey::Phone), "91234 56780");
    assert_eq!(draft.value(FieldKey::Name), "Sunita Rao");
    assert!(desk.app.popups.is_empty());
}

#[test]
fn what_is_typed_while_the_form_is_saved_goes_into_the_next_one() {
    let mut desk = read_back();
    desk.keys("<Enter>").keys("9123456780<Enter>Sunita");
    assert!(matches!(desk.app.popups[..], [Popup::Result { .. }]));
    desk.tell(State::Saved);
    let draft = &desk.app.form.draft;
    assert_eq!(draft.value(FieldKey::Phone), "91234 56780");
    assert_eq!(draft.value(FieldKey::Name), "Sunita");
    assert_eq!(decisions(&desk), 0);
}

#[test]
fn only_del_takes_it_back_and_the_footer_says_so() {
    let mut desk = just_sent(State::Saved);
    assert!(desk.screen().contains("Del take back"), "{}", desk.screen());
    desk.keys("<Del>");
    assert_eq!(decisions(&desk), 1);
}

/// The letters under the card are its commands, all others are the next patient's.
#[rstest]
#[case::saved(State::Saved)]
#[case::sending(State::Sending)]
#[case::accepted(State::Accepted { number: Some("LD-1".into()) })]
#[case::unnumbered(State::Accepted { number: None })]
#[case::refused(State::NotAccepted { reasons: Vec::new() })]
#[case::checking(State::Checking { why: "no answer".into() })]
#[case::needs_you(State::NeedsYou { doubt: Doubt::DuplicateAfterUnknown })]
#[case::doubled(State::PossibleDouble { numbers: vec!["LD-1".into(), "LD-2".into()] })]
fn a_letter_that_the_card_does_not_offer_is_the_next_forms(#[case] state: State) {
    for letter in ('0'..='9').chain('a'..='z').chain(['S', '+']) {
        let mut desk = just_sent(state.clone());
        let footer = desk.screen().lines().last().unwrap().to_owned();
        let is_offered = footer.contains(&format!(" {letter} "));
        desk.keys(&letter.to_string());
        assert_eq!(
            is_offered,
            !desk.app.popups.is_empty(),
            "{letter}: {footer}"
        );
        let typed = desk.app.editor.value().to_owned();
        let typed_on = if is_offered {
            String::new()
        } else {
            letter.to_string()
        };
        assert_eq!(typed, typed_on, "{letter}: {footer}");
    }
}

#[test]
fn what_asks_for_a_person_is_said_once_more_when_its_card_is_typed_over() {
    let mut desk = just_sent(State::NotAccepted {
        reasons: Vec::new(),
    });
    desk.keys("98");
    let screen = desk.screen();
    assert!(
        screen.contains("Rahul Sharma: Not accepted. F5 shows why"),
        "{screen}"
    );
}

#[test]
fn over_the_worklist_a_letter_that_is_no_command_does_nothing() {
    let mut desk = just_sent(State::Saved);
    desk.keys("<Enter><F5><Enter>u9S");
    assert!(matches!(
        desk.app.popups[..],
        [Popup::Worklist(_), Popup::Result { .. }]
    ));
    assert_eq!(desk.app.form.draft.value(FieldKey::Phone), "");
}
