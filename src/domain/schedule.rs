//! When a patient is served: typed as people say it, in the zone of the site, echoed in full.

mod said;

use chrono::{
    DateTime, Datelike, FixedOffset, LocalResult, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc,
};
use chrono_tz::{OffsetName, Tz};

pub use said::{Said, said};

/// How a desk writes the numbers of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayOrder {
    /// 21/11 is in November.
    DayFirst,
    /// 11/21 is in November (United States).
    MonthFirst,
}

impl DayOrder {
    /// A date in digits, as the desk writes it.
    pub fn example(self) -> &'static str {
        match self {
            Self::DayFirst => "23/11",
            Self::MonthFirst => "11/23",
        }
    }
}

/// Why a text is not a moment a patient can be booked at; the words tell what to type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotWhen {
    #[error("type day and time, as tomorrow 7am, mon 10:30 or {} 07:30", .0.example())]
    Unreadable(DayOrder),
    #[error("there is no such day: check it")]
    NoSuchDay,
    #[error("there is no such month: type the day as {} or 23 nov", .0.example())]
    NoSuchMonth(DayOrder),
    #[error("there is no such time: type it as 07:30 or 7.30pm")]
    NoSuchTime,
    #[error("type the time too, as 07:30 or 7am")]
    NoTime,
    #[error("the clocks go forward over this time: type another")]
    NoSuchMoment,
    #[error("this has passed: type a later one, as tomorrow 7am")]
    Past,
    #[error("{} has passed: for next year type {}", .day.format("%-d %b"), .next.format("%-d %b %Y"))]
    PassedLately { day: NaiveDate, next: NaiveDate },
    #[error("this is more than a year ahead: check the date")]
    TooFar,
}

/// Reads a moment as people say it (see [`said()`]) in `zone`: day and time, or a time alone, which is the next one of
/// that name. Refuses what has passed at `now` and what is more than a year ahead.
pub fn parse(
    text: &str,
    order: DayOrder,
    zone: Tz,
    now: DateTime<Utc>,
) -> Result<DateTime<FixedOffset>, NotWhen> {
    let today = now.with_timezone(&zone).date_naive();
    let Said { day, time } = said(text, order, today)?;
    let time = time.ok_or(NotWhen::NoTime)?;
    let moment = match day {
        Some(day) => moment(day, time, zone)?,
        None => match moment(today, time, zone) {
            Ok(moment) if moment >= now => moment,
            _ => moment(today.succ_opt().ok_or(NotWhen::TooFar)?, time, zone)?,
        },
    };
    if moment < now {
        return Err(NotWhen::Past);
    }
    if moment - now.fixed_offset() > TimeDelta::days(366) {
        return Err(NotWhen::TooFar);
    }
    Ok(moment)
}

fn moment(day: NaiveDate, time: NaiveTime, zone: Tz) -> Result<DateTime<FixedOffset>, NotWhen> {
    match zone.from_local_datetime(&day.and_time(time)) {
        LocalResult::Single(moment) | LocalResult::Ambiguous(moment, _) => {
            Ok(moment.fixed_offset())
        }
        LocalResult::None => Err(NotWhen::NoSuchMoment),
    }
}

/// The half hours of a day on which any moment can be booked, from 06:00 to 21:00, those that have passed left out.
pub fn half_hours(day: NaiveDate, zone: Tz, now: DateTime<Utc>) -> Vec<DateTime<Tz>> {
    let times = (12..=42).filter_map(|half| NaiveTime::from_hms_opt(half / 2, half % 2 * 30, 0));
    let moments = times.filter_map(|time| zone.from_local_datetime(&day.and_time(time)).earliest());
    moments.filter(|moment| *moment > now).collect()
}

/// `Mon 23 Nov 2026, 07:30 IST`: in full, with the zone's name.
pub fn echo(moment: DateTime<FixedOffset>, zone: Tz) -> String {
    let local = moment.with_timezone(&zone);
    let name = local.offset().abbreviation().unwrap_or(zone.name());
    format!("{} {name}", local.format("%a %-d %b %Y, %H:%M"))
}

/// `07:30 IST`, `07:30 +04:00`: the time alone, with what the zone is called, or how far it is from UTC.
pub fn clock(moment: DateTime<FixedOffset>, zone: Tz) -> String {
    let local = moment.with_timezone(&zone);
    match local.offset().abbreviation() {
        Some(name) => format!("{} {name}", local.format("%H:%M")),
        None => local.format("%H:%M %:z").to_string(),
    }
}

/// The text that stands in the field for a moment: what [`parse`] reads.
pub fn typed(moment: DateTime<Tz>) -> String {
    moment.format("%Y-%m-%d %H:%M").to_string()
}

/// When something was that happened before `now`: `of 10:42`, `of yesterday`, `3 days old`, and `of 23 Nov` where the clock
/// was wrong.
pub fn age(at: DateTime<Utc>, zone: Tz, now: DateTime<Utc>) -> String {
    let (local, today) = (at.with_timezone(&zone), now.with_timezone(&zone));
    match today.num_days_from_ce() - local.num_days_from_ce() {
        0 => format!("of {}", local.format("%H:%M")),
        1 => "of yesterday".to_owned(),
        days if days > 0 => format!("{days} days old"),
        _ => format!("of {}", local.format("%-d %b")),
    }
}

/// `today`, `tomorrow`, `in 2 days`, `2 days ago`: how far the day of a moment is from that of `now`.
pub fn distance(at: DateTime<FixedOffset>, zone: Tz, now: DateTime<Utc>) -> String {
    let (day, today) = (at.with_timezone(&zone), now.with_timezone(&zone));
    match day.num_days_from_ce() - today.num_days_from_ce() {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        -1 => "yesterday".to_owned(),
        days if days > 0 => format!("in {days} days"),
        days => format!("{} days ago", -days),
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

/// When a day begins in `zone`; none where the zone left it out.
pub fn start_of(day: NaiveDate, zone: Tz) -> Option<DateTime<Utc>> {
    let midnight = day.and_time(NaiveTime::MIN);
    // Where the clock is set forward at midnight, the day begins an hour into it.
    let start = zone.from_local_datetime(&midnight).earliest().or_else(|| {
        zone.from_local_datetime(&(midnight + TimeDelta::hours(1)))
            .earliest()
    });
    start.map(|start| start.to_utc())
}

#[cfg(test)]
mod tests;
