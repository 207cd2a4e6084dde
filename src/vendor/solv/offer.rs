//! What Solv takes, as data: a walk-in, a reservation, a booking of the clinic's own system, and what is done later
//! (<https://partner-api-docs-stage.solvhealth.com/v1/partner/docs/create-booking-v-1-partner-bookings-post>).

use crate::domain::money::Currency;
use crate::domain::offer::{
    ChangeOffer, Choice, Field, FieldKey, Input, Kind, KindOffer, Listing, Offer, SlotSource,
};
use crate::domain::shape::Shape;
use crate::vendor::solv::outcome::SOLV;
use crate::vendor::solv::settings::Settings;
use crate::vendor::solv::wire::change::{IMAGE, IMAGE_TYPES, STATUS_CHANGES, STATUSES};
use crate::vendor::solv::wire::external::{CANCEL, RESCHEDULE, STATUS};

/// Everything the console must know of this account before it has spoken to Solv.
pub fn of(settings: &Settings) -> Offer {
    let kinds = vec![
        KindOffer::plain(
            Kind::WalkIn,
            "solv-walkin",
            "The patient stands at the desk: joins the clinic's queue now.",
            booking(settings, Kind::WalkIn),
        ),
        KindOffer {
            slots: Some(SlotSource::Vendor),
            ..KindOffer::plain(
                Kind::Reservation,
                "solv-reservation",
                "A place at a time that the clinic offers.",
                booking(settings, Kind::Reservation),
            )
        },
        KindOffer {
            slots: Some(SlotSource::Free),
            ..KindOffer::plain(
                Kind::External,
                "solv-external",
                "Of the clinic's own records system: status, cancel, reschedule.",
                external(settings),
            )
        },
    ];
    Offer {
        vendor: SOLV,
        profile: settings.profile.clone(),
        is_sandbox: settings.is_sandbox,
        currency: Currency::Usd,
        zone: settings.zone,
        day_zone: settings.zone,
        country_code: "1".to_owned(),
        kinds,
        changes: changes(),
        has_day_list: false,
        parties: Vec::new(),
        is_party_required: false,
        budget: None,
        duplicate_rule: "Solv takes a second booking for the same patient without a word.",
        field_names: Vec::new(),
    }
}

/// The fields in the order in which a clerk asks for them.
fn booking(settings: &Settings, kind: Kind) -> Vec<Field> {
    let mut fields = who().to_vec();
    fields.extend(what(kind));
    fields.extend(address());
    fields.extend(handling(settings));
    fields
}

fn who() -> [Field; 5] {
    [
        Field::required(
            FieldKey::Phone,
            "Phone",
            Input::Phone,
            "Ten digits, with or without +1.",
        ),
        Field::required(
            FieldKey::Name,
            "Name",
            Input::FullName,
            "First and last name, or Last, First Names.",
        ),
        Field::required(
            FieldKey::BirthDate,
            "Born",
            Input::BirthDate,
            "The date of birth, as 1994-03-21.",
        ),
        Field::optional(
            FieldKey::Sex,
            "Sex at birth",
            choice(["male", "female", "other"]),
            "The first letter picks one.",
        ),
        Field::optional(
            FieldKey::Email,
            "E-mail",
            Input::Email,
            "The clinic writes to it about the visit.",
        ),
    ]
}

fn what(kind: Kind) -> Vec<Field> {
    let visit_type = Field::optional(
        FieldKey::VisitType,
        "Visit type",
        Input::Listed(Listing {
            needs: &[],
            is_many: false,
        }),
        "Empty is the clinic's usual one.",
    );
    let when = Field::required(
        FieldKey::ScheduledAt,
        "When",
        Input::When,
        "One of the clinic's free times: Enter shows them.",
    );
    let reason = Field::optional(
        FieldKey::Reason,
        "Reason",
        Input::Text,
        "Why the patient comes, in a few words.",
    );
    match kind {
        Kind::Reservation => vec![visit_type, when, reason],
        _ => vec![visit_type, reason],
    }
}

fn address() -> [Field; 5] {
    [
        Field::optional(
            FieldKey::Street,
            "Street",
            Input::Text,
            "House number and street.",
        ),
        Field::optional(
            FieldKey::StreetSecond,
            "Street, more",
            Input::Text,
            "Apartment, suite or floor.",
        ),
        Field::optional(FieldKey::City, "City", Input::Text, "Of the address."),
        Field::optional(
            FieldKey::State,
            "State",
            Input::Shaped(Shape::State),
            "Two letters, such as TX.",
        ),
        Field::optional(
            FieldKey::Zip,
            "ZIP",
            Input::Shaped(Shape::Zip),
            "Five digits, or nine as 78704-1234.",
        ),
    ]
}

fn handling(settings: &Settings) -> [Field; 4] {
    let attributions = &settings.attributions;
    [
        Field::optional(
            FieldKey::PatientRecord,
            "Record id",
            Input::Text,
            "The patient's id in the clinic's own records, where there is one.",
        ),
        Field {
            preset: attributions.first().cloned().unwrap_or_default(),
            ..Field::optional(
                FieldKey::Source,
                "Source",
                Input::Suggest(attributions.clone()),
                "How the patient came to you: pick one or type your own.",
            )
        },
        Field::optional(
            FieldKey::Paperwork,
            "Paperwork",
            texts(&settings.assumptions.paperwork_statuses),
            "Empty is incomplete.",
        ),
        Field {
            preset: settings.management_url.clone().unwrap_or_default(),
            ..Field::optional(
                FieldKey::ManagementUrl,
                "Manage at",
                Input::Shaped(Shape::Link),
                "Where the patient changes or cancels it, as https://…",
            )
        },
    ]
}

fn external(settings: &Settings) -> Vec<Field> {
    let with = |field: Field, actions| Field {
        only_with: Some((FieldKey::Action, actions)),
        ..field
    };
    let actions = [
        (STATUS, "status"),
        (CANCEL, "cancel"),
        (RESCHEDULE, "reschedule"),
    ];
    vec![
        Field::required(
            FieldKey::ExternalBooking,
            "Booking id",
            Input::Text,
            "As the clinic's own records system has it.",
        ),
        Field {
            preset: settings.integration.clone().unwrap_or_default(),
            ..Field::required(
                FieldKey::Integration,
                "EMR",
                numbered(&settings.assumptions.integrations),
                "The records system that has it, by the number that Solv gave it.",
            )
        },
        Field {
            required: settings
                .locations
                .iter()
                .any(|one| one.external_id.is_none()),
            ..Field::optional(
                FieldKey::ExternalLocation,
                "Location id",
                Input::Text,
                "As that system names the location; empty is the one in the configuration.",
            )
        },
        Field::required(
            FieldKey::Action,
            "Action",
            named(&actions),
            "What becomes of the booking.",
        ),
        with(
            Field::required(
                FieldKey::Status,
                "Status",
                named(&STATUSES),
                "The new status.",
            ),
            &[STATUS],
        ),
        with(
            Field::optional(
                FieldKey::Reason,
                "Reason",
                Input::Text,
                "Why it is cancelled.",
            ),
            &[CANCEL],
        ),
        with(
            Field::required(
                FieldKey::ScheduledAt,
                "When",
                Input::When,
                "Any time at the clinic can be typed: Solv may refuse it.",
            ),
            &[RESCHEDULE],
        ),
        Field::optional(
            FieldKey::Name,
            "Name",
            Input::Name,
            "The patient's, for your own list: Solv is not told.",
        ),
    ]
}

const BOOKINGS: &[Kind] = &[Kind::WalkIn, Kind::Reservation];

fn changes() -> Vec<ChangeOffer> {
    let mut changes: Vec<ChangeOffer> = STATUS_CHANGES
        .iter()
        .map(|change| ChangeOffer {
            id: change.id,
            label: change.label,
            help: change.help,
            kinds: BOOKINGS,
            fields: Vec::new(),
            slots: None,
            has_terms: false,
            is_end: change.is_end,
        })
        .collect();
    changes.push(ChangeOffer {
        id: IMAGE,
        label: "Add a picture",
        help: "A photo ID or an insurance card from a file; it cannot be taken back.",
        kinds: BOOKINGS,
        fields: vec![
            Field::required(
                FieldKey::ImageType,
                "Document",
                named(&IMAGE_TYPES),
                "What the picture shows.",
            ),
            Field::required(
                FieldKey::Image,
                "File",
                Input::File,
                "The path of a JPEG or PNG file.",
            ),
        ],
        slots: None,
        has_terms: false,
        is_end: false,
    });
    changes
}

fn choice<'a>(values: impl IntoIterator<Item = &'a str>) -> Input {
    Input::Choice(values.into_iter().map(Choice::plain).collect())
}

fn texts(values: &[String]) -> Input {
    choice(values.iter().map(String::as_str))
}

/// Of bare numbers, which say nothing to whoever did not make them.
fn numbered(values: &[String]) -> Input {
    let choice = |value: &String| Choice {
        value: value.clone(),
        label: format!("Solv's number {value}"),
    };
    Input::Choice(values.iter().map(choice).collect())
}

/// Of pairs of what is sent and what is shown.
fn named(pairs: &[(&str, &str)]) -> Input {
    let choice = |(value, label): &(&str, &str)| Choice {
        value: (*value).to_owned(),
        label: (*label).to_owned(),
    };
    Input::Choice(pairs.iter().map(choice).collect())
}

#[cfg(test)]
mod tests;
