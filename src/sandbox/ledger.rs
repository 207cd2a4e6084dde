//! The sandbox's own record of every create it received, and of what it did: the judge of what the console says.
//!
//! A row is committed before the answer leaves. One transaction at a time writes, across all processes on the file,
//! so that two of them cannot both apply a duplicate.

use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use serde_json::Value;
use sqlx::error::DatabaseError;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Sqlite, Transaction};
use tokio::time::{Instant, sleep};

mod place;

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS creates (
    id         INTEGER PRIMARY KEY,
    at         INTEGER NOT NULL,
    account    TEXT,
    integrator TEXT,
    body       TEXT NOT NULL,
    status     INTEGER,
    applied    INTEGER NOT NULL,
    number     TEXT UNIQUE,
    fault      TEXT,
    day        TEXT,
    contact    TEXT,
    email      TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS integrators ON creates (integrator);
CREATE UNIQUE INDEX IF NOT EXISTS one_contact_a_day ON creates (account, day, contact) WHERE applied = 1;
CREATE UNIQUE INDEX IF NOT EXISTS one_email_a_day ON creates (account, day, email) WHERE applied = 1;
CREATE TABLE IF NOT EXISTS requests (account TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS windows ON requests (account, at);
";

/// A create as it arrived.
pub struct Received {
    pub at: DateTime<Utc>,
    /// None where the bearer token names no account.
    pub account: Option<&'static str>,
    pub integrator: Option<String>,
    pub body: String,
    /// The fault that played on this call.
    pub fault: Option<&'static str>,
}

/// What makes an entry a duplicate of another one of its account.
pub struct Identity {
    /// The calendar day in the lab's zone, `2026-11-21`.
    pub day: String,
    pub contact: String,
    /// Lower case; None where there is none.
    pub email: Option<String>,
    /// Refuse an integrator id that the account has used (A17).
    pub is_integrator_unique: bool,
}

/// What kept an entry from being applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duplicate {
    Contact,
    Email,
    Integrator,
}

/// A row as the ledger call returns it.
#[derive(Serialize)]
pub struct Row {
    pub id: i64,
    /// RFC 3339 with milliseconds, UTC.
    pub at: String,
    pub account: Option<String>,
    pub integrator: Option<String>,
    /// The JSON that came; a string where it was not JSON.
    pub body: Value,
    /// What the rules decided; null where a fault came before them.
    pub status: Option<i64>,
    pub applied: bool,
    /// The `leadId`, where applied.
    pub number: Option<String>,
    pub fault: Option<String>,
}

type Columns = (
    i64,
    i64,
    Option<String>,
    Option<String>,
    String,
    Option<i64>,
    bool,
    Option<String>,
    Option<String>,
);

/// How long another sandbox may hold the file.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long to wait before a file that another sandbox is making is opened again.
const RETRY: Duration = Duration::from_millis(20);

/// The open file.
pub struct Ledger(SqlitePool);

impl Ledger {
    /// Opens or makes the file (0600, in a folder that is made 0700) and its tables.
    pub async fn open(path: &Path) -> anyhow::Result<Self> {
        place::prepare(path).with_context(|| format!("cannot use {}", path.display()))?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(PATIENCE)
            // 256 KiB: the sandbox shares its process with a console that stays small.
            .pragma("cache_size", "-256");
        // One connection: SQLite lets one writer in anyway, and each connection costs memory and a thread.
        let pool = connect(&SqlitePoolOptions::new().max_connections(1), &options).await?;
        sqlx::raw_sql(SCHEMA).execute(&pool).await?;
        Ok(Self(pool))
    }

    /// A transaction that writes from its first statement on.
    pub async fn begin(&self) -> sqlx::Result<Transaction<'static, Sqlite>> {
        self.0.begin_with("BEGIN IMMEDIATE").await
    }

    /// Commits a create that was not applied; `status` is None where a fault came before any decision.
    pub async fn note(&self, received: &Received, status: Option<u16>) -> sqlx::Result<()> {
        let mut transaction = self.begin().await?;
        insert(&mut transaction, received, status, None).await?;
        transaction.commit().await
    }

    /// Commits a create as applied under `number`, unless it is a duplicate: then it is committed as refused (409).
    pub async fn apply(
        &self,
        received: &Received,
        identity: &Identity,
        number: &str,
    ) -> sqlx::Result<Result<(), Duplicate>> {
        let mut transaction = self.begin().await?;
        let duplicate = duplicate(&mut transaction, received, identity).await?;
        match duplicate {
            Some(_) => insert(&mut transaction, received, Some(409), None).await?,
            None => {
                insert(
                    &mut transaction,
                    received,
                    Some(200),
                    Some((identity, number)),
                )
                .await?;
            }
        }
        transaction.commit().await?;
        Ok(duplicate.map_or(Ok(()), Err))
    }

    /// All rows, oldest first; with `integrator`, those of that id.
    pub async fn rows(&self, integrator: Option<&str>) -> sqlx::Result<Vec<Row>> {
        let rows: Vec<Columns> = sqlx::query_as(
            "SELECT id, at, account, integrator, body, status, applied, number, fault FROM creates
             WHERE ?1 IS NULL OR integrator = ?1 ORDER BY id",
        )
        .bind(integrator)
        .fetch_all(&self.0)
        .await?;
        Ok(rows.into_iter().map(Row::from).collect())
    }

    pub async fn close(&self) {
        self.0.close().await;
    }
}

async fn duplicate(
    transaction: &mut Transaction<'static, Sqlite>,
    received: &Received,
    identity: &Identity,
) -> sqlx::Result<Option<Duplicate>> {
    let found: Option<(bool, bool)> = sqlx::query_as(
        "SELECT day = ?2 AND contact = ?3, day = ?2 AND email = ?4 IS TRUE FROM creates
         WHERE applied = 1 AND account = ?1
           AND (day = ?2 AND (contact = ?3 OR email = ?4) OR ?5 AND integrator = ?6) LIMIT 1",
    )
    .bind(received.account)
    .bind(&identity.day)
    .bind(&identity.contact)
    .bind(&identity.email)
    .bind(identity.is_integrator_unique)
    .bind(&received.integrator)
    .fetch_optional(&mut **transaction)
    .await?;
    Ok(found.map(|found| match found {
        (true, _) => Duplicate::Contact,
        (false, true) => Duplicate::Email,
        (false, false) => Duplicate::Integrator,
    }))
}

async fn insert(
    transaction: &mut Transaction<'static, Sqlite>,
    received: &Received,
    status: Option<u16>,
    applied: Option<(&Identity, &str)>,
) -> sqlx::Result<()> {
    let (identity, number) = applied.unzip();
    sqlx::query(
        "INSERT INTO creates (at, account, integrator, body, status, applied, number, fault, day, contact, email)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(received.at.timestamp_millis())
    .bind(received.account)
    .bind(&received.integrator)
    .bind(&received.body)
    .bind(status)
    .bind(applied.is_some())
    .bind(number)
    .bind(received.fault)
    .bind(identity.map(|identity| &identity.day))
    .bind(identity.map(|identity| &identity.contact))
    .bind(identity.and_then(|identity| identity.email.as_ref()))
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

impl From<Columns> for Row {
    fn from(columns: Columns) -> Self {
        let (id, at, account, integrator, body, status, applied, number, fault) = columns;
        Self {
            id,
            at: DateTime::from_timestamp_millis(at)
                .unwrap_or_default()
                .to_rfc3339_opts(SecondsFormat::Millis, true),
            account,
            integrator,
            body: serde_json::from_str(&body).unwrap_or(Value::String(body)),
            status,
            applied,
            number,
            fault,
        }
    }
}
/// `SQLite` does not wait when two sandboxes make a new file at the same moment: the change to a write-ahead log fails
/// at once for one of them.
async fn connect(
    pool: &SqlitePoolOptions,
    options: &SqliteConnectOptions,
) -> sqlx::Result<SqlitePool> {
    let until = Instant::now() + PATIENCE;
    loop {
        match pool.clone().connect_with(options.clone()).await {
            Err(error) if is_busy(&error) && Instant::now() < until => sleep(RETRY).await,
            connected => return connected,
        }
    }
}

/// `SQLITE_BUSY`, whatever its reason: that stands in the upper bits of the code.
fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(DatabaseError::code);
    code.and_then(|code| code.parse::<u32>().ok())
        .is_some_and(|code| code & 0xff == 5)
}
