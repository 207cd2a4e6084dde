//! Pre-bookings against the literal JSON of the contract, and whose record it is that has a barcode.

use frontdesk::domain::barcode;
use frontdesk::domain::draft::Draft;
use frontdesk::domain::evidence::Outcome;
use frontdesk::domain::offer::{Choice, FieldKey, Kind};
use frontdesk::domain::submission::DraftId;
use frontdesk::domain::tier::Tier;
use frontdesk::vendor::Adapter;
use rstest::rstest;
use serde_json::{Value, json};

use crate::desk::{
    BILLING, answer, flabs, flabs_with, open, pre_booking, received, whole_pre_booking,
};
use crate::{good, refused};

/// Everything that <https://developer.flabslis.com/billing/endpoint/create_bill> names, each in its array.
#[tokio::test]
async fn a_pre_booking_leaves_field_for_field() {
    let server = open().await;
    let created = json!({
        "success": true, "message": "Booking created successfully",
        "integrator_id": "EXT-LEAD-10231", "preBookingID": "pre_booking_id",
    });
    answer(&server, BILLING, good(created)).await;
    let (intent, whole) = whole_pre_booking("KOR7M2");
    let expected = Outcome::Accepted {
        number: "pre_booking_id".to_owned(),
        told: Vec::new(),
    };
    assert_eq!(flabs(&server.uri()).submit(&intent).await, expected);
    assert_eq!(received(&server, BILLING).await, [whole]);
}

#[tokio::test]
async fn the_least_pre_booking_has_its_patient_its_source_and_one_item() {
    let server = open().await;
    let created = json!({"success": true, "preBookingID": "p"});
    answer(&server, BILLING, good(created)).await;
    let mut intent = pre_booking();
    let submission = &mut intent.submission;
    submission.patient.last_name = None;
    submission.lines.truncate(1);
    flabs(&server.uri()).submit(&intent).await;
    let least = json!({
        "labID": "6530a4a6f1d2c8b7e9a12345",
        "patient_details": {"first_name": "Rahul", "gender": "male", "age": 32, "age_type": "year"},
        "integrator_id": "EXT-LEAD-10231", "lead_source": "FRONTDESK",
        "mapped_tests": [{"id": "6530a4a6f1d2c8b7e9aabcde"}],
    });
    assert_eq!(received(&server, BILLING).await, [least]);
}

/// As the configuration spells it: under which name a test travels, and whether the branch does. A package has no
/// name but `id`.
#[rstest]
#[case::by_flabs_id(
    r#"billing-test-name = "flabs-id""#,
    r#"{"labID":"6530a4a6f1d2c8b7e9a12345",
        "patient_details":{"first_name":"Rahul","last_name":"Sharma","gender":"male","age":32,"age_type":"year"},
        "integrator_id":"EXT-LEAD-10231","lead_source":"FRONTDESK",
        "mapped_tests":[{"flabs_id":"6530a4a6f1d2c8b7e9aabcde"}],
        "unmapped_tests":["Vitamin D3 (custom name)"],
        "mapped_packages":[{"id":"6530a4a6f1d2c8b7e9afedcb"}],
        "unmapped_packages":["Bridal Glow Panel"]}"#
)]
#[case::without_the_branch(
    "is-lab-billed = false",
    r#"{"patient_details":{"first_name":"Rahul","last_name":"Sharma","gender":"male","age":32,"age_type":"year"},
        "integrator_id":"EXT-LEAD-10231","lead_source":"FRONTDESK",
        "mapped_tests":[{"id":"6530a4a6f1d2c8b7e9aabcde"}],
        "unmapped_tests":["Vitamin D3 (custom name)"],
        "mapped_packages":[{"id":"6530a4a6f1d2c8b7e9afedcb"}],
        "unmapped_packages":["Bridal Glow Panel"]}"#
)]
#[tokio::test]
async fn a_pre_booking_leaves_as_it_was_agreed_with_flabs(
    #[case] agreed: &str,
    #[case] expected: &str,
) {
    let server = open().await;
    let created = json!({"success": true, "preBookingID": "p"});
    answer(&server, BILLING, good(created)).await;
    let flabs = flabs_with(&server.uri(), toml::from_str(agreed).unwrap());
    let outcome = flabs.submit(&pre_booking()).await;
    assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
    let expected: Value = serde_json::from_str(expected).unwrap();
    assert_eq!(received(&server, BILLING).await, [expected]);
}

/// Only the code that this desk made for this very form proves whose the record is that has it.
#[rstest]
#[case::made_here(Some(("KOR7M2", "KOR7M2, made here")), true)]
#[case::scanned(Some(("4006381333931", "4006381333931")), false)]
#[case::none(None, false)]
#[tokio::test]
async fn a_code_that_is_taken_proves_nothing_where_it_is_not_ours(
    #[case] barcode: Option<(&str, &str)>,
    #[case] is_ours: bool,
) {
    let server = open().await;
    answer(&server, BILLING, refused(409, "barCode already exists")).await;
    let mut intent = pre_booking();
    let details = &mut intent.submission.details;
    if let Some((value, label)) = barcode {
        let label = label.to_owned();
        let value = value.to_owned();
        details.insert(FieldKey::Barcode, Choice { value, label });
    }
    let outcome = flabs(&server.uri()).submit(&intent).await;
    match outcome {
        Outcome::CodeTaken { .. } => assert!(is_ours),
        Outcome::Refused { reasons } => {
            assert!(!is_ours);
            assert_eq!(reasons[0].field, Some(FieldKey::Barcode), "{reasons:?}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_code_is_ours_only_in_the_form_it_was_made_for() {
    let flabs = flabs("http://127.0.0.1:9");
    let code = |draft: &Draft| draft.context().details[&FieldKey::Barcode].clone();
    let mut intent = pre_booking();
    let made = barcode::mint("KOR", DraftId(7));
    assert!(barcode::is_made_here(&made));
    let details = &mut intent.submission.details;
    details.insert(FieldKey::Barcode, made.clone());
    assert_eq!(Adapter::tier(&flabs, &intent), Tier::UniqueCode);
    // The one before may be at Flabs with it: refused for this one, it proves nothing about this one.
    let again = code(&Draft::reopen(DraftId(8), &intent, &flabs.offer()));
    assert_eq!(again, Choice::plain(&made.value));
    intent.submission.details.insert(FieldKey::Barcode, again);
    assert_eq!(Adapter::tier(&flabs, &intent), Tier::None);
    // Nor do the blanks around a code that was scanned make it ours.
    let mut draft = Draft::new(DraftId(9), Kind::PreBooking);
    let scanned = " 4006381333931 ".to_owned();
    draft.values.insert(FieldKey::Barcode, scanned);
    assert_eq!(code(&draft), Choice::plain("4006381333931"));
}
