//! Whose an appointment is, where nothing that is known of it says so: a call without a `patient` means whoever is
//! signed in (<https://meddbase.github.io/meddbase-apis/patient-portal-api/appointments/bookproposedtimeslot.html>), so
//! that it would ask, and book, for the manager.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, FixedOffset};

use super::appointments::{Appointments, numbered, patient_key};
use super::caller::Call;
use super::portal::Portal;
use super::settings::Settings;
use super::wire::person::{self, Demographics};
use crate::domain::failure::Failure;

/// What is said where it stays unknown.
pub const NOT_TOLD: &str = "Meddbase does not tell whose it is";

/// More appointments than are moved in a day.
const MOST: usize = 256;

/// Keys of patients by the number of an appointment: that never comes to be somebody else's.
#[derive(Default)]
pub struct Owners(Mutex<BTreeMap<String, String>>);

impl Owners {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn get(&self, number: &str) -> Option<String> {
        self.lock().get(number).cloned()
    }

    fn keep(&self, number: &str, key: &str) {
        let mut known = self.lock();
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(number.to_owned(), key.to_owned());
    }
}

pub struct Whose<'a> {
    pub portal: &'a Portal,
    pub settings: &'a Settings,
    pub now: DateTime<FixedOffset>,
}

impl Whose<'_> {
    /// The key of somebody who was entered before: found by the same words, and never created. None where the vendor
    /// finds nobody or more than one.
    pub async fn known(&self, demographics: &Demographics) -> Result<Option<String>, Failure> {
        let body = demographics.body();
        let call = Call::post(person::FIND, Vec::new(), &body);
        match self.portal.read(&call).await {
            Ok(found) => Ok(person::key(&found)),
            Err(Failure::Refused(_)) => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    /// The same for an appointment: whoever is found has it among theirs, and is no namesake.
    pub async fn proven(
        &self,
        demographics: &Demographics,
        number: &str,
    ) -> Result<Option<String>, Failure> {
        let Some(key) = self.known(demographics).await? else {
            return Ok(None);
        };
        let pages = self.list().to_come(Some(&key), self.now).await?;
        Ok(numbered(&pages, number).map(|_| key))
    }

    /// The same for whoever asks often: what its row tells counts, too, and what was found is remembered.
    pub async fn remembered(
        &self,
        owners: &Owners,
        demographics: &Demographics,
        number: &str,
    ) -> Result<Option<String>, Failure> {
        if let Some(key) = owners.get(number) {
            return Ok(Some(key));
        }
        let key = match self.proven(demographics, number).await? {
            Some(key) => Some(key),
            None => {
                let pages = self.list().to_come(None, self.now).await?;
                numbered(&pages, number).and_then(patient_key)
            }
        };
        if let Some(key) = &key {
            owners.keep(number, key);
        }
        Ok(key)
    }

    fn list(&self) -> Appointments<'_> {
        Appointments {
            portal: self.portal,
            settings: self.settings,
        }
    }
}
