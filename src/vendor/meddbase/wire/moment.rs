//! The ways in which Meddbase writes a time
//! (<https://meddbase.github.io/meddbase-apis/patient-portal-api/objects-and-data-types/datetime.html>).

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, TimeZone};
use chrono_tz::Tz;

/// A moment as it stands in an answer: 0 to 7 digits of a second, and perhaps an offset. Without one it is what the
/// clock of the site shows (A14).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    AtSite(NaiveDateTime),
    Exact(DateTime<FixedOffset>),
}

impl Written {
    /// None where it is no moment; a day alone is its midnight.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(exact) = DateTime::parse_from_rfc3339(text) {
            return Some(Self::Exact(exact));
        }
        let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f");
        local
            .ok()
            .or_else(|| Some(day(text)?.and_time(NaiveTime::MIN)))
            .map(Self::AtSite)
    }

    /// The moment, where the site's zone has it.
    pub fn in_zone(self, zone: Tz) -> Option<DateTime<FixedOffset>> {
        match self {
            Self::Exact(exact) => Some(exact.with_timezone(&zone).fixed_offset()),
            Self::AtSite(local) => {
                let local = zone.from_local_datetime(&local).earliest()?;
                Some(local.fixed_offset())
            }
        }
    }
}

fn day(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()
}

/// The day of a moment, as it is written: of a date of birth.
pub fn date(text: &str) -> Option<NaiveDate> {
    day(text.trim().split('T').next()?)
}

/// `LocalDateTime`: the first moment of a day on the site's clock.
pub fn midnight(day: NaiveDate) -> String {
    format!("{}T00:00:00", day.format("%Y-%m-%d"))
}

/// `DateTime` with its offset.
pub fn exact(moment: DateTime<FixedOffset>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Secs, false)
}

/// `Mon 23 Nov 2026, 09:30`, as it is told to a person.
pub fn told(local: NaiveDateTime) -> String {
    local.format("%a %-d %b %Y, %H:%M").to_string()
}
