//! What all vendors of the sandbox share, and which path leads to which call.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::answer::Refusal;
use super::clock::Clock;
use super::control::{self, Desk};
use super::fault::Faults;
use super::ledger::Ledger;
use super::play::{self, Stage};
use super::vendor::{self, Vendor};
use crate::clock;

/// The state of a running sandbox, beside what each vendor keeps for itself.
pub struct Service {
    pub clock: Clock,
    pub ledger: Ledger,
    pub faults: Faults,
    pub control_key: String,
}

impl Service {
    pub fn new(ledger: Ledger, control_key: String, clock: clock::Clock) -> Self {
        Self {
            clock: Clock::new(clock),
            ledger,
            faults: Faults::default(),
            control_key,
        }
    }
}

/// The vendors' calls, on which faults play, and the control calls, on which they do not.
pub fn router(service: &Arc<Service>, vendors: Vec<Arc<dyn Vendor>>) -> Router {
    let vendors: Arc<[_]> = vendors.into();
    let mut served = controls(Desk {
        service: Arc::clone(service),
        vendors: Arc::clone(&vendors),
    });
    for vendor in &*vendors {
        let stage = Stage {
            service: Arc::clone(service),
            vendor: Arc::clone(vendor),
        };
        let calls = Arc::clone(vendor).router();
        let calls = calls
            .route_layer(from_fn_with_state(stage, play::play))
            .route_layer(from_fn_with_state(Arc::clone(vendor), play::finish));
        served = served.merge(calls);
    }
    let others = Arc::clone(&vendors);
    served
        .fallback(async move |request: Request| {
            refused(
                &vendors,
                &request,
                Refusal::not_found("there is no such call"),
            )
        })
        .method_not_allowed_fallback(async move |request: Request| {
            let words = "this call takes another method";
            let refusal = Refusal::new(StatusCode::METHOD_NOT_ALLOWED, words);
            refused(&others, &request, refusal)
        })
}

fn controls(desk: Desk) -> Router {
    let guard = from_fn_with_state(Arc::clone(&desk.service), control::guard);
    let vendors = Arc::clone(&desk.vendors);
    let shared = Router::new()
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
        .with_state(desk);
    vendors
        .iter()
        .map(|vendor| Arc::clone(vendor).controls())
        .fold(shared, Router::merge)
        .route_layer(guard)
}

/// What is nobody's call is refused by the vendor whose paths begin so.
fn refused(vendors: &[Arc<dyn Vendor>], request: &Request, refusal: Refusal) -> Response {
    let path = request.uri().path();
    let mut vendors = vendors.iter();
    match vendors.find(|vendor| vendor::is_of(vendor.as_ref(), path)) {
        Some(vendor) => vendor.refuse(refusal),
        None => refusal.into_response(),
    }
}
