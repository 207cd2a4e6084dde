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

/// What Solv calls the time of a booking.
pub const TIME: &str = "appointment_date";

/// What Solv calls the fields of the trade. Numbers and switches that no field of a form holds are left out.
const FIELDS: [(&str, FieldKey); 24] = [
    (TIME, FieldKey::ScheduledAt),
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
    ("external_location_id", FieldKey::ExternalLocation),
    ("service_id", FieldKey::Integration),
    ("cancellation_reason", FieldKey::Reason),
];

/// What Solv says is wrong, each beside its field where it names one; `None` for a body that is none of its errors.
pub fn reasons(body: &[u8]) -> Option<Vec<Reason>> {
    if body.len() > LONGEST {
        return None;
    }
    let Ok(Value::Object(body)) = serde_json::from_slice(body) else {
        return None;
    };
    match body.get("detail").or_else(|| body.get("message"))? {
        Value::String(words) => {
            let words = text::vendor_words(words);
            (!words.is_empty()).then(|| vec![Reason { field: None, words }])
        }
        Value::Array(faults) => {
            let reasons: Option<Vec<Reason>> = faults.iter().take(MOST).map(reason).collect();
            reasons.filter(|reasons| !reasons.is_empty())
        }
        _ => None,
    }
}

/// The words of all reasons as one text.
pub fn words(reasons: &[Reason]) -> String {
    let words: Vec<&str> = reasons.iter().map(|reason| reason.words.as_str()).collect();
    text::vendor_words(&words.join("; "))
}

/// What is said beside the field of this name: no desk knows it by what Solv's wire calls it.
pub fn beside(name: &str, msg: &str) -> String {
    if name.contains('_') {
        msg.replace(name, "it")
    } else {
        msg.to_owned()
    }
}

/// One fault; the last name in its `loc` is the field's.
fn reason(fault: &Value) -> Option<Reason> {
    let loc = fault.get("loc")?.as_array()?;
    let name = loc.iter().rev().find_map(Value::as_str).unwrap_or("");
    let msg = fault.get("msg").and_then(Value::as_str).unwrap_or("");
    let msg = match text::vendor_words(msg) {
        empty if empty.is_empty() => "not accepted".to_owned(),
        msg => msg,
    };
    let known = FIELDS.iter().find(|(known, _)| *known == name);
    Some(match known {
        Some((_, field)) => Reason {
            field: Some(*field),
            words: beside(name, &msg),
        },
        None => Reason {
            field: None,
            words: text::vendor_words(&format!("{name}: {msg}")),
        },
    })
}
