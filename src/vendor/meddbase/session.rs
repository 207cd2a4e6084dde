//! The session of a manager: kept in memory only, opened by one caller at a time, proven by a code where that is asked.
//!
//! A code is sent to a person once for each end of a session, and again only when somebody asks for it; a password that
//! was refused is not tried again, because Meddbase blocks a user after a few.
//!
//! <https://meddbase.github.io/meddbase-apis/patient-portal-api/authentication/login.html>

mod keep_alive;

use std::sync::Arc;
use std::sync::Mutex as Quick;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use secrecy::SecretString;
use serde_json::Value;
use tokio::sync::Mutex;

use self::keep_alive::Usage;
use super::caller::{Call, Caller, Pass};
use super::outcome;
use super::wire::envelope::{Meaning, Refusal, Said};
use super::wire::sign_in::{self, Granted};
use crate::domain::failure::Failure;
use crate::vendor::budget::Lane;
use crate::vendor::line::NoCall;

/// What a manager signs in with.
pub struct Credentials {
    pub username: String,
    pub password: SecretString,
}

pub struct Session {
    caller: Arc<Caller>,
    credentials: Credentials,
    state: Mutex<State>,
    usage: Quick<Usage>,
    /// Tries to sign in that have ended. Who waited while another tried shares the result of that try.
    tries: AtomicU64,
}

#[derive(Default)]
struct State {
    held: Option<Held>,
    awaiting: Option<Awaiting>,
    refused: Option<NoCall>,
    /// How many sessions and tokens there have been.
    count: u64,
}

struct Held {
    session: SecretString,
    token: SecretString,
    number: u64,
}

/// A sign-in that waits for its code.
struct Awaiting {
    session: SecretString,
    token: Option<SecretString>,
    /// Where the code went, as a sentence.
    told: String,
}

impl Held {
    fn pass(&self) -> Pass {
        Pass {
            session: self.session.clone(),
            token: Some(self.token.clone()),
            number: self.number,
        }
    }
}

impl Awaiting {
    fn pass(&self) -> Pass {
        Pass {
            session: self.session.clone(),
            token: self.token.clone(),
            number: 0,
        }
    }
}

impl Session {
    /// `life` is how long an unused session is believed to live until the vendor tells.
    pub fn new(caller: Arc<Caller>, credentials: Credentials, life: Duration) -> Self {
        Self {
            caller,
            credentials,
            state: Mutex::default(),
            usage: Quick::new(Usage::new(life)),
            tries: AtomicU64::new(0),
        }
    }

    /// A session that holds. `spurned` is the number of one that Meddbase has just said is over.
    pub async fn pass(self: &Arc<Self>, spurned: Option<u64>) -> Result<Pass, NoCall> {
        let tries = self.tries.load(Ordering::Acquire);
        let mut state = self.state.lock().await;
        if let Some(held) = &state.held
            && Some(held.number) != spurned
        {
            return Ok(held.pass());
        }
        if let Some(awaiting) = &state.awaiting {
            return Err(NoCall::CodeNeeded(awaiting.told.clone()));
        }
        if let Some(refused) = &state.refused {
            let is_final = matches!(refused, NoCall::KeyRefused(_));
            if is_final || self.tries.load(Ordering::Acquire) != tries {
                return Err(refused.clone());
            }
        }
        self.log_in(&mut state).await
    }

    /// The session was used, and Meddbase took it: it lives on from `asked_at`.
    pub fn was_used(self: &Arc<Self>, asked_at: crate::clock::Steady) {
        self.note_use(asked_at);
        self.keep_alive();
    }

    /// Somebody is at the console: while the session lives, it is kept.
    pub fn is_in_use(self: &Arc<Self>) {
        if self.note_presence(self.caller.now()) {
            self.keep_alive();
        }
    }

    /// Meddbase did not take even a fresh session.
    pub async fn forget(&self, number: u64) {
        let mut state = self.state.lock().await;
        state.held.take_if(|held| held.number == number);
    }

    /// Proves the session on the wire, or opens one; never sends a second code.
    pub async fn prove(self: &Arc<Self>) -> Result<(), NoCall> {
        let held = self.state.lock().await.held.as_ref().map(Held::pass);
        let spurned = match held {
            Some(pass) if self.validate(&pass).await? => return Ok(()),
            held => held.map(|pass| pass.number),
        };
        self.pass(spurned).await.map(drop)
    }

    /// `POST /auth/submit-2fa-code`
    pub async fn confirm(self: &Arc<Self>, code: &str) -> Result<(), Failure> {
        let mut state = self.state.lock().await;
        let Some(awaiting) = &state.awaiting else {
            return match &state.held {
                Some(_) => Ok(()),
                None => Ok(self.log_in(&mut state).await.map(drop)?),
            };
        };
        let body = sign_in::code(code);
        let call = Call::post(sign_in::SUBMIT_CODE, Vec::new(), &body);
        let pass = awaiting.pass();
        let said = self.ask(&call, Some(&pass)).await?;
        match &said {
            Said::Result(result) => {
                let granted = sign_in::granted(result, Some(&pass.session));
                let granted = granted.map_err(Failure::WrongShape)?;
                state.awaiting = None;
                self.hold(&mut state, granted);
                Ok(())
            }
            Said::Refusal(refusal) if refusal.meaning() == Meaning::Business => {
                Err(Failure::Refused(refusal.words.clone()))
            }
            _ if said.is_session_over() => {
                state.awaiting = None;
                match self.log_in(&mut state).await {
                    Ok(_) => Ok(()),
                    Err(NoCall::CodeNeeded(told)) => {
                        Err(Failure::Refused(format!("That sign-in had lapsed. {told}")))
                    }
                    Err(no) => Err(no.into()),
                }
            }
            _ => Err(outcome::failure(sign_in::SUBMIT_CODE, said)),
        }
    }

    /// Has the code sent once more, and tells where to.
    pub async fn resend(self: &Arc<Self>) -> Result<String, Failure> {
        let mut state = self.state.lock().await;
        if let Some(awaiting) = &mut state.awaiting {
            match self.send_code(&awaiting.pass()).await {
                Ok(Some(told)) => {
                    awaiting.told.clone_from(&told);
                    return Ok(told);
                }
                Ok(None) => state.awaiting = None,
                Err(failure) => return Err(failure),
            }
        } else if state.held.is_some() {
            return Err(Failure::Refused("this desk is signed in".to_owned()));
        }
        match self.log_in(&mut state).await {
            Err(NoCall::CodeNeeded(told)) => Ok(told),
            Err(no) => Err(no.into()),
            Ok(_) => Err(Failure::Refused("no code is needed now".to_owned())),
        }
    }

    async fn log_in(self: &Arc<Self>, state: &mut State) -> Result<Pass, NoCall> {
        let had_one = state.held.take().is_some();
        let opened = self.open(state, had_one).await;
        self.tries.fetch_add(1, Ordering::AcqRel);
        state.refused = match &opened {
            Ok(_) | Err(NoCall::CodeNeeded(_)) => None,
            Err(no) => Some(no.clone()),
        };
        opened
    }

    async fn open(self: &Arc<Self>, state: &mut State, had_one: bool) -> Result<Pass, NoCall> {
        let body = sign_in::log_in(&self.credentials);
        let query = vec![("is-oh", "true".to_owned())];
        let call = Call::post(sign_in::LOG_IN, query, &body);
        let result = match self.ask(&call, None).await {
            // It was the sign-in that got lost, not the call that waits for it.
            Err(NoCall::Lost(why)) => return Err(NoCall::NotSignedIn(why)),
            Err(no) => return Err(no),
            Ok(said) => granted_or_why(said)?,
        };
        let granted = sign_in::granted(&result, None).map_err(NoCall::NotSignedIn)?;
        if !granted.needs_code {
            return Ok(self.hold(state, granted));
        }
        let mut awaiting = Awaiting {
            session: granted.session,
            token: granted.token,
            told: String::new(),
        };
        let sent = self.send_code(&awaiting.pass()).await;
        let told = match sent {
            Ok(Some(told)) => told,
            Ok(None) => "The code could not be sent: ask for it once more.".to_owned(),
            Err(why) => format!("The code could not be sent ({why}): ask for it once more."),
        };
        awaiting.told = if had_one {
            format!("Sign in again: the session has ended. {told}")
        } else {
            told
        };
        let needed = NoCall::CodeNeeded(awaiting.told.clone());
        state.awaiting = Some(awaiting);
        Err(needed)
    }

    /// `GET /auth/send-2fa-code`: by SMS if a mobile is known, else by e-mail. None where the sign-in has lapsed.
    async fn send_code(&self, pass: &Pass) -> Result<Option<String>, Failure> {
        let call = Call::get(sign_in::SEND_CODE, Vec::new());
        match self.ask(&call, Some(pass)).await? {
            Said::Result(result) => {
                let way = sign_in::delivery(&result);
                let username = &self.credentials.username;
                Ok(Some(format!("A code was sent to the {way} of {username}.")))
            }
            said if said.is_session_over() => Ok(None),
            said => Err(outcome::failure(sign_in::SEND_CODE, said)),
        }
    }

    /// `GET /auth/validate`: false where the session is over.
    async fn validate(self: &Arc<Self>, pass: &Pass) -> Result<bool, NoCall> {
        let call = Call::get(sign_in::VALIDATE, Vec::new());
        let asked_at = self.caller.now();
        let said = self.ask(&call, Some(pass)).await?;
        match said {
            Said::Result(result) => {
                self.note_validation(asked_at, sign_in::remaining(&result));
                self.renew(pass.number, sign_in::token(&result)).await;
                Ok(true)
            }
            said if said.is_session_over() => Ok(false),
            said => Err(NoCall::NotSignedIn(
                outcome::failure(sign_in::VALIDATE, said).to_string(),
            )),
        }
    }

    /// Takes a token that came in the place of another.
    async fn renew(&self, number: u64, token: Option<SecretString>) {
        use secrecy::ExposeSecret;
        let mut state = self.state.lock().await;
        let count = state.count + 1;
        if let (Some(held), Some(token)) = (&mut state.held, token)
            && held.number == number
            && held.token.expose_secret() != token.expose_secret()
        {
            held.token = token;
            held.number = count;
            state.count = count;
        }
    }

    fn hold(self: &Arc<Self>, state: &mut State, granted: Granted) -> Pass {
        state.count += 1;
        let held = Held {
            session: granted.session,
            token: granted.token.unwrap_or_default(),
            number: state.count,
        };
        let pass = held.pass();
        state.held = Some(held);
        state.refused = None;
        self.note_sign_in(self.caller.now(), granted.life);
        self.keep_alive();
        pass
    }

    async fn ask(&self, call: &Call<'_>, pass: Option<&Pass>) -> Result<Said, NoCall> {
        let now = self.caller.now();
        self.caller.ask(Lane::SignIn, None, now, call, pass).await
    }
}

/// The result of a sign-in, or what there is instead of a session.
fn granted_or_why(said: Said) -> Result<Value, NoCall> {
    match said {
        Said::Result(result) => Ok(result),
        Said::Refusal(refusal) => {
            let is_later = refusal.meaning() == Meaning::Starting
                || refusal.status == 408
                || refusal.status >= 500;
            let remedy = remedy(&refusal);
            let words = refusal.words;
            Err(if is_later {
                NoCall::NotSignedIn(words)
            } else {
                NoCall::KeyRefused(format!("{words} {remedy}"))
            })
        }
        Said::Strange { status: 401, .. } => Err(NoCall::KeyRefused(
            "Meddbase does not accept this user name and password".to_owned(),
        )),
        Said::Strange { why, .. } => Err(NoCall::NotSignedIn(format!("the sign-in failed: {why}"))),
    }
}

/// What a person can do about a sign-in that was refused, by the vendor's code for it. A wrong password has none of its
/// own (contract, section 12, number 3).
fn remedy(refusal: &Refusal) -> &'static str {
    match (refusal.code, refusal.meaning()) {
        (3 | 4, _) => "Correct the client-id of the profile and start frontdesk again.",
        (13, _) => {
            "This desk's network is not among those that the employer allows: ask whoever manages Meddbase there."
        }
        (14, _) => {
            "Have whoever manages Meddbase there unblock this user, then start frontdesk again."
        }
        (_, Meaning::Malformed) => "This is not about the password: ask Meddbase.",
        _ => "Correct the profile and start frontdesk again: a wrong password is not tried twice.",
    }
}
