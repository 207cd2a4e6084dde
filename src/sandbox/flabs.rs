//! Flabs (<https://developer.flabslis.com>): CRM leads and bookings, and what an account may see of its catalogue.
//!
//! It must not know the other vendors. What the contract leaves open is answered as its file assumes (`A1` to `A29`).

mod account;
mod assets;
mod auth;
mod billing;
mod choices;
mod create;
mod duplicate;
mod form;
mod generated;
mod lead;
mod listed;
mod listing;
mod order;
mod prices;
mod rate;
mod tokens;

use std::sync::Arc;

use axum::extract::Request;
use axum::http::{HeaderMap, Method};
use axum::routing::{get, post};
use axum::{Json, Router};
use chrono::{DateTime, Utc};
use serde_json::Value;

use self::choices::Choices;
use self::form::Form;
use self::tokens::Tokens;
use super::answer::Refusal;
use super::arrival::Arrival;
use super::headers::bearer;
use super::ledger::Entry;
use super::secret;
use super::service::Service;
use super::settings::{Adjustable, Settings};
use super::vendor::{Call, Client, Sender, Vendor};
use crate::domain::branch::Party;

pub use account::{ACCOUNTS, Account, accounts};
pub use generated::CAPACITY as MOST_ROWS;

static CALLS: [Call; 7] = [
    Call::read("token", Method::POST, "/client/auth/token"),
    Call::read("refresh", Method::POST, "/client/auth/token/refresh"),
    Call::read("labs", Method::GET, "/client/labs"),
    Call::read("tests", Method::GET, "/client/crm/tests"),
    Call::read("packages", Method::GET, "/client/crm/packages"),
    Call::change("create", Method::POST, "/client/crm/lead/create"),
    Call::change("billing", Method::POST, "/client/billing/create"),
];

/// The vendor's server.
pub struct Flabs {
    service: Arc<Service>,
    tokens: Tokens,
    settings: Settings<Choices>,
    /// Tests the catalogue is filled up to.
    rows: usize,
}

impl Flabs {
    pub fn new(service: Arc<Service>, rows: usize) -> Self {
        Self {
            service,
            tokens: Tokens::default(),
            settings: Settings::default(),
            rows,
        }
    }

    /// The account of the bearer token, if it lives.
    fn bearer(&self, headers: &HeaderMap, now: DateTime<Utc>) -> Option<&'static Account> {
        self.tokens.bearer(bearer(headers)?, now)
    }

    /// The bearer check and the rate limit, which come before anything else on a signed-in call.
    async fn admit(
        &self,
        headers: &HeaderMap,
        now: DateTime<Utc>,
    ) -> Result<&'static Account, Refusal> {
        let account = self
            .bearer(headers, now)
            .ok_or_else(|| Refusal::unauthorized("auth token is missing, unknown or expired"))?;
        rate::admit(&self.service.ledger, account, now).await?;
        Ok(account)
    }

    /// A create: judged by its form, then decided, under the number that it would have, in the one transaction that
    /// keeps it; committed, then answered. The ledger notes a refusal of either.
    async fn created<T>(
        &self,
        request: Request,
        judge: impl FnOnce(&Form, &Account) -> Result<T, Refusal>,
        decide: impl AsyncFnOnce(T, &str, &mut Entry<'_>) -> Result<Value, Refusal>,
    ) -> Result<Json<Value>, Refusal> {
        let arrival = Arrival::of(&self.service, self, request).await?;
        let judged = match self.judged(&arrival, judge).await {
            Ok(judged) => judged,
            Err(refusal) => {
                arrival.noted(&self.service, Some(refusal.status)).await?;
                return Err(refusal);
            }
        };
        let seconds = arrival.received.at.timestamp() & 0xffff_ffff;
        let number = format!("{seconds:08x}{}", secret::hex(8)?);
        let mut entry = arrival.entry(&self.service).await?;
        match decide(judged, &number, &mut entry).await {
            Ok(body) => {
                entry.accept(&number).await?;
                Ok(Json(body))
            }
            Err(refusal) => {
                entry.refuse(Some(refusal.status.as_u16())).await?;
                Err(refusal)
            }
        }
    }

    /// Every rule but those that only the ledger can keep.
    async fn judged<T>(
        &self,
        arrival: &Arrival,
        judge: impl FnOnce(&Form, &Account) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let account = self.admit(&arrival.headers, arrival.received.at).await?;
        judge(&Form::parse(&arrival.headers, &arrival.body)?, account)
    }
}

impl Vendor for Flabs {
    fn name(&self) -> &'static str {
        "flabs"
    }

    fn calls(&self) -> &'static [Call] {
        &CALLS
    }

    fn router(self: Arc<Self>) -> Router {
        Router::new()
            .route("/client/auth/token", post(auth::sign_in))
            .route("/client/auth/token/refresh", post(auth::refresh))
            .route("/client/labs", get(listing::labs))
            .route("/client/crm/tests", get(listing::tests))
            .route("/client/crm/packages", get(listing::packages))
            .route("/client/crm/lead/create", post(create::create))
            .route("/client/billing/create", post(billing::create))
            .with_state(self)
    }

    fn sender(&self, headers: &HeaderMap, body: &[u8], now: DateTime<Utc>) -> Sender {
        let account = self.bearer(headers, now);
        let sent: Value = serde_json::from_slice(body).unwrap_or_default();
        let names = ["integratorID", "integrator_id"];
        let integrator = names.iter().find_map(|name| sent.get(name)?.as_str());
        Sender {
            account: account.map(|account| account.client_id.to_owned()),
            integrator: integrator.map(str::to_owned),
        }
    }

    fn settings(&self) -> &dyn Adjustable {
        &self.settings
    }

    fn clients(&self) -> Vec<Client> {
        let client = |account: &Account| Client {
            id: account.client_id,
            words: if account.is_party_scoped {
                "party-scoped".to_owned()
            } else {
                "catch-all".to_owned()
            },
        };
        ACCOUNTS.iter().map(client).collect()
    }
}

/// The parties that both demo accounts know; no call of the contract lists them (A24).
pub fn demo_parties() -> Vec<Party> {
    assets::parties()
        .map(|party| Party {
            id: party.id.to_owned(),
            name: party.name.to_owned(),
            kind: party.kind,
        })
        .collect()
}
