//! What the Flabs contract leaves open, and a trainer may set.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// What the contract leaves open, as this sandbox answers it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Choices {
    /// A9: only `Home Collection` is published.
    pub booking_types: Vec<String>,
    /// A17: refuse an integrator id that the account has used.
    pub is_integrator_unique: bool,
    /// A28: the values of `lead_source` that were agreed; with none here, all are taken.
    pub lead_sources: Vec<String>,
    /// A15: the zone of "today".
    pub zone: Tz,
}

impl Default for Choices {
    fn default() -> Self {
        Self {
            booking_types: vec!["Home Collection".to_owned()],
            is_integrator_unique: false,
            lead_sources: Vec::new(),
            zone: Tz::Asia__Kolkata,
        }
    }
}
