//! What is done to a booking later: its status and its images (docs: `update-booking-…-patch`, `post-image-…`).

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::response::Response;
use serde_json::json;

use super::answer::Refusal;
use super::booking::{self, BOOKING, STATUSES};
use super::choices::Transitions;
use super::form::{Form, in_path};
use super::tokens::Scope;
use super::{Done, Solv};
use crate::sandbox::arrival::Arrival;
use crate::sandbox::ledger::{Entry, Record};

const IMAGE: &str = "image";
/// The first number that is given out.
const FIRST_IMAGE: i64 = 9_001;

const IMAGE_TYPES: [&str; 4] = [
    "photo_id_front",
    "photo_id_back",
    "insurance_card_front",
    "insurance_card_back",
];

/// How base64 begins of the two formats that are taken, JPEG and PNG (A38).
const BEGINNINGS: [&str; 2] = ["/9j/", "iVBORw0KGgo"];

/// `PATCH /v1/partner/bookings/{booking_id}`
pub async fn status(
    State(solv): State<Arc<Solv>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Refusal> {
    solv.changed(request, async |arrival, entry| {
        new_status(&solv, arrival, &id, entry).await
    })
    .await
}

async fn new_status(
    solv: &Solv,
    arrival: &Arrival,
    id: &str,
    entry: &mut Entry<'_>,
) -> Result<Done, Refusal> {
    let (id, mut form) = sent(solv, arrival, id)?;
    let status = form.required_choice("status", &STATUSES);
    form.checked()?;
    let mut record = found(entry, id).await?;
    let choices = solv.settings.choices();
    let is_strict = choices.transitions == Transitions::Strict;
    booking::turned(&mut record, &status, is_strict)?;
    entry.keep(&record).await?;
    Ok(Done {
        number: record.id.clone(),
        body: booking::shown(&record, &choices),
    })
}

/// `POST /v1/partner/bookings/{booking_id}/images`
pub async fn image(
    State(solv): State<Arc<Solv>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Refusal> {
    solv.changed(request, async |arrival, entry| {
        new_image(&solv, arrival, &id, entry).await
    })
    .await
}

async fn new_image(
    solv: &Solv,
    arrival: &Arrival,
    id: &str,
    entry: &mut Entry<'_>,
) -> Result<Done, Refusal> {
    let (id, mut form) = sent(solv, arrival, id)?;
    let image = form.required("image");
    if image.is_some_and(|image| !is_image(&image)) {
        form.wrong(
            "image",
            "image must be a JPEG or PNG file in base64",
            "value_error",
        );
    }
    // The page says that it may be absent and not what it is then (A38).
    let kind = form.choice("image_type", &IMAGE_TYPES);
    form.checked()?;
    let kind = kind.unwrap_or_else(|| "photo_id_front".to_owned());
    let booking = found(entry, id).await?;
    let number = FIRST_IMAGE + entry.count(IMAGE).await?;
    let record = Record {
        kind: IMAGE,
        id: number.to_string(),
        shelf: booking.id,
        state: json!({"booking_id": id, "image_id": number, "image_type": kind}),
    };
    entry.keep(&record).await?;
    Ok(Done {
        number: record.id,
        body: record.state,
    })
}

/// The booking's number and the fields, of somebody who may write.
fn sent(solv: &Solv, arrival: &Arrival, id: &str) -> Result<(i64, Form), Refusal> {
    solv.admit(&arrival.headers, arrival.received.at, Scope::WriteBookings)?;
    let id = in_path("booking_id", id)?;
    Ok((id, Form::parse(&arrival.headers, &arrival.body)?))
}

async fn found(entry: &mut Entry<'_>, id: i64) -> Result<Record, Refusal> {
    let record = entry.record(BOOKING, &id.to_string()).await?;
    record.ok_or_else(|| Refusal::not_found("Booking not found"))
}

/// Base64 as it stands, without a `data:` address before it.
fn is_image(text: &str) -> bool {
    let text = text.trim_end();
    let digits = text.trim_end_matches('=');
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/';
    text.len().is_multiple_of(4)
        && text.len() - digits.len() <= 2
        && digits.bytes().all(is_digit)
        && BEGINNINGS
            .iter()
            .any(|beginning| digits.starts_with(beginning))
}
