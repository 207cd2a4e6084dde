//! What the evidence tells about the tries so far. It decides nothing.

use chrono::{DateTime, TimeDelta, Utc};

use super::looks::Looks;
use crate::courier::settings::Settings;
use crate::domain::evidence::{Evidence, Fact, Outcome};
use crate::domain::submission::IntentId;

/// A longer `Retry-After` is not believed: nobody at the desk would wait for it.
const LONGEST_RETRY_AFTER: TimeDelta = TimeDelta::hours(1);

/// So many attempts in a row that did not leave say more about the intent than about the account, which is asked by
/// itself whether it works.
const STUBBORN: usize = 20;

/// When something is due, and since when it waits.
#[derive(Clone, Copy)]
pub(super) struct Due {
    pub since: DateTime<Utc>,
    pub at: DateTime<Utc>,
}

/// What the evidence tells about the tries so far.
#[derive(Default)]
pub(super) struct History<'a> {
    /// Saved, or sent once more by a person: the wait starts here.
    since: DateTime<Utc>,
    /// A person's word to send it once more, until it has reached the wire.
    pub permission: Option<DateTime<Utc>>,
    /// When the attempts began of which nobody knows, since a person last decided.
    pub doubtful: Vec<DateTime<Utc>>,
    /// When the first attempt began of which nobody knows, ever.
    pub first_doubt: Option<DateTime<Utc>>,
    /// How many attempts nobody knows of, ever.
    pub tries: usize,
    /// How many of them the program made by itself after one of which nobody knew.
    pub resends: usize,
    /// The attempt that is open is one of these.
    is_resend: bool,
    /// Looks since the last attempt of which nobody knows.
    pub looks: Looks,
    /// Attempts in a row that did not leave this desk, or met an account that was signed out.
    unsent: usize,
    /// Attempts in a row to which the vendor said "too many".
    limited: usize,
    last: Option<(DateTime<Utc>, &'a Outcome)>,
    /// The latest moment of all evidence.
    pub latest: DateTime<Utc>,
}

impl<'a> History<'a> {
    pub(super) fn of(evidence: &'a [Evidence]) -> Self {
        let mut history = Self::default();
        let mut began = None;
        for Evidence { at, fact } in evidence {
            history.latest = history.latest.max(*at);
            match fact {
                Fact::Saved => history.since = *at,
                Fact::Attempted { .. } => {
                    began = Some(*at);
                    history.is_resend = history.tries > 0 && history.permission.is_none();
                }
                Fact::Ended { outcome, .. } => {
                    history.count(outcome);
                    history.last = Some((*at, outcome));
                    if outcome.leaves_doubt() {
                        history.doubt(began.unwrap_or(*at), *at);
                    }
                }
                Fact::Looked { looked } => history.looks.hear(*at, looked),
                Fact::PersonResends => {
                    history = Self {
                        since: *at,
                        permission: Some(*at),
                        first_doubt: history.first_doubt,
                        tries: history.tries,
                        resends: history.resends,
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

    /// Nobody knows what became of an attempt. One that another console has written off may end a second time.
    fn doubt(&mut self, began: DateTime<Utc>, ended: DateTime<Utc>) {
        self.tries += 1;
        self.resends += usize::from(std::mem::take(&mut self.is_resend));
        self.doubtful.push(began);
        self.first_doubt = self.first_doubt.or(Some(began));
        self.permission = None;
        self.looks = Looks::after(ended);
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
    pub(super) fn due(&self, id: &IntentId, settings: &Settings) -> Due {
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
pub(in crate::courier) fn asked_for(outcome: &Outcome) -> TimeDelta {
    match outcome {
        Outcome::RateLimited {
            retry_after: Some(seconds),
        } => TimeDelta::from(*seconds).min(LONGEST_RETRY_AFTER),
        _ => TimeDelta::zero(),
    }
}
