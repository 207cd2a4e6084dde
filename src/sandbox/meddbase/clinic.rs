//! The demo clinics as they lie in the binary: sites, clinicians and their sessions, what can be booked, and people.
//!
//! Read once when the sandbox starts. Money is in pence, net and tax apart.

use anyhow::Context;
use chrono::{DateTime, NaiveDateTime, NaiveTime, TimeZone, Utc, Weekday};
use chrono_tz::Tz;
use serde::Deserialize;
use serde_json::Value;

use super::person::Person;
use super::price::Price;

const SITES: &str = include_str!("../../../assets/meddbase/sites.json");
const CLINICIANS: &str = include_str!("../../../assets/meddbase/clinicians.json");
const TYPES: &str = include_str!("../../../assets/meddbase/types.json");
const SERVICES: &str = include_str!("../../../assets/meddbase/services.json");
const PATIENTS: &str = include_str!("../../../assets/meddbase/patients.json");
const REQUESTS: &str = include_str!("../../../assets/meddbase/requests.json");

/// One geographic place and its rooms.
#[derive(Deserialize)]
pub struct Site {
    pub key: i64,
    pub name: String,
    /// Every time at this site is wall-clock time in this zone (A14).
    pub zone: Tz,
    pub latitude: f64,
    pub longitude: f64,
    pub address: Value,
    pub locations: Vec<Location>,
}

impl Site {
    pub fn location(&self, key: i64) -> Option<&Location> {
        self.locations.iter().find(|location| location.key == key)
    }

    /// The moment of a wall-clock time; None where the clocks skip it. Of a time that comes twice, the first.
    pub fn moment(&self, local: NaiveDateTime) -> Option<DateTime<Utc>> {
        let moment = self.zone.from_local_datetime(&local).earliest()?;
        Some(moment.to_utc())
    }

    pub fn local(&self, moment: DateTime<Utc>) -> NaiveDateTime {
        moment.with_timezone(&self.zone).naive_local()
    }
}

/// A room, floor or wing; it may lie elsewhere than its site.
#[derive(Deserialize)]
pub struct Location {
    pub key: i64,
    pub name: String,
    pub address: Option<Value>,
}

/// Who sees the patients, and when.
#[derive(Deserialize)]
pub struct Clinician {
    pub key: i64,
    pub name: String,
    /// 1 male, 2 female.
    pub sex: i64,
    pub resource: i64,
    pub sessions: Vec<Session>,
}

/// Hours of a week that allow online booking.
#[derive(Deserialize)]
pub struct Session {
    pub site: i64,
    pub location: i64,
    pub days: Vec<Weekday>,
    pub from: NaiveTime,
    pub to: NaiveTime,
    /// Keys of appointment types.
    pub types: Vec<String>,
}

/// A type of appointment.
#[derive(Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "the contract has them")]
pub struct Kind {
    pub key: String,
    pub name: String,
    pub notes: String,
    pub minutes: i64,
    pub policy: String,
    pub can_book: bool,
    pub can_refer: bool,
    pub is_remote: bool,
    pub can_add_services: bool,
    /// Keys of payer types and sign-up codes that may book it.
    pub payers: Vec<String>,
    #[serde(flatten)]
    pub price: Price,
    pub modules: Vec<Module>,
    /// Shortest notice first.
    pub cancellation: Vec<Notice>,
}

/// A part of an appointment type that is chosen and priced.
#[derive(Deserialize)]
pub struct Module {
    pub key: i64,
    pub name: String,
    pub notes: String,
    #[serde(flatten)]
    pub price: Price,
}

/// What a cancellation costs with less than so many hours' notice.
#[derive(Deserialize)]
pub struct Notice {
    pub hours: i64,
    /// Pence.
    pub fee: i64,
}

/// An extra service and the appointment types it goes with.
#[derive(Deserialize)]
pub struct Service {
    pub key: i64,
    pub code: String,
    pub name: String,
    #[serde(flatten)]
    pub price: Price,
    pub group: i64,
    pub group_name: String,
    pub types: Vec<String>,
}

/// A referral that a manager has made.
#[derive(Deserialize)]
pub struct Referral {
    pub key: String,
    pub number: String,
    pub patient: String,
    pub referrer: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub state: String,
    pub created: NaiveDateTime,
    pub modified: NaiveDateTime,
}

/// A patient who is to come again.
#[derive(Deserialize)]
pub struct Recall {
    pub key: String,
    pub patient: String,
    pub reason: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub due: NaiveDateTime,
    pub created: NaiveDateTime,
    pub clinician: i64,
}

#[derive(Deserialize)]
struct Requests {
    referrals: Vec<Referral>,
    recalls: Vec<Recall>,
}

/// All of it.
pub struct Clinic {
    pub sites: Vec<Site>,
    pub clinicians: Vec<Clinician>,
    pub kinds: Vec<Kind>,
    pub services: Vec<Service>,
    pub people: Vec<Person>,
    pub referrals: Vec<Referral>,
    pub recalls: Vec<Recall>,
}

impl Clinic {
    /// Fails only where the files in the binary are not what this module reads.
    pub fn open() -> anyhow::Result<Self> {
        let requests: Requests = read("requests", REQUESTS)?;
        Ok(Self {
            sites: read("sites", SITES)?,
            clinicians: read("clinicians", CLINICIANS)?,
            kinds: read("types", TYPES)?,
            services: read("services", SERVICES)?,
            people: read("patients", PATIENTS)?,
            referrals: requests.referrals,
            recalls: requests.recalls,
        })
    }

    pub fn site(&self, key: i64) -> Option<&Site> {
        self.sites.iter().find(|site| site.key == key)
    }

    pub fn clinician(&self, key: i64) -> Option<&Clinician> {
        self.clinicians.iter().find(|person| person.key == key)
    }

    pub fn kind(&self, key: &str) -> Option<&Kind> {
        self.kinds.iter().find(|kind| kind.key == key)
    }
}

fn read<T: Deserialize<'static>>(name: &str, text: &'static str) -> anyhow::Result<T> {
    serde_json::from_str(text).with_context(|| format!("the demo clinics' {name} cannot be read"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_the_files_name_is_there() {
        let clinic = Clinic::open().unwrap();
        let is_kind = |key: &String| clinic.kind(key).is_some();
        for session in clinic.clinicians.iter().flat_map(|person| &person.sessions) {
            let site = clinic.site(session.site).unwrap();
            assert!(site.location(session.location).is_some());
            assert!(session.from < session.to);
            assert!(session.types.iter().all(is_kind));
        }
        for service in &clinic.services {
            assert!(service.types.iter().all(is_kind), "{}", service.name);
        }
        let is_person = |key: &str| clinic.people.iter().any(|person| person.key == key);
        for referral in &clinic.referrals {
            assert!(is_kind(&referral.kind) && is_person(&referral.patient));
        }
        for recall in &clinic.recalls {
            assert!(is_kind(&recall.kind) && is_person(&recall.patient));
            assert!(clinic.clinician(recall.clinician).is_some());
        }
        for kind in &clinic.kinds {
            assert!(kind.cancellation.is_sorted_by_key(|notice| notice.hours));
        }
    }

    #[test]
    fn there_are_two_zones_and_clinicians_of_both_sexes() {
        let clinic = Clinic::open().unwrap();
        let zones: Vec<&str> = clinic.sites.iter().map(|site| site.zone.name()).collect();
        assert_eq!(
            zones,
            ["Europe/London", "Europe/London", "Europe/Gibraltar"]
        );
        for sex in [1, 2] {
            assert!(clinic.clinicians.iter().any(|person| person.sex == sex));
        }
    }
}
