//! Rules that a text must keep by itself, whatever form it stands in.

use chrono::NaiveDate;

use super::names::names;
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
    let (first, last) = names(text);
    if [first, last]
        .iter()
        .all(|name| name.chars().any(char::is_alphabetic))
    {
        Ok(())
    } else {
        Err("first and last name are both needed here".to_owned())
    }
}

/// Reads `1994-03-21` and, as the desk writes dates, `21/03/1994` or `03/21/1994`, also with dots or dashes; refuses
/// days to come and those of more than 130 years ago.
pub fn birth_date(text: &str, order: DayOrder, today: NaiveDate) -> Result<NaiveDate, String> {
    let text = text.trim();
    let (formats, example) = match order {
        DayOrder::DayFirst => (
            ["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y"],
            "21/03/1994",
        ),
        DayOrder::MonthFirst => (
            ["%Y-%m-%d", "%m/%d/%Y", "%m.%d.%Y", "%m-%d-%Y"],
            "03/21/1994",
        ),
    };
    let mut formats = formats.iter();
    let born = formats.find_map(|format| NaiveDate::parse_from_str(text, format).ok());
    let Some(born) = born else {
        return Err(format!("type the date of birth as 1994-03-21 or {example}"));
    };
    if born > today {
        Err("this day has not come yet".to_owned())
    } else if today.years_since(born).is_none_or(|years| years > 130) {
        Err("nobody is that old: check the year".to_owned())
    } else {
        Ok(born)
    }
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
