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
