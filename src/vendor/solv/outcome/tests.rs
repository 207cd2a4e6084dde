//! The table of signals and classes, row by row.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use rstest::rstest;

use chrono_tz::Tz;

use super::*;
use crate::domain::evidence::Outcome;
use crate::domain::looked::Told;
use crate::vendor::http::Cut;
use crate::vendor::outcome::list;
use crate::vendor::outcome::tests::{answer, class};
use crate::vendor::solv::wire::answer::Proof;

const BOOKED: &str = r#"{"id":48210001,"status":"reserved","location_id":1042,"appointment_date":"2026-11-23T15:30:00.000Z"}"#;
const WRAPPED: &str = r#"{"meta":{},"data":{"id":"48210001","status":"RESERVED","location_id":"1042","appointment_date":"2026-11-23T09:30"}}"#;
const FIELDS: &str =
    r#"{"detail":[{"loc":["body","phone"],"msg":"field required","type":"value_error.missing"}]}"#;
const WORDS: &str = r#"{"detail":"Location not found"}"#;
const GATE: &str = r#"{"message":"Forbidden"}"#;
const UTC: &str = "2026-11-23T15:30:00.000Z";
/// The time that was picked.
const AT: &str = "2026-11-23T09:30:00-06:00";
const HTML: &str = "<html><body>Bad gateway</body></html>";

fn proven_by(proof: Proof, has_time: bool) -> Expected {
    Expected {
        proof,
        has_time,
        is_of_others: false,
        zone: Tz::America__Chicago,
    }
}

fn booked(has_time: bool) -> Expected {
    let proof = Proof::Booking {
        number: None,
        status: Some("reserved".to_owned()),
        made_at: Some(1042),
        at: Some(AT.parse().unwrap()),
        external: None,
    };
    proven_by(proof, has_time)
}

#[rstest]
#[case::bare(200, "json", BOOKED, "accepted")]
#[case::wrapped(200, "json", WRAPPED, "accepted")]
#[case::other_2xx(201, "json", BOOKED, "accepted")]
#[case::nulls(200, "json", r#"{"id":7,"status":null}"#, "perhaps accepted")]
#[case::number_alone(200, "json", r#"{"id":7}"#, "perhaps accepted")]
#[case::a_date_of_another_form(200, "json", &BOOKED.replace(UTC, "11/23/2026"), "accepted")]
#[case::a_date_with_an_offset(200, "json", &BOOKED.replace(UTC, AT), "accepted")]
#[case::another_time(200, "json", &BOOKED.replace("23T15", "23T16"), "perhaps accepted")]
#[case::another_time_at_the_clinic(200, "json", &BOOKED.replace(UTC, "2026-11-23T15:30"), "perhaps accepted")]
#[case::confirmed(200, "json", &BOOKED.replace("reserved", "confirmed"), "perhaps accepted")]
#[case::cancelled(200, "json", &BOOKED.replace("reserved", "Cancelled"), "perhaps accepted")]
#[case::elsewhere(200, "json", &BOOKED.replace("1042", "999"), "perhaps accepted")]
#[case::nowhere(200, "json", &BOOKED.replace("1042", "null"), "perhaps accepted")]
#[case::wrong_type(200, "html", BOOKED, "perhaps accepted")]
#[case::html(200, "html", HTML, "perhaps accepted")]
#[case::no_body(204, "json", "", "perhaps accepted")]
#[case::cut(200, "json", r#"{"id":48210001,"sta"#, "perhaps accepted")]
#[case::more_after_it(200, "json", r#"{"id":48210001}}"#, "perhaps accepted")]
#[case::no_number(200, "json", r#"{"status":"reserved"}"#, "perhaps accepted")]
#[case::null_number(200, "json", r#"{"id":null}"#, "perhaps accepted")]
#[case::no_such_number(200, "json", r#"{"id":0}"#, "perhaps accepted")]
#[case::broken_number(200, "json", r#"{"id":4.5}"#, "perhaps accepted")]
#[case::words_for_number(200, "json", r#"{"id":"soon"}"#, "perhaps accepted")]
#[case::empty_data(200, "json", r#"{"meta":{},"data":null}"#, "perhaps accepted")]
#[case::list(200, "json", "[]", "perhaps accepted")]
#[case::error_as_200(200, "json", WORDS, "perhaps accepted")]
#[case::redirect(302, "html", HTML, "unknown")]
#[case::bad_request(400, "json", WORDS, "refused")]
#[case::forbidden(403, "json", WORDS, "refused")]
#[case::forbidden_by_the_gate(403, "json", GATE, "refused")]
#[case::not_found(404, "json", WORDS, "refused")]
#[case::conflict(409, "json", WORDS, "refused")]
#[case::unprocessable(422, "json", FIELDS, "refused")]
#[case::forbidden_by_a_proxy(403, "html", HTML, "unknown")]
#[case::not_found_empty(404, "json", "{}", "unknown")]
#[case::not_found_list(404, "json", "[]", "unknown")]
#[case::no_faults(422, "json", r#"{"detail":[]}"#, "unknown")]
#[case::contradiction(400, "json", BOOKED, "unknown")]
#[case::conflict_html(409, "html", HTML, "unknown")]
#[case::signed_out(401, "json", WORDS, "signed out")]
#[case::signed_out_html(401, "html", HTML, "signed out")]
#[case::payment(402, "json", WORDS, "unknown")]
#[case::method(405, "json", WORDS, "unknown")]
#[case::server_waited(408, "json", WORDS, "unknown")]
#[case::too_large(413, "json", WORDS, "unknown")]
#[case::too_many(429, "html", "", "rate limited")]
#[case::server_failed(500, "json", WORDS, "unknown")]
#[case::bad_gateway(502, "html", HTML, "unknown")]
#[case::gateway_waited(504, "html", HTML, "unknown")]
#[case::beyond(599, "json", WORDS, "unknown")]
fn classes_of_answers(
    #[case] status: u16,
    #[case] content_type: &str,
    #[case] body: &str,
    #[case] expected: &str,
) {
    let outcome = signal(&answer(status, content_type, body), &booked(true)).outcome(SOLV);
    assert_eq!(class(&outcome), expected, "{outcome:?}");
}

#[rstest]
#[case::done(7, r#""cancelled""#, "accepted")]
#[case::loud(7, r#""CANCELLED""#, "accepted")]
#[case::another_status(7, r#""reserved""#, "perhaps accepted")]
#[case::no_status(7, "null", "perhaps accepted")]
#[case::another_booking(8, r#""cancelled""#, "perhaps accepted")]
fn a_change_is_proven_by_what_the_booking_is_now(
    #[case] id: i64,
    #[case] status: &str,
    #[case] expected: &str,
) {
    let proof = Proof::Booking {
        number: Some(7),
        status: Some("cancelled".to_owned()),
        made_at: None,
        at: None,
        external: None,
    };
    let body = BOOKED.replace("48210001", &id.to_string());
    let body = body.replace(r#""reserved""#, status);
    let outcome = signal(&answer(200, "json", &body), &proven_by(proof, false)).outcome(SOLV);
    assert_eq!(class(&outcome), expected, "{outcome:?}");
}

#[rstest]
#[case::it(r#","emr_booking_id":"EMR-1""#, "accepted")]
#[case::untold("", "accepted")]
#[case::null(r#","emr_booking_id":null"#, "accepted")]
#[case::another(r#","emr_booking_id":"EMR-2""#, "perhaps accepted")]
fn a_booking_of_another_system_is_the_one_that_was_asked_for(
    #[case] told: &str,
    #[case] expected: &str,
) {
    let proof = Proof::Booking {
        number: None,
        status: Some("reserved".to_owned()),
        made_at: None,
        at: None,
        external: Some("EMR-1".to_owned()),
    };
    let body = BOOKED.replace('}', &format!("{told}}}"));
    let outcome = signal(&answer(200, "json", &body), &proven_by(proof, false)).outcome(SOLV);
    assert_eq!(class(&outcome), expected, "{outcome:?}");
}

#[rstest]
#[case(
    r#"{"booking_id":7,"image_id":9001,"image_type":"photo_id_front"}"#,
    "accepted"
)]
#[case(
    r#"{"data":{"booking_id":"7","image_id":"9001","image_type":null}}"#,
    "accepted"
)]
#[case(r#"{"booking_id":8,"image_id":9001}"#, "perhaps accepted")]
#[case(
    r#"{"booking_id":7,"image_id":9001,"image_type":"photo_id_back"}"#,
    "perhaps accepted"
)]
#[case(r#"{"booking_id":7}"#, "perhaps accepted")]
fn a_picture_is_proven_by_its_number(#[case] body: &str, #[case] expected: &str) {
    let proof = Proof::Image {
        booking: 7,
        kind: "photo_id_front".to_owned(),
    };
    let outcome = signal(&answer(200, "json", body), &proven_by(proof, false)).outcome(SOLV);
    assert_eq!(class(&outcome), expected, "{outcome:?}");
}

#[rstest]
#[case(Cut::TooLong(1_048_576), 200, "perhaps accepted")]
#[case(Cut::Short("reset".into()), 200, "perhaps accepted")]
#[case(Cut::Short("reset".into()), 422, "unknown")]
#[case(Cut::TooLong(1_048_576), 404, "unknown")]
fn a_body_that_is_not_whole_proves_nothing(
    #[case] cut: Cut,
    #[case] status: u16,
    #[case] expected: &str,
) {
    let answer = Answer {
        body: Err(cut),
        ..answer(status, "json", "")
    };
    assert_eq!(
        class(&signal(&answer, &booked(true)).outcome(SOLV)),
        expected
    );
}

/// The reasons of a refusal with this body.
fn refused(status: u16, body: &str, has_time: bool) -> Vec<Reason> {
    match signal(&answer(status, "json", body), &booked(has_time)).outcome(SOLV) {
        Outcome::Refused { reasons } => reasons,
        other => panic!("{other:?}"),
    }
}

fn fault(name: &str) -> String {
    format!(r#"{{"detail":[{{"loc":["body","{name}"],"msg":"not good","type":"value_error"}}]}}"#)
}

#[rstest]
#[case("birth_date", FieldKey::BirthDate)]
#[case("first_name", FieldKey::Name)]
#[case("last_name", FieldKey::Name)]
#[case("phone", FieldKey::Phone)]
#[case("visit_type_id", FieldKey::VisitType)]
#[case("reason", FieldKey::Reason)]
#[case("email", FieldKey::Email)]
#[case("birth_sex", FieldKey::Sex)]
#[case("paperwork_status", FieldKey::Paperwork)]
#[case("attribution", FieldKey::Source)]
#[case("emr_patient_id", FieldKey::PatientRecord)]
#[case("custom_booking_management_url", FieldKey::ManagementUrl)]
#[case("address_street", FieldKey::Street)]
#[case("address_street_secondary", FieldKey::StreetSecond)]
#[case("address_city", FieldKey::City)]
#[case("address_state", FieldKey::State)]
#[case("address_zip", FieldKey::Zip)]
#[case("status", FieldKey::Status)]
#[case("image", FieldKey::Image)]
#[case("image_type", FieldKey::ImageType)]
#[case("external_location_id", FieldKey::ExternalLocation)]
#[case("service_id", FieldKey::Integration)]
#[case("cancellation_reason", FieldKey::Reason)]
fn a_fault_stands_beside_its_field(#[case] name: &str, #[case] field: FieldKey) {
    let reason = Reason::theirs(Some(field), "not good");
    assert_eq!(refused(422, &fault(name), true), [reason]);
}

#[rstest]
#[case::as_the_wire_calls_it("is_walk_in", "is_walk_in: not good")]
#[case::as_the_desk_calls_it("location_id", "the branch: not good")]
fn a_fault_of_no_field_is_told_with_its_name(#[case] name: &str, #[case] words: &str) {
    let reason = Reason::theirs(None, words);
    assert_eq!(refused(422, &fault(name), true), [reason]);
}

#[test]
fn a_fault_in_the_path_stands_beside_its_field() {
    let body = r#"{"detail":[{"loc":["path","external_booking_id"],"msg":"not good","type":"t"}]}"#;
    let reason = Reason::theirs(Some(FieldKey::ExternalBooking), "not good");
    assert_eq!(refused(422, body, true), [reason]);
}

#[test]
fn every_fault_is_told() {
    let body = r#"{"detail":[{"loc":["body","phone"],"msg":"field required","type":"t"},
        {"loc":["body","items",0,"email"],"msg":"\u001b[31mbad\nmail","type":"t"}]}"#;
    let told: Vec<_> = refused(422, body, true)
        .into_iter()
        .map(|reason| (reason.field.unwrap(), reason.words))
        .collect();
    let expected = [
        (FieldKey::Phone, "field required".to_owned()),
        (FieldKey::Email, "[31mbad mail".to_owned()),
    ];
    assert_eq!(told, expected);
}

#[test]
fn the_wire_name_of_a_time_is_not_said_beside_it() {
    let body = r#"{"detail":[{"loc":["body","appointment_date"],
        "msg":"appointment_date is already taken","type":"value_error"}]}"#;
    let when = Some(FieldKey::ScheduledAt);
    let expected = [
        Reason::ours(when, "this time is gone: pick another"),
        Reason::theirs(when, "it is already taken"),
    ];
    assert_eq!(refused(422, body, true), expected);
}

#[rstest]
#[case::a_walk_in(
    422,
    r#"{"detail":[{"loc":["body","appointment_date"],
    "msg":"the location is closed at appointment_date","type":"value_error"}]}"#
)]
#[case::words_alone(422, r#"{"detail":"the location is closed at appointment_date"}"#)]
fn words_beside_no_field_are_kept_word_for_word(#[case] status: u16, #[case] body: &str) {
    let words = "the location is closed at appointment_date";
    assert_eq!(refused(status, body, false), [Reason::theirs(None, words)]);
}

#[test]
fn what_is_said_beside_a_field_does_not_name_it_as_the_wire_does() {
    let body = r#"{"detail":[{"loc":["body","birth_date"],"msg":"birth_date is ahead","type":"t"},
        {"loc":["body","phone"],"msg":"phone number too short","type":"t"}]}"#;
    let told: Vec<_> = refused(422, body, true)
        .into_iter()
        .map(|reason| reason.words)
        .collect();
    assert_eq!(told, ["it is ahead", "phone number too short"]);
}

#[rstest]
#[case::at_its_field(422, &fault("appointment_date"))]
#[case::conflict(409, r#"{"detail":"not good"}"#)]
#[case::bad_request(400, r#"{"detail":"not good"}"#)]
#[case::words_alone(422, r#"{"detail":"not good"}"#)]
#[case::the_whole(
    422,
    r#"{"detail":[{"loc":["body"],"msg":"not good","type":"value_error"}]}"#
)]
#[case::the_root(
    422,
    r#"{"detail":[{"loc":["body","__root__"],"msg":"not good","type":"value_error"}]}"#
)]
fn a_time_that_is_gone_stands_beside_the_time(#[case] status: u16, #[case] body: &str) {
    let [ours, theirs] = &refused(status, body, true)[..] else {
        panic!("what is to be done, and what was said");
    };
    let when = Some(FieldKey::ScheduledAt);
    assert_eq!(*ours, Reason::ours(when, "this time is gone: pick another"));
    assert_eq!((theirs.is_ours, theirs.words.as_str()), (false, "not good"));
    // A walk-in has no time to pick anew.
    let [reason] = &refused(status, body, false)[..] else {
        panic!("one reason");
    };
    assert_eq!((reason.field, reason.words.as_str()), (None, "not good"));
}

#[rstest]
#[case(422, &fault("visit_type_id"), "Refused")]
#[case(404, WORDS, "Refused")]
#[case(404, HTML, "Offline")]
#[case(408, WORDS, "Offline")]
#[case(429, "", "Busy")]
#[case(401, "", "SignedOut")]
#[case(302, "", "Offline")]
#[case(503, WORDS, "Offline")]
fn failures_of_lists(#[case] status: u16, #[case] body: &str, #[case] expected: &str) {
    let answer = answer(status, "json", body);
    let words = words(&answer);
    let failure = list(SOLV, "slots", answer, words).unwrap_err();
    assert!(format!("{failure:?}").starts_with(expected), "{failure:?}");
}

#[rstest]
#[case::own(false, &[("Status", "checked in"), ("When", "Mon 23 Nov 2026, 09:30 CST")])]
#[case::of_others(true, &[("Patient", "Marisol Ortega"), ("Status", "checked in"), ("When", "Mon 23 Nov 2026, 09:30 CST")])]
fn the_card_tells_what_the_booking_is_now(
    #[case] is_of_others: bool,
    #[case] lines: &[(&str, &str)],
) {
    let body = r#"{"id":7,"status":"CHECKED_IN","appointment_date":"2026-11-23T15:30:00.000Z","location_id":1042,
        "first_name":"Marisol","last_name":"Ortega\u001b"}"#;
    let later = Proof::Booking {
        number: Some(7),
        status: None,
        made_at: None,
        at: None,
        external: None,
    };
    let expected = Expected {
        is_of_others,
        ..proven_by(later, true)
    };
    let Outcome::Accepted { told, .. } =
        signal(&answer(200, "json", body), &expected).outcome(SOLV)
    else {
        panic!("it is a booking");
    };
    let line = |(label, text): &(&str, &str)| Told {
        label: (*label).to_owned(),
        text: (*text).to_owned(),
    };
    assert_eq!(told, lines.iter().map(line).collect::<Vec<_>>());
}
