//! The courier's rounds: see what is due, send it, keep what came of it, tell of it, and sleep until the next due time.
//!
//! `orders` does what a person asked, `sending` what goes out and comes back, `looking` what is looked for at the
//! vendor, `elsewhere` what other consoles did.

mod elsewhere;
mod looking;
mod orders;
mod sending;

pub use elsewhere::write_off;
use looking::Look;

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::{mpsc, watch};
use tokio::task::{self, JoinSet};

use super::account::Account;
use super::plan::{self, Next};
use super::settings::Settings;
use super::trouble::Trouble;
use super::wall::Wall;
use super::{Carrier, News, Order};
use crate::clock::Clock;
use crate::domain::evidence::{Doubt, Evidence, Fact, Outcome, state};
use crate::domain::failure::Failure;
use crate::domain::looked::Looked;
use crate::domain::standing::Standing;
use crate::domain::submission::{DraftId, IntentId};
use crate::domain::turn;
use crate::store::StoreError;
use crate::store::intents::{Intents, Mark};
use crate::store::sign_ins::SignIns;

/// The longest wait before the disk is tried again: what is under way should not stay untold for long.
const DISK_PATIENCE: Duration = Duration::from_secs(25);

/// The longest sleep while anything waits: timers stand still while a machine sleeps, and a wall clock may be set.
const LOOK_AGAIN: Duration = Duration::from_secs(15);

/// A fact that happened and is not on disk yet. Nobody is told of it before.
struct Unwritten {
    intent: IntentId,
    evidence: Evidence,
}

pub(super) struct Rounds<S, C: ?Sized> {
    store: S,
    carrier: Arc<C>,
    settings: Settings,
    clock: Clock,
    wall: Wall,
    news: mpsc::Sender<News>,
    idle: watch::Sender<bool>,
    /// How far the evidence of all consoles was read; empty before what the store held was taken up.
    mark: Option<Mark>,
    /// Another console may have learned something since.
    is_stale: bool,
    /// Everything that is not settled. Ids grow with the time of saving: the oldest comes first.
    desk: BTreeMap<IntentId, Standing>,
    /// What left the desk since the evidence was last read, and how much was known of it.
    left: HashMap<IntentId, usize>,
    sends: JoinSet<Outcome>,
    under_way: HashMap<task::Id, (IntentId, u32)>,
    looks: JoinSet<Looked>,
    looking: HashMap<task::Id, Look>,
    probes: JoinSet<Result<(), Failure>>,
    unwritten: VecDeque<Unwritten>,
    /// The commit of an attempt failed, and may be on disk all the same. Nothing left.
    unsure_attempts: HashSet<IntentId>,
    /// The desk was told that these are not saved, and nobody could look whether they are; the moment of each save.
    unsure_drafts: Vec<(DraftId, DateTime<Utc>)>,
    disk: Trouble,
    /// The one at which the disk failed goes last: it must not keep the others from being tried.
    stumbled: Option<IntentId>,
    account: Account,
    /// What the store says about the account's key: refused, or taken.
    is_key_refused: Option<bool>,
}

impl<S: Intents + SignIns + Clone + 'static, C: Carrier + ?Sized> Rounds<S, C> {
    pub(super) fn new(
        store: S,
        carrier: Arc<C>,
        settings: Settings,
        clock: Clock,
        news: mpsc::Sender<News>,
        idle: watch::Sender<bool>,
    ) -> Self {
        Self {
            store,
            carrier,
            settings,
            clock,
            wall: Wall::default(),
            news,
            idle,
            mark: None,
            is_stale: false,
            desk: BTreeMap::new(),
            left: HashMap::new(),
            sends: JoinSet::new(),
            under_way: HashMap::new(),
            looks: JoinSet::new(),
            looking: HashMap::new(),
            probes: JoinSet::new(),
            unwritten: VecDeque::new(),
            unsure_attempts: HashSet::new(),
            unsure_drafts: Vec::new(),
            disk: Trouble::default(),
            stumbled: None,
            account: Account::new(),
            is_key_refused: None,
        }
    }

    /// Goes round until nobody can order anything more and nothing is under way.
    pub(super) async fn run(mut self, mut orders: mpsc::Receiver<Order>) {
        let clock = self.clock.clone();
        loop {
            let wait = self.go_round().await;
            self.idle.send_replace(self.is_idle() && orders.is_empty());
            let rest = async {
                match wait {
                    Some(wait) => clock.sleep(wait.min(LOOK_AGAIN)).await,
                    None => std::future::pending().await,
                }
            };
            // What ended comes first: it frees a place, and is not on disk yet.
            tokio::select! {
                biased;
                Some(ended) = self.sends.join_next_with_id() => self.ended(ended).await,
                Some(looked) = self.looks.join_next_with_id() => self.looked(looked).await,
                Some(probed) = self.probes.join_next() => self.probed(probed).await,
                order = orders.recv() => match order {
                    Some(order) => {
                        // Before any news of it: who has read them may rely on what is told here.
                        self.idle.send_replace(false);
                        self.obey(order).await;
                    }
                    None => break,
                },
                () = self.store.changed_elsewhere() => self.is_stale = true,
                () = rest => self.is_stale |= self.waits_for_others(),
            }
        }
        while let Some(ended) = self.sends.join_next_with_id().await {
            self.ended(ended).await;
            self.keep_unwritten().await;
        }
        // What cannot be kept even now stays an open attempt on disk: Checking at the next start.
        self.keep_unwritten().await;
    }

    fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    fn read_clocks(&mut self) -> plan::Reading {
        self.wall.read(self.clock.now(), self.clock.steady())
    }

    /// Nothing happens any more unless a person, the vendor or another console does something.
    fn is_idle(&self) -> bool {
        self.mark.is_some()
            && !self.disk.lasts()
            && self.sends.is_empty()
            && self.looks.is_empty()
            && self.unwritten.is_empty()
            && self.unsure_attempts.is_empty()
            && self.unsure_drafts.is_empty()
            && self.rests()
    }

    /// Everything on the desk needs a person, or waits for one that does.
    fn rests(&self) -> bool {
        let waiting = turn::waiting(self.desk.values());
        self.desk.iter().all(|(id, standing)| {
            let first = waiting.get(id).copied().unwrap_or(standing);
            turn::needs_person(first)
        })
    }

    /// What waits until an older one of the same record is settled.
    fn waiting(&self) -> HashSet<IntentId> {
        let waiting = turn::waiting(self.desk.values());
        waiting.into_keys().cloned().collect()
    }

    /// Does everything that is due, and tells in how much time to come back.
    async fn go_round(&mut self) -> Option<Duration> {
        let reading = self.read_clocks();
        let now = self.clock.steady();
        if let Some(rest) = self.disk.rest(now) {
            return Some(rest);
        }
        // One that another console saved before it goes first.
        self.is_stale |= self.desk.values().any(turn::is_ordered);
        let is_well = self.take_up().await
            && self.settle_unsure().await
            && self.keep_unwritten().await
            && self.look_around().await;
        if !is_well {
            return Some(self.disk.rest(self.clock.steady()).unwrap_or_default());
        }
        let mut soonest = self.waits_for_others().then_some(LOOK_AGAIN);
        let mut waits_for_account = false;
        let mut is_spent = false;
        let places = self.account.places(now, &self.settings);
        let waiting = self.waiting();
        for id in self.turns() {
            let Some(standing) = self.desk.get(&id) else {
                continue;
            };
            let is_well = match self.plan(standing, reading) {
                Next::Rest => true,
                Next::WaitUntil(due) => {
                    let wait = (due - reading.at).to_std().unwrap_or_default();
                    soonest = Some(soonest.map_or(wait, |soonest| soonest.min(wait)));
                    true
                }
                Next::HandOver(doubt) => self.hand_over(&id, doubt).await,
                // A look asks nothing of the places and slots of the sends, and leaves the account its rest.
                Next::Look { since } => {
                    match self.account.rest(now) {
                        Some(rest) => {
                            waits_for_account = true;
                            soonest = Some(soonest.map_or(rest, |soonest| soonest.min(rest)));
                        }
                        None => self.look(&id, since),
                    }
                    true
                }
                Next::SendNow if waiting.contains(&id) => true,
                // Nothing leaves before the budget has a slot; what needs none goes on.
                Next::SendNow if is_spent => true,
                Next::SendNow if self.sends.len() < places => match self.carrier.admit().await {
                    Ok(slot) => self.send(&id, slot).await,
                    Err(until) => {
                        is_spent = true;
                        let wait = until.saturating_sub(self.clock.steady());
                        soonest = Some(soonest.map_or(wait, |soonest| soonest.min(wait)));
                        true
                    }
                },
                // A place that becomes free starts another round; a place that there is not waits for the account.
                Next::SendNow => {
                    waits_for_account |= places == 0;
                    true
                }
            };
            if !is_well {
                self.stumbled = Some(id);
                return Some(self.disk.rest(self.clock.steady()).unwrap_or_default());
            }
        }
        self.stumbled = None;
        if self.waiting() != waiting {
            // The one that it waited for was settled meanwhile.
            soonest = Some(Duration::ZERO);
        }
        if waits_for_account {
            self.probe();
            let rest = self.account.rest(self.clock.steady());
            soonest = match (soonest, rest) {
                (Some(soonest), Some(rest)) => Some(soonest.min(rest)),
                (soonest, rest) => soonest.or(rest),
            };
        }
        soonest
    }

    fn plan(&self, standing: &Standing, reading: plan::Reading) -> Next {
        let Standing {
            intent, evidence, ..
        } = standing;
        let tier = self.carrier.tier(intent);
        let next = plan::next(&intent.id, evidence, reading, tier, &self.settings);
        match self.carrier.left_until(intent) {
            // Nobody else can be waited for where there is nobody else.
            Some(until) if next == Next::SendNow && self.store.has_company() => {
                plan::not_before(intent.saved_at, until, reading)
            }
            _ => next,
        }
    }

    /// Whose turn it is in which order: the oldest first.
    fn turns(&self) -> Vec<IntentId> {
        let mut ids: Vec<IntentId> = self.desk.keys().cloned().collect();
        ids.sort_by_key(|id| Some(id) == self.stumbled.as_ref());
        ids
    }

    /// Keeps that only a person can go on.
    async fn hand_over(&mut self, id: &IntentId, doubt: Doubt) -> bool {
        match self.decided(id, Fact::HandedOver { doubt }).await {
            Ok(()) => true,
            Err(error) => self.failed(id, error).await,
        }
    }

    fn happened(&mut self, intent: IntentId, fact: Fact) {
        let at = self.now();
        let evidence = Evidence { at, fact };
        self.unwritten.push_back(Unwritten { intent, evidence });
    }

    /// Commits what happened; until then nobody is told.
    async fn keep_unwritten(&mut self) -> bool {
        while let Some(Unwritten { intent, evidence }) = self.unwritten.front() {
            let intent = intent.clone();
            match self.store.append(&intent, evidence.clone()).await {
                Ok(evidence) => {
                    self.unwritten.pop_front();
                    self.disk.is_over();
                    self.learned(&intent, evidence).await;
                }
                Err(error @ StoreError::Disk(_)) => {
                    // Each is of another intent: one that cannot be kept is not in the way of the others.
                    self.unwritten.rotate_left(1);
                    return self.failed(&intent, error).await;
                }
                Err(error) => {
                    self.unwritten.pop_front();
                    self.failed(&intent, error).await;
                }
            }
        }
        true
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
        self.decided_on(id, known, evidence).await
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
        } else {
            // Saved by another console, or settled before and not any more what it was.
            match self.store.standing(id).await {
                Ok(standing) => drop(self.desk.insert(id.clone(), standing)),
                Err(error) => {
                    let why = error.to_string();
                    return self.send_news(News::Stalled { why }).await;
                }
            }
        }
        self.tell(id).await;
    }

    /// Tells how an intent stands; a settled one leaves the desk.
    async fn tell(&mut self, id: &IntentId) {
        let reading = self.read_clocks();
        let Some(standing) = self.desk.get(id) else {
            return;
        };
        let mut standing = Box::new(standing.clone());
        standing.next = self.next_time(&standing, reading);
        if standing.state.is_settled() {
            self.desk.remove(id);
            self.left.insert(id.clone(), standing.evidence.len());
        }
        self.send_news(News::Changed(standing)).await;
    }

    /// When something happens to it next by itself, as far as that is known.
    fn next_time(&self, standing: &Standing, reading: plan::Reading) -> Option<DateTime<Utc>> {
        let planned = match self.plan(standing, reading) {
            Next::SendNow if turn::waits_for(standing, self.desk.values()).is_some() => {
                return None;
            }
            Next::SendNow | Next::Look { .. } => reading.at,
            Next::WaitUntil(due) => due,
            Next::HandOver(_) | Next::Rest => return None,
        };
        let now = self.clock.steady();
        let rest = self.account.rest(now).max(self.disk.rest(now));
        let rest = TimeDelta::from_std(rest.unwrap_or_default()).unwrap_or_default();
        Some(planned.max(reading.at + rest))
    }

    /// Tells it once, and tries again later.
    async fn disk_failed(&mut self, error: &StoreError) {
        let is_new = !self.disk.lasts();
        let back_off = &self.settings.back_off;
        let now = self.clock.steady();
        self.disk.again(now, |times| {
            back_off.rest(times, fastrand::u64(..)).min(DISK_PATIENCE)
        });
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
