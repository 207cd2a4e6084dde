//! `POST /v1/auth/token`, and what every other call must carry (docs: quick start; A3 to A7).

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::Solv;
use super::account::{self, Account};
use super::answer::Refusal;
use super::choices::Scopes;
use super::form::Form;
use super::tokens::{Held, LIFE, Scope};
use crate::sandbox::headers::bearer;
use crate::sandbox::secret;

/// The call itself. Its answer never comes in an envelope.
pub async fn sign_in(
    State(solv): State<Arc<Solv>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Refusal> {
    let key = api_key(&headers)?;
    let mut form = Form::parse(&headers, &body)?;
    let client_id = form.required("client_id");
    let client_secret = form.required("client_secret");
    let grant_type = form.required("grant_type");
    let scope = form.required("scope");
    // A3: the quick start shows the second.
    let is_granted = |grant: &str| matches!(grant, "service_api" | "client_credentials");
    if grant_type
        .as_deref()
        .is_some_and(|grant| !is_granted(grant))
    {
        form.wrong(
            "grant_type",
            "grant_type must be 'service_api'",
            "value_error",
        );
    }
    let scopes = |scope: &String| scope.split(',').map(Scope::of).collect::<Option<Vec<_>>>();
    let scopes = scope.as_ref().and_then(scopes);
    if scope.is_some() && scopes.is_none() {
        form.wrong("scope", "unknown scope", "value_error");
    }
    form.checked()?;
    let account = account::find(&client_id.unwrap_or_default())
        .filter(|account| Some(account.client_secret) == client_secret.as_deref())
        .filter(|account| account.client_id == key)
        .ok_or_else(|| Refusal::said(StatusCode::UNAUTHORIZED, "Invalid client credentials"))?;
    let now = solv.service.clock.now();
    let (token, held) = solv
        .tokens
        .issue(account, scopes.unwrap_or_default(), now)?;
    let mut given =
        json!({"access_token": token, "token_type": "bearer", "grant_type": grant_type});
    if let Some(ends) = held.ends {
        given["expires_in"] = json!(LIFE);
        given["expiration_timestamp"] = json!(ends.to_rfc3339_opts(SecondsFormat::Millis, true));
        given["refresh_token"] = json!(secret::hex(24)?);
    }
    Ok(Json(given))
}

impl Solv {
    /// The partner whose living token allows this.
    pub fn admit(
        &self,
        headers: &HeaderMap,
        now: DateTime<Utc>,
        scope: Scope,
    ) -> Result<&'static Account, Refusal> {
        let key = api_key(headers)?;
        let held = self.bearer(headers, now).ok_or_else(|| {
            Refusal::said(StatusCode::UNAUTHORIZED, "Could not validate credentials")
        })?;
        if held.account.client_id != key {
            return Err(Refusal::said(
                StatusCode::UNAUTHORIZED,
                "x-api-key is not that of the token",
            ));
        }
        let is_lenient = self.settings.choices().scopes == Scopes::Lenient;
        let is_allowed = held.scopes.contains(&scope)
            || is_lenient
                && scope == Scope::ReadLocations
                && held.scopes.contains(&Scope::WriteBookings);
        if is_allowed {
            Ok(held.account)
        } else {
            let words = format!("Token scope must include {}", scope.word());
            Err(Refusal::said(StatusCode::FORBIDDEN, words))
        }
    }

    /// What the bearer token is for, if it lives.
    pub fn bearer(&self, headers: &HeaderMap, now: DateTime<Utc>) -> Option<Held> {
        self.tokens.held(bearer(headers)?, now)
    }
}

/// Every call carries it, the token call too (A4).
fn api_key(headers: &HeaderMap) -> Result<&str, Refusal> {
    let key = headers.get("x-api-key").and_then(|key| key.to_str().ok());
    key.ok_or_else(|| Refusal::said(StatusCode::FORBIDDEN, "x-api-key is missing"))
}
