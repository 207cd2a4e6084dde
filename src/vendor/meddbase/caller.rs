//! Every request of an account passes here: it waits for its slot in the budget, carries the client key, goes out once
//! and comes back read.
//!
//! Queries hold patient data by the vendor's own design: nothing here logs or tells more than the path.

use std::sync::Arc;
use std::time::Duration;

use reqwest::StatusCode;
use secrecy::SecretString;
use serde_json::Value;
use tokio::sync::watch;

use super::wire::envelope::{self, Said};
use crate::clock::{Clock, Steady};
use crate::domain::failure::BudgetLeft;
use crate::vendor::budget::book::{Book, Terms};
use crate::vendor::budget::{Budget, Lane, Slot, TooLong};
use crate::vendor::http::{Http, NoAnswer, Request};

/// No limit is published; "a few requests per second" is assumed (contract, section 12, number 26).
pub const TERMS: Terms = Terms {
    of: 120,
    window: Duration::from_secs(60),
    longest: Duration::from_secs(40),
};
/// What reads leave to sends and sign-ins.
const RESERVE: u32 = 20;
/// A slot that has waited longer for its request is exchanged: the book may believe that its console has gone.
const FRESH: Duration = Duration::from_secs(20);
/// A pause that was asked for without a number of seconds.
const DEFAULT_PAUSE: u32 = 10;
/// A longer pause than this is not believed, and neither is none at all.
const LONGEST_PAUSE: u32 = 3_600;
/// A send leaves within this time or not at all: whoever decided on it decided for that moment.
const LATEST_SEND: Duration = Duration::from_secs(120);
/// The longest list is a month of slots of a large site.
const CAP: usize = 16 * 1024 * 1024;

/// What is asked, without who asks.
pub struct Call<'a> {
    pub path: &'static str,
    pub query: Vec<(&'static str, String)>,
    /// A body makes it a POST.
    pub body: Option<&'a Value>,
}

impl<'a> Call<'a> {
    pub fn get(path: &'static str, query: Vec<(&'static str, String)>) -> Self {
        Self {
            path,
            query,
            body: None,
        }
    }

    pub fn post(path: &'static str, query: Vec<(&'static str, String)>, body: &'a Value) -> Self {
        Self {
            path,
            query,
            body: Some(body),
        }
    }
}

/// Who asks: a session, and its token where it has one.
pub struct Pass {
    pub session: SecretString,
    pub token: Option<SecretString>,
    /// Which one it is.
    pub number: u64,
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
    /// There is no session because Meddbase did not take the account; the call itself was not sent.
    #[error("{0}")]
    KeyRefused(String),
    /// There is no session before somebody types the code that was sent; the call itself was not sent.
    #[error("{0}")]
    CodeNeeded(String),
    /// There is no session for another reason; the call itself was not sent.
    #[error("{0}")]
    NoSession(String),
}

/// The way out to one account.
pub struct Caller {
    http: Http,
    clock: Clock,
    budget: Budget,
    client_key: String,
}

impl Caller {
    pub fn new(http: Http, client_key: String, clock: Clock, book: Arc<dyn Book>) -> Self {
        Self {
            http,
            budget: Budget::new(TERMS, RESERVE, clock.clone(), book),
            clock,
            client_key,
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

    /// Sends a call once, with `right` or with a slot that it waits for.
    pub async fn ask(
        &self,
        lane: Lane,
        right: Option<Slot>,
        wanted_at: Steady,
        call: &Call<'_>,
        pass: Option<&Pass>,
    ) -> Result<Said, NoCall> {
        let mut slot = match right.filter(|slot| slot.age() < FRESH) {
            Some(slot) => slot,
            None => self.budget.slot(lane, patience(lane)).await?,
        };
        if lane == Lane::Send && self.now().saturating_sub(wanted_at) > LATEST_SEND {
            slot.give_back().await;
            let why = "it waited too long before it could leave".to_owned();
            return Err(NoCall::NotConnected(why));
        }
        let mut query = vec![("client-key", self.client_key.as_str())];
        query.extend(
            call.query
                .iter()
                .map(|(name, value)| (*name, value.as_str())),
        );
        let session = pass.map(|pass| ("x-session-id", &pass.session));
        let token = pass.and_then(|pass| Some(("x-token", pass.token.as_ref()?)));
        let headers: Vec<_> = session.into_iter().chain(token).collect();
        let request = match call.body {
            Some(body) => {
                Request::post(call.path, body.to_string().into_bytes(), CAP).asking(&query)
            }
            None => Request::get(call.path, &query, CAP),
        };
        let path = call.path;
        slot.spend();
        match self.http.ask(request.with_headers(&headers)).await {
            Ok(answer) => {
                tracing::debug!(path, status = answer.status.as_u16(), "answered");
                let said = envelope::read(&answer);
                if answer.status == StatusCode::TOO_MANY_REQUESTS || said.is_starting() {
                    self.pause(answer.retry_after).await;
                }
                Ok(said)
            }
            Err(NoAnswer::NotConnected(why)) => {
                tracing::debug!(path, why, "not connected");
                slot.give_back().await;
                Err(NoCall::NotConnected(why))
            }
            Err(NoAnswer::Lost(why)) => {
                tracing::debug!(path, why, "lost");
                Err(NoCall::Lost(why))
            }
        }
    }

    async fn pause(&self, seconds: Option<u32>) {
        let seconds = seconds.unwrap_or(DEFAULT_PAUSE).clamp(1, LONGEST_PAUSE);
        let pause = Duration::from_secs(u64::from(seconds));
        self.budget.pause(pause).await;
    }
}

/// A sign-in waits for as long as it takes any slot to come back: everybody else needs it. A send that cannot go now
/// goes back to the courier; a list may wait a while because nobody stands before it.
fn patience(lane: Lane) -> Duration {
    match lane {
        Lane::SignIn => TERMS.window + TERMS.longest,
        Lane::Send => Duration::from_secs(2),
        Lane::Read => Duration::from_secs(20),
    }
}
