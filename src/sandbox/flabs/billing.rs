//! `POST /client/billing/create`: a pre-booking, decided, committed to the ledger, then answered.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use serde_json::{Value, json};

use super::Flabs;
use super::form::Form;
use super::order::{self, Order};
use crate::sandbox::answer::Refusal;
use crate::sandbox::arrival::Arrival;
use crate::sandbox::ledger::Record;
use crate::sandbox::secret;

const PRE_BOOKING: &str = "pre-booking";

/// The call itself.
pub async fn create(
    State(flabs): State<Arc<Flabs>>,
    request: Request,
) -> Result<Json<Value>, Refusal> {
    let arrival = Arrival::of(&flabs.service, flabs.as_ref(), request).await?;
    match judged(&flabs, &arrival).await {
        Ok(order) => applied(&flabs, &arrival, order).await,
        Err(refusal) => {
            arrival.noted(&flabs.service, Some(refusal.status)).await?;
            Err(refusal)
        }
    }
}

/// Every rule but the one about bar codes, which only the ledger can keep.
async fn judged(flabs: &Flabs, arrival: &Arrival) -> Result<Order, Refusal> {
    flabs.admit(&arrival.headers, arrival.received.at).await?;
    let form = Form::parse(&arrival.headers, &arrival.body)?;
    order::check(&form, &flabs.settings.choices(), flabs.rows)
}

async fn applied(flabs: &Flabs, arrival: &Arrival, order: Order) -> Result<Json<Value>, Refusal> {
    let at = arrival.received.at;
    let number = format!("{:08x}{}", at.timestamp() & 0xffff_ffff, secret::hex(8)?);
    let mut entry = arrival.entry(&flabs.service).await?;
    // The shelf of what has no bar code is no bar code, so nothing is found there.
    let shelf = order.bar_code.unwrap_or_default();
    let is_taken = !shelf.is_empty()
        && !entry
            .records(PRE_BOOKING, (&shelf, &shelf))
            .await?
            .is_empty();
    if is_taken {
        let refusal = Refusal::conflict("barCode was already used");
        entry.refuse(Some(refusal.status.as_u16())).await?;
        return Err(refusal);
    }
    let record = Record {
        kind: PRE_BOOKING,
        id: number.clone(),
        shelf,
        state: json!({"integrator_id": order.integrator}),
    };
    entry.keep(&record).await?;
    entry.accept(&number).await?;
    Ok(Json(json!({
        "success": true,
        "message": "Booking created successfully",
        "integrator_id": order.integrator,
        "preBookingID": number,
    })))
}
