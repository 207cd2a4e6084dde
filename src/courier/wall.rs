//! How far the wall clock can be believed: somebody may set it at any moment, and midnight at the vendor does not move.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::plan::Reading;
use crate::clock::Steady;

/// How long it is remembered that the clock was set, at least: a vendor's day, and what the clock was wrong by.
const MEMORY: Duration = Duration::from_secs(48 * 3_600);

/// The wall clock, watched against the steady one.
#[derive(Debug, Default)]
pub(super) struct Wall {
    lately: Option<Span>,
    before: Option<Span>,
}

/// What the wall clock was ahead of the steady one, in a stretch of time.
#[derive(Clone, Copy, Debug)]
struct Span {
    since: Steady,
    least: TimeDelta,
    most: TimeDelta,
}

impl Wall {
    /// Reads both clocks.
    pub(super) fn read(&mut self, at: DateTime<Utc>, steady: Steady) -> Reading {
        let ahead = (at - DateTime::UNIX_EPOCH) - TimeDelta::from_std(steady).unwrap_or_default();
        let now = Span {
            since: steady,
            least: ahead,
            most: ahead,
        };
        let lately = match self.lately {
            Some(span) if steady.saturating_sub(span.since) < MEMORY => span.and(now),
            old => {
                self.before = old;
                now
            }
        };
        self.lately = Some(lately);
        let known = self.before.map_or(lately, |before| before.and(lately));
        Reading {
            at,
            may_be_off: known.most - known.least,
        }
    }
}

impl Span {
    fn and(self, other: Self) -> Self {
        Self {
            since: self.since,
            least: self.least.min(other.least),
            most: self.most.max(other.most),
        }
    }
}
