//! What is done later: status, pictures, and bookings of the clinic's own system.

use frontdesk::domain::evidence::Outcome;
use frontdesk::domain::offer::{FieldKey, Kind};
use rstest::rstest;
use serde_json::json;

use super::{Counter, LAMAR, filled, literal, number, reasons, reservation, told};

#[tokio::test]
async fn a_visit_goes_through_its_statuses_under_one_number() {
    let counter = Counter::open();
    let booking = counter.booked().await;
    for (id, label, status) in [
        ("check-in", "checked in", "checked_in"),
        ("exam-room", "in exam room", "in_exam_room"),
        ("discharged", "discharged", "discharged"),
        ("no-show", "no show", "no_show"),
    ] {
        let outcome = counter.submit(&literal::change(id, &booking)).await;
        assert_eq!(number(&outcome), booking);
        assert_eq!(told(&outcome)[0], ("Status", label));
        assert_eq!(counter.last()["body"], json!({"status": status}));
    }
}

#[tokio::test]
async fn a_cancelled_booking_frees_its_time() {
    let counter = Counter::open();
    counter.lab.set(&json!({"solv": {"capacity": 1}}));
    let slot = counter.today(LAMAR).await.remove(0);
    let intent = counter.intent(reservation(slot.clone())).await;
    let booking = number(&counter.submit(&intent).await);
    assert!(!counter.today(LAMAR).await.contains(&slot));
    let outcome = counter.submit(&literal::change("cancel", &booking)).await;
    assert_eq!(told(&outcome)[0], ("Status", "cancelled"));
    assert!(counter.today(LAMAR).await.contains(&slot));
}

#[tokio::test]
async fn a_booking_that_solv_does_not_have_is_refused() {
    let counter = Counter::open();
    let outcome = counter.submit(&literal::change("cancel", "7")).await;
    assert!(reasons(&outcome)[0].words.contains("not found"));
}

#[rstest]
#[case("photo_id_front", "/9j/4AAQSkZJRg==")]
#[case("photo_id_back", "/9j/4AAQSkZJRg==")]
#[case("insurance_card_front", "iVBORw0KGgoAAAANSUhEUg==")]
#[case("insurance_card_back", "iVBORw0KGgoAAAANSUhEUg==")]
#[tokio::test]
async fn every_picture_has_a_number_of_its_own(#[case] kind: &str, #[case] base64: &str) {
    let counter = Counter::open();
    let booking = counter.booked().await;
    let first = number(
        &counter
            .submit(&literal::picture(&booking, kind, base64))
            .await,
    );
    assert_eq!(
        counter.last()["body"],
        json!({"image": base64, "image_type": kind})
    );
    let second = number(
        &counter
            .submit(&literal::picture(&booking, kind, base64))
            .await,
    );
    assert_ne!(first, second);
}

#[tokio::test]
async fn a_picture_of_what_nobody_knows_is_refused_beside_it() {
    let counter = Counter::open();
    let booking = counter.booked().await;
    let odd = literal::picture(&booking, "selfie", "/9j/4AAQSkZJRg==");
    let outcome = counter.submit(&odd).await;
    assert_eq!(reasons(&outcome)[0].field, Some(FieldKey::ImageType));
}

/// The form for Marisol's booking in the clinic's own system; the location's id there is in the configuration.
async fn external(counter: &Counter, values: &[(FieldKey, &str)]) -> Outcome {
    let mut draft = filled(
        Kind::External,
        &[
            (FieldKey::ExternalBooking, "EMR-88101"),
            (FieldKey::Integration, "7"),
        ],
    );
    draft.values.extend(filled(Kind::External, values).values);
    counter.submit(&counter.intent(draft).await).await
}

#[tokio::test]
async fn an_external_booking_takes_a_status_a_time_and_an_end() {
    let counter = Counter::open();
    let status = [
        (FieldKey::Action, "status"),
        (FieldKey::Status, "checked_in"),
    ];
    let outcome = external(&counter, &status).await;
    let lines = [
        ("Patient", "Marisol Ortega"),
        ("Status", "checked in"),
        ("When", "Sun 22 Nov 2026, 09:30 CST"),
    ];
    assert_eq!(told(&outcome), lines);
    assert_eq!(number(&outcome), "31001");
    let time = [
        (FieldKey::Action, "reschedule"),
        (FieldKey::ScheduledAt, "2026-11-23 14:15"),
        // Typed before the action was changed: no longer part of the form.
        (FieldKey::Status, "no_show"),
    ];
    let outcome = external(&counter, &time).await;
    assert_eq!(told(&outcome)[2], ("When", "Mon 23 Nov 2026, 14:15 CST"));
    let sent = json!({"appointment_date": "2026-11-23T14:15:00-06:00",
        "external_location_id": "LAM-01", "service_id": "7"});
    assert_eq!(counter.last()["body"], sent);
    let end = [(FieldKey::Action, "cancel"), (FieldKey::Reason, "moved")];
    let outcome = external(&counter, &end).await;
    assert_eq!(told(&outcome)[1], ("Status", "cancelled"));
    let sent = json!({"external_location_id": "LAM-01", "service_id": "7",
        "cancellation_reason": "moved"});
    assert_eq!(counter.last()["body"], sent);
}

#[rstest]
#[case::no_slot(&[(FieldKey::Action, "reschedule"), (FieldKey::ScheduledAt, "2026-11-23 14:16")], Some(FieldKey::ScheduledAt))]
#[case::another_booking(&[(FieldKey::Action, "cancel"), (FieldKey::ExternalBooking, "EMR-1")], None)]
#[case::another_system(&[(FieldKey::Action, "cancel"), (FieldKey::Integration, "8")], None)]
#[case::another_location(&[(FieldKey::Action, "cancel"), (FieldKey::ExternalLocation, "SUN-04")], None)]
#[tokio::test]
async fn an_external_booking_is_refused_beside_its_field(
    #[case] values: &[(FieldKey, &str)],
    #[case] field: Option<FieldKey>,
) {
    let counter = Counter::open();
    let outcome = external(&counter, values).await;
    assert_eq!(reasons(&outcome)[0].field, field);
    assert!(counter.lab.applied().is_empty());
}
