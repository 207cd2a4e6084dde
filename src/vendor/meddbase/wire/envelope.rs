//! The envelope of every answer, and the vendor's error in it
//! (<https://meddbase.github.io/meddbase-apis/patient-portal-api/communication-overview/response-data-format.html>).
//!
//! Not every error comes in it: such an answer is [`Said::Strange`], and proves nothing.

use reqwest::StatusCode;
use serde_json::Value;

use super::object::Object;
use crate::domain::text;
use crate::vendor::http::Answer;

/// What an answer says.
pub enum Said {
    /// 2xx and "ok", or 204 with nothing.
    Result(Value),
    /// An error in the vendor's own form, whatever its status.
    Refusal(Refusal),
    /// Anything else.
    Strange { status: u16, why: String },
}

/// The vendor's error
/// (<https://meddbase.github.io/meddbase-apis/patient-portal-api/objects-and-data-types/serviceexceptiondata.html>).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub status: u16,
    pub code: i64,
    pub words: String,
}

/// What an `EventCode` means
/// (<https://meddbase.github.io/meddbase-apis/patient-portal-api/error-handling/eventcode.html>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// 8, 11: nothing was done, and nothing will be before the next sign-in.
    SessionOver,
    /// 3, 4, 13, 14: nothing will be done for this account.
    KeyRefused,
    /// 10, and any code that comes with a 429: nothing was done yet, and nothing will be for a moment.
    Starting,
    /// 1, 2, 5, 6, 7, 9, 12: what was sent is wrong.
    Malformed,
    /// 0 and all others: the trade's own rules.
    Business,
}

impl Refusal {
    pub fn meaning(&self) -> Meaning {
        match self.code {
            8 | 11 => Meaning::SessionOver,
            3 | 4 | 13 | 14 => Meaning::KeyRefused,
            10 => Meaning::Starting,
            1 | 2 | 5 | 6 | 7 | 9 | 12 => Meaning::Malformed,
            _ if self.status == 429 => Meaning::Starting,
            _ => Meaning::Business,
        }
    }
}

impl Said {
    /// The session that was sent is over. A 401 says so too, in whatever form
    /// (<https://meddbase.github.io/meddbase-apis/patient-portal-api/error-handling/http-status-codes.html>).
    pub fn is_session_over(&self) -> bool {
        match self {
            Self::Result(_) => false,
            Self::Refusal(refusal) => match refusal.meaning() {
                Meaning::SessionOver => true,
                Meaning::KeyRefused => false,
                _ => refusal.status == 401,
            },
            Self::Strange { status, .. } => *status == 401,
        }
    }

    pub fn is_starting(&self) -> bool {
        matches!(self, Self::Refusal(refusal) if refusal.meaning() == Meaning::Starting)
    }
}

/// Reads an answer; a body that is not whole is never more than strange.
pub fn read(answer: &Answer) -> Said {
    let status = answer.status.as_u16();
    let strange = |why: String| Said::Strange { status, why };
    let body = match &answer.body {
        Ok(body) => body,
        Err(cut) => return strange(cut.to_string()),
    };
    if answer.status == StatusCode::NO_CONTENT && body.is_empty() {
        return Said::Result(Value::Null);
    }
    let Ok(value) = serde_json::from_slice::<Value>(body) else {
        return strange(format!(
            "answered {status}, but not in the words of Meddbase"
        ));
    };
    let Some(envelope) = Object::of(&value) else {
        return strange(format!("answered {status} without its envelope"));
    };
    let word = envelope.text("status").unwrap_or_default();
    if word.eq_ignore_ascii_case("error") {
        return match envelope.object("error") {
            Some(error) => Said::Refusal(refusal(status, error)),
            None => strange(format!("answered {status} with an error that is not told")),
        };
    }
    if !answer.status.is_success() || !word.eq_ignore_ascii_case("ok") {
        return strange(format!("answered {status} without its envelope"));
    }
    if !answer.is_json {
        return strange(format!("answered {status}, but not with JSON"));
    }
    Said::Result(match value {
        Value::Object(mut fields) => fields.remove("result").unwrap_or_default(),
        _ => Value::Null,
    })
}

/// The status is told under one of two names, and an answer of 200 may hold it.
fn refusal(status: u16, error: Object<'_>) -> Refusal {
    let mut told = ["HttpStatusCode", "StatusCode"].into_iter();
    let told = told.find_map(|name| error.whole(name));
    let told = told.and_then(|told| u16::try_from(told).ok());
    let words = error.text_of(&["Message", "Description"]);
    let mut words = words.unwrap_or_else(|| "Meddbase gave no reason".to_owned());
    if let Some(reference) = error.text("ReferenceNumber") {
        words = format!("{words} (reference {reference})");
    }
    Refusal {
        status: if status < 300 {
            told.unwrap_or(status)
        } else {
            status
        },
        code: error.whole("EventCode").unwrap_or(0),
        words: text::vendor_words(&words),
    }
}
