//! Appointments that were made: lists, pages, and cancelling.

use rstest::rstest;
use serde_json::{Value, json};

use super::portal::{Portal, slot};

const TEN: &str = "2026-11-23T10:00:00";

async fn booked(portal: &Portal, start: &str) -> String {
    let answer = portal.book(start).await;
    answer.result()["Key"].as_str().unwrap().to_owned()
}

async fn cancel(portal: &Portal, key: &str) -> super::portal::Answer {
    portal
        .get(&format!("appointment/cancel?appointment={key}"))
        .await
}

#[tokio::test]
async fn the_list_is_of_all_patients_or_one_within_a_span() {
    let portal = Portal::start().await;
    let starts = ["2026-11-24T09:00:00", TEN, "2026-11-25T12:00:00"];
    for start in starts {
        booked(&portal, start).await;
    }
    let own = json!({"proposedTimeSlot": slot("2026-11-23T11:00:00")});
    assert_eq!(
        portal.post("appointment/book-time-slot", &own).await.status,
        200
    );
    let john = portal.patient("john.lemon@example.com").await;
    let listed = async |query: String| {
        let answer = portal
            .get(&format!("appointment/appointments?{query}"))
            .await;
        let items = answer.result()["Items"].as_array().unwrap().clone();
        items
            .iter()
            .map(|item| item["Start"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let all = [TEN, "2026-11-23T11:00:00", starts[0], starts[2]];
    assert_eq!(listed(String::new()).await, all);
    assert_eq!(
        listed(format!("patient={john}")).await,
        [TEN, starts[0], starts[2]]
    );
    let span = "start-from=2026-11-23T11:00:00&start-to=2026-11-24T09:00:00%2B00:00";
    assert_eq!(listed(span.to_owned()).await, [all[1], starts[0]]);
    assert_eq!(
        listed("start-from=2026-11-25".to_owned()).await,
        [starts[2]]
    );
    assert_eq!(
        listed("appointment-type-name=consultation".to_owned())
            .await
            .len(),
        4
    );
    assert!(
        listed("appointment-type-name=Vaccination".to_owned())
            .await
            .is_empty()
    );
    let unknown = portal.get("appointment/appointments?patient=nobody").await;
    assert_eq!(unknown.refusal(), (403, 0));
}

#[tokio::test]
async fn pages_have_bounds_and_an_order() {
    let portal = Portal::start().await;
    for half_hour in 0..7 {
        let start = format!(
            "2026-11-23T{:02}:{:02}:00",
            9 + half_hour / 2,
            half_hour % 2 * 30
        );
        booked(&portal, &start).await;
    }
    let page = async |query: &str| {
        let answer = portal
            .get(&format!("appointment/appointments?page-size=5{query}"))
            .await;
        answer.result().clone()
    };
    let first = page("").await;
    assert_eq!(first["Items"].as_array().unwrap().len(), 5);
    assert_eq!(first["TotalCount"], 7);
    assert_eq!(
        (&first["CurrentPage"], &first["PageSize"]),
        (&json!(1), &json!(5))
    );
    assert_eq!(
        (&first["SortColumn"], &first["SortDescending"]),
        (&json!(0), &json!(false))
    );
    assert_eq!(first["Items"][0]["Start"], "2026-11-23T09:00:00");
    let second = page("&page-number=2").await;
    assert_eq!(second["Items"].as_array().unwrap().len(), 2);
    assert_eq!(page("&page-number=3").await["Items"], json!([]));
    assert_eq!(
        page("&page-number=9223372036854775807").await["Items"],
        json!([])
    );
    for flag in ["1", "True"] {
        let last = page(&format!("&page-sort-descending={flag}")).await;
        assert_eq!(last["Items"][0]["Start"], "2026-11-23T12:00:00");
    }
    let named = page("&page-sort-column=1").await;
    assert_eq!(named["SortColumn"], 1);
}

#[tokio::test]
async fn cancelling_early_is_free_and_frees_the_time() {
    let portal = Portal::start().await;
    let key = booked(&portal, "2026-11-23T17:30:00").await;
    assert!(
        !portal
            .starts("")
            .await
            .contains(&"2026-11-23T17:30:00".to_owned())
    );
    let info = portal
        .get(&format!("appointment/cancellation-info?appointment={key}"))
        .await;
    assert_eq!(info.result()["Fee"], 0);
    assert_eq!(info.result()["AppointmentKey"], key.as_str());
    assert!(cancel(&portal, &key).await.result().is_null());
    assert!(
        portal
            .starts("")
            .await
            .contains(&"2026-11-23T17:30:00".to_owned())
    );
    let list = portal.get("appointment/appointments").await;
    let cancelled = &list.result()["Items"][0];
    assert_eq!(
        (&cancelled["State"], &cancelled["StateColor"]),
        (&json!("Cancelled"), &json!("red"))
    );
    assert_eq!(cancel(&portal, &key).await.refusal(), (424, 0), "once only");
    let info = portal
        .get(&format!("appointment/cancellation-info?appointment={key}"))
        .await;
    assert_eq!(info.refusal(), (424, 0));
    booked(&portal, "2026-11-23T17:30:00").await;
}

#[rstest]
#[case::two_days("2026-11-21T09:59:00Z", 0)]
#[case::less_than_two_days("2026-11-21T10:00:01Z", 30)]
#[case::two_hours("2026-11-23T07:59:00Z", 30)]
#[case::less_than_two_hours("2026-11-23T08:00:01Z", 60)]
#[tokio::test]
async fn the_shorter_the_notice_the_higher_the_fee(#[case] now: &str, #[case] fee: i64) {
    let mut portal = Portal::start().await;
    let key = booked(&portal, TEN).await;
    portal.set_clock(now).await;
    portal.log_in().await;
    let info = portal
        .get(&format!("appointment/cancellation-info?appointment={key}"))
        .await;
    assert_eq!(info.result()["Fee"], fee);
    let answer = cancel(&portal, &key).await;
    let owed = &answer.result()["TotalGross"];
    assert_eq!(owed, &if fee == 0 { Value::Null } else { json!(fee) });
}

#[tokio::test]
async fn what_has_begun_cannot_be_cancelled() {
    let mut portal = Portal::start().await;
    let key = booked(&portal, TEN).await;
    portal.set_clock("2026-11-23T10:00:01Z").await;
    portal.log_in().await;
    assert_eq!(cancel(&portal, &key).await.refusal(), (424, 0));
}

#[tokio::test]
async fn unknown_keys_and_missing_rights_are_refused() {
    let portal = Portal::start().await;
    assert_eq!(cancel(&portal, "apt1").await.refusal(), (404, 0));
    let key = booked(&portal, TEN).await;
    portal.choose(&json!({"can_cancel": false})).await;
    assert_eq!(cancel(&portal, &key).await.refusal(), (403, 0));
    let info = portal
        .get(&format!("appointment/cancellation-info?appointment={key}"))
        .await;
    assert_eq!(info.refusal(), (403, 0));
}

#[tokio::test]
async fn existing_appointments_are_the_managers_own_with_ten_past_ones() {
    let mut portal = Portal::start().await;
    booked(&portal, "2026-11-25T09:00:00").await;
    for half_hour in 0..12 {
        let start = format!(
            "2026-11-23T{:02}:{:02}:00",
            10 + half_hour / 2,
            half_hour % 2 * 30
        );
        let body = json!({"proposedTimeSlot": slot(&start)});
        assert_eq!(
            portal
                .post("appointment/book-time-slot", &body)
                .await
                .status,
            200
        );
    }
    let all = portal.get("appointment/existing-appointments").await;
    assert_eq!(all.result().as_array().unwrap().len(), 12);
    portal.set_clock("2026-11-24T09:00:00Z").await;
    portal.log_in().await;
    let past = portal.get("appointment/existing-appointments").await;
    assert_eq!(past.result().as_array().unwrap().len(), 10);
    assert_eq!(past.result()[0]["Start"], "2026-11-23T11:00:00");
}
