//! What to do next about an intent: a pure function of its evidence, the time and the settings.
//!
//! Knows no clock, no disk and no network, so that the "Never" list can be tested as plain data.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::settings::{Settings, Tier};
use crate::domain::evidence::{Doubt, Evidence, Fact, Outcome, State, state};
use crate::domain::schedule::is_same_day;
use crate::domain::submission::IntentId;
use crate::trial;

/// How near to midnight the vendor's clock may already be on the next day, or still on the last one.
const MIDNIGHT_MARGIN: TimeDelta = TimeDelta::minutes(5);

/// Consoles of one machine may read their clock a little apart.
const SLACK: TimeDelta = TimeDelta::minutes(1);

/// A longer `Retry-After` is not believed: nobody at the desk would wait for it.
const LONGEST_RETRY_AFTER: TimeDelta = TimeDelta::hours(1);

/// So many attempts in a row that did not leave say more about the intent than about the account, which is asked by
/// itself whether it works.
const STUBBORN: usize = 20;

/// The time on the wall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    pub at: DateTime<Utc>,
    /// By how much the clock was set lately: what it shows, or showed before, may be wrong by so much.
    pub may_be_off: TimeDelta,
}

/// What the courier does next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// One attempt, now.
    SendNow,
    /// Nothing before this moment, which is yet to come.
    WaitUntil(DateTime<Utc>),
    /// Keep as evidence that only a person can go on.
    HandOver(Doubt),
    /// Nothing by itself: it is on its way, or a person has it, or it is settled.
    Rest,
}

/// What happens next to the intent `id`, of which `evidence` is known at `now`.
pub fn next(id: &IntentId, evidence: &[Evidence], now: Reading, settings: &Settings) -> Next {
    let history = History::of(evidence);
    match state(evidence) {
        State::Saved => at(history.due(id, settings), now.at),
        State::Checking { .. } => out_of_checking(&history, id, now, settings),
        State::Sending
        | State::Accepted { .. }
        | State::NotAccepted { .. }
        | State::NeedsYou { .. }
        | State::Dropped
        | State::PossibleDouble { .. } => Next::Rest,
    }
}

/// A moment that lies before `now` is due; so is one that was computed before the clock went back, because a wait
/// that starts in the future has no end.
fn at(due: Due, now: DateTime<Utc>) -> Next {
    if due.at <= now || due.since > now {
        Next::SendNow
    } else {
        Next::WaitUntil(due.at)
    }
}

/// It may exist at the vendor. The only ways on are a vendor's guard that makes a resend harmless, and a person.
fn out_of_checking(history: &History, id: &IntentId, now: Reading, settings: &Settings) -> Next {
    let next = at(history.due(id, settings), now.at);
    let resend_at = match next {
        Next::WaitUntil(moment) => moment,
        _ => now.at,
    };
    if let Some(given_at) = history.permission {
        // A person weighed the risk of the day on which they decided, not of the next one.
        return match settings.tier {
            Tier::DayGuard { zone } if !is_one_day(given_at, resend_at, now.may_be_off, zone) => {
                Next::HandOver(Doubt::DayIsOver)
            }
            Tier::DayGuard { .. } | Tier::None => next,
        };
    }
    let Tier::DayGuard { zone } = settings.tier else {
        return Next::HandOver(Doubt::NoWayToLook);
    };
    if history.tries >= settings.tries {
        return Next::HandOver(Doubt::TriedOften);
    }
    let mut began = history.doubtful.iter();
    // What was learned in time to come was learned before the clock was set back.
    let latest = history.latest.max(now.at);
    // One that nobody saw happen may be any time behind: then nobody can tell which day it is.
    if latest - now.at > now.may_be_off + SLACK {
        return Next::HandOver(Doubt::DayIsOver);
    }
    let margin = MIDNIGHT_MARGIN + now.may_be_off.max(latest - now.at);
    let is_mistaken = trial::bug("midnight-skipped");
    if is_mistaken || began.all(|began| is_one_day(*began, resend_at, margin, zone)) {
        next
    } else {
        Next::HandOver(Doubt::DayIsOver)
    }
}

/// Whether two moments fall on one day at the vendor, even if each is wrong by `margin`: then the vendor would refuse
/// the resend at the one if the attempt that began at the other made a record.
fn is_one_day(one: DateTime<Utc>, other: DateTime<Utc>, margin: TimeDelta, zone: Tz) -> bool {
    is_same_day(one.min(other) - margin, one.max(other) + margin, zone)
}

/// When something is due, and since when it waits.
#[derive(Clone, Copy)]
struct Due {
    since: DateTime<Utc>,
    at: DateTime<Utc>,
}

/// What the evidence tells about the tries so far.
#[derive(Default)]
struct History<'a> {
    /// Saved, or sent once more by a person: the wait starts here.
    since: DateTime<Utc>,
    /// A person's word to send it once more, until it has reached the wire.
    permission: Option<DateTime<Utc>>,
    /// When the attempts began of which nobody knows, since a person last decided.
    doubtful: Vec<DateTime<Utc>>,
    /// How many attempts nobody knows of, ever.
    tries: usize,
    /// Attempts in a row that did not leave this desk, or met an account that was signed out.
    unsent: usize,
    /// Attempts in a row to which the vendor said "too many".
    limited: usize,
    last: Option<(DateTime<Utc>, &'a Outcome)>,
    /// The latest moment of all evidence.
    latest: DateTime<Utc>,
}

impl<'a> History<'a> {
    fn of(evidence: &'a [Evidence]) -> Self {
        let mut history = Self::default();
        let mut began = None;
        for Evidence { at, fact } in evidence {
            history.latest = history.latest.max(*at);
            match fact {
                Fact::Saved => history.since = *at,
                Fact::Attempted { .. } => began = Some(*at),
                Fact::Ended { outcome, .. } => {
                    history.count(outcome);
                    history.last = Some((*at, outcome));
                    if outcome.leaves_doubt() {
                        history.tries += 1;
                        history.doubtful.push(began.unwrap_or(*at));
                        history.permission = None;
                    }
                }
                Fact::PersonResends => {
                    history = Self {
                        since: *at,
                        permission: Some(*at),
                        tries: history.tries,
                        latest: history.latest,
                        ..Self::default()
                    };
                }
                Fact::TakenBack
                | Fact::HandedOver { .. }
                | Fact::PersonFound { .. }
                | Fact::PersonDropped { .. } => {}
            }
        }
        history
    }

    fn count(&mut self, outcome: &Outcome) {
        let (unsent, limited) = match outcome {
            Outcome::NotSent { .. } | Outcome::SignedOut { .. } => (self.unsent + 1, 0),
            Outcome::RateLimited { .. } => (0, self.limited + 1),
            _ => (0, 0),
        };
        (self.unsent, self.limited) = (unsent, limited);
    }

    /// When the next attempt is due, whether or not it is allowed.
    fn due(&self, id: &IntentId, settings: &Settings) -> Due {
        let Some((ended_at, outcome)) = self.last else {
            let hold = match self.permission {
                Some(_) => TimeDelta::zero(),
                None => TimeDelta::from_std(settings.hold).unwrap_or_default(),
            };
            return Due {
                since: self.since,
                at: self.since + hold,
            };
        };
        let (back_off, times) = match outcome {
            Outcome::NotSent { .. } | Outcome::SignedOut { .. } if self.unsent < STUBBORN => {
                (&settings.outage, self.unsent)
            }
            Outcome::NotSent { .. } | Outcome::SignedOut { .. } => {
                (&settings.back_off, self.unsent)
            }
            Outcome::RateLimited { .. } => (&settings.back_off, self.limited),
            _ => (&settings.back_off, self.doubtful.len()),
        };
        let jitter = back_off.wait(times, (id, ended_at));
        Due {
            since: ended_at,
            at: ended_at + asked_for(outcome).max(jitter),
        }
    }
}

/// What the vendor asked to wait.
pub(super) fn asked_for(outcome: &Outcome) -> TimeDelta {
    match outcome {
        Outcome::RateLimited {
            retry_after: Some(seconds),
        } => TimeDelta::from(*seconds).min(LONGEST_RETRY_AFTER),
        _ => TimeDelta::zero(),
    }
}
