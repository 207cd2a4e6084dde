//! The book of a desk that is alone with its account: in memory, and gone with the process.

use std::collections::BTreeMap;
use std::future::ready;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Lane;
use super::book::{Answer, Book, Entry, Left, Taken, Terms};
use crate::clock::Steady;

/// A book that only this process sees.
pub struct Memory {
    terms: Terms,
    /// The most that anybody leaves to others.
    most_kept: u32,
    lines: Mutex<Lines>,
}

#[derive(Default)]
struct Lines {
    written: i64,
    /// When each slot comes back.
    out: BTreeMap<Entry, Return>,
    paused_until: Option<Steady>,
}

#[derive(Clone, Copy)]
enum Return {
    /// Its request runs since this moment.
    Running(Steady),
    At(Steady),
}

impl Memory {
    pub fn new(terms: Terms) -> Self {
        Self {
            terms,
            most_kept: u32::MAX,
            lines: Mutex::default(),
        }
    }

    /// A share so small that what reads leave of a whole budget would be more than all of it: they leave one slot.
    pub fn share(terms: Terms) -> Self {
        Self {
            most_kept: 1,
            ..Self::new(terms)
        }
    }

    /// When each slot that is out comes back at the latest.
    pub fn returns(&self, now: Steady) -> Vec<Steady> {
        let mut lines = self.lock();
        lines.expire(now);
        let longest = self.terms.longest + self.terms.window;
        let returns = lines.out.values().map(|slot| match slot {
            Return::Running(since) => *since + longest,
            Return::At(at) => *at,
        });
        returns.collect()
    }

    /// Nothing that runs under the lock can panic half-way, so a poisoned lock still holds whole data.
    fn lock(&self) -> MutexGuard<'_, Lines> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn try_take(&self, reserve: u32, now: Steady) -> Taken {
        let mut lines = self.lock();
        lines.expire(now);
        let free = lines.free(self.terms.of);
        let reserve = reserve.min(self.most_kept);
        if free > reserve && lines.paused_until.is_none() {
            lines.written += 1;
            let entry = Entry(lines.written);
            lines.out.insert(entry, Return::Running(now));
            return Taken::Yes(entry);
        }
        // A slot whose request still runs comes back a whole window after its end, which is yet to come.
        let mut returns: Vec<Steady> = lines
            .out
            .values()
            .map(|slot| match slot {
                Return::Running(_) => now + self.terms.window,
                Return::At(at) => *at,
            })
            .collect();
        returns.sort_unstable();
        let missing = (reserve + 1).saturating_sub(free) as usize;
        let free_at = missing.checked_sub(1).map(|index| {
            let at = returns.get(index).copied();
            at.unwrap_or(now + self.terms.window)
        });
        let at = free_at.max(lines.paused_until);
        Taken::NotBefore(at.unwrap_or(now))
    }
}

impl Book for Memory {
    fn take(&self, _lane: Lane, reserve: u32, now: Steady) -> Answer<'_, Taken> {
        Box::pin(ready(self.try_take(reserve, now)))
    }

    fn end(&self, entry: Entry, at: Steady) -> Answer<'_, ()> {
        let returns = Return::At(at + self.terms.window);
        if let Some(slot) = self.lock().out.get_mut(&entry) {
            *slot = returns;
        }
        Box::pin(ready(()))
    }

    fn give_back(&self, entry: Entry) -> Answer<'_, ()> {
        self.lock().out.remove(&entry);
        Box::pin(ready(()))
    }

    fn pause(&self, until: Steady) -> Answer<'_, ()> {
        let mut lines = self.lock();
        lines.paused_until = lines.paused_until.max(Some(until));
        Box::pin(ready(()))
    }

    fn left(&self, now: Steady) -> Answer<'_, Left> {
        let mut lines = self.lock();
        lines.expire(now);
        let left = Left {
            free: lines.free(self.terms.of),
            paused_until: lines.paused_until,
        };
        Box::pin(ready(left))
    }
}

impl Lines {
    fn expire(&mut self, now: Steady) {
        self.out.retain(|_, slot| match slot {
            Return::Running(_) => true,
            Return::At(at) => *at > now,
        });
        self.paused_until = self.paused_until.filter(|until| *until > now);
    }

    fn free(&self, of: u32) -> u32 {
        of.saturating_sub(u32::try_from(self.out.len()).unwrap_or(u32::MAX))
    }
}
