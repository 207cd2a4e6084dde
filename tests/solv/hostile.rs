//! Answers that nobody should send: the adapter never says a false word about them.

use frontdesk::domain::evidence::Outcome;
use frontdesk::domain::offer::FieldKey;
use frontdesk::domain::submission::Intent;
use frontdesk::vendor::Adapter;
use rstest::rstest;
use wiremock::ResponseTemplate;

use crate::bad_server::{self, assert_perhaps_accepted, json_bytes};
use crate::desk::{
    BOOKINGS, answer, booking, change, external, good, open, requests, reservation, solv,
};

const GRANTED: &str = r#"{"access_token":"token-1","token_type":"bearer","grant_type":"service_api","expires_in":3600}"#;

/// Every call that changes something: its method, its path, what it is asked with.
fn all() -> [(&'static str, &'static str, Intent); 4] {
    [
        ("POST", BOOKINGS, reservation()),
        ("PATCH", "/v1/partner/bookings/7", change("cancel", "7")),
        (
            "DELETE",
            "/v1/partner/external_bookings/EMR-1",
            external("EMR-1", &[(FieldKey::Action, "cancel")]),
        ),
        (
            "PATCH",
            "/v1/partner/external_bookings/EMR-1",
            external(
                "EMR-1",
                &[(FieldKey::Action, "status"), (FieldKey::Status, "no_show")],
            ),
        ),
    ]
}

async fn submit(create: ResponseTemplate) -> Outcome {
    let server = open().await;
    answer(&server, "POST", BOOKINGS, create).await;
    let outcome = solv(&server.uri()).submit(&reservation(), None).await;
    assert_eq!(requests(&server, BOOKINGS).await.len(), 1);
    outcome
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
    for (verb, path, intent) in all() {
        let here = open().await;
        let target = format!("{}{path}", elsewhere.uri());
        let redirect = ResponseTemplate::new(status).insert_header("location", target);
        answer(&here, verb, path, redirect).await;
        let outcome = solv(&here.uri()).submit(&intent, None).await;
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
    for (verb, path, intent) in all() {
        let server = open().await;
        answer(&server, verb, path, ResponseTemplate::new(status)).await;
        let outcome = solv(&server.uri()).submit(&intent, None).await;
        assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
        assert_eq!(requests(&server, path).await.len(), 1);
    }
}

#[rstest]
#[case::ten_megabytes(bad_server::ten_megabytes())]
#[case::cut(json_bytes(200, r#"{"id":48210001,"sta"#))]
#[case::html(bad_server::html())]
#[case::wrong_types(json_bytes(200, r#"{"id":["7"],"status":7}"#))]
#[case::not_unicode(json_bytes(200, b"{\"id\":7,\"status\":\"\xff\xfe\"}".to_vec()))]
#[case::control_characters(json_bytes(200, r#"{"id":"\u001b]0;owned\u0007"}"#))]
#[case::beyond_all_numbers(json_bytes(200, r#"{"id":99999999999999999999}"#))]
#[case::deep(bad_server::deep())]
#[tokio::test]
async fn an_answer_that_proves_nothing_is_perhaps_accepted(#[case] create: ResponseTemplate) {
    assert_perhaps_accepted(&submit(create).await);
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
    let outcome = submit(json_bytes(422, body)).await;
    assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
}

#[tokio::test]
async fn a_call_that_is_cut_off_after_it_arrived_is_unknown() {
    for (_, _, intent) in all() {
        bad_server::cut_off(GRANTED, solv, &intent).await;
    }
}

#[tokio::test]
async fn a_call_without_an_answer_is_unknown_after_twenty_seconds() {
    bad_server::silent(GRANTED, solv, reservation()).await;
}

#[tokio::test]
async fn a_server_that_is_gone_leaves_it_not_sent_and_the_budget_whole() {
    bad_server::gone(solv, &reservation()).await;
}

#[tokio::test]
async fn a_server_that_goes_between_sign_in_and_call_leaves_it_not_sent() {
    bad_server::gone_after_sign_in(GRANTED, solv, &reservation()).await;
}

#[tokio::test]
async fn a_booking_that_is_not_the_one_asked_for_proves_nothing() {
    for (name, value) in [
        ("status", serde_json::json!("cancelled")),
        ("location_id", serde_json::json!(999)),
    ] {
        let mut made = booking(7, "reserved");
        made[name] = value;
        assert_perhaps_accepted(&submit(good(&made)).await);
    }
}
