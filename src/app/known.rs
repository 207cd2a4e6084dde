//! The patients whom the vendor knows: found with what stands in the form, picked among the people this desk has met.
//! Whoever changes what a patient was found by has another patient.

use std::collections::BTreeMap;

use super::focus::Focus;
use super::keymap::Action;
use super::popup::Popup;
use super::{App, CallId, Effect, Question, Tone};
use crate::domain::draft;
use crate::domain::failure::Failure;
use crate::domain::offer::FieldKey;
use crate::domain::rules::Place;
use crate::domain::slot::FoundPatient;

/// The vendor's answer about the patient of the form.
#[derive(Debug, Default)]
pub struct Known {
    asking: Option<CallId>,
    /// What was asked with.
    asked: BTreeMap<FieldKey, String>,
    answer: Option<Result<Vec<FoundPatient>, Failure>>,
}

/// How the search at the vendor stands for the form as it stands.
pub enum KnownState<'a> {
    NotAsked,
    Asking,
    Failed(&'a Failure),
    Found(&'a [FoundPatient]),
}

impl Known {
    pub(super) fn forget_failure(&mut self) {
        self.answer.take_if(|answer| answer.is_err());
    }
}

impl App {
    /// The vendor can be asked for the patients it knows.
    pub fn finds_patients(&self) -> bool {
        !self.known_by().is_empty()
    }

    fn known_by(&self) -> &'static [FieldKey] {
        let form = self.offer.form(self.form.draft.kind);
        form.map_or(&[], |form| form.known_by)
    }

    fn identity(&self) -> BTreeMap<FieldKey, String> {
        let draft = &self.form.draft;
        let told = self.known_by().iter().filter_map(|key| {
            let value = draft.value(*key).to_lowercase();
            (!value.is_empty() && self.field(*key).is_some()).then_some((*key, value))
        });
        told.collect()
    }

    /// What the vendor said of the patient of the form as it stands.
    pub fn known_state(&self) -> KnownState<'_> {
        if !self.finds_patients() || self.known.asked != self.identity() {
            return KnownState::NotAsked;
        }
        match (&self.known.answer, self.known.asking) {
            (_, Some(_)) => KnownState::Asking,
            (Some(Ok(found)), None) => KnownState::Found(found),
            (Some(Err(failure)), None) => KnownState::Failed(failure),
            (None, None) => KnownState::NotAsked,
        }
    }

    /// The patients under those this desk has met.
    pub(super) fn found(&self) -> &[FoundPatient] {
        match self.known_state() {
            KnownState::Found(found) => found,
            _ => &[],
        }
    }

    /// The card of people has nobody to pick.
    pub fn lists_nobody(&self) -> bool {
        self.household.people.is_empty() && self.found().is_empty()
    }

    /// Asks the vendor, unless it was asked the same before; false where there is nothing to ask with.
    pub(super) fn search_patients(&mut self) -> bool {
        let identity = self.identity();
        if identity.is_empty() || !self.finds_patients() {
            return false;
        }
        if matches!(
            self.known_state(),
            KnownState::Asking | KnownState::Found(_)
        ) {
            return true;
        }
        let call = self.next_call();
        self.known = Known {
            asking: Some(call),
            asked: identity,
            answer: None,
        };
        let context = Box::new(self.form.draft.context());
        self.order(Effect::Ask(Question::Patients { call, context }));
        true
    }

    pub(super) fn patients_found(
        &mut self,
        call: CallId,
        result: Result<Vec<FoundPatient>, Failure>,
    ) {
        if self.known.asking != Some(call) {
            return;
        }
        self.known.asking = None;
        let failure = result.as_ref().err().cloned();
        self.known.answer = Some(result);
        if let Some(failure) = failure {
            // What is wrong with the question alone says nothing about the lists.
            if !matches!(failure, Failure::Refused(_)) {
                self.list_failed(failure);
            }
            return self.drop_held();
        }
        self.refresh_review();
        self.release_held();
    }

    /// The card of people is open, nobody stands on it yet, and the vendor is being asked.
    pub(super) fn awaits_patients(&self) -> bool {
        let is_open = matches!(self.popups.last(), Some(Popup::People { .. }));
        is_open && self.household.people.is_empty() && self.known.asking.is_some()
    }

    /// The form is no longer that of a patient who was found: what was known of them goes, and what was typed before
    /// comes back. The field that is being changed stays as it is.
    fn put_patient_away(&mut self, changed: Option<FieldKey>) {
        self.form.draft.patient = None;
        let form = self.offer.form(self.form.draft.kind);
        for key in form.map_or(&[][..], |form| form.patients_own) {
            self.form.choose(*key, &[]);
            self.form.told.remove(&Place::Field(*key));
        }
        for (key, known) in std::mem::take(&mut self.form.draft.known) {
            let is_theirs = self.form.draft.value(key) == known.value.trim();
            if is_theirs && changed != Some(key) {
                self.set_value(key, known.typed);
            }
        }
    }

    /// Fills the form with a patient whom the vendor knows, in place of the one before.
    pub(super) fn fill_known(&mut self, found: &FoundPatient) {
        self.put_patient_away(None);
        let mut replaced = Vec::new();
        let mut all = BTreeMap::new();
        for (key, value) in &found.values {
            let Some(label) = self.field(*key).map(|field| field.label) else {
                continue;
            };
            let old = self.form.draft.value(*key).to_owned();
            let known = draft::Known {
                value: value.clone(),
                typed: old.clone(),
            };
            all.insert(*key, known);
            if old == *value {
                continue;
            }
            // A part of the name that found them is not another name.
            let is_part = value.to_lowercase().contains(&old.to_lowercase());
            if !is_part {
                replaced.push(label.to_lowercase());
            }
            self.set_value(*key, value.clone());
        }
        self.form.draft.patient = Some(found.patient.clone());
        self.form.draft.known = all;
        // The same answer holds for the form as it is filled now.
        self.known.asked = self.identity();
        let mut words = format!("Known at {}: {}", self.offer.vendor, found.patient.name);
        if !replaced.is_empty() {
            words = format!("{words}, replaced: {}", replaced.join(", "));
        }
        self.tell(Tone::Good, words);
        let next = self.first_empty();
        self.go(next);
    }

    /// A field was changed: a patient who was found by it is found no more.
    pub(super) fn doubt_patient(&mut self, key: FieldKey) {
        if self.known_by().contains(&key) && self.form.draft.patient.is_some() {
            self.put_patient_away(Some(key));
            let vendor = self.offer.vendor;
            let people = self.keymap.key(Action::People);
            let words = format!("No longer the patient found at {vendor}: {people} looks again");
            self.tell_for_long(Tone::Warning, words);
        }
    }

    /// What is said under a field that holds something else than the vendor keeps.
    pub fn kept_words(&self, key: FieldKey) -> Option<String> {
        let draft = &self.form.draft;
        let vendor = self.offer.vendor;
        let is_otherwise = draft.is_kept_otherwise(key, &self.offer);
        is_otherwise.then(|| format!("not changed at {vendor}"))
    }

    /// The same for the whole form.
    pub(super) fn kept_caution(&self) -> Option<String> {
        let draft = &self.form.draft;
        let fields = draft.fields(&self.offer);
        let other = fields.filter(|field| draft.is_kept_otherwise(field.key, &self.offer));
        let labels: Vec<&str> = other.map(|field| field.label).collect();
        let vendor = self.offer.vendor;
        let words = format!("Not changed at {vendor}: {}", labels.join(", "));
        (!labels.is_empty()).then_some(words)
    }

    /// The cursor is on something that a patient is found by.
    fn is_at_identity(&self) -> bool {
        matches!(self.focus, Focus::Field(key) if self.known_by().contains(&key))
    }

    /// What the vendor knows of the patient, under the name; none where it is not asked.
    pub fn known_words(&self) -> Option<String> {
        if !self.finds_patients() {
            return None;
        }
        let vendor = self.offer.vendor;
        if let Some(patient) = &self.form.draft.patient {
            return Some(format!("Known at {vendor}: {}", patient.name));
        }
        let people = self.keymap.key(Action::People);
        match self.known_state() {
            KnownState::Found([]) => Some(format!("New at {vendor}")),
            KnownState::Found([_]) => Some(format!("1 person at {vendor}: {people} picks")),
            KnownState::Found(found) => Some(format!(
                "{} people at {vendor}: {people} picks",
                found.len()
            )),
            KnownState::NotAsked if self.is_at_identity() || !self.identity().is_empty() => {
                Some(format!("{people} finds the patient at {vendor}"))
            }
            KnownState::NotAsked => None,
            KnownState::Asking => Some(format!("Asking {vendor} for the patient")),
            KnownState::Failed(failure @ Failure::Refused(_)) => {
                Some(format!("Not found out: {failure}"))
            }
            KnownState::Failed(_) => Some(format!("Not found out: {people} asks {vendor} again")),
        }
    }
}
