//! Signing in: one token for everything, renewed before it lapses, by one caller at a time.

use std::time::Duration;

use frontdesk::domain::evidence::{Outcome, TimeDeltaSeconds};
use frontdesk::domain::failure::Failure;
use frontdesk::domain::slot::Slots;
use frontdesk::vendor::Adapter;
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::{MockServer, ResponseTemplate};

use crate::desk::{
    BOOKINGS, SLOTS, TOKEN, answer, answer_once, asked, booking, good, open, requests, reservation,
    said, solv, token,
};

/// Time passes for tokens and budgets, while the sockets of the test keep their own.
async fn let_pass(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

async fn sign_ins(server: &MockServer) -> usize {
    requests(server, TOKEN).await.len()
}

#[tokio::test]
async fn the_sign_in_leaves_as_the_page_of_the_call_says() {
    let server = open().await;
    assert_eq!(solv(&server.uri()).sign_in().await, Ok(()));
    let sent = &requests(&server, TOKEN).await[0];
    let body = concat!(
        r#"{"client_id":"cid_123","client_secret":"its-secret","grant_type":"service_api","#,
        r#""scope":"read:locations,write:bookings"}"#
    );
    assert_eq!(String::from_utf8_lossy(&sent.body), body);
    assert_eq!(sent.headers["x-api-key"], "cid_123");
    assert!(!sent.headers.contains_key("authorization"));
}

#[tokio::test]
async fn calls_at_once_sign_in_once() {
    let server = open().await;
    answer(&server, "GET", SLOTS, good(&json!([]))).await;
    let solv = solv(&server.uri());
    let query = asked(1, &[]);
    let (one, two, three) = tokio::join!(solv.slots(&query), solv.slots(&query), solv.sign_in());
    let times = |slots: Result<Slots, _>| slots.map(|slots| slots.times);
    assert_eq!(
        (times(one), times(two), three),
        (Ok(Vec::new()), Ok(Vec::new()), Ok(()))
    );
    assert_eq!(sign_ins(&server).await, 1);
    solv.reach().await.unwrap();
    assert_eq!(sign_ins(&server).await, 2, "to reach is to prove it anew");
}

#[rstest]
#[case::seconds(json!({"expires_in": 3600}), 3600)]
#[case::seconds_before_timestamp(json!({"expires_in": 600, "expiration_timestamp": "1970-01-01T09:00:00Z"}), 600)]
#[case::text(json!({"expires_in": "600"}), 600)]
#[case::timestamp(json!({"expires_in": null, "expiration_timestamp": "1970-01-01T00:30:00.000Z"}), 1_800)]
#[case::past_timestamp(json!({"expiration_timestamp": "1969-12-31T00:00:00Z"}), 3_600)]
#[case::docs_example(json!({"expires_in": 0}), 3_600)]
#[case::nothing(json!({}), 3_600)]
#[case::nulls(json!({"expires_in": null, "expiration_timestamp": null, "refresh_token": null}), 3_600)]
#[tokio::test]
async fn a_token_is_renewed_a_minute_before_it_lapses(#[case] told: Value, #[case] life: u64) {
    let server = MockServer::start().await;
    let mut body =
        json!({"access_token": "t", "token_type": "bearer", "grant_type": "service_api"});
    body.as_object_mut()
        .unwrap()
        .extend(told.as_object().unwrap().clone());
    answer(&server, "POST", TOKEN, good(&body)).await;
    let solv = solv(&server.uri());
    solv.sign_in().await.unwrap();
    let_pass(Duration::from_secs(life - 70)).await;
    solv.sign_in().await.unwrap();
    assert_eq!(sign_ins(&server).await, 1);
    let_pass(Duration::from_secs(15)).await;
    solv.sign_in().await.unwrap();
    assert_eq!(sign_ins(&server).await, 2);
}

#[tokio::test]
async fn one_401_signs_in_anew_and_sends_the_same_once_more() {
    let server = MockServer::start().await;
    answer_once(&server, "POST", TOKEN, token(1)).await;
    answer(&server, "POST", TOKEN, token(2)).await;
    answer_once(
        &server,
        "POST",
        BOOKINGS,
        said(401, "Could not validate credentials"),
    )
    .await;
    answer(&server, "POST", BOOKINGS, good(&booking(7, "reserved"))).await;
    let outcome = solv(&server.uri()).submit(&reservation(), None).await;
    assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
    let sent = requests(&server, BOOKINGS).await;
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[0].body, sent[1].body);
    assert_eq!(sent[1].headers["authorization"], "Bearer token-2");
}

#[tokio::test]
async fn a_second_401_holds_the_queue() {
    let server = open().await;
    answer(&server, "POST", BOOKINGS, said(401, "suspended")).await;
    let outcome = solv(&server.uri()).submit(&reservation(), None).await;
    let why = "suspended".to_owned();
    assert_eq!(outcome, Outcome::SignedOut { why });
    assert_eq!(requests(&server, BOOKINGS).await.len(), 2);
    assert_eq!(sign_ins(&server).await, 2);
}

#[rstest]
#[case::unknown(said(401, "Invalid client credentials"), "Invalid client credentials")]
#[case::gate(ResponseTemplate::new(403).set_body_json(json!({"message": "Forbidden"})), "Forbidden")]
#[case::scope(
    ResponseTemplate::new(422).set_body_json(json!({"detail": [{"loc": ["body", "scope"], "msg": "unknown scope", "type": "value_error"}]})),
    "scope: unknown scope"
)]
#[tokio::test]
async fn a_refused_key_sends_nothing(#[case] no: ResponseTemplate, #[case] why: &str) {
    let server = MockServer::start().await;
    answer(&server, "POST", TOKEN, no).await;
    let solv = solv(&server.uri());
    let why = why.to_owned();
    let outcome = solv.submit(&reservation(), None).await;
    assert_eq!(outcome, Outcome::SignedOut { why: why.clone() });
    assert_eq!(solv.sign_in().await, Err(Failure::SignedOut(why)));
    assert!(requests(&server, BOOKINGS).await.is_empty());
}

#[rstest]
#[case::failed(ResponseTemplate::new(503))]
#[case::html(ResponseTemplate::new(200).set_body_string("<html>"))]
#[case::no_token(good(&json!({"token_type": "bearer"})))]
#[case::no_header(good(&json!({"access_token": "a\r\nb"})))]
#[case::proxy(ResponseTemplate::new(403).set_body_string("<html>"))]
#[tokio::test]
async fn a_sign_in_that_fails_otherwise_leaves_it_not_sent(#[case] sign_in: ResponseTemplate) {
    let server = MockServer::start().await;
    answer(&server, "POST", TOKEN, sign_in).await;
    let outcome = solv(&server.uri()).submit(&reservation(), None).await;
    assert!(matches!(outcome, Outcome::NotSent { .. }), "{outcome:?}");
    assert!(requests(&server, BOOKINGS).await.is_empty());
}

#[tokio::test]
async fn too_many_pauses_the_account_for_as_long_as_it_says() {
    let server = open().await;
    let busy = said(429, "slow down").insert_header("retry-after", "17");
    answer_once(&server, "POST", BOOKINGS, busy).await;
    answer(&server, "POST", BOOKINGS, good(&booking(7, "reserved"))).await;
    let solv = solv(&server.uri());
    let limited = solv.submit(&reservation(), None).await;
    let retry_after = Some(TimeDeltaSeconds(17));
    assert_eq!(limited, Outcome::RateLimited { retry_after });
    let held = solv.submit(&reservation(), None).await;
    assert!(matches!(held, Outcome::NotSent { .. }), "{held:?}");
    assert_eq!(requests(&server, BOOKINGS).await.len(), 1);
    let_pass(Duration::from_secs(17)).await;
    let outcome = solv.submit(&reservation(), None).await;
    assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
}

#[tokio::test]
async fn a_sign_in_that_is_limited_waits_with_the_send() {
    let server = MockServer::start().await;
    let busy = said(429, "slow down").insert_header("retry-after", "9");
    answer(&server, "POST", TOKEN, busy).await;
    let outcome = solv(&server.uri()).submit(&reservation(), None).await;
    let retry_after = Some(TimeDeltaSeconds(9));
    assert_eq!(outcome, Outcome::RateLimited { retry_after });
}
