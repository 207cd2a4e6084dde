//! Cards over the panes: a stack whose top gets the key first and is drawn last. Esc takes it off.

use tui_input::Input;

use super::changes::Changes;
use super::chooser::Chooser;
use super::custom::{CustomItem, CustomStop};
use super::drafts::DraftList;
use super::form;
use super::key::{Chord, Key};
use super::keymap::Action;
use super::palette::Palette;
use super::review::Review;
use super::scroll::Scroll;
use super::worklist::Worklist;
use super::{App, Effect, Tone};
use crate::domain::standing::Decision;
use crate::domain::submission::{DraftId, IntentId};
use crate::domain::text;

/// Pages of the help.
pub const HELP_PAGES: usize = 3;

/// The cards there are.
#[derive(Clone, Debug)]
pub enum Popup {
    Help {
        page: usize,
        scroll: Scroll,
    },
    Review(Review),
    /// What became of the draft with this id.
    Result {
        draft: DraftId,
        scroll: Scroll,
    },
    /// Everything of today and everything that is not settled.
    Worklist(Worklist),
    /// What can be done to an accepted record.
    Changes(Changes),
    Custom(CustomItem),
    /// One or several of a vendor's list.
    Choose(Chooser),
    Drafts(DraftList),
    /// All commands and profiles.
    Palette(Palette),
    /// The people on the form's phone, and the one under the cursor.
    People {
        cursor: usize,
    },
    /// The code of the sign-in.
    SignIn(Input),
    /// The number under which a person found it at the vendor.
    Found {
        intent: IntentId,
        number: Input,
    },
    /// A decision that carries a risk, read back once.
    Confirm {
        intent: IntentId,
        decision: Decision,
        /// Why it is dropped, if a person says so.
        reason: Input,
    },
    Quit,
}

impl Popup {
    /// The help, from the top of a page.
    pub(super) fn help(page: usize) -> Self {
        let scroll = Scroll::default();
        Self::Help { page, scroll }
    }

    /// What became of a draft, from the top.
    pub(super) fn result_of(draft: DraftId) -> Self {
        let scroll = Scroll::default();
        Self::Result { draft, scroll }
    }

    /// It speaks of the form that is shown, and goes with it.
    pub(super) fn is_of_form(&self) -> bool {
        matches!(
            self,
            Self::Review(_) | Self::Custom(_) | Self::Choose(_) | Self::People { .. }
        )
    }

    /// Text can be typed or pasted into it where it stands.
    pub fn takes_text(&self) -> bool {
        match self {
            Self::Custom(item) => item.stop != CustomStop::Kind,
            Self::Drafts(list) => list.asks.is_none(),
            Self::Worklist(worklist) => !worklist.is_of_day,
            Self::Found { .. } | Self::Palette(_) | Self::Choose(_) | Self::SignIn(_) => true,
            Self::Confirm { decision, .. } => matches!(decision, Decision::Drop { .. }),
            Self::Help { .. }
            | Self::Review(_)
            | Self::Result { .. }
            | Self::Changes(_)
            | Self::People { .. }
            | Self::Quit => false,
        }
    }
}

impl App {
    /// Commands that work over a card too; Esc leads back to it. Those of the form say so. False where the card has a
    /// meaning of its own for the key.
    pub(super) fn command_over_card(&mut self, action: Action) -> bool {
        match (action, self.popups.last()) {
            (Action::Worklist, Some(Popup::Worklist(_)))
            | (Action::Drafts, Some(Popup::Drafts(_)))
            | (Action::Palette, Some(Popup::Palette(_)))
            | (Action::SignIn, Some(Popup::SignIn(_)))
            | (Action::People, Some(Popup::People { .. })) => return false,
            (Action::Review, Some(Popup::Review(_))) if self.asks_terms() => self.ask_terms(),
            (Action::Refresh, Some(Popup::Worklist(list))) if list.is_of_day => self.load_day(),
            (Action::Help, Some(Popup::Help { .. })) => {
                self.popups.pop();
            }
            (
                Action::Help
                | Action::Palette
                | Action::Worklist
                | Action::Drafts
                | Action::Refresh
                | Action::SignIn
                | Action::Redraw
                | Action::Quit,
                _,
            ) => self.command(action),
            _ => {
                let key = self.keymap.key(action);
                self.tell(
                    Tone::Plain,
                    format!("{key} works on the form: Esc leads back to it"),
                );
            }
        }
        true
    }

    /// Takes everything off a card that is open already, so that no card is there twice; false where there is none.
    pub(super) fn return_to(&mut self, is_it: impl Fn(&Popup) -> bool) -> bool {
        let place = self.popups.iter().position(is_it);
        if let Some(place) = place {
            self.popups.truncate(place + 1);
        }
        place.is_some()
    }

    /// The top card takes the key; it comes back on the stack unless the key closes it.
    pub(super) fn press_popup(&mut self, chord: Chord) {
        let Some(popup) = self.popups.pop() else {
            return;
        };
        match popup {
            Popup::Help { page, scroll } => self.press_help(page, scroll, chord),
            Popup::Review(review) => self.press_review(review, chord),
            Popup::Result { draft, scroll } => self.press_result(draft, scroll, chord),
            Popup::Worklist(worklist) => self.press_worklist(worklist, chord),
            Popup::Changes(changes) => self.press_changes(changes, chord),
            Popup::Custom(item) => self.press_custom(item, chord),
            Popup::Choose(chooser) => self.press_chooser(chooser, chord),
            Popup::Drafts(list) => self.press_drafts(list, chord),
            Popup::Palette(palette) => self.press_palette(palette, chord),
            Popup::People { cursor } => self.press_people(cursor, chord),
            Popup::SignIn(code) => self.press_sign_in(code, chord),
            Popup::Found { intent, number } => self.press_found(intent, number, chord),
            Popup::Confirm {
                intent,
                decision,
                reason,
            } => self.press_confirm(intent, decision, reason, chord),
            Popup::Quit => self.press_quit(chord),
        }
    }

    fn press_help(&mut self, page: usize, mut scroll: Scroll, chord: Chord) {
        let page = match chord.key {
            Key::Esc | Key::Enter => return,
            Key::Right | Key::Tab | Key::Char(' ') => (page + 1).min(HELP_PAGES - 1),
            Key::Left | Key::BackTab => page.saturating_sub(1),
            key => {
                scroll.press(key);
                return self.popups.push(Popup::Help { page, scroll });
            }
        };
        self.popups.push(Popup::help(page));
    }

    fn press_found(&mut self, intent: IntentId, mut number: Input, chord: Chord) {
        match chord.key {
            Key::Esc => return,
            Key::Enter => {
                let typed = text::one_line(number.value());
                if let Some(other) = self.outbox.under_number(&typed, &intent, &self.offer) {
                    let words = format!("{typed} is the number of {other}: look again");
                    self.tell(Tone::Warning, words);
                } else if !typed.is_empty() {
                    return self.decide(intent, Decision::Found(typed));
                }
            }
            _ => {
                form::edit(&mut number, chord);
            }
        }
        self.popups.push(Popup::Found { intent, number });
    }

    fn press_confirm(
        &mut self,
        intent: IntentId,
        decision: Decision,
        mut reason: Input,
        chord: Chord,
    ) {
        match (chord.key, &decision) {
            (Key::Esc, _) => return,
            (Key::Enter, Decision::Drop { .. }) => {
                let reason = text::one_line(reason.value());
                let reason = (!reason.is_empty()).then_some(reason);
                return self.decide(intent, Decision::Drop { reason });
            }
            (Key::Enter, _) => return self.decide(intent, decision),
            (_, Decision::Drop { .. }) => {
                form::edit(&mut reason, chord);
            }
            _ => {}
        }
        self.popups.push(Popup::Confirm {
            intent,
            decision,
            reason,
        });
    }

    fn press_quit(&mut self, chord: Chord) {
        match chord.key {
            Key::Esc => {}
            Key::Enter => self.order(Effect::Quit),
            _ => self.popups.push(Popup::Quit),
        }
    }
}
