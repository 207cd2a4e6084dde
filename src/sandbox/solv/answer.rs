//! How Solv answers: `FastAPI`'s bodies, bare or in an envelope (A1, A2), and its refusals.
//!
//! A refusal of what was sent is a 422 whose `detail` lists each wrong field by its `loc`, in the words of pydantic's
//! first version (A27); any other is a status and a `detail` in words.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Value, json};

use super::Solv;
use super::choices::Envelope;
use crate::sandbox::answer;

/// One field that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Wrong {
    pub loc: Vec<String>,
    pub msg: String,
    #[serde(rename = "type")]
    pub kind: &'static str,
}

impl Wrong {
    /// `place` is `body`, `query` or `path`.
    pub fn new(place: &str, field: &str, msg: impl Into<String>, kind: &'static str) -> Self {
        Self {
            loc: vec![place.to_owned(), field.to_owned()],
            msg: msg.into(),
            kind,
        }
    }
}

/// Why a call was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    Fields(Vec<Wrong>),
    Said(StatusCode, String),
}

impl Refusal {
    pub fn said(status: StatusCode, words: impl Into<String>) -> Self {
        Self::Said(status, words.into())
    }

    pub fn not_found(words: impl Into<String>) -> Self {
        Self::said(StatusCode::NOT_FOUND, words)
    }

    /// One wrong field of the body, found after its type was good.
    pub fn value(field: &str, msg: impl Into<String>) -> Self {
        Self::Fields(vec![Wrong::new("body", field, msg, "value_error")])
    }

    pub fn status(&self) -> StatusCode {
        match self {
            Self::Fields(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Said(status, _) => *status,
        }
    }
}

impl From<answer::Refusal> for Refusal {
    fn from(refusal: answer::Refusal) -> Self {
        Self::said(refusal.status, refusal.message)
    }
}

impl From<sqlx::Error> for Refusal {
    fn from(error: sqlx::Error) -> Self {
        answer::Refusal::from(error).into()
    }
}

impl From<anyhow::Error> for Refusal {
    fn from(error: anyhow::Error) -> Self {
        answer::Refusal::from(error).into()
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = self.status();
        let detail = match self {
            Self::Fields(fields) => json!(fields),
            Self::Said(_, words) => json!(words),
        };
        let mut response = (status, Json(json!({"detail": detail}))).into_response();
        if status == StatusCode::UNAUTHORIZED {
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl Solv {
    /// The body of a 200, in the envelope if there is to be one.
    pub fn given(&self, body: Value) -> Response {
        match self.settings.choices().envelope {
            Envelope::Wrapped => Json(json!({"meta": {}, "data": body})).into_response(),
            Envelope::Bare => Json(body).into_response(),
        }
    }
}
