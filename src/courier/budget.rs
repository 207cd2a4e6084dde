//! The book of slots that the consoles of one machine share: it lies in the store.
//!
//! The store may fail: the disk is full, or another program holds the file. No attempt can be committed then, so no
//! send gets a slot; a sign-in or a list goes through `Alone`. Must not know what the requests ask for.

use std::time::Duration;

use tokio::sync::Mutex;

use crate::clock::Steady;
use crate::store::budgets::{Allowance, Budgets, Slot, SlotId};
use crate::vendor::budget::Lane;
use crate::vendor::budget::book::{Answer, Book, Entry, Left, Taken, Terms};
use crate::vendor::budget::memory::Memory;

/// What one console may use in a window without the store: a sign-in and a few lists. Twelve consoles that do so at
/// once still keep the budget of 60.
const SHARE: u32 = 5;

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
/// long as a slot can be out; from then on whatever was taken through the store has come back, and each console keeps
/// to its [`SHARE`], which the others leave to it. As soon as the store answers it is written down there, before anything
/// else is taken.
struct Alone {
    quiet_until: Steady,
    memory: Memory,
}

impl Alone {
    fn since(now: Steady, terms: Terms) -> Self {
        Self {
            quiet_until: now + terms.longest + terms.window,
            memory: without_store(terms),
        }
    }

    /// Nothing that must be committed first can go, and the lists leave one slot to a sign-in.
    async fn take(&self, lane: Lane, now: Steady) -> Taken {
        let reserve = match lane {
            Lane::SignIn => 0,
            Lane::Read => 1,
            Lane::Send => return Taken::NotBefore(now + RETRY),
        };
        if self.quiet_until > now {
            return Taken::NotBefore(self.quiet_until.min(now + RETRY));
        }
        match self.memory.take(lane, reserve, now).await {
            // The store counts upwards from one.
            Taken::Yes(entry) => Taken::Yes(Entry(-entry.0)),
            Taken::NotBefore(at) => Taken::NotBefore(at.min(now + RETRY)),
        }
    }

    async fn left(&self, now: Steady) -> Left {
        if self.quiet_until > now {
            return NOTHING;
        }
        self.memory.left(now).await
    }
}

/// The book of a desk that has no store to share it in: its share, in memory.
pub fn without_store(terms: Terms) -> Memory {
    Memory::share(Terms {
        of: SHARE.min(terms.of),
        ..terms
    })
}

const NOTHING: Left = Left {
    free: 0,
    paused_until: None,
};

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
            alone: SHARE,
        }
    }

    async fn try_take(&self, lane: Lane, reserve: u32, now: Steady) -> Taken {
        let mut state = self.state.lock().await;
        if let Some(until) = state.paused_until.filter(|until| *until > now) {
            return Taken::NotBefore(until);
        }
        if self.wrote_down(&mut state, now).await {
            let taken = self
                .store
                .take_slot(&self.account, self.allowance(), reserve, now);
            match taken.await {
                Ok(slot) => {
                    self.is_back(&mut state);
                    return match slot {
                        Slot::Taken(slot) => Taken::Yes(Entry(slot.0)),
                        Slot::NotBefore(at) => Taken::NotBefore(at),
                    };
                }
                Err(error) => tracing::warn!(%error, "the request budget is kept in memory"),
            }
        }
        if state.alone.is_none() && !self.store.stand_alone(true) {
            return Taken::NotBefore(now + RETRY);
        }
        let alone = state
            .alone
            .get_or_insert_with(|| Alone::since(now, self.terms));
        alone.take(lane, now).await
    }

    /// Writes down what was used without the store; tells whether nothing of it is missing there.
    async fn wrote_down(&self, state: &mut State, now: Steady) -> bool {
        let Some(alone) = &state.alone else {
            return true;
        };
        let returns = alone.memory.returns(now);
        if returns.is_empty() {
            return true;
        }
        let is_down = self.store.add_slots(&self.account, &returns).await.is_ok();
        if is_down {
            // The store answers; were it to fail again, that would be a new silence.
            self.is_back(state);
        }
        is_down
    }

    /// Whether the store takes a slot again is seen by taking one.
    async fn ask_again(&self, state: &mut State, now: Steady) {
        let taken = self
            .store
            .take_slot(&self.account, self.allowance(), 0, now);
        let Ok(slot) = taken.await else {
            return;
        };
        self.is_back(state);
        if let Slot::Taken(slot) = slot {
            // One that could not be given back is out for a while.
            let _ = self.store.give_slot_back(slot).await;
        }
    }

    fn is_back(&self, state: &mut State) {
        if state.alone.take().is_some() {
            // Where they cannot be told, the others go on leaving this one its share.
            self.store.stand_alone(false);
        }
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

    /// What the store says is left; nothing where it does not answer.
    async fn read(&self, now: Steady) -> Left {
        let left = self.store.left(&self.account, self.allowance(), now);
        left.await.map_or(NOTHING, |left| Left {
            free: left.free,
            paused_until: left.paused_until,
        })
    }

    async fn look(&self, now: Steady) -> Left {
        let mut state = self.state.lock().await;
        if state.alone.is_some() && self.wrote_down(&mut state, now).await {
            self.ask_again(&mut state, now).await;
        }
        let left = match &state.alone {
            Some(alone) => alone.left(now).await,
            None => self.read(now).await,
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
    fn take(&self, lane: Lane, reserve: u32, now: Steady) -> Answer<'_, Taken> {
        Box::pin(self.try_take(lane, reserve, now))
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
