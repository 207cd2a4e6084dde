//! Letters that come faster than a person types: a barcode scanner, a paste that the terminal does not mark, or keys
//! that a slow line has gathered. Nobody can tell which, so they fill, and never answer a card.

use super::key::{Chord, Key};
use super::popup::Popup;
use super::{App, Event, Tone};

impl App {
    /// In the panes it is typed as it is, its Enter takes the value and goes on: nothing there sends or drops. Over a
    /// card it only fills where text can be typed, and its Enter picks from a list but decides nothing.
    pub(super) fn burst(&mut self, letters: String, is_ended: bool) {
        let first = letters.chars().next().map_or(Key::Enter, Key::Char);
        if self.must_hold(Chord::plain(first)) {
            self.held.push_back(Event::Burst { letters, is_ended });
            return;
        }
        let (takes_text, takes_enter) = match self.popups.last() {
            None => (true, true),
            Some(popup) => (popup.takes_text(), popup.is_list()),
        };
        if takes_text {
            for letter in letters.chars() {
                self.press(Chord::plain(Key::Char(letter)));
            }
        }
        if is_ended && takes_enter {
            self.press(Chord::plain(Key::Enter));
        } else if is_ended || !takes_text {
            let words = "Too fast for a person, so it decides nothing here: press the key again";
            self.tell(Tone::Warning, words);
        }
    }
}

impl Popup {
    /// Enter in it opens, adds or goes on, and decides nothing about what was sent.
    fn is_list(&self) -> bool {
        match self {
            Self::Drafts(list) => list.asks.is_none(),
            Self::Worklist(_)
            | Self::Palette(_)
            | Self::Custom(_)
            | Self::Choose(_)
            | Self::SignIn(_) => true,
            _ => false,
        }
    }
}
