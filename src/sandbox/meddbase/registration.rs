//! Who has registered without logging in: a session from the demographics to the booking.
//!
//! <https://meddbase.github.io/meddbase-apis/patient-portal-api/anonymous-appointment-booking/anonymous-appointment-booking.html>.
//! Like logins they live in memory.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value};

use super::account::{Client, SignUp};
use super::code::{Code, Underway};
use super::refusal::Refusal;
use super::sent::Sent;
use crate::sandbox::secret;

/// A24: minutes from registering to booking.
const MINUTES: i64 = 15;

/// One of them.
pub struct Registration {
    client: &'static Client,
    /// The sign-up code that was registered with.
    pub sign_up: Option<&'static SignUp>,
    pub demog: Map<String, Value>,
    ends: DateTime<Utc>,
    pub is_confirmed: bool,
    pub code: Code,
}

impl Registration {
    /// Whoever comes with a charge band that wants no code is confirmed at once.
    pub fn new(
        client: &'static Client,
        sign_up: Option<&'static SignUp>,
        demog: Map<String, Value>,
        code: Code,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            client,
            sign_up,
            demog,
            ends: now + TimeDelta::minutes(MINUTES),
            is_confirmed: sign_up.is_some_and(|band| !band.is_confirmed_by_code),
            code,
        }
    }
}

/// All that are open, by session id.
#[derive(Default)]
pub struct Registrations(Mutex<HashMap<String, Registration>>);

impl Registrations {
    /// Opens a session and gives its id.
    pub fn begin(&self, registration: Registration) -> anyhow::Result<String> {
        // The vendor's own are base64: they hold characters that must be carried untouched.
        let session = format!("{}+/=", secret::hex(20)?);
        self.open().insert(session.clone(), registration);
        Ok(session)
    }

    /// Does something with the one whose session was sent.
    pub fn with<T>(
        &self,
        client: &Client,
        sent: &Sent,
        now: DateTime<Utc>,
        then: impl FnOnce(&mut Registration) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let session = sent.session().ok_or_else(|| Refusal::logged_out(false))?;
        let mut open = self.open();
        open.retain(|_, registration| now < registration.ends);
        let registration = open.get_mut(session);
        let registration = registration
            .filter(|known| known.client.key == client.key)
            .ok_or_else(|| Refusal::logged_out(true))?;
        then(registration)
    }

    /// A24: once something is booked with it, it is over.
    pub fn end(&self, sent: &Sent) {
        self.open().remove(sent.session().unwrap_or_default());
    }

    /// The client key that a session was opened with.
    pub fn owner(&self, session: &str) -> Option<&'static str> {
        self.open().get(session).map(|known| known.client.key)
    }

    /// All codes that somebody could still read back.
    pub fn codes(&self, now: DateTime<Utc>) -> Vec<Underway> {
        let open = self.open();
        let codes = open.values().filter_map(|registration| {
            let email = registration.demog.get("EmailAddress");
            let email = email.and_then(Value::as_str).unwrap_or_default();
            registration.code.underway(email, "anonymous", now)
        });
        codes.collect()
    }

    fn open(&self) -> MutexGuard<'_, HashMap<String, Registration>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
