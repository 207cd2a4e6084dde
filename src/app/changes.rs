//! What can be done later to an accepted record: the list to pick from, and the form of what was picked. Must not know
//! which vendor's record it is.

use super::focus::Focus;
use super::form::Form;
use super::key::{Chord, Key};
use super::keymap::Action;
use super::popup::Popup;
use super::{App, Tone};
use crate::domain::branch::Branch;
use crate::domain::draft::Draft;
use crate::domain::evidence::State;
use crate::domain::offer::{ChangeOffer, FieldKey, Kind};
use crate::domain::rules::{Place, Problem};
use crate::domain::slot::Listed;
use crate::domain::standing::{self, Standing};
use crate::domain::submission::{DraftId, Subject};

/// The list as a card.
#[derive(Clone, Debug)]
pub struct Changes {
    pub of: Record,
    /// Names of the offer's changes, in its order.
    pub ids: Vec<&'static str>,
    pub cursor: usize,
}

/// A record at the vendor.
#[derive(Clone, Debug)]
pub enum Record {
    /// Made from here: what became of this draft.
    Ours(DraftId),
    /// Of the vendor's list of a day.
    Listed(Box<Listed>),
}

/// Where one was before a change was picked.
#[derive(Debug)]
pub(super) struct Origin {
    pub change: DraftId,
    /// What stood in the form of the change at first.
    begun: Draft,
    left: Form,
    focus: Focus,
    popups: Vec<Popup>,
}

impl Origin {
    /// The branch of the form that was left is the next one's, not that of the record.
    pub fn lend_branch(&self, form: &mut Form) {
        form.draft.branch.clone_from(&self.left.draft.branch);
        form.draft.party.clone_from(&self.left.draft.party);
    }

    /// The kind of the form that was left for this change.
    pub fn kind_for(&self, change: DraftId) -> Option<Kind> {
        (self.change == change).then_some(self.left.draft.kind)
    }

    /// Something was told for the change that did not stand there at first, or by itself.
    fn is_told(&self, form: &Form) -> bool {
        let mut values = form.draft.values.iter();
        let is_new = |(key, value): (&FieldKey, &String)| {
            self.begun.value(*key) != value && form.preselected.get(key) != Some(value)
        };
        form.draft.slot.is_some() || values.any(is_new)
    }

    /// The worklist that one came from, if one did.
    pub fn list(self) -> Vec<Popup> {
        let popups = self.popups.into_iter();
        let lists = popups.filter(|popup| matches!(popup, Popup::Worklist(_)));
        lists.collect()
    }
}

impl App {
    /// What can be done to the record of a submission; none where it has no record, or nothing can be done.
    pub fn changes_for(&self, standing: &Standing) -> Vec<&ChangeOffer> {
        standing.changes(&self.offer).collect()
    }

    /// What was done, or is being done, to its record, oldest first.
    pub fn changes_made(&self, standing: &Standing) -> Vec<&Standing> {
        standing::changes_of(&standing.intent.id, &self.outbox.standings).collect()
    }

    /// What made the record that a submission is of: of a change, the booking that it was made to.
    fn record_of<'a>(&'a self, standing: &'a Standing) -> &'a Standing {
        if standing.made_record(&self.offer) {
            return standing;
        }
        let follows = standing.intent.follows.as_ref();
        let mut standings = self.outbox.standings.iter();
        let made = standings.find(|made| Some(&made.intent.id) == follows);
        made.unwrap_or(standing)
    }

    /// Why nothing more can be done to a record: it has ended, or perhaps has.
    pub fn why_no_change(&self, standing: &Standing) -> Option<String> {
        self.why_ended(&self.changes_made(standing))
    }

    /// The same of a record that these changes were made to.
    fn why_ended(&self, made: &[&Standing]) -> Option<String> {
        let (change, end) = standing::end_of(made, &self.offer.changes)?;
        let label = change.label;
        let key = self.keymap.key(Action::Worklist);
        Some(match &end.state {
            State::Accepted { .. } => {
                format!("“{label}” was accepted: nothing more can be done to it")
            }
            State::Saved | State::Sending => format!("“{label}” is on its way"),
            state => format!(
                "“{label}” is {}: {key} leads to it, and until then nothing more can be done",
                state.word()
            ),
        })
    }

    /// The record of the form has ended, or perhaps has, since the change was begun.
    pub(super) fn ended_record(&self) -> Option<Problem> {
        let subject = self.form.draft.subject.as_ref()?;
        let made = standing::made_to(&subject.number, &self.outbox.standings);
        let words = self.why_ended(&made.collect::<Vec<_>>())?;
        Some(Problem::new(Place::Record, words))
    }

    /// The key's word on the card: `more: check in, cancel…`; none where it can do nothing.
    pub fn changes_word(&self, standing: &Standing) -> Option<String> {
        let is_accepted = matches!(standing.state, State::Accepted { number: Some(_) });
        let standing = self.record_of(standing);
        if !is_accepted || self.why_no_change(standing).is_some() {
            return None;
        }
        let changes = self.changes_for(standing);
        let names: Vec<String> = changes
            .iter()
            .take(2)
            .map(|change| change.label.to_lowercase())
            .collect();
        let rest = if changes.len() > names.len() {
            "…"
        } else {
            ""
        };
        (!names.is_empty()).then(|| format!("more: {}{rest}", names.join(", ")))
    }

    pub(super) fn open_changes(&mut self, standing: &Standing) {
        let standing = &self.record_of(standing).clone();
        let ids: Vec<&'static str> = self
            .changes_for(standing)
            .into_iter()
            .map(|change| change.id)
            .collect();
        if ids.is_empty() {
            let words = "Nothing can be done to it from here";
            return self.tell(Tone::Plain, words);
        }
        if let Some(words) = self.why_no_change(standing) {
            return self.tell(Tone::Warning, words);
        }
        self.popups.push(Popup::Changes(Changes {
            of: Record::Ours(standing.draft),
            ids,
            cursor: 0,
        }));
    }

    /// The changes of a record that the vendor lists: those of our own follow what was sent from here.
    pub(super) fn open_listed(&mut self, listed: Listed) {
        if let Some(ours) = self
            .outbox
            .with_number(&listed.number, &self.offer)
            .cloned()
        {
            return self.open_changes(&ours);
        }
        let made: Vec<&Standing> =
            standing::made_to(&listed.number, &self.outbox.standings).collect();
        if let Some(words) = self.why_ended(&made) {
            return self.tell(Tone::Warning, words);
        }
        let ids = self.offer.changes.iter().map(|change| change.id);
        let ids: Vec<&'static str> = ids.collect();
        if ids.is_empty() {
            return self.tell(Tone::Plain, "Nothing can be done to it from here");
        }
        self.popups.push(Popup::Changes(Changes {
            of: Record::Listed(Box::new(listed)),
            ids,
            cursor: 0,
        }));
    }

    /// `12345 · Rahul Sharma`.
    pub fn record_title(&self, record: &Record) -> String {
        match record {
            Record::Ours(draft) => self
                .outbox
                .standing(*draft)
                .map_or_else(String::new, |ours| {
                    let number = ours.state.numbers().join(" ");
                    format!("{number} · {}", ours.intent.submission.about())
                }),
            Record::Listed(listed) => format!("{} · {}", listed.number, listed.patient),
        }
    }

    pub(super) fn press_changes(&mut self, mut changes: Changes, chord: Chord) {
        match chord.key {
            Key::Esc => return,
            Key::Enter => {
                if let Some(id) = changes.ids.get(changes.cursor) {
                    self.begin_change(&changes.of, id);
                }
                return;
            }
            _ => {
                let labels = changes.ids.iter().map(|id| {
                    let change = self.offer.change(id);
                    change.map_or("", |change| change.label)
                });
                let labels: Vec<_> = labels.collect();
                if let Some(row) = chord.row_of_names(changes.cursor, &labels) {
                    changes.cursor = row;
                }
            }
        }
        self.popups.push(Popup::Changes(changes));
    }

    /// Shows the form of a change, or reads it back at once where nothing has to be told for it.
    fn begin_change(&mut self, of: &Record, id: &str) {
        let Some(draft) = self.change_draft(of, id) else {
            return self.tell(Tone::Warning, "It is not there any more");
        };
        let mut form = Form::new(draft);
        form.fill_presets(&self.offer);
        self.origin = Some(Origin {
            change: form.draft.id,
            begun: form.draft.clone(),
            left: self.form.clone(),
            focus: self.focus,
            popups: self.popups.clone(),
        });
        let has_fields = !form.draft.every_field(&self.offer).is_empty();
        self.bring_back(form);
        if !has_fields {
            self.open_review();
        }
    }

    fn change_draft(&mut self, of: &Record, id: &str) -> Option<Draft> {
        let subject = |number: &str| Subject {
            number: number.to_owned(),
            change: id.to_owned(),
        };
        let draft = self.mint_draft();
        match of {
            Record::Ours(ours) => {
                let standing = self.outbox.standing(*ours)?;
                let number = standing.state.numbers().first()?;
                let intent = &standing.intent;
                Some(Draft::change(draft, intent, subject(number), &self.offer))
            }
            Record::Listed(listed) => {
                let mut draft = Draft::change_listed(draft, listed, subject(&listed.number));
                // Where the vendor told no site, one is asked for if it is needed: that of the form is any.
                let known = |site: &Branch| {
                    let mut branches = self.desk.branches.iter();
                    branches.find(|branch| branch.id == site.id).cloned()
                };
                draft.branch = draft.branch.map(|site| known(&site).unwrap_or(site));
                if draft.every_field(&self.offer).is_empty() {
                    let here = self.form.draft.branch.as_ref();
                    let any = here.or_else(|| self.desk.branches.first());
                    draft.branch = draft.branch.or_else(|| any.cloned());
                }
                Some(draft)
            }
        }
    }

    /// Esc on the card of a change that is nothing but its card: it is given up, and one is where one was.
    pub(super) fn give_up_change(&mut self) {
        if self.is_change() && self.form.draft.every_field(&self.offer).is_empty() {
            self.leave_change();
        }
    }

    /// The form is of something done to a record.
    pub fn is_change(&self) -> bool {
        self.form.draft.subject.is_some()
    }

    /// Esc leaves the change from here.
    pub fn is_at_start_of_change(&self) -> bool {
        let is_start = self.focus == Focus::Branch || self.focus == self.first_field();
        self.is_change() && is_start
    }

    /// Esc at the start of a change: one is where one was. What was told for it waits among the drafts.
    pub(super) fn leave_change(&mut self) {
        let here = self.form.draft.id;
        let origin = self.origin.take_if(|origin| origin.change == here);
        let is_told = match &origin {
            Some(origin) => origin.is_told(&self.form),
            None => !self.form.draft.every_field(&self.offer).is_empty(),
        };
        let told = is_told.then(|| self.form.clone());
        let (focus, popups, left) = match origin {
            Some(origin) => (Some(origin.focus), origin.popups, Some(origin.left)),
            None => (None, Vec::new(), None),
        };
        let id = left.as_ref().map(|left| left.draft.id);
        let parked = self
            .parked
            .iter()
            .position(|form| Some(form.draft.id) == id);
        let untouched = left.filter(|left| left.is_untouched(&self.offer));
        let form = match (parked, untouched) {
            (Some(place), _) => self.parked.remove(place),
            (None, Some(untouched)) => untouched,
            (None, None) => self.fresh_form(),
        };
        self.show_form(form, Focus::Branch);
        self.go(focus.unwrap_or_else(|| self.first_field()));
        self.popups = popups;
        // Others may have come meanwhile.
        self.refresh_worklist();
        let words = match told {
            Some(told) => {
                self.parked.push(told);
                let key = self.keymap.key(Action::Drafts);
                format!("Nothing is sent: {key} leads back to the change")
            }
            None => "Given up: nothing is sent".to_owned(),
        };
        self.tell(Tone::Plain, words);
    }
}
