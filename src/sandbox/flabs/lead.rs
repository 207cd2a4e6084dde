//! The rules of a create: its fields (<https://developer.flabslis.com/crm/endpoint/create_lead>) and its parties.
//!
//! `totalAmount` is not checked against the lines: the vendor's own example does not add up.

use chrono::{DateTime, NaiveDateTime};

use super::account::Account;
use super::choices::Choices;
use super::form::{Form, wrong};
use super::listing::{known_branch, known_party};
use super::{assets, generated};
use crate::domain::branch::PartyKind;
use crate::sandbox::answer::Refusal;

const TEXTS: [&str; 10] = [
    "last_name",
    "country_code",
    "email",
    "address",
    "pincode",
    "source",
    "bookingStatus",
    "paymentStatus",
    "assignedTo",
    "scheduledAt",
];
pub const GENDERS: [&str; 3] = ["male", "female", "other"];
const PRIORITIES: [&str; 4] = ["urgent", "high", "medium", "low"];
pub const AGE_TYPES: [&str; 3] = ["year", "month", "day"];

/// The two ways into the lab's system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Lead,
    Booking,
}

impl Phase {
    pub fn word(self) -> &'static str {
        match self {
            Self::Lead => "lead",
            Self::Booking => "booking",
        }
    }

    /// What the vendor says on success (A8 for a booking).
    pub fn message(self) -> &'static str {
        match self {
            Self::Lead => "Lead created successfully",
            Self::Booking => "Booking created successfully",
        }
    }
}

/// What is left to know of a create that keeps every rule but the one about duplicates.
pub struct Entry {
    pub phase: Phase,
    pub contact: String,
    /// Lower case; None where there is none (A16).
    pub email: Option<String>,
}

/// Checks a create: types and required fields first, then what its ids name.
pub fn check(
    form: &Form,
    account: &Account,
    choices: &Choices,
    rows: usize,
) -> Result<Entry, Refusal> {
    let branch = form.required("branchID")?;
    form.required("integratorID")?;
    patient(form)?;
    let phase = match form.choice("phase", &["lead", "booking"])? {
        Some("booking") => Phase::Booking,
        _ => Phase::Lead,
    };
    for name in TEXTS {
        form.text(name)?;
    }
    country_code(form)?;
    form.choice("gender", &GENDERS)?;
    form.choice("priority", &PRIORITIES)?;
    schedule(form, phase, choices)?;
    let tests = form.lines("tests", "test", "cost")?;
    let packages = form.lines("packages", "package", "price")?;
    form.lines("unmappedTests", "name", "cost")?;
    form.lines("unmappedPackages", "name", "price")?;
    form.has_number("discountAmount")?;
    form.has_number("totalAmount")?;
    known_branch(branch)?;
    parties(form, account)?;
    items(&tests, &packages, rows)?;
    Ok(Entry {
        phase,
        contact: form.required("contact")?.to_owned(),
        email: form
            .text("email")?
            .filter(|email| !email.is_empty())
            .map(str::to_lowercase),
    })
}

fn patient(form: &Form) -> Result<(), Refusal> {
    form.required("first_name")?;
    let contact = form.required("contact")?;
    if contact.len() != 10 || !contact.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(wrong("contact", "must be exactly 10 digits"));
    }
    if !form.has_number("age")? {
        return Err(wrong("age", "is required"));
    }
    match form.choice("age_type", &AGE_TYPES)? {
        Some(_) => Ok(()),
        None => Err(wrong("age_type", "is required")),
    }
}

/// Digits without a plus sign, as in the vendor's example.
fn country_code(form: &Form) -> Result<(), Refusal> {
    match form.text("country_code")? {
        Some(code) if code.is_empty() || !code.bytes().all(|byte| byte.is_ascii_digit()) => {
            Err(wrong("country_code", "must be digits without a plus sign"))
        }
        _ => Ok(()),
    }
}

fn schedule(form: &Form, phase: Phase, choices: &Choices) -> Result<(), Refusal> {
    let kind = form.choice("bookingType", &choices.booking_types)?;
    let at = form.text("scheduledAt")?;
    if at.is_some_and(|at| !is_moment(at)) {
        return Err(wrong(
            "scheduledAt",
            "must be an ISO 8601 date-time with an offset, such as 2026-01-15T07:30:00+05:30",
        ));
    }
    match (phase, kind, at) {
        (Phase::Booking, None, _) => Err(wrong("bookingType", "is required for a booking")),
        (Phase::Booking, _, None) => Err(wrong("scheduledAt", "is required for a booking")),
        _ => Ok(()),
    }
}

/// A date-time with its offset or `Z`, the seconds optional (A11). The past is accepted (A12).
fn is_moment(text: &str) -> bool {
    let has_t = text.as_bytes().get(10) == Some(&b'T');
    let is_short = || match text.strip_suffix('Z') {
        Some(local) => NaiveDateTime::parse_from_str(local, "%Y-%m-%dT%H:%M").is_ok(),
        None => DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M%:z").is_ok(),
    };
    has_t && (DateTime::parse_from_rfc3339(text).is_ok() || is_short())
}

/// One party of each kind may be attached; a party-scoped account needs at least one (A20, A21, A23).
fn parties(form: &Form, account: &Account) -> Result<(), Refusal> {
    let fields = [
        ("corporateUser", PartyKind::Corporate),
        ("referredOrganization", PartyKind::Doctor),
        ("referredHospitalOrganization", PartyKind::Hospital),
    ];
    let mut has_party = false;
    for (field, kind) in fields {
        if let Some(id) = form.text(field)? {
            known_party(field, id, &[kind])?;
            has_party = true;
        }
    }
    if account.is_party_scoped && !has_party {
        return Err(Refusal::invalid(
            "corporateUser, referredOrganization or referredHospitalOrganization is required on a party-scoped account",
        ));
    }
    Ok(())
}

/// Ids that the catalogue does not have are refused (A19).
fn items(tests: &[&str], packages: &[&str], rows: usize) -> Result<(), Refusal> {
    for (index, id) in tests.iter().enumerate() {
        if !is_test(id, rows) {
            return Err(wrong(
                &format!("tests[{index}].test"),
                "is not a known test",
            ));
        }
    }
    for (index, id) in packages.iter().enumerate() {
        if !is_package(id) {
            return Err(wrong(
                &format!("packages[{index}].package"),
                "is not a known package",
            ));
        }
    }
    Ok(())
}

pub fn is_test(id: &str, rows: usize) -> bool {
    assets::tests().any(|test| test.id == id) || generated::has(id, rows)
}

pub fn is_package(id: &str) -> bool {
    assets::packages().any(|package| package.id == id)
}

#[cfg(test)]
mod tests {
    use super::is_moment;

    #[test]
    fn a_moment_has_its_offset() {
        for good in [
            "2026-01-15T07:30:00+05:30",
            "2026-01-15T02:00:00Z",
            "2026-01-15T02:00:00.250Z",
            "2026-01-15T07:30+05:30",
            "2026-01-15T02:00Z",
        ] {
            assert!(is_moment(good), "{good}");
        }
        for bad in [
            "2026-01-15T07:30:00",
            "2026-01-15 07:30:00+05:30",
            "2026-01-15",
            "15/01/2026 07:30",
            "2026-02-30T07:30:00+05:30",
            "",
        ] {
            assert!(!is_moment(bad), "{bad}");
        }
    }
}
