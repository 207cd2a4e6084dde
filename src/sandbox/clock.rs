//! The sandbox's one clock: the machine's, moved by as much as a test or a trainer asks for.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};

use crate::clock;

/// A clock that runs at the machine's pace, at a distance from it.
pub struct Clock {
    machine: clock::Clock,
    /// Milliseconds ahead of the machine.
    ahead: AtomicI64,
}

impl Clock {
    /// At the machine's time, as `machine` tells it.
    pub fn new(machine: clock::Clock) -> Self {
        Self {
            machine,
            ahead: AtomicI64::default(),
        }
    }

    pub fn now(&self) -> DateTime<Utc> {
        let now = self.machine.now();
        now.checked_add_signed(TimeDelta::milliseconds(self.ahead.load(Ordering::Acquire)))
            .unwrap_or(now)
    }

    /// Moves the clock by so many seconds, exactly; false where that leaves the calendar.
    pub fn advance(&self, seconds: i64) -> bool {
        let distance = TimeDelta::try_seconds(seconds);
        if distance
            .and_then(|distance| self.now().checked_add_signed(distance))
            .is_none()
        {
            return false;
        }
        self.ahead
            .fetch_add(seconds.saturating_mul(1_000), Ordering::AcqRel);
        true
    }

    pub fn set(&self, moment: DateTime<Utc>) {
        let ahead = moment
            .signed_duration_since(self.machine.now())
            .num_milliseconds();
        self.ahead.store(ahead, Ordering::Release);
    }
}
