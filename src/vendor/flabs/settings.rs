//! What one Flabs account needs to be told, and everything that Flabs does not publish, as settings with defaults.
//!
//! The numbers `A…` are those of the list of assumptions in the README: confirm them with Flabs before the first
//! live day, and change them here or in the configuration.

use chrono_tz::Tz;
use secrecy::SecretString;
use serde::Deserialize;

use crate::domain::branch::Party;

/// One account, ready to be signed in to.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The name of the profile.
    pub profile: String,
    /// `https://v2.flabs.in`, or a sandbox on a loopback address.
    pub base_url: String,
    pub is_sandbox: bool,
    pub client_id: String,
    pub client_secret: SecretString,
    pub mode: Mode,
    pub parties: Vec<Party>,
    /// The zone of the desk; the vendor's day is told by [`Assumptions::day_zone`].
    pub zone: Tz,
    /// Channels a clerk picks from; the first is preset.
    pub sources: Vec<String>,
    /// Without a plus sign: `91`.
    pub country_code: String,
    pub billing: Billing,
    pub assumptions: Assumptions,
}

/// What Flabs agreed with the lab about its billing call; without lead sources no pre-booking is offered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Billing {
    /// A28: the values of `lead_source` that Flabs gave the lab; the first is preset.
    pub lead_sources: Vec<String>,
    /// What the desk's own barcodes begin with; without it, codes are scanned or typed.
    pub barcode_prefix: Option<String>,
}

/// How the account sells (<https://developer.flabslis.com/crm/party-scoped>).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// One price list; a party is optional.
    #[default]
    CatchAll,
    /// Every price and every submission belongs to a party.
    PartyScoped,
}

/// What Flabs does not publish. Each default is the contract's best reading; none is verified.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Assumptions {
    /// A4: names under which the list of branches may lie in its envelope.
    pub branch_lists: Vec<String>,
    /// A5: the same for tests.
    pub test_lists: Vec<String>,
    /// A6: the same for packages.
    pub package_lists: Vec<String>,
    /// A4 to A6: names of the identifier, first match wins.
    pub id_fields: Vec<String>,
    /// A5: names of a test's price; on a create it is always `cost`.
    pub test_price_fields: Vec<String>,
    /// A6: names of a package's price; on a create it is always `price`.
    pub package_price_fields: Vec<String>,
    /// A6: names of the list of tests inside a package.
    pub package_test_fields: Vec<String>,
    /// A5, A6: names of what a branch, test or package is called.
    pub name_fields: Vec<String>,
    /// A5, A6: names of the short code.
    pub code_fields: Vec<String>,
    /// A5, A6: names of other names, as a list or as one text with commas.
    pub alias_fields: Vec<String>,
    /// A5: names of the specimen.
    pub specimen_fields: Vec<String>,
    /// A5: names of the fasting rule.
    pub fasting_fields: Vec<String>,
    /// A5: names of the time until the report.
    pub turnaround_fields: Vec<String>,
    /// A9: only `Home Collection` is published; others are unconfirmed.
    pub booking_types: Vec<String>,
    /// A11: how `scheduledAt` is written, in the words of `strftime`.
    pub scheduled_at_format: String,
    /// A15: the zone of the vendor's "today" for duplicates.
    pub day_zone: Tz,
    /// A27: whether a pre-booking names the branch, as `labID`.
    pub is_lab_billed: bool,
    /// Whether our identifiers of tests are Flabs's own (`flabs_id`) or the lab's (`id`) in a pre-booking.
    pub billing_test_name: TestName,
}

/// Under which name a test travels in a pre-booking (<https://developer.flabslis.com/billing/endpoint/create_bill>).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TestName {
    #[default]
    Id,
    FlabsId,
}

impl Default for Assumptions {
    fn default() -> Self {
        let names = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect();
        Self {
            branch_lists: names(&["labs", "data", "branches"]),
            test_lists: names(&["tests", "data"]),
            package_lists: names(&["packages", "data"]),
            id_fields: names(&["_id", "id"]),
            test_price_fields: names(&["cost"]),
            package_price_fields: names(&["total"]),
            package_test_fields: names(&["tests"]),
            name_fields: names(&["name"]),
            code_fields: names(&["code", "testCode", "shortName"]),
            alias_fields: names(&["aliases"]),
            specimen_fields: names(&["specimen", "sample"]),
            fasting_fields: names(&["fasting"]),
            turnaround_fields: names(&["turnaround", "tat"]),
            booking_types: names(&["Home Collection"]),
            scheduled_at_format: "%Y-%m-%dT%H:%M:%S%:z".to_owned(),
            day_zone: Tz::Asia__Kolkata,
            is_lab_billed: true,
            billing_test_name: TestName::Id,
        }
    }
}
