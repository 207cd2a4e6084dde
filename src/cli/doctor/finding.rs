//! One line of the report.

use std::error::Error;
use std::fmt;

use crate::cli::stop::causes;
use crate::domain::text::one_line;

/// What one check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    mark: &'static str,
    subject: String,
    words: String,
    /// The exit code this asks for; none where all is well.
    pub code: Option<u8>,
}

impl Finding {
    pub fn well(subject: &str, words: &str) -> Self {
        Self::new("ok", subject, words, None)
    }

    /// Not checked, and why not.
    pub fn skipped(subject: &str, words: &str) -> Self {
        Self::new("--", subject, words, None)
    }

    pub fn fault(subject: &str, words: &str, code: u8) -> Self {
        Self::new("!!", subject, words, Some(code))
    }

    fn new(mark: &'static str, subject: &str, words: &str, code: Option<u8>) -> Self {
        Self {
            mark,
            subject: one_line(subject),
            words: one_line(words),
            code,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}  {:<28}  {}", self.mark, self.subject, self.words)
    }
}

/// An error and its causes in one line.
pub fn chain(error: &dyn Error) -> String {
    std::iter::once(error.to_string())
        .chain(causes(error))
        .collect::<Vec<_>>()
        .join(": ")
}
