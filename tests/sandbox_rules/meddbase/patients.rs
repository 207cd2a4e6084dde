//! The company's patients, and their referrals and recalls.

use rstest::rstest;
use serde_json::{Value, json};

use super::portal::Portal;

fn emails(page: &Value) -> Vec<&str> {
    let items = page["Items"].as_array().unwrap().iter();
    items
        .map(|item| item["EmailAddress"].as_str().unwrap())
        .collect()
}

#[rstest]
#[case::nothing("", (400, 1))]
#[case::unknown_number("employee-number=E9999", (404, 0))]
#[case::no_access("personal-email=peter.elsewhere@example.com", (403, 0))]
#[case::unknown_key("patient=nobody", (403, 0))]
#[case::two_things_of_two_people("employee-number=E1001&work-email=wei.zhang@work.example.com", (404, 0))]
#[tokio::test]
async fn a_quick_search_finds_one_patient_or_says_why_not(
    #[case] query: &str,
    #[case] refusal: (u16, u64),
) {
    let portal = Portal::start().await;
    let answer = portal.get(&format!("patients/patient?{query}")).await;
    assert_eq!(answer.refusal(), refusal);
    assert!(!answer.message().contains('@'), "no patient in the words");
}

#[tokio::test]
async fn a_patient_is_found_by_number_email_and_key() {
    let portal = Portal::start().await;
    let key = portal.patient("John.Lemon@example.com").await;
    for query in [
        "employee-number=E1001",
        "work-email=john.lemon@work.example.com",
        &format!("patient={key}"),
    ] {
        let answer = portal.get(&format!("patients/patient?{query}")).await;
        assert_eq!(answer.result()["Key"], key.as_str());
        assert_eq!(answer.result()["DateOfBirth"], "1958-08-02T00:00:00");
        assert_eq!(answer.result()["Permissions"]["CanBookAppointment"], true);
    }
}

#[rstest]
#[case::no_demographics(json!({}), (400, 1))]
#[case::no_surname(json!({"demog": {"Name": "John"}}), (400, 1))]
#[case::bad_birth(json!({"demog": {"Name": "John", "Surname": "Lemon", "DateOfBirth": "2 Aug 1958"}}), (400, 2))]
#[case::bad_email(json!({"demog": {"Name": "John", "Surname": "Lemon", "EmailAddress": "john"}}), (400, 2))]
#[case::bad_sex(json!({"demog": {"Name": "John", "Surname": "Lemon", "SexType": 3}}), (400, 2))]
#[case::sex_as_text(json!({"demog": {"Name": "John", "Surname": "Lemon", "SexType": "1"}}), (400, 2))]
#[case::duplicates(json!({"demog": {"Name": "Sarah", "Surname": "Jones"}}), (400, 0))]
#[case::no_access(json!({"demog": {"Name": "Peter", "Surname": "Elsewhere"}}), (403, 0))]
#[tokio::test]
async fn a_full_search_and_a_creation_refuse_alike(
    #[case] body: Value,
    #[case] refusal: (u16, u64),
) {
    let portal = Portal::start().await;
    for path in ["patients/patient", "patients/create-patient"] {
        assert_eq!(portal.post(path, &body).await.refusal(), refusal, "{path}");
    }
}

#[tokio::test]
async fn a_full_search_tells_namesakes_apart() {
    let portal = Portal::start().await;
    let mut demog = json!({"Name": "SARAH", "Surname": "jones", "DateOfBirth": "1991-06-05"});
    let answer = portal
        .post("patients/patient", &json!({"demog": demog}))
        .await;
    assert_eq!(answer.result()["EmployeeNumber"], "E1004");
    demog["EmployeeNumber"] = json!("E1003");
    let answer = portal
        .post("patients/patient", &json!({"demog": demog}))
        .await;
    assert_eq!(answer.refusal(), (404, 0));
    let elsewhere = json!({"Name": "John", "Surname": "Lemon", "Address": {"PostCode": "X1 1XX"}});
    let answer = portal
        .post("patients/patient", &json!({"demog": elsewhere}))
        .await;
    assert_eq!(answer.refusal(), (404, 0));
}

#[tokio::test]
async fn who_is_not_found_is_created_once_and_stays() {
    let portal = Portal::start().await;
    let demog = json!({"Name": "Zoe", "Surname": "Quill", "DateOfBirth": "1999-09-09", "Mobile": "+44 7700 900999",
        "EmailAddress": "zoe.quill@example.com", "SexType": 2, "Password": "Secret12345"});
    let path = "patients/create-patient";
    let missing = json!({"Name": "Zoe", "Surname": "Quill"});
    let early = portal.post(path, &json!({"demog": missing})).await;
    assert_eq!(early.refusal(), (400, 1), "the date of birth is required");
    let made = portal.post(path, &json!({"demog": demog})).await;
    let key = made.result()["Key"].clone();
    assert!(made.result()["Password"].is_null(), "it is write only");
    let again = portal.post(path, &json!({"demog": demog})).await;
    assert_eq!(again.result()["Key"], key);
    let rows = portal.rows().await;
    let applied: Vec<&Value> = rows.iter().map(|row| &row["applied"]).collect();
    assert_eq!(applied, [false, true, false]);
    assert_eq!(rows[1]["number"], key);
    assert_eq!(rows[2]["status"], 200);
    let mut portal = portal.restart().await;
    portal.log_in().await;
    assert_eq!(
        portal.patient("zoe.quill@example.com").await,
        key.as_str().unwrap()
    );
    let list = portal.get("patients/patients?text=zoe%20qu").await;
    assert_eq!(list.result()["TotalCount"], 1);
}

#[tokio::test]
async fn the_date_of_birth_can_be_optional() {
    let portal = Portal::start().await;
    portal
        .choose(&json!({"is_birth_date_required": false}))
        .await;
    let config = portal.get("auth/config").await;
    assert_eq!(
        config.result()["Configuration"]["DateOfBirthRequiredForPatients"],
        false
    );
    let demog = json!({"demog": {"Name": "Zoe", "Surname": "Quill"}});
    assert_eq!(
        portal.post("patients/create-patient", &demog).await.status,
        200
    );
}

#[tokio::test]
async fn the_list_of_patients_is_filtered_and_sorted() {
    let portal = Portal::start().await;
    let listed = async |query: &str| {
        let answer = portal
            .get(&format!("patients/patients?page-size=50&{query}"))
            .await;
        answer.result().clone()
    };
    let all = listed("").await;
    assert_eq!(all["TotalCount"], 12, "nobody is seen who may not be");
    assert_eq!(emails(&all)[0], "alex.moreau@example.com");
    assert_eq!(
        emails(&listed("surname=jones&page-sort-column=1").await),
        ["s.jones@example.com", "sarah.jones@example.com"]
    );
    assert_eq!(
        emails(&listed("text=o%27bri").await),
        ["niamh.obrien@example.com"]
    );
    assert_eq!(
        emails(&listed("department=Research&page-sort-column=3").await),
        ["niamh.obrien@example.com", "wei.zhang@example.com"]
    );
    assert_eq!(
        emails(&listed("employee-number=E1008").await),
        ["alex.moreau@example.com"]
    );
    let born = listed("dob-from=1900-01-01").await;
    assert_eq!(
        born["TotalCount"], 11,
        "who has no date of birth is dropped"
    );
    assert_eq!(
        emails(&listed("dob-from=1995-01-01&dob-to=1995-12-31").await),
        ["daniel.osei@example.com"]
    );
    assert_eq!(
        portal
            .get("patients/patients?page-sort-column=4")
            .await
            .refusal(),
        (400, 2)
    );
}

#[tokio::test]
async fn referrals_and_recalls_are_listed_with_the_keys_to_carry() {
    let portal = Portal::start().await;
    let grace = portal.patient("grace.whitfield@example.com").await;
    let keys = |page: &Value| -> Vec<String> {
        let items = page["Items"].as_array().unwrap().iter();
        items
            .map(|item| item["Key"].as_str().unwrap().to_owned())
            .collect()
    };
    let listed = async |path: &str| keys(portal.get(path).await.result());
    assert_eq!(
        listed("referrals/referrals").await,
        ["R123", "R124", "R125"]
    );
    assert_eq!(
        listed(&format!("referrals/referrals?patient={grace}")).await,
        ["R123"]
    );
    assert_eq!(
        listed("referrals/referrals?status=5").await,
        ["R123", "R124"]
    );
    assert_eq!(listed("referrals/referrals?status=1").await, ["R124"]);
    assert_eq!(
        listed("referrals/referrals?page-sort-column=1").await,
        ["R123", "R124", "R125"]
    );
    assert_eq!(
        listed("referrals/referrals?referrer-name=noel").await,
        ["R124"]
    );
    assert_eq!(listed("recalls/recalls").await, ["rec501", "rec502"]);
    assert_eq!(
        listed("recalls/recalls?due-to=2026-12-31").await,
        ["rec501"]
    );
    assert!(
        listed(&format!("recalls/recalls?patient={grace}"))
            .await
            .is_empty()
    );
    for path in [
        "referrals/referrals?status=6",
        "recalls/recalls?due-from=soon",
    ] {
        assert_eq!(portal.get(path).await.refusal(), (400, 2));
    }
    for path in [
        "referrals/referrals?patient=nobody",
        "recalls/recalls?patient=nobody",
    ] {
        assert_eq!(portal.get(path).await.refusal(), (403, 0));
    }
}
