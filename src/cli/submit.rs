//! `frontdesk submit`: JSON Lines in, one submission a line; what became of each, out.
//!
//! The rules, the store and the courier are those of the console.

pub(super) mod answer;
mod example;
pub(super) mod fill;
pub(super) mod intake;
mod item;
mod lines;
mod lists;
pub(super) mod wait;
pub(super) mod wish;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, anyhow};
use clap::Args;

use super::output::Output;
use super::report::json_line;
use super::stop::{self, Stop};
use super::{Place, logging};
use crate::config::Account;
use crate::desk::Parts;
use answer::{Answer, Tally};
use intake::Intake;
use lists::Lists;
use wait::Sending;

#[derive(Args)]
pub struct Arguments {
    /// Read the submissions from this file, or from standard input with "-".
    #[arg(required_unless_present = "example")]
    file: Option<PathBuf>,
    /// Send them, and tell what became of each; stop waiting after so many seconds.
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, require_equals = true, default_missing_value = "", value_parser = limit)]
    wait: Option<Limit>,
    /// Print a valid line of this kind; without a kind, list the kinds.
    #[arg(long, value_name = "KIND", num_args = 0..=1, default_missing_value = "", conflicts_with_all = ["file", "wait"])]
    example: Option<String>,
}

/// How long to wait; without end where there is nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limit(pub Option<Duration>);

pub(super) fn limit(text: &str) -> Result<Limit, String> {
    if text.is_empty() {
        return Ok(Limit(None));
    }
    let seconds: u32 = text
        .parse()
        .map_err(|_| "write whole seconds, as --wait=60".to_owned())?;
    Ok(Limit(Some(Duration::from_secs(u64::from(seconds)))))
}

/// Prints answers and counts them.
pub(super) struct Printer<'a> {
    pub output: Output<Box<dyn Write + 'a>>,
    tally: Tally,
    waits: bool,
}

impl<'a> Printer<'a> {
    /// `waits`: what is saved and open by the end is not known.
    pub fn new(to: impl Write + 'a, waits: bool) -> Self {
        Self {
            output: Output::new(Box::new(to)),
            tally: Tally::default(),
            waits,
        }
    }

    /// How the run ended.
    pub fn end(self) -> Result<(), Stop> {
        self.tally.end()
    }

    pub fn print(&mut self, answer: &Answer) -> Result<(), Stop> {
        self.tally.count(answer, self.waits);
        self.output
            .line(json_line(answer).map_err(anyhow::Error::from)?)?;
        Ok(())
    }
}

fn unreadable(error: io::Error) -> Stop {
    Stop::Failed(anyhow::Error::from(error).context("the submissions cannot be read further"))
}

/// Takes every line, and with `--wait` sends them.
pub fn run(arguments: &Arguments, place: &Place, to: impl Write) -> Result<(), Stop> {
    logging::start(&place.paths)?;
    if let Some(kind) = &arguments.example {
        return example::show(kind, place, &mut Output::new(to));
    }
    let Some(file) = arguments.file.as_deref() else {
        return Ok(());
    };
    let account = place.account()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut lines = open(file)?;
        let (mut intake, parts) = intake(account, place).await?;
        let mut printer = Printer::new(to, arguments.wait.is_some());
        match arguments.wait {
            None => {
                while let Some((number, line)) = lines.recv().await {
                    let line = line.map_err(unreadable)?;
                    let answer = match intake.take(number, &line).await {
                        Ok(kept) => Answer::of(number, &kept, intake.offer.vendor),
                        Err(answer) => *answer,
                    };
                    printer.print(&answer)?;
                }
            }
            Some(Limit(limit)) => {
                let sending = Sending::start(&parts, limit)?;
                wait::run(intake, lines, sending, &mut printer).await?;
            }
        }
        if let Some(sandbox) = parts.sandbox {
            sandbox.shutdown().await;
        }
        printer.end()
    })
}

/// The counter of a profile, and the parts of the desk that it stands on.
pub(super) async fn intake(mut account: Account, place: &Place) -> Result<(Intake, Parts), Stop> {
    // Nobody watches a screen on which it could be taken back.
    account.take_back = Duration::ZERO;
    let profile = account.name.clone();
    let key = account.key();
    let day_zone = account.offer().day_zone;
    let parts = place.gather(account).await;
    let failed = |why: String| Stop::Failed(anyhow!(why));
    let adapter = parts.adapter.clone().map_err(failed)?;
    let store = parts.store.clone().map_err(failed)?;
    let intake = Intake {
        offer: adapter.offer(),
        lists: Lists::new(adapter, store, parts.clock.clone(), key),
        profile,
        day_zone,
    };
    Ok((intake, parts))
}

fn open(file: &Path) -> Result<tokio::sync::mpsc::Receiver<lines::Numbered>, Stop> {
    let shown = crate::domain::text::one_line(&file.display().to_string());
    let lines = lines::read(file).with_context(|| {
        format!("{shown}: cannot be read; give a file of JSON Lines, or - for standard input")
    })?;
    Ok(lines)
}

impl Tally {
    /// How the run ended: what nobody knows is graver than what was refused.
    fn end(self) -> Result<(), Stop> {
        let Self {
            all,
            refused,
            unknown,
            unsaved,
        } = self;
        let (code, count, words) = match self {
            Self { unsaved: 1.., .. } => (stop::FAILURE, unsaved, "could not be saved"),
            Self { unknown: 1.., .. } => (
                stop::UNKNOWN,
                unknown,
                "not known yet: see frontdesk worklist",
            ),
            Self { refused: 1.., .. } => (stop::REFUSED, refused, "not accepted or not valid"),
            _ => return Ok(()),
        };
        Err(Stop::Left {
            words: format!("{count} of {all} {words}"),
            code,
        })
    }
}
