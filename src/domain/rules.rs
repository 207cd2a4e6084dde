//! From a draft to a submission: every rule a form must keep before it can be sent, in words that say what to do.

mod names;
mod typed;

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};

use super::age::Age;
use super::branch::{Parties, PartyKind};
use super::draft::Draft;
use super::money::Money;
use super::offer::{Choice, Field, FieldKey, Input, Items, Kind, Offer, SlotSource};
use super::order::{self, Discount, Line};
use super::phone::Phone;
use super::schedule;
use super::slot::Slot;
use super::submission::{Appointment, Gender, Patient, Priority, Submission};
use typed::{check_country_code, check_email, check_full_name, check_name};

/// What is said of a moment that only the vendor's slots can fill.
const PICK_A_SLOT: &str = "pick one of the free times: Enter shows them";

pub use names::names;
pub use typed::birth_date;

/// Where a problem lies, so that the console can lead the clerk there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    Branch,
    Party,
    Field(FieldKey),
    /// The order as a whole.
    Items,
    Line(usize),
    Discount,
    /// The record that a change is for: nothing in its form mends that.
    Record,
}

/// Something that must be mended before the draft can be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub place: Place,
    pub words: String,
}

impl Problem {
    pub fn new(place: Place, words: impl Into<String>) -> Self {
        Self {
            place,
            words: words.into(),
        }
    }
}

/// The country code a number is read with: the form's own, else the desk's.
pub fn country_code<'a>(draft: &'a Draft, offer: &'a Offer) -> &'a str {
    match draft.value(FieldKey::CountryCode).trim_start_matches('+') {
        "" => &offer.country_code,
        code => code,
    }
}

/// Checks one field as it stands. An empty optional field is right.
pub fn check(
    field: &Field,
    draft: &Draft,
    offer: &Offer,
    now: DateTime<Utc>,
) -> Result<(), String> {
    let text = draft.value(field.key);
    if is_picked(field, draft, offer) {
        return Ok(());
    }
    if text.is_empty() {
        return if field.required {
            Err(match field.input {
                Input::When if has_vendor_slots(draft, offer) => PICK_A_SLOT.to_owned(),
                _ => missing(field),
            })
        } else {
            Ok(())
        };
    }
    let today = now.with_timezone(&offer.zone).date_naive();
    match &field.input {
        Input::Phone => Phone::parse(text, country_code(draft, offer))
            .map(drop)
            .map_err(|error| error.to_string()),
        Input::AnyPhone => Phone::parse_any(text)
            .map(drop)
            .map_err(|error| error.to_string()),
        Input::CountryCode => check_country_code(text),
        Input::Name => check_name(text),
        Input::FullName => check_name(text).and_then(|()| check_full_name(text)),
        Input::BirthDate => birth_date(text, offer.day_order(), today).map(drop),
        Input::Age => Age::parse(text, today)
            .map(drop)
            .map_err(|error| error.to_string()),
        Input::Email => check_email(text),
        Input::When if has_vendor_slots(draft, offer) => Err(PICK_A_SLOT.to_owned()),
        Input::When => schedule::parse(text, offer.day_order(), draft.zone(offer), now)
            .map(drop)
            .map_err(|error| error.to_string()),
        Input::Choice(choices) if !choices.iter().any(|choice| choice.value == text) => {
            Err(format!("choose one of: {}", labels(choices)))
        }
        Input::Shaped(shape) => shape.check(text).map_err(ToOwned::to_owned),
        Input::PatientCode => Err("the code is not confirmed yet: press Enter".to_owned()),
        Input::Code { .. } if text.chars().any(char::is_whitespace) => {
            Err("a code has no blanks".to_owned())
        }
        Input::Choice(_)
        | Input::Code { .. }
        | Input::File
        | Input::Listed(_)
        | Input::Text
        | Input::Suggest(_) => Ok(()),
    }
}

/// What looks wrong in a field although it can be sent, in words.
pub fn doubt(field: &Field, draft: &Draft) -> Option<String> {
    let text = draft.value(field.key);
    let is_six_digits = text.len() == 6 && text.chars().all(|c| c.is_ascii_digit());
    let is_odd = field.key == FieldKey::Pincode && !text.is_empty() && !is_six_digits;
    is_odd.then(|| format!("{} {text} is not six digits", field.label))
}

/// What fills a field is not always its text: a slot, a code that was confirmed.
fn is_picked(field: &Field, draft: &Draft, offer: &Offer) -> bool {
    match field.input {
        Input::When => has_vendor_slots(draft, offer) && draft.slot.is_some(),
        Input::PatientCode => draft.code.as_ref().is_some_and(|code| code.is_confirmed),
        _ => false,
    }
}

fn has_vendor_slots(draft: &Draft, offer: &Offer) -> bool {
    draft.slot_source(offer) == Some(SlotSource::Vendor)
}

/// The form as it stands asks for a moment, and any will do.
fn has_free_moment(draft: &Draft, offer: &Offer) -> bool {
    let is_free = draft.slot_source(offer) == Some(SlotSource::Free);
    is_free && draft.fields(offer).any(|field| field.input == Input::When)
}

fn labels(choices: &[super::offer::Choice]) -> String {
    choices
        .iter()
        .map(|choice| choice.label.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}

fn missing(field: &Field) -> String {
    match field.input {
        Input::Phone => "type the ten digits of the phone number".to_owned(),
        Input::Name => "type the patient's name".to_owned(),
        Input::Age => "type an age (32, 8 months, 10 days) or a date of birth".to_owned(),
        Input::When => "type when, as tomorrow 7am, or press Enter to pick".to_owned(),
        Input::AnyPhone => "type the phone number".to_owned(),
        Input::FullName => "type first and last name".to_owned(),
        Input::BirthDate => "type the date of birth, as 1994-03-21".to_owned(),
        Input::PatientCode => {
            "press Enter to have a code sent, and type what the patient reads back".to_owned()
        }
        Input::Listed(_) => format!(
            "choose the {}: Enter shows them",
            field.label.to_lowercase()
        ),
        Input::Choice(_) => format!("choose the {}", field.label.to_lowercase()),
        Input::File => "type the path of the file".to_owned(),
        _ => format!("fill in the {}", field.label.to_lowercase()),
    }
}

/// Checks everything and freezes what will be sent, or tells all that is in the way, in the order of the form.
pub fn compose(
    draft: &Draft,
    offer: &Offer,
    now: DateTime<Utc>,
) -> Result<Submission, Vec<Problem>> {
    let problems = problems(draft, offer, now);
    if !problems.is_empty() {
        return Err(problems);
    }
    let sent = draft.as_sent(offer);
    build(&sent, offer, now).ok_or_else(|| vec![Problem::new(Place::Branch, "choose the branch")])
}

/// All that is in the way of sending, in the order of the form.
pub fn problems(draft: &Draft, offer: &Offer, now: DateTime<Utc>) -> Vec<Problem> {
    let mut found = Vec::new();
    if draft.branch.is_none() {
        found.push(Problem::new(Place::Branch, "choose the branch"));
    }
    if offer.is_party_required && draft.party.is_none() && needs_party(draft, offer) {
        found.push(Problem::new(
            Place::Party,
            "choose whose prices: this account needs a corporate, doctor or hospital",
        ));
    }
    for field in draft.fields(offer) {
        if let Err(words) = check(field, draft, offer, now) {
            found.push(Problem::new(Place::Field(field.key), words));
        }
    }
    let items = offer.items(draft.kind);
    if items == Items::Priced {
        found.extend(other_party(draft));
    }
    if items == Items::Named && draft.lines.is_empty() {
        let words = "pick a test or a package, or add one under its own name";
        found.push(Problem::new(Place::Items, words));
    }
    let lines: &[Line] = match items {
        Items::None => &[],
        Items::Named | Items::Priced => &draft.lines,
    };
    for (index, line) in lines.iter().enumerate() {
        if line.is_unpriced && items == Items::Priced {
            let words = format!(
                "{} has no price: remove it, and add it again with one",
                line.name
            );
            found.push(Problem::new(Place::Line(index), words));
        }
        if line.is_gone {
            let words = format!(
                "{} is not offered at this branch for this party: remove it",
                line.name
            );
            found.push(Problem::new(Place::Line(index), words));
        }
    }
    let cut = Discount::parse(&draft.discount);
    if let Err(error) = cut.and_then(|cut| cut.check(order::subtotal(lines)))
        && items == Items::Priced
    {
        found.push(Problem::new(Place::Discount, error.to_string()));
    }
    found
}

/// The party goes with the prices. Where nothing is priced, it only decides which list is shown.
fn sends_party(draft: &Draft, offer: &Offer) -> bool {
    offer.items(draft.kind) == Items::Priced
}

/// The form has a place for the party: it is sent, or there is no list to pick from until one is chosen.
pub fn asks_party(draft: &Draft, offer: &Offer) -> bool {
    let is_list_missing =
        offer.is_party_required && draft.party.is_none() && offer.items(draft.kind) == Items::Named;
    !offer.parties.is_empty() && (sends_party(draft, offer) || is_list_missing)
}

/// The party goes with the prices; where a kind sends none, only what is of a party's list hangs on it.
fn needs_party(draft: &Draft, offer: &Offer) -> bool {
    let items = offer.items(draft.kind);
    let is_listed = || draft.lines.iter().any(|line| line.item.is_some());
    items == Items::Priced || (items == Items::Named && is_listed())
}

/// Prices of one party and another one of its kind in the form: the vendor takes one of a kind.
fn other_party(draft: &Draft) -> Option<Problem> {
    let party = draft.party.as_ref()?;
    let key = match party.kind {
        PartyKind::Corporate => FieldKey::Corporate,
        PartyKind::Doctor => FieldKey::Doctor,
        PartyKind::Hospital => FieldKey::Hospital,
    };
    let named = draft.value(key);
    let words = format!(
        "the prices are those of {}: empty this field or change the party",
        party.name
    );
    (!named.is_empty() && named != party.id).then(|| Problem::new(Place::Field(key), words))
}

/// The discount as an amount; nothing while it cannot be read.
pub fn discount(draft: &Draft) -> Money {
    let subtotal = order::subtotal(&draft.lines);
    let cut = Discount::parse(&draft.discount)
        .and_then(|cut| cut.check(subtotal))
        .unwrap_or_default();
    cut.of(subtotal)
}

/// What the patient pays: lines less discount.
pub fn total(draft: &Draft) -> Money {
    order::subtotal(&draft.lines) - discount(draft)
}

fn build(draft: &Draft, offer: &Offer, now: DateTime<Utc>) -> Option<Submission> {
    let today = now.with_timezone(&offer.zone).date_naive();
    let items = offer.items(draft.kind);
    let is_priced = items == Items::Priced;
    // What was typed for another kind stays in the draft, and is not sent.
    let fields = draft.every_field(offer);
    let has = |key| draft.subject.is_some() || fields.iter().any(|field| field.key == key);
    let optional = |key| {
        Some(draft.value(key))
            .filter(|text| !text.is_empty() && has(key))
            .map(ToOwned::to_owned)
    };
    let phone = draft.value(FieldKey::Phone);
    let name = draft.value(FieldKey::Name);
    let (first, last) = names(name);
    let appointment = if has_free_moment(draft, offer) {
        Some(Appointment {
            booking_type: draft.value(FieldKey::BookingType).to_owned(),
            at: {
                let text = draft.value(FieldKey::ScheduledAt);
                schedule::parse(text, offer.day_order(), draft.zone(offer), now).ok()?
            },
        })
    } else {
        None
    };
    Some(Submission {
        kind: draft.kind,
        branch: draft.branch.clone()?,
        parties: parties(draft, offer),
        patient: Patient {
            phone: Phone::parse(phone, country_code(draft, offer))
                .or_else(|_| Phone::parse_any(phone))
                .ok()
                .filter(|_| has(FieldKey::Phone)),
            country_code: country_code(draft, offer).to_owned(),
            first_name: first.to_owned(),
            last_name: Some(last)
                .filter(|last| !last.is_empty())
                .map(ToOwned::to_owned),
            age: Age::parse(draft.value(FieldKey::Age), today).ok(),
            birth_date: birth_date(draft.value(FieldKey::BirthDate), offer.day_order(), today).ok(),
            key: draft.patient.as_ref().map(|patient| patient.key.clone()),
            gender: gender(draft.value(FieldKey::Gender)),
            email: optional(FieldKey::Email),
            address: optional(FieldKey::Address),
            pincode: optional(FieldKey::Pincode),
        },
        lines: match items {
            Items::None => Vec::new(),
            Items::Named | Items::Priced => draft.lines.clone(),
        },
        discount: if is_priced {
            discount(draft)
        } else {
            Money::ZERO
        },
        total: if is_priced { total(draft) } else { Money::ZERO },
        source: optional(FieldKey::Source),
        priority: priority(draft.value(FieldKey::Priority)),
        assigned_to: optional(FieldKey::AssignedTo),
        appointment,
        details: details(draft, offer),
        slot: slot(draft, offer, now),
        subject: draft.subject.clone(),
        visit: draft.visit.clone(),
        terms: Vec::new(),
        code: draft.code.clone(),
        attachment: None,
    })
}

/// What the vendor's own fields hold: those that have no place of their own in a submission.
fn details(draft: &Draft, offer: &Offer) -> BTreeMap<FieldKey, Choice> {
    let mut told = draft.context().details;
    let keys: Vec<FieldKey> = draft.fields(offer).map(|field| field.key).collect();
    // A change takes along what is known of the record.
    let is_change = draft.subject.is_some();
    told.retain(|key, _| (is_change || keys.contains(key)) && !has_own_place(*key));
    for (key, told) in &mut told {
        let input = draft.field(offer, *key).map(|field| &field.input);
        let Some(Input::Choice(choices)) = input else {
            continue;
        };
        if let Some(choice) = choices.iter().find(|choice| choice.value == told.value) {
            told.label.clone_from(&choice.label);
        }
    }
    told
}

fn has_own_place(key: FieldKey) -> bool {
    matches!(
        key,
        FieldKey::Phone
            | FieldKey::CountryCode
            | FieldKey::Name
            | FieldKey::Age
            | FieldKey::BirthDate
            | FieldKey::Gender
            | FieldKey::Email
            | FieldKey::Address
            | FieldKey::Pincode
            | FieldKey::Source
            | FieldKey::Priority
            | FieldKey::AssignedTo
            | FieldKey::Corporate
            | FieldKey::Doctor
            | FieldKey::Hospital
            | FieldKey::BookingType
            | FieldKey::ScheduledAt
            | FieldKey::PatientCode
    )
}

/// The slot that was picked; for a patient who stands at the desk, this moment. One that was picked before the kind
/// was switched to one without slots is not sent.
fn slot(draft: &Draft, offer: &Offer, now: DateTime<Utc>) -> Option<Slot> {
    let is_taken = has_vendor_slots(draft, offer);
    let picked = draft.slot.clone().filter(|_| is_taken);
    if draft.kind != Kind::WalkIn || picked.is_some() {
        return picked;
    }
    let at = now.with_timezone(&draft.zone(offer)).fixed_offset();
    Some(Slot {
        is_walk_in: true,
        ..Slot::plain(at, at.to_rfc3339_opts(SecondsFormat::Secs, false))
    })
}

/// The party whose prices are shown, and those named in the form.
fn parties(draft: &Draft, offer: &Offer) -> Parties {
    let mut parties = Parties::default();
    let named = [
        (FieldKey::Corporate, PartyKind::Corporate),
        (FieldKey::Doctor, PartyKind::Doctor),
        (FieldKey::Hospital, PartyKind::Hospital),
    ];
    for (key, kind) in named {
        let id = draft.value(key);
        if draft.field(offer, key).is_some() {
            *parties.slot(kind) = offer
                .parties
                .iter()
                .find(|party| party.kind == kind && party.id == id)
                .cloned();
        }
    }
    if let Some(party) = draft.party.as_ref().filter(|_| sends_party(draft, offer)) {
        *parties.slot(party.kind) = Some(party.clone());
    }
    parties
}

fn gender(value: &str) -> Option<Gender> {
    [Gender::Male, Gender::Female, Gender::Other]
        .into_iter()
        .find(|gender| gender.word() == value)
}

fn priority(value: &str) -> Option<Priority> {
    [
        Priority::Urgent,
        Priority::High,
        Priority::Medium,
        Priority::Low,
    ]
    .into_iter()
    .find(|priority| priority.word() == value)
}
