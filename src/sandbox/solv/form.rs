//! Reads what was sent as `FastAPI` does: every wrong field is told at once, each by its `loc` (A27).
//!
//! Fields that nobody asks for are ignored (A29), numbers may come as text (A28), and a `null` counts as absent where
//! the field may be absent. Text is not read from numbers: the pages say string.

use std::collections::HashMap;

use axum::http::HeaderMap;
use serde_json::{Map, Value};

use super::answer::{Refusal, Wrong};
use crate::sandbox::headers::is_json;

/// The object that a call was given, and what was found wrong with it so far.
pub struct Form {
    fields: Map<String, Value>,
    wrong: Vec<Wrong>,
}

impl Form {
    pub fn parse(headers: &HeaderMap, body: &[u8]) -> Result<Self, Refusal> {
        let whole = |msg: &str, kind| {
            Refusal::Fields(vec![Wrong {
                loc: vec!["body".to_owned()],
                msg: msg.to_owned(),
                kind,
            }])
        };
        if body.is_empty() {
            return Err(whole("field required", "value_error.missing"));
        }
        if !is_json(headers) {
            return Err(whole("value is not a valid dict", "type_error.dict"));
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => Ok(Self {
                fields,
                wrong: Vec::new(),
            }),
            Ok(_) => Err(whole("value is not a valid dict", "type_error.dict")),
            Err(_) => Err(whole("body is not JSON", "value_error.jsondecode")),
        }
    }

    /// A text that must be there, be it empty; none where that was told as wrong.
    pub fn required(&mut self, name: &str) -> Option<String> {
        self.is_there(name);
        self.optional(name)
    }

    /// A text that may be absent.
    pub fn optional(&mut self, name: &str) -> Option<String> {
        match self.fields.get(name) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text.clone()),
            Some(_) => {
                self.wrong(name, "str type expected", "type_error.str");
                None
            }
        }
    }

    /// A whole number that must be there; 0 where it is wrong.
    pub fn required_integer(&mut self, name: &str) -> i64 {
        self.is_there(name);
        self.integer(name).unwrap_or_default()
    }

    /// A whole number, perhaps as text; may be absent.
    pub fn integer(&mut self, name: &str) -> Option<i64> {
        let sent = self.fields.get(name).filter(|sent| !sent.is_null())?;
        let number = match sent {
            Value::String(text) => text.trim().parse().ok(),
            sent => sent.as_i64(),
        };
        if number.is_none() {
            self.wrong(name, "value is not a valid integer", "type_error.integer");
        }
        number
    }

    /// Yes or no in one of the forms of A15; false where it is absent.
    pub fn boolean(&mut self, name: &str) -> bool {
        let Some(sent) = self.fields.get(name).filter(|sent| !sent.is_null()) else {
            return false;
        };
        let said = match sent {
            Value::Bool(said) => Some(*said),
            Value::String(text) => boolean(text),
            sent => boolean(&sent.to_string()),
        };
        if said.is_none() {
            self.wrong(
                name,
                "value could not be parsed to a boolean",
                "type_error.bool",
            );
        }
        said.unwrap_or_default()
    }

    /// One of a closed list of words; empty where it is wrong.
    pub fn required_choice(&mut self, name: &str, words: &[&str]) -> String {
        self.is_there(name);
        self.choice(name, words).unwrap_or_default()
    }

    /// One of a closed list of words; may be absent.
    pub fn choice(&mut self, name: &str, words: &[&str]) -> Option<String> {
        let chosen = self.optional(name)?;
        if !words.contains(&chosen.as_str()) {
            let words: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
            let words = words.join(", ");
            self.wrong(
                name,
                format!("value is not a valid enumeration member; permitted: {words}"),
                "type_error.enum",
            );
        }
        Some(chosen)
    }

    pub fn wrong(&mut self, name: &str, msg: impl Into<String>, kind: &'static str) {
        self.wrong.push(Wrong::new("body", name, msg, kind));
    }

    /// Whether anything was wrong.
    pub fn checked(self) -> Result<(), Refusal> {
        if self.wrong.is_empty() {
            Ok(())
        } else {
            Err(Refusal::Fields(self.wrong))
        }
    }

    fn is_there(&mut self, name: &str) {
        match self.fields.get(name) {
            None => self.wrong(name, "field required", "value_error.missing"),
            Some(Value::Null) => self.wrong(
                name,
                "none is not an allowed value",
                "type_error.none.not_allowed",
            ),
            Some(_) => {}
        }
    }
}

/// The query of a call, and what was found wrong with it.
pub struct Asked {
    fields: HashMap<String, String>,
    wrong: Vec<Wrong>,
}

impl Asked {
    pub fn new(fields: HashMap<String, String>) -> Self {
        Self {
            fields,
            wrong: Vec::new(),
        }
    }

    /// False where it is absent (A12, A14).
    pub fn boolean(&mut self, name: &str) -> bool {
        let Some(text) = self.fields.get(name) else {
            return false;
        };
        let said = boolean(text);
        if said.is_none() {
            self.wrong.push(Wrong::new(
                "query",
                name,
                "value could not be parsed to a boolean",
                "type_error.bool",
            ));
        }
        said.unwrap_or_default()
    }

    pub fn integer(&mut self, name: &str) -> Option<i64> {
        let number = self.fields.get(name)?.trim().parse().ok();
        if number.is_none() {
            self.wrong.push(Wrong::new(
                "query",
                name,
                "value is not a valid integer",
                "type_error.integer",
            ));
        }
        number
    }

    pub fn checked(self) -> Result<(), Refusal> {
        if self.wrong.is_empty() {
            Ok(())
        } else {
            Err(Refusal::Fields(self.wrong))
        }
    }
}

/// A whole number in the path.
pub fn in_path(name: &str, sent: &str) -> Result<i64, Refusal> {
    sent.parse().map_err(|_| {
        let kind = "type_error.integer";
        Refusal::Fields(vec![Wrong::new(
            "path",
            name,
            "value is not a valid integer",
            kind,
        )])
    })
}

/// A15
fn boolean(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "on" | "yes" => Some(true),
        "false" | "0" | "off" | "no" => Some(false),
        _ => None,
    }
}
