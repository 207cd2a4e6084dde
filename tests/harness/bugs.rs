//! Known mistakes, brought back one at a time: a harness that misses one of them proves nothing.

use std::collections::BTreeMap;

use tokio::runtime::Handle;

use crate::options::Options;
use crate::scenes;
use crate::stage::{Scene, play_all};
use crate::tally::Promise;

/// A mistake, and a scene that meets it every time: a part of its name.
const BUGS: [(&str, &str); 27] = [
    ("new-id-on-retry", "moments: no answer"),
    ("hidden-retry", "moments: no answer"),
    ("timeout-shown-as-not-sent", "moments: no answer"),
    ("saved-before-commit", "moments: each point"),
    ("commit-after-send", "moments: each point"),
    ("accepted-before-commit", "moments: each point"),
    ("resend-on-restart", "moments: each point"),
    ("cut-off-not-noticed", "moments: each point"),
    ("key-ignored", "moments: each point"),
    ("takes-over-live-attempts", "moments: under way"),
    ("two-open-attempts", "moments: decided twice"),
    ("redirect-followed", "vendor: redirects"),
    ("lone-409-accepted", "vendor: conflicts"),
    ("5xx-shown-as-refused", "vendor: statuses after"),
    ("2xx-without-number-accepted", "vendor: statuses after"),
    ("last-fact-wins", "vendor: statuses after"),
    ("unreached-shown-as-refused", "vendor: out of reach"),
    ("retry-after-ignored", "vendor: 429 with seconds"),
    ("budget-ignored", "4 desks: budget"),
    ("midnight-skipped", "midnight: unanswered from :57"),
    ("read-once-is-enough", "meddbase-appointment: late"),
    ("second-resend", "meddbase-appointment: never answered"),
    ("match-is-ours", "meddbase-appointment: twins"),
    (
        "code-taken-is-always-ours",
        "flabs-prebooking-minted: answers",
    ),
    ("change-repeated", "solv-change-check-in: answers"),
    ("cancel-asked-twice", "meddbase-change-cancel: answers"),
    ("old-one-untold", "meddbase-change-reschedule: second half"),
];

/// Brings back every mistake whose name contains `only`; tells how many were caught, and which were not.
pub fn hunt(options: &Options, only: &str, runtime: &Handle) -> (usize, Vec<&'static str>) {
    let wanted: Vec<_> = BUGS.iter().filter(|(bug, _)| bug.contains(only)).collect();
    let mut caught = BTreeMap::new();
    let mut played: Vec<Scene> = Vec::new();
    for (bug, name) in &wanted {
        let scenes = scenes::all(options).into_iter();
        let catching = scenes.filter(|scene| scene.name.contains(name));
        played.extend(catching.map(|scene| scene.with(bug)));
    }
    for scene in play_all(played, options.workers, options.seed, runtime) {
        let mut broken = scene.tally.broken.keys();
        // A program that does not start catches nothing.
        let told = broken.find(|promise| **promise != Promise::Unwell);
        if let (Some(bug), Some(promise)) = (scene.bug, told) {
            caught.insert(bug, (scene.name, *promise));
        }
    }
    let mut missed = Vec::new();
    for (bug, _) in &wanted {
        match caught.get(bug) {
            Some((scene, promise)) => println!("bug {bug} caught by {scene} ({promise})"),
            None => missed.push(*bug),
        }
    }
    (caught.len(), missed)
}
