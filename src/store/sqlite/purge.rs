//! Forgets what was settled long ago, unless its patient is yet to come. The database itself refuses to forget what is
//! not settled.

use chrono::{DateTime, Utc};
use sqlx::{Connection, SqliteConnection};

use super::commit;
use crate::store::error::StoreError;
use crate::trial;

/// Intents that go in one commit: other consoles wait no longer than that takes.
const AT_ONCE: u32 = 200;

/// How many there are to forget.
pub(super) async fn count(
    connection: &mut SqliteConnection,
    before: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let count: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM digests WHERE settled_at < ?1 AND (due_at IS NULL OR due_at < ?1)",
    )
    .bind(before.timestamp_micros())
    .fetch_one(connection)
    .await?;
    Ok(u64::try_from(count).unwrap_or_default())
}

pub(super) async fn purge(
    connection: &mut SqliteConnection,
    before: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let mut purged = 0;
    loop {
        let some = purge_some(connection, before).await?;
        purged += some;
        if some < u64::from(AT_ONCE) {
            return Ok(purged);
        }
    }
}

async fn purge_some(
    connection: &mut SqliteConnection,
    before: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let ids: Vec<String> = sqlx::query_scalar(
        "SELECT intent FROM digests WHERE settled_at < ?1 AND (due_at IS NULL OR due_at < ?1)
         ORDER BY settled_at LIMIT ?2",
    )
    .bind(before.timestamp_micros())
    .bind(AT_ONCE)
    .fetch_all(&mut *transaction)
    .await?;
    for id in &ids {
        for delete in [
            "DELETE FROM evidence WHERE intent = ?",
            "DELETE FROM attempts WHERE intent = ?",
            "DELETE FROM intents WHERE id = ?",
            "DELETE FROM digests WHERE intent = ?",
        ] {
            sqlx::query(delete)
                .bind(id)
                .execute(&mut *transaction)
                .await?;
            trial::point("purge-half-way");
        }
    }
    commit(transaction, "purge-uncommitted", "purge-committed").await?;
    Ok(u64::try_from(ids.len()).unwrap_or(u64::MAX))
}
