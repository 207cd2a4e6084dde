//! When a booking is served: typed as `YYYY-MM-DD HH:MM` in the desk's zone, echoed in full.

use chrono::{
    DateTime, Datelike, FixedOffset, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta,
    TimeZone, Timelike, Utc,
};
use chrono_tz::{OffsetName, Tz};

/// Why a text is not a moment a patient can be booked at; the words tell what to type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotWhen {
    #[error("type date and time as 2026-11-23 07:30, or press Enter to pick")]
    Unreadable,
    #[error("there is no such date or time")]
    NoSuchMoment,
    #[error("this time has passed")]
    Past,
    #[error("this is more than a year ahead: check the date")]
    TooFar,
}

/// Reads `YYYY-MM-DD HH:MM` in `zone`; refuses what has passed at `now` and what is more than a year ahead.
pub fn parse(text: &str, zone: Tz, now: DateTime<Utc>) -> Result<DateTime<FixedOffset>, NotWhen> {
    let text = text.trim().replacen('T', " ", 1);
    let Ok(local) = NaiveDateTime::parse_from_str(&text, "%Y-%m-%d %H:%M") else {
        return Err(if looks_complete(&text) {
            NotWhen::NoSuchMoment
        } else {
            NotWhen::Unreadable
        });
    };
    let moment = match zone.from_local_datetime(&local) {
        LocalResult::Single(moment) | LocalResult::Ambiguous(moment, _) => moment.fixed_offset(),
        LocalResult::None => return Err(NotWhen::NoSuchMoment),
    };
    if moment < now {
        return Err(NotWhen::Past);
    }
    if moment - now.fixed_offset() > TimeDelta::days(366) {
        return Err(NotWhen::TooFar);
    }
    Ok(moment)
}

fn looks_complete(text: &str) -> bool {
    let shape: String = text
        .chars()
        .map(|c| if c.is_ascii_digit() { '9' } else { c })
        .collect();
    shape == "9999-99-99 99:99"
}

/// `Mon 23 Nov 2026, 07:30 IST`: in full, with the zone's name.
pub fn echo(moment: DateTime<FixedOffset>, zone: Tz) -> String {
    let local = moment.with_timezone(&zone);
    let name = local.offset().abbreviation().unwrap_or(zone.name());
    format!("{} {name}", local.format("%a %-d %b %Y, %H:%M"))
}

/// The text that stands in the field for a moment: what [`parse`] reads.
pub fn typed(moment: DateTime<Tz>) -> String {
    moment.format("%Y-%m-%d %H:%M").to_string()
}

/// The next full half hour after `now` in `zone`: where a picker opens.
pub fn next_half_hour(zone: Tz, now: DateTime<Utc>) -> DateTime<Tz> {
    let local = now.with_timezone(&zone);
    let past = TimeDelta::minutes(i64::from(local.minute() % 30))
        + TimeDelta::seconds(i64::from(local.second()))
        + TimeDelta::nanoseconds(i64::from(local.nanosecond()));
    local + (TimeDelta::minutes(30) - past)
}

/// `day` moved by whole days, the wall-clock time kept where the zone allows it.
pub fn add_days(moment: DateTime<Tz>, days: i64) -> DateTime<Tz> {
    let local = moment.naive_local() + TimeDelta::days(days);
    moment
        .timezone()
        .from_local_datetime(&local)
        .earliest()
        .unwrap_or(moment + TimeDelta::days(days))
}

/// When something was that happened before `now`: `of 10:42`, `3 days old`, and `of 23 Nov` where the clock was wrong.
pub fn age(at: DateTime<Utc>, zone: Tz, now: DateTime<Utc>) -> String {
    let (local, today) = (at.with_timezone(&zone), now.with_timezone(&zone));
    match today.num_days_from_ce() - local.num_days_from_ce() {
        0 => format!("of {}", local.format("%H:%M")),
        1 => "1 day old".to_owned(),
        days if days > 0 => format!("{days} days old"),
        _ => format!("of {}", local.format("%-d %b")),
    }
}

/// Whether two moments fall on one calendar day of `zone`.
pub fn is_same_day(one: DateTime<Utc>, other: DateTime<Utc>, zone: Tz) -> bool {
    let (one, other) = (one.with_timezone(&zone), other.with_timezone(&zone));
    one.num_days_from_ce() == other.num_days_from_ce()
}

/// When the day of `now` began in `zone`.
pub fn day_start(now: DateTime<Utc>, zone: Tz) -> DateTime<Utc> {
    start_of(now.with_timezone(&zone).date_naive(), zone).unwrap_or(now)
}

/// When the day after that of `now` begins in `zone`: always later than `now`.
pub fn next_day_start(now: DateTime<Utc>, zone: Tz) -> DateTime<Utc> {
    let tomorrow = now.with_timezone(&zone).date_naive().succ_opt();
    let start = tomorrow.and_then(|day| start_of(day, zone));
    // Some zone once left a whole day out.
    let start = start.filter(|start| *start > now);
    start.unwrap_or(now + TimeDelta::days(1))
}

fn start_of(day: NaiveDate, zone: Tz) -> Option<DateTime<Utc>> {
    let midnight = day.and_time(NaiveTime::MIN);
    // Where the clock is set forward at midnight, the day begins an hour into it.
    let start = zone.from_local_datetime(&midnight).earliest().or_else(|| {
        zone.from_local_datetime(&(midnight + TimeDelta::hours(1)))
            .earliest()
    });
    start.map(|start| start.to_utc())
}
