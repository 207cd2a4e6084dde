//! Faults play on Solv's calls by their names, are counted, and leave a row for each change that came.

use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use super::{Partner, calls, example, said};

/// Each name, and a call that has it.
fn named() -> Vec<(&'static str, Method, &'static str, Value)> {
    let names = [
        "solv-slots",
        "solv-slots",
        "solv-booking",
        "solv-status",
        "solv-image",
        "solv-external",
        "solv-external",
        "solv-external",
    ];
    let mut named: Vec<_> = names
        .into_iter()
        .zip(calls())
        .map(|(name, (method, path, body))| (name, method, path, body))
        .collect();
    named.push(("solv-token", Method::POST, "/v1/auth/token", json!({})));
    named.push((
        "solv-read",
        Method::GET,
        "/v1/partner/bookings/1",
        Value::Null,
    ));
    named.push((
        "solv-read",
        Method::GET,
        "/v1/partner/locations/1",
        Value::Null,
    ));
    named
}

#[rstest]
#[tokio::test]
async fn a_rule_hits_its_calls_only(
    #[values(
        "solv-token",
        "solv-slots",
        "solv-booking",
        "solv-status",
        "solv-image",
        "solv-external",
        "solv-read"
    )]
    name: &str,
) {
    let partner = Partner::start().await;
    let rule = json!({"call": name, "fault": {"kind": "status", "status": 418}});
    assert_eq!(
        partner.caller.post("/sandbox/faults", &rule).await.status,
        200
    );
    let mut hits = 0;
    for (other, method, path, body) in named() {
        let answer = partner.send(method, path, &body).await;
        assert_eq!(answer.status == 418, other == name, "{other} {path}");
        if other == name {
            assert_eq!(said(&answer), (418, "i'm a teapot"));
            hits += 1;
        }
    }
    assert!(hits > 0);
    let rules = partner.caller.get("/sandbox/faults").await.body;
    assert_eq!(rules[0]["fired"], hits);
    assert_eq!(
        partner.caller.get("/client/labs").await.status,
        401,
        "not Flabs'"
    );
}

#[rstest]
#[case("close-before", false)]
#[case("close-after", true)]
#[tokio::test]
async fn a_closed_connection_leaves_its_row(#[case] kind: &str, #[case] applied: bool) {
    let partner = Partner::start().await;
    assert_eq!(partner.book(&example()).await.status, 200);
    let mut changes = 0;
    for (name, method, path, body) in named() {
        if ["solv-token", "solv-slots", "solv-read"].contains(&name) {
            continue;
        }
        let rule = json!({"call": name, "times": 1, "fault": {"kind": kind}});
        partner.caller.post("/sandbox/faults", &rule).await;
        let request = partner.request(method, path).json(&body);
        assert!(request.send().await.is_err(), "{path}");
        changes += 1;
        let rows = partner.caller.rows().await;
        assert_eq!(rows.len(), 1 + changes, "{path}");
        let row = &rows[changes];
        assert_eq!(
            (&row["call"], &row["fault"], &row["applied"]),
            (&json!(name), &json!(kind), &json!(applied)),
            "{path}"
        );
        assert_eq!(row["number"].is_null(), !applied);
        assert_eq!(
            (&row["body"], &row["account"]),
            (&body, &json!("demo-solv"))
        );
    }
    let rules = partner.caller.get("/sandbox/faults").await.body;
    let rules = rules.as_array().unwrap();
    assert_eq!(rules.len(), 6);
    assert!(rules.iter().all(|rule| rule["fired"] == 1), "{rules:?}");
}

#[rstest]
#[case(false)]
#[case(true)]
#[tokio::test]
async fn a_late_booking_comes_after_the_answer(#[case] close: bool) {
    let partner = Partner::start().await;
    let fault = json!({"kind": "late", "ms": 100, "close": close});
    let rule = json!({"call": "solv-booking", "times": 1, "fault": fault});
    partner.caller.post("/sandbox/faults", &rule).await;
    let request = partner.request(Method::POST, "/v1/partner/bookings");
    let answered = request.json(&example()).send().await;
    assert_eq!(answered.is_err(), close);
    if let Ok(response) = answered {
        assert_eq!(response.status(), 504);
        let body: Value = response.json().await.unwrap();
        assert_eq!(body, json!({"detail": "gateway timeout"}));
    }
    while partner.caller.rows().await.is_empty() {
        tokio::task::yield_now().await;
    }
    let rows = partner.caller.rows().await;
    assert_eq!(
        (&rows[0]["fault"], &rows[0]["applied"]),
        (&json!("late"), &json!(true))
    );
    let rules = partner.caller.get("/sandbox/faults").await.body;
    assert_eq!(rules[0]["fired"], 1);
}

#[tokio::test]
async fn any_call_is_any_vendors() {
    let partner = Partner::start().await;
    let rule = json!({"call": "any", "fault": {"kind": "status", "status": 500}});
    partner.caller.post("/sandbox/faults", &rule).await;
    assert_eq!(partner.book(&example()).await.status, 500);
    assert_eq!(partner.caller.get("/client/labs").await.status, 500);
    let rules = partner.caller.get("/sandbox/faults").await.body;
    assert_eq!(rules[0]["fired"], 2);
}
