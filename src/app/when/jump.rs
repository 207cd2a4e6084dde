//! Going to a day or a time: as it is typed, or the next that is free.

use chrono::{Days, NaiveDate, NaiveTime};

use super::super::{App, Tone};
use super::{WEEK, is_free};
use crate::domain::schedule::{self, NotWhen};
use crate::domain::slot::Slot;

/// Weeks that are asked for on the way to the next free time before it is given up.
const WEEKS: u64 = 5;

/// Where the cursor is to go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Goal {
    day: NaiveDate,
    time: Option<NaiveTime>,
    /// A day or time was named: that it is another one is said.
    is_named: bool,
}

impl Goal {
    pub fn next_free(today: NaiveDate) -> Self {
        Self {
            day: today,
            time: None,
            is_named: false,
        }
    }

    /// The first free slot from a day and time on that somebody has named.
    pub fn named(day: NaiveDate, time: Option<NaiveTime>) -> Self {
        Self {
            day,
            time,
            is_named: true,
        }
    }

    /// The same where nobody waits to hear what became of it.
    pub fn near(day: NaiveDate, time: NaiveTime) -> Self {
        Self {
            is_named: false,
            ..Self::named(day, Some(time))
        }
    }

    /// The slot is at or behind it.
    fn is_reached(&self, slot: &Slot) -> bool {
        let day = slot.at.date_naive();
        match self.time {
            Some(time) if day == self.day => slot.at.time() >= time,
            _ => day >= self.day,
        }
    }

    /// What is said where the next free one is not what was named.
    fn words(&self, slot: &Slot) -> Option<String> {
        let (day, time) = (slot.at.date_naive(), slot.at.format("%H:%M"));
        let wanted = self.day.format("%a %-d %b");
        if !self.is_named {
            return None;
        }
        match self.time {
            _ if day != self.day => {
                let found = day.format("%a %-d %b");
                let after = self.time.map(|time| time.format(" from %H:%M").to_string());
                let after = after.unwrap_or_default();
                Some(format!(
                    "Nothing free on {wanted}{after}: {found}, {time} is the next"
                ))
            }
            Some(named) if slot.at.time() != named => {
                let named = named.format("%H:%M");
                Some(format!("No {named} on {wanted}: {time} is the next"))
            }
            _ => None,
        }
    }
}

impl App {
    /// Enter on what was typed: a time alone is one of the day under the cursor.
    pub(super) fn jump(&mut self) {
        let today = self.site_today();
        let said = schedule::said(&self.when.jump, self.offer.day_order(), today);
        let day = |said: &schedule::Said| said.day.unwrap_or_else(|| self.when_day());
        match said.map(|said| (day(&said), said.time)) {
            Ok((day, time)) => {
                self.set_jump(String::new());
                self.seek(Goal::named(day, time));
            }
            Err(NotWhen::Unreadable(order)) => {
                let example = order.example();
                let words = format!(
                    "Type a day or a time to go to, as mon, tomorrow 7am, {example} or 10:30"
                );
                self.tell(Tone::Warning, words);
            }
            Err(why) => self.tell(Tone::Warning, format!("“{}”: {why}", self.when.jump)),
        }
    }

    /// Goes to the first free slot from the goal on; waits for weeks that are not here yet.
    pub(super) fn seek(&mut self, goal: Goal) {
        let mut day = goal.day.max(self.site_today());
        let end = self.week_of(day) + Days::new(u64::from(WEEK) * (WEEKS + 1));
        self.when.goal = Some(goal);
        self.when.day = Some(day);
        self.when.marked = None;
        self.when.time = goal.time.or(self.when.time);
        while day < end {
            let Some(slots) = self.slots_on(day).filter(|_| !self.has_old_slots()) else {
                // The week is asked for after every event; its answer comes back here.
                self.when.failure = None;
                self.when.awaited = Some(day);
                return;
            };
            let mut free = slots.iter().filter(|slot| is_free(slot));
            if let Some(slot) = free.find(|slot| goal.is_reached(slot)) {
                self.mark(slot);
                if let Some(words) = goal.words(slot) {
                    self.tell(Tone::Plain, words);
                }
                return;
            }
            day = day.succ_opt().unwrap_or(end);
        }
        self.when.goal = None;
        self.settle_cursor();
        let from = goal.day.format("%a %-d %b");
        let words = match self.shown_until(end) {
            Some(words) if self.when.is_not_shown(goal.day) => words,
            Some(words) => format!("Nothing is free from {from} on: {words}"),
            None => {
                let last = end.pred_opt().unwrap_or(end).format("%a %-d %b");
                format!("Nothing is free from {from} to {last}")
            }
        };
        self.tell(Tone::Warning, words);
    }
}
