//! The forms that are not sent yet: those of this console, and those the disk has kept from before.

use chrono::{DateTime, Utc};
use tui_input::Input;

use super::focus::Focus;
use super::form::{self, Form};
use super::key::{Chord, Key};
use super::keymap::Action;
use super::popup::Popup;
use super::{App, Effect, Tone};
use crate::domain::draft::{Draft, KeptDraft};
use crate::domain::offer::{FieldKey, Offer};
use crate::domain::submission::DraftId;
use crate::domain::text;

/// What the disk told.
#[derive(Debug, Default)]
pub struct Shelf {
    /// As they were last read, the oldest first.
    pub kept: Vec<KeptDraft>,
    /// The one that is being opened: keys typed meanwhile belong to it.
    pub opening: Option<DraftId>,
    /// Those from before were offered.
    is_offered: bool,
}

/// The list as a card.
#[derive(Clone, Debug, Default)]
pub struct DraftList {
    pub filter: Input,
    pub cursor: usize,
    /// The one whose dropping is asked about.
    pub asks: Option<DraftId>,
}

/// One row of the list.
#[derive(Clone)]
pub struct Waiting {
    pub draft: DraftId,
    /// The name, else the phone.
    pub who: String,
    pub branch: String,
    /// What it is in a word or two.
    pub kind: &'static str,
    pub since: DateTime<Utc>,
    pub place: Place,
}

/// Where a draft is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The form that is shown.
    Shown,
    /// Another form of this console.
    Here,
    /// Nowhere.
    Disk,
    /// In another console that is running.
    Elsewhere,
}

impl App {
    /// Every form that is not sent, the one waiting longest first, the one that is shown last.
    pub fn waiting(&self, filter: &str) -> Vec<Waiting> {
        let here = self.parked.iter().map(|form| {
            let since = self.begun(form.draft.id).unwrap_or(self.now);
            waiting(&form.draft, &self.offer, since, Place::Here)
        });
        let kept = self.left_on_disk().map(|kept| {
            let place = if kept.is_open_elsewhere {
                Place::Elsewhere
            } else {
                Place::Disk
            };
            waiting(&kept.draft, &self.offer, kept.started_at, place)
        });
        let mut rows: Vec<Waiting> = here.chain(kept).collect();
        rows.sort_by_key(|row| (row.since, row.draft));
        if !self.form.is_untouched(&self.offer) {
            let draft = &self.form.draft;
            let since = self.begun(draft.id).unwrap_or(self.now);
            rows.push(waiting(draft, &self.offer, since, Place::Shown));
        }
        let filter = filter.to_lowercase();
        rows.retain(|row| row.holds(&filter));
        rows
    }

    /// How many forms wait behind the one that is shown. Asked for with every frame.
    pub fn waiting_count(&self) -> usize {
        let on_disk = self.left_on_disk();
        let on_disk = on_disk.filter(|kept| !kept.is_open_elsewhere);
        self.parked.len() + on_disk.count()
    }

    /// The drafts of the disk that this console has not open.
    fn left_on_disk(&self) -> impl Iterator<Item = &KeptDraft> {
        let kept = self.shelf.kept.iter();
        kept.filter(|kept| !self.has_open(kept.draft.id))
    }

    /// What has become an intent is no draft any more, whatever the disk was last read to hold.
    pub(super) fn forget_sent_drafts(&mut self) {
        let outbox = &self.outbox;
        let kept = &mut self.shelf.kept;
        kept.retain(|kept| outbox.standing(kept.draft.id).is_none());
    }

    /// The drafts of the disk. What a crash or a dropped line left is offered once, and takes no key.
    pub(super) fn drafts_loaded(&mut self, result: Result<Vec<KeptDraft>, String>) {
        match result {
            Ok(kept) => {
                self.shelf.kept = kept;
                self.forget_sent_drafts();
            }
            Err(why) => {
                let words = format!("The drafts on disk cannot be read: {why}");
                return self.tell_for_long(Tone::Bad, words);
            }
        }
        let is_first = !std::mem::replace(&mut self.shelf.is_offered, true);
        let rows = self.waiting("");
        let left = rows.iter().filter(|row| row.place == Place::Disk).count();
        if is_first && left > 0 {
            let what = if left == 1 {
                "1 draft is"
            } else {
                &format!("{left} drafts are")
            };
            let key = self.keymap.key(Action::Drafts);
            let words = format!("{what} kept from before: {key} lists them");
            self.tell_for_long(Tone::Plain, words);
        }
    }

    pub(super) fn open_drafts(&mut self) {
        // Other consoles may have left some meanwhile.
        self.order(Effect::LoadDrafts);
        if self.waiting("").is_empty() {
            let key = self.keymap.key(Action::NewForm);
            let words = format!("No form waits. {key} starts another");
            return self.tell(Tone::Plain, words);
        }
        // The offer of those from before is taken up; what went wrong stays.
        self.notices.take_up();
        if !self.return_to(|popup| matches!(popup, Popup::Drafts(_))) {
            self.popups.push(Popup::Drafts(DraftList::default()));
        }
    }

    pub(super) fn press_drafts(&mut self, mut list: DraftList, chord: Chord) {
        if let Some(draft) = list.asks {
            match chord.key {
                Key::Enter => {
                    self.drop_draft(draft);
                    list.asks = None;
                }
                Key::Esc => list.asks = None,
                _ => {}
            }
            if !self.waiting("").is_empty() {
                self.popups.push(Popup::Drafts(list));
            }
            return;
        }
        let rows = self.waiting(list.filter.value());
        let last = rows.len().saturating_sub(1);
        let here = list.cursor.min(last);
        let chosen = rows.get(here);
        let is_again = self.keymap.action(chord) == Some(Action::Drafts);
        match chord.key {
            Key::Esc => return,
            Key::Enter => match chosen {
                Some(row) if self.opens(row) => return,
                _ => {}
            },
            Key::Delete => match chosen {
                Some(row) if row.place == Place::Elsewhere => self.tell_elsewhere(),
                chosen => list.asks = chosen.map(|row| row.draft),
            },
            _ if is_again => list.cursor = (here + 1).min(last),
            key => match key.row_from(here, last) {
                Some(row) => list.cursor = row,
                None if form::edit(&mut list.filter, chord) => list.cursor = 0,
                None => {}
            },
        }
        self.popups.push(Popup::Drafts(list));
    }

    /// Goes to a form; false where it stays in the list.
    fn opens(&mut self, row: &Waiting) -> bool {
        match row.place {
            Place::Shown => true,
            Place::Here => {
                let here = self
                    .parked
                    .iter()
                    .position(|form| form.draft.id == row.draft);
                if let Some(here) = here {
                    let form = self.parked.remove(here);
                    self.bring_back(form);
                }
                true
            }
            Place::Disk => {
                self.shelf.opening = Some(row.draft);
                self.order(Effect::OpenDraft(row.draft));
                true
            }
            Place::Elsewhere => {
                self.tell_elsewhere();
                false
            }
        }
    }

    fn tell_elsewhere(&mut self) {
        self.tell(Tone::Warning, "It is open in another console");
    }

    /// The disk gave a draft to this console, or has it no more.
    pub(super) fn draft_opened(
        &mut self,
        draft: DraftId,
        result: Result<Option<Box<KeptDraft>>, String>,
    ) {
        let is_awaited = self.shelf.opening == Some(draft);
        if is_awaited {
            self.shelf.opening = None;
        }
        match result {
            Ok(Some(kept)) => {
                self.shelf.kept.retain(|other| other.draft.id != draft);
                self.adopt(&kept);
                let mut form = Form::new(kept.draft);
                // Another run of the console knew it.
                form.void_code(&self.offer, "the code has lapsed: Enter sends a new one");
                if is_awaited {
                    self.bring_back(form);
                } else {
                    // Nobody waits for it any more, but it is open here now.
                    self.parked.push(form);
                }
            }
            Ok(None) => {
                self.order(Effect::LoadDrafts);
                let words = "It was opened in another console, sent or dropped meanwhile";
                self.not_opened(Tone::Warning, words);
            }
            Err(why) => self.not_opened(Tone::Bad, format!("It could not be opened: {why}")),
        }
        if is_awaited {
            self.release_held();
        }
    }

    /// What was typed for a form that does not come must not fall into another patient's.
    fn not_opened(&mut self, tone: Tone, words: impl Into<String>) {
        self.held.clear();
        self.tell_for_long(tone, words);
    }

    /// A person throws it away.
    fn drop_draft(&mut self, draft: DraftId) {
        self.shelf.kept.retain(|kept| kept.draft.id != draft);
        self.parked.retain(|form| form.draft.id != draft);
        if self.form.draft.id == draft {
            let fresh = self.fresh_form();
            self.show_form(fresh, Focus::Branch);
            self.go(self.first_field());
        }
        self.forget_draft(draft);
        self.tell(Tone::Plain, "Dropped: nobody will send it");
    }
}

impl Waiting {
    /// Every word of the filter stands somewhere in the row.
    fn holds(&self, filter: &str) -> bool {
        let row = format!("{} {} {}", self.who, self.branch, self.kind).to_lowercase();
        filter.split_whitespace().all(|word| row.contains(word))
    }
}

fn waiting(draft: &Draft, offer: &Offer, since: DateTime<Utc>, place: Place) -> Waiting {
    let who = [FieldKey::Name, FieldKey::Phone]
        .into_iter()
        .map(|key| text::one_line(draft.value(key)))
        .find(|text| !text.is_empty());
    Waiting {
        draft: draft.id,
        who: who.unwrap_or_else(|| "no name yet".to_owned()),
        branch: draft
            .branch
            .as_ref()
            .map_or("no branch yet", |branch| branch.name.as_str())
            .to_owned(),
        kind: draft.word(offer),
        since,
        place,
    }
}
