//! Typing ahead: which keys wait for an answer that they act on, and what becomes of them when it comes or does not.

use super::focus::Focus;
use super::form;
use super::key::{Chord, Key};
use super::keymap::Action;
use super::popup::Popup;
use super::{App, Event, Tone};

impl App {
    /// A key that acts on rows waits for the rows of the text as it stands, one that picks a person for the people of
    /// the number, and every key for a form that is being opened or saved; typing goes on at once.
    pub(super) fn must_hold(&mut self, chord: Chord) -> bool {
        if self.is_leaving {
            return true;
        }
        if !self.is_waiting() {
            return false;
        }
        if chord.key == Key::Esc {
            self.held.clear();
            self.shelf.opening = None;
            return false;
        }
        let is_in_panes = self.popups.is_empty();
        let acts_on_rows = self.browser.is_finding()
            && is_in_panes
            && self.focus == Focus::Search
            && !form::is_edit(chord);
        let picks_person = self.household.is_asking()
            && is_in_panes
            && self.keymap.action(chord) == Some(Action::People);
        let walks_slots =
            self.when.is_seeking() && chord.letter().is_none() && chord.key != Key::Backspace;
        let takes_slot = self.when.is_renewing() && chord.key == Key::Enter;
        let acts_on_slots = is_in_panes && self.focus == Focus::When && (walks_slots || takes_slot);
        let is_opening = self.shelf.opening.is_some();
        let acts_on_list = (self.awaits_list() || self.awaits_patients()) && !form::is_edit(chord);
        let acts_on_rows = acts_on_rows || acts_on_slots || acts_on_list || self.follows_code();
        !self.held.is_empty() || acts_on_rows || picks_person || is_opening || self.is_saving()
    }

    /// An answer is on its way that keys may have to wait for.
    pub(super) fn is_waiting(&self) -> bool {
        let is_opening = self.shelf.opening.is_some();
        let is_listing = self.browser.is_finding() || self.awaits_list() || self.awaits_patients();
        let is_listing = is_listing || self.when.is_seeking() || self.when.is_renewing();
        is_listing
            || self.follows_code()
            || self.household.is_asking()
            || is_opening
            || self.is_saving()
    }

    /// A code is being checked: what is typed behind it belongs to whatever comes after.
    pub(super) fn follows_code(&self) -> bool {
        self.awaits_code() || self.awaits_sign_in()
    }

    /// The card on top tells of a form that is on its way to the disk.
    fn is_saving(&self) -> bool {
        let Some(Popup::Result { draft, .. }) = self.popups.last() else {
            return false;
        };
        let unsaved = self.outbox.held(*draft);
        unsaved.is_some_and(|unsaved| unsaved.failure.is_none())
    }

    /// Keys that were meant for after something that did not come are not taken for anything else.
    pub(super) fn drop_held(&mut self) {
        if !self.held.is_empty() {
            self.held.clear();
            self.tell(Tone::Warning, "What was typed after it was not taken");
        }
    }

    /// What was typed and pasted ahead, in its order, until rows are waited for again.
    pub(super) fn release_held(&mut self) {
        while let Some(event) = self.held.pop_front() {
            let left = std::mem::take(&mut self.held);
            match event {
                Event::Pasted(text) => self.paste(&text),
                Event::KeyPressed(chord) => self.press(chord),
                Event::Burst { letters, is_ended } => self.burst(letters, is_ended),
                _ => {}
            }
            let is_held_again = !self.held.is_empty();
            self.held.extend(left);
            if is_held_again {
                break;
            }
        }
    }
}
