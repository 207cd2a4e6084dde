//! A form as it is being typed: text, not yet values. Everything in it may be wrong; nothing in it is lost.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::branch::{Branch, Party};
use super::offer::{FieldKey, Kind};
use super::order::Line;
use super::submission::DraftId;

/// One patient's form and order.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    pub id: DraftId,
    pub kind: Kind,
    pub branch: Option<Branch>,
    /// The party whose prices are shown.
    pub party: Option<Party>,
    /// What was typed or chosen, by field; a choice holds its value, a party its id.
    pub values: BTreeMap<FieldKey, String>,
    pub lines: Vec<Line>,
    /// As typed: an amount or a share.
    pub discount: String,
}

impl Draft {
    pub fn new(id: DraftId, kind: Kind) -> Self {
        Self {
            id,
            kind,
            branch: None,
            party: None,
            values: BTreeMap::new(),
            lines: Vec::new(),
            discount: String::new(),
        }
    }

    /// The text of a field, trimmed; empty where nothing was typed.
    pub fn value(&self, key: FieldKey) -> &str {
        self.values.get(&key).map_or("", |text| text.trim())
    }
}

/// Patient data stays out of logs and panics.
impl std::fmt::Debug for Draft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Draft({}, {} lines)", self.id.0, self.lines.len())
    }
}
