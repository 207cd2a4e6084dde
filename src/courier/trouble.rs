//! A trouble that stops more than one intent: the disk does not take commits, or the account's requests are refused.

use chrono::TimeDelta;
use tokio::time::Instant;

/// How often in a row, and until when nothing is tried. Counts on the steady clock: setting the wall clock neither
/// shortens nor prolongs it.
#[derive(Debug, Default)]
pub(super) struct Trouble {
    times: usize,
    until: Option<Instant>,
}

impl Trouble {
    /// It happened again; `wait` is asked how long to rest after so many times in a row.
    pub(super) fn again(&mut self, wait: impl FnOnce(usize) -> TimeDelta) {
        self.times += 1;
        let rest = wait(self.times).to_std().unwrap_or_default();
        self.until = Some(Instant::now() + rest);
    }

    pub(super) fn is_over(&mut self) {
        *self = Self::default();
    }

    /// The last time it was tried, it happened.
    pub(super) fn lasts(&self) -> bool {
        self.times > 0
    }

    /// Until when nothing is tried, where that is yet to come.
    pub(super) fn rests_until(&self) -> Option<Instant> {
        self.until.filter(|until| *until > Instant::now())
    }
}
