//! The session of an account: a token that is kept in memory only, renewed before it lapses, by one caller at a time
//! (<https://partner-api-docs-stage.solvhealth.com/v1/partner/docs/access-token-v-1-auth-token-post>).
//!
//! No call refreshes a token (A8): a new one is asked for with the key.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use secrecy::SecretString;
use tokio::sync::Mutex;

use crate::clock::Steady;
use crate::vendor::budget::Lane;
use crate::vendor::http::Request;
use crate::vendor::solv::caller::{Caller, NoCall};
use crate::vendor::solv::outcome::{self, TokenSignal};
use crate::vendor::solv::settings::Settings;
use crate::vendor::solv::wire;

/// A token is renewed when less than this is left, or less than half of its life where that is shorter.
const MARGIN: Duration = Duration::from_secs(60);
const TOKEN_CAP: usize = 64 * 1024;

/// A token to call with, and which one it is.
#[derive(Clone)]
pub struct Token {
    pub secret: SecretString,
    pub number: u64,
}

/// The key of an account, and what it opened.
pub struct Session {
    caller: Arc<Caller>,
    settings: Arc<Settings>,
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
    token: Token,
    renew_at: Steady,
}

impl Session {
    pub fn new(caller: Arc<Caller>, settings: Arc<Settings>) -> Self {
        Self {
            caller,
            settings,
            state: Mutex::default(),
            tries: AtomicU64::new(0),
        }
    }

    /// A token that holds. `spurned` is the number of one that Solv has just answered with a 401.
    pub async fn token(&self, spurned: Option<u64>) -> Result<Token, NoCall> {
        let tries = self.tries.load(Ordering::Acquire);
        let mut state = self.state.lock().await;
        if let Some(held) = &state.held
            && Some(held.token.number) != spurned
            && self.caller.now() < held.renew_at
        {
            return Ok(held.token.clone());
        }
        let number = self.tries.load(Ordering::Acquire);
        if let Some(refused) = &state.refused
            && number != tries
        {
            return Err(refused.clone());
        }
        let signed_in = self.sign_in(number + 1).await;
        self.tries.store(number + 1, Ordering::Release);
        match signed_in {
            Ok(held) => {
                let token = held.token.clone();
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
        let held = {
            let state = self.state.lock().await;
            state.held.as_ref().map(|held| held.token.number)
        };
        self.token(held).await
    }

    async fn sign_in(&self, number: u64) -> Result<Held, NoCall> {
        let body = wire::token::sign_in(&self.settings).map_err(NoCall::NoToken)?;
        let asked_at = self.caller.now();
        let request = Request::post(wire::token::PATH, body, TOKEN_CAP);
        let answer = self.caller.ask(Lane::SignIn, None, asked_at, request).await;
        let granted = match answer {
            Ok(answer) => match outcome::token_signal(&answer, self.caller.clock().now()) {
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
            token: Token {
                secret: granted.access,
                number,
            },
            renew_at: asked_at + granted.life.saturating_sub(margin),
        })
    }
}
