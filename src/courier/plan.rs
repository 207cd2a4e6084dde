//! What to do next about an intent: a pure function of its evidence, the time and the settings.
//!
//! Knows no clock, no disk and no network, so that the "Never" list can be tested as plain data.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::settings::{Settings, Tier};
use crate::domain::evidence::{Doubt, Evidence, Fact, Outcome, State, state};
use crate::domain::schedule::is_same_day;
use crate::domain::submission::IntentId;

/// How near to midnight the vendor's clock may already be on the next day, or still on the last one.
const MIDNIGHT_MARGIN: TimeDelta = TimeDelta::minutes(5);

/// A longer `Retry-After` is not believed: nobody at the desk would wait for it.
const LONGEST_RETRY_AFTER: TimeDelta = TimeDelta::hours(1);

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
pub fn next(id: &IntentId, evidence: &[Evidence], now: DateTime<Utc>, settings: &Settings) -> Next {
    let history = History::of(evidence);
    match state(evidence) {
        State::Saved => at(history.due(id, settings), now),
        State::Checking { .. } => out_of_checking(&history, id, now, settings),
        State::Sending
        | State::Accepted { .. }
        | State::NotAccepted { .. }
        | State::NeedsYou { .. }
        | State::Dropped => Next::Rest,
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
fn out_of_checking(
    history: &History,
    id: &IntentId,
    now: DateTime<Utc>,
    settings: &Settings,
) -> Next {
    let next = at(history.due(id, settings), now);
    let resend_at = match next {
        Next::WaitUntil(moment) => moment,
        _ => now,
    };
    if let Some(given_at) = history.permission {
        // A person weighed the risk of the day on which they decided, not of the next one.
        return match settings.tier {
            Tier::DayGuard { zone } if !is_same_day(given_at, resend_at, zone) => {
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
    if began.all(|began| is_guarded(*began, resend_at, zone)) {
        next
    } else {
        Next::HandOver(Doubt::DayIsOver)
    }
}

/// Whether the vendor would refuse a resend if the attempt that began at `began` made a record.
fn is_guarded(began: DateTime<Utc>, resend_at: DateTime<Utc>, zone: Tz) -> bool {
    let same = |one, other| is_same_day(one, other, zone);
    same(began - MIDNIGHT_MARGIN, began)
        && same(began, resend_at)
        && same(resend_at, resend_at + MIDNIGHT_MARGIN)
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
    /// Attempts in a row that settled nothing, since a person last decided.
    failures: usize,
    last: Option<(DateTime<Utc>, &'a Outcome)>,
}

impl<'a> History<'a> {
    fn of(evidence: &'a [Evidence]) -> Self {
        let mut history = Self::default();
        let mut began = None;
        for Evidence { at, fact } in evidence {
            match fact {
                Fact::Saved => history.since = *at,
                Fact::Attempted { .. } => began = Some(*at),
                Fact::Ended { outcome, .. } => {
                    history.failures += 1;
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
        let jitter = settings.back_off.wait(self.failures, (id, ended_at));
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
