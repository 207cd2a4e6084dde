//! How intents stand, as lines of JSON for scripts. The only place where they learn what patients told the desk is
//! standard output, and it never carries control characters.

use std::fmt::Write as _;

use serde::Serialize;

use super::fields;
use crate::domain::evidence::{Doubt, Reason, State};

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
    /// The vendor's, of what is accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Of what is not accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasons: Option<Vec<Remark>>,
    /// Why nobody knows yet, or why only a person can go on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

impl From<&State> for Known {
    fn from(state: &State) -> Self {
        let mut known = Self {
            state: state.word(),
            number: None,
            reasons: None,
            why: None,
        };
        match state {
            State::Saved | State::Sending | State::Dropped => {}
            State::Accepted { number } => known.number = Some(number.clone()),
            State::NotAccepted { reasons } => {
                known.reasons = Some(reasons.iter().map(Remark::from).collect());
            }
            State::Checking { why } => known.why = Some(why.clone()),
            State::NeedsYou { doubt } => known.why = Some(doubt_in_words(doubt).to_owned()),
            State::PossibleDouble { numbers } => {
                let numbers = numbers.join(" and ");
                known.why = Some(format!("more than one number is known for it: {numbers}"));
            }
        }
        known
    }
}

/// Why only a person can go on.
pub fn doubt_in_words(doubt: &Doubt) -> &'static str {
    match doubt {
        Doubt::DuplicateAfterUnknown => {
            "a try had no answer, and now the vendor has a record of today for this phone or e-mail: it may be this one"
        }
        Doubt::RefusedAfterUnknown => {
            "a try had no answer, and a later one was refused: the first may have made a record"
        }
        Doubt::DayIsOver => {
            "a try had no answer, and the vendor's day is over: another try could make a second record"
        }
        Doubt::TriedOften => "six tries reached the line without a clear answer",
        Doubt::StoreWasDamaged => {
            "the store was damaged: what is known of it may be incomplete, even that it was sent"
        }
        Doubt::NoWayToLook => "a try had no answer, and the vendor offers no way to look",
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
