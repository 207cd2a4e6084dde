//! Takes what is saved to the vendor, and learns what became of it.
//!
//! Order law: `commit(intent)` before "Saved" is shown; `commit(attempt)` before the first byte leaves;
//! `commit(outcome)` before "Accepted" is shown. A send runs in a task of its own; nothing in the interface can drop
//! it half-way.
//!
//! An actor: orders come in through a bounded inbox, news go out, and nothing else touches the store's intents.
//! `plan` decides, `rounds` does. It sleeps until something is due and never polls.

mod account;
pub mod budget;
pub mod decide;
pub mod plan;
mod rounds;
pub mod settings;
mod trouble;
mod wall;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use crate::clock::{Clock, Steady};
use crate::domain::evidence::Outcome;
use crate::domain::failure::Failure;
use crate::domain::looked::Looked;
use crate::domain::standing::{Decision, Standing};
use crate::domain::submission::{DraftId, Intent, IntentId, Submission};
use crate::domain::tier::Tier;
use crate::store::intents::Intents;
use crate::store::sign_ins::SignIns;
use crate::vendor::Adapter;
use crate::vendor::budget::Slot;

use self::rounds::Rounds;
pub use self::rounds::write_off;
use self::settings::Settings;

/// Orders and news that may wait; more of them is a fault of the one who does not read.
const INBOX: usize = 256;

/// What a person wants sent, of one draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToSave {
    pub draft: DraftId,
    /// A caller's own name for it: the same name again is the same wish.
    pub key: Option<String>,
    /// See [`Intent::follows`].
    pub follows: Option<IntentId>,
    pub submission: Submission,
}

/// What the courier is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    Save(Box<ToSave>),
    Decide {
        intent: IntentId,
        decision: Decision,
    },
    /// A person has signed in: an account that was out is asked at once whether it works again.
    SignedIn,
}

/// What the courier tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// The draft could not be made safe; nothing was sent and nothing will be.
    NotSaved { draft: DraftId, why: String },
    /// A state, or something that is known about it, changed. The first one of an intent says it is saved.
    Changed(Box<Standing>),
    /// A decision that this state does not allow, or that could not be kept. Nothing changed.
    Refused { intent: IntentId, why: String },
    /// The store does not take or give what it should. The courier goes on trying; nothing is sent meanwhile.
    Stalled { why: String },
}

/// Who makes one attempt on the wire: an adapter of a vendor, or a script in a test.
pub trait Carrier: Send + Sync + 'static {
    /// The right to one attempt, asked for before the attempt is committed: one that could not leave would have been
    /// none. Otherwise the moment before which nothing can leave. Without a request budget there is nothing to ask.
    fn admit(&self) -> impl Future<Output = Result<Option<Slot>, Steady>> + Send {
        std::future::ready(Ok(None))
    }

    /// One attempt. It never repeats a create by itself, except once after a 401.
    fn submit(&self, intent: &Intent, slot: Option<Slot>) -> impl Future<Output = Outcome> + Send;

    /// What the vendor lets the program do by itself about this one, once its answer did not come.
    fn tier(&self, intent: &Intent) -> Tier;

    /// One complete look whether it is at the vendor, where the tier is [`Tier::Read`]: a read, made in the lane of the
    /// budget for such. The first attempt that may have made a record began at `since`.
    fn look(&self, intent: &Intent, since: DateTime<Utc>) -> impl Future<Output = Looked> + Send;

    /// Whether the vendor is reached and takes the key, proven on the wire and without creating anything.
    fn probe(&self) -> impl Future<Output = Result<(), Failure>> + Send;
}

impl Carrier for dyn Adapter {
    async fn admit(&self) -> Result<Option<Slot>, Steady> {
        Adapter::admit(self).await.map(Some)
    }

    async fn submit(&self, intent: &Intent, slot: Option<Slot>) -> Outcome {
        Adapter::submit(self, intent, slot).await
    }

    fn tier(&self, intent: &Intent) -> Tier {
        Adapter::tier(self, intent)
    }

    async fn look(&self, intent: &Intent, since: DateTime<Utc>) -> Looked {
        Adapter::look(self, intent, since).await
    }

    fn probe(&self) -> impl Future<Output = Result<(), Failure>> + Send {
        Adapter::reach(self)
    }
}

/// The way to a courier at work. It may be taken apart: the courier ends, sends under way awaited, when the last
/// sender of orders is gone; nobody needs to read the news for that once their receiver is gone.
#[derive(Debug)]
pub struct CourierHandle {
    pub orders: mpsc::Sender<Order>,
    pub news: mpsc::Receiver<News>,
    /// Whether nothing will happen any more by itself: nothing is Saved, Sending or Checking. It is told after the
    /// news of the last order; what needs a person does not count.
    pub idle: watch::Receiver<bool>,
    /// Ends when everything under way has ended and is kept.
    pub work: JoinHandle<()>,
}

impl CourierHandle {
    /// Starts nothing more, awaits the sends under way and keeps their outcomes, for so long at most. What has no
    /// answer by then stays an open attempt on disk: Checking at the next start, or at once on another console.
    pub async fn finish_within(self, patience: Duration, clock: &Clock) {
        self.finish_telling(patience, clock, drop).await;
    }

    /// As [`Self::finish_within`]; `hear` is told the last news.
    pub async fn finish_telling(
        self,
        patience: Duration,
        clock: &Clock,
        mut hear: impl FnMut(News),
    ) {
        let Self {
            orders,
            mut news,
            mut work,
            ..
        } = self;
        drop(orders);
        let is_late = tokio::select! {
            biased;
            () = async {
                while let Some(told) = news.recv().await {
                    hear(told);
                }
                // A courier that broke off left its open attempts on disk: the next start says Checking.
                let _ = (&mut work).await;
            } => false,
            () = clock.sleep(patience) => true,
        };
        if is_late {
            work.abort();
            let _ = work.await;
        }
    }
}

/// The courier of one profile.
pub struct Courier;

impl Courier {
    /// Starts the courier in a task of its own. It first takes up everything of the profile that is not settled, and
    /// tells of each.
    pub fn start<S: Intents + SignIns + Clone + 'static, C: Carrier + ?Sized>(
        store: S,
        carrier: Arc<C>,
        settings: Settings,
        clock: Clock,
    ) -> CourierHandle {
        let (orders, inbox) = mpsc::channel(INBOX);
        let (outbox, news) = mpsc::channel(INBOX);
        let (is_idle, idle) = watch::channel(false);
        let rounds = Rounds::new(store, carrier, settings, clock, outbox, is_idle);
        CourierHandle {
            orders,
            news,
            idle,
            work: tokio::spawn(rounds.run(inbox)),
        }
    }
}
