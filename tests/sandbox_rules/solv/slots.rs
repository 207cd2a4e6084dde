//! Which slots are listed, and what takes one away.

use rstest::rstest;
use serde_json::json;

use super::{Partner, example, example_with, said, wrong};

const AUSTIN: &str = "/v2/partner/locations/1042/slots";

#[tokio::test]
async fn a_slot_says_when_how_many_and_where() {
    let partner = Partner::start().await;
    let answer = partner.get(AUSTIN).await;
    assert_eq!(answer.body.as_array().unwrap().len(), 1);
    assert_eq!(answer.body[0]["location_id"], 1042);
    assert_eq!(
        answer.body[0]["slots"][0],
        json!({"appointment_date": "2026-11-21T15:15:00.000Z", "availability": 2, "busy": false,
            "location_ids": ["Kp7wRe"]})
    );
    let slots = answer.body[0]["slots"].as_array().unwrap();
    let busy = |slot: &&serde_json::Value| slot["busy"] == true;
    assert_eq!(slots.iter().filter(busy).count(), 4 * 7);
}

#[tokio::test]
async fn the_public_id_names_the_same_location() {
    let partner = Partner::start().await;
    let by_number = partner.get(AUSTIN).await.body;
    let by_letters = partner.get("/v2/partner/locations/Kp7wRe/slots").await.body;
    assert_eq!(by_number, by_letters);
}

#[tokio::test]
async fn v2_gives_the_days_that_the_location_has_set() {
    let partner = Partner::start().await;
    let austin = partner.slots(AUSTIN).await;
    // The seventh day in Austin ends at 22:00, when nobody can reserve any more.
    assert_eq!(austin.last().unwrap().0, "2026-11-28T03:45:00.000Z");
    let angeles = partner.slots("/v2/partner/locations/1077/slots").await;
    assert_eq!(angeles.first().unwrap().0, "2026-11-21T17:00:00.000Z");
    assert_eq!(angeles.last().unwrap().0, "2026-11-26T01:40:00.000Z");
    let on_sunday = |slot: &&(String, i64)| slot.0.starts_with("2026-11-22");
    assert_eq!(angeles.iter().filter(on_sunday).count(), 0, "it is closed");
}

#[rstest]
#[case::seven_without_a_number("", "2026-11-28T03:45:00.000Z")]
#[case::as_many_as_asked("?number_of_days_worth=2", "2026-11-23T03:45:00.000Z")]
#[tokio::test]
async fn v1_gives_the_days_that_are_asked_for(#[case] query: &str, #[case] last: &str) {
    let partner = Partner::start().await;
    let slots = partner
        .slots(&format!("/v1/partner/locations/1042/slots{query}"))
        .await;
    assert_eq!(slots.last().unwrap().0, last);
}

#[tokio::test]
async fn walk_in_slots_are_listed_only_when_asked_for() {
    let partner = Partner::start().await;
    let noon = "2026-11-21T18:00:00.000Z";
    let has_noon = |slots: &[(String, i64)]| slots.iter().any(|slot| slot.0 == noon);
    assert!(!has_noon(&partner.slots(AUSTIN).await));
    for yes in ["true", "1", "on", "Yes"] {
        let path = format!("{AUSTIN}?return_walkin_slots={yes}");
        assert!(has_noon(&partner.slots(&path).await), "{yes}");
    }
    let path = format!("{AUSTIN}?return_walkin_slots=no");
    assert!(!has_noon(&partner.slots(&path).await));
}

#[tokio::test]
async fn the_buffer_holds_walk_in_slots_back_and_no_others() {
    let partner = Partner::with_scope("read:locations").await;
    partner.caller.set_clock("2026-11-21T11:50:00-06:00").await;
    let first = async |query: &str| {
        let slots = partner.slots(&format!("{AUSTIN}{query}")).await;
        slots[0].0.clone()
    };
    assert_eq!(
        first("?return_walkin_slots=true").await,
        "2026-11-21T18:00:00.000Z"
    );
    assert_eq!(
        first("?return_walkin_slots=true&with_booking_buffer=true").await,
        "2026-11-21T18:30:00.000Z"
    );
    partner.caller.set_clock("2026-11-21T13:50:00-06:00").await;
    assert_eq!(
        first("?with_booking_buffer=true").await,
        "2026-11-21T20:00:00.000Z"
    );
}

#[tokio::test]
async fn a_visit_type_has_slots_of_its_own_length() {
    let partner = Partner::start().await;
    let slots = partner.slots(&format!("{AUSTIN}?visit_type_id=502")).await;
    assert_eq!(slots[0].0, "2026-11-21T15:30:00.000Z");
    assert_eq!(slots[1].0, "2026-11-21T16:00:00.000Z");
}

#[tokio::test]
async fn a_visit_type_without_reservations_has_walk_in_slots_alone() {
    let partner = Partner::start().await;
    let path = format!("{AUSTIN}?visit_type_id=503");
    assert!(partner.slots(&path).await.is_empty());
    let path = format!("{path}&return_walkin_slots=true");
    assert!(!partner.slots(&path).await.is_empty());
}

#[tokio::test]
async fn live_bookings_take_places_and_a_full_slot_is_not_listed() {
    let partner = Partner::start().await;
    let moment = "2026-11-21T20:30:00.000Z";
    let free = async || {
        let slots = partner.slots(AUSTIN).await;
        slots
            .iter()
            .find(|slot| slot.0 == moment)
            .map(|slot| slot.1)
    };
    assert_eq!(free().await, Some(2));
    let first = partner.book(&example()).await.body["id"].clone();
    assert_eq!(free().await, Some(1));
    assert_eq!(partner.book(&example()).await.status, 200);
    assert_eq!(free().await, None);
    let path = format!("/v1/partner/bookings/{first}");
    let cancelled = json!({"status": "cancelled"});
    let answer = partner
        .send(reqwest::Method::PATCH, &path, &cancelled)
        .await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(free().await, Some(1), "a cancelled one takes none");
}

#[tokio::test]
async fn the_number_of_places_can_be_set() {
    let partner = Partner::start().await;
    partner.set(json!({"capacity": 40})).await;
    assert_eq!(partner.slots(AUSTIN).await[0].1, 40);
}

#[tokio::test]
async fn a_booking_at_one_location_leaves_the_other_alone() {
    let partner = Partner::start().await;
    let angeles = "/v2/partner/locations/1077/slots";
    let before = partner.slots(angeles).await;
    let sent = example_with(&json!({"appointment_date": "2026-11-21T20:00:00Z"}));
    assert_eq!(partner.book(&sent).await.status, 200);
    assert_eq!(partner.slots(angeles).await, before);
}

#[rstest]
#[case::walk_ins(
    "return_walkin_slots",
    "maybe",
    "value could not be parsed to a boolean"
)]
#[case::buffer("with_booking_buffer", "2", "value could not be parsed to a boolean")]
#[case::visit_type("visit_type_id", "urgent", "value is not a valid integer")]
#[tokio::test]
async fn a_query_of_the_wrong_type_is_refused_by_its_name(
    #[values("v1", "v2")] version: &str,
    #[case] field: &str,
    #[case] value: &str,
    #[case] words: &str,
) {
    let partner = Partner::start().await;
    let path = format!("/{version}/partner/locations/1042/slots?{field}={value}");
    assert_eq!(wrong(&partner.get(&path).await, "query", field), words);
}

#[tokio::test]
async fn v1_counts_days_in_whole_numbers() {
    let partner = Partner::start().await;
    let path = "/v1/partner/locations/1042/slots?number_of_days_worth=week";
    let words = "value is not a valid integer";
    assert_eq!(
        wrong(&partner.get(path).await, "query", "number_of_days_worth"),
        words
    );
}

#[rstest]
#[case::unknown_location("9999", 404, "Location not found")]
#[case::other_letters("kp7wre", 404, "Location not found")]
#[case::unknown_visit_type("1042/slots?visit_type_id=601", 404, "Visit type not found")]
#[case::not_linked("1090", 403, "Partner is not linked to this location")]
#[tokio::test]
async fn what_the_partner_does_not_have_has_no_slots(
    #[case] place: &str,
    #[case] status: u16,
    #[case] words: &str,
) {
    let partner = Partner::start().await;
    let path = if place.contains('/') {
        format!("/v2/partner/locations/{place}")
    } else {
        format!("/v2/partner/locations/{place}/slots")
    };
    assert_eq!(said(&partner.get(&path).await), (status, words));
}

#[tokio::test]
async fn the_envelope_is_put_around_where_that_is_set() {
    let partner = Partner::start().await;
    let bare = partner.get(AUSTIN).await.body;
    partner.set(json!({"envelope": "wrapped"})).await;
    let wrapped = partner.get(AUSTIN).await.body;
    assert_eq!(wrapped, json!({"meta": {}, "data": bare}));
    let token = partner.signed_in(&json!({})).await;
    assert!(token.body["access_token"].is_string(), "never a token's");
}
