//! What was sent from this console, and what became of it.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::focus::Focus;
use super::form::Form;
use super::key::{Chord, Key};
use super::keymap::Action;
use super::popup::Popup;
use super::{App, CallId, Effect, Tone};
use crate::domain::draft::Draft;
use crate::domain::evidence::State;
use crate::domain::failure::BudgetLeft;
use crate::domain::offer::{FieldKey, Input as Filling, Offer};
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

/// What is known of the profile's submissions, oldest first: everything of today, everything that is not settled, and
/// the records whose patients are yet to come, whoever sent them from this machine.
#[derive(Debug, Default)]
pub struct Outbox {
    pub standings: Vec<Standing>,
    pub unsaved: Vec<Unsaved>,
    /// What was sent in this run: its results come to the clerk, others wait in the list.
    pub own: BTreeSet<DraftId>,
    /// Entries on disk that cannot be read, in words.
    pub damaged: Vec<String>,
    /// Why the store could not list.
    pub failure: Option<String>,
    /// The list that is being waited for.
    pub(super) list_call: Option<CallId>,
    pub budget: Option<BudgetLeft>,
}

impl Outbox {
    /// Keeps the form until its intent is on disk.
    pub fn hold(&mut self, form: Form) {
        self.own.insert(form.draft.id);
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

    /// What made the record of this number.
    pub fn with_number(&self, number: &str, offer: &Offer) -> Option<&Standing> {
        let mut made = self.standings.iter();
        made.find(|standing| {
            let made_it = standing.made_record(offer);
            let is_accepted = matches!(standing.state, State::Accepted { .. });
            is_accepted && made_it && standing.state.numbers().iter().any(|own| own == number)
        })
    }

    pub fn held(&self, draft: DraftId) -> Option<&Unsaved> {
        self.unsaved
            .iter()
            .find(|unsaved| unsaved.form.draft.id == draft)
    }

    /// Whose number at the vendor this is, where it is that of another submission.
    pub fn under_number(&self, number: &str, intent: &IntentId, offer: &Offer) -> Option<String> {
        // A change has the number of the record that it is for, unless it puts another one in its place.
        let has_none = |standing: &Standing| {
            !standing.made_record(offer) || standing.intent.submission.sets_state(offer)
        };
        let mut others = self.standings.iter().filter(|other| !has_none(other));
        let mut all = self.standings.iter();
        if all.any(|standing| standing.intent.id == *intent && has_none(standing)) {
            return None;
        }
        let other = others.find(|standing| {
            let numbers = standing.state.numbers();
            standing.intent.id != *intent && numbers.iter().any(|taken| *taken == number)
        });
        other.map(|standing| standing.intent.submission.about())
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

    /// What was sent in this run and is not settled.
    pub fn open_here(&self) -> impl Iterator<Item = &Standing> {
        self.standings
            .iter()
            .filter(|standing| self.own.contains(&standing.draft) && !standing.state.is_settled())
    }

    pub fn under_way(&self) -> usize {
        self.open_here().count()
    }

    pub fn unsaved(&self) -> usize {
        self.unsaved.len()
    }

    /// Keeps what is told of a submission, unless more is known of it already.
    pub(super) fn take_in(&mut self, mut standing: Standing) {
        let key = |standing: &Standing| (standing.intent.saved_at, standing.intent.id.clone());
        let wanted = key(&standing);
        let place = self.standings.binary_search_by_key(&wanted, key);
        let known = match place {
            Ok(place) => self.standings.get_mut(place),
            Err(place) => return self.standings.insert(place, standing),
        };
        let Some(known) = known else { return };
        if known.evidence.len() > standing.evidence.len() {
            return;
        }
        if known.evidence == standing.evidence {
            // The store does not know when the courier acts.
            standing.next = standing.next.or(known.next);
        }
        *known = standing;
    }

    /// Its card shows the time until something happens by itself.
    pub fn counts_down(&self, draft: DraftId, now: DateTime<Utc>) -> bool {
        let standing = self.standing(draft);
        standing.is_some_and(|standing| counts_down(standing, now))
    }

    fn count(&self, is: impl Fn(&State) -> bool) -> usize {
        self.standings
            .iter()
            .filter(|standing| is(&standing.state))
            .count()
    }
}

/// What is said beside what was said before.
fn append(said: &mut String, words: &str) {
    if !said.is_empty() {
        said.push_str("; ");
    }
    said.push_str(words);
}

/// The time until something happens by itself is still running.
pub(super) fn counts_down(standing: &Standing, now: DateTime<Utc>) -> bool {
    !standing.state.is_settled() && standing.next.is_some_and(|next| next > now)
}

impl App {
    pub(super) fn intent_changed(&mut self, standing: Standing) {
        let draft = standing.draft;
        self.vendor_answered(&standing);
        self.outbox
            .unsaved
            .retain(|unsaved| unsaved.form.draft.id != draft);
        if !self.shows_result(draft) && self.concerns_who_sits_here(&standing) {
            self.tell_outcome(&standing);
        }
        if standing.state == State::Dropped {
            self.renew_draft(draft);
        }
        if standing.intent.submission.slot.is_some() && standing.state.is_settled() {
            self.renew_slots();
        }
        if standing.intent.submission.subject.is_some() && standing.state.is_settled() {
            self.renew_day();
        }
        self.outbox.take_in(standing);
        self.forget_sent_drafts();
        self.refresh_worklist();
        self.refresh_review();
        self.release_held();
    }

    /// A form that came back although its intent was on disk, and was taken back there: what is typed in it now is a
    /// new wish, and is kept as one.
    fn renew_draft(&mut self, gone: DraftId) {
        let id = self.mint_draft();
        let forms = std::iter::once(&mut self.form).chain(&mut self.parked);
        for form in forms.filter(|form| form.draft.id == gone) {
            form.draft.id = id;
        }
    }

    /// Own results do. Of what others sent, or of what was sent before a restart, only a change that asks for a person.
    fn concerns_who_sits_here(&self, standing: &Standing) -> bool {
        if self.outbox.own.contains(&standing.draft) {
            return true;
        }
        let asks = matches!(
            standing.state,
            State::NotAccepted { .. } | State::NeedsYou { .. }
        );
        let known = self.outbox.standing(standing.draft);
        asks && known.is_some_and(|known| known.state != standing.state)
    }

    pub(super) fn tell_outcome(&mut self, standing: &Standing) {
        let submission = &standing.intent.submission;
        let name = submission.about();
        let is_change = submission.subject.is_some();
        let word = if is_change {
            let change = submission.word(&self.offer);
            format!("{change} {}", standing.state.word().to_lowercase())
        } else {
            standing.state.word().to_owned()
        };
        let key = self.keymap.key(Action::Worklist);
        match &standing.state {
            state @ State::Accepted { .. } => {
                let words = match state.numbers() {
                    [number] if is_change => format!("{word} · {number}"),
                    _ if is_change => word,
                    _ => state.with_numbers(),
                };
                self.tell_for_long(Tone::Good, format!("{name}: {words}"));
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
            self.popups.push(Popup::result_of(draft));
        }
        self.drop_held();
    }

    /// A file that was to be sent along could not be taken: the form stays, or comes back, with the reason beside its field.
    pub(super) fn file_not_read(&mut self, draft: DraftId, field: FieldKey, why: String) {
        if self.form.draft.id == draft {
            self.form.told.insert(Place::Field(field), why);
            return self.refresh_review();
        }
        let mut unsaved = self.outbox.unsaved.iter_mut();
        if let Some(unsaved) = unsaved.find(|unsaved| unsaved.form.draft.id == draft) {
            unsaved.form.told.insert(Place::Field(field), why.clone());
        }
        self.not_saved(draft, why);
    }

    fn shows_result(&self, draft: DraftId) -> bool {
        self.popups
            .iter()
            .any(|popup| matches!(popup, Popup::Result { draft: shown, .. } if *shown == draft))
    }

    /// Not on disk: the card stays until it is known, then leads back to the form.
    pub(super) fn press_unsaved(&mut self, draft: DraftId, unsaved: Unsaved, chord: Chord) {
        let leaves = matches!(chord.key, Key::Enter | Key::Esc);
        if unsaved.failure.is_none() || !leaves {
            return self.popups.push(Popup::result_of(draft));
        }
        self.outbox
            .unsaved
            .retain(|held| held.form.draft.id != draft);
        let told = unsaved.form.told.keys().next().copied();
        self.bring_back(unsaved.form);
        if let Some(place) = told {
            self.go_to_place(place);
        }
    }

    /// A refused or dropped one as a form again, the reasons beside their fields: a new wish with a new id.
    pub(super) fn mend(&mut self, standing: &Standing) {
        let reasons = match &standing.state {
            State::NotAccepted { reasons } => reasons.as_slice(),
            _ => &[],
        };
        let id = self.mint_draft();
        let mut form = Form::new(Draft::reopen(id, &standing.intent, &self.offer));
        if self.offer.is_party_required && form.draft.party.is_none() {
            // It was sent without: the list is that of this desk's party.
            form.draft.party.clone_from(&self.form.draft.party);
        }
        for reason in reasons {
            let field = reason.field.filter(|key| {
                let mut fields = form.draft.every_field(&self.offer).iter();
                fields.any(|field| field.key == *key)
            });
            match field {
                Some(field) => {
                    form.draft.code.take_if(|_| field == FieldKey::PatientCode);
                    let told = form.told.entry(Place::Field(field)).or_default();
                    append(told, &reason.words);
                }
                None => append(
                    form.refusal.get_or_insert_default(),
                    &reason.told(self.offer.vendor),
                ),
            }
        }
        let field = reasons.iter().find_map(|reason| reason.field);
        let is_slot_gone = {
            let mut fields = form.draft.every_field(&self.offer).iter();
            let when = fields.find(|field| field.input == Filling::When);
            let when = when.map(|field| field.key);
            when.is_some() && reasons.iter().any(|reason| reason.field == when)
        };
        // Somebody else has it: everything but the slot stays, and what is free now is asked for.
        let lost = form.draft.slot.take_if(|_| is_slot_gone);
        if lost.is_some() {
            self.forget_slots();
        }
        self.bring_back(form);
        if let Some((lost, when)) = lost.zip(self.when_field()) {
            self.open_when_near(&lost, when);
        } else if let Some(field) = field {
            self.go_to_place(Place::Field(field));
        }
    }

    /// Shows a form; the one that is being typed stays open behind it.
    pub(super) fn bring_back(&mut self, form: Form) {
        for popup in std::mem::take(&mut self.popups) {
            if let Popup::Custom(item) = popup {
                self.form.custom = item.is_filled().then_some(item);
            }
        }
        if !self.form.is_untouched(&self.offer) {
            let left = self.form.clone();
            self.parked.push(left);
        }
        self.show_form(form, Focus::Search);
        self.go(self.first_field());
    }

    pub(super) fn decide(&mut self, intent: IntentId, decision: Decision) {
        self.order(Effect::Decide { intent, decision });
    }
}
