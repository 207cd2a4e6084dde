//! What time it is, how much time has passed, and how to wait: one source for the whole house.
//!
//! A trial may run a day in minutes ([`Clock::fast`]), a test may stand still and jump ([`Clock::tokio`],
//! [`Clock::jump`]); nobody who asks can tell the difference. Must not know who asks.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use rustix::time::{ClockId, clock_gettime};
use tokio::time::{self, Instant};

/// Time since this machine was started, sleep included. Setting the wall clock does not move it, and every process of
/// the machine sees the same.
pub type Steady = Duration;

/// A clone shows the same time.
#[derive(Clone, Debug)]
pub struct Clock {
    pace: Pace,
    /// Microseconds by which the wall clock was set forward.
    set_forward: Arc<AtomicI64>,
}

#[derive(Clone, Copy, Debug)]
enum Pace {
    System,
    /// At `since` of the machine's own time it was `start`; since then every second counts `speed` times.
    Fast {
        start: DateTime<Utc>,
        since: DateTime<Utc>,
        speed: f64,
    },
    /// It was `start` at `began` of tokio's time, which tests can stop.
    Tokio {
        start: DateTime<Utc>,
        began: Instant,
    },
}

impl Clock {
    /// The machine's own time.
    pub fn system() -> Self {
        Self::at(Pace::System)
    }

    /// It was `start` when the machine showed `since`, and every second since then counts `speed` times. Processes
    /// with the same three values agree on the time.
    pub fn fast(start: DateTime<Utc>, since: DateTime<Utc>, speed: f64) -> Self {
        let speed = if speed.is_finite() {
            speed.max(1.0)
        } else {
            1.0
        };
        Self::at(Pace::Fast {
            start,
            since,
            speed,
        })
    }

    /// Follows tokio's time, beginning with `start` now.
    pub fn tokio(start: DateTime<Utc>) -> Self {
        let began = Instant::now();
        Self::at(Pace::Tokio { start, began })
    }

    fn at(pace: Pace) -> Self {
        Self {
            pace,
            set_forward: Arc::default(),
        }
    }

    /// The time on the wall.
    pub fn now(&self) -> DateTime<Utc> {
        let now = match self.pace {
            Pace::System => Utc::now(),
            Pace::Fast {
                start,
                since,
                speed,
            } => {
                let passed = (Utc::now() - since).to_std().unwrap_or_default();
                start + TimeDelta::from_std(passed.mul_f64(speed)).unwrap_or_default()
            }
            Pace::Tokio { start, began } => {
                start + TimeDelta::from_std(began.elapsed()).unwrap_or_default()
            }
        };
        now + TimeDelta::microseconds(self.set_forward.load(Ordering::Relaxed))
    }

    /// See [`Steady`].
    pub fn steady(&self) -> Steady {
        match self.pace {
            Pace::System => since_start(),
            Pace::Fast { speed, .. } => since_start().mul_f64(speed),
            Pace::Tokio { began, .. } => began.elapsed(),
        }
    }

    /// Sets the wall clock forward, or back: what a person or a time server may do at any moment.
    pub fn jump(&self, by: TimeDelta) {
        let by = by.num_microseconds().unwrap_or_default();
        self.set_forward.fetch_add(by, Ordering::Relaxed);
    }

    /// Waits. A machine that is asleep meanwhile does not count; who waits for a moment on the wall looks again.
    pub async fn sleep(&self, wait: Duration) {
        time::sleep(self.real(wait)).await;
    }

    /// How much of the machine's own time passes in `wait`.
    pub fn real(&self, wait: Duration) -> Duration {
        match self.pace {
            Pace::System | Pace::Tokio { .. } => wait,
            Pace::Fast { speed, .. } => wait.div_f64(speed),
        }
    }
}

fn since_start() -> Duration {
    let time = clock_gettime(ClockId::Boottime);
    Duration::new(
        u64::try_from(time.tv_sec).unwrap_or_default(),
        u32::try_from(time.tv_nsec).unwrap_or_default(),
    )
}
