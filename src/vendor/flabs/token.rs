//! The session of an account: a token that is kept in memory only, renewed before it lapses, by one caller at a time.
//!
//! Auth tokens live ten minutes; refresh tokens lapse after 30 days without use
//! (<https://developer.flabslis.com/auth/introduction>).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use secrecy::SecretString;
use tokio::sync::Mutex;

use crate::clock::Steady;
use crate::vendor::budget::Lane;
use crate::vendor::flabs::caller::{Caller, NoCall};
use crate::vendor::flabs::outcome::{self, TokenSignal};
use crate::vendor::flabs::wire;
use crate::vendor::http::Request;

/// A token is renewed when less than this is left, or less than half of its life where that is shorter.
const MARGIN: Duration = Duration::from_secs(60);
const TOKEN_CAP: usize = 64 * 1024;

/// A token to call with, and which one it is.
pub struct Token {
    pub secret: SecretString,
    pub number: u64,
}

/// The key of an account, and what it opened.
pub struct Session {
    caller: Arc<Caller>,
    client_id: String,
    client_secret: SecretString,
    state: Mutex<State>,
    /// Tries to get a token that have ended. Who waited while another tried shares the result of that try.
    tries: AtomicU64,
}

#[derive(Default)]
struct State {
    held: Option<Held>,
    refused: Option<NoCall>,
}

struct Held {
    number: u64,
    access: SecretString,
    refresh: Option<SecretString>,
    renew_at: Steady,
}

impl Session {
    pub fn new(caller: Arc<Caller>, client_id: String, client_secret: SecretString) -> Self {
        Self {
            caller,
            client_id,
            client_secret,
            state: Mutex::default(),
            tries: AtomicU64::new(0),
        }
    }

    /// A token that holds. `spurned` is the number of one that Flabs has just answered with a 401.
    pub async fn token(&self, spurned: Option<u64>) -> Result<Token, NoCall> {
        let tries = self.tries.load(Ordering::Acquire);
        let mut state = self.state.lock().await;
        if let Some(held) = &state.held
            && Some(held.number) != spurned
            && self.caller.now() < held.renew_at
        {
            return Ok(held.token());
        }
        let number = self.tries.load(Ordering::Acquire);
        if let Some(refused) = &state.refused
            && number != tries
        {
            return Err(refused.clone());
        }
        let renewed = self.renew(state.held.as_ref(), number + 1).await;
        self.tries.store(number + 1, Ordering::Release);
        match renewed {
            Ok(held) => {
                let token = held.token();
                *state = State {
                    held: Some(held),
                    refused: None,
                };
                Ok(token)
            }
            Err(no) => {
                state.refused = Some(no.clone());
                Err(no)
            }
        }
    }

    /// A token that was granted just now, whatever is held.
    pub async fn fresh(&self) -> Result<Token, NoCall> {
        let held = self
            .state
            .lock()
            .await
            .held
            .as_ref()
            .map(|held| held.number);
        self.token(held).await
    }

    /// Flabs did not take even a fresh token: the next call signs in with the key instead of refreshing.
    pub async fn forget(&self, number: u64) {
        let mut state = self.state.lock().await;
        state.held.take_if(|held| held.number == number);
    }

    /// Refreshes where there is something to refresh with, and signs in where there is not or Flabs refuses it.
    async fn renew(&self, held: Option<&Held>, number: u64) -> Result<Held, NoCall> {
        if let Some(refresh) = held.and_then(|held| held.refresh.as_ref()) {
            let body = wire::token::refresh(&self.client_id, refresh);
            match self.ask(wire::token::REFRESH, body, number).await {
                Err(NoCall::KeyRefused(_)) => {}
                renewed => return renewed,
            }
        }
        let body = wire::token::sign_in(&self.client_id, &self.client_secret);
        self.ask(wire::token::SIGN_IN, body, number).await
    }

    async fn ask(
        &self,
        path: &str,
        body: Result<Vec<u8>, String>,
        number: u64,
    ) -> Result<Held, NoCall> {
        let body = body.map_err(NoCall::NoToken)?;
        let asked_at = self.caller.now();
        let request = Request::post(path, body, TOKEN_CAP);
        let answer = self.caller.ask(Lane::SignIn, None, asked_at, request).await;
        let granted = match answer {
            Ok(answer) => match outcome::token_signal(path, &answer) {
                TokenSignal::Granted(granted) => granted,
                TokenSignal::KeyRefused(why) => return Err(NoCall::KeyRefused(why)),
                TokenSignal::Limited { retry_after } => {
                    return Err(NoCall::SignInLimited { retry_after });
                }
                TokenSignal::Unusable(why) => return Err(NoCall::NoToken(why)),
            },
            // It was the sign-in that got lost, not the call that waits for it.
            Err(NoCall::Lost(why)) => return Err(NoCall::NoToken(why)),
            Err(no) => return Err(no),
        };
        let margin = MARGIN.min(granted.life / 2);
        Ok(Held {
            number,
            access: granted.access,
            refresh: granted.refresh,
            renew_at: asked_at + granted.life.saturating_sub(margin),
        })
    }
}

impl Held {
    fn token(&self) -> Token {
        Token {
            secret: self.access.clone(),
            number: self.number,
        }
    }
}
