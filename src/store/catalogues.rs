//! The last copies of a vendor's lists, with their age: branches, and the tests and packages of a branch for a party.

use chrono::{DateTime, Utc};

use super::error::StoreError;
use crate::domain::branch::{Branch, BranchId, Party};
use crate::domain::catalogue::Catalogue;

/// A list and when the vendor gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copy<T> {
    pub list: T,
    pub taken_at: DateTime<Utc>,
}

pub trait Catalogues: Send + Sync {
    fn keep_branches(
        &self,
        account: &str,
        branches: &[Branch],
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    fn branches(
        &self,
        account: &str,
    ) -> impl Future<Output = Result<Option<Copy<Vec<Branch>>>, StoreError>> + Send;

    fn keep_catalogue(
        &self,
        account: &str,
        branch: &BranchId,
        party: Option<&Party>,
        catalogue: &Catalogue,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    fn catalogue(
        &self,
        account: &str,
        branch: &BranchId,
        party: Option<&Party>,
    ) -> impl Future<Output = Result<Option<Copy<Catalogue>>, StoreError>> + Send;
}
