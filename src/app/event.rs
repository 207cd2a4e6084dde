//! What can happen to the console, and what it orders in return.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::key::Chord;
use crate::domain::branch::{Branch, BranchId, Party};
use crate::domain::catalogue::{Catalogue, Hits};
use crate::domain::draft::{Draft, KeptDraft};
use crate::domain::failure::{BudgetLeft, Failure};
use crate::domain::phone::Phone;
use crate::domain::standing::{Decision, Standing};
use crate::domain::submission::{DraftId, IntentId, MetPatient, Submission};

/// Ties an answer to its question; an answer whose id is outdated is dropped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct CallId(pub u64);

/// Facts, from the terminal, the clock and the worker.
#[derive(Clone, Debug)]
pub enum Event {
    // From the terminal.
    KeyPressed(Chord),
    Pasted(String),
    Resized {
        width: u16,
        height: u16,
    },

    // From the clock: told before anything else of a wake-up.
    ClockRead(DateTime<Utc>),

    // Answers to lists that were asked for.
    BranchesLoaded {
        call: CallId,
        result: Result<Vec<Branch>, Failure>,
    },
    CatalogueLoaded {
        call: CallId,
        result: Result<Arc<Catalogue>, Failure>,
    },
    RowsFound {
        call: CallId,
        hits: Hits,
    },

    PeopleFound {
        call: CallId,
        people: Vec<MetPatient>,
    },

    // From the disk, about forms that are not sent.
    /// Everything that is kept, or why it cannot be read.
    DraftsLoaded(Result<Vec<KeptDraft>, String>),
    /// None where it is gone, or open in another console.
    DraftOpened {
        draft: DraftId,
        result: Result<Option<Box<KeptDraft>>, String>,
    },
    DraftNotKept {
        draft: DraftId,
        why: String,
    },
    /// The disk takes drafts again after it did not.
    DraftsKeptAgain,

    // From the courier.
    IntentChanged(Box<Standing>),
    NotSaved {
        draft: DraftId,
        why: String,
    },
    DecisionRefused {
        intent: IntentId,
        why: String,
    },

    // From the worker as a whole.
    BudgetChanged(BudgetLeft),
    /// The vendor's side or the store could not be started; nothing can be sent.
    Faulted(String),

    /// The console ends now, whatever ended it.
    Leaving,
}

/// Orders to the shell.
#[derive(Clone, Debug)]
pub enum Effect {
    LoadBranches {
        call: CallId,
    },
    LoadCatalogue {
        call: CallId,
        branch: BranchId,
        party: Option<Party>,
    },
    /// Search a large catalogue off the loop's thread.
    FindRows {
        call: CallId,
        catalogue: Arc<Catalogue>,
        query: String,
    },
    Save {
        draft: DraftId,
        /// The intent that was not accepted, or given up, and that this one follows.
        follows: Option<IntentId>,
        submission: Box<Submission>,
    },
    Decide {
        intent: IntentId,
        decision: Decision,
    },
    /// The form as it stands now.
    KeepDraft(Box<Draft>),
    DropDraft(DraftId),
    LoadDrafts,
    /// Claims a draft of the disk for this console.
    OpenDraft(DraftId),
    FindPeople {
        call: CallId,
        phone: Phone,
    },
    /// Put a text on the clipboard of the terminal, over SSH too (OSC 52).
    Copy(String),
    /// Draw every cell anew.
    Redraw,
    Quit,
}
