//! What an answer means: the table of signals and classes that a front desk's trust hangs on.
//!
//! A signal says what was seen, an outcome what may be concluded. [`of`] is the whole table; it has no default arm, so
//! a new signal cannot be added without deciding what it means.

use chrono::{DateTime, Utc};

use crate::domain::evidence::{Outcome, Reason, TimeDeltaSeconds};
use crate::domain::failure::Failure;
use crate::domain::offer::FieldKey;
use crate::domain::text;
use crate::vendor::http::{Answer, Cut};
use crate::vendor::solv::caller::NoCall;
use crate::vendor::solv::wire::answer::{self, Done, Expected};
use crate::vendor::solv::wire::{refusal, token};

/// What was seen of one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signal {
    /// It cannot be written: nothing left, and nothing ever will.
    NotWritten { reasons: Vec<Reason> },
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
    /// 400, 403, 404, 409 or 422 with a body that the vendor's errors look like.
    Rejected { reasons: Vec<Reason> },
    /// The same with any other body: something else than Solv may have answered.
    RejectedBySomebody { status: u16 },
    /// 3xx, never followed.
    Redirected { status: u16 },
    /// 408: the server gave up while it was reading, or later.
    ServerTimedOut,
    /// 5xx.
    ServerFailed { status: u16 },
    /// Every status that Solv gives no reason to expect.
    Unexpected { status: u16 },
}

/// The signal in an answer to a call that changes something.
pub fn signal(answer: &Answer, expected: &Expected) -> Signal {
    let status = answer.status.as_u16();
    match status {
        200..=299 => match done(answer, expected) {
            Ok(done) => Signal::Done(done),
            Err(why) => Signal::DonePerhaps {
                why: format!("Solv answered {status}, but {why}"),
            },
        },
        401 => Signal::Unauthorised {
            words: words(answer).unwrap_or_else(|| "Solv does not accept the sign-in".to_owned()),
        },
        408 => Signal::ServerTimedOut,
        429 => Signal::TooMany {
            retry_after: answer.retry_after,
        },
        400 | 403 | 404 | 409 | 422 => match reasons(answer) {
            Some(reasons) => Signal::Rejected {
                reasons: reasons
                    .into_iter()
                    .map(|reason| of_time(reason, status, expected.has_time))
                    .collect(),
            },
            None => Signal::RejectedBySomebody { status },
        },
        300..=399 => Signal::Redirected { status },
        500..=599 => Signal::ServerFailed { status },
        _ => Signal::Unexpected { status },
    }
}

/// A time that is gone is refused with 422 at its field, or with 409 or 400 in words alone (A11). A walk-in has no time
/// to pick anew.
fn of_time(reason: Reason, status: u16, has_time: bool) -> Reason {
    let is_time = match reason.field {
        Some(field) => field == FieldKey::ScheduledAt,
        None => has_time && matches!(status, 400 | 409),
    };
    match (is_time, has_time) {
        (false, _) => reason,
        (true, false) => Reason {
            field: None,
            ..reason
        },
        (true, true) => Reason {
            field: Some(FieldKey::ScheduledAt),
            words: format!(
                "this time is gone: pick another ({})",
                refusal::beside(refusal::TIME, &reason.words)
            ),
        },
    }
}

/// The class of a signal.
pub fn of(signal: Signal) -> Outcome {
    match signal {
        Signal::NotWritten { reasons } | Signal::Rejected { reasons } => {
            Outcome::Refused { reasons }
        }
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
        Signal::Done(Done { number, told }) => Outcome::Accepted { number, told },
        Signal::DonePerhaps { why } => Outcome::PerhapsAccepted { why },
        Signal::Unauthorised { words } => Outcome::SignedOut { why: words },
        Signal::TooMany { retry_after } => rate_limited(retry_after),
        Signal::RejectedBySomebody { status } => Outcome::Unknown {
            why: format!("answered {status}, but not in the words of Solv"),
        },
        Signal::Redirected { status } => Outcome::Unknown {
            why: format!("sent elsewhere ({status}); frontdesk does not follow"),
        },
        Signal::ServerTimedOut => Outcome::Unknown {
            why: "Solv gave up waiting (408)".to_owned(),
        },
        Signal::ServerFailed { status } => Outcome::Unknown {
            why: format!("Solv failed with {status}"),
        },
        Signal::Unexpected { status } => Outcome::Unknown {
            why: format!("Solv answered {status}"),
        },
    }
}

fn rate_limited(retry_after: Option<u32>) -> Outcome {
    Outcome::RateLimited {
        retry_after: retry_after.map(TimeDeltaSeconds),
    }
}

fn done(answer: &Answer, expected: &Expected) -> Result<Done, String> {
    let body = answer.body.as_ref().map_err(ToString::to_string)?;
    if answer.is_json {
        answer::done(body, expected)
    } else {
        Err("not with JSON".to_owned())
    }
}

/// The vendor's reasons in an error; `None` where the body does not look like one of its errors.
fn reasons(answer: &Answer) -> Option<Vec<Reason>> {
    refusal::reasons(answer.body.as_ref().ok()?)
}

fn words(answer: &Answer) -> Option<String> {
    reasons(answer).map(|reasons| refusal::words(&reasons))
}

/// What was seen of one try to get a token.
pub enum TokenSignal {
    Granted(token::Granted),
    /// Solv knows the account's key and does not take it, or not for these scopes.
    KeyRefused(String),
    Limited {
        retry_after: Option<u32>,
    },
    /// Anything else: worth another try later.
    Unusable(String),
}

/// The signal in an answer to the token call.
pub fn token_signal(answer: &Answer, now: DateTime<Utc>) -> TokenSignal {
    let status = answer.status.as_u16();
    let unusable = |why: &str| TokenSignal::Unusable(format!("POST {}: {why}", token::PATH));
    match (status, words(answer)) {
        (200..=299, _) => {
            let body = answer.body.as_ref().map_err(ToString::to_string);
            match body.and_then(|body| token::granted(body, now)) {
                Ok(granted) => TokenSignal::Granted(granted),
                Err(why) => unusable(&why),
            }
        }
        (401, words) => TokenSignal::KeyRefused(
            words.unwrap_or_else(|| "Solv does not accept this client id and secret".to_owned()),
        ),
        (400 | 403 | 404 | 422, Some(words)) => TokenSignal::KeyRefused(words),
        (429, _) => TokenSignal::Limited {
            retry_after: answer.retry_after,
        },
        _ => unusable(&format!("answered {status}")),
    }
}

/// The body of a list, or why there is none.
pub fn list(what: &str, answer: Answer) -> Result<Vec<u8>, Failure> {
    let status = answer.status.as_u16();
    match (status, words(&answer)) {
        (200..=299, _) => answer.body.map_err(|cut| match cut {
            Cut::TooLong(_) => Failure::WrongShape(format!("GET {what}: {cut}")),
            Cut::Short(_) => Failure::Offline(format!("GET {what}: {cut}")),
        }),
        (401, words) => {
            Err(Failure::SignedOut(words.unwrap_or_else(|| {
                "Solv does not accept the sign-in".to_owned()
            })))
        }
        (429, _) => Err(Failure::Busy(
            "Solv asks for a pause: too many requests".to_owned(),
        )),
        (400..=499, Some(words)) if status != 408 => Err(Failure::Refused(words)),
        _ => Err(Failure::Offline(format!("GET {what}: answered {status}"))),
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
