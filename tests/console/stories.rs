//! What a clerk does, and what the console makes of it.

use chrono::TimeDelta;
use frontdesk::app::focus::Focus;
use frontdesk::app::{Effect, Event};
use frontdesk::domain::evidence::{Doubt, Fact, Outcome, Reason, State};
use frontdesk::domain::failure::Failure;
use frontdesk::domain::money::Money;
use frontdesk::domain::offer::{FieldKey, Kind};
use frontdesk::domain::rules::{Place, total};
use frontdesk::domain::standing::Decision;
use frontdesk::vendor::flabs::settings::Mode;
use rstest::rstest;

use crate::desk::{Desk, branches, items, midnight, morning, repriced};

#[test]
fn a_lead_from_the_first_key_to_the_vendors_number() {
    let mut desk = Desk::at_koramangala((120, 36));
    assert_eq!(
        desk.app.focus,
        Focus::Field(FieldKey::Phone),
        "the form opens on the phone"
    );
    desk.fill_patient().keys("<F3>cbc<Enter>fev2<Enter><F2>");
    assert!(desk.screen().contains("CBC") && desk.screen().contains("would be paid twice"));
    assert_eq!(
        desk.saves(),
        0,
        "nothing is sent before Enter on the read-back card"
    );
    desk.keys("<Enter>");
    let (_, submission) = desk.saved().unwrap();
    assert_eq!(submission.kind, Kind::Lead);
    assert_eq!(submission.branch.name, "Koramangala");
    assert_eq!(
        (
            submission.patient.phone_digits(),
            submission.patient.first_name.as_str()
        ),
        ("9876543210", "Rahul")
    );
    assert_eq!(submission.patient.last_name.as_deref(), Some("Sharma"));
    assert_eq!(submission.total, Money::major(1_849));
    assert_eq!(submission.source.as_deref(), Some("walk-in"));
    desk.tell(State::Saved).tell(State::Accepted {
        number: Some("6530a4a6f1d2c8b7e9a54321".into()),
    });
    assert!(
        desk.screen().contains("Accepted 6530a4a6f1d2c8b7e9a54321"),
        "{}",
        desk.screen()
    );
    desk.keys("<Enter>");
    assert_eq!(
        desk.app.focus,
        Focus::Field(FieldKey::Phone),
        "ready for the next patient"
    );
    assert!(desk.app.form.is_untouched(&desk.app.offer));
    assert_eq!(
        desk.app.form.draft.branch.as_ref().unwrap().name,
        "Koramangala",
        "the branch stays"
    );
}

#[test]
fn a_booking_asks_for_its_type_and_time() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.fill_patient().keys("<F3>cbc<Enter><F7><F2>");
    assert!(desk.screen().contains("type when"), "{}", desk.screen());
    desk.keys("<Enter>");
    assert_eq!(desk.app.focus, Focus::Field(FieldKey::ScheduledAt));
    desk.keys("2026-11-23 07:30<F2><Enter>");
    let (_, submission) = desk.saved().unwrap();
    let appointment = submission.appointment.unwrap();
    assert_eq!(appointment.booking_type, "Home Collection");
    assert_eq!(appointment.at.to_rfc3339(), "2026-11-23T07:30:00+05:30");
}

#[test]
fn enter_twice_on_the_card_sends_once() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.fill_patient()
        .keys("<F3>cbc<Enter><F2><Enter><Enter><Enter><F2><Enter>");
    assert_eq!(desk.saves(), 1);
}

#[test]
fn a_refusal_stands_beside_its_field_and_becomes_a_new_wish() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.fill_patient().keys("<F3>cbc<Enter><F2><Enter>");
    let (first, _) = desk.saved().unwrap();
    let reason = Reason::theirs(Some(FieldKey::Email), "email is not valid");
    desk.tell(State::NotAccepted {
        reasons: vec![reason],
    });
    assert!(desk.screen().contains("Not accepted"));
    desk.keys("<Enter>");
    assert_eq!(desk.app.focus, Focus::Field(FieldKey::Email));
    assert_eq!(
        desk.app
            .form
            .told
            .get(&Place::Field(FieldKey::Email))
            .unwrap(),
        "email is not valid"
    );
    assert_eq!(
        desk.app.form.draft.value(FieldKey::Name),
        "Rahul Sharma",
        "nothing typed is lost"
    );
    desk.keys("rahul@example.com<F2><Enter>");
    let (second, submission) = desk.saved().unwrap();
    assert_ne!(first, second);
    assert_eq!(
        submission.patient.email.as_deref(),
        Some("rahul@example.com")
    );
}

#[test]
fn an_answer_that_does_not_come_is_checking_and_says_do_not_re_enter() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.fill_patient()
        .keys("<F2><Enter>")
        .tell(State::Saved)
        .tell(State::Sending);
    desk.tell(State::Checking {
        why: "no answer within 20 s".into(),
    });
    let screen = desk.screen();
    assert!(
        screen.contains("Checking, do not re-enter") && screen.contains("Next look in 0:42"),
        "{screen}"
    );
    assert!(screen.contains("Checking 1"), "the header counts it");
    assert!(!screen.to_lowercase().contains("try again") && !screen.contains("failed"));
    assert!(
        desk.app.next_change().is_some(),
        "the time to the next look runs"
    );
    desk.keys("<Enter>");
    assert_eq!(
        desk.app.next_change(),
        Some(midnight()),
        "nothing ticks once the card is gone"
    );
}

#[test]
fn the_same_phone_today_is_said_on_the_read_back_card() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.fill_patient()
        .keys("<F2><Enter>")
        .tell(State::Accepted {
            number: Some("L1".into()),
        })
        .keys("<Enter>");
    desk.keys("98765-43210<Enter>Meera Sharma<Enter>29<F2>");
    let screen = desk.screen();
    assert!(
        screen.contains("Sent with this phone at 10:42 today: Rahul Sharma, Accepted L1"),
        "{screen}"
    );
    assert!(screen.contains("refuses a second entry"), "{screen}");
    desk.keys("<Enter>");
    assert_eq!(desk.saves(), 2, "it never blocks");
}

#[rstest]
#[case("f", "L-77<Enter>", Decision::Found("L-77".into()))]
#[case("s", "<Enter>", Decision::Resend)]
#[case("d", "asked twice<Enter>", Decision::Drop { reason: Some("asked twice".into()) })]
#[case("d", "<Enter>", Decision::Drop { reason: None })]
fn needs_you_is_answered_by_a_person(
    #[case] key: &str,
    #[case] then: &str,
    #[case] decided: Decision,
) {
    let mut desk = Desk::at_koramangala((80, 24));
    desk.fill_patient().keys("<F2><Enter>");
    desk.tell(State::NeedsYou {
        doubt: Doubt::DuplicateAfterUnknown,
    });
    desk.keys(key).keys(then);
    let decision = desk.effects.iter().find_map(|effect| match effect {
        Effect::Decide { decision, .. } => Some(decision.clone()),
        _ => None,
    });
    assert_eq!(decision, Some(decided));
}

#[test]
fn what_could_not_be_saved_comes_back_as_it_was() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.fill_patient().keys("<F3>cbc<Enter><F2><Enter>");
    let (draft, _) = desk.saved().unwrap();
    desk.event(Event::NotSaved {
        draft,
        why: "the disk is full".into(),
    });
    assert!(desk.screen().contains("Nothing was sent: the disk is full"));
    desk.keys("<Enter>");
    assert_eq!(desk.app.form.draft.value(FieldKey::Name), "Rahul Sharma");
    assert_eq!(desk.app.form.draft.lines.len(), 1);
}

#[test]
fn a_form_that_came_back_is_a_new_wish_once_the_old_one_was_taken_back() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.fill_patient().keys("<F3>cbc<Enter><F2><Enter>");
    let (draft, _) = desk.saved().unwrap();
    desk.event(Event::NotSaved {
        draft,
        why: "the disk reports an error".into(),
    });
    desk.keys("<Enter>");
    assert_eq!(desk.app.form.draft.id, draft);
    desk.tell(State::Dropped);
    assert_ne!(desk.app.form.draft.id, draft);
    assert_eq!(desk.app.form.draft.value(FieldKey::Name), "Rahul Sharma");
    desk.keys("<F2><Enter>");
    assert_eq!(
        desk.saved().unwrap().0,
        desk.app.outbox.unsaved[0].form.draft.id
    );
    assert_eq!(desk.saves(), 2);
}

#[test]
fn a_change_of_branch_reprices_and_says_so() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.keys("<F3>cbc<Enter>esr<Enter>");
    assert_eq!(total(&desk.app.form.draft), Money::major(470));
    desk.keys("<Esc><Esc><Down><Enter>");
    assert_eq!(
        desk.app.form.draft.branch.as_ref().unwrap().name,
        "Indiranagar"
    );
    desk.fill_patient().keys("<F2>");
    assert!(
        desk.screen().contains("Loading tests and packages"),
        "no price of another branch is sent\n{}",
        desk.screen()
    );
    desk.keys("<Esc>").answer_catalogue(Ok(repriced(10)));
    assert_eq!(total(&desk.app.form.draft), Money::major(490));
    assert!(
        desk.screen().contains("2 prices changed"),
        "{}",
        desk.screen()
    );
    desk.keys("<F2>");
    assert!(
        desk.screen()
            .contains("was ₹ 350 when picked, is ₹ 360 now"),
        "{}",
        desk.screen()
    );
}

#[test]
fn what_the_new_branch_does_not_offer_must_go() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.fill_patient().keys("<F3>cbc<Enter>tsh<Enter>");
    desk.keys("<Esc><Esc><Esc><Down><Enter>");
    desk.answer_catalogue(Ok(items()
        .into_iter()
        .filter(|item| item.code != "TSH")
        .collect()));
    desk.keys("<F2>");
    assert!(
        desk.screen().contains("is not offered at this branch"),
        "{}",
        desk.screen()
    );
    desk.keys("<Enter>");
    assert_eq!(desk.app.focus, Focus::Lines);
    desk.keys("<Del><F2><Enter>");
    assert_eq!(desk.saves(), 1);
}

#[test]
fn a_party_account_asks_for_the_party_and_prices_by_it() {
    let mut desk = Desk::open_at(Mode::PartyScoped, (120, 36));
    assert_eq!(desk.app.focus, Focus::Party, "the party comes first");
    desk.keys("<Down><Enter>");
    assert_eq!(desk.app.focus, Focus::Branch);
    desk.keys("<Enter>").answer_catalogue(Ok(items()));
    assert_eq!(desk.app.focus, Focus::Field(FieldKey::Phone));
    desk.fill_patient().keys("<F3>cbc<Enter><F2><Enter>");
    let (_, submission) = desk.saved().unwrap();
    assert_eq!(submission.parties.doctor.unwrap().name, "Dr Rao Clinic");
    assert_eq!(submission.parties.corporate, None);
}

#[test]
fn a_row_taken_before_the_prices_came_is_picked_when_they_come() {
    let mut desk = Desk::open();
    desk.keys("<Enter><F3>cbc<Enter>thy<Enter>");
    assert!(desk.app.form.draft.lines.is_empty());
    desk.answer_catalogue(Ok(items()));
    let codes: Vec<_> = desk
        .app
        .form
        .draft
        .lines
        .iter()
        .map(|line| line.code.as_str())
        .collect();
    assert_eq!(
        codes,
        ["CBC", "TSH"],
        "one by its code, one as the only match"
    );
}

#[test]
fn an_unsure_row_taken_too_early_comes_back_into_the_search() {
    let mut desk = Desk::open();
    desk.keys("<Enter><F3>r<Enter>")
        .answer_catalogue(Ok(items()));
    assert!(desk.app.form.draft.lines.is_empty());
    assert_eq!(desk.app.browser.query, "r");
    assert!(desk.screen().contains("Choose a row for “r”"));
}

#[test]
fn keys_typed_ahead_of_a_large_search_wait_for_their_rows() {
    let mut desk = Desk::with_many_rows();
    desk.answer_rows().keys("<F3>ts").keys("h<Enter><F9>50");
    assert!(
        desk.app.form.draft.lines.is_empty(),
        "the rows of `tsh` are not there yet"
    );
    desk.answer_rows();
    assert_eq!(
        desk.app
            .form
            .draft
            .lines
            .first()
            .map(|line| line.code.as_str()),
        Some("TSH")
    );
    desk.answer_rows();
    assert_eq!(
        desk.app.form.draft.discount, "50",
        "and what was typed after it arrived in its field"
    );
}

#[rstest]
#[case("100", 250)]
#[case("10%", 315)]
#[case("400", 350)]
#[case("abc", 350)]
fn a_discount_is_an_amount_or_a_share(#[case] typed: &str, #[case] rupees: i64) {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.keys("<F3>cbc<Enter><F9>").keys(typed);
    assert_eq!(total(&desk.app.form.draft), Money::major(rupees));
    let is_wrong = desk.app.form.told.contains_key(&Place::Discount);
    assert_eq!(
        is_wrong,
        rupees == 350,
        "what cannot be a discount is said at once"
    );
}

#[test]
fn a_custom_item_takes_its_name_from_the_search() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.keys("<F3>Bridal Glow Panel<F8>2500<Tab><Right><Enter>");
    let line = desk.app.form.draft.lines.first().unwrap();
    assert_eq!(
        (line.name.as_str(), line.price, line.item.is_none()),
        ("Bridal Glow Panel", Money::major(2_500), true)
    );
    assert_eq!(line.kind.word(), "package");
}

#[rstest]
#[case("12345<Enter>", "5 more to go")]
#[case("98765432101<Enter>", "1 too many")]
#[case("98765x<Enter>", "only digits")]
fn a_rule_is_told_when_its_field_is_left(#[case] typed: &str, #[case] words: &str) {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.keys(typed);
    assert!(desk.screen().contains(words), "{}", desk.screen());
    desk.keys("<Up><C-u>9876543210");
    assert!(
        !desk.screen().contains(words),
        "and goes as soon as it is kept\n{}",
        desk.screen()
    );
}

#[rstest]
#[case("+91 98765-43210")]
#[case("098765 43210")]
#[case("919876543210")]
fn a_phone_is_understood_as_it_is_told(#[case] typed: &str) {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.keys(typed).keys("<Enter>");
    assert_eq!(desk.app.form.draft.value(FieldKey::Phone), "98765 43210");
}

#[test]
fn two_forms_are_open_at_once_and_neither_is_lost() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.keys("9876543210<Enter>Rahul<C-n>9123456780<Enter>Meera<F6><Enter>");
    assert_eq!(desk.app.form.draft.value(FieldKey::Name), "Rahul");
    desk.keys("<F6><Enter>");
    assert_eq!(desk.app.form.draft.value(FieldKey::Name), "Meera");
}

#[test]
fn the_next_form_is_of_the_kind_that_was_just_used() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.keys("<F7>9876543210<Enter>Rahul<C-n>");
    assert_eq!(desk.app.form.draft.kind, Kind::Booking);
    assert_eq!(desk.app.focus, Focus::Field(FieldKey::Phone));
    desk.fill_patient().keys("<F3>cbc<Enter><F2><Enter>");
    desk.keys("tomorrow 7am<Enter><F2><Enter>");
    let (_, sent) = desk.saved().expect("the booking was sent");
    assert_eq!(sent.kind, Kind::Booking);
    assert_eq!(desk.app.form.draft.kind, Kind::Booking);
    desk.tell(State::Saved);
    desk.keys("<Esc><F7>9123456780<F6><Down><Del><Enter>");
    assert_eq!(desk.app.form.draft.kind, Kind::Lead, "a dropped form's too");
    assert_eq!(desk.text_in(FieldKey::Phone), "");
}

#[test]
fn what_waits_for_its_price_is_never_left_out_and_never_in_another_form() {
    let mut desk = Desk::open();
    desk.keys("<Enter>").fill_patient();
    desk.keys("<F3>cbc<Enter><F2><Enter><Enter>");
    assert_eq!(desk.saves(), 0);
    let screen = desk.screen();
    assert!(
        screen.contains("Not complete: “cbc” is taken when"),
        "{screen}"
    );
    assert!(
        screen.contains("Taken when the prices are here: cbc"),
        "{screen}"
    );
    desk.keys("<C-n>").answer_catalogue(Ok(items()));
    assert!(desk.app.form.draft.lines.is_empty());
    desk.keys("<F6><Enter>");
    assert_eq!(desk.app.form.draft.value(FieldKey::Name), "Rahul Sharma");
    assert_eq!(desk.app.form.draft.lines.len(), 1);
}

#[test]
fn what_waits_for_its_price_can_be_given_up() {
    let mut desk = Desk::open();
    desk.keys("<Enter>").fill_patient();
    desk.keys("<F3>cbc<Enter><F2><F3><Esc><Esc><F2>");
    let screen = desk.screen();
    assert!(screen.contains("Read back"), "{screen}");
}

#[test]
fn the_next_patient_typed_ahead_never_lands_in_a_form_that_waits() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.keys("9123456780<Enter>Meera<C-n>");
    desk.fill_patient().keys("<F3>cbc<Enter><F2><Enter>");
    let screen = desk.screen();
    assert!(
        screen.contains("Nothing leaves before it is there"),
        "{screen}"
    );
    assert!(!screen.contains("back to the form"), "{screen}");
    desk.tell(State::Saved).keys("<Enter>98");
    assert_eq!(desk.saves(), 1);
    let phone = desk.app.form.draft.value(FieldKey::Phone);
    assert_eq!(phone, "98", "the form after sending is an empty one");
    assert!(desk.screen().contains("F6 1 draft"), "{}", desk.screen());
    desk.keys("<F6><Enter>");
    assert_eq!(desk.app.form.draft.value(FieldKey::Name), "Meera");
}

#[test]
fn the_next_patient_typed_while_the_last_one_is_saved_waits_for_that() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.fill_patient()
        .keys("<F3>cbc<Enter><F2><Enter><Enter>98765");
    assert_eq!(desk.saves(), 1);
    desk.tell(State::Saved);
    assert!(desk.app.popups.is_empty(), "{}", desk.screen());
    assert_eq!(desk.app.form.draft.value(FieldKey::Phone), "98765");
}

#[test]
fn what_was_typed_after_a_save_that_failed_goes_nowhere() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.fill_patient()
        .keys("<F3>cbc<Enter><F2><Enter><Enter>1<Enter>Meera");
    let (draft, _) = desk.saved().unwrap();
    desk.event(Event::NotSaved {
        draft,
        why: "the disk is full".to_owned(),
    });
    let screen = desk.screen();
    assert!(screen.contains("Not saved"), "{screen}");
    assert!(screen.contains("was not taken"), "{screen}");
    desk.keys("<Enter>");
    assert_eq!(desk.app.form.draft.value(FieldKey::Name), "Rahul Sharma");
}

#[test]
fn esc_never_throws_typed_text_away() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.fill_patient()
        .keys("<F3>cbc<Enter><F9>50<Esc><Esc><Esc><Esc><Esc>");
    assert_eq!(desk.app.form.draft.value(FieldKey::Name), "Rahul Sharma");
    assert_eq!(
        (
            desk.app.form.draft.lines.len(),
            desk.app.form.draft.discount.as_str()
        ),
        (1, "50")
    );
}

#[test]
fn a_paste_fills_and_never_commands() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.event(Event::Pasted("98765\t43210\r\n\u{1b}[2J".into()));
    assert_eq!(
        desk.app.form.draft.value(FieldKey::Phone),
        "98765 43210 [2J"
    );
    desk.keys("<C-u>9876543210<F2>")
        .event(Event::Pasted("\r\n".into()));
    assert_eq!(desk.saves(), 0, "a pasted Enter presses nothing");
}

#[test]
fn quit_asks_while_something_is_under_way() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.fill_patient()
        .keys("<F3>cbc<Enter><F2><Enter>")
        .tell(State::Saved)
        .keys("<Esc><C-x>");
    let screen = desk.screen();
    assert!(screen.contains("Rahul Sharma: Saved"), "{screen}");
    let quits = |desk: &Desk| {
        let mut effects = desk.effects.iter();
        effects.any(|effect| matches!(effect, Effect::Quit))
    };
    assert!(!quits(&desk));
    desk.keys("<Enter>");
    assert!(quits(&desk));
}

#[test]
fn an_untouched_console_quits_at_once() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.keys("<C-x>");
    assert!(
        desk.effects
            .iter()
            .any(|effect| matches!(effect, Effect::Quit))
    );
}

#[test]
fn an_outdated_answer_is_dropped() {
    let mut desk = Desk::open();
    desk.keys("<Enter>");
    let first = desk.catalogue_call().unwrap();
    desk.keys("<Esc><Down><Enter>");
    let catalogue = std::sync::Arc::new(frontdesk::domain::catalogue::Catalogue::new(items()));
    desk.event(Event::CatalogueLoaded {
        call: first,
        result: Ok(catalogue),
    });
    assert!(
        desk.app.browser.catalogue.is_none(),
        "prices of Koramangala are not shown at Indiranagar"
    );
}

#[test]
fn offline_is_a_word_in_the_header_and_heals_by_itself() {
    let mut desk = Desk::open();
    desk.keys("<Enter>")
        .answer_catalogue(Err(Failure::Offline("Flabs was not reached".into())));
    assert!(desk.screen().lines().next().unwrap().contains("Offline"));
    let asked = desk.catalogue_call();
    let later = desk.app.next_change().expect("it tries again by itself");
    assert!(later <= morning() + TimeDelta::seconds(30));
    desk.event(Event::ClockRead(later));
    assert_ne!(desk.catalogue_call(), asked);
    desk.answer_catalogue(Ok(items()));
    assert!(!desk.screen().contains("Offline"));
}

#[test]
fn typing_goes_on_while_nothing_answers() {
    let mut silent = Desk::bare(Mode::CatchAll, (120, 36));
    let mut prompt = Desk::bare(Mode::CatchAll, (120, 36));
    prompt.answer_branches(Ok(crate::desk::branches()));
    for desk in [&mut silent, &mut prompt] {
        desk.keys("<Tab><Tab>").fill_patient();
    }
    for key in [
        FieldKey::Phone,
        FieldKey::Name,
        FieldKey::Age,
        FieldKey::Gender,
    ] {
        assert_eq!(
            silent.app.form.draft.value(key),
            prompt.app.form.draft.value(key)
        );
    }
}

#[test]
fn a_phone_typed_before_the_branches_are_there_is_kept() {
    let mut desk = Desk::bare(Mode::CatchAll, (120, 36));
    desk.keys("<Enter>9876543210<Enter>");
    assert_eq!(desk.app.form.draft.value(FieldKey::Phone), "98765 43210");
    assert_eq!(desk.app.form.draft.branch, None, "nobody chose one unseen");
}

#[test]
fn a_paste_does_not_overtake_keys_that_wait() {
    let mut desk = Desk::with_many_rows();
    desk.answer_rows()
        .keys("<F3>tsh<Enter>")
        .event(Event::Pasted("lipid".into()));
    assert_eq!(
        desk.app.browser.query, "tsh",
        "the paste waits behind Enter"
    );
    desk.answer_rows();
    let codes: Vec<_> = desk
        .app
        .form
        .draft
        .lines
        .iter()
        .map(|line| line.code.as_str())
        .collect();
    assert_eq!(codes, ["TSH"]);
    desk.answer_rows();
    assert_eq!(desk.app.browser.query, "lipid");
}

#[test]
fn a_custom_item_left_half_way_is_kept() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.keys("<F8>Glow panel<Enter>25x<Esc><F8>");
    assert!(desk.screen().contains("Glow panel"), "{}", desk.screen());
}

#[test]
fn two_parties_of_one_kind_are_said() {
    let mut desk = Desk::open_at(Mode::PartyScoped, (120, 36));
    desk.keys("<Down><Enter><Enter>")
        .answer_catalogue(Ok(items()));
    desk.fill_patient();
    desk.app
        .form
        .draft
        .values
        .insert(FieldKey::Doctor, "another".into());
    desk.keys("<F2>");
    assert!(
        desk.screen()
            .contains("the prices are those of Dr Rao Clinic"),
        "{}",
        desk.screen()
    );
}

#[test]
fn the_only_branch_chooses_itself_without_moving_who_types() {
    let mut desk = Desk::bare(Mode::CatchAll, (120, 36));
    desk.keys("<Tab><Tab>9876543210<Enter>Ra");
    let only = crate::desk::branches().into_iter().take(1).collect();
    desk.answer_branches(Ok(only)).keys("hul");
    assert_eq!(desk.app.form.draft.value(FieldKey::Name), "Rahul");
    assert_eq!(
        desk.app.form.draft.branch.as_ref().unwrap().name,
        "Koramangala"
    );
}

#[test]
fn a_letter_that_has_no_room_is_said() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.keys("<Down>").keys(&"a".repeat(200));
    assert!(desk.app.notices.shown().is_none(), "200 letters fit");
    desk.keys("b");
    assert!(
        desk.screen().contains("This is full: 200 letters at most"),
        "{}",
        desk.screen()
    );
    assert_eq!(desk.app.form.draft.value(FieldKey::Name).len(), 200);
}

#[test]
fn what_was_held_back_here_is_never_told_as_the_vendors_word() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.fill_patient().keys("<F2><Enter>");
    let reason = Reason::ours(None, "this branch is no longer in the configuration");
    let outcome = Outcome::HeldBack {
        reasons: vec![reason],
    };
    desk.tell_facts(vec![
        Fact::Saved,
        Fact::Attempted { number: 1 },
        Fact::Ended { number: 1, outcome },
    ]);
    let card = desk.screen();
    for words in [
        "Not accepted",
        "It was not sent: Flabs knows nothing of it.",
        "not sent: this branch is no longer",
    ] {
        assert!(card.contains(words), "{words} in {card}");
    }
    for words in ["says", "sent to Flabs", "refused", "“"] {
        assert!(!card.contains(words), "{words} in {card}");
    }
    desk.keys("<Enter>");
    let form = desk.screen();
    assert!(form.contains("! this branch is no longer"), "{form}");
    assert!(!form.contains("says"), "{form}");
}

/// Only the vendor's own reasons prove that it added nothing.
#[test]
fn what_the_vendor_did_not_refuse_itself_is_not_told_as_nothing_added() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.fill_patient().keys("<F2><Enter>");
    let ours = "nothing is booked, and the patient may have been added";
    let outcome = Outcome::Refused {
        reasons: vec![Reason::ours(None, ours)],
    };
    desk.tell_facts(vec![
        Fact::Saved,
        Fact::Attempted { number: 1 },
        Fact::Ended { number: 1, outcome },
    ]);
    let card = desk.screen();
    for words in ["Not accepted", "Flabs did not take it.", ours] {
        assert!(card.contains(words), "{words} in {card}");
    }
    for words in ["added nothing", "knows nothing", "says", "“"] {
        assert!(!card.contains(words), "{words} in {card}");
    }
}

#[test]
fn a_reason_of_no_field_stands_on_the_reopened_form_as_the_vendor_said_it() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.fill_patient().keys("<F2><Enter>");
    desk.tell(State::NotAccepted {
        reasons: vec![
            Reason::theirs(None, "the location is closed"),
            Reason::ours(Some(FieldKey::Email), "type another"),
            Reason::theirs(Some(FieldKey::Email), "it is unknown"),
        ],
    });
    desk.keys("<Enter>");
    let form = desk.screen();
    assert!(form.contains("! Flabs says: “the location is"), "{form}");
    assert!(form.contains("! type another; it is unknown"), "{form}");
}

#[test]
fn the_label_of_a_reason_is_that_of_the_form_it_was_typed_in() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.fill_patient().keys("<F2><Enter>");
    let field = FieldKey::ScheduledAt;
    let label = desk.app.offer.field(Kind::Booking, field).unwrap().label;
    let (draft, mut submission) = desk.saved().unwrap();
    submission.kind = Kind::Booking;
    assert!(
        desk.app.field(field).is_none(),
        "the form on screen has none"
    );
    let state = State::NotAccepted {
        reasons: vec![Reason::theirs(Some(field), "too early")],
    };
    desk.tell_of(draft, submission, state);
    let card = desk.screen();
    assert!(card.contains(&format!("{label}: too early")), "{card}");
}

fn offline() -> Failure {
    Failure::Offline("Flabs was not reached".into())
}

#[test]
fn a_vendor_that_answers_a_send_is_not_offline() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.fill_patient().keys("<F3>cbc<Enter><C-r>");
    desk.answer_branches(Err(offline()))
        .answer_catalogue(Err(offline()));
    let header = |desk: &Desk| desk.screen().lines().next().unwrap().to_owned();
    desk.keys("<F2><Enter>").tell(State::Saved);
    assert!(header(&desk).contains("Offline"), "{}", header(&desk));
    let why = "no answer".to_owned();
    desk.tell_facts(attempt(Outcome::Unknown { why }));
    assert!(header(&desk).contains("Offline"), "{}", header(&desk));
    let accepted = Outcome::Accepted {
        number: "LD-1".into(),
        told: Vec::new(),
    };
    desk.tell_facts(attempt(accepted));
    assert!(!header(&desk).contains("Offline"), "{}", header(&desk));
    // What it did not give is asked for at once.
    let asked = |desk: &Desk| {
        let loads = |effect: &&Effect| matches!(effect, Effect::LoadBranches { .. });
        desk.effects.iter().filter(loads).count()
    };
    let before = asked(&desk);
    desk.event(Event::ClockRead(morning()));
    assert_eq!(asked(&desk), before + 1);
}

fn attempt(outcome: Outcome) -> Vec<Fact> {
    let number = 1;
    vec![
        Fact::Saved,
        Fact::Attempted { number },
        Fact::Ended { number, outcome },
    ]
}

#[rstest]
#[case::given(true)]
#[case::failed(false)]
fn what_was_asked_for_is_said_only_until_the_answers_are_here(#[case] is_given: bool) {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.keys("<C-r>");
    let words = "Asking Flabs for branches and prices";
    assert!(desk.screen().contains(words), "{}", desk.screen());
    desk.answer_branches(if is_given {
        Ok(branches())
    } else {
        Err(offline())
    });
    assert!(desk.screen().contains(words), "the prices are on their way");
    desk.answer_catalogue(if is_given {
        Ok(items())
    } else {
        Err(offline())
    });
    assert!(!desk.screen().contains("Asking"), "{}", desk.screen());
}

#[test]
fn a_pincode_that_cannot_be_one_is_said_as_soon_as_it_is_left() {
    let mut desk = Desk::at_koramangala((120, 36));
    let words = "Pincode 5600 is not six digits";
    desk.fill_patient().keys("<F3>cbc<Enter>");
    desk.reach(FieldKey::Pincode).keys("5600<Enter>");
    assert_eq!(desk.said_beside(FieldKey::Pincode), Some(words));
    // It keeps nobody from sending.
    desk.keys("<F2>");
    let screen = desk.screen();
    assert!(
        screen.contains("Read back") && screen.contains(words),
        "{screen}"
    );
    desk.keys("<Esc>")
        .reach(FieldKey::Pincode)
        .keys("01<Enter>");
    assert_eq!(desk.said_beside(FieldKey::Pincode), None);
}

#[test]
fn one_price_that_changed_is_told_by_the_name_of_its_line() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.fill_patient().keys("<F3>cbc<Enter><C-r>");
    desk.answer_catalogue(Ok(repriced(30)));
    let words = "! Complete blood count was ₹ 350, is ₹ 380 now";
    assert!(desk.screen().contains(words), "{}", desk.screen());
    desk.keys("<F3>esr<Enter><C-r>");
    desk.answer_catalogue(Ok(items()));
    let words = "! 2 prices changed: the lines were ₹ 530, are ₹ 470 now";
    assert!(desk.screen().contains(words), "{}", desk.screen());
}
