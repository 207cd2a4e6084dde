//! What must hold of the trade's rules whatever is typed, pasted or answered.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::string_slice
)]

use std::collections::BTreeSet;

use chrono::{Datelike, Days, Months, NaiveDate, NaiveTime, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::{Asia::Kolkata, Europe::London, Tz};
use frontdesk::domain::age::{Age, AgeUnit};
use frontdesk::domain::money::{Currency, Money};
use frontdesk::domain::order::{Discount, ItemId, ItemKind, Line, paid_twice, subtotal};
use frontdesk::domain::phone::Phone;
use frontdesk::domain::schedule::{DayOrder, Said};
use frontdesk::domain::{schedule, text};
use proptest::prelude::*;

fn currency() -> impl Strategy<Value = Currency> {
    prop_oneof![
        Just(Currency::Inr),
        Just(Currency::Usd),
        Just(Currency::Gbp)
    ]
}

fn date() -> impl Strategy<Value = NaiveDate> {
    (0_u64..80_000).prop_map(|days| NaiveDate::from_ymd_opt(1900, 1, 1).unwrap() + Days::new(days))
}

fn zone() -> impl Strategy<Value = Tz> {
    prop_oneof![Just(Kolkata), Just(London), Just(chrono_tz::UTC)]
}

/// A day of a century in which two digits are enough for the year.
fn lately() -> impl Strategy<Value = NaiveDate> {
    (0_u64..35_000).prop_map(|days| NaiveDate::from_ymd_opt(2001, 1, 1).unwrap() + Days::new(days))
}

fn order() -> impl Strategy<Value = DayOrder> {
    prop_oneof![Just(DayOrder::DayFirst), Just(DayOrder::MonthFirst)]
}

/// Texts with the characters that break things: controls, direction marks, joiners, wide and combining ones.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ \\t\\n\u{7}\u{1b}\u{9b}\u{200b}\u{200d}\u{202e}\u{2066}\u{61c}\u{feff}aé界👩‍👧नि]{0,24}",
        "\\PC{0,40}",
    ]
}

proptest! {
    #[test]
    fn an_amount_reads_back_as_it_is_shown(minor in 0..=Money::MAX.0, currency in currency()) {
        let amount = Money(minor);
        prop_assert_eq!(Money::parse(&amount.to_string()), Ok(amount));
        prop_assert_eq!(Money::parse(&currency.digits(amount)), Ok(amount));
        prop_assert_eq!(Money::parse(&currency.show(amount)), Ok(amount));
    }

    #[test]
    fn rupees_are_grouped_by_three_and_then_by_two(units in 0_i64..1_000_000_000) {
        let shown = Currency::Inr.digits(Money::major(units));
        let groups: Vec<usize> = shown.split(',').map(str::len).collect();
        let (last, others) = groups.split_last().unwrap();
        prop_assert!(others.iter().skip(1).all(|group| *group == 2), "{shown}");
        prop_assert!(others.is_empty() || (*last == 3 && others[0] <= 2), "{shown}");
        prop_assert!(*last <= 3 && groups[0] > 0, "{shown}");
    }

    #[test]
    fn any_text_is_an_amount_in_range_or_none(text in any_text()) {
        if let Ok(amount) = Money::parse(&text) {
            prop_assert!(amount >= Money::ZERO && amount <= Money::MAX);
        }
    }

    #[test]
    fn any_amount_can_be_shown(minor in any::<i64>(), currency in currency()) {
        let shown = currency.show(Money(minor));
        prop_assert_eq!(shown.starts_with('-'), minor < 0);
        prop_assert_eq!(shown.matches('-').count(), usize::from(minor < 0));
        prop_assert_eq!(
            shown.chars().filter(char::is_ascii_digit).collect::<String>().parse::<u64>().unwrap(),
            if minor % 100 == 0 { minor.unsigned_abs() / 100 } else { minor.unsigned_abs() },
        );
    }

    #[test]
    fn a_share_is_off_by_at_most_half_a_minor_unit(minor in 0..=Money::MAX.0, points in 0_u32..=10_000) {
        let share = Money(minor).share(points);
        let error = i128::from(share.0) * 10_000 - i128::from(minor) * i128::from(points);
        prop_assert!((-5_000 < error) && (error <= 5_000));
        prop_assert!(share <= Money(minor));
    }

    #[test]
    fn a_discount_reads_back_and_never_makes_a_total_negative(
        prices in prop::collection::vec(0_i64..10_000_000, 0..8),
        points in 0_u32..=10_000,
        amount in 0_i64..100_000_000,
    ) {
        let lines: Vec<Line> = prices.iter().map(|price| line(ItemKind::Test, "a", *price, &[])).collect();
        let sum = subtotal(&lines);
        prop_assert_eq!(sum.0, prices.iter().sum::<i64>());
        let share = Discount::parse(&format!("{}.{:02}%", points / 100, points % 100)).unwrap();
        prop_assert_eq!(share, if points == 0 { Discount::None } else { Discount::PerCent(points) });
        prop_assert!(share.check(sum).is_ok());
        let fixed = Discount::parse(&Money(amount).to_string()).unwrap();
        prop_assert_eq!(fixed.of(sum), Money(amount));
        prop_assert_eq!(fixed.check(sum).is_ok(), amount <= sum.0);
    }

    #[test]
    fn any_text_is_a_discount_or_none(text in any_text()) {
        if let Ok(Discount::PerCent(points)) = Discount::parse(&text) {
            prop_assert!((1..=10_000).contains(&points));
        }
    }

    #[test]
    fn a_test_is_paid_twice_just_when_a_picked_package_holds_it(
        tests in prop::collection::btree_set("[a-f]", 0..6),
        packages in prop::collection::vec(prop::collection::vec("[a-f]", 0..4), 0..3),
    ) {
        let mut lines: Vec<Line> = tests.iter().map(|id| line(ItemKind::Test, id, 1, &[])).collect();
        lines.extend(packages.iter().map(|inside| line(ItemKind::Package, "p", 1, inside)));
        let found: BTreeSet<String> = paid_twice(&lines)
            .iter()
            .map(|twice| twice.test.item.as_ref().unwrap().0.clone())
            .collect();
        let inside: BTreeSet<String> = packages.into_iter().flatten().collect();
        prop_assert_eq!(found, tests.intersection(&inside).cloned().collect());
    }

    #[test]
    fn ten_digits_are_understood_as_people_say_them(
        digits in "[1-9][0-9]{9}",
        before in prop_oneof![Just(""), Just("0"), Just("+91"), Just("+91-"), Just("91 "), Just("+91 0")],
        gap in prop_oneof![Just(""), Just(" "), Just("-"), Just(".")],
        at in 1_usize..9,
    ) {
        let (head, tail) = digits.split_at(at);
        let phone = Phone::parse(&format!(" {before}{head}{gap}{tail} "), "91").unwrap();
        prop_assert_eq!(phone.digits(), digits.as_str());
        prop_assert_eq!(Phone::parse(&phone.to_string(), "91").unwrap(), phone);
    }

    #[test]
    fn any_text_is_ten_digits_or_no_phone(text in any_text(), code in "[0-9]{0,3}") {
        if let Ok(phone) = Phone::parse(&text, &code) {
            prop_assert_eq!(phone.digits().len(), 10);
            prop_assert!(phone.digits().bytes().all(|byte| byte.is_ascii_digit()));
            let debug = format!("{phone:?}");
            prop_assert!(!debug.contains(phone.digits()));
        }
    }

    #[test]
    fn an_age_counts_whole_years_months_or_days(born in date(), days in 0_u64..47_000) {
        let today = born + Days::new(days);
        let age = Age::since(born, today).unwrap();
        let after = |value: u16| match age.unit {
            AgeUnit::Year => birthday(born, u32::from(value) * 12),
            AgeUnit::Month => birthday(born, u32::from(value)),
            AgeUnit::Day => born + Days::new(u64::from(value)),
        };
        prop_assert!(after(age.value) <= today, "{age} before it is reached");
        prop_assert!(after(age.value + 1) > today, "{age} after it has passed");
        let is_in_range = match age.unit {
            AgeUnit::Year => age.value >= 2,
            AgeUnit::Month => (2..24).contains(&age.value),
            AgeUnit::Day => age.value < 62,
        };
        prop_assert!(is_in_range, "{age}");
    }

    #[test]
    fn a_date_of_birth_is_read_in_each_of_its_forms(born in date(), days in 0_u64..40_000) {
        let today = born + Days::new(days);
        let age = Age::since(born, today);
        for form in ["%Y-%m-%d", "%d/%m/%Y", "%-d-%-m-%Y", "%d.%m.%Y"] {
            prop_assert_eq!(Age::parse(&born.format(form).to_string(), today), age);
        }
    }

    #[test]
    fn an_age_reads_back_as_it_is_shown(value in 0_u16..=130, unit in prop_oneof![Just(AgeUnit::Year), Just(AgeUnit::Month), Just(AgeUnit::Day)]) {
        let age = Age { value, unit };
        prop_assert_eq!(Age::parse(&age.to_string(), NaiveDate::MIN), Ok(age));
    }

    #[test]
    fn any_text_is_an_age_or_none(text in prop_oneof![any_text(), "[0-9./-]{0,12}[ymd]?"], today in date()) {
        if let Ok(Age { value, unit: AgeUnit::Year }) = Age::parse(&text, today) {
            prop_assert!(value <= 130);
        }
    }

    #[test]
    fn a_moment_reads_back_as_it_is_typed(zone in zone(), order in order(), start in 0_i64..4_000_000_000, ahead in 0_i64..365 * 24 * 60) {
        let now = Utc.timestamp_opt(start, 0).unwrap();
        let moment = (now + TimeDelta::minutes(ahead + 1)).with_timezone(&zone);
        let moment = moment.with_second(0).unwrap();
        let typed = schedule::typed(moment);
        let read = schedule::parse(&typed, order, zone, now);
        // An hour that comes twice is taken as the first one, which may have passed.
        if zone.from_local_datetime(&moment.naive_local()).single().is_some() {
            prop_assert_eq!(read, Ok(moment.fixed_offset()));
        } else if let Ok(read) = read {
            prop_assert_eq!(read.naive_local(), moment.naive_local());
        }
        let echo = schedule::echo(moment.fixed_offset(), zone);
        prop_assert!(echo.contains(&moment.format("%Y, %H:%M").to_string()), "{echo}");
    }

    #[test]
    fn a_day_and_a_time_are_read_in_each_of_their_forms(
        today in lately(), ahead in 0_u64..=272, hour in 0_u32..24, minute in 0_u32..60,
        day_form in prop::sample::select(&["%Y-%m-%d", "%d/%m", "%-d.%-m.%Y", "%d-%m-%y", "%-d %b", "%d %B %Y", "%b %-d", "%B %-d, %Y", "%-d%b"][..]),
        time_form in prop::sample::select(&["%H:%M", "%H%M", "%-I:%M%P", "%-I.%M %p", "at %I:%M %p"][..]),
        is_time_first: bool,
    ) {
        // Behind a month, 2026 is a year.
        prop_assume!(time_form != "%H%M" || hour != 20);
        let day = today + Days::new(ahead);
        let time = NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
        let (day_text, time_text) = (day.format(day_form).to_string(), time.format(time_form).to_string());
        let text = if is_time_first { format!("{time_text} {day_text}") } else { format!("{day_text} {time_text}") };
        let said = Said { day: Some(day), time: Some(time) };
        prop_assert_eq!(schedule::said(&text, DayOrder::DayFirst, today), Ok(said), "{}", text);
        let months_first = text.replace(&day.format("%d/%m").to_string(), &day.format("%m/%d").to_string());
        if day_form == "%d/%m" {
            prop_assert_eq!(schedule::said(&months_first, DayOrder::MonthFirst, today), Ok(said), "{}", months_first);
        }
    }

    #[test]
    fn a_weekday_is_one_of_the_seven_days_to_come(today in date(), name in 0_usize..7) {
        let names = [["mon", "Monday"], ["tue", "TUESDAY"], ["wed", "wednesday"], ["thu", "thurs"], ["fri", "Friday"], ["sat", "saturday"], ["sun", "Sunday"]];
        for text in names[name] {
            let day = schedule::said(text, DayOrder::DayFirst, today).unwrap().day.unwrap();
            prop_assert!((1..=7).contains(&(day - today).num_days()), "{day}");
            prop_assert_eq!(day.weekday().num_days_from_monday() as usize, name);
            let next = schedule::said(&format!("next {text}"), DayOrder::DayFirst, today).unwrap().day.unwrap();
            prop_assert_eq!(next.weekday(), day.weekday());
            let week = |day: NaiveDate| day.iso_week().week();
            prop_assert_eq!(week(next), week(today + Days::new(7)));
        }
    }

    #[test]
    fn a_day_so_far_ahead_is_counted_from_today(today in date(), days in 0_u64..=366) {
        let said = |text: String| schedule::said(&text, DayOrder::MonthFirst, today).unwrap().day;
        prop_assert_eq!(said(format!("+{days}")), Some(today + Days::new(days)));
        prop_assert_eq!(said(format!("in {days} days")), Some(today + Days::new(days)));
        if days <= 52 {
            prop_assert_eq!(said(format!("+{days}w")), Some(today + Days::new(7 * days)));
        }
    }

    #[test]
    fn any_text_is_a_moment_ahead_or_none(
        text in prop_oneof![any_text(), "20[0-9]{2}-[0-1][0-9]-[0-3][0-9][ T][0-2][0-9]:[0-6][0-9]", "([a-z]{2,4}|[0-9/.:+-]{1,6}| ){1,6}"],
        zone in zone(), order in order(),
    ) {
        let now = Utc.with_ymd_and_hms(2026, 11, 21, 5, 12, 0).unwrap();
        if let Ok(moment) = schedule::parse(&text, order, zone, now) {
            prop_assert!(moment >= now && moment - now.fixed_offset() <= TimeDelta::days(366));
            let again = schedule::typed(moment.with_timezone(&zone));
            prop_assert_eq!(schedule::parse(&again, order, zone, now), Ok(moment), "frozen as {}", again);
        }
    }

    #[test]
    fn half_hours_are_those_of_their_day_that_are_to_come(zone in zone(), start in 0_i64..4_000_000_000, ahead in 0_u64..9) {
        let now = Utc.timestamp_opt(start, 0).unwrap();
        let day = now.with_timezone(&zone).date_naive() + Days::new(ahead);
        let times = schedule::half_hours(day, zone, now);
        prop_assert!(times.is_sorted() && times.iter().all(|time| *time > now && time.date_naive() == day));
        prop_assert!(times.iter().all(|time| time.minute() % 30 == 0 && (6..=21).contains(&time.hour())));
        prop_assert!(ahead == 0 || times.len() > 28, "{} on {day}", times.len());
    }

    #[test]
    fn one_line_holds_nothing_that_can_move_the_cursor_or_hide_text(text in any_text()) {
        let line = text::one_line(&text);
        prop_assert!(!line.chars().any(|c| c.is_control()
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{feff}' | '\u{200b}'
                | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')), "{line:?}");
        prop_assert!(!line.contains("  ") && line.trim() == line, "{line:?}");
        prop_assert_eq!(text::one_line(&line), line);
    }

    #[test]
    fn text_that_is_fitted_is_never_wider_than_asked(text in any_text(), columns in 0_usize..30) {
        let fitted = text::fit(&text::one_line(&text), columns);
        prop_assert!(text::width(&fitted) <= columns, "{fitted:?}");
        prop_assert_eq!(text::fit(&fitted, columns), fitted);
    }
}

fn line(kind: ItemKind, id: &str, price: i64, includes: &[String]) -> Line {
    Line {
        kind,
        item: Some(ItemId(id.to_owned())),
        code: String::new(),
        name: String::new(),
        price: Money(price),
        picked_price: Money(price),
        includes: includes.iter().cloned().map(ItemId).collect(),
        tests: Vec::new(),
        is_gone: false,
        is_unpriced: false,
    }
}

/// The day on which so many months are complete. Who is born on a day that the month lacks completes it on the first
/// of the next: 29 February becomes a year older on 1 March.
fn birthday(born: NaiveDate, months: u32) -> NaiveDate {
    let same = born + Months::new(months);
    if same.day() == born.day() {
        same
    } else {
        same + Days::new(1)
    }
}
