//! Where a client secret lies, and how it is fetched: environment variable, file or command, never the file of the
//! configuration itself and never an argument.

mod command;

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::SecretString;

use super::paths::is_open_to_others;

/// How long a command may take; a person may have to type a passphrase into it.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// No secret is longer than this, in bytes; what is longer is the wrong file or a command gone wild.
const LONGEST: u64 = 64 * 1024;

/// Where a client secret lies.
#[derive(Clone, Debug)]
pub enum SecretSource {
    /// That of the built-in sandbox, which is no secret.
    Known(SecretString),
    /// The name of an environment variable.
    Environment(String),
    /// A file that only this account can read.
    File(PathBuf),
    /// A program and its arguments, run without a shell; the secret is what it prints.
    Command(Vec<String>),
}

/// Why a secret could not be had. Never carries the secret or a part of it.
#[derive(Debug, thiserror::Error)]
pub enum NoSecret {
    #[error("the environment variable {0} is not set; export it before you start frontdesk")]
    Unset(String),
    #[error("{}: cannot be read; create it and run: chmod 600 {}", .file.display(), .file.display())]
    Unread { file: PathBuf, source: io::Error },
    #[error("{}: others on this machine can read it (mode {mode:04o}); run: chmod 600 {}", .file.display(), .file.display())]
    Readable { file: PathBuf, mode: u32 },
    #[error("{}: is not an ordinary file", .0.display())]
    NotFile(PathBuf),
    #[error("the command {program} cannot be started; check its name and PATH")]
    NotStarted { program: String, source: io::Error },
    #[error("the command {program} did not finish within {} seconds; try it by hand", .limit.as_secs())]
    TooSlow { program: String, limit: Duration },
    /// `words` are the command's own, made safe to show.
    #[error("the command {program} failed ({status}); it said: {words}")]
    Failed {
        program: String,
        status: String,
        words: String,
    },
    #[error("{0} gave nothing; it must give the secret as one line of text")]
    Empty(String),
    #[error(
        "{0} gave more than one line, or no plain text; it must give the secret as one line of text"
    )]
    NotOneLine(String),
}

impl SecretSource {
    /// Whether fetching it may take longer than a person notices: a command may ask for a passphrase.
    pub fn is_slow(&self) -> bool {
        matches!(self, Self::Command(_))
    }

    /// Fetches the secret. Blocks; a command is waited for up to [`PATIENCE`].
    pub fn reveal(&self) -> Result<SecretString, NoSecret> {
        match self {
            Self::Known(secret) => Ok(secret.clone()),
            Self::Environment(name) => {
                let value = std::env::var_os(name).ok_or_else(|| NoSecret::Unset(name.clone()))?;
                one_secret(
                    &format!("the environment variable {name}"),
                    value.into_encoded_bytes(),
                )
            }
            Self::File(file) => one_secret(&format!("the file {}", file.display()), read(file)?),
            Self::Command(words) => {
                let printed = command::run(words, PATIENCE)?;
                one_secret(&format!("the command {}", command::name(words)), printed)
            }
        }
    }
}

/// The text without the line break that editors and commands put behind it. `giver` is named in complaints.
fn one_secret(giver: &str, bytes: Vec<u8>) -> Result<SecretString, NoSecret> {
    let text = String::from_utf8(bytes).map_err(|_| NoSecret::NotOneLine(giver.to_owned()))?;
    let line = text.strip_suffix('\n').unwrap_or(&text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    if line.trim().is_empty() {
        return Err(NoSecret::Empty(giver.to_owned()));
    }
    if line.chars().any(char::is_control) {
        return Err(NoSecret::NotOneLine(giver.to_owned()));
    }
    Ok(SecretString::from(line))
}

/// Looks at the permissions of the opened file, not of its name: the two may differ a moment later.
fn read(file: &Path) -> Result<Vec<u8>, NoSecret> {
    let unread = |source| NoSecret::Unread {
        file: file.to_owned(),
        source,
    };
    // A named pipe would block at being opened, so its name is asked first.
    if !file.metadata().map_err(unread)?.is_file() {
        return Err(NoSecret::NotFile(file.to_owned()));
    }
    let opened = File::open(file).map_err(unread)?;
    let permissions = opened.metadata().map_err(unread)?.permissions();
    if is_open_to_others(&permissions) {
        return Err(NoSecret::Readable {
            file: file.to_owned(),
            mode: permissions.mode() & 0o7777,
        });
    }
    let mut bytes = Vec::new();
    opened
        .take(LONGEST)
        .read_to_end(&mut bytes)
        .map_err(unread)?;
    Ok(bytes)
}
