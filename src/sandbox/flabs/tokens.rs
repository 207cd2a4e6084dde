//! Which tokens are alive (<https://developer.flabslis.com/auth/introduction>).
//!
//! They live in memory: a sandbox that was restarted asks everybody to sign in again.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use super::account::Account;
use crate::sandbox::secret;

/// Seconds an auth token lives.
pub const LIFE: i64 = 600;
/// Days after which an unused refresh token is dead.
const IDLE_DAYS: i64 = 30;

/// What signing in and refreshing give.
pub struct Pair {
    pub auth: String,
    pub refresh: String,
}

struct Held {
    account: &'static Account,
    ends: DateTime<Utc>,
}

#[derive(Default)]
struct Alive {
    auth: HashMap<String, Held>,
    refresh: HashMap<String, Held>,
}

/// All tokens that were given out and are not dead.
#[derive(Default)]
pub struct Tokens(Mutex<Alive>);

impl Tokens {
    /// A new pair; also forgets what has lapsed.
    pub fn issue(&self, account: &'static Account, now: DateTime<Utc>) -> anyhow::Result<Pair> {
        let pair = Pair {
            auth: secret::hex(24)?,
            refresh: secret::hex(24)?,
        };
        let held = |lasting| Held {
            account,
            ends: now + lasting,
        };
        let mut alive = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        alive.auth.retain(|_, held| now < held.ends);
        alive.refresh.retain(|_, held| now < held.ends);
        alive
            .auth
            .insert(pair.auth.clone(), held(TimeDelta::seconds(LIFE)));
        alive
            .refresh
            .insert(pair.refresh.clone(), held(TimeDelta::days(IDLE_DAYS)));
        Ok(pair)
    }

    /// Uses a refresh token up; false where it is dead, unknown or another account's.
    pub fn redeem(&self, account: &Account, refresh: &str, now: DateTime<Utc>) -> bool {
        let mut alive = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_good = alive
            .refresh
            .get(refresh)
            .is_some_and(|held| held.account == account && now < held.ends);
        if is_good {
            alive.refresh.remove(refresh);
        }
        is_good
    }

    /// The account an auth token speaks for, while it lives.
    pub fn bearer(&self, auth: &str, now: DateTime<Utc>) -> Option<&'static Account> {
        let alive = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let held = alive.auth.get(auth)?;
        (now < held.ends).then_some(held.account)
    }
}
