//! Why the store could not do its work, in words for the desk. None of them carries anything of a patient.

use std::path::PathBuf;

use crate::domain::submission::IntentId;

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Others could read what patients told the desk.
    #[error("others can read what patients told: run chmod {mode} {}", path.display())]
    Loose { path: PathBuf, mode: &'static str },
    #[error("{} cannot be used: {why}", path.display())]
    Place { path: PathBuf, why: std::io::Error },
    /// A later program wrote the file; this one would not understand it.
    #[error("the store was written by a newer frontdesk (version {version}): use that one")]
    Newer { version: i64 },
    #[error("SQLite {version} is too old: 3.51.3 or later is needed")]
    OldLibrary { version: String },
    /// Something was learned about the intent meanwhile, perhaps by another console: look again, then decide.
    #[error("something else was learned about it just now: look again")]
    Outdated,
    /// What was done to the same record, perhaps from elsewhere and a moment ago, does not let this change follow it.
    #[error("{0}")]
    InTheWay(String),
    #[error("there is no such submission in the store")]
    NoSuchIntent,
    /// What is stored of this intent cannot be read, or is not what was saved.
    #[error("what is stored of {0} is damaged")]
    Damaged(IntentId),
    /// A draft on disk that cannot be read.
    #[error("what is stored of a draft is damaged")]
    DamagedDraft,
    /// A vendor's list that cannot be kept.
    #[error("a copy of a list cannot be kept")]
    DamagedCopy,
    /// The file must be set aside, which cannot be done under the hands of others.
    #[error(
        "the store is damaged: close every other console, then start again; what can be read is brought over"
    )]
    DamagedInUse,
    /// Another process is opening the store, and takes very long.
    #[error("another console is opening the store: try again")]
    BeingOpened,
    /// Nothing was committed.
    #[error("{0}")]
    Disk(String),
}

/// What is said of a file that is damaged, until it is set aside.
const DAMAGED: &str =
    "the store is damaged: close every console and start again; what can be read is brought over";

impl StoreError {
    /// Nothing was committed, because the file is damaged.
    pub(super) fn file_is_damaged() -> Self {
        Self::Disk(DAMAGED.to_owned())
    }

    /// Whether the file as a whole is damaged, and not what is stored of one thing.
    pub(super) fn says_file_is_damaged(&self) -> bool {
        matches!(self, Self::Disk(words) if words == DAMAGED)
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self::Disk(words(&error))
    }
}

/// The primary result code (<https://www.sqlite.org/rescode.html>) in words; `SQLite`'s own where none are better.
fn words(error: &sqlx::Error) -> String {
    let sqlx::Error::Database(database) = error else {
        return format!("the store does not answer: {error}");
    };
    let code: Option<u32> = database.code().and_then(|code| code.parse().ok());
    match code.map(|extended| extended & 0xff) {
        Some(5 | 6) => "another program holds the store".to_owned(),
        Some(8) => "the store cannot be written to".to_owned(),
        Some(10) => "the disk reports an error".to_owned(),
        Some(11 | 26) => DAMAGED.to_owned(),
        Some(13) => "the disk is full".to_owned(),
        _ => format!("the store refuses: {}", database.message()),
    }
}
