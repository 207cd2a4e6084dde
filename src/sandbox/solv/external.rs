//! Bookings that a clinic's own records system holds: status, cancellation, another time (docs: `…-external-booking-…`).
//!
//! They are found by that system's id, the location's id in it and the service that joins the two.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::response::Response;
use chrono::{DateTime, Days, NaiveTime, Utc};
use serde_json::json;

use super::answer::Refusal;
use super::assets::{self, Location};
use super::booking::{self, STATUSES, Wanted};
use super::calendar;
use super::choices::Transitions;
use super::form::Form;
use super::tokens::Scope;
use super::{Done, Solv};
use crate::sandbox::arrival::Arrival;
use crate::sandbox::ledger::{Entry, Record};

/// The services that are joined (A39).
const SERVICES: [&str; 3] = ["7", "8", "11"];

/// What is to be done.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wish {
    Status,
    Cancel,
    Reschedule,
}

/// `PATCH /v1/partner/external_bookings/{external_booking_id}`
pub async fn status(
    solv: State<Arc<Solv>>,
    id: Path<String>,
    request: Request,
) -> Result<Response, Refusal> {
    changed(solv, id, request, Wish::Status).await
}

/// `DELETE /v1/partner/external_bookings/{external_booking_id}`, with a body
pub async fn cancel(
    solv: State<Arc<Solv>>,
    id: Path<String>,
    request: Request,
) -> Result<Response, Refusal> {
    changed(solv, id, request, Wish::Cancel).await
}

/// `POST /v1/partner/external_bookings/{external_booking_id}/reschedule`
pub async fn reschedule(
    solv: State<Arc<Solv>>,
    id: Path<String>,
    request: Request,
) -> Result<Response, Refusal> {
    changed(solv, id, request, Wish::Reschedule).await
}

async fn changed(
    State(solv): State<Arc<Solv>>,
    Path(id): Path<String>,
    request: Request,
    wish: Wish,
) -> Result<Response, Refusal> {
    solv.changed(request, async |arrival, entry| {
        decided(&solv, arrival, (wish, &id), entry).await
    })
    .await
}

async fn decided(
    solv: &Solv,
    arrival: &Arrival,
    (wish, id): (Wish, &str),
    entry: &mut Entry<'_>,
) -> Result<Done, Refusal> {
    let now = arrival.received.at;
    solv.admit(&arrival.headers, now, Scope::WriteBookings)?;
    let mut form = Form::parse(&arrival.headers, &arrival.body)?;
    let place = form.required("external_location_id");
    let service = form.required_choice("service_id", &SERVICES);
    let status = match wish {
        Wish::Status => form.required_choice("status", &STATUSES),
        Wish::Cancel | Wish::Reschedule => "cancelled".to_owned(),
    };
    let date = match wish {
        Wish::Reschedule => form.required("appointment_date"),
        Wish::Status | Wish::Cancel => None,
    };
    let reason = match wish {
        Wish::Cancel => form.optional("cancellation_reason"),
        Wish::Status | Wish::Reschedule => None,
    };
    form.checked()?;
    let (place, date) = (place.unwrap_or_default(), date.unwrap_or_default());
    let (location, mut record) = found(entry, id, (&place, &service), now).await?;
    let choices = solv.settings.choices();
    if wish == Wish::Reschedule {
        let moment = calendar::moment(&location, &date)
            .ok_or_else(|| Refusal::value("appointment_date", "invalid datetime format"))?;
        let visit_type = location
            .visit_type(None)
            .ok_or_else(|| Refusal::not_found("Visit type not found"))?;
        let wanted = Wanted {
            location: &location,
            visit_type,
            moment,
            besides: Some(&record.id),
        };
        wanted.reserve(solv, entry, now).await?;
        record.state["appointment_date"] = json!(date);
        record = booking::record(&location, moment, record.state);
    } else {
        let is_strict = choices.transitions == Transitions::Strict;
        booking::turned(&mut record, &status, is_strict)?;
        record.state["cancellation_reason"] = json!(reason);
    }
    entry.keep(&record).await?;
    Ok(Done {
        number: record.id.clone(),
        body: booking::shown(&record, &choices),
    })
}

/// The booking as it stands; one that was never changed is made as of now.
async fn found(
    entry: &mut Entry<'_>,
    id: &str,
    (place, service): (&str, &str),
    now: DateTime<Utc>,
) -> Result<(Location, Record), Refusal> {
    let not_found = || Refusal::not_found("Booking not found");
    let held = assets::external_bookings()
        .into_iter()
        .find(|held| held.emr_id == id && held.service_id == service)
        .ok_or_else(not_found)?;
    let location = assets::location(&held.location.to_string())
        .filter(|location| location.external_id == place)
        .ok_or_else(not_found)?;
    if let Some(record) = entry.record(booking::BOOKING, &held.id.to_string()).await? {
        return Ok((location, record));
    }
    let moment = NaiveTime::parse_from_str(&held.at, "%H:%M")
        .ok()
        .zip(calendar::day_of(&location, now).checked_add_days(Days::new(held.in_days)))
        .and_then(|(time, day)| calendar::instant(&location, day.and_time(time)))
        .ok_or_else(not_found)?;
    let state = json!({
        "id": held.id,
        "status": "reserved",
        "location_id": location.id,
        "appointment_date": moment.with_timezone(&location.zone).to_rfc3339(),
        "first_name": held.first_name,
        "last_name": held.last_name,
        "phone": held.phone,
        "birth_date": held.birth_date,
        "reason": held.reason,
        "is_walk_in": false,
        "paperwork_status": "incomplete",
        "emr_booking_id": held.emr_id,
    });
    let record = booking::record(&location, moment, state);
    Ok((location, record))
}
