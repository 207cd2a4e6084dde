//! What can be wrong with a file of settings, at a line of it, in words that say what to do.

use std::path::PathBuf;

/// A fault and where it stands; lines count from one.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}:{line}: {fault}", .file.display())]
pub struct Complaint {
    pub file: PathBuf,
    pub line: usize,
    pub fault: Fault,
}

/// A fault at one line of the file.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("this is not TOML: {0}")]
    Syntax(String),
    #[error("unknown key \"{key}\" in {section}; {remedy}")]
    UnknownKey {
        key: String,
        section: String,
        remedy: String,
    },
    #[error("{section} has no \"{key}\"; add a line like: {key} = {example}")]
    Missing {
        key: &'static str,
        section: String,
        example: String,
    },
    #[error("\"{key}\" in {section} {why}")]
    BadValue {
        key: String,
        section: String,
        why: String,
    },
    /// The words are the console's own: only it knows its commands and keys.
    #[error("in [keys]: {0}")]
    Binding(String),
}
