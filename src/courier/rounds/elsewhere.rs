//! What other consoles of the machine did to the same store, and what they left when their process went.

use chrono::{DateTime, Utc};

use super::Rounds;
use crate::courier::{Carrier, News};
use crate::domain::evidence::{Evidence, Fact, Outcome, State};
use crate::domain::submission::IntentId;
use crate::store::StoreError;
use crate::store::intents::{CutOff, Intents};
use crate::store::sign_ins::SignIns;
use crate::trial;

impl<S: Intents + SignIns + Clone + 'static, C: Carrier + ?Sized> Rounds<S, C> {
    /// At the start: everything of the profile that is not settled.
    pub(super) async fn take_up(&mut self) -> bool {
        if self.mark.is_some() {
            return true;
        }
        let profile = &self.settings.profile;
        // The mark comes first: what is learned between the two readings is read twice, and never missed.
        let read = async {
            let (_, mark) = self.store.learned_since(profile, None).await?;
            let cut_off = self.store.cut_off(profile).await?;
            Ok((mark, cut_off, self.store.open_intents(profile).await?))
        };
        let (mark, cut_off, open) = match read.await {
            Ok(read) => read,
            Err(error) => {
                self.disk_failed(&error).await;
                return false;
            }
        };
        self.disk.is_over();
        self.mark = Some(mark);
        self.remember_sign_in().await;
        for standing in open {
            match standing {
                Ok(standing) if self.desk.contains_key(&standing.intent.id) => {}
                Ok(standing) => {
                    let id = standing.intent.id.clone();
                    self.desk.insert(id.clone(), standing);
                    // What was cut off is told when that is known.
                    if cut_off.iter().all(|cut_off| cut_off.intent != id) {
                        self.tell(&id).await;
                    }
                }
                Err(damaged) => {
                    let why = damaged.to_string();
                    self.send_news(News::Stalled { why }).await;
                }
            }
        }
        self.write_off(cut_off).await
    }

    /// Takes up what was saved elsewhere, and tells what was learned or settled there.
    pub(super) async fn look_around(&mut self) -> bool {
        if !self.is_stale {
            return true;
        }
        let profile = &self.settings.profile;
        let (ids, mark) = match self.store.learned_since(profile, self.mark).await {
            Ok(learned) => learned,
            Err(error) => {
                self.disk_failed(&error).await;
                return false;
            }
        };
        for id in ids {
            let known = self.desk.get(&id).map(|standing| standing.evidence.len());
            let known = known.or_else(|| self.left.get(&id).copied());
            let is_well = match self.store.evidence(&id).await {
                Ok(evidence) if evidence.is_empty() || known == Some(evidence.len()) => true,
                Ok(evidence) => {
                    self.learned(&id, evidence).await;
                    true
                }
                Err(error) => self.failed(&id, error).await,
            };
            if !is_well {
                return false;
            }
        }
        self.disk.is_over();
        self.mark = Some(mark);
        self.left.clear();
        self.is_stale = false;
        if !self.waits_for_others() {
            return true;
        }
        match self.store.cut_off(&self.settings.profile).await {
            Ok(cut_off) => self.write_off(cut_off).await,
            Err(error) => {
                self.disk_failed(&error).await;
                false
            }
        }
    }

    /// Another console has an attempt under way, or had.
    pub(super) fn waits_for_others(&self) -> bool {
        self.desk.iter().any(|(id, standing)| {
            standing.state == State::Sending
                && !self.under_way.values().any(|(ours, _)| ours == id)
                && !self
                    .unwritten
                    .iter()
                    .any(|unwritten| unwritten.intent == *id)
        })
    }

    /// Attempts whose process has gone: nobody knows how they ended. Decided on what is known, so that one console
    /// alone says so.
    async fn write_off(&mut self, cut_off: Vec<CutOff>) -> bool {
        for CutOff { intent, number } in cut_off {
            let is_open = self
                .desk
                .get(&intent)
                .is_some_and(|standing| open_attempt(&standing.evidence) == Some(number));
            if is_open && !self.write_off_one(&intent, number).await {
                return false;
            }
        }
        true
    }

    async fn write_off_one(&mut self, intent: &IntentId, number: u32) -> bool {
        match self.decided(intent, cut_off(number)).await {
            Ok(()) => true,
            Err(error) => self.failed(intent, error).await,
        }
    }
}

/// Writes down that nobody knows how the attempts ended whose process has gone, for who reads without a courier.
pub async fn write_off(
    store: &impl Intents,
    profile: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    for CutOff { intent, number } in store.cut_off(profile).await? {
        let known = store.evidence(&intent).await?.len();
        let fact = cut_off(number);
        match store
            .decide(&intent, known, Evidence { at: now, fact })
            .await
        {
            // Another process has just done it.
            Ok(_) | Err(StoreError::Outdated) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// The end of an attempt whose process has gone.
fn cut_off(number: u32) -> Fact {
    let why = "its console went away while it was on its way".to_owned();
    let outcome = if trial::bug("resend-on-restart") {
        Outcome::NotSent { why }
    } else {
        Outcome::Unknown { why }
    };
    Fact::Ended { number, outcome }
}

/// The attempt whose end is not known.
fn open_attempt(evidence: &[Evidence]) -> Option<u32> {
    evidence
        .iter()
        .rev()
        .find_map(|evidence| match &evidence.fact {
            Fact::Attempted { number } => Some(Some(*number)),
            Fact::Ended { .. } => Some(None),
            _ => None,
        })
        .flatten()
}
