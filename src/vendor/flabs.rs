//! The adapter for Flabs: its CRM calls as <https://developer.flabslis.com/crm/introduction> publishes them, and
//! `POST /client/billing/create` as <https://developer.flabslis.com/billing/endpoint/create_bill> does.
//!
//! Only `wire` knows field names, only [`settings`] knows what Flabs leaves open. Nothing here touches the disk, and
//! the only state is the session and the request budget of the account.

mod assumptions;
mod key;
pub mod offer;
mod outcome;
pub mod profile;
pub mod settings;
mod wire;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::clock::{Clock, Steady};
use crate::domain::barcode::is_made_here;
use crate::domain::branch::{Branch, BranchId, Party};
use crate::domain::catalogue::Catalogue;
use crate::domain::evidence::{Outcome, code_in_use};
use crate::domain::failure::{BudgetLeft, Failure};
use crate::domain::offer::{FieldKey, Kind, Offer};
use crate::domain::submission::{Intent, IntentId, Submission};
use crate::domain::tier::Tier;
use crate::trial;
use crate::vendor::budget::book::{Book, Terms};
use crate::vendor::budget::memory::Memory;
use crate::vendor::budget::{Lane, Slot};
use crate::vendor::http::{Http, Limits, Request};
use crate::vendor::line::{Line, NoCall};
use crate::vendor::outcome::{Signal, list};
use crate::vendor::session::Session;
use crate::vendor::{Adapter, Asked};

use self::key::Key;
use self::outcome::FLABS;
use self::settings::{Assumptions, Settings};
use self::wire::Create;

pub use self::profile::VENDOR;
pub use self::wire::decode_catalogue;

/// "60 requests/minute per account on every CRM endpoint" (<https://developer.flabslis.com/crm/introduction>); read
/// as one bucket for all of them, token calls included.
pub const TERMS: Terms = Terms {
    of: 60,
    // A time server may make this machine's minute or the vendor's a few hundredths of a second shorter.
    window: Duration::from_millis(60_100),
    // A slot that waits, and then a request that runs into its limit.
    longest: Duration::from_secs(40),
};
/// What lists leave to sends and sign-ins.
const RESERVE: u32 = 10;
/// An answer to a create is a few lines of JSON; whatever is longer is something else.
const CREATE_CAP: usize = 1024 * 1024;
/// A list of 100,000 tests is about 20 MB.
const LIST_CAP: usize = 64 * 1024 * 1024;

/// One Flabs account.
pub struct Flabs {
    offer: Arc<Offer>,
    assumptions: Arc<Assumptions>,
    line: Arc<Line>,
    session: Session<Key>,
}

impl Flabs {
    /// An account that no other console uses: its budget is kept in memory.
    pub fn new(settings: Settings, clock: Clock) -> Result<Self, Failure> {
        Self::sharing(settings, clock, Arc::new(Memory::new(TERMS)))
    }

    /// An account whose budget stands in `book`. Opens no connection and reads no file. Fails only on a base URL that
    /// must not be used.
    pub fn sharing(settings: Settings, clock: Clock, book: Arc<dyn Book>) -> Result<Self, Failure> {
        let http = Http::new(&settings.base_url, Limits::default(), clock.clone())
            .map_err(|error| Failure::Offline(error.to_string()))?;
        let line = Arc::new(Line::new(http, clock, book, TERMS, RESERVE));
        let key = Key {
            client_id: settings.client_id.clone(),
            client_secret: settings.client_secret.clone(),
        };
        Ok(Self {
            offer: Arc::new(offer::of(&settings)),
            assumptions: Arc::new(settings.assumptions),
            session: Session::new(Arc::clone(&line), key),
            line,
        })
    }

    pub fn offer(&self) -> Arc<Offer> {
        Arc::clone(&self.offer)
    }

    /// Follows the request budget as it is used and comes back.
    pub fn budget(&self) -> watch::Receiver<BudgetLeft> {
        self.line.budget()
    }

    /// Asks for a token where there is none that holds.
    pub async fn sign_in(&self) -> Result<(), Failure> {
        Ok(self.session.sign_in().await?)
    }

    /// Asks for a new token whatever is held: proves the name, the connection, its encryption and the key.
    pub async fn reach(&self) -> Result<(), Failure> {
        Ok(self.session.prove().await?)
    }

    /// `GET /client/labs`.
    pub async fn branches(&self) -> Result<Vec<Branch>, Failure> {
        let body = self.list(wire::BRANCHES, &[]).await?;
        wire::branches(&body, &self.assumptions)
    }

    /// `GET /client/crm/tests` and `GET /client/crm/packages`, at once; at most one party
    /// (<https://developer.flabslis.com/crm/party-scoped>).
    pub async fn catalogue(
        &self,
        branch: &BranchId,
        party: Option<&Party>,
    ) -> Result<Catalogue, Failure> {
        let query = wire::price_query(branch, party);
        let (tests, packages) = tokio::try_join!(
            self.list(wire::TESTS, &query),
            self.list(wire::PACKAGES, &query)
        )?;
        let assumptions = Arc::clone(&self.assumptions);
        let decoding = move || wire::decode_catalogue(&tests, &packages, &assumptions);
        match tokio::task::spawn_blocking(decoding).await {
            Ok(catalogue) => catalogue,
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Err(_) => Err(Failure::Offline("frontdesk is closing".to_owned())),
        }
    }

    /// The right to one create, taken before its attempt is committed; or the moment before which there can be none.
    pub async fn admit(&self) -> Result<Slot, Steady> {
        self.line.admit().await
    }

    /// `POST /client/crm/lead/create`, or `POST /client/billing/create` for a pre-booking, once; a second time only after
    /// a 401, which proves the first did nothing.
    pub async fn submit(&self, intent: &Intent) -> Outcome {
        self.submit_with(intent, None).await
    }

    /// As [`Self::submit`], with a slot that was taken before; without one it waits a moment for it.
    pub async fn submit_with(&self, intent: &Intent, slot: Option<Slot>) -> Outcome {
        let anew = trial::bug("new-id-on-retry").then(|| Intent {
            id: IntentId(format!("{}-{}", intent.id, fastrand::u32(..))),
            ..intent.clone()
        });
        let intent = anew.as_ref().unwrap_or(intent);
        let call = Create::of(intent.submission.kind);
        let body = match call.body(intent, &self.assumptions) {
            Ok(body) => body,
            Err(why) => return Outcome::NotSent { why },
        };
        let create = Request::post(call.path(), body, CREATE_CAP);
        let mut answer = self.session.ask(Lane::Send, slot, create.clone()).await;
        if trial::bug("hidden-retry") && matches!(answer, Err(NoCall::Lost(_))) {
            answer = self.session.ask(Lane::Send, None, create).await;
        }
        let signal = match answer {
            Ok(answer) => outcome::signal(&answer, call, call.echo(intent)),
            Err(no) => Signal::NotAnswered(no),
        };
        match signal.outcome(FLABS) {
            // It proves nothing about the tries before: the record may be somebody else's.
            Outcome::CodeTaken { words } if !has_own_code(&intent.submission) => {
                let has_code = !intent.submission.detail(FieldKey::Barcode).is_empty();
                let reasons = if has_code {
                    code_in_use(&words)
                } else {
                    wire::refusal::reasons(&words)
                };
                Outcome::Refused { reasons }
            }
            outcome => outcome,
        }
    }

    async fn list(
        &self,
        path: &'static str,
        query: &[(&'static str, &str)],
    ) -> Result<Vec<u8>, Failure> {
        let request = Request::get(path, query, LIST_CAP);
        let answer = self.session.ask(Lane::Read, None, request).await?;
        let words = outcome::words(&answer);
        list(FLABS, path, answer, words)
    }
}

impl Adapter for Flabs {
    fn offer(&self) -> Arc<Offer> {
        self.offer()
    }

    fn budget(&self) -> watch::Receiver<BudgetLeft> {
        self.budget()
    }

    fn sign_in(&self) -> Asked<'_, Result<(), Failure>> {
        Box::pin(self.sign_in())
    }

    fn reach(&self) -> Asked<'_, Result<(), Failure>> {
        Box::pin(self.reach())
    }

    fn branches(&self) -> Asked<'_, Result<Vec<Branch>, Failure>> {
        Box::pin(self.branches())
    }

    fn catalogue<'a>(
        &'a self,
        branch: &'a BranchId,
        party: Option<&'a Party>,
    ) -> Asked<'a, Result<Catalogue, Failure>> {
        Box::pin(self.catalogue(branch, party))
    }

    fn admit(&self) -> Asked<'_, Result<Slot, Steady>> {
        Box::pin(self.admit())
    }

    fn submit<'a>(&'a self, intent: &'a Intent, right: Option<Slot>) -> Asked<'a, Outcome> {
        Box::pin(self.submit_with(intent, right))
    }

    /// Flabs refuses a second lead or booking of one day, and a barcode that is in use.
    fn tier(&self, intent: &Intent) -> Tier {
        match intent.submission.kind {
            Kind::Lead | Kind::Booking => Tier::DayGuard {
                zone: self.offer.day_zone,
            },
            Kind::PreBooking if has_own_code(&intent.submission) => Tier::UniqueCode,
            _ => Tier::None,
        }
    }
}

/// Only a barcode that was made here for this form proves whose record it is, and none that was scanned or typed.
fn has_own_code(submission: &Submission) -> bool {
    let barcode = submission.details.get(&FieldKey::Barcode);
    barcode.is_some_and(is_made_here)
}
