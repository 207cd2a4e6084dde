//! Rules that a text must keep by itself, whatever form it stands in.

use chrono::format::{ParseErrorKind, ParseResult};
use chrono::{Datelike, NaiveDate};

use crate::domain::schedule::DayOrder;

pub(super) fn check_country_code(text: &str) -> Result<(), String> {
    let digits = text.strip_prefix('+').unwrap_or(text);
    if (1..=3).contains(&digits.len()) && digits.chars().all(|c| c.is_ascii_digit()) {
        Ok(())
    } else {
        Err("one to three digits, such as 91".to_owned())
    }
}

pub(super) fn check_name(text: &str) -> Result<(), String> {
    if !text.chars().any(char::is_alphabetic) {
        return Err("a name has letters".to_owned());
    }
    if text.chars().any(|c| c.is_ascii_digit()) {
        Err("a name has no digits".to_owned())
    } else {
        Ok(())
    }
}

/// Some vendors take no single name.
pub(super) fn check_full_name(text: &str) -> Result<(), String> {
    match text.split_whitespace().count() {
        0 | 1 => Err("first and last name are both needed here".to_owned()),
        _ => Ok(()),
    }
}

/// Reads `1994-03-21`, `21 Mar 1994` and, as the desk writes dates, `21/03/1994` or `03/21/1994`, also with dots or
/// dashes; refuses days to come and those of more than 130 years ago.
pub fn birth_date(text: &str, order: DayOrder, today: NaiveDate) -> Result<NaiveDate, String> {
    let text = text.trim();
    let (formats, example) = match order {
        DayOrder::DayFirst => (
            ["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %B %Y"],
            "21/03/1994",
        ),
        DayOrder::MonthFirst => (
            ["%Y-%m-%d", "%m/%d/%Y", "%m.%d.%Y", "%m-%d-%Y", "%d %B %Y"],
            "03/21/1994",
        ),
    };
    let is_numeric = text
        .chars()
        .all(|c| c.is_ascii_digit() || "-/.".contains(c));
    let read = |format: &&str| NaiveDate::parse_from_str(text, format);
    let born = match formats.iter().find_map(|format| read(format).ok()) {
        Some(born) => born,
        None if is_numeric && formats.iter().any(|format| is_no_day(read(format))) => {
            return Err("there is no such day: check day and month".to_owned());
        }
        None => return Err(format!("type the date of birth as 1994-03-21 or {example}")),
    };
    if born.year() < 100 {
        Err(format!("type all four digits of the year, as {example}"))
    } else if born > today {
        Err("this day has not come yet".to_owned())
    } else if today.years_since(born).is_none_or(|years| years > 130) {
        Err("nobody is that old: check the year".to_owned())
    } else {
        Ok(born)
    }
}

/// It is written as a date, but no calendar has it.
fn is_no_day(read: ParseResult<NaiveDate>) -> bool {
    let kind = read.err().map(|error| error.kind());
    matches!(
        kind,
        Some(ParseErrorKind::OutOfRange | ParseErrorKind::Impossible)
    )
}

/// Only what is surely a slip: one `@`, something before it, a dot within what follows, no blanks.
pub(super) fn check_email(text: &str) -> Result<(), String> {
    let is_right = text.split_once('@').is_some_and(|(user, host)| {
        let host_holds = host.split('.').all(|part| !part.is_empty())
            && host.contains('.')
            && !host.contains('@');
        !user.is_empty() && host_holds && !text.chars().any(char::is_whitespace)
    });
    if is_right {
        Ok(())
    } else {
        Err("an e-mail looks like name@example.com".to_owned())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use rstest::rstest;

    use super::*;

    const DAY: DayOrder = DayOrder::DayFirst;
    const MONTH: DayOrder = DayOrder::MonthFirst;

    fn read(text: &str, order: DayOrder) -> Result<NaiveDate, String> {
        birth_date(text, order, NaiveDate::from_ymd_opt(2026, 11, 21).unwrap())
    }

    #[rstest]
    #[case("1994-03-21", DAY)]
    #[case("21/3/1994", DAY)]
    #[case("21.03.1994", DAY)]
    #[case("21 mar 1994", DAY)]
    #[case(" 03-21-1994 ", MONTH)]
    #[case("21 March 1994", MONTH)]
    fn a_birthday_is_read_as_the_desk_writes_it(#[case] text: &str, #[case] order: DayOrder) {
        assert_eq!(
            read(text, order),
            Ok(NaiveDate::from_ymd_opt(1994, 3, 21).unwrap())
        );
    }

    #[rstest]
    #[case("02/13/90", MONTH, "all four digits of the year, as 03/21/1994")]
    #[case("31/02/1990", DAY, "no such day")]
    #[case("03/21/1994", DAY, "no such day")]
    #[case("1994-02-30", MONTH, "no such day")]
    #[case("1890-01-01", DAY, "nobody is that old")]
    #[case("2026-11-22", DAY, "not come yet")]
    #[case("spring of 1990", DAY, "as 1994-03-21 or 21/03/1994")]
    fn what_is_wrong_with_a_birthday_is_said(
        #[case] text: &str,
        #[case] order: DayOrder,
        #[case] words: &str,
    ) {
        let why = read(text, order).unwrap_err();
        assert!(why.contains(words), "{why}");
    }
}
