//! `POST /v1/partner/bookings`: decided, committed to the ledger, then answered.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Query, Request, State};
use axum::response::Response;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::{Map, Value, json};

use super::answer::Refusal;
use super::assets::{self, Location};
use super::booking::{self, BOOKING, FIRST, Wanted};
use super::calendar;
use super::form::{Asked, Form};
use super::tokens::Scope;
use super::{Done, Solv, unlinked};
use crate::sandbox::arrival::Arrival;
use crate::sandbox::ledger::Entry;

/// How long ago a patient may have walked in.
const WALKED_IN: TimeDelta = TimeDelta::minutes(60);

/// Texts that may be absent; the last two are kept and never shown.
const OPTIONAL: [&str; 12] = [
    "reason",
    "email",
    "birth_sex",
    "paperwork_status",
    "custom_booking_management_url",
    "address_street",
    "address_street_secondary",
    "address_city",
    "address_state",
    "address_zip",
    "attribution",
    "emr_patient_id",
];

/// The call itself.
pub async fn create(
    State(solv): State<Arc<Solv>>,
    Query(asked): Query<HashMap<String, String>>,
    request: Request,
) -> Result<Response, Refusal> {
    solv.changed(request, async |arrival, entry| {
        decided(&solv, arrival, Asked::new(asked), entry).await
    })
    .await
}

/// What was sent, its types good.
struct Sent {
    appointment_date: String,
    location: i64,
    visit_type: Option<i64>,
    is_walk_in: bool,
    texts: Map<String, Value>,
}

async fn decided(
    solv: &Solv,
    arrival: &Arrival,
    mut asked: Asked,
    entry: &mut Entry<'_>,
) -> Result<Done, Refusal> {
    let now = arrival.received.at;
    solv.admit(&arrival.headers, now, Scope::WriteBookings)?;
    let is_walk_in_allowed = asked.boolean("allow_walkin_scheduling");
    asked.checked()?;
    let sent = sent(Form::parse(&arrival.headers, &arrival.body)?, now)?;
    let location = assets::location(&sent.location.to_string())
        .ok_or_else(|| Refusal::not_found("Location not found"))?;
    if !location.is_linked {
        return Err(unlinked());
    }
    let visit_type = location
        .visit_type(sent.visit_type)
        .ok_or_else(|| Refusal::not_found("Visit type not found"))?;
    let moment = calendar::moment(&location, &sent.appointment_date)
        .ok_or_else(|| Refusal::value("appointment_date", "invalid datetime format"))?;
    if is_walk_in_allowed {
        walk_in(&location, moment, sent.is_walk_in, now)?;
    } else {
        let wanted = Wanted {
            location: &location,
            visit_type,
            moment,
            besides: None,
        };
        wanted.reserve(solv, entry, now).await?;
    }
    let id = FIRST + entry.count(BOOKING).await?;
    let mut state = Value::Object(sent.texts);
    state["id"] = json!(id);
    state["status"] = json!(if sent.is_walk_in {
        "confirmed"
    } else {
        "reserved"
    });
    state["location_id"] = json!(location.id);
    state["appointment_date"] = json!(sent.appointment_date);
    state["is_walk_in"] = json!(sent.is_walk_in);
    state["visit_type_id"] = json!(visit_type.id);
    let record = booking::record(&location, moment, state);
    entry.keep(&record).await?;
    Ok(Done {
        number: record.id.clone(),
        body: booking::shown(&record, &solv.settings.choices()),
    })
}

/// A time that nobody may reserve, or that is full, may be had by who is let walk in: while the clinic is open (A12).
fn walk_in(
    location: &Location,
    moment: DateTime<Utc>,
    has_walked_in: bool,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    let earliest = if has_walked_in { now - WALKED_IN } else { now };
    let refused = |words: &str| Err(Refusal::value("appointment_date", words));
    let days = calendar::day_of(location, moment) - calendar::day_of(location, now);
    if moment < earliest {
        refused("appointment_date is in the past")
    } else if days >= TimeDelta::days(i64::from(location.days)) {
        refused("appointment_date is too far ahead")
    } else if !calendar::is_open(location, moment) {
        refused("the location is closed at appointment_date")
    } else {
        Ok(())
    }
}

fn sent(mut form: Form, now: DateTime<Utc>) -> Result<Sent, Refusal> {
    let appointment_date = form.required("appointment_date");
    let birth_date = form.required("birth_date");
    let mut texts = Map::new();
    for name in ["first_name", "last_name"] {
        texts.insert(name.to_owned(), json!(form.required(name)));
    }
    let phone = form.required("phone");
    let location = form.required_integer("location_id");
    let is_walk_in = form.boolean("is_walk_in");
    let visit_type = form.integer("visit_type_id");
    for name in OPTIONAL {
        if let Some(text) = form.optional(name) {
            texts.insert(name.to_owned(), json!(text));
        }
    }
    texts
        .entry("paperwork_status")
        .or_insert_with(|| json!("incomplete"));
    if let Some(birth_date) = &birth_date {
        check_birth_date(&mut form, birth_date, now);
    }
    if phone.as_deref().is_some_and(|phone| !is_phone(phone)) {
        form.wrong("phone", "value is not a valid phone number", "value_error");
    }
    texts.insert("birth_date".to_owned(), json!(birth_date));
    texts.insert("phone".to_owned(), json!(phone));
    form.checked()?;
    Ok(Sent {
        appointment_date: appointment_date.unwrap_or_default(),
        location,
        visit_type,
        is_walk_in,
        texts,
    })
}

/// A18; the day is the latest that is anywhere.
fn check_birth_date(form: &mut Form, text: &str, now: DateTime<Utc>) {
    let today = (now + TimeDelta::hours(14)).date_naive();
    match NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        Ok(date) if text.len() == 10 => {
            if date > today {
                form.wrong("birth_date", "birth_date is in the future", "value_error");
            }
        }
        _ => form.wrong("birth_date", "invalid date format", "value_error.date"),
    }
}

/// A19: ten digits, or eleven behind a plus sign and a one; signs between them do not count.
fn is_phone(text: &str) -> bool {
    let is_sign = |character: char| " ()-.".contains(character);
    let digits: String = text
        .chars()
        .filter(|character| !is_sign(*character))
        .collect();
    let digits = digits.strip_prefix("+1").unwrap_or(&digits);
    digits.len() == 10 && digits.bytes().all(|byte| byte.is_ascii_digit())
}
