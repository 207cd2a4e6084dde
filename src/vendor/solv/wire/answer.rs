//! The answers that prove that something was done: the booking as it now is, or a picture's number.

use chrono::{DateTime, FixedOffset};
use chrono_tz::Tz;
use serde::Deserialize;

use super::loose::{Whole, opened, shaped};
use super::slots::{is_at, moment};
use crate::domain::looked::Told;
use crate::domain::{schedule, text};
use crate::vendor::outcome::Done;

/// What an answer is read with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// What must stand in it for the call to have been done.
    pub proof: Proof,
    /// The clerk picked a time, which may be gone by now.
    pub has_time: bool,
    /// Another system made the booking: only the answer tells whose it is.
    pub is_of_others: bool,
    /// Of the location.
    pub zone: Tz,
}

/// What must stand in an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// A booking: with this number, this status and at this time, where they are known beforehand.
    Booking {
        number: Option<i64>,
        status: Option<String>,
        /// A new one, at this location: what it says of its time may be written in any way (A17).
        made_at: Option<i64>,
        at: Option<DateTime<FixedOffset>>,
        /// The id that another system gave it.
        external: Option<String>,
    },
    /// A picture of this kind, of the booking with this number.
    Image { booking: i64, kind: String },
}

#[derive(Deserialize)]
struct Booking {
    id: Whole,
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    location_id: Option<Whole>,
    #[serde(default)]
    appointment_date: Option<String>,
    #[serde(default)]
    emr_booking_id: Option<String>,
    #[serde(default)]
    first_name: Option<String>,
    #[serde(default)]
    last_name: Option<String>,
}

#[derive(Deserialize)]
struct Filed {
    booking_id: Whole,
    image_id: Whole,
    #[serde(default)]
    image_type: Option<String>,
}

/// What was done by the word of a 2xx, or why that cannot be relied on.
pub fn done(body: &[u8], expected: &Expected) -> Result<Done, String> {
    let body = opened(body)?;
    match &expected.proof {
        Proof::Booking {
            number,
            status,
            made_at,
            at,
            external,
        } => {
            let booking: Booking = shaped(body)?;
            let Whole(id) = positive("id", booking.id)?;
            if number.is_some_and(|number| number != id) {
                return Err(format!("it is about booking {id}"));
            }
            if let Some(wanted) = status {
                booking.check_status(wanted)?;
            }
            if let Some(location) = made_at {
                booking.check_location(*location)?;
            }
            if let Some(wanted) = at {
                booking.check_time(*wanted, expected.zone, made_at.is_some())?;
            }
            if let Some(wanted) = external {
                booking.check_external(wanted)?;
            }
            booking.check_whole()?;
            Ok(Done {
                number: id.to_string(),
                told: booking.told(expected),
            })
        }
        Proof::Image { booking, kind } => {
            let filed: Filed = shaped(body)?;
            let Whole(id) = positive("image_id", filed.image_id)?;
            if filed.booking_id.0 != *booking {
                return Err(format!("it is about booking {}", filed.booking_id.0));
            }
            let shown = text::vendor_words(filed.image_type.as_deref().unwrap_or_default());
            if !shown.is_empty() && !shown.eq_ignore_ascii_case(kind) {
                return Err(format!("the picture is filed as {shown}, not {kind}"));
            }
            Ok(Done {
                number: id.to_string(),
                told: Vec::new(),
            })
        }
    }
}

impl Booking {
    /// In lower case (C3); empty where there is none.
    fn status(&self) -> String {
        let status = self.status.as_deref().unwrap_or_default();
        text::vendor_words(status).to_ascii_lowercase()
    }

    fn check_status(&self, wanted: &str) -> Result<(), String> {
        let now = self.status();
        if now.is_empty() {
            Err(format!("the booking has no status, not {wanted}"))
        } else if now != wanted {
            Err(format!("the booking is {now}, not {wanted}"))
        } else {
            Ok(())
        }
    }

    /// Elsewhere it is not the one that was just asked for.
    fn check_location(&self, location: i64) -> Result<(), String> {
        match self.location_id {
            Some(Whole(there)) if there != location => Err(format!(
                "the booking is at location {there}, not at {location}"
            )),
            _ => Ok(()),
        }
    }

    /// What the published object always has, as far as it tells one booking from another.
    fn check_whole(&self) -> Result<(), String> {
        let missing = [
            (self.status().is_empty(), "status"),
            (self.location_id.is_none(), "location"),
            (self.appointment_date.is_none(), "time"),
        ];
        match missing.iter().find(|(is_missing, _)| *is_missing) {
            Some((_, what)) => Err(format!("the booking has no {what}")),
            None => Ok(()),
        }
    }

    /// One that was moved and does not tell its new time has the old one, for all that is known.
    fn check_time(
        &self,
        wanted: DateTime<FixedOffset>,
        zone: Tz,
        is_new: bool,
    ) -> Result<(), String> {
        let at = self.appointment_date.as_deref().unwrap_or_default();
        match is_at(at, zone, wanted) {
            Some(true) => Ok(()),
            None if is_new => Ok(()),
            is_known => {
                let wanted = schedule::echo(wanted, zone);
                let told = moment(at, zone).filter(|_| is_known.is_some());
                Err(match told.map(|told| schedule::echo(told, zone)) {
                    Some(told) => format!("the booking is at {told}, not at {wanted}"),
                    None => format!("it does not say that the booking is at {wanted}"),
                })
            }
        }
    }

    /// Not every booking of another system tells which it is.
    fn check_external(&self, wanted: &str) -> Result<(), String> {
        let told = text::vendor_words(self.emr_booking_id.as_deref().unwrap_or_default());
        if told.is_empty() || told == text::vendor_words(wanted) {
            Ok(())
        } else {
            Err("it is about another booking of the records system".to_owned())
        }
    }

    /// Lines for the card; what is absent or cannot be read is left out.
    fn told(&self, expected: &Expected) -> Vec<Told> {
        let name = [&self.first_name, &self.last_name].map(|name| name.as_deref().unwrap_or(""));
        let name = text::vendor_words(&name.join(" "));
        let at = self.appointment_date.as_deref();
        let at = at.and_then(|at| moment(at, expected.zone));
        let lines = [
            ("Patient", Some(name).filter(|_| expected.is_of_others)),
            ("Status", Some(self.status().replace('_', " "))),
            ("When", at.map(|at| schedule::echo(at, expected.zone))),
        ];
        let line = |(label, text): (&str, Option<String>)| {
            let text = text.filter(|text| !text.is_empty())?;
            let label = label.to_owned();
            Some(Told { label, text })
        };
        lines.into_iter().filter_map(line).collect()
    }
}

fn positive(name: &str, number: Whole) -> Result<Whole, String> {
    if number.0 > 0 {
        Ok(number)
    } else {
        Err(format!("{name} is {}", number.0))
    }
}
