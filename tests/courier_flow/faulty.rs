//! A store whose disk fails at chosen calls, before or after the work is done. Counts the faults that fired.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use frontdesk::domain::evidence::Evidence;
use frontdesk::domain::standing::Standing;
use frontdesk::domain::submission::{DraftId, IntentId};
use frontdesk::store::intents::{CutOff, Intents, Listing, Mark, Standings, Wish};
use frontdesk::store::sign_ins::{SignIn, SignIns};
use frontdesk::store::{Sqlite, StoreError};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing was written.
    Before(&'static str),
    /// It is on disk, and the disk says it is not.
    After(&'static str),
}

#[derive(Clone)]
pub struct Faulty {
    pub inner: Sqlite,
    /// Still to come, in their order.
    pub faults: Arc<Mutex<Vec<Fault>>>,
}

impl Faulty {
    fn fires(&self, fault: Fault) -> Result<(), StoreError> {
        let mut faults = self.faults.lock().unwrap();
        if faults.first() == Some(&fault) {
            faults.remove(0);
            return Err(StoreError::Disk("the disk reports an error".to_owned()));
        }
        Ok(())
    }

    async fn at<T>(
        &self,
        call: &'static str,
        work: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        self.fires(Fault::Before(call))?;
        let done = work.await?;
        self.fires(Fault::After(call))?;
        Ok(done)
    }
}

impl Intents for Faulty {
    async fn save(&self, wish: Wish, now: DateTime<Utc>) -> Result<Standing, StoreError> {
        self.at("save", self.inner.save(wish, now)).await
    }

    async fn begin_attempt(
        &self,
        intent: &IntentId,
        known: usize,
        now: DateTime<Utc>,
    ) -> Result<Vec<Evidence>, StoreError> {
        let work = self.inner.begin_attempt(intent, known, now);
        self.at("begin_attempt", work).await
    }

    async fn append(
        &self,
        intent: &IntentId,
        evidence: Evidence,
    ) -> Result<Vec<Evidence>, StoreError> {
        self.at("append", self.inner.append(intent, evidence)).await
    }

    async fn decide(
        &self,
        intent: &IntentId,
        known: usize,
        evidence: Evidence,
    ) -> Result<Vec<Evidence>, StoreError> {
        self.at("decide", self.inner.decide(intent, known, evidence))
            .await
    }

    async fn open_intents(&self, profile: &str) -> Result<Standings, StoreError> {
        self.at("open_intents", self.inner.open_intents(profile))
            .await
    }

    async fn cut_off(&self, profile: &str) -> Result<Vec<CutOff>, StoreError> {
        self.at("cut_off", self.inner.cut_off(profile)).await
    }

    async fn open_here(&self, intent: &IntentId) -> Result<Option<u32>, StoreError> {
        self.at("open_here", self.inner.open_here(intent)).await
    }

    async fn learned_since(
        &self,
        profile: &str,
        since: Option<Mark>,
    ) -> Result<(Vec<IntentId>, Mark), StoreError> {
        self.inner.learned_since(profile, since).await
    }

    async fn prove(&self) -> Result<(), StoreError> {
        self.at("prove", self.inner.prove()).await
    }

    async fn evidence(&self, intent: &IntentId) -> Result<Vec<Evidence>, StoreError> {
        self.inner.evidence(intent).await
    }

    async fn standing(&self, intent: &IntentId) -> Result<Standing, StoreError> {
        self.inner.standing(intent).await
    }

    async fn of_draft(&self, draft: DraftId) -> Result<Option<Standing>, StoreError> {
        self.at("of_draft", self.inner.of_draft(draft)).await
    }

    async fn of_key(&self, profile: &str, key: &str) -> Result<Option<Standing>, StoreError> {
        self.inner.of_key(profile, key).await
    }

    async fn list(&self, listing: &Listing) -> Result<Standings, StoreError> {
        self.inner.list(listing).await
    }

    async fn purgeable(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        self.inner.purgeable(before).await
    }

    async fn purge(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        self.inner.purge(before).await
    }

    async fn changed_elsewhere(&self) {
        self.inner.changed_elsewhere().await;
    }

    fn has_company(&self) -> bool {
        self.inner.has_company()
    }
}

impl SignIns for Faulty {
    async fn keep_sign_in(&self, account: &str, sign_in: &SignIn) -> Result<(), StoreError> {
        self.inner.keep_sign_in(account, sign_in).await
    }

    async fn sign_in(&self, account: &str) -> Result<Option<SignIn>, StoreError> {
        self.inner.sign_in(account).await
    }
}
