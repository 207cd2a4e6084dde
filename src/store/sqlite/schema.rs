//! The tables and their versions. The version of a file is its `user_version`; all steps that it lacks are one
//! transaction.

use sqlx::{Connection, SqliteConnection};

use super::{commit, digest};
use crate::store::error::StoreError;

/// `STEPS[n]` brings a file of version `n` to version `n + 1`, and says so in `user_version`.
const STEPS: [&str; 3] = [
    include_str!("schema-1.sql"),
    include_str!("schema-2.sql"),
    include_str!("schema-3.sql"),
];

/// Earlier libraries can corrupt a write-ahead log that two connections share.
const OLDEST_LIBRARY: [u32; 3] = [3, 51, 3];

/// Refuses a library that is too old.
pub(super) async fn check_library(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let version: String = sqlx::query_scalar("SELECT sqlite_version()")
        .fetch_one(connection)
        .await?;
    let numbers: Vec<u32> = version.split('.').map_while(|n| n.parse().ok()).collect();
    if numbers.as_slice() < OLDEST_LIBRARY.as_slice() {
        return Err(StoreError::OldLibrary { version });
    }
    Ok(())
}

/// Refuses a file that a later program wrote, before anything else is said of it.
pub(super) async fn refuse_newer(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let version: i64 = sqlx::query_scalar("PRAGMA user_version")
        .fetch_one(connection)
        .await?;
    if usize::try_from(version).is_ok_and(|version| version <= STEPS.len()) {
        return Ok(());
    }
    Err(StoreError::Newer { version })
}

/// Brings the file to the newest version; refuses one that a later program wrote.
pub(super) async fn migrate(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    // Read inside the transaction: another console may be bringing the same file up to date.
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let version: i64 = sqlx::query_scalar("PRAGMA user_version")
        .fetch_one(&mut *transaction)
        .await?;
    let at = usize::try_from(version).unwrap_or(usize::MAX);
    let steps = STEPS.get(at..).ok_or(StoreError::Newer { version })?;
    if steps.is_empty() {
        return Ok(());
    }
    for step in steps {
        sqlx::raw_sql(*step).execute(&mut *transaction).await?;
    }
    // An earlier program wrote none, or wrote less.
    digest::write_all(&mut transaction).await?;
    commit(transaction, "migration-uncommitted", "migration-committed").await
}
