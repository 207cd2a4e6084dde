//! What announces a bill: a pre-booking (<https://developer.flabslis.com/billing/endpoint/create_bill>).
//!
//! The page publishes no phone, address, price, party or schedule for this call: none is sent.

use serde::{Deserialize, Serialize};

use super::number;
use crate::domain::age::AgeUnit;
use crate::domain::offer::FieldKey;
use crate::domain::order::{ItemKind, Line};
use crate::domain::submission::{Gender, Intent};
use crate::domain::text;
use crate::vendor::flabs::settings::{Assumptions, TestName};

#[derive(Serialize)]
struct Body<'a> {
    #[serde(rename = "labID", skip_serializing_if = "Option::is_none")]
    lab_id: Option<&'a str>,
    patient_details: Details<'a>,
    integrator_id: &'a str,
    lead_source: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    mapped_tests: Vec<Mapped<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unmapped_tests: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    mapped_packages: Vec<Mapped<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unmapped_packages: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unmapped_packages_with_tests: Vec<Told<'a>>,
    #[serde(rename = "barCode", skip_serializing_if = "str::is_empty")]
    bar_code: &'a str,
}

#[derive(Serialize)]
struct Details<'a> {
    first_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<&'a str>,
    gender: Gender,
    age: u16,
    age_type: AgeUnit,
}

/// Something of the catalogue.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Mapped<'a> {
    Id(&'a str),
    FlabsId(&'a str),
}

/// A package of the desk's own, with its tests.
#[derive(Serialize)]
struct Told<'a> {
    package_name: &'a str,
    tests: &'a [String],
}

/// The body of a pre-booking, every byte of it decided by the intent.
pub fn pre_booking(intent: &Intent, assumptions: &Assumptions) -> Result<Vec<u8>, String> {
    let submission = &intent.submission;
    let patient = &submission.patient;
    let (Some(gender), Some(age)) = (patient.gender, &patient.age) else {
        return Err("gender or age is missing".to_owned());
    };
    let of = |kind: ItemKind| {
        submission
            .lines
            .iter()
            .filter(move |line| line.kind == kind)
    };
    let own = |kind| of(kind).filter(|line| line.item.is_none());
    let has_tests = |line: &&Line| !line.tests.is_empty();
    let test = |id| match assumptions.billing_test_name {
        TestName::Id => Mapped::Id(id),
        TestName::FlabsId => Mapped::FlabsId(id),
    };
    let body = Body {
        lab_id: assumptions
            .is_lab_billed
            .then_some(submission.branch.id.0.as_str()),
        patient_details: Details {
            first_name: &patient.first_name,
            last_name: patient.last_name.as_deref(),
            gender,
            age: age.value,
            age_type: age.unit,
        },
        integrator_id: &intent.id.0,
        lead_source: submission.detail(FieldKey::LeadSource),
        mapped_tests: ids(of(ItemKind::Test)).map(test).collect(),
        unmapped_tests: own(ItemKind::Test).map(|line| line.name.as_str()).collect(),
        mapped_packages: ids(of(ItemKind::Package)).map(Mapped::Id).collect(),
        unmapped_packages: own(ItemKind::Package)
            .filter(|line| !has_tests(line))
            .map(|line| line.name.as_str())
            .collect(),
        unmapped_packages_with_tests: own(ItemKind::Package)
            .filter(has_tests)
            .map(|line| Told {
                package_name: &line.name,
                tests: &line.tests,
            })
            .collect(),
        bar_code: submission.detail(FieldKey::Barcode),
    };
    serde_json::to_vec(&body).map_err(|error| error.to_string())
}

fn ids<'a>(lines: impl Iterator<Item = &'a Line>) -> impl Iterator<Item = &'a str> {
    lines.filter_map(|line| line.item.as_ref().map(|item| item.0.as_str()))
}

#[derive(Deserialize)]
struct PreBooked {
    success: bool,
    #[serde(rename = "preBookingID")]
    pre_booking_id: String,
    /// Ours, as it was sent.
    #[serde(default)]
    integrator_id: Option<String>,
}

/// The vendor's number in the answer to the pre-booking of this id of ours, or why there is none that can be relied on.
pub fn pre_booked(body: &[u8], own: &str) -> Result<String, String> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let answer: PreBooked = serde_path_to_error::deserialize(&mut json)
        .map_err(|error| text::vendor_words(&error.to_string()))?;
    json.end().map_err(|error| error.to_string())?;
    if answer.integrator_id.is_some_and(|echoed| echoed != own) {
        return Err("it is about another pre-booking: its integrator_id is not ours".to_owned());
    }
    number("preBookingID", answer.success, &answer.pre_booking_id)
}
