//! Who is logged in.
//!
//! <https://meddbase.github.io/meddbase-apis/patient-portal-api/communication-overview/client-authentication.html>.
//! Sessions live in memory: a sandbox that was restarted asks everybody to log in again.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use super::account::{Client, Manager};
use super::code::{Code, Underway};
use super::refusal::Refusal;
use super::sent::Sent;
use super::settings::Choices;
use crate::sandbox::secret;

/// A3: wrong passwords in a row that are still answered.
const LOGINS: u8 = 5;
/// How long a blocked user stays so; nothing is published about it.
const BLOCKED_MINUTES: i64 = 15;

/// A manager's session.
struct Login {
    client: &'static Client,
    manager: &'static Manager,
    token: String,
    used: DateTime<Utc>,
    /// Not logged in until a code comes.
    is_awaiting: bool,
    code: Option<Code>,
}

/// What logging in gives.
pub struct Opened {
    pub session: String,
    pub token: String,
    pub manager: &'static Manager,
    pub is_awaiting: bool,
}

#[derive(Default)]
struct Open {
    logins: HashMap<String, Login>,
    /// By client key and email: wrong passwords in a row, and when the last one came.
    failures: HashMap<(&'static str, String), (u8, DateTime<Utc>)>,
}

/// All open sessions.
#[derive(Default)]
pub struct Sessions(Mutex<Open>);

impl Sessions {
    /// `Login`: a session, awaiting a code where the manager needs two factors.
    pub fn log_in(
        &self,
        client: &'static Client,
        email: &str,
        password: &str,
        now: DateTime<Utc>,
    ) -> Result<Opened, Refusal> {
        let mut open = self.open();
        let name = (client.key, email.to_lowercase());
        let (failed, at) = open.failures.get(&name).copied().unwrap_or((0, now));
        let is_old = now - at >= TimeDelta::minutes(BLOCKED_MINUTES);
        let failed = if is_old { 0 } else { failed };
        if failed >= LOGINS {
            return Err(Refusal::blocked());
        }
        let manager = client
            .manager(email)
            .filter(|manager| manager.password == password);
        let Some(manager) = manager else {
            open.failures.insert(name, (failed + 1, now));
            let message = "User name or password is wrong.";
            return Err(Refusal {
                event: 0,
                message: message.to_owned(),
                ..Refusal::logged_out(false)
            });
        };
        open.failures.remove(&name);
        let session = secret::hex(12)?;
        let token = uuid(&secret::hex(16)?);
        let login = Login {
            client,
            manager,
            token: token.clone(),
            used: now,
            is_awaiting: manager.needs_two_factors,
            code: None,
        };
        open.logins.insert(session.clone(), login);
        Ok(Opened {
            session,
            token,
            manager,
            is_awaiting: manager.needs_two_factors,
        })
    }

    /// Who is logged in with the session and token that were sent. Keeps the session alive.
    pub fn admit(
        &self,
        client: &Client,
        sent: &Sent,
        now: DateTime<Utc>,
        idle: i64,
    ) -> Result<&'static Manager, Refusal> {
        let mut open = self.open();
        let login = open.login(client, sent, now, idle)?;
        if login.is_awaiting {
            return Err(Refusal::logged_out(false));
        }
        if sent.token() != Some(&login.token) {
            return Err(Refusal::token());
        }
        login.used = now;
        Ok(login.manager)
    }

    /// The manager of a session, without its token; None where no session was sent.
    pub fn known(
        &self,
        client: &Client,
        sent: &Sent,
        now: DateTime<Utc>,
        idle: i64,
    ) -> Result<Option<&'static Manager>, Refusal> {
        if sent.session().is_none() {
            return Ok(None);
        }
        let mut open = self.open();
        let login = open.login(client, sent, now, idle)?;
        login.used = now;
        Ok((!login.is_awaiting).then_some(login.manager))
    }

    /// A new code for a session that awaits one; tells whether it goes to a mobile.
    pub fn send_code(
        &self,
        client: &Client,
        sent: &Sent,
        wants_mobile: Option<bool>,
        choices: Choices,
        now: DateTime<Utc>,
    ) -> Result<bool, Refusal> {
        let mut open = self.open();
        let login = open.awaiting(client, sent, now, choices.idle_seconds)?;
        let has_mobile = login.manager.mobile.is_some();
        let is_mobile = wants_mobile.unwrap_or(has_mobile);
        if is_mobile && !has_mobile {
            return Err(Refusal::business("No mobile number is known."));
        }
        login.code = Some(Code::new(choices.has_random_codes, now));
        Ok(is_mobile)
    }

    /// Logs a session in that awaited this code; the token is another one from now on.
    pub fn submit_code(
        &self,
        client: &Client,
        sent: &Sent,
        given: &str,
        now: DateTime<Utc>,
        idle: i64,
    ) -> Result<Opened, Refusal> {
        let mut open = self.open();
        let login = open.awaiting(client, sent, now, idle)?;
        let no_code = || Refusal::business("No code was sent.");
        login
            .code
            .as_mut()
            .ok_or_else(no_code)?
            .submit(given, now)?;
        login.token = uuid(&secret::hex(16)?);
        login.is_awaiting = false;
        login.code = None;
        Ok(Opened {
            session: sent.session().unwrap_or_default().to_owned(),
            token: login.token.clone(),
            manager: login.manager,
            is_awaiting: false,
        })
    }

    pub fn log_out(&self, sent: &Sent) {
        let session = sent.session().unwrap_or_default();
        self.open().logins.remove(session);
    }

    /// Whose session this is.
    pub fn owner(&self, session: &str) -> Option<&'static str> {
        let open = self.open();
        open.logins.get(session).map(|login| login.manager.email)
    }

    /// All codes that somebody could still read back.
    pub fn codes(&self, now: DateTime<Utc>) -> Vec<Underway> {
        let open = self.open();
        let codes = open.logins.values().filter_map(|login| {
            let code = login.code.as_ref()?;
            code.underway(login.manager.email, "two-factor", now)
        });
        codes.collect()
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    /// The session that was sent, if it is alive.
    fn login(
        &mut self,
        client: &Client,
        sent: &Sent,
        now: DateTime<Utc>,
        idle: i64,
    ) -> Result<&mut Login, Refusal> {
        let session = sent.session().ok_or_else(|| Refusal::logged_out(false))?;
        let idle = TimeDelta::try_seconds(idle).unwrap_or(TimeDelta::MAX);
        self.logins.retain(|_, login| now - login.used < idle);
        self.logins
            .get_mut(session)
            .filter(|login| login.client.key == client.key)
            .ok_or_else(|| Refusal::logged_out(true))
    }

    /// As [`Self::login`], of somebody who is not logged in yet. A token may be missing but not wrong.
    fn awaiting(
        &mut self,
        client: &Client,
        sent: &Sent,
        now: DateTime<Utc>,
        idle: i64,
    ) -> Result<&mut Login, Refusal> {
        let login = self.login(client, sent, now, idle)?;
        if sent.token().is_some_and(|token| token != login.token) {
            return Err(Refusal::token());
        }
        if !login.is_awaiting {
            return Err(Refusal::business("No code is awaited."));
        }
        login.used = now;
        Ok(login)
    }
}

/// 32 hexadecimal digits with the four dashes of a token.
fn uuid(digits: &str) -> String {
    let is_joint = |index: usize| [8, 12, 16, 20].contains(&index);
    let dashed = digits.chars().enumerate().flat_map(|(index, digit)| {
        let dash = is_joint(index).then_some('-');
        dash.into_iter().chain([digit])
    });
    dashed.collect()
}
