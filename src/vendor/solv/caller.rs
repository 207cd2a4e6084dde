//! Every request of an account passes here: it waits for its slot, goes out once, and a 429 pauses all.

use std::sync::Arc;
use std::time::Duration;

use reqwest::StatusCode;
use secrecy::SecretString;
use tokio::sync::watch;

use crate::clock::{Clock, Steady};
use crate::domain::failure::BudgetLeft;
use crate::vendor::budget::book::{Book, Terms};
use crate::vendor::budget::{Budget, Lane, Slot, TooLong};
use crate::vendor::http::{Answer, Http, NoAnswer, Request};

/// Solv publishes no limit (A36). This one only keeps a desk from becoming a flood.
pub const TERMS: Terms = Terms {
    of: 120,
    window: Duration::from_secs(60),
    // A slot that waits, and then a request that runs into its limit.
    longest: Duration::from_secs(40),
};
/// What reads leave to sends and sign-ins.
const RESERVE: u32 = 20;
/// A slot that has waited longer for its request is exchanged: the book may believe that its console has gone.
const FRESH: Duration = Duration::from_secs(20);
/// A 429 without a number of seconds.
const DEFAULT_PAUSE: u32 = 10;
/// A longer pause than this is not believed, and neither is none at all.
const LONGEST_PAUSE: u32 = 3_600;
/// A send leaves within this time or not at all: a patient who walked in may have gone.
const LATEST_SEND: Duration = Duration::from_secs(120);

/// The way out to one account.
pub struct Caller {
    http: Http,
    /// The client id: Solv's gate asks for it at every call.
    key: SecretString,
    clock: Clock,
    budget: Budget,
}

/// Why a call brought no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoCall {
    /// Our own budget said no; nothing was sent.
    #[error(transparent)]
    OverBudget(#[from] TooLong),
    /// Nothing left this desk.
    #[error("{0}")]
    NotConnected(String),
    /// It may have arrived.
    #[error("{0}")]
    Lost(String),
    /// There is no token because Solv did not take the account's key; the call itself was not sent.
    #[error("{0}")]
    KeyRefused(String),
    /// There is no token because the sign-in met a 429; the call itself was not sent.
    #[error("Solv asks for a pause before signing in")]
    SignInLimited { retry_after: Option<u32> },
    /// There is no token for another reason; the call itself was not sent.
    #[error("{0}")]
    NoToken(String),
}

impl From<NoAnswer> for NoCall {
    fn from(no: NoAnswer) -> Self {
        match no {
            NoAnswer::NotConnected(why) => Self::NotConnected(why),
            NoAnswer::Lost(why) => Self::Lost(why),
        }
    }
}

impl Caller {
    pub fn new(http: Http, key: SecretString, clock: Clock, book: Arc<dyn Book>) -> Self {
        Self {
            http,
            key,
            budget: Budget::new(TERMS, RESERVE, clock.clone(), book),
            clock,
        }
    }

    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    pub fn now(&self) -> Steady {
        self.clock.steady()
    }

    pub fn budget(&self) -> watch::Receiver<BudgetLeft> {
        self.budget.left()
    }

    /// A slot for a send right now, or the moment before which there can be none.
    pub async fn admit(&self) -> Result<Slot, Steady> {
        self.budget.slot_now(Lane::Send).await
    }

    /// Sends `request` once, with `slot` or with one that it waits for. A send that was `wanted_at` too long ago stays
    /// here: whoever decided on it decided for that moment, and this machine may have slept since. Paths hold numbers
    /// of bookings, so they are not logged.
    pub async fn ask(
        &self,
        lane: Lane,
        slot: Option<Slot>,
        wanted_at: Steady,
        request: Request<'_>,
    ) -> Result<Answer, NoCall> {
        let mut slot = match slot.filter(|slot| slot.age() < FRESH) {
            Some(slot) => slot,
            None => self.budget.slot(lane, patience(lane)).await?,
        };
        if lane == Lane::Send && self.now().saturating_sub(wanted_at) > LATEST_SEND {
            slot.give_back().await;
            let why = "it waited too long before it could leave".to_owned();
            return Err(NoCall::NotConnected(why));
        }
        slot.spend();
        let key = [("x-api-key", &self.key)];
        let answer = self.http.ask(request.with_headers(&key)).await;
        match &answer {
            Ok(answer) => {
                tracing::debug!(?lane, status = answer.status.as_u16(), "answered");
                if answer.status == StatusCode::TOO_MANY_REQUESTS {
                    let seconds = answer.retry_after.unwrap_or(DEFAULT_PAUSE);
                    let seconds = seconds.clamp(1, LONGEST_PAUSE);
                    let pause = Duration::from_secs(u64::from(seconds));
                    self.budget.pause(pause).await;
                }
            }
            Err(NoAnswer::NotConnected(why)) => {
                tracing::debug!(?lane, why, "not connected");
                slot.give_back().await;
            }
            Err(NoAnswer::Lost(why)) => tracing::debug!(?lane, why, "lost"),
        }
        Ok(answer?)
    }
}

/// A sign-in waits for as long as it takes any slot to come back: everybody else needs it. A send that cannot go now
/// goes back to the courier, which tells the clerk and tries again; a list may wait a while because nobody stands
/// before it.
fn patience(lane: Lane) -> Duration {
    match lane {
        Lane::SignIn => TERMS.window + TERMS.longest,
        Lane::Send => Duration::from_secs(2),
        Lane::Read => Duration::from_secs(20),
    }
}
