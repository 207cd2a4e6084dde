//! What can be wrong with a configuration, in words that say what to do.

use std::io;
use std::path::PathBuf;

use super::secret::NoSecret;
use crate::section::complaint::Complaint;

/// Why a profile could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The operating system's reason comes as the source.
    #[error("{}: cannot be read; check the path, or write one with: frontdesk config init", .file.display())]
    Unread { file: PathBuf, source: io::Error },
    /// A fault of the file itself.
    #[error(transparent)]
    At(#[from] Complaint),
    /// A profile was asked for that nobody described.
    #[error("there is no profile \"{name}\"; {remedy}")]
    NoProfile { name: String, remedy: String },
    /// The file describes several profiles and prefers none.
    #[error(
        "{}: has several profiles and none to start with; add a first line like: profile = \"{first}\", or use --profile; there are: {names}",
        .file.display()
    )]
    NoChoice {
        file: PathBuf,
        first: String,
        names: String,
    },
    /// The secret of a profile could not be had.
    #[error("the client secret of profile \"{profile}\" is missing")]
    Secret { profile: String, source: NoSecret },
    /// There is no home folder to put anything in.
    #[error("no home folder was found; set HOME")]
    NoHome,
}
