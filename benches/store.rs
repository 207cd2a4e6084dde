//! What the store costs: intents saved with a full sync, opening a store of 100,000 settled intents, and the worklist's
//! filters over them. Run by `cargo bench --bench store`.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic
)]

#[path = "../tests/courier_flow/support.rs"]
#[allow(dead_code, reason = "shared with the tests of the courier")]
mod support;
mod timing;

use std::path::Path;
use std::time::Instant;

use frontdesk::domain::evidence::{Evidence, Fact};
use frontdesk::store::Sqlite;
use frontdesk::store::intents::{Intents, Listing};
use sqlx::{ConnectOptions, Executor};
use support::{MORNING, accepted, moment, wish};
use timing::{median, micros, time};

const SAVES: u64 = 500;
const RUNS: usize = 11;

/// Copies the one settled intent until there are 100,000.
const MULTIPLY: &str = "
    CREATE TEMP TABLE numbers AS WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
        SELECT i, printf('FD-%032x', i) AS id FROM n;
    INSERT INTO intents SELECT n.id, i, profile, payload, hash, saved_at + i, day, NULL, NULL FROM intents, numbers n;
    INSERT INTO attempts SELECT n.id, number, hash, started_at, ended_at, console FROM attempts, numbers n;
    INSERT INTO evidence (intent, at, fact) SELECT n.id, at, fact FROM evidence, numbers n;
    INSERT INTO digests SELECT n.id, profile, saved_at + i, word, settled_at, text || i, due_at FROM digests, numbers n;";

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data/store.db");
    let at = moment(MORNING);
    runtime.block_on(fill(&path));
    let opened = median(RUNS, || {
        time(|| runtime.block_on(Sqlite::open(&path)).unwrap())
    });
    println!(
        "open: 100,000 settled intents {:.1} ms",
        micros(opened) / 1e3
    );
    let store = runtime.block_on(Sqlite::open(&path)).unwrap();
    for (what, word, text) in [
        ("newest 200", None, None),
        ("by state", Some("Needs you"), None),
        ("by text, many", None, Some("rahul")),
        ("by text, none", None, Some("nobody")),
    ] {
        let listing = Listing {
            words: word.into_iter().map(str::to_owned).collect(),
            text: text.map(str::to_owned),
            most: Some(200),
            ..Listing::default()
        };
        let took = median(RUNS, || {
            time(|| runtime.block_on(store.list(&listing)).unwrap())
        });
        println!("worklist: {what} {:.1} ms", micros(took) / 1e3);
    }
    let start = Instant::now();
    for draft in 0..SAVES {
        let wish = wish(1_000_000 + draft, at.date_naive());
        runtime.block_on(store.save(wish, at)).unwrap();
    }
    let each = start.elapsed() / u32::try_from(SAVES).unwrap();
    println!(
        "save: {:.0} intents a second, full sync",
        1.0 / each.as_secs_f64()
    );
}

async fn fill(path: &Path) {
    let store = Sqlite::open(path).await.unwrap();
    let at = moment(MORNING);
    let saved = store.save(wish(1, at.date_naive()), at).await.unwrap();
    let id = saved.intent.id;
    store.begin_attempt(&id, 1, at).await.unwrap();
    let fact = Fact::Ended {
        number: 1,
        outcome: accepted(),
    };
    store.append(&id, Evidence { at, fact }).await.unwrap();
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
    let mut connection = options.connect().await.unwrap();
    connection.execute(MULTIPLY).await.unwrap();
}
