//! Moments as a clerk types them, and what is said of those that are none.
#![allow(clippy::unwrap_used)]

use chrono::{DateTime, Utc};
use chrono_tz::{America::New_York, Asia::Kolkata};
use rstest::rstest;

use super::{DayOrder, parse};

/// Saturday, 21 November 2026, 10:42 in Kolkata.
fn now() -> DateTime<Utc> {
    "2026-11-21T05:12:00Z".parse().unwrap()
}

fn read(text: &str, order: DayOrder) -> String {
    match parse(text, order, Kolkata, now()) {
        Ok(moment) => moment.format("%a %Y-%m-%d %H:%M").to_string(),
        Err(why) => why.to_string(),
    }
}

#[rstest]
#[case("tomorrow 7am", "Sun 2026-11-22 07:00")]
#[case("Tomorrow at 7 AM", "Sun 2026-11-22 07:00")]
#[case("7am tomorrow", "Sun 2026-11-22 07:00")]
#[case("today 5pm", "Sat 2026-11-21 17:00")]
#[case("day after tomorrow 12am", "Mon 2026-11-23 00:00")]
#[case("mon 10:30", "Mon 2026-11-23 10:30")]
#[case("monday 12pm", "Mon 2026-11-23 12:00")]
#[case("mon noon", "Mon 2026-11-23 12:00")]
#[case("sat 10:30", "Sat 2026-11-28 10:30")]
#[case("next sat 10:30", "Sat 2026-11-28 10:30")]
#[case("next mon 10:30", "Mon 2026-11-23 10:30")]
#[case("sun 9am", "Sun 2026-11-22 09:00")]
#[case("next sun 9am", "Sun 2026-11-29 09:00")]
#[case("this fri 9am", "Fri 2026-11-27 09:00")]
#[case("next week 9am", "Sat 2026-11-28 09:00")]
#[case("21/11 17:00", "Sat 2026-11-21 17:00")]
#[case("23/11 07:00", "Mon 2026-11-23 07:00")]
#[case("5/1 0730", "Tue 2027-01-05 07:30")]
#[case("11/23 9am", "Mon 2026-11-23 09:00")]
#[case("23.11.2026 730", "Mon 2026-11-23 07:30")]
#[case("23 nov 2026 7.30pm", "Mon 2026-11-23 19:30")]
#[case("Nov 23, 7:30", "Mon 2026-11-23 07:30")]
#[case("23rd november 1030", "Mon 2026-11-23 10:30")]
#[case("2026-11-23 07:30", "Mon 2026-11-23 07:30")]
#[case("2026-11-23T07:30", "Mon 2026-11-23 07:30")]
#[case("+3 8am", "Tue 2026-11-24 08:00")]
#[case("in 2 weeks 8am", "Sat 2026-12-05 08:00")]
#[case("11am", "Sat 2026-11-21 11:00")]
#[case("7am", "Sun 2026-11-22 07:00")]
#[case("1030", "Sun 2026-11-22 10:30")]
fn a_moment_as_people_say_it(#[case] text: &str, #[case] moment: &str) {
    assert_eq!(read(text, DayOrder::DayFirst), moment);
}

#[rstest]
#[case("11/23 7am", "Mon 2026-11-23 07:00")]
#[case("1/5 7am", "Tue 2027-01-05 07:00")]
#[case("11/23/2026 7am", "Mon 2026-11-23 07:00")]
#[case("21/11 5pm", "Sat 2026-11-21 17:00")]
#[case("23/11 7am", "Mon 2026-11-23 07:00")]
#[case("23/11/2026 7am", "Mon 2026-11-23 07:00")]
#[case("31/2 7am", "there is no such day: check it")]
#[case("23/13 7am", "there is no such month: type the day as 11/23 or 23 nov")]
#[case("0/11 7am", "there is no such month: type the day as 11/23 or 23 nov")]
fn a_desk_in_the_united_states_writes_the_month_first(#[case] text: &str, #[case] read_as: &str) {
    assert_eq!(read(text, DayOrder::MonthFirst), read_as);
}

#[rstest]
#[case("monday", "type the time too, as 07:30 or 7am")]
#[case("soon", "type day and time, as tomorrow 7am, mon 10:30 or 23/11 07:30")]
#[case("", "type day and time, as tomorrow 7am, mon 10:30 or 23/11 07:30")]
#[case(
    "mon tue 7am",
    "type day and time, as tomorrow 7am, mon 10:30 or 23/11 07:30"
)]
#[case(
    "mon 7",
    "type day and time, as tomorrow 7am, mon 10:30 or 23/11 07:30"
)]
#[case("today 9am", "this has passed: type a later one, as tomorrow 7am")]
#[case(
    "2026-11-20 09:00",
    "this has passed: type a later one, as tomorrow 7am"
)]
#[case("20/11 9am", "20 Nov has passed: for next year type 20 Nov 2027")]
#[case("31/2 9am", "there is no such day: check it")]
#[case("29 feb 9am", "there is no such day: check it")]
#[case("13/23 9am", "there is no such month: type the day as 23/11 or 23 nov")]
#[case("mon 25:00", "there is no such time: type it as 07:30 or 7.30pm")]
#[case("mon 13pm", "there is no such time: type it as 07:30 or 7.30pm")]
#[case("2028-01-01 09:00", "this is more than a year ahead: check the date")]
#[case("+999 9am", "this is more than a year ahead: check the date")]
#[case("+9999 9am", "this is more than a year ahead: check the date")]
fn what_is_no_moment_says_what_to_type(#[case] text: &str, #[case] words: &str) {
    assert_eq!(read(text, DayOrder::DayFirst), words);
}

#[test]
fn an_hour_that_the_clocks_leave_out_is_refused() {
    let now = "2027-03-13T12:00:00Z".parse().unwrap();
    let read = parse("tomorrow 2:30am", DayOrder::MonthFirst, New_York, now);
    let words = read.unwrap_err().to_string();
    assert_eq!(words, "the clocks go forward over this time: type another");
}
