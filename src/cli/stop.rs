//! Why the program ends before its work is done, and the exit code that says so.

use std::error::Error;
use std::io::Write;

use crate::config;
use crate::domain::text::one_line;
use crate::store::StoreError;

/// Anything that has no code of its own.
pub const FAILURE: u8 = 1;
/// The command line was not understood.
pub const USAGE: u8 = 2;
/// The configuration, a profile or its secret.
pub const CONFIGURATION: u8 = 3;
/// A vendor could not be reached, or refused the sign-in.
pub const VENDOR: u8 = 4;
/// Some submissions were not accepted, or not valid.
pub const REFUSED: u8 = 5;
/// Of some submissions it is not known what became of them, or a person has to decide.
pub const UNKNOWN: u8 = 6;

/// Why the program ends.
#[derive(Debug, thiserror::Error)]
pub enum Stop {
    #[error(transparent)]
    Configuration(#[from] config::Error),
    /// `doctor` found something; the code is that of the gravest finding.
    #[error("{failed} of {all} checks need you")]
    Unwell { failed: usize, all: usize, code: u8 },
    /// The work was done, and something is left that the caller must see to.
    #[error("{words}")]
    Left { words: String, code: u8 },
    #[error(transparent)]
    Failed(#[from] anyhow::Error),
}

impl Stop {
    pub fn code(&self) -> u8 {
        match self {
            Self::Configuration(_) => CONFIGURATION,
            Self::Unwell { code, .. } | Self::Left { code, .. } => *code,
            Self::Failed(_) => FAILURE,
        }
    }

    /// Writes the reason and, below it, what caused it.
    pub fn tell(&self, to: &mut impl Write) {
        // Where nobody reads standard error, the exit code still speaks.
        let _ = writeln!(to, "frontdesk: {}", one_line(&self.to_string()));
        for cause in causes(self) {
            let _ = writeln!(to, "  {cause}");
        }
    }
}

/// Says on standard error what is in the way, and goes on.
pub fn warn(why: &str) {
    // As above.
    let _ = writeln!(std::io::stderr(), "frontdesk: {}", one_line(why));
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// What lies behind an error, one clean line each.
pub fn causes(error: &dyn Error) -> impl Iterator<Item = String> {
    let causes = std::iter::successors(error.source(), |cause| (*cause).source());
    causes.map(|cause| one_line(&cause.to_string()))
}
