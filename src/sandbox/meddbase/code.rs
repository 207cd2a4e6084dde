//! The code that a person reads back: six digits, ten minutes, five tries (A21).
//!
//! In the demo it is always the same, so that a trainee can go through the flow without a phone.

use chrono::{DateTime, TimeDelta, Utc};

use super::refusal::Refusal;

/// The demo's code, unless random ones are asked for.
const ALWAYS: &str = "246810";
const MINUTES: i64 = 10;
const TRIES: u8 = 5;

/// A code that was sent.
pub struct Code {
    digits: String,
    ends: DateTime<Utc>,
    tries: u8,
}

/// A code on its way, for those who play the one who receives it.
pub struct Underway {
    /// An email address.
    pub to: String,
    /// `two-factor` or `anonymous`
    pub purpose: &'static str,
    pub digits: String,
    pub ends: DateTime<Utc>,
}

impl Code {
    pub fn new(is_random: bool, now: DateTime<Utc>) -> Self {
        let digits = if is_random {
            format!("{:06}", fastrand::u32(..1_000_000))
        } else {
            ALWAYS.to_owned()
        };
        Self {
            digits,
            ends: now + TimeDelta::minutes(MINUTES),
            tries: 0,
        }
    }

    /// None once it has expired.
    pub fn underway(
        &self,
        to: &str,
        purpose: &'static str,
        now: DateTime<Utc>,
    ) -> Option<Underway> {
        (now < self.ends).then(|| Underway {
            to: to.to_owned(),
            purpose,
            digits: self.digits.clone(),
            ends: self.ends,
        })
    }

    /// Whether this is the code; every wrong answer counts.
    pub fn submit(&mut self, given: &str, now: DateTime<Utc>) -> Result<(), Refusal> {
        if now >= self.ends {
            let message = "Validation code has expired. Please re-send new validation code.";
            return Err(Refusal::business(message));
        }
        if self.tries >= TRIES {
            let message = "Too many attempts. Please re-send new validation code.";
            return Err(Refusal::business(message));
        }
        if given != self.digits {
            self.tries += 1;
            return Err(Refusal::business("Validation code is not valid."));
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_code_lives_ten_minutes_and_five_wrong_answers() {
        let now = DateTime::<Utc>::UNIX_EPOCH;
        let mut code = Code::new(true, now);
        assert_eq!(code.digits.len(), 6);
        let digits = code.digits.clone();
        assert!(code.submit(&digits, now + TimeDelta::seconds(599)).is_ok());
        assert!(code.submit(&digits, now + TimeDelta::seconds(600)).is_err());
        for _ in 0..5 {
            assert!(code.submit("wrong", now).is_err());
        }
        assert!(
            code.submit(&digits, now)
                .unwrap_err()
                .message
                .contains("Too many")
        );
    }
}
