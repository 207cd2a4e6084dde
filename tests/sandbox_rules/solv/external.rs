//! Bookings of a clinic's own records system: status, cancellation, another time.

use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use super::{Partner, said, wrong};
use crate::caller::with;

const BOOKING: &str = "/v1/partner/external_bookings/EMR-88101";
const RESCHEDULE: &str = "/v1/partner/external_bookings/EMR-88101/reschedule";
const LATER: &str = "2026-11-23T20:30:00Z";

fn place() -> Value {
    json!({"external_location_id": "LAM-01", "service_id": "7"})
}

fn place_with(changes: &Value) -> Value {
    with(place(), changes)
}

/// The three calls, each with a body that it takes.
fn calls() -> [(Method, &'static str, Value); 3] {
    [
        (
            Method::PATCH,
            BOOKING,
            place_with(&json!({"status": "checked_in"})),
        ),
        (Method::DELETE, BOOKING, place()),
        (
            Method::POST,
            RESCHEDULE,
            place_with(&json!({"appointment_date": LATER})),
        ),
    ]
}

#[tokio::test]
async fn its_status_is_changed_and_kept() {
    let partner = Partner::start().await;
    let body = place_with(&json!({"status": "checked_in"}));
    let answer = partner.send(Method::PATCH, BOOKING, &body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(
        (
            &answer.body["status"],
            &answer.body["emr_booking_id"],
            &answer.body["id"]
        ),
        (&json!("checked_in"), &json!("EMR-88101"), &json!(31001))
    );
    assert_eq!(answer.body["appointment_date"], "2026-11-22T09:30:00-06:00");
    let later = place_with(&json!({"appointment_date": LATER}));
    let answer = partner.send(Method::POST, RESCHEDULE, &later).await;
    assert_eq!(answer.body["status"], "checked_in");
    let rows = partner.caller.rows().await;
    assert_eq!(
        (&rows[0]["call"], &rows[0]["number"], &rows[0]["request"]),
        (
            &json!("solv-external"),
            &json!("31001"),
            &json!(format!("PATCH {BOOKING}"))
        )
    );
}

#[tokio::test]
async fn it_is_cancelled_with_or_without_a_reason() {
    let partner = Partner::start().await;
    for body in [
        place(),
        place_with(&json!({"cancellation_reason": "Feels better"})),
    ] {
        let answer = partner.send(Method::DELETE, BOOKING, &body).await;
        assert_eq!(
            (answer.status, &answer.body["status"]),
            (200, &json!("cancelled"))
        );
    }
}

#[tokio::test]
async fn another_time_takes_a_place_and_gives_the_old_one_back() {
    let partner = Partner::start().await;
    partner.set(json!({"capacity": 1})).await;
    let has = async |moment: &str| {
        let slots = partner.slots("/v2/partner/locations/1042/slots").await;
        slots.iter().any(|slot| slot.0 == moment)
    };
    let to = async |moment: &str| {
        let body = place_with(&json!({"appointment_date": moment}));
        partner.send(Method::POST, RESCHEDULE, &body).await
    };
    let first = "2026-11-23T20:30:00.000Z";
    let second = "2026-11-24T20:30:00.000Z";
    let answer = to(first).await;
    assert_eq!(
        (answer.status, &answer.body["appointment_date"]),
        (200, &json!(first))
    );
    assert!(!has(first).await);
    assert_eq!(to(first).await.status, 200, "it is its own place");
    assert_eq!(to(second).await.status, 200);
    assert!(has(first).await && !has(second).await);
}

#[rstest]
#[tokio::test]
async fn place_and_service_are_required_by_all_three(
    #[values("external_location_id", "service_id")] field: &str,
) {
    let partner = Partner::start().await;
    for (method, path, body) in calls() {
        let answer = partner
            .send(method, path, &with(body, &json!({field: null})))
            .await;
        assert_eq!(wrong(&answer, "body", field), "field required", "{path}");
    }
}

#[rstest]
#[case::unknown(json!("9"), "value is not a valid enumeration member; permitted: '7', '8', '11'")]
#[case::number(json!(7), "str type expected")]
#[tokio::test]
async fn only_three_services_are_joined(#[case] service: Value, #[case] words: &str) {
    let partner = Partner::start().await;
    for (method, path, body) in calls() {
        let body = with(body, &json!({"service_id": service}));
        let answer = partner.send(method, path, &body).await;
        assert_eq!(wrong(&answer, "body", "service_id"), words, "{path}");
    }
}

#[rstest]
#[case::booking(json!({}), "EMR-1")]
#[case::location(json!({"external_location_id": "SUN-04"}), "EMR-88101")]
#[case::service(json!({"service_id": "8"}), "EMR-88101")]
#[tokio::test]
async fn a_booking_that_is_not_there_is_not_found(#[case] changes: Value, #[case] id: &str) {
    let partner = Partner::start().await;
    for (method, path, body) in calls() {
        let path = path.replace("EMR-88101", id);
        let answer = partner.send(method, &path, &with(body, &changes)).await;
        assert_eq!(said(&answer), (404, "Booking not found"), "{path}");
    }
}

#[rstest]
#[case::no_status(Method::PATCH, BOOKING, json!({}), "status", "field required")]
#[case::no_date(Method::POST, RESCHEDULE, json!({}), "appointment_date", "field required")]
#[case::date_in_words(Method::POST, RESCHEDULE, json!({"appointment_date": "monday"}), "appointment_date", "invalid datetime format")]
#[case::past(Method::POST, RESCHEDULE, json!({"appointment_date": "2026-11-20T20:30:00Z"}), "appointment_date", "appointment_date is not an available slot")]
#[case::numeric_reason(Method::DELETE, BOOKING, json!({"cancellation_reason": 1}), "cancellation_reason", "str type expected")]
#[tokio::test]
async fn a_change_that_breaks_a_rule_is_refused_by_the_fields_name(
    #[case] method: Method,
    #[case] path: &str,
    #[case] changes: Value,
    #[case] field: &str,
    #[case] words: &str,
) {
    let partner = Partner::start().await;
    let answer = partner.send(method, path, &place_with(&changes)).await;
    assert_eq!(wrong(&answer, "body", field), words);
    let rows = partner.caller.rows().await;
    assert_eq!(
        (&rows[0]["status"], &rows[0]["applied"]),
        (&json!(422), &json!(false))
    );
}

#[tokio::test]
async fn an_unknown_status_is_refused() {
    let partner = Partner::start().await;
    let body = place_with(&json!({"status": "ready"}));
    let answer = partner.send(Method::PATCH, BOOKING, &body).await;
    assert!(wrong(&answer, "body", "status").contains("enumeration"));
}

#[tokio::test]
async fn a_cancellation_needs_its_body() {
    let partner = Partner::start().await;
    let request = partner.request(Method::DELETE, BOOKING);
    let answer = crate::caller::Answer::of(request.send().await.unwrap()).await;
    assert_eq!(answer.status, 422);
    assert_eq!(answer.body["detail"][0]["loc"], json!(["body"]));
}

#[tokio::test]
async fn a_full_slot_is_refused() {
    let partner = Partner::start().await;
    partner.set(json!({"capacity": 1})).await;
    let sent = super::example_with(&json!({"appointment_date": LATER}));
    assert_eq!(partner.book(&sent).await.status, 200);
    let body = place_with(&json!({"appointment_date": LATER}));
    let answer = partner.send(Method::POST, RESCHEDULE, &body).await;
    let words = "appointment_date is already taken";
    assert_eq!(wrong(&answer, "body", "appointment_date"), words);
}

#[tokio::test]
async fn an_ended_one_stays_ended_only_where_that_is_set() {
    let partner = Partner::start().await;
    partner.set(json!({"transitions": "strict"})).await;
    let answer = partner.send(Method::DELETE, BOOKING, &place()).await;
    assert_eq!(answer.status, 200);
    let body = place_with(&json!({"status": "confirmed"}));
    let answer = partner.send(Method::PATCH, BOOKING, &body).await;
    wrong(&answer, "body", "status");
}

#[tokio::test]
async fn trials_have_as_many_as_they_ask_for() {
    let partner = Partner::start().await;
    let mut numbers = Vec::new();
    for (id, status) in [
        ("EMR-70001", 200),
        ("EMR-79999", 200),
        ("EMR-7001", 404),
        ("EMR-80001", 404),
    ] {
        let path = format!("/v1/partner/external_bookings/{id}");
        let answer = partner.send(Method::DELETE, &path, &place()).await;
        assert_eq!(answer.status, status, "{answer:?}");
        numbers.extend(answer.body["id"].as_i64());
    }
    assert_eq!(numbers, [320_001, 329_999]);
}
