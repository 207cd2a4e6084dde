//! Why a call was refused, as `ServiceExceptionData` tells it.
//!
//! Codes: <https://meddbase.github.io/meddbase-apis/patient-portal-api/error-handling/eventcode.html>; the HTTP status
//! that goes with each is not published (A2).

use axum::http::StatusCode;
use serde_json::{Value, json};

/// A refusal. Its words name parameters, never what was in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub status: StatusCode,
    /// `EventCode`.
    pub event: u32,
    pub message: String,
}

impl Refusal {
    pub fn new(status: StatusCode, event: u32, message: impl Into<String>) -> Self {
        Self {
            status,
            event,
            message: message.into(),
        }
    }

    /// 1: a parameter is missing.
    pub fn missing(name: &str) -> Self {
        let message = format!("Parameter '{name}' is missing.");
        Self::new(StatusCode::BAD_REQUEST, 1, message)
    }

    /// 2: a parameter is badly formatted.
    pub fn malformed(name: &str) -> Self {
        let message = format!("Parameter '{name}' is badly formatted.");
        Self::new(StatusCode::BAD_REQUEST, 2, message)
    }

    /// 3 and 4.
    pub fn client_key(is_sent: bool) -> Self {
        let (event, message) = if is_sent {
            (4, "Client key is not valid.")
        } else {
            (3, "Client key is missing.")
        };
        Self::new(StatusCode::UNAUTHORIZED, event, message)
    }

    /// 5.
    pub fn unknown_section() -> Self {
        Self::new(StatusCode::NOT_FOUND, 5, "Unknown API section.")
    }

    /// 6.
    pub fn unknown_method() -> Self {
        Self::new(StatusCode::NOT_FOUND, 6, "Unknown API method.")
    }

    /// 6, as the method is known and its verb is another one.
    pub fn wrong_verb() -> Self {
        let message = "The method is called with another HTTP verb.";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, 6, message)
    }

    /// 7: the body.
    pub fn post_data(message: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, 7, message)
    }

    /// 8. Whoever sent a session id is told that it has expired.
    pub fn logged_out(is_sent: bool) -> Self {
        let message = if is_sent {
            "Session has expired. Please log in again."
        } else {
            "User is not logged in."
        };
        Self::new(StatusCode::UNAUTHORIZED, 8, message)
    }

    /// 11.
    pub fn token() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, 11, "Invalid token.")
    }

    /// 12.
    pub fn markup() -> Self {
        let message = "Input contains HTML markup.";
        Self::new(StatusCode::BAD_REQUEST, 12, message)
    }

    /// 14.
    pub fn blocked() -> Self {
        let message = "User is blocked after too many failed logins.";
        Self::new(StatusCode::FORBIDDEN, 14, message)
    }

    /// 0, with 403: no right to do this.
    pub fn forbidden(message: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, 0, message)
    }

    /// 0, with 404.
    pub fn not_found(message: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, 0, message)
    }

    /// 0, with 400: understood, and not possible.
    pub fn business(message: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, 0, message)
    }

    /// A1: nothing is published about a slot that is taken meanwhile; the status can be switched.
    pub fn gone(status: u16) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::FAILED_DEPENDENCY);
        Self::new(status, 0, "The appointment slot is no longer available.")
    }

    /// The whole envelope; `field` is the name under which the status is told (fault 7 of the documentation).
    pub fn envelope(&self, field: &str) -> Value {
        let mut error = json!({"Message": self.message, "EventType": 2, "EventCode": self.event});
        error[field] = json!(self.status.as_u16());
        if field == "HttpStatusCode" {
            error["Description"] = Value::Null;
            error["ReferenceNumber"] = Value::Null;
        }
        json!({"status": "error", "error": error})
    }
}

/// The sandbox itself failed (its disk, its randomness): nothing was applied.
impl From<anyhow::Error> for Refusal {
    fn from(error: anyhow::Error) -> Self {
        tracing::error!(%error, "the sandbox could not answer");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, 0, "Internal error.")
    }
}

impl From<sqlx::Error> for Refusal {
    fn from(error: sqlx::Error) -> Self {
        anyhow::Error::new(error).into()
    }
}
