//! The vendor's lists that names are looked up in: each read once a run, from the vendor, else from the last copy.

use std::collections::HashMap;
use std::sync::Arc;

use crate::clock::Clock;
use crate::domain::branch::{Branch, BranchId, Party};
use crate::domain::catalogue::Catalogue;
use crate::store::Sqlite;
use crate::store::catalogues::Catalogues;
use crate::vendor::Adapter;

pub struct Lists {
    pub adapter: Arc<Adapter>,
    pub store: Sqlite,
    pub clock: Clock,
    /// Whose copies they are.
    pub account: String,
    branches: Option<Result<Arc<[Branch]>, String>>,
    catalogues: HashMap<(BranchId, Option<String>), Result<Arc<Catalogue>, String>>,
}

impl Lists {
    pub fn new(adapter: Arc<Adapter>, store: Sqlite, clock: Clock, account: String) -> Self {
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
        let failure = match self.adapter.branches().await {
            Ok(branches) => {
                let now = self.clock.now();
                // A copy that cannot be kept is missed only when the vendor is out of reach.
                let _ = self
                    .store
                    .keep_branches(&self.account, &branches, now)
                    .await;
                return Ok(branches.into());
            }
            Err(failure) => failure,
        };
        match self.store.branches(&self.account).await {
            Ok(Some(copy)) => Ok(copy.list.into()),
            Ok(None) | Err(_) => Err(format!(
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
        let failure = match self.adapter.catalogue(branch, party).await {
            Ok(catalogue) => {
                let now = self.clock.now();
                // As for the branches.
                let _ = self
                    .store
                    .keep_catalogue(&self.account, branch, party, &catalogue, now)
                    .await;
                return Ok(Arc::new(catalogue));
            }
            Err(failure) => failure,
        };
        match self.store.catalogue(&self.account, branch, party).await {
            Ok(Some(copy)) => Ok(Arc::new(copy.list)),
            Ok(None) | Err(_) => Err(format!(
                "the tests of this branch cannot be read, and there is no copy: {failure}"
            )),
        }
    }
}
