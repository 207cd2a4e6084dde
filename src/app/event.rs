//! What can happen to the console, and what it orders in return.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::key::Chord;
use super::profiles::Tally;
use super::question::Question;
use super::worklist::Listed;
use crate::domain::branch::{Branch, BranchId, Party};
use crate::domain::catalogue::{Catalogue, Hits};
use crate::domain::draft::{Draft, KeptDraft};
use crate::domain::failure::{BudgetLeft, Failure};
use crate::domain::looked::Told;
use crate::domain::offer::{Choice, FieldKey};
use crate::domain::phone::Phone;
use crate::domain::slot::{CodeSession, FoundPatient, Listed as Appointment, SlotQuery, Slots};
use crate::domain::standing::{Decision, Standing};
use crate::domain::submission::{DraftId, IntentId, MetPatient, Submission};

/// Ties an answer to its question; an answer whose id is outdated is dropped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct CallId(pub u64);

/// What a list that is asked for must be, to be of use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Freshness {
    /// When the list that is on screen was taken: a copy that is no newer is not wanted.
    pub newer_than: Option<DateTime<Utc>>,
    /// The vendor is asked even where the copy is current.
    pub is_vendor_asked: bool,
}

/// Facts, from the terminal, the clock and the worker.
#[derive(Clone, Debug)]
pub enum Event {
    // From the terminal.
    KeyPressed(Chord),
    Pasted(String),
    /// Letters that came faster than a person types, and whether Enter came behind them.
    Burst {
        letters: String,
        is_ended: bool,
    },
    Resized {
        width: u16,
        height: u16,
    },

    // From the clock: told before anything else of a wake-up.
    ClockRead(DateTime<Utc>),

    // Answers to lists that were asked for. The last copy may come first; then the vendor's own answer to the same
    // call follows, unless the copy is current.
    BranchesCopied {
        call: CallId,
        branches: Vec<Branch>,
        taken_at: DateTime<Utc>,
        is_current: bool,
    },
    CatalogueCopied {
        call: CallId,
        catalogue: Arc<Catalogue>,
        taken_at: DateTime<Utc>,
        is_current: bool,
    },
    BranchesLoaded {
        call: CallId,
        result: Result<Vec<Branch>, Failure>,
    },
    CatalogueLoaded {
        call: CallId,
        result: Result<Arc<Catalogue>, Failure>,
    },
    /// What a field of the form can hold.
    ChoicesLoaded {
        call: CallId,
        field: FieldKey,
        result: Result<Vec<Choice>, Failure>,
    },
    /// The vendor's free times, of the days that were asked for.
    SlotsLoaded {
        call: CallId,
        result: Result<Slots, Failure>,
    },
    RowsFound {
        call: CallId,
        hits: Hits,
    },

    PeopleFound {
        call: CallId,
        people: Vec<MetPatient>,
    },

    /// The patients at the vendor who may be the form's.
    PatientsFound {
        call: CallId,
        result: Result<Vec<FoundPatient>, Failure>,
    },
    /// A code went to the patient, or none is asked for; or what the patient read back is right. A wrong code is
    /// [`Failure::Refused`], one that has lapsed [`Failure::SignedOut`].
    CodeAnswered {
        call: CallId,
        result: Result<CodeSession, Failure>,
    },
    /// What a change will cost or bring with it, in the vendor's words.
    TermsLoaded {
        call: CallId,
        result: Result<Vec<Told>, Failure>,
    },
    /// The appointments of a day at the vendor.
    DayLoaded {
        call: CallId,
        result: Result<Vec<Appointment>, Failure>,
    },
    /// The code of the sign-in was right, or not.
    SignInAnswered(Result<(), Failure>),
    /// Where another code of the sign-in went.
    SignInCodeSent(Result<String, Failure>),

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

    /// Everything of today and everything that is not settled, as the store has it.
    WorklistLoaded {
        call: CallId,
        result: Result<Listed, String>,
    },

    // From the courier.
    IntentChanged(Box<Standing>),
    NotSaved {
        draft: DraftId,
        why: String,
    },
    /// A file that was to be sent along could not be taken; nothing was saved.
    FileNotRead {
        draft: DraftId,
        field: FieldKey,
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

    // From the shell.
    /// What is under way in the other profiles that are open.
    ElsewhereCounted(Vec<Tally>),
    /// The profile that was ordered is not shown, and this one stays.
    ProfileNotOpened {
        why: String,
    },
    /// The console ends now, whatever ended it, or another profile is shown.
    Leaving,
}

/// Orders to the shell.
#[derive(Clone, Debug)]
pub enum Effect {
    LoadBranches {
        call: CallId,
        freshness: Freshness,
    },
    LoadCatalogue {
        call: CallId,
        branch: BranchId,
        party: Option<Party>,
        freshness: Freshness,
    },
    /// Ask the vendor at once; nothing of it is kept.
    Ask(Question),
    /// The vendor's free times for the form as it stands.
    LoadSlots {
        call: CallId,
        query: SlotQuery,
    },
    /// Everything saved since then, everything that is not settled, and every record whose patient is `due` then or
    /// later.
    LoadWorklist {
        call: CallId,
        since: DateTime<Utc>,
        due: DateTime<Utc>,
    },
    /// Search a large catalogue off the loop's thread.
    FindRows {
        call: CallId,
        catalogue: Arc<Catalogue>,
        query: String,
    },
    Save {
        draft: DraftId,
        /// See [`Intent::follows`](crate::domain::submission::Intent::follows).
        follows: Option<IntentId>,
        submission: Box<Submission>,
        /// The field that names a file, whose content is to be sent along.
        file: Option<FieldKey>,
    },
    /// Tell whether the file that a field names can be sent along: [`Event::FileNotRead`] where it cannot.
    LookAtFile {
        draft: DraftId,
        field: FieldKey,
        /// As it was typed.
        path: String,
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
    /// Show another profile; this one works on.
    OpenProfile(String),
    /// Draw every cell anew.
    Redraw,
    Quit,
}
