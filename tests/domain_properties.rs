//! What must hold of the trade's rules whatever is typed, pasted or answered.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::string_slice
)]

use std::collections::BTreeSet;

use chrono::{Datelike, Days, Months, NaiveDate, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::{Asia::Kolkata, Europe::London, Tz};
use frontdesk::domain::age::{Age, AgeUnit};
use frontdesk::domain::money::{Currency, Money};
use frontdesk::domain::order::{Discount, ItemId, ItemKind, Line, paid_twice, subtotal};
use frontdesk::domain::phone::Phone;
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
    fn a_moment_reads_back_as_it_is_typed(zone in zone(), start in 0_i64..4_000_000_000, ahead in 0_i64..365 * 24 * 60) {
        let now = Utc.timestamp_opt(start, 0).unwrap();
        let moment = (now + TimeDelta::minutes(ahead + 1)).with_timezone(&zone);
        let moment = moment.with_second(0).unwrap();
        let typed = schedule::typed(moment);
        let read = schedule::parse(&typed, zone, now);
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
    fn any_text_is_a_moment_ahead_or_none(text in prop_oneof![any_text(), "20[0-9]{2}-[0-1][0-9]-[0-3][0-9][ T][0-2][0-9]:[0-6][0-9]"], zone in zone()) {
        let now = Utc.with_ymd_and_hms(2026, 11, 21, 5, 12, 0).unwrap();
        if let Ok(moment) = schedule::parse(&text, zone, now) {
            prop_assert!(moment >= now && moment - now.fixed_offset() <= TimeDelta::days(366));
        }
    }

    #[test]
    fn a_picker_opens_on_the_next_full_half_hour(zone in zone(), start in 0_i64..4_000_000_000, nanoseconds in 0_u32..1_000_000_000) {
        let now = Utc.timestamp_opt(start, nanoseconds).unwrap();
        let next = schedule::next_half_hour(zone, now);
        prop_assert!(next > now && next - now.with_timezone(&zone) <= TimeDelta::minutes(30));
        prop_assert_eq!((next.minute() % 30, next.second(), next.nanosecond()), (0, 0, 0));
    }

    #[test]
    fn a_day_more_is_the_next_day_of_the_calendar(zone in zone(), start in 0_i64..4_000_000_000, days in -400_i64..400) {
        let moment = Utc.timestamp_opt(start, 0).unwrap().with_timezone(&zone);
        let moved = schedule::add_days(moment, days);
        prop_assert_eq!(i64::from(moved.num_days_from_ce() - moment.num_days_from_ce()), days);
        prop_assert_eq!(schedule::is_same_day(moment.to_utc(), moved.to_utc(), zone), days == 0);
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
