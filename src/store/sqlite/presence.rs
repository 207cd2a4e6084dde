//! Which processes are at work on the store: each holds a lock that the kernel takes away when it ends, however it ends.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError, read_dir, remove_file, rename};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use uuid::Uuid;

use crate::store::error::StoreError;
use crate::trial;

/// The folder of the locks, beside the store.
pub(super) const FOLDER: &str = "consoles";

/// What is written at the beginning of the lock: that it was written is all that it says.
const SIGN: &[u8] = b".";

/// What follows the sign: whether its process uses the file, or has lost it.
const WITH_FILE: &[u8] = b".";
const ALONE: &[u8] = b"!";
const AFTER_SIGN: u64 = SIGN.len() as u64;

/// This process, as the others see it. Dropped with the last clone of the store.
pub(super) struct Presence {
    /// The name under which it holds attempts and drafts.
    pub console: String,
    folder: PathBuf,
    lock: File,
}

impl Presence {
    pub(super) fn announce(beside: &Path) -> Result<Self, StoreError> {
        let folder = beside.join(FOLDER);
        let unusable = |why| StoreError::Place {
            path: folder.clone(),
            why,
        };
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&folder)
            .map_err(unusable)?;
        let console = Uuid::now_v7().simple().to_string();
        // Locked before it has its name: nobody ever sees it without its lock.
        let unnamed = folder.join(format!("{console}.new"));
        let lock = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&unnamed)
            .map_err(unusable)?;
        lock.lock().map_err(unusable)?;
        // Written now, so that writing it again needs no room on a full disk.
        lock.write_all_at(SIGN, 0).map_err(unusable)?;
        lock.write_all_at(WITH_FILE, AFTER_SIGN).map_err(unusable)?;
        rename(&unnamed, folder.join(&console)).map_err(unusable)?;
        Ok(Self {
            console,
            folder,
            lock,
        })
    }

    /// Tells the other processes that something was committed, now that they can read it. The write-ahead log itself
    /// is written before that.
    pub(super) fn tell(&self) {
        // Who is not told looks again by and by.
        let _ = self.lock.write_all_at(SIGN, 0);
    }

    /// Tells the other processes whether this one has lost the file; says whether they can know.
    pub(super) fn stand_alone(&self, is_alone: bool) -> bool {
        let mark = if is_alone { ALONE } else { WITH_FILE };
        self.lock.write_all_at(mark, AFTER_SIGN).is_ok()
    }

    /// How many other processes have lost the file.
    pub(super) fn others_alone(&self) -> u32 {
        let alone = self.locks_of_others();
        let alone = alone.filter(|path| is_alone(path) && is_held(path));
        u32::try_from(alone.count()).unwrap_or(u32::MAX)
    }

    /// Whether any other process is there.
    pub(super) fn has_company(&self) -> bool {
        self.locks_of_others().any(|path| is_held(&path))
    }

    fn locks_of_others(&self) -> impl Iterator<Item = PathBuf> {
        let own = self.folder.join(&self.console);
        let locks = read_dir(&self.folder).into_iter().flatten().flatten();
        let paths = locks.map(|lock| lock.path());
        // One that is being made is nobody's yet.
        let is_whole = |path: &PathBuf| path.extension().is_none_or(|end| end != "new");
        paths.filter(move |path| *path != own && is_whole(path))
    }

    /// Whether the process of this name is still there.
    pub(super) fn is_there(&self, console: &str) -> bool {
        if console == self.console {
            return true;
        }
        if trial::bug("takes-over-live-attempts") {
            return false;
        }
        // The name comes from the file: it must not lead anywhere else.
        if console.is_empty() || !console.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return false;
        }
        is_held(&self.folder.join(console))
    }
}

/// Whether any process holds the store beside the locks. Asked where none can announce itself meanwhile.
pub(super) fn is_anyone_there(beside: &Path) -> bool {
    let Ok(locks) = read_dir(beside.join(FOLDER)) else {
        return false;
    };
    // All of them are looked at: those of processes that have gone are cleared away.
    let held = locks.flatten().filter(|lock| is_held(&lock.path()));
    held.count() > 0
}

/// Whether a store was ever opened there.
pub(super) fn was_anyone_there(beside: &Path) -> bool {
    beside.join(FOLDER).exists()
}

fn is_alone(path: &Path) -> bool {
    let mut mark = [0];
    let read = File::open(path).and_then(|lock| lock.read_exact_at(&mut mark, AFTER_SIGN));
    read.is_ok() && mark == ALONE
}

fn is_held(path: &Path) -> bool {
    let file = match File::open(path) {
        Ok(file) => file,
        // What cannot be looked at may well be there.
        Err(error) => return error.kind() != io::ErrorKind::NotFound,
    };
    match file.try_lock_shared() {
        Ok(()) => {
            // Its process has gone; what it held is told by the rows that carry its name.
            let _ = remove_file(path);
            false
        }
        Err(TryLockError::WouldBlock) => true,
        // A file system without locks: better one look too many than an attempt that nobody ends.
        Err(TryLockError::Error(_)) => false,
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        let _ = remove_file(self.folder.join(&self.console));
    }
}
