//! Errors as Flabs is assumed to write them (A3): `{"success": false, "message": "…"}`. No error body is published.

use serde_json::Value;

use crate::domain::evidence::Reason;
use crate::domain::offer::FieldKey;
use crate::domain::text;

/// A longer body is no error message.
const LONGEST: usize = 64 * 1024;

/// What Flabs calls the fields of the trade. The names of lines, totals and ids are left out: no field of the form
/// holds them.
const FIELDS: [(&str, FieldKey); 21] = [
    ("contact", FieldKey::Phone),
    ("country_code", FieldKey::CountryCode),
    ("first_name", FieldKey::Name),
    ("last_name", FieldKey::Name),
    ("age", FieldKey::Age),
    ("age_type", FieldKey::Age),
    ("gender", FieldKey::Gender),
    ("email", FieldKey::Email),
    ("address", FieldKey::Address),
    ("pincode", FieldKey::Pincode),
    ("source", FieldKey::Source),
    ("priority", FieldKey::Priority),
    ("bookingType", FieldKey::BookingType),
    ("scheduledAt", FieldKey::ScheduledAt),
    ("corporateUser", FieldKey::Corporate),
    ("referredOrganization", FieldKey::Doctor),
    ("organization", FieldKey::Doctor),
    ("referredHospitalOrganization", FieldKey::Hospital),
    ("assignedTo", FieldKey::AssignedTo),
    ("lead_source", FieldKey::LeadSource),
    ("barCode", FieldKey::Barcode),
];

/// The vendor's words in a body that looks like one of its errors; `None` for any other body.
pub fn message(body: &[u8]) -> Option<String> {
    if body.len() > LONGEST {
        return None;
    }
    let Ok(Value::Object(body)) = serde_json::from_slice(body) else {
        return None;
    };
    let success = body.get("success").and_then(Value::as_bool);
    let words = body.get("message").and_then(Value::as_str);
    let words = words.map(text::vendor_words).unwrap_or_default();
    match (success, words.is_empty()) {
        (Some(true), _) | (None, true) => None,
        (_, false) => Some(words),
        (Some(false), true) => Some("Flabs gave no reason".to_owned()),
    }
}

/// The message beside every field it names, or beside none.
pub fn reasons(words: &str) -> Vec<Reason> {
    let mut fields: Vec<FieldKey> = Vec::new();
    for word in words.split(|c: char| !c.is_alphanumeric() && c != '_') {
        let known = FIELDS
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(word));
        if let Some((_, field)) = known
            && !fields.contains(field)
        {
            fields.push(*field);
        }
    }
    let reason = |field| Reason::theirs(field, words);
    if fields.is_empty() {
        vec![reason(None)]
    } else {
        fields
            .into_iter()
            .map(|field| reason(Some(field)))
            .collect()
    }
}
