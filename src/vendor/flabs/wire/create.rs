//! The one call that creates something, and the answer that proves it
//! (<https://developer.flabslis.com/crm/endpoint/create_lead>).
//!
//! Flabs ignores fields it does not know without a word, so a field whose name is not published is not sent. Neither
//! are `bookingStatus` and `paymentStatus`: the server's own defaults are right for a new booking.

use serde::ser::{Error, SerializeStruct};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Number;

use super::number;
use crate::domain::age::AgeUnit;
use crate::domain::branch::Party;
use crate::domain::money::Money;
use crate::domain::offer::Kind;
use crate::domain::order::{ItemKind, Line};
use crate::domain::submission::{Gender, Intent, Priority};
use crate::domain::text;
use crate::vendor::flabs::settings::Assumptions;

#[derive(Serialize)]
struct Body<'a> {
    #[serde(rename = "branchID")]
    branch_id: &'a str,
    #[serde(rename = "integratorID")]
    integrator_id: &'a str,
    phase: &'static str,
    first_name: &'a str,
    #[serde(skip_serializing_if = "is_blank")]
    last_name: Option<&'a str>,
    contact: &'a str,
    #[serde(skip_serializing_if = "is_blank")]
    country_code: Option<&'a str>,
    #[serde(skip_serializing_if = "is_blank")]
    email: Option<&'a str>,
    age: u16,
    age_type: AgeUnit,
    #[serde(skip_serializing_if = "Option::is_none")]
    gender: Option<Gender>,
    #[serde(skip_serializing_if = "is_blank")]
    address: Option<&'a str>,
    #[serde(skip_serializing_if = "is_blank")]
    pincode: Option<&'a str>,
    #[serde(rename = "corporateUser", skip_serializing_if = "is_blank")]
    corporate_user: Option<&'a str>,
    #[serde(rename = "referredOrganization", skip_serializing_if = "is_blank")]
    referred_organization: Option<&'a str>,
    #[serde(
        rename = "referredHospitalOrganization",
        skip_serializing_if = "is_blank"
    )]
    referred_hospital_organization: Option<&'a str>,
    #[serde(skip_serializing_if = "is_blank")]
    source: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    priority: Option<Priority>,
    #[serde(rename = "assignedTo", skip_serializing_if = "is_blank")]
    assigned_to: Option<&'a str>,
    #[serde(rename = "bookingType", skip_serializing_if = "is_blank")]
    booking_type: Option<&'a str>,
    #[serde(rename = "scheduledAt", skip_serializing_if = "Option::is_none")]
    scheduled_at: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tests: Vec<Priced<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    packages: Vec<Priced<'a>>,
    #[serde(rename = "unmappedTests", skip_serializing_if = "Vec::is_empty")]
    unmapped_tests: Vec<Priced<'a>>,
    #[serde(rename = "unmappedPackages", skip_serializing_if = "Vec::is_empty")]
    unmapped_packages: Vec<Priced<'a>>,
    #[serde(rename = "discountAmount", skip_serializing_if = "Option::is_none")]
    discount_amount: Option<Amount>,
    #[serde(rename = "totalAmount")]
    total_amount: Amount,
}

/// A line: a test has a `cost`, a package a `price`; what is not in the catalogue goes by its name.
struct Priced<'a>(&'a Line);

/// Whole rupees as an integer, others with their two decimals.
struct Amount(Money);

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let number: Number = self.0.to_string().parse().map_err(S::Error::custom)?;
        number.serialize(serializer)
    }
}

impl Serialize for Priced<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(line) = self;
        let (id, price) = match line.kind {
            ItemKind::Test => ("test", "cost"),
            ItemKind::Package => ("package", "price"),
        };
        let mut fields = serializer.serialize_struct("Line", 2)?;
        match &line.item {
            Some(item) => fields.serialize_field(id, &item.0)?,
            None => fields.serialize_field("name", &line.name)?,
        }
        fields.serialize_field(price, &Amount(line.price))?;
        fields.end()
    }
}

/// The body of a create, every byte of it decided by the intent.
pub fn create(intent: &Intent, assumptions: &Assumptions) -> Result<Vec<u8>, String> {
    let submission = &intent.submission;
    let patient = &submission.patient;
    let lines = |kind: ItemKind, is_mapped: bool| -> Vec<Priced<'_>> {
        let lines = submission.lines.iter();
        lines
            .filter(|line| line.kind == kind && line.item.is_some() == is_mapped)
            .map(Priced)
            .collect()
    };
    let booking = match submission.kind {
        Kind::Booking => submission.appointment.as_ref(),
        _ => None,
    };
    let (Some(phone), Some(age)) = (&patient.phone, &patient.age) else {
        return Err("phone or age is missing".to_owned());
    };
    let scheduled_at = booking
        .map(|booking| moment(booking.at, &assumptions.scheduled_at_format))
        .transpose()?;
    let body = Body {
        branch_id: &submission.branch.id.0,
        integrator_id: &intent.id.0,
        phase: phase(submission.kind),
        first_name: &patient.first_name,
        last_name: patient.last_name.as_deref(),
        contact: phone.digits(),
        country_code: Some(patient.country_code.trim_start_matches('+')),
        email: patient.email.as_deref(),
        age: age.value,
        age_type: age.unit,
        gender: patient.gender,
        address: patient.address.as_deref(),
        pincode: patient.pincode.as_deref(),
        corporate_user: id(submission.parties.corporate.as_ref()),
        referred_organization: id(submission.parties.doctor.as_ref()),
        referred_hospital_organization: id(submission.parties.hospital.as_ref()),
        source: submission.source.as_deref(),
        priority: submission.priority,
        assigned_to: submission.assigned_to.as_deref(),
        booking_type: booking.map(|booking| booking.booking_type.as_str()),
        scheduled_at,
        tests: lines(ItemKind::Test, true),
        packages: lines(ItemKind::Package, true),
        unmapped_tests: lines(ItemKind::Test, false),
        unmapped_packages: lines(ItemKind::Package, false),
        discount_amount: Some(submission.discount)
            .filter(|discount| *discount != Money::ZERO)
            .map(Amount),
        total_amount: Amount(submission.total),
    };
    serde_json::to_vec(&body).map_err(|error| error.to_string())
}

/// A configured format can be wrong, and chrono then fails while it writes.
fn moment(at: chrono::DateTime<chrono::FixedOffset>, format: &str) -> Result<String, String> {
    let mut text = String::new();
    std::fmt::Write::write_fmt(&mut text, format_args!("{}", at.format(format)))
        .map_err(|_| format!("scheduled-at-format {format:?} is not a date format"))?;
    Ok(text)
}

fn id(party: Option<&Party>) -> Option<&str> {
    party.map(|party| party.id.as_str())
}

#[expect(clippy::ref_option_ref, reason = "the signature serde calls it with")]
fn is_blank(text: &Option<&str>) -> bool {
    text.is_none_or(|text| text.trim().is_empty())
}

#[derive(Deserialize)]
struct Created {
    success: bool,
    #[serde(rename = "leadId")]
    lead_id: String,
    #[serde(default)]
    phase: Option<String>,
}

/// What a kind is called on the wire.
pub fn phase(kind: Kind) -> &'static str {
    match kind {
        Kind::Booking => "booking",
        _ => "lead",
    }
}

/// The vendor's number in the answer to a create in this phase, or why there is none that can be relied on.
pub fn created(body: &[u8], phase: &str) -> Result<String, String> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let created: Created = serde_path_to_error::deserialize(&mut json)
        .map_err(|error| text::vendor_words(&error.to_string()))?;
    json.end().map_err(|error| error.to_string())?;
    let made = created.phase.as_deref().unwrap_or(phase);
    if !made.eq_ignore_ascii_case(phase) {
        return Err(format!(
            "it is a {}, not a {phase}",
            text::vendor_words(made)
        ));
    }
    number("leadId", created.success, &created.lead_id)
}
