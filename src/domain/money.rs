//! Exact amounts in minor units (paise, cents), grouped as the currency's country groups them.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub};

use serde::{Deserialize, Serialize};

/// The currency a vendor's account works in. Amounts of two currencies never meet: an account has one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Currency {
    #[default]
    Inr,
    Usd,
    Gbp,
}

impl Currency {
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Inr => "₹",
            Self::Usd => "$",
            Self::Gbp => "£",
        }
    }

    /// `₹ 1,23,456` or `$1,234.50`: decimals only where there are any.
    pub fn show(self, amount: Money) -> String {
        let gap = if self == Self::Inr { " " } else { "" };
        let sign = if amount.0 < 0 { "-" } else { "" };
        format!(
            "{sign}{}{gap}{}",
            self.symbol(),
            self.digits(Money(amount.0.saturating_abs()))
        )
    }

    /// The amount without its symbol, grouped: `1,23,456` (₹) or `123,456` ($, £).
    pub fn digits(self, amount: Money) -> String {
        let sign = if amount.0 < 0 { "-" } else { "" };
        let (whole, minor) = (amount.0.unsigned_abs() / 100, amount.0.unsigned_abs() % 100);
        let plain = whole.to_string();
        let mut grouped = String::with_capacity(plain.len() + plain.len() / 2 + 4);
        grouped.push_str(sign);
        for (index, digit) in plain.chars().enumerate() {
            let left = plain.len() - index;
            let comma = match self {
                Self::Inr => left == 3 || (left > 3 && left % 2 == 1),
                Self::Usd | Self::Gbp => left % 3 == 0,
            };
            if index > 0 && comma {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        if minor != 0 {
            grouped.push('.');
            if minor < 10 {
                grouped.push('0');
            }
            grouped.push_str(&minor.to_string());
        }
        grouped
    }
}

/// An amount in minor units: 100 of them make a rupee, a dollar, a pound.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Money(pub i64);

/// Why a text is not an amount; the words tell what to type instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotMoney {
    #[error("type an amount in digits, such as 350 or 1,499.50")]
    NotANumber,
    #[error("an amount has at most two decimals")]
    TooFine,
    #[error("the amount is too large")]
    TooLarge,
}

impl Money {
    pub const ZERO: Self = Self(0);
    /// More than any bill: what is typed above it is a slip of the finger (ten crore).
    pub const MAX: Self = Self(1_000_000_000 * 100);

    pub const fn major(units: i64) -> Self {
        Self(units * 100)
    }

    /// Reads what a person types: digits, grouping commas, at most two decimals; a currency symbol before it is
    /// understood. Never negative.
    pub fn parse(text: &str) -> Result<Self, NotMoney> {
        let text = text.trim().trim_start_matches(['₹', '$', '£']).trim_start();
        let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
        let digits: String = whole.chars().filter(|c| *c != ',' && *c != ' ').collect();
        if digits.is_empty() && decimals.is_empty() {
            return Err(NotMoney::NotANumber);
        }
        if !digits
            .chars()
            .chain(decimals.chars())
            .all(|c| c.is_ascii_digit())
        {
            return Err(NotMoney::NotANumber);
        }
        if decimals.len() > 2 {
            return Err(NotMoney::TooFine);
        }
        if digits.len() > 12 {
            return Err(NotMoney::TooLarge);
        }
        let whole: i64 = if digits.is_empty() {
            0
        } else {
            digits.parse().map_err(|_| NotMoney::TooLarge)?
        };
        let minor: i64 = match decimals.len() {
            0 => 0,
            1 => decimals.parse::<i64>().map_err(|_| NotMoney::NotANumber)? * 10,
            _ => decimals.parse().map_err(|_| NotMoney::NotANumber)?,
        };
        let amount = Self(whole * 100 + minor);
        if amount > Self::MAX {
            Err(NotMoney::TooLarge)
        } else {
            Ok(amount)
        }
    }

    /// Part of the amount in hundredths of a per cent, rounded half up to a minor unit.
    #[must_use]
    pub fn share(self, basis_points: u32) -> Self {
        let exact = i128::from(self.0) * i128::from(basis_points);
        let rounded = (exact + 5_000).div_euclid(10_000);
        Self(i64::try_from(rounded).unwrap_or(i64::MAX))
    }
}

impl Add for Money {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Money {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

/// Plain decimal without grouping, as it is typed: `1499` or `1499.50`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, minor) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        if minor == 0 {
            write!(f, "{sign}{whole}")
        } else {
            write!(f, "{sign}{whole}.{minor:02}")
        }
    }
}
