//! Drafts in their table.

use chrono::{DateTime, Utc};
use sqlx::sqlite::SqliteRow;
use sqlx::{Connection, Row, SqliteConnection};

use super::{Sqlite, commit};
use crate::domain::draft::{Draft, KeptDraft};
use crate::domain::submission::DraftId;
use crate::store::drafts::Drafts;
use crate::store::error::StoreError;

impl Drafts for Sqlite {
    async fn keep_draft(
        &self,
        profile: &str,
        draft: &Draft,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut link = self.link.lock().await;
        let console = &self.presence.console;
        let kept = keep(link.open().await?, profile, console, draft, now).await;
        link.keep(kept)
    }

    async fn drop_draft(&self, draft: DraftId) -> Result<(), StoreError> {
        let mut link = self.link.lock().await;
        let dropped = forget(link.open().await?, draft).await;
        link.keep(dropped)
    }

    async fn drafts(
        &self,
        profile: &str,
        expired: DateTime<Utc>,
    ) -> Result<Vec<KeptDraft>, StoreError> {
        let mut link = self.link.lock().await;
        let is_open = |console: &str| self.presence.is_there(console);
        let rows = all(link.open().await?, profile, expired, is_open).await;
        let rows = link.keep(rows)?;
        // One that cannot be read any more is left where it is.
        Ok(rows.iter().filter_map(|row| self.kept(row).ok()).collect())
    }

    async fn open_draft(&self, draft: DraftId) -> Result<Option<KeptDraft>, StoreError> {
        let mut link = self.link.lock().await;
        let opened = self.open_here(link.open().await?, draft).await;
        link.keep(opened)
    }
}

impl Sqlite {
    async fn open_here(
        &self,
        connection: &mut SqliteConnection,
        draft: DraftId,
    ) -> Result<Option<KeptDraft>, StoreError> {
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
        let row = sqlx::query("SELECT * FROM drafts WHERE id = ?")
            .bind(draft.0.cast_signed())
            .fetch_optional(&mut *transaction)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let kept = self.kept(&row)?;
        if kept.is_open_elsewhere {
            return Ok(None);
        }
        sqlx::query("UPDATE drafts SET console = ? WHERE id = ?")
            .bind(&self.presence.console)
            .bind(draft.0.cast_signed())
            .execute(&mut *transaction)
            .await?;
        commit(transaction, "draft-uncommitted", "draft-committed").await?;
        Ok(Some(kept))
    }

    fn kept(&self, row: &SqliteRow) -> Result<KeptDraft, StoreError> {
        let moment = |name| -> Result<DateTime<Utc>, StoreError> {
            let moment = DateTime::from_timestamp_micros(row.try_get(name)?);
            moment.ok_or(StoreError::DamagedDraft)
        };
        let console: &str = row.try_get("console")?;
        Ok(KeptDraft {
            draft: serde_json::from_str(row.try_get("body")?)
                .map_err(|_| StoreError::DamagedDraft)?,
            started_at: moment("started_at")?,
            changed_at: moment("changed_at")?,
            is_open_elsewhere: console != self.presence.console && self.presence.is_there(console),
        })
    }
}

async fn keep(
    connection: &mut SqliteConnection,
    profile: &str,
    console: &str,
    draft: &Draft,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let body = serde_json::to_string(draft).map_err(|_| StoreError::DamagedDraft)?;
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    sqlx::query(
        "INSERT INTO drafts (id, profile, console, started_at, changed_at, body)
         SELECT ?1, ?2, ?3, ?4, ?4, ?5 WHERE NOT EXISTS (SELECT 1 FROM intents WHERE draft = ?1)
         ON CONFLICT (id) DO UPDATE SET console = excluded.console, changed_at = excluded.changed_at, body = excluded.body",
    )
    .bind(draft.id.0.cast_signed())
    .bind(profile)
    .bind(console)
    .bind(now.timestamp_micros())
    .bind(body)
    .execute(&mut *transaction)
    .await?;
    commit(transaction, "draft-uncommitted", "draft-committed").await
}

/// Drops a draft: it was thrown away, or it has become an intent.
pub(super) async fn forget(
    connection: &mut SqliteConnection,
    draft: DraftId,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM drafts WHERE id = ?")
        .bind(draft.0.cast_signed())
        .execute(connection)
        .await?;
    Ok(())
}

async fn all(
    connection: &mut SqliteConnection,
    profile: &str,
    expired: DateTime<Utc>,
    is_open: impl Fn(&str) -> bool,
) -> Result<Vec<SqliteRow>, StoreError> {
    let old: Vec<(i64, String)> =
        sqlx::query_as("SELECT id, console FROM drafts WHERE profile = ? AND changed_at < ?")
            .bind(profile)
            .bind(expired.timestamp_micros())
            .fetch_all(&mut *connection)
            .await?;
    // What somebody has before them does not expire, whatever the clock says.
    for (id, _) in old.iter().filter(|(_, console)| !is_open(console)) {
        forget(connection, DraftId(id.cast_unsigned())).await?;
    }
    Ok(
        sqlx::query("SELECT * FROM drafts WHERE profile = ? ORDER BY started_at, id")
            .bind(profile)
            .fetch_all(connection)
            .await?,
    )
}
