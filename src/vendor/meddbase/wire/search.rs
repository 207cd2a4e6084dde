//! The searches before a booking: payers, types, modules, services, sites, clinicians
//! (<https://meddbase.github.io/meddbase-apis/patient-portal-api/appointments/appointments.html>).

use serde_json::{Value, json};

use super::object::Object;
use crate::domain::money::{Currency, Money};
use crate::domain::offer::Choice;

/// The paths of one of the two ways in.
pub struct Paths {
    pub types: &'static str,
    pub services: &'static str,
    pub sites: &'static str,
    pub clinicians: &'static str,
    pub slots: &'static str,
    pub book: &'static str,
    /// The verb of `sites` without a body.
    pub are_sites_posted: bool,
}

pub const PAYERS: &str = "/patientportalapi/appointment/payer-types";
pub const REFERRALS: &str = "/patientportalapi/referrals/referrals";
pub const RECALLS: &str = "/patientportalapi/recalls/recalls";

pub const MANAGER: Paths = Paths {
    types: "/patientportalapi/appointment/types",
    services: "/patientportalapi/appointment/services",
    sites: "/patientportalapi/appointment/sites",
    clinicians: "/patientportalapi/appointment/clinicians",
    slots: "/patientportalapi/appointment/proposed-time-slots",
    book: "/patientportalapi/appointment/book-time-slot",
    are_sites_posted: true,
};

pub const ANONYMOUS: Paths = Paths {
    types: "/patientportalapi/anon-appointment/types",
    services: "/patientportalapi/anon-appointment/services",
    sites: "/patientportalapi/anon-appointment/sites",
    clinicians: "/patientportalapi/anon-appointment/clinicians",
    slots: "/patientportalapi/anon-appointment/proposed-time-slots",
    book: "/patientportalapi/anon-booking/book-time-slot",
    are_sites_posted: false,
};

/// An appointment type, as far as a form needs it.
pub struct Kind<'a> {
    pub choice: Choice,
    /// Only for a referral where it is false.
    pub can_book: bool,
    pub can_refer: bool,
    pub modules: Vec<Object<'a>>,
}

/// A type without a key cannot be asked for.
pub fn kind(object: Object<'_>) -> Option<Kind<'_>> {
    Some(Kind {
        choice: named(object, &["Name"])?,
        can_book: object.flag("CanBookAppointment").unwrap_or(true),
        can_refer: object.flag("CanReferPatient").unwrap_or(false),
        modules: object.list("Modules"),
    })
}

/// The key of something and what it is called.
pub fn named(object: Object<'_>, names: &[&str]) -> Option<Choice> {
    let value = object.key("Key")?;
    let label = object.text_of(names).unwrap_or_else(|| value.clone());
    Some(Choice { value, label })
}

/// A module or a service with its price.
pub fn priced(object: Object<'_>) -> Option<Choice> {
    let choice = named(object, &["Name", "Code"])?;
    let Some(price) = object
        .amount("GrossPrice")
        .filter(|price| *price > Money::ZERO)
    else {
        return Some(choice);
    };
    let label = format!("{}, {}", choice.label, in_currency(object, price));
    Some(Choice { label, ..choice })
}

/// A clinician, whose name is published under two names.
pub fn clinician(object: Object<'_>) -> Option<Choice> {
    named(object, &["FullName", "Name"])
}

/// An amount in the currency that stands beside it; pounds where none does.
pub fn in_currency(object: Object<'_>, amount: Money) -> String {
    match object.text("CurrencyCode") {
        Some(code) if !code.eq_ignore_ascii_case("GBP") => format!("{amount} {code}"),
        _ => Currency::Gbp.show(amount),
    }
}

/// An address on one line.
pub fn address(site: Object<'_>) -> Option<String> {
    let address = site.object("Address")?;
    let parts = ["Address1", "Address2", "Address3", "City", "PostCode"];
    let parts: Vec<String> = parts.iter().filter_map(|name| address.text(name)).collect();
    Some(parts.join(", ")).filter(|address| !address.is_empty())
}

/// `[{"Key": 10382}]`; keys of modules and services are numbers, and stay texts where they are none.
pub fn keys<'a>(keys: impl IntoIterator<Item = &'a str>) -> Value {
    let key = |text: &str| json!({"Key": number(text)});
    keys.into_iter().map(key).collect()
}

/// A key as the number it is published to be.
pub fn number(key: &str) -> Value {
    key.parse::<i64>().map_or_else(|_| json!(key), Value::from)
}

/// A referral of the patient, for a person to know it by.
pub fn referral(object: Object<'_>) -> Option<Choice> {
    let value = object.key("Key")?;
    let kind = match object.object("AppointmentType") {
        Some(kind) => kind.text("Name"),
        None => object.text("AppointmentType"),
    };
    let state = object.text_of(&["StateDisplayName", "State"]);
    let parts = [object.text("ReferralNumber"), kind, state];
    Some(told(value, parts))
}

/// A recall of the patient, for a person to know it by.
pub fn recall(object: Object<'_>) -> Option<Choice> {
    let value = object.key("Key")?;
    let due = object.text("DueDate");
    let due = due.and_then(|due| super::moment::date(&due));
    let kind = object
        .object("AppointmentType")
        .and_then(|kind| kind.text("Name"));
    let parts = [
        object.text("Reason"),
        kind,
        due.map(|due| format!("due {}", due.format("%-d %b %Y"))),
    ];
    Some(told(value, parts))
}

fn told(value: String, parts: [Option<String>; 3]) -> Choice {
    let label = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let label = if label.is_empty() {
        value.clone()
    } else {
        label
    };
    Choice { value, label }
}
