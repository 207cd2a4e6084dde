//! Which signal lies in an answer of Solv.

use crate::domain::evidence::Reason;
use crate::domain::offer::FieldKey;
use crate::vendor::http::Answer;
use crate::vendor::outcome::{Signal, not_signed_in};
use crate::vendor::solv::wire::answer::{self, Expected};
use crate::vendor::solv::wire::refusal::{self, Fault};

pub const SOLV: &str = "Solv";

/// The signal in an answer to a call that changes something.
pub fn signal(answer: &Answer, expected: &Expected) -> Signal {
    let status = answer.status.as_u16();
    match status {
        200..=299 => Signal::done(SOLV, answer, |body| answer::done(body, expected)),
        401 => Signal::Unauthorised {
            words: words(answer).unwrap_or_else(|| not_signed_in(SOLV)),
        },
        408 => Signal::ServerTimedOut,
        429 => Signal::TooMany {
            retry_after: answer.retry_after,
        },
        400 | 403 | 404 | 409 | 422 => match faults(answer) {
            Some(faults) => Signal::Rejected {
                reasons: faults
                    .into_iter()
                    .flat_map(|fault| reasons(fault, status, expected.has_time))
                    .collect(),
            },
            None => Signal::RejectedBySomebody { status },
        },
        300..=399 => Signal::Redirected { status },
        500..=599 => Signal::ServerFailed { status },
        _ => Signal::Unexpected { status },
    }
}

/// What a fault is to the clerk. A time that is gone is refused with 422 at its field, or with 409, 400 or 422 in words
/// alone (A11): what is to be done then Solv does not say, but we do. A walk-in has no time to pick anew.
fn reasons(fault: Fault, status: u16, has_time: bool) -> Vec<Reason> {
    const WHEN: FieldKey = FieldKey::ScheduledAt;
    let gone = || Reason::ours(Some(WHEN), "this time is gone: pick another");
    match fault.field {
        Some(WHEN) if has_time => vec![gone(), fault.beside(WHEN)],
        None if has_time && matches!(status, 400 | 409) => vec![gone(), fault.alone()],
        None if has_time && status == 422 && !fault.is_of_field() => vec![gone(), fault.alone()],
        None | Some(WHEN) => vec![fault.alone()],
        Some(field) => vec![fault.beside(field)],
    }
}

/// The vendor's words in an error; `None` where the body does not look like one of its errors.
fn faults(answer: &Answer) -> Option<Vec<Fault>> {
    refusal::faults(answer.body.as_ref().ok()?)
}

/// The same as one text.
pub fn words(answer: &Answer) -> Option<String> {
    faults(answer).map(|faults| refusal::words(&faults))
}

#[cfg(test)]
mod tests;
