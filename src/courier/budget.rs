//! The book of slots that the consoles of one machine share: it lies in the store.
//!
//! The store may fail: the disk is full, or another program holds the file. What this process needs then goes through
//! [`Alone`], which can neither stop it for ever nor exceed the budget. Must not know what the requests are for.

use std::time::Duration;

use tokio::sync::Mutex;

use crate::clock::Steady;
use crate::store::budgets::{Allowance, Budgets, Slot, SlotId};
use crate::vendor::budget::book::{Answer, Book, Entry, Left, Taken, Terms};
use crate::vendor::budget::memory::Memory;

/// How many consoles may be without the store at once and still keep the budget together.
const CONSOLES: u32 = 4;

/// When a store that did not answer is asked again at the latest.
const RETRY: Duration = Duration::from_secs(5);

/// The book of one account.
pub struct Shared<S> {
    store: S,
    account: String,
    terms: Terms,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The longest pause that this process knows of.
    paused_until: Option<Steady>,
    alone: Option<Alone>,
}

/// What this process does while the store does not answer.
///
/// Nobody can tell what the other consoles have used up to this moment. So at first every slot counts as out, for as
/// long as a slot can be out; from then on whatever was taken through the store has come back. The others have lost
/// the store too, since it is one file, and each of them keeps to its share of the slots: together they never use
/// more than all. The first answer of the store ends it, and what this console used meanwhile is written down there
/// first. What another one used alone and has not written down yet only that console knows: for that minute the
/// vendor's own "too many" is the guard.
struct Alone {
    quiet_until: Steady,
    memory: Memory,
}

impl<S: Budgets + 'static> Shared<S> {
    /// The book of `account` in `store`. The account is named by what the vendor counts by.
    pub fn new(store: S, account: String, terms: Terms) -> Self {
        Self {
            store,
            account,
            terms,
            state: Mutex::default(),
        }
    }

    fn allowance(&self) -> Allowance {
        Allowance {
            of: self.terms.of,
            window: self.terms.window,
            longest: self.terms.longest,
        }
    }

    async fn try_take(&self, reserve: u32, now: Steady) -> Taken {
        let mut state = self.state.lock().await;
        if let Some(until) = state.paused_until.filter(|until| *until > now) {
            return Taken::NotBefore(until);
        }
        if self.wrote_down(&state, now).await {
            let taken = self
                .store
                .take_slot(&self.account, self.allowance(), reserve, now);
            match taken.await {
                Ok(slot) => {
                    state.alone = None;
                    return match slot {
                        Slot::Taken(slot) => Taken::Yes(Entry(slot.0)),
                        Slot::NotBefore(at) => Taken::NotBefore(at),
                    };
                }
                Err(error) => tracing::warn!(%error, "the request budget is kept in memory"),
            }
        }
        let alone = self.alone(&mut state, now);
        if alone.quiet_until > now {
            return Taken::NotBefore(alone.quiet_until.min(now + RETRY));
        }
        match alone.memory.take(reserve, now).await {
            // The store counts upwards from one.
            Taken::Yes(entry) => Taken::Yes(Entry(-entry.0)),
            Taken::NotBefore(at) => Taken::NotBefore(at.min(now + RETRY)),
        }
    }

    /// Writes down what was used without the store; tells whether nothing of it is missing there. Where the store
    /// fails again right afterwards some of it stands there twice, which errs on the right side.
    async fn wrote_down(&self, state: &State, now: Steady) -> bool {
        let Some(alone) = &state.alone else {
            return true;
        };
        let returns = alone.memory.returns(now);
        returns.is_empty() || self.store.add_slots(&self.account, &returns).await.is_ok()
    }

    fn alone<'a>(&self, state: &'a mut State, now: Steady) -> &'a Alone {
        state.alone.get_or_insert_with(|| Alone {
            quiet_until: now + self.terms.longest + self.terms.window,
            memory: Memory::new(Terms {
                of: (self.terms.of / CONSOLES).max(1),
                ..self.terms
            }),
        })
    }

    async fn went(&self, entry: Entry, ended_at: Option<Steady>) {
        if entry.0 < 0 {
            // After the store has answered again the slot stands there, with the latest moment of its return.
            let alone = self.state.lock().await;
            if let Some(alone) = &alone.alone {
                let entry = Entry(-entry.0);
                match ended_at {
                    Some(at) => alone.memory.end(entry, at).await,
                    None => alone.memory.give_back(entry).await,
                }
            }
            return;
        }
        let slot = SlotId(entry.0);
        // A slot whose end could not be told comes back later than it need.
        let told = match ended_at {
            Some(at) => {
                let allowance = self.allowance();
                self.store
                    .end_slot(&self.account, slot, allowance, at)
                    .await
            }
            None => self.store.give_slot_back(slot).await,
        };
        if let Err(error) = told {
            tracing::warn!(%error, "the end of a request is not in the book");
        }
    }

    async fn hold(&self, until: Steady) {
        let mut state = self.state.lock().await;
        state.paused_until = state.paused_until.max(Some(until));
        // Where it cannot be kept this process knows it all the same, and the others are told by the vendor.
        if let Err(error) = self.store.pause(&self.account, until).await {
            tracing::warn!(%error, "the pause that the vendor asked for is not in the book");
        }
    }

    async fn look(&self, now: Steady) -> Left {
        let mut state = self.state.lock().await;
        let read = match &state.alone {
            None => self
                .store
                .left(&self.account, self.allowance(), now)
                .await
                .ok(),
            Some(_) => None,
        };
        let left = match (read, &state.alone) {
            (Some(left), _) => Left {
                free: left.free,
                paused_until: left.paused_until,
            },
            (None, Some(alone)) if alone.quiet_until <= now => alone.memory.left(now).await,
            (None, _) => Left {
                free: 0,
                paused_until: None,
            },
        };
        state.paused_until = state
            .paused_until
            .max(left.paused_until)
            .filter(|until| *until > now);
        Left {
            paused_until: state.paused_until,
            ..left
        }
    }
}

impl<S: Budgets + 'static> Book for Shared<S> {
    fn take(&self, reserve: u32, now: Steady) -> Answer<'_, Taken> {
        Box::pin(self.try_take(reserve, now))
    }

    fn end(&self, entry: Entry, at: Steady) -> Answer<'_, ()> {
        Box::pin(self.went(entry, Some(at)))
    }

    fn give_back(&self, entry: Entry) -> Answer<'_, ()> {
        Box::pin(self.went(entry, None))
    }

    fn pause(&self, until: Steady) -> Answer<'_, ()> {
        Box::pin(self.hold(until))
    }

    fn left(&self, now: Steady) -> Answer<'_, Left> {
        Box::pin(self.look(now))
    }
}
