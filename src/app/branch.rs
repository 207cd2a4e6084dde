//! The branch pane: where the patient is served, and whose prices hold.

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::branch::{Branch, Party};
use crate::domain::failure::Failure;

use super::focus::Focus;
use super::key::{Chord, Key};
use super::{App, CallId, Effect, Tone};

/// How long after a failure lists are asked for again: soon enough for a desk, rarely enough for the budget.
const RETRY: TimeDelta = TimeDelta::seconds(15);

/// The branches of the account, as last heard.
#[derive(Debug, Default)]
pub struct Desk {
    pub branches: Vec<Branch>,
    pub loading: Option<CallId>,
    /// Why the last attempt to load anything failed; none while the vendor answers.
    pub failure: Option<Failure>,
    /// When lists that failed are asked for again by themselves.
    pub retry_at: Option<DateTime<Utc>>,
    pub branch_cursor: usize,
    pub party_cursor: usize,
}

impl App {
    pub(super) fn load_branches(&mut self) {
        let call = self.next_call();
        self.desk.loading = Some(call);
        self.order(Effect::LoadBranches { call });
    }

    pub(super) fn branches_loaded(&mut self, call: CallId, result: Result<Vec<Branch>, Failure>) {
        if self.desk.loading != Some(call) {
            return;
        }
        self.desk.loading = None;
        match result {
            Ok(branches) => {
                self.desk.failure = None;
                self.desk.branches = branches;
                let last = self.desk.branches.len().saturating_sub(1);
                self.desk.branch_cursor = self.desk.branch_cursor.min(last);
                if let ([only], None) = (self.desk.branches.as_slice(), &self.form.draft.branch) {
                    let only = only.clone();
                    self.choose_branch(only);
                }
            }
            Err(failure) => self.list_failed(failure),
        }
    }

    /// Kept for the header; what may heal is asked for again after a while.
    pub(super) fn list_failed(&mut self, failure: Failure) {
        let may_heal = matches!(failure, Failure::Offline(_) | Failure::Busy(_));
        self.desk.retry_at = may_heal.then(|| self.now + RETRY);
        self.desk.failure = Some(failure);
    }

    /// Asks again for what failed, when its time has come.
    pub(super) fn retry_lists(&mut self) {
        if self.desk.retry_at.is_none_or(|at| self.now < at) {
            return;
        }
        self.desk.retry_at = None;
        if self.desk.branches.is_empty() && self.desk.loading.is_none() {
            self.load_branches();
        }
        if self.browser.catalogue.is_none() && self.browser.loading.is_none() {
            self.load_catalogue();
        }
    }

    pub(super) fn press_branch(&mut self, chord: Chord) {
        let names: Vec<&str> = self
            .desk
            .branches
            .iter()
            .map(|branch| branch.name.as_str())
            .collect();
        if let Some(cursor) = moved(self.desk.branch_cursor, &names, chord) {
            self.desk.branch_cursor = cursor;
        } else if chord.key == Key::Enter {
            match self.desk.branches.get(self.desk.branch_cursor).cloned() {
                Some(branch) => self.choose_branch(branch),
                None if self.desk.loading.is_some() => {
                    // What is typed next belongs to the patient; it must not be lost for want of a list.
                    self.leave_branch();
                    self.tell(
                        Tone::Plain,
                        "The branches are still loading: choose one later",
                    );
                }
                None => self.refresh(),
            }
        }
    }

    /// Takes a branch and goes on: to the party where one is needed, else to the phone.
    fn choose_branch(&mut self, branch: Branch) {
        self.form.draft.branch = Some(branch);
        self.form.told.remove(&crate::domain::rules::Place::Branch);
        self.follow_branch();
        // The only branch of an account chooses itself; that never moves a clerk who is typing elsewhere.
        if self.focus == Focus::Branch {
            self.leave_branch();
        }
    }

    fn leave_branch(&mut self) {
        let needs_party = self.offer.is_party_required && self.form.draft.party.is_none();
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
        if let Some(cursor) = moved(self.desk.party_cursor, &names, chord) {
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
        self.load_branches();
        self.load_catalogue();
        self.tell(
            Tone::Plain,
            format!("Asking {} for branches and prices", self.offer.vendor),
        );
    }
}

/// Where a list's cursor goes: arrows, Home, End, or the next name with that first letter.
fn moved(cursor: usize, names: &[&str], chord: Chord) -> Option<usize> {
    let last = names.len().saturating_sub(1);
    match chord.key {
        Key::Up => Some(cursor.saturating_sub(1)),
        Key::Down => Some((cursor + 1).min(last)),
        Key::Home | Key::PageUp => Some(0),
        Key::End | Key::PageDown => Some(last),
        _ => {
            let letter = chord.letter()?.to_lowercase().to_string();
            let begins = |index: &usize| {
                names
                    .get(*index)
                    .is_some_and(|name| name.to_lowercase().starts_with(&letter))
            };
            (1..=names.len())
                .map(|step| (cursor + step) % names.len())
                .find(begins)
        }
    }
}
