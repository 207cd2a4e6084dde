//! The Flabs adapter against answers that nobody should send: it never says a false word about them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "flabs/desk.rs"]
#[allow(dead_code, reason = "shared with the tests of the contract")]
mod desk;

use std::time::Duration;

use frontdesk::domain::branch::BranchId;
use frontdesk::domain::evidence::Outcome;
use frontdesk::domain::failure::Failure;
use rstest::rstest;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use wiremock::ResponseTemplate;

use desk::{CREATE, answer, flabs, open, rahul, received};

const GRANTED: &str = r#"{"authToken":"auth-1","refreshToken":"refresh-1","expiresIn":600}"#;

fn json_bytes(status: u16, body: impl Into<Vec<u8>>) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(body, "application/json")
}

async fn submit(create: ResponseTemplate) -> Outcome {
    let server = open().await;
    answer(&server, CREATE, create).await;
    let outcome = flabs(&server.uri()).submit(&rahul()).await;
    assert_eq!(received(&server, CREATE).await.len(), 1);
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

/// Signs in over a raw socket, and hands over the connection of the create once its bytes have arrived.
async fn arrived(listener: &TcpListener) -> TcpStream {
    let mut sign_in = request(listener).await;
    let length = GRANTED.len();
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{GRANTED}");
    sign_in.write_all(head.as_bytes()).await.unwrap();
    request(listener).await
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
async fn a_redirected_create_is_unknown_and_never_followed(#[case] status: u16) {
    let elsewhere = open().await;
    answer(
        &elsewhere,
        CREATE,
        json_bytes(200, r#"{"success":true,"leadId":"1"}"#),
    )
    .await;
    let target = format!("{}{CREATE}", elsewhere.uri());
    let redirect = ResponseTemplate::new(status).insert_header("location", target);
    let outcome = submit(redirect).await;
    assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
    assert!(elsewhere.received_requests().await.unwrap().is_empty());
}

#[rstest]
#[case::ten_megabytes(json_bytes(200, vec![b' '; 10_000_000]))]
#[case::ten_megabytes_of_number(json_bytes(200, format!(r#"{{"success":true,"leadId":"{}"}}"#, "6".repeat(10_000_000))))]
#[case::cut(json_bytes(200, r#"{"success":true,"leadId":"6530a"#))]
#[case::html(ResponseTemplate::new(200).set_body_raw("<html>Welcome to the airport</html>", "text/html"))]
#[case::wrong_types(json_bytes(200, r#"{"success":1,"leadId":["6530"]}"#))]
#[case::not_unicode(json_bytes(200, b"{\"success\":true,\"leadId\":\"\xff\xfe\"}".to_vec()))]
#[case::control_characters(json_bytes(200, r#"{"success":true,"leadId":"\u001b]0;owned\u0007"}"#))]
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
async fn a_refusal_of_ten_megabytes_is_no_refusal() {
    let body = format!(
        r#"{{"success":false,"message":"{}"}}"#,
        "x".repeat(10_000_000)
    );
    let outcome = submit(json_bytes(400, body)).await;
    assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
}

#[tokio::test]
async fn a_create_that_is_cut_off_after_it_arrived_is_unknown() {
    let (listener, base) = listener().await;
    let flabs = flabs(&base);
    let intent = rahul();
    let (outcome, ()) = tokio::join!(flabs.submit(&intent), async {
        drop(arrived(&listener).await);
    });
    assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
}

#[tokio::test]
async fn a_create_without_an_answer_is_unknown_after_twenty_seconds() {
    let (listener, base) = listener().await;
    let flabs = flabs(&base);
    let submission = tokio::spawn(async move { flabs.submit(&rahul()).await });
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
    let flabs = flabs(&base);
    let outcome = flabs.submit(&rahul()).await;
    assert!(matches!(outcome, Outcome::NotSent { .. }), "{outcome:?}");
    assert_eq!(flabs.budget().borrow().left, 60);
    assert!(matches!(flabs.branches().await, Err(Failure::Offline(_))));
}

#[tokio::test]
async fn a_server_that_goes_between_sign_in_and_create_leaves_it_not_sent() {
    let (listener, base) = listener().await;
    let flabs = flabs(&base);
    let intent = rahul();
    let (outcome, ()) = tokio::join!(flabs.submit(&intent), async move {
        let mut sign_in = request(&listener).await;
        drop(listener);
        let length = GRANTED.len();
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{GRANTED}");
        sign_in.write_all(head.as_bytes()).await.unwrap();
    });
    assert!(matches!(outcome, Outcome::NotSent { .. }), "{outcome:?}");
}

#[rstest]
#[case::html(ResponseTemplate::new(200).set_body_raw("<html>", "text/html"))]
#[case::cut(json_bytes(200, r#"{"tests":[{"_id":"a""#))]
#[case::wrong_type(json_bytes(200, r#"{"tests":[{"_id":"a","name":"A","cost":{}}]}"#))]
#[case::deep(json_bytes(200, format!(r#"{{"x":{}"#, "[".repeat(100_000))))]
#[tokio::test]
async fn a_list_of_a_wrong_shape_names_the_call(#[case] tests: ResponseTemplate) {
    let server = open().await;
    answer(&server, "/client/crm/tests", tests).await;
    answer(&server, "/client/crm/packages", json_bytes(200, "[]")).await;
    let branch = BranchId("b1".to_owned());
    let failure = flabs(&server.uri()).catalogue(&branch, None).await.err();
    let Some(Failure::WrongShape(words)) = failure else {
        panic!("{failure:?}");
    };
    assert!(words.starts_with("GET /client/crm/tests: "), "{words}");
}

#[tokio::test]
async fn names_from_outside_cannot_move_the_cursor() {
    let server = open().await;
    let body = json!([{"_id": "b\u{1b}1", "name": "Kora\u{1b}[2J\nmangala\u{202e}"}]);
    answer(
        &server,
        "/client/labs",
        ResponseTemplate::new(200).set_body_json(body),
    )
    .await;
    let branches = flabs(&server.uri()).branches().await.unwrap();
    assert_eq!(branches[0].name, "Kora [2J mangala");
}
