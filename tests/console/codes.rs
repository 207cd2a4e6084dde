//! Codes: the one that the patient reads back, and the one of the sign-in.

use frontdesk::app::focus::Focus;
use frontdesk::app::popup::Popup;
use frontdesk::app::{Effect, Event, Question};
use frontdesk::domain::draft::{Draft, KeptDraft};
use frontdesk::domain::evidence::{self, State};
use frontdesk::domain::failure::Failure;
use frontdesk::domain::offer::FieldKey::{
    BirthDate, Email, Name, PatientCode, Payer, Phone, Reason,
};
use frontdesk::domain::offer::{Field, FieldKey, Input};
use frontdesk::domain::submission::DraftId;
use rstest::rstest;

use crate::desk::{Desk, morning};
use crate::meridian::{self, branches, choice, picture, session};

const WIDE: (u16, u16) = (120, 36);

/// A code was sent to the patient of the form.
fn sent(size: (u16, u16)) -> Desk {
    let mut desk = Desk::at_code(size);
    desk.keys("<Enter>").answer_sent(Ok(session(false)));
    desk
}

fn wrong() -> Failure {
    Failure::Refused("this is not the code that was sent".into())
}

#[test]
fn enter_has_a_code_sent_and_the_right_one_leads_on() {
    let mut desk = sent(WIDE);
    assert!(desk.screen().contains("Sent to the patient's"));
    desk.keys("4711<Enter>");
    assert_eq!(desk.code_typed().unwrap().1, "4711");
    desk.answer_confirmed(Ok(session(true)));
    assert!(desk.screen().contains("✓ confirmed"));
    assert_eq!(desk.app.focus, Focus::Field(Reason));
    desk.keys("<F2>");
    assert!(desk.screen().contains("confirmed"));
    desk.keys("<Enter>");
    assert_eq!(desk.saved().unwrap().1.code, Some(session(true)));
}

#[test]
fn the_patient_comes_before_the_code() {
    let mut desk = Desk::at_meridian(WIDE);
    desk.keys("<F7>Rahul Sharma<Tab><Tab><Tab><Tab><Enter>");
    assert!(desk.code_asked().is_none());
    assert_eq!(desk.app.focus, Focus::Field(BirthDate));
}

/// Only where the form has the field: other words stand under the code, as they always did.
#[test]
fn a_refusal_that_names_a_field_stands_beside_it() {
    let mut desk = Desk::at_code(WIDE);
    let why = "Parameter 'demog.mobile' is badly formatted.";
    desk.keys("<Enter>")
        .answer_sent(Err(Failure::Refused(why.into())));
    assert_eq!(desk.said_beside(Phone), Some(why));
    let under = desk.said_beside(PatientCode).unwrap();
    assert!(under.starts_with("no code was sent: see "), "{under}");
    for why in [
        "Parameter 'Insurer' is missing.",
        "Your Mobile isn't known, it's said.",
    ] {
        let mut desk = Desk::at_code(WIDE);
        desk.keys("<Enter>")
            .answer_sent(Err(Failure::Refused(why.into())));
        assert_eq!(desk.said_beside(PatientCode), Some(why));
        assert_eq!(desk.said_beside(Phone), None);
    }
}

#[test]
fn a_wrong_code_is_said_beside_the_field_and_stays() {
    let mut desk = sent(WIDE);
    desk.keys("1111<Enter>Back pain")
        .answer_confirmed(Err(wrong()));
    assert_eq!(
        desk.said_beside(PatientCode),
        Some("this is not the code that was sent")
    );
    assert_eq!(desk.text_in(PatientCode), "1111");
    assert_eq!(
        desk.text_in(Reason),
        "",
        "what was typed behind it is not taken"
    );
    assert!(desk.noticed().contains("was not taken"));
    desk.keys("<C-u>4711<Enter>")
        .answer_confirmed(Ok(session(true)));
    assert!(desk.app.is_code_confirmed());
}

#[test]
fn why_a_code_was_not_taken_stays_until_another_one_is_typed() {
    let mut desk = sent(WIDE);
    desk.keys("1111<Enter>").answer_confirmed(Err(wrong()));
    desk.keys("<F2>");
    let screen = desk.screen();
    let why = "Code: this is not the code that was sent";
    assert!(screen.contains(why), "{screen}");
    desk.keys("<Esc>");
    let beside = desk.said_beside(PatientCode);
    assert_eq!(beside, Some("this is not the code that was sent"));
    // What nobody has checked yet is said to be so.
    desk.keys("<Backspace>2<F2>");
    assert!(
        desk.screen().contains("not confirmed yet"),
        "{}",
        desk.screen()
    );
}

#[test]
fn the_hint_says_what_enter_does_with_the_code() {
    let hint = |desk: &Desk| {
        let screen = desk.screen();
        let mut rows = screen.lines().rev();
        rows.nth(1).unwrap().trim().to_owned()
    };
    let mut desk = Desk::at_code(WIDE);
    assert!(hint(&desk).starts_with("Enter has a code sent"));
    desk.keys("4");
    assert_eq!(
        hint(&desk),
        "No code was sent yet: emptied, Enter has one sent"
    );
    desk.keys("<Backspace><Enter>")
        .answer_sent(Ok(session(false)));
    assert!(hint(&desk).starts_with("Type what the patient reads;"));
    desk.keys("4711<Enter>").answer_confirmed(Err(wrong()));
    assert!(hint(&desk).starts_with("Ctrl+U, then Enter has a new one sent"));
    let before = desk.code_asked().map(|(call, _)| call);
    desk.keys("<C-u><Enter>");
    assert_ne!(desk.code_asked().map(|(call, _)| call), before);
    desk.answer_sent(Ok(session(false))).keys("4711");
    assert_eq!(hint(&desk), "Enter has Meridian check what you typed");
    desk.keys("<Enter>").answer_confirmed(Ok(session(true)));
    desk.keys("<Up>");
    assert_eq!(hint(&desk), "It is confirmed: Enter goes on");
}

#[test]
fn what_is_typed_behind_a_right_code_lands_in_the_next_field() {
    let mut desk = sent(WIDE);
    desk.keys("4711<Enter>Back pain")
        .answer_confirmed(Ok(session(true)));
    assert_eq!(desk.text_in(Reason), "Back pain");
}

#[test]
fn a_code_that_has_lapsed_is_said_and_sent_again() {
    let mut desk = sent(WIDE);
    let lapsed = Failure::SignedOut("the code has lapsed".into());
    desk.keys("4711<Enter>").answer_confirmed(Err(lapsed));
    assert!(
        desk.said_beside(PatientCode)
            .unwrap()
            .contains("has lapsed")
    );
    assert_eq!(desk.text_in(PatientCode), "");
    let (first, _) = desk.code_asked().unwrap();
    desk.keys("<Enter>");
    let (again, before) = desk.code_asked().unwrap();
    assert_ne!(first, again);
    assert_eq!(before, None, "a new session");
}

#[test]
fn enter_on_the_emptied_field_sends_it_once_more() {
    let mut desk = sent(WIDE);
    desk.keys("47<Backspace><Backspace><Enter>");
    assert_eq!(desk.code_asked().unwrap().1, Some(session(false)));
}

#[test]
fn a_code_that_is_not_asked_for_is_done() {
    let mut desk = Desk::at_code(WIDE);
    desk.keys("<Enter>").answer_sent(Ok(session(true)));
    assert_eq!(desk.app.focus, Focus::Field(Reason));
    assert!(desk.app.is_code_confirmed());
}

#[test]
fn a_code_that_was_not_sent_is_said_and_asked_for_again() {
    let mut desk = Desk::at_code(WIDE);
    let away = Failure::Offline("Meridian was not reached".into());
    desk.keys("<Enter>").answer_sent(Err(away));
    assert!(
        desk.said_beside(PatientCode)
            .unwrap()
            .contains("was not reached")
    );
    desk.keys("<Enter>").answer_sent(Ok(session(false)));
    assert_eq!(desk.said_beside(PatientCode), None);
}

#[rstest]
#[case::name(Name)]
#[case::birth_date(BirthDate)]
#[case::email(Email)]
#[case::mobile(Phone)]
fn another_patient_needs_another_code(#[case] key: FieldKey) {
    let mut desk = sent(WIDE);
    desk.keys("4711<Enter>").answer_confirmed(Ok(session(true)));
    desk.keys("<Esc>");
    while desk.app.focus != Focus::Field(key) {
        desk.keys("<Tab>");
    }
    desk.keys("0");
    assert!(!desk.app.is_code_confirmed());
    assert!(
        desk.said_beside(PatientCode)
            .unwrap()
            .contains("the patient was changed")
    );
    assert!(desk.noticed().contains("counts no more"));
}

/// A guest's form that asks for more than who comes.
fn asked_for(key: FieldKey) -> Desk {
    let mut offer = crate::meridian::offer();
    let field = Field::optional(key, "More", Input::Text, "What else decides.");
    offer.kinds[1].fields.push(field);
    let mut desk = Desk::of(offer, WIDE);
    desk.keys("<F7>").fill_meridian().keys("<Enter>");
    desk.keys("<Enter>").answer_sent(Ok(session(false)));
    desk
}

#[rstest]
#[case::sex(FieldKey::Sex)]
#[case::band(FieldKey::SignUpCode)]
#[case::town(FieldKey::City)]
fn all_that_a_patient_is_registered_with_needs_another_code(#[case] key: FieldKey) {
    let mut desk = asked_for(key);
    desk.keys("4711<Enter>").answer_confirmed(Ok(session(true)));
    while desk.app.focus != Focus::Field(key) {
        desk.keys("<Tab>");
    }
    desk.keys("2");
    assert_eq!(desk.app.form.draft.code, None);
    assert!(desk.noticed().contains("counts no more"));
}

#[rstest]
#[case::another_field(Reason, true)]
#[case::the_code(FieldKey::PatientCode, false)]
fn after_a_refusal_the_code_holds_unless_it_was_refused(
    #[case] field: FieldKey,
    #[case] holds: bool,
) {
    let mut desk = sent(WIDE);
    desk.keys("4711<Enter>").answer_confirmed(Ok(session(true)));
    desk.keys("<F2><Enter>");
    let reason = evidence::Reason::theirs(Some(field), "not like this");
    desk.tell(State::NotAccepted {
        reasons: vec![reason],
    });
    desk.keys("<Enter>");
    assert_eq!(desk.text_in(Name), "Rahul Sharma");
    assert_eq!(desk.app.is_code_confirmed(), holds);
}

#[test]
fn whom_a_code_is_for_is_for_the_offer_to_say() {
    let mut offer = meridian::offer();
    for kind in &mut offer.kinds {
        kind.code_is_for = &[Email];
    }
    let mut desk = Desk::of(offer, WIDE);
    desk.keys("<F7>").fill_meridian();
    desk.app.form.draft.code = Some(session(true));
    desk.keys("<Esc>x");
    assert!(desk.app.is_code_confirmed(), "no other code for the name");
    while desk.app.focus != Focus::Field(Email) {
        desk.keys("<Tab>");
    }
    desk.keys("x");
    assert_eq!(desk.app.form.draft.code, None);
}

#[test]
fn a_code_that_comes_for_the_patient_of_before_counts_nothing() {
    let mut desk = Desk::at_code(WIDE);
    desk.keys("<Enter><Esc>Anita ")
        .answer_sent(Ok(session(true)));
    assert_eq!(desk.app.form.draft.code, None);
    assert!(
        desk.said_beside(PatientCode)
            .unwrap()
            .contains("the patient was changed")
    );
}

#[test]
fn an_answer_finds_its_form_behind_another_one() {
    let mut desk = Desk::at_code(WIDE);
    desk.keys("<Enter><C-n>").answer_sent(Ok(session(false)));
    assert_eq!(desk.app.form.draft.code, None);
    assert_eq!(desk.app.parked[0].draft.code, Some(session(false)));
}

#[test]
fn a_form_from_the_disk_has_no_code_of_another_run() {
    let desk = sent(WIDE);
    let draft = Draft {
        id: DraftId(1),
        ..desk.app.form.draft.clone()
    };
    let mut later = Desk::at_meridian(WIDE);
    let kept = KeptDraft {
        draft: draft.clone(),
        started_at: morning(),
        changed_at: morning(),
        is_open_elsewhere: false,
    };
    later
        .event(Event::DraftsLoaded(Ok(vec![kept.clone()])))
        .keys("<F6><Enter>");
    let result = Ok(Some(Box::new(kept)));
    later.event(Event::DraftOpened {
        draft: draft.id,
        result,
    });
    assert_eq!(later.app.form.draft.code, None);
    assert!(
        later
            .said_beside(PatientCode)
            .unwrap()
            .contains("has lapsed")
    );
}

pub fn code_needed() -> Failure {
    Failure::CodeNeeded("A code was sent to r•••@example.com".into())
}

fn card(desk: &Desk) -> bool {
    matches!(desk.app.popups.last(), Some(Popup::SignIn(_)))
}

/// A desk whose first list was answered with the wish for a code.
fn asked_to_sign_in(size: (u16, u16)) -> Desk {
    let mut desk = Desk::before_meridian(size);
    desk.answer_branches(Err(code_needed()));
    desk
}

#[test]
fn the_card_comes_once_and_its_command_brings_it_back() {
    let mut desk = asked_to_sign_in(WIDE);
    assert!(card(&desk));
    assert!(desk.screen().contains("r•••@example.com"));
    desk.keys("<Esc>");
    assert!(!card(&desk));
    assert!(desk.screen().contains("Sign in"));
    desk.keys("<C-r>").answer_branches(Err(code_needed()));
    assert!(!card(&desk), "it comes once by itself");
    desk.keys("<C-g>");
    assert!(card(&desk));
}

#[test]
fn the_right_code_loads_the_lists_anew() {
    let mut desk = asked_to_sign_in(WIDE);
    desk.keys("123456<Enter>");
    let code = desk.last(|effect| match effect {
        Effect::Ask(Question::SignIn(code)) => Some(code.0.clone()),
        _ => None,
    });
    assert_eq!(code.as_deref(), Some("123456"));
    desk.event(Event::SignInAnswered(Ok(())));
    assert!(!card(&desk));
    desk.answer_branches(Ok(branches()));
    assert!(!desk.screen().contains("Sign in"));
    desk.keys("<Enter>")
        .answer_list(Payer, Ok(vec![choice("self", "Patient pays")]));
    assert_eq!(desk.text_in(Payer), "self");
}

#[test]
fn a_wrong_code_of_the_sign_in_is_said_on_the_card_and_stays() {
    let mut desk = asked_to_sign_in(WIDE);
    desk.keys("111111<Enter>")
        .event(Event::SignInAnswered(Err(wrong())));
    assert!(card(&desk));
    let screen = desk.screen();
    assert!(
        screen.contains("this is not the code") && screen.contains("111111"),
        "{screen}"
    );
    desk.keys("<C-g>");
    let is_resent =
        |effect: &Effect| matches!(effect, Effect::Ask(Question::ResendSignInCode)).then_some(());
    assert!(desk.last(is_resent).is_some());
    desk.event(Event::SignInCodeSent(Ok("r•••@example.com".into())));
    assert!(desk.screen().contains("Another code was sent"));
}

#[test]
fn it_takes_no_letter_from_a_field_that_is_typed() {
    let mut desk = Desk::at_meridian(WIDE);
    desk.keys("Rah").answer_list(Payer, Err(code_needed()));
    assert!(!card(&desk));
    assert!(desk.noticed().contains("Ctrl+G signs in"));
    desk.keys("ul");
    assert_eq!(desk.text_in(Name), "Rahul");
    desk.keys("<C-g>123456<Enter>ignored")
        .event(Event::SignInAnswered(Ok(())));
    assert_eq!(
        desk.text_in(Name),
        "Rahulignored",
        "the form behind it goes on"
    );
    assert_eq!(desk.lists_asked(Payer), 2);
}

#[test]
fn it_does_not_come_over_a_card() {
    let mut desk = Desk::before_meridian(WIDE);
    desk.keys("<F1>").answer_branches(Err(code_needed()));
    assert!(!card(&desk));
    desk.keys("<Esc><C-g>");
    assert!(card(&desk));
}

#[rstest]
fn every_screen_of_codes(
    #[values("code", "code-wrong", "code-confirmed", "sign-in", "sign-in-wrong")] name: &str,
    #[values((60, 20), (80, 24), (120, 36))] size: (u16, u16),
) {
    let mut desk = match name {
        "sign-in" | "sign-in-wrong" => asked_to_sign_in(size),
        _ => sent(size),
    };
    match name {
        "code" => {}
        "code-wrong" => drop(desk.keys("1111<Enter>").answer_confirmed(Err(wrong()))),
        "code-confirmed" => drop(desk.keys("4711<Enter>").answer_confirmed(Ok(session(true)))),
        "sign-in" => drop(desk.keys("12")),
        _ => {
            desk.keys("111111<Enter>")
                .event(Event::SignInAnswered(Err(wrong())));
        }
    }
    picture(name, &desk);
}

#[test]
fn a_list_that_ended_with_the_sign_in_leads_to_its_card() {
    let mut desk = Desk::at_meridian(WIDE);
    let over = Failure::SignedOut("Sign in again: User not logged in.".into());
    desk.answer_list(Payer, Err(over.clone()));
    assert!(
        desk.screen().contains("Ctrl+R asks again"),
        "nobody asks for a code yet: {}",
        desk.screen()
    );
    desk.keys("<C-r>").answer_branches(Err(code_needed()));
    desk.answer_list(Payer, Err(over));
    let screen = desk.keys("<Esc>").screen();
    assert!(screen.contains("Ctrl+G signs in"), "{screen}");
    assert!(!screen.contains("Ctrl+R asks again"), "{screen}");
    desk.keys("<C-g>");
    assert!(card(&desk));
}
