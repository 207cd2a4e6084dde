//! What one console writes into the book the others read, and what becomes of it when something fails.

use std::path::{Path, PathBuf};
use std::time::Duration;

use frontdesk::courier::budget::Shared;
use frontdesk::store::Sqlite;
use frontdesk::vendor::budget::Lane;
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
    match book.take(Lane::Send, 0, at(now)).await {
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
    assert_eq!(
        other.take(Lane::Send, 0, at(100)).await,
        Taken::NotBefore(at(160))
    );
    one.end(entries[0], at(101)).await;
    assert_eq!(
        other.take(Lane::Send, 0, at(130)).await,
        Taken::NotBefore(at(161))
    );
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
    assert_eq!(
        other.take(Lane::Send, 0, at(100)).await,
        Taken::NotBefore(at(130))
    );
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
    assert_eq!(
        other.take(Lane::Send, 0, at(199)).await,
        Taken::NotBefore(at(200))
    );
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
    assert_eq!(
        after.take(Lane::Send, 0, at(10)).await,
        Taken::NotBefore(at(70))
    );
    take(&after, 70).await;
}

#[tokio::test]
async fn where_the_kernel_cannot_tell_starts_apart_a_moment_too_far_ahead_does() {
    let (_folder, path) = file();
    let before = console(&path).await;
    use_up(&before, 500_000).await;
    let after = console(&path).await;
    assert_eq!(
        after.take(Lane::Send, 0, at(10)).await,
        Taken::NotBefore(at(70))
    );
    take(&after, 70).await;
}

/// Takes the table of the slots away, or puts it back: what the store says of it fails meanwhile.
async fn fail(path: &Path, fails: bool) {
    let sql = if fails {
        "ALTER TABLE slots RENAME TO lost"
    } else {
        "ALTER TABLE lost RENAME TO slots"
    };
    sqlx::query(sql)
        .execute(&mut outsider(path).await)
        .await
        .unwrap();
}

#[tokio::test]
async fn without_the_store_nothing_is_sent_and_a_small_share_is_left_to_the_rest() {
    let (_folder, path) = file();
    let (one, other) = (console(&path).await, console(&path).await);
    // Taken before it failed, by one of whom the other has not heard.
    use_up(&one, 100).await;
    fail(&path, true).await;
    let mut refused = 0;
    for book in [&one, &other] {
        for now in [101, 150, 200] {
            for lane in [Lane::SignIn, Lane::Read] {
                let taken = book.take(lane, 0, at(now)).await;
                assert_eq!(taken, Taken::NotBefore(at((now + 5).min(201))));
                refused += 1;
            }
        }
        assert_eq!(book.left(at(200)).await.free, 0);
    }
    assert_eq!(refused, 12);
    for book in [&one, &other] {
        let mut lists = 0;
        while let Taken::Yes(_) = book.take(Lane::Read, 10, at(201)).await {
            lists += 1;
        }
        assert_eq!(lists, 4, "one is kept for a sign-in");
        let sent = book.take(Lane::Send, 0, at(201)).await;
        assert_eq!(sent, Taken::NotBefore(at(206)));
        assert!(matches!(
            book.take(Lane::SignIn, 0, at(201)).await,
            Taken::Yes(_)
        ));
        let spent = book.take(Lane::SignIn, 0, at(201)).await;
        assert_eq!(spent, Taken::NotBefore(at(206)));
    }
}

#[tokio::test]
async fn what_was_used_without_the_store_is_in_the_book_before_anything_else() {
    let (_folder, path) = file();
    let (one, other) = (console(&path).await, console(&path).await);
    fail(&path, true).await;
    assert!(matches!(
        one.take(Lane::Read, 0, at(100)).await,
        Taken::NotBefore(_)
    ));
    let Taken::Yes(entry) = one.take(Lane::Read, 0, at(200)).await else {
        panic!("the silence is over");
    };
    assert!(matches!(
        one.take(Lane::Read, 0, at(200)).await,
        Taken::Yes(_)
    ));
    one.end(entry, at(203)).await;
    fail(&path, false).await;
    // The other never lost the store, and leaves to the first what it may use without.
    assert_eq!(other.left(at(210)).await.free, TERMS.of - 5);
    for _ in 5..TERMS.of {
        take(&other, 210).await;
    }
    let no = other.take(Lane::Send, 0, at(210)).await;
    assert!(matches!(no, Taken::NotBefore(_)), "{no:?}");
    // Its first look brings everything that it used meanwhile into the book, and it stands alone no more.
    assert_eq!(one.left(at(210)).await.free, 3);
    assert_eq!(other.left(at(210)).await.free, 3);
    assert_eq!(other.left(at(263)).await.free, 4);
    assert_eq!(other.left(at(300)).await.free, 5);
}

#[tokio::test]
async fn a_console_that_is_gone_is_left_nothing() {
    let (_folder, path) = file();
    let (one, other) = (console(&path).await, console(&path).await);
    fail(&path, true).await;
    one.take(Lane::Read, 0, at(100)).await;
    fail(&path, false).await;
    assert_eq!(other.left(at(101)).await.free, TERMS.of - 5);
    drop(one);
    assert_eq!(other.left(at(101)).await.free, TERMS.of);
}

#[tokio::test]
async fn who_only_looks_sees_that_the_store_is_back() {
    let (_folder, path) = file();
    let (one, other) = (console(&path).await, console(&path).await);
    fail(&path, true).await;
    one.take(Lane::Read, 0, at(100)).await;
    fail(&path, false).await;
    assert_eq!(one.left(at(160)).await.free, TERMS.of);
    assert_eq!(other.left(at(160)).await.free, TERMS.of);
}
