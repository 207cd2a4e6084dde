//! What Meddbase calls the fields of a form: a refusal may name one. The format of its words is not published, so that a
//! name only counts as a whole word in quotes.

use crate::domain::offer::{self, FieldKey};

const NAMES: [(&str, FieldKey); 29] = [
    ("Name", FieldKey::Name),
    ("Surname", FieldKey::Name),
    ("DateOfBirth", FieldKey::BirthDate),
    ("SexType", FieldKey::Sex),
    ("Mobile", FieldKey::Phone),
    ("EmailAddress", FieldKey::Email),
    ("WorkEmailAddress", FieldKey::WorkEmail),
    ("EmployeeNumber", FieldKey::EmployeeNumber),
    ("Address1", FieldKey::Street),
    ("Address2", FieldKey::StreetSecond),
    ("City", FieldKey::City),
    ("PostCode", FieldKey::Zip),
    ("PayerType", FieldKey::Payer),
    ("payer-type", FieldKey::Payer),
    ("Type", FieldKey::AppointmentType),
    ("appointment-type", FieldKey::AppointmentType),
    ("Modules", FieldKey::Modules),
    ("Services", FieldKey::Services),
    ("Location", FieldKey::Location),
    ("clinician", FieldKey::Clinician),
    ("clinicianSex", FieldKey::ClinicianSex),
    ("clinician-sex", FieldKey::ClinicianSex),
    ("Start", FieldKey::ScheduledAt),
    ("from-date", FieldKey::ScheduledAt),
    ("to-date", FieldKey::ScheduledAt),
    ("proposedTimeSlot", FieldKey::ScheduledAt),
    ("price", FieldKey::PriceGuard),
    ("referral", FieldKey::Referral),
    ("recall", FieldKey::Recall),
];

/// The names, for a manager or for whoever is not signed in.
pub fn of(is_manager: bool) -> Vec<(&'static str, FieldKey)> {
    let own = |field| if is_manager { field } else { anonymous(field) };
    let names = NAMES.into_iter();
    names.map(|(name, field)| (name, own(field))).collect()
}

/// The field that words of the vendor name, in a manager's form.
pub fn field(words: &str) -> Option<FieldKey> {
    offer::named(&NAMES, words)
}

/// Where a form without a login has the same: its sign-up code stands in the payer's place.
pub fn anonymous(field: FieldKey) -> FieldKey {
    match field {
        FieldKey::Payer => FieldKey::SignUpCode,
        field => field,
    }
}
