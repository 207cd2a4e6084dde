//! Reads the JSON that was sent, strictly: a field of the wrong type is refused by its name.
//!
//! Fields that nobody asks for are ignored (<https://developer.flabslis.com/crm/introduction>). An explicit `null` is
//! of the wrong type for every field: the contract documents none.

use axum::extract::Request;
use axum::http::HeaderMap;
use serde_json::{Map, Value};

use crate::sandbox::answer::Refusal;
use crate::sandbox::body::whole;
use crate::sandbox::headers::is_json;

/// The object that a call was given.
pub struct Form(Map<String, Value>);

impl Form {
    /// The body of a request, which must say that it is JSON.
    pub async fn read(request: Request) -> Result<Self, Refusal> {
        let (parts, body) = request.into_parts();
        Self::parse(&parts.headers, &whole(body).await?)
    }

    pub fn parse(headers: &HeaderMap, body: &[u8]) -> Result<Self, Refusal> {
        if !is_json(headers) {
            return Err(Refusal::invalid("Content-Type must be application/json"));
        }
        serde_json::from_slice(body)
            .map(Self)
            .map_err(|_| Refusal::invalid("the body must be a JSON object"))
    }

    /// A text that may be absent.
    pub fn text(&self, name: &str) -> Result<Option<&str>, Refusal> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(wrong(name, "must be a string")),
        }
    }

    /// A text that must be there and say something.
    pub fn required(&self, name: &str) -> Result<&str, Refusal> {
        self.text(name)?
            .filter(|text| !text.trim().is_empty())
            .ok_or_else(|| wrong(name, "is required"))
    }

    /// An object that must be there.
    pub fn object(&self, name: &str) -> Result<Self, Refusal> {
        match self.0.get(name) {
            None => Err(wrong(name, "is required")),
            Some(Value::Object(fields)) => Ok(Self(fields.clone())),
            Some(_) => Err(wrong(name, "must be an object")),
        }
    }

    /// An array that may be absent.
    pub fn array(&self, name: &str) -> Result<&[Value], Refusal> {
        match self.0.get(name) {
            None => Ok(&[]),
            Some(Value::Array(items)) => Ok(items),
            Some(_) => Err(wrong(name, "must be an array")),
        }
    }

    pub fn has_integer(&self, name: &str) -> Result<bool, Refusal> {
        match self.0.get(name) {
            None => Ok(false),
            Some(number) if number.is_i64() || number.is_u64() => Ok(true),
            Some(_) => Err(wrong(name, "must be an integer")),
        }
    }

    pub fn has_number(&self, name: &str) -> Result<bool, Refusal> {
        match self.0.get(name) {
            None => Ok(false),
            Some(Value::Number(_)) => Ok(true),
            Some(_) => Err(wrong(name, "must be a number")),
        }
    }

    /// One of a closed list of words; may be absent.
    pub fn choice(&self, name: &str, words: &[impl AsRef<str>]) -> Result<Option<&str>, Refusal> {
        let chosen = self.text(name)?;
        let is_known = |text| words.iter().any(|word| word.as_ref() == text);
        if chosen.is_none_or(is_known) {
            return Ok(chosen);
        }
        let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
        Err(wrong(
            name,
            &format!("must be one of: {}", words.join(", ")),
        ))
    }

    /// The lines of an order: each has a text in `label` and a number in `price`; gives the texts.
    pub fn lines(&self, name: &str, label: &str, price: &str) -> Result<Vec<&str>, Refusal> {
        self.array(name)?
            .iter()
            .enumerate()
            .map(|(index, line)| {
                let field = |part: &str| format!("{name}[{index}].{part}");
                if !line.get(price).is_some_and(Value::is_number) {
                    return Err(wrong(&field(price), "must be a number"));
                }
                line.get(label)
                    .and_then(Value::as_str)
                    .filter(|text| !text.trim().is_empty())
                    .ok_or_else(|| wrong(&field(label), "must be a string that is not empty"))
            })
            .collect()
    }
}

/// A refusal that opens with the field's name.
pub fn wrong(field: &str, rule: &str) -> Refusal {
    Refusal::invalid(format!("{field} {rule}"))
}
