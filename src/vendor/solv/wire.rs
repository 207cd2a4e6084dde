//! Solv's own names: paths, query parameters, fields. The only place in the house that knows them.
//!
//! Reads bodies bare or under `meta` and `data` (A1), nulls as absent, statuses in any case (A24). Every text that comes
//! in is one clean line before it goes any further.

pub mod answer;
pub mod change;
mod create;
pub mod external;
mod loose;
pub mod refusal;
pub mod slots;
pub mod token;

use std::fmt::Write;

use reqwest::Method;

use self::answer::Expected;
use crate::domain::evidence::Reason;
use crate::domain::offer::{FieldKey, Kind};
use crate::domain::submission::{Intent, Submission};
use crate::vendor::solv::settings::{Location, Settings};

/// One call that changes something, as it will leave.
pub struct Order {
    pub method: Method,
    pub path: String,
    pub query: Vec<(&'static str, &'static str)>,
    pub body: Vec<u8>,
    pub expected: Expected,
}

/// Why an order cannot be written: reasons for the clerk, each beside its field.
pub type Unwritten = Vec<Reason>;

/// The one call that an intent stands for.
pub fn order(intent: &Intent, settings: &Settings) -> Result<Order, Unwritten> {
    let submission = &intent.submission;
    match (submission.kind, &submission.subject) {
        (Kind::Change, Some(subject)) => change::order(submission, subject, settings),
        (Kind::WalkIn | Kind::Reservation, None) => create::order(submission, settings),
        (Kind::External, None) => external::order(submission, settings),
        (
            Kind::Lead
            | Kind::Booking
            | Kind::PreBooking
            | Kind::WalkIn
            | Kind::Reservation
            | Kind::Appointment
            | Kind::Anonymous
            | Kind::Change
            | Kind::External,
            _,
        ) => Err(unwritten(None, "Solv does not take this")),
    }
}

fn unwritten(field: Option<FieldKey>, words: &str) -> Unwritten {
    vec![Reason::ours(field, words)]
}

/// The location of a submission; a profile may have lost it since.
fn location<'a>(
    submission: &Submission,
    settings: &'a Settings,
) -> Result<&'a Location, Unwritten> {
    let location = settings.location(&submission.branch.id);
    location.ok_or_else(|| {
        let words = "this location is no longer in the configuration: choose another";
        unwritten(None, words)
    })
}

fn json(body: &impl serde::Serialize) -> Result<Vec<u8>, Unwritten> {
    serde_json::to_vec(body).map_err(|error| unwritten(None, &error.to_string()))
}

/// A text that is there; blank ones do not leave.
fn filled(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

/// An id as one segment of a path: whatever it holds, it leads nowhere else. None where it can be no segment.
fn segment(id: &str) -> Option<String> {
    if matches!(id, "" | "." | "..") {
        return None;
    }
    Some(id.bytes().fold(String::new(), |mut path, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            path.push(char::from(byte));
        } else {
            // Writing to a text cannot fail.
            let _ = write!(path, "%{byte:02X}");
        }
        path
    }))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::segment;

    #[test]
    fn an_id_stays_within_its_segment() {
        for (id, path) in [
            ("EMR-88101", "EMR-88101"),
            ("a/../b?c#d", "a%2F..%2Fb%3Fc%23d"),
            ("50% é", "50%25%20%C3%A9"),
        ] {
            assert_eq!(segment(id).unwrap(), path);
        }
        assert!(segment("..").is_none() && segment(".").is_none());
    }
}
