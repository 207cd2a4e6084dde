//! The vendor's lists: the last copy at once, then the vendor's own answer, which becomes the next copy.

use std::sync::Arc;

use super::Request;
use crate::app::{CallId, Event, Freshness};
use crate::clock::Clock;
use crate::domain::branch::{Branch, BranchId, Party};
use crate::domain::catalogue::Catalogue;
use crate::domain::failure::Failure;
use crate::domain::slot::{SlotQuery, Slots};
use crate::shell::Answers;
use crate::store::catalogues::{Catalogues, Copy};
use crate::store::{Sqlite, StoreError};
use crate::vendor::Adapter;

/// Where lists come from: the store, the vendor, or both.
pub(super) struct Lists {
    pub adapter: Result<Arc<dyn Adapter>, String>,
    pub store: Option<Sqlite>,
    /// Whose copies these are.
    pub account: String,
    pub clock: Clock,
}

impl Lists {
    /// Answers a request for a list, once or twice.
    pub async fn answer(self: Arc<Self>, request: Request, answers: Answers) {
        // A console that has gone needs no list.
        let _ = match request {
            Request::Branches { call, freshness } => self.branches(call, freshness, &answers).await,
            Request::Catalogue {
                call,
                branch,
                party,
                freshness,
            } => {
                let prices = (&branch, party.as_ref());
                self.catalogue(call, prices, freshness, &answers).await
            }
            Request::Slots { call, query } => {
                let result = self.ask_slots(&query).await;
                let loaded = Event::SlotsLoaded { call, result };
                answers.send(loaded).await.ok()
            }
            Request::Ask(_)
            | Request::Save(_)
            | Request::SaveWithFile { .. }
            | Request::LookAtFile { .. }
            | Request::Decide { .. }
            | Request::Errand(_) => None,
        };
    }

    async fn branches(&self, call: CallId, freshness: Freshness, answers: &Answers) -> Option<()> {
        if let Some(copy) = self.copied_branches(freshness).await {
            let is_current = self.is_current(&copy, freshness);
            let Copy { list, taken_at } = copy;
            let copied = Event::BranchesCopied {
                call,
                branches: list,
                taken_at,
                is_current,
            };
            answers.send(copied).await.ok()?;
            if is_current {
                return Some(());
            }
        }
        let result = self.ask_branches().await;
        let fresh = result.as_ref().ok().cloned();
        let loaded = Event::BranchesLoaded { call, result };
        answers.send(loaded).await.ok()?;
        if let (Some(store), Some(fresh)) = (&self.store, fresh) {
            let now = self.clock.now();
            told(store.keep_branches(&self.account, &fresh, now).await);
        }
        Some(())
    }

    async fn catalogue(
        &self,
        call: CallId,
        (branch, party): (&BranchId, Option<&Party>),
        freshness: Freshness,
        answers: &Answers,
    ) -> Option<()> {
        if let Some(copy) = self.copied_catalogue(branch, party, freshness).await {
            let is_current = self.is_current(&copy, freshness);
            let Copy { list, taken_at } = copy;
            let copied = Event::CatalogueCopied {
                call,
                catalogue: Arc::new(list),
                taken_at,
                is_current,
            };
            answers.send(copied).await.ok()?;
            if is_current {
                return Some(());
            }
        }
        let result = self.ask_catalogue(branch, party).await.map(Arc::new);
        let fresh = result.as_ref().ok().cloned();
        let loaded = Event::CatalogueLoaded { call, result };
        answers.send(loaded).await.ok()?;
        if let (Some(store), Some(fresh)) = (&self.store, fresh) {
            let now = self.clock.now();
            let kept = store.keep_catalogue(&self.account, branch, party, &fresh, now);
            told(kept.await);
        }
        Some(())
    }

    async fn copied_branches(&self, freshness: Freshness) -> Option<Copy<Vec<Branch>>> {
        let store = self.store.as_ref()?;
        let copy = told(store.branches(&self.account, freshness.newer_than).await)??;
        let list = match &self.adapter {
            Ok(adapter) => adapter.as_configured(copy.list),
            Err(_) => copy.list,
        };
        Some(Copy { list, ..copy })
    }

    async fn copied_catalogue(
        &self,
        branch: &BranchId,
        party: Option<&Party>,
        freshness: Freshness,
    ) -> Option<Copy<Catalogue>> {
        let store = self.store.as_ref()?;
        let copy = store.catalogue(&self.account, branch, party, freshness.newer_than);
        told(copy.await)?
    }

    async fn ask_branches(&self) -> Result<Vec<Branch>, Failure> {
        self.adapter()?.branches().await
    }

    async fn ask_catalogue(
        &self,
        branch: &BranchId,
        party: Option<&Party>,
    ) -> Result<Catalogue, Failure> {
        self.adapter()?.catalogue(branch, party).await
    }

    /// Free times are never kept: an old one misleads.
    async fn ask_slots(&self, query: &SlotQuery) -> Result<Slots, Failure> {
        self.adapter()?.slots(query).await
    }

    pub(super) fn adapter(&self) -> Result<&dyn Adapter, Failure> {
        let adapter = self.adapter.as_deref();
        adapter.map_err(|why| Failure::Offline(why.clone()))
    }

    fn is_current<T>(&self, copy: &Copy<T>, freshness: Freshness) -> bool {
        !freshness.is_vendor_asked && copy.is_current(self.clock.now())
    }
}

/// Lists go on without a store: what fails there is only written into the log.
fn told<T>(done: Result<T, StoreError>) -> Option<T> {
    done.inspect_err(|error| tracing::warn!(%error, "a copy of a list was not read or kept"))
        .ok()
}
