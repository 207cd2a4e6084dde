//! Takes what is saved to the vendor, and learns what became of it.
//!
//! Order law: `commit(intent)` before "Saved" is shown; `commit(attempt)` before the first byte leaves;
//! `commit(outcome)` before "Accepted" is shown. A send runs in a task of its own; nothing in the interface can drop
//! it half-way.

use crate::domain::standing::{Decision, Standing};
use crate::domain::submission::{DraftId, IntentId, Submission};

/// What the courier is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    Save { draft: DraftId, submission: Box<Submission> },
    Decide { intent: IntentId, decision: Decision },
}

/// What the courier tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// The draft could not be made safe; nothing was sent and nothing will be.
    NotSaved { draft: DraftId, why: String },
    /// A state, or something that is known about it, changed. The first one of an intent says it is saved.
    Changed(Box<Standing>),
}
