//! Patients whom the vendor knows: looked for with what is typed, picked, and known no more once that changes.

use frontdesk::app::focus::Focus;
use frontdesk::app::popup::Popup;
use frontdesk::app::{Effect, Event};
use frontdesk::domain::evidence::{Evidence, Fact, Outcome, State};
use frontdesk::domain::failure::Failure;
use frontdesk::domain::looked::Told;
use frontdesk::domain::offer::{Field, FieldKey, Input, Listing};
use frontdesk::domain::slot::FoundPatient;
use rstest::rstest;

use crate::desk::{Desk, morning};
use crate::meridian::{self, known, picture, slot};

const WIDE: (u16, u16) = (120, 36);

fn key(desk: &Desk) -> Option<&str> {
    let patient = desk.app.form.draft.patient.as_ref();
    patient.map(|patient| patient.key.as_str())
}

#[test]
fn what_is_typed_is_looked_for_and_picking_fills_the_form() {
    let mut desk = Desk::at_meridian(WIDE);
    desk.keys("Rahul S<F4>");
    let (_, context) = desk.patients_asked().unwrap();
    assert_eq!(context.value(FieldKey::Name), "Rahul S");
    desk.answer_patients(Ok(vec![
        known("p1", "E-77, Harbour"),
        known("p2", "Hillside"),
    ]));
    assert!(desk.screen().contains("E-77, Harbour"));
    desk.keys("<Down><Enter>");
    assert_eq!(key(&desk), Some("p2"));
    assert_eq!(desk.text_in(FieldKey::Email), "rahul@example.com");
    assert_eq!(desk.text_in(FieldKey::EmployeeNumber), "E-77");
    assert!(desk.screen().contains("Known at Meridian: Rahul Sharma"));
    assert!(desk.app.popups.is_empty());
    assert_eq!(
        desk.app.focus,
        Focus::Field(FieldKey::Payer),
        "the first empty one"
    );
    let (_, context) = desk.list_asked(FieldKey::Payer).unwrap();
    assert_eq!(
        context.patient.unwrap().key,
        "p2",
        "lists follow the patient"
    );
}

#[test]
fn without_anything_typed_nobody_is_looked_for() {
    let mut desk = Desk::at_meridian(WIDE);
    desk.keys("<F4>");
    assert!(desk.patients_asked().is_none());
    assert!(desk.app.popups.is_empty());
    assert!(desk.noticed().contains("Type a name"));
}

#[test]
fn what_a_patient_is_known_by_is_for_the_offer_to_say() {
    let mut offer = meridian::offer();
    offer.kinds[0].known_by = &[FieldKey::Name];
    let mut desk = Desk::of(offer, WIDE);
    desk.keys("Rahul S<F4>")
        .answer_patients(Ok(vec![known("p1", "")]));
    desk.keys("<Enter><Esc><Tab><Backspace>");
    assert_eq!(key(&desk), Some("p1"), "the date of birth is not his name");
    desk.keys("<Esc><Backspace>");
    assert_eq!(key(&desk), None);
}

#[rstest]
#[case::name(0)]
#[case::birth_date(1)]
#[case::email(2)]
#[case::employee_number(4)]
fn changing_what_a_patient_was_found_by_drops_the_key_and_says_so(#[case] steps: usize) {
    let mut desk = Desk::at_meridian(WIDE);
    desk.keys("Rahul S<F4>")
        .answer_patients(Ok(vec![known("p1", "")]));
    desk.keys("<Enter><Esc>");
    for _ in 0..steps {
        desk.keys("<Tab>");
    }
    assert_eq!(key(&desk), Some("p1"), "walking changes nothing");
    desk.keys("<Backspace>");
    assert_eq!(key(&desk), None);
    assert!(
        desk.noticed()
            .contains("No longer the patient found at Meridian")
    );
}

#[test]
fn the_mobile_is_not_what_a_patient_is_found_by() {
    let mut desk = Desk::at_meridian(WIDE);
    desk.keys("Rahul S<F4>")
        .answer_patients(Ok(vec![known("p1", "")]));
    desk.keys("<Enter><Esc><Tab><Tab><Tab>+44 20 7946 0018");
    assert_eq!(key(&desk), Some("p1"));
}

impl Desk {
    /// Nobody is known by the mobile that was filled in.
    fn keys_wait_for_nobody(&mut self) -> &mut Self {
        let asked = self.last(|effect| match effect {
            Effect::FindPeople { call, .. } => Some(*call),
            _ => None,
        });
        let (call, people) = (asked.expect("people were asked for"), Vec::new());
        self.event(Event::PeopleFound { call, people })
    }
}

/// Another patient of that name, of whom less is known.
fn namesake() -> FoundPatient {
    let mut found = known("p2", "Hillside");
    found.values.remove(&FieldKey::EmployeeNumber);
    found.values.remove(&FieldKey::BirthDate);
    found
}

#[test]
fn another_patient_keeps_nothing_of_the_one_who_was_picked_before() {
    let mut desk = Desk::at_meridian(WIDE);
    let mut first = known("p1", "E-77");
    first
        .values
        .insert(FieldKey::Phone, "+442079460018".to_owned());
    desk.keys("Rahul S<Enter><Enter>r@example.com<F4>")
        .answer_patients(Ok(vec![first, namesake()]));
    desk.keys("<Enter>");
    assert_eq!(desk.text_in(FieldKey::BirthDate), "1994-03-21");
    desk.keys_wait_for_nobody();
    // Walking over a field writes it otherwise; it is still theirs.
    desk.keys("<S-Tab><S-Tab><S-Tab><F4><Down><Enter>");
    assert_eq!(key(&desk), Some("p2"));
    for field in [
        FieldKey::BirthDate,
        FieldKey::EmployeeNumber,
        FieldKey::Phone,
    ] {
        assert_eq!(desk.text_in(field), "", "{field:?}");
    }
    assert_eq!(desk.text_in(FieldKey::Email), "rahul@example.com");
    assert!(desk.noticed().contains("replaced: e-mail"));
}

/// A vendor that keeps recalls of its patients.
fn with_recalls() -> Desk {
    let mut offer = crate::meridian::offer();
    let listing = Listing {
        needs: &[],
        is_many: false,
    };
    let recall = Field::optional(FieldKey::Recall, "Recall", Input::Listed(listing), "Why.");
    offer.kinds[0].fields.insert(5, recall);
    offer.kinds[0].patients_own = &[FieldKey::Recall];
    Desk::of(offer, WIDE)
}

#[test]
fn a_recall_of_one_patient_is_none_of_another() {
    let mut desk = with_recalls();
    desk.keys("Rahul S<F4>")
        .answer_patients(Ok(vec![known("p1", "E-77"), known("p2", "E-77")]));
    desk.keys("<Enter>");
    while desk.app.focus != Focus::Field(FieldKey::Recall) {
        desk.keys("<S-Tab>");
    }
    let recall = crate::meridian::choice("c1", "Yearly check");
    desk.answer_list(FieldKey::Recall, Ok(vec![recall]));
    desk.keys("<Enter><Enter>");
    assert_eq!(desk.text_in(FieldKey::Recall), "c1");
    desk.keys("<F4><Down><Enter>");
    assert_eq!(key(&desk), Some("p2"));
    assert_eq!(desk.text_in(FieldKey::Recall), "");
}

#[test]
fn a_patient_who_is_put_away_leaves_what_was_typed() {
    let mut desk = Desk::at_meridian(WIDE);
    desk.keys("Rahul S<Enter><Enter>rahul@example.com<F4>")
        .answer_patients(Ok(vec![known("p1", "E-77")]));
    desk.keys("<Enter>");
    while desk.app.focus != Focus::Field(FieldKey::BirthDate) {
        desk.keys("<S-Tab>");
    }
    desk.keys("<Backspace>");
    assert_eq!(key(&desk), None);
    assert_eq!(desk.text_in(FieldKey::BirthDate), "1994-03-2");
    assert_eq!(desk.text_in(FieldKey::Name), "Rahul S");
    assert_eq!(desk.text_in(FieldKey::Email), "rahul@example.com");
    assert_eq!(desk.text_in(FieldKey::EmployeeNumber), "");
}

#[test]
fn keys_typed_ahead_wait_for_the_answer() {
    let mut desk = Desk::at_meridian(WIDE);
    desk.keys("Rahul S<F4><Down><Enter>");
    assert_eq!(key(&desk), None);
    desk.answer_patients(Ok(vec![known("p1", ""), known("p2", "")]));
    assert_eq!(key(&desk), Some("p2"));
}

#[test]
fn an_answer_that_fails_is_said_and_enter_asks_again() {
    let mut desk = Desk::at_meridian(WIDE);
    desk.keys("Rahul S<F4>");
    let away = Failure::Offline("Meridian was not reached".into());
    desk.answer_patients(Err(away));
    assert!(desk.screen().contains("Meridian was not reached"));
    let (first, _) = desk.patients_asked().unwrap();
    desk.keys("<Enter>");
    let (again, _) = desk.patients_asked().unwrap();
    assert_ne!(first, again);
    desk.answer_patients(Ok(vec![known("p1", "")]))
        .keys("<Enter>");
    assert_eq!(key(&desk), Some("p1"));
}

/// What is wrong with the question alone has the same answer again, and says nothing about the lists.
#[test]
fn an_answer_that_is_refused_asks_for_other_words_and_leaves_the_lists_alone() {
    let mut desk = Desk::at_meridian(WIDE);
    desk.answer_lists().keys("Rahul S<F4>");
    let (first, _) = desk.patients_asked().unwrap();
    let many = "more than 200 people: tell more of the name";
    desk.answer_patients(Err(Failure::Refused(many.into())));
    let screen = desk.screen();
    assert!(
        screen.contains(&format!("Not found out: {many}.")),
        "{screen}"
    );
    for false_words in ["asks again", "ask again", "No lists"] {
        assert!(!screen.contains(false_words), "{screen}");
    }
    desk.keys("<Enter>");
    assert_eq!(desk.patients_asked().unwrap().0, first);
    assert!(desk.app.popups.is_empty());
    let screen = desk.screen();
    assert!(screen.contains("Not found out: more than 200"), "{screen}");
    assert!(
        !screen.contains("again") && !screen.contains("No lists"),
        "{screen}"
    );
    // Other words are another question.
    desk.keys("harma<F4>");
    assert_ne!(desk.patients_asked().unwrap().0, first);
}

#[test]
fn whom_nobody_knows_may_be_created_and_that_is_told() {
    let mut desk = Desk::at_meridian(WIDE);
    desk.answer_lists().fill_meridian();
    desk.keys("<F4>").answer_patients(Ok(Vec::new()));
    assert!(desk.screen().contains("may be created"));
    desk.keys("<Enter>");
    assert!(desk.app.popups.is_empty());
    assert!(desk.screen().contains("New at Meridian"));
    ready(&mut desk);
    assert!(desk.screen().contains("new at Meridian: may be created"));
    desk.keys("<Enter>");
    assert_eq!(desk.saved().unwrap().1.patient.key, None);
}

#[test]
fn whom_the_vendor_may_know_is_said_on_the_card() {
    let mut desk = Desk::at_meridian(WIDE);
    desk.answer_lists().fill_meridian();
    desk.keys("<F4>")
        .answer_patients(Ok(vec![known("p1", "")]))
        .keys("<Esc>");
    ready(&mut desk);
    assert!(
        desk.screen()
            .contains("1 person at Meridian may be this patient")
    );
}

/// To the card that is read back.
fn ready(desk: &mut Desk) {
    while desk.app.focus != Focus::Field(FieldKey::AppointmentType) {
        desk.keys("<Tab>");
    }
    desk.keys("<Enter>heal<Enter>");
    desk.app.form.draft.slot = Some(slot());
    desk.keys("<F2>");
}

#[test]
fn what_a_vendor_does_not_change_is_said_and_not_told_as_sent() {
    let mut desk = Desk::at_meridian(WIDE);
    desk.answer_lists();
    let mut found = known("p1", "E-77");
    found
        .values
        .insert(FieldKey::Phone, "+442079460018".to_owned());
    desk.keys("Rahul S<F4>").answer_patients(Ok(vec![found]));
    desk.keys("<Enter>").keys_wait_for_nobody();
    assert!(!desk.screen().contains("not changed at Meridian"));
    while desk.app.focus != Focus::Field(FieldKey::Phone) {
        desk.keys("<S-Tab>");
    }
    desk.keys("<C-u>+442079460099");
    assert!(desk.screen().contains("not changed at Meridian"));
    desk.keys_wait_for_nobody().answer_lists();
    ready(&mut desk);
    let card = desk.screen();
    assert!(card.contains("Not changed at Meridian: Mobile"), "{card}");
    desk.keys("<Enter>");
    let (_, submission) = desk.saved().unwrap();
    assert_eq!(submission.patient.phone.unwrap().digits(), "2079460018");
}

#[test]
fn a_second_time_on_the_same_day_is_told() {
    let mut desk = Desk::at_meridian(WIDE);
    desk.answer_lists().fill_meridian();
    ready(&mut desk);
    desk.keys("<Enter>").tell(State::Saved).keys("<Esc>");
    desk.fill_meridian();
    ready(&mut desk);
    let screen = desk.screen();
    assert!(
        screen.contains("Has a time on that day already: 09:15, Rahul Sharma"),
        "{screen}"
    );
}

#[test]
fn worklist_rows_without_a_price_show_none() {
    let mut desk = Desk::at_meridian(WIDE);
    desk.answer_lists().fill_meridian();
    ready(&mut desk);
    desk.keys("<Enter>").tell(State::Saved).keys("<Esc>");
    desk.keys("<F5>");
    assert!(desk.screen().contains("£45"), "{}", desk.screen());
    let (draft, mut submission) = desk.saved().unwrap();
    submission.slot = None;
    let mut standing = desk.app.outbox.standing(draft).unwrap().clone();
    standing.intent.submission = submission;
    desk.app.outbox.standings = vec![standing];
    assert!(!desk.screen().contains("£"), "{}", desk.screen());
}

#[test]
fn the_result_shows_what_the_vendor_tells_of_the_record() {
    let mut desk = Desk::at_meridian(WIDE);
    desk.answer_lists().fill_meridian();
    ready(&mut desk);
    desk.keys("<Enter>").tell(State::Saved);
    let (draft, _) = desk.saved().unwrap();
    let mut standing = desk.app.outbox.standing(draft).unwrap().clone();
    let told = Told {
        label: "Clinician".into(),
        text: "Dr Mehta".into(),
    };
    standing.learn(Evidence {
        at: morning(),
        fact: Fact::Ended {
            number: 1,
            outcome: Outcome::Accepted {
                number: "A-9".into(),
                told: vec![told],
            },
        },
    });
    desk.event(Event::IntentChanged(Box::new(standing)));
    let screen = desk.screen();
    assert!(screen.contains("Clinician         Dr Mehta"), "{screen}");
    assert!(screen.contains("Appointment · £45 · Harbour"), "{screen}");
}

#[rstest]
fn every_screen_of_patients(
    #[values("patients", "patients-asking", "patients-none", "patient-known")] name: &str,
    #[values((60, 20), (80, 24), (120, 36))] size: (u16, u16),
) {
    let mut desk = Desk::at_meridian(size);
    desk.answer_lists().keys("Rahul S<F4>");
    let found = vec![
        known("p1", "born 21 Mar 1994, E-77, Harbour"),
        known("p2", "born 2 May 1961, Hillside"),
    ];
    match name {
        "patients" => drop(desk.answer_patients(Ok(found)).keys("<Down>")),
        "patients-none" => drop(desk.answer_patients(Ok(Vec::new()))),
        "patient-known" => drop(desk.answer_patients(Ok(found)).keys("<Enter>")),
        _ => {}
    }
    assert_eq!(
        matches!(desk.app.popups.last(), Some(Popup::People { .. })),
        name != "patient-known"
    );
    picture(name, &desk);
}

#[test]
fn no_key_is_offered_that_picks_nobody() {
    let footer = |desk: &Desk| desk.screen().lines().last().unwrap().to_owned();
    let mut desk = Desk::at_meridian((120, 36));
    desk.keys("Rahul S<F4>");
    assert!(!footer(&desk).contains("Enter"), "{}", footer(&desk));
    desk.answer_patients(Err(Failure::Offline("Meridian was not reached".into())));
    assert!(footer(&desk).contains("Enter ask again"));
    desk.keys("<Enter>").answer_patients(Ok(Vec::new()));
    assert_eq!(footer(&desk).trim(), "Esc back");
}
