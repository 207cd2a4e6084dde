//! The free times of a location
//! (<https://partner-api-docs-stage.solvhealth.com/v1/partner/docs/get-slots-v-2-v-2-partner-locations-location-id-slots-get>).

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, TimeZone};
use chrono_tz::Tz;
use serde::Deserialize;

use super::loose::{Whole, opened, shaped};
use super::segment;
use crate::domain::failure::Failure;
use crate::domain::slot::Slot;
use crate::domain::text;
use crate::vendor::solv::settings::{Assumptions, Location, PathId};

/// A moment is never written with more letters.
const LONGEST_MOMENT: usize = 64;

/// Which times are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Those that can be reserved.
    Reservable,
    /// Those for patients who walk in as well.
    AlsoWalkIn,
}

#[derive(Deserialize)]
struct Group {
    location_id: Whole,
    slots: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    appointment_date: String,
    #[serde(default)]
    availability: Option<Whole>,
    #[serde(default)]
    busy: Option<bool>,
}

/// How many days come is a setting of the location at Solv, and no parameter.
pub fn path(location: &Location, assumptions: &Assumptions) -> String {
    let public = location.public_id.as_deref();
    let public = public.filter(|_| assumptions.slots_path == PathId::Public);
    let id = public.and_then(segment);
    let id = id.unwrap_or_else(|| location.id.to_string());
    format!("/v2/partner/locations/{id}/slots")
}

/// `visit_type` is empty for the location's usual one.
pub fn query<'a>(
    visit_type: &'a str,
    wanted: Wanted,
    assumptions: &Assumptions,
) -> Vec<(&'static str, &'a str)> {
    let mut query = match wanted {
        Wanted::Reservable => vec![("return_walkin_slots", "false")],
        Wanted::AlsoWalkIn => vec![
            ("return_walkin_slots", "true"),
            (
                "with_booking_buffer",
                if assumptions.booking_buffer {
                    "true"
                } else {
                    "false"
                },
            ),
        ],
    };
    if !visit_type.is_empty() {
        query.push(("visit_type_id", visit_type));
    }
    query
}

/// What an answer tells.
pub struct Shown {
    /// What is free (A16), soonest first, in the zone of the location.
    pub free: Vec<Slot>,
    /// The last day with a row, be it full: none where there is no row.
    pub last: Option<NaiveDate>,
}

/// The answer to a question for slots.
pub fn read(body: &[u8], location: &Location) -> Result<Shown, Failure> {
    let wrong = |why: &str| Failure::WrongShape(text::vendor_words(&format!("GET slots: {why}")));
    let groups: Vec<Group> = opened(body).and_then(shaped).map_err(|why| wrong(&why))?;
    let is_ours = |group: &Group| group.location_id.0 == location.id;
    if let (Some(other), false) = (groups.first(), groups.iter().any(is_ours)) {
        return Err(wrong(&format!(
            "they are of location {}, not of {}: check its ids in the configuration",
            other.location_id.0, location.id
        )));
    }
    let mut slots = Vec::new();
    let mut last = None;
    let groups = groups.into_iter().filter(is_ours);
    for row in groups.flat_map(|group| group.slots) {
        let at = moment(&row.appointment_date, location.zone);
        let clock = || local(&row.appointment_date);
        let day = at.map(|at| at.date_naive());
        last = last.max(day.or_else(|| clock().map(|at| at.date())));
        let left = row.availability.map(|Whole(left)| left);
        if left.is_some_and(|left| left < 1) {
            continue;
        }
        let Some(at) = at else {
            // The clinic's clocks are put forward over it: nobody can come then, and to the others they can.
            if clock().is_some() {
                continue;
            }
            return Err(wrong("appointment_date: not a date and time"));
        };
        slots.push(Slot {
            at,
            ends: None,
            wire: row.appointment_date,
            left: left.and_then(|left| u32::try_from(left).ok()),
            is_busy: row.busy.unwrap_or_default(),
            is_walk_in: false,
            price: None,
            fine_price: None,
            branch: None,
            place: None,
        });
    }
    slots.sort_by_key(|slot| slot.at);
    Ok(Shown { free: slots, last })
}

/// ISO 8601 with an offset or `Z`; without one it is the clinic's own time (A17), and nothing where its clocks leave
/// that out.
pub fn moment(text: &str, zone: Tz) -> Option<DateTime<FixedOffset>> {
    if text.len() > LONGEST_MOMENT {
        return None;
    }
    let mut forms = ["%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M%#z"].iter();
    let read = DateTime::parse_from_rfc3339(text).ok();
    let read = read.or_else(|| forms.find_map(|form| DateTime::parse_from_str(text, form).ok()));
    if let Some(moment) = read {
        return Some(moment.with_timezone(&zone).fixed_offset());
    }
    let moment = zone.from_local_datetime(&local(text)?).earliest()?;
    Some(moment.fixed_offset())
}

/// Whether a text tells this moment; none where it tells none. Without an offset one time of the clinic's clock may be
/// two moments, and is either.
pub fn is_at(text: &str, zone: Tz, wanted: DateTime<FixedOffset>) -> Option<bool> {
    match local(text) {
        Some(told) => Some(told == wanted.with_timezone(&zone).naive_local()),
        None => moment(text, zone).map(|told| told == wanted),
    }
}

/// A moment without an offset.
fn local(text: &str) -> Option<NaiveDateTime> {
    let mut forms = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"].iter();
    forms
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
        .filter(|_| text.len() <= LONGEST_MOMENT)
}
