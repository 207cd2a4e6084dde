//! What a signal means: the table of signals and classes that a front desk's trust hangs on.
//!
//! A signal says what was seen of one attempt, an outcome what may be concluded. [`Signal::outcome`] is the whole
//! table; it has no default arm, so a new signal cannot be added without deciding what it means. Which signal lies in
//! an answer each adapter says for its vendor.

use crate::domain::evidence::{Outcome, Reason, TimeDeltaSeconds};
use crate::domain::failure::Failure;
use crate::domain::looked::Told;
use crate::domain::text;
use crate::trial;
use crate::vendor::http::{Answer, Cut};
use crate::vendor::line::NoCall;

/// What was seen of one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signal {
    /// No answer to the call, or none to the sign-in before it.
    NotAnswered(NoCall),
    /// 2xx of the right type and shape with what proves it.
    Done(Done),
    /// Any other 2xx.
    DonePerhaps { why: String },
    /// 401 to a fresh token.
    Unauthorised { words: String },
    /// 429.
    TooMany { retry_after: Option<u32> },
    /// 409 to what the vendor takes once a day.
    Conflict { words: String },
    /// 409 to a code that the vendor takes once, in the vendor's words.
    CodeTaken { words: String },
    /// 400, 403, 404 or 422 (409 too, where it is no conflict) with a body that the vendor's errors look like.
    Rejected { reasons: Vec<Reason> },
    /// The same with any other body: something else than the vendor may have answered.
    RejectedBySomebody { status: u16 },
    /// 3xx, never followed.
    Redirected { status: u16 },
    /// 408: the server gave up while it was reading, or later.
    ServerTimedOut,
    /// 5xx.
    ServerFailed { status: u16 },
    /// Every status that the vendor gives no reason to expect.
    Unexpected { status: u16 },
}

/// What an answer says that proves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// The vendor's number.
    pub number: String,
    /// What is told beside it.
    pub told: Vec<Told>,
}

impl Signal {
    /// A 2xx, with what proves it or with what is wrong with it.
    pub fn done(
        vendor: &str,
        answer: &Answer,
        read: impl FnOnce(&[u8]) -> Result<Done, String>,
    ) -> Self {
        let done = match &answer.body {
            Ok(body) if answer.is_json => read(body),
            Ok(_) => Err("not with JSON".to_owned()),
            Err(cut) => Err(cut.to_string()),
        };
        match done {
            Ok(done) => Self::Done(done),
            Err(why) => Self::DonePerhaps {
                why: format!("{vendor} answered {}, but {why}", answer.status.as_u16()),
            },
        }
    }

    /// Its class.
    pub fn outcome(self, vendor: &str) -> Outcome {
        match mistaken(self) {
            Self::NotAnswered(no) => no.into(),
            Self::Done(Done { number, told }) => Outcome::Accepted { number, told },
            Self::DonePerhaps { why } => Outcome::PerhapsAccepted { why },
            Self::Unauthorised { words } => Outcome::SignedOut { why: words },
            Self::TooMany { retry_after } => rate_limited(retry_after),
            Self::Conflict { words } => Outcome::Duplicate { words },
            Self::CodeTaken { words } => Outcome::CodeTaken { words },
            Self::Rejected { reasons } => Outcome::Refused { reasons },
            Self::RejectedBySomebody { status } => Outcome::Unknown {
                why: format!("answered {status}, but not in the words of {vendor}"),
            },
            Self::Redirected { status } => Outcome::Unknown {
                why: format!("sent elsewhere ({status}); frontdesk does not follow"),
            },
            Self::ServerTimedOut => Outcome::Unknown {
                why: format!("{vendor} gave up waiting (408)"),
            },
            Self::ServerFailed { status } => Outcome::Unknown {
                why: format!("{vendor} failed with {status}"),
            },
            Self::Unexpected { status } => Outcome::Unknown {
                why: format!("{vendor} answered {status}"),
            },
        }
    }
}

/// The signal; a trial may bring back a known misreading of it.
fn mistaken(signal: Signal) -> Signal {
    let accepted = |number: &str| {
        Signal::Done(Done {
            number: number.to_owned(),
            told: Vec::new(),
        })
    };
    let refused = || Signal::Rejected {
        reasons: Vec::new(),
    };
    match signal {
        Signal::Conflict { .. } if trial::bug("lone-409-accepted") => accepted("on file"),
        Signal::DonePerhaps { .. } if trial::bug("2xx-without-number-accepted") => accepted(""),
        Signal::ServerFailed { .. } if trial::bug("5xx-shown-as-refused") => refused(),
        Signal::NotAnswered(NoCall::NotConnected(_) | NoCall::NotSignedIn(_))
            if trial::bug("unreached-shown-as-refused") =>
        {
            refused()
        }
        Signal::NotAnswered(NoCall::Lost(why)) if trial::bug("timeout-shown-as-not-sent") => {
            Signal::NotAnswered(NoCall::NotConnected(why))
        }
        signal => signal,
    }
}

fn rate_limited(retry_after: Option<u32>) -> Outcome {
    Outcome::RateLimited {
        retry_after: retry_after.map(TimeDeltaSeconds),
    }
}

/// What no answer to a call that changes something means.
impl From<NoCall> for Outcome {
    fn from(no: NoCall) -> Self {
        match no {
            NoCall::OverBudget(_) | NoCall::NotConnected(_) | NoCall::NotSignedIn(_) => {
                Self::NotSent {
                    why: no.to_string(),
                }
            }
            NoCall::KeyRefused(why) | NoCall::CodeNeeded(why) => Self::SignedOut { why },
            NoCall::SignInLimited { retry_after, .. } => rate_limited(retry_after),
            NoCall::Lost(why) => Self::Unknown { why },
        }
    }
}

/// What a clerk is told who waits for a list.
impl From<NoCall> for Failure {
    fn from(no: NoCall) -> Self {
        let words = text::vendor_words(&no.to_string());
        match no {
            NoCall::OverBudget(_) | NoCall::SignInLimited { .. } => Self::Busy(words),
            NoCall::NotConnected(_) | NoCall::Lost(_) | NoCall::NotSignedIn(_) => {
                Self::Offline(words)
            }
            NoCall::KeyRefused(_) => Self::SignedOut(words),
            NoCall::CodeNeeded(_) => Self::CodeNeeded(words),
        }
    }
}

/// The body of the list `what`, or why there is none. `words` are those of the vendor's errors in it.
pub fn list(
    vendor: &str,
    what: &str,
    answer: Answer,
    words: Option<String>,
) -> Result<Vec<u8>, Failure> {
    let status = answer.status.as_u16();
    match (status, words) {
        (200..=299, _) => answer.body.map_err(|cut| match cut {
            Cut::TooLong(_) => Failure::WrongShape(format!("GET {what}: {cut}")),
            Cut::Short(_) => Failure::Offline(format!("GET {what}: {cut}")),
        }),
        (401, words) => Err(Failure::SignedOut(
            words.unwrap_or_else(|| not_signed_in(vendor)),
        )),
        (429, _) => Err(Failure::Busy(format!(
            "{vendor} asks for a pause: too many requests"
        ))),
        (400..=499, Some(words)) if status != 408 => Err(Failure::Refused(words)),
        (500.., _) => Err(Failure::Offline(format!(
            "{vendor} has a fault just now ({status} to GET {what})"
        ))),
        _ => Err(Failure::Offline(format!(
            "{vendor} answered {status} to GET {what}"
        ))),
    }
}

/// What a 401 without words says.
pub fn not_signed_in(vendor: &str) -> String {
    format!("{vendor} does not accept the sign-in")
}

#[cfg(test)]
pub mod tests;
