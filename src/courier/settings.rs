//! How the courier behaves towards one account: plain values, told by the configuration.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use chrono_tz::Tz;

use crate::domain::evidence::MOST_TRIES;
use crate::domain::offer::ChangeOffer;

/// The settings of one profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    pub profile: String,
    /// Whose sign-in it is: every console that uses the same key of the same vendor says the same.
    pub account: String,
    /// The zone of the vendor's day, for [`crate::domain::submission::Intent::day`].
    pub zone: Tz,
    /// What the vendor offers to do later to a record.
    pub changes: Arc<[ChangeOffer]>,
    /// How long a saved intent stays before it leaves, so that it can be taken back.
    pub hold: Duration,
    /// Between the tries of one intent.
    pub back_off: BackOff,
    /// Between two looks whether the vendor can be reached and takes the key, while it cannot or does not.
    pub outage: BackOff,
    /// Tries that reached the wire and were not answered before a person decides.
    pub tries: usize,
    /// Sends under way at once, and looks beside them.
    pub at_once: usize,
}

impl Settings {
    /// The defaults, of a vendor that offers nothing to do later.
    pub fn new(profile: &str, zone: Tz) -> Self {
        Self {
            profile: profile.to_owned(),
            account: profile.to_owned(),
            zone,
            changes: Arc::default(),
            hold: Duration::from_secs(3),
            back_off: BackOff::default(),
            outage: BackOff::of([5, 15, 25]),
            tries: MOST_TRIES,
            at_once: 4,
        }
    }
}

/// Growing ceilings of a wait; the last one repeats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackOff {
    pub ceilings: Vec<Duration>,
}

impl Default for BackOff {
    /// 5 s, 15 s, 1 min, 3 min, then 5 min.
    fn default() -> Self {
        Self::of([5, 15, 60, 180, 300])
    }
}

impl BackOff {
    /// Ceilings in seconds.
    pub fn of<const N: usize>(seconds: [u64; N]) -> Self {
        Self {
            ceilings: seconds.map(Duration::from_secs).to_vec(),
        }
    }

    /// [`Self::wait`], as a length of time.
    pub fn rest(&self, failures: usize, seed: impl Hash) -> Duration {
        self.wait(failures, seed).to_std().unwrap_or_default()
    }

    /// The wait after `failures` in a row (from 1): anything between nothing and the ceiling ("full jitter"), so that
    /// desks that failed together do not come back together. The same `seed` gives the same wait: a moment that was
    /// told to the clerk does not move when it is computed again.
    pub fn wait(&self, failures: usize, seed: impl Hash) -> TimeDelta {
        let last = self.ceilings.len().saturating_sub(1);
        let ceiling = self
            .ceilings
            .get(failures.saturating_sub(1).min(last))
            .copied()
            .unwrap_or_default();
        let mut hasher = DefaultHasher::new();
        (failures, seed).hash(&mut hasher);
        let part = fastrand::Rng::with_seed(hasher.finish()).f64();
        TimeDelta::from_std(ceiling.mul_f64(part)).unwrap_or_default()
    }
}
