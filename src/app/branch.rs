//! The branch pane: where the patient is served, and whose prices hold.

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::branch::{Branch, Party};
use crate::domain::draft::Draft;
use crate::domain::evidence::Fact;
use crate::domain::failure::Failure;
use crate::domain::standing::Standing;

use super::focus::Focus;
use super::key::{Chord, Key};
use super::{App, CallId, Effect, Freshness, Tone};

/// How long after a failure lists are asked for again: soon enough for a desk, rarely enough for the budget.
const RETRY: TimeDelta = TimeDelta::seconds(15);

/// The branches of the account, as last heard.
#[derive(Debug, Default)]
pub struct Desk {
    pub branches: Vec<Branch>,
    /// When the vendor gave them.
    pub taken_at: Option<DateTime<Utc>>,
    pub loading: Option<CallId>,
    /// Why the last answer was none: these are an older list, or there is none.
    pub not_loaded: Option<Failure>,
    /// Letters and arrows that were typed before there was a list to choose from.
    typed_ahead: Vec<Chord>,
    /// Why the last attempt to load anything failed; none while the vendor answers.
    pub failure: Option<Failure>,
    /// Since when.
    failed_at: DateTime<Utc>,
    /// What is said of a question that a person has asked, until its answers are here.
    said: Option<String>,
    /// When lists that failed are asked for again by themselves.
    pub retry_at: Option<DateTime<Utc>>,
    pub branch_cursor: usize,
    pub party_cursor: usize,
}

impl Desk {
    fn names(&self) -> Vec<&str> {
        let names = self.branches.iter().map(|branch| branch.name.as_str());
        names.collect()
    }

    /// A form's branch, as it is listed by now.
    pub(super) fn renew(&self, draft: &mut Draft) {
        let Some(chosen) = &mut draft.branch else {
            return;
        };
        let mut branches = self.branches.iter();
        if let Some(listed) = branches.find(|branch| branch.id == chosen.id) {
            chosen.clone_from(listed);
        }
    }
}

impl App {
    pub(super) fn load_branches(&mut self, is_vendor_asked: bool) {
        let call = self.next_call();
        self.desk.loading = Some(call);
        let freshness = Freshness {
            newer_than: self.desk.taken_at,
            is_vendor_asked,
        };
        self.order(Effect::LoadBranches { call, freshness });
    }

    pub(super) fn branches_copied(
        &mut self,
        call: CallId,
        branches: Vec<Branch>,
        taken_at: DateTime<Utc>,
        is_current: bool,
    ) {
        if self.desk.loading != Some(call) {
            return;
        }
        if is_current {
            self.branches_answered();
        }
        self.show_branches(branches, taken_at);
    }

    pub(super) fn branches_loaded(&mut self, call: CallId, result: Result<Vec<Branch>, Failure>) {
        if self.desk.loading != Some(call) {
            return;
        }
        match result {
            Ok(branches) => {
                self.branches_answered();
                self.show_branches(branches, self.now);
            }
            Err(failure) => {
                self.desk.loading = None;
                self.desk.not_loaded = Some(failure.clone());
                self.list_failed(failure);
            }
        }
    }

    fn branches_answered(&mut self) {
        self.desk.loading = None;
        self.desk.not_loaded = None;
        self.desk.failure = None;
    }

    /// The cursor stays on its branch, wherever that stands now.
    fn show_branches(&mut self, branches: Vec<Branch>, taken_at: DateTime<Utc>) {
        let desk = &mut self.desk;
        let at_cursor = desk.branches.get(desk.branch_cursor);
        let stays = at_cursor.and_then(|old| branches.iter().position(|new| new.id == old.id));
        let last = branches.len().saturating_sub(1);
        desk.branch_cursor = stays.unwrap_or(desk.branch_cursor.min(last));
        desk.branches = branches;
        desk.taken_at = Some(taken_at);
        for form in std::iter::once(&mut self.form).chain(&mut self.parked) {
            desk.renew(&mut form.draft);
        }
        match (desk.branches.as_slice(), &self.form.draft.branch) {
            ([only], None) => {
                let only = only.clone();
                self.choose_branch(only);
            }
            ([_, ..], _) => self.take_typed_ahead(),
            ([], _) => {}
        }
    }

    /// What was typed before the branches came. A branch is chosen only where its letter was typed and found.
    fn take_typed_ahead(&mut self) {
        let is_chosen = self.form.draft.branch.is_some();
        for chord in std::mem::take(&mut self.desk.typed_ahead) {
            let names = self.desk.names();
            if chord.key == Key::Enter && !is_chosen {
                let branch = self.desk.branches.get(self.desk.branch_cursor).cloned();
                self.take_branch(branch);
            } else if let Some(cursor) = chord.row_of_names(self.desk.branch_cursor, &names) {
                self.desk.branch_cursor = cursor;
            } else {
                self.desk.typed_ahead.clear();
                return;
            }
        }
    }

    /// Kept for the header; what may heal is asked for again after a while.
    pub(super) fn list_failed(&mut self, failure: Failure) {
        let may_heal = matches!(failure, Failure::Offline(_) | Failure::Busy(_));
        self.desk.retry_at = may_heal.then(|| self.now + RETRY);
        if let Failure::CodeNeeded(words) = &failure {
            self.code_needed(words.clone());
        }
        self.desk.failure = Some(failure);
        self.desk.failed_at = self.now;
    }

    /// A vendor that has answered a send since is there again; what it did not give is asked for at once.
    pub(super) fn vendor_answered(&mut self, standing: &Standing) {
        let last = standing.evidence.last();
        let is_answer = last.is_some_and(|last| {
            let is_new = last.at >= self.desk.failed_at;
            is_new && matches!(&last.fact, Fact::Ended { outcome, .. } if outcome.is_answer())
        });
        if is_answer && matches!(self.desk.failure, Some(Failure::Offline(_))) {
            self.desk.failure = None;
            self.desk.retry_at = self.desk.retry_at.map(|at| at.min(self.now));
        }
    }

    /// Asks again for what failed, when its time has come.
    pub(super) fn retry_lists(&mut self) {
        if self.desk.retry_at.is_none_or(|at| self.now < at) {
            return;
        }
        self.desk.retry_at = None;
        if self.desk.not_loaded.is_some() && self.desk.loading.is_none() {
            self.load_branches(false);
        }
        self.forget_failures();
        if self.browser.failure.is_some() && self.browser.loading.is_none() {
            self.load_catalogue(false);
        }
    }

    /// What the vendor did not tell is asked again by itself, where it is still needed.
    pub(super) fn forget_failures(&mut self) {
        self.lists.forget_failures();
        self.known.forget_failure();
        self.when.forget_failure();
        self.ask_failed_day();
        self.ask_failed_terms();
    }

    pub(super) fn press_branch(&mut self, chord: Chord) {
        if self.desk.branches.is_empty() {
            return self.type_ahead(chord);
        }
        if let Some(cursor) = chord.row_of_names(self.desk.branch_cursor, &self.desk.names()) {
            self.desk.branch_cursor = cursor;
        } else if chord.key == Key::Enter
            && let Some(branch) = self.desk.branches.get(self.desk.branch_cursor).cloned()
        {
            self.choose_branch(branch);
        }
    }

    /// Keeps what leads to a branch until the branches are there. Enter alone names none.
    fn type_ahead(&mut self, chord: Chord) {
        let is_named = self
            .desk
            .typed_ahead
            .iter()
            .any(|typed| typed.letter().is_some());
        match chord.key {
            Key::Enter if self.desk.loading.is_none() => self.refresh(),
            Key::Enter => {
                // What is typed next belongs to the patient; it must not be lost for want of a list.
                self.leave_branch();
                let words = if is_named {
                    self.desk.typed_ahead.push(chord);
                    "The branch is taken as soon as the branches are here"
                } else {
                    "The branches are still loading: choose one later"
                };
                self.tell(Tone::Plain, words);
            }
            _ => self.desk.typed_ahead.push(chord),
        }
    }

    /// Takes a branch and goes on: to the party where one is needed, else to the phone.
    fn choose_branch(&mut self, branch: Branch) {
        self.take_branch(Some(branch));
        // The only branch of an account chooses itself; that never moves a clerk who is typing elsewhere.
        if self.focus == Focus::Branch {
            self.leave_branch();
        }
    }

    fn take_branch(&mut self, branch: Option<Branch>) {
        let left = std::mem::replace(&mut self.form.draft.branch, branch);
        self.form.told.remove(&crate::domain::rules::Place::Branch);
        if let Some(left) = left {
            self.leave_slot_at(&left);
        }
        self.follow_branch();
    }

    fn leave_branch(&mut self) {
        let has_none = self.offer.is_party_required && self.form.draft.party.is_none();
        // Where nothing is priced, the search asks for it when a list is wanted.
        let needs_party = has_none && self.is_priced();
        self.go(if needs_party {
            Focus::Party
        } else {
            self.first_field()
        });
    }

    /// What the party list shows: nobody first where that is allowed.
    pub fn party_choices(&self) -> Vec<Option<&Party>> {
        let nobody = (!self.offer.is_party_required).then_some(None);
        nobody
            .into_iter()
            .chain(self.offer.parties.iter().map(Some))
            .collect()
    }

    pub(super) fn press_party(&mut self, chord: Chord) {
        let choices = self.party_choices();
        let names: Vec<&str> = choices
            .iter()
            .map(|party| party.map_or("none", |party| party.name.as_str()))
            .collect();
        if let Some(cursor) = chord.row_of_names(self.desk.party_cursor, &names) {
            self.desk.party_cursor = cursor;
        } else if chord.key == Key::Enter {
            let Some(chosen) = choices
                .get(self.desk.party_cursor)
                .map(|party| party.cloned())
            else {
                return;
            };
            self.form.draft.party = chosen;
            self.form.told.remove(&crate::domain::rules::Place::Party);
            self.follow_branch();
            self.go(if self.form.draft.branch.is_some() {
                self.first_field()
            } else {
                Focus::Branch
            });
        }
    }

    /// Everything that was asked of the vendor, asked anew.
    pub(super) fn refresh(&mut self) {
        let vendor = self.offer.vendor;
        if self.focus == Focus::When && self.refresh_slots() {
            return self.say_asking(format!("Asking {vendor} for the free times"));
        }
        self.load_branches(true);
        self.lists.grow_old();
        if self.has_items() {
            self.load_catalogue(true);
        } else {
            self.refresh_slots();
        }
        let lists = self.lists_in_words();
        self.say_asking(format!("Asking {vendor} for {lists}"));
    }

    fn say_asking(&mut self, words: String) {
        self.desk.said = Some(words.clone());
        self.tell(Tone::Plain, words);
    }

    /// After every event: what was asked for is said no longer than until the answers, or failures, are here.
    pub(super) fn watch_asking(&mut self) {
        let is_asking = self.desk.loading.is_some()
            || self.browser.loading.is_some()
            || self.lists.is_loading()
            || self.when.is_loading();
        if let Some(words) = self.desk.said.take_if(|_| !is_asking) {
            self.notices.take_back(&words);
        }
    }
}
