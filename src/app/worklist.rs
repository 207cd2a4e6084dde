//! The worklist: everything of the vendor's day, everything that is not settled, and the records whose patients are yet
//! to come, found by typing.

use std::cmp::Reverse;

use chrono::{DateTime, Utc};
use tui_input::Input;

use super::form;
use super::key::{Chord, Key};
use super::keymap::Action;
use super::popup::Popup;
use super::{App, CallId, Effect, Tone};
use crate::domain::evidence::State;
use crate::domain::offer::{FieldKey, Offer};
use crate::domain::schedule;
use crate::domain::standing::Standing;
use crate::domain::submission::IntentId;

/// What the store holds of the worklist.
#[derive(Clone, Debug, Default)]
pub struct Listed {
    pub standings: Vec<Standing>,
    /// Entries that cannot be read, in words.
    pub damaged: Vec<String>,
}

/// The open list.
#[derive(Clone, Debug, Default)]
pub struct Worklist {
    pub filter: Input,
    /// Places in [`super::outbox::Outbox::standings`], in the order of the list.
    pub rows: Vec<usize>,
    /// The entry under the cursor stays there when others come and go.
    pub chosen: Option<IntentId>,
    /// Where the cursor is among the rows.
    pub cursor: usize,
    /// It shows a day at the vendor instead.
    pub is_of_day: bool,
}

impl App {
    /// Asks the store for everything of today, everything that is not settled, and every record that can still be used.
    pub(super) fn load_worklist(&mut self) {
        let call = self.next_call();
        self.outbox.list_call = Some(call);
        let since = schedule::day_start(self.now, self.offer.day_zone);
        let due = self.due_from();
        self.order(Effect::LoadWorklist { call, since, due });
    }

    pub(super) fn open_worklist(&mut self) {
        self.load_worklist();
        if self.return_to(|popup| matches!(popup, Popup::Worklist(_))) {
            return;
        }
        let mut worklist = Worklist::default();
        self.arrange(&mut worklist);
        self.popups.push(Popup::Worklist(worklist));
    }

    pub(super) fn worklist_loaded(&mut self, call: CallId, result: Result<Listed, String>) {
        if self.outbox.list_call != Some(call) {
            return;
        }
        self.outbox.list_call = None;
        match result {
            Ok(listed) => {
                for standing in listed.standings {
                    self.outbox.take_in(standing);
                }
                self.forget_sent_drafts();
                self.outbox.damaged = listed.damaged;
                self.outbox.failure = None;
                self.forget_earlier_days();
            }
            Err(why) => self.outbox.failure = Some(why),
        }
        self.refresh_worklist();
        self.refresh_review();
    }

    /// Records of patients who were due before today are done with.
    fn due_from(&self) -> DateTime<Utc> {
        schedule::day_start(self.now, self.offer.zone)
    }

    /// Settled ones of earlier days stay in the store; a console that is never closed does not collect them. Those of
    /// patients who are yet to come may be asked for, cancelled or changed.
    fn forget_earlier_days(&mut self) {
        let shown = self.popups.iter().find_map(|popup| match popup {
            Popup::Result { draft, .. } => Some(*draft),
            _ => None,
        });
        let (now, zone, due_from) = (self.now, self.offer.day_zone, self.due_from());
        self.outbox.standings.retain(|standing| {
            let is_today = schedule::is_same_day(standing.intent.saved_at, now, zone);
            let is_due = standing.due().is_some_and(|due| due >= due_from);
            let is_shown = shown == Some(standing.draft);
            is_today || is_due || !standing.state.is_settled() || is_shown
        });
    }

    /// Puts an open list in order after something changed.
    pub(super) fn refresh_worklist(&mut self) {
        for index in 0..self.popups.len() {
            if let Some(Popup::Worklist(worklist)) = self.popups.get_mut(index) {
                let mut worklist = std::mem::take(worklist);
                self.arrange(&mut worklist);
                if let Some(popup) = self.popups.get_mut(index) {
                    *popup = Popup::Worklist(worklist);
                }
            }
        }
    }

    /// The rows of the filter: what needs a person first, then what nobody knows, each newest first.
    fn arrange(&self, worklist: &mut Worklist) {
        let standings = &self.outbox.standings;
        let filter = Filter::new(worklist.filter.value(), standings, &self.offer);
        let mut rows: Vec<(usize, &Standing)> = standings
            .iter()
            .enumerate()
            .filter(|(_, standing)| filter.takes(standing))
            .collect();
        rows.sort_by_key(|(_, standing)| {
            let intent = &standing.intent;
            (
                rank(&standing.state),
                Reverse((intent.saved_at, &intent.id)),
            )
        });
        let chosen = worklist.chosen.as_ref();
        let kept = chosen.and_then(|id| {
            rows.iter()
                .position(|(_, standing)| standing.intent.id == *id)
        });
        let cursor = kept.unwrap_or(worklist.cursor);
        worklist.rows = rows.into_iter().map(|(place, _)| place).collect();
        self.move_to(worklist, cursor);
    }

    fn move_to(&self, worklist: &mut Worklist, cursor: usize) {
        worklist.cursor = cursor.min(worklist.rows.len().saturating_sub(1));
        let place = worklist.rows.get(worklist.cursor);
        let standing = place.and_then(|place| self.outbox.standings.get(*place));
        worklist.chosen = standing.map(|standing| standing.intent.id.clone());
    }

    pub(super) fn press_worklist(&mut self, mut worklist: Worklist, chord: Chord) {
        let (last, here) = (worklist.rows.len().saturating_sub(1), worklist.cursor);
        if matches!(chord.key, Key::Tab | Key::BackTab) && self.offer.has_day_list {
            worklist.is_of_day = !worklist.is_of_day;
            self.popups.push(Popup::Worklist(worklist));
            return self.show_day();
        }
        if worklist.is_of_day {
            return self.press_day(worklist, chord);
        }
        match chord.key {
            Key::Esc if worklist.filter.value().is_empty() => return,
            Key::Esc => self.filter_by(&mut worklist, Input::default()),
            _ if self.keymap.action(chord) == Some(Action::Worklist) => return,
            Key::Enter => {
                let chosen = worklist.rows.get(here).copied();
                self.popups.push(Popup::Worklist(worklist));
                return self.open_evidence(chosen);
            }
            key => {
                let mut filter = worklist.filter.clone();
                if let Some(row) = key.row_from(here, last) {
                    self.move_to(&mut worklist, row);
                } else if form::edit(&mut filter, chord) {
                    self.filter_by(&mut worklist, filter);
                } else {
                    worklist.filter = filter;
                }
            }
        }
        self.popups.push(Popup::Worklist(worklist));
    }

    /// Another filter begins at its first row.
    fn filter_by(&self, worklist: &mut Worklist, filter: Input) {
        worklist.filter = filter;
        worklist.chosen = None;
        worklist.cursor = 0;
        self.arrange(worklist);
    }

    fn open_evidence(&mut self, place: Option<usize>) {
        match place.and_then(|place| self.outbox.standings.get(place)) {
            Some(standing) => {
                let draft = standing.draft;
                self.popups.push(Popup::result_of(draft));
            }
            None => self.tell(Tone::Plain, "Nothing to open: change what is typed"),
        }
    }
}

impl Worklist {
    /// Whether a row of it counts down at this moment.
    pub(super) fn counts_down(&self, app: &App) -> bool {
        let mut standings = self
            .rows
            .iter()
            .filter_map(|place| app.outbox.standings.get(*place));
        standings.any(|standing| super::outbox::counts_down(standing, app.now))
    }
}

fn rank(state: &State) -> u8 {
    match state {
        State::NeedsYou { .. } => 0,
        State::PossibleDouble { .. } | State::Checking { .. } => 1,
        State::Saved
        | State::Sending
        | State::Accepted { .. }
        | State::NotAccepted { .. }
        | State::Dropped => 2,
    }
}

/// What is typed over the list.
struct Filter<'a> {
    offer: &'a Offer,
    /// Lower-case parts that must all occur.
    parts: Vec<String>,
    /// A whole state word: `accepted` does not mean those that were not.
    word: Option<&'static str>,
}

impl<'a> Filter<'a> {
    fn new(typed: &str, standings: &[Standing], offer: &'a Offer) -> Self {
        let typed = typed.trim();
        let mut words = standings.iter().map(|standing| standing.state.word());
        Self {
            offer,
            parts: typed
                .to_lowercase()
                .split_whitespace()
                .map(str::to_owned)
                .collect(),
            word: words.find(|word| word.eq_ignore_ascii_case(typed)),
        }
    }

    fn takes(&self, standing: &Standing) -> bool {
        if let Some(word) = self.word {
            return standing.state.word() == word;
        }
        if self.parts.is_empty() {
            return true;
        }
        let text = text(standing, self.offer);
        self.parts.iter().all(|part| text.contains(part))
    }
}

/// Everything an entry is found by, in lower case.
fn text(standing: &Standing, offer: &Offer) -> String {
    let submission = &standing.intent.submission;
    let patient = &submission.patient;
    let numbers = standing.state.numbers().join(" ");
    let parts = [
        &patient.first_name,
        patient.last_name.as_deref().unwrap_or_default(),
        patient.phone_digits(),
        submission.detail(FieldKey::ExternalBooking),
        &numbers,
        standing.state.word(),
        submission.kind.word(),
        submission.word(offer),
        &standing.intent.id.0,
    ];
    parts.join(" ").to_lowercase()
}
