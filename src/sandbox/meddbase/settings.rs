//! What the contract leaves open, as this sandbox answers it unless a test or a trainer asks for another way.

use serde::{Deserialize, Serialize};

/// How doubtful fields are spelled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Spelling {
    /// By their published types.
    #[default]
    Typed,
    /// By the published samples, where these contradict the types: `Require2FA` "true", a service type's `Key` 84, an
    /// invoice's `Number` "1865", `SexType` "2", a clinician's `Name` in an appointment.
    AsPublished,
}

/// The name under which an error tells its HTTP status; two are published.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum StatusField {
    #[default]
    HttpStatusCode,
    StatusCode,
}

impl StatusField {
    pub fn name(self) -> &'static str {
        match self {
            Self::HttpStatusCode => "HttpStatusCode",
            Self::StatusCode => "StatusCode",
        }
    }
}

/// The choices.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Choices {
    pub spelling: Spelling,
    pub status_field: StatusField,
    /// A1: 400, 424 or 500.
    pub gone_status: u16,
    /// A25: seconds after which an unused session is dead.
    pub idle_seconds: i64,
    /// Codes that cannot be known, instead of the demo's.
    pub has_random_codes: bool,
    /// `Configuration.DateOfBirthRequiredForPatients`
    pub is_birth_date_required: bool,
    /// A9: whether managers may book for patients, and cancel.
    pub can_book: bool,
    pub can_cancel: bool,
    /// A16: how many days ahead patients may book.
    pub horizon_days: i64,
    /// Pence on every net price from now on: what was shown before no longer holds.
    pub surcharge: i64,
    /// Services in the envelope of paged lists; the documentation shows neither form (fault 10).
    pub are_services_paged: bool,
    /// A4: nothing at all (204) where there is nothing to tell.
    pub is_nothing_empty: bool,
}

impl Default for Choices {
    fn default() -> Self {
        Self {
            spelling: Spelling::default(),
            status_field: StatusField::default(),
            gone_status: 424,
            idle_seconds: 1_200,
            has_random_codes: false,
            is_birth_date_required: true,
            can_book: true,
            can_cancel: true,
            horizon_days: 180,
            surcharge: 0,
            are_services_paged: false,
            is_nothing_empty: false,
        }
    }
}
