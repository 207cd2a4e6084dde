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
    #[error("only digits, spaces, dashes and a leading +91 or 0")]
    Symbol,
    #[error("{0} more to go: a number has ten digits")]
    Short(usize),
    #[error("{0} too many: a number has ten digits")]
    Long(usize),
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
                _ => return Err(NotPhone::Symbol),
            }
        }
        let with_code = digits.strip_prefix(country_code);
        let bare = match with_code {
            // Many say the trunk zero even after the country code.
            Some(bare) if plus && bare.len() > 10 => bare.strip_prefix('0').unwrap_or(bare),
            Some(bare) if plus || bare.len() == 10 => bare,
            _ if plus && !digits.is_empty() && !country_code.starts_with(digits.as_str()) => {
                return Err(NotPhone::Symbol);
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

    /// The ten digits.
    pub fn digits(&self) -> &str {
        &self.0
    }
}

/// `98765 43210`, as it is read aloud.
impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (head, tail) = self.0.split_at_checked(5).unwrap_or((&self.0, ""));
        write!(f, "{head} {tail}")
    }
}

/// Patient data stays out of logs and panics.
impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phone(..)")
    }
}
