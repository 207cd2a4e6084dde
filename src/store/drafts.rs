//! Forms as they are typed: kept so that a crash loses at most a moment, never sent by themselves.

use chrono::{DateTime, Utc};

use super::error::StoreError;
use crate::domain::draft::{Draft, KeptDraft};
use crate::domain::submission::DraftId;

pub trait Drafts: Send + Sync {
    /// Keeps a draft as it stands now; it is open here from now on. A draft that has become an intent is not kept again.
    fn keep_draft(
        &self,
        profile: &str,
        draft: &Draft,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// A person threw it away.
    fn drop_draft(&self, draft: DraftId) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// The drafts of a profile, the oldest first. Those not touched since `expired` are dropped.
    fn drafts(
        &self,
        profile: &str,
        expired: DateTime<Utc>,
    ) -> impl Future<Output = Result<Vec<KeptDraft>, StoreError>> + Send;

    /// Opens a draft here, or tells that it is gone or open elsewhere by giving nothing.
    fn open_draft(
        &self,
        draft: DraftId,
    ) -> impl Future<Output = Result<Option<KeptDraft>, StoreError>> + Send;
}
