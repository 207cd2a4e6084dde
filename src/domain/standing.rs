//! How an intent stands: what the console shows of it, and what a person may decide.

use chrono::{DateTime, Utc};

use super::evidence::{Evidence, Fact, State, state};
use super::submission::{DraftId, Intent};

/// An intent with all that is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub intent: Intent,
    pub draft: DraftId,
    pub state: State,
    pub evidence: Vec<Evidence>,
    /// When the courier will do something about it next by itself.
    pub next: Option<DateTime<Utc>>,
}

impl Standing {
    /// One fact more; the state follows.
    pub fn learn(&mut self, evidence: Evidence) {
        self.evidence.push(evidence);
        self.state = state(&self.evidence);
    }

    /// A try was made: it can be dropped, but no longer taken back as if nothing had happened.
    pub fn has_left(&self) -> bool {
        let mut facts = self.evidence.iter().map(|evidence| &evidence.fact);
        facts.any(|fact| matches!(fact, Fact::Attempted { .. }))
    }
}

/// What a person decides about an intent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Saved only: it has not left yet.
    TakeBack,
    /// Needs you: it is there, this is its number.
    Found(String),
    /// Needs you: send it once more, knowing the risk.
    Resend,
    /// Needs you or Saved: give it up; a person may say why.
    Drop { reason: Option<String> },
}
