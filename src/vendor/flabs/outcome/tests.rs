//! The table of signals and classes, row by row.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use rstest::rstest;

use super::*;
use crate::domain::evidence::Outcome;
use crate::domain::offer::FieldKey;
use crate::vendor::http::Cut;
use crate::vendor::outcome::list;
use crate::vendor::outcome::tests::{answer, class};

const CREATED: &str = r#"{"success":true,"leadId":"6530a4a6f1d2c8b7e9a54321","phase":"lead","message":"Lead created successfully"}"#;
const REFUSED: &str = r#"{"success":false,"message":"contact must be exactly 10 digits"}"#;
const HTML: &str = "<html><body>Bad gateway</body></html>";

fn signal(answer: &Answer, call: Create) -> Signal {
    let echo = match call {
        Create::Crm => "lead",
        Create::Billing => "FD-1",
    };
    super::signal(answer, call, echo)
}

#[rstest]
#[case::published(200, "json", CREATED, "accepted")]
#[case::other_2xx(201, "json", CREATED, "accepted")]
#[case::wrong_type(200, "html", CREATED, "perhaps accepted")]
#[case::html(200, "html", HTML, "perhaps accepted")]
#[case::no_body(204, "json", "", "perhaps accepted")]
#[case::cut(200, "json", r#"{"success":true,"leadId":"6530"#, "perhaps accepted")]
#[case::more_after_it(
    200,
    "json",
    r#"{"success":true,"leadId":"6530"}}"#,
    "perhaps accepted"
)]
#[case::no_number(200, "json", r#"{"success":true}"#, "perhaps accepted")]
#[case::empty_number(200, "json", r#"{"success":true,"leadId":"  "}"#, "perhaps accepted")]
#[case::unreadable_number(
    200,
    "json",
    r#"{"success":true,"leadId":"\u001b[2J65"}"#,
    "perhaps accepted"
)]
#[case::number_of_another_type(
    200,
    "json",
    r#"{"success":true,"leadId":{"a":1}}"#,
    "perhaps accepted"
)]
#[case::success_false(200, "json", r#"{"success":false,"leadId":"65"}"#, "perhaps accepted")]
#[case::success_as_text(200, "json", r#"{"success":"true","leadId":"65"}"#, "perhaps accepted")]
#[case::without_phase(200, "json", r#"{"success":true,"leadId":"65"}"#, "accepted")]
#[case::loud_phase(
    200,
    "json",
    r#"{"success":true,"leadId":"65","phase":"LEAD"}"#,
    "accepted"
)]
#[case::other_phase(
    200,
    "json",
    r#"{"success":true,"leadId":"65","phase":"booking"}"#,
    "perhaps accepted"
)]
#[case::redirect(302, "html", "", "unknown")]
#[case::not_modified(304, "json", CREATED, "unknown")]
#[case::bad_request(400, "json", REFUSED, "refused")]
#[case::forbidden(403, "json", REFUSED, "refused")]
#[case::not_found(404, "json", REFUSED, "refused")]
#[case::unprocessable(422, "json", REFUSED, "refused")]
#[case::message_alone(400, "json", r#"{"message":"age is required"}"#, "refused")]
#[case::success_false_alone(400, "json", r#"{"success":false}"#, "refused")]
#[case::bad_request_html(400, "html", HTML, "unknown")]
#[case::forbidden_by_a_proxy(403, "html", HTML, "unknown")]
#[case::not_found_by_a_proxy(404, "html", HTML, "unknown")]
#[case::not_found_empty(404, "json", "{}", "unknown")]
#[case::not_found_list(404, "json", "[]", "unknown")]
#[case::contradiction(400, "json", CREATED, "unknown")]
#[case::signed_out(401, "json", REFUSED, "signed out")]
#[case::signed_out_html(401, "html", HTML, "signed out")]
#[case::payment(402, "json", REFUSED, "unknown")]
#[case::method(405, "json", REFUSED, "unknown")]
#[case::server_waited(408, "json", REFUSED, "unknown")]
#[case::duplicate(409, "json", REFUSED, "duplicate")]
#[case::duplicate_without_words(409, "html", "", "duplicate")]
#[case::too_large(413, "json", REFUSED, "unknown")]
#[case::too_many(429, "html", "", "rate limited")]
#[case::server_failed(500, "json", REFUSED, "unknown")]
#[case::bad_gateway(502, "html", HTML, "unknown")]
#[case::unavailable(503, "json", REFUSED, "unknown")]
#[case::gateway_waited(504, "html", HTML, "unknown")]
#[case::beyond(599, "json", REFUSED, "unknown")]
fn classes_of_answers(
    #[case] status: u16,
    #[case] content_type: &str,
    #[case] body: &str,
    #[case] expected: &str,
) {
    let outcome = signal(&answer(status, content_type, body), Create::Crm).outcome(FLABS);
    assert_eq!(class(&outcome), expected, "{outcome:?}");
}

#[rstest]
#[case::published(r#"{"success":true,"message":"Booking created successfully","integrator_id":"FD-1","preBookingID":"pb1"}"#, "accepted")]
#[case::without_an_echo(r#"{"success":true,"preBookingID":"pb1"}"#, "accepted")]
#[case::null(
    r#"{"success":true,"integrator_id":null,"preBookingID":"pb1"}"#,
    "accepted"
)]
#[case::of_another(
    r#"{"success":true,"integrator_id":"FD-2","preBookingID":"pb1"}"#,
    "perhaps accepted"
)]
#[case::of_nobody(
    r#"{"success":true,"integrator_id":"","preBookingID":"pb1"}"#,
    "perhaps accepted"
)]
#[case::in_another_shape(
    r#"{"success":true,"integrator_id":{"id":"FD-1"},"preBookingID":"pb1"}"#,
    "perhaps accepted"
)]
fn a_pre_booking_is_proven_by_an_answer_about_it(#[case] body: &str, #[case] expected: &str) {
    let outcome = signal(&answer(200, "json", body), Create::Billing).outcome(FLABS);
    assert_eq!(class(&outcome), expected, "{outcome:?}");
}

#[rstest]
#[case::taken(409, "json", REFUSED, "code taken")]
#[case::said_by_somebody(409, "html", HTML, "unknown")]
#[case::wordless(409, "json", "", "unknown")]
#[case::refused(400, "json", REFUSED, "refused")]
#[case::failed(500, "json", REFUSED, "unknown")]
fn classes_of_answers_to_a_pre_booking(
    #[case] status: u16,
    #[case] content_type: &str,
    #[case] body: &str,
    #[case] expected: &str,
) {
    let outcome = signal(&answer(status, content_type, body), Create::Billing).outcome(FLABS);
    assert_eq!(class(&outcome), expected, "{outcome:?}");
}

#[rstest]
#[case(Cut::TooLong(1_048_576), 200, "perhaps accepted")]
#[case(Cut::Short("reset".into()), 200, "perhaps accepted")]
#[case(Cut::Short("reset".into()), 400, "unknown")]
#[case(Cut::TooLong(1_048_576), 404, "unknown")]
#[case(Cut::Short("reset".into()), 409, "duplicate")]
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
        class(&signal(&answer, Create::Crm).outcome(FLABS)),
        expected
    );
}

#[rstest]
#[case("contact must be exactly 10 digits", &[Some(FieldKey::Phone)])]
#[case("first_name is required", &[Some(FieldKey::Name)])]
#[case("`age`, age_type: required", &[Some(FieldKey::Age)])]
#[case("bookingType and scheduledAt are required for a booking", &[Some(FieldKey::BookingType), Some(FieldKey::ScheduledAt)])]
#[case("Corporateuser not found", &[Some(FieldKey::Corporate)])]
#[case("referredHospitalOrganization not found", &[Some(FieldKey::Hospital)])]
#[case("this message manages without any", &[None])]
#[case("branchID is unknown", &[None])]
fn words_stand_beside_the_fields_they_name(
    #[case] words: &str,
    #[case] expected: &[Option<FieldKey>],
) {
    let body = serde_json::json!({"success": false, "message": words}).to_string();
    let Outcome::Refused { reasons } =
        signal(&answer(400, "json", &body), Create::Crm).outcome(FLABS)
    else {
        panic!("it looks like one of the vendor's errors");
    };
    let fields: Vec<Option<FieldKey>> = reasons.iter().map(|reason| reason.field).collect();
    assert_eq!(fields, expected);
    assert!(reasons.iter().all(|reason| reason.words == words));
}

#[test]
fn words_from_outside_cannot_move_the_cursor() {
    let body = r#"{"success":false,"message":"\u001b[31mage\u0007\nis\u202e wrong"}"#;
    let Outcome::Refused { reasons } =
        signal(&answer(400, "json", body), Create::Crm).outcome(FLABS)
    else {
        panic!("it looks like one of the vendor's errors");
    };
    assert_eq!(reasons[0].words, "[31mage is wrong");
}

#[rstest]
#[case(400, REFUSED, "Refused")]
#[case(404, HTML, "Offline")]
#[case(408, REFUSED, "Offline")]
#[case(429, "", "Busy")]
#[case(401, "", "SignedOut")]
#[case(302, "", "Offline")]
#[case(503, REFUSED, "Offline")]
fn failures_of_lists(#[case] status: u16, #[case] body: &str, #[case] expected: &str) {
    let answer = answer(status, "json", body);
    let words = words(&answer);
    let failure = list(FLABS, "/client/labs", answer, words).unwrap_err();
    assert!(format!("{failure:?}").starts_with(expected), "{failure:?}");
}
