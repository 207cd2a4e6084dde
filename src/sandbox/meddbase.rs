//! Meddbase (<https://meddbase.github.io/meddbase-apis/patient-portal-api/patient-portal-api.html>): the patient portal,
//! as a manager who books for a company's patients sees it, and as somebody who books without a login does.
//!
//! It must not know the other vendors. What the contract leaves open is answered as its file assumes (`A1` to `A36`).
//!
//! Demo accounts: with client key `demo-meddbase` the managers `desk@example.com` (two factors) and
//! `night@example.com`, password `demo-meddbase-secret`. With client key `demo-meddbase-anon` nobody logs in; sign-up
//! code `WALKIN` wants a code read back, `KIOSK` does not. The code that a patient or manager would receive is always
//! `246810`, so that a trainee can go through the flow; a setting asks for random ones, which `GET /sandbox/codes` tells.

mod account;
mod anonymous;
mod appointment;
mod appointments;
mod asked;
mod book;
mod call;
mod clinic;
mod code;
mod fields;
mod files;
mod invoice;
mod login;
mod moment;
mod paging;
mod patients;
mod person;
mod price;
mod refusal;
mod registration;
mod search;
mod sent;
mod serve;
mod session;
mod settings;
mod show;
mod slots;

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use axum::routing::{any, get};
use axum::{Json, Router};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use self::clinic::Clinic;
use self::refusal::Refusal;
use self::registration::Registrations;
use self::session::Sessions;
use self::settings::Choices;
use super::answer;
use super::service::Service;
use super::settings::{Adjustable, Settings};
use super::vendor::{Call, Client, Sender, Vendor};

const NAME: &str = "meddbase";

/// The vendor's server.
pub struct Meddbase {
    service: Arc<Service>,
    clinic: Clinic,
    sessions: Sessions,
    registrations: Registrations,
    settings: Settings<Choices>,
}

impl Meddbase {
    /// Fails only where the demo clinics in the binary cannot be read.
    pub fn new(service: Arc<Service>) -> anyhow::Result<Self> {
        Ok(Self {
            service,
            clinic: Clinic::open()?,
            sessions: Sessions::default(),
            registrations: Registrations::default(),
            settings: Settings::default(),
        })
    }
}

impl Vendor for Meddbase {
    fn name(&self) -> &'static str {
        NAME
    }

    fn calls(&self) -> &'static [Call] {
        &call::SERVED
    }

    /// One route: which section or method is unknown is for the vendor to say.
    fn router(self: Arc<Self>) -> Router {
        let path = format!("{}{{*call}}", call::ROOT);
        Router::new()
            .route(&path, any(serve::serve))
            .with_state(self)
    }

    fn controls(self: Arc<Self>) -> Router {
        Router::new()
            .route("/sandbox/codes", get(codes))
            .with_state(self)
    }

    /// A manager's email, or the client key that somebody registered with.
    fn sender(&self, headers: &HeaderMap, _: &[u8], _: DateTime<Utc>) -> Sender {
        let header = headers.get("x-session-id").and_then(|id| id.to_str().ok());
        let cookies = headers.get_all(header::COOKIE).iter();
        let cookie = cookies
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(';'))
            .find_map(|cookie| cookie.trim().strip_prefix("ASP.NET_SessionId="));
        let owner = header.or(cookie).and_then(|id| {
            let manager = self.sessions.owner(id);
            manager.or_else(|| self.registrations.owner(id))
        });
        Sender {
            account: owner.map(str::to_owned),
            integrator: None,
        }
    }

    fn settings(&self) -> &dyn Adjustable {
        &self.settings
    }

    /// Each manager, and the key of those who have no login.
    fn clients(&self) -> Vec<Client> {
        let client = |id, words| Client { id, words };
        let of = |one: &account::Client| -> Vec<Client> {
            let managers = one.managers.iter();
            let mut told: Vec<_> = managers
                .map(|manager| client(one.key, format!("Meddbase, {}", manager.email)))
                .collect();
            if told.is_empty() {
                told.push(client(one.key, "Meddbase, without a login".to_owned()));
            }
            told
        };
        account::CLIENTS.iter().flat_map(of).collect()
    }

    fn refuse(&self, refusal: answer::Refusal) -> Response {
        serve::refused(self, &Refusal::from(refusal))
    }
}

/// What the server refuses or fails at before this vendor sees it.
impl From<answer::Refusal> for Refusal {
    fn from(refusal: answer::Refusal) -> Self {
        match refusal.status {
            StatusCode::NOT_FOUND => Self::unknown_section(),
            status => Self::new(status, 0, refusal.message),
        }
    }
}

/// `GET /sandbox/codes`: the codes that somebody could still read back, the oldest first.
async fn codes(State(meddbase): State<Arc<Meddbase>>) -> Json<Vec<Value>> {
    let now = meddbase.service.clock.now();
    let mut codes = meddbase.sessions.codes(now);
    codes.append(&mut meddbase.registrations.codes(now));
    codes.sort_by_key(|code| code.ends);
    let told = codes.iter().map(|code| {
        json!({"to": code.to, "purpose": code.purpose, "code": code.digits,
            "until": code.ends.to_rfc3339_opts(SecondsFormat::Millis, true)})
    });
    Json(told.collect())
}
