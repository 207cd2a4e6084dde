//! The keys of the result card: what its state allows, by a letter, and what is typed on for the next patient.

use tui_input::Input;

use super::focus::Focus;
use super::key::{Chord, Key};
use super::popup::Popup;
use super::scroll::Scroll;
use super::{App, Effect, Tone};
use crate::domain::doubt;
use crate::domain::evidence::State;
use crate::domain::offer::Input as Filling;
use crate::domain::standing::{Decision, Standing};
use crate::domain::submission::{DraftId, IntentId};

/// Lists what can be done later.
const LATER: char = 'm';

impl App {
    pub(super) fn press_result(&mut self, draft: DraftId, mut scroll: Scroll, chord: Chord) {
        if let Some(unsaved) = self.outbox.held(draft).cloned() {
            return self.press_unsaved(draft, unsaved, chord);
        }
        let Some(standing) = self.outbox.standing(draft).cloned() else {
            return;
        };
        if self.goes_to_form(&standing, chord) {
            return self.go_on_typing(&standing, chord);
        }
        match (chord.key, &standing.state) {
            (Key::Enter, State::NotAccepted { .. } | State::Dropped) => {
                return self.mend(&standing);
            }
            (Key::Enter | Key::Esc, _) => return,
            (Key::Left, _) => return self.turn_result(draft, -1),
            (Key::Right, _) => return self.turn_result(draft, 1),
            (Key::Delete, State::Saved) if !standing.has_left() => {
                self.decide(standing.intent.id.clone(), Decision::TakeBack);
            }
            (key, _) => scroll.press(key),
        }
        self.popups.push(Popup::Result { draft, scroll });
        if let Some(letter) = chord.letter() {
            self.press_letter(&standing, letter);
        }
    }

    /// Over the form, a letter or a digit that the card does not offer is the next patient's; where the form goes on
    /// with a name, so is every letter that would decide or copy something. What can be done later only opens a list.
    fn goes_to_form(&self, standing: &Standing, chord: Chord) -> bool {
        let is_typed = |letter: &char| !letter.is_whitespace() && !letter.is_control();
        let letter = chord.letter().filter(is_typed);
        let is_next = |letter| {
            let is_command = letter == LATER || !self.goes_on_with_letters();
            !is_command || !self.offers(standing, letter)
        };
        letter.is_some_and(|letter| self.popups.is_empty() && is_next(letter))
    }

    /// The form under the cards waits for letters: whoever types the next patient's name decides nothing about the last
    /// one.
    pub fn goes_on_with_letters(&self) -> bool {
        let Focus::Field(key) = self.focus else {
            return false;
        };
        let field = self.field(key);
        field.is_some_and(|field| !matches!(field.input, Filling::Phone | Filling::AnyPhone))
    }

    /// The letters that stand under the card as its commands.
    fn offers(&self, standing: &Standing, letter: char) -> bool {
        match (letter, &standing.state) {
            ('c', _)
            | ('f' | 's' | 'd', State::NeedsYou { .. })
            | ('f', State::Accepted { number: None }) => true,
            (LATER, _) => self.changes_word(standing).is_some(),
            ('d', State::Saved) => standing.has_left(),
            _ => false,
        }
    }

    /// Whoever types on has read the card; what asks for a person is said once more.
    fn go_on_typing(&mut self, standing: &Standing, chord: Chord) {
        if !matches!(standing.state, State::Accepted { .. }) {
            self.tell_outcome(standing);
        }
        self.press_pane(chord);
    }

    /// What a state allows, by its letter.
    fn press_letter(&mut self, standing: &Standing, letter: char) {
        let intent = standing.intent.id.clone();
        match (letter, &standing.state) {
            ('c', state) if state.numbers().is_empty() => self.copy(intent.0),
            ('c', state) => self.copy(state.numbers().join(" ")),
            (LATER, State::Accepted { number: Some(_) }) => self.open_changes(standing),
            ('f', State::NeedsYou { doubt }) => {
                let number = Input::from(doubt::offered(doubt).unwrap_or_default());
                self.popups.push(Popup::Found { intent, number });
            }
            ('f', State::Accepted { number: None }) => {
                let number = Input::default();
                self.popups.push(Popup::Found { intent, number });
            }
            ('s', State::NeedsYou { .. }) => self.ask(intent, Decision::Resend),
            ('d', State::NeedsYou { .. }) => self.ask(intent, Decision::Drop { reason: None }),
            ('d', State::Saved) if standing.has_left() => {
                self.ask(intent, Decision::Drop { reason: None });
            }
            _ => {}
        }
    }

    /// A decision that carries a risk is asked once more over its card.
    fn ask(&mut self, intent: IntentId, decision: Decision) {
        self.popups.push(Popup::Confirm {
            intent,
            decision,
            reason: Input::default(),
        });
    }

    fn copy(&mut self, number: String) {
        self.tell(Tone::Good, format!("Copied {number}"));
        self.order(Effect::Copy(number));
    }

    fn turn_result(&mut self, draft: DraftId, by: isize) {
        let standings = &self.outbox.standings;
        let here = standings
            .iter()
            .position(|standing| standing.draft == draft)
            .unwrap_or_default();
        let there = here
            .saturating_add_signed(by)
            .min(standings.len().saturating_sub(1));
        let draft = standings
            .get(there)
            .map_or(draft, |standing| standing.draft);
        self.popups.push(Popup::result_of(draft));
    }
}
