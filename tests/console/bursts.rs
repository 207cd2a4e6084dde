//! Letters that come faster than a person types, as from a barcode scanner or over a slow line.

use frontdesk::app::popup::Popup;
use frontdesk::app::{Effect, Event};
use frontdesk::domain::evidence::{Doubt, State};
use frontdesk::domain::offer::FieldKey;
use rstest::rstest;

use crate::desk::Desk;

const WORDS: &str = "Too fast for a person, so it decides nothing here";

impl Desk {
    /// Letters in one go, with Enter behind them.
    fn scan(&mut self, letters: &str) -> &mut Self {
        let letters = letters.to_owned();
        let is_ended = true;
        self.event(Event::Burst { letters, is_ended })
    }

    fn decisions(&self) -> usize {
        let decides = |effect: &&Effect| matches!(effect, Effect::Decide { .. });
        self.effects.iter().filter(decides).count()
    }

    /// The card of a lead that needs a person.
    fn that_needs_a_person() -> Self {
        let mut desk = Self::at_koramangala((120, 36));
        desk.fill_patient().keys("<F3>cbc<Enter><F2><Enter>");
        desk.tell(State::NeedsYou {
            doubt: Doubt::DuplicateAfterUnknown,
        });
        desk
    }
}

#[test]
fn in_the_form_it_fills_and_its_enter_goes_on() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.scan("9876543210").scan("Rahul Sharma").keys("32");
    let draft = &desk.app.form.draft;
    assert_eq!(draft.value(FieldKey::Phone), "98765 43210");
    assert_eq!(draft.value(FieldKey::Name), "Rahul Sharma");
    assert_eq!(draft.value(FieldKey::Age), "32");
}

#[test]
fn in_the_search_its_enter_waits_for_the_rows_as_a_typed_one_does() {
    let mut desk = Desk::with_many_rows();
    desk.keys("<F3>").scan("complete blood");
    assert!(desk.app.form.draft.lines.is_empty());
    desk.answer_rows();
    assert_eq!(desk.app.form.draft.lines.len(), 1);
}

#[test]
fn on_the_read_back_card_it_does_not_send() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.fill_patient().keys("<F3>cbc<Enter><F2>");
    desk.scan("4006381333931");
    assert_eq!(desk.saves(), 0);
    assert!(desk.screen().contains(WORDS), "{}", desk.screen());
    desk.scan("");
    assert_eq!(desk.saves(), 0);
    desk.keys("<Enter>");
    assert_eq!(desk.saves(), 1);
}

#[rstest]
#[case("dddddd")]
#[case("ssssss")]
#[case("ffffff")]
fn where_letters_are_commands_it_presses_none(#[case] letters: &str) {
    let mut desk = Desk::that_needs_a_person();
    desk.scan(letters);
    assert!(matches!(desk.app.popups[..], [Popup::Result { .. }]));
    assert!(desk.screen().contains(WORDS), "{}", desk.screen());
    assert_eq!(desk.decisions(), 0);
}

#[rstest]
#[case("d")]
#[case("f")]
fn where_a_decision_asks_for_words_it_only_fills(#[case] letter: &str) {
    let mut desk = Desk::that_needs_a_person();
    desk.keys(letter).scan("4006381333931");
    assert!(desk.screen().contains("4006381333931"));
    assert_eq!(desk.decisions(), 0);
    desk.keys("<Enter>");
    assert_eq!(desk.decisions(), 1);
}

#[test]
fn in_a_list_it_finds_and_its_enter_opens() {
    let mut desk = Desk::that_needs_a_person();
    desk.keys("<Esc><F5>").scan("rahul sharma");
    assert!(matches!(
        desk.app.popups[..],
        [Popup::Worklist(_), Popup::Result { .. }]
    ));
    assert_eq!(desk.decisions(), 0);
}

#[test]
fn it_waits_for_a_form_that_is_being_saved_and_decides_nothing_on_its_card() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.fill_patient().keys("<F3>cbc<Enter><F2><Enter>");
    desk.scan("uuuuuu").tell(State::Saved);
    assert_eq!(desk.decisions(), 0);
    assert!(matches!(desk.app.popups[..], [Popup::Result { .. }]));
    desk.keys("<Del>");
    assert_eq!(desk.decisions(), 1);
}

#[test]
fn the_next_patient_typed_ahead_in_one_go_is_whole() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.fill_patient().keys("<F3>cbc<Enter><F2><Enter>");
    desk.keys("<Enter>").scan("9123456780").scan("Asha Rao");
    desk.tell(State::Saved);
    let draft = &desk.app.form.draft;
    assert_eq!(draft.value(FieldKey::Phone), "91234 56780");
    assert_eq!(draft.value(FieldKey::Name), "Asha Rao");
}
