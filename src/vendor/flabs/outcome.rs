//! Which signal lies in an answer of Flabs.

use crate::vendor::flabs::wire::{self, Create};
use crate::vendor::http::Answer;
use crate::vendor::outcome::{Done, Signal, not_signed_in};

pub const FLABS: &str = "Flabs";

/// The signal in an answer to a create; `echo` is what [`Create::echo`] says of it.
pub fn signal(answer: &Answer, call: Create, echo: &str) -> Signal {
    let status = answer.status.as_u16();
    match status {
        200..=299 => Signal::done(FLABS, answer, |body| {
            Ok(Done {
                number: call.number(body, echo)?,
                told: Vec::new(),
            })
        }),
        401 => Signal::Unauthorised {
            words: words(answer).unwrap_or_else(|| not_signed_in(FLABS)),
        },
        408 => Signal::ServerTimedOut,
        409 => match (call, words(answer)) {
            (Create::Crm, words) => Signal::Conflict {
                words: words
                    .unwrap_or_else(|| "already on file today for this phone or e-mail".to_owned()),
            },
            // Its barcode is in use (A26).
            (Create::Billing, Some(words)) => Signal::CodeTaken { words },
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

/// The vendor's words in an error; `None` where the body does not look like one of its errors.
pub fn words(answer: &Answer) -> Option<String> {
    wire::refusal::message(answer.body.as_ref().ok()?)
}

#[cfg(test)]
mod tests;
