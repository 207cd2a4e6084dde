//! The same answers as the published samples spell them, and what else can be answered otherwise.

use serde_json::json;

use super::portal::{PASSWORD, Portal};

#[tokio::test]
async fn fields_are_spelled_as_in_the_samples_where_that_is_asked_for() {
    let mut portal = Portal::open().await;
    portal.choose(&json!({"spelling": "as-published"})).await;
    let body = json!({"username": "desk@example.com", "password": PASSWORD});
    let awaiting = portal.post("auth/login?is-oh=true", &body).await;
    assert_eq!(awaiting.result()["Require2FA"], "true");
    portal.log_in().await;
    let query = "appointment-type=CN&payer-type=PA";
    let groups = portal
        .get(&format!("appointment/service-types?{query}"))
        .await;
    assert_eq!(groups.result()[0]["Key"], 84);
    let clinicians = portal
        .post(&format!("appointment/clinicians?{query}"), &json!({}))
        .await;
    assert_eq!(clinicians.result()[0]["SexType"], "2");
    assert!(clinicians.result()[0]["Name"].is_null());
    let made = portal.book("2026-11-23T10:00:00").await;
    assert!(made.result()["Clinician"]["Name"].is_string());
    assert!(made.result()["Clinician"]["FullName"].is_null());
    assert_eq!(made.result()["Invoice"]["Number"], "1867");
}

#[tokio::test]
async fn a_submitted_code_is_answered_with_an_empty_text_as_in_a_sample() {
    let mut portal = Portal::anonymous().await;
    portal.choose(&json!({"spelling": "as-published"})).await;
    let demog = json!({"Name": "Ada", "Surname": "Walker", "EmailAddress": "ada@example.com",
        "Mobile": "+44 7700 900777", "DateOfBirth": "1990-01-02"});
    let registered = portal
        .post("anon-booking/register-patient", &json!({"demog": demog}))
        .await;
    portal.session = Some(
        registered.result()["SessionId"]
            .as_str()
            .unwrap()
            .to_owned(),
    );
    let submitted = portal
        .post(
            "anon-booking/submit-validation-code",
            &json!({"code": "246810"}),
        )
        .await;
    assert_eq!(submitted.result(), "");
}

#[tokio::test]
async fn an_error_tells_its_status_under_the_other_name_too() {
    let portal = Portal::open().await;
    portal.choose(&json!({"status_field": "StatusCode"})).await;
    let answer = portal.get("auth/validate").await;
    let error = json!({"Message": "User is not logged in.", "EventType": 2, "EventCode": 8, "StatusCode": 401});
    assert_eq!(answer.body, json!({"status": "error", "error": error}));
}

#[tokio::test]
async fn nothing_to_tell_can_be_no_content() {
    let portal = Portal::start().await;
    portal.choose(&json!({"is_nothing_empty": true})).await;
    let made = portal.book("2026-11-25T10:00:00").await;
    let key = made.result()["Key"].as_str().unwrap();
    let answer = portal
        .get(&format!("appointment/cancel?appointment={key}"))
        .await;
    assert_eq!(answer.status, 204);
    assert_eq!(portal.rows().await[1]["applied"], true);
}
