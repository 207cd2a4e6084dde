//! The two calls that find slots: v2, by the location's own number of days, and the older v1 (docs: `get-slots-v-2-…`).
//!
//! Only what can be had is listed: past and full slots are not, nor are those that nobody may reserve unless asked for.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::json;

use super::answer::Refusal;
use super::assets::{self, Location};
use super::booking::{self, BOOKING};
use super::calendar;
use super::form::Asked;
use super::tokens::Scope;
use super::{Solv, unlinked};

/// What a query of slots may hold.
type Sent = Query<HashMap<String, String>>;

/// Days that v1 gives where none are asked for.
const DAYS: i64 = 7;
/// Days that v1 gives at most; the pages name no limit.
const MOST_DAYS: i64 = 31;

/// `GET /v2/partner/locations/{location_id}/slots`
pub async fn second(
    solv: State<Arc<Solv>>,
    location: Path<String>,
    headers: HeaderMap,
    sent: Sent,
) -> Result<Response, Refusal> {
    listed(solv, location, headers, sent, |location, _| {
        i64::from(location.days)
    })
    .await
}

/// `GET /v1/partner/locations/{location_id}/slots`, deprecated
pub async fn first(
    solv: State<Arc<Solv>>,
    location: Path<String>,
    headers: HeaderMap,
    sent: Sent,
) -> Result<Response, Refusal> {
    listed(solv, location, headers, sent, |_, asked| {
        asked.integer("number_of_days_worth").unwrap_or(DAYS)
    })
    .await
}

async fn listed(
    State(solv): State<Arc<Solv>>,
    Path(location): Path<String>,
    headers: HeaderMap,
    Query(sent): Sent,
    days: impl FnOnce(&Location, &mut Asked) -> i64,
) -> Result<Response, Refusal> {
    let mut asked = Asked::new(sent);
    let now = solv.service.clock.now();
    solv.admit(&headers, now, Scope::ReadLocations)?;
    let location =
        assets::location(&location).ok_or_else(|| Refusal::not_found("Location not found"))?;
    let has_walk_ins = asked.boolean("return_walkin_slots");
    let is_buffered = asked.boolean("with_booking_buffer");
    let visit_type = asked.integer("visit_type_id");
    let days = days(&location, &mut asked).clamp(0, MOST_DAYS);
    asked.checked()?;
    if !location.is_linked {
        return Err(unlinked());
    }
    let visit_type = location
        .visit_type(visit_type)
        .ok_or_else(|| Refusal::not_found("Visit type not found"))?;
    let capacity = solv.settings.choices().capacity;
    let capacity = capacity.unwrap_or(location.capacity);
    let taken = taken(&solv, &location, now, days).await?;
    let earliest_walk_in = if is_buffered {
        now + TimeDelta::minutes(location.buffer_minutes)
    } else {
        now
    };
    let days = u32::try_from(days).unwrap_or_default();
    let slots = calendar::slots(&location, visit_type, days, now).into_iter();
    let slots: Vec<_> = slots
        .filter(|slot| !slot.is_walk_in || has_walk_ins && slot.from >= earliest_walk_in)
        .filter_map(|slot| {
            let taken = taken.iter().filter(|moment| slot.holds(**moment)).count();
            let free = capacity.saturating_sub(u32::try_from(taken).unwrap_or(u32::MAX));
            (free > 0).then(|| {
                json!({
                    "appointment_date": slot.from.to_rfc3339_opts(SecondsFormat::Millis, true),
                    "availability": free,
                    "busy": slot.is_busy,
                    "location_ids": [location.public_id],
                })
            })
        })
        .collect();
    let body = json!([{"location_id": location.id, "slots": slots}]);
    Ok(solv.given(body))
}

/// When the live bookings of the days are.
async fn taken(
    solv: &Solv,
    location: &Location,
    now: DateTime<Utc>,
    days: i64,
) -> Result<Vec<DateTime<Utc>>, Refusal> {
    let today = calendar::day_of(location, now);
    let last = today + TimeDelta::days(days);
    let (today, last) = (
        booking::shelf(location, today),
        booking::shelf(location, last),
    );
    let records = solv
        .service
        .ledger
        .records("solv", BOOKING, (&today, &last))
        .await?;
    Ok(records.iter().filter_map(booking::held_at).collect())
}
