//! The request budget of each account, shared by every process of this machine: never more than so many requests in
//! any window, as the vendor counts them.
//!
//! A vendor counts a request at a moment between its first byte and its answer. So a slot is taken before the first
//! byte leaves and comes back a whole window after the request **ended**; one whose end was never told comes back a
//! window after the longest that a request can take.

use std::time::Duration;

use super::error::StoreError;
use crate::clock::Steady;

/// What a vendor allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Requests in any window.
    pub of: u32,
    pub window: Duration,
    /// The longest from taking a slot to the end of its request.
    pub longest: Duration,
    /// What a console that has lost the store may use in a window; it is left to each that says it has.
    pub alone: u32,
}

/// A slot that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlotId(pub i64);

/// What came of asking for a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    Taken(SlotId),
    /// None before this moment, which is yet to come.
    NotBefore(Steady),
}

/// An account's budget as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    pub free: u32,
    pub paused_until: Option<Steady>,
}

pub trait Budgets: Send + Sync {
    /// Takes a slot where more than `reserve` are free and the vendor did not ask for a pause.
    fn take_slot(
        &self,
        account: &str,
        allowance: Allowance,
        reserve: u32,
        now: Steady,
    ) -> impl Future<Output = Result<Slot, StoreError>> + Send;

    /// The request ended at `at`, however it ended. Counts even a slot that was believed to have come back.
    fn end_slot(
        &self,
        account: &str,
        slot: SlotId,
        allowance: Allowance,
        at: Steady,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// The request provably never left: the vendor cannot have counted it.
    fn give_slot_back(&self, slot: SlotId) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Tells the other consoles, without the file, that this one has lost it, or has it again; says whether they were
    /// told.
    fn stand_alone(&self, is_alone: bool) -> bool;

    /// Slots that were used while the store could not be asked, each by the moment at which it comes back.
    fn add_slots(
        &self,
        account: &str,
        returns: &[Steady],
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// The vendor said "too many": nobody goes before `until`.
    fn pause(
        &self,
        account: &str,
        until: Steady,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    fn left(
        &self,
        account: &str,
        allowance: Allowance,
        now: Steady,
    ) -> impl Future<Output = Result<Left, StoreError>> + Send;
}
