//! Errors as Solv writes them: a list of fields under `detail` (`HTTPValidationError`), or words there (A4).
//!
//! Decides by `loc` alone, never by the words (A27).

use serde_json::Value;

use crate::domain::evidence::Reason;
use crate::domain::offer::FieldKey;
use crate::domain::text;

/// A longer body is no error message.
const LONGEST: usize = 64 * 1024;
/// Nobody reads more.
const MOST: usize = 20;

/// What Solv calls the fields of the trade. Numbers and switches that no field of a form holds are left out.
const FIELDS: [(&str, FieldKey); 25] = [
    ("appointment_date", FieldKey::ScheduledAt),
    ("birth_date", FieldKey::BirthDate),
    ("first_name", FieldKey::Name),
    ("last_name", FieldKey::Name),
    ("phone", FieldKey::Phone),
    ("visit_type_id", FieldKey::VisitType),
    ("reason", FieldKey::Reason),
    ("email", FieldKey::Email),
    ("birth_sex", FieldKey::Sex),
    ("paperwork_status", FieldKey::Paperwork),
    ("attribution", FieldKey::Source),
    ("emr_patient_id", FieldKey::PatientRecord),
    ("custom_booking_management_url", FieldKey::ManagementUrl),
    ("address_street", FieldKey::Street),
    ("address_street_secondary", FieldKey::StreetSecond),
    ("address_city", FieldKey::City),
    ("address_state", FieldKey::State),
    ("address_zip", FieldKey::Zip),
    ("status", FieldKey::Status),
    ("image", FieldKey::Image),
    ("image_type", FieldKey::ImageType),
    ("external_booking_id", FieldKey::ExternalBooking),
    ("external_location_id", FieldKey::ExternalLocation),
    ("service_id", FieldKey::Integration),
    ("cancellation_reason", FieldKey::Reason),
];

/// Where a field lies, or the whole of it: no name of a field.
const PLACES: [&str; 5] = ["body", "__root__", "path", "query", "header"];

/// What no field of a form holds, as the desk calls it.
const ELSEWHERE: [(&str, &str); 1] = [("location_id", "the branch")];

/// One thing that Solv says is wrong.
pub struct Fault {
    /// What Solv calls the field; empty where it names none.
    name: String,
    pub field: Option<FieldKey>,
    /// As Solv said it.
    words: String,
}

impl Fault {
    /// Beside its field, in words that do not name it: no desk knows it by what Solv's wire calls it.
    pub fn beside(self, field: FieldKey) -> Reason {
        let words = if self.name.contains('_') {
            self.words.replace(&self.name, "it")
        } else {
            self.words
        };
        Reason::theirs(Some(field), words)
    }

    /// Solv says of what it is, be that a field of the form or not.
    pub fn is_of_field(&self) -> bool {
        !self.name.is_empty()
    }

    /// Beside no field: word for word.
    pub fn alone(self) -> Reason {
        Reason::theirs(None, self.words)
    }

    fn of(fault: &Value) -> Option<Self> {
        let loc = fault.get("loc")?.as_array()?;
        let mut names = loc.iter().rev().filter_map(Value::as_str);
        let name = names.find(|name| !PLACES.contains(name));
        let name = name.unwrap_or_default();
        let msg = fault.get("msg").and_then(Value::as_str).unwrap_or("");
        let msg = match text::vendor_words(msg) {
            empty if empty.is_empty() => "not accepted".to_owned(),
            msg => msg,
        };
        let known = FIELDS.iter().find(|(known, _)| *known == name);
        let called = ELSEWHERE.iter().find(|(known, _)| *known == name);
        let called = called.map_or(name, |(_, called)| *called);
        Some(Self {
            name: name.to_owned(),
            field: known.map(|(_, field)| *field),
            words: match known {
                None if !called.is_empty() => text::vendor_words(&format!("{called}: {msg}")),
                _ => msg,
            },
        })
    }
}

/// What Solv says is wrong; `None` for a body that is none of its errors.
pub fn faults(body: &[u8]) -> Option<Vec<Fault>> {
    if body.len() > LONGEST {
        return None;
    }
    let Ok(Value::Object(body)) = serde_json::from_slice(body) else {
        return None;
    };
    match body.get("detail").or_else(|| body.get("message"))? {
        Value::String(words) => {
            let fault = Fault {
                name: String::new(),
                field: None,
                words: text::vendor_words(words),
            };
            (!fault.words.is_empty()).then(|| vec![fault])
        }
        Value::Array(faults) => {
            let faults: Option<Vec<Fault>> = faults.iter().take(MOST).map(Fault::of).collect();
            faults.filter(|faults| !faults.is_empty())
        }
        _ => None,
    }
}

/// The words of all as one text.
pub fn words(faults: &[Fault]) -> String {
    let words: Vec<&str> = faults.iter().map(|fault| fault.words.as_str()).collect();
    text::vendor_words(&words.join("; "))
}
