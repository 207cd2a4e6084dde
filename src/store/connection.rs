//! The one connection of this process to its file. Everything waits its turn here; `SQLite` makes other processes wait.

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, SqliteConnection};

use super::error::StoreError;

/// How long another console may hold the file before we say so.
const PATIENCE: Duration = Duration::from_secs(5);

/// A connection that is thrown away after a failure: after a full disk `SQLite` may have rolled back by itself, and
/// nobody can then say in which transaction the connection is.
pub(super) struct Link {
    options: SqliteConnectOptions,
    connection: Option<SqliteConnection>,
}

impl Link {
    pub(super) fn new(path: &Path) -> Self {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
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
        }
    }

    pub(super) async fn open(&mut self) -> Result<&mut SqliteConnection, StoreError> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.options.connect().await?,
        };
        Ok(self.connection.insert(connection))
    }

    /// Passes a result on, and hangs up where it says that the disk failed.
    pub(super) fn keep<T>(&mut self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        if matches!(result, Err(StoreError::Disk(_))) {
            self.connection = None;
        }
        result
    }
}
