//! The names that scripts use: fields of a form in kebab-case, and where a problem lies.

use crate::domain::offer::{FieldKey, Kind};
use crate::domain::rules::Place;

/// The name of a field in a line of `frontdesk submit`, and in the reasons it prints.
pub fn name(key: FieldKey) -> &'static str {
    match key {
        FieldKey::Phone => "phone",
        FieldKey::CountryCode => "country-code",
        FieldKey::Name => "name",
        FieldKey::Age => "age",
        FieldKey::Gender => "gender",
        FieldKey::Email => "email",
        FieldKey::Address => "address",
        FieldKey::Pincode => "pincode",
        FieldKey::Source => "source",
        FieldKey::Priority => "priority",
        FieldKey::BookingType => "booking-type",
        FieldKey::ScheduledAt => "scheduled-at",
        FieldKey::Corporate => "corporate",
        FieldKey::Doctor => "doctor",
        FieldKey::Hospital => "hospital",
        FieldKey::AssignedTo => "assigned-to",
        FieldKey::Barcode => "barcode",
    }
}

/// The value of `kind`.
pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Lead => "lead",
        Kind::Booking => "booking",
    }
}

/// Where a problem lies, as the path of the line's JSON.
pub fn place(place: Place) -> String {
    match place {
        Place::Branch => "branch".to_owned(),
        Place::Party => "party".to_owned(),
        Place::Field(key) => name(key).to_owned(),
        Place::Line(index) => format!("items[{index}]"),
        Place::Discount => "discount".to_owned(),
    }
}
