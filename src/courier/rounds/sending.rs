//! What goes out and what comes back: attempts, and the probes of an account that does not work.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::{self, JoinError};

use super::Rounds;
use crate::clock::{Clock, Steady};
use crate::courier::Carrier;
use crate::domain::evidence::{Fact, Outcome};
use crate::domain::failure::Failure;
use crate::domain::submission::{Intent, IntentId};
use crate::store::StoreError;
use crate::store::intents::Intents;
use crate::store::sign_ins::{SignIn, SignIns};
use crate::trial;
use crate::vendor::budget::Slot;

/// A refusal of the key that is younger is not asked for again.
const FRESH_REFUSAL: Duration = Duration::from_secs(25);

/// An attempt that has not left so long after it was decided was kept by a machine that slept: what was true of the
/// vendor's day then may not be true any more.
const LATEST_START: Duration = Duration::from_secs(60);

impl<S: Intents + SignIns + Clone + 'static, C: Carrier + ?Sized> Rounds<S, C> {
    /// Commits the attempt, and lets it leave in a task of its own with the slot that was taken for it.
    pub(super) async fn send(&mut self, id: &IntentId, slot: Option<Slot>) -> bool {
        let (now, begun) = (self.now(), self.clock.steady());
        let Some(standing) = self.desk.get(id) else {
            return true;
        };
        let known = standing.evidence.len();
        trial::point("attempt-decided");
        match self.store.begin_attempt(id, known, now).await {
            Ok(evidence) => {
                self.disk.is_over();
                if let Some(Fact::Attempted { number }) = evidence.last().map(|last| &last.fact) {
                    let (carrier, intent) = (Arc::clone(&self.carrier), standing.intent.clone());
                    let leaving = leave(carrier, intent, slot, self.clock.clone(), begun);
                    let send = self.sends.spawn(leaving);
                    self.under_way.insert(send.id(), (id.clone(), *number));
                }
                self.learned(id, evidence).await;
                true
            }
            Err(error) => {
                if matches!(error, StoreError::Disk(_)) {
                    self.unsure_attempts.insert(id.clone());
                }
                self.failed(id, error).await
            }
        }
    }

    /// An attempt whose commit failed did not leave. Where it is on disk all the same, that is how it ended.
    pub(super) async fn settle_unsure_attempts(&mut self) -> Result<(), StoreError> {
        for id in self.unsure_attempts.clone() {
            if let Some(number) = self.store.open_here(&id).await? {
                let why = "the disk failed before it left".to_owned();
                let outcome = Outcome::NotSent { why };
                self.happened(id.clone(), Fact::Ended { number, outcome });
            }
            self.unsure_attempts.remove(&id);
        }
        Ok(())
    }

    pub(super) async fn ended(&mut self, ended: Result<(task::Id, Outcome), JoinError>) {
        let (send, outcome) = ended.unwrap_or_else(|error| {
            let why = "the send broke off".to_owned();
            (error.id(), Outcome::Unknown { why })
        });
        let outcome = match outcome {
            Outcome::CodeTaken { words } if trial::bug("code-taken-is-always-ours") => {
                let (number, told) = (words, Vec::new());
                Outcome::Accepted { number, told }
            }
            outcome => outcome,
        };
        let Some((intent, number)) = self.under_way.remove(&send) else {
            return;
        };
        let now = self.clock.steady();
        self.account.learn(&intent, &outcome, now, &self.settings);
        match &outcome {
            Outcome::SignedOut { why } => self.keep_sign_in(Some(why.clone())).await,
            Outcome::NotSent { .. } | Outcome::Unknown { .. } => {}
            _ => self.keep_sign_in(None).await,
        }
        self.happened(intent, Fact::Ended { number, outcome });
    }

    /// Asks, one at a time, whether the account works again.
    pub(super) fn probe(&mut self) {
        let now = self.clock.steady();
        if self.account.wants_probe(now) && self.probes.is_empty() {
            self.account.probing(now, &self.settings);
            let carrier = Arc::clone(&self.carrier);
            self.probes.spawn(async move { carrier.probe().await });
        }
    }

    pub(super) async fn probed(&mut self, probed: Result<Result<(), Failure>, JoinError>) {
        match probed {
            Ok(Ok(())) => {
                self.account.reached();
                self.keep_sign_in(None).await;
            }
            Ok(Err(Failure::SignedOut(why) | Failure::CodeNeeded(why))) => {
                self.keep_sign_in(Some(why)).await;
            }
            Ok(Err(_)) | Err(_) => {}
        }
    }

    /// Tells the other consoles, and the next start, whether the vendor takes the key. That it takes it is news once.
    async fn keep_sign_in(&mut self, refusal: Option<String>) {
        let is_refused = refusal.is_some();
        if !is_refused && self.is_key_refused == Some(false) {
            return;
        }
        let at = self.now();
        let sign_in = SignIn { at, refusal };
        let account = &self.settings.account;
        // It spares a request; nothing depends on it.
        if self.store.keep_sign_in(account, &sign_in).await.is_ok() {
            self.is_key_refused = Some(is_refused);
        }
    }

    /// A console that opens right after another one was refused waits as that one does.
    pub(super) async fn remember_sign_in(&mut self) {
        let Ok(Some(sign_in)) = self.store.sign_in(&self.settings.account).await else {
            return;
        };
        self.is_key_refused = Some(sign_in.refusal.is_some());
        let age = (self.now() - sign_in.at).to_std();
        if let (Some(_), Ok(age)) = (sign_in.refusal, age)
            && let Some(rest) = FRESH_REFUSAL.checked_sub(age)
        {
            self.account.refused_before(self.clock.steady(), rest);
        }
    }
}

async fn leave<C: Carrier + ?Sized>(
    carrier: Arc<C>,
    intent: Intent,
    slot: Option<Slot>,
    clock: Clock,
    begun: Steady,
) -> Outcome {
    trial::point("before-send");
    if clock.steady().saturating_sub(begun) > LATEST_START {
        let why = "this machine slept before it left".to_owned();
        return Outcome::NotSent { why };
    }
    let outcome = carrier.submit(&intent, slot).await;
    trial::point("answered");
    outcome
}
