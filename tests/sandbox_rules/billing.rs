//! Pre-bookings: each rule that refuses one, and the join that its row offers.

use frontdesk::sandbox::ACCOUNTS;
use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use crate::caller::{Answer, Caller, with};

const TEST: &str = "6530a4a6f1d2c8b7e9aabcde";
const PACKAGE: &str = "6530a4a6f1d2c8b7e9afedcb";

fn example() -> Value {
    json!({"patient_details": {"first_name": "Asha", "last_name": "Rao", "gender": "female", "age": 41,
            "age_type": "year"},
        "integrator_id": "EXT-BILL-7", "lead_source": "front-desk", "mapped_tests": [{"flabs_id": TEST}]})
}

async fn sent(caller: &Caller, body: &Value) -> Answer {
    caller.post("/client/billing/create", body).await
}

#[tokio::test]
async fn a_pre_booking_gets_its_number_and_row() {
    let caller = Caller::start(&ACCOUNTS[0]).await;
    let answer = sent(&caller, &example()).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.body["success"], true);
    assert_eq!(answer.body["message"], "Booking created successfully");
    assert_eq!(answer.body["integrator_id"], "EXT-BILL-7");
    let rows = caller.rows().await;
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (&rows[0]["vendor"], &rows[0]["call"], &rows[0]["integrator"]),
        (&json!("flabs"), &json!("billing"), &json!("EXT-BILL-7"))
    );
    assert_eq!(rows[0]["number"], answer.body["preBookingID"]);
    assert_eq!(rows[0]["body"], example());
}

#[rstest]
#[case::no_patient(json!({"patient_details": null}), "patient_details is required")]
#[case::patient_as_text(json!({"patient_details": "Asha"}), "patient_details must be an object")]
#[case::no_integrator(json!({"integrator_id": null}), "integrator_id is required")]
#[case::empty_integrator(json!({"integrator_id": " "}), "integrator_id is required")]
#[case::numeric_integrator(json!({"integrator_id": 7}), "integrator_id must be a string")]
#[case::no_source(json!({"lead_source": null}), "lead_source is required")]
#[case::empty_source(json!({"lead_source": ""}), "lead_source is required")]
#[case::numeric_source(json!({"lead_source": 7}), "lead_source must be a string")]
#[case::list_of_sources(json!({"lead_source": ["front-desk"]}), "lead_source must be a string")]
#[case::numeric_bar_code(json!({"barCode": 7}), "barCode must be a string")]
#[case::empty_bar_code(json!({"barCode": " "}), "barCode must not be empty")]
#[case::numeric_lab(json!({"labID": 7}), "labID must be a string")]
#[case::no_item(json!({"mapped_tests": null}), "at least one of mapped_tests, unmapped_tests, mapped_packages, unmapped_packages, unmapped_packages_with_tests is required")]
#[case::empty_array(json!({"mapped_tests": []}), "at least one of mapped_tests, unmapped_tests, mapped_packages, unmapped_packages, unmapped_packages_with_tests is required")]
#[case::test_as_text(json!({"mapped_tests": [TEST]}), "mapped_tests[0] needs its flabs_id or id")]
#[case::unknown_test(json!({"mapped_tests": [{"id": PACKAGE}]}), "mapped_tests[0] is not in the catalogue")]
#[case::package_by_flabs_id(json!({"mapped_packages": [{"flabs_id": PACKAGE}]}), "mapped_packages[0] needs its id")]
#[case::unknown_package(json!({"mapped_packages": [{"id": TEST}]}), "mapped_packages[0] is not in the catalogue")]
#[case::unmapped_as_object(json!({"unmapped_tests": [{"name": "Vitamin D3"}]}), "unmapped_tests[0] must be a string that is not empty")]
#[case::empty_unmapped(json!({"unmapped_packages": [""]}), "unmapped_packages[0] must be a string that is not empty")]
#[case::package_without_name(json!({"unmapped_packages_with_tests": [{"tests": ["A"]}]}), "unmapped_packages_with_tests[0].package_name must be a string that is not empty")]
#[case::package_without_tests(json!({"unmapped_packages_with_tests": [{"package_name": "Glow"}]}), "unmapped_packages_with_tests[0].tests must be an array")]
#[case::test_in_package(json!({"unmapped_packages_with_tests": [{"package_name": "Glow", "tests": [1]}]}), "unmapped_packages_with_tests[0].tests[0] must be a string that is not empty")]
#[tokio::test]
async fn a_pre_booking_that_breaks_a_rule_is_refused_by_the_fields_name(
    #[case] changes: Value,
    #[case] message: &str,
) {
    let caller = Caller::start(&ACCOUNTS[0]).await;
    let answer = sent(&caller, &with(example(), &changes)).await;
    assert_eq!((answer.status, answer.refusal()), (400, message));
    let rows = caller.rows().await;
    assert_eq!(
        (&rows[0]["status"], &rows[0]["applied"]),
        (&json!(400), &json!(false))
    );
}

/// Also beside an item that would be enough, and whatever is there in its place.
#[rstest]
#[tokio::test]
async fn what_should_be_an_array_is_refused_by_its_name(
    #[values(
        "mapped_tests",
        "unmapped_tests",
        "mapped_packages",
        "unmapped_packages",
        "unmapped_packages_with_tests"
    )]
    name: &str,
    #[values(json!(TEST), json!({"id": TEST}), json!(1), json!(true), json!(null))] value: Value,
) {
    let caller = Caller::start(&ACCOUNTS[0]).await;
    let mut body = example();
    body[name] = value;
    let answer = sent(&caller, &body).await;
    let words = format!("{name} must be an array");
    assert_eq!((answer.status, answer.refusal()), (400, words.as_str()));
    let rows = caller.rows().await;
    assert_eq!(
        (&rows[0]["status"], &rows[0]["applied"]),
        (&json!(400), &json!(false))
    );
}

#[rstest]
#[case::no_name(json!({"first_name": null}), "patient_details.first_name is required")]
#[case::empty_name(json!({"first_name": " "}), "patient_details.first_name is required")]
#[case::numeric_name(json!({"first_name": 1}), "patient_details.first_name must be a string")]
#[case::name_in_parts(json!({"first_name": {"given": "Asha"}}), "patient_details.first_name must be a string")]
#[case::numeric_last_name(json!({"last_name": 1}), "patient_details.last_name must be a string")]
#[case::numeric_gender(json!({"gender": 1}), "patient_details.gender must be a string")]
#[case::no_gender(json!({"gender": null}), "patient_details.gender is required")]
#[case::unknown_gender(json!({"gender": "F"}), "patient_details.gender must be one of: male, female, other")]
#[case::no_age(json!({"age": null}), "patient_details.age is required")]
#[case::age_with_a_point(json!({"age": 1.5}), "patient_details.age must be an integer")]
#[case::age_as_text(json!({"age": "41"}), "patient_details.age must be an integer")]
#[case::no_age_type(json!({"age_type": null}), "patient_details.age_type is required")]
#[case::numeric_age_type(json!({"age_type": 1}), "patient_details.age_type must be a string")]
#[case::unknown_age_type(json!({"age_type": "years"}), "patient_details.age_type must be one of: year, month, day")]
#[tokio::test]
async fn a_patient_that_breaks_a_rule_is_refused_by_the_fields_name(
    #[case] changes: Value,
    #[case] message: &str,
) {
    let caller = Caller::start(&ACCOUNTS[0]).await;
    let mut body = example();
    body["patient_details"] = with(body["patient_details"].clone(), &changes);
    let answer = sent(&caller, &body).await;
    assert_eq!((answer.status, answer.refusal()), (400, message));
}

#[rstest]
#[case::by_id(json!({"mapped_tests": [{"id": TEST}]}))]
#[case::package(json!({"mapped_tests": null, "mapped_packages": [{"id": PACKAGE}]}))]
#[case::names(json!({"mapped_tests": null, "unmapped_tests": ["Vitamin D3"]}))]
#[case::package_name(json!({"mapped_tests": null, "unmapped_packages": ["Glow"]}))]
#[case::with_tests(json!({"mapped_tests": null, "unmapped_packages_with_tests": [{"package_name": "Glow", "tests": ["A", "B"]}]}))]
#[case::at_a_branch(json!({"labID": "6530a4a6f1d2c8b7e9a12345"}))]
#[tokio::test]
async fn any_one_of_the_five_arrays_is_enough(#[case] changes: Value) {
    let caller = Caller::start(&ACCOUNTS[0]).await;
    let answer = sent(&caller, &with(example(), &changes)).await;
    assert_eq!(answer.status, 200, "{answer:?}");
}

#[tokio::test]
async fn an_unknown_branch_is_not_found() {
    let caller = Caller::start(&ACCOUNTS[0]).await;
    let answer = sent(&caller, &with(example(), &json!({"labID": "x"}))).await;
    assert_eq!(
        (answer.status, answer.refusal()),
        (404, "labID is not a branch of this account")
    );
}

#[tokio::test]
async fn a_bar_code_is_good_once_in_the_whole_system() {
    let mut caller = Caller::start(&ACCOUNTS[0]).await;
    let labelled =
        |id: &str, code: &str| with(example(), &json!({"integrator_id": id, "barCode": code}));
    assert_eq!(sent(&caller, &labelled("A", "4711")).await.status, 200);
    assert_eq!(sent(&caller, &labelled("B", "4712")).await.status, 200);
    caller.sign_in(&ACCOUNTS[1]).await;
    let answer = sent(&caller, &labelled("C", "4711")).await;
    assert_eq!(
        (answer.status, answer.refusal()),
        (409, "barCode was already used")
    );
    for _ in 0..2 {
        assert_eq!(sent(&caller, &example()).await.status, 200);
    }
}

#[tokio::test]
async fn only_agreed_lead_sources_are_taken_where_there_is_a_list() {
    let caller = Caller::start(&ACCOUNTS[0]).await;
    let list = json!({"lead_sources": ["walk-in"]});
    assert_eq!(caller.post("/sandbox/settings", &list).await.status, 200);
    let answer = sent(&caller, &example()).await;
    assert_eq!(
        (answer.status, answer.refusal()),
        (400, "lead_source is not one that was agreed")
    );
    let agreed = with(example(), &json!({"lead_source": "walk-in"}));
    assert_eq!(sent(&caller, &agreed).await.status, 200);
}

#[tokio::test]
async fn a_pre_booking_needs_a_living_token() {
    let caller = Caller::start(&ACCOUNTS[0]).await;
    caller.advance(600).await;
    assert_eq!(sent(&caller, &example()).await.status, 401);
}

#[rstest]
#[case("close-before", false)]
#[case("close-after", true)]
#[tokio::test]
async fn a_fault_on_billing_is_counted_and_noted(#[case] kind: &str, #[case] applied: bool) {
    let caller = Caller::start(&ACCOUNTS[0]).await;
    let rule = json!({"call": "billing", "times": 1, "fault": {"kind": kind}});
    assert_eq!(caller.post("/sandbox/faults", &rule).await.status, 200);
    let request = caller.request(Method::POST, "/client/billing/create");
    assert!(request.json(&example()).send().await.is_err());
    assert_eq!(caller.get("/sandbox/faults").await.body[0]["fired"], 1);
    let rows = caller.rows().await;
    assert_eq!(
        (&rows[0]["fault"], &rows[0]["applied"], &rows[0]["call"]),
        (&json!(kind), &json!(applied), &json!("billing"))
    );
}
