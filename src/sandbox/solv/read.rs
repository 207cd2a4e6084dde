//! Two calls that must exist and that no page shows; served only where a trainer wants them (A31, A33).

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde_json::json;

use super::Solv;
use super::answer::Refusal;
use super::assets;
use super::booking::{self, BOOKING};
use super::choices::Read;
use super::form::in_path;
use super::tokens::Scope;

/// `GET /v1/partner/bookings/{booking_id}`
pub async fn booking(
    State(solv): State<Arc<Solv>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let choices = solv.settings.choices();
    if !choices.reads.contains(&Read::Booking) {
        let words = "this call takes another method";
        return Err(Refusal::said(StatusCode::METHOD_NOT_ALLOWED, words));
    }
    solv.admit(&headers, solv.service.clock.now(), Scope::ReadBookings)?;
    let id = in_path("booking_id", &id)?.to_string();
    let record = solv.service.ledger.record("solv", BOOKING, &id).await?;
    let record = record.ok_or_else(|| Refusal::not_found("Booking not found"))?;
    Ok(solv.given(booking::shown(&record, &choices)))
}

/// `GET /v1/partner/locations/{location_id}`
pub async fn location(
    State(solv): State<Arc<Solv>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    if !solv.settings.choices().reads.contains(&Read::Location) {
        return Err(Refusal::not_found("there is no such call"));
    }
    solv.admit(&headers, solv.service.clock.now(), Scope::ReadLocations)?;
    let found = assets::location(&id);
    let found = found.ok_or_else(|| Refusal::not_found("Location not found"))?;
    let body = json!({
        "id": found.id,
        "name": found.name,
        "phone": found.phone,
        "address_street": found.street,
        "address_city": found.city,
        "address_state": found.state,
        "address_zip": found.zip,
        "timezone": found.zone.name(),
    });
    Ok(solv.given(body))
}
