//! Logging in with one factor or two, sessions, and tokens.

use reqwest::Method;
use rstest::rstest;
use serde_json::json;

use super::portal::{Answer, PASSWORD, Portal};

async fn sign_in(portal: &Portal, email: &str, password: &str) -> Answer {
    let body = json!({"username": email, "password": password});
    portal.post("auth/login?is-oh=true", &body).await
}

#[tokio::test]
async fn one_factor_is_enough_for_the_night() {
    let mut portal = Portal::open().await;
    let answer = sign_in(&portal, "Night@Example.com", PASSWORD).await;
    assert_eq!(answer.result()["Require2FA"], false);
    assert_eq!(answer.result()["Config"]["IsLoggedIn"], true);
    assert_eq!(
        answer.result()["Config"]["Permissions"]["User"]["CanReferPatient"],
        true
    );
    portal.adopt(&answer);
    let cookie = format!(
        "ASP.NET_SessionId={}; path=/; HttpOnly",
        portal.session.as_ref().unwrap()
    );
    assert_eq!(answer.cookie.as_deref(), Some(cookie.as_str()));
    let validated = portal.get("auth/validate").await;
    assert_eq!(validated.result()["RemainingTime"], 1200);
    assert_eq!(
        validated.result()["Token"].as_str(),
        portal.token.as_deref()
    );
}

#[rstest]
#[case::no_portal("auth/login", json!({"username": "night@example.com", "password": PASSWORD}), (400, 1))]
#[case::no_name("auth/login?is-oh=true", json!({"password": PASSWORD}), (400, 1))]
#[case::no_password("auth/login?is-oh=true", json!({"username": "night@example.com", "password": ""}), (400, 1))]
#[case::numeric_password("auth/login?is-oh=true", json!({"username": "night@example.com", "password": 7}), (400, 2))]
#[case::wrong_password("auth/login?is-oh=true", json!({"username": "night@example.com", "password": "guess"}), (401, 0))]
#[case::unknown_user("auth/login?is-oh=true", json!({"username": "nobody@example.com", "password": PASSWORD}), (401, 0))]
#[case::patients_portal("auth/login?is-oh=false", json!({"username": "night@example.com", "password": PASSWORD}), (401, 0))]
#[tokio::test]
async fn a_login_is_complete_and_right(
    #[case] path: &str,
    #[case] body: serde_json::Value,
    #[case] refusal: (u16, u64),
) {
    let portal = Portal::open().await;
    assert_eq!(portal.post(path, &body).await.refusal(), refusal);
}

#[tokio::test]
async fn five_wrong_passwords_block_the_user_for_a_while() {
    let portal = Portal::open().await;
    for _ in 0..5 {
        assert_eq!(
            sign_in(&portal, "night@example.com", "guess")
                .await
                .refusal(),
            (401, 0)
        );
    }
    assert_eq!(
        sign_in(&portal, "night@example.com", PASSWORD)
            .await
            .refusal(),
        (403, 14)
    );
    assert_eq!(
        sign_in(&portal, "desk@example.com", PASSWORD).await.status,
        200
    );
    portal.advance(15 * 60).await;
    assert_eq!(
        sign_in(&portal, "night@example.com", PASSWORD).await.status,
        200
    );
}

#[tokio::test]
async fn a_right_password_forgets_the_wrong_ones() {
    let portal = Portal::open().await;
    for _ in 0..3 {
        for _ in 0..4 {
            assert_eq!(
                sign_in(&portal, "night@example.com", "guess").await.status,
                401
            );
        }
        assert_eq!(
            sign_in(&portal, "night@example.com", PASSWORD).await.status,
            200
        );
    }
}

#[tokio::test]
async fn the_other_client_key_has_no_managers_and_takes_no_session() {
    let mut portal = Portal::start().await;
    portal.key = super::portal::ANONYMOUS_KEY;
    assert_eq!(
        sign_in(&portal, "night@example.com", PASSWORD)
            .await
            .refusal(),
        (401, 0)
    );
    assert_eq!(portal.get("auth/validate").await.refusal(), (401, 8));
}

#[tokio::test]
async fn who_awaits_a_code_is_not_logged_in_until_it_comes() {
    let mut portal = Portal::open().await;
    let answer = sign_in(&portal, "desk@example.com", PASSWORD).await;
    assert_eq!(answer.result()["Require2FA"], true);
    assert_eq!(answer.result()["Config"]["IsLoggedIn"], false);
    assert!(answer.result()["Config"]["Permissions"].is_null());
    portal.adopt(&answer);
    assert_eq!(portal.get("auth/validate").await.refusal(), (401, 8));
    assert_eq!(portal.get("appointment/types").await.refusal(), (401, 8));
    let early = portal
        .post("auth/submit-2fa-code", &json!({"code": "246810"}))
        .await;
    assert_eq!(early.refusal(), (400, 0));
    let sent = portal.get("auth/send-2fa-code").await;
    assert_eq!(sent.result(), &json!({"DeliveryMethod": "Mobile"}));
    let wrong = portal
        .post("auth/submit-2fa-code", &json!({"code": "000000"}))
        .await;
    assert_eq!(wrong.refusal(), (400, 0));
    let before = portal.token.clone();
    let right = portal
        .post("auth/submit-2fa-code", &json!({"code": "246810"}))
        .await;
    assert_eq!(right.result()["Require2FA"], false);
    assert_eq!(
        portal.get("auth/validate").await.refusal(),
        (401, 11),
        "the token is another"
    );
    portal.adopt(&right);
    assert_ne!(portal.token, before);
    assert_eq!(portal.get("auth/validate").await.status, 200);
    let again = portal.get("auth/send-2fa-code").await;
    assert_eq!(again.refusal(), (400, 0));
}

#[tokio::test]
async fn a_code_goes_where_it_is_asked_to() {
    let mut portal = Portal::open().await;
    portal.adopt(&sign_in(&portal, "desk@example.com", PASSWORD).await);
    for (wanted, method) in [(true, "Mobile"), (false, "Email")] {
        let sent = portal
            .post("auth/send-2fa-code", &json!({"useMobile": wanted}))
            .await;
        assert_eq!(sent.result()["DeliveryMethod"], method);
    }
    for (body, code) in [(json!({}), 1), (json!({"useMobile": "true"}), 2)] {
        assert_eq!(
            portal.post("auth/send-2fa-code", &body).await.refusal(),
            (400, code)
        );
    }
}

#[tokio::test]
async fn a_code_dies_of_age_of_wrong_answers_and_of_the_next_one() {
    let mut portal = Portal::open().await;
    portal.choose(&json!({"has_random_codes": true})).await;
    portal.adopt(&sign_in(&portal, "desk@example.com", PASSWORD).await);
    let digits = async |portal: &Portal| {
        let codes = portal.get_control("codes").await;
        assert_eq!(codes[0]["to"], "desk@example.com");
        codes[0]["code"].as_str().unwrap().to_owned()
    };
    let submit = async |portal: &Portal, code: &str| {
        portal
            .post("auth/submit-2fa-code", &json!({"code": code}))
            .await
    };
    assert_eq!(portal.get("auth/send-2fa-code").await.status, 200);
    let first = digits(&portal).await;
    portal.advance(600).await;
    assert!(submit(&portal, &first).await.message().contains("expired"));
    assert_eq!(portal.get("auth/send-2fa-code").await.status, 200);
    let mut second = digits(&portal).await;
    while second == first {
        assert_eq!(portal.get("auth/send-2fa-code").await.status, 200);
        second = digits(&portal).await;
    }
    for _ in 0..5 {
        assert_eq!(submit(&portal, &first).await.refusal(), (400, 0));
    }
    assert!(
        submit(&portal, &second)
            .await
            .message()
            .contains("Too many")
    );
    assert_eq!(portal.get("auth/send-2fa-code").await.status, 200);
    let third = digits(&portal).await;
    assert_eq!(submit(&portal, &third).await.status, 200);
    assert_eq!(portal.get_control("codes").await, json!([]));
}

#[tokio::test]
async fn a_session_that_is_left_alone_expires() {
    let portal = Portal::start().await;
    portal.choose(&json!({"idle_seconds": 100})).await;
    for _ in 0..3 {
        portal.advance(99).await;
        assert_eq!(
            portal.get("auth/validate").await.result()["RemainingTime"],
            100
        );
    }
    portal.advance(100).await;
    let answer = portal.get("appointment/types").await;
    assert_eq!(answer.refusal(), (401, 8));
    assert!(answer.message().contains("expired"));
    assert_eq!(portal.get("auth/config").await.refusal(), (401, 8));
}

#[tokio::test]
async fn the_token_must_be_right_and_there() {
    let mut portal = Portal::start().await;
    let token = portal.token.replace("guess".to_owned()).unwrap();
    assert_eq!(portal.get("appointment/types").await.refusal(), (401, 11));
    portal.token = None;
    assert_eq!(portal.get("appointment/types").await.refusal(), (401, 11));
    assert_eq!(
        portal
            .get(&format!("appointment/types?token={token}"))
            .await
            .status,
        200
    );
    let session = portal.session.take().unwrap();
    assert_eq!(portal.get("appointment/types").await.refusal(), (401, 8));
    let request = portal
        .request(Method::GET, &format!("appointment/types?token={token}"))
        .header("cookie", format!("ASP.NET_SessionId={session}"));
    assert_eq!(request.send().await.unwrap().status(), 200);
    let body = json!({"SessionId": session, "Token": token});
    let path = "appointment/sites?appointment-type=CN&payer-type=PA";
    assert_eq!(portal.post(path, &body).await.status, 200);
}

#[tokio::test]
async fn logging_out_ends_the_session() {
    let portal = Portal::start().await;
    assert!(
        portal.get("auth/config").await.result()["IsLoggedIn"]
            .as_bool()
            .unwrap()
    );
    assert!(portal.get("auth/logout").await.result().is_null());
    assert_eq!(portal.get("auth/validate").await.refusal(), (401, 8));
    assert_eq!(portal.get("auth/logout").await.refusal(), (401, 8));
}
