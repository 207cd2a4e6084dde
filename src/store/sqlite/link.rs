//! A connection of this process to its file. Everything waits its turn here; `SQLite` makes other processes wait.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sqlx::error::DatabaseError;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use tokio::time::{Instant, sleep};

use super::damage::Damage;
use crate::store::error::StoreError;
use crate::trial;

/// How long another console may hold the file before we say so.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long to wait before a file that another console is making is opened again.
const RETRY: Duration = Duration::from_millis(20);

/// A connection that is thrown away after a failure: after a full disk `SQLite` may have rolled back by itself, and
/// nobody can then say in which transaction the connection is.
pub(super) struct Link {
    options: SqliteConnectOptions,
    connection: Option<SqliteConnection>,
    damage: Arc<Damage>,
}

impl Link {
    pub(super) fn new(path: &Path, synchronous: SqliteSynchronous, damage: Arc<Damage>) -> Self {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(synchronous)
            // Where a plain fsync leaves the bytes in the drive's cache (macOS).
            .pragma("fullfsync", "ON")
            .busy_timeout(PATIENCE)
            .foreign_keys(true)
            // Kibibytes when negative.
            .pragma("cache_size", "-256")
            // Patients' words never spill into a temporary folder.
            .pragma("temp_store", "MEMORY")
            .statement_cache_capacity(16)
            .disable_statement_logging();
        Self {
            options,
            connection: None,
            damage,
        }
    }

    pub(super) async fn open(&mut self) -> Result<&mut SqliteConnection, StoreError> {
        if self.damage.is_noted() {
            return Err(StoreError::file_is_damaged());
        }
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.connect().await?,
        };
        Ok(self.connection.insert(connection))
    }

    /// `SQLite` does not wait when two consoles make a new file at the same moment: the change to a write-ahead log
    /// fails at once for one of them.
    async fn connect(&self) -> Result<SqliteConnection, StoreError> {
        let until = Instant::now() + PATIENCE;
        loop {
            match self.options.connect().await {
                Err(error) if is_busy(&error) && Instant::now() < until => sleep(RETRY).await,
                Ok(mut connection) if trial::disk_is_full() => {
                    sqlx::raw_sql("PRAGMA max_page_count = 1")
                        .execute(&mut connection)
                        .await?;
                    return Ok(connection);
                }
                connected => return Ok(connected?),
            }
        }
    }

    /// Passes a result on, hangs up where it says that the disk failed, and notes where it says that the file is
    /// damaged.
    pub(super) fn keep<T>(&mut self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        if let Err(error @ StoreError::Disk(_)) = &result {
            trial::disk_failed(&error.to_string());
            self.connection = None;
            if error.says_file_is_damaged() {
                self.damage.notice();
            }
        }
        result
    }

    /// Closes the connection and waits until it is closed.
    pub(super) async fn close(&mut self) -> Result<(), StoreError> {
        match self.connection.take() {
            Some(connection) => Ok(connection.close().await?),
            None => Ok(()),
        }
    }
}

/// `SQLITE_BUSY`, whatever its reason: that stands in the upper bits of the code.
fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(DatabaseError::code);
    code.and_then(|code| code.parse::<u32>().ok())
        .is_some_and(|code| code & 0xff == 5)
}
