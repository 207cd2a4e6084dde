//! Reads one `[profiles.….assumptions]` section.
//!
//! The vendor's own module says which assumptions there are; here its complaints are put into the words of the others.

use chrono::format::{Item, StrftimeItems};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use toml::de::DeValue;

use super::settings::Assumptions;
use crate::section::complaint::Complaint;
use crate::section::{Section, Value};

const DATE_FORMAT: &str = "scheduled-at-format";

/// Reads `value`, the assumptions of `profile`.
pub fn read<'a>(profile: &Section<'a>, value: Value<'a>) -> Result<Assumptions, Complaint> {
    let name = format!("[{}.assumptions]", profile.bare_name());
    let start = value.span().start;
    let table = profile.table("assumptions", value.clone())?;
    let section = Section::unchecked(profile.document, name, start, table);
    for (key, value) in section.entries() {
        match value.get_ref() {
            DeValue::String(_) => drop(section.text(key, value)?),
            DeValue::Array(_) => drop(section.texts(key, value)?),
            // Whether another kind is in its place is for the vendor's module to say.
            _ => {}
        }
    }
    let read = Assumptions::deserialize(value.into_deserializer());
    let read = read.map_err(|error| complaint(&section, &error))?;
    let mut items = StrftimeItems::new(&read.scheduled_at_format);
    if items.any(|item| item == Item::Error) {
        let entry = section.entries().find(|(key, _)| *key == DATE_FORMAT);
        let start = entry.map_or(start, |(_, value)| value.span().start);
        let why = "is no date format; write one like \"%Y-%m-%dT%H:%M:%S%:z\"";
        return Err(section.bad(DATE_FORMAT, start, why));
    }
    Ok(read)
}

/// serde tells an unknown key as: unknown field `a`, expected one of `b`, `c`.
fn complaint(section: &Section<'_>, error: &toml::de::Error) -> Complaint {
    let message = error.message();
    let start = error.span().map_or(section.start, |span| span.start);
    let mut names = message.split('`').skip(1).step_by(2);
    match names.next() {
        Some(key) if message.starts_with("unknown field") => section.unknown(key, start, names),
        _ => {
            let mut entries = section.entries();
            let entry = entries.find(|(_, value)| value.span().contains(&start));
            let key = entry.map_or("a value", |(key, _)| key);
            section.bad(key, start, format!("cannot be used: {message}"))
        }
    }
}
