//! Reads the file into accounts and bindings.

mod account;

use std::path::Path;

use toml::de::DeTable;

use super::{Account, Config, Origin, demo};
use crate::section::complaint::{Complaint, Fault};
use crate::section::{Document, Entry, Section, suggestion};

/// Reads the text of `file`.
pub fn read(file: &Path, text: &str, origin: Origin) -> Result<Config, Complaint> {
    let document = Document { file, text };
    let root = DeTable::parse(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        document.at(start, Fault::Syntax(error.message().to_owned()))
    })?;
    let name = "the file".to_owned();
    let known = ["profile", "profiles", "keys"];
    let mut top = Section::open(document, name, 0, root.into_inner(), &known)?;
    let accounts = accounts(&mut top, origin)?;
    Ok(Config {
        file: Some(file.to_owned()),
        preferred: preferred(&mut top, &accounts)?,
        keys: keys(&mut top)?,
        accounts,
    })
}

fn accounts(top: &mut Section<'_>, origin: Origin) -> Result<Vec<Account>, Complaint> {
    let Some(value) = top.take("profiles") else {
        return Ok(Vec::new());
    };
    let mut profiles = top.inner("profiles", value)?;
    let mut accounts = Vec::new();
    for Entry { start, name, value } in profiles.take_all() {
        if origin == Origin::File && demo::names().any(|built_in| built_in == name) {
            return Err(profiles.bad(&name, start, "is built in; give your profile another name"));
        }
        if !is_plain(&name) {
            return Err(profiles.bad(
                &name,
                start,
                "is no name; use letters, digits, dash and underscore",
            ));
        }
        let table = profiles.table(&name, value)?;
        accounts.push(account::read(top.document, origin, &name, start, table)?);
    }
    Ok(accounts)
}

/// The profile to start with must exist, so that a slip is told with its line and not at the counter.
fn preferred(top: &mut Section<'_>, accounts: &[Account]) -> Result<Option<String>, Complaint> {
    let Some(value) = top.take("profile") else {
        return Ok(None);
    };
    let name = top.text("profile", &value)?;
    let known = || {
        accounts
            .iter()
            .map(|account| account.name.as_str())
            .chain(demo::names())
    };
    if !known().any(|known| known == name) {
        let why = format!(
            "names no profile: \"{name}\"; {}",
            suggestion::remedy(&name, known())
        );
        return Err(top.bad("profile", value.span().start, why));
    }
    Ok(Some(name))
}

fn keys(top: &mut Section<'_>) -> Result<Vec<(String, String, usize)>, Complaint> {
    let Some(value) = top.take("keys") else {
        return Ok(Vec::new());
    };
    let mut keys = top.inner("keys", value)?;
    let bindings = keys
        .take_all()
        .into_iter()
        .map(|Entry { start, name, value }| {
            let chord = keys.text(&name, &value)?;
            Ok((name, chord, keys.document.line(start)))
        });
    bindings.collect()
}

/// Names appear on screen, in messages and as arguments.
fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || c == '-' || c == '_')
}
