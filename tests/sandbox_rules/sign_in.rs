//! Tokens: what they need, how long they live, and that each refresh token is good once.

use frontdesk::sandbox::ACCOUNTS;
use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use crate::caller::{Caller, example};

const DAY: i64 = 24 * 60 * 60;

#[rstest]
#[case::no_id("token", json!({"clientSecret": "x"}), 400, "clientID is required")]
#[case::no_secret("token", json!({"clientID": "demo"}), 400, "clientSecret is required")]
#[case::numeric_id("token", json!({"clientID": 1, "clientSecret": "x"}), 400, "clientID must be a string")]
#[case::unknown_id("token", json!({"clientID": "x", "clientSecret": "demo-secret"}), 401, "clientID or clientSecret is wrong")]
#[case::wrong_secret("token", json!({"clientID": "demo", "clientSecret": "x"}), 401, "clientID or clientSecret is wrong")]
#[case::no_refresh("token/refresh", json!({"clientID": "demo"}), 400, "refreshToken is required")]
#[case::bad_refresh("token/refresh", json!({"clientID": "demo", "refreshToken": "x"}), 401, "refreshToken is unknown, used or lapsed")]
#[tokio::test]
async fn a_bad_sign_in_is_refused(
    #[case] call: &str,
    #[case] body: Value,
    #[case] status: u16,
    #[case] message: &str,
) {
    let caller = Caller::start(&ACCOUNTS[0]).await;
    let answer = caller.post(&format!("/client/auth/{call}"), &body).await;
    assert_eq!((answer.status, answer.refusal()), (status, message));
}

#[rstest]
#[case::labs(Method::GET, "/client/labs")]
#[case::tests(Method::GET, "/client/crm/tests?branchID=6530a4a6f1d2c8b7e9a12345")]
#[case::packages(Method::GET, "/client/crm/packages?branchID=6530a4a6f1d2c8b7e9a12345")]
#[case::create(Method::POST, "/client/crm/lead/create")]
#[tokio::test]
async fn every_other_call_needs_a_living_bearer_token(#[case] method: Method, #[case] path: &str) {
    let caller = Caller::start(&ACCOUNTS[0]).await;
    let url = format!("{}{path}", caller.sandbox.base_url());
    let bare = || caller.http.request(method.clone(), &url).json(&example());
    let status = async |request: reqwest::RequestBuilder| request.send().await.unwrap().status();
    assert_eq!(status(bare()).await, 401);
    assert_eq!(status(bare().bearer_auth("x")).await, 401);
    assert_eq!(
        status(bare().header("authorization", &caller.auth)).await,
        401
    );
    assert_eq!(status(bare().bearer_auth(&caller.refresh)).await, 401);
    assert_eq!(status(bare().bearer_auth(&caller.auth)).await, 200);
}

#[tokio::test]
async fn an_auth_token_lives_ten_minutes() {
    let caller = Caller::start(&ACCOUNTS[0]).await;
    caller.advance(590).await;
    assert_eq!(caller.get("/client/labs").await.status, 200);
    caller.advance(10).await;
    let answer = caller.get("/client/labs").await;
    assert_eq!(answer.status, 401);
    assert_eq!(
        answer.refusal(),
        "auth token is missing, unknown or expired"
    );
}

#[tokio::test]
async fn refreshing_gives_a_new_pair_and_ends_the_old_refresh_token() {
    let mut caller = Caller::start(&ACCOUNTS[0]).await;
    let first = json!({"clientID": "demo", "refreshToken": caller.refresh});
    caller.advance(29 * DAY).await;
    let answer = caller.post("/client/auth/token/refresh", &first).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.body["expiresIn"], 600);
    caller.auth = answer.text("authToken");
    assert_eq!(caller.get("/client/labs").await.status, 200);
    assert_eq!(
        caller
            .post("/client/auth/token/refresh", &first)
            .await
            .status,
        401
    );
    let second = json!({"clientID": "demo", "refreshToken": answer.body["refreshToken"]});
    caller.advance(29 * DAY).await;
    assert_eq!(
        caller
            .post("/client/auth/token/refresh", &second)
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn a_refresh_token_lapses_after_thirty_idle_days() {
    let caller = Caller::start(&ACCOUNTS[0]).await;
    caller.advance(30 * DAY).await;
    let body = json!({"clientID": "demo", "refreshToken": caller.refresh});
    assert_eq!(
        caller
            .post("/client/auth/token/refresh", &body)
            .await
            .status,
        401
    );
}

#[tokio::test]
async fn a_refresh_token_is_of_no_use_to_another_account() {
    let caller = Caller::start(&ACCOUNTS[0]).await;
    let body = json!({"clientID": "demo-b2b", "refreshToken": caller.refresh});
    assert_eq!(
        caller
            .post("/client/auth/token/refresh", &body)
            .await
            .status,
        401
    );
}
