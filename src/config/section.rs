//! One table of the file while it is read, and the complaints about its keys and values.
//!
//! Works on the parsed document instead of deriving the shape, because a complaint needs the line, the section and a
//! remedy, and a secret in the wrong place must not be repeated in it.

use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::{Error, Fault};
use super::suggestion;

/// A value and where it starts.
pub type Value<'a> = Spanned<DeValue<'a>>;

/// One line of a table whose keys are names that the desk chose.
pub struct Entry<'a> {
    pub start: usize,
    pub name: String,
    pub value: Value<'a>,
}

/// The file: complaints name it and count its lines.
#[derive(Clone, Copy)]
pub struct Document<'a> {
    pub file: &'a Path,
    pub text: &'a str,
}

impl Document<'_> {
    /// The line, counted from one, on which the byte at `start` stands.
    pub fn line(self, start: usize) -> usize {
        let before = self.text.bytes().take(start);
        1 + before.filter(|byte| *byte == b'\n').count()
    }

    pub fn at(self, start: usize, fault: Fault) -> Error {
        Error::At {
            file: self.file.to_owned(),
            line: self.line(start),
            fault,
        }
    }
}

/// One table; keys are taken out of it one by one.
pub struct Section<'a> {
    pub document: Document<'a>,
    /// As it is written: `[profiles.koramangala]`.
    pub name: String,
    start: usize,
    table: DeTable<'a>,
}

impl<'a> Section<'a> {
    /// Complains about the first key that is not among the known ones.
    pub fn open(
        document: Document<'a>,
        name: String,
        start: usize,
        table: DeTable<'a>,
        known: &[&str],
    ) -> Result<Self, Error> {
        let unknown = table
            .keys()
            .filter(|key| !known.contains(&key.get_ref().as_ref()));
        if let Some(key) = unknown.min_by_key(|key| key.span().start) {
            let fault = Fault::UnknownKey {
                key: key.get_ref().to_string(),
                section: name,
                remedy: suggestion::remedy(key.get_ref(), known.iter().copied()),
            };
            return Err(document.at(key.span().start, fault));
        }
        Ok(Self {
            document,
            name,
            start,
            table,
        })
    }

    /// The value of a key, if it is there.
    pub fn take(&mut self, key: &str) -> Option<Value<'a>> {
        self.table.remove(key)
    }

    /// The value of a key that must be there; `example` is what could be written.
    pub fn need(&mut self, key: &'static str, example: &'static str) -> Result<Value<'a>, Error> {
        self.take(key).ok_or_else(|| {
            let fault = Fault::Missing {
                key,
                section: self.name.clone(),
                example,
            };
            self.document.at(self.start, fault)
        })
    }

    /// A complaint about the value of `key` that starts at `start`.
    pub fn bad(&self, key: &str, start: usize, why: impl ToString) -> Error {
        let fault = Fault::BadValue {
            key: key.to_owned(),
            section: self.name.clone(),
            why: why.to_string(),
        };
        self.document.at(start, fault)
    }

    /// The text of a value: one line that has something in it.
    pub fn text(&self, key: &str, value: &Value<'_>) -> Result<String, Error> {
        let start = value.span().start;
        let Some(text) = value.get_ref().as_str() else {
            let why = format!("must be text in quotes, not {}", kind(value.get_ref()));
            return Err(self.bad(key, start, why));
        };
        if text.trim().is_empty() {
            return Err(self.bad(key, start, "is empty; fill it in or remove the line"));
        }
        if text.chars().any(char::is_control) {
            return Err(self.bad(key, start, "has a line break or control character in it"));
        }
        Ok(text.trim().to_owned())
    }

    /// The texts of a list that has something in it.
    pub fn texts(&self, key: &str, value: &Value<'_>) -> Result<Vec<String>, Error> {
        let start = value.span().start;
        let Some(list) = value.get_ref().as_array() else {
            let why = format!(
                "must be a list like [\"…\", \"…\"], not {}",
                kind(value.get_ref())
            );
            return Err(self.bad(key, start, why));
        };
        if list.is_empty() {
            return Err(self.bad(
                key,
                start,
                "is an empty list; name at least one or remove the line",
            ));
        }
        list.iter().map(|value| self.text(key, value)).collect()
    }

    /// A table inside this one.
    pub fn table(&self, key: &str, value: Value<'a>) -> Result<DeTable<'a>, Error> {
        let start = value.span().start;
        match value.into_inner() {
            DeValue::Table(table) => Ok(table),
            other => Err(self.bad(
                key,
                start,
                format!("must be a section, not {}", kind(&other)),
            )),
        }
    }

    /// The entries of a table inside this one, in the order of the file, where the desk chose the keys.
    pub fn children(&self, key: &str, value: Value<'a>) -> Result<Vec<Entry<'a>>, Error> {
        let entries = self.table(key, value)?.into_iter();
        let mut entries: Vec<_> = entries
            .map(|(key, value)| Entry {
                start: key.span().start,
                name: key.into_inner().into_owned(),
                value,
            })
            .collect();
        entries.sort_by_key(|entry| entry.start);
        Ok(entries)
    }
}

/// What a value is, in words.
pub fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a section",
    }
}
