//! Which signal lies in an answer of Solv.

use crate::domain::evidence::Reason;
use crate::domain::offer::FieldKey;
use crate::vendor::http::Answer;
use crate::vendor::outcome::{Signal, not_signed_in};
use crate::vendor::solv::wire::answer::{self, Expected};
use crate::vendor::solv::wire::refusal;

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

/// The vendor's reasons in an error; `None` where the body does not look like one of its errors.
fn reasons(answer: &Answer) -> Option<Vec<Reason>> {
    refusal::reasons(answer.body.as_ref().ok()?)
}

/// The same as one text.
pub fn words(answer: &Answer) -> Option<String> {
    reasons(answer).map(|reasons| refusal::words(&reasons))
}

#[cfg(test)]
mod tests;
