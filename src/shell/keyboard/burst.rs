//! Tells letters that come faster than a person types from those that a person types. Must not know what they do.

use std::time::Duration;

use crate::app::Event;
use crate::app::key::{Chord, Key};

/// Letters of a row that no person types: whoever is quick with a few of them may be one.
const FEWEST: usize = 6;

/// How soon after the letters before it the next ones still belong to the same row. Scanners take 1 to 15 ms a letter,
/// people at least three times as long.
pub(super) const PAUSE: Duration = Duration::from_millis(30);

/// Quick letters without anything between them, across readings.
#[derive(Default)]
pub(super) struct Row {
    length: usize,
}

impl Row {
    /// Puts letters of one reading together where they are too many for a person, and an Enter to the letters before
    /// it. `is_quick` says that the last reading was no longer ago than [`PAUSE`].
    pub fn gather(&mut self, events: Vec<Event>, is_quick: bool) -> Vec<Event> {
        if !is_quick {
            self.length = 0;
        }
        let mut gathered = Vec::with_capacity(events.len());
        let mut letters = String::new();
        for event in events {
            match letter(&event) {
                Some(letter) => {
                    letters.push(letter);
                    self.length += 1;
                }
                None if is_enter(&event) && self.length >= FEWEST => {
                    put(&mut letters, true, &mut gathered);
                    self.length = 0;
                }
                None => {
                    put(&mut letters, false, &mut gathered);
                    gathered.push(event);
                    self.length = 0;
                }
            }
        }
        put(&mut letters, false, &mut gathered);
        gathered
    }
}

/// Few letters are keys; the Enter of a row that began in an earlier reading stays marked.
fn put(letters: &mut String, is_ended: bool, gathered: &mut Vec<Event>) {
    let mut letters = std::mem::take(letters);
    if letters.chars().count() < FEWEST {
        let keys = letters
            .chars()
            .map(|letter| Chord::plain(Key::Char(letter)));
        gathered.extend(keys.map(Event::KeyPressed));
        letters.clear();
    }
    if is_ended || !letters.is_empty() {
        gathered.push(Event::Burst { letters, is_ended });
    }
}

fn letter(event: &Event) -> Option<char> {
    match event {
        Event::KeyPressed(chord) => chord.letter(),
        _ => None,
    }
}

fn is_enter(event: &Event) -> bool {
    matches!(event, Event::KeyPressed(chord) if *chord == Chord::plain(Key::Enter))
}

#[cfg(test)]
#[allow(clippy::panic)]
mod tests {
    use rstest::rstest;

    use super::*;

    /// Keys by their letters, Enter as `/`, Tab as `>`.
    fn keys(typed: &str) -> Vec<Event> {
        let key = |letter| match letter {
            '/' => Key::Enter,
            '>' => Key::Tab,
            letter => Key::Char(letter),
        };
        let keys = typed.chars().map(|letter| Chord::plain(key(letter)));
        keys.map(Event::KeyPressed).collect()
    }

    /// What was put together stands in brackets.
    fn shown(events: Vec<Event>) -> String {
        let shown = events.into_iter().map(|event| match event {
            Event::KeyPressed(chord) => match chord.key {
                Key::Char(letter) => letter.to_string(),
                Key::Enter => "/".to_owned(),
                Key::Tab => ">".to_owned(),
                other => panic!("{other:?} was not typed"),
            },
            Event::Burst { letters, is_ended } => {
                format!("[{letters}{}]", if is_ended { "/" } else { "" })
            }
            _ => panic!("a keyboard sends nothing else"),
        });
        shown.collect()
    }

    #[rstest]
    #[case("abcde/", "abcde/")]
    #[case("abcdef/", "[abcdef/]")]
    #[case("abcdef", "[abcdef]")]
    #[case("9876543210/Rahul Sharma/32/m", "[9876543210/][Rahul Sharma/]32/m")]
    #[case("abcdef>/", "[abcdef]>/")]
    #[case("abcdef//", "[abcdef/]/")]
    #[case("/abcdef/", "/[abcdef/]")]
    fn letters_of_one_reading(#[case] typed: &str, #[case] expected: &str) {
        assert_eq!(shown(Row::default().gather(keys(typed), false)), expected);
    }

    #[rstest]
    #[case(true, "[/]")]
    #[case(false, "/")]
    fn an_enter_behind_letters_of_many_readings(#[case] is_quick: bool, #[case] expected: &str) {
        let mut row = Row::default();
        for letter in ["a", "b", "c", "d", "e", "f"] {
            assert_eq!(shown(row.gather(keys(letter), true)), letter);
        }
        assert_eq!(shown(row.gather(keys("/"), is_quick)), expected);
        assert_eq!(shown(row.gather(keys("/"), true)), "/", "once only");
    }
}
