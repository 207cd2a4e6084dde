//! Looks at the vendor for what has no answer: reads, beside the sends and never in their way.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::task::{self, JoinError};

use super::{Rounds, Unwritten};
use crate::courier::Carrier;
use crate::domain::evidence::{Evidence, Fact};
use crate::domain::looked::Looked;
use crate::domain::submission::IntentId;
use crate::store::StoreError;
use crate::store::intents::Intents;
use crate::store::sign_ins::SignIns;
use crate::trial;

/// A look that is not over by then shows nothing.
const LONGEST_LOOK: Duration = Duration::from_secs(120);

/// A look under way.
pub(super) struct Look {
    intent: IntentId,
    /// How many facts were known when it was wanted: it answers what was asked then.
    known: usize,
    began: DateTime<Utc>,
}

impl<S: Intents + SignIns + Clone + 'static, C: Carrier + ?Sized> Rounds<S, C> {
    /// Looks in a task of its own, once at a time for each intent; the first attempt that may have made a record began
    /// at `since`.
    pub(super) fn look(&mut self, id: &IntentId, since: DateTime<Utc>) {
        let is_looked_for = self.looking.values().any(|look| look.intent == *id);
        // A look that ends starts another round.
        if is_looked_for || self.looks.len() >= self.settings.at_once {
            return;
        }
        let Some(standing) = self.desk.get(id) else {
            return;
        };
        let look = Look {
            intent: id.clone(),
            known: standing.evidence.len(),
            began: self.now(),
        };
        let (carrier, intent) = (Arc::clone(&self.carrier), standing.intent.clone());
        let clock = self.clock.clone();
        let task = self.looks.spawn(async move {
            tokio::select! {
                looked = carrier.look(&intent, since) => looked,
                () = clock.sleep(LONGEST_LOOK) => Looked::Unclear {
                    why: format!("no answer within {} s", LONGEST_LOOK.as_secs()),
                },
            }
        });
        self.looking.insert(task.id(), look);
    }

    /// Keeps what a look showed. That it is there is a proof whatever happened meanwhile; anything else speaks for what
    /// was known when the look began, and is dropped where more is known by now: a look on several consoles at once is
    /// one look, and one from before a resend says nothing about it.
    pub(super) async fn looked(&mut self, looked: Result<(task::Id, Looked), JoinError>) {
        let (task, looked) = looked.unwrap_or_else(|error| {
            let why = "the look broke off".to_owned();
            (error.id(), Looked::Unclear { why })
        });
        let Some(look) = self.looking.remove(&task) else {
            return;
        };
        let looked = match looked {
            Looked::Match { number, told } if trial::bug("match-is-ours") => {
                Looked::Ours { number, told }
            }
            looked => looked,
        };
        let is_proof = matches!(looked, Looked::Ours { .. });
        let intent = look.intent;
        let evidence = Evidence {
            at: look.began,
            fact: Fact::Looked { looked },
        };
        if is_proof {
            return self.unwritten.push_back(Unwritten { intent, evidence });
        }
        if let Err(error) = self.decided_on(&intent, look.known, evidence).await {
            // What was not kept is looked for again.
            self.failed(&intent, error).await;
        }
    }

    /// Commits what follows from the first `known` facts.
    pub(super) async fn decided_on(
        &mut self,
        id: &IntentId,
        known: usize,
        evidence: Evidence,
    ) -> Result<(), StoreError> {
        let evidence = self.store.decide(id, known, evidence).await?;
        self.disk.is_over();
        self.learned(id, evidence).await;
        Ok(())
    }
}
