//! How Flabs grants its tokens: for the account's key, and for the refresh token that came with the one before.
//!
//! Auth tokens live ten minutes; refresh tokens lapse after 30 days without use
//! (<https://developer.flabslis.com/auth/introduction>).

use secrecy::SecretString;

use super::outcome::{self, FLABS};
use super::wire::token;
use crate::vendor::line::{Line, NoCall};
use crate::vendor::session::{self, Granted};

/// An account's client id and secret.
pub struct Key {
    pub client_id: String,
    pub client_secret: SecretString,
}

impl session::Key for Key {
    /// Refreshes where there is something to refresh with, and signs in where there is not or Flabs refuses it.
    async fn turn(&self, line: &Line, refresh: Option<&SecretString>) -> Result<Granted, NoCall> {
        if let Some(refresh) = refresh {
            let body = token::refresh(&self.client_id, refresh);
            match ask(line, token::REFRESH, body).await {
                Err(NoCall::KeyRefused(_)) => {}
                granted => return granted,
            }
        }
        let body = token::sign_in(&self.client_id, &self.client_secret);
        ask(line, token::SIGN_IN, body).await
    }
}

async fn ask(line: &Line, path: &str, body: Result<Vec<u8>, String>) -> Result<Granted, NoCall> {
    let body = body.map_err(NoCall::NotSignedIn)?;
    session::ask_for_token(line, FLABS, path, body, token::granted, outcome::words).await
}
