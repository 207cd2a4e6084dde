//! Keys as the console understands them, free of any terminal library, and the texts that name them.

use std::fmt;
use std::str::FromStr;

/// One key with the modifiers that a terminal reports for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Chord {
    pub key: Key,
    pub is_ctrl: bool,
    pub is_alt: bool,
}

/// The keys every terminal sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    Char(char),
    Enter,
    Esc,
    Tab,
    BackTab,
    Backspace,
    Delete,
    Left,
    Right,
    Up,
    Down,
    Home,
    End,
    PageUp,
    PageDown,
    F(u8),
}

/// Rows that `PgUp` and `PgDn` move by.
pub const PAGE: usize = 10;

impl Key {
    /// The row to which a key leads from the row `from` of a list that ends with the row `last`.
    pub fn row_from(self, from: usize, last: usize) -> Option<usize> {
        let row = match self {
            Key::Up => from.saturating_sub(1),
            Key::Down => from.saturating_add(1),
            Key::PageUp => from.saturating_sub(PAGE),
            Key::PageDown => from.saturating_add(PAGE),
            Key::Home => 0,
            Key::End => last,
            _ => return None,
        };
        Some(row.min(last))
    }
}

impl Chord {
    pub const fn plain(key: Key) -> Self {
        Self {
            key,
            is_ctrl: false,
            is_alt: false,
        }
    }

    pub const fn ctrl(letter: char) -> Self {
        Self {
            key: Key::Char(letter),
            is_ctrl: true,
            is_alt: false,
        }
    }

    /// The letter it types where text can be typed.
    pub fn letter(self) -> Option<char> {
        match self.key {
            Key::Char(c) if !self.is_ctrl && !self.is_alt => Some(c),
            _ => None,
        }
    }

    /// The row to which it leads in a list of names: a key that moves, or the first letter of the next one.
    pub fn row_of_names(self, from: usize, names: &[&str]) -> Option<usize> {
        let last = names.len().saturating_sub(1);
        let moved = self.key.row_from(from, last);
        moved.or_else(|| self.next_of_names(Some(from), names))
    }

    /// The next name after this row that begins with the letter it types, going round.
    pub fn next_of_names(self, after: Option<usize>, names: &[&str]) -> Option<usize> {
        let letter = self.letter()?.to_lowercase().to_string();
        let from = after.map_or(0, |row| row + 1);
        let mut rows = (0..names.len()).map(|step| (from + step) % names.len());
        rows.find(|row| {
            let name = names.get(*row);
            name.is_some_and(|name| name.to_lowercase().starts_with(&letter))
        })
    }
}

impl From<Key> for Chord {
    fn from(key: Key) -> Self {
        Self::plain(key)
    }
}

/// Why a text cannot be bound to a command.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotBindable {
    #[error("\"{0}\" is not a key: write F1 to F12, or Ctrl+ and a letter")]
    Unreadable(String),
    #[error(
        "Ctrl+{0} does not reach programs in every terminal: choose an F-key or another letter"
    )]
    Swallowed(char),
}

/// Reads `F2` and `Ctrl+N`: the keys that commands may live on. Letters alone are text.
impl FromStr for Chord {
    type Err = NotBindable;

    fn from_str(text: &str) -> Result<Self, NotBindable> {
        let unreadable = || NotBindable::Unreadable(text.to_owned());
        let lower = text.trim().to_lowercase();
        if let Some(letter) = lower
            .strip_prefix("ctrl+")
            .or_else(|| lower.strip_prefix("ctrl-"))
        {
            let mut letters = letter.chars();
            let (Some(letter @ 'a'..='z'), None) = (letters.next(), letters.next()) else {
                return Err(unreadable());
            };
            return match letter {
                'c' | 'z' | 's' | 'q' | 'j' | 'm' | 'h' | 'i' => {
                    Err(NotBindable::Swallowed(letter.to_ascii_uppercase()))
                }
                _ => Ok(Self::ctrl(letter)),
            };
        }
        let number = lower
            .strip_prefix('f')
            .and_then(|number| number.parse().ok())
            .ok_or_else(unreadable)?;
        if (1..=12).contains(&number) {
            Ok(Self::plain(Key::F(number)))
        } else {
            Err(unreadable())
        }
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_ctrl {
            f.write_str("Ctrl+")?;
        }
        if self.is_alt {
            f.write_str("Alt+")?;
        }
        match self.key {
            Key::Char(c) => write!(f, "{}", c.to_uppercase()),
            Key::F(number) => write!(f, "F{number}"),
            Key::BackTab => f.write_str("Shift-Tab"),
            Key::PageUp => f.write_str("PgUp"),
            Key::PageDown => f.write_str("PgDn"),
            Key::Delete => f.write_str("Del"),
            other => write!(f, "{other:?}"),
        }
    }
}
