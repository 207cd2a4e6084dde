//! What a trial may do to this program, read from `FRONTDESK_TRIAL`: run its clock fast or let it jump, kill it at a
//! named point, let the disk fail, bring back a known mistake. A release build contains none of it.
//!
//! Must not know what it spoils. The value is a list of `name=value` with blanks between:
//!
//! - `clock=START@SINCE*SPEED`: it was START when the machine showed SINCE, and runs so many times as fast.
//! - `jump=SECONDS@MILLISECONDS`: so long after the start of the process its wall clock jumps.
//! - `kill=POINT:VISIT`: dies at a point, at the visit so counted from one.
//! - `stop=POINT:VISIT`: stands still at a point until it is told to go on (`SIGCONT`), as a machine that sleeps.
//! - `disk=full:SKIP:COUNT`: of the connections to the store, after the first SKIP, so many find the disk full.
//! - `commit=refused:FIRST:COUNT`, `commit=forgotten:FIRST:COUNT`: so many commits, from the FIRST on, fail before or
//!   after they were made.
//! - `bug=NAME`: makes a known mistake.
//! - `tell=PATH`: adds a line to this file for each failure of the disk, each jump and each stop.

use crate::clock::Clock;

/// What a commit meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommitFault {
    /// It fails, and nothing is on disk.
    Refused,
    /// It is on disk, and is said to have failed.
    Forgotten,
}

/// The clock of this process.
pub fn clock() -> Clock {
    #[cfg(debug_assertions)]
    if let Some(clock) = at_work::clock() {
        return clock;
    }
    Clock::system()
}

/// A named point at which the process may be killed, or stand still.
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

/// Whether the connection to the store that is just opened finds the disk full.
#[inline]
pub fn disk_is_full() -> bool {
    #[cfg(debug_assertions)]
    return at_work::disk_is_full();
    #[cfg(not(debug_assertions))]
    false
}

/// What the commit that is just made meets.
#[inline]
pub fn commit_fault() -> Option<CommitFault> {
    #[cfg(debug_assertions)]
    return at_work::commit_fault();
    #[cfg(not(debug_assertions))]
    None
}

/// Takes note that the disk failed in these words.
#[inline]
pub fn disk_failed(words: &str) {
    #[cfg(debug_assertions)]
    at_work::tell(words);
    #[cfg(not(debug_assertions))]
    let _ = words;
}

#[cfg(debug_assertions)]
mod at_work {
    use std::fs::OpenOptions;
    use std::io::Write;
    use std::path::PathBuf;
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Duration;

    use chrono::TimeDelta;
    use rustix::process::{Signal, getpid, kill_process};

    use crate::clock::Clock;
    use crate::trial::CommitFault;

    /// What this process was asked for.
    #[derive(Default)]
    struct Trial {
        clock: Option<Clock>,
        jump: Option<(TimeDelta, Duration)>,
        /// The point, and at which visit.
        kill: Option<(String, u32)>,
        stop: Option<(String, u32)>,
        /// Connections that are let alone, and how many after them are not.
        full: Option<(u32, u32)>,
        /// The first commit that fails, counted from one, and how many do.
        commit: Option<(CommitFault, u32, u32)>,
        bug: Option<String>,
        told: Option<PathBuf>,
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
                    "jump" => trial.jump = parse_jump(value),
                    "kill" => trial.kill = parse_visit(value),
                    "stop" => trial.stop = parse_visit(value),
                    "disk" => trial.full = value.strip_prefix("full:").and_then(parse_pair),
                    "commit" => trial.commit = parse_commit(value),
                    "bug" => trial.bug = Some(value.to_owned()),
                    "tell" => trial.told = Some(PathBuf::from(value)),
                    _ => {}
                }
            }
            if trial.jump.is_some() && trial.clock.is_none() {
                trial.clock = Some(Clock::system());
            }
            if let (Some((by, after)), Some(clock)) = (trial.jump, trial.clock.clone()) {
                std::thread::spawn(move || {
                    std::thread::sleep(after);
                    clock.jump(by);
                    tell("the clock jumped");
                });
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

    /// `SECONDS@MILLISECONDS`.
    fn parse_jump(value: &str) -> Option<(TimeDelta, Duration)> {
        let (seconds, after) = value.split_once('@')?;
        let by = TimeDelta::try_seconds(seconds.parse().ok()?)?;
        Some((by, Duration::from_millis(after.parse().ok()?)))
    }

    /// `POINT:VISIT`, counted from one.
    fn parse_visit(value: &str) -> Option<(String, u32)> {
        let (point, visit) = value.rsplit_once(':')?;
        Some((point.to_owned(), visit.parse().ok()?))
    }

    /// `NUMBER:NUMBER`.
    fn parse_pair(value: &str) -> Option<(u32, u32)> {
        let (one, other) = value.split_once(':')?;
        Some((one.parse().ok()?, other.parse().ok()?))
    }

    fn parse_commit(value: &str) -> Option<(CommitFault, u32, u32)> {
        let (fault, range) = value.split_once(':')?;
        let fault = match fault {
            "refused" => CommitFault::Refused,
            "forgotten" => CommitFault::Forgotten,
            _ => return None,
        };
        let (first, count) = parse_pair(range)?;
        Some((fault, first, count))
    }

    pub fn clock() -> Option<Clock> {
        trial().clock.clone()
    }

    pub fn point(name: &str) {
        static KILLS: AtomicU32 = AtomicU32::new(0);
        static STOPS: AtomicU32 = AtomicU32::new(0);
        let trial = trial();
        let is_due = |fate: &Option<(String, u32)>, visits: &AtomicU32| {
            fate.as_ref().is_some_and(|(point, visit)| {
                point == name && visits.fetch_add(1, Ordering::Relaxed) + 1 == *visit
            })
        };
        if is_due(&trial.kill, &KILLS) {
            // The real thing: nothing is flushed, nothing is dropped.
            let _ = kill_process(getpid(), Signal::KILL);
        }
        if is_due(&trial.stop, &STOPS) {
            tell(&format!("it stood still at {name}"));
            let _ = kill_process(getpid(), Signal::STOP);
        }
    }

    pub fn bug(name: &str) -> bool {
        trial().bug.as_deref() == Some(name)
    }

    pub fn disk_is_full() -> bool {
        static OPENED: AtomicU32 = AtomicU32::new(0);
        let Some((skip, count)) = trial().full else {
            return false;
        };
        let before = OPENED.fetch_add(1, Ordering::Relaxed);
        (skip..skip.saturating_add(count)).contains(&before)
    }

    pub fn commit_fault() -> Option<CommitFault> {
        static COMMITS: AtomicU32 = AtomicU32::new(0);
        let (fault, first, count) = trial().commit?;
        let this = COMMITS.fetch_add(1, Ordering::Relaxed) + 1;
        (first..first.saturating_add(count))
            .contains(&this)
            .then(|| {
                tell(match fault {
                    CommitFault::Refused => "a commit was refused",
                    CommitFault::Forgotten => "a commit was forgotten",
                });
                fault
            })
    }

    /// A trial that cannot be told is seen by its absence.
    pub fn tell(words: &str) {
        let Some(path) = &trial().told else { return };
        if let Ok(mut file) = OpenOptions::new().create(true).append(true).open(path) {
            let _ = file.write_all(format!("{words}\n").as_bytes());
        }
    }
}
