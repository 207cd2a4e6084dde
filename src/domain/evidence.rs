//! What became of an intent: append-only facts, and the one state that follows from them.
//!
//! A state is never stored. It is computed from the evidence by [`state`], so that replaying the evidence always
//! gives the same word. The words and their meaning are those of the help page and the README.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::looked::{Looked, Told};
use super::offer::FieldKey;

/// Tries that reach the wire before a person decides.
pub const MOST_TRIES: usize = 6;

/// A reason why it is not accepted, beside its field where one is named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    pub field: Option<FieldKey>,
    pub words: String,
    /// This program says it, and not the vendor: never quoted as the vendor's.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_ours: bool,
}

impl Reason {
    /// In the vendor's words.
    pub fn theirs(field: Option<FieldKey>, words: impl Into<String>) -> Self {
        Self {
            field,
            words: words.into(),
            is_ours: false,
        }
    }

    /// In words of this program's own.
    pub fn ours(field: Option<FieldKey>, words: impl Into<String>) -> Self {
        Self {
            field,
            words: words.into(),
            is_ours: true,
        }
    }

    /// What is said where it stands beside no field; `vendor` is the vendor's name. Words that a field goes with may
    /// have been fitted to it, and are no quotation.
    pub fn told(&self, vendor: &str) -> String {
        match (self.is_ours, self.field) {
            (true, _) => self.words.clone(),
            (false, Some(_)) => format!("{vendor} says: {}", self.words),
            (false, None) => format!("{vendor} says: “{}”", self.words),
        }
    }
}

/// How one attempt ended: the class of the vendor's answer, decided by the adapter in one exhaustive match.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// Nothing left this desk: DNS, TCP connect or TLS failed, or our own budget said no.
    NotSent { why: String },
    /// This program would not send it, and never will as it is: the vendor has not seen it, and nothing exists there.
    HeldBack { reasons: Vec<Reason> },
    /// 429: the vendor did not look at it.
    RateLimited {
        retry_after: Option<TimeDeltaSeconds>,
    },
    /// A second 401 after a fresh sign-in: the queue waits for the account, no intent fails.
    SignedOut { why: String },
    /// 2xx of the right type and shape, with a number.
    Accepted {
        number: String,
        /// What else the vendor says of the record, for a person.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        told: Vec<Told>,
    },
    /// 2xx that proves nothing: cut short, too large, HTML, wrong shape, no number.
    PerhapsAccepted { why: String },
    /// The vendor refused it with a body that its errors look like: nothing exists there.
    Refused { reasons: Vec<Reason> },
    /// The vendor has a record of today with this phone or e-mail (Flabs 409).
    Duplicate { words: String },
    /// The vendor has a record with the code that this desk made for this one alone. An adapter says so of no other
    /// code: one that was typed or scanned may be somebody else's, and is [refused](Self::Refused).
    CodeTaken { words: String },
    /// Anything else: it may or may not exist there.
    Unknown { why: String },
}

impl Outcome {
    /// The vendor was reached, and answered.
    pub fn is_answer(&self) -> bool {
        match self {
            Self::Accepted { .. }
            | Self::PerhapsAccepted { .. }
            | Self::Refused { .. }
            | Self::Duplicate { .. }
            | Self::CodeTaken { .. }
            | Self::RateLimited { .. } => true,
            Self::NotSent { .. }
            | Self::HeldBack { .. }
            | Self::SignedOut { .. }
            | Self::Unknown { .. } => false,
        }
    }

    /// After it the record may exist at the vendor without our knowing.
    pub fn leaves_doubt(&self) -> bool {
        matches!(self, Self::PerhapsAccepted { .. } | Self::Unknown { .. })
    }
}

/// Whole seconds, as `Retry-After` tells them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeDeltaSeconds(pub u32);

impl From<TimeDeltaSeconds> for TimeDelta {
    fn from(seconds: TimeDeltaSeconds) -> Self {
        Self::seconds(i64::from(seconds.0))
    }
}

/// One fact about an intent, with the time it was learned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    pub at: DateTime<Utc>,
    pub fact: Fact,
}

/// The facts there are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fact {
    /// The intent was committed to disk.
    Saved,
    /// A person took it back before it left.
    TakenBack,
    /// Attempt `number` was committed; the first byte leaves after this.
    Attempted { number: u32 },
    /// Attempt `number` ended.
    Ended { number: u32, outcome: Outcome },
    /// Somebody looked at the vendor, while it was not known whether it is there; the moment is that at which the look
    /// began.
    Looked { looked: Looked },
    /// The program saw that only a person can go on.
    HandedOver { doubt: Doubt },
    /// A person found it at the vendor and typed the number.
    PersonFound { number: String },
    /// A person knows the risk and wants it sent once more.
    PersonResends,
    /// A person gave it up, and may have said why.
    PersonDropped {
        #[serde(default)]
        reason: Option<String>,
    },
}

/// Why only a person can go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Doubt {
    /// 409 after an attempt without an answer: the record may be ours, or somebody else's with that phone or e-mail.
    DuplicateAfterUnknown,
    /// Refused after an attempt without an answer: the refusal speaks only for the try that it answered.
    RefusedAfterUnknown,
    /// Held back here after an attempt without an answer, of which that says nothing.
    HeldBackAfterUnknown,
    /// The vendor's day is over (or nearly, or has only just begun): its guard against doubles does not hold.
    DayIsOver,
    /// Six tries reached the wire and none was answered.
    TriedOften,
    /// The vendor documents neither a look-up nor a guard.
    NoWayToLook,
    /// A record under this number is exactly what was sent, and nothing on it says that it is ours.
    ProbablyYours { number: String },
    /// The vendor's list was read often enough and does not show it, and it may not be sent once more by itself.
    NotFound,
    /// For a day the vendor's list could not be read, or left open whether it shows this one.
    CouldNotLook,
    /// The store was damaged: what is known of it may be incomplete, even that it was sent.
    StoreWasDamaged,
}

/// The state of an intent: the word on screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Safe on disk, will be sent.
    Saved,
    /// On its way.
    Sending,
    /// The vendor confirmed it. There is no number where it only proved that it has it.
    Accepted { number: Option<String> },
    /// The vendor refused it, or this program would not send it; nothing exists there.
    NotAccepted { reasons: Vec<Reason> },
    /// It may or may not exist there. `why` is what was seen last.
    Checking { why: String },
    /// The program cannot know.
    NeedsYou { doubt: Doubt },
    /// Taken back or given up by a person.
    Dropped,
    /// The vendor confirmed it under more than one number: both records are told, and the program does nothing more.
    PossibleDouble { numbers: Vec<String> },
}

impl State {
    /// The word on screen, in help, in the command line and in the README.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Saved => "Saved",
            Self::Sending => "Sending",
            Self::Accepted { .. } => "Accepted",
            Self::NotAccepted { .. } => "Not accepted",
            Self::Checking { .. } => "Checking",
            Self::NeedsYou { .. } => "Needs you",
            Self::Dropped => "Dropped",
            Self::PossibleDouble { .. } => "Possible double",
        }
    }

    /// The vendor's numbers for it, as far as they are known.
    pub fn numbers(&self) -> &[String] {
        match self {
            Self::Accepted { number } => number.as_slice(),
            Self::PossibleDouble { numbers } => numbers,
            Self::Saved
            | Self::Sending
            | Self::NotAccepted { .. }
            | Self::Checking { .. }
            | Self::NeedsYou { .. }
            | Self::Dropped => &[],
        }
    }

    /// The word with the number or numbers that go with it.
    pub fn with_numbers(&self) -> String {
        match self {
            Self::Accepted { number: None } => format!("{}, number unknown", self.word()),
            state if state.numbers().is_empty() => state.word().to_owned(),
            state => format!("{} {}", state.word(), state.numbers().join(" / ")),
        }
    }

    /// The vendor has nothing of it.
    pub fn came_to_nothing(&self) -> bool {
        matches!(self, Self::NotAccepted { .. } | Self::Dropped)
    }

    /// Nothing more will happen to it.
    pub fn is_settled(&self) -> bool {
        matches!(
            self,
            Self::Accepted { .. }
                | Self::NotAccepted { .. }
                | Self::Dropped
                | Self::PossibleDouble { .. }
        )
    }
}

/// The state that follows from the evidence, in the order in which it was learned.
///
/// A proof is final: no later fact takes it away, and a second one with another number says that there are two
/// records. An ending speaks only for the attempt that is open, because a
/// second console may have written it off meanwhile, and a look speaks only while nobody knows; a proof of acceptance
/// always counts. Whoever sees `Saved` or `NotAccepted` may rely on it that nothing of ours exists at the vendor.
pub fn state(evidence: &[Evidence]) -> State {
    let mut state = State::Saved;
    let mut open = None;
    let mut may_exist = false;
    for Evidence { fact, .. } in evidence {
        if let Some(number) = proven(fact) {
            state = with_proof(state, number);
            continue;
        }
        if matches!(state, State::Accepted { .. } | State::PossibleDouble { .. }) {
            continue;
        }
        match fact {
            Fact::TakenBack | Fact::PersonDropped { .. } => state = State::Dropped,
            Fact::Attempted { number } => {
                open = Some(*number);
                state = State::Sending;
            }
            Fact::Ended { number, outcome } if open == Some(*number) => {
                open = None;
                may_exist |= outcome.leaves_doubt();
                state = after(outcome, may_exist);
            }
            Fact::Looked {
                looked: Looked::Match { number, .. },
            } if matches!(state, State::Checking { .. }) => {
                let number = number.clone();
                state = State::NeedsYou {
                    doubt: Doubt::ProbablyYours { number },
                };
            }
            Fact::Saved | Fact::Ended { .. } | Fact::Looked { .. } | Fact::PersonFound { .. } => {}
            Fact::HandedOver { doubt } => {
                may_exist |= *doubt == Doubt::StoreWasDamaged;
                state = State::NeedsYou {
                    doubt: doubt.clone(),
                };
            }
            Fact::PersonResends => {
                state = State::Checking {
                    why: "to be sent once more, as decided here".to_owned(),
                };
            }
        }
    }
    state
}

/// The vendor's number that a fact proves.
fn proven(fact: &Fact) -> Option<&str> {
    match fact {
        Fact::Ended {
            outcome: Outcome::Accepted { number, .. },
            ..
        }
        | Fact::Looked {
            looked: Looked::Ours { number, .. },
        }
        | Fact::PersonFound { number } => Some(number),
        _ => None,
    }
}

/// The state with one proof more. A person may type a number in the other case.
fn with_proof(state: State, number: &str) -> State {
    let mut numbers = match state {
        State::Accepted { number } => number.into_iter().collect(),
        State::PossibleDouble { numbers } => numbers,
        _ => Vec::new(),
    };
    let is_known = |known: &String| known.trim().eq_ignore_ascii_case(number.trim());
    if !numbers.iter().any(is_known) {
        numbers.push(number.to_owned());
    }
    match <[String; 1]>::try_from(numbers) {
        Ok([number]) => State::Accepted {
            number: Some(number),
        },
        Err(numbers) => State::PossibleDouble { numbers },
    }
}

/// The state after an attempt ended. `may_exist`: this or an earlier attempt may have made a record.
fn after(outcome: &Outcome, may_exist: bool) -> State {
    let unsent = |why: &str| {
        if may_exist {
            State::Checking {
                why: why.to_owned(),
            }
        } else {
            State::Saved
        }
    };
    match outcome {
        Outcome::NotSent { why } | Outcome::SignedOut { why } => unsent(why),
        Outcome::RateLimited { .. } => unsent("the vendor asks to wait"),
        Outcome::Accepted { number, .. } => State::Accepted {
            number: Some(number.clone()),
        },
        Outcome::PerhapsAccepted { why } | Outcome::Unknown { why } => {
            State::Checking { why: why.clone() }
        }
        Outcome::HeldBack { .. } if may_exist => State::NeedsYou {
            doubt: Doubt::HeldBackAfterUnknown,
        },
        Outcome::Refused { .. } if may_exist => State::NeedsYou {
            doubt: Doubt::RefusedAfterUnknown,
        },
        Outcome::HeldBack { reasons } | Outcome::Refused { reasons } => State::NotAccepted {
            reasons: reasons.clone(),
        },
        Outcome::Duplicate { .. } if may_exist => State::NeedsYou {
            doubt: Doubt::DuplicateAfterUnknown,
        },
        Outcome::Duplicate { words } => State::NotAccepted {
            reasons: on_file(words),
        },
        // Nobody else has the code: it is taken because a try without an answer arrived.
        Outcome::CodeTaken { .. } if may_exist => State::Accepted { number: None },
        Outcome::CodeTaken { words } => State::NotAccepted {
            reasons: code_in_use(words),
        },
    }
}

/// A 409 on an attempt of which all is known: the record is not ours. What the vendor leaves to do stands beside the
/// phone (Flabs, <https://developer.flabslis.com/crm/introduction>: one record a day for a phone or e-mail).
fn on_file(words: &str) -> Vec<Reason> {
    let ours = Reason::ours(
        Some(FieldKey::Phone),
        "already on file today for this phone or e-mail: for a family member give another contact, \
         otherwise drop this one",
    );
    with_words(ours, words)
}

/// The code is refused, and nothing says that the record which has it is this one.
pub fn code_in_use(words: &str) -> Vec<Reason> {
    let ours = Reason::ours(
        Some(FieldKey::Barcode),
        "another record has this code already: take another one",
    );
    with_words(ours, words)
}

/// What we say, and then what the vendor said.
fn with_words(ours: Reason, words: &str) -> Vec<Reason> {
    let theirs = (!words.is_empty()).then(|| Reason::theirs(None, words));
    std::iter::once(ours).chain(theirs).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn after_tries(outcomes: Vec<Outcome>) -> State {
        let mut facts = vec![Fact::Saved];
        for (number, outcome) in (1..).zip(outcomes) {
            facts.push(Fact::Attempted { number });
            facts.push(Fact::Ended { number, outcome });
        }
        let at = "2026-11-21T04:32:00Z".parse().unwrap();
        let evidence = facts.into_iter().map(|fact| Evidence { at, fact });
        state(&evidence.collect::<Vec<_>>())
    }

    #[test]
    fn what_was_held_back_settles_nothing_of_a_try_before() {
        let reasons = vec![Reason::ours(None, "no such location")];
        let held_back = || Outcome::HeldBack {
            reasons: reasons.clone(),
        };
        let why = "no answer".to_owned();
        let doubt = Doubt::HeldBackAfterUnknown;
        assert_eq!(
            after_tries(vec![Outcome::Unknown { why }, held_back()]),
            State::NeedsYou { doubt }
        );
        assert_eq!(
            after_tries(vec![held_back()]),
            State::NotAccepted { reasons }
        );
    }

    #[test]
    fn a_reason_that_was_kept_earlier_is_the_vendors() {
        let kept = r#"{"Refused":{"reasons":[{"field":null,"words":"closed"}]}}"#;
        let outcome: Outcome = serde_json::from_str(kept).unwrap();
        let reasons = vec![Reason::theirs(None, "closed")];
        assert_eq!(outcome, Outcome::Refused { reasons });
        assert_eq!(serde_json::to_string(&outcome).unwrap(), kept);
    }
}
