//! A booking as Solv keeps it and shows it (docs: `create-booking-v-1-partner-bookings-post`, A22 to A24, A26).

use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

use super::Solv;
use super::answer::Refusal;
use super::assets::{Location, VisitType};
use super::calendar;
use super::choices::{Case, Choices, Taken};
use crate::sandbox::ledger::{Entry, Record};

/// The ledger's kind for them.
pub const BOOKING: &str = "booking";

/// The first number that is given out; below it lie those of the clinics' own systems.
pub const FIRST: i64 = 48_210_001;

/// All of them (docs: `update-booking-v-1-partner-bookings-booking-id-patch`).
pub const STATUSES: [&str; 7] = [
    "reserved",
    "confirmed",
    "checked_in",
    "in_exam_room",
    "discharged",
    "no_show",
    "cancelled",
];

/// What ends a visit, or what kept it from happening.
const LAST_STATUSES: [&str; 3] = ["discharged", "no_show", "cancelled"];

/// The fields of an answer, required or not.
const SHOWN: [&str; 21] = [
    "id",
    "status",
    "location_id",
    "appointment_date",
    "first_name",
    "last_name",
    "phone",
    "birth_date",
    "email",
    "reason",
    "is_walk_in",
    "paperwork_status",
    "emr_booking_id",
    "gender",
    "birth_sex",
    "custom_booking_management_url",
    "address_street",
    "address_street_secondary",
    "address_city",
    "address_state",
    "address_zip",
];

/// Where the bookings of a day stand.
pub fn shelf(location: &Location, day: NaiveDate) -> String {
    format!("{} {day}", location.id)
}

/// The record of a booking whose `state` has all that it shows; `moment` is that of its `appointment_date`.
pub fn record(location: &Location, moment: DateTime<Utc>, mut state: Value) -> Record {
    state["moment"] = json!(moment.to_rfc3339_opts(SecondsFormat::Millis, true));
    Record {
        kind: BOOKING,
        id: state["id"].to_string(),
        shelf: shelf(location, calendar::day_of(location, moment)),
        state,
    }
}

/// When it takes up a place; a cancelled one takes none (A26).
pub fn held_at(record: &Record) -> Option<DateTime<Utc>> {
    let is_live = record.state["status"] != "cancelled";
    let moment = record.state["moment"].as_str().filter(|_| is_live)?;
    Some(DateTime::parse_from_rfc3339(moment).ok()?.to_utc())
}

/// As it is answered: optional texts that were not given are null (A23), the two that must be texts are empty (A22).
pub fn shown(record: &Record, choices: &Choices) -> Value {
    let state = &record.state;
    let mut shown: Map<String, Value> = SHOWN
        .iter()
        .map(|name| ((*name).to_owned(), state[*name].clone()))
        .collect();
    for name in ["email", "reason"] {
        if state[name].is_null() {
            shown.insert(name.to_owned(), json!(""));
        }
    }
    if choices.status_case == Case::Upper
        && let Some(status) = state["status"].as_str()
    {
        shown.insert("status".to_owned(), json!(status.to_uppercase()));
    }
    Value::Object(shown)
}

/// A new status, if the booking may take it.
pub fn turned(record: &mut Record, status: &str, is_strict: bool) -> Result<(), Refusal> {
    let now = record.state["status"].as_str().unwrap_or_default();
    if is_strict && now != status && LAST_STATUSES.contains(&now) {
        let words = format!("a booking that is {now} cannot become {status}");
        return Err(Refusal::value("status", words));
    }
    record.state["status"] = json!(status);
    Ok(())
}

/// A place to be reserved.
pub struct Wanted<'a> {
    pub location: &'a Location,
    pub visit_type: &'a VisitType,
    pub moment: DateTime<Utc>,
    /// A booking that leaves its place for this one.
    pub besides: Option<&'a str>,
}

impl Wanted<'_> {
    /// Whether the moment is that of a slot which patients may reserve, and which is not full.
    pub async fn reserve(
        &self,
        solv: &Solv,
        entry: &mut Entry<'_>,
        now: DateTime<Utc>,
    ) -> Result<(), Refusal> {
        let choices = solv.settings.choices();
        let slots = calendar::slots(self.location, self.visit_type, self.location.days, now);
        let slot = slots
            .into_iter()
            .find(|slot| slot.from == self.moment && !slot.is_walk_in)
            .ok_or_else(|| gone(&choices, "appointment_date is not an available slot"))?;
        let shelf = shelf(self.location, calendar::day_of(self.location, self.moment));
        let others = entry.records(BOOKING, (&shelf, &shelf)).await?;
        let taken = others
            .iter()
            .filter(|record| self.besides != Some(&record.id))
            .filter_map(held_at)
            .filter(|moment| slot.holds(*moment))
            .count();
        let capacity = choices.capacity.unwrap_or(self.location.capacity);
        if u32::try_from(taken).is_ok_and(|taken| taken < capacity) {
            Ok(())
        } else {
            Err(gone(&choices, "appointment_date is already taken"))
        }
    }
}

/// A slot that cannot be had (A11).
pub fn gone(choices: &Choices, words: &str) -> Refusal {
    match choices.taken {
        Taken::Unprocessable => Refusal::value("appointment_date", words),
        Taken::Conflict => Refusal::said(StatusCode::CONFLICT, words),
        Taken::BadRequest => Refusal::said(StatusCode::BAD_REQUEST, words),
    }
}
