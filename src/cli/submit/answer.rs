//! What `frontdesk submit` prints for a line, and what that means for the exit code.

use serde::Serialize;

use super::intake::Kept;
use crate::cli::report::{Known, Remark};
use crate::domain::evidence::State;
use crate::domain::looked;
use crate::store::StoreError;

/// One printed line.
#[derive(Clone, Debug, Serialize)]
pub struct Answer {
    /// Counted from one; none where no lines were given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    pub key: Option<String>,
    #[serde(flatten)]
    pub told: Told,
}

#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Told {
    /// It is an intent, and stands like this.
    Stands {
        id: String,
        #[serde(flatten)]
        known: Known,
        /// What the vendor told of its record.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        told: Vec<looked::Told>,
    },
    /// It is none: nothing was sent and nothing will be.
    Not {
        error: String,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        problems: Vec<Remark>,
        /// The disk did not take it; the line itself may be right.
        #[serde(skip)]
        is_disk: bool,
    },
}

impl Told {
    pub fn fault(error: String) -> Self {
        Self::Not {
            error,
            problems: Vec::new(),
            is_disk: false,
        }
    }

    pub fn invalid(problems: Vec<Remark>) -> Self {
        let error = match problems.len() {
            1 => "not sent: 1 problem".to_owned(),
            count => format!("not sent: {count} problems"),
        };
        Self::Not {
            error,
            problems,
            is_disk: false,
        }
    }

    /// The disk failed, and does not say what it kept.
    pub fn perhaps_saved(why: &str) -> Self {
        Self::Not {
            error: format!(
                "perhaps not saved: {why}; see frontdesk worklist before it is given again without a key"
            ),
            problems: Vec::new(),
            is_disk: true,
        }
    }

    pub fn unsaved(error: &StoreError) -> Self {
        Self::Not {
            error: format!("not saved, and nothing was sent: {error}"),
            problems: Vec::new(),
            is_disk: true,
        }
    }
}

impl Answer {
    pub fn new(line: impl Into<Option<usize>>, key: Option<String>, told: Told) -> Self {
        let line = line.into();
        Self { line, key, told }
    }

    pub fn of(line: impl Into<Option<usize>>, kept: &Kept, vendor: &str) -> Self {
        let told = Told::Stands {
            id: kept.standing.intent.id.to_string(),
            known: Known::of(&kept.standing.state, vendor),
            told: kept.standing.told().to_vec(),
        };
        Self::new(line, kept.key.clone(), told)
    }
}

/// How the lines of a run ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub all: usize,
    pub refused: usize,
    pub unknown: usize,
    /// Lines that the disk did not take.
    pub unsaved: usize,
}

impl Tally {
    /// Counts an answer. What is saved and open is unknown only where the run `waits` for what becomes of it.
    pub fn count(&mut self, answer: &Answer, waits: bool) {
        self.all += 1;
        match &answer.told {
            Told::Not { is_disk: true, .. } => self.unsaved += 1,
            Told::Not { .. } => self.refused += 1,
            Told::Stands { known, .. } => {
                let is = |state: &State| state.word() == known.state;
                if is(&State::NotAccepted {
                    reasons: Vec::new(),
                }) || is(&State::Dropped)
                {
                    self.refused += 1;
                } else if waits && !is(&State::Accepted { number: None }) {
                    self.unknown += 1;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::evidence::Doubt;

    #[test]
    fn what_is_there_under_an_unknown_number_is_not_unknown() {
        let count = |state: &State| {
            let told = Told::Stands {
                id: "FD-1".to_owned(),
                known: Known::of(state, "Flabs"),
                told: Vec::new(),
            };
            let mut tally = Tally::default();
            tally.count(&Answer::new(1, None, told), true);
            (tally.unknown, tally.refused)
        };
        let numbers = vec!["A".to_owned(), "B".to_owned()];
        let doubt = Doubt::DayIsOver;
        assert_eq!(count(&State::Accepted { number: None }), (0, 0));
        assert_eq!(count(&State::PossibleDouble { numbers }), (1, 0));
        assert_eq!(count(&State::NeedsYou { doubt }), (1, 0));
        assert_eq!(count(&State::Saved), (1, 0));
        assert_eq!(count(&State::Dropped), (0, 1));
    }
}
