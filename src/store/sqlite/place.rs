//! Where the store lies: a folder and a file that nobody else can read.

use std::fs::{DirBuilder, OpenOptions, metadata};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::store::error::StoreError;

/// The rights of the group and of everybody.
const OTHERS: u32 = 0o077;

/// Makes folder and file where they are missing, and refuses them where others may look in. `SQLite` gives the files
/// beside it (`-wal`, `-shm`) the rights of the file. Returns the folder.
pub(super) fn prepare(path: &Path) -> Result<&Path, StoreError> {
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
    refuse_loose(path, "600")?;
    Ok(folder)
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

fn unusable(path: &Path, why: io::Error) -> StoreError {
    StoreError::Place {
        path: PathBuf::from(path),
        why,
    }
}
