//! Pre-bookings: no prices, a code that is scanned or made, packages of the desk's own with their tests.

use frontdesk::app::focus::Focus;
use frontdesk::app::popup::Popup;
use frontdesk::app::{Effect, Event};
use frontdesk::domain::evidence::{Reason, State};
use frontdesk::domain::money::Money;
use frontdesk::domain::offer::{FieldKey, Kind};
use frontdesk::vendor::flabs::settings::Mode;
use rstest::rstest;

use crate::desk::{Desk, items, repriced};

impl Desk {
    /// A patient with a code of the desk's own, from the name on.
    pub fn fill_pre_booking(&mut self) -> &mut Self {
        self.keys("Asha Rao<Enter>41<Enter>f<Enter><Enter>")
    }

    /// A blood count, and a package that no list has.
    pub fn add_panel(&mut self) -> &mut Self {
        self.keys("<F3>cbc<Enter>Wellness panel<F8><Right><Enter>CBC, TSH<Enter>")
    }

    /// Walks to a field.
    pub fn reach(&mut self, key: FieldKey) -> &mut Self {
        let mut walked = 0;
        while self.app.focus != Focus::Field(key) {
            self.keys("<Tab>");
            walked += 1;
            assert!(walked < 40, "{key:?} is no stop");
        }
        self
    }

    fn typed(&self, key: FieldKey) -> &str {
        self.app.form.draft.value(key)
    }

    /// None of the screen's lines tells an amount.
    fn has_no_money(&self) {
        let screen = self.screen();
        for word in ["₹", "350", "Total", "Discount", "price"] {
            assert!(!screen.contains(word), "{word}: {screen}");
        }
    }
}

const WIDE: (u16, u16) = (120, 36);

#[test]
fn it_shows_and_sends_names_without_prices() {
    let mut desk = Desk::at_pre_booking(WIDE);
    desk.fill_pre_booking().keys("<F3>cb");
    desk.has_no_money();
    desk.keys("c<Enter>").has_no_money();
    desk.keys("Wellness panel<F8>").has_no_money();
    desk.keys("<Right><Enter>CBC, TSH,<Enter>");
    assert!(
        desk.screen().contains("Wellness panel (CBC, TSH)"),
        "{}",
        desk.screen()
    );
    desk.has_no_money();
    desk.keys("<F2>").has_no_money();
    assert!(
        desk.screen().contains("Wellness panel (CBC, TSH)"),
        "{}",
        desk.screen()
    );
    desk.keys("<Enter>");
    let (_, sent) = desk.saved().unwrap();
    assert_eq!(
        (sent.kind, sent.total, sent.discount),
        (Kind::PreBooking, Money::ZERO, Money::ZERO)
    );
    assert_eq!(sent.lines[1].tests, ["CBC", "TSH"]);
    desk.tell(State::Accepted {
        number: Some("FLB-1".into()),
    });
    let code = sent.detail(FieldKey::Barcode);
    assert!(code.starts_with("KOR"), "{code}");
    let card = desk.screen();
    let is_told = |line: &str| line.contains("Barcode") && line.contains(code);
    assert!(card.lines().any(is_told), "{card}");
    desk.keys("<F5><Enter>c");
    let copied = desk.last(|effect| match effect {
        Effect::Copy(text) => Some(text.clone()),
        _ => None,
    });
    assert_eq!(copied.as_deref(), Some("FLB-1"));
}

#[test]
fn a_code_that_was_taken_is_accepted_under_a_number_that_a_person_finds() {
    let mut desk = Desk::at_pre_booking(WIDE);
    desk.fill_pre_booking().add_panel().keys("<F2><Enter>");
    desk.tell(State::Accepted { number: None });
    assert!(desk.screen().contains("decide in the list"));
    desk.keys("<F5><Enter>");
    let screen = desk.screen();
    assert!(
        screen.contains("number unknown") && screen.contains("f type its number"),
        "{screen}"
    );
    desk.keys("f");
    assert!(matches!(desk.app.popups.last(), Some(Popup::Found { .. })));
}

#[test]
fn at_least_one_item_is_asked_for() {
    let mut desk = Desk::at_pre_booking(WIDE);
    desk.fill_pre_booking().keys("<F2>");
    let words = "pick a test or a package";
    assert!(desk.screen().contains(words), "{}", desk.screen());
    desk.keys("<Enter>cbc<Enter><F2><Enter>");
    assert_eq!(desk.saves(), 1);
}

#[test]
fn other_prices_of_the_list_are_nobodys_business_here() {
    let mut desk = Desk::at_pre_booking(WIDE);
    desk.fill_pre_booking().keys("<F3>cbc<Enter><C-r>");
    desk.answer_catalogue(Ok(repriced(10)));
    desk.keys("<F1><Esc>").has_no_money();
    desk.keys("<F2>").has_no_money();
}

#[test]
fn a_test_inside_a_package_is_told_without_its_price() {
    let mut desk = Desk::at_pre_booking(WIDE);
    desk.fill_pre_booking()
        .keys("<F3>cbc<Enter>fev2<Enter><F2>");
    let words = "Complete blood count is inside Fever panel";
    assert!(desk.screen().contains(words), "{}", desk.screen());
    desk.has_no_money();
}

#[test]
fn there_is_no_discount_to_go_to() {
    let mut desk = Desk::at_pre_booking(WIDE);
    let focus = desk.app.focus;
    desk.keys("<F9>");
    assert_eq!(desk.app.focus, focus);
    assert!(
        desk.screen().contains("this kind has no discount"),
        "{}",
        desk.screen()
    );
    assert!(!desk.screen().contains("F9 discount"));
}

#[rstest]
#[case("KOR123456789", false)]
#[case("TUBE-77-4711", true)]
fn a_scan_fills_the_code_and_goes_on(#[case] scanned: &str, #[case] comes_in_pieces: bool) {
    let mut desk = Desk::at_pre_booking(WIDE);
    desk.keys("Asha Rao<Enter>41<Enter>f<Enter>");
    if comes_in_pieces {
        desk.keys(scanned).event(Event::Burst {
            letters: String::new(),
            is_ended: true,
        });
    } else {
        desk.event(Event::Burst {
            letters: scanned.into(),
            is_ended: true,
        });
    }
    assert_eq!(desk.typed(FieldKey::Barcode), scanned);
    assert!(!desk.screen().contains("made here"));
    desk.keys("c<F3>cbc<Enter><F2><Enter>");
    let (_, sent) = desk.saved().unwrap();
    assert_eq!(sent.detail(FieldKey::Barcode), scanned);
    assert_eq!(sent.detail(FieldKey::LeadSource), "CAMP");
}

#[test]
fn a_code_is_made_by_enter_on_the_empty_field_and_says_so() {
    let mut desk = Desk::at_pre_booking(WIDE);
    desk.fill_pre_booking();
    let made = desk.typed(FieldKey::Barcode).to_owned();
    assert!(made.starts_with("KOR") && made.len() > 8, "{made}");
    let told = format!("{made}, made here");
    assert!(desk.screen().contains(&made), "{}", desk.screen());
    desk.keys("<F3>cbc<Enter><F2>");
    assert!(desk.screen().contains(&told), "{}", desk.screen());
    // One that is typed over it is nobody's but the tube's.
    desk.keys("<Esc><S-Tab><S-Tab>7<Tab>");
    assert_eq!(desk.typed(FieldKey::Barcode), format!("{made}7"));
    assert!(!desk.screen().contains("made here"), "{}", desk.screen());
}

#[test]
fn what_was_typed_for_one_kind_waits_there_and_is_not_sent_by_another() {
    let mut desk = Desk::at_pre_booking(WIDE);
    desk.keys("<F7>");
    assert_eq!(desk.app.form.draft.kind, Kind::Lead);
    desk.reach(FieldKey::Phone).fill_patient();
    desk.keys("<Enter>rahul@example.com<F3>cbc<Enter><F9>10%<F7>");
    desk.keys("<F7>");
    assert_eq!(desk.app.form.draft.kind, Kind::PreBooking);
    desk.has_no_money();
    desk.keys("<F2>");
    assert!(
        !desk.screen().contains("rahul@example.com"),
        "{}",
        desk.screen()
    );
    desk.keys("<Enter>");
    let (_, sent) = desk.saved().unwrap();
    let patient = &sent.patient;
    assert_eq!((&patient.phone, &patient.email), (&None, &None));
    assert_eq!(
        (sent.discount, sent.total, sent.source),
        (Money::ZERO, Money::ZERO, None)
    );
    assert_eq!(patient.full_name(), "Rahul Sharma");
}

#[test]
fn switching_round_loses_nothing() {
    let mut desk = Desk::at_pre_booking(WIDE);
    desk.fill_pre_booking().add_panel().keys("<F7>");
    assert_eq!(desk.typed(FieldKey::LeadSource), "FRONTDESK");
    assert_eq!(desk.typed(FieldKey::Source), "walk-in");
    desk.reach(FieldKey::Phone).keys("9876543210<F7><F7>");
    assert_eq!(desk.typed(FieldKey::Phone), "9876543210");
    assert!(desk.typed(FieldKey::Barcode).starts_with("KOR"));
    assert_eq!(desk.app.form.draft.lines.len(), 2);
}

#[test]
fn an_item_without_a_price_is_not_sent_where_prices_count() {
    let mut desk = Desk::at_pre_booking(WIDE);
    desk.add_panel().keys("<F7>");
    assert!(desk.screen().contains("no price"), "{}", desk.screen());
    desk.reach(FieldKey::Phone).fill_patient().keys("<F2>");
    let words = "Wellness panel has no price: remove it";
    assert!(desk.screen().contains(words), "{}", desk.screen());
    desk.keys("<Enter><Del><F2><Enter>");
    assert_eq!(desk.saves(), 1);
}

#[test]
fn the_kind_row_goes_to_the_kind_of_a_letter() {
    let mut desk = Desk::at_pre_booking(WIDE);
    desk.keys("<F3><Tab>");
    let hint = "lead, booking or pre-booking";
    assert!(desk.screen().contains(hint), "{}", desk.screen());
    for (letter, kind) in [
        ("b", Kind::Booking),
        ("p", Kind::PreBooking),
        ("l", Kind::Lead),
        ("x", Kind::Lead),
    ] {
        desk.keys(letter);
        assert_eq!(desk.app.form.draft.kind, kind, "{letter}");
    }
    desk.keys("<F1>");
    assert!(desk.screen().contains("pre-booking"), "{}", desk.screen());
}

#[test]
fn a_half_typed_package_keeps_its_tests() {
    let mut desk = Desk::at_pre_booking(WIDE);
    desk.keys("<F8>Wellness<Enter><Right><Enter>CBC, T<Esc>");
    let half = desk.app.form.draft.custom.clone().unwrap();
    assert_eq!(half.tests, "CBC, T");
    desk.keys("<F8>");
    assert!(desk.screen().contains("CBC, T"), "{}", desk.screen());
}

/// The call takes none: the party decides which list is shown, and nothing of it is sent.
#[test]
fn a_party_account_reads_back_and_sends_no_party_with_it() {
    let mut desk = Desk::at_pre_booking_of(Mode::PartyScoped, WIDE);
    desk.fill_pre_booking().keys("<F3>cbc<Enter><F2>");
    let screen = desk.screen();
    let card = screen.lines().skip_while(|row| !row.contains("Read back"));
    let card: Vec<&str> = card.collect();
    assert!(!card.join("\n").contains("Corporate"), "{screen}");
    desk.keys("<Enter>");
    let (_, submission) = desk.saved().unwrap();
    assert!(submission.parties.iter().next().is_none());
    // Refused, it is mended with the list that it came from.
    let reasons = vec![Reason::theirs(None, "closed")];
    desk.tell(State::NotAccepted { reasons }).keys("<Enter>");
    desk.keys("<F2><Enter>");
    assert_eq!(desk.saves(), 2, "{}", desk.screen());
}

#[test]
fn without_a_party_only_what_is_of_no_list_can_be_sent() {
    let mut desk = Desk::at_pre_booking_of(Mode::PartyScoped, WIDE);
    desk.app.form.draft.party = None;
    desk.fill_pre_booking()
        .keys("<F8>Wellness<Enter><Enter><F2>");
    assert!(desk.screen().contains("Read back"), "{}", desk.screen());
    let mut desk = Desk::at_pre_booking_of(Mode::PartyScoped, WIDE);
    desk.fill_pre_booking().keys("<F3>cbc<Enter>");
    desk.app.form.draft.party = None;
    desk.keys("<F2>");
    assert!(desk.screen().contains("Not ready"), "{}", desk.screen());
}

#[rstest]
fn no_party_is_shown_or_asked_for_where_none_is_sent(
    #[values(Mode::CatchAll, Mode::PartyScoped)] mode: Mode,
) {
    let mut desk = Desk::at_pre_booking_of(mode, WIDE);
    let chosen = desk.app.form.draft.party.clone();
    assert_eq!(chosen.is_some(), mode == Mode::PartyScoped);
    assert!(!desk.screen().contains("  Party "), "{}", desk.screen());
    desk.keys("<S-Tab>");
    assert_eq!(desk.app.focus, Focus::Branch);
    desk.keys("<F7>");
    assert!(desk.screen().contains("  Party "), "{}", desk.screen());
    assert_eq!(desk.app.form.draft.party, chosen, "it is kept");
    desk.keys("<Tab>");
    assert_eq!(desk.app.focus, Focus::Party);
    desk.keys("<F7><F7>");
    assert!(
        matches!(desk.app.focus, Focus::Field(_)),
        "{:?}",
        desk.app.focus
    );
}

/// Its list is that of a party: without one there would be nothing to pick from.
#[test]
fn a_party_account_asks_whose_list_it_is_until_that_is_chosen() {
    let mut desk = Desk::at_pre_booking_of(Mode::PartyScoped, WIDE);
    desk.app.form.draft.party = None;
    let screen = desk.screen();
    assert!(screen.contains("  Party   choose whose list"), "{screen}");
    desk.fill_pre_booking().keys("<F3>cbc<Enter><F2><Enter>");
    assert_eq!(desk.app.focus, Focus::Party);
    desk.keys("<Enter>");
    assert!(desk.app.form.draft.party.is_some());
    assert!(!desk.screen().contains("  Party "), "{}", desk.screen());
    desk.answer_catalogue(Ok(items())).keys("<F2><Enter>");
    assert_eq!(desk.saves(), 1, "{}", desk.screen());
}
