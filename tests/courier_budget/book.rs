//! What one console writes into the book the others read, and what becomes of it when something fails.

use std::path::{Path, PathBuf};
use std::time::Duration;

use frontdesk::courier::budget::Shared;
use frontdesk::store::Sqlite;
use frontdesk::vendor::budget::book::{Book, Entry, Taken, Terms};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, SqliteConnection};

const TERMS: Terms = Terms {
    of: 8,
    window: Duration::from_secs(60),
    longest: Duration::from_secs(40),
};

/// A moment of the first hour after the machine's start.
fn at(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

async fn console(path: &Path) -> Shared<Sqlite> {
    let store = Sqlite::open(path).await.unwrap();
    Shared::new(store, "account".to_owned(), TERMS)
}

async fn take(book: &Shared<Sqlite>, now: u64) -> Entry {
    match book.take(0, at(now)).await {
        Taken::Yes(entry) => entry,
        no @ Taken::NotBefore(_) => panic!("{no:?}"),
    }
}

async fn use_up(book: &Shared<Sqlite>, now: u64) -> Vec<Entry> {
    let mut entries = Vec::new();
    for _ in 0..TERMS.of {
        entries.push(take(book, now).await);
    }
    entries
}

/// Another program at the file.
async fn outsider(path: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(path);
    options.connect().await.unwrap()
}

fn file() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data").join("store.db");
    (folder, path)
}

#[tokio::test]
async fn what_one_console_takes_is_missing_for_the_others() {
    let (_folder, path) = file();
    let (one, other) = (console(&path).await, console(&path).await);
    let entries = use_up(&one, 100).await;
    // It may end now and come back a window later.
    assert_eq!(other.take(0, at(100)).await, Taken::NotBefore(at(160)));
    one.end(entries[0], at(101)).await;
    assert_eq!(other.take(0, at(130)).await, Taken::NotBefore(at(161)));
    assert_eq!(other.left(at(130)).await.free, 0);
    one.give_back(entries[1]).await;
    assert_eq!(other.left(at(130)).await.free, 1);
    take(&other, 130).await;
    take(&other, 161).await;
}

#[tokio::test]
async fn a_pause_of_one_console_holds_all_of_them() {
    let (_folder, path) = file();
    let (one, other) = (console(&path).await, console(&path).await);
    one.pause(at(130)).await;
    one.pause(at(110)).await;
    assert_eq!(other.take(0, at(100)).await, Taken::NotBefore(at(130)));
    assert_eq!(other.left(at(100)).await.paused_until, Some(at(130)));
    take(&other, 130).await;
}

#[tokio::test]
async fn a_slot_of_a_console_that_died_comes_back_after_the_longest_request_and_a_window() {
    let (_folder, path) = file();
    let dead = console(&path).await;
    use_up(&dead, 100).await;
    drop(dead);
    let other = console(&path).await;
    assert_eq!(other.take(0, at(199)).await, Taken::NotBefore(at(200)));
    take(&other, 200).await;
    assert_eq!(other.left(at(200)).await.free, 7);
}

#[tokio::test]
async fn an_end_that_comes_after_its_slot_was_given_up_counts_again() {
    let (_folder, path) = file();
    let (one, other) = (console(&path).await, console(&path).await);
    let entry = take(&one, 100).await;
    take(&other, 201).await;
    one.end(entry, at(202)).await;
    assert_eq!(other.left(at(203)).await.free, 6);
}

#[tokio::test]
async fn slots_of_an_earlier_start_of_the_machine_are_out_for_one_window() {
    let (_folder, path) = file();
    let before = console(&path).await;
    for entry in use_up(&before, 5_000).await {
        before.end(entry, at(5_001)).await;
    }
    before.pause(at(5_100)).await;
    let mut outsider = outsider(&path).await;
    for table in ["slots", "pauses"] {
        let moved = sqlx::query(sqlx::AssertSqlSafe(format!(
            "UPDATE {table} SET boot = 'earlier'"
        )));
        assert!(moved.execute(&mut outsider).await.unwrap().rows_affected() > 0);
    }
    let after = console(&path).await;
    assert_eq!(after.left(at(10)).await.free, 0);
    assert_eq!(after.take(0, at(10)).await, Taken::NotBefore(at(70)));
    take(&after, 70).await;
}

#[tokio::test]
async fn where_the_kernel_cannot_tell_starts_apart_a_moment_too_far_ahead_does() {
    let (_folder, path) = file();
    let before = console(&path).await;
    use_up(&before, 500_000).await;
    let after = console(&path).await;
    assert_eq!(after.take(0, at(10)).await, Taken::NotBefore(at(70)));
    take(&after, 70).await;
}

#[tokio::test]
async fn a_store_that_fails_neither_stops_a_console_for_ever_nor_lets_four_of_them_exceed_the_budget()
 {
    let (_folder, path) = file();
    let mut consoles = Vec::new();
    for _ in 0..4 {
        consoles.push(console(&path).await);
    }
    // Taken before it failed, by one of whom the others have not heard.
    use_up(&consoles[0], 100).await;
    let mut outsider = outsider(&path).await;
    sqlx::query("ALTER TABLE slots RENAME TO lost")
        .execute(&mut outsider)
        .await
        .unwrap();
    let mut failed = 0;
    for book in &consoles {
        for now in [101, 150, 200] {
            let taken = book.take(0, at(now)).await;
            assert_eq!(taken, Taken::NotBefore(at((now + 5).min(201))));
            failed += 1;
        }
    }
    assert_eq!(failed, 12);
    let mut used = Vec::new();
    for book in &consoles {
        for _ in 0..2 {
            used.push(take(book, 201).await);
        }
        assert!(matches!(book.take(0, at(201)).await, Taken::NotBefore(_)));
    }
    assert_eq!(used.len(), 8, "a quarter each");
    consoles[0].end(used[0], at(203)).await;
    sqlx::query("ALTER TABLE lost RENAME TO slots")
        .execute(&mut outsider)
        .await
        .unwrap();
    // The first answer brings everything that was used meanwhile into the book.
    let taken = take(&consoles[0], 210).await;
    let late = console(&path).await;
    assert_eq!(late.left(at(210)).await.free, 5);
    consoles[0].give_back(taken).await;
    assert_eq!(late.left(at(262)).await.free, 6);
    assert_eq!(late.left(at(263)).await.free, 7);
    assert_eq!(late.left(at(301)).await.free, 8);
}
