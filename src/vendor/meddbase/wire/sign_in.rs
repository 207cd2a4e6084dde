//! The calls of section `auth`
//! (<https://meddbase.github.io/meddbase-apis/patient-portal-api/authentication/login.html>).

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::object::Object;
use crate::vendor::meddbase::session::Credentials;

pub const LOG_IN: &str = "/patientportalapi/auth/login";
pub const SEND_CODE: &str = "/patientportalapi/auth/send-2fa-code";
pub const SUBMIT_CODE: &str = "/patientportalapi/auth/submit-2fa-code";
pub const VALIDATE: &str = "/patientportalapi/auth/validate";
pub const CONFIG: &str = "/patientportalapi/auth/config";

/// What a sign-in gives.
pub struct Granted {
    pub session: SecretString,
    pub token: Option<SecretString>,
    pub needs_code: bool,
    /// How long it lives unused, as the configuration tells it.
    pub life: Option<Duration>,
}

pub fn log_in(credentials: &Credentials) -> Value {
    json!({"username": credentials.username, "password": credentials.password.expose_secret()})
}

pub fn code(code: &str) -> Value {
    json!({"code": code.trim()})
}

/// The session of an answer, which is spelled in two ways; `known` is the one it was asked with.
pub fn granted(result: &Value, known: Option<&SecretString>) -> Result<Granted, String> {
    let shape = |why: &str| format!("the sign-in: {why}");
    let result = Object::of(result).ok_or_else(|| shape("no object"))?;
    let session = session(result).or_else(|| known.cloned());
    let session = session.ok_or_else(|| shape("SessionID is missing"))?;
    let token = header_text(result.key("Token"));
    let needs_code = result.flag("Require2FA").unwrap_or(false) && known.is_none();
    if token.is_none() && !needs_code {
        return Err(shape("Token is missing"));
    }
    let config = result.object("Config");
    let config = config.and_then(|config| config.object("Configuration"));
    let life = config.and_then(|config| config.whole("SessionTimeout"));
    Ok(Granted {
        session,
        token,
        needs_code,
        life: seconds(life),
    })
}

/// `SessionID` or `SessionId`.
pub fn session(result: Object<'_>) -> Option<SecretString> {
    let names = ["SessionID", "SessionId"];
    header_text(names.into_iter().find_map(|name| result.key(name)))
}

/// `Mobile` and whatever else there is, as a word within a sentence.
pub fn delivery(result: &Value) -> String {
    let way = Object::of(result).and_then(|result| result.text("DeliveryMethod"));
    way.map_or_else(|| "mobile or e-mail".to_owned(), |way| way.to_lowercase())
}

pub fn token(result: &Value) -> Option<SecretString> {
    header_text(Object::of(result)?.key("Token"))
}

/// What is left of a session's life.
pub fn remaining(result: &Value) -> Option<Duration> {
    seconds(Object::of(result)?.whole("RemainingTime"))
}

fn seconds(seconds: Option<i64>) -> Option<Duration> {
    Some(Duration::from_secs(u64::try_from(seconds?).ok()?))
}

/// What cannot stand in a header is no session and no token.
fn header_text(text: Option<String>) -> Option<SecretString> {
    let text = text.filter(|text| text.bytes().all(|byte| byte.is_ascii_graphic()))?;
    Some(text.into())
}
