//! The session of an account whose calls carry a bearer token: kept in memory only, renewed before it lapses, by one
//! caller at a time.
//!
//! Must not know how a vendor grants its tokens: that is its [`Key`].

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use reqwest::StatusCode;
use secrecy::SecretString;
use tokio::sync::Mutex;

use super::budget::{Lane, Slot as Right};
use super::http::{Answer, Request};
use super::line::{Line, NoCall};
use crate::clock::Steady;

/// A token is renewed when less than this is left, or less than half of its life where that is shorter.
const MARGIN: Duration = Duration::from_secs(60);
/// Bytes of an answer to a sign-in.
const TOKEN_CAP: usize = 64 * 1024;

/// What opens an account.
pub trait Key: Send + Sync {
    /// Asks for a token, with `refresh` where the token before came with it.
    fn turn(
        &self,
        line: &Line,
        refresh: Option<&SecretString>,
    ) -> impl Future<Output = Result<Granted, NoCall>> + Send;
}

/// What a vendor grants.
pub struct Granted {
    pub access: SecretString,
    /// What a new token can be asked for with.
    pub refresh: Option<SecretString>,
    pub life: Duration,
}

/// The key of an account, and what it opened.
pub struct Session<K> {
    line: Arc<Line>,
    key: K,
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
    refresh: Option<SecretString>,
    renew_at: Steady,
}

/// A token to call with, and which one it is.
#[derive(Clone)]
struct Token {
    secret: SecretString,
    number: u64,
}

impl<K: Key> Session<K> {
    pub fn new(line: Arc<Line>, key: K) -> Self {
        Self {
            line,
            key,
            state: Mutex::default(),
            tries: AtomicU64::new(0),
        }
    }

    /// Asks for a token where there is none that holds.
    pub async fn sign_in(&self) -> Result<(), NoCall> {
        self.token(None).await.map(drop)
    }

    /// Asks for a new token whatever is held: proves the name, the connection, its encryption and the key.
    pub async fn prove(&self) -> Result<(), NoCall> {
        let held = {
            let state = self.state.lock().await;
            state.held.as_ref().map(|held| held.token.number)
        };
        self.token(held).await.map(drop)
    }

    /// Asks with a token that holds, and once more with a new one when the vendor does not take it: a 401 proves that
    /// the first did nothing.
    pub async fn ask(
        &self,
        lane: Lane,
        right: Option<Right>,
        request: Request<'_>,
    ) -> Result<Answer, NoCall> {
        let wanted_at = self.line.now();
        let token = self.token(None).await?;
        let first = request.clone().signed(&token.secret);
        let answer = self.line.ask(lane, right, wanted_at, first).await?;
        if answer.status != StatusCode::UNAUTHORIZED {
            return Ok(answer);
        }
        let token = self.token(Some(token.number)).await?;
        let again = request.signed(&token.secret);
        let answer = self.line.ask(lane, None, wanted_at, again).await?;
        if answer.status == StatusCode::UNAUTHORIZED {
            self.forget(token.number).await;
        }
        Ok(answer)
    }

    /// A token that holds. `spurned` is the number of one that the vendor has just answered with a 401.
    async fn token(&self, spurned: Option<u64>) -> Result<Token, NoCall> {
        let tries = self.tries.load(Ordering::Acquire);
        let mut state = self.state.lock().await;
        if let Some(held) = &state.held
            && Some(held.token.number) != spurned
            && self.line.now() < held.renew_at
        {
            return Ok(held.token.clone());
        }
        let number = self.tries.load(Ordering::Acquire);
        if let Some(refused) = &state.refused
            && number != tries
        {
            return Err(refused.clone());
        }
        let asked_at = self.line.now();
        let refresh = state.held.as_ref().and_then(|held| held.refresh.as_ref());
        let granted = self.key.turn(&self.line, refresh).await;
        self.tries.store(number + 1, Ordering::Release);
        match granted {
            Ok(granted) => {
                let held = Held::new(granted, number + 1, asked_at);
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

    /// The vendor did not take even a fresh token: the next call signs in with the key instead of refreshing.
    async fn forget(&self, number: u64) {
        let mut state = self.state.lock().await;
        state.held.take_if(|held| held.token.number == number);
    }
}

impl Held {
    fn new(granted: Granted, number: u64, asked_at: Steady) -> Self {
        let margin = MARGIN.min(granted.life / 2);
        Self {
            token: Token {
                secret: granted.access,
                number,
            },
            refresh: granted.refresh,
            renew_at: asked_at + granted.life.saturating_sub(margin),
        }
    }
}

/// Whether a text can stand in a header as a token.
pub fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Asks `path` for a token with `body`. `read` reads what is granted, `words` what a refusal says, where the body is
/// one of the vendor's.
pub async fn ask_for_token(
    line: &Line,
    vendor: &'static str,
    path: &str,
    body: Vec<u8>,
    read: impl FnOnce(&[u8]) -> Result<Granted, String>,
    words: impl FnOnce(&Answer) -> Option<String>,
) -> Result<Granted, NoCall> {
    let request = Request::post(path, body, TOKEN_CAP);
    let answer = match line.ask(Lane::SignIn, None, line.now(), request).await {
        Ok(answer) => answer,
        // It was the sign-in that got lost, not the call that waits for it.
        Err(NoCall::Lost(why)) => return Err(NoCall::NotSignedIn(why)),
        Err(no) => return Err(no),
    };
    let status = answer.status.as_u16();
    let unusable = |why: &str| NoCall::NotSignedIn(format!("POST {path}: {why}"));
    match (status, words(&answer)) {
        (200..=299, _) => {
            let body = answer.body.map_err(|cut| unusable(&cut.to_string()))?;
            read(&body).map_err(|why| unusable(&why))
        }
        (401, words) => Err(NoCall::KeyRefused(words.unwrap_or_else(|| {
            format!("{vendor} does not accept this client id and secret")
        }))),
        (400 | 403 | 404 | 422, Some(words)) => Err(NoCall::KeyRefused(words)),
        (429, _) => Err(NoCall::SignInLimited {
            vendor,
            retry_after: answer.retry_after,
        }),
        _ => Err(unusable(&format!("answered {status}"))),
    }
}
