//! Which tokens are alive, and for what (docs: `access-token-v-1-auth-token-post`, A5 to A8).
//!
//! They live in memory: a sandbox that was restarted asks everybody to sign in again.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use super::account::Account;
use crate::sandbox::secret;

/// Seconds a token for bookings lives; one that only reads locations lives for ever.
pub const LIFE: i64 = 3_600;

/// What a token may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    ReadLocations,
    ReadBookings,
    WriteBookings,
}

impl Scope {
    pub fn of(word: &str) -> Option<Self> {
        match word {
            "read:locations" => Some(Self::ReadLocations),
            "read:bookings" => Some(Self::ReadBookings),
            "write:bookings" => Some(Self::WriteBookings),
            _ => None,
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::ReadLocations => "read:locations",
            Self::ReadBookings => "read:bookings",
            Self::WriteBookings => "write:bookings",
        }
    }
}

/// A token that was given out.
#[derive(Clone)]
pub struct Held {
    pub account: &'static Account,
    pub scopes: Vec<Scope>,
    /// None lives for ever.
    pub ends: Option<DateTime<Utc>>,
}

impl Held {
    fn is_alive(&self, now: DateTime<Utc>) -> bool {
        self.ends.is_none_or(|ends| now < ends)
    }
}

/// All tokens that were given out and are not dead; several at once may be alive.
#[derive(Default)]
pub struct Tokens(Mutex<HashMap<String, Held>>);

impl Tokens {
    /// A new token; also forgets what has lapsed.
    pub fn issue(
        &self,
        account: &'static Account,
        scopes: Vec<Scope>,
        now: DateTime<Utc>,
    ) -> anyhow::Result<(String, Held)> {
        let is_for_bookings = scopes.iter().any(|scope| *scope != Scope::ReadLocations);
        let held = Held {
            account,
            scopes,
            ends: is_for_bookings.then(|| now + TimeDelta::seconds(LIFE)),
        };
        let token = secret::hex(24)?;
        let mut alive = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        alive.retain(|_, held| held.is_alive(now));
        alive.insert(token.clone(), held.clone());
        Ok((token, held))
    }

    /// What a token is for, while it lives.
    pub fn held(&self, token: &str, now: DateTime<Utc>) -> Option<Held> {
        let alive = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        alive.get(token).filter(|held| held.is_alive(now)).cloned()
    }
}
