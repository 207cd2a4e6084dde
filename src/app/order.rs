//! The order pane: its lines, the discount, the kind.

use super::focus::Focus;
use super::form;
use super::key::{Chord, Key};
use super::{App, Tone};
use crate::domain::offer::{Items, KindOffer};
use crate::domain::order::{Discount, Line, NotDiscount, PaidTwice, paid_twice, subtotal};
use crate::domain::rules::Place;

impl App {
    /// The form's kind takes prices and a discount.
    pub fn is_priced(&self) -> bool {
        self.items() == Items::Priced
    }

    /// What is waited for, as its kind calls it.
    pub fn awaited_list(&self) -> &'static str {
        if self.is_priced() {
            "the prices are here"
        } else {
            "the list is here"
        }
    }

    /// A line that came into the order, with its price where it has one.
    pub(super) fn added_words(&self, line: &Line) -> String {
        if self.is_priced() {
            format!(
                "Added {} {}",
                line.name,
                self.offer.currency.show(line.price)
            )
        } else {
            format!("Added {}", line.title())
        }
    }

    pub(super) fn go_to_discount(&mut self) {
        if self.is_priced() {
            return self.go(Focus::Discount);
        }
        let kind = self.form.draft.kind.word();
        self.tell(Tone::Plain, format!("{kind}: this kind has no discount"));
    }

    pub(super) fn press_lines(&mut self, chord: Chord) {
        let last = self.form.draft.lines.len().saturating_sub(1);
        match chord.key {
            Key::Up => self.form.line = self.form.line.saturating_sub(1),
            Key::Down if self.form.line >= last => self.walk(1),
            Key::Down => self.form.line += 1,
            Key::Home => self.form.line = 0,
            Key::End => self.form.line = last,
            Key::Delete | Key::Backspace => self.remove_line(),
            Key::Enter => self.walk(1),
            _ => {
                if chord.letter().is_some() {
                    self.tell(Tone::Plain, "Del removes this line");
                }
            }
        }
    }

    fn remove_line(&mut self) {
        if self.form.line < self.form.draft.lines.len() {
            let line = self.form.draft.lines.remove(self.form.line);
            self.tell(Tone::Plain, format!("Removed {}", line.name));
        }
        self.form.line = self
            .form
            .line
            .min(self.form.draft.lines.len().saturating_sub(1));
        self.check_discount();
        if self.form.draft.lines.is_empty() {
            self.go(Focus::Search);
        }
    }

    pub(super) fn press_discount(&mut self, chord: Chord) {
        match chord.key {
            Key::Enter | Key::Down => self.walk(1),
            Key::Up => self.walk(-1),
            _ => {
                if form::edit(&mut self.editor, chord) {
                    self.form.draft.discount = self.editor.value().to_owned();
                    self.check_discount();
                }
            }
        }
    }

    /// What cannot be a discount is said at once; it takes nothing off meanwhile.
    fn check_discount(&mut self) {
        let lines = subtotal(&self.form.draft.lines);
        let words =
            match Discount::parse(&self.form.draft.discount).and_then(|cut| cut.check(lines)) {
                Ok(_) => None,
                Err(NotDiscount::OverTotal(most)) => Some(format!(
                    "at most {}: the lines cost no more",
                    self.offer.currency.show(most)
                )),
                Err(error) => Some(error.to_string()),
            };
        match words {
            Some(words) => self.form.told.insert(Place::Discount, words),
            None => self.form.told.remove(&Place::Discount),
        };
    }

    pub(super) fn press_kind(&mut self, chord: Chord) {
        match chord.key {
            Key::Left => self.switch_kind(-1),
            Key::Right | Key::Char(' ') => self.switch_kind(1),
            Key::Up => self.walk(-1),
            Key::Enter | Key::Down => self.go(self.first_field()),
            _ => {
                if let Some(letter) = chord.letter() {
                    self.switch_to_letter(letter);
                }
            }
        }
    }

    /// The next kind that begins with the letter, round and round.
    fn switch_to_letter(&mut self, letter: char) {
        let here = self.kind_place();
        let (before, after) = self
            .offer
            .kinds
            .split_at((here + 1).min(self.offer.kinds.len()));
        let is_it = |form: &&KindOffer| {
            let first = form.kind.word().chars().next();
            first.is_some_and(|first| first.eq_ignore_ascii_case(&letter))
        };
        let found = after.iter().chain(before).find(is_it);
        if let Some(kind) = found.map(|form| form.kind) {
            self.switch_to(kind);
        }
    }

    /// `CBC is inside Fever panel: ₹ 350 would be paid twice`, a line each; without prices only that it is inside.
    pub fn paid_twice_words(&self) -> Vec<String> {
        let words = |PaidTwice { test, package }: PaidTwice<'_>| {
            let inside = format!("{} is inside {}", test.name, package.name);
            if !self.is_priced() {
                return inside;
            }
            let price = self.offer.currency.show(test.price);
            format!("{inside}: {price} would be paid twice")
        };
        paid_twice(&self.form.draft.lines)
            .into_iter()
            .map(words)
            .collect()
    }
}
