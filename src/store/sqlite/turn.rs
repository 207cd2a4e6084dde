//! One console at a time opens the store: bringing the file up to date, and setting a damaged one aside, must not meet
//! another console half-way.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use super::place;
use crate::store::error::StoreError;

/// How long another console may take to open it: it may be bringing over what a large damaged file held.
const PATIENCE: Duration = Duration::from_secs(60);

/// How soon to ask again.
const RETRY: Duration = Duration::from_millis(5);

/// A kernel lock, given up when it is dropped, however the process ends.
pub(super) struct Turn {
    _lock: File,
}

impl Turn {
    pub(super) async fn take(path: &Path) -> Result<Self, StoreError> {
        let path = place::beside(path, ".opening");
        let waited = tokio::task::spawn_blocking(move || wait(&path)).await;
        waited.unwrap_or(Err(StoreError::BeingOpened))
    }
}

fn wait(path: &Path) -> Result<Turn, StoreError> {
    let lock = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
        .map_err(|why| place::unusable(path, why))?;
    let began = Instant::now();
    loop {
        match lock.try_lock() {
            // A file system without locks: the database's own lock keeps two from bringing it up to date at once.
            Ok(()) | Err(TryLockError::Error(_)) => return Ok(Turn { _lock: lock }),
            Err(TryLockError::WouldBlock) if began.elapsed() < PATIENCE => {
                std::thread::sleep(RETRY);
            }
            Err(TryLockError::WouldBlock) => return Err(StoreError::BeingOpened),
        }
    }
}
