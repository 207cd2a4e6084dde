//! What a profile of the configuration tells about a Solv account, and the line that makes the vendor known.

use std::sync::Arc;

use secrecy::SecretString;

use super::TERMS;
use super::outcome::SOLV;
use super::settings::{Assumptions, Location, Settings};
use super::{Solv, assumptions, location, offer};
use crate::clock::Clock;
use crate::domain::failure::Failure;
use crate::domain::offer::Offer;
use crate::domain::shape::Shape;
use crate::section::complaint::Complaint;
use crate::section::{Section, Value, suggestion};
use crate::vendor::Adapter;
use crate::vendor::budget::book::Book;
use crate::vendor::registry::{Common, Described, Vendor};

/// Solv, for the registry.
pub static VENDOR: Vendor = Vendor {
    name: "solv",
    title: SOLV,
    base_url: "https://partner-api.solvhealth.com",
    client_id: "the client id Solv gave you",
    needs_secret: true,
    keys: &[
        "scopes",
        "locations",
        "attributions",
        "management-url",
        "integration",
        "assumptions",
    ],
    demo: include_str!("../../../assets/solv/demo.toml"),
    terms: TERMS,
    read: |section| Ok(Arc::new(Own::read(section)?)),
};

/// Enough for everything the console does (A6).
const SCOPES: [&str; 2] = ["read:locations", "write:bookings"];

/// What only a Solv account has.
#[derive(Clone, Debug)]
pub struct Own {
    pub scopes: Vec<String>,
    pub locations: Vec<Location>,
    pub attributions: Vec<String>,
    pub management_url: Option<String>,
    pub integration: Option<String>,
    pub assumptions: Assumptions,
}

impl Own {
    fn read(section: &mut Section<'_>) -> Result<Self, Complaint> {
        let Some(locations) = section.take("locations") else {
            let why = format!(
                "are missing; add [[{}.locations]] sections with id, name and time-zone",
                section.bare_name()
            );
            return Err(section.bad("locations", section.start, why));
        };
        let mut own = Self {
            scopes: SCOPES.map(str::to_owned).to_vec(),
            locations: location::read(section, locations)?,
            attributions: Vec::new(),
            management_url: None,
            integration: None,
            assumptions: Assumptions::default(),
        };
        if let Some(value) = section.take("scopes") {
            own.scopes = scopes(section, &value)?;
        }
        if let Some(value) = section.take("attributions") {
            own.attributions = section.texts("attributions", &value)?;
        }
        if let Some(value) = section.take("management-url") {
            let url = section.text("management-url", &value)?;
            let start = value.span().start;
            Shape::Link
                .check(&url)
                .map_err(|why| section.bad("management-url", start, format!("is none: {why}")))?;
            own.management_url = Some(url);
        }
        if let Some(value) = section.take("assumptions") {
            own.assumptions = assumptions::read(section, value)?;
        }
        if let Some(value) = section.take("integration") {
            own.integration = Some(integration(section, &value, &own.assumptions)?);
        }
        Ok(own)
    }

    /// What the adapter needs.
    pub fn settings(&self, common: &Common, client_secret: SecretString) -> Settings {
        Settings {
            profile: common.profile.clone(),
            base_url: common.base_url.clone(),
            is_sandbox: common.is_sandbox,
            client_id: common.client_id.clone(),
            client_secret,
            scopes: self.scopes.clone(),
            locations: self.locations.clone(),
            attributions: self.attributions.clone(),
            management_url: self.management_url.clone(),
            integration: self.integration.clone(),
            zone: common.zone,
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
        Ok(Box::new(Solv::sharing(settings, clock, book)?))
    }
}

/// They travel with commas between.
fn scopes(section: &Section<'_>, value: &Value<'_>) -> Result<Vec<String>, Complaint> {
    let list = section.list("scopes", value)?.iter();
    let read = list.map(|value| {
        let scope = section.text("scopes", value)?;
        if scope.contains([',', ' ']) {
            let why =
                "must name one scope in each text, like [\"read:locations\", \"write:bookings\"]";
            return Err(section.bad("scopes", value.span().start, why));
        }
        Ok(scope)
    });
    read.collect()
}

fn integration(
    section: &Section<'_>,
    value: &Value<'_>,
    assumptions: &Assumptions,
) -> Result<String, Complaint> {
    let number = section.text("integration", value)?;
    if assumptions.integrations.contains(&number) {
        return Ok(number);
    }
    let known = assumptions.integrations.iter().map(String::as_str);
    let remedy = suggestion::remedy(&number, known);
    let why = format!("is \"{number}\", which is not known; {remedy}");
    Err(section.bad("integration", value.span().start, why))
}
