//! Known mistakes, brought back one at a time: a harness that misses one of them proves nothing.

use std::collections::{BTreeMap, BTreeSet};

use tokio::runtime::Handle;

use crate::options::Options;
use crate::scenes;
use crate::stage::{Scene, play_all};
use crate::tally::Promise;

/// A mistake, and parts of the names of the scenes that should catch it.
const BUGS: [(&str, &[&str]); 27] = [
    ("new-id-on-retry", &["cuts 0"]),
    ("commit-after-send", &["kills "]),
    ("saved-before-commit", &["cuts 0"]),
    ("accepted-before-commit", &["cuts 0"]),
    ("resend-on-restart", &["kills "]),
    (
        "hidden-retry",
        &["cuts 0", "vendor: silence", "desks: kills"],
    ),
    ("redirect-followed", &["vendor: redirects"]),
    ("midnight-skipped", &["midnight: unanswered"]),
    ("lone-409-accepted", &["vendor: conflicts"]),
    ("5xx-shown-as-refused", &["vendor: statuses after"]),
    ("timeout-shown-as-not-sent", &["cuts 0"]),
    ("unreached-shown-as-refused", &["vendor: out of reach"]),
    (
        "2xx-without-number-accepted",
        &["vendor: statuses after", "vendor: pages"],
    ),
    ("last-fact-wins", &["vendor: statuses after"]),
    ("retry-after-ignored", &["vendor: 429 with seconds"]),
    ("budget-ignored", &["desks: budget"]),
    ("two-open-attempts", &["desks: kills"]),
    ("takes-over-live-attempts", &["desks: kills"]),
    ("cut-off-not-noticed", &["kills "]),
    ("key-ignored", &["kills "]),
    ("read-once-is-enough", &["meddbase-appointment: late"]),
    ("second-resend", &["meddbase-appointment: never answered"]),
    ("match-is-ours", &["meddbase-appointment: twins"]),
    ("change-repeated", &["solv-change-check-in: answers"]),
    ("cancel-asked-twice", &["meddbase-change-cancel: answers"]),
    (
        "old-one-untold",
        &["meddbase-change-reschedule: second half"],
    ),
    (
        "code-taken-is-always-ours",
        &[
            "flabs-prebooking-scanned: twins",
            "flabs-prebooking-minted: answers",
        ],
    ),
];

/// A scene meets a mistake by chance: one that was not caught is brought back as often, each time under another seed.
const ROUNDS: u64 = 1;

/// What caught a mistake: a scene, and the promise that it broke there.
type Caught = BTreeMap<&'static str, BTreeSet<(String, Promise)>>;

/// Brings back every mistake whose name contains `only`; tells how many were caught, and which were not.
pub fn hunt(options: &Options, only: &str, runtime: &Handle) -> (usize, Vec<&'static str>) {
    let wanted: Vec<_> = BUGS.iter().filter(|(bug, _)| bug.contains(only)).collect();
    let mut caught = Caught::new();
    for round in 0..ROUNDS {
        let left = wanted.iter().filter(|(bug, _)| !caught.contains_key(bug));
        let left: Vec<_> = left.copied().collect();
        if !left.is_empty() {
            bring_back(&left, options, options.seed + round, runtime, &mut caught);
        }
    }
    let mut missed = Vec::new();
    for (bug, _) in &wanted {
        match caught.get(bug).and_then(|by| by.first()) {
            Some((scene, promise)) => println!("bug {bug} caught by {scene} ({promise})"),
            None => missed.push(*bug),
        }
    }
    (caught.len(), missed)
}

/// Plays the scenes of these mistakes once.
fn bring_back(
    bugs: &[&(&'static str, &[&str])],
    options: &Options,
    seed: u64,
    runtime: &Handle,
    caught: &mut Caught,
) {
    let few = Options {
        kills: 24,
        cuts: 25,
        ..options.clone()
    };
    let mut played: Vec<Scene> = Vec::new();
    for (bug, names) in bugs {
        let catching = scenes::all(&few).into_iter().filter(|scene| {
            // A scene of kills at midnight is no scene of kills alone.
            names.iter().any(|name| scene.name.contains(name)) && !scene.name.contains("t: kills")
        });
        played.extend(catching.map(|scene| scene.with(bug)));
    }
    for scene in play_all(played, options.workers, seed, runtime) {
        let broken = scene.tally.broken.keys();
        // A program that does not start catches nothing.
        let told = broken.filter(|promise| **promise != Promise::Unwell);
        let told: Vec<_> = told.map(|promise| (scene.name.clone(), *promise)).collect();
        if !told.is_empty() {
            let bug = scene.bug.unwrap_or_default();
            caught.entry(bug).or_default().extend(told);
        }
    }
}
