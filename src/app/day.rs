//! A day at the vendor, whoever made its appointments: the other side of the worklist.

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::key::{Chord, Key};
use super::keymap::Action;
use super::popup::Popup;
use super::worklist::Worklist;
use super::{App, CallId, Effect, Question, Tone};
use crate::domain::failure::Failure;
use crate::domain::schedule;
use crate::domain::slot::Listed;

/// What the vendor told of one day.
#[derive(Debug, Default)]
pub struct DayList {
    /// None before it was looked at first.
    pub day: Option<NaiveDate>,
    call: Option<CallId>,
    /// None while it is not known.
    pub rows: Option<Vec<Listed>>,
    taken_at: Option<DateTime<Utc>>,
    pub failure: Option<Failure>,
    pub cursor: usize,
}

impl DayList {
    pub fn is_loading(&self) -> bool {
        self.call.is_some()
    }
}

impl App {
    /// `At Meddbase today`, `At Meddbase, Mon 23 Nov`.
    pub fn day_title(&self) -> String {
        let vendor = self.offer.vendor;
        match self.day.day {
            Some(day) if day != self.desk_today() => {
                format!("At {vendor}, {}", day.format("%a %-d %b"))
            }
            _ => format!("At {vendor} today"),
        }
    }

    /// How old the list is.
    pub fn day_age(&self) -> Option<String> {
        let taken_at = self.day.taken_at?;
        let age = schedule::age(taken_at, self.offer.zone, self.now);
        Some(age)
    }

    /// The one of the list that was sent from here.
    pub fn is_own(&self, listed: &Listed) -> bool {
        let ours = self.outbox.with_number(&listed.number, &self.offer);
        ours.is_some()
    }

    fn desk_today(&self) -> NaiveDate {
        self.now.with_timezone(&self.offer.zone).date_naive()
    }

    /// Shown anew, it is asked for anew; what is known of the day stands meanwhile.
    pub(super) fn show_day(&mut self) {
        let is_shown = matches!(self.popups.last(), Some(Popup::Worklist(list)) if list.is_of_day);
        if is_shown {
            self.load_day();
        }
    }

    /// What was done to a record is not in the list that was read before it.
    pub(super) fn renew_day(&mut self) {
        let is_of_day = |popup: &Popup| matches!(popup, Popup::Worklist(list) if list.is_of_day);
        if self.popups.iter().any(is_of_day) {
            self.load_day();
        }
    }

    /// A day that failed is asked for again where it is shown.
    pub(super) fn ask_failed_day(&mut self) {
        if self.day.failure.take().is_some() {
            self.renew_day();
        }
    }

    pub(super) fn load_day(&mut self) {
        let day = self.day.day.unwrap_or_else(|| self.desk_today());
        let call = self.next_call();
        self.day.day = Some(day);
        self.day.call = Some(call);
        self.day.failure = None;
        self.order(Effect::Ask(Question::Day { call, day }));
    }

    pub(super) fn day_loaded(&mut self, call: CallId, result: Result<Vec<Listed>, Failure>) {
        if self.day.call != Some(call) {
            return;
        }
        self.day.call = None;
        match result {
            Ok(mut rows) => {
                rows.sort_by(|one, other| (one.at, &one.number).cmp(&(other.at, &other.number)));
                let rows_before = self.day.rows.take().unwrap_or_default();
                let chosen = rows_before.get(self.day.cursor).map(|row| &row.number);
                let place = rows.iter().position(|row| Some(&row.number) == chosen);
                let last = rows.len().saturating_sub(1);
                self.day.cursor = place.unwrap_or(self.day.cursor).min(last);
                self.day.rows = Some(rows);
                self.day.taken_at = Some(self.now);
                self.desk.failure = None;
            }
            Err(failure) => {
                self.day.failure = Some(failure.clone());
                self.list_failed(failure);
            }
        }
    }

    fn turn_day(&mut self, forward: bool) {
        let day = self.day.day.unwrap_or_else(|| self.desk_today());
        let day = if forward {
            day.checked_add_days(Days::new(1))
        } else {
            day.checked_sub_days(Days::new(1))
        };
        self.day = DayList {
            day,
            ..DayList::default()
        };
        self.load_day();
    }

    pub(super) fn press_day(&mut self, worklist: Worklist, chord: Chord) {
        let last = self.day.rows.as_ref().map_or(0, Vec::len).saturating_sub(1);
        let here = self.day.cursor;
        let is_again = self.keymap.action(chord) == Some(Action::Worklist);
        if chord.key == Key::Esc || is_again {
            return;
        }
        self.popups.push(Popup::Worklist(worklist));
        match chord.key {
            Key::Left => self.turn_day(false),
            Key::Right => self.turn_day(true),
            Key::Enter => self.open_chosen(),
            key => self.day.cursor = key.row_from(here, last).unwrap_or(here),
        }
    }

    /// The one of the day under the cursor.
    pub fn chosen_of_day(&self) -> Option<&Listed> {
        self.day.rows.as_ref()?.get(self.day.cursor)
    }

    fn open_chosen(&mut self) {
        match self.chosen_of_day().cloned() {
            Some(listed) if listed.can_be_cancelled => self.open_listed(listed),
            Some(listed) => {
                let state = &listed.state;
                let words = format!("{}: {state}. Nothing can be done to it", listed.patient);
                self.tell(Tone::Plain, words);
            }
            None => self.tell(Tone::Plain, "Nothing to open on this day"),
        }
    }
}
