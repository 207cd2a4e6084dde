//! Reads the `[[profiles.….locations]]` sections of a Solv account.

use toml::de::DeValue;

use super::settings::{Location, VisitType};
use crate::section::complaint::Complaint;
use crate::section::{Section, Value, whole};

const KEYS: [&str; 7] = [
    "id",
    "public-id",
    "external-id",
    "name",
    "address",
    "time-zone",
    "visit-types",
];

/// Reads `value`, the locations of `profile`; each id is there once.
pub fn read<'a>(profile: &Section<'a>, value: Value<'a>) -> Result<Vec<Location>, Complaint> {
    let mut locations: Vec<Location> = Vec::new();
    profile.list("locations", &value)?;
    for mut entry in sections(profile, "locations", value, &KEYS)? {
        let start = entry.start;
        let location = location(&mut entry)?;
        if locations.iter().any(|other| other.id == location.id) {
            return Err(entry.bad("id", start, format!("is there twice: {}", location.id)));
        }
        locations.push(location);
    }
    Ok(locations)
}

fn location(entry: &mut Section<'_>) -> Result<Location, Complaint> {
    let id = entry.need("id", "1042")?;
    let name = entry.need("name", "\"as the desk calls it\"")?;
    let zone = entry.need("time-zone", "\"America/Chicago\"")?;
    let zone_name = entry.text("time-zone", &zone)?;
    let zone = zone_name.parse().map_err(|_| {
        let why = format!(
            "is \"{zone_name}\", which is no time zone; write one like \"America/Chicago\""
        );
        entry.bad("time-zone", zone.span().start, why)
    })?;
    let visit_types = match entry.take("visit-types") {
        Some(value) => visit_types(entry, value)?,
        None => Vec::new(),
    };
    Ok(Location {
        id: number(entry, &id)?,
        public_id: optional(entry, "public-id")?,
        external_id: optional(entry, "external-id")?,
        name: entry.text("name", &name)?,
        address: optional(entry, "address")?,
        zone,
        visit_types,
    })
}

fn visit_types<'a>(entry: &Section<'a>, value: Value<'a>) -> Result<Vec<VisitType>, Complaint> {
    let read = |mut kind: Section<'a>| {
        let id = kind.need("id", "501")?;
        let name = kind.need("name", "\"as the desk calls it\"")?;
        Ok(VisitType {
            id: number(&kind, &id)?,
            name: kind.text("name", &name)?,
        })
    };
    let kinds = sections(entry, "visit-types", value, &["id", "name"])?;
    kinds.into_iter().map(read).collect()
}

/// The sections of a list inside another one.
fn sections<'a>(
    outer: &Section<'a>,
    key: &str,
    value: Value<'a>,
    known: &[&str],
) -> Result<Vec<Section<'a>>, Complaint> {
    let start = value.span().start;
    let name = format!("[[{}.{key}]]", outer.bare_name());
    let DeValue::Array(list) = value.into_inner() else {
        let why = format!("must be written as {name} sections");
        return Err(outer.bad(key, start, why));
    };
    let open = |value: Value<'a>| {
        let start = value.span().start;
        let table = outer.table(key, value)?;
        Section::open(outer.document, name.clone(), start, table, known)
    };
    list.into_iter().map(open).collect()
}

fn optional(entry: &mut Section<'_>, key: &str) -> Result<Option<String>, Complaint> {
    let value = entry.take(key);
    value.map(|value| entry.text(key, &value)).transpose()
}

fn number(section: &Section<'_>, value: &Value<'_>) -> Result<i64, Complaint> {
    let number = whole(value).and_then(|number| i64::try_from(number).ok());
    let why = "must be the whole number Solv gave you";
    number.ok_or_else(|| section.bad("id", value.span().start, why))
}
