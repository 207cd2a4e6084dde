//! The book in which the slots of one account are kept: who has taken one, and when each comes back.
//!
//! A desk alone keeps it in memory ([`super::memory::Memory`]); the consoles of one machine share one. Moments are on
//! the steady clock, which they all see alike.

use std::pin::Pin;
use std::time::Duration;

use super::Lane;
use crate::clock::Steady;

/// What a vendor allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Requests in any window.
    pub of: u32,
    pub window: Duration,
    /// The longest from taking a slot to the end of its request.
    pub longest: Duration,
}

/// A line of the book: one slot that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry(pub i64);

/// What came of asking for a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    Yes(Entry),
    /// There can be none before this moment, which is yet to come.
    NotBefore(Steady),
}

/// How an account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    pub free: u32,
    /// The vendor asked that nobody goes before.
    pub paused_until: Option<Steady>,
}

/// What a book answers, in its own time.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A book of slots. It always has an answer: one that cannot be read errs on the side of too few requests.
pub trait Book: Send + Sync + 'static {
    /// Takes a slot where more than `reserve` are free. Who has lost the book they share may still let some lanes go.
    fn take(&self, lane: Lane, reserve: u32, now: Steady) -> Answer<'_, Taken>;

    /// The request ended at `at`, however it ended: its slot comes back a window later.
    fn end(&self, entry: Entry, at: Steady) -> Answer<'_, ()>;

    /// The request provably never left: the vendor cannot have counted it.
    fn give_back(&self, entry: Entry) -> Answer<'_, ()>;

    /// The vendor said "too many": nobody goes before `until`. A shorter pause does not end a longer one.
    fn pause(&self, until: Steady) -> Answer<'_, ()>;

    fn left(&self, now: Steady) -> Answer<'_, Left>;
}
