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
        FieldKey::LeadSource => "lead-source",
        FieldKey::Priority => "priority",
        FieldKey::BookingType => "booking-type",
        FieldKey::ScheduledAt => "scheduled-at",
        FieldKey::Corporate => "corporate",
        FieldKey::Doctor => "doctor",
        FieldKey::Hospital => "hospital",
        FieldKey::AssignedTo => "assigned-to",
        FieldKey::Barcode => "barcode",
        FieldKey::BirthDate => "birth-date",
        FieldKey::Sex => "sex",
        FieldKey::Title => "title",
        FieldKey::Street => "street",
        FieldKey::StreetSecond => "street-second",
        FieldKey::City => "city",
        FieldKey::State => "state",
        FieldKey::Zip => "zip",
        FieldKey::Reason => "reason",
        FieldKey::VisitType => "visit-type",
        FieldKey::PatientRecord => "patient-record",
        FieldKey::ManagementUrl => "management-url",
        FieldKey::Paperwork => "paperwork",
        FieldKey::WorkEmail => "work-email",
        FieldKey::EmployeeNumber => "employee-number",
        FieldKey::Payer => "payer",
        FieldKey::AppointmentType => "appointment-type",
        FieldKey::Modules => "modules",
        FieldKey::Services => "services",
        FieldKey::Location => "location",
        FieldKey::Clinician => "clinician",
        FieldKey::ClinicianSex => "clinician-sex",
        FieldKey::PriceGuard => "price-guard",
        FieldKey::Referral => "referral",
        FieldKey::Recall => "recall",
        FieldKey::SignUpCode => "sign-up-code",
        FieldKey::PatientCode => "patient-code",
        FieldKey::ExternalBooking => "external-booking",
        FieldKey::ExternalLocation => "external-location",
        FieldKey::Integration => "integration",
        FieldKey::Action => "action",
        FieldKey::Status => "status",
        FieldKey::Image => "image",
        FieldKey::ImageType => "image-type",
    }
}

/// The value of `kind`.
pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Lead => "lead",
        Kind::Booking => "booking",
        Kind::PreBooking => "prebooking",
        Kind::WalkIn => "walkin",
        Kind::Reservation => "reservation",
        Kind::Appointment => "appointment",
        Kind::Anonymous => "anonymous",
        Kind::Change => "change",
        Kind::External => "external",
    }
}

/// Where a problem lies, as the path of the line's JSON.
pub fn place(place: Place) -> String {
    match place {
        Place::Branch => "branch".to_owned(),
        Place::Party => "party".to_owned(),
        Place::Field(key) => name(key).to_owned(),
        Place::Items => "items".to_owned(),
        Place::Line(index) => format!("items[{index}]"),
        Place::Discount => "discount".to_owned(),
        Place::Record => "record".to_owned(),
    }
}
