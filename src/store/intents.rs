//! Intents, attempts and evidence: what was saved to be sent, and all that is known of it.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::error::StoreError;
use crate::domain::evidence::Evidence;
use crate::domain::offer::ChangeOffer;
use crate::domain::standing::Standing;
use crate::domain::submission::{DraftId, IntentId, Submission};

/// What a person wants sent, before it has an id.
#[derive(Clone, Debug)]
pub struct Wish {
    pub draft: DraftId,
    pub profile: String,
    /// A caller's own name for it: the same name again is the same wish.
    pub key: Option<String>,
    /// See [`crate::domain::submission::Intent::follows`].
    pub follows: Option<IntentId>,
    pub submission: Submission,
    /// The vendor's calendar day on which it is saved.
    pub day: NaiveDate,
    /// What the vendor offers to do later to a record, by which a change is judged.
    pub changes: Arc<[ChangeOffer]>,
}

/// Which standings to list; every part narrows.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// All profiles where there is none.
    pub profile: Option<String>,
    /// Saved at this moment or later; what is not settled is listed whatever its age where `with_unsettled` is set.
    pub since: Option<DateTime<Utc>>,
    pub with_unsettled: bool,
    /// With a `since`: listed whatever its age is also what the vendor may have, and whose patient is due at this moment
    /// or later.
    pub due: Option<DateTime<Utc>>,
    /// The words of [`crate::domain::evidence::State::word`]; all states where it is empty.
    pub words: Vec<String>,
    /// A part of a name, a phone, an e-mail, a number or an id.
    pub text: Option<String>,
    /// The newest so many.
    pub most: Option<u32>,
}

/// An attempt that is open although the process that made it has gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CutOff {
    pub intent: IntentId,
    pub number: u32,
}

/// How far the evidence of all intents was read; only the store that gave it understands it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark(pub i64);

/// A list in which damage to one entry leaves the others readable.
pub type Standings = Vec<Result<Standing, StoreError>>;

pub trait Intents: Send + Sync {
    /// Freezes a wish and mints its id, once: the same draft or the same key again gives the intent that exists, as it
    /// was saved and as it stands. Drops the draft and remembers the patient in the same commit. A change to a record is
    /// refused where another one is in its way ([`crate::domain::standing::in_the_way`]), whoever saved that.
    fn save(
        &self,
        wish: Wish,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<Standing, StoreError>> + Send;

    /// Commits the next attempt and returns all evidence with it, the last being
    /// [`Attempted`](crate::domain::evidence::Fact::Attempted). The first byte may leave after this. Refused as outdated
    /// where the store knows more than the `known` facts, or where an attempt is open.
    fn begin_attempt(
        &self,
        intent: &IntentId,
        known: usize,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<Vec<Evidence>, StoreError>> + Send;

    /// Keeps what happened, whatever else is known meanwhile, and returns all evidence.
    fn append(
        &self,
        intent: &IntentId,
        evidence: Evidence,
    ) -> impl Future<Output = Result<Vec<Evidence>, StoreError>> + Send;

    /// Keeps what was decided knowing `known` facts, and returns all evidence; refused as outdated where the store
    /// knows more.
    fn decide(
        &self,
        intent: &IntentId,
        known: usize,
        evidence: Evidence,
    ) -> impl Future<Output = Result<Vec<Evidence>, StoreError>> + Send;

    /// Everything of a profile that is not settled, oldest first.
    fn open_intents(
        &self,
        profile: &str,
    ) -> impl Future<Output = Result<Standings, StoreError>> + Send;

    /// Attempts of a profile that are open although the process that made them has gone: nobody knows how they ended.
    fn cut_off(
        &self,
        profile: &str,
    ) -> impl Future<Output = Result<Vec<CutOff>, StoreError>> + Send;

    /// The attempt of an intent that is open and was begun by this very process.
    fn open_here(
        &self,
        intent: &IntentId,
    ) -> impl Future<Output = Result<Option<u32>, StoreError>> + Send;

    /// Which intents of a profile learned something since a mark, and the mark to ask with the next time. Without a
    /// mark: none, and where to begin.
    fn learned_since(
        &self,
        profile: &str,
        since: Option<Mark>,
    ) -> impl Future<Output = Result<(Vec<IntentId>, Mark), StoreError>> + Send;

    /// Commits something that means nothing. A commit that failed may be on disk all the same, and appear after the
    /// next start; once this has returned `Ok`, what can be read is what was committed.
    fn prove(&self) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// What is known of an intent, in the order in which it was learned; empty where there is no such intent.
    fn evidence(
        &self,
        intent: &IntentId,
    ) -> impl Future<Output = Result<Vec<Evidence>, StoreError>> + Send;

    /// How an intent stands. Its `next` is empty: that is the courier's to know.
    fn standing(
        &self,
        intent: &IntentId,
    ) -> impl Future<Output = Result<Standing, StoreError>> + Send;

    /// The intent that a draft became, if it did.
    fn of_draft(
        &self,
        draft: DraftId,
    ) -> impl Future<Output = Result<Option<Standing>, StoreError>> + Send;

    /// The intent of a caller's key, if there is one.
    fn of_key(
        &self,
        profile: &str,
        key: &str,
    ) -> impl Future<Output = Result<Option<Standing>, StoreError>> + Send;

    /// Standings, oldest first.
    fn list(&self, listing: &Listing)
    -> impl Future<Output = Result<Standings, StoreError>> + Send;

    /// How many intents [`Self::purge`] would forget.
    fn purgeable(
        &self,
        before: DateTime<Utc>,
    ) -> impl Future<Output = Result<u64, StoreError>> + Send;

    /// Forgets everything that was settled before a moment, and tells how many intents that were.
    fn purge(&self, before: DateTime<Utc>) -> impl Future<Output = Result<u64, StoreError>> + Send;

    /// Returns when another process may have changed something, or has gone. Without others it never returns.
    fn changed_elsewhere(&self) -> impl Future<Output = ()> + Send;
}
