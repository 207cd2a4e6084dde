//! Every request of an account passes here: it waits for its slot in the budget, goes out once, and a 429 pauses all.

use std::time::Duration;

use reqwest::StatusCode;
use tokio::sync::watch;

use crate::domain::failure::BudgetLeft;
use crate::vendor::budget::{Budget, Lane, TooLong};
use crate::vendor::http::{Answer, Http, NoAnswer, Request};

/// "60 requests/minute per account on every CRM endpoint" (<https://developer.flabslis.com/crm/introduction>); read
/// as one bucket for all of them, token calls included.
pub const REQUESTS_A_MINUTE: u32 = 60;
/// What reads leave to sends and sign-ins.
const RESERVE: u32 = 10;
/// A 429 without a number of seconds.
const DEFAULT_PAUSE: u32 = 10;
/// A longer pause than this is not believed.
const LONGEST_PAUSE: u32 = 3_600;

/// The way out to one account.
pub struct Caller {
    http: Http,
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
    /// There is no token because Flabs did not take the account's key; the call itself was not sent.
    #[error("{0}")]
    KeyRefused(String),
    /// There is no token because the sign-in met a 429; the call itself was not sent.
    #[error("Flabs asks for a pause before signing in")]
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
    pub fn new(http: Http) -> Self {
        Self {
            http,
            budget: Budget::new(REQUESTS_A_MINUTE, RESERVE),
        }
    }

    pub fn budget(&self) -> watch::Receiver<BudgetLeft> {
        self.budget.left()
    }

    /// Waits for a slot and sends `request` once.
    pub async fn ask(&self, lane: Lane, request: Request<'_>) -> Result<Answer, NoCall> {
        let slot = self.budget.slot(lane, patience(lane)).await?;
        let path = request.path();
        let answer = self.http.ask(request).await;
        match &answer {
            Ok(answer) => {
                tracing::debug!(path, status = answer.status.as_u16(), "answered");
                if answer.status == StatusCode::TOO_MANY_REQUESTS {
                    let seconds = answer.retry_after.unwrap_or(DEFAULT_PAUSE);
                    let seconds = seconds.min(LONGEST_PAUSE);
                    self.budget.pause(Duration::from_secs(u64::from(seconds)));
                }
            }
            Err(NoAnswer::NotConnected(why)) => {
                tracing::debug!(path, why, "not connected");
                slot.give_back();
            }
            Err(NoAnswer::Lost(why)) => tracing::debug!(path, why, "lost"),
        }
        Ok(answer?)
    }
}

/// A send that cannot go now goes back to the courier, which tells the clerk and tries again; a list may wait a while
/// because nobody stands before it.
fn patience(lane: Lane) -> Duration {
    match lane {
        Lane::SignIn | Lane::Send => Duration::from_secs(2),
        Lane::Read => Duration::from_secs(20),
    }
}
