//! Reads one `[profiles.….assumptions]` section of a Solv account.

use super::settings::{Assumptions, PathId, PhoneFormat};
use crate::section::complaint::Complaint;
use crate::section::{Section, Value, suggestion};

const KEYS: [&str; 7] = [
    "allow-walk-in-scheduling",
    "walk-in-slots",
    "booking-buffer",
    "phone-format",
    "paperwork-statuses",
    "slots-path",
    "integrations",
];

/// Reads `value`, the assumptions of `profile`.
pub fn read<'a>(profile: &Section<'a>, value: Value<'a>) -> Result<Assumptions, Complaint> {
    let name = format!("[{}.assumptions]", profile.bare_name());
    let start = value.span().start;
    let table = profile.table("assumptions", value)?;
    let mut section = Section::open(profile.document, name, start, table, &KEYS)?;
    let mut read = Assumptions::default();
    for (key, place) in [
        (
            "allow-walk-in-scheduling",
            &mut read.allow_walk_in_scheduling,
        ),
        ("walk-in-slots", &mut read.walk_in_slots),
        ("booking-buffer", &mut read.booking_buffer),
    ] {
        if let Some(value) = section.take(key) {
            *place = flag(&section, key, &value)?;
        }
    }
    for (key, place) in [
        ("paperwork-statuses", &mut read.paperwork_statuses),
        ("integrations", &mut read.integrations),
    ] {
        if let Some(value) = section.take(key) {
            *place = section.texts(key, &value)?;
        }
    }
    let formats = [
        ("ten-digits", PhoneFormat::TenDigits),
        ("e164", PhoneFormat::E164),
    ];
    if let Some(value) = section.take("phone-format") {
        read.phone_format = one_of(&section, "phone-format", &value, formats)?;
    }
    let ids = [("public-id", PathId::Public), ("number", PathId::Number)];
    if let Some(value) = section.take("slots-path") {
        read.slots_path = one_of(&section, "slots-path", &value, ids)?;
    }
    Ok(read)
}

fn flag(section: &Section<'_>, key: &str, value: &Value<'_>) -> Result<bool, Complaint> {
    let flag = value.get_ref().as_bool();
    flag.ok_or_else(|| section.bad(key, value.span().start, "must be true or false"))
}

fn one_of<T: Copy, const N: usize>(
    section: &Section<'_>,
    key: &str,
    value: &Value<'_>,
    known: [(&'static str, T); N],
) -> Result<T, Complaint> {
    let word = section.text(key, value)?;
    let found = known.iter().find(|(name, _)| *name == word);
    found.map(|(_, meant)| *meant).ok_or_else(|| {
        let remedy = suggestion::remedy(&word, known.map(|(name, _)| name));
        let why = format!("is \"{word}\", which is not known; {remedy}");
        section.bad(key, value.span().start, why)
    })
}
