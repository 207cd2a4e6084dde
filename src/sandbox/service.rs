//! What all calls of the sandbox share, and which path leads to which call.

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use chrono::{DateTime, Utc};

use super::account::Account;
use super::answer::Refusal;
use super::clock::Clock;
use super::control::{self, Settings};
use super::fault::Faults;
use super::ledger::Ledger;
use super::tokens::Tokens;
use super::{auth, create, listing, play, rate};
use crate::clock;

/// The state of a running sandbox.
pub struct Service {
    pub clock: Clock,
    pub tokens: Tokens,
    pub ledger: Ledger,
    pub faults: Faults,
    pub settings: Settings,
    pub control_key: String,
    /// Tests the catalogue is filled up to.
    pub rows: usize,
}

impl Service {
    pub fn new(ledger: Ledger, control_key: String, rows: usize, clock: clock::Clock) -> Self {
        Self {
            clock: Clock::new(clock),
            tokens: Tokens::default(),
            ledger,
            faults: Faults::default(),
            settings: Settings::default(),
            control_key,
            rows,
        }
    }

    /// The account of the bearer token, if it lives.
    pub fn bearer(&self, headers: &HeaderMap, now: DateTime<Utc>) -> Option<&'static Account> {
        let (scheme, token) = headers
            .get(header::AUTHORIZATION)?
            .to_str()
            .ok()?
            .split_once(' ')?;
        scheme
            .eq_ignore_ascii_case("bearer")
            .then(|| self.tokens.bearer(token.trim(), now))
            .flatten()
    }

    /// The bearer check and the rate limit, which come before anything else on a signed-in call.
    pub async fn admit(
        &self,
        headers: &HeaderMap,
        now: DateTime<Utc>,
    ) -> Result<&'static Account, Refusal> {
        let account = self
            .bearer(headers, now)
            .ok_or_else(|| Refusal::unauthorized("auth token is missing, unknown or expired"))?;
        rate::admit(&self.ledger, account, now).await?;
        Ok(account)
    }
}

/// The vendor's calls, on which faults play, and the control calls, on which they do not.
pub fn router(service: Arc<Service>) -> Router {
    let vendor = Router::new()
        .route("/client/auth/token", post(auth::sign_in))
        .route("/client/auth/token/refresh", post(auth::refresh))
        .route("/client/labs", get(listing::labs))
        .route("/client/crm/tests", get(listing::tests))
        .route("/client/crm/packages", get(listing::packages))
        .route("/client/crm/lead/create", post(create::create))
        .route_layer(from_fn_with_state(Arc::clone(&service), play::play))
        .route_layer(from_fn(play::finish));
    let control = Router::new()
        .route("/sandbox/ledger", get(control::ledger))
        .route(
            "/sandbox/faults",
            get(control::faults)
                .post(control::add_faults)
                .delete(control::clear_faults),
        )
        .route(
            "/sandbox/clock",
            get(control::clock).post(control::move_clock),
        )
        .route(
            "/sandbox/settings",
            get(control::settings).post(control::change_settings),
        )
        .route_layer(from_fn_with_state(Arc::clone(&service), control::guard));
    vendor
        .merge(control)
        .fallback(async || Refusal::not_found("there is no such call"))
        .method_not_allowed_fallback(async || {
            Refusal::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "this call takes another method",
            )
        })
        .with_state(service)
}
