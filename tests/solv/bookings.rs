//! Walk-ins and reservations: byte for byte what leaves, and what is made of the answer.

use frontdesk::domain::evidence::Outcome;
use frontdesk::domain::offer::FieldKey;
use frontdesk::domain::submission::Intent;
use frontdesk::vendor::Adapter;
use frontdesk::vendor::solv::settings::PhoneFormat;
use rstest::rstest;
use serde_json::Value;

use crate::desk::{
    BOOKINGS, answer, booking, good, open, requests, reservation, settings, solv, solv_with, told,
    walk_in, wrapped,
};

/// Everything that the page of the call lists and a form can hold.
fn whole() -> Intent {
    let mut intent = reservation();
    let submission = &mut intent.submission;
    submission.patient.email = Some("marisol@example.com".to_owned());
    submission.source = Some("front desk".to_owned());
    submission.details = told(&[
        (FieldKey::VisitType, "501"),
        (FieldKey::Reason, "Cough, three days"),
        (FieldKey::Sex, "female"),
        (FieldKey::Paperwork, "incomplete"),
        (FieldKey::PatientRecord, "EMR-7"),
        (FieldKey::ManagementUrl, "https://clinic.example/b"),
        (FieldKey::Street, "2200 S Lamar Blvd"),
        (FieldKey::StreetSecond, "Apt 4"),
        (FieldKey::City, "Austin"),
        (FieldKey::State, "tx"),
        (FieldKey::Zip, "78704"),
    ]);
    intent
}

const WHOLE: &str = concat!(
    r#"{"appointment_date":"2026-11-23T15:30:00.000Z","birth_date":"1984-03-09","#,
    r#""first_name":"Marisol","last_name":"Ortega","phone":"5125550111","location_id":1042,"#,
    r#""is_walk_in":false,"visit_type_id":501,"reason":"Cough, three days","#,
    r#""email":"marisol@example.com","birth_sex":"female","paperwork_status":"incomplete","#,
    r#""attribution":"front desk","emr_patient_id":"EMR-7","#,
    r#""custom_booking_management_url":"https://clinic.example/b","#,
    r#""address_street":"2200 S Lamar Blvd","address_street_secondary":"Apt 4","#,
    r#""address_city":"Austin","address_state":"TX","address_zip":"78704"}"#
);

const LEAST: &str = concat!(
    r#"{"appointment_date":"2026-11-21T09:48:05-06:00","birth_date":"1984-03-09","#,
    r#""first_name":"Marisol","last_name":"Ortega","phone":"5125550111","location_id":1042,"#,
    r#""is_walk_in":true}"#
);

const RESERVED: &str = concat!(
    r#"{"appointment_date":"2026-11-23T15:30:00.000Z","birth_date":"1984-03-09","#,
    r#""first_name":"Marisol","last_name":"Ortega","phone":"5125550111","location_id":1042,"#,
    r#""is_walk_in":false}"#
);

#[rstest]
#[case::whole(&whole(), WHOLE, None, "reserved")]
#[case::reserved(&reservation(), RESERVED, None, "reserved")]
#[case::walk_in(&walk_in(), LEAST, Some("allow_walkin_scheduling=true"), "CONFIRMED")]
#[tokio::test]
async fn a_booking_leaves_as_the_page_lists_it(
    #[case] intent: &Intent,
    #[case] body: &str,
    #[case] query: Option<&str>,
    #[case] status: &str,
) {
    let server = open().await;
    answer(&server, "POST", BOOKINGS, good(&booking(7, status))).await;
    let outcome = solv(&server.uri()).submit(intent, None).await;
    assert!(
        matches!(&outcome, Outcome::Accepted { number, .. } if number == "7"),
        "{outcome:?}"
    );
    let sent = &requests(&server, BOOKINGS).await[0];
    assert_eq!(String::from_utf8_lossy(&sent.body), body);
    assert_eq!(sent.url.query(), query);
    assert_eq!(sent.headers["x-api-key"], "cid_123");
    assert_eq!(sent.headers["authorization"], "Bearer token-1");
    assert_eq!(sent.headers["content-type"], "application/json");
}

#[tokio::test]
async fn what_is_open_goes_by_the_settings() {
    let server = open().await;
    answer(&server, "POST", BOOKINGS, good(&booking(7, "confirmed"))).await;
    let mut settings = settings(&server.uri());
    settings.assumptions.phone_format = PhoneFormat::E164;
    settings.assumptions.allow_walk_in_scheduling = false;
    let solv = solv_with(settings);
    solv.submit(&walk_in(), None).await;
    // A time for walk-ins alone that the clerk picked for a reservation.
    let mut reservation = reservation();
    reservation.submission.slot.as_mut().unwrap().is_walk_in = true;
    solv.submit(&reservation, None).await;
    let sent = requests(&server, BOOKINGS).await;
    let body: Value = serde_json::from_slice(&sent[0].body).unwrap();
    assert_eq!(body["phone"], "+15125550111");
    assert_eq!(sent[0].url.query(), None);
    assert_eq!(sent[1].url.query(), Some("allow_walkin_scheduling=true"));
}

#[rstest]
#[case::bare(booking(48_210_001, "reserved"))]
#[case::wrapped(wrapped(&booking(48_210_001, "RESERVED")))]
#[tokio::test]
async fn both_forms_of_an_answer_prove_the_booking(#[case] body: Value) {
    let server = open().await;
    answer(&server, "POST", BOOKINGS, good(&body)).await;
    let outcome = solv(&server.uri()).submit(&reservation(), None).await;
    assert!(
        matches!(&outcome, Outcome::Accepted { number, .. } if number == "48210001"),
        "{outcome:?}"
    );
}

#[rstest]
#[case::no_slot(|intent: &mut Intent| intent.submission.slot = None, Some(FieldKey::ScheduledAt))]
#[case::one_name(|intent: &mut Intent| intent.submission.patient.last_name = None, Some(FieldKey::Name))]
#[case::no_birth_date(|intent: &mut Intent| intent.submission.patient.birth_date = None, Some(FieldKey::BirthDate))]
#[case::no_phone(|intent: &mut Intent| intent.submission.patient.phone = None, Some(FieldKey::Phone))]
#[case::odd_visit_type(|intent: &mut Intent| {
    intent.submission.details = told(&[(FieldKey::VisitType, "flu")]);
}, Some(FieldKey::VisitType))]
#[case::lost_location(|intent: &mut Intent| intent.submission.branch.id.0 = "9".to_owned(), None)]
#[tokio::test]
async fn what_cannot_be_written_never_leaves(
    #[case] spoil: fn(&mut Intent),
    #[case] field: Option<FieldKey>,
) {
    let server = open().await;
    let mut intent = reservation();
    spoil(&mut intent);
    let outcome = solv(&server.uri()).submit(&intent, None).await;
    let Outcome::HeldBack { reasons } = &outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(reasons[0].field, field);
    assert!(server.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn the_faults_of_a_refusal_stand_beside_their_fields() {
    let server = open().await;
    let faults = serde_json::json!({"detail": [
        {"loc": ["body", "phone"], "msg": "value is not a valid phone number", "type": "value_error"},
        {"loc": ["body", "appointment_date"], "msg": "already taken", "type": "value_error"},
        {"loc": ["query", "allow_walkin_scheduling"], "msg": "odd", "type": "type_error.bool"},
    ]});
    let refusal = wiremock::ResponseTemplate::new(422).set_body_json(faults);
    answer(&server, "POST", BOOKINGS, refusal).await;
    let outcome = solv(&server.uri()).submit(&reservation(), None).await;
    let Outcome::Refused { reasons } = outcome else {
        panic!("{outcome:?}");
    };
    let told: Vec<_> = reasons
        .iter()
        .map(|reason| (reason.field, reason.words.as_str()))
        .collect();
    let expected = [
        (Some(FieldKey::Phone), "value is not a valid phone number"),
        (
            Some(FieldKey::ScheduledAt),
            "this time is gone: pick another",
        ),
        (Some(FieldKey::ScheduledAt), "already taken"),
        (None, "allow_walkin_scheduling: odd"),
    ];
    assert_eq!(told, expected);
}
