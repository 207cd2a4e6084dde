//! Paths, verbs, client keys, and what every call refuses.

use reqwest::Method;
use rstest::rstest;
use serde_json::json;

use super::portal::Portal;

#[rstest]
#[case::section("finance/invoices", Method::GET, (404, 5))]
#[case::no_method("auth", Method::GET, (404, 5))]
#[case::method("appointment/reschedule", Method::POST, (404, 6))]
#[case::get_of_a_post("appointment/book", Method::GET, (405, 6))]
#[case::post_of_a_get("appointment/cancel", Method::POST, (405, 6))]
#[case::another_verb("auth/login", Method::DELETE, (405, 6))]
#[tokio::test]
async fn what_is_not_there_is_told_apart(
    #[case] path: &str,
    #[case] verb: Method,
    #[case] refusal: (u16, u64),
) {
    let portal = Portal::start().await;
    let answer = portal
        .raw(|http, root| http.request(verb, format!("{root}{path}?client-key=demo-meddbase")))
        .await;
    assert_eq!(answer.refusal(), refusal);
}

#[tokio::test]
async fn every_call_but_the_servers_state_needs_a_client_key() {
    let portal = Portal::start().await;
    for path in [
        "auth/config",
        "auth/validate",
        "appointment/types",
        "anon-appointment/types",
    ] {
        let answer = portal
            .raw(|http, root| http.get(format!("{root}{path}")))
            .await;
        assert_eq!(answer.refusal(), (401, 3), "{path}");
        let answer = portal
            .raw(|http, root| http.get(format!("{root}{path}?client-key=guess")))
            .await;
        assert_eq!(answer.refusal(), (401, 4), "{path}");
    }
    let answer = portal
        .raw(|http, root| http.get(format!("{root}auth/server-state")))
        .await;
    assert_eq!(answer.result()["StateCode"], 1);
    assert_eq!(answer.result()["ProtocolVersion"], "1.0.1");
}

#[tokio::test]
async fn a_client_key_is_read_from_a_query_name_in_any_case_or_a_cookie() {
    let portal = Portal::open().await;
    let answer = portal
        .raw(|http, root| http.get(format!("{root}auth/config?Client-Key=demo-meddbase")))
        .await;
    assert_eq!(answer.result()["IsLoggedIn"], false);
    let answer = portal
        .raw(|http, root| {
            let request = http.get(format!("{root}auth/config"));
            request.header("cookie", "a=b; Client-key=demo-meddbase")
        })
        .await;
    assert_eq!(answer.result()["IsLoggedIn"], false);
}

#[tokio::test]
async fn markup_is_refused_in_a_query_and_deep_in_a_body() {
    let portal = Portal::start().await;
    let answer = portal.get("patients/patients?text=%3Cb%3Eann").await;
    assert_eq!(answer.refusal(), (400, 12));
    let body = json!({"demog": {"Name": "Ann", "Surname": "Lee", "Address": {"City": "<i>Leeds"}}});
    let answer = portal.post("patients/create-patient", &body).await;
    assert_eq!(answer.refusal(), (400, 12));
    assert!(!answer.message().contains("Leeds"));
    let fine = portal.get("patients/patients?text=a%20%3C%20b").await;
    assert_eq!(fine.result()["TotalCount"], 0);
}

#[rstest]
#[case::not_json("application/json", "{")]
#[case::not_an_object("application/json", "[]")]
#[case::not_said_to_be_json("text/plain", "{}")]
#[case::nothing("application/json", "")]
#[tokio::test]
async fn post_data_is_a_json_object(#[case] kind: &str, #[case] body: &'static str) {
    let portal = Portal::start().await;
    let answer = portal
        .raw(|http, root| {
            let request = http.post(format!(
                "{root}auth/login?is-oh=true&client-key=demo-meddbase"
            ));
            request.header("content-type", kind).body(body)
        })
        .await;
    assert_eq!(answer.refusal(), (400, 7));
}

#[rstest]
#[case::missing("appointment/service-types?payer-type=EMP-DEMO", 1)]
#[case::empty("appointment/service-types?payer-type=EMP-DEMO&appointment-type=", 2)]
#[case::twice("appointment/types?payer-type=PA&payer-type=PA", 2)]
#[case::letters(
    "appointment/proposed-time-slots?appointment-type=CN&to-date=2026-12-01T00:00:00&site=x",
    2
)]
#[case::day_for_a_time(
    "appointment/proposed-time-slots?appointment-type=CN&to-date=2026-12-01",
    2
)]
#[case::offset(
    "appointment/proposed-time-slots?appointment-type=CN&to-date=2026-12-01T00:00:00Z",
    2
)]
#[case::hour(
    "appointment/proposed-time-slots?appointment-type=CN&to-date=2026-12-01T00:00:00&time-from=9:30",
    2
)]
#[case::sex(
    "appointment/proposed-time-slots?appointment-type=CN&to-date=2026-12-01T00:00:00&clinician-sex=3",
    2
)]
#[case::preference(
    "appointment/proposed-time-slots?appointment-type=CN&to-date=2026-12-01T00:00:00&time-preference=3",
    2
)]
#[case::flag("appointment/types?referral-types=yes", 2)]
#[case::unknown_type(
    "appointment/proposed-time-slots?appointment-type=XX&to-date=2026-12-01T00:00:00",
    2
)]
#[case::unknown_payer("appointment/types?payer-type=XX", 2)]
#[case::page_zero("patients/patients?page-number=0", 2)]
#[case::small_page("patients/patients?page-size=4", 2)]
#[case::large_page("patients/patients?page-size=51", 2)]
#[case::column("appointment/appointments?page-sort-column=2", 2)]
#[case::moment("appointment/appointments?start-from=tomorrow", 2)]
#[case::no_appointment("appointment/cancel", 1)]
#[tokio::test]
async fn a_parameter_is_there_and_well_formed(#[case] path: &str, #[case] code: u64) {
    let portal = Portal::start().await;
    let answer = portal.get(path).await;
    assert_eq!(answer.refusal(), (400, code), "{answer:?}");
}

#[tokio::test]
async fn the_control_call_for_codes_needs_the_key() {
    let portal = Portal::open().await;
    let url = format!("{}/sandbox/codes", portal.sandbox.base_url());
    let response = portal.http.get(url).send().await.unwrap();
    assert_eq!(response.status(), 403);
    assert_eq!(portal.get_control("codes").await, json!([]));
}
