//! The last copies of a vendor's lists, with their age: branches, and the tests and packages of a branch for a party.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::error::StoreError;
use crate::domain::branch::{Branch, BranchId, Party};
use crate::domain::catalogue::Catalogue;

/// A list and when the vendor gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copy<T> {
    pub list: T,
    pub taken_at: DateTime<Utc>,
}

/// Keeps one copy of each list. Nobody has to be told of a copy that is damaged: it is none.
impl<T> Copy<T> {
    /// As good as the vendor's answer: so processes that start together share one request, and not the budget of a
    /// minute. A copy from the future was taken by a clock that was wrong.
    pub fn is_current(&self, now: DateTime<Utc>) -> bool {
        let age = now - self.taken_at;
        (TimeDelta::zero()..TimeDelta::minutes(5)).contains(&age)
    }
}

pub trait Catalogues: Send + Sync {
    fn keep_branches(
        &self,
        account: &str,
        branches: &[Branch],
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// The copy, unless it is as old as `newer_than` or older.
    fn branches(
        &self,
        account: &str,
        newer_than: Option<DateTime<Utc>>,
    ) -> impl Future<Output = Result<Option<Copy<Vec<Branch>>>, StoreError>> + Send;

    /// Writes the rows only where they differ from those that are kept.
    fn keep_catalogue(
        &self,
        account: &str,
        branch: &BranchId,
        party: Option<&Party>,
        catalogue: &Arc<Catalogue>,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// The copy, unless it is as old as `newer_than` or older. Encodes and decodes on a thread where nobody waits.
    fn catalogue(
        &self,
        account: &str,
        branch: &BranchId,
        party: Option<&Party>,
        newer_than: Option<DateTime<Utc>>,
    ) -> impl Future<Output = Result<Option<Copy<Catalogue>>, StoreError>> + Send;
}
