//! `POST /client/billing/create`: a pre-booking, decided, committed to the ledger, then answered.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use serde_json::{Value, json};

use super::Flabs;
use super::order::{self, Order};
use crate::sandbox::answer::Refusal;
use crate::sandbox::ledger::{Entry, Record};

const PRE_BOOKING: &str = "pre-booking";

/// The call itself.
pub async fn create(
    State(flabs): State<Arc<Flabs>>,
    request: Request,
) -> Result<Json<Value>, Refusal> {
    flabs
        .created(
            request,
            |form, _| order::check(form, &flabs.settings.choices(), flabs.rows),
            pre_booked,
        )
        .await
}

/// The rule about bar codes, which only the ledger can keep, and what is kept.
async fn pre_booked(order: Order, number: &str, entry: &mut Entry<'_>) -> Result<Value, Refusal> {
    // The shelf of what has no bar code is no bar code, so nothing is found there.
    let shelf = order.bar_code.unwrap_or_default();
    let is_taken = !shelf.is_empty()
        && !entry
            .records(PRE_BOOKING, (&shelf, &shelf))
            .await?
            .is_empty();
    if is_taken {
        return Err(Refusal::conflict("barCode was already used"));
    }
    let record = Record {
        kind: PRE_BOOKING,
        id: number.to_owned(),
        shelf,
        state: json!({"integrator_id": order.integrator}),
    };
    entry.keep(&record).await?;
    Ok(json!({
        "success": true,
        "message": "Booking created successfully",
        "integrator_id": order.integrator,
        "preBookingID": number,
    }))
}
