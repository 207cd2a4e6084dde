//! A row of the ledger as the control call returns it.

use chrono::{DateTime, SecondsFormat};
use serde::Serialize;
use serde_json::Value;
use sqlx::sqlite::{SqlitePool, SqliteRow};
use sqlx::{FromRow, Row as _};

/// One change that came.
#[derive(Serialize)]
pub struct Row {
    pub id: i64,
    /// RFC 3339 with milliseconds, UTC.
    pub at: String,
    pub vendor: String,
    /// As fault rules have it.
    pub call: String,
    /// Method, path and query.
    pub request: String,
    pub account: Option<String>,
    pub integrator: Option<String>,
    /// The JSON that came; a string where it was not JSON.
    pub body: Value,
    /// What the rules decided; null where a fault came before them.
    pub status: Option<i64>,
    pub applied: bool,
    /// Where applied: of what was created, or of what was changed.
    pub number: Option<String>,
    pub fault: Option<String>,
}

impl FromRow<'_, SqliteRow> for Row {
    fn from_row(row: &SqliteRow) -> sqlx::Result<Self> {
        let body: String = row.try_get("body")?;
        Ok(Self {
            id: row.try_get("id")?,
            at: DateTime::from_timestamp_millis(row.try_get("at")?)
                .unwrap_or_default()
                .to_rfc3339_opts(SecondsFormat::Millis, true),
            vendor: row.try_get("vendor")?,
            call: row.try_get("call")?,
            request: row.try_get("request")?,
            account: row.try_get("account")?,
            integrator: row.try_get("integrator")?,
            body: serde_json::from_str(&body).unwrap_or(Value::String(body)),
            status: row.try_get("status")?,
            applied: row.try_get("applied")?,
            number: row.try_get("number")?,
            fault: row.try_get("fault")?,
        })
    }
}

pub async fn all(pool: &SqlitePool, integrator: Option<&str>) -> sqlx::Result<Vec<Row>> {
    sqlx::query_as("SELECT * FROM creates WHERE ?1 IS NULL OR integrator = ?1 ORDER BY id")
        .bind(integrator)
        .fetch_all(pool)
        .await
}
