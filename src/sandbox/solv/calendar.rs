//! When a clinic can see patients: its slots by day, and which of them patients may reserve (A12, A16, A40).

use chrono::{
    DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc,
};

use super::assets::{Location, Span, VisitType};

/// A time at which patients are seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    pub from: DateTime<Utc>,
    /// Not part of it.
    pub to: DateTime<Utc>,
    /// Nobody can reserve it; who walks in may be seen then.
    pub is_walk_in: bool,
    pub is_busy: bool,
}

impl Slot {
    pub fn holds(&self, moment: DateTime<Utc>) -> bool {
        (self.from..self.to).contains(&moment)
    }
}

/// The slots of one day at the clinic, past ones among them, in order.
pub fn slots_of(location: &Location, visit_type: &VisitType, day: NaiveDate) -> Vec<Slot> {
    let Some(hours) = hours(location, day) else {
        return Vec::new();
    };
    let step = visit_type.minutes.max(1);
    (hours.from..hours.to)
        .step_by(usize::try_from(step).unwrap_or(1))
        .filter(|minute| minute + step <= hours.to)
        .filter_map(|minute| {
            let from = instant(location, at_minute(day, minute)?)?;
            let is_in = |spans: &[Span]| spans.iter().any(|span| span.holds(minute));
            Some(Slot {
                from,
                to: from + TimeDelta::minutes(i64::from(step)),
                is_walk_in: !visit_type.has_reservations || is_in(&location.walk_in_only),
                is_busy: is_in(&location.busy),
            })
        })
        .collect()
}

/// The slots of so many days from today that are not past.
pub fn slots(
    location: &Location,
    visit_type: &VisitType,
    days: u32,
    now: DateTime<Utc>,
) -> Vec<Slot> {
    let today = day_of(location, now);
    let days = (0..days).filter_map(|day| today.checked_add_days(Days::new(u64::from(day))));
    days.flat_map(|day| slots_of(location, visit_type, day))
        .filter(|slot| slot.from >= now)
        .collect()
}

/// Whether the clinic is open at that moment.
pub fn is_open(location: &Location, moment: DateTime<Utc>) -> bool {
    let local = moment.with_timezone(&location.zone).naive_local();
    let minute = local
        .time()
        .signed_duration_since(NaiveTime::MIN)
        .num_minutes();
    hours(location, local.date())
        .is_some_and(|hours| u32::try_from(minute).is_ok_and(|minute| hours.holds(minute)))
}

/// The calendar day at the clinic.
pub fn day_of(location: &Location, moment: DateTime<Utc>) -> NaiveDate {
    moment.with_timezone(&location.zone).date_naive()
}

/// An ISO 8601 date-time as a moment; without an offset it is the clinic's own time (A17).
pub fn moment(location: &Location, text: &str) -> Option<DateTime<Utc>> {
    if text.as_bytes().get(10) != Some(&b'T') {
        return None;
    }
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Some(moment.to_utc());
    }
    let with_offset = ["%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M%#z"]
        .iter()
        .find_map(|form| DateTime::parse_from_str(text, form).ok());
    if let Some(moment) = with_offset {
        return Some(moment.to_utc());
    }
    let local = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())?;
    instant(location, local)
}

/// A time that the clinic's clock shows twice is the first of the two; one that it skips is none.
pub fn instant(location: &Location, local: NaiveDateTime) -> Option<DateTime<Utc>> {
    let moment = location.zone.from_local_datetime(&local).earliest()?;
    Some(moment.to_utc())
}

fn hours(location: &Location, day: NaiveDate) -> Option<Span> {
    let weekday = usize::try_from(day.weekday().num_days_from_monday()).ok()?;
    *location.hours.get(weekday)?
}

fn at_minute(day: NaiveDate, minute: u32) -> Option<NaiveDateTime> {
    day.and_hms_opt(minute / 60, minute % 60, 0)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::sandbox::solv::assets;

    #[test]
    fn a_day_with_a_skipped_hour_has_fewer_slots() {
        let austin = assets::location("1042").unwrap();
        let kind = austin.visit_type(None).unwrap();
        let count = |day: &str| slots_of(&austin, kind, day.parse().unwrap()).len();
        assert_eq!(count("2026-03-07"), 96);
        assert_eq!(count("2026-03-08"), 92);
    }

    #[test]
    fn a_time_without_an_offset_is_the_clinics() {
        let austin = assets::location("1042").unwrap();
        let expected: DateTime<Utc> = "2026-11-21T15:30:00Z".parse().unwrap();
        for text in [
            "2026-11-21T09:30:00",
            "2026-11-21T09:30",
            "2026-11-21T09:30:00-06:00",
            "2026-11-21T09:30-06:00",
            "2026-11-21T15:30:00.000Z",
            "2026-11-21T15:30Z",
            "2026-11-21T15:30:00+0000",
            "2026-11-21T09:30-0600",
        ] {
            assert_eq!(moment(&austin, text), Some(expected), "{text}");
        }
        for text in [
            "2026-11-21",
            "2026-11-21 09:30",
            "tomorrow",
            "2026-03-08T02:30",
        ] {
            assert_eq!(moment(&austin, text), None, "{text}");
        }
    }
}
