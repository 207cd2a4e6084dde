//! What the Solv contract leaves open or says in two ways, and a trainer may set.

use serde::{Deserialize, Serialize};

/// How the sandbox answers where the pages are silent or contradict each other.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Choices {
    /// C1, A1: whether what is not a token comes under `meta` and `data`.
    pub envelope: Envelope,
    /// C3, A24
    pub status_case: Case,
    /// A6: whether `write:bookings` is enough to read slots.
    pub scopes: Scopes,
    /// A25: whether a booking that has ended stays ended.
    pub transitions: Transitions,
    /// A31, A33: calls that no page shows; served only if they stand here.
    pub reads: Vec<Read>,
    /// A11: the status for a slot that is taken or not there: 422, 409 or 400.
    pub taken: Taken,
    /// Patients a slot holds, instead of the location's own number.
    pub capacity: Option<u32>,
}

impl Default for Choices {
    fn default() -> Self {
        Self {
            envelope: Envelope::Bare,
            status_case: Case::Lower,
            scopes: Scopes::Strict,
            transitions: Transitions::Any,
            reads: Vec::new(),
            taken: Taken::Unprocessable,
            capacity: None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Envelope {
    Bare,
    Wrapped,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Case {
    Lower,
    Upper,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scopes {
    Strict,
    Lenient,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Transitions {
    Any,
    Strict,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Read {
    Booking,
    Location,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Taken {
    Unprocessable,
    Conflict,
    BadRequest,
}
