//! What a profile of the configuration tells about a Flabs account, and the line that makes the vendor known.

use std::sync::Arc;

use secrecy::SecretString;
use toml::de::DeValue;

use super::TERMS;
use super::assumptions;
use super::outcome::FLABS;
use super::settings::{Assumptions, Billing, Mode, Settings};
use super::{Flabs, offer};
use crate::clock::Clock;
use crate::domain::branch::{Party, PartyKind};
use crate::domain::failure::Failure;
use crate::domain::offer::Offer;
use crate::section::complaint::Complaint;
use crate::section::{Section, Value, suggestion};
use crate::vendor::Adapter;
use crate::vendor::budget::book::Book;
use crate::vendor::registry::{Common, Described, Vendor};

/// Flabs, for the registry.
pub static VENDOR: Vendor = Vendor {
    name: "flabs",
    title: FLABS,
    base_url: "https://v2.flabs.in",
    client_id: "the client id Flabs gave you",
    needs_secret: true,
    keys: &[
        "mode",
        "country-code",
        "sources",
        "lead-sources",
        "barcode-prefix",
        "parties",
        "assumptions",
    ],
    demo: include_str!("../../../assets/flabs/demo.toml"),
    terms: TERMS,
    read: |section| Ok(Arc::new(Own::read(section)?)),
};

/// Where patients come from, unless the file says otherwise.
const SOURCES: [&str; 6] = [
    "walk-in",
    "phone",
    "whatsapp",
    "website",
    "doctor referral",
    "camp",
];

/// What only a Flabs account has.
#[derive(Clone, Debug)]
pub struct Own {
    pub mode: Mode,
    pub parties: Vec<Party>,
    /// Without a plus sign.
    pub country_code: String,
    /// The first one is preset in new forms.
    pub sources: Vec<String>,
    pub billing: Billing,
    pub assumptions: Assumptions,
}

/// An account with the defaults of an Indian desk.
impl Default for Own {
    fn default() -> Self {
        Self {
            mode: Mode::default(),
            parties: Vec::new(),
            country_code: "91".to_owned(),
            sources: SOURCES.map(str::to_owned).to_vec(),
            billing: Billing::default(),
            assumptions: Assumptions::default(),
        }
    }
}

impl Own {
    fn read(section: &mut Section<'_>) -> Result<Self, Complaint> {
        let mut own = Self::default();
        if let Some(code) = section.take("country-code") {
            own.country_code = country_code(section, &code)?;
        }
        if let Some(sources) = section.take("sources") {
            own.sources = section.texts("sources", &sources)?;
        }
        if let Some(sources) = section.take("lead-sources") {
            own.billing.lead_sources = section.texts("lead-sources", &sources)?;
        }
        if let Some(prefix) = section.take("barcode-prefix") {
            own.billing.barcode_prefix = Some(barcode_prefix(section, &prefix)?);
        }
        if let Some(parties) = section.take("parties") {
            own.parties = read_parties(section, parties)?;
        }
        if let Some(value) = section.take("assumptions") {
            own.assumptions = assumptions::read(section, value)?;
        }
        if let Some(value) = section.take("mode") {
            own.mode = mode(section, &value, &own.parties)?;
        }
        Ok(own)
    }

    /// What the adapter needs.
    pub fn settings(&self, common: &Common, client_secret: SecretString) -> Settings {
        Settings {
            profile: common.profile.clone(),
            is_sandbox: common.is_sandbox,
            base_url: common.base_url.clone(),
            client_id: common.client_id.clone(),
            client_secret,
            mode: self.mode,
            parties: self.parties.clone(),
            zone: common.zone,
            sources: self.sources.clone(),
            country_code: self.country_code.clone(),
            billing: self.billing.clone(),
            assumptions: self.assumptions.clone(),
        }
    }
}

impl Described for Own {
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
        let settings = self.settings(common, secret);
        Ok(Box::new(Flabs::sharing(settings, clock, book)?))
    }
}

fn country_code(section: &Section<'_>, value: &Value<'_>) -> Result<String, Complaint> {
    let text = section.text("country-code", value)?;
    let is_code =
        text.len() <= 3 && !text.starts_with('0') && text.chars().all(|c| c.is_ascii_digit());
    if is_code {
        return Ok(text);
    }
    let why = "must be one to three digits without a plus sign, like \"91\"";
    Err(section.bad("country-code", value.span().start, why))
}

/// Letters and digits that every label printer knows.
fn barcode_prefix(section: &Section<'_>, value: &Value<'_>) -> Result<String, Complaint> {
    let text = section.text("barcode-prefix", value)?;
    let is_plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
    if text.len() <= 6 && text.chars().all(is_plain) {
        return Ok(text);
    }
    let why = "must be up to six capital letters and digits, like \"KOR\"";
    Err(section.bad("barcode-prefix", value.span().start, why))
}

fn mode(section: &Section<'_>, value: &Value<'_>, parties: &[Party]) -> Result<Mode, Complaint> {
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

fn read_parties<'a>(section: &Section<'a>, value: Value<'a>) -> Result<Vec<Party>, Complaint> {
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

fn party(entry: &mut Section<'_>) -> Result<Party, Complaint> {
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
