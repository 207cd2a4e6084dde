//! What is sent: a submission composed from a draft, frozen as an intent when it is saved.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::age::Age;
use super::branch::{Branch, Parties};
use super::looked::Told;
use super::money::Money;
use super::offer::{Choice, Field, FieldKey, Items, Kind, Offer};
use super::order::Line;
use super::phone::Phone;
use super::slot::{CodeSession, Slot, Visit};

/// The vendor's word for a patient's gender (Flabs `gender`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Gender {
    Male,
    Female,
    Other,
}

impl Gender {
    pub fn word(self) -> &'static str {
        match self {
            Self::Male => "male",
            Self::Female => "female",
            Self::Other => "other",
        }
    }
}

/// How soon the funnel should call (Flabs `priority`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Priority {
    Urgent,
    High,
    Medium,
    Low,
}

impl Priority {
    pub fn word(self) -> &'static str {
        match self {
            Self::Urgent => "urgent",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }
}

/// The person who is served. Its `Debug` shows nothing: patient data stays out of logs and panics.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Patient {
    pub phone: Option<Phone>,
    /// Digits without a plus sign: `91`.
    pub country_code: String,
    pub first_name: String,
    pub last_name: Option<String>,
    pub age: Option<Age>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<NaiveDate>,
    /// The vendor's own key of a patient whom it knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    pub gender: Option<Gender>,
    pub email: Option<String>,
    pub address: Option<String>,
    pub pincode: Option<String>,
}

impl Patient {
    /// A patient of whom nothing but the first name is known.
    pub fn named(first_name: &str) -> Self {
        Self {
            phone: None,
            country_code: String::new(),
            first_name: first_name.to_owned(),
            last_name: None,
            age: None,
            birth_date: None,
            key: None,
            gender: None,
            email: None,
            address: None,
            pincode: None,
        }
    }

    /// First and last name as one.
    pub fn full_name(&self) -> String {
        match &self.last_name {
            Some(last) => format!("{} {last}", self.first_name),
            None => self.first_name.clone(),
        }
    }

    /// The phone number as it is read aloud; empty where there is none.
    pub fn phone_words(&self) -> String {
        let phone = self.phone.as_ref();
        phone.map_or_else(String::new, |phone| phone.read_aloud(&self.country_code))
    }

    /// The digits of the phone number; empty where there is none.
    pub fn phone_digits(&self) -> &str {
        self.phone.as_ref().map_or("", Phone::digits)
    }
}

impl fmt::Debug for Patient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Patient(..)")
    }
}

/// A person this desk has met, as they were written then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetPatient {
    pub patient: Patient,
    pub met_at: DateTime<Utc>,
}

/// When and how a booking is served.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appointment {
    /// The vendor's word (Flabs `bookingType`).
    pub booking_type: String,
    /// With the desk's offset (Flabs `scheduledAt`).
    pub at: DateTime<FixedOffset>,
}

/// Everything a person wants sent, complete and checked. Its `Debug` shows only what it is: its fields hold addresses,
/// reasons to come and tests.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    pub kind: Kind,
    pub branch: Branch,
    pub parties: Parties,
    pub patient: Patient,
    pub lines: Vec<Line>,
    pub discount: Money,
    pub total: Money,
    pub source: Option<String>,
    pub priority: Option<Priority>,
    pub assigned_to: Option<String>,
    /// There where the form asked for a moment that needs no slot, and only there.
    pub appointment: Option<Appointment>,
    /// What a vendor's own fields hold, and what it is called.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub details: BTreeMap<FieldKey, Choice>,
    /// The vendor's slot that was picked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<Slot>,
    /// The record that a change is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Subject>,
    /// The visit that the record is of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit: Option<Visit>,
    /// What the vendor said that a change will cost, as a person confirmed it; empty where nothing was told beforehand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub terms: Vec<Told>,
    /// The code that the patient read back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<CodeSession>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachment: Option<Attachment>,
}

impl Submission {
    /// A submission with nothing but its patient.
    pub fn of(kind: Kind, branch: Branch, patient: Patient) -> Self {
        Self {
            kind,
            branch,
            parties: Parties::default(),
            patient,
            lines: Vec::new(),
            discount: Money::ZERO,
            total: Money::ZERO,
            source: None,
            priority: None,
            assigned_to: None,
            appointment: None,
            details: BTreeMap::new(),
            slot: None,
            subject: None,
            visit: None,
            terms: Vec::new(),
            code: None,
            attachment: None,
        }
    }

    /// What it is in a word or two: its kind, or what is done to a record.
    pub fn word(&self, offer: &Offer) -> &'static str {
        word(self.kind, self.subject.as_ref(), offer)
    }

    /// What is told of a booking of another system: its id, what becomes of it, and its new status.
    pub fn of_others(&self) -> impl Iterator<Item = (FieldKey, &Choice)> {
        let keys = [
            FieldKey::ExternalBooking,
            FieldKey::Action,
            FieldKey::Status,
        ];
        let told = move |key| Some((key, self.details.get(&key)?));
        keys.into_iter().filter_map(told)
    }

    /// The moment that it asks for, where it asks for one.
    pub fn moment(&self) -> Option<DateTime<FixedOffset>> {
        let appointment = self.appointment.as_ref().map(|booked| booked.at);
        appointment.or_else(|| self.slot.as_ref().map(|slot| slot.at))
    }

    /// When the patient is due: the moment that it asks for, or that of the visit that it changes, whichever is later.
    pub fn due(&self) -> Option<DateTime<Utc>> {
        let visit = self.visit.as_ref().map(|visit| visit.at);
        Some(self.moment().max(visit)?.to_utc())
    }

    /// A field of the form that it was typed in, of whatever kind.
    pub fn field<'a>(&self, offer: &'a Offer, key: FieldKey) -> Option<&'a Field> {
        match &self.subject {
            Some(subject) => {
                let mut fields = offer.change(&subject.change)?.fields.iter();
                fields.find(|field| field.key == key)
            }
            None => offer.field(self.kind, key),
        }
    }

    /// What it costs: its total, else the price of its slot; none where nobody has told one.
    pub fn price(&self, offer: &Offer) -> Option<Money> {
        if offer.items(self.kind) == Items::Priced || self.total != Money::ZERO {
            return Some(self.total);
        }
        self.slot.as_ref()?.price
    }

    /// Whom it is about: the patient by name, else the booking that another system keeps.
    pub fn about(&self) -> String {
        let name = self.patient.full_name();
        if name.is_empty() {
            self.detail(FieldKey::ExternalBooking).to_owned()
        } else {
            name
        }
    }

    /// What one of the vendor's own fields holds; empty where it is not there.
    pub fn detail(&self, key: FieldKey) -> &str {
        self.details.get(&key).map_or("", |detail| &detail.value)
    }
}

impl fmt::Debug for Submission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Submission({}, ..)", self.kind.word())
    }
}

/// A record at the vendor, and what is done to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The vendor's number of it.
    pub number: String,
    /// Which of the offer's changes.
    pub change: String,
}

/// A kind in words; of a change, what is done.
pub(super) fn word(kind: Kind, subject: Option<&Subject>, offer: &Offer) -> &'static str {
    let change = subject.and_then(|subject| offer.change(&subject.change));
    change.map_or(kind.word(), |change| change.label)
}

/// A file that is sent along. Its `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// What the desk called it.
    pub name: String,
    /// The content in base64.
    pub base64: Arc<str>,
}

impl fmt::Debug for Attachment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Attachment(..)")
    }
}

/// Our own id of an intent, minted once, in the alphabet every vendor takes: `FD-` and 32 hexadecimal digits of a
/// `UUIDv7` (Flabs `integratorID`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct IntentId(pub String);

impl fmt::Display for IntentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A draft's own id; one draft becomes at most one intent, however often Enter is pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DraftId(pub u64);

/// A frozen wish: the payload never changes after it is saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    pub id: IntentId,
    /// The profile whose account it is for.
    pub profile: String,
    pub saved_at: DateTime<Utc>,
    /// The vendor's calendar day on which it was saved.
    pub day: NaiveDate,
    /// The one that it comes after: of a change, the accepted one whose record it is for, if that was made from here; of
    /// everything else, one that was not accepted, or given up, and whose form was filled in anew.
    pub follows: Option<IntentId>,
    pub submission: Submission,
}
