//! How Solv grants its tokens: for the account's key alone. No call refreshes one (A8)
//! (<https://partner-api-docs-stage.solvhealth.com/v1/partner/docs/access-token-v-1-auth-token-post>).

use std::sync::Arc;

use secrecy::SecretString;

use super::outcome::{self, SOLV};
use super::settings::Settings;
use super::wire::token;
use crate::vendor::line::{Line, NoCall};
use crate::vendor::session::{self, Granted};

/// An account's client id and secret, and what it asks for with them.
pub struct Key(pub Arc<Settings>);

impl session::Key for Key {
    async fn turn(&self, line: &Line, _: Option<&SecretString>) -> Result<Granted, NoCall> {
        let body = token::sign_in(&self.0).map_err(NoCall::NotSignedIn)?;
        let now = line.clock().now();
        let read = |body: &[u8]| token::granted(body, now);
        session::ask_for_token(line, SOLV, token::PATH, body, read, outcome::words).await
    }
}
