//! The store's own guards: who may read it, which file it takes, what the database itself refuses.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "courier_flow/support.rs"]
#[allow(dead_code, reason = "shared with the tests of the courier")]
mod support;

#[path = "store/changes.rs"]
mod changes;
#[path = "store/damage.rs"]
mod damage;
#[path = "store/due.rs"]
mod due;
#[path = "store/earlier.rs"]
mod earlier;
#[path = "store/elsewhere.rs"]
mod elsewhere;
#[path = "store/full.rs"]
mod full;
#[path = "store/guards.rs"]
mod guards;
#[path = "store/purge.rs"]
mod purge;
#[path = "store/refusals.rs"]
mod refusals;

use std::fs::{Permissions, metadata, set_permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use chrono::{TimeDelta, Utc};
use frontdesk::domain::draft::Draft;
use frontdesk::domain::evidence::{Evidence, Fact};
use frontdesk::domain::offer::Kind;
use frontdesk::domain::submission::DraftId;
use frontdesk::store::drafts::Drafts;
use frontdesk::store::intents::Intents;
use frontdesk::store::{Sqlite, StoreError};
use sqlx::{ConnectOptions, Executor};
use support::*;

fn place() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data/store.db");
    (folder, path)
}

async fn run(path: &PathBuf, sql: &'static str) -> Result<(), sqlx::Error> {
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true);
    options.connect().await?.execute(sql).await.map(|_| ())
}

#[tokio::test]
async fn nobody_else_can_read_it_and_a_looser_one_is_refused() {
    let (_folder, path) = place();
    Sqlite::open(&path).await.unwrap();
    let rights = |path: &std::path::Path| metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(
        (rights(&path), rights(path.parent().unwrap())),
        (0o600, 0o700)
    );
    set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
    let words = Sqlite::open(&path).await.err().unwrap().to_string();
    assert!(words.contains("chmod 600"), "{words}");
    set_permissions(path.parent().unwrap(), Permissions::from_mode(0o755)).unwrap();
    let words = Sqlite::open(&path).await.err().unwrap().to_string();
    assert!(words.contains("chmod 700"), "{words}");
}

#[tokio::test]
async fn a_newer_file_is_refused() {
    let (_folder, path) = place();
    Sqlite::open(&path).await.unwrap();
    run(&path, "PRAGMA user_version = 99").await.unwrap();
    let error = Sqlite::open(&path).await.err().unwrap();
    assert!(
        matches!(error, StoreError::Newer { version: 99 }),
        "{error}"
    );
}

#[tokio::test]
async fn ids_are_minted_once_in_an_alphabet_that_vendors_take() {
    let (_folder, path) = place();
    let store = Sqlite::open(&path).await.unwrap();
    let now = moment(MORNING);
    let saved = store.save(wish(u64::MAX, now.date_naive()), now).await;
    let saved = saved.unwrap();
    assert_eq!(saved.draft, DraftId(u64::MAX));
    let id = &saved.intent.id;
    let digits = id.0.strip_prefix("FD-").unwrap();
    assert!(
        digits.len() == 32 && digits.bytes().all(|b| b.is_ascii_hexdigit()),
        "{id}"
    );
}

#[tokio::test]
async fn what_was_decided_on_old_evidence_is_refused() {
    let (_folder, path) = place();
    let store = Sqlite::open(&path).await.unwrap();
    let other = Sqlite::open(&path).await.unwrap();
    let at = moment(MORNING);
    let day = at.date_naive();
    let id = store.save(wish(1, day), at).await.unwrap().intent.id;
    let fact = Fact::TakenBack;
    other.decide(&id, 1, Evidence { at, fact }).await.unwrap();
    let late = store.begin_attempt(&id, 1, at).await;
    assert!(matches!(late, Err(StoreError::Outdated)), "{late:?}");
    assert!(store.open_intents("demo").await.unwrap().is_empty());
}

#[tokio::test]
async fn a_late_keep_of_a_sent_draft_is_ignored_and_old_ones_expire() {
    let (_folder, path) = place();
    let store = Sqlite::open(&path).await.unwrap();
    let now = Utc::now();
    let draft = |id| Draft::new(DraftId(id), Kind::Lead);
    // The largest ids look negative to the database.
    let ids = [7, u64::MAX];
    for id in ids {
        store.keep_draft("demo", &draft(id), now).await.unwrap();
    }
    let wish = wish(u64::MAX, now.date_naive());
    store.save(wish, now).await.unwrap();
    store
        .keep_draft("demo", &draft(u64::MAX), now)
        .await
        .unwrap();
    let left = store
        .drafts("demo", now - TimeDelta::days(14))
        .await
        .unwrap();
    let left: Vec<_> = left.iter().map(|kept| kept.draft.id).collect();
    assert_eq!(left, [DraftId(7)]);
    assert!(store.open_draft(DraftId(u64::MAX)).await.unwrap().is_none());
    // What a console has before it does not expire.
    let later = now + TimeDelta::seconds(1);
    assert_eq!(store.drafts("demo", later).await.unwrap().len(), 1);
    drop(store);
    let store = Sqlite::open(&path).await.unwrap();
    assert!(store.drafts("demo", later).await.unwrap().is_empty());
}
