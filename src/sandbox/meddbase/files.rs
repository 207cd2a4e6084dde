//! What is kept in the ledger's file beside the calls: appointments and people.

use anyhow::bail;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::NAME;
use super::appointment::Appointment;
use super::clinic::Clinic;
use super::person::Person;
use super::refusal::Refusal;
use super::slots::Taken;
use crate::sandbox::ledger::{Entry, Ledger, Record};

const APPOINTMENT: &str = "appointment";
const PERSON: &str = "person";

/// All shelves there can be.
const ALL: (&str, &str) = ("", "~");

/// The file as one call sees it: a change inside its one transaction, anything else as it stands.
pub enum Files<'a, 'e> {
    Reading(&'a Ledger),
    Changing(&'a mut Entry<'e>),
}

impl<'e> Files<'_, 'e> {
    /// The times that are taken among appointments which start in this span, both ends included.
    pub async fn taken(
        &mut self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<Taken>, Refusal> {
        let appointments: Vec<Appointment> =
            self.all(APPOINTMENT, (&shelf(from), &shelf(to))).await?;
        Ok(appointments.iter().filter_map(Appointment::taken).collect())
    }

    /// All appointments, soonest first.
    pub async fn appointments(&mut self) -> Result<Vec<Appointment>, Refusal> {
        self.all(APPOINTMENT, ALL).await
    }

    pub async fn appointment(&mut self, key: &str) -> Result<Option<Appointment>, Refusal> {
        let found = match self {
            Self::Reading(ledger) => ledger.record(NAME, APPOINTMENT, key).await?,
            Self::Changing(entry) => entry.record(APPOINTMENT, key).await?,
        };
        found.map(|record| read(&record)).transpose()
    }

    /// Everybody: those who came with the demo, and those who were made since.
    pub async fn people(&mut self, clinic: &Clinic) -> Result<Vec<Person>, Refusal> {
        let mut people = clinic.people.clone();
        people.extend(self.all(PERSON, ALL).await?);
        Ok(people)
    }

    /// The number of the next appointment.
    pub async fn next(&mut self) -> Result<i64, Refusal> {
        Ok(self.entry()?.count(APPOINTMENT).await? + 1)
    }

    pub async fn keep_appointment(&mut self, appointment: &Appointment) -> Result<(), Refusal> {
        let shelf = shelf(appointment.starts);
        self.keep(APPOINTMENT, appointment.key(), shelf, appointment)
            .await
    }

    pub async fn keep_person(&mut self, person: &Person) -> Result<(), Refusal> {
        self.keep(PERSON, person.key.clone(), String::new(), person)
            .await
    }

    async fn keep(
        &mut self,
        kind: &'static str,
        id: String,
        shelf: String,
        state: &impl Serialize,
    ) -> Result<(), Refusal> {
        let record = Record {
            kind,
            id,
            shelf,
            state: serde_json::to_value(state).map_err(anyhow::Error::new)?,
        };
        Ok(self.entry()?.keep(&record).await?)
    }

    async fn all<T: DeserializeOwned>(
        &mut self,
        kind: &'static str,
        shelves: (&str, &str),
    ) -> Result<Vec<T>, Refusal> {
        let records = match self {
            Self::Reading(ledger) => ledger.records(NAME, kind, shelves).await?,
            Self::Changing(entry) => entry.records(kind, shelves).await?,
        };
        records.iter().map(read).collect()
    }

    /// Only a change has one.
    fn entry(&mut self) -> anyhow::Result<&mut Entry<'e>> {
        match self {
            Self::Changing(entry) => Ok(entry),
            Self::Reading(_) => bail!("a call that changes nothing may not write"),
        }
    }
}

fn read<T: DeserializeOwned>(record: &Record) -> Result<T, Refusal> {
    T::deserialize(&record.state).map_err(|error| anyhow::Error::new(error).into())
}

/// Appointments lie in the order of their start.
fn shelf(moment: DateTime<Utc>) -> String {
    moment.format("%Y-%m-%dT%H:%M").to_string()
}
