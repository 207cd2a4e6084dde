//! Faults on demand: which call they hit, how often, and how often each has fired.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

/// Stands for every call of every vendor.
pub const ANY: &str = "any";

/// What goes wrong. "Applied" means that the call had its effect before its answer was spoilt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Fault {
    /// The right answer, so many milliseconds late.
    Delay { ms: u64 },
    /// The connection closes without an answer; nothing was applied.
    CloseBefore,
    /// The connection closes without an answer; applied.
    CloseAfter,
    /// Another status, with a body in the vendor's shape unless one is given.
    Status {
        status: u16,
        #[serde(default)]
        applied: bool,
        body: Option<String>,
        #[serde(default)]
        headers: BTreeMap<String, String>,
    },
    /// Right headers, and a body that stops after so many bytes; applied.
    Cut { bytes: usize },
    /// So many random bytes that call themselves JSON; applied.
    Garbage { bytes: usize },
    /// A proxy's page instead of an answer.
    Html {
        #[serde(default = "ok")]
        status: u16,
        #[serde(default)]
        applied: bool,
    },
    /// The right answer, a few bytes at a time with a pause of `ms` after each.
    Drip {
        #[serde(default = "one")]
        bytes_per_chunk: usize,
        ms: u64,
    },
    /// An answer that points elsewhere.
    Redirect {
        location: String,
        #[serde(default = "found")]
        status: u16,
        #[serde(default)]
        applied: bool,
    },
    /// A 504 (or, with `close`, no answer) at once, and the effect `ms` later.
    Late {
        ms: u64,
        #[serde(default)]
        close: bool,
    },
}

fn ok() -> u16 {
    200
}

fn found() -> u16 {
    302
}

fn one() -> usize {
    1
}

impl Fault {
    /// The word the ledger keeps beside a change on which this fault played.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Delay { .. } => "delay",
            Self::CloseBefore => "close-before",
            Self::CloseAfter => "close-after",
            Self::Status { .. } => "status",
            Self::Cut { .. } => "cut",
            Self::Garbage { .. } => "garbage",
            Self::Html { .. } => "html",
            Self::Drip { .. } => "drip",
            Self::Redirect { .. } => "redirect",
            Self::Late { .. } => "late",
        }
    }
}

/// A rule as it is given: after `skip` calls, the next `times` calls (without it: all) meet the fault.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The name of a call, or [`ANY`].
    pub call: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    #[serde(default)]
    pub skip: u64,
    pub fault: Fault,
}

/// A rule at work.
#[derive(Clone, Debug, Serialize)]
pub struct Armed {
    pub id: u64,
    #[serde(flatten)]
    pub rule: Rule,
    /// Calls on which it has played.
    pub fired: u64,
    /// Calls it has let pass because of `skip`.
    pub skipped: u64,
}

impl Armed {
    /// Whether the fault plays on this call, which is counted either way.
    fn meets(&mut self, call: &str) -> bool {
        if self.rule.call != call && self.rule.call != ANY {
            return false;
        }
        if self.skipped < self.rule.skip {
            self.skipped += 1;
            return false;
        }
        if self.rule.times.is_some_and(|times| self.fired >= times) {
            return false;
        }
        self.fired += 1;
        true
    }
}

#[derive(Default)]
struct Rules {
    last_id: u64,
    armed: Vec<Armed>,
}

/// All rules, in the order they were given.
#[derive(Default)]
pub struct Faults(Mutex<Rules>);

impl Faults {
    /// Arms a rule behind the others and gives its id.
    pub fn add(&self, rule: Rule) -> u64 {
        let mut rules = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rules.last_id += 1;
        let id = rules.last_id;
        rules.armed.push(Armed {
            id,
            rule,
            fired: 0,
            skipped: 0,
        });
        id
    }

    /// The fault this call meets: that of the first rule that is due. The rules behind it do not see the call.
    pub fn meet(&self, call: &str) -> Option<Fault> {
        let mut rules = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rules
            .armed
            .iter_mut()
            .find_map(|armed| armed.meets(call).then(|| armed.rule.fault.clone()))
    }

    pub fn list(&self) -> Vec<Armed> {
        let rules = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rules.armed.clone()
    }

    /// Disarms all rules; ids are not given out again.
    pub fn clear(&self) {
        let mut rules = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rules.armed.clear();
    }
}
