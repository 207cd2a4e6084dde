//! The call that makes a booking
//! (<https://partner-api-docs-stage.solvhealth.com/v1/partner/docs/create-booking-v-1-partner-bookings-post>).

use chrono::NaiveDate;
use reqwest::Method;
use serde::Serialize;

use super::answer::{Expected, Proof};
use super::{Order, Unwritten, filled, json, location, unwritten};
use crate::domain::offer::{FieldKey, Kind};
use crate::domain::submission::{Patient, Submission};
use crate::vendor::solv::settings::{PhoneFormat, Settings};

pub const PATH: &str = "/v1/partner/bookings";

#[derive(Serialize)]
struct Body<'a> {
    /// A17: letter for letter as the slot had it.
    appointment_date: &'a str,
    /// A18: `1994-03-21`.
    birth_date: NaiveDate,
    first_name: &'a str,
    last_name: &'a str,
    phone: String,
    location_id: i64,
    is_walk_in: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    visit_type_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    /// A20
    #[serde(skip_serializing_if = "Option::is_none")]
    birth_sex: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paperwork_status: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attribution: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    emr_patient_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_booking_management_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address_street: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address_street_secondary: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address_city: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address_state: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address_zip: Option<&'a str>,
}

pub fn order(submission: &Submission, settings: &Settings) -> Result<Order, Unwritten> {
    let missing = |key, words| unwritten(Some(key), words);
    let location = location(submission, settings)?;
    let is_walk_in = submission.kind == Kind::WalkIn;
    let patient = &submission.patient;
    let slot = submission.slot.as_ref();
    let slot = slot.ok_or_else(|| missing(FieldKey::ScheduledAt, "pick one of the free times"))?;
    let born = patient.birth_date;
    let last_name = patient.last_name.as_deref();
    let detail = |key| filled(submission.detail(key));
    let visit_type = detail(FieldKey::VisitType).map(str::parse).transpose();
    let body = Body {
        appointment_date: &slot.wire,
        birth_date: born.ok_or_else(|| missing(FieldKey::BirthDate, "type the date of birth"))?,
        first_name: &patient.first_name,
        last_name: last_name.ok_or_else(|| missing(FieldKey::Name, "type first and last name"))?,
        phone: phone(patient, settings)
            .ok_or_else(|| missing(FieldKey::Phone, "type the phone number"))?,
        location_id: location.id,
        is_walk_in,
        visit_type_id: visit_type
            .map_err(|_| missing(FieldKey::VisitType, "choose the visit type anew"))?,
        reason: detail(FieldKey::Reason),
        email: patient.email.as_deref().and_then(filled),
        birth_sex: detail(FieldKey::Sex),
        paperwork_status: detail(FieldKey::Paperwork),
        attribution: submission.source.as_deref().and_then(filled),
        emr_patient_id: detail(FieldKey::PatientRecord),
        custom_booking_management_url: detail(FieldKey::ManagementUrl),
        address_street: detail(FieldKey::Street),
        address_street_secondary: detail(FieldKey::StreetSecond),
        address_city: detail(FieldKey::City),
        address_state: detail(FieldKey::State).map(str::to_ascii_uppercase),
        address_zip: detail(FieldKey::Zip),
    };
    // A12: also for a time that was offered to walk-ins alone.
    let is_let_in = if is_walk_in {
        settings.assumptions.allow_walk_in_scheduling
    } else {
        slot.is_walk_in
    };
    Ok(Order {
        method: Method::POST,
        path: PATH.to_owned(),
        query: Vec::from_iter(is_let_in.then_some(("allow_walkin_scheduling", "true"))),
        body: json(&body)?,
        expected: Expected {
            proof: Proof::Booking {
                number: None,
                status: Some(if is_walk_in { "confirmed" } else { "reserved" }.to_owned()),
                made_at: Some(location.id),
                // Which time a walk-in is written down with Solv leaves open.
                at: Some(slot.at).filter(|_| !is_walk_in),
                external: None,
            },
            has_time: !is_walk_in,
            is_of_others: false,
            zone: location.zone,
        },
    })
}

/// A19. A number of another length was taken as it is.
fn phone(patient: &Patient, settings: &Settings) -> Option<String> {
    let digits = patient.phone_digits();
    match settings.assumptions.phone_format {
        _ if digits.is_empty() => None,
        PhoneFormat::E164 if digits.len() == 10 => {
            let code = patient.country_code.trim_start_matches('+');
            Some(format!("+{code}{digits}"))
        }
        PhoneFormat::E164 | PhoneFormat::TenDigits => Some(digits.to_owned()),
    }
}
