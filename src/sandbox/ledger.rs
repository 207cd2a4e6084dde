//! The sandbox's own record of every change it received, and of what it did: the judge of what the console says.
//!
//! A row is committed before the answer leaves. One transaction at a time writes, across all processes on the file,
//! so that two of them cannot both apply a duplicate or give one slot away twice.

use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use chrono::{DateTime, Utc};
use sqlx::error::DatabaseError;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Sqlite, Transaction};
use tokio::time::{Instant, sleep};

mod entry;
mod place;
mod record;
mod row;
mod schema;

pub use entry::{Entry, Identity};
pub use record::Record;
pub use row::Row;

/// A change as it arrived.
#[derive(Debug)]
pub struct Received {
    pub at: DateTime<Utc>,
    /// `flabs`
    pub vendor: &'static str,
    /// The call's name, as fault rules have it.
    pub call: &'static str,
    /// Method, path and query.
    pub request: String,
    /// None where the request names no account.
    pub account: Option<String>,
    /// The id that the sender gave it, where the contract has a field for one.
    pub integrator: Option<String>,
    pub body: String,
    /// The fault that played on this call.
    pub fault: Option<&'static str>,
}

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
        let ledger = Self(pool);
        let mut transaction = ledger.begin().await?;
        schema::prepare(&mut transaction).await?;
        transaction.commit().await?;
        Ok(ledger)
    }

    /// A transaction that writes from its first statement on.
    pub async fn begin(&self) -> sqlx::Result<Transaction<'static, Sqlite>> {
        self.0.begin_with("BEGIN IMMEDIATE").await
    }

    /// Opens the transaction in which a change is decided.
    pub async fn entry<'a>(&self, received: &'a Received) -> sqlx::Result<Entry<'a>> {
        Ok(Entry::new(self.begin().await?, received))
    }

    /// All rows, oldest first; with `integrator`, those of that id.
    pub async fn rows(&self, integrator: Option<&str>) -> sqlx::Result<Vec<Row>> {
        row::all(&self.0, integrator).await
    }

    /// What a vendor keeps of one kind on the shelves from `first` to `last`, both included.
    pub async fn records(
        &self,
        vendor: &str,
        kind: &'static str,
        (first, last): (&str, &str),
    ) -> sqlx::Result<Vec<Record>> {
        let mut connection = self.0.acquire().await?;
        record::on_shelves(&mut connection, vendor, kind, (first, last)).await
    }

    /// One record of a vendor.
    pub async fn record(
        &self,
        vendor: &str,
        kind: &'static str,
        id: &str,
    ) -> sqlx::Result<Option<Record>> {
        let mut connection = self.0.acquire().await?;
        record::one(&mut connection, vendor, kind, id).await
    }

    pub async fn close(&self) {
        self.0.close().await;
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
