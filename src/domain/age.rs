//! A patient's age in years, months or days, or a date of birth that fills it.

use std::fmt;

use chrono::{Datelike, NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};

/// The unit an age is told in (Flabs `age_type`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AgeUnit {
    Year,
    Month,
    Day,
}

impl AgeUnit {
    fn word(self, value: u16) -> &'static str {
        match (self, value) {
            (Self::Year, 1) => "year",
            (Self::Year, _) => "years",
            (Self::Month, 1) => "month",
            (Self::Month, _) => "months",
            (Self::Day, 1) => "day",
            (Self::Day, _) => "days",
        }
    }
}

/// An age as it is sent: a number and its unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Age {
    pub value: u16,
    pub unit: AgeUnit,
}

/// Why a text is not an age; the words tell what to type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAge {
    #[error("type an age (32, 8 months, 10 days) or a date of birth (1994-03-21)")]
    Unreadable,
    #[error("nobody is {0} years old: check the age")]
    TooOld(u16),
    #[error("the date of birth is in the future")]
    Unborn,
    #[error("there is no such date")]
    NoSuchDate,
}

impl Age {
    /// Reads `32`, `32y`, `8 months`, `10d`, or a date of birth as `1994-03-21`, `21/03/1994` or `21-3-1994`, counted
    /// against `today` in the desk's zone.
    pub fn parse(text: &str, today: NaiveDate) -> Result<Self, NotAge> {
        let text = text.trim().to_lowercase();
        if let Some(born) = date_of_birth(&text)? {
            return Self::since(born, today);
        }
        let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
        let unit = text.get(digits.len()..).unwrap_or_default().trim();
        let value: u16 = digits.parse().map_err(|_| NotAge::Unreadable)?;
        let unit = match unit {
            "" | "y" | "yr" | "yrs" | "year" | "years" => AgeUnit::Year,
            "m" | "mo" | "mth" | "mths" | "month" | "months" => AgeUnit::Month,
            "d" | "day" | "days" => AgeUnit::Day,
            _ => return Err(NotAge::Unreadable),
        };
        match unit {
            AgeUnit::Year if value > 130 => Err(NotAge::TooOld(value)),
            AgeUnit::Month if value > 130 * 12 => Err(NotAge::TooOld(value / 12)),
            _ => Ok(Self { value, unit }),
        }
    }

    /// Whether it still holds some time after it was told: nobody stays eight months old.
    pub fn holds_after(self, passed: TimeDelta) -> bool {
        let days = match self.unit {
            AgeUnit::Year => 365,
            AgeUnit::Month => 28,
            AgeUnit::Day => 1,
        };
        passed < TimeDelta::days(days)
    }

    /// Whole years from two years on, whole months from two months on, days before that.
    pub fn since(born: NaiveDate, today: NaiveDate) -> Result<Self, NotAge> {
        let days = (today - born).num_days();
        if days < 0 {
            return Err(NotAge::Unborn);
        }
        let month = |date: NaiveDate| date.year() * 12 + date.month0().cast_signed();
        let mut months = month(today) - month(born);
        if today.day() < born.day() {
            months -= 1;
        }
        let (value, unit) = match months {
            24.. => (i64::from(months / 12), AgeUnit::Year),
            2.. => (i64::from(months), AgeUnit::Month),
            _ => (days, AgeUnit::Day),
        };
        let value = u16::try_from(value).map_err(|_| NotAge::Unreadable)?;
        if unit == AgeUnit::Year && value > 130 {
            Err(NotAge::TooOld(value))
        } else {
            Ok(Self { value, unit })
        }
    }
}

fn date_of_birth(text: &str) -> Result<Option<NaiveDate>, NotAge> {
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    let [first, month, last] = parts.as_slice() else {
        return Ok(None);
    };
    let (year, day) = if first.len() == 4 {
        (first, last)
    } else {
        (last, first)
    };
    if year.len() != 4 {
        return Err(NotAge::Unreadable);
    }
    let number = |part: &str| part.trim().parse::<u32>().map_err(|_| NotAge::Unreadable);
    let year = i32::try_from(number(year)?).map_err(|_| NotAge::NoSuchDate)?;
    NaiveDate::from_ymd_opt(year, number(month)?, number(day)?)
        .map(Some)
        .ok_or(NotAge::NoSuchDate)
}

impl fmt::Display for Age {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.value, self.unit.word(self.value))
    }
}
