//! The Flabs adapter against answers that nobody should send: it never says a false word about them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/bad_server.rs"]
mod bad_server;
#[path = "flabs/desk.rs"]
#[allow(dead_code, reason = "shared with the tests of the contract")]
mod desk;

use frontdesk::domain::branch::BranchId;
use frontdesk::domain::evidence::Outcome;
use frontdesk::domain::failure::Failure;
use rstest::rstest;
use serde_json::json;
use wiremock::ResponseTemplate;

use bad_server::{assert_perhaps_accepted, json_bytes};
use desk::{CREATE, answer, flabs, open, rahul, received};

const GRANTED: &str = r#"{"authToken":"auth-1","refreshToken":"refresh-1","expiresIn":600}"#;

async fn submit(create: ResponseTemplate) -> Outcome {
    let server = open().await;
    answer(&server, CREATE, create).await;
    let outcome = flabs(&server.uri()).submit(&rahul()).await;
    assert_eq!(received(&server, CREATE).await.len(), 1);
    outcome
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
#[case::ten_megabytes(bad_server::ten_megabytes())]
#[case::ten_megabytes_of_number(json_bytes(200, format!(r#"{{"success":true,"leadId":"{}"}}"#, "6".repeat(10_000_000))))]
#[case::cut(json_bytes(200, r#"{"success":true,"leadId":"6530a"#))]
#[case::html(bad_server::html())]
#[case::wrong_types(json_bytes(200, r#"{"success":1,"leadId":["6530"]}"#))]
#[case::not_unicode(json_bytes(200, b"{\"success\":true,\"leadId\":\"\xff\xfe\"}".to_vec()))]
#[case::control_characters(json_bytes(200, r#"{"success":true,"leadId":"\u001b]0;owned\u0007"}"#))]
#[case::deep(bad_server::deep())]
#[tokio::test]
async fn an_answer_that_proves_nothing_is_perhaps_accepted(#[case] create: ResponseTemplate) {
    assert_perhaps_accepted(&submit(create).await);
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
    bad_server::cut_off(GRANTED, flabs, &rahul()).await;
}

#[tokio::test]
async fn a_create_without_an_answer_is_unknown_after_twenty_seconds() {
    bad_server::silent(GRANTED, flabs, rahul()).await;
}

#[tokio::test]
async fn a_server_that_is_gone_leaves_it_not_sent_and_the_budget_whole() {
    let flabs = bad_server::gone(flabs, &rahul()).await;
    assert_eq!(flabs.budget().borrow().left, 60);
    assert!(matches!(flabs.branches().await, Err(Failure::Offline(_))));
}

#[tokio::test]
async fn a_server_that_goes_between_sign_in_and_create_leaves_it_not_sent() {
    bad_server::gone_after_sign_in(GRANTED, flabs, &rahul()).await;
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
