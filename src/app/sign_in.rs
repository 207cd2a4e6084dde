//! The code that a vendor sends to whoever signs in: asked for once by itself, then by its command.

use tui_input::Input;

use super::form;
use super::key::{Chord, Key};
use super::keymap::Action;
use super::popup::Popup;
use super::{App, Effect, Question, Tone, TypedCode};
use crate::domain::failure::Failure;

/// How the sign-in stands.
#[derive(Debug, Default)]
pub struct SignIn {
    /// The vendor waits for a code, in its words; none where it does not.
    pub needed: Option<String>,
    /// What became of the last code, or of the wish for another.
    pub told: Option<String>,
    pub is_checking: bool,
    is_offered: bool,
}

impl App {
    /// The vendor asks for a code. The card comes by itself once, where it takes no letters away; else it is said.
    pub(super) fn code_needed(&mut self, words: String) {
        self.sign_in.needed = Some(words);
        if std::mem::replace(&mut self.sign_in.is_offered, true) {
            return;
        }
        if self.popups.is_empty() && !self.takes_text() {
            return self.popups.push(Popup::SignIn(Input::default()));
        }
        let key = self.keymap.key(Action::SignIn);
        let words = format!("{} asks for a code: {key} signs in", self.offer.vendor);
        self.tell_for_long(Tone::Warning, words);
    }

    /// What failed, and what is done about it: `again` where asking again may help.
    pub fn with_remedy(&self, failure: &Failure, again: &str) -> String {
        match failure {
            Failure::CodeNeeded(_) | Failure::SignedOut(_)
                if matches!(failure, Failure::CodeNeeded(_)) || self.sign_in.needed.is_some() =>
            {
                let key = self.keymap.key(Action::SignIn);
                format!("{failure}. {key} signs in")
            }
            _ => format!("{failure}. {again}"),
        }
    }

    pub(super) fn open_sign_in(&mut self) {
        if self.sign_in.needed.is_none() {
            let words = format!("{} asks for no code now", self.offer.vendor);
            return self.tell(Tone::Plain, words);
        }
        self.notices.take_up();
        if !self.return_to(|popup| matches!(popup, Popup::SignIn(_))) {
            self.popups.push(Popup::SignIn(Input::default()));
        }
    }

    pub(super) fn press_sign_in(&mut self, mut code: Input, chord: Chord) {
        let is_again = self.keymap.action(chord) == Some(Action::SignIn);
        let typed = code.value().trim().to_owned();
        match chord.key {
            Key::Esc => return,
            _ if is_again => {
                self.sign_in.told = Some("Another code is being asked for".to_owned());
                self.order(Effect::Ask(Question::ResendSignInCode));
            }
            Key::Enter if typed.is_empty() => {
                self.sign_in.told = Some("Type the code first".to_owned());
            }
            Key::Enter => {
                self.sign_in.told = None;
                self.sign_in.is_checking = true;
                self.order(Effect::Ask(Question::SignIn(TypedCode(typed))));
            }
            _ => {
                if form::edit(&mut code, chord) {
                    self.sign_in.told = None;
                }
            }
        }
        self.popups.push(Popup::SignIn(code));
    }

    /// Signed in, or not: everything that failed for want of it is asked for anew.
    pub(super) fn sign_in_answered(&mut self, result: Result<(), Failure>) {
        self.sign_in.is_checking = false;
        match result {
            Ok(()) => {
                self.sign_in = SignIn::default();
                self.popups
                    .retain(|popup| !matches!(popup, Popup::SignIn(_)));
                self.desk.failure = None;
                self.forget_failures();
                self.load_branches(true);
                if self.browser.failure.is_some() {
                    self.load_catalogue(true);
                }
                self.tell(Tone::Good, format!("Signed in to {}", self.offer.vendor));
                self.release_held();
            }
            Err(failure) => {
                self.sign_in.told = Some(match failure {
                    Failure::Refused(why) => why,
                    Failure::CodeNeeded(why) => {
                        self.sign_in.needed = Some(why.clone());
                        why
                    }
                    failure => format!("Not checked: {failure}. Enter tries again"),
                });
                self.drop_held();
            }
        }
    }

    pub(super) fn sign_in_code_sent(&mut self, result: Result<String, Failure>) {
        self.sign_in.told = Some(match result {
            Ok(to) => format!("Another code was sent: {to}"),
            Err(failure) => format!("No other code was sent: {failure}"),
        });
    }

    /// The code is being checked: keys typed after it belong to the form behind the card.
    pub(super) fn awaits_sign_in(&self) -> bool {
        self.sign_in.is_checking && matches!(self.popups.last(), Some(Popup::SignIn(_)))
    }
}
