//! Booking for a patient: what must be sent, what is given, and what is gone.

use rstest::rstest;
use serde_json::{Value, json};

use super::portal::{Portal, slot, starts};

const NINE: &str = "2026-11-23T09:00:00";
const TEN: &str = "2026-11-23T10:00:00";

/// Books for John Lemon with something changed; `null` removes a field of the slot.
async fn book(portal: &Portal, slot_changes: Value, changes: Value) -> super::portal::Answer {
    let mut wanted = slot(TEN);
    for (name, value) in slot_changes.as_object().unwrap() {
        wanted[name] = value.clone();
    }
    let mut body = json!({"proposedTimeSlot": wanted});
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    let patient = portal.patient("john.lemon@example.com").await;
    let path = format!("appointment/book-time-slot?patient={patient}");
    portal.post(&path, &body).await
}

#[tokio::test]
async fn the_published_samples_shape_books_and_is_told_whole() {
    let portal = Portal::start().await;
    let slot_changes = json!({"Modules": [{"Key": 5631}], "Services": [{"Key": 7001}]});
    let changes = json!({"clinicianSex": 1, "clinician": 0, "method": 0, "price": 336});
    let answer = book(&portal, slot_changes, changes).await;
    let made = answer.result();
    assert_eq!(made["Key"], "apt58463");
    assert_eq!(made["Clinician"]["FullName"], "Dr. Oliver Grant");
    assert_eq!(made["Patient"]["Surname"], "Lemon");
    assert_eq!(
        (&made["Start"], &made["Finish"]),
        (&json!(TEN), &json!("2026-11-23T10:30:00"))
    );
    assert_eq!(made["Site"]["Name"], "Harley Street Clinic");
    assert_eq!(made["Location"]["Key"], 214);
    assert_eq!(made["State"], "Booked");
    let invoice = &made["Invoice"];
    assert_eq!(
        (&invoice["TotalGross"], &invoice["Paid"]),
        (&json!(336), &json!(0))
    );
    assert_eq!(
        (&invoice["TotalNet"], &invoice["Tax"]),
        (&json!(280), &json!(56))
    );
    assert_eq!(invoice["Items"].as_array().unwrap().len(), 3);
    assert!(invoice["Number"].is_i64());
}

#[tokio::test]
async fn an_insurer_or_employer_leaves_the_patient_nothing_to_owe() {
    let portal = Portal::start().await;
    let answer = book(&portal, json!({"PayerType": "IN"}), json!({})).await;
    assert!(answer.result()["Invoice"].is_null());
    assert_eq!(answer.result()["PayerType"], "IN");
    // Without a payer it is the patient's default.
    let grace = portal.patient("grace.whitfield@example.com").await;
    let mut wanted = slot(NINE);
    wanted["PayerType"] = Value::Null;
    let path = format!("appointment/book-time-slot?patient={grace}");
    let answer = portal
        .post(&path, &json!({"proposedTimeSlot": wanted}))
        .await;
    assert_eq!(answer.result()["PayerType"], "EMP-DEMO");
    assert!(answer.result()["Invoice"].is_null());
}

#[tokio::test]
async fn who_names_no_patient_books_for_the_manager() {
    let portal = Portal::start().await;
    let answer = portal
        .post(
            "appointment/book-time-slot",
            &json!({"proposedTimeSlot": slot(TEN)}),
        )
        .await;
    assert_eq!(answer.result()["Patient"]["Surname"], "Night");
    let existing = portal.get("appointment/existing-appointments").await;
    assert_eq!(existing.result()[0]["Key"], answer.result()["Key"]);
}

#[rstest]
#[case::no_slot(json!({}), json!({"proposedTimeSlot": null}), 1)]
#[case::no_start(json!({"Start": null}), json!({}), 1)]
#[case::no_type(json!({"Type": null}), json!({}), 1)]
#[case::no_type_key(json!({"Type": {}}), json!({}), 1)]
#[case::no_site(json!({"Site": null}), json!({}), 1)]
#[case::no_location(json!({"Location": {}}), json!({}), 1)]
#[case::unknown_site(json!({"Site": {"Key": 1}}), json!({}), 2)]
#[case::site_as_text(json!({"Site": {"Key": "1123"}}), json!({}), 2)]
#[case::unknown_type(json!({"Type": {"Key": "XX"}}), json!({}), 2)]
#[case::numeric_type(json!({"Type": {"Key": 7}}), json!({}), 2)]
#[case::bad_start(json!({"Start": "23/11/2026 10:00"}), json!({}), 2)]
#[case::unknown_payer(json!({"PayerType": "XX"}), json!({}), 2)]
#[case::module_of_another_type(json!({"Modules": [{"Key": 10382}]}), json!({}), 2)]
#[case::module_without_key(json!({"Modules": [5631]}), json!({}), 2)]
#[case::unknown_service(json!({"Services": [{"Key": 1}]}), json!({}), 2)]
#[case::unknown_method(json!({}), json!({"method": 1}), 2)]
#[case::unknown_sex(json!({}), json!({"clinicianSex": 3}), 2)]
#[case::price_as_text(json!({}), json!({"price": "240"}), 2)]
#[tokio::test]
async fn a_booking_is_complete_and_well_formed(
    #[case] slot_changes: Value,
    #[case] changes: Value,
    #[case] code: u64,
) {
    let portal = Portal::start().await;
    let answer = book(&portal, slot_changes, changes).await;
    assert_eq!(answer.refusal(), (400, code), "{answer:?}");
    let rows = portal.rows().await;
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (&rows[0]["status"], &rows[0]["applied"]),
        (&json!(400), &json!(false))
    );
}

#[rstest]
#[case::payer_of_another(json!({"PayerType": "EMP-DEMO"}), (400, 0))]
#[case::type_for_referrals(json!({"Type": {"Key": "00000000fc0b1a20"}}), (403, 0))]
#[case::before_the_session(json!({"Start": "2026-11-23T08:30:00"}), (424, 0))]
#[case::between_two(json!({"Start": "2026-11-23T10:15:00"}), (424, 0))]
#[case::in_the_past(json!({"Start": "2026-11-20T10:00:00"}), (424, 0))]
#[case::beyond_the_horizon(json!({"Start": "2027-11-22T10:00:00"}), (424, 0))]
#[case::another_room(json!({"Location": {"Key": 215}}), (424, 0))]
#[case::another_site(json!({"Location": {"Key": 301}}), (424, 0))]
#[tokio::test]
async fn what_cannot_be_booked_is_refused(
    #[case] slot_changes: Value,
    #[case] refusal: (u16, u64),
) {
    let portal = Portal::start().await;
    let answer = book(&portal, slot_changes, json!({})).await;
    assert_eq!(answer.refusal(), refusal, "{answer:?}");
}

#[rstest]
#[case::net(json!(200))]
#[case::a_penny_more(json!(240.01))]
#[case::a_tenth_of_a_penny_less(json!(239.999))]
#[tokio::test]
async fn another_price_is_as_good_as_gone(#[case] price: Value) {
    let portal = Portal::start().await;
    let answer = book(&portal, json!({}), json!({"price": price})).await;
    assert_eq!(answer.refusal(), (424, 0));
    assert_eq!(
        answer.message(),
        "The appointment slot is no longer available."
    );
    let right = book(&portal, json!({}), json!({"price": 240.00})).await;
    assert_eq!(right.status, 200);
}

#[tokio::test]
async fn a_price_that_moved_since_it_was_shown_is_refused() {
    let portal = Portal::start().await;
    portal.choose(&json!({"surcharge": 500})).await;
    assert_eq!(
        book(&portal, json!({}), json!({"price": 240})).await.status,
        424
    );
    let answer = book(&portal, json!({}), json!({"price": 245})).await;
    assert_eq!(answer.result()["Invoice"]["TotalGross"], 245);
}

#[tokio::test]
async fn a_clinician_sees_one_patient_at_a_time() {
    let portal = Portal::start().await;
    // At ten both are there, then one, then nobody.
    let first = book(&portal, json!({}), json!({"clinician": 84})).await;
    assert_eq!(first.result()["Clinician"]["Key"], 84);
    let again = book(&portal, json!({}), json!({"clinician": 84})).await;
    assert_eq!(again.refusal(), (424, 0));
    let female = book(&portal, json!({}), json!({"clinicianSex": 2})).await;
    assert_eq!(female.refusal(), (424, 0));
    assert!(portal.starts("").await.contains(&TEN.to_owned()));
    assert!(
        !portal
            .starts("clinician=84")
            .await
            .contains(&TEN.to_owned())
    );
    let any = book(&portal, json!({}), json!({})).await;
    assert_eq!(any.result()["Clinician"]["Key"], 85);
    assert!(!portal.starts("").await.contains(&TEN.to_owned()));
    assert_eq!(
        book(&portal, json!({}), json!({})).await.refusal(),
        (424, 0)
    );
    // An hour that overlaps the half hour is gone too.
    let screening = json!({"Type": {"Key": "00000000fc0af8e9"}});
    assert_eq!(
        book(&portal, screening, json!({})).await.refusal(),
        (424, 0)
    );
}

#[rstest]
#[case(400)]
#[case(500)]
#[tokio::test]
async fn the_status_of_a_slot_that_is_gone_can_be_another(#[case] status: u16) {
    let portal = Portal::start().await;
    portal.choose(&json!({"gone_status": status})).await;
    let answer = book(&portal, json!({"Start": "2026-11-23T03:00:00"}), json!({})).await;
    assert_eq!(answer.refusal(), (status, 0));
}

#[tokio::test]
async fn a_start_is_the_sites_wall_clock_or_a_moment() {
    let portal = Portal::start().await;
    let gibraltar =
        |start: &str| json!({"Start": start, "Site": {"Key": 1125}, "Location": {"Key": 401}});
    let local = book(&portal, gibraltar(NINE), json!({})).await;
    assert_eq!(local.result()["Start"], NINE);
    let same = book(&portal, gibraltar("2026-11-23T08:00:00Z"), json!({})).await;
    assert_eq!(same.refusal(), (424, 0));
    let next = book(&portal, gibraltar("2026-11-23T08:30:00+00:00"), json!({})).await;
    assert_eq!(next.result()["Start"], "2026-11-23T09:30:00");
    let list = portal
        .get("appointment/appointments?start-to=2026-11-23T08:00:00")
        .await;
    assert_eq!(
        list.result()["TotalCount"],
        1,
        "eight in the UK is nine in Gibraltar"
    );
}

#[tokio::test]
async fn a_manager_without_the_right_books_nothing() {
    let portal = Portal::start().await;
    portal.choose(&json!({"can_book": false})).await;
    assert_eq!(portal.book(TEN).await.refusal(), (403, 0));
}

#[tokio::test]
async fn a_referral_goes_with_the_booking() {
    let portal = Portal::start().await;
    let grace = portal.patient("grace.whitfield@example.com").await;
    let mut wanted = slot(TEN);
    wanted["Type"]["Key"] = json!("00000000fc0b1a20");
    let body = json!({"proposedTimeSlot": wanted});
    let path = |query: &str| format!("appointment/book-time-slot?patient={grace}{query}");
    assert_eq!(portal.post(&path(""), &body).await.refusal(), (403, 0));
    assert_eq!(
        portal.post(&path("&referral=R1"), &body).await.refusal(),
        (404, 0)
    );
    let answer = portal.post(&path("&referral=R123"), &body).await;
    assert_eq!(
        answer.result()["Type"]["Name"],
        "Occupational health review"
    );
}

#[tokio::test]
async fn a_proposed_appointment_is_booked_as_it_was_told() {
    let portal = Portal::start().await;
    let patient = portal.patient("john.lemon@example.com").await;
    let search = format!(
        "appointment/proposed?appointment-type=CN&payer-type=PA&patient={patient}&clinician=86&number-of-results=1"
    );
    let found = portal
        .post(&search, &json!({"modules": [{"Key": 5632}]}))
        .await;
    let proposed = found.result()[0].clone();
    let path = format!("appointment/book?patient={patient}");
    for (name, code) in [
        ("PrimaryAttendeeSlot", 1),
        ("Slots", 1),
        ("Start", 1),
        ("Location", 1),
    ] {
        let mut spoilt = proposed.clone();
        spoilt[name] = Value::Null;
        let answer = portal
            .post(&path, &json!({"proposedAppointment": spoilt}))
            .await;
        assert_eq!(answer.refusal(), (400, code), "{name}");
    }
    for (field, value) in [
        ("ResourceKey", json!(468)),
        ("Finish", json!("2026-11-21T23:00:00")),
    ] {
        let mut spoilt = proposed.clone();
        spoilt["PrimaryAttendeeSlot"][field] = value;
        let answer = portal
            .post(&path, &json!({"proposedAppointment": spoilt}))
            .await;
        assert_eq!(answer.refusal(), (424, 0), "{field}");
    }
    let answer = portal
        .post(&path, &json!({"proposedAppointment": proposed}))
        .await;
    assert_eq!(answer.result()["Clinician"]["Key"], 86);
    assert_eq!(answer.result()["Start"], proposed["Start"]);
    assert_eq!(answer.result()["Modules"][0]["Key"], 5632);
    let again = portal
        .post(&path, &json!({"proposedAppointment": proposed}))
        .await;
    assert_eq!(again.refusal(), (424, 0));
    let next = portal.post(&search, &json!({})).await;
    assert_ne!(next.result()[0]["Start"], proposed["Start"]);
    assert!(portal.post(&path, &json!({})).await.refusal() == (400, 1));
}

#[tokio::test]
async fn two_sandboxes_on_one_ledger_do_not_give_a_slot_twice() {
    let portal = Portal::start().await;
    let other = portal.beside().await;
    assert_eq!(
        book(&portal, json!({}), json!({"clinician": 84}))
            .await
            .status,
        200
    );
    let moment = portal.get_control("clock").await;
    let clock = format!("{}/sandbox/clock", other.base_url());
    let request = portal
        .http
        .post(clock)
        .header("x-control-key", other.control_key());
    request
        .json(&json!({"set": moment["now"]}))
        .send()
        .await
        .unwrap();
    let login = json!({"username": "night@example.com", "password": super::portal::PASSWORD});
    let url = |path: &str| format!("{}{}{path}", other.base_url(), super::portal::ROOT);
    let request = portal
        .http
        .post(url("auth/login?is-oh=true&client-key=demo-meddbase"));
    let opened: Value = request
        .json(&login)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let opened = &opened["result"];
    let path = format!(
        "appointment/proposed-time-slots?appointment-type=CN&clinician=84&to-date=2026-11-24T00:00:00\
         &payer-type=PA&client-key=demo-meddbase&token={}",
        opened["Token"].as_str().unwrap()
    );
    let request = portal.http.get(url(&path));
    let request = request.header("x-session-id", opened["SessionID"].as_str().unwrap());
    let found: Value = request.send().await.unwrap().json().await.unwrap();
    let found = starts(&found["result"]);
    assert!(found.contains(&NINE.to_owned()) && !found.contains(&TEN.to_owned()));
    other.shutdown().await;
}
