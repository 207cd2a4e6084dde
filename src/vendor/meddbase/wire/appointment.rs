//! `AppointmentData`: what was booked, and what stands in the list of appointments
//! (<https://meddbase.github.io/meddbase-apis/patient-portal-api/objects-and-data-types/appointmentdata.html>).

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset, NaiveDate};
use chrono_tz::Tz;
use serde_json::Value;

use super::moment::{self, Written};
use super::object::Object;
use super::person;
use super::search::{self, in_currency};
use crate::domain::branch::Branch;
use crate::domain::looked::Told;
use crate::domain::money::Money;
use crate::domain::offer::{Choice, FieldKey};
use crate::domain::schedule;
use crate::domain::slot::Listed;
use crate::domain::text::one_line;
use crate::vendor::meddbase::settings::{Settings, UNITED_KINGDOM};

pub const LIST: &str = "/patientportalapi/appointment/appointments";
pub const CANCELLATION_INFO: &str = "/patientportalapi/appointment/cancellation-info";
pub const CANCEL: &str = "/patientportalapi/appointment/cancel";

/// What the cost of a cancellation is called.
const FEE: &str = "Cancellation fee";
const NO_FEE: &str = "none";
const NOT_TOLD: &str = "not told: ask Meddbase";
/// Longer than any number a person could copy.
const LONGEST_NUMBER: usize = 100;

/// An appointment that was made: its number, and what a person is told of it.
#[derive(Debug)]
pub struct Booked {
    pub number: String,
    pub told: Vec<Told>,
}

impl Booked {
    /// The answer to a booking, or why it proves none.
    pub fn read(result: &Value, settings: &Settings) -> Result<Self, String> {
        let appointment = Object::of(result).ok_or("told no appointment")?;
        Self::of(appointment, settings)
            .ok_or_else(|| "told no number that can be read out".to_owned())
    }

    /// One whose number cannot be copied is none.
    pub fn of(appointment: Object<'_>, settings: &Settings) -> Option<Self> {
        let key = appointment.key("Key")?;
        is_readable(&key).then(|| Self {
            number: one_line(&key),
            told: told(appointment, settings),
        })
    }
}

/// A person can copy it, and it is what the vendor knows it by.
fn is_readable(key: &str) -> bool {
    key.len() <= LONGEST_NUMBER && one_line(key) == key.trim()
}

/// What a person is told of an appointment: who, where, when, and what is owed.
fn told(appointment: Object<'_>, settings: &Settings) -> Vec<Told> {
    let place = |name: &str| appointment.object(name)?.text("Name");
    let clinician = appointment.object("Clinician");
    let row = Row(appointment);
    let site = row.site();
    let zone = site.map_or(UNITED_KINGDOM, |site| settings.own.zone(&site));
    let time = row.starts(zone).map(|start| {
        if zone == settings.zone {
            moment::told(start.naive_local())
        } else {
            schedule::echo(start, zone)
        }
    });
    let invoice = appointment.object("Invoice");
    let owed = invoice.and_then(|invoice| Some(in_currency(invoice, owed(invoice)?)));
    let lines = [
        (
            "Clinician",
            clinician.and_then(|clinician| clinician.text_of(&["FullName", "Name"])),
        ),
        ("Site", place("Site")),
        ("Location", place("Location")),
        ("Time", time),
        ("Owed", owed),
        (
            "Invoice",
            invoice.and_then(|invoice| invoice.text("Number")),
        ),
    ];
    let lines = lines.into_iter();
    lines
        .filter_map(|(label, text)| Some(line(label, text?)))
        .collect()
}

pub fn line(label: &str, text: impl Into<String>) -> Told {
    Told {
        label: label.to_owned(),
        text: text.into(),
    }
}

/// The gross total without what is credited
/// (<https://meddbase.github.io/meddbase-apis/patient-portal-api/objects-and-data-types/invoicedata.html>).
fn billed(invoice: Object<'_>) -> Option<Money> {
    let total = invoice.amount("TotalGross")?;
    let notes = invoice.list("CreditNotes").into_iter();
    let credited: Money = notes.filter_map(|note| note.amount("GrossPrice")).sum();
    Some(total - credited)
}

/// What is left of it to be paid.
fn owed(invoice: Object<'_>) -> Option<Money> {
    Some(billed(invoice)? - invoice.amount("Paid").unwrap_or_default())
}

/// What a cancellation cost: nothing without an invoice, else what the invoice comes to, and what of it is owed where
/// that is another amount. An invoice that does not tell its total is never told as none.
pub fn charged(result: &Value) -> Vec<Told> {
    if result.is_null() || result.as_str() == Some("") {
        return vec![line(FEE, NO_FEE)];
    }
    let invoice = Object::of(result);
    let total = invoice.and_then(|invoice| Some((invoice, billed(invoice)?)));
    let Some((invoice, total)) = total else {
        let number = invoice.and_then(|invoice| invoice.text("Number"));
        let number = number.map(|number| line("Invoice", number));
        return std::iter::once(line(FEE, NOT_TOLD)).chain(number).collect();
    };
    let mut told = vec![line(FEE, in_currency(invoice, total))];
    let owed = owed(invoice).filter(|owed| *owed != total);
    told.extend(owed.map(|owed| line("Owed", in_currency(invoice, owed))));
    told
}

/// What cancelling an appointment will cost, before it is done
/// (<https://meddbase.github.io/meddbase-apis/patient-portal-api/objects-and-data-types/appointmentcancellationdata.html>).
pub fn cancellation(result: &Value) -> Option<Vec<Told>> {
    let info = Object::of(result)?;
    let fee = match info.amount("Fee") {
        None => NOT_TOLD.to_owned(),
        Some(Money::ZERO) => NO_FEE.to_owned(),
        Some(fee) => in_currency(info, fee),
    };
    let mut told = vec![line(FEE, fee)];
    told.extend(info.text("Detail").map(|detail| line("Terms", detail)));
    Some(told)
}

/// The fee among such lines, as it is told.
pub fn fee(terms: &[Told]) -> Option<&str> {
    let fee = terms.iter().find(|line| line.label == FEE)?;
    Some(&fee.text)
}

/// One row of the list of appointments.
#[derive(Clone, Copy)]
pub struct Row<'a>(pub Object<'a>);

impl<'a> Row<'a> {
    pub fn number(self) -> Option<String> {
        self.0.key("Key")
    }

    pub fn place(self) -> Option<Object<'a>> {
        self.0.object("Site")
    }

    pub fn site(self) -> Option<String> {
        self.place()?.key("Key")
    }

    pub fn kind(self) -> Option<String> {
        self.0.object("Type")?.key("Key")
    }

    pub fn payer(self) -> Option<String> {
        self.0.key("PayerType")
    }

    pub fn patient(self) -> Option<Object<'a>> {
        self.0.object("Patient")
    }

    /// Keys of modules or services.
    pub fn keys(self, name: &str) -> Vec<String> {
        let list = self.0.list(name).into_iter();
        list.filter_map(|object| object.key("Key")).collect()
    }

    pub fn starts(self, zone: Tz) -> Option<DateTime<FixedOffset>> {
        Written::read(&self.0.key("Start")?)?.in_zone(zone)
    }

    /// The vendor's word for how it stands; empty where it tells none.
    pub fn state(self) -> String {
        self.0.text("State").unwrap_or_default()
    }

    /// "Cancelled" and "DNA" stand for nothing any more.
    pub fn counts(self) -> bool {
        let state = self.state();
        !["Cancelled", "DNA"]
            .iter()
            .any(|gone| gone.eq_ignore_ascii_case(&state))
    }

    /// The patient of the row is the one who was entered under this name and date of birth; none where the row does
    /// not tell. Another date of birth is another person; another name may be how the vendor writes the same one.
    pub fn is_for(self, name: &str, birth: Option<NaiveDate>) -> Option<bool> {
        let patient = self.patient()?;
        if let (Some(birth), Some(born)) = (birth, person::born(patient))
            && birth != born
        {
            return Some(false);
        }
        let is_named = person::full_name(patient).eq_ignore_ascii_case(name);
        is_named.then_some(true)
    }

    /// What was chosen for it, as a form holds it. Who sees the patient and in which room may have been anybody's choice.
    fn details(self) -> BTreeMap<FieldKey, Choice> {
        let kind = self.0.object("Type");
        let kind = kind.and_then(|kind| search::named(kind, &["Name"]));
        let payer = self.payer().map(|key| Choice::plain(&key));
        let several = |name: &str| {
            let list = self.0.list(name).into_iter();
            let chosen = list.filter_map(|one| search::named(one, &["Name", "Code"]));
            let (values, labels): (Vec<String>, Vec<String>) =
                chosen.map(|choice| (choice.value, choice.label)).unzip();
            (!values.is_empty()).then(|| Choice {
                value: values.join(","),
                label: labels.join(", "),
            })
        };
        let told = [
            (FieldKey::Payer, payer),
            (FieldKey::AppointmentType, kind),
            (FieldKey::Modules, several("Modules")),
            (FieldKey::Services, several("Services")),
        ];
        let told = told.into_iter();
        told.filter_map(|(key, choice)| Some((key, choice?)))
            .collect()
    }

    /// The row for a person. One without number or time cannot be shown.
    pub fn listed(
        self,
        site: Option<Branch>,
        zone: Tz,
        upcoming: &[String],
        now: DateTime<FixedOffset>,
    ) -> Option<Listed> {
        let (at, number) = (self.starts(zone)?, self.number()?);
        let state = self.state();
        let is_upcoming = upcoming.iter().any(|one| one.eq_ignore_ascii_case(&state));
        let name = self.patient().map(person::full_name);
        let kind = self.0.object("Type").and_then(|kind| kind.text("Name"));
        let clinician = self.0.object("Clinician");
        let clinician = clinician.and_then(|one| one.text_of(&["FullName", "Name"]));
        let what = [kind, clinician].into_iter().flatten();
        Some(Listed {
            number: one_line(&number),
            at,
            site,
            patient: name.unwrap_or_default(),
            key: self.patient().and_then(|patient| patient.key("Key")),
            what: what.collect::<Vec<_>>().join(", "),
            details: self.details(),
            state: self
                .0
                .text_of(&["StateDisplayName", "State"])
                .unwrap_or(state),
            can_be_cancelled: is_upcoming && at > now && is_readable(&number),
        })
    }
}
