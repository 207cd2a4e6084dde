//! The two token calls. The refresh is published in full
//! (<https://developer.flabslis.com/auth/endpoint/get_auth_token_refresh>); the body of the sign-in is assumption A1.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::loose::Words;
use crate::vendor::session::{Granted, is_token};

pub const SIGN_IN: &str = "/client/auth/token";
pub const REFRESH: &str = "/client/auth/token/refresh";

/// "Auth token lives 10 minutes" (<https://developer.flabslis.com/auth/introduction>).
const PUBLISHED_LIFE: u64 = 600;
/// A longer life is not believed.
const LONGEST_LIFE: u64 = 24 * 3_600;

#[derive(Serialize)]
struct SignIn<'a> {
    #[serde(rename = "clientID")]
    client_id: &'a str,
    #[serde(rename = "clientSecret")]
    client_secret: &'a str,
}

#[derive(Serialize)]
struct Refresh<'a> {
    #[serde(rename = "clientID")]
    client_id: &'a str,
    #[serde(rename = "refreshToken")]
    refresh_token: &'a str,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(rename = "authToken")]
    auth_token: String,
    #[serde(rename = "refreshToken", default)]
    refresh_token: Option<String>,
    #[serde(rename = "expiresIn", default)]
    expires_in: Option<Words>,
}

pub fn sign_in(client_id: &str, client_secret: &SecretString) -> Result<Vec<u8>, String> {
    let client_secret = client_secret.expose_secret();
    let body = SignIn {
        client_id,
        client_secret,
    };
    serde_json::to_vec(&body).map_err(|error| error.to_string())
}

pub fn refresh(client_id: &str, refresh_token: &SecretString) -> Result<Vec<u8>, String> {
    let refresh_token = refresh_token.expose_secret();
    let body = Refresh {
        client_id,
        refresh_token,
    };
    serde_json::to_vec(&body).map_err(|error| error.to_string())
}

/// The answer to either call, or what is wrong with it; never a word of what it holds.
pub fn granted(body: &[u8]) -> Result<Granted, String> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let answer: Answer = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let (line, column) = (error.inner().line(), error.inner().column());
        format!(
            "{}: not as published (line {line} column {column})",
            error.path()
        )
    })?;
    if !is_token(&answer.auth_token) {
        return Err("authToken: not a token".to_owned());
    }
    let life = answer.expires_in.and_then(Words::joined);
    let life = life.and_then(|seconds| seconds.parse().ok());
    let refresh = answer.refresh_token.filter(|token| !token.is_empty());
    Ok(Granted {
        access: answer.auth_token.into(),
        refresh: refresh.map(SecretString::from),
        life: Duration::from_secs(life.unwrap_or(PUBLISHED_LIFE).min(LONGEST_LIFE)),
    })
}
