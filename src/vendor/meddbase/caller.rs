//! Every request of an account passes here: it carries the client key, and a session where there is one, and comes
//! back read.
//!
//! Queries hold patient data by the vendor's own design: nothing tells more than the path.

use std::iter;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use serde_json::Value;
use tokio::sync::watch;

use super::wire::envelope::{self, Said};
use crate::clock::{Clock, Steady};
use crate::domain::failure::BudgetLeft;
use crate::vendor::budget::book::{Book, Terms};
use crate::vendor::budget::{Lane, Slot as Right};
use crate::vendor::http::{Http, Request};
use crate::vendor::line::{Line, NoCall};

/// No limit is published; "a few requests per second" is assumed (contract, section 12, number 26).
pub const TERMS: Terms = Terms {
    of: 120,
    window: Duration::from_secs(60),
    longest: Duration::from_secs(40),
};
/// What lists leave to sends and sign-ins.
const RESERVE: u32 = 20;
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

/// The line to one account, in the words of the portal.
pub struct Caller {
    line: Line,
    client_key: String,
}

impl Caller {
    pub fn new(http: Http, client_key: String, clock: Clock, book: Arc<dyn Book>) -> Self {
        Self {
            line: Line::new(http, clock, book, TERMS, RESERVE),
            client_key,
        }
    }

    pub fn clock(&self) -> &Clock {
        self.line.clock()
    }

    pub fn now(&self) -> Steady {
        self.line.now()
    }

    pub fn budget(&self) -> watch::Receiver<BudgetLeft> {
        self.line.budget()
    }

    /// The right to one send right now, or the moment before which there can be none.
    pub async fn admit(&self) -> Result<Right, Steady> {
        self.line.admit().await
    }

    /// Sends a call once, with `right` or with a slot that it waits for.
    pub async fn ask(
        &self,
        lane: Lane,
        right: Option<Right>,
        wanted_at: Steady,
        call: &Call<'_>,
        pass: Option<&Pass>,
    ) -> Result<Said, NoCall> {
        let own = call.query.iter();
        let own = own.map(|(name, value)| (*name, value.as_str()));
        let key = ("client-key", self.client_key.as_str());
        let query: Vec<_> = iter::once(key).chain(own).collect();
        let session = pass.map(|pass| ("x-session-id", &pass.session));
        let token = pass.and_then(|pass| Some(("x-token", pass.token.as_ref()?)));
        let headers: Vec<_> = session.into_iter().chain(token).collect();
        let request = match call.body {
            Some(body) => {
                Request::post(call.path, body.to_string().into_bytes(), CAP).asking(&query)
            }
            None => Request::get(call.path, &query, CAP),
        };
        let request = request.with_headers(&headers);
        let answer = self.line.ask(lane, right, wanted_at, request).await?;
        let said = envelope::read(&answer);
        if said.is_starting() {
            self.line.pause(answer.retry_after).await;
        }
        Ok(said)
    }
}
