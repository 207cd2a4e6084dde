//! What one Solv account needs to be told, and everything that Solv does not publish, as settings with defaults.
//!
//! The numbers `A…` are those of the list of assumptions in the README: confirm them with Solv before the first live
//! day, and change them in the configuration.

use chrono_tz::Tz;
use secrecy::SecretString;

use crate::domain::branch::{Branch, BranchId};
use crate::domain::offer::Choice;

/// One account, ready to be signed in to.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The name of the profile.
    pub profile: String,
    /// `https://partner-api.solvhealth.com`, or a sandbox on a loopback address.
    pub base_url: String,
    pub is_sandbox: bool,
    /// Also the `x-api-key` of every call.
    pub client_id: String,
    pub client_secret: SecretString,
    /// What the token is asked for.
    pub scopes: Vec<String>,
    /// At least one.
    pub locations: Vec<Location>,
    /// How patients came to the clinic; the first is preset.
    pub attributions: Vec<String>,
    /// Preset: where a patient manages a booking.
    pub management_url: Option<String>,
    /// Preset: the clinic's own records system, by Solv's number of it.
    pub integration: Option<String>,
    /// The zone of the desk.
    pub zone: Tz,
    pub assumptions: Assumptions,
}

impl Settings {
    /// The location that a branch of the console stands for.
    pub fn location(&self, branch: &BranchId) -> Option<&Location> {
        let mut locations = self.locations.iter();
        locations.find(|location| location.id.to_string() == branch.0)
    }
}

/// A clinic. No call lists them (A32): the desk is told by Solv, and writes them into the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// As a booking names it.
    pub id: i64,
    /// As the paths of Solv's own pages name it: `ABC123`.
    pub public_id: Option<String>,
    /// As the clinic's own records system names it.
    pub external_id: Option<String>,
    pub name: String,
    pub address: Option<String>,
    pub zone: Tz,
    pub visit_types: Vec<VisitType>,
}

impl Location {
    /// The zone is told where it is not the desk's.
    pub fn branch(&self, desk: Tz) -> Branch {
        Branch {
            id: BranchId(self.id.to_string()),
            name: self.name.clone(),
            address: self.address.clone(),
            zone: Some(self.zone).filter(|zone| *zone != desk),
        }
    }
}

/// What a patient can come for at a location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisitType {
    pub id: i64,
    pub name: String,
}

impl From<&VisitType> for Choice {
    fn from(visit_type: &VisitType) -> Self {
        Self {
            value: visit_type.id.to_string(),
            label: visit_type.name.clone(),
        }
    }
}

/// What Solv does not publish. Each default is the contract's best reading; none is verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assumptions {
    /// A12: a walk-in may take a time that nobody can reserve.
    pub allow_walk_in_scheduling: bool,
    /// A12, A14: times for walk-ins are offered for reservations too, and marked.
    pub walk_in_slots: bool,
    /// A14: those keep the clinic's distance from now.
    pub booking_buffer: bool,
    /// A19
    pub phone_format: PhoneFormat,
    /// A21
    pub paperwork_statuses: Vec<String>,
    /// A30
    pub slots_path: PathId,
    /// A39: the numbers of the records systems that Solv joins.
    pub integrations: Vec<String>,
}

/// How a phone number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneFormat {
    /// `5125550142`
    TenDigits,
    /// `+15125550142`
    E164,
}

/// Which of its two ids a location goes by in a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathId {
    /// `ABC123`; the number where there is none.
    Public,
    Number,
}

impl Default for Assumptions {
    fn default() -> Self {
        let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
        Self {
            allow_walk_in_scheduling: true,
            walk_in_slots: false,
            booking_buffer: false,
            phone_format: PhoneFormat::TenDigits,
            paperwork_statuses: texts(&["incomplete", "complete"]),
            slots_path: PathId::Public,
            integrations: texts(&["7", "8", "11"]),
        }
    }
}
