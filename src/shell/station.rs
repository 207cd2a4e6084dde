//! One profile at work: its console's state, the worker behind it, and its finder. It works on while another one is
//! shown. Must not know the terminal.

use std::collections::{BTreeSet, VecDeque};
use std::io;
use std::sync::mpsc as threads;
use std::task::{Context, Poll, ready};

use tokio::sync::mpsc::error::TrySendError;

use super::finder::{self, Question};
use super::worker::{Request, Worker};
use crate::app::profiles::Tally;
use crate::app::{App, Effect, Event};
use crate::desk::Setup;
use crate::domain::evidence::State;
use crate::domain::submission::DraftId;

/// A profile that is open in this console.
pub(super) struct Station {
    pub app: App,
    worker: Worker,
    is_worker_there: bool,
    finder: Option<threads::Sender<Question>>,
    /// What the worker told and the console has not heard yet.
    told: VecDeque<Event>,
    /// Sent from here and refused while another profile was shown.
    refused: BTreeSet<DraftId>,
}

impl Station {
    /// Starts what lies behind a console, and hands it its first orders.
    pub fn start(app: App, orders: Vec<Effect>, setup: Setup) -> io::Result<Self> {
        let mut station = Self {
            app,
            worker: Worker::start(setup)?,
            is_worker_there: true,
            finder: None,
            told: VecDeque::new(),
            refused: BTreeSet::new(),
        };
        station.carry_out(orders)?;
        Ok(station)
    }

    /// Waits for the worker's next word; it is kept until it is [taken](Self::take_told).
    pub fn poll_told(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if !self.is_worker_there {
            return Poll::Pending;
        }
        let event = ready!(self.worker.events.poll_recv(context));
        self.told.push_back(event.unwrap_or_else(|| {
            self.is_worker_there = false;
            Event::Faulted("The sending part has stopped: leave and start again".to_owned())
        }));
        Poll::Ready(())
    }

    /// Everything that the worker has told by now.
    pub fn take_told(&mut self) -> VecDeque<Event> {
        while let Ok(event) = self.worker.events.try_recv() {
            self.told.push_back(event);
        }
        std::mem::take(&mut self.told)
    }

    /// Lets the console handle an event, and does what it orders; gives back the orders that are not this station's.
    pub fn hear(&mut self, event: Event) -> io::Result<Vec<Effect>> {
        let orders = self.app.handle(event);
        self.carry_out(orders)
    }

    /// The same while another profile is shown: what a person must hear of when it is shown again is counted.
    pub fn overhear(&mut self, event: Event) -> io::Result<()> {
        if let Event::IntentChanged(standing) = &event
            && matches!(standing.state, State::NotAccepted { .. })
            && self.app.outbox.own.contains(&standing.draft)
        {
            self.refused.insert(standing.draft);
        }
        // Only keys lead to orders for the terminal, and it gets none.
        self.hear(event).map(drop)
    }

    /// Somebody is at the console.
    pub fn is_used(&self) {
        self.worker.is_used();
    }

    /// It is shown from now on, and what happened meanwhile is seen.
    pub fn comes_back(&mut self) {
        self.refused.clear();
    }

    /// What the header of another profile tells of this one.
    pub fn tally(&self) -> Tally {
        Tally {
            not_accepted: self.refused.len(),
            ..self.app.tally()
        }
    }

    pub fn into_worker(self) -> Worker {
        self.worker
    }

    fn carry_out(&mut self, orders: Vec<Effect>) -> io::Result<Vec<Effect>> {
        let mut orders = VecDeque::from(orders);
        let mut others = Vec::new();
        while let Some(order) = orders.pop_front() {
            match order {
                Effect::FindRows {
                    call,
                    catalogue,
                    query,
                } => self.find(Question {
                    call,
                    catalogue,
                    query,
                })?,
                order => match Request::try_from(order) {
                    Ok(request) => orders.extend(self.ask(request)),
                    Err(order) => others.push(order),
                },
            }
        }
        Ok(others)
    }

    fn find(&mut self, question: Question) -> io::Result<()> {
        let finder = match self.finder.take() {
            Some(finder) => finder,
            None => finder::start(self.worker.answers())?,
        };
        // A finder that has ended left no one to answer; the next question starts another.
        if finder.send(question).is_ok() {
            self.finder = Some(finder);
        }
        Ok(())
    }

    /// A worker that does not take a request is said on screen; what was typed is kept.
    fn ask(&mut self, request: Request) -> Vec<Effect> {
        let Err(refused) = self.worker.requests.try_send(request) else {
            return Vec::new();
        };
        let (request, why) = match refused {
            TrySendError::Full(request) => (request, "the sending part is overloaded"),
            TrySendError::Closed(request) => (
                request,
                "the sending part has stopped: leave and start again",
            ),
        };
        self.app.handle(request.refused(why))
    }
}
