//! Objects as Meddbase writes them: every field may be absent, and many are written in more than one way
//! (contract, section 11, number 4). Knows no field names.

use serde_json::Value;

use crate::domain::money::Money;
use crate::domain::text::one_line;

/// One object of an answer.
#[derive(Clone, Copy)]
pub struct Object<'a>(&'a Value);

impl<'a> Object<'a> {
    pub fn of(value: &'a Value) -> Option<Self> {
        value.is_object().then_some(Self(value))
    }

    /// What is not there, and `null`, are the same.
    pub fn get(self, name: &str) -> Option<&'a Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    pub fn object(self, name: &str) -> Option<Self> {
        self.get(name).and_then(Self::of)
    }

    /// The objects of a list; none where there is no list.
    pub fn list(self, name: &str) -> Vec<Self> {
        self.get(name).map(objects).unwrap_or_default()
    }

    /// An opaque key or a moment, letter for letter; a number is as good as a text.
    pub fn key(self, name: &str) -> Option<String> {
        let text = match self.get(name)? {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => return None,
        };
        Some(text).filter(|text| !text.trim().is_empty())
    }

    /// A text for a person, on one clean line.
    pub fn text(self, name: &str) -> Option<String> {
        let text = one_line(&self.key(name)?);
        Some(text).filter(|text| !text.is_empty())
    }

    /// The first of several names under which the text is published.
    pub fn text_of(self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| self.text(name))
    }

    /// `true`, `"true"`, `1` and `"1"`, and their opposites.
    pub fn flag(self, name: &str) -> Option<bool> {
        match self.get(name)? {
            Value::Bool(is_so) => Some(*is_so),
            other => {
                let text = match other {
                    Value::String(text) => text.trim().to_ascii_lowercase(),
                    Value::Number(number) => number.to_string(),
                    _ => return None,
                };
                match text.as_str() {
                    "true" | "1" => Some(true),
                    "false" | "0" => Some(false),
                    _ => None,
                }
            }
        }
    }

    pub fn whole(self, name: &str) -> Option<i64> {
        self.key(name)?.trim().parse().ok()
    }

    /// An amount that is finer than a penny, as it is written; none where rounding it loses nothing.
    pub fn finer(self, name: &str) -> Option<String> {
        let text = self.key(name)?.trim().to_owned();
        let (whole, decimals) = text.split_once('.')?;
        let mut digits = whole.bytes().chain(decimals.bytes());
        // Whatever is no JSON number could not be sent back.
        let is_whole = whole == "0" || (!whole.is_empty() && !whole.starts_with('0'));
        let is_plain = is_whole && digits.all(|byte| byte.is_ascii_digit());
        (is_plain && decimals.trim_end_matches('0').len() > 2).then_some(text)
    }

    /// An amount, which may be negative; a fraction of a penny is rounded.
    pub fn amount(self, name: &str) -> Option<Money> {
        let exact: f64 = match self.get(name)? {
            Value::Number(number) => number.as_f64()?,
            Value::String(text) => text.trim().parse().ok()?,
            _ => return None,
        };
        let amount = Money::parse(&format!("{:.2}", exact.abs())).ok()?;
        Some(if exact < 0.0 {
            Money::ZERO - amount
        } else {
            amount
        })
    }
}

/// The objects of a list; what is no object is left out.
pub fn objects(value: &Value) -> Vec<Object<'_>> {
    let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(Object::of).collect()
}
