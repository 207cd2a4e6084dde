//! A form as it is being typed: text, not yet values. Everything in it may be wrong; nothing in it is lost.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::barcode::is_made_here;
use super::branch::{Branch, Party};
use super::money::Money;
use super::offer::{ChangeOffer, Choice, Field, FieldKey, Input, Kind, Offer, SlotSource};
use super::order::{ItemKind, Line};
use super::schedule;
use super::slot::{CodeSession, Context, Listed, PatientRef, Slot, Visit};
use super::submission::{self, DraftId, Intent, IntentId, Subject};

/// One patient's form and order.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    pub id: DraftId,
    pub kind: Kind,
    pub branch: Option<Branch>,
    /// The party whose prices are shown.
    pub party: Option<Party>,
    /// What was typed or chosen, by field; a choice holds its value, a party its id.
    pub values: BTreeMap<FieldKey, String>,
    /// What a value from a vendor's list is called.
    #[serde(default)]
    pub labels: BTreeMap<FieldKey, String>,
    /// The slot that was picked.
    #[serde(default)]
    pub slot: Option<Slot>,
    /// The patient, where the vendor knows them.
    #[serde(default)]
    pub patient: Option<PatientRef>,
    /// What the vendor knows of that patient, by field.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub known: BTreeMap<FieldKey, Known>,
    /// The code that the patient reads back.
    #[serde(default)]
    pub code: Option<CodeSession>,
    /// The record that a change is for.
    #[serde(default)]
    pub subject: Option<Subject>,
    /// The visit that the record is of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit: Option<Visit>,
    pub lines: Vec<Line>,
    /// As typed: an amount or a share.
    pub discount: String,
    /// See [`Intent::follows`].
    #[serde(default)]
    pub follows: Option<IntentId>,
    /// A custom item that was left half-way.
    #[serde(default)]
    pub custom: Option<HalfItem>,
}

/// What the vendor knows of a patient, in one field.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    pub value: String,
    /// What stood in the field before it was filled in.
    pub typed: String,
}

/// A custom item as it is being typed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HalfItem {
    pub name: String,
    pub price: String,
    pub kind: ItemKind,
    /// The tests of a package, with commas between.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tests: String,
}

/// A draft on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptDraft {
    pub draft: Draft,
    /// When it was kept first.
    pub started_at: DateTime<Utc>,
    pub changed_at: DateTime<Utc>,
    /// Another console that is running has it open.
    pub is_open_elsewhere: bool,
}

impl Draft {
    pub fn new(id: DraftId, kind: Kind) -> Self {
        Self {
            id,
            kind,
            branch: None,
            party: None,
            values: BTreeMap::new(),
            labels: BTreeMap::new(),
            slot: None,
            patient: None,
            known: BTreeMap::new(),
            code: None,
            subject: None,
            visit: None,
            lines: Vec::new(),
            discount: String::new(),
            follows: None,
            custom: None,
        }
    }

    /// What was sent as a form again, to be mended and sent as a new wish.
    pub fn reopen(id: DraftId, intent: &Intent, offer: &Offer) -> Self {
        let sent = &intent.submission;
        let mut draft = Self::new(id, sent.kind);
        // A change follows the record's own intent, however often it is tried.
        draft.follows = match &sent.subject {
            Some(_) => intent.follows.clone(),
            None => Some(intent.id.clone()),
        };
        draft.branch = Some(sent.branch.clone());
        draft.party = offer
            .parties
            .iter()
            .find(|party| sent.parties.iter().any(|of| of == *party))
            .cloned();
        draft.lines.clone_from(&sent.lines);
        if sent.discount != Money::ZERO {
            draft.discount = sent.discount.to_string();
        }
        let patient = &sent.patient;
        let zone = draft.zone(offer);
        let mut fill = |key, text: Option<String>| text.map(|text| draft.values.insert(key, text));
        let phone = patient.phone.as_ref();
        fill(
            FieldKey::Phone,
            phone.map(|phone| phone.digits().to_owned()),
        );
        fill(FieldKey::CountryCode, Some(patient.country_code.clone()));
        fill(FieldKey::Name, Some(patient.full_name()));
        fill(FieldKey::Age, patient.age.map(|age| age.to_string()));
        fill(
            FieldKey::BirthDate,
            patient.birth_date.map(|born| born.to_string()),
        );
        fill(
            FieldKey::Gender,
            patient.gender.map(|gender| gender.word().to_owned()),
        );
        fill(FieldKey::Email, patient.email.clone());
        fill(FieldKey::Address, patient.address.clone());
        fill(FieldKey::Pincode, patient.pincode.clone());
        fill(FieldKey::Source, sent.source.clone());
        fill(
            FieldKey::Priority,
            sent.priority.map(|priority| priority.word().to_owned()),
        );
        fill(FieldKey::AssignedTo, sent.assigned_to.clone());
        fill(
            FieldKey::Corporate,
            sent.parties
                .corporate
                .as_ref()
                .map(|party| party.id.clone()),
        );
        fill(
            FieldKey::Doctor,
            sent.parties.doctor.as_ref().map(|party| party.id.clone()),
        );
        fill(
            FieldKey::Hospital,
            sent.parties.hospital.as_ref().map(|party| party.id.clone()),
        );
        if let Some(appointment) = &sent.appointment {
            fill(
                FieldKey::BookingType,
                Some(appointment.booking_type.clone()),
            );
            fill(
                FieldKey::ScheduledAt,
                Some(schedule::typed(appointment.at.with_timezone(&zone))),
            );
        }
        for (key, detail) in &sent.details {
            draft.values.insert(*key, detail.value.clone());
            // The code was made for the one before, which may be at the vendor with it: for this one it is any code.
            if !is_made_here(detail) {
                draft.labels.insert(*key, detail.label.clone());
            }
        }
        draft.slot.clone_from(&sent.slot);
        draft.subject.clone_from(&sent.subject);
        draft.visit.clone_from(&sent.visit);
        // The patient need not read another one back: whoever sent it refuses one that holds no more.
        draft.code.clone_from(&sent.code);
        draft.patient = patient.key.clone().map(|key| PatientRef {
            key,
            name: patient.full_name(),
        });
        // What was told of a patient whom the vendor knew is what it knew.
        for key in draft.kept_by_vendor(offer) {
            let value = draft.value(*key).to_owned();
            let typed = String::new();
            draft.known.insert(*key, Known { value, typed });
        }
        draft
    }

    /// Something done to the record of an accepted intent. It knows what the intent told, so that the vendor can be
    /// asked about it; what is typed for it is asked anew.
    pub fn change(id: DraftId, intent: &Intent, subject: Subject, offer: &Offer) -> Self {
        let mut draft = Self::reopen(id, intent, offer);
        draft.kind = Kind::Change;
        draft.follows = Some(intent.id.clone());
        draft.lines = Vec::new();
        draft.discount = String::new();
        draft.slot = None;
        draft.code = None;
        draft.subject = Some(subject);
        draft.visit = Some(visit(intent));
        for field in draft.every_field(offer) {
            if !matches!(field.input, Input::Listed(_) | Input::Choice(_)) {
                draft.values.remove(&field.key);
                draft.labels.remove(&field.key);
            }
        }
        draft
    }

    /// Something done to a record that the vendor lists and that was not made here: where it is, whose it is, and what
    /// was chosen for it.
    pub fn change_listed(id: DraftId, listed: &Listed, subject: Subject) -> Self {
        let mut draft = Self::new(id, Kind::Change);
        draft.branch.clone_from(&listed.site);
        let name = listed.patient.clone();
        draft.values.insert(FieldKey::Name, name.clone());
        draft.patient = listed.key.clone().map(|key| PatientRef { key, name });
        for (key, choice) in &listed.details {
            draft.values.insert(*key, choice.value.clone());
            draft.labels.insert(*key, choice.label.clone());
        }
        draft.visit = Some(Visit {
            at: listed.at,
            site: listed.site.clone(),
            what: listed.what.clone(),
        });
        draft.subject = Some(subject);
        draft
    }

    /// The form as it can be sent: a patient whom the vendor knows stays as the vendor has them, whatever was typed.
    #[must_use]
    pub fn as_sent(&self, offer: &Offer) -> Self {
        let mut sent = self.clone();
        for key in self.kept_by_vendor(offer) {
            let kept = self.known.get(key).map(|known| known.value.clone());
            sent.values.insert(*key, kept.unwrap_or_default());
        }
        sent
    }

    /// What stands in a field is not what the vendor has, and is not sent either.
    pub fn is_kept_otherwise(&self, key: FieldKey, offer: &Offer) -> bool {
        let kept = self.known.get(&key).map_or("", |known| known.value.trim());
        self.kept_by_vendor(offer).contains(&key) && self.value(key) != kept
    }

    /// The fields of a known patient that nothing the form holds can change.
    fn kept_by_vendor(&self, offer: &Offer) -> &'static [FieldKey] {
        let form = offer.form(self.kind).filter(|_| self.patient.is_some());
        form.map_or(&[], |form| form.sent_if_new)
    }

    /// What it is in a word or two: its kind, or what is done to a record.
    pub fn word(&self, offer: &Offer) -> &'static str {
        submission::word(self.kind, self.subject.as_ref(), offer)
    }

    /// `Cancel · 12345 · Rahul Sharma`: what is done to which record; none where a new one is made.
    pub fn change_title(&self, offer: &Offer) -> Option<String> {
        let subject = self.subject.as_ref()?;
        let parts = [
            self.word(offer),
            &subject.number,
            self.value(FieldKey::Name),
        ];
        let parts = parts.into_iter().filter(|part| !part.is_empty());
        Some(parts.collect::<Vec<_>>().join(" · "))
    }

    /// What is done to a record; none where a new one is made.
    pub fn change_offer<'a>(&self, offer: &'a Offer) -> Option<&'a ChangeOffer> {
        offer.change(&self.subject.as_ref()?.change)
    }

    /// The zone of the site's clocks: the branch's, else the desk's.
    pub fn zone(&self, offer: &Offer) -> Tz {
        let branch = self.branch.as_ref();
        branch.and_then(|branch| branch.zone).unwrap_or(offer.zone)
    }

    /// The form as a vendor is asked about it.
    pub fn context(&self) -> Context {
        let told = |(key, value): (&FieldKey, &String)| {
            let value = value.trim().to_owned();
            let label = self.labels.get(key).unwrap_or(&value).clone();
            (!value.is_empty()).then_some((*key, Choice { value, label }))
        };
        Context {
            kind: self.kind,
            branch: self.branch.clone(),
            party: self.party.clone(),
            details: self.values.iter().filter_map(told).collect(),
            patient: self.patient.clone(),
        }
    }

    /// Where the moments of the form come from; none where it takes none as it stands.
    pub fn slot_source(&self, offer: &Offer) -> Option<SlotSource> {
        let mut fields = self.fields(offer);
        fields.find(|field| field.input == Input::When)?;
        match &self.subject {
            Some(subject) => offer.change(&subject.change)?.slots,
            None => offer.slots(self.kind),
        }
    }

    /// The fields of the form as it stands, in its order.
    pub fn fields<'a>(&self, offer: &'a Offer) -> impl Iterator<Item = &'a Field> {
        self.every_field(offer).iter().filter(|field| {
            let only_with = field.only_with.as_ref();
            only_with.is_none_or(|(key, values)| values.contains(&self.value(*key)))
        })
    }

    /// One of them; none while it is not asked for.
    pub fn field<'a>(&self, offer: &'a Offer, key: FieldKey) -> Option<&'a Field> {
        self.fields(offer).find(|field| field.key == key)
    }

    /// The fields of the form, with those that are not asked for as it stands.
    pub fn every_field<'a>(&self, offer: &'a Offer) -> &'a [Field] {
        let fields = match &self.subject {
            Some(subject) => offer.change(&subject.change).map(|change| &change.fields),
            None => offer.form(self.kind).map(|form| &form.fields),
        };
        fields.map_or(&[], Vec::as_slice)
    }

    /// Fills the fields that were never filled with what stands in those of a new form.
    pub fn fill_presets(&mut self, offer: &Offer) {
        for field in self.every_field(offer) {
            if !field.preset.is_empty() {
                let value = self.values.entry(field.key);
                value.or_insert_with(|| field.preset.clone());
            }
        }
    }

    /// The text of a field, trimmed; empty where nothing was typed.
    pub fn value(&self, key: FieldKey) -> &str {
        self.values.get(&key).map_or("", |text| text.trim())
    }
}

/// The visit of what was sent: who was told to come at once has come when it was saved.
fn visit(intent: &Intent) -> Visit {
    let sent = &intent.submission;
    let slot = sent.slot.as_ref().map(|slot| slot.at);
    let at = slot.or(sent.appointment.as_ref().map(|appointment| appointment.at));
    let at = at.unwrap_or_else(|| intent.saved_at.fixed_offset());
    let kinds = [FieldKey::AppointmentType, FieldKey::VisitType];
    let told = kinds.iter().find_map(|key| sent.details.get(key));
    let what = match told {
        Some(told) => told.label.clone(),
        None if sent.subject.is_none() => sent.kind.word().to_owned(),
        None => String::new(),
    };
    Visit {
        at,
        site: Some(sent.branch.clone()),
        what,
    }
}

/// Patient data stays out of logs and panics.
impl std::fmt::Debug for Draft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Draft({}, {} lines)", self.id.0, self.lines.len())
    }
}

/// As for the draft it is part of.
impl std::fmt::Debug for Known {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Known(..)")
    }
}

/// As for the draft it is part of.
impl std::fmt::Debug for HalfItem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HalfItem(..)")
    }
}
