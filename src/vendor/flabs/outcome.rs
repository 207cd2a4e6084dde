//! What an answer means: the table of signals and classes that a front desk's trust hangs on.
//!
//! A signal says what was seen, an outcome what may be concluded. [`of`] is the whole table; it has no default arm, so
//! a new signal cannot be added without deciding what it means.

use crate::domain::evidence::{Outcome, Reason, TimeDeltaSeconds};
use crate::domain::failure::Failure;
use crate::domain::text;
use crate::trial;
use crate::vendor::flabs::caller::NoCall;
use crate::vendor::flabs::wire::{self, Create};
use crate::vendor::http::{Answer, Cut};

/// What was seen of one attempt to create.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signal {
    /// The body could not even be written.
    NotWritten(String),
    /// No answer to the create, or none to the sign-in before it.
    NotAnswered(NoCall),
    /// 2xx of the right type and shape with a number.
    Created { number: String },
    /// Any other 2xx.
    CreatedPerhaps { why: String },
    /// 401 to a fresh token.
    Unauthorised { words: String },
    /// 429.
    TooMany { retry_after: Option<u32> },
    /// 409 to a lead or booking.
    Conflict { words: String },
    /// 409 to a pre-booking, in the words of Flabs: its barcode is in use (A26).
    BarcodeTaken { words: String },
    /// 400, 403, 404 or 422 with a body that the vendor's errors look like.
    Rejected { reasons: Vec<Reason> },
    /// 400, 403, 404 or 422 with any other body: something else than Flabs may have answered.
    RejectedBySomebody { status: u16 },
    /// 3xx, never followed.
    Redirected { status: u16 },
    /// 408: the server gave up while it was reading, or later.
    ServerTimedOut,
    /// 5xx.
    ServerFailed { status: u16 },
    /// Every status that Flabs gives no reason to expect.
    Unexpected { status: u16 },
}

/// The signal in an answer to a create.
pub fn signal(answer: &Answer, call: Create) -> Signal {
    let status = answer.status.as_u16();
    match status {
        200..=299 => match created(answer, call) {
            Ok(number) => Signal::Created { number },
            Err(why) => Signal::CreatedPerhaps {
                why: format!("Flabs answered {status}, but {why}"),
            },
        },
        401 => Signal::Unauthorised {
            words: words(answer).unwrap_or_else(|| "Flabs does not accept the sign-in".to_owned()),
        },
        408 => Signal::ServerTimedOut,
        409 => match (call, words(answer)) {
            (Create::Crm, words) => Signal::Conflict {
                words: words
                    .unwrap_or_else(|| "already on file today for this phone or e-mail".to_owned()),
            },
            (Create::Billing, Some(words)) => Signal::BarcodeTaken { words },
            // It would be a proof, so it must come from Flabs.
            (Create::Billing, None) => Signal::RejectedBySomebody { status },
        },
        429 => Signal::TooMany {
            retry_after: answer.retry_after,
        },
        400 | 403 | 404 | 422 => match words(answer) {
            Some(words) => Signal::Rejected {
                reasons: wire::refusal::reasons(&words),
            },
            None => Signal::RejectedBySomebody { status },
        },
        300..=399 => Signal::Redirected { status },
        500..=599 => Signal::ServerFailed { status },
        _ => Signal::Unexpected { status },
    }
}

/// The class of a signal.
pub fn of(signal: Signal) -> Outcome {
    match mistaken(signal) {
        Signal::NotWritten(why) => Outcome::NotSent { why },
        Signal::NotAnswered(no) => match no {
            NoCall::OverBudget(_) | NoCall::NotConnected(_) | NoCall::NoToken(_) => {
                Outcome::NotSent {
                    why: no.to_string(),
                }
            }
            NoCall::KeyRefused(why) => Outcome::SignedOut { why },
            NoCall::SignInLimited { retry_after } => rate_limited(retry_after),
            NoCall::Lost(why) => Outcome::Unknown { why },
        },
        Signal::Created { number } => Outcome::Accepted {
            number,
            told: Vec::new(),
        },
        Signal::CreatedPerhaps { why } => Outcome::PerhapsAccepted { why },
        Signal::Unauthorised { words } => Outcome::SignedOut { why: words },
        Signal::TooMany { retry_after } => rate_limited(retry_after),
        Signal::Conflict { words } => Outcome::Duplicate { words },
        Signal::BarcodeTaken { words } => Outcome::CodeTaken { words },
        Signal::Rejected { reasons } => Outcome::Refused { reasons },
        Signal::RejectedBySomebody { status } => Outcome::Unknown {
            why: format!("answered {status}, but not in the words of Flabs"),
        },
        Signal::Redirected { status } => Outcome::Unknown {
            why: format!("sent elsewhere ({status}); frontdesk does not follow"),
        },
        Signal::ServerTimedOut => Outcome::Unknown {
            why: "Flabs gave up waiting (408)".to_owned(),
        },
        Signal::ServerFailed { status } => Outcome::Unknown {
            why: format!("Flabs failed with {status}"),
        },
        Signal::Unexpected { status } => Outcome::Unknown {
            why: format!("Flabs answered {status}"),
        },
    }
}

/// The signal; a trial may bring back a known misreading of it.
fn mistaken(signal: Signal) -> Signal {
    let accepted = |number: &str| Signal::Created {
        number: number.to_owned(),
    };
    let refused = || Signal::Rejected {
        reasons: Vec::new(),
    };
    match signal {
        Signal::Conflict { .. } if trial::bug("lone-409-accepted") => accepted("on file"),
        Signal::CreatedPerhaps { .. } if trial::bug("2xx-without-number-accepted") => accepted(""),
        Signal::ServerFailed { .. } if trial::bug("5xx-shown-as-refused") => refused(),
        Signal::NotAnswered(NoCall::NotConnected(_) | NoCall::NoToken(_))
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

fn created(answer: &Answer, call: Create) -> Result<String, String> {
    let body = answer.body.as_ref().map_err(ToString::to_string)?;
    if answer.is_json {
        call.number(body)
    } else {
        Err("not with JSON".to_owned())
    }
}

/// The vendor's words in an error; `None` where the body does not look like one of its errors.
fn words(answer: &Answer) -> Option<String> {
    wire::refusal::message(answer.body.as_ref().ok()?)
}

/// What was seen of one try to get a token.
pub enum TokenSignal {
    Granted(wire::token::Granted),
    /// Flabs knows the account's key, or its refresh token, and does not take it.
    KeyRefused(String),
    Limited {
        retry_after: Option<u32>,
    },
    /// Anything else: worth another try later.
    Unusable(String),
}

/// The signal in an answer to a token call.
pub fn token_signal(path: &str, answer: &Answer) -> TokenSignal {
    let status = answer.status.as_u16();
    match (status, words(answer)) {
        (200..=299, _) => {
            let body = answer.body.as_ref().map_err(ToString::to_string);
            match body.and_then(|body| wire::token::granted(body)) {
                Ok(granted) => TokenSignal::Granted(granted),
                Err(why) => TokenSignal::Unusable(format!("POST {path}: {why}")),
            }
        }
        (401, words) => TokenSignal::KeyRefused(
            words.unwrap_or_else(|| "Flabs does not accept this client id and secret".to_owned()),
        ),
        (400 | 403 | 404 | 422, Some(words)) => TokenSignal::KeyRefused(words),
        (429, _) => TokenSignal::Limited {
            retry_after: answer.retry_after,
        },
        _ => TokenSignal::Unusable(format!("POST {path}: answered {status}")),
    }
}

/// The body of a list, or why there is none.
pub fn list(path: &str, answer: Answer) -> Result<Vec<u8>, Failure> {
    let status = answer.status.as_u16();
    match (status, words(&answer)) {
        (200..=299, _) => answer.body.map_err(|cut| match cut {
            Cut::TooLong(_) => Failure::WrongShape(format!("GET {path}: {cut}")),
            Cut::Short(_) => Failure::Offline(format!("GET {path}: {cut}")),
        }),
        (401, words) => {
            Err(Failure::SignedOut(words.unwrap_or_else(|| {
                "Flabs does not accept the sign-in".to_owned()
            })))
        }
        (429, _) => Err(Failure::Busy(
            "Flabs asks for a pause: too many requests".to_owned(),
        )),
        (400..=499, Some(words)) if status != 408 => Err(Failure::Refused(words)),
        _ => Err(Failure::Offline(format!("GET {path}: answered {status}"))),
    }
}

impl From<NoCall> for Failure {
    fn from(no: NoCall) -> Self {
        let words = text::vendor_words(&no.to_string());
        match no {
            NoCall::OverBudget(_) | NoCall::SignInLimited { .. } => Self::Busy(words),
            NoCall::NotConnected(_) | NoCall::Lost(_) | NoCall::NoToken(_) => Self::Offline(words),
            NoCall::KeyRefused(_) => Self::SignedOut(words),
        }
    }
}

#[cfg(test)]
mod tests;
