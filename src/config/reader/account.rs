//! Reads one `[profiles.…]` section.

use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono_tz::Tz;
use secrecy::SecretString;
use toml::de::{DeTable, DeValue};

use crate::config::secret::SecretSource;
use crate::config::{Account, Origin, Server};
use crate::section::complaint::Complaint;
use crate::section::{Document, Section, Value, whole};
use crate::vendor::registry::{self, Vendor};

/// What every vendor's section may hold.
const KNOWN: [&str; 8] = [
    "vendor",
    "base-url",
    "client-id",
    "client-secret",
    "time-zone",
    "take-back-seconds",
    "draft-days",
    "price-age-hours",
];

const SECRET_EXAMPLE: &str = r#"{ env = "FRONTDESK_SECRET" }"#;

/// Said to whoever writes the secret itself into the file, without repeating it.
const SECRET_FORMS: &str = r#"must not stand in this file; write where it lies: { env = "NAME" } or { file = "~/PATH" } or { command = ["PROGRAM", "ARGUMENT"] }"#;

/// Reads the section that starts at byte `start`.
pub fn read<'a>(
    document: Document<'a>,
    origin: Origin,
    name: &str,
    start: usize,
    table: DeTable<'a>,
) -> Result<Account, Complaint> {
    let title = format!("[profiles.{name}]");
    let mut section = Section::unchecked(document, title, start, table);
    let vendor = vendor(&mut section).or_else(|complaint| {
        // A slip in the name of a key is told as such, also in that of the vendor's.
        section.check(&known(registry::VENDORS))?;
        Err(complaint)
    })?;
    section.check(&known(&[vendor]))?;
    let server = match origin {
        Origin::BuiltIn => Server::BuiltIn,
        Origin::File => server(&mut section, vendor)?,
    };
    let client_id = section.need("client-id", format!("\"{}\"", vendor.client_id))?;
    let client_id = section.text("client-id", &client_id)?;
    let secret = secret(&mut section, origin, vendor)?;
    let zone = section.take("time-zone");
    let zone = zone.map(|zone| time_zone(&section, &zone)).transpose()?;
    let seconds = section.take("take-back-seconds");
    let days = section.take("draft-days");
    let hours = section.take("price-age-hours");
    let own = (vendor.read)(&mut section)?;
    let mut account = Account::new(name, vendor, own, server, &client_id, secret);
    account.zone = zone.unwrap_or(account.zone);
    if let Some(seconds) = seconds {
        account.take_back = take_back(&section, &seconds)?;
    }
    if let Some(days) = days {
        account.draft_days = draft_days(&section, &days)?;
    }
    if let Some(hours) = hours {
        account.price_age = price_age(&section, &hours)?;
    }
    Ok(account)
}

/// What a section of one of these vendors may hold.
fn known(vendors: &[&Vendor]) -> Vec<&'static str> {
    let own = vendors.iter().flat_map(|vendor| vendor.keys);
    KNOWN.iter().chain(own).copied().collect()
}

fn vendor(section: &mut Section<'_>) -> Result<&'static Vendor, Complaint> {
    let names = || registry::VENDORS.iter().map(|vendor| vendor.name);
    let quoted: Vec<String> = names().map(|name| format!("\"{name}\"")).collect();
    let value = section.need("vendor", quoted.first().cloned().unwrap_or_default())?;
    let name = section.text("vendor", &value)?;
    registry::find(&name).ok_or_else(|| {
        let why = format!(
            "is \"{name}\", which is not known; it must be {}",
            quoted.join(" or ")
        );
        section.bad("vendor", value.span().start, why)
    })
}

fn server(section: &mut Section<'_>, vendor: &Vendor) -> Result<Server, Complaint> {
    let value = section.need("base-url", format!("\"{}\"", vendor.base_url))?;
    let text = section.text("base-url", &value)?;
    Server::at(&text).map_err(|why| section.bad("base-url", value.span().start, why.to_string()))
}

fn secret(
    section: &mut Section<'_>,
    origin: Origin,
    vendor: &Vendor,
) -> Result<SecretSource, Complaint> {
    const KEY: &str = "client-secret";
    let value = match section.take(KEY) {
        Some(value) => value,
        None if vendor.needs_secret => return Err(section.missing(KEY, SECRET_EXAMPLE)),
        None => return Ok(SecretSource::Known(SecretString::default())),
    };
    if origin == Origin::BuiltIn {
        let known = section.text(KEY, &value)?;
        return Ok(SecretSource::Known(SecretString::from(known)));
    }
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

fn time_zone(section: &Section<'_>, value: &Value<'_>) -> Result<Tz, Complaint> {
    let text = section.text("time-zone", value)?;
    text.parse().map_err(|_| {
        let why = format!("is \"{text}\", which is no time zone; write one like \"Asia/Kolkata\"");
        section.bad("time-zone", value.span().start, why)
    })
}

/// More than a minute would keep a patient waiting for a number.
fn take_back(section: &Section<'_>, value: &Value<'_>) -> Result<Duration, Complaint> {
    if let Some(seconds @ 0..=60) = whole(value) {
        return Ok(Duration::from_secs(seconds));
    }
    let why = "must be whole seconds from 0 to 60";
    Err(section.bad("take-back-seconds", value.span().start, why))
}

fn draft_days(section: &Section<'_>, value: &Value<'_>) -> Result<u16, Complaint> {
    let days = whole(value).and_then(|days| u16::try_from(days).ok());
    match days {
        Some(days @ 1..=365) => Ok(days),
        _ => {
            let why = "must be whole days from 1 to 365";
            Err(section.bad("draft-days", value.span().start, why))
        }
    }
}

/// Beyond a month nobody would believe a price.
fn price_age(section: &Section<'_>, value: &Value<'_>) -> Result<Duration, Complaint> {
    if let Some(hours @ 1..=720) = whole(value) {
        return Ok(Duration::from_secs(hours * 3600));
    }
    let why = "must be whole hours from 1 to 720";
    Err(section.bad("price-age-hours", value.span().start, why))
}
