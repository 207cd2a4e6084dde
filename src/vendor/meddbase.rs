//! The adapter for Meddbase: its patient portal API as
//! <https://meddbase.github.io/meddbase-apis/patient-portal-api/patient-portal-api.html> publishes it, for a manager who
//! books for a company's patients and for bookings without a login.
//!
//! Only `wire` knows field names, only [`settings`] knows what Meddbase leaves open. Nothing here touches the disk; the
//! only state is the session, the request budget, and the patients who are about to read a code back.

mod anonymous;
mod appointments;
mod booking;
mod branches;
mod caller;
pub mod offer;
mod outcome;
mod pages;
mod portal;
pub mod profile;
mod search;
mod session;
pub mod settings;
mod whose;
mod wire;

use std::sync::Arc;

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use tokio::sync::watch;

use self::anonymous::{CODE_LIFE, Registrations};
use self::appointments::Appointments;
use self::booking::{Booking, CANCEL, RESCHEDULE};
use self::branches::Begun;
use self::caller::{Call, Caller};
use self::pages::Pages;
use self::portal::Portal;
use self::search::Search;
use self::session::{Credentials, Session};
use self::settings::{Mode, Settings};
use self::whose::Owners;
use self::wire::person::{self, Demographics};
use self::wire::{search as names, sign_in};
use crate::clock::{Clock, Steady};
use crate::domain::branch::Branch;
use crate::domain::evidence::Outcome;
use crate::domain::failure::{BudgetLeft, Failure};
use crate::domain::looked::{Looked, Told};
use crate::domain::offer::{Choice, FieldKey, Kind, Offer};
use crate::domain::slot::{CodeSession, Context, FoundPatient, Listed, SlotQuery, Slots};
use crate::domain::submission::{Intent, Subject};
use crate::domain::tier::Tier;
use crate::vendor::budget::Slot as Right;
use crate::vendor::budget::book::Book;
use crate::vendor::budget::memory::Memory;
use crate::vendor::http::{Http, Limits};
use crate::vendor::{Adapter, Asked};

/// Pages of people: more of them are no choice for a person.
const MOST_PEOPLE: usize = 4;

pub use self::caller::TERMS;
pub use self::profile::VENDOR;

/// One Meddbase account.
pub struct Meddbase {
    offer: Arc<Offer>,
    settings: Settings,
    clock: Clock,
    portal: Portal,
    registrations: Registrations,
    begun: Begun,
    owners: Owners,
}

impl Meddbase {
    /// An account that no other console uses: its budget is kept in memory.
    pub fn new(settings: Settings, clock: Clock) -> Result<Self, Failure> {
        Self::sharing(settings, clock, Arc::new(Memory::new(TERMS)))
    }

    /// An account whose budget stands in `book`. Opens no connection and reads no file. Fails only on a base URL that
    /// must not be used.
    pub fn sharing(settings: Settings, clock: Clock, book: Arc<dyn Book>) -> Result<Self, Failure> {
        let http = Http::new(&settings.base_url, Limits::default(), clock.clone())
            .map_err(|error| Failure::Offline(error.to_string()))?;
        let key = settings.client_key.clone();
        let caller = Arc::new(Caller::new(http, key, clock.clone(), book));
        let session = match &settings.own.mode {
            Mode::Anonymous { .. } => None,
            Mode::Manager { username } => {
                let credentials = Credentials {
                    username: username.clone(),
                    password: settings.password.clone(),
                };
                let life = settings.own.assumptions.session_life;
                Some(Arc::new(Session::new(
                    Arc::clone(&caller),
                    credentials,
                    life,
                )))
            }
        };
        Ok(Self {
            offer: Arc::new(offer::of(&settings)),
            settings,
            clock,
            portal: Portal { caller, session },
            registrations: Registrations::default(),
            begun: Begun::default(),
            owners: Owners::default(),
        })
    }

    async fn send(&self, intent: &Intent, right: Option<Right>) -> Outcome {
        let submission = &intent.submission;
        match (submission.kind, &submission.subject) {
            (Kind::Appointment, None) if self.settings.own.is_manager() => {
                self.booking().appointment(intent, right).await
            }
            (Kind::Anonymous, None) if !self.settings.own.is_manager() => {
                let settings = &self.settings;
                let booked = (self.registrations).book(&self.portal, settings, intent, right);
                booked.await
            }
            (Kind::Change, Some(subject)) => match subject.change.as_str() {
                CANCEL => {
                    let booking = self.booking();
                    let number = &subject.number;
                    booking.cancellation(submission, number, right).await
                }
                RESCHEDULE => {
                    let booking = self.booking();
                    booking.rescheduling(intent, &subject.number, right).await
                }
                other => outcome::held_back(None, format!("Meddbase knows no {other}")),
            },
            (kind, _) => {
                let kind = kind.word();
                outcome::held_back(None, format!("this profile takes no {kind}"))
            }
        }
    }

    /// Where nobody signs in, the client key can be proven all the same.
    async fn proof(&self) -> Result<(), Failure> {
        match &self.portal.session {
            Some(session) => Ok(session.prove().await?),
            None => {
                let call = Call::get(sign_in::CONFIG, Vec::new());
                self.portal.read(&call).await.map(drop)
            }
        }
    }

    async fn opened(&self) -> Result<(), Failure> {
        match &self.portal.session {
            Some(session) => Ok(session.pass(None).await.map(drop)?),
            None => self.proof().await,
        }
    }

    /// Everything that is filled in narrows the search; where nobody is left, one of it may be wrong, and each is tried
    /// for itself.
    async fn patients(&self, form: &Context) -> Result<Vec<FoundPatient>, Failure> {
        let today = self.today();
        let narrow = person::query(form, today);
        if narrow.is_empty() {
            let why = "type a name, an e-mail, an employee number or a date of birth".to_owned();
            return Err(Failure::Refused(why));
        }
        let mut found = self.patients_by(&narrow).await?;
        // Of two days that were asked for, because nobody publishes whether the last one counts.
        found.retain(|found| person::may_be_born(found, form, today));
        if !found.is_empty() {
            return Ok(found);
        }
        let mut refusal = None;
        for query in person::queries(form) {
            if query == narrow {
                continue;
            }
            match self.patients_by(&query).await {
                Ok(others) => {
                    let is_new = |other: &FoundPatient| {
                        let mut found = found.iter();
                        !found.any(|one| one.patient.key == other.patient.key)
                    };
                    let others: Vec<_> = others.into_iter().filter(is_new).collect();
                    found.extend(others);
                }
                // Of a name that many have, the e-mail may still tell whose it is.
                Err(Failure::Refused(why)) => refusal = Some(Failure::Refused(why)),
                Err(failure) => return Err(failure),
            }
        }
        match refusal {
            Some(refusal) if found.is_empty() => Err(refusal),
            _ => Ok(found),
        }
    }

    async fn patients_by(&self, query: &person::Criteria) -> Result<Vec<FoundPatient>, Failure> {
        let pages = Pages::read(&self.portal, person::PATIENTS, query, MOST_PEOPLE).await?;
        let found: Vec<_> = pages.rows().filter_map(person::found).collect();
        if pages.has_more {
            let count = found.len();
            let why =
                format!("more than {count} people: tell more of the name, or the date of birth");
            return Err(Failure::Refused(why));
        }
        Ok(found)
    }

    async fn code_sent(
        &self,
        form: &Context,
        before: Option<CodeSession>,
    ) -> Result<CodeSession, Failure> {
        let own = &self.settings.own;
        let demographics = Demographics::of_form(form, self.today(), &own.country_code);
        let code = anonymous::sign_up_code(own, form.value(FieldKey::SignUpCode));
        let sent = self
            .registrations
            .send_code(&self.portal, (demographics, code), before);
        sent.await
    }

    fn search(&self) -> Search<'_> {
        Search {
            portal: &self.portal,
            settings: &self.settings,
            owners: &self.owners,
            now: self.now(),
            paths: if self.settings.own.is_manager() {
                &names::MANAGER
            } else {
                &names::ANONYMOUS
            },
        }
    }

    fn booking(&self) -> Booking<'_> {
        Booking {
            portal: &self.portal,
            settings: &self.settings,
            now: self.now(),
        }
    }

    fn now(&self) -> DateTime<FixedOffset> {
        let now: DateTime<Utc> = self.clock.now();
        now.with_timezone(&self.settings.zone).fixed_offset()
    }

    fn today(&self) -> NaiveDate {
        self.now().date_naive()
    }
}

impl Adapter for Meddbase {
    fn offer(&self) -> Arc<Offer> {
        Arc::clone(&self.offer)
    }

    fn budget(&self) -> watch::Receiver<BudgetLeft> {
        self.portal.caller.budget()
    }

    fn sign_in(&self) -> Asked<'_, Result<(), Failure>> {
        Box::pin(self.opened())
    }

    fn reach(&self) -> Asked<'_, Result<(), Failure>> {
        Box::pin(self.proof())
    }

    fn is_in_use(&self) {
        if let Some(session) = &self.portal.session {
            session.is_in_use();
        }
    }

    fn confirm_sign_in(&self, code: String) -> Asked<'_, Result<(), Failure>> {
        Box::pin(async move {
            match &self.portal.session {
                Some(session) => session.confirm(&code).await,
                None => Ok(()),
            }
        })
    }

    fn resend_sign_in_code(&self) -> Asked<'_, Result<String, Failure>> {
        Box::pin(async {
            match &self.portal.session {
                Some(session) => session.resend().await,
                None => Err(Failure::Refused("nobody signs in here".to_owned())),
            }
        })
    }

    fn branches(&self) -> Asked<'_, Result<Vec<Branch>, Failure>> {
        Box::pin(async { self.search().branches(&self.begun).await })
    }

    fn as_configured(&self, earlier: Vec<Branch>) -> Vec<Branch> {
        let here = |branch: Branch| branches::in_desk(&self.settings, branch);
        earlier.into_iter().map(here).collect()
    }

    fn choices<'a>(
        &'a self,
        field: FieldKey,
        form: &'a Context,
    ) -> Asked<'a, Result<Vec<Choice>, Failure>> {
        Box::pin(async move { self.search().choices(field, form).await })
    }

    fn slots<'a>(&'a self, query: &'a SlotQuery) -> Asked<'a, Result<Slots, Failure>> {
        Box::pin(async move { Ok(self.search().slots(query).await?.into()) })
    }

    fn find_patients<'a>(
        &'a self,
        form: &'a Context,
    ) -> Asked<'a, Result<Vec<FoundPatient>, Failure>> {
        Box::pin(self.patients(form))
    }

    fn send_code<'a>(
        &'a self,
        form: &'a Context,
        before: Option<CodeSession>,
    ) -> Asked<'a, Result<CodeSession, Failure>> {
        Box::pin(self.code_sent(form, before))
    }

    fn confirm_code(
        &self,
        session: CodeSession,
        code: String,
    ) -> Asked<'_, Result<CodeSession, Failure>> {
        Box::pin(async move {
            let confirmed = self.registrations.confirm(&self.portal, session, &code);
            confirmed.await
        })
    }

    fn day_list(&self, day: NaiveDate) -> Asked<'_, Result<Vec<Listed>, Failure>> {
        Box::pin(async move {
            let list = Appointments {
                portal: &self.portal,
                settings: &self.settings,
            };
            list.day(day, self.now()).await
        })
    }

    fn terms<'a>(&'a self, subject: &'a Subject) -> Asked<'a, Result<Vec<Told>, Failure>> {
        Box::pin(appointments::terms(&self.portal, &subject.number))
    }

    fn admit(&self) -> Asked<'_, Result<Right, Steady>> {
        Box::pin(self.portal.caller.admit())
    }

    fn submit<'a>(&'a self, intent: &'a Intent, right: Option<Right>) -> Asked<'a, Outcome> {
        Box::pin(self.send(intent, right))
    }

    /// The list of appointments shows bookings of managers. A cancellation is never made twice, and what was booked
    /// without a login cannot be seen.
    fn tier(&self, intent: &Intent) -> Tier {
        let subject = intent.submission.subject.as_ref();
        let change = subject.map(|subject| subject.change.as_str());
        match (intent.submission.kind, change) {
            (Kind::Appointment, None) | (Kind::Change, Some(RESCHEDULE)) => Tier::Read,
            _ => Tier::None,
        }
    }

    fn left_until(&self, intent: &Intent) -> Option<DateTime<Utc>> {
        let is_lapsing = self.settings.own.has_code() && !self.registrations.holds(intent);
        is_lapsing.then(|| intent.saved_at + CODE_LIFE)
    }

    fn look<'a>(&'a self, intent: &'a Intent, _since: DateTime<Utc>) -> Asked<'a, Looked> {
        Box::pin(async move { self.booking().look(intent).await })
    }
}
