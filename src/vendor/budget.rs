//! The request budget of one account: never more than so many requests in any 60 seconds, as the vendor counts them.
//!
//! A vendor counts a request at a moment this desk cannot see, somewhere between its first byte and its answer. So a
//! slot is held while a request runs and comes back 60 seconds after it **ended**: whatever moment the vendor took,
//! no window of 60 seconds can hold more requests than there are slots. Must not know what the requests are for.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::time::{Instant, timeout_at};

use crate::domain::failure::BudgetLeft;

/// The stretch of time a vendor counts over.
const WINDOW: Duration = Duration::from_secs(60);

/// Who goes first when slots are short: the order of the variants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    SignIn,
    Send,
    /// Lists for the screen. They leave a reserve to the other two.
    Read,
}

/// The slots of one account, shared by every call.
#[derive(Clone)]
pub struct Budget {
    shared: Arc<Shared>,
}

struct Shared {
    of: u32,
    /// Slots that reads leave untouched.
    reserve: u32,
    slots: Mutex<Slots>,
    changed: Notify,
    left: watch::Sender<BudgetLeft>,
}

#[derive(Default)]
struct Slots {
    running: u32,
    /// When the slots of ended requests come back; ends are noted in order, so the front is the first.
    returning: VecDeque<Instant>,
    paused_until: Option<Instant>,
    /// Those who wait, in the order they will go: by lane, then by arrival.
    waiting: BTreeSet<(Lane, u64)>,
    arrivals: u64,
    is_watched: bool,
}

/// How long the wait for a slot would have been, had it been worth it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the request budget is used up for the next {} s", .0.as_secs_f32().ceil())]
pub struct TooLong(pub Duration);

/// The right to send one request. Dropped when the request has ended, however it ended.
#[must_use]
pub struct Slot {
    shared: Arc<Shared>,
    was_used: bool,
}

/// A place in the queue, given up when the wait is over or abandoned.
struct Place<'a> {
    shared: &'a Shared,
    key: (Lane, u64),
}

impl Budget {
    pub fn new(of: u32, reserve: u32) -> Self {
        Self {
            shared: Arc::new(Shared {
                of,
                reserve: reserve.min(of.saturating_sub(1)),
                slots: Mutex::default(),
                changed: Notify::new(),
                left: watch::Sender::new(BudgetLeft { left: of, of }),
            }),
        }
    }

    /// Follows the budget as it is used and comes back.
    pub fn left(&self) -> watch::Receiver<BudgetLeft> {
        self.shared.left.subscribe()
    }

    /// Waits for a slot, for as long as `patience`. Says no at once when it can be seen that the wait would be longer.
    pub async fn slot(&self, lane: Lane, patience: Duration) -> Result<Slot, TooLong> {
        let until = Instant::now() + patience;
        let place = Place::take(&self.shared, lane);
        loop {
            let changed = self.shared.changed.notified();
            let Some(free_at) = self.shared.try_take(place.key) else {
                return Ok(Slot {
                    shared: Arc::clone(&self.shared),
                    was_used: true,
                });
            };
            if free_at > until {
                return Err(TooLong(free_at.saturating_duration_since(Instant::now())));
            }
            // Either the time comes, or a slot comes back or the queue moves before it.
            let _ = timeout_at(free_at, changed).await;
        }
    }

    /// The vendor said "too many": nobody goes before `wait` is over.
    pub fn pause(&self, wait: Duration) {
        let mut slots = self.shared.lock();
        let until = Instant::now() + wait;
        slots.paused_until = slots.paused_until.max(Some(until));
        self.shared.publish(&mut slots);
    }
}

impl Slot {
    /// The request provably never left this desk: the vendor cannot have counted it.
    pub fn give_back(mut self) {
        self.was_used = false;
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut slots = self.shared.lock();
        slots.running -= 1;
        if self.was_used {
            slots.returning.push_back(Instant::now() + WINDOW);
        }
        self.shared.publish(&mut slots);
    }
}

impl<'a> Place<'a> {
    fn take(shared: &'a Shared, lane: Lane) -> Self {
        let mut slots = shared.lock();
        slots.arrivals += 1;
        let key = (lane, slots.arrivals);
        slots.waiting.insert(key);
        Self { shared, key }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.shared.lock().waiting.remove(&self.key);
        self.shared.changed.notify_waiters();
    }
}

impl Shared {
    /// Nothing that runs under the lock can panic half-way, so a poisoned lock still holds whole data.
    fn lock(&self) -> MutexGuard<'_, Slots> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a slot for `key`, or tells the earliest moment at which there can be one.
    fn try_take(self: &Arc<Self>, key: (Lane, u64)) -> Option<Instant> {
        let mut slots = self.lock();
        let now = Instant::now();
        slots.expire(now);
        let reserve = if key.0 == Lane::Read { self.reserve } else { 0 };
        let ahead = slots.waiting.range(..key).count();
        let needed = reserve as usize + ahead + 1;
        let missing = needed.saturating_sub(slots.free(self.of) as usize);
        let paused = slots.paused_until.filter(|until| *until > now);
        // A slot whose request still runs comes back a whole window after its end, which is not known yet.
        let free_at = missing
            .checked_sub(1)
            .map(|index| slots.returning.get(index).copied().unwrap_or(now + WINDOW));
        let at = free_at.max(paused);
        if at.is_none() {
            slots.running += 1;
            self.publish(&mut slots);
        }
        at
    }

    /// Tells what is left now, and sees to it that somebody tells when slots come back.
    fn publish(self: &Arc<Self>, slots: &mut Slots) {
        let now = Instant::now();
        slots.expire(now);
        let left = match slots.paused_until {
            Some(_) => 0,
            None => slots.free(self.of),
        };
        self.left.send_if_modified(|shown| {
            let is_news = shown.left != left;
            shown.left = left;
            is_news
        });
        self.changed.notify_waiters();
        if !slots.is_watched && slots.next_return().is_some() {
            // Without a runtime the process is ending, and nobody follows the budget any more.
            if let Ok(runtime) = tokio::runtime::Handle::try_current() {
                slots.is_watched = true;
                runtime.spawn(Arc::clone(self).watch());
            }
        }
    }

    /// Wakes once for each slot that comes back and ends when none is out: an idle console has no timer. A pause may
    /// end before the slot that was waited for, so a change is looked at too.
    async fn watch(self: Arc<Self>) {
        loop {
            let changed = self.changed.notified();
            let next = {
                let mut slots = self.lock();
                let next = slots.next_return();
                slots.is_watched = next.is_some();
                next
            };
            let Some(next) = next else { return };
            if timeout_at(next, changed).await.is_ok() {
                continue;
            }
            let mut slots = self.lock();
            self.publish(&mut slots);
        }
    }
}

impl Slots {
    fn expire(&mut self, now: Instant) {
        while self.returning.front().is_some_and(|at| *at <= now) {
            self.returning.pop_front();
        }
        self.paused_until = self.paused_until.filter(|until| *until > now);
    }

    fn free(&self, of: u32) -> u32 {
        let out = u32::try_from(self.returning.len()).unwrap_or(u32::MAX);
        of.saturating_sub(self.running).saturating_sub(out)
    }

    fn next_return(&self) -> Option<Instant> {
        let slot = self.returning.front().copied();
        match (slot, self.paused_until) {
            (Some(slot), Some(pause)) => Some(slot.min(pause)),
            (slot, pause) => slot.or(pause),
        }
    }
}

#[cfg(test)]
mod tests;
