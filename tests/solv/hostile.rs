//! Answers that nobody should send: the adapter never says a false word about them.

use std::time::Duration;

use frontdesk::domain::evidence::Outcome;
use frontdesk::domain::failure::Failure;
use frontdesk::domain::offer::FieldKey;
use frontdesk::domain::submission::Intent;
use frontdesk::vendor::Adapter;
use rstest::rstest;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use wiremock::ResponseTemplate;

use crate::desk::{
    BOOKINGS, answer, booking, change, external, good, open, requests, reservation, solv,
};

const GRANTED: &str = r#"{"access_token":"token-1","token_type":"bearer","grant_type":"service_api","expires_in":3600}"#;

fn json_bytes(status: u16, body: impl Into<Vec<u8>>) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(body, "application/json")
}

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

/// Reads one whole request; its connection serves no other.
async fn request(listener: &TcpListener) -> TcpStream {
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut read = Vec::new();
    loop {
        let mut part = [0; 4_096];
        let length = stream.read(&mut part).await.unwrap();
        read.extend_from_slice(part.get(..length).unwrap());
        if read.ends_with(b"}") {
            return stream;
        }
    }
}

/// Signs in over a raw socket, and hands over the connection of the call once its bytes have arrived.
async fn arrived(listener: &TcpListener) -> TcpStream {
    grant(request(listener).await).await;
    request(listener).await
}

async fn grant(mut sign_in: TcpStream) {
    let length = GRANTED.len();
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{GRANTED}");
    sign_in.write_all(head.as_bytes()).await.unwrap();
}

async fn listener() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    (listener, base)
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
#[case::ten_megabytes(json_bytes(200, vec![b' '; 10_000_000]))]
#[case::cut(json_bytes(200, r#"{"id":48210001,"sta"#))]
#[case::html(ResponseTemplate::new(200).set_body_raw("<html>Welcome to the airport</html>", "text/html"))]
#[case::wrong_types(json_bytes(200, r#"{"id":["7"],"status":7}"#))]
#[case::not_unicode(json_bytes(200, b"{\"id\":7,\"status\":\"\xff\xfe\"}".to_vec()))]
#[case::control_characters(json_bytes(200, r#"{"id":"\u001b]0;owned\u0007"}"#))]
#[case::beyond_all_numbers(json_bytes(200, r#"{"id":99999999999999999999}"#))]
#[case::deep(json_bytes(200, "[".repeat(100_000)))]
#[tokio::test]
async fn an_answer_that_proves_nothing_is_perhaps_accepted(#[case] create: ResponseTemplate) {
    let outcome = submit(create).await;
    let Outcome::PerhapsAccepted { why } = &outcome else {
        panic!("{outcome:?}");
    };
    assert!(
        !why.chars().any(char::is_control) && why.len() < 400,
        "{why}"
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
    let outcome = submit(json_bytes(422, body)).await;
    assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
}

#[tokio::test]
async fn a_call_that_is_cut_off_after_it_arrived_is_unknown() {
    for (_, _, intent) in all() {
        let (listener, base) = listener().await;
        let solv = solv(&base);
        let (outcome, ()) = tokio::join!(solv.submit(&intent, None), async {
            drop(arrived(&listener).await);
        });
        assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
    }
}

#[tokio::test]
async fn a_call_without_an_answer_is_unknown_after_twenty_seconds() {
    let (listener, base) = listener().await;
    let solv = solv(&base);
    let submission = tokio::spawn(async move { solv.submit(&reservation(), None).await });
    let create = arrived(&listener).await;
    let began = tokio::time::Instant::now();
    tokio::time::pause();
    let outcome = submission.await.unwrap();
    assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
    assert!(began.elapsed() > Duration::from_secs(15));
    drop(create);
}

#[tokio::test]
async fn a_server_that_is_gone_leaves_it_not_sent_and_the_budget_whole() {
    let (listener, base) = listener().await;
    drop(listener);
    let solv = solv(&base);
    let outcome = solv.submit(&reservation(), None).await;
    assert!(matches!(outcome, Outcome::NotSent { .. }), "{outcome:?}");
    let left = *solv.budget().borrow();
    assert_eq!(left.left, left.of);
    assert!(matches!(solv.reach().await, Err(Failure::Offline(_))));
}

#[tokio::test]
async fn a_server_that_goes_between_sign_in_and_call_leaves_it_not_sent() {
    let (listener, base) = listener().await;
    let solv = solv(&base);
    let intent = reservation();
    let (outcome, ()) = tokio::join!(solv.submit(&intent, None), async move {
        let sign_in = request(&listener).await;
        drop(listener);
        grant(sign_in).await;
    });
    assert!(matches!(outcome, Outcome::NotSent { .. }), "{outcome:?}");
}
