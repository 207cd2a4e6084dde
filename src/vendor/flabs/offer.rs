//! What Flabs takes, as data: the two phases of a CRM entry and their forms
//! (<https://developer.flabslis.com/crm/endpoint/create_lead>).

use crate::domain::branch::PartyKind;
use crate::domain::money::Currency;
use crate::domain::offer::{
    Choice, Field, FieldKey, Input, Items, Kind, KindOffer, Offer, SlotSource,
};
use crate::vendor::flabs::TERMS;
use crate::vendor::flabs::outcome::FLABS;
use crate::vendor::flabs::settings::{Mode, Settings};

/// Everything the console must know of this account before it has spoken to Flabs.
pub fn of(settings: &Settings) -> Offer {
    let crm = [
        KindOffer {
            items: Items::Priced,
            ..KindOffer::plain(
                Kind::Lead,
                "flabs-lead",
                "Goes to a telecaller of the lab, who calls the patient back.",
                form(settings, Kind::Lead),
            )
        },
        KindOffer {
            items: Items::Priced,
            slots: Some(SlotSource::Free),
            ..KindOffer::plain(
                Kind::Booking,
                "flabs-booking",
                "A confirmed visit: goes straight to the phlebotomist's list.",
                form(settings, Kind::Booking),
            )
        },
    ];
    Offer {
        vendor: FLABS,
        profile: settings.profile.clone(),
        is_sandbox: settings.is_sandbox,
        currency: Currency::Inr,
        zone: settings.zone,
        day_zone: settings.assumptions.day_zone,
        kinds: crm.into_iter().chain(pre_booking(settings)).collect(),
        country_code: settings.country_code.trim_start_matches('+').to_owned(),
        changes: Vec::new(),
        has_day_list: false,
        parties: settings.parties.clone(),
        is_party_required: settings.mode == Mode::PartyScoped,
        budget: Some(TERMS.of),
        duplicate_rule: "Flabs refuses a second entry for the same phone or e-mail on one day.",
        field_names: Vec::new(),
    }
}

/// A bill to come: no phone, price or party, because the call takes none
/// (<https://developer.flabslis.com/billing/endpoint/create_bill>).
fn pre_booking(settings: &Settings) -> Option<KindOffer> {
    let billing = &settings.billing;
    let preset = billing.lead_sources.first()?.clone();
    let fields = vec![
        Field::required(
            FieldKey::Name,
            "Name",
            Input::Name,
            "First and last name as the patient says it; a single name is fine.",
        ),
        Field::required(
            FieldKey::Age,
            "Age",
            Input::Age,
            "32, 8 months, 10 days, or the date of birth as 1994-03-21.",
        ),
        Field::required(
            FieldKey::Gender,
            "Gender",
            choice(["male", "female", "other"]),
            "The first letter picks one.",
        ),
        Field::optional(
            FieldKey::Barcode,
            "Barcode",
            Input::Code {
                prefix: billing.barcode_prefix.clone(),
            },
            if billing.barcode_prefix.is_some() {
                "Scan or type the code of the tube; Enter on the empty field makes one."
            } else {
                "Scan or type the code of the tube."
            },
        ),
        Field {
            preset,
            ..Field::required(
                FieldKey::LeadSource,
                "Source",
                choice(billing.lead_sources.iter().map(String::as_str)),
                "One of the values that Flabs gave your lab.",
            )
        },
    ];
    Some(KindOffer {
        items: Items::Named,
        ..KindOffer::plain(
            Kind::PreBooking,
            "flabs-prebooking",
            "A bill to come: found when the patient or the tube arrives.",
            fields,
        )
    })
}

/// The fields in the order in which a clerk asks for them.
fn form(settings: &Settings, kind: Kind) -> Vec<Field> {
    let mut fields = who();
    if kind == Kind::Booking {
        fields.extend(when(&settings.assumptions.booking_types));
    }
    fields.extend(contact());
    fields.extend(handling(&settings.sources));
    fields.extend(parties(settings));
    fields.push(Field::optional(
        FieldKey::AssignedTo,
        "Assigned to",
        Input::Text,
        "Staff id from Flabs; leave empty for automatic assignment.",
    ));
    fields.push(Field {
        preset: settings.country_code.trim_start_matches('+').to_owned(),
        ..Field::optional(
            FieldKey::CountryCode,
            "Country code",
            Input::CountryCode,
            "Of the phone number, digits only: 91 for India.",
        )
    });
    fields
}

fn who() -> Vec<Field> {
    vec![
        Field::required(
            FieldKey::Phone,
            "Phone",
            Input::Phone,
            "Ten digits, with or without +91 or 0. One entry a day for each number.",
        ),
        Field::required(
            FieldKey::Name,
            "Name",
            Input::Name,
            "First and last name as the patient says it; a single name is fine.",
        ),
        Field::required(
            FieldKey::Age,
            "Age",
            Input::Age,
            "32, 8 months, 10 days, or the date of birth as 1994-03-21.",
        ),
        Field::optional(
            FieldKey::Gender,
            "Gender",
            choice(["male", "female", "other"]),
            "The first letter picks one.",
        ),
    ]
}

fn when(booking_types: &[String]) -> [Field; 2] {
    [
        Field {
            preset: booking_types.first().cloned().unwrap_or_default(),
            ..Field::required(
                FieldKey::BookingType,
                "Visit",
                choice(booking_types.iter().map(String::as_str)),
                "Where the sample is taken.",
            )
        },
        Field::required(
            FieldKey::ScheduledAt,
            "When",
            Input::When,
            "As you say it: tomorrow 7am, mon 10:30, 23/11 07:30. Enter alone picks.",
        ),
    ]
}

fn contact() -> [Field; 3] {
    [
        Field::optional(
            FieldKey::Email,
            "E-mail",
            Input::Email,
            "One entry a day for each address, too.",
        ),
        Field::optional(
            FieldKey::Address,
            "Address",
            Input::Text,
            "House, street and landmark, for a visit at home.",
        ),
        Field::optional(
            FieldKey::Pincode,
            "Pincode",
            Input::Text,
            "Six digits, such as 560001.",
        ),
    ]
}

fn handling(sources: &[String]) -> [Field; 2] {
    [
        Field {
            preset: sources.first().cloned().unwrap_or_default(),
            ..Field::optional(
                FieldKey::Source,
                "Source",
                Input::Suggest(sources.to_vec()),
                "How the patient came to you: pick one or type your own.",
            )
        },
        Field::optional(
            FieldKey::Priority,
            "Priority",
            choice(["urgent", "high", "medium", "low"]),
            "How soon the lab should act; empty leaves it to the lab.",
        ),
    ]
}

/// One choice for each kind of party that is configured.
fn parties(settings: &Settings) -> Vec<Field> {
    let kinds = [
        (
            PartyKind::Corporate,
            FieldKey::Corporate,
            "Corporate",
            "The company or insurer whose rates apply.",
        ),
        (
            PartyKind::Doctor,
            FieldKey::Doctor,
            "Doctor",
            "The doctor who refers the patient.",
        ),
        (
            PartyKind::Hospital,
            FieldKey::Hospital,
            "Hospital",
            "The hospital that refers the patient.",
        ),
    ];
    let field = |(kind, key, label, help)| {
        let of_kind = settings.parties.iter().filter(|party| party.kind == kind);
        let choices: Vec<Choice> = of_kind
            .map(|party| Choice {
                value: party.id.clone(),
                label: party.name.clone(),
            })
            .collect();
        (!choices.is_empty()).then(|| Field::optional(key, label, Input::Choice(choices), help))
    };
    kinds.into_iter().filter_map(field).collect()
}

fn choice<'a>(values: impl IntoIterator<Item = &'a str>) -> Input {
    let choice = |value: &str| Choice {
        value: value.to_owned(),
        label: value.to_owned(),
    };
    Input::Choice(values.into_iter().map(choice).collect())
}

#[cfg(test)]
mod tests;
