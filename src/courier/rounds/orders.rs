//! What a person asks: to save, and to decide.

use std::sync::Arc;

use chrono::{DateTime, SubsecRound, Utc};

use super::Rounds;
use crate::courier::{Carrier, News, Order, ToSave, decide};
use crate::domain::standing::{Decision, Standing};
use crate::domain::submission::{DraftId, IntentId, Submission};
use crate::domain::text::one_line;
use crate::store::StoreError;
use crate::store::intents::{Intents, Wish};
use crate::store::sign_ins::SignIns;

impl<S: Intents + SignIns + Clone + 'static, C: Carrier + ?Sized> Rounds<S, C> {
    pub(super) async fn obey(&mut self, order: Order) {
        match order {
            Order::Save(asked) => self.save(*asked).await,
            Order::Decide { intent, decision } => self.decide(intent, &decision).await,
            Order::SignedIn => self.account.signed_in(),
        }
    }

    async fn save(&mut self, asked: ToSave) {
        let draft = asked.draft;
        let now = self.now();
        let day = now.with_timezone(&self.settings.zone).date_naive();
        let wish = Wish {
            draft,
            profile: self.settings.profile.clone(),
            key: asked.key.clone(),
            follows: asked.follows,
            submission: asked.submission.clone(),
            day,
            changes: Arc::clone(&self.settings.changes),
        };
        let saved = match self.store.save(wish, now).await {
            Err(StoreError::Disk(why)) => self.look_for(draft, now, why).await,
            saved => saved.map_err(|error| error.to_string()),
        };
        let saved = saved.and_then(|standing| {
            is_wanted(&standing, draft, asked.key.as_deref(), &asked.submission)?;
            Ok(standing)
        });
        match saved {
            Ok(standing) => {
                let id = standing.intent.id.clone();
                self.unsure_drafts.retain(|(unsure, _)| *unsure != draft);
                // Its outcome may be known here and not be on disk yet: what is on the desk stays.
                self.desk.entry(id.clone()).or_insert(standing);
                self.tell(&id).await;
            }
            Err(why) => self.send_news(News::NotSaved { draft, why }).await,
        }
    }

    /// A commit that failed may be on disk all the same. It counts where it can be read after one more commit, which
    /// is synced; where it cannot be read then, it is not there.
    async fn look_for(
        &mut self,
        draft: DraftId,
        asked_at: DateTime<Utc>,
        why: String,
    ) -> Result<Standing, String> {
        let found = match self.store.prove().await {
            Ok(()) => self.store.of_draft(draft).await,
            Err(error) => Err(error),
        };
        match found {
            Ok(Some(standing)) => Ok(standing),
            Ok(None) => Err(why),
            Err(error) => {
                // As precise as the store keeps it.
                self.unsure_drafts.push((draft, asked_at.trunc_subsecs(6)));
                self.disk_failed(&error).await;
                Err(format!(
                    "{why}. Look at the worklist before you enter it again"
                ))
            }
        }
    }

    /// Once the disk answers again: what became of the commits that failed. Nothing is sent before that is known.
    pub(super) async fn settle_unsure(&mut self) -> bool {
        if self.unsure_attempts.is_empty() && self.unsure_drafts.is_empty() {
            return true;
        }
        let settled = async {
            self.store.prove().await?;
            self.settle_unsure_attempts().await?;
            while let Some((draft, _)) = self.unsure_drafts.last().copied() {
                self.settle_unsure_draft(draft).await?;
                self.unsure_drafts.retain(|(unsure, _)| *unsure != draft);
            }
            Ok::<(), StoreError>(())
        };
        match settled.await {
            Ok(()) => {
                self.disk.is_over();
                true
            }
            Err(error) => {
                self.disk_failed(&error).await;
                false
            }
        }
    }

    /// The desk was told that it is not saved: if it is, it is taken back, unless another console has sent it. One that
    /// was saved at another moment was told as saved then, and stays.
    async fn settle_unsure_draft(&mut self, draft: DraftId) -> Result<(), StoreError> {
        loop {
            let standing = match self.store.of_draft(draft).await {
                Ok(Some(standing)) => standing,
                // One that cannot be read is not sent either, and never holds up the others.
                Ok(None) | Err(StoreError::Damaged(_)) => return Ok(()),
                Err(error) => return Err(error),
            };
            let id = standing.intent.id.clone();
            let is_unsure = self
                .unsure_drafts
                .contains(&(draft, standing.intent.saved_at));
            let fact = decide::fact(&Decision::TakeBack, &standing).ok();
            self.desk.insert(id.clone(), standing);
            let Some(fact) = fact.filter(|_| is_unsure) else {
                self.tell(&id).await;
                return Ok(());
            };
            match self.decided(&id, fact).await {
                // Another console learned something meanwhile: look again.
                Err(StoreError::Outdated) => {}
                decided => return decided,
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
}

/// Whether what is on disk is what was asked for. Never silently another one.
fn is_wanted(
    standing: &Standing,
    draft: DraftId,
    key: Option<&str>,
    submission: &Submission,
) -> Result<(), String> {
    let id = &standing.intent.id;
    if standing.intent.submission == *submission {
        return Ok(());
    }
    Err(match key {
        Some(key) if standing.draft != draft => format!(
            "the key {} was used for another submission, {id}: give this one a key of its own",
            one_line(key)
        ),
        _ => format!("this form was saved before with other contents, as {id}: start a new one"),
    })
}
