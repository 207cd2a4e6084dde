//! The demo clinics as they lie in the binary: where they are, when they are open, what they see patients for.

use chrono_tz::Tz;
use serde::Deserialize;

const LOCATIONS: &str = include_str!("../../../assets/solv/locations.json");
const EXTERNAL_BOOKINGS: &str = include_str!("../../../assets/solv/external_bookings.json");
/// Solv's own numbers of the bookings that trials ask for.
const FIRST_OF_MANY: i64 = 320_000;

/// A clinic.
#[derive(Clone, Debug, Deserialize)]
pub struct Location {
    pub id: i64,
    /// The six letters and digits of its address on the web (A30).
    pub public_id: String,
    /// What the clinic's own records system calls it.
    pub external_id: String,
    /// Whether the partners may book here (A9).
    pub is_linked: bool,
    pub name: String,
    pub phone: String,
    pub zone: Tz,
    pub street: String,
    pub city: String,
    pub state: String,
    pub zip: String,
    /// Days whose slots v2 gives, today among them.
    pub days: u32,
    /// Patients that one slot holds.
    pub capacity: u32,
    /// How long before a walk-in slot begins it can no longer be had, where a buffer is asked for.
    pub buffer_minutes: i64,
    pub default_visit_type: i64,
    /// Monday first; none is a closed day.
    pub hours: [Option<Span>; 7],
    /// When nobody can reserve, every open day.
    pub walk_in_only: Vec<Span>,
    pub busy: Vec<Span>,
    pub visit_types: Vec<VisitType>,
}

/// What patients come for.
#[derive(Clone, Debug, Deserialize)]
pub struct VisitType {
    pub id: i64,
    /// From one slot to the next.
    pub minutes: u32,
    pub has_reservations: bool,
}

/// `08:00-20:00`, in minutes after midnight; the end is not part of it.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(try_from = "String")]
pub struct Span {
    pub from: u32,
    pub to: u32,
}

impl Span {
    pub fn holds(self, minute: u32) -> bool {
        (self.from..self.to).contains(&minute)
    }
}

impl TryFrom<String> for Span {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let minute = |time: &str| {
            let (hour, minute) = time.split_once(':')?;
            Some(hour.parse::<u32>().ok()? * 60 + minute.parse::<u32>().ok()?)
        };
        text.split_once('-')
            .and_then(|(from, to)| {
                Some(Self {
                    from: minute(from)?,
                    to: minute(to)?,
                })
            })
            .ok_or_else(|| format!("{text} is not a span of time"))
    }
}

/// A booking that a clinic's own records system holds.
#[derive(Clone, Debug, Deserialize)]
pub struct External {
    pub emr_id: String,
    pub service_id: String,
    pub location: i64,
    /// Solv's own number for it.
    pub id: i64,
    /// Days from the day on which it is first asked for.
    pub in_days: u64,
    /// `09:30` at the clinic.
    pub at: String,
    pub first_name: String,
    pub last_name: String,
    pub phone: String,
    pub birth_date: String,
    pub reason: String,
}

/// A test of this module keeps it parsing.
pub fn locations() -> Vec<Location> {
    serde_json::from_str(LOCATIONS).unwrap_or_default()
}

pub fn external_bookings() -> Vec<External> {
    serde_json::from_str(EXTERNAL_BOOKINGS).unwrap_or_default()
}

/// The booking that a records system has under this id. For trials that need many, the system of the first one has
/// all of `EMR-70000` to `EMR-79999`, each like the first.
pub fn external_booking(emr_id: &str, service_id: &str) -> Option<External> {
    let held = external_bookings();
    let like = held.first()?.clone();
    let is_it = |held: &External| held.emr_id == emr_id && held.service_id == service_id;
    held.into_iter().find(is_it).or_else(|| {
        let digits = emr_id.strip_prefix("EMR-7")?;
        let number: u16 = digits.parse().ok().filter(|_| digits.len() == 4)?;
        Some(External {
            emr_id: emr_id.to_owned(),
            id: FIRST_OF_MANY + i64::from(number),
            ..like
        })
        .filter(is_it)
    })
}

/// The clinic with this id, by its number or its six letters (A30).
pub fn location(id: &str) -> Option<Location> {
    let mut locations = locations().into_iter();
    locations.find(|location| location.public_id == id || location.id.to_string() == id)
}

impl Location {
    /// With no id, the default one.
    pub fn visit_type(&self, id: Option<i64>) -> Option<&VisitType> {
        let id = id.unwrap_or(self.default_visit_type);
        self.visit_types.iter().find(|kind| kind.id == id)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_clinics_are_read_and_sound() {
        let locations: Vec<Location> = serde_json::from_str(LOCATIONS).unwrap();
        for location in &locations {
            assert_eq!(location.public_id.len(), 6);
            assert!(location.visit_type(None).is_some(), "{}", location.name);
        }
        let zones: std::collections::HashSet<_> =
            locations.iter().map(|location| location.zone).collect();
        assert!(zones.len() > 1);
        let external: Vec<External> = serde_json::from_str(EXTERNAL_BOOKINGS).unwrap();
        for booking in external {
            let mut of = locations.iter();
            assert!(of.any(|location| location.id == booking.location));
            assert!(["7", "8", "11"].contains(&booking.service_id.as_str()));
        }
    }
}
