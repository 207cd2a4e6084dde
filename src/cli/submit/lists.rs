//! The vendor's lists that names are looked up in: each read once a run, from the vendor, else from the last copy.

use std::collections::HashMap;
use std::sync::Arc;

use crate::clock::Clock;
use crate::domain::branch::{Branch, BranchId, Party};
use crate::domain::catalogue::Catalogue;
use crate::store::Sqlite;
use crate::store::catalogues::{Catalogues, Copy};
use crate::vendor::Adapter;

pub struct Lists {
    pub adapter: Arc<dyn Adapter>,
    pub store: Sqlite,
    pub clock: Clock,
    /// Whose copies they are.
    pub account: String,
    branches: Option<Result<Arc<[Branch]>, String>>,
    catalogues: HashMap<(BranchId, Option<String>), Result<Arc<Catalogue>, String>>,
}

impl Lists {
    pub fn new(adapter: Arc<dyn Adapter>, store: Sqlite, clock: Clock, account: String) -> Self {
        Self {
            adapter,
            store,
            clock,
            account,
            branches: None,
            catalogues: HashMap::new(),
        }
    }

    pub async fn branches(&mut self) -> Result<Arc<[Branch]>, String> {
        if let Some(read) = &self.branches {
            return read.clone();
        }
        let read = self.read_branches().await;
        self.branches.insert(read).clone()
    }

    async fn read_branches(&self) -> Result<Arc<[Branch]>, String> {
        let copy = self.store.branches(&self.account, None).await;
        let copy = copy.ok().flatten().map(|copy| Copy {
            list: self.adapter.as_configured(copy.list),
            ..copy
        });
        let now = self.clock.now();
        if let Some(copy) = copy.as_ref().filter(|copy| copy.is_current(now)) {
            return Ok(copy.list.clone().into());
        }
        match (self.adapter.branches().await, copy) {
            (Ok(branches), _) => {
                // A copy that cannot be kept is missed only when the vendor is out of reach.
                let kept = self.store.keep_branches(&self.account, &branches, now);
                let _ = kept.await;
                Ok(branches.into())
            }
            (Err(_), Some(copy)) => Ok(copy.list.into()),
            (Err(failure), None) => Err(format!(
                "the branches cannot be read, and there is no copy: {failure}"
            )),
        }
    }

    pub async fn catalogue(
        &mut self,
        branch: &BranchId,
        party: Option<&Party>,
    ) -> Result<Arc<Catalogue>, String> {
        let place = (branch.clone(), party.map(|party| party.id.clone()));
        if let Some(read) = self.catalogues.get(&place) {
            return read.clone();
        }
        let read = self.read_catalogue(branch, party).await;
        self.catalogues.insert(place, read.clone());
        read
    }

    async fn read_catalogue(
        &self,
        branch: &BranchId,
        party: Option<&Party>,
    ) -> Result<Arc<Catalogue>, String> {
        let copy = self.store.catalogue(&self.account, branch, party, None);
        let copy = copy.await.ok().flatten();
        let now = self.clock.now();
        let copy = match copy {
            Some(copy) if copy.is_current(now) => return Ok(Arc::new(copy.list)),
            copy => copy,
        };
        match (self.adapter.catalogue(branch, party).await, copy) {
            (Ok(catalogue), _) => {
                let catalogue = Arc::new(catalogue);
                // As for the branches.
                let store = &self.store;
                let kept = store.keep_catalogue(&self.account, branch, party, &catalogue, now);
                let _ = kept.await;
                Ok(catalogue)
            }
            (Err(_), Some(copy)) => Ok(Arc::new(copy.list)),
            (Err(failure), None) => Err(format!(
                "the tests of this branch cannot be read, and there is no copy: {failure}"
            )),
        }
    }
}
