//! A trouble that stops more than one intent: the disk does not take commits, or the account's requests are refused.

use std::time::Duration;

use crate::clock::Steady;

/// How often in a row, and until when nothing is tried. Counts on the steady clock: setting the wall clock neither
/// shortens nor prolongs it, and a machine that slept has waited.
#[derive(Debug, Default)]
pub(super) struct Trouble {
    times: usize,
    until: Steady,
}

impl Trouble {
    /// It happened again; `wait` is asked how long to rest after so many times in a row.
    pub(super) fn again(&mut self, now: Steady, wait: impl FnOnce(usize) -> Duration) {
        self.times += 1;
        self.until = now + wait(self.times);
    }

    pub(super) fn is_over(&mut self) {
        *self = Self::default();
    }

    /// The last time it was tried, it happened.
    pub(super) fn lasts(&self) -> bool {
        self.times > 0
    }

    /// How many times in a row.
    pub(super) fn times(&self) -> usize {
        self.times
    }

    /// How long nothing is tried any more, where that is not over.
    pub(super) fn rest(&self, now: Steady) -> Option<Duration> {
        self.until.checked_sub(now).filter(|rest| !rest.is_zero())
    }
}
