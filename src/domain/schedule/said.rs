//! Days and times as people say them: `tomorrow 7am`, `mon 10:30`, `21/11 07:00`, `21 nov`, `+3`, `1030`.
//!
//! `mon` is the Monday to come and never today, which is `today`; `next mon` is the Monday of the next week, and weeks
//! begin on Monday. A day without a year is the next one of that name; one that has passed lately asks for the year.

use chrono::{Datelike, Days, Months, NaiveDate, NaiveTime, Weekday};

use super::{DayOrder, NotWhen};

/// How far back a day without a year is taken for one that has passed, instead of one of next year.
const LATELY: i64 = 92;

/// A day, a time, or both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Said {
    pub day: Option<NaiveDate>,
    pub time: Option<NaiveTime>,
}

/// Reads a day, a time or both as of `today`; refuses days that have passed and those of more than a year ahead.
pub fn said(text: &str, order: DayOrder, today: NaiveDate) -> Result<Said, NotWhen> {
    let words = words(text);
    let mut reader = Reader {
        rest: words.as_slice(),
        order,
        today,
        said: Said::default(),
    };
    if reader.rest.is_empty() {
        return Err(NotWhen::Unreadable(order));
    }
    while !reader.rest.is_empty() {
        reader.take()?;
    }
    match reader.said.day {
        Some(day) if day < today => Err(NotWhen::Past),
        Some(day) if (day - today).num_days() > 366 => Err(NotWhen::TooFar),
        _ => Ok(reader.said),
    }
}

/// Small letters, without commas and `at`; an `am` or `pm` that stands alone joins its hour.
fn words(text: &str) -> Vec<String> {
    let lower = text.trim().to_lowercase();
    let lower = if is_iso(&lower) {
        lower.replacen('t', " ", 1)
    } else {
        lower
    };
    let mut words: Vec<String> = Vec::new();
    for word in lower.split(|c: char| c.is_whitespace() || c == ',') {
        match (word, words.last_mut()) {
            ("" | "at" | "on", _) => {}
            ("am" | "pm" | "a.m." | "p.m.", Some(last)) if last.ends_with(is_digit) => {
                last.push_str(word);
            }
            _ => words.push(word.to_owned()),
        }
    }
    words
}

/// `2026-11-23t07:30`.
fn is_iso(text: &str) -> bool {
    let shape = text
        .chars()
        .take(11)
        .map(|c| if is_digit(c) { '9' } else { c });
    shape.eq("9999-99-99t".chars())
}

struct Reader<'a> {
    rest: &'a [String],
    order: DayOrder,
    today: NaiveDate,
    said: Said,
}

impl Reader<'_> {
    /// Takes what the next words say; an error where they say nothing, or the same thing twice.
    fn take(&mut self) -> Result<(), NotWhen> {
        if let Some((day, used)) = self.day()? {
            self.skip(used);
            return match self.said.day.replace(day) {
                None => Ok(()),
                Some(_) => Err(NotWhen::Unreadable(self.order)),
            };
        }
        let first = self.rest.first().map_or("", String::as_str);
        let Some(time) = time(first)? else {
            return Err(NotWhen::Unreadable(self.order));
        };
        self.skip(1);
        match self.said.time.replace(time) {
            None => Ok(()),
            Some(_) => Err(NotWhen::Unreadable(self.order)),
        }
    }

    fn skip(&mut self, words: usize) {
        self.rest = self.rest.get(words..).unwrap_or_default();
    }

    fn word(&self, index: usize) -> &str {
        self.rest.get(index).map_or("", String::as_str)
    }

    /// The day that the next words name, and how many words that are.
    fn day(&self) -> Result<Option<(NaiveDate, usize)>, NotWhen> {
        let (first, second, third) = (self.word(0), self.word(1), self.word(2));
        let named = match (first, second, third) {
            ("day", "after", "tomorrow") => Some((self.ahead(2)?, 3)),
            ("today" | "tod", ..) => Some((self.today, 1)),
            ("tomorrow" | "tom" | "tmrw" | "tmr", ..) => Some((self.ahead(1)?, 1)),
            ("next", "week", _) => Some((self.ahead(7)?, 2)),
            ("next", name, _) => match weekday(name) {
                Some(day) => Some((self.of_next_week(day)?, 2)),
                None => None,
            },
            ("this", name, _) => match weekday(name) {
                Some(day) => Some((self.coming(day)?, 2)),
                None => None,
            },
            ("in", count, "day" | "days") => self.so_far_ahead(count, 1)?.map(|day| (day, 3)),
            ("in", count, "week" | "weeks") => self.so_far_ahead(count, 7)?.map(|day| (day, 3)),
            _ => None,
        };
        if named.is_some() {
            return Ok(named);
        }
        if let Some(day) = weekday(first) {
            return Ok(Some((self.coming(day)?, 1)));
        }
        if let Some(count) = first.strip_prefix('+') {
            let (count, days) = match count.strip_suffix('w') {
                Some(weeks) => (weeks, 7),
                None => (count.strip_suffix('d').unwrap_or(count), 1),
            };
            return Ok(self.so_far_ahead(count, days)?.map(|day| (day, 1)));
        }
        self.with_month_name()
            .or_else(|| self.in_digits())
            .transpose()
    }

    fn ahead(&self, days: u64) -> Result<NaiveDate, NotWhen> {
        let day = self.today.checked_add_days(Days::new(days));
        day.ok_or(NotWhen::TooFar)
    }

    fn so_far_ahead(&self, count: &str, days: u64) -> Result<Option<NaiveDate>, NotWhen> {
        match (number(count), count.len()) {
            (Some(count), 1..=3) => self.ahead(u64::from(count) * days).map(Some),
            (Some(_), _) => Err(NotWhen::TooFar),
            (None, _) => Ok(None),
        }
    }

    /// The next day of that name after today.
    fn coming(&self, name: Weekday) -> Result<NaiveDate, NotWhen> {
        let gap = name.days_since(self.today.weekday());
        self.ahead(if gap == 0 { 7 } else { u64::from(gap) })
    }

    /// The day of that name in the week that begins on the Monday to come.
    fn of_next_week(&self, name: Weekday) -> Result<NaiveDate, NotWhen> {
        let monday = 7 - self.today.weekday().num_days_from_monday();
        self.ahead(u64::from(monday + name.num_days_from_monday()))
    }

    /// `21 nov`, `nov 21`, `21st nov 2026`, `21nov`.
    fn with_month_name(&self) -> Option<Result<(NaiveDate, usize), NotWhen>> {
        let (first, second) = (self.word(0), self.word(1));
        let joined = first
            .find(|c: char| !is_digit(c))
            .map(|at| first.split_at(at));
        let joined = joined.and_then(|(day, name)| Some((day_number(day)?, month(name)?, 1)));
        let found = joined
            .or_else(|| Some((day_number(first)?, month(second)?, 2)))
            .or_else(|| Some((day_number(second)?, month(first)?, 2)));
        let (day, month, used) = found?;
        Some(match self.year(self.word(used)) {
            Some(year) => dated(year, month, day).map(|day| (day, used + 1)),
            None => self.next(month, day).map(|day| (day, used)),
        })
    }

    /// Four digits behind a day that are no time: a year near this one.
    fn year(&self, word: &str) -> Option<i32> {
        let year = i32::try_from(number(word)?).ok()?;
        (word.len() == 4 && (year - self.today.year()).abs() <= 2).then_some(year)
    }

    /// `2026-11-23`, `21/11`, `21.11.2026`, `21-11-26`; the month first where the desk writes it so.
    fn in_digits(&self) -> Option<Result<(NaiveDate, usize), NotWhen>> {
        let word = self.word(0).trim_end_matches('.');
        let parts: Vec<&str> = word.split(['/', '-', '.']).collect();
        let numbers: Option<Vec<u32>> = parts.iter().map(|part| number(part)).collect();
        let widths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
        let day = match (numbers?.as_slice(), widths.as_slice()) {
            ([year, month, day], [4, 1..=2, 1..=2]) => self.in_year(*year, *month, *day),
            ([one, other, year], [1..=2, 1..=2, 4]) => {
                let (month, day) = self.ordered(*one, *other);
                self.in_year(*year, month, day)
            }
            ([one, other, year], [1..=2, 1..=2, 2]) => {
                let (month, day) = self.ordered(*one, *other);
                self.in_year(2000 + year, month, day)
            }
            ([one, other], [1..=2, 1..=2]) => {
                let (month, day) = self.ordered(*one, *other);
                self.month_exists(month)
                    .and_then(|()| self.next(month, day))
            }
            _ => return None,
        };
        Some(day.map(|day| (day, 1)))
    }

    /// Month and day of two numbers: in the desk's order, or in the other where only that has such a month. What was
    /// understood is echoed in full.
    fn ordered(&self, one: u32, other: u32) -> (u32, u32) {
        let (month, day) = match self.order {
            DayOrder::DayFirst => (other, one),
            DayOrder::MonthFirst => (one, other),
        };
        if month > 12 && (1..=12).contains(&day) {
            (day, month)
        } else {
            (month, day)
        }
    }

    fn month_exists(&self, month: u32) -> Result<(), NotWhen> {
        if (1..=12).contains(&month) {
            Ok(())
        } else {
            Err(NotWhen::NoSuchMonth(self.order))
        }
    }

    fn in_year(&self, year: u32, month: u32, day: u32) -> Result<NaiveDate, NotWhen> {
        self.month_exists(month)?;
        let year = i32::try_from(year).unwrap_or(i32::MAX);
        dated(year, month, day)
    }

    /// The day without a year: this year's where it is to come, else next year's.
    fn next(&self, month: u32, day: u32) -> Result<NaiveDate, NotWhen> {
        let this_year = dated(self.today.year(), month, day);
        match this_year {
            Ok(found) if found >= self.today => return Ok(found),
            Ok(found) if (self.today - found).num_days() <= LATELY => {
                return Err(NotWhen::PassedLately {
                    day: found,
                    next: found.checked_add_months(Months::new(12)).unwrap_or(found),
                });
            }
            _ => {}
        }
        dated(self.today.year() + 1, month, day)
    }
}

fn dated(year: i32, month: u32, day: u32) -> Result<NaiveDate, NotWhen> {
    NaiveDate::from_ymd_opt(year, month, day).ok_or(NotWhen::NoSuchDay)
}

/// `7am`, `7:30pm`, `7.30 pm`, `10:30`, `1030`, `730`, `noon`; none where it is no time at all.
fn time(word: &str) -> Result<Option<NaiveTime>, NotWhen> {
    if word == "noon" {
        return Ok(NaiveTime::from_hms_opt(12, 0, 0));
    }
    let half = [("am", 0), ("a.m.", 0), ("pm", 12), ("p.m.", 12)];
    let half = half
        .into_iter()
        .find_map(|(end, add)| Some((word.strip_suffix(end)?, add)));
    let (digits, add) = match half {
        Some((digits, add)) => (digits, Some(add)),
        None => (word, None),
    };
    let parted = digits.split_once(':').or_else(|| {
        let is_spoken = add.is_some();
        digits.split_once('.').filter(|_| is_spoken)
    });
    let parts = match (parted, digits.len()) {
        (Some((hour, minute)), _) if (1..=2).contains(&hour.len()) && minute.len() == 2 => {
            number(hour).zip(number(minute))
        }
        (None, 3 | 4) => number(digits).map(|all| (all / 100, all % 100)),
        (None, 1 | 2) if add.is_some() => number(digits).map(|hour| (hour, 0)),
        _ => None,
    };
    let Some((hour, minute)) = parts else {
        return Ok(None);
    };
    let hour = match add {
        Some(add) if (1..=12).contains(&hour) => hour % 12 + add,
        Some(_) => return Err(NotWhen::NoSuchTime),
        None => hour,
    };
    let time = NaiveTime::from_hms_opt(hour, minute, 0);
    time.map(Some).ok_or(NotWhen::NoSuchTime)
}

fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "mon" | "monday" => Weekday::Mon,
        "tue" | "tues" | "tuesday" => Weekday::Tue,
        "wed" | "weds" | "wednesday" => Weekday::Wed,
        "thu" | "thur" | "thurs" | "thursday" => Weekday::Thu,
        "fri" | "friday" => Weekday::Fri,
        "sat" | "saturday" => Weekday::Sat,
        "sun" | "sunday" => Weekday::Sun,
        _ => return None,
    })
}

/// The number of a month by its name or the first three letters of it.
fn month(word: &str) -> Option<u32> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let mut names = NAMES.iter();
    let index = names.position(|name| word.len() >= 3 && name.starts_with(word))?;
    u32::try_from(index + 1).ok()
}

/// `21`, `21st`.
fn day_number(word: &str) -> Option<u32> {
    let ends = ["st", "nd", "rd", "th"];
    let digits = ends
        .iter()
        .find_map(|end| word.strip_suffix(end))
        .unwrap_or(word);
    number(digits).filter(|_| digits.len() <= 2)
}

/// Digits and nothing else.
fn number(word: &str) -> Option<u32> {
    let is_number = !word.is_empty() && word.len() <= 6 && word.chars().all(is_digit);
    is_number.then(|| word.parse().ok()).flatten()
}

fn is_digit(letter: char) -> bool {
    letter.is_ascii_digit()
}
