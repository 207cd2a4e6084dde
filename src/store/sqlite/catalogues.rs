//! Copies of the vendors' lists in their tables.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use sqlx::{Connection, SqliteConnection};
use tokio::sync::mpsc::{Receiver, channel};
use tokio::task::spawn_blocking;

use super::{Sqlite, copied};
use crate::domain::branch::{Branch, BranchId, Party};
use crate::domain::catalogue::Catalogue;
use crate::store::catalogues::{Catalogues, Copy};
use crate::store::error::StoreError;

/// Parts that wait to be written or decoded.
const AHEAD: usize = 2;

/// Which list: an account's branches where `branch` is empty.
struct Key<'a> {
    account: &'a str,
    branch: &'a str,
    /// Ids are unique within one kind of party.
    party: String,
}

impl Catalogues for Sqlite {
    async fn keep_branches(
        &self,
        account: &str,
        branches: &[Branch],
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let body = serde_json::to_vec(branches).map_err(|_| StoreError::DamagedCopy)?;
        let hash = copied::hash(std::iter::once(body.clone()));
        let (parts, written) = channel(1);
        let _ = parts.try_send(body);
        drop(parts);
        self.keep_copy(&Key::branches(account), &hash, written, now)
            .await
    }

    async fn branches(
        &self,
        account: &str,
        newer_than: Option<DateTime<Utc>>,
    ) -> Result<Option<Copy<Vec<Branch>>>, StoreError> {
        let key = Key::branches(account);
        let Some((taken_at, hash)) = self.kept_copy(&key, newer_than).await? else {
            return Ok(None);
        };
        let part = self.part(&key, 0).await?;
        let part = part.filter(|part| copied::hash(std::iter::once(part.clone())) == hash);
        let list = part.and_then(|part| serde_json::from_slice(&part).ok());
        self.sound(&key, list, taken_at, &hash).await
    }

    async fn keep_catalogue(
        &self,
        account: &str,
        branch: &BranchId,
        party: Option<&Party>,
        catalogue: &Arc<Catalogue>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let rows = Arc::clone(catalogue);
        let hashing = spawn_blocking(move || copied::hash(copied::parts(&rows)));
        let hash = hashing.await.map_err(|_| StoreError::DamagedCopy)?;
        let (parts, written) = channel(AHEAD);
        let rows = Arc::clone(catalogue);
        // Ends at the first part that nobody takes: where nothing has changed, or the disk failed.
        let encoding = spawn_blocking(move || {
            let mut encoded = copied::parts(&rows);
            encoded.try_for_each(|part| parts.blocking_send(part).ok())
        });
        let key = Key::prices(account, branch, party);
        let kept = self.keep_copy(&key, &hash, written, now).await;
        drop(encoding);
        kept
    }

    async fn catalogue(
        &self,
        account: &str,
        branch: &BranchId,
        party: Option<&Party>,
        newer_than: Option<DateTime<Utc>>,
    ) -> Result<Option<Copy<Catalogue>>, StoreError> {
        let key = Key::prices(account, branch, party);
        let Some((taken_at, hash)) = self.kept_copy(&key, newer_than).await? else {
            return Ok(None);
        };
        let (parts, read) = channel(AHEAD);
        let expected = hash.clone();
        let decoding = spawn_blocking(move || copied::catalogue(read, &expected));
        for number in 0.. {
            // Another console may write a new copy meanwhile: then the hash does not hold.
            let Some(part) = self.part(&key, number).await? else {
                break;
            };
            if parts.send(part).await.is_err() {
                break;
            }
        }
        drop(parts);
        let list = decoding.await.ok().flatten();
        self.sound(&key, list, taken_at, &hash).await
    }
}

impl<'a> Key<'a> {
    fn branches(account: &'a str) -> Self {
        Self {
            account,
            branch: "",
            party: String::new(),
        }
    }

    fn prices(account: &'a str, branch: &'a BranchId, party: Option<&Party>) -> Self {
        let party = party.map(|party| format!("{}:{}", party.kind.word(), party.id));
        Self {
            account,
            branch: &branch.0,
            party: party.unwrap_or_default(),
        }
    }
}

impl Sqlite {
    /// When the copy was taken, and its hash.
    async fn kept_copy(
        &self,
        key: &Key<'_>,
        newer_than: Option<DateTime<Utc>>,
    ) -> Result<Option<(DateTime<Utc>, Vec<u8>)>, StoreError> {
        let newer_than = newer_than.map_or(i64::MIN, |at| at.timestamp_micros());
        let mut link = self.quick.lock().await;
        let kept = sqlx::query_as(
            "SELECT taken_at, hash FROM catalogues WHERE account = ? AND branch = ? AND party = ? AND taken_at > ?",
        )
        .bind(key.account)
        .bind(key.branch)
        .bind(&key.party)
        .bind(newer_than)
        .fetch_optional(link.open().await?)
        .await;
        let kept: Option<(i64, Vec<u8>)> = link.keep(kept.map_err(StoreError::from))?;
        Ok(kept
            .and_then(|(taken_at, hash)| Some((DateTime::from_timestamp_micros(taken_at)?, hash))))
    }

    async fn part(&self, key: &Key<'_>, number: i64) -> Result<Option<Vec<u8>>, StoreError> {
        let mut link = self.quick.lock().await;
        let part = sqlx::query_scalar(
            "SELECT body FROM catalogue_parts WHERE account = ? AND branch = ? AND party = ? AND number = ?",
        )
        .bind(key.account)
        .bind(key.branch)
        .bind(&key.party)
        .bind(number)
        .fetch_optional(link.open().await?)
        .await;
        link.keep(part.map_err(StoreError::from))
    }

    /// The copy; where it could not be read it is forgotten, so that the next list is written anew.
    async fn sound<T>(
        &self,
        key: &Key<'_>,
        list: Option<T>,
        taken_at: DateTime<Utc>,
        hash: &[u8],
    ) -> Result<Option<Copy<T>>, StoreError> {
        if let Some(list) = list {
            return Ok(Some(Copy { list, taken_at }));
        }
        let mut link = self.quick.lock().await;
        let forgotten = sqlx::query(
            "DELETE FROM catalogues WHERE account = ? AND branch = ? AND party = ? AND hash = ?",
        )
        .bind(key.account)
        .bind(key.branch)
        .bind(&key.party)
        .bind(hash)
        .execute(link.open().await?)
        .await;
        link.keep(forgotten.map_err(StoreError::from))?;
        Ok(None)
    }

    async fn keep_copy(
        &self,
        key: &Key<'_>,
        hash: &[u8],
        parts: Receiver<Vec<u8>>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut link = self.quick.lock().await;
        let kept = replace(link.open().await?, key, hash, parts, now).await;
        link.keep(kept)
    }
}

/// A copy of the same hash only becomes younger.
async fn replace(
    connection: &mut SqliteConnection,
    key: &Key<'_>,
    hash: &[u8],
    mut parts: Receiver<Vec<u8>>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let renewed = sqlx::query(
        "UPDATE catalogues SET taken_at = ? WHERE account = ? AND branch = ? AND party = ? AND hash = ?",
    )
    .bind(now.timestamp_micros())
    .bind(key.account)
    .bind(key.branch)
    .bind(&key.party)
    .bind(hash)
    .execute(&mut *transaction)
    .await?;
    if renewed.rows_affected() == 0 {
        sqlx::query("DELETE FROM catalogue_parts WHERE account = ? AND branch = ? AND party = ?")
            .bind(key.account)
            .bind(key.branch)
            .bind(&key.party)
            .execute(&mut *transaction)
            .await?;
        for number in 0_i64.. {
            let Some(part) = parts.recv().await else {
                break;
            };
            sqlx::query(
                "INSERT INTO catalogue_parts (account, branch, party, number, body) VALUES (?, ?, ?, ?, ?)",
            )
            .bind(key.account)
            .bind(key.branch)
            .bind(&key.party)
            .bind(number)
            .bind(part)
            .execute(&mut *transaction)
            .await?;
        }
        sqlx::query(
            "INSERT OR REPLACE INTO catalogues (account, branch, party, taken_at, hash) VALUES (?, ?, ?, ?, ?)",
        )
        .bind(key.account)
        .bind(key.branch)
        .bind(&key.party)
        .bind(now.timestamp_micros())
        .bind(hash)
        .execute(&mut *transaction)
        .await?;
    }
    transaction.commit().await?;
    Ok(())
}
