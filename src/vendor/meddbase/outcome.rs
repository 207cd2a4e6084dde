//! What an answer means: for a list, for a booking, and for the one call that must never be made twice.
//!
//! The vendor's event code decides before the HTTP status does (contract, section 12, numbers 1 and 2).

use serde_json::Value;

use super::settings::{Assumptions, Settings};
use super::wire::appointment::Booked;
use super::wire::envelope::{Meaning, Refusal, Said};
use super::wire::names;
use crate::domain::evidence::{Outcome, Reason, TimeDeltaSeconds};
use crate::domain::failure::Failure;
use crate::domain::looked::Told;
use crate::domain::offer::FieldKey;
use crate::vendor::line::NoCall;

/// How long the application takes to start, where it says that it does.
const STARTING: TimeDeltaSeconds = TimeDeltaSeconds(10);

/// What is known where Meddbase took a patient, and does not say which one.
const NO_KEY: &str =
    "Meddbase gave no key for the patient: nothing is booked, and the patient may have been added";

/// The result of a list, or why there is none.
pub fn result(path: &str, said: Said) -> Result<Value, Failure> {
    match said {
        Said::Result(result) => Ok(result),
        said => Err(failure(path, said)),
    }
}

/// What a clerk is told about an answer without a result.
pub fn failure(path: &str, said: Said) -> Failure {
    let is_over = said.is_session_over();
    match said {
        Said::Result(_) => Failure::WrongShape(format!("{path}: nothing in it")),
        Said::Refusal(refusal) if is_over => signed_out(&refusal.words),
        Said::Strange { why, .. } if is_over => signed_out(&why),
        Said::Refusal(refusal) => match refusal.meaning() {
            Meaning::KeyRefused => Failure::SignedOut(refusal.words),
            Meaning::Starting => Failure::Busy(refusal.words),
            Meaning::SessionOver | Meaning::Malformed | Meaning::Business => {
                Failure::Refused(refusal.words)
            }
        },
        Said::Strange { status: 429, .. } => {
            Failure::Busy("Meddbase asks for a pause: too many requests".to_owned())
        }
        Said::Strange {
            status: 200..=299,
            why,
        } => Failure::WrongShape(format!("{path}: {why}")),
        Said::Strange { why, .. } => Failure::Offline(format!("{path}: {why}")),
    }
}

fn signed_out(words: &str) -> Failure {
    Failure::SignedOut(format!("Sign in again: {words}"))
}

/// An attempt for which nothing was asked that makes a record.
pub fn not_sent(why: impl Into<String>) -> Outcome {
    Outcome::NotSent { why: why.into() }
}

/// A refusal of Meddbase's, in its words, beside the field that they name.
pub fn refused(words: impl Into<String>) -> Outcome {
    let words = words.into();
    Outcome::Refused {
        reasons: vec![Reason::theirs(names::field(&words), words)],
    }
}

/// The same outcome in a form without a login.
pub fn anonymous(mut outcome: Outcome) -> Outcome {
    if let Outcome::Refused { reasons } = &mut outcome {
        for reason in reasons {
            reason.field = reason.field.map(names::anonymous);
        }
    }
    outcome
}

/// What is not even asked for as it is: nothing that makes or ends a record was sent.
pub fn held_back(field: Option<FieldKey>, words: impl Into<String>) -> Outcome {
    Outcome::HeldBack {
        reasons: vec![Reason::ours(field, words)],
    }
}

pub fn accepted(number: String, told: Vec<Told>) -> Outcome {
    Outcome::Accepted { number, told }
}

/// What no answer means where nothing that was asked makes a record: what may have arrived did not book either.
pub fn before(no: NoCall) -> Outcome {
    match no {
        NoCall::Lost(why) => not_sent(why),
        no => no.into(),
    }
}

/// What an answer to a call before the booking means that gives nothing to go on with: nothing was booked.
pub fn not_booked(said: Said) -> Outcome {
    let is_over = said.is_session_over();
    match said {
        // Not held back: Meddbase may know of the patient now.
        Said::Result(_) => Outcome::Refused {
            reasons: vec![Reason::ours(None, NO_KEY)],
        },
        Said::Refusal(refusal) if is_over => Outcome::SignedOut { why: refusal.words },
        Said::Refusal(refusal) => match refusal.meaning() {
            Meaning::KeyRefused | Meaning::SessionOver => Outcome::SignedOut { why: refusal.words },
            Meaning::Starting => limited(Some(STARTING)),
            Meaning::Malformed | Meaning::Business => refused(refusal.words),
        },
        Said::Strange { why, .. } if is_over => Outcome::SignedOut { why },
        Said::Strange { status: 429, .. } => limited(None),
        Said::Strange { why, .. } => not_sent(format!("nothing is booked yet: {why}")),
    }
}

/// What an answer to a booking means.
pub fn booking(said: Said, settings: &Settings) -> Result<Booked, Outcome> {
    let is_over = said.is_session_over();
    match said {
        Said::Result(result) => {
            Booked::read(&result, settings).map_err(|why| Outcome::PerhapsAccepted {
                why: format!("Meddbase took it, but {why}"),
            })
        }
        Said::Refusal(refusal) if is_over => Err(Outcome::SignedOut { why: refusal.words }),
        Said::Refusal(refusal) => Err(match refusal.meaning() {
            Meaning::KeyRefused | Meaning::SessionOver => Outcome::SignedOut { why: refusal.words },
            Meaning::Starting => limited(Some(STARTING)),
            Meaning::Malformed => refused(refusal.words),
            Meaning::Business => not_booked_there(refusal, &settings.own.assumptions),
        }),
        Said::Strange { why, .. } if is_over => Err(Outcome::SignedOut { why }),
        Said::Strange { status: 429, .. } => Err(limited(None)),
        Said::Strange {
            status: 200..=299,
            why,
        } => Err(Outcome::PerhapsAccepted { why }),
        Said::Strange { why, .. } => Err(Outcome::Unknown { why }),
    }
}

/// A1: nothing is published about a slot that is gone; what has no code of its own is taken for it. A server that
/// failed may have failed after it booked, unless it says so itself, with the status of the one published failure of
/// this kind, in the words of a slot that is gone.
fn not_booked_there(refusal: Refusal, assumptions: &Assumptions) -> Outcome {
    let Refusal { status, words, .. } = refusal;
    if status == 403 {
        return refused(words);
    }
    let plain = words.to_lowercase();
    let mut gone = assumptions.gone_words.iter();
    let says_gone = gone.any(|gone| plain.contains(&gone.to_lowercase()));
    if is_doubtful(status) && !(status == 500 && says_gone) {
        return Outcome::Unknown {
            why: format!("Meddbase failed with {status}: {words}"),
        };
    }
    // It tells what is wrong: nobody need guess.
    if !says_gone && names::field(&words).is_some() {
        return refused(words);
    }
    let hint = if says_gone {
        "this time is gone: pick another"
    } else {
        "perhaps this time is gone, or its price has changed: then pick another"
    };
    Outcome::Refused {
        reasons: vec![
            Reason::theirs(None, words),
            Reason::ours(Some(FieldKey::ScheduledAt), hint),
        ],
    }
}

/// A status after which the call may have had its effect, whatever stands in the body.
fn is_doubtful(status: u16) -> bool {
    matches!(status, 300..=399 | 408 | 500..)
}

/// How a cancellation ended.
pub enum Cancelled {
    /// With the invoice of its fee, where there is one.
    Yes(Value),
    No(Outcome),
}

/// What an answer to a cancellation means. Only the vendor's own codes prove that it did nothing, and a 401: with a
/// session it means that this one had expired, in whatever form it comes
/// (<https://meddbase.github.io/meddbase-apis/patient-portal-api/error-handling/http-status-codes.html>).
pub fn cancellation(said: Said) -> Cancelled {
    let is_over = said.is_session_over();
    let refusal = match said {
        Said::Result(invoice) => return Cancelled::Yes(invoice),
        Said::Refusal(Refusal { words: why, .. }) | Said::Strange { why, .. } if is_over => {
            return Cancelled::No(Outcome::SignedOut { why });
        }
        Said::Strange { status: 429, .. } => return Cancelled::No(limited(None)),
        Said::Strange { why, .. } => return Cancelled::No(Outcome::Unknown { why }),
        Said::Refusal(refusal) => refusal,
    };
    let Refusal { status, words, .. } = &refusal;
    Cancelled::No(match refusal.meaning() {
        Meaning::KeyRefused | Meaning::SessionOver => Outcome::SignedOut { why: words.clone() },
        Meaning::Starting => limited(Some(STARTING)),
        Meaning::Business if is_doubtful(*status) => Outcome::Unknown {
            why: format!("Meddbase failed with {status}: {words}"),
        },
        Meaning::Malformed | Meaning::Business => refused(words.clone()),
    })
}

fn limited(retry_after: Option<TimeDeltaSeconds>) -> Outcome {
    Outcome::RateLimited { retry_after }
}
