//! What the desk is told by its configuration file: profiles, where their secrets lie, and key bindings.
//!
//! Knows the settings of the vendors and nothing of their calls. A fault in the file names the file, the line and
//! what to do; nothing is guessed, and nothing unknown is passed over in silence.

pub mod demo;
pub mod error;
pub mod paths;
pub mod profile;
mod reader;
pub mod secret;
mod server;

use std::io;
use std::path::{Path, PathBuf};

use crate::section::complaint::{Complaint, Fault};
use crate::section::suggestion;

pub use error::Error;
pub use profile::{Account, Profile};
pub use server::Server;

/// Where a text of configuration comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    /// A desk wrote it.
    File,
    /// It came with the program: it needs no server, and its secrets are none.
    BuiltIn,
}

/// The configuration as a whole; the default one is that of a desk without a file.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The file that was read, if any.
    pub file: Option<PathBuf>,
    /// The profile that is opened when none is asked for.
    pub preferred: Option<String>,
    /// The accounts of the file, in its order; the built-in ones are not among them.
    pub accounts: Vec<Account>,
    /// Action, chord and line of each binding, as they were written: only the console knows its actions.
    pub keys: Vec<(String, String, usize)>,
}

impl Config {
    /// Reads `asked` where a file was asked for; otherwise `usual`, which need not be there.
    pub fn find(asked: Option<&Path>, usual: &Path) -> Result<Self, Error> {
        match Self::read(asked.unwrap_or(usual)) {
            Err(Error::Unread { source, .. })
                if asked.is_none() && source.kind() == io::ErrorKind::NotFound =>
            {
                Ok(Self::default())
            }
            read => read,
        }
    }

    /// Reads one file.
    pub fn read(file: &Path) -> Result<Self, Error> {
        let text = std::fs::read_to_string(file).map_err(|source| Error::Unread {
            file: file.to_owned(),
            source,
        })?;
        Ok(reader::read(file, &text, Origin::File)?)
    }

    /// The account to work with. Without a name this is the preferred profile, or the only one of the file, or `demo`
    /// where the file has none.
    pub fn choose(&self, name: Option<&str>) -> Result<Account, Error> {
        self.account(self.chosen(name)?)
    }

    /// The account of a name, a built-in one or one of the file.
    pub fn account(&self, name: &str) -> Result<Account, Error> {
        let own = self.accounts.iter().find(|account| account.name == name);
        own.cloned()
            .or_else(|| demo::account(name))
            .ok_or_else(|| Error::NoProfile {
                name: name.to_owned(),
                remedy: suggestion::remedy(name, self.names()),
            })
    }

    /// Says what is wrong with the binding of `action`, with its line.
    pub fn bad_binding(&self, action: &str, why: &impl ToString) -> Error {
        let binding = self.keys.iter().find(|(name, ..)| name == action);
        Error::At(Complaint {
            file: self.file.clone().unwrap_or_default(),
            line: binding.map_or(1, |(_, _, line)| *line),
            fault: Fault::Binding(why.to_string()),
        })
    }

    fn chosen<'a>(&'a self, name: Option<&'a str>) -> Result<&'a str, Error> {
        match (name.or(self.preferred.as_deref()), self.accounts.as_slice()) {
            (Some(name), _) => Ok(name),
            (None, []) => Ok(demo::FIRST),
            (None, [only]) => Ok(&only.name),
            (None, [first, ..]) => Err(Error::NoChoice {
                file: self.file.clone().unwrap_or_default(),
                first: first.name.clone(),
                names: self.own_names().collect::<Vec<_>>().join(", "),
            }),
        }
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.own_names().chain(demo::names())
    }

    fn own_names(&self) -> impl Iterator<Item = &str> {
        self.accounts.iter().map(|account| account.name.as_str())
    }
}
