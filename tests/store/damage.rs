//! A damaged file: noticed, kept aside as it was, and brought over as far as it can be read.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use frontdesk::domain::evidence::{Doubt, Evidence, Fact, State};
use frontdesk::domain::submission::DraftId;
use frontdesk::domain::{draft::Draft, offer::Kind};
use frontdesk::store::drafts::Drafts;
use frontdesk::store::intents::Intents;
use frontdesk::store::{Rescue, Sqlite, StoreError};
use rstest::rstest;
use sqlx::{ConnectOptions, Connection};

use crate::place;
use crate::support::*;

const PAGE: u64 = 4096;

/// Forty accepted, ten that have not left yet, one on its way, one draft.
async fn full_queue(path: &Path) {
    let store = Sqlite::open(path).await.unwrap();
    let at = moment(MORNING);
    let day = at.date_naive();
    for draft in 0..51 {
        let id = store.save(wish(draft, day), at).await.unwrap().intent.id;
        if draft < 41 {
            store.begin_attempt(&id, 1, at).await.unwrap();
        }
        if draft < 40 {
            let fact = Fact::Ended {
                number: 1,
                outcome: accepted(),
            };
            store.append(&id, Evidence { at, fact }).await.unwrap();
        }
    }
    let draft = Draft::new(DraftId(99), Kind::Lead);
    store.keep_draft("demo", &draft, at).await.unwrap();
    drop(store);
    // Everything out of the log and into the file.
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
    let mut connection = options.connect().await.unwrap();
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
        .fetch_all(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}

async fn page_of(path: &Path, table: &str) -> u64 {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
    let mut connection = options.connect().await.unwrap();
    let page: i64 = sqlx::query_scalar("SELECT rootpage FROM sqlite_schema WHERE name = ?")
        .bind(table)
        .fetch_one(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    page.unsigned_abs()
}

fn spoil(path: &Path, at: u64, bytes: &[u8]) {
    let file = OpenOptions::new().write(true).open(path).unwrap();
    file.write_all_at(bytes, at).unwrap();
}

/// The only file that was kept aside.
fn kept(path: &Path) -> PathBuf {
    let folder = fs::read_dir(path.parent().unwrap()).unwrap();
    let files = folder.map(|file| file.unwrap().path());
    let mut kept = files.filter(|file| {
        let name = file.to_string_lossy();
        name.contains(".damaged-") && name.ends_with('Z')
    });
    let one = kept.next().unwrap();
    assert_eq!(kept.next(), None);
    one
}

async fn reopen(path: &Path) -> (Sqlite, Rescue) {
    let spoiled = fs::read(path).unwrap();
    let store = Sqlite::open(path).await.unwrap();
    let rescue = store.rescue().cloned().expect("the damage is noticed");
    assert_eq!(rescue.kept_as, kept(path));
    assert!(
        fs::read(&rescue.kept_as).unwrap() == spoiled,
        "kept as it was"
    );
    (store, rescue)
}

async fn assert_nothing_is_sent_by_itself(store: &Sqlite) -> u64 {
    let mut doubtful = 0;
    for standing in store.open_intents("demo").await.unwrap() {
        let doubt = Doubt::StoreWasDamaged;
        assert_eq!(standing.unwrap().state, State::NeedsYou { doubt });
        doubtful += 1;
    }
    doubtful
}

#[rstest]
#[case::header(0, 100)]
#[case::first_page(0, 4096)]
#[tokio::test]
async fn garbage_at_the_beginning_loses_nothing(#[case] at: u64, #[case] length: usize) {
    let (_folder, path) = place();
    full_queue(&path).await;
    spoil(&path, at, &vec![0xa5; length]);
    let (store, rescue) = reopen(&path).await;
    assert_eq!((rescue.submissions, rescue.drafts), (51, 1), "{rescue}");
    assert_eq!((rescue.unreadable, rescue.doubtful), (0, 11), "{rescue}");
    assert_eq!(assert_nothing_is_sent_by_itself(&store).await, 11);
    assert_eq!(
        store.drafts("demo", moment(MORNING)).await.unwrap().len(),
        1
    );
}

#[rstest]
#[case("evidence")]
#[case("attempts")]
#[case("intents")]
#[case("digests")]
#[case("evidence_of_intent")]
#[tokio::test]
async fn a_page_that_is_gone_takes_only_its_own_rows(#[case] table: &str) {
    let (_folder, path) = place();
    full_queue(&path).await;
    let page = page_of(&path, table).await;
    spoil(&path, (page - 1) * PAGE, &[0; 4096]);
    let (store, rescue) = reopen(&path).await;
    match table {
        // What it holds follows from the others.
        "digests" => assert_eq!((rescue.submissions, rescue.doubtful), (51, 0), "{rescue}"),
        "evidence_of_intent" | "attempts" => {
            assert_eq!((rescue.submissions, rescue.doubtful), (51, 11), "{rescue}");
        }
        "intents" => assert_eq!(rescue.submissions + rescue.unreadable, 51, "{rescue}"),
        _ => assert_eq!(rescue.submissions, 51, "{rescue}"),
    }
    if table != "digests" {
        let doubtful = assert_nothing_is_sent_by_itself(&store).await;
        assert_eq!(doubtful, rescue.doubtful);
    }
    assert_eq!(rescue.drafts, 1);
}

#[tokio::test]
async fn a_file_that_was_cut_off_gives_what_is_left() {
    let (_folder, path) = place();
    full_queue(&path).await;
    let length = path.metadata().unwrap().len();
    let file = OpenOptions::new().write(true).open(&path).unwrap();
    file.set_len(length - 3 * PAGE - 100).unwrap();
    let (store, rescue) = reopen(&path).await;
    assert!(rescue.submissions + rescue.unreadable >= 51, "{rescue}");
    assert_eq!(
        assert_nothing_is_sent_by_itself(&store).await,
        rescue.doubtful
    );
}

#[tokio::test]
async fn a_file_that_was_emptied_is_not_taken_for_a_new_one() {
    let (_folder, path) = place();
    full_queue(&path).await;
    let file = OpenOptions::new().write(true).open(&path).unwrap();
    file.set_len(0).unwrap();
    let (store, rescue) = reopen(&path).await;
    assert_eq!((rescue.submissions, rescue.drafts), (0, 0), "{rescue}");
    let at = moment(MORNING);
    store.save(wish(1, at.date_naive()), at).await.unwrap();
}

#[tokio::test]
async fn a_name_that_is_taken_is_left_to_its_file() {
    let (_folder, path) = place();
    full_queue(&path).await;
    spoil(&path, 0, &[0xa5; 100]);
    let now = chrono::Utc::now();
    let mut taken = Vec::new();
    for seconds in 0..60 {
        let at = now + chrono::TimeDelta::seconds(seconds);
        let name = format!("store.db.damaged-{}", at.format("%Y%m%dT%H%M%SZ"));
        let file = path.with_file_name(&name);
        fs::write(&file, "somebody's").unwrap();
        taken.push(file);
        // Only the log of it is there.
        fs::write(path.with_file_name(format!("{name}-2-wal")), "").unwrap();
    }
    let store = Sqlite::open(&path).await.unwrap();
    let rescue = store.rescue().unwrap();
    let name = rescue.kept_as.to_string_lossy();
    assert!(name.ends_with("Z-3"), "{name}");
    assert_eq!(rescue.submissions, 51);
    for file in taken {
        assert_eq!(fs::read_to_string(file).unwrap(), "somebody's");
    }
}

/// The note that is left to the next console.
fn note(path: &Path) -> PathBuf {
    path.with_file_name("store.db.damaged")
}

async fn run_sql(path: &Path, sql: &'static str) {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
    let mut connection = options.connect().await.unwrap();
    sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

#[tokio::test]
async fn a_call_that_meets_the_damage_stops_the_store_and_tells_the_next_start() {
    let (_folder, path) = place();
    full_queue(&path).await;
    let page = page_of(&path, "evidence_of_intent").await;
    let store = Sqlite::open(&path).await.unwrap();
    assert!(store.rescue().is_none());
    // Another commit, so that nothing is taken from memory, and everything in the file.
    run_sql(
        &path,
        "INSERT INTO pauses VALUES ('', '', 0); PRAGMA wal_checkpoint(TRUNCATE);",
    )
    .await;
    spoil(&path, (page - 1) * PAGE, &[0xa5; 4096]);
    assert!(!note(&path).exists());
    let error = store.open_intents("demo").await.unwrap_err().to_string();
    assert!(error.starts_with("the store is damaged"), "{error}");
    assert!(note(&path).exists());
    let spoiled = fs::read(&path).unwrap();
    let at = moment(MORNING);
    let error = store.save(wish(99, at.date_naive()), at).await.unwrap_err();
    assert!(matches!(error, StoreError::Disk(_)), "{error}");
    drop(store);
    assert!(
        fs::read(&path).unwrap() == spoiled,
        "nothing more is written"
    );
    let rescue = Sqlite::open(&path).await.unwrap().rescue().cloned();
    assert_eq!(rescue.unwrap().submissions, 51);
    assert!(!note(&path).exists());
}

#[tokio::test]
async fn a_large_file_is_looked_through_beside_the_work() {
    let (_folder, path) = place();
    full_queue(&path).await;
    run_sql(
        &path,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 17)
             INSERT INTO catalogue_parts SELECT 'demo', '', '', i, zeroblob(1 << 20) FROM n;
         PRAGMA wal_checkpoint(TRUNCATE);",
    )
    .await;
    assert!(path.metadata().unwrap().len() > 16 << 20);
    let page = page_of(&path, "digests_by_time").await;
    spoil(&path, (page - 1) * PAGE, &[0; 4096]);
    let store = Sqlite::open(&path).await.unwrap();
    assert!(store.rescue().is_none(), "it opens at once");
    while store.open_intents("demo").await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert!(note(&path).exists());
    drop(store);
    let store = Sqlite::open(&path).await.unwrap();
    assert_eq!(store.rescue().unwrap().submissions, 51);
}

#[tokio::test]
async fn under_the_hands_of_another_console_it_stays() {
    let (_folder, path) = place();
    full_queue(&path).await;
    let other = Sqlite::open(&path).await.unwrap();
    spoil(&path, 0, &[0xa5; 100]);
    let error = Sqlite::open(&path).await.err().unwrap();
    assert!(matches!(error, StoreError::DamagedInUse), "{error}");
    drop(other);
    Sqlite::open(&path).await.unwrap().rescue().unwrap();
}

#[tokio::test]
async fn a_person_can_send_again_what_was_doubtful() {
    let (_folder, path) = place();
    full_queue(&path).await;
    spoil(&path, 0, &[0xa5; 100]);
    let (store, _) = reopen(&path).await;
    let open = store.open_intents("demo").await.unwrap();
    let standing = open.into_iter().next().unwrap().unwrap();
    let (id, at) = (standing.intent.id, moment(MORNING));
    let fact = Fact::PersonResends;
    let known = standing.evidence.len();
    store
        .decide(&id, known, Evidence { at, fact })
        .await
        .unwrap();
    store.begin_attempt(&id, known + 1, at).await.unwrap();
    let fact = Fact::Ended {
        number: 2,
        outcome: duplicate(),
    };
    store.append(&id, Evidence { at, fact }).await.unwrap();
    // It may have been sent before, which the store cannot know any more: a refusal does not settle it.
    let state = store.standing(&id).await.unwrap().state;
    assert!(matches!(state, State::NeedsYou { .. }), "{state:?}");
}
