//! Times at which a patient can be served, as a vendor offers them, and what a vendor is asked about a form.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, FixedOffset, NaiveDate};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::branch::{Branch, Party};
use super::money::Money;
use super::offer::{Choice, FieldKey, Kind};
use super::schedule;
use super::submission::Subject;

/// One time that can be taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// With the offset of the site on that day.
    pub at: DateTime<FixedOffset>,
    pub ends: Option<DateTime<FixedOffset>>,
    /// The moment as the vendor wrote it: it is sent back letter for letter.
    pub wire: String,
    /// Places left, where the vendor counts them.
    #[serde(default)]
    pub left: Option<u32>,
    /// The site marks the time as busy: no refusal, a warning.
    #[serde(default)]
    pub is_busy: bool,
    /// For patients who stand at the desk.
    #[serde(default)]
    pub is_walk_in: bool,
    /// What it costs, where that varies or is known.
    #[serde(default)]
    pub price: Option<Money>,
    /// The same as the vendor wrote it, where it is finer than the currency's smallest coin: it is sent back as it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fine_price: Option<String>,
    /// The branch, where the search was over several.
    #[serde(default)]
    pub branch: Option<Branch>,
    /// The room, floor or wing.
    #[serde(default)]
    pub place: Option<Choice>,
}

impl Slot {
    /// A moment of which nothing more is known.
    pub fn plain(at: DateTime<FixedOffset>, wire: impl Into<String>) -> Self {
        Self {
            at,
            ends: None,
            wire: wire.into(),
            left: None,
            is_busy: false,
            is_walk_in: false,
            price: None,
            fine_price: None,
            branch: None,
            place: None,
        }
    }
}

/// The free times of the days that were asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slots {
    /// Soonest first.
    pub times: Vec<Slot>,
    /// The last day on which the vendor shows any, where it shows those of so many days and no others.
    pub until: Option<NaiveDate>,
}

impl From<Vec<Slot>> for Slots {
    /// Times of a vendor that can be asked about any day.
    fn from(times: Vec<Slot>) -> Self {
        let until = None;
        Self { times, until }
    }
}

/// A patient whom the vendor knows: the vendor's key, and a name to show.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatientRef {
    pub key: String,
    pub name: String,
}

/// Patient data stays out of logs and panics.
impl fmt::Debug for PatientRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PatientRef(..)")
    }
}

/// A form as far as a vendor must know it to answer a question about it: which choices a field has, which slots are
/// free, who the patient may be.
#[derive(Clone, PartialEq, Eq)]
pub struct Context {
    pub kind: Kind,
    pub branch: Option<Branch>,
    pub party: Option<Party>,
    /// What was typed or chosen, by field, and what it is called.
    pub details: BTreeMap<FieldKey, Choice>,
    pub patient: Option<PatientRef>,
    /// The record that is changed; none where a new one is made.
    pub subject: Option<Subject>,
}

impl Context {
    /// The value of a field; empty where nothing was typed.
    pub fn value(&self, key: FieldKey) -> &str {
        self.details.get(&key).map_or("", |choice| &choice.value)
    }
}

/// Patient data stays out of logs and panics.
impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Context({}, ..)", self.kind.word())
    }
}

/// Which slots are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlotQuery {
    pub context: Context,
    /// The first day, in the site's zone.
    pub from: NaiveDate,
    pub days: u16,
}

/// A patient the vendor found, and what the form learns of them.
#[derive(Clone, PartialEq, Eq)]
pub struct FoundPatient {
    pub patient: PatientRef,
    /// What tells namesakes apart: birth date, employee number, town.
    pub note: String,
    pub values: BTreeMap<FieldKey, String>,
}

/// Patient data stays out of logs and panics.
impl fmt::Debug for FoundPatient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FoundPatient(..)")
    }
}

/// A code that the vendor sent to the patient, and the session it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeSession {
    /// What the adapter knows the session by while this process lives; nothing of the vendor's.
    pub handle: u64,
    /// The patient read it back, or none is asked for.
    pub is_confirmed: bool,
}

/// The visit that a change is about, for a person to know it by.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    pub at: DateTime<FixedOffset>,
    /// None where the vendor does not tell it.
    pub site: Option<Branch>,
    /// What it is for, and with whom where that is known.
    pub what: String,
}

impl Visit {
    /// `Mon 23 Nov 2026, 09:30 GMT`, on the clocks of its site; `desk` is the zone of the desk.
    pub fn moment(&self, desk: Tz) -> String {
        schedule::echo(self.at, self.zone(desk))
    }

    /// Where it is and what it is for.
    pub fn place(&self) -> String {
        let site = self.site.as_ref().map(|site| site.name.as_str());
        let parts = [site.unwrap_or_default(), &self.what];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(" · ")
    }

    /// The zone of its site's clocks.
    pub fn zone(&self, desk: Tz) -> Tz {
        self.site
            .as_ref()
            .and_then(|site| site.zone)
            .unwrap_or(desk)
    }
}

/// Patient data stays out of logs and panics.
impl fmt::Debug for Visit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Visit(..)")
    }
}

/// One appointment of a day at the vendor, whoever made it.
#[derive(Clone, PartialEq, Eq)]
pub struct Listed {
    pub number: String,
    pub at: DateTime<FixedOffset>,
    /// Where it is, with the zone of its clocks where that is not the desk's; none where the vendor does not tell.
    pub site: Option<Branch>,
    pub patient: String,
    /// The vendor's key of the patient.
    pub key: Option<String>,
    pub what: String,
    /// What was chosen for it, as the fields of a form hold it.
    pub details: BTreeMap<FieldKey, Choice>,
    /// In the vendor's words.
    pub state: String,
    /// The change that ends it, where it is still allowed.
    pub can_be_cancelled: bool,
}

/// Patient data stays out of logs and panics.
impl fmt::Debug for Listed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Listed(..)")
    }
}
