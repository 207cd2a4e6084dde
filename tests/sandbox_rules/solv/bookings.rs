//! Creating a booking: each rule that refuses one, and what the answer shows.

use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use super::{LOS_ANGELES, Partner, SAN_DIEGO, example, example_with, said, wrong};
use crate::caller::{Answer, Caller};

const WALK_IN: &str = "/v1/partner/bookings?allow_walkin_scheduling=true";

#[tokio::test]
async fn a_reservation_shows_what_was_sent_and_nulls() {
    let partner = Partner::start().await;
    let answer = partner.book(&example()).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(
        answer.body,
        json!({"id": 48_210_001, "status": "reserved", "location_id": 1042,
            "appointment_date": "2026-11-21T20:30:00.000Z", "first_name": "Alma", "last_name": "Reyes",
            "phone": "+15125550123", "birth_date": "1990-05-17", "email": "", "reason": "", "is_walk_in": false,
            "paperwork_status": "incomplete", "emr_booking_id": null, "gender": null, "birth_sex": null,
            "custom_booking_management_url": null, "address_street": null, "address_street_secondary": null,
            "address_city": null, "address_state": null, "address_zip": null})
    );
    let rows = partner.caller.rows().await;
    assert_eq!(rows.len(), 1);
    let row = &rows[0];
    assert_eq!(
        (&row["vendor"], &row["call"], &row["number"], &row["status"]),
        (
            &json!("solv"),
            &json!("solv-booking"),
            &json!("48210001"),
            &json!(200)
        )
    );
    assert_eq!(row["request"], "POST /v1/partner/bookings");
    assert_eq!(
        (&row["account"], &row["applied"]),
        (&json!("demo-solv"), &json!(true))
    );
    assert_eq!(
        (&row["body"], &row["integrator"]),
        (&example(), &json!("P-9"))
    );
}

#[tokio::test]
async fn everything_optional_is_taken_and_only_three_fields_are_never_shown() {
    let partner = Partner::start().await;
    let optional = json!({"reason": "Cough", "email": "alma@example.com", "birth_sex": "female",
        "paperwork_status": "complete", "custom_booking_management_url": "https://example.com/b/1",
        "address_street": "1 Main St", "address_street_secondary": "Apt 2", "address_city": "Austin",
        "address_state": "TX", "address_zip": "78704"});
    let hidden =
        json!({"attribution": "front-desk", "emr_patient_id": "P-1", "visit_type_id": "501"});
    let mut sent = example_with(&optional);
    for (name, value) in hidden.as_object().unwrap() {
        sent[name] = value.clone();
    }
    sent["member_id"] = json!("ignored");
    let answer = partner.book(&sent).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    for (name, value) in optional.as_object().unwrap() {
        assert_eq!(&answer.body[name], value, "{name}");
    }
    for name in [
        "attribution",
        "emr_patient_id",
        "visit_type_id",
        "member_id",
    ] {
        assert!(answer.body.get(name).is_none(), "{name}");
    }
}

#[rstest]
#[case::appointment_date("appointment_date")]
#[case::birth_date("birth_date")]
#[case::first_name("first_name")]
#[case::last_name("last_name")]
#[case::phone("phone")]
#[case::location_id("location_id")]
#[tokio::test]
async fn six_fields_are_required(#[case] field: &str) {
    let partner = Partner::start().await;
    let answer = partner.book(&example_with(&json!({field: null}))).await;
    assert_eq!(wrong(&answer, "body", field), "field required");
    let mut sent = example();
    sent[field] = Value::Null;
    let answer = partner.book(&sent).await;
    let words = "none is not an allowed value";
    assert_eq!(wrong(&answer, "body", field), words);
}

#[tokio::test]
async fn all_wrong_fields_are_told_at_once() {
    let partner = Partner::start().await;
    let answer = partner.book(&json!({"location_id": "x"})).await;
    assert_eq!(answer.status, 422);
    let detail = answer.body["detail"].as_array().unwrap();
    let fields: Vec<_> = detail.iter().map(|wrong| &wrong["loc"][1]).collect();
    for field in [
        "appointment_date",
        "birth_date",
        "first_name",
        "last_name",
        "phone",
        "location_id",
    ] {
        assert!(fields.contains(&&json!(field)), "{field}");
    }
    assert_eq!(fields.len(), 6);
    assert_eq!(
        detail[0],
        json!({"loc": ["body", "appointment_date"], "msg": "field required", "type": "value_error.missing"})
    );
}

#[rstest]
#[case::numeric_name(json!({"first_name": 7}), "first_name", "str type expected")]
#[case::numeric_phone(json!({"phone": 5_125_550_123_u64}), "phone", "str type expected")]
#[case::location_as_letters(json!({"location_id": "Kp7wRe"}), "location_id", "value is not a valid integer")]
#[case::visit_type(json!({"visit_type_id": "urgent"}), "visit_type_id", "value is not a valid integer")]
#[case::walk_in(json!({"is_walk_in": "maybe"}), "is_walk_in", "value could not be parsed to a boolean")]
#[case::email_as_list(json!({"email": ["a@b.c"]}), "email", "str type expected")]
#[case::numeric_zip(json!({"address_zip": 78704}), "address_zip", "str type expected")]
#[case::no_digit_of_a_phone(json!({"phone": ""}), "phone", "value is not a valid phone number")]
#[case::no_day_of_birth(json!({"birth_date": ""}), "birth_date", "invalid date format")]
#[case::no_date(json!({"appointment_date": ""}), "appointment_date", "invalid datetime format")]
#[case::short_phone(json!({"phone": "555 0123"}), "phone", "value is not a valid phone number")]
#[case::phone_of_another_land(json!({"phone": "+919876543210"}), "phone", "value is not a valid phone number")]
#[case::phone_with_letters(json!({"phone": "512555CALL"}), "phone", "value is not a valid phone number")]
#[case::birth_date_as_spoken(json!({"birth_date": "05/17/1990"}), "birth_date", "invalid date format")]
#[case::no_such_birth_date(json!({"birth_date": "1990-02-30"}), "birth_date", "invalid date format")]
#[case::born_tomorrow(json!({"birth_date": "2026-11-23"}), "birth_date", "birth_date is in the future")]
#[case::date_alone(json!({"appointment_date": "2026-11-21"}), "appointment_date", "invalid datetime format")]
#[case::date_in_words(json!({"appointment_date": "tomorrow"}), "appointment_date", "invalid datetime format")]
#[case::between_slots(json!({"appointment_date": "2026-11-21T20:31:00Z"}), "appointment_date", "appointment_date is not an available slot")]
#[case::past(json!({"appointment_date": "2026-11-21T15:00:00Z"}), "appointment_date", "appointment_date is not an available slot")]
#[case::walk_in_slot(json!({"appointment_date": "2026-11-21T18:00:00Z"}), "appointment_date", "appointment_date is not an available slot")]
#[case::beyond_the_days(json!({"appointment_date": "2026-11-28T20:30:00Z"}), "appointment_date", "appointment_date is not an available slot")]
#[case::closed(json!({"location_id": LOS_ANGELES, "appointment_date": "2026-11-22T20:00:00Z"}), "appointment_date", "appointment_date is not an available slot")]
#[case::other_types_slot(json!({"visit_type_id": 502, "appointment_date": "2026-11-21T20:15:00Z"}), "appointment_date", "appointment_date is not an available slot")]
#[case::nobody_reserves(json!({"visit_type_id": 503}), "appointment_date", "appointment_date is not an available slot")]
#[tokio::test]
async fn a_booking_that_breaks_a_rule_is_refused_by_the_fields_name(
    #[case] changes: Value,
    #[case] field: &str,
    #[case] words: &str,
) {
    let partner = Partner::start().await;
    let answer = partner.book(&example_with(&changes)).await;
    assert_eq!(wrong(&answer, "body", field), words);
    let rows = partner.caller.rows().await;
    assert_eq!(
        (&rows[0]["status"], &rows[0]["applied"], &rows[0]["number"]),
        (&json!(422), &json!(false), &Value::Null)
    );
}

#[rstest]
#[case::unknown_location(json!({"location_id": 9999}), 404, "Location not found")]
#[case::unknown_visit_type(json!({"visit_type_id": 601}), 404, "Visit type not found")]
#[case::not_linked(json!({"location_id": SAN_DIEGO}), 403, "Partner is not linked to this location")]
#[tokio::test]
async fn a_place_that_the_partner_does_not_have_is_refused(
    #[case] changes: Value,
    #[case] status: u16,
    #[case] words: &str,
) {
    let partner = Partner::start().await;
    let answer = partner.book(&example_with(&changes)).await;
    assert_eq!(said(&answer), (status, words));
}

#[rstest]
#[case::location_as_text(json!({"location_id": "1042"}))]
#[case::ten_digits(json!({"phone": "5125550123"}))]
#[case::phone_with_signs(json!({"phone": "(512) 555-0123"}))]
#[case::clinic_time(json!({"appointment_date": "2026-11-21T14:30:00"}))]
#[case::with_offset(json!({"appointment_date": "2026-11-21T14:30:00-06:00"}))]
#[case::not_walking_in(json!({"is_walk_in": false}))]
#[case::any_sex(json!({"birth_sex": "x"}))]
#[tokio::test]
async fn the_same_said_otherwise_is_taken(#[case] changes: Value) {
    let partner = Partner::start().await;
    let answer = partner.book(&example_with(&changes)).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    for (name, value) in changes.as_object().unwrap() {
        if name != "location_id" {
            assert_eq!(&answer.body[name], value, "echoed as it came");
        }
    }
}

#[tokio::test]
async fn a_null_is_as_good_as_nothing_where_a_field_is_optional() {
    let partner = Partner::start().await;
    let mut sent = example();
    for name in [
        "email",
        "reason",
        "visit_type_id",
        "is_walk_in",
        "birth_sex",
    ] {
        sent[name] = Value::Null;
    }
    assert_eq!(partner.book(&sent).await.status, 200);
}

#[rstest]
#[case::no_json("{", "body is not JSON")]
#[case::no_object("[]", "value is not a valid dict")]
#[case::nothing("", "field required")]
#[tokio::test]
async fn only_a_json_object_is_a_booking(#[case] body: &'static str, #[case] words: &str) {
    let partner = Partner::start().await;
    let request = partner.request(Method::POST, "/v1/partner/bookings");
    let request = request
        .header("content-type", "application/json")
        .body(body);
    let answer = Answer::of(request.send().await.unwrap()).await;
    assert_eq!(answer.status, 422);
    assert_eq!(answer.body["detail"][0]["loc"], json!(["body"]));
    assert_eq!(answer.body["detail"][0]["msg"], words);
}

#[tokio::test]
async fn what_is_not_said_to_be_json_is_none() {
    let partner = Partner::start().await;
    let request = partner.request(Method::POST, "/v1/partner/bookings");
    let request = request
        .header("content-type", "text/plain")
        .body(example().to_string());
    let answer = Answer::of(request.send().await.unwrap()).await;
    assert_eq!(answer.status, 422);
    assert_eq!(answer.body["detail"][0]["msg"], "value is not a valid dict");
}

#[rstest]
#[case::unprocessable("unprocessable", 422)]
#[case::conflict("conflict", 409)]
#[case::bad_request("bad-request", 400)]
#[tokio::test]
async fn a_slot_that_is_full_is_refused(#[case] taken: &str, #[case] status: u16) {
    let partner = Partner::start().await;
    partner.set(json!({"taken": taken, "capacity": 1})).await;
    assert_eq!(partner.book(&example()).await.status, 200);
    let answer = partner.book(&example()).await;
    let words = "appointment_date is already taken";
    if status == 422 {
        assert_eq!(wrong(&answer, "body", "appointment_date"), words);
    } else {
        assert_eq!(said(&answer), (status, words));
    }
}

#[tokio::test]
async fn a_second_identical_booking_is_another_one() {
    let partner = Partner::start().await;
    let first = partner.book(&example()).await.body["id"].clone();
    let second = partner.book(&example()).await.body["id"].clone();
    assert_ne!(first, second);
}

#[tokio::test]
async fn two_sandboxes_on_one_ledger_give_one_place_once() {
    let mut one = Partner::start().await;
    one.set(json!({"capacity": 1})).await;
    let options = crate::caller::options(one.caller.ledger.clone());
    let caller = Caller::start_on(options, &frontdesk::sandbox::ACCOUNTS[0]).await;
    caller.set_clock(super::NOW).await;
    let mut two = Partner {
        caller,
        token: String::new(),
    };
    two.set(json!({"capacity": 1})).await;
    two.sign_in(super::ALL).await;
    one.sign_in(super::ALL).await;
    for minute in ["00", "15", "30", "45"] {
        let date = format!("2026-11-21T21:{minute}:00Z");
        let sent = example_with(&json!({"appointment_date": date}));
        let (first, second) = tokio::join!(one.book(&sent), two.book(&sent));
        let mut statuses = [first.status, second.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 422]);
    }
    let rows = one.caller.rows().await;
    assert_eq!(rows.iter().filter(|row| row["applied"] == true).count(), 4);
}

#[tokio::test]
async fn who_walks_in_now_is_confirmed() {
    let partner = Partner::start().await;
    let sent =
        example_with(&json!({"is_walk_in": true, "appointment_date": "2026-11-21T09:07:00-06:00"}));
    let answer = partner.book(&sent).await;
    let words = "appointment_date is not an available slot";
    assert_eq!(wrong(&answer, "body", "appointment_date"), words);
    let answer = partner.send(Method::POST, WALK_IN, &sent).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(
        (&answer.body["status"], &answer.body["is_walk_in"]),
        (&json!("confirmed"), &json!(true))
    );
    let rows = partner.caller.rows().await;
    assert_eq!(rows[1]["request"], format!("POST {WALK_IN}"));
}

#[rstest]
#[case::walk_in_slot(json!({"appointment_date": "2026-11-21T18:00:00Z"}))]
#[case::between_slots(json!({"appointment_date": "2026-11-21T20:31:00Z"}))]
#[case::arrived_a_while_ago(json!({"is_walk_in": true, "appointment_date": "2026-11-21T14:30:00Z"}))]
#[tokio::test]
async fn a_walk_in_may_be_scheduled_where_nobody_reserves(#[case] changes: Value) {
    let partner = Partner::start().await;
    let sent = example_with(&changes);
    let answer = partner.send(Method::POST, WALK_IN, &sent).await;
    assert_eq!(answer.status, 200, "{answer:?}");
}

#[rstest]
#[case::past(json!({"appointment_date": "2026-11-21T15:00:00Z"}), "appointment_date is in the past")]
#[case::long_past(json!({"is_walk_in": true, "appointment_date": "2026-11-21T13:00:00Z"}), "appointment_date is in the past")]
#[case::far_ahead(json!({"appointment_date": "2026-11-28T20:30:00Z"}), "appointment_date is too far ahead")]
#[case::closed(json!({"location_id": LOS_ANGELES, "appointment_date": "2026-11-22T20:00:00Z"}), "the location is closed at appointment_date")]
#[tokio::test]
async fn a_walk_in_too_needs_an_open_clinic(#[case] changes: Value, #[case] words: &str) {
    let partner = Partner::start().await;
    let answer = partner
        .send(Method::POST, WALK_IN, &example_with(&changes))
        .await;
    assert_eq!(wrong(&answer, "body", "appointment_date"), words);
}

#[tokio::test]
async fn whether_walk_ins_are_allowed_is_yes_or_no() {
    let partner = Partner::start().await;
    let path = "/v1/partner/bookings?allow_walkin_scheduling=perhaps";
    let answer = partner.send(Method::POST, path, &example()).await;
    wrong(&answer, "query", "allow_walkin_scheduling");
}

#[tokio::test]
async fn a_status_can_come_in_capitals() {
    let partner = Partner::start().await;
    partner
        .set(json!({"status_case": "upper", "envelope": "wrapped"}))
        .await;
    let answer = partner.book(&example()).await;
    assert_eq!(answer.body["data"]["status"], "RESERVED");
    assert_eq!(answer.body["meta"], json!({}));
}

#[tokio::test]
async fn bookings_outlive_the_sandbox() {
    let mut partner = Partner::start().await;
    partner.set(json!({"capacity": 1})).await;
    assert_eq!(partner.book(&example()).await.status, 200);
    partner.caller = partner
        .caller
        .restart(&frontdesk::sandbox::ACCOUNTS[0])
        .await;
    partner.caller.set_clock(super::NOW).await;
    assert_eq!(partner.book(&example()).await.status, 401, "tokens do not");
    partner.sign_in(super::ALL).await;
    partner.set(json!({"capacity": 1})).await;
    assert_eq!(partner.book(&example()).await.status, 422);
}
