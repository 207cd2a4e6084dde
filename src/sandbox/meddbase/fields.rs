//! The fields of a JSON body, each of its published type; `null` is as good as absent.

use serde_json::{Map, Value};

use super::refusal::Refusal;

/// The fields of a JSON object.
#[derive(Clone, Copy)]
pub struct Fields<'a>(pub Option<&'a Map<String, Value>>);

impl<'a> Fields<'a> {
    pub fn get(self, name: &str) -> Option<&'a Value> {
        self.0?.get(name).filter(|value| !value.is_null())
    }

    pub fn text(self, name: &str) -> Result<Option<&'a str>, Refusal> {
        self.read_as(name, Value::as_str)
    }

    /// A text that must be there and say something.
    pub fn required(self, name: &str) -> Result<&'a str, Refusal> {
        self.text(name)?
            .filter(|text| !text.trim().is_empty())
            .ok_or_else(|| Refusal::missing(name))
    }

    pub fn int(self, name: &str) -> Result<Option<i64>, Refusal> {
        self.read_as(name, Value::as_i64)
    }

    pub fn number(self, name: &str) -> Result<Option<f64>, Refusal> {
        self.read_as(name, Value::as_f64)
    }

    pub fn flag(self, name: &str) -> Result<Option<bool>, Refusal> {
        self.read_as(name, Value::as_bool)
    }

    pub fn object(self, name: &str) -> Result<Option<Fields<'a>>, Refusal> {
        self.read_as(name, |value| Some(Fields(Some(value.as_object()?))))
    }

    /// The `Key` of the object called `name`, a number.
    pub fn key(self, name: &str) -> Result<Option<i64>, Refusal> {
        match self.object(name)? {
            Some(object) => object.int("Key"),
            None => Ok(None),
        }
    }

    /// Numbers; none where the field is absent.
    pub fn ints(self, name: &str) -> Result<Vec<i64>, Refusal> {
        self.list(name, Value::as_i64)
    }

    /// The `Key`s of objects; none where the field is absent.
    pub fn keys(self, name: &str) -> Result<Vec<i64>, Refusal> {
        self.list(name, |value| value.get("Key")?.as_i64())
    }

    fn list(self, name: &str, read: impl Fn(&Value) -> Option<i64>) -> Result<Vec<i64>, Refusal> {
        let listed = self.read_as(name, |value| value.as_array()?.iter().map(read).collect())?;
        Ok(listed.unwrap_or_default())
    }

    fn read_as<T>(
        self,
        name: &str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, Refusal> {
        self.get(name)
            .map(|value| read(value).ok_or_else(|| Refusal::malformed(name)))
            .transpose()
    }
}
