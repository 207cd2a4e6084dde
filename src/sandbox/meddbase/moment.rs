//! The three ways in which the vendor writes a time.
//!
//! <https://meddbase.github.io/meddbase-apis/patient-portal-api/objects-and-data-types/datetime.html>,
//! <https://meddbase.github.io/meddbase-apis/patient-portal-api/objects-and-data-types/localdatetime.html>

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

use super::clinic::Site;

const LOCAL: &str = "%Y-%m-%dT%H:%M:%S";

/// `LocalDateTime`: wall-clock time at a site.
pub fn local(text: &str) -> Option<NaiveDateTime> {
    let read = NaiveDateTime::parse_from_str(text, LOCAL).ok()?;
    (text.len() == 19).then_some(read)
}

/// `HH:mm`
pub fn hour(text: &str) -> Option<NaiveTime> {
    let read = NaiveTime::parse_from_str(text, "%H:%M").ok()?;
    (text.len() == 5).then_some(read)
}

/// A `DateTime`: without an offset it is UK time; a day is its first moment.
pub fn instant(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Some(moment.to_utc());
    }
    let local = without_offset(text).or_else(|| {
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
        day.and_hms_opt(0, 0, 0)
    })?;
    let moment = Tz::Europe__London.from_local_datetime(&local).earliest()?;
    Some(moment.to_utc())
}

/// The `DateTime` of an appointment at a site: without an offset it is wall-clock time there (A14).
pub fn at_site(text: &str, site: &Site) -> Option<NaiveDateTime> {
    match DateTime::parse_from_rfc3339(text) {
        Ok(moment) => Some(site.local(moment.to_utc())),
        Err(_) => without_offset(text),
    }
}

/// As slots and appointments carry it.
pub fn told(local: NaiveDateTime) -> String {
    local.format(LOCAL).to_string()
}

/// The fraction is optional.
fn without_offset(text: &str) -> Option<NaiveDateTime> {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_time_without_offset_is_uk_time() {
        let winter = instant("2026-01-08T09:00:00").unwrap();
        let summer = instant("2026-07-08T09:00:00.1234567").unwrap();
        assert_eq!(winter.to_rfc3339(), "2026-01-08T09:00:00+00:00");
        assert_eq!(summer.format("%H:%M").to_string(), "08:00");
        assert_eq!(
            instant("2026-07-08T09:00:00+01:00"),
            instant("2026-07-08T08:00:00Z")
        );
        assert_eq!(instant("2026-01-08"), instant("2026-01-08T00:00:00"));
        assert!(instant("08/01/2026").is_none());
    }

    #[test]
    fn a_local_time_has_no_zone_and_an_hour_no_seconds() {
        assert!(local("2026-01-08T09:00:00").is_some());
        for text in [
            "2026-01-08T09:00:00Z",
            "2026-01-08T09:00",
            "2026-01-08",
            "2026-1-8T9:00:00",
        ] {
            assert!(local(text).is_none(), "{text}");
        }
        assert!(hour("09:30").is_some());
        assert!(hour("9:30").is_none() && hour("09:30:00").is_none());
    }
}
