//! What a trial may do to this program, read from `FRONTDESK_TRIAL`: run its clock fast, kill it at a named point,
//! let the disk fail, bring back a known mistake. A release build contains none of it.
//!
//! Must not know what it spoils. The value is a list of `name=value` with blanks between:
//! `clock=2026-11-21T05:30:00Z@2026-11-21T06:00:00Z*60 kill=attempt-committed:3 disk=full:2 bug=new-id-on-retry`.

use crate::clock::Clock;

/// The clock of this process.
pub fn clock() -> Clock {
    #[cfg(debug_assertions)]
    if let Some(clock) = at_work::clock() {
        return clock;
    }
    Clock::system()
}

/// A named point at which the process may be killed.
#[inline]
pub fn point(name: &'static str) {
    #[cfg(debug_assertions)]
    at_work::point(name);
    #[cfg(not(debug_assertions))]
    let _ = name;
}

/// Whether a known mistake is to be made here.
#[inline]
pub fn bug(name: &'static str) -> bool {
    #[cfg(debug_assertions)]
    return at_work::bug(name);
    #[cfg(not(debug_assertions))]
    {
        let _ = name;
        false
    }
}

#[cfg(debug_assertions)]
mod at_work {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU32, Ordering};

    use rustix::process::{Signal, getpid, kill_process};

    use crate::clock::Clock;

    /// What this process was asked for.
    #[derive(Default)]
    struct Trial {
        clock: Option<Clock>,
        /// The point, and at which visit.
        kill: Option<(String, u32)>,
        bug: Option<String>,
    }

    fn trial() -> &'static Trial {
        static TRIAL: OnceLock<Trial> = OnceLock::new();
        TRIAL.get_or_init(|| {
            let asked = std::env::var("FRONTDESK_TRIAL").unwrap_or_default();
            let mut trial = Trial::default();
            for (name, value) in asked
                .split_whitespace()
                .filter_map(|part| part.split_once('='))
            {
                match name {
                    "clock" => trial.clock = parse_clock(value),
                    "kill" => trial.kill = parse_kill(value),
                    "bug" => trial.bug = Some(value.to_owned()),
                    _ => {}
                }
            }
            trial
        })
    }

    /// `START@SINCE*SPEED`.
    fn parse_clock(value: &str) -> Option<Clock> {
        let (moments, speed) = value.rsplit_once('*')?;
        let (start, since) = moments.split_once('@')?;
        Some(Clock::fast(
            start.parse().ok()?,
            since.parse().ok()?,
            speed.parse().ok()?,
        ))
    }

    /// `POINT:VISIT`, counted from one.
    fn parse_kill(value: &str) -> Option<(String, u32)> {
        let (point, visit) = value.rsplit_once(':')?;
        Some((point.to_owned(), visit.parse().ok()?))
    }

    pub fn clock() -> Option<Clock> {
        trial().clock.clone()
    }

    pub fn point(name: &str) {
        static VISITS: AtomicU32 = AtomicU32::new(0);
        if let Some((point, visit)) = &trial().kill
            && point == name
            && VISITS.fetch_add(1, Ordering::Relaxed) + 1 == *visit
        {
            // The real thing: nothing is flushed, nothing is dropped.
            let _ = kill_process(getpid(), Signal::KILL);
        }
    }

    pub fn bug(name: &str) -> bool {
        trial().bug.as_deref() == Some(name)
    }
}
