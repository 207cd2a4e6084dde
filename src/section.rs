//! One table of the file while it is read, and the complaints about its keys and values.
//!
//! Works on the parsed document instead of deriving the shape, because a complaint needs the line, the section and a
//! remedy, and a secret in the wrong place must not be repeated in it.

pub mod complaint;
pub mod suggestion;

use std::path::Path;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use crate::domain::text::one_line;

use complaint::{Complaint, Fault};

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

    pub fn at(self, start: usize, fault: Fault) -> Complaint {
        Complaint {
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
    /// The byte at which it starts.
    pub start: usize,
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
    ) -> Result<Self, Complaint> {
        let section = Self::unchecked(document, name, start, table);
        section.check(known)?;
        Ok(section)
    }

    /// As [`Self::open`] does.
    pub fn check(&self, known: &[&str]) -> Result<(), Complaint> {
        let keys = self.table.keys();
        let unknown = keys.filter(|key| !known.contains(&key.get_ref().as_ref()));
        match unknown.min_by_key(|key| key.span().start) {
            Some(key) => {
                let start = key.span().start;
                Err(self.unknown(key.get_ref(), start, known.iter().copied()))
            }
            None => Ok(()),
        }
    }

    /// A section whose keys somebody else knows.
    pub fn unchecked(
        document: Document<'a>,
        name: String,
        start: usize,
        table: DeTable<'a>,
    ) -> Self {
        Self {
            document,
            name,
            start,
            table,
        }
    }

    /// The name without its brackets, to make longer ones of.
    pub fn bare_name(&self) -> &str {
        self.name.trim_matches(['[', ']'])
    }

    /// What was not taken.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &Value<'a>)> {
        let entries = self.table.iter();
        entries.map(|(key, value)| (key.get_ref().as_ref(), value))
    }

    /// The value of a key, if it is there.
    pub fn take(&mut self, key: &str) -> Option<Value<'a>> {
        self.table.remove(key)
    }

    /// The value of a key that must be there; `example` is what could be written.
    pub fn need(
        &mut self,
        key: &'static str,
        example: impl Into<String>,
    ) -> Result<Value<'a>, Complaint> {
        self.take(key).ok_or_else(|| self.missing(key, example))
    }

    /// A complaint about a key that is not there.
    pub fn missing(&self, key: &'static str, example: impl Into<String>) -> Complaint {
        let fault = Fault::Missing {
            key,
            section: self.name.clone(),
            example: example.into(),
        };
        self.document.at(self.start, fault)
    }

    /// A complaint about a key that starts at `start` and is not among the known ones.
    pub fn unknown<'k>(
        &self,
        key: &str,
        start: usize,
        known: impl IntoIterator<Item = &'k str>,
    ) -> Complaint {
        let fault = Fault::UnknownKey {
            key: one_line(key),
            section: self.name.clone(),
            remedy: suggestion::remedy(key, known),
        };
        self.document.at(start, fault)
    }

    /// A complaint about the value of `key` that starts at `start`.
    pub fn bad(&self, key: &str, start: usize, why: impl Into<String>) -> Complaint {
        let fault = Fault::BadValue {
            key: key.to_owned(),
            section: self.name.clone(),
            why: why.into(),
        };
        self.document.at(start, fault)
    }

    /// The text of a value exactly as it is written.
    pub fn verbatim<'v>(&self, key: &str, value: &'v Value<'_>) -> Result<&'v str, Complaint> {
        value.get_ref().as_str().ok_or_else(|| {
            let why = format!("must be text in quotes, not {}", kind(value.get_ref()));
            self.bad(key, value.span().start, why)
        })
    }

    /// The text of a value that may come to the screen: one line that has something in it.
    pub fn text(&self, key: &str, value: &Value<'_>) -> Result<String, Complaint> {
        let start = value.span().start;
        let text = self.verbatim(key, value)?.trim();
        if text.is_empty() {
            return Err(self.bad(key, start, "is empty; fill it in or remove the line"));
        }
        if !text.chars().all(is_visible) {
            let why = "has a line break, control or invisible character in it; type it anew";
            return Err(self.bad(key, start, why));
        }
        Ok(text.to_owned())
    }

    /// A list that has something in it.
    pub fn list<'v>(&self, key: &str, value: &'v Value<'a>) -> Result<&'v DeArray<'a>, Complaint> {
        let start = value.span().start;
        match value.get_ref().as_array() {
            Some(list) if list.is_empty() => {
                let why = "is an empty list; name at least one or remove the line";
                Err(self.bad(key, start, why))
            }
            Some(list) => Ok(list),
            None => {
                let kind = kind(value.get_ref());
                let why = format!("must be a list like [\"…\", \"…\"], not {kind}");
                Err(self.bad(key, start, why))
            }
        }
    }

    /// The texts of a list, each as [`Section::text`] takes it.
    pub fn texts(&self, key: &str, value: &Value<'a>) -> Result<Vec<String>, Complaint> {
        let list = self.list(key, value)?.iter();
        list.map(|value| self.text(key, value)).collect()
    }

    /// A table inside this one.
    pub fn table(&self, key: &str, value: Value<'a>) -> Result<DeTable<'a>, Complaint> {
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

    /// A section inside this one whose keys are names that the desk chose.
    pub fn inner(&self, key: &str, value: Value<'a>) -> Result<Self, Complaint> {
        let start = value.span().start;
        let table = self.table(key, value)?;
        Ok(Self::unchecked(
            self.document,
            format!("[{key}]"),
            start,
            table,
        ))
    }

    /// Takes everything, in the order of the file.
    pub fn take_all(&mut self) -> Vec<Entry<'a>> {
        let entries = std::mem::take(&mut self.table).into_iter();
        let mut entries: Vec<_> = entries
            .map(|(key, value)| Entry {
                start: key.span().start,
                name: key.into_inner().into_owned(),
                value,
            })
            .collect();
        entries.sort_by_key(|entry| entry.start);
        entries
    }
}

/// What a value is, in words.
fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a section",
    }
}

fn is_visible(c: char) -> bool {
    c == ' ' || !(c.is_whitespace() || one_line(c.encode_utf8(&mut [0; 4])).is_empty())
}

/// A whole number that is not negative.
pub fn whole(value: &Value<'_>) -> Option<u64> {
    let number = value.get_ref().as_integer()?;
    u64::from_str_radix(number.as_str(), number.radix()).ok()
}
