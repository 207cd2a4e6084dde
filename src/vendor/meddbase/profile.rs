//! What a profile of the configuration tells about a Meddbase account, and the line that makes the vendor known.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono_tz::Tz;
use secrecy::{ExposeSecret, SecretString};
use toml::de::DeValue;

use super::caller::TERMS;
use super::settings::{Assumptions, Mode, Own, PriceField, Settings};
use super::{Meddbase, offer};
use crate::clock::Clock;
use crate::domain::failure::Failure;
use crate::domain::offer::Offer;
use crate::section::complaint::Complaint;
use crate::section::{Section, Value, whole};
use crate::vendor::Adapter;
use crate::vendor::budget::book::Book;
use crate::vendor::registry::{Common, Described, Vendor};

/// Meddbase, for the registry.
pub static VENDOR: Vendor = Vendor {
    name: "meddbase",
    title: "Meddbase",
    base_url: "https://api.meddbase.com",
    client_id: "the client key Meddbase gave you",
    // A manager's password; nobody signs in for an anonymous booking.
    needs_secret: false,
    keys: &[
        "mode",
        "username",
        "sign-up-code",
        "patient-code",
        "price-guard",
        "birth-date-required",
        "country-code",
        "sites",
        "assumptions",
    ],
    demo: include_str!("../../../assets/meddbase/demo.toml"),
    terms: TERMS,
    read: |section| Ok(Arc::new(Own::read(section)?)),
};

impl Own {
    fn read(section: &mut Section<'_>) -> Result<Self, Complaint> {
        let mode = mode(section)?;
        let country_code = match section.take("country-code") {
            Some(code) => country_code(section, &code)?,
            None => "44".to_owned(),
        };
        let zones = match section.take("sites") {
            Some(sites) => zones(section, sites)?,
            None => BTreeMap::new(),
        };
        let assumptions = match section.take("assumptions") {
            Some(value) => assumptions(section, value)?,
            None => Assumptions::default(),
        };
        Ok(Self {
            mode,
            country_code,
            has_price_guard: flag(section, "price-guard")?,
            is_birth_date_required: flag(section, "birth-date-required")?,
            zones,
            assumptions,
        })
    }

    /// What the adapter needs.
    pub fn settings(&self, common: &Common, password: SecretString) -> Settings {
        Settings {
            profile: common.profile.clone(),
            base_url: common.base_url.clone(),
            is_sandbox: common.is_sandbox,
            client_key: common.client_id.clone(),
            password,
            zone: common.zone,
            own: self.clone(),
        }
    }
}

impl Described for Own {
    fn user(&self) -> Option<&str> {
        match &self.mode {
            Mode::Manager { username } => Some(username),
            Mode::Anonymous { .. } => None,
        }
    }

    fn offer(&self, common: &Common) -> Offer {
        offer::of(&self.settings(common, SecretString::default()))
    }

    fn connect(
        &self,
        common: &Common,
        secret: SecretString,
        clock: Clock,
        book: Arc<dyn Book>,
    ) -> Result<Box<dyn Adapter>, Failure> {
        if self.is_manager() && secret.expose_secret().is_empty() {
            let why = format!(
                "profile {} has no client-secret: a manager signs in with a password",
                common.profile
            );
            return Err(Failure::SignedOut(why));
        }
        let settings = self.settings(common, secret);
        Ok(Box::new(Meddbase::sharing(settings, clock, book)?))
    }
}

/// A manager unless the file says otherwise; what belongs to the other way in is a slip.
fn mode(section: &mut Section<'_>) -> Result<Mode, Complaint> {
    let mode = match section.take("mode") {
        Some(value) => {
            let text = section.text("mode", &value)?;
            if text != "manager" && text != "anonymous" {
                let why = format!("is \"{text}\"; it must be \"manager\" or \"anonymous\"");
                return Err(section.bad("mode", value.span().start, why));
            }
            text
        }
        None => "manager".to_owned(),
    };
    let (others, whose): (&[&str], _) = if mode == "manager" {
        (&["sign-up-code", "patient-code"], "anonymous")
    } else {
        (&["username"], "manager")
    };
    let mut entries = section.entries();
    if let Some((key, value)) = entries.find(|(key, _)| others.contains(key)) {
        let why = format!("belongs to mode = \"{whose}\": change the mode or remove the line");
        return Err(section.bad(key, value.span().start, why));
    }
    drop(entries);
    if mode == "manager" {
        let username = section.need("username", "\"the manager's e-mail address\"")?;
        return Ok(Mode::Manager {
            username: section.text("username", &username)?,
        });
    }
    let code = section.need("sign-up-code", "\"the charge band's sign-up code\"")?;
    Ok(Mode::Anonymous {
        sign_up_code: section.text("sign-up-code", &code)?,
        has_code: flag(section, "patient-code")?,
    })
}

/// True unless the file says otherwise.
fn flag(section: &mut Section<'_>, key: &str) -> Result<bool, Complaint> {
    match section.take(key) {
        None => Ok(true),
        Some(value) => match value.get_ref() {
            DeValue::Boolean(is_so) => Ok(*is_so),
            _ => Err(section.bad(key, value.span().start, "must be true or false")),
        },
    }
}

fn country_code(section: &Section<'_>, value: &Value<'_>) -> Result<String, Complaint> {
    let text = section.text("country-code", value)?;
    let is_code =
        text.len() <= 3 && !text.starts_with('0') && text.chars().all(|c| c.is_ascii_digit());
    if is_code {
        return Ok(text);
    }
    let why = "must be one to three digits without a plus sign, like \"44\"";
    Err(section.bad("country-code", value.span().start, why))
}

fn zones<'a>(section: &Section<'a>, value: Value<'a>) -> Result<BTreeMap<String, Tz>, Complaint> {
    let name = format!("[[{}.sites]]", section.bare_name());
    let start = value.span().start;
    let DeValue::Array(list) = value.into_inner() else {
        let why = format!("must be written as {name} sections");
        return Err(section.bad("sites", start, why));
    };
    let mut zones = BTreeMap::new();
    for value in list {
        let start = value.span().start;
        let table = section.table("sites", value)?;
        let known = ["key", "zone"];
        let mut entry = Section::open(section.document, name.clone(), start, table, &known)?;
        let key = entry.need("key", "\"the site's key\"")?;
        let key = entry.text("key", &key)?;
        let zone = entry.need("zone", "\"Europe/Gibraltar\"")?;
        let text = entry.text("zone", &zone)?;
        let Ok(zone_of) = text.parse::<Tz>() else {
            let why = format!(
                "is \"{text}\", which is no time zone; write one like \"Europe/Gibraltar\""
            );
            return Err(entry.bad("zone", zone.span().start, why));
        };
        if zones.insert(key.clone(), zone_of).is_some() {
            return Err(entry.bad("key", start, format!("is there twice: \"{key}\"")));
        }
    }
    Ok(zones)
}

/// What Meddbase leaves open, where a tenant answers otherwise than assumed.
fn assumptions<'a>(profile: &Section<'a>, value: Value<'a>) -> Result<Assumptions, Complaint> {
    let name = format!("[{}.assumptions]", profile.bare_name());
    let start = value.span().start;
    let table = profile.table("assumptions", value)?;
    let known = [
        "gone-words",
        "price-field",
        "slot-days",
        "upcoming-states",
        "session-seconds",
    ];
    let mut section = Section::open(profile.document, name, start, table, &known)?;
    let mut read = Assumptions::default();
    if let Some(value) = section.take("gone-words") {
        read.gone_words = section.texts("gone-words", &value)?;
    }
    if let Some(value) = section.take("upcoming-states") {
        read.upcoming_states = section.texts("upcoming-states", &value)?;
    }
    if let Some(value) = section.take("price-field") {
        read.price = match section.text("price-field", &value)?.as_str() {
            "gross" => PriceField::Gross,
            "net" => PriceField::Net,
            _ => {
                let why = "must be \"gross\" or \"net\"";
                return Err(section.bad("price-field", value.span().start, why));
            }
        };
    }
    if let Some(value) = section.take("slot-days") {
        let days = whole(&value).and_then(|days| u16::try_from(days).ok());
        read.slot_days = match days {
            Some(days @ 1..=31) => days,
            _ => {
                let why = "must be whole days from 1 to 31";
                return Err(section.bad("slot-days", value.span().start, why));
            }
        };
    }
    if let Some(value) = section.take("session-seconds") {
        read.session_life = match whole(&value) {
            Some(seconds @ 30..=86_400) => Duration::from_secs(seconds),
            _ => {
                let why = "must be whole seconds from 30 to 86400";
                return Err(section.bad("session-seconds", value.span().start, why));
            }
        };
    }
    Ok(read)
}

/// The demo account of this name, as tests open it.
#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(in crate::vendor) fn demo(profile: &str) -> Settings {
    use crate::section::Document;
    use toml::de::DeTable;

    let document = Document {
        file: std::path::Path::new("demo.toml"),
        text: VENDOR.demo,
    };
    let root = DeTable::parse(VENDOR.demo).unwrap().into_inner();
    let mut top = Section::unchecked(document, "the file".to_owned(), 0, root);
    let profiles = top.take("profiles").unwrap();
    let mut profiles = top.inner("profiles", profiles).unwrap();
    let table = profiles.take(profile).unwrap();
    let mut section = profiles.inner(profile, table).unwrap();
    let common = Common {
        profile: profile.to_owned(),
        base_url: String::new(),
        is_sandbox: true,
        client_id: profile.to_owned(),
        zone: Tz::Europe__London,
    };
    Own::read(&mut section)
        .unwrap()
        .settings(&common, SecretString::default())
}
