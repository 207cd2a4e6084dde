//! A file that may not grow: what `SQLite` itself says of a full disk, at whatever statement it meets it. And how it
//! reads the list that a console asks for again and again.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use chrono::{DateTime, Utc};

use super::*;
use crate::domain::branch::{Branch, BranchId};
use crate::domain::draft::Draft;
use crate::domain::evidence::{Evidence, Fact, Outcome};
use crate::domain::offer::Kind;
use crate::domain::phone::Phone;
use crate::domain::submission::{DraftId, Patient, Submission};
use crate::store::drafts::Drafts;
use crate::store::intents::{Intents, Listing, Wish};

fn wish(draft: u64, now: DateTime<Utc>) -> Wish {
    let branch = Branch {
        id: BranchId("6530a4a6f1d2c8b7e9a12345".to_owned()),
        name: "Koramangala".to_owned(),
        // Long enough that a row does not fit where the last one did.
        address: Some("4th Block ".repeat(100)),
        zone: None,
    };
    let patient = Patient {
        phone: Some(Phone::parse("9876543210", "91").unwrap()),
        ..Patient::named("Rahul")
    };
    Wish {
        draft: DraftId(draft),
        profile: "demo".to_owned(),
        key: None,
        follows: None,
        day: now.date_naive(),
        changes: Arc::default(),
        submission: Submission::of(Kind::Lead, branch, patient),
    }
}

/// Lets the connection of the store take only so many pages more. It is thrown away at the first failure.
async fn leave_room(store: &Sqlite, pages: i64) {
    let mut link = store.link.lock().await;
    let connection = link.open().await.unwrap();
    let used: i64 = sqlx::query_scalar("PRAGMA page_count")
        .fetch_one(&mut *connection)
        .await
        .unwrap();
    let limit = sqlx::AssertSqlSafe(format!("PRAGMA max_page_count = {}", used + pages));
    sqlx::query(limit).execute(connection).await.unwrap();
}

fn is_full<T>(result: &Result<T, StoreError>) -> bool {
    match result {
        Ok(_) => false,
        Err(error) => {
            assert_eq!(error.to_string(), "the disk is full");
            true
        }
    }
}

#[tokio::test]
async fn a_full_file_takes_all_of_a_call_or_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(&folder.path().join("data/store.db"))
        .await
        .unwrap();
    let at: DateTime<Utc> = "2026-11-21T05:30:00Z".parse().unwrap();
    let (mut saves, mut attempts, mut ends) = (0, 0, 0);
    for number in 0..80 {
        let id = DraftId(number);
        let draft = Draft::new(id, Kind::Lead);
        store.keep_draft("demo", &draft, at).await.unwrap();
        leave_room(&store, i64::from(number % 2 == 0)).await;
        let saved = store.save(wish(number, at), at).await;
        if is_full(&saved) {
            saves += 1;
            assert!(store.of_draft(id).await.unwrap().is_none());
            assert!(store.open_draft(id).await.unwrap().is_some());
        }
        let intent = store.save(wish(number, at), at).await.unwrap().intent.id;
        assert!(store.open_draft(id).await.unwrap().is_none());

        leave_room(&store, 0).await;
        let begun = store.begin_attempt(&intent, 1, at).await;
        if is_full(&begun) {
            attempts += 1;
            assert_eq!(store.open_here(&intent).await.unwrap(), None);
            assert_eq!(store.evidence(&intent).await.unwrap().len(), 1);
            store.begin_attempt(&intent, 1, at).await.unwrap();
        }

        leave_room(&store, 0).await;
        let fact = Fact::Ended {
            number: 1,
            outcome: Outcome::Unknown {
                why: "no answer ".repeat(60),
            },
        };
        let new = Evidence { at, fact };
        let ended = store.append(&intent, new.clone()).await;
        if is_full(&ended) {
            ends += 1;
            assert_eq!(store.open_here(&intent).await.unwrap(), Some(1));
            assert_eq!(store.evidence(&intent).await.unwrap().len(), 2);
            store.append(&intent, new).await.unwrap();
        }
        assert_eq!(store.standing(&intent).await.unwrap().evidence.len(), 3);
    }
    let all = store.open_intents("demo").await.unwrap();
    assert_eq!(all.len(), 80);
    // How often it was full: every call met it.
    assert!(
        saves > 9 && attempts > 0 && ends > 2,
        "{saves} {attempts} {ends}"
    );
}

#[tokio::test]
async fn the_list_of_a_console_reads_through_nothing_old() {
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(&folder.path().join("data/store.db"))
        .await
        .unwrap();
    let now: DateTime<Utc> = "2026-11-21T05:30:00Z".parse().unwrap();
    let listing = Listing {
        profile: Some("demo".to_owned()),
        since: Some(now),
        with_unsettled: true,
        due: Some(now),
        ..Listing::default()
    };
    let query = listing::chosen(&listing);
    let asked = query.sql().as_str().to_owned();
    let explained = format!("EXPLAIN QUERY PLAN {asked}");
    let mut link = store.link.lock().await;
    let rows: Vec<(i64, i64, i64, String)> = sqlx::query_as(sqlx::AssertSqlSafe(explained))
        .fetch_all(link.open().await.unwrap())
        .await
        .unwrap();
    let steps: Vec<String> = rows.into_iter().map(|row| row.3).collect();
    let reads: Vec<&String> = steps
        .iter()
        .filter(|step| step.contains("digests"))
        .collect();
    assert_eq!(reads.len(), 4, "{steps:?}");
    for index in [
        "PRIMARY KEY",
        "digests_by_time",
        "unsettled_digests",
        "digests_by_due",
    ] {
        assert!(reads.iter().any(|step| step.contains(index)), "{steps:?}");
    }
    // What is not settled is few: its index holds nothing else.
    let scans = reads.iter().filter(|step| step.starts_with("SCAN"));
    let others = scans.filter(|step| !step.contains("unsettled_digests"));
    assert_eq!(others.count(), 0, "{steps:?}");
}
