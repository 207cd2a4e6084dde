//! Fields whose choices the vendor lists: when a list is asked for, and what a newer one does to what was chosen.

use std::collections::BTreeMap;

use super::focus::Focus;
use super::form::Form;
use super::popup::Popup;
use super::{App, CallId, Effect, Question};
use crate::domain::branch::{BranchId, Party};
use crate::domain::failure::Failure;
use crate::domain::offer::{Choice, Field, FieldKey, Input as Filling, Kind, Listing};
use crate::domain::rules::{Place, Problem};

/// Between the values of a field that takes several.
const COMMA: char = ',';

/// The lists that were asked for, by field.
#[derive(Debug, Default)]
pub struct Lists {
    lists: BTreeMap<FieldKey, List>,
}

/// One list, and the form that it is for.
#[derive(Debug)]
struct List {
    needs: Needs,
    loading: Option<CallId>,
    /// The last one stands until a newer one has come.
    answer: Option<Result<Vec<Choice>, Failure>>,
    /// A newer one is wanted.
    is_old: bool,
    /// The one before was another branch's.
    is_elsewhere: bool,
}

impl List {
    /// What was chosen from it was never offered at the branch of these needs.
    fn is_of_other(&self, needs: &Needs) -> bool {
        self.needs.branch != needs.branch || (self.is_elsewhere && self.answer.is_none())
    }
}

/// What a list depends on.
#[derive(Debug, PartialEq, Eq)]
struct Needs {
    kind: Kind,
    /// The change and the record that it is for.
    subject: Option<(String, String)>,
    branch: Option<BranchId>,
    party: Option<Party>,
    patient: Option<String>,
    values: Vec<String>,
}

/// How the list of a field stands for the form as it stands.
pub enum ListState<'a> {
    /// Something else must be told first; the words say what.
    Waits(String),
    Loading,
    Failed(&'a Failure),
    Here(&'a [Choice]),
}

impl Lists {
    /// Those that were not given are asked for again.
    pub(super) fn forget_failures(&mut self) {
        self.lists
            .retain(|_, list| !matches!(list.answer, Some(Err(_))));
    }

    pub(super) fn is_loading(&self) -> bool {
        self.lists.values().any(|list| list.loading.is_some())
    }

    /// All are asked for again; what is known stands until then.
    pub(super) fn grow_old(&mut self) {
        self.forget_failures();
        for list in self.lists.values_mut() {
            list.is_old = true;
        }
    }

    fn of(&self, key: FieldKey, needs: &Needs) -> Option<&List> {
        self.lists.get(&key).filter(|list| list.needs == *needs)
    }
}

/// The values of a field that takes several.
pub(super) fn values(text: &str) -> Vec<String> {
    let values = text.split(COMMA).map(str::trim);
    let values = values.filter(|value| !value.is_empty());
    values.map(ToOwned::to_owned).collect()
}

impl Form {
    /// Fills a field with entries of its list: what is sent, and what it is called.
    pub(super) fn choose(&mut self, key: FieldKey, chosen: &[Choice]) {
        let Choice { value, label } = Choice::joined(chosen);
        self.draft.values.insert(key, value);
        if chosen.is_empty() {
            self.draft.labels.remove(&key);
        } else {
            self.draft.labels.insert(key, label);
        }
    }
}

impl App {
    /// How the list of a field stands.
    pub fn list_state(&self, key: FieldKey) -> ListState<'_> {
        let Some(listing) = self.listing(key) else {
            return ListState::Here(&[]);
        };
        if let Some(words) = self.list_waits_for(listing) {
            return ListState::Waits(words);
        }
        let list = self.lists.of(key, &self.list_needs(listing));
        match list.and_then(|list| list.answer.as_ref()) {
            Some(Ok(choices)) => ListState::Here(choices),
            Some(Err(failure)) => ListState::Failed(failure),
            None => ListState::Loading,
        }
    }

    pub(super) fn listing(&self, key: FieldKey) -> Option<Listing> {
        match self.field(key)?.input {
            Filling::Listed(listing) => Some(listing),
            _ => None,
        }
    }

    /// What a value of a list is called; the value itself where nobody said.
    pub fn listed_label(&self, key: FieldKey) -> &str {
        let draft = &self.form.draft;
        let value = draft.value(key);
        let label = draft.labels.get(&key).filter(|_| !value.is_empty());
        label.map_or(value, String::as_str)
    }

    /// After every event: a list that the form needs, and that is not the one it has, is asked for; what was chosen
    /// is held against the one that is there.
    pub(super) fn watch_lists(&mut self) {
        let offer = self.offer.clone();
        let fields = self.form.draft.fields(&offer);
        let listed = fields.filter_map(|field| match field.input {
            Filling::Listed(listing) => Some((field, listing)),
            _ => None,
        });
        let listed: Vec<(&Field, Listing)> = listed.collect();
        for (field, listing) in listed {
            if self.list_waits_for(listing).is_some() {
                continue;
            }
            let needs = self.list_needs(listing);
            let list = self.lists.of(field.key, &needs);
            let (is_known, is_new) = (list.is_some(), list.is_some_and(|list| !list.is_old));
            if is_known {
                self.hold_against(field, listing, &needs);
            }
            if !is_new && self.is_list_wanted(field, listing) {
                self.ask_for_list(field.key, needs);
            }
        }
    }

    fn ask_for_list(&mut self, field: FieldKey, needs: Needs) {
        let call = self.next_call();
        let old = self.lists.lists.remove(&field);
        let is_elsewhere = old.as_ref().is_some_and(|old| old.is_of_other(&needs));
        let old = old.filter(|list| list.needs == needs);
        let list = List {
            needs,
            loading: Some(call),
            answer: old.and_then(|list| list.answer),
            is_old: false,
            is_elsewhere,
        };
        self.lists.lists.insert(field, list);
        self.order(Effect::Ask(Question::Choices {
            call,
            field,
            context: Box::new(self.form.draft.context()),
        }));
    }

    pub(super) fn choices_loaded(
        &mut self,
        call: CallId,
        field: FieldKey,
        result: Result<Vec<Choice>, Failure>,
    ) {
        let list = self.lists.lists.get_mut(&field);
        let Some(list) = list.filter(|list| list.loading == Some(call)) else {
            return;
        };
        list.loading = None;
        let failure = result.as_ref().err().cloned();
        // An older one is better than none.
        if failure.is_none() || list.answer.is_none() {
            list.answer = Some(result);
        }
        if let Some(failure) = failure {
            self.list_failed(failure);
            return self.drop_held();
        }
        self.desk.failure = None;
        self.watch_lists();
        self.refresh_review();
        self.release_held();
    }

    /// A list is asked for where it must be chosen from, where something was chosen, and where the clerk is.
    fn is_list_wanted(&self, field: &Field, listing: Listing) -> bool {
        let is_here = self.focus == Focus::Field(field.key);
        let has_value = !self.form.draft.value(field.key).is_empty();
        // What is being typed is not asked about letter by letter.
        let is_typing = matches!(self.focus, Focus::Field(key)
            if listing.needs.contains(&key) && self.is_typed(key));
        (field.required || has_value || is_here) && !is_typing
    }

    /// What must be told before the list can be asked for.
    fn list_waits_for(&self, listing: Listing) -> Option<String> {
        let draft = &self.form.draft;
        if draft.branch.is_none() {
            return Some("Choose the branch first".to_owned());
        }
        let mut fields = draft.fields(&self.offer);
        let missing = fields.find(|field| {
            let is_needed = field.required && listing.needs.contains(&field.key);
            is_needed && draft.value(field.key).is_empty()
        })?;
        Some(format!("{} comes first", missing.label))
    }

    fn list_needs(&self, listing: Listing) -> Needs {
        let draft = &self.form.draft;
        let subject = draft.subject.as_ref();
        let value = |key: &FieldKey| draft.value(*key).to_owned();
        Needs {
            kind: draft.kind,
            subject: subject.map(|subject| (subject.change.clone(), subject.number.clone())),
            branch: draft.branch.as_ref().map(|branch| branch.id.clone()),
            party: draft.party.clone(),
            patient: draft.patient.as_ref().map(|patient| patient.key.clone()),
            values: listing.needs.iter().map(value).collect(),
        }
    }

    /// What is no longer offered is taken out and said beside the field; where there is one choice only, and one is
    /// needed, it is made.
    fn hold_against(&mut self, field: &Field, listing: Listing, needs: &Needs) {
        let Some(list) = self.lists.of(field.key, needs) else {
            return;
        };
        let Some(Ok(choices)) = &list.answer else {
            return;
        };
        let text = self.form.draft.value(field.key);
        let chosen = if listing.is_many {
            values(text)
        } else {
            vec![text.to_owned()]
        };
        let found = chosen
            .iter()
            .filter_map(|value| choices.iter().find(|choice| choice.value == *value));
        let found: Vec<Choice> = found.cloned().collect();
        if text.is_empty() {
            if let ([only], true) = (choices.as_slice(), field.required) {
                let only = only.clone();
                let value = only.value.clone();
                self.form.choose(field.key, &[only]);
                self.form.preselected.insert(field.key, value);
                self.form.told.remove(&Place::Field(field.key));
            }
        } else if found.len() < chosen.len() {
            let gone = self.listed_label(field.key);
            let all = if listing.is_many { "all " } else { "" };
            let branch = self.form.draft.branch.as_ref();
            let place = match branch.filter(|_| list.is_elsewhere) {
                Some(branch) => format!("at {}", branch.name),
                None => "any more".to_owned(),
            };
            let words = format!("“{gone}” is not {all}offered {place}: choose anew");
            self.form.choose(field.key, &found);
            self.form.told.insert(Place::Field(field.key), words);
        } else {
            // The list may call it otherwise by now.
            self.form.choose(field.key, &found);
        }
    }

    /// What was chosen before something that its list depends on changed is not sent before the list has come.
    pub(super) fn unlisted(&self) -> Vec<Problem> {
        let draft = &self.form.draft;
        let fields = draft.fields(&self.offer);
        let waits = fields.filter(|field| {
            let is_listed = matches!(field.input, Filling::Listed(_));
            let is_loading = matches!(self.list_state(field.key), ListState::Loading);
            is_listed && is_loading && !draft.value(field.key).is_empty()
        });
        let problem = |field: &Field| {
            let words = "what is offered now is being asked: a moment";
            Problem::new(Place::Field(field.key), words)
        };
        waits.map(problem).collect()
    }

    /// A card to choose from is open, and its list is on its way.
    pub(super) fn awaits_list(&self) -> bool {
        match self.popups.last() {
            Some(Popup::Choose(chooser)) => {
                matches!(self.list_state(chooser.field), ListState::Loading)
            }
            _ => false,
        }
    }
}
