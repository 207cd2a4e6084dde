//! What is done to a booking that the clinic's own records system made, by that system's id
//! (<https://partner-api-docs-stage.solvhealth.com/v1/partner/docs/update-external-booking-v-1-partner-external-bookings-external-booking-id-patch>
//! and the two pages beside it).

use chrono::{SecondsFormat, Timelike};
use reqwest::Method;
use serde::Serialize;

use super::answer::{Expected, Proof};
use super::{Order, Unwritten, filled, json, location, segment, unwritten};
use crate::domain::offer::FieldKey;
use crate::domain::submission::Submission;
use crate::vendor::solv::settings::Settings;

/// The path segment has an underscore, whatever the names of the pages say.
const PATH: &str = "/v1/partner/external_bookings";

/// What the form's action can be.
pub const STATUS: &str = "status";
pub const CANCEL: &str = "cancel";
pub const RESCHEDULE: &str = "reschedule";

#[derive(Serialize)]
struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    appointment_date: Option<String>,
    external_location_id: &'a str,
    /// C6: a text, although its values are numbers.
    service_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cancellation_reason: Option<&'a str>,
}

pub fn order(submission: &Submission, settings: &Settings) -> Result<Order, Unwritten> {
    let location = location(submission, settings)?;
    let detail = |key| filled(submission.detail(key));
    let needed = |key, words| detail(key).ok_or_else(|| unwritten(Some(key), words));
    let booking = needed(FieldKey::ExternalBooking, "type the id of the booking")?;
    let place = detail(FieldKey::ExternalLocation).or(location.external_id.as_deref());
    let place = place.ok_or_else(|| {
        let words = "type the id that the records system has for this location";
        unwritten(Some(FieldKey::ExternalLocation), words)
    })?;
    let mut body = Body {
        appointment_date: None,
        external_location_id: place,
        service_id: needed(FieldKey::Integration, "choose the system")?,
        status: None,
        cancellation_reason: None,
    };
    let id = booking;
    let booking = segment(id).ok_or_else(|| {
        let words = "this is no id of a booking";
        unwritten(Some(FieldKey::ExternalBooking), words)
    })?;
    let path = format!("{PATH}/{booking}");
    let mut new_time = None;
    let (method, path, status) = match detail(FieldKey::Action) {
        Some(STATUS) => {
            body.status = Some(needed(FieldKey::Status, "choose the status")?);
            (Method::PATCH, path, body.status)
        }
        Some(CANCEL) => {
            body.cancellation_reason = detail(FieldKey::Reason);
            (Method::DELETE, path, Some("cancelled"))
        }
        Some(RESCHEDULE) => {
            let moment = submission.appointment.as_ref();
            let moment = moment.ok_or_else(|| {
                unwritten(Some(FieldKey::ScheduledAt), "type the new date and time")
            })?;
            // By its offset: the clinic's clock may show this time twice. It leaves in whole seconds.
            let at = moment.at.with_timezone(&location.zone).fixed_offset();
            new_time = at.with_nanosecond(0);
            body.appointment_date = Some(at.to_rfc3339_opts(SecondsFormat::Secs, false));
            (Method::POST, format!("{path}/reschedule"), None)
        }
        _ => {
            return Err(unwritten(
                Some(FieldKey::Action),
                "choose what becomes of it",
            ));
        }
    };
    Ok(Order {
        expected: Expected {
            proof: Proof::Booking {
                number: None,
                status: status.map(str::to_owned),
                made_at: None,
                at: new_time,
                external: Some(id.to_owned()),
            },
            has_time: new_time.is_some(),
            is_of_others: true,
            zone: location.zone,
        },
        body: json(&body)?,
        method,
        path,
        query: Vec::new(),
    })
}
