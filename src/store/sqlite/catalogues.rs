//! Copies of the vendors' lists in their table, as JSON.

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;

use super::Sqlite;
use crate::domain::branch::{Branch, BranchId, Party};
use crate::domain::catalogue::{Catalogue, Item};
use crate::store::catalogues::{Catalogues, Copy};
use crate::store::error::StoreError;

/// Which list: an account's branches where `branch` is empty.
struct Key<'a> {
    account: &'a str,
    branch: &'a str,
    party: &'a str,
}

impl Catalogues for Sqlite {
    async fn keep_branches(
        &self,
        account: &str,
        branches: &[Branch],
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let body = serde_json::to_vec(branches).map_err(|_| StoreError::DamagedCopy)?;
        let key = Key {
            account,
            branch: "",
            party: "",
        };
        self.keep_copy(key, body, now).await
    }

    async fn branches(&self, account: &str) -> Result<Option<Copy<Vec<Branch>>>, StoreError> {
        let key = Key {
            account,
            branch: "",
            party: "",
        };
        self.copy(key).await
    }

    async fn keep_catalogue(
        &self,
        account: &str,
        branch: &BranchId,
        party: Option<&Party>,
        catalogue: &Catalogue,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let items: Vec<Item> = catalogue.items().collect();
        let body = serde_json::to_vec(&items).map_err(|_| StoreError::DamagedCopy)?;
        self.keep_copy(Key::of(account, branch, party), body, now)
            .await
    }

    async fn catalogue(
        &self,
        account: &str,
        branch: &BranchId,
        party: Option<&Party>,
    ) -> Result<Option<Copy<Catalogue>>, StoreError> {
        let copy: Option<Copy<Vec<Item>>> = self.copy(Key::of(account, branch, party)).await?;
        Ok(copy.map(|copy| Copy {
            list: Catalogue::new(copy.list),
            taken_at: copy.taken_at,
        }))
    }
}

impl<'a> Key<'a> {
    fn of(account: &'a str, branch: &'a BranchId, party: Option<&'a Party>) -> Self {
        Self {
            account,
            branch: &branch.0,
            party: party.map_or("", |party| party.id.as_str()),
        }
    }
}

impl Sqlite {
    async fn keep_copy(
        &self,
        key: Key<'_>,
        body: Vec<u8>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut link = self.quick.lock().await;
        let kept = sqlx::query(
            "INSERT INTO catalogues (account, branch, party, taken_at, body) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT (account, branch, party) DO UPDATE SET taken_at = excluded.taken_at, body = excluded.body",
        )
        .bind(key.account)
        .bind(key.branch)
        .bind(key.party)
        .bind(now.timestamp_micros())
        .bind(body)
        .execute(link.open().await?)
        .await;
        link.keep(kept.map(drop).map_err(StoreError::from))
    }

    /// A copy that cannot be read any more is none.
    async fn copy<T: DeserializeOwned>(&self, key: Key<'_>) -> Result<Option<Copy<T>>, StoreError> {
        let mut link = self.quick.lock().await;
        let row: Result<Option<(i64, Vec<u8>)>, _> = sqlx::query_as(
            "SELECT taken_at, body FROM catalogues WHERE account = ? AND branch = ? AND party = ?",
        )
        .bind(key.account)
        .bind(key.branch)
        .bind(key.party)
        .fetch_optional(link.open().await?)
        .await;
        let row = link.keep(row.map_err(StoreError::from))?;
        Ok(row.and_then(|(taken_at, body)| {
            Some(Copy {
                list: serde_json::from_slice(&body).ok()?,
                taken_at: DateTime::from_timestamp_micros(taken_at)?,
            })
        }))
    }
}
