//! How intents stand, as lines of JSON for scripts. The only place where they learn what patients told the desk is
//! standard output, and it never carries control characters.

use std::fmt::Write as _;

use serde::Serialize;

use super::fields;
use crate::domain::doubt;
use crate::domain::evidence::{Reason, State};

/// What is wrong with a field, or why a vendor refused it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// Empty where it concerns the whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    pub words: String,
}

impl From<&Reason> for Remark {
    fn from(reason: &Reason) -> Self {
        Self {
            field: reason.field.map(|key| fields::name(key).to_owned()),
            words: reason.words.clone(),
        }
    }
}

/// The state of an intent and what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Known {
    pub state: &'static str,
    /// The vendor's, of what is accepted, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Of what is not accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasons: Option<Vec<Remark>>,
    /// Why nobody knows yet, or why only a person can go on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

impl Known {
    /// `vendor` is the vendor's name.
    pub fn of(state: &State, vendor: &str) -> Self {
        let mut known = Self {
            state: state.word(),
            number: None,
            reasons: None,
            why: None,
        };
        match state {
            State::Saved | State::Sending | State::Dropped => {}
            State::Accepted { number } => known.number.clone_from(number),
            State::NotAccepted { reasons } => {
                known.reasons = Some(reasons.iter().map(Remark::from).collect());
            }
            State::Checking { why } => known.why = Some(why.clone()),
            State::NeedsYou { doubt } => known.why = Some(doubt::in_short(doubt, vendor)),
            State::PossibleDouble { numbers } => {
                known.why = Some(doubt::doubled(numbers, vendor));
            }
        }
        known
    }
}

/// One line of JSON in which every control character is escaped, those that JSON itself lets through included.
pub fn json_line(value: &impl Serialize) -> serde_json::Result<String> {
    let text = serde_json::to_string(value)?;
    if !text.chars().any(is_control) {
        return Ok(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_control(c) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                // Writing into a string cannot fail.
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        } else {
            escaped.push(c);
        }
    }
    Ok(escaped)
}

/// What can move a cursor, or hide or reorder text on a terminal.
fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_line_of_json_can_move_a_cursor() {
        let line = json_line(&"a\u{1b}[2Jb\u{9b}c\u{202e}d\n\u{7f}").unwrap();
        assert_eq!(line, r#""a\u001b[2Jb\u009bc\u202ed\n\u007f""#);
        let back: String = serde_json::from_str(&line).unwrap();
        assert_eq!(back, "a\u{1b}[2Jb\u{9b}c\u{202e}d\n\u{7f}");
    }
}
