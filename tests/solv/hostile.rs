//! Answers that nobody should send: the adapter never says a false word about them.

use frontdesk::domain::evidence::Outcome;
use frontdesk::domain::offer::FieldKey;
use frontdesk::domain::submission::Intent;
use frontdesk::vendor::Adapter;
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::bad_server::{self, assert_perhaps_accepted, json_bytes};
use crate::desk::{
    BOOKINGS, LATER, answer, booking, change, external, good, moved, open, picture, requests,
    reservation, solv, walk_in,
};

const GRANTED: &str = r#"{"access_token":"token-1","token_type":"bearer","grant_type":"service_api","expires_in":3600}"#;

/// A call that changes something.
struct Call {
    verb: &'static str,
    path: &'static str,
    intent: Intent,
    /// What proves that it was done.
    proof: Value,
    /// Where the number stands in that, which is a 7.
    number: &'static str,
}

impl Call {
    fn new(verb: &'static str, path: &'static str, intent: Intent, proof: Value) -> Self {
        Self {
            verb,
            path,
            intent,
            proof,
            number: "id",
        }
    }

    /// The proof with `number` as its number, whatever that is.
    fn numbered(&self, number: &str) -> String {
        let proof = self.proof.to_string();
        let with = |number: &str| format!(r#""{}":{number}"#, self.number);
        let spoiled = proof.replacen(&with("7"), &with(number), 1);
        assert_ne!(spoiled, proof);
        spoiled
    }

    /// What is concluded from `with`, which one request brought.
    async fn outcome(&self, with: ResponseTemplate) -> Outcome {
        let server = open().await;
        answer(&server, self.verb, self.path, with).await;
        let outcome = solv(&server.uri()).submit(&self.intent, None).await;
        assert_eq!(requests(&server, self.path).await.len(), 1);
        outcome
    }
}

/// Every call that changes something.
fn all() -> [Call; 7] {
    let mut later = booking(7, "reserved");
    later["appointment_date"] = json!(LATER);
    let filed = json!({"booking_id": 71, "image_id": 7, "image_type": "photo_id_front"});
    let status = [(FieldKey::Action, "status"), (FieldKey::Status, "no_show")];
    let external_booking = "/v1/partner/external_bookings/EMR-1";
    [
        Call::new("POST", BOOKINGS, reservation(), booking(7, "reserved")),
        Call::new(
            "PATCH",
            "/v1/partner/bookings/7",
            change("cancel", "7"),
            booking(7, "cancelled"),
        ),
        Call {
            number: "image_id",
            ..Call::new(
                "POST",
                "/v1/partner/bookings/71/images",
                picture("71", "photo_id_front", "/9j/4AAQSkZJRg=="),
                filed,
            )
        },
        Call::new(
            "DELETE",
            external_booking,
            external("EMR-1", &[(FieldKey::Action, "cancel")]),
            booking(7, "cancelled"),
        ),
        Call::new(
            "PATCH",
            external_booking,
            external("EMR-1", &status),
            booking(7, "no_show"),
        ),
        Call::new(
            "POST",
            "/v1/partner/external_bookings/EMR-1/reschedule",
            moved("EMR-1"),
            later,
        ),
        Call::new("POST", BOOKINGS, walk_in(), booking(7, "confirmed")),
    ]
}

/// What is tried below is wrong in one thing: as it stands, each proof is one.
#[tokio::test]
async fn the_proof_of_every_call_is_accepted() {
    for call in all() {
        let outcome = call.outcome(good(&call.proof)).await;
        assert!(
            matches!(&outcome, Outcome::Accepted { number, .. } if number == "7"),
            "{outcome:?}"
        );
    }
}

#[rstest]
#[case(301)]
#[case(302)]
#[case(303)]
#[case(307)]
#[case(308)]
#[tokio::test]
async fn a_redirect_is_unknown_and_never_followed(#[case] status: u16) {
    let elsewhere = open().await;
    for call in all() {
        let target = format!("{}{}", elsewhere.uri(), call.path);
        let redirect = ResponseTemplate::new(status).insert_header("location", target);
        let outcome = call.outcome(redirect).await;
        assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
    }
    assert!(elsewhere.received_requests().await.unwrap().is_empty());
}

#[rstest]
#[case(408)]
#[case(500)]
#[case(502)]
#[case(504)]
#[tokio::test]
async fn a_failed_server_leaves_every_call_unknown_and_is_asked_once(#[case] status: u16) {
    for call in all() {
        let outcome = call.outcome(ResponseTemplate::new(status)).await;
        assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
    }
}

#[rstest]
#[case::ten_megabytes(|_: &Call| bad_server::ten_megabytes())]
#[case::cut(|call: &Call| {
    let mut proof = call.proof.to_string();
    proof.truncate(proof.len() - 7);
    json_bytes(200, proof)
})]
#[case::more_after_it(|call: &Call| json_bytes(200, format!("{}}}", call.proof)))]
#[case::html(|_: &Call| bad_server::html())]
#[case::said_to_be_html(|call: &Call| {
    ResponseTemplate::new(200).set_body_raw(call.proof.to_string(), "text/html")
})]
#[case::no_body(|_: &Call| json_bytes(204, ""))]
#[case::list(|call: &Call| good(&json!([call.proof])))]
#[case::empty_data(|_: &Call| good(&json!({"meta": {}, "data": null})))]
#[case::error_as_200(|_: &Call| good(&json!({"detail": "Booking not found"})))]
#[case::answer_of_another_call(|call: &Call| {
    good(&json!({"access_token": call.proof, "expires_in": 3600}))
})]
#[case::not_unicode(|call: &Call| {
    let mut proof = call.proof.to_string().into_bytes();
    let first = proof.iter().position(u8::is_ascii_alphabetic).unwrap();
    proof[first] = 0xff;
    json_bytes(200, proof)
})]
#[case::deep(|_: &Call| bad_server::deep())]
#[tokio::test]
async fn an_answer_that_proves_nothing_is_perhaps_accepted(
    #[case] spoil: fn(&Call) -> ResponseTemplate,
) {
    for call in all() {
        assert_perhaps_accepted(&call.outcome(spoil(&call)).await);
    }
}

#[rstest]
#[case::list(r#"["7"]"#)]
#[case::object(r#"{"id":7}"#)]
#[case::truth("true")]
#[case::null("null")]
#[case::empty(r#""""#)]
#[case::words(r#""soon""#)]
#[case::control_characters(r#""\u001b]0;owned\u0007""#)]
#[case::beyond_all_numbers("99999999999999999999")]
#[case::broken("7.5")]
#[case::below_all_numbers("-7")]
#[case::nobodys("0")]
#[tokio::test]
async fn what_is_no_number_is_perhaps_accepted(#[case] number: &str) {
    for call in all() {
        let answer = json_bytes(200, call.numbered(number));
        assert_perhaps_accepted(&call.outcome(answer).await);
    }
}

/// Good in itself, only not about what was asked for.
#[rstest]
#[case::cancel_of_another_booking(1, "id", json!(8), "booking 8")]
#[case::new_one_that_is_cancelled(0, "status", json!("cancelled"), "is cancelled")]
#[case::new_one_at_another_time(0, "appointment_date", json!("2026-11-23T16:30:00.000Z"), "10:30")]
#[case::new_one_at_no_time(0, "appointment_date", Value::Null, "no time")]
#[case::new_one_nowhere(0, "location_id", Value::Null, "no location")]
#[case::new_one_without_status(0, "status", Value::Null, "no status")]
#[case::reservation_of_a_walk_in(0, "status", json!("confirmed"), "is confirmed")]
#[case::walk_in_of_later(6, "status", json!("RESERVED"), "is reserved")]
#[case::cancel_of_another_external_one(3, "emr_booking_id", json!("EMR-2"), "another booking")]
#[case::another_external_one_moved(5, "emr_booking_id", json!("EMR-2"), "another booking")]
#[case::new_one_elsewhere(0, "location_id", json!(999), "at location 999")]
#[case::cancel_that_was_none(1, "status", json!("reserved"), "is reserved")]
#[case::cancel_without_status(1, "status", Value::Null, "status")]
#[case::picture_of_another_booking(2, "booking_id", json!(72), "booking 72")]
#[case::picture_of_something_else(2, "image_type", json!("photo_id_back"), "photo_id_back")]
#[case::external_cancel_that_was_none(3, "status", json!("confirmed"), "is confirmed")]
#[case::external_cancel_without_status(3, "status", Value::Null, "status")]
#[case::external_status_of_before(4, "status", json!("reserved"), "is reserved")]
#[case::not_moved(5, "appointment_date", json!("2026-11-23T15:30:00.000Z"), "23 Nov 2026")]
#[case::moved_elsewhere(5, "appointment_date", json!("2026-11-24T15:31:00.000Z"), "09:31")]
#[case::moved_to_no_time(5, "appointment_date", Value::Null, "does not say")]
#[tokio::test]
async fn an_answer_about_something_else_is_perhaps_accepted(
    #[case] which: usize,
    #[case] field: &str,
    #[case] value: Value,
    #[case] word: &str,
) {
    let call = &all()[which];
    let mut told = call.proof.clone();
    told[field] = value;
    let outcome = call.outcome(good(&told)).await;
    assert_perhaps_accepted(&outcome);
    assert!(
        matches!(&outcome, Outcome::PerhapsAccepted { why } if why.contains(word)),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn a_status_from_outside_cannot_move_the_cursor() {
    let server = open().await;
    let now = good(&booking(7, "\u{1b}[2Jgone\n\u{202e}"));
    answer(&server, "PATCH", "/v1/partner/bookings/7", now).await;
    let outcome = solv(&server.uri())
        .submit(&change("cancel", "7"), None)
        .await;
    let Outcome::PerhapsAccepted { why } = &outcome else {
        panic!("{outcome:?}");
    };
    assert!(!why.chars().any(char::is_control), "{why:?}");
}

#[tokio::test]
async fn a_refusal_of_ten_megabytes_is_no_refusal() {
    let body = format!(r#"{{"detail":"{}"}}"#, "x".repeat(10_000_000));
    for call in all() {
        let outcome = call.outcome(json_bytes(422, body.clone())).await;
        assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
    }
}

#[tokio::test]
async fn a_call_that_is_cut_off_after_it_arrived_is_unknown() {
    for call in all() {
        bad_server::cut_off(GRANTED, solv, &call.intent).await;
    }
}

#[tokio::test]
async fn a_call_without_an_answer_is_unknown_after_twenty_seconds() {
    for call in all() {
        bad_server::silent(GRANTED, solv, call.intent).await;
        tokio::time::resume();
    }
}

#[tokio::test]
async fn a_server_that_is_gone_leaves_it_not_sent_and_the_budget_whole() {
    for call in all() {
        bad_server::gone(solv, &call.intent).await;
    }
}

#[tokio::test]
async fn a_server_that_goes_between_sign_in_and_call_leaves_it_not_sent() {
    for call in all() {
        bad_server::gone_after_sign_in(GRANTED, solv, &call.intent).await;
    }
}
