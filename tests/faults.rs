//! The proof that nothing is lost, nothing is doubled by us, and no word is false: the real program against the
//! sandbox process, whose ledger is the judge, while processes are killed, lines cut and disks spoilt.
//!
//! It is a test of its own without a harness of cargo's: it counts faults, and fails where none fired.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout
)]

#[path = "harness/bugs.rs"]
mod bugs;
#[path = "harness/judge.rs"]
mod judge;
#[path = "support/lab.rs"]
#[allow(dead_code, reason = "only its patience is needed here")]
mod lab;
#[path = "harness/options.rs"]
mod options;
#[path = "harness/program.rs"]
mod program;
#[path = "harness/proxy.rs"]
mod proxy;
#[path = "harness/scenes.rs"]
mod scenes;
#[path = "harness/site.rs"]
mod site;
#[path = "harness/stage.rs"]
mod stage;
#[path = "harness/tally.rs"]
mod tally;
#[path = "terminal/terminal.rs"]
#[allow(dead_code, reason = "one scene has a screen")]
mod terminal;
#[path = "harness/trades.rs"]
mod trades;
#[path = "harness/wishes.rs"]
mod wishes;

use std::collections::BTreeMap;
use std::iter;
use std::process::ExitCode;
use std::time::Instant;

use options::{Asked, Options};
use stage::Played;
use tally::Tally;
use trades::TRADES;

fn main() -> ExitCode {
    let options = match Options::read(std::env::args().skip(1)) {
        Asked::Run(options) => options,
        Asked::Nothing => return ExitCode::SUCCESS,
        Asked::Unclear(why) => {
            eprintln!("{why}");
            return ExitCode::from(2);
        }
    };
    drop(rustls::crypto::ring::default_provider().install_default());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    run(&options, runtime.handle())
}

fn run(options: &Options, runtime: &tokio::runtime::Handle) -> ExitCode {
    let began = Instant::now();
    println!("seed {}", options.seed);
    let mut result = Outcome::default();
    if !options.bugs {
        let mut scenes = scenes::all(options);
        if let Some(only) = &options.only {
            scenes.retain(|scene| scene.name.contains(only.as_str()));
        }
        for played in stage::play_all(scenes, options.workers, options.seed, runtime) {
            result.judge(played);
        }
    }
    if options.bugs || options.only.is_none() {
        let only = options.only.as_deref().unwrap_or_default();
        let (caught, missed) = bugs::hunt(options, only, runtime);
        result.passed += caught;
        let missed = missed.iter().map(|bug| format!("bug {bug} NOT CAUGHT"));
        result.failures.extend(missed);
    }
    result.tell();
    println!("{} s", began.elapsed().as_secs());
    let Outcome {
        passed,
        failures,
        whole,
        ..
    } = result;
    let failed = failures.len();
    let word = if failed == 0 { "ok" } else { "FAILED" };
    if failed > 0 {
        println!("\nfailures:\n    --seed {}", options.seed);
    }
    for failure in failures {
        println!("{failure}");
    }
    println!(
        "test result: {word}. {passed} passed; {failed} failed; 0 ignored; 0 measured; 0 filtered out"
    );
    println!("{whole}");
    ExitCode::from(u8::from(failed > 0 || passed == 0))
}

/// What came of all scenes.
#[derive(Default)]
struct Outcome {
    passed: usize,
    /// What went wrong, each in lines of its own.
    failures: Vec<String>,
    whole: Tally,
    /// The same by what was sent.
    by_trade: BTreeMap<&'static str, Tally>,
}

impl Outcome {
    /// A scene passes when something went wrong in it and no promise was broken.
    fn judge(&mut self, played: Played) {
        let Played {
            name,
            trade,
            tally,
            took,
            ..
        } = played;
        if tally.broken.is_empty() && tally.fired() > 0 {
            self.passed += 1;
        } else {
            let head = format!("-- {name} ({:.1} s): {tally}", took.as_secs_f64());
            let notes = tally.notes.iter().map(|note| format!("\n   {note}"));
            self.failures.push(iter::once(head).chain(notes).collect());
        }
        let of_trade = self.by_trade.entry(trade.name).or_default();
        of_trade.add(tally.clone());
        self.whole.add(tally);
    }

    fn tell(&self) {
        for (kind, times) in &self.whole.fired {
            println!("{times:>7}  {kind}");
        }
        for (word, times) in &self.whole.words {
            println!("{times:>7}  wishes ended as {word}");
        }
        for trade in TRADES {
            if let Some(tally) = self.by_trade.get(trade.name) {
                println!("{} ({}): {tally}", trade.name, trade.tier);
            }
        }
    }
}
