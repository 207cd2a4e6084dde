//! Leads and bookings: what arrives there, and what is refused.

use chrono::DateTime;
use frontdesk::domain::branch::{BranchId, PartyKind};
use frontdesk::domain::evidence::Outcome;
use frontdesk::domain::offer::{FieldKey, Kind};
use frontdesk::domain::submission::{Appointment, Intent};
use frontdesk::vendor::flabs::settings::Mode;
use rstest::rstest;
use serde_json::json;

use crate::desk::rahul;
use crate::post::{Post, item, party, somebody};

/// The vendor's own example with everything that may be filled in.
fn whole(kind: Kind) -> Intent {
    let mut intent = rahul();
    let submission = &mut intent.submission;
    submission.kind = kind;
    submission.parties.corporate = Some(party(PartyKind::Corporate));
    submission.parties.doctor = Some(party(PartyKind::Doctor));
    submission.parties.hospital = Some(party(PartyKind::Hospital));
    submission.assigned_to = Some("staff-7".to_owned());
    submission.appointment = (kind == Kind::Booking).then(|| booked("2026-11-23T07:30:00+05:30"));
    intent
}

fn booked(at: &str) -> Appointment {
    Appointment {
        booking_type: "Home Collection".to_owned(),
        at: DateTime::parse_from_rfc3339(at).unwrap(),
    }
}

#[rstest]
#[case::lead(Mode::CatchAll, Kind::Lead)]
#[case::booking(Mode::CatchAll, Kind::Booking)]
#[case::scoped_lead(Mode::PartyScoped, Kind::Lead)]
#[case::scoped_booking(Mode::PartyScoped, Kind::Booking)]
#[tokio::test]
async fn every_field_arrives(#[case] mode: Mode, #[case] kind: Kind) {
    let post = Post::open(mode);
    let outcome = post.adapter.submit(&whole(kind)).await;
    let create = post.only_create();
    let number = create["number"].as_str().unwrap().to_owned();
    assert_eq!(
        outcome,
        Outcome::Accepted {
            number,
            told: vec![]
        }
    );
    let account = match mode {
        Mode::CatchAll => "demo",
        Mode::PartyScoped => "demo-b2b",
    };
    assert_eq!(create["account"], account);
    let mut expected = json!({
        "branchID": "6530a4a6f1d2c8b7e9a12345", "integratorID": "EXT-LEAD-10231", "phase": "lead",
        "first_name": "Rahul", "last_name": "Sharma", "contact": "9876543210", "country_code": "91",
        "email": "rahul@example.com", "age": 32, "age_type": "year", "gender": "male",
        "address": "42 Park Street", "pincode": "560001", "source": "facebook_ads", "priority": "high",
        "assignedTo": "staff-7",
        "corporateUser": party(PartyKind::Corporate).id,
        "referredOrganization": party(PartyKind::Doctor).id,
        "referredHospitalOrganization": party(PartyKind::Hospital).id,
        "tests": [{"test": "6530a4a6f1d2c8b7e9aabcde", "cost": 350}],
        "packages": [{"package": "6530a4a6f1d2c8b7e9afedcb", "price": 1499}],
        "unmappedTests": [{"name": "Vitamin D3 (custom name)", "cost": 800}],
        "unmappedPackages": [{"name": "Bridal Glow Panel", "price": 2500}],
        "discountAmount": 100, "totalAmount": 4549,
    });
    if kind == Kind::Booking {
        expected["phase"] = json!("booking");
        expected["bookingType"] = json!("Home Collection");
        expected["scheduledAt"] = json!("2026-11-23T07:30:00+05:30");
    }
    assert_eq!(create["body"], expected);
}

#[tokio::test]
async fn what_is_not_filled_in_is_not_sent() {
    let post = Post::catch_all();
    let mut intent = rahul();
    let submission = &mut intent.submission;
    submission.lines.truncate(1);
    submission.discount = frontdesk::domain::money::Money::ZERO;
    submission.source = None;
    submission.priority = None;
    let patient = &mut submission.patient;
    patient.last_name = None;
    patient.gender = None;
    patient.email = None;
    patient.address = None;
    patient.pincode = None;
    assert!(matches!(
        post.adapter.submit(&intent).await,
        Outcome::Accepted { .. }
    ));
    let create = post.only_create();
    let fields: Vec<_> = create["body"].as_object().unwrap().keys().collect();
    let mut needed = [
        "branchID",
        "integratorID",
        "phase",
        "first_name",
        "contact",
        "country_code",
        "age",
        "age_type",
        "tests",
        "totalAmount",
    ];
    needed.sort_unstable();
    assert_eq!(fields, needed);
}

#[rstest]
#[case::phone(true)]
#[case::email(false)]
#[tokio::test]
async fn a_second_one_of_the_day_is_a_duplicate(#[case] same_phone: bool) {
    let post = Post::catch_all();
    let first = somebody(1);
    assert!(matches!(
        post.adapter.submit(&first).await,
        Outcome::Accepted { .. }
    ));
    let mut second = somebody(2);
    let (has, had) = (&mut second.submission.patient, &first.submission.patient);
    if same_phone {
        has.phone = had.phone.clone();
    } else {
        has.email = had.email.as_ref().map(|email| email.to_uppercase());
    }
    // Neither another kind nor another branch makes it another one.
    second.submission.kind = Kind::Booking;
    second.submission.appointment = Some(booked("2026-11-23T07:30:00+05:30"));
    second.submission.branch.id = BranchId("6558fcd568650399c7457353".to_owned());
    let outcome = post.adapter.submit(&second).await;
    assert!(matches!(&outcome, Outcome::Duplicate { .. }), "{outcome:?}");
    assert_eq!(post.lab.applied().len(), 1);
    post.lab.advance(24 * 3_600);
    let tomorrow = post.adapter.submit(&second).await;
    assert!(
        matches!(&tomorrow, Outcome::Accepted { .. }),
        "{tomorrow:?}"
    );
}

#[rstest]
#[case::phone(|intent: &mut Intent| {
    intent.submission.patient.country_code = "+9x1".to_owned();
}, Some(FieldKey::CountryCode))]
#[case::name(|intent: &mut Intent| intent.submission.patient.first_name.clear(), Some(FieldKey::Name))]
#[case::visit(|intent: &mut Intent| {
    intent.submission.kind = Kind::Booking;
    let mut appointment = booked("2026-11-23T07:30:00+05:30");
    appointment.booking_type = "Centre Visit".to_owned();
    intent.submission.appointment = Some(appointment);
}, Some(FieldKey::BookingType))]
#[case::corporate(|intent: &mut Intent| {
    let mut unknown = party(PartyKind::Corporate);
    unknown.id = "nobody".to_owned();
    intent.submission.parties.corporate = Some(unknown);
}, Some(FieldKey::Corporate))]
#[case::doctor(|intent: &mut Intent| {
    let mut unknown = party(PartyKind::Doctor);
    unknown.id = "nobody".to_owned();
    intent.submission.parties.doctor = Some(unknown);
}, Some(FieldKey::Doctor))]
#[case::hospital(|intent: &mut Intent| {
    let mut unknown = party(PartyKind::Hospital);
    unknown.id = "nobody".to_owned();
    intent.submission.parties.hospital = Some(unknown);
}, Some(FieldKey::Hospital))]
#[case::branch(|intent: &mut Intent| {
    intent.submission.branch.id = BranchId("nowhere".to_owned());
}, None)]
#[case::test(|intent: &mut Intent| {
    intent.submission.lines[0].item = Some(item("nothing"));
}, None)]
#[tokio::test]
async fn a_refusal_lands_on_its_field(
    #[case] spoil: fn(&mut Intent),
    #[case] field: Option<FieldKey>,
) {
    let post = Post::catch_all();
    let mut intent = rahul();
    spoil(&mut intent);
    let outcome = post.adapter.submit(&intent).await;
    let Outcome::Refused { reasons } = &outcome else {
        panic!("{outcome:?}");
    };
    let fields: Vec<_> = reasons.iter().map(|reason| reason.field).collect();
    assert_eq!(fields, [field], "{reasons:?}");
    assert!(post.lab.applied().is_empty());
}

#[tokio::test]
async fn a_party_scoped_account_takes_nothing_for_nobody() {
    let post = Post::open(Mode::PartyScoped);
    let outcome = post.adapter.submit(&rahul()).await;
    let Outcome::Refused { reasons } = &outcome else {
        panic!("{outcome:?}");
    };
    let fields: Vec<_> = reasons.iter().filter_map(|reason| reason.field).collect();
    let parties = [FieldKey::Corporate, FieldKey::Doctor, FieldKey::Hospital];
    assert_eq!(fields, parties, "{reasons:?}");
    assert!(post.lab.applied().is_empty());
}
