//! Sends what was saved, and tells what became of each line as soon as it is known.

use std::collections::{HashMap, VecDeque};
use std::pin::{Pin, pin};
use std::time::Duration;

use anyhow::anyhow;
use tokio::sync::mpsc::{Receiver, channel};

use super::answer::Answer;
use super::intake::{Intake, Kept};
use super::lines::Numbered;
use super::{Printer, unreadable};
use crate::cli::courier::SENDS_PATIENCE;
use crate::cli::signals::Signals;
use crate::cli::stop::{self, Stop};
use crate::clock::Clock;
use crate::courier::{CourierHandle, News, Order, ToSave};
use crate::desk::Parts;
use crate::domain::evidence::State;
use crate::domain::standing::Standing;
use crate::domain::submission::IntentId;
use crate::store::intents::Intents;

/// Lines that were saved and not yet handed to the courier; more are not read meanwhile.
const WAITING: usize = 64;

/// The number of a line and its key, where it has them.
type Line = (Option<usize>, Option<String>);

/// The lines of a run whose end is not known yet.
#[derive(Default)]
struct Open {
    lines: HashMap<IntentId, Vec<Line>>,
    orders: VecDeque<Order>,
}

impl Open {
    fn add(&mut self, number: Option<usize>, kept: Kept) {
        let Standing { intent, draft, .. } = kept.standing;
        let lines = self.lines.entry(intent.id).or_default();
        lines.push((number, kept.key.clone()));
        if lines.len() == 1 {
            // Saved already: the same draft again only puts it on the courier's desk.
            self.orders.push_back(Order::Save(Box::new(ToSave {
                draft,
                key: kept.key,
                follows: intent.follows,
                submission: intent.submission,
            })));
        }
    }

    /// Tells of a standing, to every line that wanted it.
    fn tell(
        &mut self,
        standing: &Standing,
        vendor: &str,
        printer: &mut Printer<'_>,
    ) -> Result<(), Stop> {
        for (number, key) in self.lines.remove(&standing.intent.id).unwrap_or_default() {
            let kept = Kept {
                key,
                standing: standing.clone(),
            };
            printer.print(&Answer::of(number, &kept, vendor))?;
        }
        Ok(())
    }
}

/// Nothing more happens to it by itself.
fn rests(state: &State) -> bool {
    state.is_settled() || matches!(state, State::NeedsYou { .. })
}

/// What a run sends with, and is told to end by. It starts before anything is saved: what is saved gets its answer.
pub struct Sending {
    courier: CourierHandle,
    signals: Signals,
    /// How long what was saved is waited for; without end where there is nothing.
    limit: Option<Duration>,
}

impl Sending {
    /// To be called once.
    pub fn start(parts: &Parts, limit: Option<Duration>) -> Result<Self, Stop> {
        let signals = Signals::listen()?;
        let courier = parts.start_courier();
        Ok(Self {
            courier: courier.map_err(|why| Stop::Failed(anyhow!(why)))?,
            signals,
            limit,
        })
    }

    /// Begins nothing more; sends under way end in order.
    pub async fn end(self, clock: &Clock) {
        self.courier.finish_within(SENDS_PATIENCE, clock).await;
    }
}

/// A run that waits for what becomes of its lines.
struct Run<'a, 'b> {
    intake: Intake,
    lines: Receiver<Numbered>,
    courier: CourierHandle,
    open: Open,
    printer: &'a mut Printer<'b>,
}

/// Runs until every line is settled or needs a person, or until the limit has passed, or until the process is told to
/// end. Sends under way end in order.
pub async fn run(
    intake: Intake,
    lines: Receiver<Numbered>,
    sending: Sending,
    printer: &mut Printer<'_>,
) -> Result<(), Stop> {
    let run = Run {
        intake,
        lines,
        courier: sending.courier,
        open: Open::default(),
        printer,
    };
    run.finish(sending.signals, sending.limit).await
}

/// The same for one that came in no line, and was saved already or refused.
pub async fn run_one(
    intake: Intake,
    taken: Result<Kept, Box<Answer>>,
    sending: Sending,
    printer: &mut Printer<'_>,
) -> Result<(), Stop> {
    let mut run = Run {
        intake,
        // Closed: no line comes.
        lines: channel(1).1,
        courier: sending.courier,
        open: Open::default(),
        printer,
    };
    let told = run.hold(None, taken);
    let finished = run.finish(sending.signals, sending.limit).await;
    told.and(finished)
}

impl Run<'_, '_> {
    async fn finish(mut self, mut signals: Signals, limit: Option<Duration>) -> Result<(), Stop> {
        let clock = self.intake.lists.clock.clone();
        let over = async {
            match limit {
                Some(limit) => clock.sleep(limit).await,
                None => std::future::pending().await,
            }
        };
        let worked = self.work(pin!(over), &mut signals).await;
        // Whatever ended the run, what is on its way ends in order.
        self.end(&clock).await?;
        worked
    }

    /// Never breaks off while a line is being saved, and reads every line before the limit counts.
    async fn work(
        &mut self,
        mut over: Pin<&mut impl Future<Output = ()>>,
        signals: &mut Signals,
    ) -> Result<(), Stop> {
        let orders = self.courier.orders.clone();
        let mut is_reading = true;
        while is_reading || !self.open.lines.is_empty() {
            let has_room = self.open.orders.len() < WAITING;
            tokio::select! {
                line = self.lines.recv(), if is_reading && has_room => match line {
                    Some((number, line)) => self.take(number, &line.map_err(unreadable)?).await?,
                    None => is_reading = false,
                },
                permit = orders.reserve(), if !self.open.orders.is_empty() => {
                    match (permit, self.open.orders.pop_front()) {
                        (Ok(permit), Some(order)) => permit.send(order),
                        _ => break,
                    }
                }
                told = self.courier.news.recv() => match told {
                    Some(told) => self.hear(told)?,
                    None => break,
                },
                () = &mut over, if !is_reading => break,
                () = signals.told_to_end() => break,
            }
        }
        Ok(())
    }

    async fn take(&mut self, number: usize, line: &[u8]) -> Result<(), Stop> {
        let taken = self.intake.take(number, line).await;
        self.hold(Some(number), taken)
    }

    /// Tells at once what has its answer, and waits for the rest.
    fn hold(
        &mut self,
        number: Option<usize>,
        taken: Result<Kept, Box<Answer>>,
    ) -> Result<(), Stop> {
        match taken {
            Ok(kept) if rests(&kept.standing.state) => {
                let vendor = self.intake.offer.vendor;
                self.printer.print(&Answer::of(number, &kept, vendor))
            }
            Ok(kept) => {
                self.open.add(number, kept);
                Ok(())
            }
            Err(answer) => self.printer.print(&answer),
        }
    }

    fn hear(&mut self, told: News) -> Result<(), Stop> {
        match told {
            News::Changed(standing) if rests(&standing.state) => {
                let vendor = self.intake.offer.vendor;
                self.open.tell(&standing, vendor, self.printer)
            }
            News::Stalled { why } => {
                stop::warn(&why);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Awaits what is on its way, and tells how the rest stands.
    async fn end(self, clock: &Clock) -> Result<(), Stop> {
        let Self {
            intake,
            courier,
            mut open,
            printer,
            ..
        } = self;
        courier.finish_within(SENDS_PATIENCE, clock).await;
        let mut left: Vec<(Option<usize>, IntentId)> = Vec::new();
        for (id, lines) in &open.lines {
            left.extend(lines.first().map(|(number, _)| (*number, id.clone())));
        }
        left.sort();
        for (_, id) in left {
            let standing = intake.lists.store.standing(&id).await?;
            open.tell(&standing, intake.offer.vendor, printer)?;
        }
        Ok(())
    }
}
