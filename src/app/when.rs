//! The When pane: days across, times down, a line to jump to a day or time as people say it.

mod jump;
mod loading;

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use tui_input::Input as Text;

use super::focus::Focus;
use super::form;
use super::key::{Chord, Key};
use super::{App, CallId, Tone};
use crate::domain::failure::Failure;
use crate::domain::offer::{Field, FieldKey, Input as Filling, Items, SlotSource};
use crate::domain::rules::{Place, Problem};
use crate::domain::schedule;
use crate::domain::slot::Slot;
use crate::domain::submission::DraftId;
use jump::Goal;
use loading::Needs;

/// Days that are asked for at once, counted from today.
pub const WEEK: u16 = 7;
/// How far ahead a patient can be booked.
const FARTHEST: u64 = 366;

/// What is said beside a slot that was picked and cannot be had any more.
const GONE: &str = "no longer free: pick another";
const PASSED: &str = "this time has passed: pick another";

/// What is known of the times that can be taken.
#[derive(Debug, Default)]
pub struct When {
    /// The vendor's slots by day, in the zone of the site; a day that is missing was not asked for yet.
    days: BTreeMap<NaiveDate, Day>,
    /// The last day on which the vendor shows times; none where it shows those of every day.
    until: Option<NaiveDate>,
    /// Questions on their way, and the first day of each.
    asked: Vec<(CallId, NaiveDate)>,
    /// Why the last question had no answer.
    pub failure: Option<Failure>,
    /// What the slots on screen, or on their way, depend on.
    needs: Option<Needs>,
    /// The slots on screen are those for other needs: they stand until the new ones come, and cannot be taken.
    is_outdated: bool,
    /// The day under the cursor.
    day: Option<NaiveDate>,
    /// The slot under the cursor; none on a day without one.
    marked: Option<Slot>,
    /// The time of day at which the cursor walks from day to day.
    time: Option<NaiveTime>,
    /// What is typed to jump to.
    jump: String,
    /// Where the cursor goes as soon as the slots are here.
    goal: Option<Goal>,
    /// The day whose slots are needed to go there.
    awaited: Option<NaiveDate>,
    /// What was said for long of the slot of a form: it holds as long as that one is picked.
    said: Option<(DraftId, Option<Slot>, String)>,
    /// The field from which the pane was opened: picking leads back to it.
    opened_from: Option<FieldKey>,
}

/// The slots of one day.
#[derive(Debug)]
struct Day {
    slots: Vec<Slot>,
    taken_at: DateTime<Utc>,
}

impl When {
    /// The cursor waits for slots to go to: keys that act on it wait too.
    pub(super) fn is_seeking(&self) -> bool {
        self.goal.is_some() && !self.asked.is_empty()
    }

    /// The times on screen are from before the form was changed, and the new ones are on their way: whoever takes one
    /// now gets it as soon as it is known to be there still.
    pub(super) fn is_renewing(&self) -> bool {
        self.is_outdated && !self.asked.is_empty() && self.jump.trim().is_empty()
    }

    /// The cursor of another form, or of another kind, is not that of this one.
    pub(super) fn forget_cursor(&mut self) {
        self.day = None;
        self.marked = None;
        self.time = None;
        self.goal = None;
        self.awaited = None;
        self.opened_from = None;
        self.jump.clear();
    }

    /// A failure that may have passed keeps nobody from asking again.
    pub(super) fn forget_failure(&mut self) {
        self.failure = None;
    }

    /// The slot under the cursor.
    pub fn marked(&self) -> Option<&Slot> {
        self.marked.as_ref()
    }

    /// The vendor shows no times of that day: nothing is to be heard of it.
    fn is_not_shown(&self, day: NaiveDate) -> bool {
        self.until.is_some_and(|until| day > until)
    }

    pub fn is_loading(&self) -> bool {
        !self.asked.is_empty()
    }
}

/// The same place at the same time, whatever it costs by now and however many are left.
fn is_same(one: &Slot, other: &Slot) -> bool {
    (&one.at, &one.wire, &one.place, &one.branch)
        == (&other.at, &other.wire, &other.place, &other.branch)
}

/// It can be taken, as far as the vendor counts.
pub fn is_free(slot: &Slot) -> bool {
    slot.left != Some(0)
}

impl App {
    /// Where the moments of the form's kind come from.
    pub fn slot_source(&self) -> Option<SlotSource> {
        self.form.draft.slot_source(&self.offer)
    }

    /// The field of the form that holds the moment.
    pub fn when_field(&self) -> Option<FieldKey> {
        let mut fields = self.form.draft.fields(&self.offer);
        fields
            .find(|field| field.input == Filling::When)
            .map(|field| field.key)
    }

    pub fn has_items(&self) -> bool {
        self.items() != Items::None
    }

    /// The zone of the site's clocks.
    pub fn site_zone(&self) -> Tz {
        self.form.draft.zone(&self.offer)
    }

    /// Today, where the patient is served.
    pub fn site_today(&self) -> NaiveDate {
        self.now.with_timezone(&self.site_zone()).date_naive()
    }

    /// The day under the cursor.
    pub fn when_day(&self) -> NaiveDate {
        let today = self.site_today();
        self.when.day.map_or(today, |day| day.max(today))
    }

    /// The first day of the week that the cursor is in; weeks are counted from today.
    pub fn when_week(&self) -> NaiveDate {
        self.week_of(self.when_day())
    }

    fn week_of(&self, day: NaiveDate) -> NaiveDate {
        let today = self.site_today();
        let ahead = (day - today).num_days().max(0).unsigned_abs();
        let week = u64::from(WEEK);
        today + Days::new(ahead / week * week)
    }

    /// The times of a day; none while they are not known.
    pub fn slots_on(&self, day: NaiveDate) -> Option<Vec<Slot>> {
        match self.slot_source()? {
            SlotSource::Free => {
                let times = schedule::half_hours(day, self.site_zone(), self.now);
                Some(times.into_iter().map(open_moment).collect())
            }
            SlotSource::Vendor => {
                if self.when.is_not_shown(day) {
                    return Some(Vec::new());
                }
                let slots = self.when.days.get(&day)?.slots.iter();
                let is_ahead = |slot: &&Slot| slot.is_walk_in || slot.at >= self.now;
                Some(slots.filter(is_ahead).cloned().collect())
            }
        }
    }

    /// How old the times of the day under the cursor are, by the clocks that the pane's title names.
    pub fn when_age(&self) -> Option<String> {
        let day = self.when.days.get(&self.when_day())?;
        (self.slot_source()? == SlotSource::Vendor)
            .then(|| schedule::age(day.taken_at, self.site_zone(), self.now))
    }

    /// When the days on screen move on by themselves: at midnight.
    pub(super) fn next_when_change(&self) -> Option<DateTime<Utc>> {
        let is_shown = self.focus == Focus::When || !self.has_items();
        (is_shown && self.slot_source().is_some())
            .then(|| schedule::next_day_start(self.now, self.site_zone()))
    }

    /// The slot that the form has picked.
    pub fn is_picked(&self, slot: &Slot) -> bool {
        match self.slot_source() {
            Some(SlotSource::Vendor) => {
                let picked = self.form.draft.slot.as_ref();
                picked.is_some_and(|picked| is_same(picked, slot))
            }
            Some(SlotSource::Free) => {
                let key = self.when_field();
                let text = key.map_or("", |key| self.form.draft.value(key));
                text == slot.wire
            }
            None => false,
        }
    }

    /// Opens the pane from the field of the form; what is typed in the field says where to go.
    pub(super) fn open_when(&mut self, key: FieldKey) {
        let is_vendors = self.slot_source() == Some(SlotSource::Vendor);
        let typed = self.form.draft.value(key).to_owned();
        if is_vendors && !typed.is_empty() {
            self.form.draft.values.remove(&key);
            self.form.told.remove(&Place::Field(key));
            self.when.jump = typed;
        }
        self.go(Focus::When);
        self.when.opened_from = Some(key);
        if !self.when.jump.is_empty() {
            self.jump();
        }
    }

    /// The same after a slot was lost to somebody else: the patient asked for that day and about that time.
    pub(super) fn open_when_near(&mut self, lost: &Slot, key: FieldKey) {
        self.open_when(key);
        self.seek(Goal::named(lost.at.date_naive(), Some(lost.at.time())));
    }

    /// The pane has the keys from now on: the cursor stands on what is picked, else on the next free time.
    pub(super) fn enter_when(&mut self) -> String {
        self.when.opened_from = None;
        let picked = self.form.draft.slot.clone();
        match picked {
            Some(picked) if self.slot_source() == Some(SlotSource::Vendor) => {
                if self.is_gone(&picked) {
                    self.seek(Goal::named(picked.at.date_naive(), Some(picked.at.time())));
                } else {
                    self.mark(&picked);
                }
            }
            _ if self.when.marked.is_none() && self.when.goal.is_none() => {
                self.seek(Goal::next_free(self.site_today()));
            }
            _ => {}
        }
        self.ask_again_if_old();
        self.when.jump.clone()
    }

    pub(super) fn press_when(&mut self, chord: Chord) {
        match chord.key {
            Key::Enter if self.when.jump.trim().is_empty() => self.take_slot(),
            Key::Enter => self.jump(),
            Key::Left => self.move_days(-1),
            Key::Right => self.move_days(1),
            Key::PageUp => self.move_days(-i64::from(WEEK)),
            Key::PageDown => self.move_days(i64::from(WEEK)),
            Key::Up => self.move_time(-1),
            Key::Down => self.move_time(1),
            Key::Home => self.seek(Goal::next_free(self.site_today())),
            Key::End => self.move_time(isize::MAX),
            _ => {
                if form::edit(&mut self.editor, chord) {
                    self.when.jump = self.editor.value().to_owned();
                }
            }
        }
        self.ask_again_if_old();
    }

    /// Esc: what is typed to jump to goes first, then what is waited for, then the pane.
    pub(super) fn leave_when(&mut self) {
        if !self.when.jump.is_empty() {
            self.set_jump(String::new());
        } else if self.when.goal.take().is_none() {
            self.go(self.when_field().map_or(self.first_field(), Focus::Field));
        }
    }

    fn set_jump(&mut self, text: String) {
        if self.focus == Focus::When {
            self.editor = Text::new(text.clone());
        }
        self.when.jump = text;
    }

    fn mark(&mut self, slot: &Slot) {
        self.when.goal = None;
        self.when.day = Some(slot.at.date_naive());
        self.when.time = Some(slot.at.time());
        self.when.marked = Some(slot.clone());
    }

    fn move_days(&mut self, by: i64) {
        let today = self.site_today();
        let farthest = today + Days::new(FARTHEST);
        let day = self.when_day().checked_add_signed(TimeDelta::days(by));
        let day = day.unwrap_or(today).clamp(today, farthest);
        self.when.goal = None;
        self.when.failure = None;
        self.when.day = Some(day);
        self.when.marked = None;
        self.settle_cursor();
    }

    /// Up and down within the day, over what is full too, so that it can be seen.
    fn move_time(&mut self, by: isize) {
        let slots = self.slots_on(self.when_day()).unwrap_or_default();
        let last = slots.len().saturating_sub(1);
        let marked = self.when.marked.as_ref();
        let here = marked.and_then(|marked| slots.iter().position(|slot| is_same(slot, marked)));
        let there = match (here, marked) {
            (Some(here), _) => here.saturating_add_signed(by).min(last),
            (None, _) if by == isize::MAX => last,
            // The one under the cursor is gone: its neighbours are not.
            (None, Some(marked)) => {
                let later = slots.iter().position(|slot| slot.at >= marked.at);
                let later = later.unwrap_or(slots.len());
                later.saturating_add_signed(by.min(0)).min(last)
            }
            (None, None) => 0,
        };
        if let Some(slot) = slots.get(there) {
            self.mark(slot);
        }
    }

    /// A cursor without a slot goes to the one of its day that is nearest to the time it walks at.
    fn settle_cursor(&mut self) {
        if self.when.marked.is_some() {
            return;
        }
        let slots = self.slots_on(self.when_day()).unwrap_or_default();
        let away = |slot: &&Slot| match self.when.time {
            Some(time) => (slot.at.time() - time).abs(),
            None => TimeDelta::zero(),
        };
        let free = slots.iter().filter(|slot| is_free(slot)).min_by_key(away);
        let nearest = free.or_else(|| slots.iter().min_by_key(away));
        self.when.marked = nearest.cloned();
        if self.when.time.is_none() {
            self.when.time = nearest.map(|slot| slot.at.time());
        }
    }

    /// Enter: the slot under the cursor goes into the form, which goes on.
    fn take_slot(&mut self) {
        let Some(slot) = self.when.marked.clone() else {
            let words = self.why_no_slots().unwrap_or_else(|| {
                "There is no time here: Home goes to the next free one".to_owned()
            });
            return self.tell(Tone::Plain, words);
        };
        let slots = self.slots_on(slot.at.date_naive()).unwrap_or_default();
        let Some(slot) = slots.into_iter().find(|other| is_same(other, &slot)) else {
            return self.tell(Tone::Warning, "This time is no longer free: pick another");
        };
        if !is_free(&slot) {
            return self.tell(Tone::Warning, "This time is full: pick another");
        }
        self.take(slot);
        let from = self.when.opened_from.take();
        let stops = Focus::stops(&self.offer, &self.form.draft);
        let missing = self.first_missing();
        let next = match (from, missing) {
            // What is picked from the form goes on in the form.
            (Some(key), _) => Focus::Field(key).walk(&stops, 1),
            // The time came first: what it still needs comes next.
            (None, Some(missing)) => missing,
            (None, None) => Focus::When.walk(&stops, 1),
        };
        self.go(next);
    }

    /// The first field that must be filled and is not, besides the time.
    fn first_missing(&self) -> Option<Focus> {
        let draft = &self.form.draft;
        let mut fields = draft.fields(&self.offer);
        let missing = fields.find(|field| {
            let is_open = field.required && draft.value(field.key).trim().is_empty();
            is_open && field.input != Filling::When && !self.is_code_read_back(field)
        });
        missing.map(|field| Focus::Field(field.key))
    }

    fn is_code_read_back(&self, field: &Field) -> bool {
        field.input == Filling::PatientCode && self.is_code_confirmed()
    }

    fn take(&mut self, slot: Slot) {
        let Some(key) = self.when_field() else {
            return;
        };
        if self.slot_source() == Some(SlotSource::Free) {
            return self.set_value(key, slot.wire);
        }
        self.form.draft.values.remove(&key);
        self.form.told.remove(&Place::Field(key));
        if let Some(branch) = slot.branch.clone() {
            self.form.draft.branch = Some(branch);
            self.follow_branch();
        }
        self.form.draft.slot = Some(slot);
    }

    /// Keys in the field of the form, where only the vendor's slots fill it: text says where to jump, Backspace in the
    /// empty field gives the slot up.
    pub(super) fn fill_slot(&mut self, key: FieldKey, chord: Chord) {
        let is_empty = self.editor.value().is_empty();
        let gives_up = matches!(chord.key, Key::Backspace | Key::Delete) && is_empty;
        if gives_up && self.form.draft.slot.take().is_some() {
            self.form.told.remove(&Place::Field(key));
            return self.tell(Tone::Plain, "The time is given up: Enter shows the others");
        }
        if form::edit(&mut self.editor, chord) {
            let typed = self.editor.value().to_owned();
            self.form.draft.values.insert(key, typed);
            if self.form.draft.slot.is_none() {
                self.form.told.remove(&Place::Field(key));
            }
        }
    }

    /// What speaks against sending the slot that is picked.
    pub(super) fn slot_problem(&self) -> Option<Problem> {
        if self.slot_source() != Some(SlotSource::Vendor) {
            return None;
        }
        let (slot, key) = (self.form.draft.slot.as_ref()?, self.when_field()?);
        let words = if slot.at < self.now && !slot.is_walk_in {
            PASSED
        } else if self.is_gone(slot) {
            GONE
        } else {
            return None;
        };
        Some(Problem::new(Place::Field(key), words))
    }

    /// The vendor's latest list for this form has it no more.
    fn is_gone(&self, picked: &Slot) -> bool {
        let day = self.when.days.get(&picked.at.date_naive());
        let is_answered = self.when.needs == self.slot_needs() && !self.has_old_slots();
        day.is_some_and(|day| {
            let mut slots = day.slots.iter();
            is_answered && !slots.any(|slot| is_same(slot, picked) && is_free(slot))
        })
    }

    /// The slots on screen are those from before the form was changed.
    pub fn has_old_slots(&self) -> bool {
        self.when.is_outdated && self.slot_source() == Some(SlotSource::Vendor)
    }
}

/// A half hour of a day on which any moment can be booked.
fn open_moment(at: DateTime<Tz>) -> Slot {
    Slot::plain(at.fixed_offset(), schedule::typed(at))
}
