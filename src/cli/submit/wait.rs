//! Sends what was saved, and tells what became of each line as soon as it is known.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use tokio::sync::mpsc::Receiver;

use super::answer::Answer;
use super::intake::{Intake, Kept};
use super::lines::Numbered;
use super::{Printer, unreadable};
use crate::cli::signals::Signals;
use crate::cli::stop::{self, Stop};
use crate::courier::{CourierHandle, News, Order, ToSave};
use crate::domain::evidence::State;
use crate::domain::standing::Standing;
use crate::domain::submission::IntentId;
use crate::store::intents::Intents;

/// Lines that were saved and not yet handed to the courier; more are not read meanwhile.
const WAITING: usize = 64;

/// The lines of a run whose end is not known yet.
#[derive(Default)]
struct Open {
    lines: HashMap<IntentId, Vec<(usize, Option<String>)>>,
    orders: VecDeque<Order>,
}

impl Open {
    fn add(&mut self, number: usize, kept: Kept) {
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
    fn tell(&mut self, standing: &Standing, printer: &mut Printer<'_>) -> Result<(), Stop> {
        for (number, key) in self.lines.remove(&standing.intent.id).unwrap_or_default() {
            let kept = Kept {
                key,
                standing: standing.clone(),
            };
            printer.print(&Answer::of(number, &kept))?;
        }
        Ok(())
    }
}

/// Nothing more happens to it by itself.
fn rests(state: &State) -> bool {
    state.is_settled() || matches!(state, State::NeedsYou { .. })
}

/// Runs until every line is settled or needs a person, or until `limit` has passed, or until the process is told to
/// end. Sends under way end in order.
pub async fn run(
    mut intake: Intake,
    mut lines: Receiver<Numbered>,
    courier: CourierHandle,
    limit: Option<Duration>,
    printer: &mut Printer<'_>,
) -> Result<(), Stop> {
    let CourierHandle {
        orders,
        mut news,
        work,
        ..
    } = courier;
    let clock = intake.lists.clock.clone();
    let mut signals = Signals::listen()?;
    let over = async {
        match limit {
            Some(limit) => clock.sleep(limit).await,
            None => std::future::pending().await,
        }
    };
    tokio::pin!(over);
    let mut open = Open::default();
    let mut is_reading = true;
    while is_reading || !open.lines.is_empty() {
        tokio::select! {
            line = lines.recv(), if is_reading && open.orders.len() < WAITING => match line {
                Some((number, line)) => {
                    let line = line.map_err(unreadable)?;
                    match intake.take(number, &line).await {
                        Ok(kept) if rests(&kept.standing.state) => printer.print(&Answer::of(number, &kept))?,
                        Ok(kept) => open.add(number, kept),
                        Err(answer) => printer.print(&answer)?,
                    }
                }
                None => is_reading = false,
            },
            permit = orders.reserve(), if !open.orders.is_empty() => match (permit, open.orders.pop_front()) {
                (Ok(permit), Some(order)) => permit.send(order),
                _ => break,
            },
            told = news.recv() => match told {
                Some(News::Changed(standing)) if rests(&standing.state) => open.tell(&standing, printer)?,
                Some(News::Stalled { why }) => stop::warn(&why),
                Some(_) => {}
                None => break,
            },
            () = &mut over => break,
            () = signals.told_to_end() => break,
        }
    }
    drop(orders);
    while let Some(told) = news.recv().await {
        if let News::Changed(standing) = told
            && rests(&standing.state)
        {
            open.tell(&standing, printer)?;
        }
    }
    // A courier that broke off left its open attempts on disk.
    let _ = work.await;
    let mut left: Vec<(usize, IntentId)> = Vec::new();
    for (id, lines) in &open.lines {
        left.extend(lines.first().map(|(number, _)| (*number, id.clone())));
    }
    left.sort();
    for (_, id) in left {
        let standing = intake.lists.store.standing(&id).await?;
        open.tell(&standing, printer)?;
    }
    Ok(())
}
