//! Notices that the file is damaged, and leaves a note beside it, so that the next console to start sets it aside.
//!
//! Must not know what is in the file, and never touches the file itself.

use std::fs::{File, OpenOptions, read_to_string, remove_file};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteSynchronous;
use tokio::task::JoinSet;

use super::link::Link;
use super::place;
use crate::store::error::StoreError;

/// A file up to this many bytes is looked through before it is used: about 4 ms a megabyte, so 60 ms at most. A larger
/// one is looked through beside the work.
const AT_ONCE: u64 = 16 << 20;

/// Whether the file of a store is known to be damaged. Nothing more is written to it from that moment on.
pub(super) struct Damage {
    path: PathBuf,
    is_noted: AtomicBool,
}

impl Damage {
    pub(super) fn of(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            is_noted: AtomicBool::new(note(path).exists()),
        }
    }

    pub(super) fn is_noted(&self) -> bool {
        self.is_noted.load(Ordering::Relaxed)
    }

    /// A disk that does not take the note leaves the damage to be found again.
    pub(super) fn notice(&self) {
        self.is_noted.store(true, Ordering::Relaxed);
        let _ = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(note(&self.path));
    }
}

/// The note beside the file. It holds the name under which the file is kept, once that is decided.
fn note(path: &Path) -> PathBuf {
    place::beside(path, ".damaged")
}

/// The name that an earlier start decided on and may have moved files to already.
pub(super) fn decided_name(path: &Path) -> Option<String> {
    let name = read_to_string(note(path)).ok()?;
    let name = name.strip_suffix('\n')?;
    (!name.is_empty()).then(|| name.to_owned())
}

/// Writes the name down before anything is moved: a start that is cut short is taken up by the next.
pub(super) fn decide_name(path: &Path, name: &str) -> std::io::Result<()> {
    let mut note = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(note(path))?;
    note.write_all(name.as_bytes())?;
    note.write_all(b"\n")?;
    note.sync_all()
}

/// The damage is over: a new store lies in the place of the old one.
pub(super) fn is_over(path: &Path) -> std::io::Result<()> {
    remove_file(note(path))
}

/// Refuses a file that had been in use and is empty now: `SQLite` would take it for a new one, and drop its log.
pub(super) fn refuse_emptied(path: &Path, was_in_use: bool) -> Result<(), StoreError> {
    let is_empty = length(path) == Some(0);
    let has_log = length(&place::beside(path, "-wal")).is_some_and(|length| length > 0);
    if is_empty && (was_in_use || has_log) {
        return Err(StoreError::file_is_damaged());
    }
    Ok(())
}

/// Looks a small file through now; gives back the work that looks a large one through, ended when it is dropped.
pub(super) async fn look(
    path: &Path,
    connection: &mut SqliteConnection,
    damage: &Arc<Damage>,
) -> Result<JoinSet<()>, StoreError> {
    let mut beside = JoinSet::new();
    if length(path).is_none_or(|length| length <= AT_ONCE) {
        look_through(connection).await?;
    } else {
        let damage = Arc::clone(damage);
        beside.spawn(async move {
            let mut link = Link::new(&damage.path, SqliteSynchronous::Full, Arc::clone(&damage));
            let Ok(connection) = link.open().await else {
                return;
            };
            let looked = look_through(connection).await;
            // Notes what it says of the file.
            let _ = link.keep(looked);
        });
    }
    Ok(beside)
}

/// Every page of every table (<https://www.sqlite.org/pragma.html#pragma_quick_check>).
async fn look_through(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let found: String = sqlx::query_scalar("PRAGMA quick_check(1)")
        .fetch_one(connection)
        .await?;
    if found == "ok" {
        Ok(())
    } else {
        Err(StoreError::file_is_damaged())
    }
}

fn length(path: &Path) -> Option<u64> {
    path.metadata().ok().map(|file| file.len())
}

/// Makes what was moved or removed in a folder last.
pub(super) fn sync_folder(folder: &Path) -> std::io::Result<()> {
    File::open(folder)?.sync_all()
}
