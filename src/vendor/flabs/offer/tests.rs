//! The forms as a clerk meets them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use chrono_tz::Tz;

use super::*;
use crate::domain::branch::Party;
use crate::domain::text;
use crate::vendor::flabs::settings::Assumptions;

fn settings(mode: Mode, parties: Vec<Party>) -> Settings {
    Settings {
        profile: "demo".to_owned(),
        base_url: "http://127.0.0.1:1".to_owned(),
        is_sandbox: true,
        client_id: "client".to_owned(),
        client_secret: "secret".to_owned().into(),
        mode,
        parties,
        zone: Tz::Asia__Kolkata,
        sources: vec!["walk-in".to_owned(), "website".to_owned()],
        country_code: "91".to_owned(),
        billing: crate::vendor::flabs::settings::Billing::default(),
        assumptions: Assumptions::default(),
    }
}

fn party(kind: PartyKind) -> Party {
    Party {
        id: format!("id-{}", kind.word()),
        name: "Sunrise".to_owned(),
        kind,
    }
}

#[test]
fn a_booking_asks_for_visit_and_time_after_the_patient() {
    let offer = of(&settings(Mode::CatchAll, Vec::new()));
    let keys = |kind| -> Vec<FieldKey> {
        let form = offer.form(kind).unwrap();
        form.fields.iter().map(|field| field.key).collect()
    };
    let lead = [
        FieldKey::Phone,
        FieldKey::Name,
        FieldKey::Age,
        FieldKey::Gender,
        FieldKey::Email,
        FieldKey::Address,
        FieldKey::Pincode,
        FieldKey::Source,
        FieldKey::Priority,
        FieldKey::AssignedTo,
        FieldKey::CountryCode,
    ];
    assert_eq!(keys(Kind::Lead), lead);
    let mut booking = lead.to_vec();
    booking.splice(4..4, [FieldKey::BookingType, FieldKey::ScheduledAt]);
    assert_eq!(keys(Kind::Booking), booking);
}

#[test]
fn required_is_what_the_contract_requires() {
    let offer = of(&settings(Mode::CatchAll, Vec::new()));
    let form = offer.form(Kind::Booking).unwrap();
    let required = form.fields.iter().filter(|field| field.required);
    let required: Vec<FieldKey> = required.map(|field| field.key).collect();
    assert_eq!(
        required,
        [
            FieldKey::Phone,
            FieldKey::Name,
            FieldKey::Age,
            FieldKey::BookingType,
            FieldKey::ScheduledAt
        ]
    );
}

#[test]
fn presets_are_the_first_of_what_is_configured() {
    let offer = of(&settings(Mode::CatchAll, Vec::new()));
    let preset = |key| offer.field(Kind::Booking, key).unwrap().preset.as_str();
    assert_eq!(preset(FieldKey::BookingType), "Home Collection");
    assert_eq!(preset(FieldKey::Source), "walk-in");
    assert_eq!(preset(FieldKey::CountryCode), "91");
    assert_eq!(preset(FieldKey::Priority), "");
}

#[test]
fn parties_are_asked_for_where_there_are_any_of_their_kind() {
    let parties = vec![party(PartyKind::Doctor), party(PartyKind::Corporate)];
    let offer = of(&settings(Mode::PartyScoped, parties));
    assert!(offer.is_party_required);
    let doctor = offer.field(Kind::Lead, FieldKey::Doctor).unwrap();
    let sunrise = Choice {
        value: "id-doctor".to_owned(),
        label: "Sunrise".to_owned(),
    };
    assert_eq!(doctor.input, Input::Choice(vec![sunrise]));
    assert!(offer.field(Kind::Lead, FieldKey::Corporate).is_some());
    assert_eq!(offer.field(Kind::Lead, FieldKey::Hospital), None);
}

#[test]
fn labels_and_help_fit_a_narrow_form() {
    let parties = vec![
        party(PartyKind::Corporate),
        party(PartyKind::Doctor),
        party(PartyKind::Hospital),
    ];
    let offer = of(&settings(Mode::PartyScoped, parties));
    for field in offer.kinds.iter().flat_map(|kind| &kind.fields) {
        assert!(text::width(field.label) <= 12, "{}", field.label);
        assert!(text::width(field.help) <= 76, "{}", field.help);
    }
}
