//! The screens of every kind that the vendors offer: the form with what is wrong beside its fields, what is read back,
//! and what became of it.

use frontdesk::app::focus::Focus;
use frontdesk::app::key::Chord;
use frontdesk::app::keymap::Action;
use frontdesk::app::{App, Effect, Event, Question};
use frontdesk::config::{Account, demo};
use frontdesk::domain::evidence::{Evidence, Fact, Outcome, Reason, State};
use frontdesk::domain::failure::Failure;
use frontdesk::domain::looked::Told;
use frontdesk::domain::offer::{FieldKey, Input, Kind, Offer};
use frontdesk::domain::slot::Slot;
use frontdesk::domain::standing::Standing;
use frontdesk::domain::submission::Intent;
use rstest::rstest;

use crate::desk::{Desk, id_of, morning};
use crate::meridian::{choice, known, picture, session, slot};

/// The first profile that offers a kind.
fn offer(kind: Kind) -> Offer {
    let mut offers = demo::accounts().iter().map(Account::offer);
    offers
        .find(|offer| offer.form(kind).is_some())
        .expect("a profile offers it")
}

fn at(kind: Kind, size: (u16, u16)) -> Desk {
    let mut desk = Desk::of(offer(kind), size);
    while desk.app.form.draft.kind != kind {
        desk.keys("<F7>");
    }
    desk
}

/// What a clerk would write into a required field.
fn text(app: &App, key: FieldKey) -> String {
    let words = match key {
        FieldKey::Phone if app.offer.vendor == "Solv" => "512 555 0101",
        FieldKey::Phone => "07700 900123",
        FieldKey::Name => "Nina Walker",
        FieldKey::BirthDate => "1991-05-12",
        FieldKey::Email => "nina@example.com",
        FieldKey::ExternalBooking => "EXT-77",
        _ => "consultation",
    };
    let input = app.field(key).map(|field| field.input.clone());
    match input {
        Some(Input::Choice(choices)) => choices[0].value.clone(),
        _ => words.to_owned(),
    }
}

/// The first required text that is missing.
fn first_empty(app: &App) -> Option<FieldKey> {
    let draft = &app.form.draft;
    let mut fields = draft.fields(&app.offer);
    let empty = fields.find(|field| {
        let is_text = !matches!(field.input, Input::When | Input::PatientCode);
        field.required && is_text && draft.value(field.key).is_empty()
    });
    empty.map(|field| field.key)
}

/// The same with everything filled that must be.
fn filled(kind: Kind, size: (u16, u16)) -> Desk {
    let mut desk = at(kind, size);
    while let Some(key) = first_empty(&desk.app) {
        let words = text(&desk.app, key);
        desk.app.form.draft.values.insert(key, words);
    }
    desk.keys("<Tab>");
    let mut answered = 0;
    while let Some(effect) = desk.effects.get(answered).cloned() {
        answered += 1;
        if let Effect::Ask(Question::Choices { call, field, .. }) = effect {
            desk.event(Event::ChoicesLoaded {
                call,
                field,
                result: Ok(vec![choice("consultation", "Consultation")]),
            });
        }
    }
    let has_prices = desk.app.offer.vendor != "Solv";
    if desk.app.slot_source().is_some() {
        let at = slot().at.with_timezone(&desk.app.site_zone());
        desk.app.form.draft.slot = Some(Slot {
            at: at.fixed_offset(),
            price: slot().price.filter(|_| has_prices),
            place: slot().place.filter(|_| has_prices),
            ..slot()
        });
    }
    if desk.app.field(FieldKey::PatientCode).is_some() {
        desk.app.form.draft.code = Some(session(true));
    }
    desk
}

fn read_back(kind: Kind, size: (u16, u16)) -> Desk {
    let mut desk = filled(kind, size);
    desk.keys("<F2>");
    assert!(desk.screen().contains("Read back"), "{}", desk.screen());
    desk
}

/// The courier's word on what was sent, with what the vendor told of it.
fn answered(desk: &mut Desk, state: State, told: &[(&str, &str)]) {
    let (draft, submission) = desk.keys("<Enter>").saved().expect("it was sent");
    let line = |(label, text): &(&str, &str)| Told {
        label: (*label).into(),
        text: (*text).into(),
    };
    let outcome = match &state {
        State::Accepted { number } => Outcome::Accepted {
            number: number.clone().unwrap_or_default(),
            told: told.iter().map(line).collect(),
        },
        State::NotAccepted { reasons } => Outcome::Refused {
            reasons: reasons.clone(),
        },
        _ => Outcome::Unknown {
            why: "no answer".into(),
        },
    };
    let evidence = [Fact::Saved, Fact::Ended { number: 1, outcome }];
    desk.event(Event::IntentChanged(Box::new(Standing {
        intent: Intent {
            id: id_of(draft),
            profile: desk.app.offer.profile.clone(),
            saved_at: morning(),
            day: morning().date_naive(),
            follows: None,
            submission,
        },
        draft,
        state,
        evidence: evidence
            .map(|fact| Evidence {
                at: morning(),
                fact,
            })
            .to_vec(),
        next: None,
    })));
}

fn accepted(kind: Kind, size: (u16, u16), told: &[(&str, &str)]) -> Desk {
    let mut desk = read_back(kind, size);
    let number = Some("48210001".to_owned());
    answered(&mut desk, State::Accepted { number }, told);
    desk
}

fn refused(kind: Kind, size: (u16, u16), field: FieldKey, words: &str) -> Desk {
    let mut desk = read_back(kind, size);
    let reasons = vec![Reason::theirs(Some(field), words)];
    answered(&mut desk, State::NotAccepted { reasons }, &[]);
    desk
}

#[rstest]
#[case::walk_in("form-walk-in", Kind::WalkIn)]
#[case::reservation("form-reservation", Kind::Reservation)]
#[case::external("form-external", Kind::External)]
#[case::appointment("form-appointment", Kind::Appointment)]
#[case::anonymous("form-anonymous", Kind::Anonymous)]
fn the_form_of_every_kind(
    #[case] name: &str,
    #[case] kind: Kind,
    #[values((60, 20), (80, 24), (120, 36))] size: (u16, u16),
) {
    picture(name, &at(kind, size));
    picture(&format!("{name}-read-back"), &read_back(kind, size));
}

#[rstest]
fn the_help_of_every_vendor(
    #[values(Kind::WalkIn, Kind::Appointment)] kind: Kind,
    #[values((60, 20), (80, 24), (120, 36))] size: (u16, u16),
) {
    let word = kind.word().to_lowercase();
    let mut desk = at(kind, size);
    picture(&format!("help-{word}"), desk.keys("<F1>"));
    picture(&format!("help-keys-{word}"), desk.keys("<Right>"));
}

#[rstest]
fn what_became_of_every_kind(
    #[values(
        "walk-in-accepted",
        "reservation-accepted",
        "external-accepted",
        "appointment-accepted",
        "anonymous-accepted",
        "walk-in-refused",
        "walk-in-refused-field",
        "reservation-gone",
        "reservation-gone-field",
        "anonymous-lapsed",
        "appointment-sign-in-again",
        "image",
        "image-read-back"
    )]
    name: &str,
    #[values((60, 20), (80, 24), (120, 36))] size: (u16, u16),
) {
    let moment = ("When", "Sat 21 Nov 2026, 21:45 CST");
    let unknown_type = "Unknown visit type for this location.";
    let taken = "this time was taken by somebody else: pick another";
    let mut desk = match name {
        "reservation-accepted" => {
            accepted(Kind::Reservation, size, &[("Status", "reserved"), moment])
        }
        "external-accepted" => accepted(
            Kind::External,
            size,
            &[("Patient", "Zoë Example"), ("Status", "cancelled")],
        ),
        "appointment-accepted" => accepted(
            Kind::Appointment,
            size,
            &[("Clinician", "Dr. Priya Nair"), ("Owed", "£240")],
        ),
        "anonymous-accepted" => accepted(
            Kind::Anonymous,
            size,
            &[("Clinician", "Dr. Thomas Reed"), ("Invoice", "1867")],
        ),
        "walk-in-refused" | "walk-in-refused-field" => {
            refused(Kind::WalkIn, size, FieldKey::VisitType, unknown_type)
        }
        "reservation-gone" | "reservation-gone-field" => {
            refused(Kind::Reservation, size, FieldKey::ScheduledAt, taken)
        }
        "anonymous-lapsed" => {
            let why = "the patient's code has lapsed: send another one";
            refused(Kind::Anonymous, size, FieldKey::PatientCode, why)
        }
        "appointment-sign-in-again" => at(Kind::Appointment, size),
        _ => accepted(Kind::WalkIn, size, &[("Status", "confirmed")]),
    };
    match name {
        "walk-in-refused-field" | "reservation-gone-field" | "anonymous-lapsed" => {
            desk.keys("<Enter>");
        }
        "appointment-sign-in-again" => {
            let why = "A code was sent to the mobile of desk@example.com.";
            desk.keys("Nina")
                .answer_list(FieldKey::Payer, Err(Failure::CodeNeeded(why.into())));
        }
        "image" | "image-read-back" => {
            desk.keys("ma<Enter>");
            desk.keys("<Right><Tab>/home/desk/card.png");
        }
        _ => {}
    }
    if name == "image-read-back" {
        let review: Option<Chord> = desk.app.keymap.chord(Action::Review);
        desk.event(Event::KeyPressed(review.unwrap()));
    }
    picture(name, &desk);
}

#[test]
fn a_booking_of_another_system_is_told_by_its_number_where_there_is_no_name() {
    let mut desk = accepted(Kind::External, (80, 24), &[("Status", "reserved")]);
    assert!(desk.screen().contains("│ EXT-77"), "{}", desk.screen());
    let screen = desk.keys("<Enter><F5>ext-7").screen();
    assert!(
        screen.contains("✓ Accepted     EMR booking · EXT-77"),
        "{screen}"
    );
}

#[test]
fn a_patient_is_not_called_new_before_the_vendor_was_asked() {
    let desk = read_back(Kind::Appointment, (120, 36));
    let screen = desk.screen();
    assert!(!screen.contains("new at Meddbase"), "{screen}");
    assert!(screen.contains("found or created at Meddbase"), "{screen}");
}

#[test]
fn no_word_about_a_kind_is_cut_in_the_middle() {
    for kind in [Kind::WalkIn, Kind::Reservation, Kind::External] {
        for size in [(60, 20), (80, 24)] {
            let desk = at(kind, size);
            let rows = desk.screen();
            let told = rows.lines().rev().nth(1).unwrap();
            assert!(!told.contains('…'), "{rows}");
        }
    }
}

#[test]
fn no_field_is_promised_where_the_vendor_names_none() {
    let reason = |field| Reason::theirs(field, "the location is closed");
    for field in [None, Some(FieldKey::VisitType)] {
        let mut desk = read_back(Kind::WalkIn, (120, 36));
        let reasons = vec![reason(field)];
        answered(&mut desk, State::NotAccepted { reasons }, &[]);
        let screen = desk.screen();
        assert!(screen.contains("Enter opens the form again"), "{screen}");
        assert_eq!(screen.contains("beside its field"), field.is_some());
    }
}

#[test]
fn first_names_of_several_words_are_read_back_apart() {
    let mut desk = filled(Kind::WalkIn, (120, 36));
    let values = &mut desk.app.form.draft.values;
    values.insert(FieldKey::Name, "Ortega, Mary Ann".into());
    desk.keys("<F2>");
    let screen = desk.screen();
    assert!(screen.contains("Mary Ann Ortega"), "{screen}");
    assert!(
        screen.contains("first name Mary Ann, last name Ortega"),
        "{screen}"
    );
    let (_, submission) = desk.keys("<Enter>").saved().unwrap();
    assert_eq!(submission.patient.first_name, "Mary Ann");
    assert_eq!(submission.patient.last_name.as_deref(), Some("Ortega"));
}

/// Solv, the phone of somebody whom this desk has met; everything else that must be filled is.
#[test]
fn a_person_of_the_phone_leads_to_the_visit_where_nothing_is_ordered() {
    for kind in [Kind::WalkIn, Kind::Reservation] {
        let mut desk = filled(kind, (120, 36));
        desk.reach(FieldKey::Phone).keys("<C-u>5125550101");
        desk.answer_people().keys("<Enter><F4><Enter>");
        let screen = desk.screen();
        assert!(screen.contains("Filled in Asha Sharma"), "{screen}");
        assert!(!screen.contains("Tests & packages"), "{screen}");
        assert_eq!(desk.app.focus, Focus::Kind);
    }
    let mut desk = filled(Kind::Reservation, (120, 36));
    desk.reach(FieldKey::Phone).keys("<C-u>5125550101");
    desk.app.form.draft.slot = None;
    desk.answer_people().keys("<F4><Enter>");
    let time = Focus::Field(FieldKey::ScheduledAt);
    assert_eq!(desk.app.focus, time, "it is not picked yet");
}

/// Meddbase, the time picked before the patient is found.
#[test]
fn a_patient_of_the_vendor_leads_to_the_visit_where_nothing_is_ordered() {
    let mut desk = filled(Kind::Appointment, (120, 36));
    desk.reach(FieldKey::Name)
        .keys("<C-u>Rahul S<F4>")
        .answer_patients(Ok(vec![known("p1", "Harbour")]));
    desk.keys("<Enter>");
    let screen = desk.screen();
    assert!(
        screen.contains("Known at Meddbase: Rahul Sharma"),
        "{screen}"
    );
    assert!(!screen.contains("Tests & packages"), "{screen}");
    assert_eq!(desk.app.focus, Focus::Kind);
}
