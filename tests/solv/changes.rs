//! What is done later: status, pictures, and bookings that the clinic's own system made.

use frontdesk::domain::evidence::Outcome;
use frontdesk::domain::offer::{FieldKey, Kind};
use frontdesk::domain::submission::Intent;
use frontdesk::vendor::Adapter;
use rstest::rstest;
use serde_json::{Value, json};

use crate::desk::{
    LATER, answer, booking, change, external, good, moved, open, picture, requests, said, solv,
    wrapped,
};

const BOOKING: &str = "/v1/partner/bookings/48210001";
const IMAGES: &str = "/v1/partner/bookings/48210001/images";
const EXTERNAL: &str = "/v1/partner/external_bookings/EMR-88101";

async fn submit(
    verb: &str,
    to: &str,
    body: &serde_json::Value,
    intent: &Intent,
) -> (Outcome, String) {
    let server = open().await;
    answer(&server, verb, to, good(body)).await;
    let outcome = solv(&server.uri()).submit(intent, None).await;
    let sent = requests(&server, to).await;
    let sent = sent.first().map_or(&[][..], |one| &one.body);
    (outcome, String::from_utf8_lossy(sent).into_owned())
}

fn number(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Accepted { number, .. } => number,
        other => panic!("{other:?}"),
    }
}

#[rstest]
#[case("check-in", "checked_in")]
#[case("exam-room", "in_exam_room")]
#[case("discharged", "discharged")]
#[case("no-show", "no_show")]
#[case("cancel", "cancelled")]
#[tokio::test]
async fn a_status_is_the_only_field(#[case] id: &str, #[case] status: &str) {
    let intent = change(id, "48210001");
    let now = wrapped(&booking(48_210_001, &status.to_uppercase()));
    let (outcome, sent) = submit("PATCH", BOOKING, &now, &intent).await;
    assert_eq!(number(&outcome), "48210001");
    assert_eq!(sent, format!(r#"{{"status":"{status}"}}"#));
}

#[tokio::test]
async fn a_booking_that_did_not_change_proves_nothing() {
    let intent = change("check-in", "48210001");
    let (outcome, _) = submit("PATCH", BOOKING, &booking(48_210_001, "reserved"), &intent).await;
    assert!(
        matches!(&outcome, Outcome::PerhapsAccepted { why } if why.contains("is reserved")),
        "{outcome:?}"
    );
}

fn card(base64: &str) -> Intent {
    picture("48210001", "insurance_card_front", base64)
}

#[rstest]
#[case::jpeg("/9j/4AAQSkZJRg==")]
#[case::png("iVBORw0KGgoAAAANSUhEUg==")]
#[tokio::test]
async fn a_picture_leaves_as_it_is(#[case] base64: &str) {
    let made =
        json!({"booking_id": 48_210_001, "image_id": 9001, "image_type": "insurance_card_front"});
    let (outcome, sent) = submit("POST", IMAGES, &made, &card(base64)).await;
    assert_eq!(number(&outcome), "9001");
    let expected = format!(r#"{{"image":"{base64}","image_type":"insurance_card_front"}}"#);
    assert_eq!(sent, expected);
}

#[rstest]
#[case::gif("R0lGODdhAQABAA==")]
#[case::page("data:image/png;base64,iVBORw0KGgo=")]
#[case::empty("")]
#[tokio::test]
async fn what_is_no_picture_never_leaves(#[case] base64: &str) {
    let (outcome, sent) = submit("POST", IMAGES, &json!({}), &card(base64)).await;
    let Outcome::HeldBack { reasons } = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(reasons[0].field, Some(FieldKey::Image));
    assert_eq!(sent, "");
}

#[rstest]
#[case::words("../bookings")]
#[case::signed("+7")]
#[case::empty("")]
#[case::too_long("99999999999999999999")]
#[tokio::test]
async fn a_number_that_is_none_reaches_no_path(#[case] number: &str) {
    let server = open().await;
    let outcome = solv(&server.uri())
        .submit(&change("cancel", number), None)
        .await;
    assert!(matches!(outcome, Outcome::HeldBack { .. }), "{outcome:?}");
    assert!(server.received_requests().await.unwrap().is_empty());
}

#[rstest]
#[case::status(
    "PATCH", "", external("EMR-88101", &[(FieldKey::Action, "status"), (FieldKey::Status, "checked_in")]),
    r#"{"external_location_id":"LAM-01","service_id":"7","status":"checked_in"}"#, "checked_in"
)]
#[case::cancel(
    "DELETE", "", external("EMR-88101", &[(FieldKey::Action, "cancel"), (FieldKey::Reason, "moved away")]),
    r#"{"external_location_id":"LAM-01","service_id":"7","cancellation_reason":"moved away"}"#, "cancelled"
)]
#[case::cancel_without_a_word(
    "DELETE", "", external("EMR-88101", &[(FieldKey::Action, "cancel"), (FieldKey::ExternalLocation, "L2")]),
    r#"{"external_location_id":"L2","service_id":"7"}"#, "cancelled"
)]
#[case::reschedule(
    "POST", "/reschedule", moved("EMR-88101"),
    r#"{"appointment_date":"2026-11-24T09:30:00-06:00","external_location_id":"LAM-01","service_id":"7"}"#,
    "reserved"
)]
#[tokio::test]
async fn an_external_booking_goes_by_its_own_ids(
    #[case] verb: &str,
    #[case] tail: &str,
    #[case] intent: Intent,
    #[case] body: &str,
    #[case] status: &str,
) {
    let to = format!("{EXTERNAL}{tail}");
    let mut now = booking(31_001, status);
    if intent.submission.appointment.is_some() {
        now["appointment_date"] = json!(LATER);
    }
    let (outcome, sent) = submit(verb, &to, &now, &intent).await;
    assert_eq!(number(&outcome), "31001");
    assert_eq!(sent, body);
}

#[rstest]
#[case::old_time(json!("2026-11-23T15:30:00.000Z"), "the booking is at Mon 23 Nov 2026, 09:30 CST, not at Tue 24 Nov 2026, 09:30 CST")]
#[case::no_time(json!(null), "it does not say that the booking is at Tue 24 Nov")]
#[case::words(json!("tomorrow"), "it does not say that the booking is at Tue 24 Nov")]
#[tokio::test]
async fn a_booking_that_was_not_moved_proves_nothing(#[case] at: Value, #[case] told: &str) {
    let mut now = booking(31_001, "reserved");
    now["appointment_date"] = at;
    let to = format!("{EXTERNAL}/reschedule");
    let (outcome, _) = submit("POST", &to, &now, &moved("EMR-88101")).await;
    assert!(
        matches!(&outcome, Outcome::PerhapsAccepted { why } if why.contains(told)),
        "{outcome:?}"
    );
}

/// However the new time is written, and of what was typed only the whole seconds leave.
#[rstest]
#[case::clinic("2026-11-24T09:30:00-06:00")]
#[case::utc("2026-11-24T15:30:00.000Z")]
#[case::local("2026-11-24T09:30:00")]
#[tokio::test]
async fn a_booking_at_its_new_time_was_moved(#[case] at: &str) {
    let mut now = booking(31_001, "reserved");
    now["appointment_date"] = json!(at);
    let mut intent = moved("EMR-88101");
    let appointment = intent.submission.appointment.as_mut().unwrap();
    appointment.at += chrono::TimeDelta::milliseconds(250);
    let to = format!("{EXTERNAL}/reschedule");
    let (outcome, _) = submit("POST", &to, &now, &intent).await;
    assert_eq!(number(&outcome), "31001");
}

/// At 01:30 the clinic's clock shows the same time again an hour later, on 7 November 2027.
#[rstest]
#[case::the_moment("2027-11-07T01:30:00-06:00", true)]
#[case::the_clinics_time("2027-11-07T01:30:00", true)]
#[case::the_first_of_the_two("2027-11-07T01:30:00-05:00", false)]
#[tokio::test]
async fn a_time_that_the_clock_shows_twice_is_proven_like_every_other(
    #[case] at: &str,
    #[case] is_proof: bool,
) {
    let mut now = booking(31_001, "reserved");
    now["appointment_date"] = json!(at);
    let mut intent = moved("EMR-88101");
    let appointment = intent.submission.appointment.as_mut().unwrap();
    appointment.at = "2027-11-07T07:30:00Z".parse().unwrap();
    let to = format!("{EXTERNAL}/reschedule");
    let (outcome, sent) = submit("POST", &to, &now, &intent).await;
    assert!(sent.contains("2027-11-07T01:30:00-06:00"), "{sent}");
    let is_accepted = matches!(outcome, Outcome::Accepted { .. });
    assert_eq!(is_accepted, is_proof, "{outcome:?}");
}

#[tokio::test]
async fn a_refused_time_that_the_clock_shows_twice_stands_beside_its_field() {
    let server = open().await;
    let to = format!("{EXTERNAL}/reschedule");
    answer(&server, "POST", &to, said(409, "taken")).await;
    let mut intent = moved("EMR-88101");
    let appointment = intent.submission.appointment.as_mut().unwrap();
    appointment.at = "2027-11-07T07:30:00Z".parse().unwrap();
    let outcome = solv(&server.uri()).submit(&intent, None).await;
    let Outcome::Refused { reasons } = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(reasons[0].field, Some(FieldKey::ScheduledAt));
}

#[tokio::test]
async fn an_external_id_stays_in_its_segment() {
    let intent = external("a/../b c", &[(FieldKey::Action, "cancel")]);
    let to = "/v1/partner/external_bookings/a%2F..%2Fb%20c";
    let (outcome, _) = submit("DELETE", to, &booking(31_001, "cancelled"), &intent).await;
    assert_eq!(number(&outcome), "31001");
}

#[rstest]
#[case::no_action(external("EMR-1", &[]), FieldKey::Action)]
#[case::no_status(external("EMR-1", &[(FieldKey::Action, "status")]), FieldKey::Status)]
#[case::no_time(external("EMR-1", &[(FieldKey::Action, "reschedule")]), FieldKey::ScheduledAt)]
#[case::no_id(external(" ", &[(FieldKey::Action, "cancel")]), FieldKey::ExternalBooking)]
#[case::parent(external("..", &[(FieldKey::Action, "cancel")]), FieldKey::ExternalBooking)]
#[tokio::test]
async fn an_external_form_half_filled_never_leaves(
    #[case] intent: Intent,
    #[case] field: FieldKey,
) {
    let server = open().await;
    let outcome = solv(&server.uri()).submit(&intent, None).await;
    let Outcome::HeldBack { reasons } = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(reasons[0].field, Some(field));
    assert!(server.received_requests().await.unwrap().is_empty());
}

#[rstest]
#[case::kind_of_another_vendor(Kind::Lead)]
#[case::change_of_nothing(Kind::Change)]
#[tokio::test]
async fn what_solv_does_not_take_never_leaves(#[case] kind: Kind) {
    let server = open().await;
    let mut intent = external("EMR-1", &[]);
    intent.submission.kind = kind;
    let outcome = solv(&server.uri()).submit(&intent, None).await;
    assert!(matches!(outcome, Outcome::HeldBack { .. }), "{outcome:?}");
    assert!(server.received_requests().await.unwrap().is_empty());
}
