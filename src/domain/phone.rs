//! Phone numbers as people say them, and as the vendor takes them: exactly ten digits and a country code.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Ten digits, no symbols or spaces (Flabs `contact`, <https://developer.flabslis.com/crm/endpoint/create_lead>).
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Phone(String);

/// Why a text is not a phone number; the words tell what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotPhone {
    #[error("type the ten digits of the number")]
    Empty,
    /// With the desk's own country code, where it takes no other.
    #[error("only digits, spaces, dashes and {}", prefixes(*.0))]
    Symbol(Option<u16>),
    #[error("{0} more to go: a number has ten digits")]
    Short(usize),
    #[error("{0} too many: a number has ten digits")]
    Long(usize),
    #[error("{0} more to go: a number has seven digits at least")]
    TooShort(usize),
    #[error("{0} too many: a number has fifteen digits at most")]
    TooLong(usize),
}

/// What may stand before the digits. North America (1) has no trunk zero.
fn prefixes(country_code: Option<u16>) -> String {
    match country_code {
        None => "a leading +".to_owned(),
        Some(1) => "a leading +1".to_owned(),
        Some(code) => format!("a leading +{code} or 0"),
    }
}

impl Phone {
    /// Understands `+91 98765-43210`, `098765 43210`, `91 9876543210` and plain digits. `country_code` is the desk's
    /// own (`91`).
    pub fn parse(text: &str, country_code: &str) -> Result<Self, NotPhone> {
        let text = text.trim();
        let (plus, rest) = text
            .strip_prefix('+')
            .map_or((false, text), |rest| (true, rest));
        let mut digits = String::with_capacity(10);
        for c in rest.chars() {
            match c {
                '0'..='9' => digits.push(c),
                ' ' | '-' | '.' | '(' | ')' => {}
                _ => return Err(NotPhone::Symbol(country_code.parse().ok())),
            }
        }
        let with_code = digits.strip_prefix(country_code);
        let bare = match with_code {
            // Many say the trunk zero even after the country code.
            Some(bare) if plus && bare.len() > 10 => bare.strip_prefix('0').unwrap_or(bare),
            Some(bare) if plus || bare.len() == 10 => bare,
            _ if plus && !digits.is_empty() && !country_code.starts_with(digits.as_str()) => {
                return Err(NotPhone::Symbol(country_code.parse().ok()));
            }
            _ => match digits.strip_prefix('0') {
                Some(bare) if digits.len() > 10 => bare,
                _ => digits.as_str(),
            },
        };
        match bare.len() {
            0 => Err(NotPhone::Empty),
            10 => Ok(Self(bare.to_owned())),
            short @ 1..10 => Err(NotPhone::Short(10 - short)),
            long => Err(NotPhone::Long(long - 10)),
        }
    }

    /// Takes a number of any country: 7 to 15 digits (ITU-T E.164), with or without a plus sign, written as the vendor
    /// takes it: digits alone, after the plus sign where there was one.
    pub fn parse_any(text: &str) -> Result<Self, NotPhone> {
        let text = text.trim();
        let plus = if text.starts_with('+') { "+" } else { "" };
        let rest = text.strip_prefix('+').unwrap_or(text);
        let is_gap = |c: &char| matches!(c, ' ' | '-' | '.' | '(' | ')');
        let digits: String = rest.chars().filter(|c| !is_gap(c)).collect();
        if !digits.chars().all(|c| c.is_ascii_digit()) {
            return Err(NotPhone::Symbol(None));
        }
        match digits.len() {
            0 => Err(NotPhone::Empty),
            7..=15 => Ok(Self(format!("{plus}{digits}"))),
            short @ 1..7 => Err(NotPhone::TooShort(7 - short)),
            long => Err(NotPhone::TooLong(long - 15)),
        }
    }

    /// Grouped as the people of a country read it aloud: `98765 43210`, `512 555 0199` (1), `7700 900105` (44).
    pub fn read_aloud(&self, country_code: &str) -> String {
        let groups: &[usize] = match country_code {
            "1" => &[3, 3, 4],
            "44" => &[4, 6],
            _ => &[5, 5],
        };
        if self.0.len() != 10 {
            return self.0.clone();
        }
        let mut digits = self.0.chars();
        let groups = groups
            .iter()
            .map(|size| digits.by_ref().take(*size).collect());
        groups.collect::<Vec<String>>().join(" ")
    }

    /// The digits: ten of them, or as many as [`Self::parse_any`] took.
    pub fn digits(&self) -> &str {
        &self.0
    }
}

/// `98765 43210`, as it is read aloud.
impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.split_at_checked(5) {
            Some((head, tail)) if self.0.len() == 10 => write!(f, "{head} {tail}"),
            _ => f.write_str(&self.0),
        }
    }
}

/// Patient data stays out of logs and panics.
impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phone(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_desk_is_told_of_its_own_prefix() {
        for (code, words) in [
            ("91", "only digits, spaces, dashes and a leading +91 or 0"),
            ("1", "only digits, spaces, dashes and a leading +1"),
            ("44", "only digits, spaces, dashes and a leading +44 or 0"),
        ] {
            for text in ["512x5550199", "+33 1 23 45 67 89"] {
                let told = Phone::parse(text, code).map_err(|why| why.to_string());
                assert_eq!(told, Err(words.to_owned()));
            }
        }
        let told = Phone::parse_any("7700/900105").map_err(|why| why.to_string());
        assert_eq!(
            told,
            Err("only digits, spaces, dashes and a leading +".to_owned())
        );
    }
}
