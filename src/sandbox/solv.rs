//! Solv's partner API (<https://partner-api-docs-stage.solvhealth.com/v1/partner/docs/quick-start>): slots and bookings.
//!
//! It must not know the other vendors. What the contract leaves open is answered as its file assumes (`A1` to `A40`),
//! and where its pages contradict each other (`C1` to `C7`) a trainer may choose the other reading.

mod account;
mod answer;
mod assets;
mod auth;
mod booking;
mod calendar;
mod change;
mod choices;
mod create;
mod external;
mod form;
mod read;
mod slots;
mod tokens;

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, patch, post};
use chrono::{DateTime, Utc};
use serde_json::Value;

use self::answer::Refusal;
use self::choices::Choices;
use self::tokens::Tokens;
use super::arrival::Arrival;
use super::ledger::Entry;
use super::service::Service;
use super::settings::{Adjustable, Settings};
use super::vendor::{Call, Client, Sender, Vendor};

const TOKEN: &str = "/v1/auth/token";
const LOCATION: &str = "/v1/partner/locations/{location_id}";
const FIRST_SLOTS: &str = "/v1/partner/locations/{location_id}/slots";
const SLOTS: &str = "/v2/partner/locations/{location_id}/slots";
const BOOKINGS: &str = "/v1/partner/bookings";
const BOOKING: &str = "/v1/partner/bookings/{booking_id}";
const IMAGES: &str = "/v1/partner/bookings/{booking_id}/images";
const EXTERNAL: &str = "/v1/partner/external_bookings/{external_booking_id}";
const RESCHEDULE: &str = "/v1/partner/external_bookings/{external_booking_id}/reschedule";

static CALLS: [Call; 11] = [
    Call::read("solv-token", Method::POST, TOKEN),
    Call::read("solv-read", Method::GET, LOCATION),
    Call::read("solv-slots", Method::GET, FIRST_SLOTS),
    Call::read("solv-slots", Method::GET, SLOTS),
    Call::change("solv-booking", Method::POST, BOOKINGS),
    Call::read("solv-read", Method::GET, BOOKING),
    Call::change("solv-status", Method::PATCH, BOOKING),
    Call::change("solv-image", Method::POST, IMAGES),
    Call::change("solv-external", Method::PATCH, EXTERNAL),
    Call::change("solv-external", Method::DELETE, EXTERNAL),
    Call::change("solv-external", Method::POST, RESCHEDULE),
];

/// The vendor's server.
pub struct Solv {
    service: Arc<Service>,
    tokens: Tokens,
    settings: Settings<Choices>,
}

/// A change that was decided and kept in the open transaction.
struct Done {
    number: String,
    body: Value,
}

impl Solv {
    pub fn new(service: Arc<Service>) -> Self {
        Self {
            service,
            tokens: Tokens::default(),
            settings: Settings::default(),
        }
    }

    /// Decides on a change in the one transaction that keeps it, commits that, then answers.
    async fn changed(
        &self,
        request: Request,
        decide: impl AsyncFnOnce(&Arrival, &mut Entry<'_>) -> Result<Done, Refusal>,
    ) -> Result<Response, Refusal> {
        let arrival = Arrival::of(&self.service, self, request).await?;
        let mut entry = arrival.entry(&self.service).await?;
        match decide(&arrival, &mut entry).await {
            Ok(done) => {
                entry.accept(&done.number).await?;
                Ok(self.given(done.body))
            }
            Err(refusal) => {
                entry.refuse(Some(refusal.status().as_u16())).await?;
                Err(refusal)
            }
        }
    }
}

impl Vendor for Solv {
    fn name(&self) -> &'static str {
        "solv"
    }

    fn calls(&self) -> &'static [Call] {
        &CALLS
    }

    fn router(self: Arc<Self>) -> Router {
        Router::new()
            .route(TOKEN, post(auth::sign_in))
            .route(LOCATION, get(read::location))
            .route(FIRST_SLOTS, get(slots::first))
            .route(SLOTS, get(slots::second))
            .route(BOOKINGS, post(create::create))
            .route(BOOKING, get(read::booking).patch(change::status))
            .route(IMAGES, post(change::image))
            .route(EXTERNAL, patch(external::status).delete(external::cancel))
            .route(RESCHEDULE, post(external::reschedule))
            .with_state(self)
    }

    /// The wire has no id of the sender's own; the patient's number in the sender's records is the nearest to one.
    fn sender(&self, headers: &HeaderMap, body: &[u8], now: DateTime<Utc>) -> Sender {
        let held = self.bearer(headers, now);
        let sent: Value = serde_json::from_slice(body).unwrap_or_default();
        let patient = sent.get("emr_patient_id").and_then(Value::as_str);
        Sender {
            account: held.map(|held| held.account.client_id.to_owned()),
            integrator: patient.map(str::to_owned),
        }
    }

    fn settings(&self) -> &dyn Adjustable {
        &self.settings
    }

    /// The first partner alone: the other is there to be refused.
    fn clients(&self) -> Vec<Client> {
        let first = account::ACCOUNTS.first();
        let client = |account: &account::Account| Client {
            id: account.client_id,
            words: "Solv".to_owned(),
        };
        first.map(client).into_iter().collect()
    }

    fn refuse(&self, refusal: super::answer::Refusal) -> Response {
        Refusal::from(refusal).into_response()
    }
}

/// A9
fn unlinked() -> Refusal {
    let words = "Partner is not linked to this location";
    Refusal::said(StatusCode::FORBIDDEN, words)
}
