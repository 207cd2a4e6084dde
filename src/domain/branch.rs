//! Where a patient is served and who pays the negotiated price.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// The vendor's identifier of a branch (Flabs: `branchID`, 24 hexadecimal digits in its own example).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct BranchId(pub String);

/// One branch of the lab or clinic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branch {
    pub id: BranchId,
    pub name: String,
    pub address: Option<String>,
    /// Where its clocks differ from the desk's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<Tz>,
}

/// What a party is to the lab; each kind travels in a field of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PartyKind {
    Corporate,
    Doctor,
    Hospital,
}

impl PartyKind {
    /// The word on screen, in help and in configuration.
    pub fn word(self) -> &'static str {
        match self {
            Self::Corporate => "corporate",
            Self::Doctor => "doctor",
            Self::Hospital => "hospital",
        }
    }
}

/// A corporate, doctor or hospital with negotiated prices. No vendor call lists them: they come from configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    pub id: String,
    pub name: String,
    pub kind: PartyKind,
}

/// The parties attached to one submission: at most one of each kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parties {
    pub corporate: Option<Party>,
    pub doctor: Option<Party>,
    pub hospital: Option<Party>,
}

impl Parties {
    pub fn is_empty(&self) -> bool {
        self.corporate.is_none() && self.doctor.is_none() && self.hospital.is_none()
    }

    /// The place of one kind of party.
    pub fn slot(&mut self, kind: PartyKind) -> &mut Option<Party> {
        match kind {
            PartyKind::Corporate => &mut self.corporate,
            PartyKind::Doctor => &mut self.doctor,
            PartyKind::Hospital => &mut self.hospital,
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = &Party> {
        [&self.corporate, &self.doctor, &self.hospital]
            .into_iter()
            .flatten()
    }
}
