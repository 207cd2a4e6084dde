//! What a vendor takes, as data: kinds, fields, currency, zone, budget. The panes are drawn from it and never ask
//! which vendor they serve.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::branch::Party;
use super::money::Currency;
use super::schedule::DayOrder;
use super::shape::Shape;
use super::text;

/// The kinds of submission the house knows. A vendor offers some of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Lead,
    Booking,
    /// What a lab will bill, announced (Flabs billing).
    PreBooking,
    /// The patient stands at the desk, now (Solv).
    WalkIn,
    /// A place at a time that the vendor offered (Solv).
    Reservation,
    /// A slot for a patient whom the vendor knows, or learns to know (Meddbase, as a manager).
    Appointment,
    /// A slot for a patient who proves a code instead of being known (Meddbase, anonymous booking).
    Anonymous,
    /// Something done later to a record that the vendor has.
    Change,
    /// Something done to a booking that another system made (Solv external bookings).
    External,
}

impl Kind {
    /// The one word for it on screen and in help.
    pub fn word(self) -> &'static str {
        match self {
            Self::Lead => "Lead",
            Self::Booking => "Booking",
            Self::PreBooking => "Pre-booking",
            Self::WalkIn => "Walk-in",
            Self::Reservation => "Reservation",
            Self::Appointment => "Appointment",
            Self::Anonymous => "Guest",
            Self::Change => "Change",
            Self::External => "EMR booking",
        }
    }

    /// The same inside a sentence: `walk-in`, `EMR booking`.
    pub fn word_within(self) -> String {
        let word = self.word();
        let is_acronym = word.chars().nth(1).is_some_and(char::is_uppercase);
        if is_acronym {
            word.to_owned()
        } else {
            word.to_lowercase()
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
    /// Who sent the order, as one of the values that the lab was given (Flabs billing).
    LeadSource,
    Priority,
    BookingType,
    ScheduledAt,
    Corporate,
    Doctor,
    Hospital,
    AssignedTo,
    /// A code on the patient's tube or form, unique at the vendor.
    Barcode,
    BirthDate,
    /// Sex at birth.
    Sex,
    Title,
    Street,
    StreetSecond,
    City,
    State,
    Zip,
    /// Why the patient comes.
    Reason,
    VisitType,
    /// The patient's id in the clinic's own records.
    PatientRecord,
    ManagementUrl,
    Paperwork,
    WorkEmail,
    EmployeeNumber,
    /// Who pays.
    Payer,
    AppointmentType,
    Modules,
    Services,
    /// A room, floor or wing within the branch.
    Location,
    Clinician,
    ClinicianSex,
    /// Book only at exactly the price that was shown.
    PriceGuard,
    Referral,
    Recall,
    /// The charge band that decides price and eligibility.
    SignUpCode,
    /// The code that the patient reads back.
    PatientCode,
    /// The id under which another system keeps the booking.
    ExternalBooking,
    ExternalLocation,
    /// The system that keeps it.
    Integration,
    /// What is done to it.
    Action,
    Status,
    /// A picture from a file.
    Image,
    ImageType,
}

/// How a field is filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    Text,
    /// Ten digits and the country code of the form or the desk.
    Phone,
    /// Any country's number, as it is typed.
    AnyPhone,
    CountryCode,
    Name,
    /// A first and a last name.
    FullName,
    Age,
    Email,
    /// A day in the past: a date of birth.
    BirthDate,
    /// A moment, typed or picked: see [`KindOffer::slots`].
    When,
    /// A code that is scanned or typed, without blanks. With a prefix the desk can make one of its own: Enter on the
    /// empty field.
    Code {
        prefix: Option<String>,
    },
    /// The code that the patient reads back: Enter on the empty field has it sent.
    PatientCode,
    /// The path of a file, whose content is taken when the form is saved.
    File,
    /// One or several of a list that the vendor gives for the form as it stands.
    Listed(Listing),
    /// A text of a shape that can be seen.
    Shaped(Shape),
    /// One of a closed list: arrows or first letters pick.
    Choice(Vec<Choice>),
    /// Free text with a list to pick from.
    Suggest(Vec<String>),
}

/// A list that the vendor gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The other fields that the list depends on, besides branch and patient.
    pub needs: &'static [FieldKey],
    /// Several may be picked; the value holds theirs, with commas between.
    pub is_many: bool,
}

/// One entry of a list: what is sent and what is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

impl Choice {
    /// An entry that is shown as it is sent.
    pub fn plain(value: &str) -> Self {
        Self {
            value: value.to_owned(),
            label: value.to_owned(),
        }
    }

    /// Several entries as the value of one field, with commas between, and what they are called.
    pub fn joined(several: &[Self]) -> Self {
        let join = |part: fn(&Self) -> &str, between: &str| {
            let parts: Vec<&str> = several.iter().map(part).collect();
            parts.join(between)
        };
        Self {
            value: join(|choice| &choice.value, ","),
            label: join(|choice| &choice.label, ", "),
        }
    }
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
    /// Shown, and asked for, only while another field has one of these values.
    pub only_with: Option<(FieldKey, &'static [&'static str])>,
}

impl Field {
    /// A field that may stay empty.
    pub fn optional(key: FieldKey, label: &'static str, input: Input, help: &'static str) -> Self {
        Self {
            key,
            label,
            input,
            required: false,
            help,
            preset: String::new(),
            only_with: None,
        }
    }

    /// A field without which nothing is sent.
    pub fn required(key: FieldKey, label: &'static str, input: Input, help: &'static str) -> Self {
        Self {
            required: true,
            ..Self::optional(key, label, input, help)
        }
    }
}

/// What of a catalogue a kind takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Items {
    /// Nothing: there is no catalogue, no order and no total.
    None,
    /// Tests and packages with their prices and a discount.
    Priced,
    /// Tests and packages by name alone, at least one: the vendor prices them.
    Named,
}

/// Where the moments of a kind come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlotSource {
    /// Any moment to come; nobody says how many are free.
    Free,
    /// The slots that the vendor offers.
    Vendor,
}

/// One kind of submission and its form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindOffer {
    pub kind: Kind,
    /// Its name on the command line, unique over all vendors: `flabs-lead`.
    pub name: &'static str,
    /// What it does at the vendor, in one line.
    pub help: &'static str,
    pub fields: Vec<Field>,
    pub items: Items,
    pub slots: Option<SlotSource>,
    /// The fields that decide which slots the vendor offers, besides branch, party, patient and every listed field.
    pub slots_need: &'static [FieldKey],
    /// What the vendor finds the patients by whom it knows: with another one, it is another patient. Empty where it
    /// cannot be asked.
    pub known_by: &'static [FieldKey],
    /// What is chosen among the records that the vendor keeps of the patient.
    pub patients_own: &'static [FieldKey],
    /// What is sent only of a patient whom the vendor does not know: of others it keeps what it has.
    pub sent_if_new: &'static [FieldKey],
    /// Whom the code is sent to, and what they are registered with: for another one it is another patient's.
    pub code_is_for: &'static [FieldKey],
}

impl KindOffer {
    /// A kind with nothing but a form.
    pub fn plain(kind: Kind, name: &'static str, help: &'static str, fields: Vec<Field>) -> Self {
        Self {
            kind,
            name,
            help,
            fields,
            items: Items::None,
            slots: None,
            slots_need: &[],
            known_by: &[],
            patients_own: &[],
            sent_if_new: &[],
            code_is_for: &[],
        }
    }

    /// The vendor can be asked for the patients it knows.
    pub fn finds_patients(&self) -> bool {
        !self.known_by.is_empty()
    }
}

/// Something that can be done later to a record that the vendor has. It is a submission of its own, of kind
/// [`Kind::Change`], which follows the one that made the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeOffer {
    /// What the adapter knows it by: `check-in`.
    pub id: &'static str,
    /// `Check in`.
    pub label: &'static str,
    /// What it does at the vendor, and whether it can be undone, in one line.
    pub help: &'static str,
    /// Of which kinds' records.
    pub kinds: &'static [Kind],
    /// What must be told for it.
    pub fields: Vec<Field>,
    /// The vendor says beforehand what it will cost: that is shown, and confirmed with the change.
    pub has_terms: bool,
    /// Afterwards the record counts no more.
    pub is_end: bool,
    /// Where its moments come from, where it takes one.
    pub slots: Option<SlotSource>,
}

impl ChangeOffer {
    /// It makes another record of the same kind, at another time, and ends the one that it is for.
    pub fn replaces(&self) -> bool {
        self.is_end && self.slots.is_some()
    }

    /// It adds a file to the record, whose status stays what it was.
    pub fn adds_file(&self) -> bool {
        self.fields.iter().any(|field| field.input == Input::File)
    }
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
    /// The country code a phone number is read with where the form has none, without a plus sign.
    pub country_code: String,
    pub kinds: Vec<KindOffer>,
    pub changes: Vec<ChangeOffer>,
    /// The vendor can list a day's appointments.
    pub has_day_list: bool,
    pub parties: Vec<Party>,
    /// Every price and every submission needs a party (Flabs: party-scoped account).
    pub is_party_required: bool,
    /// Requests the vendor allows in any 60 seconds; none where it publishes no limit.
    pub budget: Option<u32>,
    /// What the vendor does about a second submission for the same patient, as one sentence.
    pub duplicate_rule: &'static str,
    /// What the vendor calls the fields, where its refusals name one in quotes; empty where they name them otherwise.
    pub field_names: Vec<(&'static str, FieldKey)>,
}

/// The field that a vendor's words name in quotes, alone or at the end of a path: `'demog.DateOfBirth'`.
pub fn named(names: &[(&str, FieldKey)], words: &str) -> Option<FieldKey> {
    text::quoted(words).find_map(|word| {
        let word = word.rsplit('.').next().unwrap_or(word);
        let mut names = names.iter();
        let (_, field) = names.find(|(name, _)| name.eq_ignore_ascii_case(word))?;
        Some(*field)
    })
}

impl Offer {
    /// The kinds in one phrase: `lead, booking or pre-booking`.
    pub fn kind_words(&self) -> String {
        let words = self.kinds.iter().map(|form| form.kind.word_within());
        let words: Vec<String> = words.collect();
        match words.as_slice() {
            [] => String::new(),
            [only] => only.clone(),
            [some @ .., last] => format!("{} or {last}", some.join(", ")),
        }
    }

    pub fn form(&self, kind: Kind) -> Option<&KindOffer> {
        self.kinds.iter().find(|offer| offer.kind == kind)
    }

    /// What of a catalogue a kind takes.
    pub fn items(&self, kind: Kind) -> Items {
        self.form(kind).map_or(Items::None, |form| form.items)
    }

    /// The change of this name.
    pub fn change(&self, id: &str) -> Option<&ChangeOffer> {
        self.changes.iter().find(|change| change.id == id)
    }

    /// Where the moments of a kind come from; none where it has none.
    pub fn slots(&self, kind: Kind) -> Option<SlotSource> {
        self.form(kind)?.slots
    }

    /// The vendor tells the free times of some kind or change: another branch has others.
    pub fn has_own_times(&self) -> bool {
        let of_kinds = self.kinds.iter().map(|kind| kind.slots);
        let of_changes = self.changes.iter().map(|change| change.slots);
        let mut all = of_kinds.chain(of_changes);
        all.any(|slots| slots == Some(SlotSource::Vendor))
    }

    /// The desk writes dates as the country of its currency does.
    pub fn day_order(&self) -> DayOrder {
        match self.currency {
            Currency::Usd => DayOrder::MonthFirst,
            _ => DayOrder::DayFirst,
        }
    }

    pub fn field(&self, kind: Kind, key: FieldKey) -> Option<&Field> {
        self.form(kind)?
            .fields
            .iter()
            .find(|field| field.key == key)
    }
}
