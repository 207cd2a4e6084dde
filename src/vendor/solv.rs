//! The adapter for Solv: its partner API as <https://partner-api-docs-stage.solvhealth.com/v1/partner/docs/quick-start>
//! publishes it.
//!
//! Only `wire` knows field names, only [`settings`] knows what Solv leaves open. Nothing here touches the disk, and the
//! only state is the session and the request budget of the account.

mod assumptions;
mod key;
mod location;
pub mod offer;
mod outcome;
pub mod profile;
pub mod settings;
mod wire;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use chrono::{Days, NaiveDate};
use tokio::sync::watch;

use crate::clock::{Clock, Steady};
use crate::domain::branch::Branch;
use crate::domain::evidence::Outcome;
use crate::domain::failure::{BudgetLeft, Failure};
use crate::domain::offer::{Choice, FieldKey, Offer};
use crate::domain::slot::{Context, SlotQuery, Slots};
use crate::domain::submission::Intent;
use crate::vendor::budget::book::{Book, Terms};
use crate::vendor::budget::memory::Memory;
use crate::vendor::budget::{Lane, Slot as Right};
use crate::vendor::http::{Http, Limits, Request};
use crate::vendor::line::Line;
use crate::vendor::outcome::{Signal, list};
use crate::vendor::session::Session;
use crate::vendor::{Adapter, Asked};

use self::key::Key;
use self::outcome::SOLV;
use self::settings::{Location, Settings};
use self::wire::slots::{Shown, Wanted};

pub use self::profile::VENDOR;

/// Solv publishes no limit (A36). This one only keeps a desk from becoming a flood.
pub const TERMS: Terms = Terms {
    of: 120,
    window: Duration::from_secs(60),
    // A slot that waits, and then a request that runs into its limit.
    longest: Duration::from_secs(40),
};
/// What lists leave to sends and sign-ins.
const RESERVE: u32 = 20;
/// An answer to a change is a few lines of JSON; whatever is longer is something else.
const CHANGE_CAP: usize = 1024 * 1024;
/// A month of slots is about 300 KB.
const LIST_CAP: usize = 8 * 1024 * 1024;

/// One Solv account.
pub struct Solv {
    offer: Arc<Offer>,
    settings: Arc<Settings>,
    line: Arc<Line>,
    session: Session<Key>,
}

impl Solv {
    /// An account that no other console uses: its budget is kept in memory.
    pub fn new(settings: Settings, clock: Clock) -> Result<Self, Failure> {
        Self::sharing(settings, clock, Arc::new(Memory::new(TERMS)))
    }

    /// An account whose budget stands in `book`. Opens no connection and reads no file. Fails only on a base URL that
    /// must not be used.
    pub fn sharing(settings: Settings, clock: Clock, book: Arc<dyn Book>) -> Result<Self, Failure> {
        let http = Http::new(&settings.base_url, Limits::default(), clock.clone())
            .map_err(|error| Failure::Offline(error.to_string()))?
            // Solv's gate asks for the client id at every call.
            .carrying("x-api-key", settings.client_id.clone().into());
        let settings = Arc::new(settings);
        let line = Arc::new(Line::new(http, clock, book, TERMS, RESERVE));
        Ok(Self {
            offer: Arc::new(offer::of(&settings)),
            session: Session::new(Arc::clone(&line), Key(Arc::clone(&settings))),
            settings,
            line,
        })
    }

    async fn sign_in(&self) -> Result<(), Failure> {
        Ok(self.session.sign_in().await?)
    }

    async fn reach(&self) -> Result<(), Failure> {
        Ok(self.session.prove().await?)
    }

    /// No call lists locations (A32): they stand in the configuration.
    fn branches(&self) -> Vec<Branch> {
        let locations = self.settings.locations.iter();
        locations
            .map(|location| location.branch(self.settings.zone))
            .collect()
    }

    /// No call lists visit types either (A32).
    fn choices(&self, field: FieldKey, form: &Context) -> Result<Vec<Choice>, Failure> {
        let location = self.location(form)?;
        match field {
            FieldKey::VisitType => Ok(location.visit_types.iter().map(Choice::from).collect()),
            _ => Err(Failure::Refused("Solv gives no such list".to_owned())),
        }
    }

    fn location(&self, form: &Context) -> Result<&Location, Failure> {
        let branch = form.branch.as_ref();
        let location = branch.and_then(|branch| self.settings.location(&branch.id));
        location.ok_or_else(|| Failure::Refused("choose the location first".to_owned()))
    }

    /// The free times of some days. Which of them are for walk-ins alone Solv does not mark: they are those that come
    /// only when they are asked for.
    async fn slots(&self, query: &SlotQuery) -> Result<Slots, Failure> {
        let location = self.location(&query.context)?;
        let visit_type = query.context.value(FieldKey::VisitType);
        let Shown {
            free: mut slots,
            last,
        } = if self.settings.assumptions.walk_in_slots {
            let (reservable, mut all) = tokio::try_join!(
                self.list(location, visit_type, Wanted::Reservable),
                self.list(location, visit_type, Wanted::AlsoWalkIn)
            )?;
            all.last = all.last.max(reservable.last);
            let reservable: BTreeSet<_> = reservable.free.iter().map(|slot| slot.at).collect();
            for slot in &mut all.free {
                slot.is_walk_in = !reservable.contains(&slot.at);
            }
            all
        } else {
            self.list(location, visit_type, Wanted::Reservable).await?
        };
        // Solv shows as many days as it was set to, whichever are asked for: other questions have the same answer. A
        // day that is full is shown all the same.
        let until = Some(last.unwrap_or(query.from));
        let days = Days::new(u64::from(query.days));
        let end = query.from.checked_add_days(days).unwrap_or(NaiveDate::MAX);
        slots.retain(|slot| (query.from..end).contains(&slot.at.date_naive()));
        let times = slots;
        Ok(Slots { times, until })
    }

    async fn list(
        &self,
        location: &Location,
        visit_type: &str,
        wanted: Wanted,
    ) -> Result<Shown, Failure> {
        let assumptions = &self.settings.assumptions;
        let path = wire::slots::path(location, assumptions);
        let query = wire::slots::query(visit_type, wanted, assumptions);
        let request = Request::get(&path, &query, LIST_CAP);
        let answer = self.session.ask(Lane::Read, None, request).await?;
        let words = outcome::words(&answer);
        wire::slots::read(&list(SOLV, "slots", answer, words)?, location)
    }

    /// One call, once; a second time only after a 401, which proves the first did nothing.
    async fn submit(&self, intent: &Intent, right: Option<Right>) -> Outcome {
        let order = match wire::order(intent, &self.settings) {
            Ok(order) => order,
            // Nothing left, and nothing ever will.
            Err(reasons) => return Outcome::HeldBack { reasons },
        };
        let request = Request::with_body(order.method, &order.path, order.body, CHANGE_CAP);
        let request = request.asking(&order.query);
        let signal = match self.session.ask(Lane::Send, right, request).await {
            Ok(answer) => outcome::signal(&answer, &order.expected),
            Err(no) => Signal::NotAnswered(no),
        };
        signal.outcome(SOLV)
    }
}

impl Adapter for Solv {
    fn offer(&self) -> Arc<Offer> {
        Arc::clone(&self.offer)
    }

    fn budget(&self) -> watch::Receiver<BudgetLeft> {
        self.line.budget()
    }

    fn sign_in(&self) -> Asked<'_, Result<(), Failure>> {
        Box::pin(self.sign_in())
    }

    fn reach(&self) -> Asked<'_, Result<(), Failure>> {
        Box::pin(self.reach())
    }

    fn branches(&self) -> Asked<'_, Result<Vec<Branch>, Failure>> {
        Box::pin(async { Ok(self.branches()) })
    }

    fn as_configured(&self, _: Vec<Branch>) -> Vec<Branch> {
        self.branches()
    }

    fn choices<'a>(
        &'a self,
        field: FieldKey,
        form: &'a Context,
    ) -> Asked<'a, Result<Vec<Choice>, Failure>> {
        Box::pin(async move { self.choices(field, form) })
    }

    fn slots<'a>(&'a self, query: &'a SlotQuery) -> Asked<'a, Result<Slots, Failure>> {
        Box::pin(self.slots(query))
    }

    fn admit(&self) -> Asked<'_, Result<Right, Steady>> {
        Box::pin(self.line.admit())
    }

    fn submit<'a>(&'a self, intent: &'a Intent, right: Option<Right>) -> Asked<'a, Outcome> {
        Box::pin(self.submit(intent, right))
    }
}
