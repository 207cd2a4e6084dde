//! The looks at the vendor since the last try of which nobody knows: when the next one is due, and what they prove.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::history::Due;
use crate::domain::evidence::Doubt;
use crate::domain::looked::Looked;
use crate::trial;

/// When the looks come after the try ended, in seconds.
const FIRST: [u64; 5] = [5, 15, 60, 180, 600];

/// Between two looks after that.
const LATER: TimeDelta = TimeDelta::minutes(15);

/// A record may appear in the vendor's list so long after the try that made it ended.
const SETTLE: TimeDelta = TimeDelta::minutes(3);

/// So many complete reads in which it is not there.
const ENOUGH: usize = 3;

/// After so long looking changes nothing any more.
const PATIENCE: TimeDelta = TimeDelta::hours(24);

/// What the looks say of the tries before.
#[derive(Default)]
pub(super) struct Looks {
    /// When the last try ended of which nobody knows.
    tried_at: DateTime<Utc>,
    first: Option<DateTime<Utc>>,
    last: Option<DateTime<Utc>>,
    /// Looks in a row as the schedule counts them.
    in_a_row: usize,
    /// Complete reads in which it was not there.
    absences: usize,
    /// Complete reads that left it open.
    open: usize,
    is_last_unclear: bool,
}

impl Looks {
    /// No look yet at what the try that ended then has made.
    pub(super) fn after(tried_at: DateTime<Utc>) -> Self {
        Self {
            tried_at,
            ..Self::default()
        }
    }

    pub(super) fn hear(&mut self, at: DateTime<Utc>, looked: &Looked) {
        let is_readable_again = self.is_last_unclear && looked.is_complete();
        // The list is there again after it was not: what is missing is read as soon as after a try.
        self.in_a_row = if is_readable_again && self.absences < ENOUGH {
            1
        } else {
            self.in_a_row + 1
        };
        let is_open = matches!(looked, Looked::Open { .. });
        self.absences += usize::from(*looked == Looked::Absent);
        self.open += usize::from(is_open);
        self.is_last_unclear = is_open || !looked.is_complete();
        self.first = self.first.or(Some(at));
        self.last = Some(at);
    }

    /// When the next one is due: measured from the last one, so that looks that come late stay apart from each other.
    pub(super) fn due(&self) -> Due {
        let since = self.last.unwrap_or(self.tried_at);
        Due {
            since,
            at: since + self.gap(),
        }
    }

    fn gap(&self) -> TimeDelta {
        let before = self.in_a_row.checked_sub(1);
        let before = before.and_then(|before| FIRST.get(before)).unwrap_or(&0);
        match FIRST.get(self.in_a_row) {
            Some(seconds) => {
                TimeDelta::from_std(Duration::from_secs(seconds - before)).unwrap_or(LATER)
            }
            None => LATER,
        }
    }

    /// It was read often enough that it is not there, the last time after everything could be seen even if the clock
    /// is wrong by `may_be_off`.
    pub(super) fn show_absence(&self, may_be_off: TimeDelta) -> bool {
        if trial::bug("read-once-is-enough") {
            return self.absences > 0;
        }
        self.absences >= ENOUGH && !self.is_last_unclear && self.has_settled(may_be_off)
    }

    /// It was read as often and as late, and what is there leaves it open: only a person can tell.
    pub(super) fn leave_it_open(&self, may_be_off: TimeDelta) -> bool {
        self.open >= ENOUGH && self.is_last_unclear && self.has_settled(may_be_off)
    }

    fn has_settled(&self, may_be_off: TimeDelta) -> bool {
        let settled = |last: DateTime<Utc>| last - self.tried_at >= SETTLE + may_be_off;
        self.last.is_some_and(settled)
    }

    /// They have gone on for so long, or the clock leapt so far, that nobody should wait for more of them.
    pub(super) fn are_in_vain(&self) -> bool {
        let lasted = self.first.zip(self.last).map(|(first, last)| last - first);
        lasted.is_some_and(|lasted| lasted.abs() >= PATIENCE)
    }

    /// Why a person must go on if the looks do not help.
    pub(super) fn doubt(&self) -> Doubt {
        if self.is_last_unclear {
            Doubt::CouldNotLook
        } else {
            Doubt::NotFound
        }
    }
}
