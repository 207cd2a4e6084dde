//! `frontdesk courier`: the sending without a screen.

use std::io::Write;
use std::time::Duration;

use anyhow::anyhow;
use serde::Serialize;

use super::output::Output;
use super::report::{Known, json_line};
use super::signals::Signals;
use super::stop::{self, Stop};
use super::{Place, logging};
use crate::clock::Clock;
use crate::courier::{CourierHandle, News};
use crate::domain::standing::Standing;
use crate::domain::submission::IntentId;
use crate::store::Sqlite;
use crate::store::intents::Intents;

/// Longer than any send takes to end by itself.
pub const SENDS_PATIENCE: Duration = Duration::from_secs(60);

/// One printed line.
#[derive(Serialize)]
struct Change<'a> {
    id: &'a IntentId,
    #[serde(flatten)]
    known: Known,
    /// When it is tried next.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

impl<'a> Change<'a> {
    fn of(standing: &'a Standing, vendor: &str) -> Self {
        Self {
            id: &standing.intent.id,
            known: Known::of(&standing.state, vendor),
            next: standing.next.map(|next| next.to_rfc3339()),
        }
    }
}

/// Sends until the process is told to end, or until nothing moves by itself any more.
pub fn run(until_idle: bool, place: &Place, output: &mut Output<impl Write>) -> Result<(), Stop> {
    let account = place.account()?;
    logging::start(&place.paths)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut signals = Signals::listen()?;
        let parts = place.gather(account).await;
        let failed = |why: String| Stop::Failed(anyhow!(why));
        let courier = parts.start_courier().map_err(failed)?;
        let mut printer = Printer {
            vendor: place.vendor(),
            output,
        };
        let ended = work(
            courier,
            until_idle,
            &parts.clock,
            &mut signals,
            &mut printer,
        )
        .await;
        if let Some(sandbox) = parts.sandbox {
            sandbox.shutdown().await;
        }
        ended?;
        match parts.store {
            Ok(store) if until_idle => end(&store, &place.described().name).await,
            _ => Ok(()),
        }
    })
}

/// Prints what the courier tells.
struct Printer<'a, W> {
    vendor: &'static str,
    output: &'a mut Output<W>,
}

impl<W: Write> Printer<'_, W> {
    fn tell(&mut self, told: &News) -> Result<(), Stop> {
        match told {
            News::Changed(standing) => {
                let line = json_line(&Change::of(standing, self.vendor));
                self.output.line(line.map_err(anyhow::Error::from)?)?;
            }
            News::Stalled { why } => stop::warn(why),
            News::NotSaved { .. } | News::Refused { .. } => {}
        }
        Ok(())
    }
}

/// Until the process is told to end, or the courier is idle where that was asked for.
async fn work(
    mut courier: CourierHandle,
    until_idle: bool,
    clock: &Clock,
    signals: &mut Signals,
    printer: &mut Printer<'_, impl Write>,
) -> Result<(), Stop> {
    let mut ended = tokio::select! {
        ended = listen(&mut courier, until_idle, printer) => ended,
        () = signals.told_to_end() => Ok(()),
    };
    // Whatever ended it, what is on its way ends in order, and is told.
    courier
        .finish_telling(SENDS_PATIENCE, clock, |told| {
            let told = printer.tell(&told);
            ended = std::mem::replace(&mut ended, Ok(())).and(told);
        })
        .await;
    ended
}

async fn listen(
    courier: &mut CourierHandle,
    until_idle: bool,
    printer: &mut Printer<'_, impl Write>,
) -> Result<(), Stop> {
    let CourierHandle { news, idle, .. } = courier;
    loop {
        tokio::select! {
            told = news.recv() => match told {
                Some(told) => printer.tell(&told)?,
                None => return Ok(()),
            },
            _ = idle.wait_for(|is_idle| *is_idle), if until_idle => return Ok(()),
        }
    }
}

/// Everything that is not settled. What is damaged is told by the courier.
async fn open(store: &Sqlite, profile: &str) -> Result<Vec<Standing>, Stop> {
    let open = store.open_intents(profile).await?;
    Ok(open.into_iter().filter_map(Result::ok).collect())
}

/// Whether a person is needed, or somebody has to come back.
async fn end(store: &Sqlite, profile: &str) -> Result<(), Stop> {
    match open(store, profile).await?.len() {
        0 => Ok(()),
        left => Err(Stop::Left {
            words: format!("{left} not settled: see frontdesk worklist"),
            code: stop::UNKNOWN,
        }),
    }
}
