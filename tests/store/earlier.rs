//! A file of the first version comes over with its queue as it stands, or stays as it was.

use std::fs::{Permissions, set_permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use frontdesk::domain::evidence::{Doubt, Evidence, Fact, Outcome};
use frontdesk::domain::standing::Standing;
use frontdesk::domain::submission::IntentId;
use frontdesk::store::intents::{Intents, Listing};
use frontdesk::store::{Sqlite, StoreError};
use sqlx::{ConnectOptions, Executor, SqliteConnection};

use crate::support::*;
use crate::{place, run};

const WORDS: [&str; 10] = [
    "Saved",
    "Sending",
    "Checking",
    "Needs you",
    "Accepted",
    "Not accepted",
    "Dropped",
    "Dropped",
    "Possible double",
    "Saved",
];

/// One intent of each state, and of each way into it.
async fn full_queue(store: &Sqlite, at: DateTime<Utc>) {
    let found = |number: &str| Fact::PersonFound {
        number: number.to_owned(),
    };
    let handed = |doubt| Fact::HandedOver { doubt };
    let given_up = Fact::PersonDropped { reason: None };
    let refused = Outcome::Refused {
        reasons: Vec::new(),
    };
    let queue: [(Option<Outcome>, Vec<Fact>); 10] = [
        (None, vec![]),
        (None, vec![]),
        (Some(unknown()), vec![]),
        (Some(unknown()), vec![handed(Doubt::DayIsOver)]),
        (Some(accepted()), vec![]),
        (Some(refused), vec![]),
        (Some(unknown()), vec![handed(Doubt::NoWayToLook), given_up]),
        (None, vec![Fact::TakenBack]),
        (Some(accepted()), vec![found("LD-2")]),
        (Some(not_sent()), vec![]),
    ];
    for (draft, (outcome, facts)) in (0..).zip(queue) {
        let saved = store.save(wish(draft, at.date_naive()), at).await;
        let id: IntentId = saved.unwrap().intent.id;
        if draft == 1 || outcome.is_some() {
            store.begin_attempt(&id, 1, at).await.unwrap();
        }
        let ended = outcome.map(|outcome| Fact::Ended { number: 1, outcome });
        for fact in ended.into_iter().chain(facts) {
            store.append(&id, Evidence { at, fact }).await.unwrap();
        }
    }
}

/// A file as the earlier program left it, and what stands in it.
async fn earlier() -> (tempfile::TempDir, PathBuf, Vec<Standing>) {
    let (folder, path) = place();
    let store = Sqlite::open(&path).await.unwrap();
    full_queue(&store, moment(MORNING)).await;
    let standings = all(&store).await;
    drop(store);
    let first = include_str!("../../src/store/sqlite/schema-1.sql");
    let (earlier, mut connection) = beside(&path, &[first]).await;
    let copied = connection
        .execute(
            r#"INSERT INTO intents SELECT id, draft, profile, payload, hash, saved_at, day FROM later.intents;
             INSERT INTO attempts SELECT intent, number, hash, started_at, ended_at FROM later.attempts;
             INSERT INTO evidence SELECT seq, intent, at,
                iif(fact LIKE '{"PersonDropped"%', '"PersonDropped"', fact) FROM later.evidence;
             INSERT INTO unsettled SELECT intent FROM later.digests WHERE settled_at IS NULL;"#,
        )
        .await
        .unwrap();
    assert!(copied.rows_affected() > 0);
    let of_old: i64 = number(
        &mut connection,
        r#"SELECT count(*) FROM main.evidence WHERE fact = '"PersonDropped"'"#,
    )
    .await;
    assert_eq!(of_old, 1, "the fact as it was written then");
    (folder, earlier, standings)
}

/// An empty file as an earlier program made it, beside the one at `path`, which is attached to it as `later`.
pub async fn beside(path: &Path, steps: &[&'static str]) -> (PathBuf, SqliteConnection) {
    let earlier = path.with_file_name("earlier.db");
    for step in steps {
        run(&earlier, step).await.unwrap();
    }
    set_permissions(&earlier, Permissions::from_mode(0o600)).unwrap();
    let mut connection = connect(&earlier).await;
    sqlx::query("ATTACH ? AS later")
        .bind(path.to_str().unwrap())
        .execute(&mut connection)
        .await
        .unwrap();
    (earlier, connection)
}

async fn connect(path: &Path) -> SqliteConnection {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
    options.connect().await.unwrap()
}

async fn number(connection: &mut SqliteConnection, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(connection).await.unwrap()
}

/// By the order of saving.
async fn all(store: &Sqlite) -> Vec<Standing> {
    let listed = store.list(&Listing::default()).await.unwrap();
    let mut all: Vec<Standing> = listed.into_iter().map(Result::unwrap).collect();
    all.sort_by_key(|standing| standing.draft.0);
    all
}

async fn assert_came_over(store: &Sqlite, before: &[Standing]) {
    let now = all(store).await;
    assert_eq!(now, before);
    let words: Vec<_> = now.iter().map(|standing| standing.state.word()).collect();
    assert_eq!(words, WORDS);
    for word in WORDS {
        let listing = Listing {
            words: vec![word.to_owned()],
            ..Listing::default()
        };
        let expected = WORDS.iter().filter(|other| **other == word).count();
        assert_eq!(
            store.list(&listing).await.unwrap().len(),
            expected,
            "{word}"
        );
    }
    let open = store.open_intents("demo").await.unwrap();
    let open: Vec<_> = open.into_iter().map(|one| one.unwrap().draft.0).collect();
    assert_eq!(open, [0, 1, 2, 3, 9]);
    let cut_off = store.cut_off("demo").await.unwrap();
    let cut_off: Vec<_> = cut_off.iter().map(|one| &one.intent).collect();
    assert_eq!(cut_off, [&before[1].intent.id], "its process has gone");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_state_comes_over_under_two_consoles_at_once() {
    let (_folder, earlier, before) = earlier().await;
    let open = |path: PathBuf| tokio::spawn(async move { Sqlite::open(&path).await });
    let both = [open(earlier.clone()), open(earlier)];
    for store in both {
        assert_came_over(&store.await.unwrap().unwrap(), &before).await;
    }
}

#[tokio::test]
async fn a_change_that_fails_half_way_leaves_the_file_as_it_was() {
    let (_folder, earlier, before) = earlier().await;
    // The last table that the step makes: everything before it is done by then.
    run(&earlier, "CREATE TABLE sign_ins (in_the_way INTEGER)")
        .await
        .unwrap();
    let error = Sqlite::open(&earlier).await.err().unwrap();
    assert!(error.to_string().contains("sign_ins"), "{error}");
    let mut connection = connect(&earlier).await;
    assert_eq!(number(&mut connection, "PRAGMA user_version").await, 1);
    assert_eq!(
        number(&mut connection, "SELECT count(*) FROM unsettled").await,
        5
    );
    let later =
        "SELECT count(*) FROM sqlite_schema WHERE name IN ('digests', 'one_intent_a_key', 'slots')";
    assert_eq!(number(&mut connection, later).await, 0);
    let columns = "SELECT count(*) FROM pragma_table_info('intents')";
    assert_eq!(number(&mut connection, columns).await, 7);
    // The earlier program goes on with it.
    connection
        .execute("UPDATE attempts SET ended_at = 1 WHERE ended_at IS NULL; DROP TABLE sign_ins;")
        .await
        .unwrap();
    drop(connection);
    let store = Sqlite::open(&earlier).await.unwrap();
    assert_eq!(all(&store).await, before);
    assert!(store.cut_off("demo").await.unwrap().is_empty());
}

#[tokio::test]
async fn an_opening_that_is_broken_off_anywhere_loses_nothing() {
    let (_folder, earlier, before) = earlier().await;
    let mut broken_off = 0;
    for turns in 1.. {
        let mut opening = Box::pin(Sqlite::open(&earlier));
        let mut left = turns;
        // Dropped after so many answers of the database.
        let opened = std::future::poll_fn(|context| match left {
            0 => std::task::Poll::Ready(None),
            _ => {
                left -= 1;
                opening.as_mut().poll(context).map(Some)
            }
        })
        .await;
        drop(opening);
        if let Some(store) = opened {
            assert_came_over(&store.unwrap(), &before).await;
            break;
        }
        let mut connection = connect(&earlier).await;
        let version = number(&mut connection, "PRAGMA user_version").await;
        broken_off += u32::from(version == 1);
        let unsettled = match version {
            1 => "SELECT count(*) FROM unsettled",
            _ => "SELECT count(*) FROM digests WHERE settled_at IS NULL",
        };
        assert_eq!(number(&mut connection, unsettled).await, 5, "{turns}");
    }
    // How often depends on how far the thread of the database has come when its opening is dropped.
    assert!(broken_off > 0, "it was never broken off before it was done");
}

#[tokio::test]
async fn a_row_of_long_ago_that_is_no_text_does_not_keep_the_file_shut() {
    let (_folder, earlier, before) = earlier().await;
    let accepted = &before[4].intent.id;
    let spoiled = format!(
        "UPDATE evidence SET fact = CAST(x'7bff7d' AS TEXT) WHERE intent = '{}'",
        accepted.0
    );
    let mut connection = connect(&earlier).await;
    let spoil = sqlx::AssertSqlSafe(format!("DROP TRIGGER evidence_is_frozen; {spoiled}"));
    sqlx::raw_sql(spoil).execute(&mut connection).await.unwrap();
    drop(connection);
    let store = Sqlite::open(&earlier).await.unwrap();
    let standing = store.standing(accepted).await;
    assert!(
        matches!(standing, Err(StoreError::Damaged(_))),
        "{standing:?}"
    );
    let other = store.standing(&before[5].intent.id).await.unwrap();
    assert_eq!(other.state, before[5].state);
}
