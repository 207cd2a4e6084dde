//! Every form is a draft on disk as it is typed, with no save key: what the disk knows of the forms of this console,
//! and when it is told more. Must not know how a draft is kept.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::form::Form;
use super::popup::Popup;
use super::{App, Effect, Tone};
use crate::domain::draft::{Draft, KeptDraft};
use crate::domain::submission::DraftId;

/// How far the disk may fall behind the keys before it is told: a burst of them is one write, and a crash loses less
/// than a quarter of a second with the write itself.
const BATCH: TimeDelta = TimeDelta::milliseconds(150);

/// How long after a failure the disk is tried again.
const RETRY: TimeDelta = TimeDelta::seconds(5);

/// Bits of a draft's id that tell consoles apart which mint one in the same microsecond.
const SALT_BITS: u32 = 12;

/// What the disk was told.
#[derive(Debug, Default)]
pub struct Keeping {
    /// Forms of this console, as the disk was told last.
    told: BTreeMap<DraftId, Told>,
    /// When the disk is told of what has changed since.
    due: Option<DateTime<Utc>>,
    /// The form that was shown after the last event: one that is left is kept at once.
    shown: Option<DraftId>,
    /// Why the disk did not take the last one; none while it does.
    pub failure: Option<String>,
}

#[derive(Debug)]
struct Told {
    /// None where it is not known what the disk has.
    draft: Option<Draft>,
    /// When the form was begun.
    since: DateTime<Utc>,
}

/// Mints the ids of one console's drafts.
#[derive(Debug)]
pub struct Mint {
    salt: u64,
    /// Microseconds of the last one.
    last: u64,
}

impl Mint {
    /// Only the lowest twelve bits of `salt` count.
    pub fn new(salt: u16) -> Self {
        let salt = u64::from(salt) & ((1 << SALT_BITS) - 1);
        Self { salt, last: 0 }
    }

    /// Grows with every call, also when the clock goes back.
    pub fn draft(&mut self, now: DateTime<Utc>) -> DraftId {
        let from_clock = u64::try_from(now.timestamp_micros()).unwrap_or_default();
        self.last = from_clock.max(self.last + 1);
        DraftId(self.last << SALT_BITS | self.salt)
    }
}

impl App {
    /// After every event: what differs from the disk is kept soon, and at once when its form was left.
    pub(super) fn watch_forms(&mut self) {
        self.form.draft.custom = self.half_item();
        let shown = Some(self.form.draft.id);
        let is_left = self.keeping.shown.is_some_and(|was| Some(was) != shown);
        self.keeping.shown = shown;
        if self.is_behind(&self.form) {
            let due = self.now + BATCH;
            self.keeping.due.get_or_insert(due);
        }
        // A clock that was set back must not put it off.
        let is_due = |due| self.now >= due || due > self.now + RETRY;
        if is_left || self.keeping.due.is_some_and(is_due) {
            self.keep_forms();
        }
    }

    /// The custom item that is being typed, or was left half-way.
    fn half_item(&self) -> Option<crate::domain::draft::HalfItem> {
        let open = self.popups.iter().find_map(|popup| match popup {
            Popup::Custom(item) => Some(item),
            _ => None,
        });
        open.or(self.form.custom.as_ref())?.half()
    }

    /// Tells the disk of every form that differs from what it has. One that became empty again is dropped.
    pub(super) fn keep_forms(&mut self) {
        self.keeping.due = None;
        let unsaved = self.outbox.unsaved.iter().map(|unsaved| &unsaved.form);
        let forms: Vec<(Draft, bool)> = std::iter::once(&self.form)
            .chain(&self.parked)
            .chain(unsaved)
            .filter(|form| self.is_behind(form))
            .map(|form| (form.draft.clone(), form.is_untouched(&self.offer)))
            .collect();
        for (draft, is_empty) in forms {
            let id = draft.id;
            let since = self.begun(id).unwrap_or(self.now);
            if is_empty {
                self.drop_kept(id);
            } else {
                let told = Some(draft.clone());
                self.keeping.told.insert(id, Told { draft: told, since });
                self.order(Effect::KeepDraft(Box::new(draft)));
            }
        }
        let told = self.keeping.told.keys().copied();
        let gone: Vec<DraftId> = told.filter(|id| !self.has_open(*id)).collect();
        for id in gone {
            self.drop_kept(id);
        }
    }

    /// Drops what the disk has of a form that is empty again or no longer open. A store drops none that was sent: it
    /// has none of it any more.
    fn drop_kept(&mut self, draft: DraftId) {
        if self.keeping.told.remove(&draft).is_some() && self.outbox.standing(draft).is_none() {
            self.order(Effect::DropDraft(draft));
        }
    }

    /// A person threw it away.
    pub(super) fn forget_draft(&mut self, draft: DraftId) {
        self.keeping.told.remove(&draft);
        self.order(Effect::DropDraft(draft));
    }

    fn is_behind(&self, form: &Form) -> bool {
        match self.keeping.told.get(&form.draft.id) {
            Some(told) => told.draft.as_ref() != Some(&form.draft),
            None => !form.is_untouched(&self.offer),
        }
    }

    /// The form is open in this console.
    pub(super) fn has_open(&self, draft: DraftId) -> bool {
        self.form.draft.id == draft
            || self.parked.iter().any(|form| form.draft.id == draft)
            || self.outbox.held(draft).is_some()
    }

    /// When a form of this console was begun; none while nothing is in it.
    pub(super) fn begun(&self, draft: DraftId) -> Option<DateTime<Utc>> {
        self.keeping.told.get(&draft).map(|told| told.since)
    }

    /// A draft of the disk is a form of this console from now on.
    pub(super) fn adopt(&mut self, kept: &KeptDraft) {
        let told = Told {
            draft: Some(kept.draft.clone()),
            since: kept.started_at,
        };
        self.keeping.told.insert(kept.draft.id, told);
    }

    /// The disk did not take it: it is tried again, and said once.
    pub(super) fn draft_not_kept(&mut self, draft: DraftId, why: String) {
        if let Some(told) = self.keeping.told.get_mut(&draft) {
            told.draft = None;
            self.keeping.due = Some(self.now + RETRY);
        }
        if self.keeping.failure.is_none() {
            let words = format!("What you type is not kept on disk: {why}");
            self.tell_for_long(Tone::Bad, words);
        }
        self.keeping.failure = Some(why);
    }

    pub(super) fn drafts_kept_again(&mut self) {
        if self.keeping.failure.take().is_some() {
            self.tell(Tone::Good, "What you type is kept on disk again");
        }
    }

    /// When the disk is told next.
    pub(super) fn next_keeping(&self) -> Option<DateTime<Utc>> {
        self.keeping.due
    }

    /// Forms that would be lost now: the disk does not take them, or could not make them safe when they were sent.
    pub fn unkept_forms(&self) -> usize {
        let forms = std::iter::once(&self.form).chain(&self.parked);
        let unkept = forms
            .filter(|form| self.keeping.failure.is_some() && self.is_behind(form))
            .count();
        unkept + self.outbox.unsaved()
    }
}
