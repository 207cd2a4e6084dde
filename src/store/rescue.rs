//! What became of a store that was damaged: kept aside as it was, and brought over as far as it could be read.

use std::fmt;
use std::path::PathBuf;

/// Told once, by the opening that set the damaged store aside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rescue {
    /// The damaged file, under its new name. Nothing ever writes to it again.
    pub kept_as: PathBuf,
    pub submissions: u64,
    pub drafts: u64,
    /// Submissions and drafts that were certainly there and cannot be read any more.
    pub unreadable: u64,
    /// Submissions that a person must look at, because what is known of them may be incomplete.
    pub doubtful: u64,
    /// Nothing of the submissions was damaged: what was brought over is all there was.
    pub is_whole: bool,
}

impl fmt::Display for Rescue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the store was damaged: it is kept as {}; {} and {} were brought over, {} could not be read",
            self.kept_as.display(),
            count(self.submissions, "submission"),
            count(self.drafts, "draft"),
            self.unreadable,
        )?;
        if !self.is_whole {
            f.write_str(", more may be missing")?;
        }
        match self.doubtful {
            0 => Ok(()),
            1 => f.write_str("; 1 needs you"),
            doubtful => write!(f, "; {doubtful} need you"),
        }
    }
}

fn count(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}
