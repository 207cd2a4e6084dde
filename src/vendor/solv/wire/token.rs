//! The token call (<https://partner-api-docs-stage.solvhealth.com/v1/partner/docs/access-token-v-1-auth-token-post>).

use std::time::Duration;

use chrono::{DateTime, Utc};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};

use super::loose::{Whole, opened, shaped};
use crate::vendor::session::{Granted, is_token};
use crate::vendor::solv::settings::Settings;

pub const PATH: &str = "/v1/auth/token";

/// Tokens for bookings end after an hour, those for locations alone never do: asked for once an hour they are new
/// enough, too.
const PUBLISHED_LIFE: u64 = 3_600;
/// A longer life is not believed.
const LONGEST_LIFE: u64 = 24 * 3_600;

#[derive(Serialize)]
struct SignIn<'a> {
    client_id: &'a str,
    client_secret: &'a str,
    /// C2: the quick start shows another; the page of the call says that it must be this one.
    grant_type: &'static str,
    scope: String,
}

#[derive(Deserialize)]
struct Answer {
    access_token: String,
    #[serde(default)]
    expires_in: Option<Whole>,
    #[serde(default)]
    expiration_timestamp: Option<String>,
}

pub fn sign_in(settings: &Settings) -> Result<Vec<u8>, String> {
    let body = SignIn {
        client_id: &settings.client_id,
        client_secret: settings.client_secret.expose_secret(),
        grant_type: "service_api",
        scope: settings.scopes.join(","),
    };
    serde_json::to_vec(&body).map_err(|error| error.to_string())
}

/// The answer, or what is wrong with it; never a word of what it holds. `now` is only asked where Solv tells when the
/// token ends and not how long it lives.
pub fn granted(body: &[u8], now: DateTime<Utc>) -> Result<Granted, String> {
    let answer: Answer = shaped(opened(body)?)?;
    if !is_token(&answer.access_token) {
        return Err("access_token: not a token".to_owned());
    }
    let told = answer.expires_in.map(|Whole(seconds)| seconds);
    let told = told.or_else(|| {
        let ends = DateTime::parse_from_rfc3339(&answer.expiration_timestamp?).ok()?;
        Some((ends.to_utc() - now).num_seconds())
    });
    let life = told.and_then(|seconds| u64::try_from(seconds).ok());
    let life = life
        .filter(|seconds| *seconds > 0)
        .unwrap_or(PUBLISHED_LIFE);
    Ok(Granted {
        access: answer.access_token.into(),
        refresh: None,
        life: Duration::from_secs(life.min(LONGEST_LIFE)),
    })
}
