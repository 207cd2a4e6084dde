//! The ledger keeps every change that came, whatever became of it, and faults play on the calls.

use rstest::rstest;
use serde_json::{Value, json};

use super::portal::Portal;

const TEN: &str = "2026-11-23T10:00:00";

#[tokio::test]
async fn a_row_holds_the_whole_body_the_query_the_sender_and_the_key() {
    let portal = Portal::start().await;
    let key = portal.book(TEN).await.result()["Key"].clone();
    let path = format!("appointment/cancel?appointment={}", key.as_str().unwrap());
    assert_eq!(portal.get(&path).await.status, 200);
    let rows = portal.rows().await;
    assert_eq!(rows.len(), 2, "searches and logins are not kept");
    let booked = &rows[0];
    assert_eq!(booked["vendor"], "meddbase");
    assert_eq!(booked["call"], "meddbase-book");
    assert_eq!(booked["account"], "night@example.com");
    assert_eq!(booked["body"]["proposedTimeSlot"]["Start"], TEN);
    assert_eq!(
        (&booked["status"], &booked["applied"], &booked["number"]),
        (&json!(200), &json!(true), &key)
    );
    assert!(
        booked["request"]
            .as_str()
            .unwrap()
            .starts_with("POST /patientportalapi/appointment/book-time-slot?patient=")
    );
    let cancelled = &rows[1];
    assert_eq!(cancelled["call"], "meddbase-cancel");
    assert!(
        cancelled["request"]
            .as_str()
            .unwrap()
            .contains(key.as_str().unwrap())
    );
    assert_eq!(
        (&cancelled["applied"], &cancelled["number"]),
        (&json!(true), &key)
    );
}

#[tokio::test]
async fn what_was_booked_outlives_the_server_but_sessions_do_not() {
    let portal = Portal::start().await;
    let key = portal.book(TEN).await.result()["Key"].clone();
    let mut portal = portal.restart().await;
    assert_eq!(
        portal.get("appointment/appointments").await.refusal(),
        (401, 8)
    );
    portal.log_in().await;
    let list = portal.get("appointment/appointments").await;
    assert_eq!(list.result()["Items"][0]["Key"], key);
    let next = portal.book(TEN).await;
    assert_eq!(next.result()["Key"], "apt58464");
}

#[tokio::test]
async fn a_change_without_a_client_key_is_kept_as_refused() {
    let portal = Portal::start().await;
    let answer = portal
        .raw(|http, root| http.get(format!("{root}appointment/cancel?appointment=apt58463")))
        .await;
    assert_eq!(answer.refusal(), (401, 3));
    let rows = portal.rows().await;
    assert_eq!(
        (&rows[0]["status"], &rows[0]["account"]),
        (&json!(401), &Value::Null)
    );
}

#[rstest]
#[case::refused_before(json!({"kind": "status", "status": 503}), false, 503)]
#[case::applied_and_spoilt(json!({"kind": "status", "status": 504, "applied": true}), true, 504)]
#[case::a_page_instead(json!({"kind": "html", "status": 200, "applied": true}), true, 200)]
#[tokio::test]
async fn a_fault_plays_on_a_booking_and_is_named_in_its_row(
    #[case] fault: Value,
    #[case] applied: bool,
    #[case] status: u16,
) {
    let portal = Portal::start().await;
    portal.arm("meddbase-book", &fault).await;
    assert_eq!(portal.book(TEN).await.status, status);
    assert_eq!(portal.fired().await, 1);
    let rows = portal.rows().await;
    assert_eq!((rows.len(), &rows[0]["applied"]), (1, &json!(applied)));
    assert_eq!(rows[0]["fault"], fault["kind"]);
    let list = portal.get("appointment/appointments").await;
    assert_eq!(list.result()["TotalCount"], u64::from(applied));
}

#[rstest]
#[case("meddbase-login", "auth/login?is-oh=true", true)]
#[case("meddbase-code", "auth/send-2fa-code", false)]
#[case("meddbase-validate", "auth/validate", false)]
#[case("meddbase-slots", "appointment/proposed-time-slots", false)]
#[case("meddbase-slots", "appointment/proposed-time-slots", true)]
#[case("meddbase-list", "appointment/appointments", false)]
#[case("meddbase-patients", "patients/patients", false)]
#[case("meddbase-patients", "patients/patient", true)]
#[case("meddbase-cancel", "appointment/cancel?appointment=apt1", false)]
#[case("meddbase-anon-slots", "anon-appointment/proposed-time-slots", false)]
#[case("meddbase-anon-register", "anon-booking/register-patient", true)]
#[case("meddbase-anon-code", "anon-booking/submit-validation-code", true)]
#[case("meddbase-anon-book", "anon-booking/book", true)]
#[tokio::test]
async fn every_call_is_known_to_fault_rules_by_its_name(
    #[case] name: &str,
    #[case] path: &str,
    #[case] is_post: bool,
) {
    let portal = Portal::start().await;
    portal
        .arm(name, &json!({"kind": "status", "status": 503}))
        .await;
    let answer = if is_post {
        portal.post(path, &json!({})).await
    } else {
        portal.get(path).await
    };
    assert_eq!(answer.refusal(), (503, 0));
    assert_eq!(portal.fired().await, 1);
}
