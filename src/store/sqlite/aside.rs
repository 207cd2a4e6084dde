//! Sets a damaged file aside under another name, and puts a new one in its place with all that could be brought over.
//!
//! Every step can be cut short: the note beside the file stays until the last one is done, and the next start begins
//! again. The damaged file is moved, never written to; it is read from a copy.

use std::fs::{Permissions, copy, remove_file, rename, set_permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use sqlx::sqlite::SqliteSynchronous;

use super::damage::{self, Damage};
use super::link::Link;
use super::{place, rescue, schema};
use crate::store::error::StoreError;
use crate::store::rescue::Rescue;
use crate::trial;

/// A store is these files: itself, its log, and the log's index.
const TAILS: [&str; 3] = ["", "-wal", "-shm"];

/// Tells what became of it; nothing where somebody took the file away. Only where nobody else holds or opens the store.
pub(super) async fn set_aside(path: &Path, folder: &Path) -> Result<Option<Rescue>, StoreError> {
    let unusable = |why| place::unusable(path, why);
    let now = trial::clock().now();
    let kept_as = folder.join(name(path, now).map_err(unusable)?);
    trial::point("damage-noted");
    move_there(path, &kept_as).map_err(unusable)?;
    damage::sync_folder(folder).map_err(unusable)?;
    trial::point("damage-moved");
    if !kept_as.exists() {
        damage::is_over(path).map_err(unusable)?;
        return Ok(None);
    }
    let found = renew(path, &kept_as, now).await?;
    damage::sync_folder(folder).map_err(unusable)?;
    trial::point("damage-renewed");
    damage::is_over(path).map_err(unusable)?;
    damage::sync_folder(folder).map_err(unusable)?;
    Ok(Some(Rescue { kept_as, ..found }))
}

/// The name under which the damaged file is kept: that of no other file.
fn name(path: &Path, now: DateTime<Utc>) -> io::Result<String> {
    if let Some(name) = damage::decided_name(path) {
        return Ok(name);
    }
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    let base = format!("{file}.damaged-{}", now.format("%Y%m%dT%H%M%SZ"));
    let mut name = base.clone();
    let mut number = 1;
    while is_taken(&path.with_file_name(&name)) {
        number += 1;
        name = format!("{base}-{number}");
    }
    damage::decide_name(path, &name)?;
    Ok(name)
}

fn is_taken(path: &Path) -> bool {
    let mut files = TAILS.iter().map(|tail| place::beside(path, tail));
    files.any(|file| file.symlink_metadata().is_ok())
}

/// Moves what an earlier start did not move yet.
fn move_there(path: &Path, kept_as: &Path) -> io::Result<()> {
    for tail in TAILS {
        let (from, to) = (place::beside(path, tail), place::beside(kept_as, tail));
        if from.exists() && !to.exists() {
            rename(&from, &to)?;
            set_permissions(&to, Permissions::from_mode(0o600))?;
            trial::point("damage-moving");
        }
    }
    Ok(())
}

/// Makes a new file of what can be read of the kept one, and puts it in its place.
async fn renew(path: &Path, kept_as: &Path, now: DateTime<Utc>) -> Result<Rescue, StoreError> {
    let unusable = |why| place::unusable(path, why);
    let (fresh, old) = (place::beside(path, ".new"), place::beside(path, ".old"));
    clear(&fresh).and_then(|()| clear(&old)).map_err(unusable)?;
    for tail in ["", "-wal"] {
        let (from, to) = (place::beside(kept_as, tail), place::beside(&old, tail));
        if from.exists() {
            copy(&from, &to).map_err(unusable)?;
        }
    }
    place::file(&fresh)?;
    let mut link = new_link(&fresh);
    schema::migrate(link.open().await?).await?;
    // Closed, and with it written out as a whole: its pages mend those of the old one.
    link.close().await?;
    let found = rescue::bring_over(&old, &fresh, now).await?;
    trial::point("damage-brought-over");
    clear(&old).map_err(unusable)?;
    if place::beside(&fresh, "-wal").exists() {
        return Err(StoreError::Disk(
            "the new store could not be written out".to_owned(),
        ));
    }
    rename(&fresh, path).map_err(unusable)?;
    Ok(found)
}

/// A connection to a file that nobody else knows of.
pub(super) fn new_link(path: &Path) -> Link {
    let damage = Arc::new(Damage::of(path));
    Link::new(path, SqliteSynchronous::Full, damage)
}

/// Takes away what an earlier start left half done.
fn clear(path: &Path) -> io::Result<()> {
    for tail in TAILS {
        let file: PathBuf = place::beside(path, tail);
        match remove_file(&file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}
