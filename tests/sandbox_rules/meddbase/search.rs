//! What can be booked: payers, types, services, places, people and times.

use serde_json::{Value, json};

use super::portal::{ANONYMOUS_KEY, DAY, Portal, starts};

fn keys(list: &Value) -> Vec<Value> {
    let list = list.as_array().unwrap().iter();
    list.map(|item| item["Key"].clone()).collect()
}

#[tokio::test]
async fn payer_types_are_the_patients_with_the_default_first() {
    let portal = Portal::start().await;
    let john = portal.patient("john.lemon@example.com").await;
    let answer = portal
        .get(&format!("appointment/payer-types?patient={john}"))
        .await;
    assert_eq!(answer.result()[0], json!({"Key": "PA", "Name": "Patient"}));
    assert_eq!(keys(answer.result()), ["PA", "IN"]);
    let own = portal.get("appointment/payer-types").await;
    assert_eq!(keys(own.result()), ["EMP-DEMO", "PA"]);
}

#[tokio::test]
async fn a_patient_whom_the_manager_may_not_see_is_nobodys() {
    let portal = Portal::start().await;
    for key in [
        "00000000000000000000000000000000",
        "7634f888163115d569b05a78110572a8",
    ] {
        let answer = portal
            .get(&format!("appointment/types?patient={key}"))
            .await;
        assert_eq!(answer.refusal(), (403, 0));
    }
}

#[tokio::test]
async fn a_payer_type_is_one_of_the_patients() {
    let portal = Portal::start().await;
    let wei = portal.patient("wei.zhang@example.com").await;
    let answer = portal
        .get(&format!("appointment/types?payer-type=IN&patient={wei}"))
        .await;
    assert_eq!(answer.refusal(), (400, 0));
}

#[tokio::test]
async fn types_are_those_of_the_payer_and_those_to_refer_for_are_others() {
    let portal = Portal::start().await;
    let john = portal.patient("john.lemon@example.com").await;
    let listed = async |query: &str| {
        let answer = portal
            .get(&format!("appointment/types?patient={john}{query}"))
            .await;
        keys(answer.result())
    };
    assert_eq!(listed("").await, ["CN", "00000000fc0af8e9", "VC", "PH"]);
    assert_eq!(listed("&payer-type=IN").await, ["CN", "PH"]);
    assert_eq!(
        listed("&referral-types=True").await,
        ["00000000fc0af8e9", "00000000fc0b1a20"]
    );
    let answer = portal.get("appointment/types?payer-type=PA").await;
    let module = &answer.result()[0]["Modules"][0];
    assert_eq!(module["Key"], 5631);
    assert_eq!(
        (&module["NetPrice"], &module["Tax"], &module["GrossPrice"]),
        (&json!(50), &json!(10), &json!(60))
    );
}

#[tokio::test]
async fn a_type_for_referrals_needs_the_patients_own() {
    let portal = Portal::start().await;
    let grace = portal.patient("grace.whitfield@example.com").await;
    let wei = portal.patient("wei.zhang@example.com").await;
    let search = |patient: &str, query: &str| {
        format!(
            "appointment/proposed-time-slots?appointment-type=00000000fc0b1a20&payer-type=PA&patient={patient}\
             &to-date=2026-11-25T00:00:00{query}"
        )
    };
    assert_eq!(portal.get(&search(&grace, "")).await.refusal(), (403, 0));
    assert_eq!(
        portal
            .get(&search(&grace, "&referral=R124"))
            .await
            .refusal(),
        (404, 0)
    );
    assert_eq!(
        portal.get(&search(&wei, "&referral=R123")).await.refusal(),
        (404, 0)
    );
    assert_eq!(
        portal
            .get(&search(&grace, "&recall=rec501"))
            .await
            .refusal(),
        (404, 0)
    );
    assert!(!starts(portal.get(&search(&grace, "&referral=R123")).await.result()).is_empty());
    let types = portal
        .get(&format!("appointment/types?patient={grace}&referral=R123"))
        .await;
    assert!(keys(types.result()).contains(&json!("00000000fc0b1a20")));
}

#[tokio::test]
async fn a_type_that_the_payer_cannot_book_is_refused() {
    let portal = Portal::start().await;
    let answer = portal
        .get("appointment/service-types?payer-type=EMP-DEMO&appointment-type=PH")
        .await;
    assert_eq!(answer.refusal(), (400, 0));
}

#[tokio::test]
async fn services_are_of_a_kind_a_name_and_a_page() {
    let portal = Portal::start().await;
    let of = |query: &str| format!("appointment/{query}&payer-type=PA&appointment-type=CN");
    let types = portal.get(&of("service-types?")).await;
    assert_eq!(
        types.result(),
        &json!([{"Key": "84", "Name": "Pathology"}, {"Key": "91", "Name": "Cardiology"}])
    );
    let named = portal
        .get(&of("services?service-name=vitamin&service-type=84"))
        .await;
    assert_eq!(keys(named.result()), [7008, 7005]);
    let first = portal
        .get(&of("services?page-size=5&page-sort-column=3"))
        .await;
    assert_eq!(keys(first.result()), [7001, 7002, 7003, 7004, 7005]);
    let last = portal
        .get(&of("services?page-size=5&page-sort-column=3&page-number=3"))
        .await;
    assert_eq!(keys(last.result()), [7103]);
    let none = portal
        .get("appointment/service-types?payer-type=PA&appointment-type=VC")
        .await;
    assert_eq!(none.result(), &json!([]));
    portal.choose(&json!({"are_services_paged": true})).await;
    let paged = portal
        .get(&of(
            "services?page-size=5&page-sort-column=3&page-sort-descending=1",
        ))
        .await;
    assert_eq!(paged.result()["TotalCount"], 11);
    assert_eq!(paged.result()["Items"][0]["Key"], 7103);
}

#[tokio::test]
async fn sites_hold_the_locations_of_their_sessions_nearest_first() {
    let portal = Portal::start().await;
    let path = |query: &str| format!("appointment/sites?payer-type=PA&{query}");
    let all = portal.post(&path("appointment-type=CN"), &json!({})).await;
    assert_eq!(keys(all.result()), [1123, 1124, 1125]);
    assert_eq!(keys(&all.result()[0]["Locations"]), [214]);
    assert!(all.result()[0]["Address"]["Distance"].is_null());
    let one = portal
        .post(&path("appointment-type=CN"), &json!({"clinicians": [86]}))
        .await;
    assert_eq!(keys(one.result()), [1124]);
    let near = portal
        .post(
            &path("appointment-type=CN&lat=36.1&long=-5.3"),
            &Value::Null,
        )
        .await;
    assert_eq!(near.refusal(), (400, 7), "null is no object");
    let near = portal
        .post(&path("appointment-type=CN&lat=36.1&long=-5.3"), &json!({}))
        .await;
    assert_eq!(keys(near.result()), [1125, 1123, 1124]);
    let miles = near.result()[0]["Address"]["Distance"].as_f64().unwrap();
    assert!((3.0..5.0).contains(&miles), "{miles}");
    let half = portal
        .post(&path("appointment-type=CN&lat=36.1"), &json!({}))
        .await;
    assert_eq!(half.refusal(), (400, 1));
    // A location may lie elsewhere than its site.
    let vaccination = portal.post(&path("appointment-type=VC"), &json!({})).await;
    let locations = &vaccination.result()[0]["Locations"];
    assert_ne!(locations[0]["Address"], locations[1]["Address"]);
    let module = json!({"modules": [{"Key": 10382}]});
    let wrong = portal.post(&path("appointment-type=CN"), &module).await;
    assert_eq!(wrong.refusal(), (400, 2));
}

#[tokio::test]
async fn clinicians_are_those_of_a_place() {
    let portal = Portal::start().await;
    let path = "appointment/clinicians?appointment-type=CN&payer-type=PA";
    let all = portal
        .post(path, &json!({"sites": [], "locations": null}))
        .await;
    assert_eq!(keys(all.result()), [84, 85, 86, 87, 88]);
    let here = portal.post(path, &json!({"sites": [1123]})).await;
    assert_eq!(keys(here.result()), [84, 85]);
    assert_eq!(here.result()[0]["FullName"], "Dr. Amelia Hart");
    assert_eq!(here.result()[0]["SexType"], 2);
    let none = portal.post(path, &json!({"locations": [216]})).await;
    assert_eq!(none.result(), &json!([]));
    let wrong = portal.post(path, &json!({"sites": ["1123"]})).await;
    assert_eq!(wrong.refusal(), (400, 2));
}

#[tokio::test]
async fn a_time_is_told_once_whoever_is_free_then() {
    let portal = Portal::start().await;
    let all = portal.starts("").await;
    assert_eq!(all.first().unwrap(), "2026-11-23T09:00:00");
    assert_eq!(all.last().unwrap(), "2026-11-23T17:30:00");
    assert_eq!(all.len(), 18);
    // Dr. Grant comes at ten, Dr. Hart leaves at five.
    assert_eq!(portal.starts("clinician-sex=1").await.len(), 16);
    assert_eq!(portal.starts("clinician-sex=2").await.len(), 14);
    assert_eq!(portal.starts("clinician=84").await.len(), 14);
    assert_eq!(portal.starts("location=215").await.len(), 0);
    assert_eq!(portal.starts("time-preference=1").await.len(), 6);
    assert_eq!(portal.starts("time-preference=2").await.len(), 12);
    let hours = portal
        .starts("time-preference=1&time-from=12:30&time-to=13:30")
        .await;
    assert_eq!(hours, ["2026-11-23T12:30:00", "2026-11-23T13:00:00"]);
}

#[tokio::test]
async fn slots_join_their_sites_and_tell_what_they_may_cost() {
    let portal = Portal::start().await;
    let path = "appointment/proposed-time-slots?appointment-type=CN&payer-type=PA&to-date=2026-11-22T00:00:00";
    let body = json!({"modules": [{"Key": 5631}], "services": [{"Key": 7001}]});
    let answer = portal.post(path, &body).await;
    let found = answer.result();
    let first = &found["TimeSlots"][0];
    assert_eq!(
        (&first["GrossPrice"], &first["NetPrice"]),
        (&json!(336), &json!(280))
    );
    assert_eq!(found["Currency"], json!({"Code": "GBP", "Symbol": "£"}));
    assert_eq!(found["Modules"][0]["Key"], 5631);
    assert_eq!(found["Services"][0]["Key"], 7001);
    assert_eq!(found["Type"]["Key"], "CN");
    for slot in found["TimeSlots"].as_array().unwrap() {
        let sites = found["Sites"].as_array().unwrap();
        let site = sites
            .iter()
            .find(|site| site["Key"] == slot["SiteKey"])
            .unwrap();
        assert!(keys(&site["Locations"]).contains(&slot["LocationKey"]));
    }
    let price = async |payer: &str, patient: &str| {
        let patient = portal.patient(patient).await;
        let path = format!(
            "appointment/proposed-time-slots?appointment-type=CN&payer-type={payer}&patient={patient}\
             &to-date=2026-11-22T00:00:00"
        );
        portal.get(&path).await.result()["TimeSlots"][0]["GrossPrice"].clone()
    };
    assert_eq!(price("IN", "john.lemon@example.com").await, 228);
    assert_eq!(price("EMP-DEMO", "grace.whitfield@example.com").await, 192);
}

#[tokio::test]
async fn a_search_begins_now_at_the_site_and_ends_before_its_end() {
    let portal = Portal::start().await;
    let search = async |query: &str| {
        let path =
            format!("appointment/proposed-time-slots?appointment-type=CN&payer-type=PA&{query}");
        starts(portal.get(&path).await.result())
    };
    // Nine in London is ten in Gibraltar.
    let today = search("to-date=2026-11-22T00:00:00&site=1123").await;
    assert_eq!(today[0], "2026-11-21T09:30:00");
    let today = search("to-date=2026-11-22T00:00:00&site=1125&from-date=2026-11-01T00:00:00").await;
    assert_eq!(today[0], "2026-11-21T10:30:00");
    let exact = search("site=1123&from-date=2026-11-23T09:00:00&to-date=2026-11-23T09:30:00").await;
    assert_eq!(exact, ["2026-11-23T09:00:00"]);
    let backwards = search("from-date=2026-11-23T09:00:00&to-date=2026-11-22T00:00:00").await;
    assert!(backwards.is_empty());
    let far = search("from-date=2027-06-01T00:00:00&to-date=9999-12-31T00:00:00").await;
    assert!(far.is_empty());
}

#[tokio::test]
async fn times_need_an_end_and_proposals_a_sensible_number() {
    let portal = Portal::start().await;
    let times = portal
        .get("appointment/proposed-time-slots?appointment-type=CN")
        .await;
    assert_eq!(times.refusal(), (400, 1));
    let path =
        |query: &str| format!("appointment/proposed?appointment-type=CN&payer-type=PA{query}");
    let ten = portal.post(&path(""), &json!({})).await;
    assert_eq!(ten.result().as_array().unwrap().len(), 10);
    for number in [0, 101] {
        let answer = portal
            .post(&path(&format!("&number-of-results={number}")), &json!({}))
            .await;
        assert_eq!(answer.refusal(), (400, 2));
    }
    let one = portal
        .post(&path("&number-of-results=1&clinician=88"), &json!({}))
        .await;
    let proposed = &one.result()[0];
    assert_eq!(proposed["Clinician"]["FullName"], "Dr. Elena Risso");
    assert_eq!(proposed["Start"], "2026-11-21T10:30:00");
    assert_eq!(proposed["PrimaryAttendeeSlot"]["ResourceKey"], 472);
    assert_eq!(proposed["Slots"][0], proposed["PrimaryAttendeeSlot"]);
}

#[tokio::test]
async fn without_a_login_a_sign_up_code_is_the_payer() {
    let portal = Portal::anonymous().await;
    assert_eq!(
        portal.get("anon-appointment/types").await.refusal(),
        (400, 1)
    );
    let unknown = portal.get("anon-appointment/types?payer-type=PA").await;
    assert_eq!(unknown.refusal(), (400, 0));
    let walk_in = portal.get("anon-appointment/types?payer-type=WALKIN").await;
    assert_eq!(
        keys(walk_in.result()),
        ["CN", "00000000fc0af8e9", "VC", "PH"]
    );
    let kiosk = portal.get("anon-appointment/types?payer-type=KIOSK").await;
    assert_eq!(keys(kiosk.result()), ["CN", "VC"]);
    let query = "payer-type=KIOSK&appointment-type=CN";
    let sites = portal.get(&format!("anon-appointment/sites?{query}")).await;
    assert_eq!(keys(sites.result()).len(), 3);
    let sites = portal
        .post(
            &format!("anon-appointment/sites?{query}"),
            &json!({"clinicians": [88]}),
        )
        .await;
    assert_eq!(keys(sites.result()), [1125]);
    let clinicians = portal
        .post(&format!("anon-appointment/clinicians?{query}"), &json!({}))
        .await;
    assert_eq!(keys(clinicians.result()).len(), 5);
    let groups = portal
        .get(&format!("anon-appointment/service-types?{query}"))
        .await;
    assert_eq!(keys(groups.result()), ["84", "91"]);
    let services = portal
        .get(&format!("anon-appointment/services?{query}"))
        .await;
    assert_eq!(services.result().as_array().unwrap().len(), 10);
    let path = format!(
        "anon-appointment/proposed-time-slots?{query}&from-date={DAY}T00:00:00&to-date=2026-11-24T00:00:00"
    );
    let slots = portal.get(&path).await;
    assert_eq!(slots.result()["TimeSlots"][0]["GrossPrice"], 216);
    let proposed = portal
        .post(&format!("anon-appointment/proposed?{query}"), &json!({}))
        .await;
    assert_eq!(proposed.result()[0]["PayerType"], "KIOSK");
    let managers = portal.get("appointment/types").await;
    assert_eq!(managers.refusal(), (401, 8));
}

#[tokio::test]
async fn the_managers_client_key_has_no_sign_up_codes() {
    let mut portal = Portal::start().await;
    let answer = portal.get("anon-appointment/types?payer-type=WALKIN").await;
    assert_eq!(answer.refusal(), (400, 0));
    portal.key = ANONYMOUS_KEY;
    let answer = portal.get("anon-appointment/types?payer-type=WALKIN").await;
    assert_eq!(answer.status, 200);
}
