//! The courier's rounds: see what is due, send it, keep what came of it, tell of it, and sleep until the next due time.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::mpsc;
use tokio::task::{self, JoinError, JoinSet};
use tokio::time::{Instant, sleep_until};

use super::decide;
use super::plan::{self, Next};
use super::settings::Settings;
use super::trouble::Trouble;
use super::{Carrier, News, Order, ToSave};
use crate::clock::Clock;
use crate::domain::evidence::{Doubt, Evidence, Fact, Outcome, State, state};
use crate::domain::standing::{Decision, Standing};
use crate::domain::submission::IntentId;
use crate::store::StoreError;
use crate::store::intents::{Intents, Wish};
use crate::vendor::budget::Slot;

/// The longest wait before the disk is tried again: what is under way should not stay untold for long.
const DISK_PATIENCE: TimeDelta = TimeDelta::seconds(30);

/// A fact that happened and is not on disk yet. Nobody is told of it before.
struct Unwritten {
    intent: IntentId,
    evidence: Evidence,
}

pub(super) struct Rounds<S, C> {
    store: S,
    carrier: Arc<C>,
    settings: Settings,
    clock: Clock,
    news: mpsc::Sender<News>,
    /// What the store held at the start has been taken up.
    is_loaded: bool,
    /// Everything that is not settled. Ids grow with the time of saving: the oldest comes first.
    desk: BTreeMap<IntentId, Standing>,
    sends: JoinSet<Outcome>,
    under_way: HashMap<task::Id, (IntentId, u32)>,
    unwritten: VecDeque<Unwritten>,
    disk: Trouble,
    /// Refused sign-ins and full budgets concern every intent of the account.
    account: Trouble,
}

impl<S: Intents + Clone + 'static, C: Carrier> Rounds<S, C> {
    pub(super) fn new(
        store: S,
        carrier: Arc<C>,
        settings: Settings,
        clock: Clock,
        news: mpsc::Sender<News>,
    ) -> Self {
        Self {
            store,
            carrier,
            settings,
            clock,
            news,
            is_loaded: false,
            desk: BTreeMap::new(),
            sends: JoinSet::new(),
            under_way: HashMap::new(),
            unwritten: VecDeque::new(),
            disk: Trouble::default(),
            account: Trouble::default(),
        }
    }

    /// Goes round until nobody can order anything more and nothing is under way.
    pub(super) async fn run(mut self, mut orders: mpsc::Receiver<Order>) {
        loop {
            let due = self.go_round().await;
            let rest = async {
                match due {
                    Some(due) => sleep_until(due).await,
                    None => std::future::pending().await,
                }
            };
            // What ended comes first: it frees a place, and is not on disk yet.
            tokio::select! {
                biased;
                Some(ended) = self.sends.join_next_with_id() => self.ended(ended),
                order = orders.recv() => match order {
                    Some(order) => self.obey(order).await,
                    None => break,
                },
                () = rest => {}
            }
        }
        while let Some(ended) = self.sends.join_next_with_id().await {
            self.ended(ended);
            self.keep_unwritten().await;
        }
        // What cannot be kept even now stays an open attempt on disk: Checking at the next start.
        self.keep_unwritten().await;
    }

    fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Does everything that is due, and tells when to come back.
    async fn go_round(&mut self) -> Option<Instant> {
        if let Some(until) = self.disk.rests_until() {
            return Some(until);
        }
        if !(self.take_up().await && self.keep_unwritten().await) {
            return self.disk.rests_until().or_else(|| Some(Instant::now()));
        }
        let account = self.account.rests_until();
        let places = match (account, self.account.lasts()) {
            (Some(_), _) => 0,
            // One asks whether the account works again; the others wait for its answer.
            (None, true) => 1,
            (None, false) => self.settings.at_once,
        };
        let mut soonest = account;
        let mut is_spent = false;
        let ids: Vec<IntentId> = self.desk.keys().cloned().collect();
        for id in ids {
            let Some(standing) = self.desk.get(&id) else {
                continue;
            };
            let now = self.now();
            let is_well = match plan::next(&id, &standing.evidence, now, &self.settings) {
                Next::Rest => true,
                Next::WaitUntil(due) => {
                    let due = Instant::now() + (due - now).to_std().unwrap_or_default();
                    soonest = Some(soonest.map_or(due, |soonest| soonest.min(due)));
                    true
                }
                Next::HandOver(doubt) => self.hand_over(&id, doubt).await,
                // Nothing leaves before the budget has a slot; what needs none goes on.
                Next::SendNow if account.is_some() || is_spent => true,
                Next::SendNow if self.sends.len() < places => match self.carrier.admit().await {
                    Ok(slot) => self.send(&id, slot).await,
                    Err(until) => {
                        is_spent = true;
                        let wait = until.saturating_sub(self.clock.steady());
                        let due = Instant::now() + self.clock.real(wait);
                        soonest = Some(soonest.map_or(due, |soonest| soonest.min(due)));
                        true
                    }
                },
                // A place that becomes free starts another round.
                Next::SendNow => return None,
            };
            if !is_well {
                return self.disk.rests_until().or_else(|| Some(Instant::now()));
            }
        }
        soonest
    }

    /// At the start: everything of the profile that is not settled. An attempt that is open was cut off.
    async fn take_up(&mut self) -> bool {
        if self.is_loaded {
            return true;
        }
        let open = match self.store.open_intents(&self.settings.profile).await {
            Ok(open) => open,
            Err(error) => {
                self.disk_failed(&error).await;
                return false;
            }
        };
        self.is_loaded = true;
        for standing in open {
            match standing {
                Ok(standing) if self.desk.contains_key(&standing.intent.id) => {}
                Ok(standing) => {
                    let id = standing.intent.id.clone();
                    let cut_off = cut_off(&standing.evidence);
                    self.desk.insert(id.clone(), standing);
                    match cut_off {
                        Some(fact) => self.happened(id, fact),
                        None => self.tell(&id).await,
                    }
                }
                Err(damaged) => {
                    let why = damaged.to_string();
                    self.send_news(News::Stalled { why }).await;
                }
            }
        }
        true
    }

    /// Commits the attempt, and lets it leave in a task of its own with the slot that was taken for it.
    async fn send(&mut self, id: &IntentId, slot: Option<Slot>) -> bool {
        let now = self.now();
        let Some(standing) = self.desk.get(id) else {
            return true;
        };
        match self
            .store
            .begin_attempt(id, standing.evidence.len(), now)
            .await
        {
            Ok(evidence) => {
                self.disk.is_over();
                if let Some(Fact::Attempted { number }) = evidence.last().map(|last| &last.fact) {
                    let (carrier, intent) = (Arc::clone(&self.carrier), standing.intent.clone());
                    let send = self
                        .sends
                        .spawn(async move { carrier.submit(&intent, slot).await });
                    self.under_way.insert(send.id(), (id.clone(), *number));
                }
                self.learned(id, evidence).await;
                true
            }
            Err(error) => self.failed(id, error).await,
        }
    }

    /// Keeps that only a person can go on.
    async fn hand_over(&mut self, id: &IntentId, doubt: Doubt) -> bool {
        match self.decided(id, Fact::HandedOver { doubt }).await {
            Ok(()) => true,
            Err(error) => self.failed(id, error).await,
        }
    }

    fn ended(&mut self, ended: Result<(task::Id, Outcome), JoinError>) {
        let (send, outcome) = ended.unwrap_or_else(|error| {
            let why = "the send broke off".to_owned();
            (error.id(), Outcome::Unknown { why })
        });
        let Some((intent, number)) = self.under_way.remove(&send) else {
            return;
        };
        match &outcome {
            Outcome::SignedOut { .. } | Outcome::RateLimited { .. } => {
                let back_off = &self.settings.back_off;
                self.account
                    .again(|times| plan::asked_for(&outcome).max(back_off.wait(times, &intent)));
            }
            // It says nothing about the account.
            Outcome::NotSent { .. } => {}
            _ => self.account.is_over(),
        }
        self.happened(intent, Fact::Ended { number, outcome });
    }

    fn happened(&mut self, intent: IntentId, fact: Fact) {
        let at = self.now();
        let evidence = Evidence { at, fact };
        self.unwritten.push_back(Unwritten { intent, evidence });
    }

    /// Commits what happened, in its order; until then nobody is told.
    async fn keep_unwritten(&mut self) -> bool {
        while let Some(Unwritten { intent, evidence }) = self.unwritten.front() {
            let intent = intent.clone();
            match self.store.append(&intent, evidence.clone()).await {
                Ok(evidence) => {
                    self.unwritten.pop_front();
                    self.disk.is_over();
                    self.learned(&intent, evidence).await;
                }
                Err(error @ StoreError::Disk(_)) => return self.failed(&intent, error).await,
                Err(error) => {
                    self.unwritten.pop_front();
                    self.failed(&intent, error).await;
                }
            }
        }
        true
    }

    async fn obey(&mut self, order: Order) {
        match order {
            Order::Save(asked) => self.save(*asked).await,
            Order::Decide { intent, decision } => self.decide(intent, &decision).await,
        }
    }

    async fn save(&mut self, asked: ToSave) {
        let draft = asked.draft;
        let now = self.now();
        let day = now.with_timezone(&self.settings.zone).date_naive();
        let wish = Wish {
            draft,
            profile: self.settings.profile.clone(),
            key: asked.key,
            follows: asked.follows,
            submission: asked.submission,
            day,
        };
        match self.store.save(wish, now).await {
            Ok(standing) => {
                let id = standing.intent.id.clone();
                // Its outcome may be known here and not be on disk yet: what is on the desk stays.
                self.desk.entry(id.clone()).or_insert(standing);
                self.tell(&id).await;
            }
            Err(error) => {
                let why = error.to_string();
                self.send_news(News::NotSaved { draft, why }).await;
            }
        }
    }

    async fn decide(&mut self, intent: IntentId, decision: &Decision) {
        if let Err(why) = self.try_to_decide(&intent, decision).await {
            self.send_news(News::Refused { intent, why }).await;
        }
    }

    async fn try_to_decide(&mut self, id: &IntentId, decision: &Decision) -> Result<(), String> {
        if !self.desk.contains_key(id) {
            // Settled, or saved by another console of this machine.
            let standing = self
                .store
                .standing(id)
                .await
                .map_err(|error| error.to_string())?;
            if standing.intent.profile != self.settings.profile {
                return Err(format!(
                    "it belongs to the profile {}",
                    standing.intent.profile
                ));
            }
            decide::fact(decision, &standing)?;
            self.desk.insert(id.clone(), standing);
        }
        let Some(standing) = self.desk.get(id) else {
            return Ok(());
        };
        let fact = decide::fact(decision, standing)?;
        if let Err(error) = self.decided(id, fact).await {
            let why = error.to_string();
            self.failed(id, error).await;
            return Err(why);
        }
        Ok(())
    }

    /// Commits what was decided on the evidence that is on the desk.
    async fn decided(&mut self, id: &IntentId, fact: Fact) -> Result<(), StoreError> {
        let known = self
            .desk
            .get(id)
            .map_or(0, |standing| standing.evidence.len());
        let evidence = Evidence {
            at: self.now(),
            fact,
        };
        let evidence = self.store.decide(id, known, evidence).await?;
        self.disk.is_over();
        self.learned(id, evidence).await;
        Ok(())
    }

    /// What to do when the store did not do it; tells whether the round may go on.
    async fn failed(&mut self, id: &IntentId, error: StoreError) -> bool {
        let error = match error {
            // Another console of this machine learned something about it.
            StoreError::Outdated => match self.store.evidence(id).await {
                Ok(evidence) => {
                    self.learned(id, evidence).await;
                    return true;
                }
                Err(error) => error,
            },
            error => error,
        };
        if matches!(error, StoreError::Disk(_)) {
            self.disk_failed(&error).await;
            return false;
        }
        // One that cannot be read never holds up the others.
        self.desk.remove(id);
        let why = error.to_string();
        self.send_news(News::Stalled { why }).await;
        true
    }

    /// Tells of evidence that is on disk.
    async fn learned(&mut self, id: &IntentId, evidence: Vec<Evidence>) {
        if let Some(standing) = self.desk.get_mut(id) {
            standing.state = state(&evidence);
            standing.evidence = evidence;
            self.tell(id).await;
        }
    }

    /// Tells how an intent stands; a settled one leaves the desk.
    async fn tell(&mut self, id: &IntentId) {
        let Some(standing) = self.desk.get(id) else {
            return;
        };
        let mut standing = Box::new(standing.clone());
        standing.next = self.next_time(&standing);
        if standing.state.is_settled() {
            self.desk.remove(id);
        }
        self.send_news(News::Changed(standing)).await;
    }

    /// When something happens to it next by itself, as far as that is known.
    fn next_time(&self, standing: &Standing) -> Option<DateTime<Utc>> {
        let now = self.now();
        let planned = match plan::next(&standing.intent.id, &standing.evidence, now, &self.settings)
        {
            Next::SendNow => now,
            Next::WaitUntil(due) => due,
            Next::HandOver(_) | Next::Rest => return None,
        };
        let rests = [self.account.rests_until(), self.disk.rests_until()];
        let Some(until) = rests.into_iter().flatten().max() else {
            return Some(planned);
        };
        let rest = until.duration_since(Instant::now());
        Some(planned.max(now + TimeDelta::from_std(rest).unwrap_or_default()))
    }

    /// Tells it once, and tries again later.
    async fn disk_failed(&mut self, error: &StoreError) {
        let is_new = !self.disk.lasts();
        let back_off = &self.settings.back_off;
        self.disk
            .again(|times| back_off.wait(times, times).min(DISK_PATIENCE));
        if is_new {
            let why = error.to_string();
            self.send_news(News::Stalled { why }).await;
        }
    }

    async fn send_news(&self, news: News) {
        // Without a reader the work goes on: the store knows.
        let _ = self.news.send(news).await;
    }
}

/// How an attempt that is open at the start ended: nobody knows.
fn cut_off(evidence: &[Evidence]) -> Option<Fact> {
    if state(evidence) != State::Sending {
        return None;
    }
    let last = evidence
        .iter()
        .rev()
        .find_map(|evidence| match evidence.fact {
            Fact::Attempted { number } => Some(number),
            _ => None,
        });
    last.map(|number| Fact::Ended {
        number,
        outcome: Outcome::Unknown {
            why: "it was on its way when a console started".to_owned(),
        },
    })
}
