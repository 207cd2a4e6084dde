//! Values that Solv may write in more than one way. Knows no field names.

use serde::Deserialize;
use serde_json::Value;

/// A whole number, or one written as a text (A28).
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "Written")]
pub struct Whole(pub i64);

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Number(i64),
    Text(String),
}

impl TryFrom<Written> for Whole {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        match written {
            Written::Number(number) => Ok(Self(number)),
            Written::Text(text) => match text.trim().parse() {
                Ok(number) => Ok(Self(number)),
                Err(_) => Err("not a whole number"),
            },
        }
    }
}

/// The body itself, or what lies under `data` (A1).
pub fn opened(body: &[u8]) -> Result<Value, String> {
    let mut body: Value = serde_json::from_slice(body)
        .map_err(|error| format!("not JSON (line {} column {})", error.line(), error.column()))?;
    let data = body
        .as_object_mut()
        .and_then(|fields| fields.remove("data"));
    Ok(data.unwrap_or(body))
}

/// `value` as a `T`, or the path in the JSON at which it is not one; never a word of what it holds.
pub fn shaped<T: for<'de> Deserialize<'de>>(value: Value) -> Result<T, String> {
    serde_path_to_error::deserialize(value)
        .map_err(|error| format!("{}: not as published", error.path()))
}
