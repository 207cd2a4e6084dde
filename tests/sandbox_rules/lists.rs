//! The lists: their shape, their scope and their prices.

use frontdesk::sandbox::{ACCOUNTS, demo_parties};
use rstest::rstest;
use serde_json::Value;

use crate::caller::{Caller, options};
use crate::{CORPORATE, DOCTOR, HOSPITAL, OTHER_BRANCH};

const BRANCH: &str = "6530a4a6f1d2c8b7e9a12345";

fn of_code<'a>(list: &'a Value, code: &str) -> &'a Value {
    let found = list
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["code"] == code);
    found.unwrap()
}

#[tokio::test]
async fn branches_are_listed_with_name_and_address() {
    let caller = Caller::start(&ACCOUNTS[1]).await;
    let answer = caller.get("/client/labs").await;
    assert_eq!(
        (answer.status, &answer.body["success"]),
        (200, &Value::Bool(true))
    );
    let labs = answer.body["labs"].as_array().unwrap();
    assert_eq!(labs.len(), 6);
    assert_eq!(labs[0]["_id"], BRANCH);
    assert!(
        labs.iter()
            .all(|lab| lab["name"].is_string() && lab["address"].is_string())
    );
}

#[tokio::test]
async fn tests_and_packages_are_listed_whole() {
    let caller = Caller::start(&ACCOUNTS[0]).await;
    let tests = caller
        .get(&format!("/client/crm/tests?branchID={BRANCH}"))
        .await
        .body;
    assert!(tests["tests"].as_array().unwrap().len() >= 400);
    let count = of_code(&tests["tests"], "CBC");
    assert_eq!(
        (&count["_id"], &count["cost"]),
        (&"6530a4a6f1d2c8b7e9aabcde".into(), &350.into())
    );
    for field in ["name", "specimen", "fasting", "turnaround"] {
        assert!(count[field].is_string(), "{field}");
    }
    assert!(count["aliases"].is_array());
    let packages = caller
        .get(&format!("/client/crm/packages?branchID={BRANCH}"))
        .await
        .body;
    assert!(packages["packages"].as_array().unwrap().len() >= 60);
    let fever = of_code(&packages["packages"], "FEV2");
    assert_eq!(
        (&fever["_id"], &fever["total"]),
        (&"6530a4a6f1d2c8b7e9afedcb".into(), &1499.into())
    );
    assert_eq!(fever["tests"][0]["_id"], "6530a4a6f1d2c8b7e9aabcde");
    assert_eq!(fever["tests"][0]["name"], count["name"]);
}

#[rstest]
#[case::branch_item(OTHER_BRANCH, "", "CBC", 380)]
#[case::party_item(BRANCH, "&corporateUser=65600ee6c1ba19e121dc436d", "CBC", 250)]
#[case::party_item_at_another_branch(
    OTHER_BRANCH,
    "&corporateUser=65600ee6c1ba19e121dc436d",
    "CBC",
    250
)]
#[case::party_percentage_on_the_branch_price(
    OTHER_BRANCH,
    "&corporateUser=65600ee6c1ba19e121dc436d",
    "USGABD",
    1120
)]
#[case::doctor(BRANCH, "&organization=6554ddd3920c9af1762cafa7", "TSH", 250)]
#[case::hospital(BRANCH, "&organization=6535f375e542bfe264f7049c", "CBC", 200)]
#[tokio::test]
async fn a_price_is_the_partys_else_the_branchs(
    #[case] branch: &str,
    #[case] party: &str,
    #[case] code: &str,
    #[case] cost: i64,
) {
    let caller = Caller::start(&ACCOUNTS[0]).await;
    let answer = caller
        .get(&format!("/client/crm/tests?branchID={branch}{party}"))
        .await;
    assert_eq!(of_code(&answer.body["tests"], code)["cost"], cost);
}

#[rstest]
#[case::no_branch("", 400, "branchID is required")]
#[case::empty_branch("branchID=", 400, "branchID is required")]
#[case::unknown_branch(
    "branchID=x&corporateUser=y",
    404,
    "branchID is not a branch of this account"
)]
#[case::no_party(
    "branchID=6530a4a6f1d2c8b7e9a12345",
    400,
    "corporateUser or organization is required on a party-scoped account"
)]
#[case::two_parties(
    "branchID=6530a4a6f1d2c8b7e9a12345&corporateUser=65600ee6c1ba19e121dc436d&organization=6554ddd3920c9af1762cafa7",
    400,
    "corporateUser and organization cannot be sent together"
)]
#[case::empty_party(
    "branchID=6530a4a6f1d2c8b7e9a12345&corporateUser=",
    400,
    "corporateUser must not be empty"
)]
#[case::unknown_party(
    "branchID=6530a4a6f1d2c8b7e9a12345&corporateUser=x",
    404,
    "corporateUser is not a party of this account"
)]
#[case::doctor_as_corporate(
    "branchID=6530a4a6f1d2c8b7e9a12345&corporateUser=6554ddd3920c9af1762cafa7",
    404,
    "corporateUser is not a party of this account"
)]
#[case::corporate_as_organization(
    "branchID=6530a4a6f1d2c8b7e9a12345&organization=65600ee6c1ba19e121dc436d",
    404,
    "organization is not a party of this account"
)]
#[tokio::test]
async fn a_list_outside_its_scope_is_refused(
    #[values("tests", "packages")] list: &str,
    #[case] query: &str,
    #[case] status: u16,
    #[case] message: &str,
) {
    let caller = Caller::start(&ACCOUNTS[1]).await;
    let answer = caller.get(&format!("/client/crm/{list}?{query}")).await;
    assert_eq!((answer.status, answer.refusal()), (status, message));
}

#[tokio::test]
async fn a_catalogue_is_filled_up_to_the_rows_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let mut options = options(folder.path().join("ledger.db"));
    options.rows = Some(20_000);
    let caller = Caller::start_on(options, &ACCOUNTS[0]).await;
    let tests = caller
        .get(&format!("/client/crm/tests?branchID={BRANCH}"))
        .await
        .body;
    let tests = tests["tests"].as_array().unwrap();
    assert_eq!(tests.len(), 20_000);
    let last = crate::example_with(
        &serde_json::json!({"tests": [{"test": tests[19_999]["_id"], "cost": 1}]}),
    );
    assert_eq!(caller.create(&last).await.status, 200);
}

#[test]
fn the_demo_parties_are_told_to_the_configuration() {
    let parties = demo_parties();
    for id in [CORPORATE, DOCTOR, HOSPITAL] {
        assert!(parties.iter().any(|party| party.id == id), "{id}");
    }
    assert_eq!(parties.len(), 8);
}
