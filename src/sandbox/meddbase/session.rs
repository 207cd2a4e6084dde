//! Who is logged in, and who has registered without logging in.
//!
//! <https://meddbase.github.io/meddbase-apis/patient-portal-api/communication-overview/client-authentication.html>.
//! Sessions live in memory: a sandbox that was restarted asks everybody to log in again.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value};

use super::account::{Client, Manager, SignUp};
use super::code::Code;
use super::refusal::Refusal;
use super::sent::Sent;
use super::settings::Choices;
use crate::sandbox::secret;

/// A3: wrong passwords in a row that are still answered.
const LOGINS: u8 = 5;
/// How long a blocked user stays so; nothing is published about it.
const BLOCKED_MINUTES: i64 = 15;
/// A24: minutes from registering to booking.
const REGISTERED_MINUTES: i64 = 15;

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

/// An anonymous patient's session; gone with the booking.
pub struct Registration {
    pub client: &'static Client,
    /// The sign-up code that was registered with.
    pub sign_up: Option<&'static SignUp>,
    pub demog: Map<String, Value>,
    pub ends: DateTime<Utc>,
    pub is_confirmed: bool,
    pub code: Code,
}

/// What logging in gives.
pub struct Opened {
    pub session: String,
    pub token: String,
    pub manager: &'static Manager,
    pub is_awaiting: bool,
}

/// A code under way, for those who play the patient.
pub struct Underway {
    pub to: String,
    pub purpose: &'static str,
    pub digits: String,
    pub ends: DateTime<Utc>,
}

#[derive(Default)]
struct Open {
    logins: HashMap<String, Login>,
    registrations: HashMap<String, Registration>,
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

    /// Opens a session for somebody who is not logged in, and gives its id.
    pub fn register(&self, registration: Registration) -> Result<String, Refusal> {
        // The vendor's own are base64: they hold characters that must be carried untouched.
        let session = format!("{}+/=", secret::hex(20)?);
        let mut open = self.open();
        open.registrations.insert(session.clone(), registration);
        Ok(session)
    }

    /// Does something with the registration whose session was sent.
    pub fn registered<T>(
        &self,
        client: &Client,
        sent: &Sent,
        now: DateTime<Utc>,
        then: impl FnOnce(&mut Registration) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let session = sent.session().ok_or_else(|| Refusal::logged_out(false))?;
        let mut open = self.open();
        let registration = open.registrations.get_mut(session);
        let registration = registration
            .filter(|known| known.client.key == client.key && now < known.ends)
            .ok_or_else(|| Refusal::logged_out(true))?;
        then(registration)
    }

    /// A24: once something is booked with it, a registration is over.
    pub fn end_registration(&self, sent: &Sent) {
        let session = sent.session().unwrap_or_default();
        self.open().registrations.remove(session);
    }

    /// Whose session this is, for the ledger: a manager's email, or the client key somebody registered with.
    pub fn owner(&self, session: &str) -> Option<String> {
        let open = self.open();
        let login = open.logins.get(session).map(|login| login.manager.email);
        let registration = || {
            open.registrations
                .get(session)
                .map(|known| known.client.key)
        };
        login.or_else(registration).map(str::to_owned)
    }

    /// All codes that somebody could still read back.
    pub fn codes(&self, now: DateTime<Utc>) -> Vec<Underway> {
        let open = self.open();
        let logins = open.logins.values().filter_map(|login| {
            let code = login.code.as_ref()?;
            Some((login.manager.email.to_owned(), "two-factor", code))
        });
        let registrations = open.registrations.values().map(|registration| {
            let email = registration
                .demog
                .get("EmailAddress")
                .and_then(Value::as_str);
            (
                email.unwrap_or_default().to_owned(),
                "anonymous",
                &registration.code,
            )
        });
        let mut codes: Vec<_> = logins
            .chain(registrations)
            .filter(|(_, _, code)| now < code.ends)
            .map(|(to, purpose, code)| Underway {
                to,
                purpose,
                digits: code.digits.clone(),
                ends: code.ends,
            })
            .collect();
        codes.sort_by_key(|code| code.ends);
        codes
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

impl Registration {
    pub fn ends(now: DateTime<Utc>) -> DateTime<Utc> {
        now + TimeDelta::minutes(REGISTERED_MINUTES)
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
