//! What a vendor takes, as data: kinds, fields, currency, zone, budget. The panes are drawn from it and never ask
//! which vendor they serve.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::branch::Party;
use super::money::Currency;

/// The kinds of submission the house knows. A vendor offers some of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Lead,
    Booking,
}

impl Kind {
    /// The one word for it on screen and in help.
    pub fn word(self) -> &'static str {
        match self {
            Self::Lead => "Lead",
            Self::Booking => "Booking",
        }
    }
}

/// The fields of the trade. Which of them a form shows, and what a vendor calls them, is the vendor's matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum FieldKey {
    Phone,
    CountryCode,
    Name,
    Age,
    Gender,
    Email,
    Address,
    Pincode,
    Source,
    Priority,
    BookingType,
    ScheduledAt,
    Corporate,
    Doctor,
    Hospital,
    AssignedTo,
    /// A code on the patient's tube or form, unique at the vendor.
    Barcode,
}

/// How a field is filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    Text,
    Phone,
    CountryCode,
    Name,
    Age,
    Email,
    /// A moment in the desk's zone, typed or picked.
    When,
    /// One of a closed list: arrows or first letters pick.
    Choice(Vec<Choice>),
    /// Free text with a list to pick from.
    Suggest(Vec<String>),
}

/// One entry of a closed list: what is sent and what is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

/// One field of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub key: FieldKey,
    pub label: &'static str,
    pub input: Input,
    pub required: bool,
    /// One line under the form while the field has the focus.
    pub help: &'static str,
    /// What stands in the field of a new form.
    pub preset: String,
}

/// One kind of submission and its form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindOffer {
    pub kind: Kind,
    /// What it does at the vendor, in one line.
    pub help: &'static str,
    pub fields: Vec<Field>,
}

/// Everything the console must know of a profile's vendor before it has spoken to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// `Flabs`.
    pub vendor: &'static str,
    /// The name of the profile in the configuration.
    pub profile: String,
    /// The built-in or another sandbox: says SANDBOX, not LIVE.
    pub is_sandbox: bool,
    pub currency: Currency,
    /// The zone of the desk's dates and times.
    pub zone: Tz,
    /// The zone of the vendor's day: what "today" means.
    pub day_zone: Tz,
    pub kinds: Vec<KindOffer>,
    pub parties: Vec<Party>,
    /// Every price and every submission needs a party (Flabs: party-scoped account).
    pub is_party_required: bool,
    /// Requests the vendor allows in any 60 seconds.
    pub budget: u32,
    /// What the vendor does about a second submission for the same patient, as one sentence.
    pub duplicate_rule: &'static str,
}

impl Offer {
    pub fn form(&self, kind: Kind) -> Option<&KindOffer> {
        self.kinds.iter().find(|offer| offer.kind == kind)
    }

    pub fn field(&self, kind: Kind, key: FieldKey) -> Option<&Field> {
        self.form(kind)?
            .fields
            .iter()
            .find(|field| field.key == key)
    }
}
