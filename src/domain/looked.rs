//! What a look at the vendor's own list showed of a submission whose answer did not come.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A line for a person about a record, as the vendor tells it: `Clinician`, `Dr Mehta`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    pub label: String,
    pub text: String,
}

impl Told {
    /// What a change that puts another record in the place of one says only where the one has certainly ended.
    pub const ENDED: &str = "Cancelled";
}

/// The text may name the patient, who stays out of logs and panics.
impl fmt::Debug for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Told({}, ..)", self.label)
    }
}

/// What one look showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Looked {
    /// It is there, with a reference of ours on it.
    Ours {
        number: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        told: Vec<Told>,
    },
    /// Something is there that is exactly what was sent, and nothing on it says that it is ours: somebody else may have
    /// entered the same.
    Match {
        number: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        told: Vec<Told>,
    },
    /// The list was read to its end, and it is not there.
    Absent,
    /// The list was read to its end, and what it shows may be this one or not: reading it again will hardly tell.
    Open { why: String },
    /// The list could not be read to its end, or not understood: it proves nothing.
    Unclear { why: String },
}

impl Looked {
    /// It says what there is, and not only that nobody could see.
    pub fn is_complete(&self) -> bool {
        !matches!(self, Self::Unclear { .. })
    }
}
