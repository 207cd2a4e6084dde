//! The sandbox keeps the published contract: one test for each rule it refuses by, and for each it must not have.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "sandbox_rules/billing.rs"]
mod billing;
#[path = "sandbox_rules/caller.rs"]
mod caller;
#[path = "sandbox_rules/faults.rs"]
mod faults;
#[path = "sandbox_rules/ledger.rs"]
mod ledger;
#[path = "sandbox_rules/lists.rs"]
mod lists;
#[path = "sandbox_rules/meddbase.rs"]
mod meddbase;
#[path = "sandbox_rules/sign_in.rs"]
mod sign_in;
#[path = "sandbox_rules/solv.rs"]
mod solv;

use caller::{Caller, example, example_with};
use frontdesk::sandbox::ACCOUNTS;
use rstest::rstest;
use serde_json::{Value, json};

const CORPORATE: &str = "65600ee6c1ba19e121dc436d";
const DOCTOR: &str = "6554ddd3920c9af1762cafa7";
const HOSPITAL: &str = "6535f375e542bfe264f7049c";
const OTHER_BRANCH: &str = "6558fcd568650399c7457353";

fn booking() -> Value {
    json!({"phase": "booking", "bookingType": "Home Collection", "scheduledAt": "2026-11-22T07:30:00+05:30"})
}

#[tokio::test]
async fn the_vendors_own_example_succeeds_though_its_lines_do_not_add_up() {
    let caller = Caller::start(&ACCOUNTS[0]).await;
    let answer = caller.create(&example()).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let number = answer.body["leadId"].as_str().unwrap();
    assert_eq!(number.len(), 24);
    assert!(number.bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert_eq!(answer.body["success"], true);
    assert_eq!(answer.body["phase"], "lead");
    assert_eq!(answer.body["message"], "Lead created successfully");
}

#[rstest]
#[case::no_branch(json!({"branchID": null}), "branchID is required")]
#[case::no_integrator(json!({"integratorID": null}), "integratorID is required")]
#[case::empty_integrator(json!({"integratorID": " "}), "integratorID is required")]
#[case::numeric_integrator(json!({"integratorID": 7}), "integratorID must be a string")]
#[case::no_name(json!({"first_name": null}), "first_name is required")]
#[case::no_contact(json!({"contact": null}), "contact is required")]
#[case::short_contact(json!({"contact": "987654321"}), "contact must be exactly 10 digits")]
#[case::long_contact(json!({"contact": "98765432101"}), "contact must be exactly 10 digits")]
#[case::contact_with_plus(json!({"contact": "+919876543"}), "contact must be exactly 10 digits")]
#[case::contact_with_space(json!({"contact": "98765 4321"}), "contact must be exactly 10 digits")]
#[case::contact_in_devanagari(json!({"contact": "९८७६५४३२१०"}), "contact must be exactly 10 digits")]
#[case::numeric_contact(json!({"contact": 9_876_543_210_u64}), "contact must be a string")]
#[case::no_age(json!({"age": null}), "age is required")]
#[case::age_as_text(json!({"age": "32"}), "age must be a number")]
#[case::no_age_type(json!({"age_type": null}), "age_type is required")]
#[case::unknown_age_type(json!({"age_type": "years"}), "age_type must be one of: year, month, day")]
#[case::unknown_phase(json!({"phase": "walk-in"}), "phase must be one of: lead, booking")]
#[case::unknown_gender(json!({"gender": "M"}), "gender must be one of: male, female, other")]
#[case::unknown_priority(json!({"priority": "asap"}), "priority must be one of: urgent, high, medium, low")]
#[case::numeric_last_name(json!({"last_name": 1}), "last_name must be a string")]
#[case::country_code_with_plus(json!({"country_code": "+91"}), "country_code must be digits without a plus sign")]
#[case::numeric_pincode(json!({"pincode": 560_001}), "pincode must be a string")]
#[case::numeric_assignee(json!({"assignedTo": 7}), "assignedTo must be a string")]
#[case::tests_not_an_array(json!({"tests": {}}), "tests must be an array")]
#[case::cost_as_text(json!({"tests": [{"test": "6530a4a6f1d2c8b7e9aabcde", "cost": "350"}]}), "tests[0].cost must be a number")]
#[case::test_without_id(json!({"tests": [{"cost": 350}]}), "tests[0].test must be a string that is not empty")]
#[case::package_with_total(json!({"packages": [{"package": "6530a4a6f1d2c8b7e9afedcb", "total": 1499}]}), "packages[0].price must be a number")]
#[case::unmapped_without_name(json!({"unmappedTests": [{"name": "", "cost": 1}]}), "unmappedTests[0].name must be a string that is not empty")]
#[case::unmapped_without_price(json!({"unmappedPackages": [{"name": "Glow"}]}), "unmappedPackages[0].price must be a number")]
#[case::discount_as_text(json!({"discountAmount": "100"}), "discountAmount must be a number")]
#[case::total_as_text(json!({"totalAmount": "4549"}), "totalAmount must be a number")]
#[case::unknown_test(json!({"tests": [{"test": "6530a4a6f1d2c8b7e9afedcb", "cost": 1}]}), "tests[0].test is not a known test")]
#[case::unknown_package(json!({"packages": [{"package": "6530a4a6f1d2c8b7e9aabcde", "price": 1}]}), "packages[0].package is not a known package")]
#[case::booking_without_type(json!({"phase": "booking", "scheduledAt": "2026-11-22T07:30:00+05:30"}), "bookingType is required for a booking")]
#[case::booking_without_time(json!({"phase": "booking", "bookingType": "Home Collection"}), "scheduledAt is required for a booking")]
#[case::unknown_booking_type(json!({"bookingType": "Walk-in"}), "bookingType must be one of: Home Collection")]
#[case::time_without_offset(json!({"scheduledAt": "2026-11-22T07:30:00"}), "scheduledAt must be an ISO 8601 date-time with an offset, such as 2026-01-15T07:30:00+05:30")]
#[case::empty_party(json!({"corporateUser": ""}), "corporateUser must not be empty")]
#[tokio::test]
async fn a_create_that_breaks_a_rule_is_refused_by_the_fields_name(
    #[case] changes: Value,
    #[case] message: &str,
) {
    let caller = Caller::start(&ACCOUNTS[0]).await;
    let answer = caller.create(&example_with(&changes)).await;
    assert_eq!((answer.status, answer.refusal()), (400, message));
    let rows = caller.rows().await;
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (&rows[0]["status"], &rows[0]["applied"]),
        (&json!(400), &json!(false))
    );
}

#[tokio::test]
async fn an_explicit_null_is_of_the_wrong_type() {
    let caller = Caller::start(&ACCOUNTS[0]).await;
    let mut sent = example();
    sent["email"] = Value::Null;
    let answer = caller.create(&sent).await;
    assert_eq!(
        (answer.status, answer.refusal()),
        (400, "email must be a string")
    );
}

#[rstest]
#[case::branch(json!({"branchID": "6530a4a6f1d2c8b7e9a00000"}), "branchID is not a branch of this account")]
#[case::corporate(json!({"corporateUser": DOCTOR}), "corporateUser is not a party of this account")]
#[case::doctor(json!({"referredOrganization": HOSPITAL}), "referredOrganization is not a party of this account")]
#[case::hospital(json!({"referredHospitalOrganization": CORPORATE}), "referredHospitalOrganization is not a party of this account")]
#[tokio::test]
async fn an_id_that_the_account_does_not_have_is_not_found(
    #[case] changes: Value,
    #[case] message: &str,
) {
    let caller = Caller::start(&ACCOUNTS[0]).await;
    let answer = caller.create(&example_with(&changes)).await;
    assert_eq!((answer.status, answer.refusal()), (404, message));
}

#[rstest]
#[case::not_json("application/json", "{", "the body must be a JSON object")]
#[case::not_an_object("application/json", "[]", "the body must be a JSON object")]
#[case::not_said_to_be_json("text/plain", "{}", "Content-Type must be application/json")]
#[tokio::test]
async fn only_a_json_object_is_a_create(
    #[case] kind: &str,
    #[case] body: &'static str,
    #[case] message: &str,
) {
    let caller = Caller::start(&ACCOUNTS[0]).await;
    let request = caller
        .request(reqwest::Method::POST, "/client/crm/lead/create")
        .header("content-type", kind)
        .body(body);
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 400);
    let answer: Value = response.json().await.unwrap();
    assert_eq!(answer, json!({"success": false, "message": message}));
}

#[rstest]
#[case::with_offset(json!({"scheduledAt": "2026-11-22T07:30:00+05:30"}))]
#[case::in_utc(json!({"scheduledAt": "2026-11-22T02:00:00Z"}))]
#[case::in_the_past(json!({"scheduledAt": "2020-01-01T02:00:00Z"}))]
#[tokio::test]
async fn a_booking_has_its_type_and_time(#[case] changes: Value) {
    let caller = Caller::start(&ACCOUNTS[0]).await;
    let mut sent = example_with(&booking());
    sent["scheduledAt"] = changes["scheduledAt"].clone();
    let answer = caller.create(&sent).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.body["phase"], "booking");
    assert_eq!(answer.body["message"], "Booking created successfully");
}

#[tokio::test]
async fn the_required_fields_are_enough_and_unknown_ones_are_ignored() {
    let caller = Caller::start(&ACCOUNTS[0]).await;
    let sent = json!({"branchID": "6530a4a6f1d2c8b7e9a12345", "integratorID": "A1", "first_name": "Rahul",
        "contact": "9876543210", "age": 1.5, "age_type": "month", "weight": [1], "title": null});
    let answer = caller.create(&sent).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.body["phase"], "lead");
}

#[tokio::test]
async fn a_party_scoped_account_needs_any_one_of_the_three_parties() {
    let caller = Caller::start(&ACCOUNTS[1]).await;
    let answer = caller.create(&example()).await;
    assert_eq!(answer.status, 400);
    assert!(answer.refusal().contains("referredHospitalOrganization"));
    let parties = [
        json!({"corporateUser": CORPORATE}),
        json!({"referredOrganization": DOCTOR}),
        json!({"referredHospitalOrganization": HOSPITAL}),
        json!({"corporateUser": CORPORATE, "referredOrganization": DOCTOR, "referredHospitalOrganization": HOSPITAL}),
    ];
    for (index, mut party) in parties.into_iter().enumerate() {
        party["contact"] = json!(format!("987654321{index}"));
        party["email"] = json!("");
        let answer = caller.create(&example_with(&party)).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
}

#[tokio::test]
async fn a_party_is_welcome_on_a_catch_all_account() {
    let caller = Caller::start(&ACCOUNTS[0]).await;
    let answer = caller
        .create(&example_with(&json!({"corporateUser": CORPORATE})))
        .await;
    assert_eq!(answer.status, 200, "{answer:?}");
}

#[rstest]
#[case::same_contact(json!({"email": "other@example.com"}), 409)]
#[case::same_email(json!({"contact": "9000000001"}), 409)]
#[case::same_email_in_capitals(json!({"contact": "9000000001", "email": "RAHUL@Example.com"}), 409)]
#[case::other_branch(json!({"branchID": OTHER_BRANCH}), 409)]
#[case::as_a_booking(booking(), 409)]
#[case::other_person(json!({"contact": "9000000001", "email": "other@example.com"}), 200)]
#[case::other_contact_and_no_email(json!({"contact": "9000000001", "email": null}), 200)]
#[tokio::test]
async fn a_contact_or_email_is_taken_once_a_day(#[case] changes: Value, #[case] status: u16) {
    let caller = Caller::start(&ACCOUNTS[0]).await;
    assert_eq!(caller.create(&example()).await.status, 200);
    let answer = caller.create(&example_with(&changes)).await;
    assert_eq!(answer.status, status, "{answer:?}");
    if status == 409 {
        assert!(answer.refusal().ends_with("already ingested today"));
    }
}

#[tokio::test]
async fn empty_emails_do_not_collide() {
    let caller = Caller::start(&ACCOUNTS[0]).await;
    for contact in ["9000000001", "9000000002"] {
        let sent = example_with(&json!({"contact": contact, "email": ""}));
        assert_eq!(caller.create(&sent).await.status, 200);
    }
}

#[tokio::test]
async fn a_refused_create_does_not_take_the_contact() {
    let caller = Caller::start(&ACCOUNTS[0]).await;
    assert_eq!(
        caller
            .create(&example_with(&json!({"age": null})))
            .await
            .status,
        400
    );
    assert_eq!(caller.create(&example()).await.status, 200);
}

#[tokio::test]
async fn the_day_ends_at_midnight_in_kolkata() {
    let mut caller = Caller::start(&ACCOUNTS[0]).await;
    caller.set_clock("2026-11-21T23:50:00+05:30").await;
    caller.sign_in(&ACCOUNTS[0]).await;
    assert_eq!(caller.create(&example()).await.status, 200);
    assert_eq!(caller.create(&example()).await.status, 409);
    caller.set_clock("2026-11-22T00:00:01+05:30").await;
    caller.sign_in(&ACCOUNTS[0]).await;
    assert_eq!(caller.create(&example()).await.status, 200);
    caller.set_clock("2026-11-22T23:50:00+05:30").await;
    caller.sign_in(&ACCOUNTS[0]).await;
    assert_eq!(caller.create(&example()).await.status, 409);
}

#[tokio::test]
async fn the_other_account_has_a_day_of_its_own() {
    let mut caller = Caller::start(&ACCOUNTS[0]).await;
    let sent = example_with(&json!({"corporateUser": CORPORATE}));
    assert_eq!(caller.create(&sent).await.status, 200);
    caller.sign_in(&ACCOUNTS[1]).await;
    assert_eq!(caller.create(&sent).await.status, 200);
}

#[tokio::test]
async fn a_repeated_integrator_id_is_accepted_unless_the_switch_is_set() {
    let caller = Caller::start(&ACCOUNTS[0]).await;
    let sent = |contact: &str| example_with(&json!({"contact": contact, "email": null}));
    assert_eq!(caller.create(&sent("9000000001")).await.status, 200);
    assert_eq!(caller.create(&sent("9000000002")).await.status, 200);
    let switch = json!({"is_integrator_unique": true});
    assert_eq!(caller.post("/sandbox/settings", &switch).await.status, 200);
    let answer = caller.create(&sent("9000000003")).await;
    assert_eq!(
        (answer.status, answer.refusal()),
        (409, "integratorID was already used")
    );
}

#[tokio::test]
async fn booking_types_can_be_added() {
    let caller = Caller::start(&ACCOUNTS[0]).await;
    let types = json!({"booking_types": ["Home Collection", "Centre Visit"]});
    assert_eq!(caller.post("/sandbox/settings", &types).await.status, 200);
    let mut sent = example_with(&booking());
    sent["bookingType"] = json!("Centre Visit");
    assert_eq!(caller.create(&sent).await.status, 200);
}

#[tokio::test]
async fn the_61st_request_of_a_minute_is_refused_and_not_counted() {
    let mut caller = Caller::start(&ACCOUNTS[0]).await;
    for _ in 1..60 {
        assert_eq!(caller.get("/client/labs").await.status, 200);
    }
    let answer = caller.get("/client/labs").await;
    assert_eq!(answer.status, 429);
    assert!(answer.refusal().contains("too many requests"));
    let wait = answer.retry_after.unwrap();
    assert!((1..=60).contains(&wait));
    assert_eq!(caller.create(&example()).await.status, 429);
    let body = json!({"clientID": "demo", "clientSecret": "demo-secret"});
    assert_eq!(caller.post("/client/auth/token", &body).await.status, 429);
    caller.advance(i64::try_from(wait).unwrap()).await;
    assert_eq!(caller.get("/client/labs").await.status, 200);
    caller.sign_in(&ACCOUNTS[1]).await;
    assert_eq!(caller.get("/client/labs").await.status, 200);
}

#[rstest]
#[case::no_key(None)]
#[case::wrong_key(Some("guess"))]
#[tokio::test]
async fn the_control_calls_need_the_key(#[case] key: Option<&str>) {
    let caller = Caller::start(&ACCOUNTS[0]).await;
    for path in ["ledger", "faults", "clock", "settings"] {
        let url = format!("{}/sandbox/{path}", caller.sandbox.base_url());
        let request = caller.http.get(url);
        let request = match key {
            Some(key) => request.header("x-control-key", key),
            None => request,
        };
        assert_eq!(request.send().await.unwrap().status(), 403, "{path}");
    }
}

#[tokio::test]
async fn unknown_paths_and_methods_are_refused_in_the_vendors_shape() {
    let caller = Caller::start(&ACCOUNTS[0]).await;
    let unknown = caller.get("/client/leads").await;
    assert_eq!(
        (unknown.status, unknown.refusal()),
        (404, "there is no such call")
    );
    let wrong = caller.get("/client/crm/lead/create").await;
    assert_eq!(
        (wrong.status, wrong.refusal()),
        (405, "this call takes another method")
    );
}
