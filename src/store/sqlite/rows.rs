//! Rows to nouns and back. Moments are whole microseconds of UTC, payloads and facts are JSON.

use chrono::{DateTime, NaiveDate, Utc};
use sha2::{Digest, Sha256};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::domain::evidence::{Evidence, Fact};
use crate::domain::submission::{DraftId, Intent, IntentId};
use crate::store::error::StoreError;

/// SHA-256 in hexadecimal digits.
pub(super) fn hash(payload: &str) -> String {
    use std::fmt::Write as _;
    Sha256::digest(payload)
        .iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            // Writing into a `String` cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// A text that is none is damage of this intent, and not of the store.
fn damaged(id: &IntentId, error: sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::ColumnDecode { .. } => StoreError::Damaged(id.clone()),
        error => error.into(),
    }
}

/// An intent with its draft. A payload that is not the one that was hashed when it was saved is damage.
pub(super) fn intent(row: &SqliteRow) -> Result<(Intent, DraftId), StoreError> {
    let id = IntentId(row.try_get("id")?);
    let damaged = |error| damaged(&id, error);
    let payload: String = row.try_get("payload").map_err(damaged)?;
    let saved_at = DateTime::from_timestamp_micros(row.try_get("saved_at")?);
    let day: Option<NaiveDate> = row
        .try_get::<String, _>("day")
        .map_err(damaged)?
        .parse()
        .ok();
    // What the reader complains of may quote the patient: it goes no further.
    let submission = serde_json::from_str(&payload).ok();
    let (Some(saved_at), Some(day), Some(submission)) = (saved_at, day, submission) else {
        return Err(StoreError::Damaged(id));
    };
    if row.try_get::<String, _>("hash").map_err(damaged)? != hash(&payload) {
        return Err(StoreError::Damaged(id));
    }
    let intent = Intent {
        id,
        profile: row.try_get("profile")?,
        saved_at,
        day,
        follows: row.try_get::<Option<String>, _>("follows")?.map(IntentId),
        submission,
    };
    Ok((
        intent,
        DraftId(row.try_get::<i64, _>("draft")?.cast_unsigned()),
    ))
}

/// One fact of the intent `id`.
pub(super) fn evidence(row: &SqliteRow, id: &IntentId) -> Result<Evidence, StoreError> {
    let at: Option<DateTime<Utc>> = DateTime::from_timestamp_micros(row.try_get("at")?);
    let fact = match row.try_get("fact").map_err(|error| damaged(id, error))? {
        // Kept before a person could say why.
        "\"PersonDropped\"" => Some(Fact::PersonDropped { reason: None }),
        fact => serde_json::from_str(fact).ok(),
    };
    match (at, fact) {
        (Some(at), Some(fact)) => Ok(Evidence { at, fact }),
        _ => Err(StoreError::Damaged(id.clone())),
    }
}
