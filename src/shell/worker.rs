//! The async API task: the vendor's adapter, the store and the courier behind two bounded channels.
//!
//! It starts after the first frame, on a thread of its own, and ends in order: what was typed goes to disk, then sends
//! under way get a moment to end. Whatever part of it cannot start is told, and every
//! request that needs that part is answered with the reason; nothing waits for ever.

mod lists;
mod questions;
mod request;

use std::io;
use std::sync::{Arc, mpsc as threads};
use std::time::{Duration, Instant};

use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::Answers;
use super::drawer::{self, Drawer, Errand};
use crate::app::Event;
use crate::clock::Clock;
use crate::courier::{CourierHandle, News, Order};
use crate::desk::{self, Desk, Setup, files};
use crate::domain::failure::BudgetLeft;
use crate::sandbox::Sandbox;
use crate::store::Sqlite;
use crate::trial;
use lists::Lists;
pub use request::Request;

/// Requests and events that may wait in a channel; a person cannot fill it.
const INBOX: usize = 256;

/// How long sends under way may take to end once the console has ended; those that take longer are Checking at the
/// next start.
const SENDS_PATIENCE: Duration = Duration::from_secs(3);

/// No end of the console takes longer.
const LONGEST_END: Duration = Duration::from_secs(4);

/// The console's end of the channels.
pub struct Worker {
    pub requests: Sender<Request>,
    pub events: Receiver<Event>,
    answers: Answers,
    /// Somebody is at the console.
    in_use: Arc<Notify>,
    /// Tells nothing; hung up when everything has ended.
    ended: threads::Receiver<()>,
}

impl Worker {
    pub fn start(setup: Setup) -> io::Result<Self> {
        let (requests, inbox) = channel(INBOX);
        let (answers, events) = channel(INBOX);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let outbox = answers.clone();
        let in_use = Arc::new(Notify::new());
        let used = Arc::clone(&in_use);
        let (at_work, ended) = threads::channel();
        let work = move || {
            runtime.block_on(serve(setup, (inbox, used), outbox));
            // What still waits for a program or a name server is waited for by nobody.
            runtime.shutdown_background();
            drop(at_work);
        };
        std::thread::Builder::new()
            .name("worker".to_owned())
            .spawn(work)?;
        Ok(Self {
            requests,
            events,
            answers,
            in_use,
            ended,
        })
    }

    /// Lets the worker end in order: what it was asked is done, and nothing new is begun.
    pub fn finish(self) {
        Self::finish_all([self]);
    }

    /// Lets several end in order at the same time: together they take no longer than one.
    pub fn finish_all(workers: impl IntoIterator<Item = Self>) {
        let ends: Vec<_> = workers.into_iter().map(Self::hang_up).collect();
        let until = Instant::now() + LONGEST_END;
        for ended in ends {
            // It hangs up when it has ended.
            let _ = ended.recv_timeout(until.saturating_duration_since(Instant::now()));
        }
    }

    fn hang_up(self) -> threads::Receiver<()> {
        let Self {
            requests,
            events,
            answers,
            in_use: _,
            ended,
        } = self;
        drop((requests, events, answers));
        ended
    }

    /// Tells the vendor's adapter that somebody is at the console.
    pub fn is_used(&self) {
        self.in_use.notify_one();
    }

    /// Where others than the worker may answer the console.
    pub(super) fn answers(&self) -> Answers {
        self.answers.clone()
    }
}

async fn serve(
    setup: Setup,
    (mut inbox, used): (Receiver<Request>, Arc<Notify>),
    answers: Answers,
) {
    let store = desk::store(&setup.paths).await;
    let drawer = Drawer {
        store: store.clone(),
        profile: setup.account.name.clone(),
        days: setup.account.draft_days,
        clock: trial::clock(),
        answers: answers.clone(),
    };
    let (errands, waiting) = channel(INBOX);
    let drawer = tokio::spawn(drawer.serve(waiting));
    let mut early = Vec::new();
    let account = setup.account.key();
    let opening = Desk::over(setup, store);
    let desk = open(opening, &mut inbox, &mut early, &errands, &answers).await;
    let sends = match desk {
        Some(desk) => work(desk, account, early, (inbox, &used), &errands, &answers).await,
        None => None,
    };
    drop(errands);
    // At once both: nothing new is sent while the disk takes its time.
    let _ = tokio::join!(timeout(drawer::PATIENCE, drawer), async {
        if let Some(sends) = sends {
            sends.finish().await;
        }
    });
}

/// A courier that gets no order any more but of the files that are still read, and the server that its sends may lead
/// to.
struct Sends {
    courier: CourierHandle,
    readings: JoinSet<()>,
    clock: Clock,
    sandbox: Option<Sandbox>,
}

impl Sends {
    async fn finish(mut self) {
        while self.readings.join_next().await.is_some() {}
        self.courier
            .finish_within(SENDS_PATIENCE, &self.clock)
            .await;
        drop(self.sandbox);
    }
}

/// Waits for the desk, which may take as long as a program that tells a secret; what is typed goes to disk meanwhile.
/// None where the console went before.
async fn open(
    opening: impl Future<Output = Desk>,
    inbox: &mut Receiver<Request>,
    early: &mut Vec<Request>,
    errands: &Sender<Errand>,
    answers: &Answers,
) -> Option<Desk> {
    tokio::pin!(opening);
    loop {
        tokio::select! {
            desk = &mut opening => return Some(desk),
            request = inbox.recv() => match request? {
                Request::Errand(errand) => send_on_errand(errands, errand, answers).await,
                request => early.push(request),
            },
        }
    }
}

/// Works until the console has gone.
async fn work(
    desk: Desk,
    account: String,
    early: Vec<Request>,
    (mut inbox, used): (Receiver<Request>, &Notify),
    errands: &Sender<Errand>,
    answers: &Answers,
) -> Option<Sends> {
    let Desk {
        adapter,
        store,
        mut courier,
        clock,
        sandbox,
    } = desk;
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
    let lists = Arc::new(Lists {
        adapter,
        store: store.ok(),
        account,
        clock: clock.clone(),
    });
    let mut early = early.into_iter();
    // Each request is done although nobody hears the answer any more: among them may be one to save.
    let mut is_heard = true;
    let mut readings = JoinSet::new();
    loop {
        let request = match early.next() {
            Some(request) => Some(request),
            None => tokio::select! {
                request = inbox.recv() => request,
                told = next(&mut courier), if is_heard => {
                    is_heard = answers.send(event(told)).await.is_ok();
                    continue;
                }
                Some(_) = readings.join_next() => continue,
                () = used.notified() => {
                    if let Ok(adapter) = lists.adapter() {
                        adapter.is_in_use();
                    }
                    continue;
                }
                left = changed(&mut budget), if is_heard => {
                    is_heard = answers.send(Event::BudgetChanged(left)).await.is_ok();
                    continue;
                }
            },
        };
        match request {
            Some(Request::Errand(errand)) => {
                send_on_errand(errands, errand, answers).await;
            }
            Some(request) => take(request, &lists, &courier, &mut readings, answers).await,
            None => break,
        }
    }
    courier.ok().map(|courier| Sends {
        courier,
        readings,
        clock,
        sandbox,
    })
}

/// A drawer that takes nothing leaves the errand with the console, which says so.
async fn send_on_errand(errands: &Sender<Errand>, errand: Errand, answers: &Answers) {
    if let Err(refused) = errands.try_send(errand) {
        let why = "the disk takes nothing at the moment";
        let _ = answers.send(refused.into_inner().refused(why)).await;
    }
}

/// Answers at once, or starts a task that will. Those whose end has to be awaited are among the `readings`. A console
/// that has gone needs no answer.
async fn take(
    request: Request,
    lists: &Arc<Lists>,
    courier: &Result<CourierHandle, String>,
    readings: &mut JoinSet<()>,
    answers: &Answers,
) {
    match (request, courier) {
        (
            request
            @ (Request::Branches { .. } | Request::Catalogue { .. } | Request::Slots { .. }),
            _,
        ) => {
            tokio::spawn(lists.clone().answer(request, answers.clone()));
        }
        (Request::Ask(question), courier) => {
            let orders = courier
                .as_ref()
                .ok()
                .map(|courier| courier.orders.downgrade());
            let (lists, answers) = (lists.clone(), answers.clone());
            tokio::spawn(async move {
                questions::ask(question, lists.adapter(), orders, answers).await;
            });
        }
        // It has a way of its own.
        (Request::Errand(_), _) => {}
        (Request::LookAtFile { draft, field, path }, _) => {
            let answers = answers.clone();
            tokio::spawn(async move {
                if let Err(why) = files::look(field, &path).await {
                    let _ = answers.send(Event::FileNotRead { draft, field, why }).await;
                }
            });
        }
        (request, Err(why)) => drop(answers.send(request.refused(why)).await),
        (Request::Save(asked), Ok(courier)) => {
            hand_over(&courier.orders, Order::Save(asked), answers).await;
        }
        (Request::SaveWithFile { mut asked, field }, Ok(courier)) => {
            let (orders, answers) = (courier.orders.clone(), answers.clone());
            // A slow disk keeps nothing else from its answer.
            readings.spawn(async move {
                match files::attach(&mut asked.submission, field).await {
                    Ok(()) => hand_over(&orders, Order::Save(asked), &answers).await,
                    Err(why) => {
                        let draft = asked.draft;
                        let _ = answers.send(Event::FileNotRead { draft, field, why }).await;
                    }
                }
            });
        }
        (Request::Decide { intent, decision }, Ok(courier)) => {
            let order = Order::Decide { intent, decision };
            hand_over(&courier.orders, order, answers).await;
        }
    }
}

/// A courier that does not take an order leaves it with the console, which says so.
async fn hand_over(orders: &Sender<Order>, order: Order, answers: &Answers) {
    let Err(refused) = orders.try_send(order) else {
        return;
    };
    let request = match refused.into_inner() {
        Order::Save(asked) => Request::Save(asked),
        Order::Decide { intent, decision } => Request::Decide { intent, decision },
        Order::SignedIn => return,
    };
    let refused = request.refused("the courier takes nothing at the moment: try again");
    // A console that has gone needs no answer.
    let _ = answers.send(refused).await;
}

fn event(news: News) -> Event {
    match news {
        News::NotSaved { draft, why } => Event::NotSaved { draft, why },
        News::Changed(standing) => Event::IntentChanged(standing),
        News::Refused { intent, why } => Event::DecisionRefused { intent, why },
        News::Stalled { why } => Event::Faulted(why),
    }
}

/// The courier's next news; never, where there is no courier, or none any more.
async fn next(courier: &mut Result<CourierHandle, String>) -> News {
    let told = match courier {
        Ok(courier) => courier.news.recv().await,
        Err(_) => None,
    };
    match told {
        Some(told) => told,
        None => std::future::pending().await,
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

#[cfg(test)]
mod tests;
