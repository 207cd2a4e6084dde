//! The request budget of one account: never more than so many requests in any 60 seconds, as the vendor counts them.
//!
//! A vendor counts a request at a moment this desk cannot see, somewhere between its first byte and its answer. So a
//! slot is held while a request runs and comes back a window after it **ended**: whatever moment the vendor took, no
//! window can hold more requests than there are slots. The slots stand in a [`Book`], which the consoles of a machine
//! share; here is the order in which this process asks for them. Must not know what the requests are for.

pub mod book;
pub mod memory;

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::{Mutex as Turn, Notify, watch};
use tokio::task::JoinHandle;

use self::book::{Book, Entry, Left, Taken, Terms};
use crate::clock::{Clock, Steady};
use crate::domain::failure::BudgetLeft;

/// Who goes first when slots are short: the order of the variants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    SignIn,
    Send,
    /// Lists for the screen. They leave a reserve to the other two.
    Read,
}

/// The way of one process to the slots of an account, shared by every call.
#[derive(Clone)]
pub struct Budget {
    shared: Arc<Shared>,
}

struct Shared {
    clock: Clock,
    book: Arc<dyn Book>,
    terms: Terms,
    /// Slots that reads leave untouched.
    reserve: u32,
    queue: Mutex<Queue>,
    changed: Notify,
    left: watch::Sender<BudgetLeft>,
    /// Held from reading the book to telling what it says: an older reading is never told after a newer one.
    telling: Turn<()>,
}

/// What this process alone is up to.
#[derive(Default)]
struct Queue {
    /// Those who wait, in the order they will go: by lane, then by arrival.
    waiting: BTreeSet<(Lane, u64)>,
    arrivals: u64,
    /// Slots that are held.
    held: u32,
    /// When the slots of ended requests come back; ends are noted in order, so the front is the first.
    returning: VecDeque<Steady>,
    is_followed: bool,
}

/// How long the wait for a slot would have been, had it been worth it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the request budget is used up for the next {} s", .0.as_secs_f32().ceil())]
pub struct TooLong(pub Duration);

/// The right to send one request. Dropped, it goes back at once when nothing was sent with it, and otherwise a window
/// later.
#[must_use]
pub struct Slot {
    shared: Arc<Shared>,
    entry: Entry,
    taken_at: Steady,
    is_spent: bool,
    is_home: bool,
}

/// A place in the queue, given up when the wait is over or abandoned.
struct Place<'a> {
    shared: &'a Shared,
    key: (Lane, u64),
}

impl Budget {
    pub fn new(terms: Terms, reserve: u32, clock: Clock, book: Arc<dyn Book>) -> Self {
        let of = terms.of;
        Self {
            shared: Arc::new(Shared {
                clock,
                book,
                terms,
                reserve: reserve.min(of.saturating_sub(1)),
                queue: Mutex::default(),
                changed: Notify::new(),
                left: watch::Sender::new(BudgetLeft { left: of, of }),
                telling: Turn::default(),
            }),
        }
    }

    /// Follows the budget: the truth of the whole machine whenever this process uses it or gets a slot back.
    pub fn left(&self) -> watch::Receiver<BudgetLeft> {
        self.shared.left.subscribe()
    }

    /// Waits for a slot, for as long as `patience`. Says no at once when it can be seen that the wait would be longer.
    pub async fn slot(&self, lane: Lane, patience: Duration) -> Result<Slot, TooLong> {
        let until = self.shared.clock.steady() + patience;
        let place = Place::take(&self.shared, lane);
        loop {
            let changed = self.shared.changed.notified();
            let free_at = match self.shared.try_take(place.key).await {
                Ok(slot) => return Ok(slot),
                Err(free_at) => free_at,
            };
            let wait = free_at.saturating_sub(self.shared.clock.steady());
            if free_at > until {
                return Err(TooLong(wait));
            }
            // Either the time comes, or something changes in this process before it. What other consoles do is seen
            // when the book is read again, at the named moment at the latest.
            tokio::select! {
                () = self.shared.clock.sleep(wait) => {}
                () = changed => {}
            }
        }
    }

    /// A slot for `lane` right now, behind everybody who already waits in front; or the moment before which there can
    /// be none.
    pub async fn slot_now(&self, lane: Lane) -> Result<Slot, Steady> {
        self.shared.try_take((lane, u64::MAX)).await
    }

    /// The vendor said "too many": nobody goes before `wait` is over.
    pub async fn pause(&self, wait: Duration) {
        let until = self.shared.clock.steady() + wait;
        self.shared.book.pause(until).await;
        self.shared.changed.notify_waiters();
        self.shared.follow_on().await;
    }
}

impl Slot {
    /// From here on the vendor may count it.
    pub fn spend(&mut self) {
        self.is_spent = true;
    }

    /// How long ago it was taken.
    pub fn age(&self) -> Duration {
        self.shared.clock.steady().saturating_sub(self.taken_at)
    }

    /// The request provably never left this desk: the vendor cannot have counted it.
    pub async fn give_back(mut self) {
        self.is_spent = false;
        if let Some(work) = self.go_home() {
            let _ = work.await;
        }
    }

    /// In a task of its own: who held it may be gone in the next moment. Without a runtime the process is ending, and
    /// the book itself lets the slot come back.
    fn go_home(&mut self) -> Option<JoinHandle<()>> {
        let runtime = Handle::try_current().ok()?;
        self.is_home = true;
        let (shared, entry) = (Arc::clone(&self.shared), self.entry);
        let ended_at = self.is_spent.then(|| shared.clock.steady());
        Some(runtime.spawn(async move { shared.came_home(entry, ended_at).await }))
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        if !self.is_home {
            self.go_home();
        }
    }
}

impl<'a> Place<'a> {
    fn take(shared: &'a Shared, lane: Lane) -> Self {
        let mut queue = shared.lock();
        queue.arrivals += 1;
        let key = (lane, queue.arrivals);
        queue.waiting.insert(key);
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
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a slot for `key`, or tells the earliest moment at which there can be one.
    async fn try_take(self: &Arc<Self>, key: (Lane, u64)) -> Result<Slot, Steady> {
        let ahead = self.lock().waiting.range(..key).count();
        let reserve = if key.0 == Lane::Read { self.reserve } else { 0 };
        let reserve = reserve.saturating_add(u32::try_from(ahead).unwrap_or(u32::MAX));
        let now = self.clock.steady();
        let entry = match self.book.take(key.0, reserve, now).await {
            Taken::Yes(entry) => entry,
            Taken::NotBefore(at) => return Err(at),
        };
        self.lock().held += 1;
        let slot = Slot {
            shared: Arc::clone(self),
            entry,
            taken_at: now,
            is_spent: false,
            is_home: false,
        };
        self.tell().await;
        Ok(slot)
    }

    /// `ended_at` is when its request ended, where there was one.
    async fn came_home(self: Arc<Self>, entry: Entry, ended_at: Option<Steady>) {
        match ended_at {
            Some(at) => self.book.end(entry, at).await,
            None => self.book.give_back(entry).await,
        }
        {
            let mut queue = self.lock();
            queue.held -= 1;
            queue
                .returning
                .extend(ended_at.map(|at| at + self.terms.window));
        }
        self.changed.notify_waiters();
        self.follow_on().await;
    }

    /// Tells what is left now.
    async fn tell(&self) -> Left {
        let _turn = self.telling.lock().await;
        let left = self.book.left(self.clock.steady()).await;
        let free = match left.paused_until {
            Some(_) => 0,
            None => left.free,
        };
        self.left.send_if_modified(|shown| {
            let is_news = shown.left != free;
            shown.left = free;
            is_news
        });
        left
    }

    /// Tells what is left now, and sees to it that somebody tells when slots come back.
    async fn follow_on(self: &Arc<Self>) {
        let left = self.tell().await;
        let is_needed = {
            let mut queue = self.lock();
            let is_needed = !queue.is_followed && self.next_look(&mut queue, left).is_some();
            queue.is_followed |= is_needed;
            is_needed
        };
        if is_needed && let Ok(runtime) = Handle::try_current() {
            runtime.spawn(Arc::clone(self).follow());
        }
    }

    /// Looks once for each slot of this process that comes back, and ends when all are home: an idle console has no
    /// timer. A pause may end before the slot that was waited for, so a change is looked at too.
    async fn follow(self: Arc<Self>) {
        loop {
            let changed = self.changed.notified();
            let left = self.tell().await;
            let next = {
                let mut queue = self.lock();
                let next = self.next_look(&mut queue, left);
                queue.is_followed = next.is_some();
                next
            };
            let Some(next) = next else { return };
            let wait = next.saturating_sub(self.clock.steady());
            tokio::select! {
                () = self.clock.sleep(wait) => {}
                () = changed => {}
            }
        }
    }

    /// When what is left changes next by itself, as far as this process must know.
    fn next_look(&self, queue: &mut Queue, left: Left) -> Option<Steady> {
        let now = self.clock.steady();
        while queue.returning.front().is_some_and(|at| *at <= now) {
            queue.returning.pop_front();
        }
        let own = queue.returning.front().copied();
        // What is out then belongs to other consoles: a look a minute shows when they are done.
        let others = own.is_none() && queue.held == 0 && left.free < self.terms.of;
        let others = others.then(|| now + self.terms.window);
        [own, others, left.paused_until].into_iter().flatten().min()
    }
}

#[cfg(test)]
mod tests;
