//! How an intent stands: what the console shows of it, and what a person may decide.

use chrono::{DateTime, Utc};

use super::evidence::{Evidence, State, state};
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
    /// Needs you or Saved: give it up.
    Drop,
}
