//! The vendors: one adapter each, behind one set of calls. Only an adapter's `wire` module knows field names.

pub mod budget;
pub mod flabs;
pub mod http;

use std::sync::Arc;

use tokio::sync::watch;

use self::budget::Slot;
use crate::clock::Steady;
use crate::domain::branch::{Branch, BranchId, Party};
use crate::domain::catalogue::Catalogue;
use crate::domain::evidence::Outcome;
use crate::domain::failure::{BudgetLeft, Failure};
use crate::domain::offer::Offer;
use crate::domain::submission::Intent;

/// One adapter. Adding a vendor adds a variant, and nothing outside this file changes.
pub enum Adapter {
    Flabs(flabs::Flabs),
}

impl Adapter {
    pub fn offer(&self) -> Arc<Offer> {
        match self {
            Self::Flabs(flabs) => flabs.offer(),
        }
    }

    /// Asks only for a sign-in, for `doctor`.
    pub async fn sign_in(&self) -> Result<(), Failure> {
        match self {
            Self::Flabs(flabs) => flabs.sign_in().await,
        }
    }

    pub async fn branches(&self) -> Result<Vec<Branch>, Failure> {
        match self {
            Self::Flabs(flabs) => flabs.branches().await,
        }
    }

    /// Tests and packages of a branch, with the prices of `party` where there is one.
    pub async fn catalogue(
        &self,
        branch: &BranchId,
        party: Option<&Party>,
    ) -> Result<Catalogue, Failure> {
        match self {
            Self::Flabs(flabs) => flabs.catalogue(branch, party).await,
        }
    }

    /// Proves that the vendor can be reached and takes the account's key: asks for a new token whatever is held.
    pub async fn reach(&self) -> Result<(), Failure> {
        match self {
            Self::Flabs(flabs) => flabs.reach().await,
        }
    }

    /// The right to one create, taken before its attempt is committed; or the moment before which there can be none.
    pub async fn admit(&self) -> Result<Slot, Steady> {
        match self {
            Self::Flabs(flabs) => flabs.admit().await,
        }
    }

    /// One attempt on the wire, without a slot that was taken before. Never repeats a create by itself, except once
    /// after a 401.
    pub async fn submit(&self, intent: &Intent) -> Outcome {
        self.submit_with(intent, None).await
    }

    /// As [`Self::submit`], with a slot that was taken before.
    pub async fn submit_with(&self, intent: &Intent, slot: Option<Slot>) -> Outcome {
        match self {
            Self::Flabs(flabs) => flabs.submit_with(intent, slot).await,
        }
    }

    /// Follows the request budget as it is used and comes back.
    pub fn budget(&self) -> watch::Receiver<BudgetLeft> {
        match self {
            Self::Flabs(flabs) => flabs.budget(),
        }
    }
}
