//! `frontdesk courier`: the sending without a screen.

use std::collections::BTreeSet;
use std::io::Write;

use anyhow::anyhow;
use serde::Serialize;
use tokio::sync::mpsc::Receiver;

use super::output::Output;
use super::report::{Known, json_line};
use super::signals::Signals;
use super::stop::{self, Stop};
use super::{Place, logging};
use crate::courier::{CourierHandle, News};
use crate::desk::{Parts, Setup};
use crate::domain::evidence::State;
use crate::domain::standing::Standing;
use crate::domain::submission::IntentId;
use crate::store::Sqlite;
use crate::store::intents::Intents;

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

impl<'a> From<&'a Standing> for Change<'a> {
    fn from(standing: &'a Standing) -> Self {
        Self {
            id: &standing.intent.id,
            known: Known::from(&standing.state),
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
    let setup = Setup {
        account,
        paths: place.paths.clone(),
    };
    runtime.block_on(async {
        let mut signals = Signals::listen()?;
        let profile = setup.account.name.clone();
        let parts = Parts::gather(setup).await;
        let failed = |why: String| Stop::Failed(anyhow!(why));
        let courier = parts.start_courier().map_err(failed)?;
        let store = parts.store.clone().map_err(failed)?;
        let idle = until_idle.then_some(Idle::default());
        let ended = work(courier, &store, &profile, idle, &mut signals, output).await;
        if let Some(sandbox) = parts.sandbox {
            sandbox.shutdown().await;
        }
        ended?;
        if until_idle {
            end(&store, &profile).await
        } else {
            Ok(())
        }
    })
}

/// What still moves by itself.
#[derive(Default)]
struct Idle {
    moving: BTreeSet<IntentId>,
}

impl Idle {
    fn learn(&mut self, standing: &Standing) {
        if moves(&standing.state) {
            self.moving.insert(standing.intent.id.clone());
        } else {
            self.moving.remove(&standing.intent.id);
        }
    }

    /// Nothing moves, as far as is known and as the store knows.
    async fn is_so(&mut self, store: &Sqlite, profile: &str) -> Result<bool, Stop> {
        if !self.moving.is_empty() {
            return Ok(false);
        }
        for standing in open(store, profile).await? {
            self.learn(&standing);
        }
        Ok(self.moving.is_empty())
    }
}

fn moves(state: &State) -> bool {
    matches!(
        state,
        State::Saved | State::Sending | State::Checking { .. }
    )
}

/// Everything that is not settled. What is damaged is told by the courier.
async fn open(store: &Sqlite, profile: &str) -> Result<Vec<Standing>, Stop> {
    let open = store.open_intents(profile).await?;
    Ok(open.into_iter().filter_map(Result::ok).collect())
}

async fn work(
    courier: CourierHandle,
    store: &Sqlite,
    profile: &str,
    idle: Option<Idle>,
    signals: &mut Signals,
    output: &mut Output<impl Write>,
) -> Result<(), Stop> {
    let CourierHandle {
        orders,
        mut news,
        work,
        ..
    } = courier;
    let mut ended = tokio::select! {
        ended = listen(&mut news, store, profile, idle, output) => ended,
        () = signals.told_to_end() => Ok(()),
    };
    // Whatever ended it, what is on its way ends in order.
    drop(orders);
    while let Some(told) = news.recv().await {
        ended = ended.and(tell(&told, output));
    }
    // A courier that broke off left its open attempts on disk.
    let _ = work.await;
    ended
}

/// Prints what the courier tells, until it is idle where that was asked for.
async fn listen(
    news: &mut Receiver<News>,
    store: &Sqlite,
    profile: &str,
    mut idle: Option<Idle>,
    output: &mut Output<impl Write>,
) -> Result<(), Stop> {
    loop {
        if let Some(idle) = &mut idle
            && idle.is_so(store, profile).await?
        {
            return Ok(());
        }
        let Some(told) = news.recv().await else {
            return Ok(());
        };
        if let (Some(idle), News::Changed(standing)) = (&mut idle, &told) {
            idle.learn(standing);
        }
        tell(&told, output)?;
    }
}

fn tell(told: &News, output: &mut Output<impl Write>) -> Result<(), Stop> {
    match told {
        News::Changed(standing) => {
            output.line(json_line(&Change::from(&**standing)).map_err(anyhow::Error::from)?)?;
        }
        News::Stalled { why } => stop::warn(why),
        News::NotSaved { .. } | News::Refused { .. } => {}
    }
    Ok(())
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
