//! Reads one `[profiles.…]` section.

use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono_tz::Tz;
use toml::de::{DeTable, DeValue};

use super::assumptions;
use crate::config::error::Error;
use crate::config::secret::SecretSource;
use crate::config::section::{Document, Section, Value};
use crate::config::{Account, Server, suggestion};
use crate::domain::branch::{Party, PartyKind};
use crate::vendor::flabs::settings::Mode;

const KNOWN: [&str; 12] = [
    "vendor",
    "base-url",
    "client-id",
    "client-secret",
    "mode",
    "time-zone",
    "country-code",
    "sources",
    "take-back-seconds",
    "draft-days",
    "parties",
    "assumptions",
];

const SECRET_EXAMPLE: &str = r#"{ env = "FRONTDESK_SECRET" }"#;

/// Said to whoever writes the secret itself into the file, without repeating it.
const SECRET_FORMS: &str = r#"must not stand in this file; write where it lies: { env = "NAME" } or { file = "~/PATH" } or { command = ["PROGRAM", "ARGUMENT"] }"#;

/// Reads the section that starts at byte `start`.
pub fn read<'a>(
    document: Document<'a>,
    name: &str,
    start: usize,
    table: DeTable<'a>,
) -> Result<Account, Error> {
    let mut section = Section::open(document, format!("[profiles.{name}]"), start, table, &KNOWN)?;
    vendor(&mut section)?;
    let server = server(&mut section)?;
    let client_id = section.need("client-id", "\"the client id Flabs gave you\"")?;
    let client_id = section.text("client-id", &client_id)?;
    let secret = secret(&mut section)?;
    let mut account = Account::new(name, server, &client_id, secret);
    if let Some(zone) = section.take("time-zone") {
        account.zone = time_zone(&section, &zone)?;
    }
    if let Some(code) = section.take("country-code") {
        account.country_code = country_code(&section, &code)?;
    }
    if let Some(sources) = section.take("sources") {
        account.sources = section.texts("sources", &sources)?;
    }
    if let Some(seconds) = section.take("take-back-seconds") {
        account.take_back = take_back(&section, &seconds)?;
    }
    if let Some(days) = section.take("draft-days") {
        account.draft_days = draft_days(&section, &days)?;
    }
    if let Some(parties) = section.take("parties") {
        account.parties = read_parties(&section, parties)?;
    }
    if let Some(value) = section.take("assumptions") {
        account.assumptions = assumptions::read(&section, value)?;
    }
    if let Some(value) = section.take("mode") {
        account.mode = mode(&section, &value, &account.parties)?;
    }
    Ok(account)
}

fn vendor(section: &mut Section<'_>) -> Result<(), Error> {
    let value = section.need("vendor", "\"flabs\"")?;
    match section.text("vendor", &value)?.as_str() {
        "flabs" => Ok(()),
        other => {
            let why = format!("is \"{other}\", which is not known; it must be \"flabs\"");
            Err(section.bad("vendor", value.span().start, why))
        }
    }
}

fn server(section: &mut Section<'_>) -> Result<Server, Error> {
    let value = section.need("base-url", "\"https://v2.flabs.in\"")?;
    let text = section.text("base-url", &value)?;
    Server::at(&text).map_err(|why| section.bad("base-url", value.span().start, why.to_string()))
}

fn secret(section: &mut Section<'_>) -> Result<SecretSource, Error> {
    const KEY: &str = "client-secret";
    let value = section.need(KEY, SECRET_EXAMPLE)?;
    let start = value.span().start;
    let DeValue::Table(table) = value.into_inner() else {
        return Err(section.bad(KEY, start, SECRET_FORMS));
    };
    let name = format!("client-secret of {}", section.name);
    let known = ["env", "file", "command"];
    let mut forms = Section::open(section.document, name, start, table, &known)?;
    match (forms.take("env"), forms.take("file"), forms.take("command")) {
        (Some(value), None, None) => {
            let variable = forms.text("env", &value)?;
            if variable.contains(['=', ' ']) {
                let why = "must be the name of an environment variable, like \"FRONTDESK_SECRET\"";
                return Err(forms.bad("env", value.span().start, why));
            }
            Ok(SecretSource::Environment(variable))
        }
        (None, Some(value), None) => {
            let path = forms.text("file", &value)?;
            let folder = section.document.file.parent().unwrap_or(Path::new(""));
            let full = place(folder, &path);
            let why = "begins with ~, but no home folder was found; write the whole path";
            let full = full.ok_or_else(|| forms.bad("file", value.span().start, why))?;
            Ok(SecretSource::File(full))
        }
        (None, None, Some(value)) => {
            let words = forms.list("command", &value)?.iter();
            let words = words.map(|word| forms.verbatim("command", word).map(str::to_owned));
            Ok(SecretSource::Command(words.collect::<Result<_, _>>()?))
        }
        _ => Err(section.bad(KEY, start, "must have exactly one of: env, file, command")),
    }
}

/// `~/…` lies in the home folder, a relative path beside the configuration.
fn place(folder: &Path, path: &str) -> Option<PathBuf> {
    match path.strip_prefix("~/") {
        Some(rest) => Some(etcetera::home_dir().ok()?.join(rest)),
        None => Some(folder.join(path)),
    }
}

fn time_zone(section: &Section<'_>, value: &Value<'_>) -> Result<Tz, Error> {
    let text = section.text("time-zone", value)?;
    text.parse().map_err(|_| {
        let why = format!("is \"{text}\", which is no time zone; write one like \"Asia/Kolkata\"");
        section.bad("time-zone", value.span().start, why)
    })
}

fn country_code(section: &Section<'_>, value: &Value<'_>) -> Result<String, Error> {
    let text = section.text("country-code", value)?;
    let is_code =
        text.len() <= 3 && !text.starts_with('0') && text.chars().all(|c| c.is_ascii_digit());
    if is_code {
        return Ok(text);
    }
    let why = "must be one to three digits without a plus sign, like \"91\"";
    Err(section.bad("country-code", value.span().start, why))
}

/// More than a minute would keep a patient waiting for a number.
fn take_back(section: &Section<'_>, value: &Value<'_>) -> Result<Duration, Error> {
    if let Some(seconds @ 0..=60) = whole(value) {
        return Ok(Duration::from_secs(seconds));
    }
    let why = "must be whole seconds from 0 to 60";
    Err(section.bad("take-back-seconds", value.span().start, why))
}

fn draft_days(section: &Section<'_>, value: &Value<'_>) -> Result<u16, Error> {
    let days = whole(value).and_then(|days| u16::try_from(days).ok());
    match days {
        Some(days @ 1..=365) => Ok(days),
        _ => {
            let why = "must be whole days from 1 to 365";
            Err(section.bad("draft-days", value.span().start, why))
        }
    }
}

fn whole(value: &Value<'_>) -> Option<u64> {
    let number = value.get_ref().as_integer()?;
    u64::from_str_radix(number.as_str(), number.radix()).ok()
}

fn mode(section: &Section<'_>, value: &Value<'_>, parties: &[Party]) -> Result<Mode, Error> {
    let start = value.span().start;
    match section.text("mode", value)?.as_str() {
        "catch-all" => Ok(Mode::CatchAll),
        "party-scoped" if parties.is_empty() => {
            let why = format!(
                "is \"party-scoped\", but there are no parties; add [[{}.parties]] sections with kind, id and name",
                section.bare_name()
            );
            Err(section.bad("mode", start, why))
        }
        "party-scoped" => Ok(Mode::PartyScoped),
        other => {
            let known = ["catch-all", "party-scoped"];
            let why = format!(
                "is \"{other}\", which is not known; {}",
                suggestion::remedy(other, known)
            );
            Err(section.bad("mode", start, why))
        }
    }
}

fn read_parties<'a>(section: &Section<'a>, value: Value<'a>) -> Result<Vec<Party>, Error> {
    let start = value.span().start;
    let name = format!("[[{}.parties]]", section.bare_name());
    let DeValue::Array(list) = value.into_inner() else {
        let why = format!("must be written as {name} sections");
        return Err(section.bad("parties", start, why));
    };
    let mut parties: Vec<Party> = Vec::with_capacity(list.len());
    for value in list {
        let start = value.span().start;
        let table = section.table("parties", value)?;
        let mut entry = Section::open(
            section.document,
            name.clone(),
            start,
            table,
            &["kind", "id", "name"],
        )?;
        let party = party(&mut entry)?;
        if parties
            .iter()
            .any(|other| (other.kind, &other.id) == (party.kind, &party.id))
        {
            return Err(entry.bad("id", start, format!("is there twice: \"{}\"", party.id)));
        }
        parties.push(party);
    }
    Ok(parties)
}

fn party(entry: &mut Section<'_>) -> Result<Party, Error> {
    let kind = entry.need("kind", "\"corporate\"")?;
    let id = entry.need("id", "\"the id Flabs gave you\"")?;
    let name = entry.need("name", "\"as the desk calls it\"")?;
    let word = entry.text("kind", &kind)?;
    let kinds = [PartyKind::Corporate, PartyKind::Doctor, PartyKind::Hospital];
    let Some(known) = kinds.into_iter().find(|kind| kind.word() == word) else {
        let remedy = suggestion::remedy(&word, kinds.map(PartyKind::word));
        let why = format!("is \"{word}\", which is not known; {remedy}");
        return Err(entry.bad("kind", kind.span().start, why));
    };
    Ok(Party {
        id: entry.text("id", &id)?,
        name: entry.text("name", &name)?,
        kind: known,
    })
}
