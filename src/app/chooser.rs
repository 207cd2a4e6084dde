//! The card on which one entry of a vendor's list is chosen, or several: found by typing, moved to with arrows.

use tui_input::Input;

use super::focus::Focus;
use super::form;
use super::key::{Chord, Key};
use super::listed::{ListState, values};
use super::popup::Popup;
use super::{App, Tone};
use crate::domain::offer::{Choice, FieldKey};
use crate::domain::rules::Place;

/// The card.
#[derive(Clone, Debug)]
pub struct Chooser {
    pub field: FieldKey,
    pub filter: Input,
    pub cursor: usize,
    pub is_many: bool,
    /// The values that are marked, where several can be.
    pub marked: Vec<String>,
    /// Something was marked or unmarked on this card: Enter takes the marks, not the row.
    is_marking: bool,
}

impl App {
    pub(super) fn press_listed(&mut self, key: FieldKey, chord: Chord) {
        let is_empty = self.form.draft.value(key).is_empty();
        let is_wrong = self.form.told.contains_key(&Place::Field(key));
        match chord.key {
            Key::Enter | Key::Down if !is_empty && !is_wrong => self.walk(1),
            Key::Down if self.is_passed_by(key) => self.walk(1),
            Key::Enter | Key::Down | Key::Right | Key::Char(' ') => self.open_chooser(key, None),
            Key::Up => self.walk(-1),
            Key::Backspace | Key::Delete => {
                self.form.choose(key, &[]);
                self.form.told.remove(&Place::Field(key));
            }
            _ => {
                if let Some(letter) = chord.letter() {
                    self.open_chooser(key, Some(letter));
                }
            }
        }
    }

    /// Down opens only a list that must be chosen from, and can be: another one would be a trap to whoever walks on.
    fn is_passed_by(&self, key: FieldKey) -> bool {
        let is_optional = self.field(key).is_some_and(|field| !field.required);
        is_optional || self.is_nothing_offered(key)
    }

    /// The list is here, and has no entry.
    pub fn is_nothing_offered(&self, key: FieldKey) -> bool {
        matches!(self.list_state(key), ListState::Here([]))
    }

    fn open_chooser(&mut self, key: FieldKey, first: Option<char>) {
        if let ListState::Waits(words) = self.list_state(key) {
            return self.tell(Tone::Warning, words);
        }
        let Some(listing) = self.listing(key) else {
            return;
        };
        let marked = values(self.form.draft.value(key));
        let filter = first.map_or_else(Input::default, |letter| Input::new(letter.to_string()));
        let mut chooser = Chooser {
            field: key,
            filter,
            cursor: 0,
            is_many: listing.is_many,
            marked,
            is_marking: false,
        };
        let rows = self.chooser_rows(&chooser);
        let here = rows
            .iter()
            .position(|row| chooser.marked.contains(&row.value));
        chooser.cursor = here.unwrap_or_default();
        self.popups.push(Popup::Choose(chooser));
    }

    /// The entries that the filter finds: every word of it stands somewhere in them.
    pub fn chooser_rows(&self, chooser: &Chooser) -> Vec<&Choice> {
        let ListState::Here(choices) = self.list_state(chooser.field) else {
            return Vec::new();
        };
        let filter = chooser.filter.value().to_lowercase();
        let holds = |choice: &&Choice| {
            let label = choice.label.to_lowercase();
            filter.split_whitespace().all(|word| label.contains(word))
        };
        choices.iter().filter(holds).collect()
    }

    pub(super) fn press_chooser(&mut self, mut chooser: Chooser, chord: Chord) {
        let last = self.chooser_rows(&chooser).len().saturating_sub(1);
        let cursor = chooser.cursor.min(last);
        match chord.key {
            Key::Esc => return,
            // Also one that was typed before it was known that there is nothing to move to.
            Key::Down if self.is_nothing_offered(chooser.field) => {
                return self.take_choice(chooser);
            }
            Key::Enter => return self.take_choice(chooser),
            Key::Char(' ') if chooser.is_many => self.toggle(&mut chooser),
            key => match key.row_from(cursor, last) {
                Some(row) => chooser.cursor = row,
                None if form::edit(&mut chooser.filter, chord) => chooser.cursor = 0,
                None => {}
            },
        }
        self.popups.push(Popup::Choose(chooser));
    }

    fn toggle(&self, chooser: &mut Chooser) {
        let row = self.chooser_rows(chooser).get(chooser.cursor).copied();
        let Some(value) = row.map(|row| row.value.clone()) else {
            return;
        };
        chooser.is_marking = true;
        match chooser.marked.iter().position(|marked| *marked == value) {
            Some(place) => drop(chooser.marked.remove(place)),
            None => chooser.marked.push(value),
        }
    }

    /// Enter: takes the row, or what is marked, and goes on; where there is nothing to take, goes on without; where there
    /// is no list, asks for it again.
    fn take_choice(&mut self, chooser: Chooser) {
        let key = chooser.field;
        let choices = match self.list_state(key) {
            ListState::Failed(_) => {
                self.lists.forget_failures();
                return self.popups.push(Popup::Choose(chooser));
            }
            ListState::Waits(words) => return self.tell(Tone::Warning, words),
            ListState::Loading => return self.popups.push(Popup::Choose(chooser)),
            ListState::Here([]) => {
                if !chooser.filter.value().is_empty() {
                    let words = format!("{} offers none for this form", self.offer.vendor);
                    self.tell(Tone::Plain, words);
                }
                return self.leave_list(key);
            }
            ListState::Here(choices) => choices,
        };
        let is_taking_marks = chooser.is_many && (chooser.is_marking || !chooser.marked.is_empty());
        let taken: Vec<Choice> = if is_taking_marks {
            let is_marked = |choice: &&Choice| chooser.marked.contains(&choice.value);
            choices.iter().filter(is_marked).cloned().collect()
        } else {
            let rows = self.chooser_rows(&chooser);
            rows.get(chooser.cursor)
                .map(|row| (*row).clone())
                .into_iter()
                .collect()
        };
        if taken.is_empty() && !is_taking_marks {
            self.tell(Tone::Plain, "No entry has these letters");
            return self.popups.push(Popup::Choose(chooser));
        }
        self.form.choose(key, &taken);
        self.form.told.remove(&Place::Field(key));
        self.leave_list(key);
    }

    fn leave_list(&mut self, key: FieldKey) {
        if self.focus == Focus::Field(key) {
            self.walk(1);
        }
    }
}
