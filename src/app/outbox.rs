//! What was sent from this console, and what became of it.

use super::focus::Focus;
use super::form::Form;
use super::key::{Chord, Key};
use super::keymap::Action;
use super::popup::Popup;
use super::{App, Effect, Tone};
use crate::domain::draft::Draft;
use crate::domain::evidence::State;
use crate::domain::failure::BudgetLeft;
use crate::domain::rules::Place;
use crate::domain::standing::{Decision, Standing};
use crate::domain::submission::{DraftId, IntentId};

/// A form that was told to be sent and is not safe on disk yet.
#[derive(Clone, Debug)]
pub struct Unsaved {
    pub form: Form,
    /// Why it could not be saved.
    pub failure: Option<String>,
}

/// The submissions of this console, oldest first.
#[derive(Debug, Default)]
pub struct Outbox {
    pub standings: Vec<Standing>,
    pub unsaved: Vec<Unsaved>,
    pub budget: Option<BudgetLeft>,
}

impl Outbox {
    /// Keeps the form until its intent is on disk.
    pub fn hold(&mut self, form: Form) {
        self.unsaved.push(Unsaved {
            form,
            failure: None,
        });
    }

    pub fn standing(&self, draft: DraftId) -> Option<&Standing> {
        self.standings
            .iter()
            .find(|standing| standing.draft == draft)
    }

    pub fn held(&self, draft: DraftId) -> Option<&Unsaved> {
        self.unsaved
            .iter()
            .find(|unsaved| unsaved.form.draft.id == draft)
    }

    /// Saved, with those just leaving.
    pub fn saved(&self) -> usize {
        self.count(|state| matches!(state, State::Saved | State::Sending))
    }

    pub fn checking(&self) -> usize {
        self.count(|state| matches!(state, State::Checking { .. }))
    }

    pub fn needs_you(&self) -> usize {
        self.count(|state| matches!(state, State::NeedsYou { .. }))
    }

    pub fn under_way(&self) -> usize {
        self.count(|state| !state.is_settled())
    }

    pub fn unsaved(&self) -> usize {
        self.unsaved.len()
    }

    /// Everything that exists at the vendor, or may.
    pub fn may_exist(&self) -> impl Iterator<Item = &Standing> {
        let is_nothing =
            |state: &State| matches!(state, State::NotAccepted { .. } | State::Dropped);
        self.standings
            .iter()
            .filter(move |standing| !is_nothing(&standing.state))
    }

    /// Its card shows the time until something happens by itself.
    pub fn counts_down(&self, draft: DraftId) -> bool {
        let standing = self.standing(draft);
        standing.is_some_and(|standing| standing.next.is_some() && !standing.state.is_settled())
    }

    fn count(&self, is: impl Fn(&State) -> bool) -> usize {
        self.standings
            .iter()
            .filter(|standing| is(&standing.state))
            .count()
    }
}

impl App {
    pub(super) fn intent_changed(&mut self, standing: Standing) {
        let draft = standing.draft;
        self.outbox
            .unsaved
            .retain(|unsaved| unsaved.form.draft.id != draft);
        if !self.shows_result(draft) {
            self.tell_outcome(&standing);
        }
        match self
            .outbox
            .standings
            .iter_mut()
            .find(|known| known.draft == draft)
        {
            Some(known) => *known = standing,
            None => self.outbox.standings.push(standing),
        }
    }

    fn tell_outcome(&mut self, standing: &Standing) {
        let name = standing.intent.submission.patient.full_name();
        let word = standing.state.word();
        let key = self.keymap.key(Action::Results);
        match &standing.state {
            State::Accepted { number } => {
                self.tell_for_long(Tone::Good, format!("{name}: {word} {number}"));
            }
            State::NotAccepted { .. } => {
                self.tell_for_long(Tone::Bad, format!("{name}: {word}. {key} shows why"));
            }
            State::NeedsYou { .. } | State::Checking { .. } | State::PossibleDouble { .. } => {
                self.tell_for_long(Tone::Warning, format!("{name}: {word}. {key} shows more"));
            }
            State::Saved | State::Sending | State::Dropped => {}
        }
    }

    pub(super) fn not_saved(&mut self, draft: DraftId, why: String) {
        let Some(unsaved) = self
            .outbox
            .unsaved
            .iter_mut()
            .find(|unsaved| unsaved.form.draft.id == draft)
        else {
            return;
        };
        unsaved.failure = Some(why);
        if !self.shows_result(draft) {
            self.popups.push(Popup::Result { draft });
        }
    }

    fn shows_result(&self, draft: DraftId) -> bool {
        self.popups
            .iter()
            .any(|popup| matches!(popup, Popup::Result { draft: shown } if *shown == draft))
    }

    /// The one that asks for a person first, else the latest.
    pub(super) fn open_results(&mut self) {
        let standings = &self.outbox.standings;
        let asks = |standing: &&Standing| matches!(standing.state, State::NeedsYou { .. });
        match standings.iter().find(asks).or(standings.last()) {
            Some(standing) => self.popups.push(Popup::Result {
                draft: standing.draft,
            }),
            None => self.tell(Tone::Plain, "Nothing was sent from this console yet"),
        }
    }

    pub(super) fn press_result(&mut self, draft: DraftId, chord: Chord) {
        if let Some(unsaved) = self.outbox.held(draft).cloned() {
            return self.press_unsaved(draft, unsaved, chord);
        }
        let Some(standing) = self.outbox.standing(draft).cloned() else {
            return;
        };
        let intent = standing.intent.id.clone();
        let card = Popup::Result { draft };
        match (chord.key, &standing.state) {
            (Key::Enter, State::NotAccepted { .. } | State::Dropped) => self.mend(&standing),
            (Key::Enter | Key::Esc, _) => {}
            (Key::Left | Key::Up, _) => self.turn_result(draft, -1),
            (Key::Right | Key::Down, _) => self.turn_result(draft, 1),
            (Key::Char('f'), State::NeedsYou { .. }) => {
                let number = tui_input::Input::default();
                self.popups.extend([card, Popup::Found { intent, number }]);
            }
            (Key::Char('s'), State::NeedsYou { .. }) => self.ask(card, intent, Decision::Resend),
            (Key::Char('d'), State::NeedsYou { .. } | State::Saved) => {
                self.ask(card, intent, Decision::Drop);
            }
            (key, state) => {
                self.popups.push(card);
                match (key, state) {
                    (Key::Char('c'), State::Accepted { number }) => self.copy(number.clone()),
                    (Key::Char('u'), State::Saved) => self.decide(intent, Decision::TakeBack),
                    _ => {}
                }
            }
        }
    }

    /// A decision that carries a risk is asked once more over its card.
    fn ask(&mut self, card: Popup, intent: IntentId, decision: Decision) {
        self.popups
            .extend([card, Popup::Confirm { intent, decision }]);
    }

    fn copy(&mut self, number: String) {
        self.tell(Tone::Good, format!("Copied {number}"));
        self.order(Effect::Copy(number));
    }

    /// Not on disk: the card stays until it is known, then leads back to the form.
    fn press_unsaved(&mut self, draft: DraftId, unsaved: Unsaved, chord: Chord) {
        let leaves = matches!(chord.key, Key::Enter | Key::Esc);
        if unsaved.failure.is_none() || !leaves {
            return self.popups.push(Popup::Result { draft });
        }
        self.outbox
            .unsaved
            .retain(|held| held.form.draft.id != draft);
        self.bring_back(unsaved.form);
    }

    /// A refused or dropped one as a form again, the reasons beside their fields: a new wish with a new id.
    fn mend(&mut self, standing: &Standing) {
        let reasons = match &standing.state {
            State::NotAccepted { reasons } => reasons.as_slice(),
            _ => &[],
        };
        let id = self.mint_draft();
        let mut form = Form::new(Draft::reopen(id, &standing.intent, &self.offer));
        for reason in reasons {
            if let Some(field) = reason.field {
                form.told.insert(Place::Field(field), reason.words.clone());
            }
        }
        let place = reasons
            .iter()
            .find_map(|reason| reason.field)
            .map(Place::Field);
        self.bring_back(form);
        if let Some(place) = place {
            self.go_to_place(place);
        }
    }

    /// Shows a form; the one that is being typed stays open behind it.
    pub(super) fn bring_back(&mut self, form: Form) {
        if !self.form.is_untouched(&self.offer) {
            let left = self.form.clone();
            self.parked.push(left);
        }
        self.show_form(form, Focus::Search);
        self.go(self.first_field());
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
        self.popups.push(Popup::Result { draft });
    }

    pub(super) fn decide(&mut self, intent: IntentId, decision: Decision) {
        self.order(Effect::Decide { intent, decision });
    }
}
