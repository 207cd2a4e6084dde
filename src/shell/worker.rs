//! The async API task: the vendor's adapter, the store and the courier behind two bounded channels.
//!
//! It starts after the first frame, on a thread of its own. Whatever part of it cannot start is told, and every
//! request that needs that part is answered with the reason; nothing waits for ever.

use std::io;
use std::sync::Arc;
use std::thread::JoinHandle;

use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::watch;

use super::Answers;
use crate::app::{CallId, Effect, Event};
use crate::courier::{CourierHandle, News, Order, ToSave};
use crate::desk::{Desk, Setup};
use crate::domain::branch::{BranchId, Party};
use crate::domain::failure::{BudgetLeft, Failure};
use crate::domain::standing::Decision;
use crate::domain::submission::IntentId;
use crate::store::Sqlite;
use crate::vendor::Adapter;

/// Requests and events that may wait in a channel; a person cannot fill it.
const INBOX: usize = 256;

/// What the console asks of the worker.
#[derive(Debug)]
pub enum Request {
    Branches {
        call: CallId,
    },
    Catalogue {
        call: CallId,
        branch: BranchId,
        party: Option<Party>,
    },
    Save(Box<ToSave>),
    Decide {
        intent: IntentId,
        decision: Decision,
    },
}

impl TryFrom<Effect> for Request {
    type Error = Effect;

    /// What the worker does; the effects that are the shell's own come back.
    fn try_from(effect: Effect) -> Result<Self, Effect> {
        Ok(match effect {
            Effect::LoadBranches { call } => Self::Branches { call },
            Effect::LoadCatalogue {
                call,
                branch,
                party,
            } => Self::Catalogue {
                call,
                branch,
                party,
            },
            Effect::Save {
                draft,
                follows,
                submission,
            } => Self::Save(Box::new(ToSave {
                draft,
                key: None,
                follows,
                submission: *submission,
            })),
            Effect::Decide { intent, decision } => Self::Decide { intent, decision },
            own @ (Effect::FindRows { .. } | Effect::Copy(_) | Effect::Redraw | Effect::Quit) => {
                return Err(own);
            }
        })
    }
}

impl Request {
    /// The answer to a request that nobody can take.
    pub fn refused(self, why: &str) -> Event {
        let failure = || Failure::Offline(why.to_owned());
        match self {
            Self::Branches { call } => Event::BranchesLoaded {
                call,
                result: Err(failure()),
            },
            Self::Catalogue { call, .. } => Event::CatalogueLoaded {
                call,
                result: Err(failure()),
            },
            Self::Save(asked) => Event::NotSaved {
                draft: asked.draft,
                why: why.to_owned(),
            },
            Self::Decide { intent, .. } => Event::DecisionRefused {
                intent,
                why: why.to_owned(),
            },
        }
    }
}

/// The console's end of the channels.
pub struct Worker {
    pub requests: Sender<Request>,
    pub events: Receiver<Event>,
    answers: Answers,
    _thread: JoinHandle<()>,
}

impl Worker {
    pub fn start(setup: Setup) -> io::Result<Self> {
        let (requests, inbox) = channel(INBOX);
        let (answers, events) = channel(INBOX);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let outbox = answers.clone();
        let work = move || runtime.block_on(serve(setup, inbox, outbox));
        let thread = std::thread::Builder::new()
            .name("worker".to_owned())
            .spawn(work)?;
        Ok(Self {
            requests,
            events,
            answers,
            _thread: thread,
        })
    }

    /// Where others than the worker may answer the console.
    pub(super) fn answers(&self) -> Answers {
        self.answers.clone()
    }
}

async fn serve(setup: Setup, mut inbox: Receiver<Request>, answers: Answers) {
    let Desk {
        adapter,
        store,
        courier,
        sandbox: _sandbox,
        ..
    } = Desk::open(setup).await;
    for fault in [adapter.as_ref().err(), courier.as_ref().err()]
        .into_iter()
        .flatten()
    {
        let _ = answers.send(Event::Faulted(fault.clone())).await;
    }
    if let Some(rescue) = store.as_ref().ok().and_then(Sqlite::rescue) {
        let _ = answers.send(Event::Faulted(rescue.to_string())).await;
    }
    let mut budget = adapter.as_ref().ok().map(|adapter| adapter.budget());
    let (orders, mut news) = match courier {
        Ok(CourierHandle { orders, news, .. }) => (Ok(orders), Some(news)),
        Err(why) => (Err(why), None),
    };
    loop {
        let sent = tokio::select! {
            request = inbox.recv() => match request {
                Some(request) => take(request, &adapter, &orders, &answers).await,
                None => return,
            },
            told = next(&mut news) => answers.send(event(told)).await.is_ok(),
            left = changed(&mut budget) => answers.send(Event::BudgetChanged(left)).await.is_ok(),
        };
        if !sent {
            return;
        }
    }
}

/// Answers at once, or starts a task that will; false when the console has gone.
async fn take(
    request: Request,
    adapter: &Result<Arc<Adapter>, String>,
    orders: &Result<Sender<Order>, String>,
    answers: &Answers,
) -> bool {
    let part = match &request {
        Request::Branches { .. } | Request::Catalogue { .. } => adapter.as_ref().err(),
        Request::Save(_) | Request::Decide { .. } => orders.as_ref().err(),
    };
    if let Some(why) = part {
        return answers.send(request.refused(why)).await.is_ok();
    }
    match (request, adapter, orders) {
        (Request::Save(asked), _, Ok(orders)) => {
            hand_over(orders, Order::Save(asked), answers).await
        }
        (Request::Decide { intent, decision }, _, Ok(orders)) => {
            hand_over(orders, Order::Decide { intent, decision }, answers).await
        }
        (request, Ok(adapter), _) => {
            tokio::spawn(load(request, adapter.clone(), answers.clone()));
            true
        }
        _ => true,
    }
}

/// A courier that does not take an order leaves it with the console, which says so.
async fn hand_over(orders: &Sender<Order>, order: Order, answers: &Answers) -> bool {
    let Err(refused) = orders.try_send(order) else {
        return true;
    };
    let request = match refused.into_inner() {
        Order::Save(asked) => Request::Save(asked),
        Order::Decide { intent, decision } => Request::Decide { intent, decision },
    };
    answers
        .send(request.refused("the courier takes nothing at the moment: try again"))
        .await
        .is_ok()
}

async fn load(request: Request, adapter: Arc<Adapter>, answers: Answers) {
    let event = match request {
        Request::Branches { call } => Event::BranchesLoaded {
            call,
            result: adapter.branches().await,
        },
        Request::Catalogue {
            call,
            branch,
            party,
        } => {
            let result = adapter
                .catalogue(&branch, party.as_ref())
                .await
                .map(Arc::new);
            Event::CatalogueLoaded { call, result }
        }
        Request::Save(_) | Request::Decide { .. } => return,
    };
    // A console that has gone needs no list.
    let _ = answers.send(event).await;
}

fn event(news: News) -> Event {
    match news {
        News::NotSaved { draft, why } => Event::NotSaved { draft, why },
        News::Changed(standing) => Event::IntentChanged(standing),
        News::Refused { intent, why } => Event::DecisionRefused { intent, why },
        News::Stalled { why } => Event::Faulted(why),
    }
}

/// The courier's next news; never, where there is no courier.
async fn next(news: &mut Option<Receiver<News>>) -> News {
    loop {
        let Some(receiver) = news else {
            std::future::pending().await
        };
        match receiver.recv().await {
            Some(told) => return told,
            None => *news = None,
        }
    }
}

/// The budget when it has changed; never, where there is none.
async fn changed(budget: &mut Option<watch::Receiver<BudgetLeft>>) -> BudgetLeft {
    loop {
        let Some(receiver) = budget else {
            std::future::pending().await
        };
        match receiver.changed().await {
            Ok(()) => return *receiver.borrow_and_update(),
            Err(_) => *budget = None,
        }
    }
}
