//! The line to one account: a request waits for its slot in the budget and goes out once, and a 429 pauses all.
//!
//! Must not know any vendor: what a request carries is given with it.

use std::sync::Arc;
use std::time::Duration;

use reqwest::StatusCode;
use tokio::sync::watch;

use super::budget::book::{Book, Terms};
use super::budget::{Budget, Lane, Slot as Right, TooLong};
use super::http::{Answer, Http, NoAnswer, Request};
use crate::clock::{Clock, Steady};
use crate::domain::failure::BudgetLeft;

/// A slot that has waited longer for its request is exchanged: the book may believe that its console has gone.
const FRESH: Duration = Duration::from_secs(20);
/// A pause that was asked for without a number of seconds.
const DEFAULT_PAUSE: u32 = 10;
/// A longer pause than this is not believed, and neither is none at all.
const LONGEST_PAUSE: u32 = 3_600;
/// A send leaves within this time or not at all: less than the margin that the courier keeps around midnight, and a
/// patient who walked in may have gone.
const LATEST_SEND: Duration = Duration::from_secs(120);

/// The way out to one account, shared by every call.
pub struct Line {
    http: Http,
    clock: Clock,
    terms: Terms,
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
    /// Nobody is signed in because the vendor did not take the account's key; the call itself was not sent.
    #[error("{0}")]
    KeyRefused(String),
    /// Nobody is signed in before somebody types the code that was sent; the call itself was not sent.
    #[error("{0}")]
    CodeNeeded(String),
    /// Nobody is signed in because the sign-in met a 429; the call itself was not sent.
    #[error("{vendor} asks for a pause before signing in")]
    SignInLimited {
        vendor: &'static str,
        /// Seconds, where the vendor named a number.
        retry_after: Option<u32>,
    },
    /// Nobody is signed in for another reason; the call itself was not sent.
    #[error("{0}")]
    NotSignedIn(String),
}

impl From<NoAnswer> for NoCall {
    fn from(no: NoAnswer) -> Self {
        match no {
            NoAnswer::NotConnected(why) => Self::NotConnected(why),
            NoAnswer::Lost(why) => Self::Lost(why),
        }
    }
}

impl Line {
    /// `reserve` is how many slots lists leave to sends and sign-ins.
    pub fn new(http: Http, clock: Clock, book: Arc<dyn Book>, terms: Terms, reserve: u32) -> Self {
        Self {
            http,
            terms,
            budget: Budget::new(terms, reserve, clock.clone(), book),
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

    /// The right to one send right now, or the moment before which there can be none.
    pub async fn admit(&self) -> Result<Right, Steady> {
        self.budget.slot_now(Lane::Send).await
    }

    /// Sends `request` once, with `right` or with a slot that it waits for. A send that was `wanted_at` too long ago
    /// stays here: whoever decided on it decided for that moment, and this machine may have slept since.
    pub async fn ask(
        &self,
        lane: Lane,
        right: Option<Right>,
        wanted_at: Steady,
        request: Request<'_>,
    ) -> Result<Answer, NoCall> {
        let mut slot = match right.filter(|slot| slot.age() < FRESH) {
            Some(slot) => slot,
            None => self.budget.slot(lane, self.patience(lane)).await?,
        };
        if lane == Lane::Send && self.now().saturating_sub(wanted_at) > LATEST_SEND {
            slot.give_back().await;
            let why = "it waited too long before it could leave".to_owned();
            return Err(NoCall::NotConnected(why));
        }
        slot.spend();
        let answer = self.http.ask(request).await;
        // Paths may hold the number of a booking, and queries patient data: neither is logged.
        match &answer {
            Ok(answer) => {
                tracing::debug!(?lane, status = answer.status.as_u16(), "answered");
                if answer.status == StatusCode::TOO_MANY_REQUESTS {
                    self.pause(answer.retry_after).await;
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

    /// The vendor asked for a pause of so many seconds: nobody goes before it is over.
    pub async fn pause(&self, seconds: Option<u32>) {
        let seconds = seconds.unwrap_or(DEFAULT_PAUSE).clamp(1, LONGEST_PAUSE);
        let pause = Duration::from_secs(u64::from(seconds));
        self.budget.pause(pause).await;
    }

    /// A sign-in waits for as long as it takes any slot to come back: everybody else needs it. A send that cannot go
    /// now goes back to the courier, which tells the clerk and tries again; a list may wait a while because nobody
    /// stands before it.
    fn patience(&self, lane: Lane) -> Duration {
        match lane {
            Lane::SignIn => self.terms.window + self.terms.longest,
            Lane::Send => Duration::from_secs(2),
            Lane::Read => Duration::from_secs(20),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::vendor::budget::memory::Memory;
    use crate::vendor::http::Limits;

    const TERMS: Terms = Terms {
        of: 60,
        window: Duration::from_secs(60),
        longest: Duration::from_secs(40),
    };

    #[tokio::test(start_paused = true)]
    async fn a_send_that_was_kept_too_long_stays_here() {
        let clock = Clock::tokio("2026-11-21T05:30:00Z".parse().unwrap());
        // Nobody listens there: what leaves meets that.
        let http = Http::new("http://127.0.0.1:9", Limits::default(), clock.clone()).unwrap();
        let book = Arc::new(Memory::new(TERMS));
        let line = Line::new(http, clock.clone(), book, TERMS, 10);
        let wanted_at = line.now();
        let create = || Request::post("/create", Vec::new(), 1);
        clock.sleep(LATEST_SEND).await;
        let in_time = line.ask(Lane::Send, None, wanted_at, create()).await;
        clock.sleep(Duration::from_millis(1)).await;
        let late = line.ask(Lane::Send, None, wanted_at, create()).await;
        let words = |asked: Result<Answer, NoCall>| asked.err().unwrap().to_string();
        assert!(!words(in_time).contains("waited too long"));
        assert_eq!(words(late), "it waited too long before it could leave");
        assert_eq!(
            line.budget().borrow().left,
            TERMS.of,
            "its slot is home again"
        );
    }
}
