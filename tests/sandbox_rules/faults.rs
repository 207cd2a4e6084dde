//! Every kind of fault fires, is counted, and does to the ledger what it says.

use std::time::Duration;

use frontdesk::sandbox::ACCOUNTS;
use reqwest::{Method, Response};
use rstest::rstest;
use serde_json::{Value, json};

use crate::caller::{Caller, example, example_with};

/// A caller on whose next create the fault plays.
async fn armed(fault: Value) -> Caller {
    let caller = Caller::start(&ACCOUNTS[0]).await;
    let rule = json!({"call": "create", "times": 1, "fault": fault});
    let answer = caller.post("/sandbox/faults", &rule).await;
    assert_eq!((answer.status, &answer.body["ids"]), (200, &json!([1])));
    caller
}

async fn sent(caller: &Caller) -> reqwest::Result<Response> {
    let request = caller.request(Method::POST, "/client/crm/lead/create");
    request.json(&example()).send().await
}

/// The fault has fired once, and the ledger has one row with its word and this effect.
async fn settled(caller: &Caller, word: &str, applied: bool) -> Value {
    assert_eq!(caller.get("/sandbox/faults").await.body[0]["fired"], 1);
    let rows = caller.rows().await;
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (&rows[0]["fault"], &rows[0]["applied"]),
        (&json!(word), &json!(applied))
    );
    rows[0].clone()
}

/// Waits until the ledger has a row.
async fn kept(caller: &Caller) {
    let kept = async {
        while caller.rows().await.is_empty() {
            tokio::task::yield_now().await;
        }
    };
    let kept = tokio::time::timeout(Duration::from_secs(60), kept).await;
    kept.expect("the ledger has a row by then");
}

#[tokio::test]
async fn a_delayed_answer_is_the_right_one() {
    let caller = armed(json!({"kind": "delay", "ms": 30})).await;
    let started = std::time::Instant::now();
    let response = sent(&caller).await.unwrap();
    assert!(started.elapsed() >= Duration::from_millis(30));
    assert_eq!(response.status(), 200);
    settled(&caller, "delay", true).await;
}

#[rstest]
#[case("close-before", false)]
#[case("close-after", true)]
#[tokio::test]
async fn a_closed_connection_gives_no_answer_at_all(#[case] kind: &str, #[case] applied: bool) {
    let caller = armed(json!({"kind": kind})).await;
    let error = sent(&caller).await.unwrap_err();
    assert!(!error.is_connect() && !error.is_timeout(), "{error:?}");
    let row = settled(&caller, kind, applied).await;
    assert_eq!(
        row["status"],
        if applied { json!(200) } else { Value::Null }
    );
}

#[rstest]
#[case(false)]
#[case(true)]
#[tokio::test]
async fn a_status_comes_with_or_without_effect(#[case] applied: bool) {
    let caller = armed(json!({"kind": "status", "status": 503, "applied": applied,
        "body": "busy", "headers": {"retry-after": "7"}}))
    .await;
    let response = sent(&caller).await.unwrap();
    assert_eq!(response.status(), 503);
    assert_eq!(response.headers()["retry-after"], "7");
    assert_eq!(response.text().await.unwrap(), "busy");
    settled(&caller, "status", applied).await;
    let again = caller.create(&example()).await;
    assert_eq!(again.status, if applied { 409 } else { 200 });
}

#[tokio::test]
async fn a_status_without_a_body_has_the_vendors_shape() {
    let caller = armed(json!({"kind": "status", "status": 500})).await;
    let answer = caller.create(&example()).await;
    assert_eq!(
        (answer.status, answer.refusal()),
        (500, "internal server error")
    );
    settled(&caller, "status", false).await;
}

#[rstest]
#[case(0)]
#[case(20)]
#[case(100_000)]
#[tokio::test]
async fn a_cut_answer_promises_more_than_it_gives(#[case] bytes: usize) {
    let caller = armed(json!({"kind": "cut", "bytes": bytes})).await;
    let mut response = sent(&caller).await.unwrap();
    assert_eq!(response.status(), 200);
    let promised = usize::try_from(response.content_length().unwrap()).unwrap();
    let mut came = 0;
    let broken = loop {
        match response.chunk().await {
            Ok(Some(chunk)) => came += chunk.len(),
            Ok(None) => break false,
            Err(_) => break true,
        }
    };
    assert!(broken);
    assert_eq!(came, bytes.min(promised - 1));
    settled(&caller, "cut", true).await;
}

#[tokio::test]
async fn garbage_calls_itself_json() {
    let caller = armed(json!({"kind": "garbage", "bytes": 64})).await;
    let response = sent(&caller).await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/json");
    let body = response.bytes().await.unwrap();
    assert_eq!(body.len(), 64);
    assert!(serde_json::from_slice::<Value>(&body).is_err());
    settled(&caller, "garbage", true).await;
}

#[rstest]
#[case(json!({"kind": "html"}), 200, false)]
#[case(json!({"kind": "html", "status": 502, "applied": true}), 502, true)]
#[tokio::test]
async fn a_page_comes_instead_of_an_answer(
    #[case] fault: Value,
    #[case] status: u16,
    #[case] applied: bool,
) {
    let caller = armed(fault).await;
    let response = sent(&caller).await.unwrap();
    assert_eq!(response.status(), status);
    assert!(
        response
            .text()
            .await
            .unwrap()
            .starts_with("<!DOCTYPE html>")
    );
    settled(&caller, "html", applied).await;
}

#[tokio::test]
async fn a_dripping_answer_is_the_right_one() {
    let caller = armed(json!({"kind": "drip", "bytes_per_chunk": 40, "ms": 1})).await;
    let mut response = sent(&caller).await.unwrap();
    let mut chunks = Vec::new();
    while let Some(chunk) = response.chunk().await.unwrap() {
        chunks.push(chunk);
    }
    assert!(chunks.len() > 1);
    let answer: Value = serde_json::from_slice(&chunks.concat()).unwrap();
    assert_eq!(answer["message"], "Lead created successfully");
    settled(&caller, "drip", true).await;
}

#[rstest]
#[case(false)]
#[case(true)]
#[tokio::test]
async fn a_redirect_points_elsewhere(#[case] applied: bool) {
    let caller =
        armed(json!({"kind": "redirect", "location": "http://127.0.0.1:9/", "applied": applied}))
            .await;
    let response = sent(&caller).await.unwrap();
    assert_eq!(response.status(), 302);
    assert_eq!(response.headers()["location"], "http://127.0.0.1:9/");
    settled(&caller, "redirect", applied).await;
}

#[rstest]
#[case(false)]
#[case(true)]
#[tokio::test]
async fn a_late_effect_comes_after_the_answer(#[case] close: bool) {
    let caller = armed(json!({"kind": "late", "ms": 150, "close": close})).await;
    let answered = sent(&caller).await;
    assert_eq!(answered.is_err(), close);
    if let Ok(response) = answered {
        assert_eq!(response.status(), 504);
    }
    kept(&caller).await;
    settled(&caller, "late", true).await;
}

#[tokio::test]
async fn what_was_received_is_applied_though_the_caller_hangs_up() {
    // It is certainly received before the caller hangs up, and that long before the answer.
    let caller = armed(json!({"kind": "delay", "ms": 4000})).await;
    let request = caller.request(Method::POST, "/client/crm/lead/create");
    let impatient = request.timeout(Duration::from_secs(2)).json(&example());
    assert!(impatient.send().await.unwrap_err().is_timeout());
    kept(&caller).await;
    settled(&caller, "delay", true).await;
}

#[rstest]
#[case("token", Method::POST, "/client/auth/token")]
#[case("refresh", Method::POST, "/client/auth/token/refresh")]
#[case("labs", Method::GET, "/client/labs")]
#[case("tests", Method::GET, "/client/crm/tests")]
#[case("packages", Method::GET, "/client/crm/packages")]
#[case("create", Method::POST, "/client/crm/lead/create")]
#[tokio::test]
async fn a_rule_hits_its_call_only(#[case] call: &str, #[case] method: Method, #[case] path: &str) {
    let caller = Caller::start(&ACCOUNTS[0]).await;
    let rule = json!({"call": call, "fault": {"kind": "status", "status": 418}});
    caller.post("/sandbox/faults", &rule).await;
    let calls = [
        (Method::POST, "/client/auth/token"),
        (Method::POST, "/client/auth/token/refresh"),
        (Method::GET, "/client/labs"),
        (Method::GET, "/client/crm/tests"),
        (Method::GET, "/client/crm/packages"),
        (Method::POST, "/client/crm/lead/create"),
    ];
    for (other_method, other) in calls {
        let response = caller.request(other_method, other).send().await.unwrap();
        assert_eq!(response.status() == 418, other == path, "{other}");
    }
    assert_eq!(
        caller.request(method, path).send().await.unwrap().status(),
        418
    );
    assert_eq!(caller.get("/sandbox/faults").await.body[0]["fired"], 2);
}

#[tokio::test]
async fn rules_skip_count_take_turns_and_are_cleared() {
    let caller = Caller::start(&ACCOUNTS[0]).await;
    let rules = json!([
        {"call": "labs", "times": 1, "skip": 1, "fault": {"kind": "status", "status": 500}},
        {"call": "any", "times": 1, "skip": 1, "fault": {"kind": "status", "status": 502}},
    ]);
    let answer = caller.post("/sandbox/faults", &rules).await;
    assert_eq!(answer.body["ids"], json!([1, 2]));
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(caller.get("/client/labs").await.status);
    }
    assert_eq!(statuses, [200, 500, 502, 200]);
    let listed = caller.get("/sandbox/faults").await.body;
    assert_eq!(
        (&listed[0]["fired"], &listed[1]["fired"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(
        (&listed[0]["id"], &listed[0]["call"]),
        (&json!(1), &json!("labs"))
    );
    let cleared = caller
        .request(Method::DELETE, "/sandbox/faults")
        .send()
        .await
        .unwrap();
    assert_eq!(cleared.status(), 200);
    assert_eq!(caller.get("/sandbox/faults").await.body, json!([]));
}

#[rstest]
#[case::unknown_kind(json!({"call": "any", "fault": {"kind": "fire"}}))]
#[case::unknown_call(json!({"call": "cancel", "fault": {"kind": "html"}}))]
#[case::interim_status(json!({"call": "any", "fault": {"kind": "status", "status": 100}}))]
#[case::bad_header(json!({"call": "any", "fault": {"kind": "status", "status": 500, "headers": {"a b": "c"}}}))]
#[case::second_of_two(json!([{"call": "any", "fault": {"kind": "html"}}, {}]))]
#[tokio::test]
async fn a_wrong_rule_is_refused_and_none_is_armed(#[case] rule: Value) {
    let caller = Caller::start(&ACCOUNTS[0]).await;
    assert_eq!(caller.post("/sandbox/faults", &rule).await.status, 400);
    assert_eq!(caller.get("/sandbox/faults").await.body, json!([]));
}

#[tokio::test]
async fn a_long_list_can_be_cut_too() {
    let caller = Caller::start(&ACCOUNTS[0]).await;
    let rule = json!({"call": "tests", "fault": {"kind": "cut", "bytes": 50_000}});
    caller.post("/sandbox/faults", &rule).await;
    let path = "/client/crm/tests?branchID=6530a4a6f1d2c8b7e9a12345";
    let response = caller.request(Method::GET, path).send().await.unwrap();
    assert!(response.content_length().unwrap() > 100_000);
    assert!(response.bytes().await.is_err());
    assert_eq!(caller.create(&example_with(&json!({}))).await.status, 200);
}
