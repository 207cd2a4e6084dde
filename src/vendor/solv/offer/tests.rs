//! The forms as a clerk meets them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use chrono::DateTime;
use chrono_tz::Tz;

use super::*;
use crate::domain::draft::Draft;
use crate::domain::rules::check;
use crate::domain::submission::DraftId;
use crate::domain::text;
use crate::vendor::solv::settings::{Assumptions, Location};

fn settings() -> Settings {
    Settings {
        profile: "demo".to_owned(),
        base_url: "http://127.0.0.1:1".to_owned(),
        is_sandbox: true,
        client_id: "client".to_owned(),
        client_secret: "secret".to_owned().into(),
        scopes: vec!["write:bookings".to_owned()],
        locations: vec![Location {
            id: 1042,
            public_id: None,
            external_id: Some("LAM-01".to_owned()),
            name: "Lamar".to_owned(),
            address: None,
            zone: Tz::America__Chicago,
            visit_types: Vec::new(),
        }],
        attributions: vec!["front desk".to_owned(), "phone".to_owned()],
        management_url: Some("https://clinic.example/b".to_owned()),
        integration: Some("8".to_owned()),
        zone: Tz::America__Chicago,
        assumptions: Assumptions::default(),
    }
}

fn required(kind: Kind) -> Vec<FieldKey> {
    let offer = of(&settings());
    let fields = offer.form(kind).unwrap().fields.iter();
    let required = fields.filter(|field| field.required && field.only_with.is_none());
    required.map(|field| field.key).collect()
}

#[test]
fn required_is_what_the_contract_requires() {
    let walk_in = [FieldKey::Phone, FieldKey::Name, FieldKey::BirthDate];
    assert_eq!(required(Kind::WalkIn), walk_in);
    let mut reservation = walk_in.to_vec();
    reservation.push(FieldKey::ScheduledAt);
    assert_eq!(required(Kind::Reservation), reservation);
    let external = [
        FieldKey::ExternalBooking,
        FieldKey::Integration,
        FieldKey::Action,
    ];
    assert_eq!(required(Kind::External), external);
}

#[test]
fn a_location_without_an_external_id_has_it_typed() {
    let mut settings = settings();
    settings.locations[0].external_id = None;
    let offer = of(&settings);
    let field = offer.field(Kind::External, FieldKey::ExternalLocation);
    assert!(field.unwrap().required);
}

#[test]
fn presets_are_those_of_the_configuration() {
    let offer = of(&settings());
    let preset = |kind, key| offer.field(kind, key).unwrap().preset.as_str();
    assert_eq!(preset(Kind::WalkIn, FieldKey::Source), "front desk");
    let url = preset(Kind::Reservation, FieldKey::ManagementUrl);
    assert_eq!(url, "https://clinic.example/b");
    assert_eq!(preset(Kind::External, FieldKey::Integration), "8");
    assert_eq!(preset(Kind::External, FieldKey::Action), "");
}

#[test]
fn a_booking_can_be_changed_and_an_external_one_is_a_form_of_its_own() {
    let offer = of(&settings());
    let ids = |kind| -> Vec<&str> {
        let changes = offer.changes.iter();
        let of_kind = changes.filter(|change| change.kinds.contains(&kind));
        of_kind.map(|change| change.id).collect()
    };
    let all = [
        "check-in",
        "exam-room",
        "discharged",
        "no-show",
        "cancel",
        "image",
    ];
    assert_eq!(ids(Kind::WalkIn), all);
    assert_eq!(ids(Kind::Reservation), all);
    assert!(ids(Kind::External).is_empty());
    let ends = offer.changes.iter().filter(|change| change.is_end);
    assert_eq!(ends.map(|change| change.id).collect::<Vec<_>>(), ["cancel"]);
}

#[test]
fn labels_and_help_fit_a_narrow_form() {
    let offer = of(&settings());
    let of_kinds = offer.kinds.iter().flat_map(|kind| &kind.fields);
    let of_changes = offer.changes.iter().flat_map(|change| &change.fields);
    for field in of_kinds.chain(of_changes) {
        assert!(text::width(field.label) <= 12, "{}", field.label);
        assert!(text::width(field.help) <= 76, "{}", field.help);
    }
    for change in &offer.changes {
        assert!(text::width(change.help) <= 76, "{}", change.help);
    }
}

/// A clerk knows neither the numbers that Solv gave to records systems nor what its pages call external.
#[test]
fn the_form_of_a_booking_of_the_records_system_speaks_the_trades_words() {
    let offer = of(&settings());
    let kind = offer.form(Kind::External).unwrap();
    assert_eq!(kind.kind.word(), "EMR booking");
    let system = offer.field(Kind::External, FieldKey::Integration).unwrap();
    let Input::Choice(choices) = &system.input else {
        panic!("a choice of {:?}", system.input);
    };
    let shown: Vec<&str> = choices.iter().map(|choice| choice.label.as_str()).collect();
    let numbers = ["Solv's number 7", "Solv's number 8", "Solv's number 11"];
    assert_eq!((system.label, &shown[..]), ("EMR", &numbers[..]));
    let sent: Vec<&str> = choices.iter().map(|choice| choice.value.as_str()).collect();
    assert_eq!(sent, ["7", "8", "11"]);
    // What is done to it is called what its help, and the keys of other bookings, call it.
    let action = offer.field(Kind::External, FieldKey::Action).unwrap();
    let Input::Choice(choices) = &action.input else {
        panic!("a choice of {:?}", action.input);
    };
    for choice in choices {
        assert!(kind.help.contains(&choice.label), "{}", choice.label);
    }
}

/// The contract says of them that they are text, and no more.
#[test]
fn ids_of_other_systems_may_hold_blanks() {
    let offer = of(&settings());
    for (kind, key) in [
        (Kind::WalkIn, FieldKey::PatientRecord),
        (Kind::Reservation, FieldKey::PatientRecord),
        (Kind::External, FieldKey::ExternalBooking),
        (Kind::External, FieldKey::ExternalLocation),
    ] {
        let field = offer.field(kind, key).unwrap();
        let mut draft = Draft::new(DraftId(1), kind);
        draft.values.insert(key, "MRN 100 22".to_owned());
        let now = DateTime::UNIX_EPOCH;
        assert_eq!(check(field, &draft, &offer, now), Ok(()), "{key:?}");
    }
}
