//! Booking without a login: registering, proving it by a code, booking once.

use rstest::rstest;
use serde_json::{Value, json};

use super::portal::{Answer, Portal, slot};

const TEN: &str = "2026-11-23T10:00:00";

fn ada() -> Value {
    json!({"Name": "Ada", "Surname": "Walker", "EmailAddress": "ada@example.com", "Mobile": "+44 7700 900777",
        "DateOfBirth": "1990-01-02"})
}

async fn register(portal: &mut Portal, payer: Option<&str>) -> Answer {
    let mut body = json!({"demog": ada()});
    if let Some(payer) = payer {
        body["payerType"] = json!(payer);
    }
    let answer = portal.post("anon-booking/register-patient", &body).await;
    portal.session = answer.body["result"]["SessionId"]
        .as_str()
        .map(str::to_owned);
    answer
}

async fn submit(portal: &Portal, code: &str) -> Answer {
    portal
        .post(
            "anon-booking/submit-validation-code",
            &json!({"code": code}),
        )
        .await
}

async fn book(portal: &Portal, payer: Option<&str>) -> Answer {
    let mut wanted = slot(TEN);
    wanted["PayerType"] = json!(payer);
    portal
        .post(
            "anon-booking/book-time-slot",
            &json!({"proposedTimeSlot": wanted}),
        )
        .await
}

#[tokio::test]
async fn whoever_reads_the_code_back_books_once() {
    let mut portal = Portal::anonymous().await;
    let registered = register(&mut portal, Some("WALKIN")).await;
    assert_eq!(registered.result().as_object().unwrap().len(), 1);
    let codes = portal.get_control("codes").await;
    assert_eq!(
        (&codes[0]["to"], &codes[0]["code"]),
        (&json!("ada@example.com"), &json!("246810"))
    );
    assert_eq!(
        book(&portal, Some("WALKIN")).await.refusal(),
        (403, 0),
        "the code comes first"
    );
    assert_eq!(submit(&portal, "000000").await.refusal(), (400, 0));
    assert!(submit(&portal, "246810").await.result().is_null());
    let answer = book(&portal, Some("WALKIN")).await;
    assert_eq!(answer.result()["Patient"]["Surname"], "Walker");
    assert_eq!(answer.result()["Invoice"]["TotalGross"], 240);
    assert_eq!(book(&portal, Some("WALKIN")).await.refusal(), (401, 8));
    assert_eq!(submit(&portal, "246810").await.refusal(), (401, 8));
    // No manager sees the patient or the appointment, but the time is gone.
    portal.key = super::portal::KEY;
    portal.log_in().await;
    assert_eq!(
        portal.get("appointment/appointments").await.result()["TotalCount"],
        0
    );
    let patient = portal
        .get("patients/patient?personal-email=ada@example.com")
        .await;
    assert_eq!(patient.refusal(), (403, 0));
    let key = answer.result()["Key"].as_str().unwrap();
    let cancelled = portal
        .get(&format!("appointment/cancel?appointment={key}"))
        .await;
    assert_eq!(cancelled.refusal(), (403, 0));
    let left = portal.starts("").await;
    assert_eq!(left.len(), 18, "one of two clinicians is still free");
}

#[tokio::test]
async fn the_kiosk_needs_no_code() {
    let mut portal = Portal::anonymous().await;
    register(&mut portal, Some("KIOSK")).await;
    assert!(submit(&portal, "anything").await.result().is_null());
    let answer = book(&portal, None).await;
    assert_eq!(answer.result()["Invoice"]["TotalGross"], 216);
}

#[rstest]
#[case::no_demographics(json!({}), (400, 1))]
#[case::unknown_code(json!({"payerType": "PA", "demog": ada()}), (400, 0))]
#[case::numeric_code(json!({"payerType": 7, "demog": ada()}), (400, 2))]
#[tokio::test]
async fn a_registration_is_well_formed(#[case] body: Value, #[case] refusal: (u16, u64)) {
    let portal = Portal::anonymous().await;
    let answer = portal.post("anon-booking/register-patient", &body).await;
    assert_eq!(answer.refusal(), refusal);
}

#[rstest]
#[case("Name")]
#[case("Surname")]
#[case("EmailAddress")]
#[case("Mobile")]
#[case("DateOfBirth")]
#[tokio::test]
async fn a_registration_needs(#[case] field: &str) {
    let portal = Portal::anonymous().await;
    let mut demog = ada();
    demog[field] = json!("");
    let body = json!({"payerType": "WALKIN", "demog": demog});
    let answer = portal.post("anon-booking/register-patient", &body).await;
    assert_eq!(answer.refusal(), (400, 1));
    assert!(answer.message().contains(field));
}

#[tokio::test]
async fn the_date_of_birth_can_be_optional() {
    let portal = Portal::anonymous().await;
    portal
        .choose(&json!({"is_birth_date_required": false}))
        .await;
    let mut demog = ada();
    demog["DateOfBirth"] = Value::Null;
    let body = json!({"payerType": "WALKIN", "demog": demog});
    assert_eq!(
        portal
            .post("anon-booking/register-patient", &body)
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn the_session_must_be_sent_and_lasts_a_quarter_of_an_hour() {
    let mut portal = Portal::anonymous().await;
    for path in [
        "resend-validation-code",
        "submit-validation-code",
        "book-time-slot",
        "book",
    ] {
        let answer = portal
            .post(&format!("anon-booking/{path}"), &json!({"code": "246810"}))
            .await;
        let is_read_first = path.starts_with("book");
        assert_eq!(
            answer.refusal(),
            if is_read_first { (400, 1) } else { (401, 8) },
            "{path}"
        );
    }
    assert_eq!(book(&portal, Some("WALKIN")).await.refusal(), (401, 8));
    register(&mut portal, Some("WALKIN")).await;
    portal.advance(14 * 60).await;
    assert_eq!(
        portal
            .post("anon-booking/resend-validation-code", &json!({}))
            .await
            .status,
        200
    );
    assert_eq!(submit(&portal, "246810").await.status, 200);
    portal.advance(60).await;
    assert_eq!(book(&portal, Some("WALKIN")).await.refusal(), (401, 8));
}

#[tokio::test]
async fn a_code_is_replaced_by_the_next_and_dies_of_wrong_answers() {
    let mut portal = Portal::anonymous().await;
    portal.choose(&json!({"has_random_codes": true})).await;
    register(&mut portal, Some("WALKIN")).await;
    let digits = async |portal: &Portal| {
        let codes = portal.get_control("codes").await;
        codes[0]["code"].as_str().unwrap().to_owned()
    };
    let first = digits(&portal).await;
    let mut second = first.clone();
    while second == first {
        let resent = portal
            .post("anon-booking/resend-validation-code", &json!({}))
            .await;
        assert!(resent.result().is_null());
        second = digits(&portal).await;
    }
    for _ in 0..5 {
        assert_eq!(submit(&portal, &first).await.refusal(), (400, 0));
    }
    assert!(
        submit(&portal, &second)
            .await
            .message()
            .contains("Too many")
    );
    portal
        .post("anon-booking/resend-validation-code", &json!({}))
        .await;
    let third = digits(&portal).await;
    portal.advance(600).await;
    assert!(submit(&portal, &third).await.message().contains("expired"));
    portal
        .post("anon-booking/resend-validation-code", &json!({}))
        .await;
    assert_eq!(submit(&portal, &digits(&portal).await).await.status, 200);
}

#[tokio::test]
async fn the_sign_up_code_is_named_once_at_least_and_never_changed() {
    let mut portal = Portal::anonymous().await;
    register(&mut portal, None).await;
    assert_eq!(submit(&portal, "246810").await.status, 200);
    assert_eq!(book(&portal, None).await.refusal(), (400, 1));
    assert_eq!(book(&portal, Some("PA")).await.refusal(), (400, 0));
    assert_eq!(book(&portal, Some("WALKIN")).await.status, 200);
    register(&mut portal, Some("WALKIN")).await;
    assert_eq!(submit(&portal, "246810").await.status, 200);
    assert_eq!(book(&portal, Some("KIOSK")).await.refusal(), (400, 0));
}

#[tokio::test]
async fn a_slot_that_is_gone_leaves_the_session_open() {
    let mut portal = Portal::anonymous().await;
    for _ in 0..2 {
        register(&mut portal, Some("KIOSK")).await;
        assert_eq!(book(&portal, None).await.status, 200);
    }
    register(&mut portal, Some("KIOSK")).await;
    assert_eq!(book(&portal, None).await.refusal(), (424, 0));
    let mut other = slot("2026-11-23T11:00:00");
    other["PayerType"] = json!("KIOSK");
    let body = json!({"proposedTimeSlot": other});
    assert_eq!(
        portal
            .post("anon-booking/book-time-slot", &body)
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn a_proposed_appointment_can_be_booked_too() {
    let mut portal = Portal::anonymous().await;
    let search =
        "anon-appointment/proposed?appointment-type=VC&payer-type=KIOSK&number-of-results=1";
    let found = portal.post(search, &json!({})).await;
    let body = json!({"proposedAppointment": found.result()[0]});
    register(&mut portal, Some("KIOSK")).await;
    let answer = portal.post("anon-booking/book", &body).await;
    assert_eq!(answer.result()["Clinician"]["Key"], 89);
}
