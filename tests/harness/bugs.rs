//! Known mistakes, brought back one at a time: a harness that misses one of them proves nothing.

use std::collections::{BTreeMap, BTreeSet};

use tokio::runtime::Handle;

use crate::options::Options;
use crate::scenes;
use crate::stage::{Scene, play_all};
use crate::tally::Promise;

/// A mistake, and parts of the names of the scenes that should catch it.
const BUGS: [(&str, &[&str]); 24] = [
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
    (
        "code-taken-is-always-ours",
        &[
            "flabs-prebooking-scanned: twins",
            "flabs-prebooking-minted: answers",
        ],
    ),
];

/// Brings back every mistake whose name contains `only`; tells how many were caught, and how many were not.
pub fn hunt(options: &Options, only: &str, runtime: &Handle) -> (usize, usize) {
    let few = Options {
        kills: 24,
        cuts: 25,
        ..options.clone()
    };
    let wanted: Vec<_> = BUGS.iter().filter(|(bug, _)| bug.contains(only)).collect();
    let mut played: Vec<Scene> = Vec::new();
    for (bug, names) in &wanted {
        let catching = scenes::all(&few).into_iter().filter(|scene| {
            // A scene of kills at midnight is no scene of kills alone.
            names.iter().any(|name| scene.name.contains(name)) && !scene.name.contains("t: kills")
        });
        played.extend(catching.map(|scene| scene.with(bug)));
    }
    let mut caught: BTreeMap<&str, BTreeSet<(String, Promise)>> = BTreeMap::new();
    for scene in play_all(played, options.workers, options.seed, runtime) {
        let by = caught.entry(scene.bug.unwrap_or_default()).or_default();
        let broken = scene.tally.broken.keys();
        // A program that does not start catches nothing.
        let told = broken.filter(|promise| **promise != Promise::Unwell);
        by.extend(told.map(|promise| (scene.name.clone(), *promise)));
    }
    let mut missed = 0;
    for (bug, _) in &wanted {
        match caught.get(bug).and_then(|by| by.first()) {
            Some((scene, promise)) => println!("bug {bug} caught by {scene} ({promise})"),
            None => {
                missed += 1;
                println!("bug {bug} NOT CAUGHT");
            }
        }
    }
    (wanted.len() - missed, missed)
}
