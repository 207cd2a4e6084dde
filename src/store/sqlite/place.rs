//! Where the store lies: a folder and a file that nobody else can read.

use std::fs::{DirBuilder, OpenOptions, metadata};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::store::error::StoreError;

/// The rights of the group and of everybody.
const OTHERS: u32 = 0o077;

/// Makes the folder where it is missing, and refuses it where others may look in.
pub(super) fn folder(path: &Path) -> Result<&Path, StoreError> {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|why| unusable(folder, why))?;
    refuse_loose(folder, "700")?;
    Ok(folder)
}

/// Makes the file where it is missing, and refuses it where others may look in. `SQLite` gives the files beside it
/// (`-wal`, `-shm`) the rights of the file.
pub(super) fn file(path: &Path) -> Result<(), StoreError> {
    let made = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    match made {
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(why) => return Err(unusable(path, why)),
    }
    refuse_loose(path, "600")
}

/// The path with something after its name.
pub(super) fn beside(path: &Path, tail: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(tail);
    PathBuf::from(name)
}

fn refuse_loose(path: &Path, mode: &'static str) -> Result<(), StoreError> {
    let rights = metadata(path)
        .map_err(|why| unusable(path, why))?
        .permissions()
        .mode();
    if rights & OTHERS == 0 {
        Ok(())
    } else {
        Err(StoreError::Loose {
            path: PathBuf::from(path),
            mode,
        })
    }
}

pub(super) fn unusable(path: &Path, why: io::Error) -> StoreError {
    StoreError::Place {
        path: PathBuf::from(path),
        why,
    }
}
