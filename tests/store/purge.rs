//! What was settled long ago is forgotten, in as many commits as it takes; nothing else is.

use chrono::TimeDelta;
use frontdesk::domain::evidence::{Evidence, Fact};
use frontdesk::store::Sqlite;
use frontdesk::store::intents::{Intents, Listing};
use sqlx::{ConnectOptions, Executor};

use crate::place;
use crate::support::*;

/// Copies the one settled intent that is there.
const MULTIPLY: &str = "
    CREATE TEMP TABLE numbers AS WITH RECURSIVE n(i) AS (SELECT 101 UNION ALL SELECT i + 1 FROM n WHERE i < 549)
        SELECT i, printf('FD-%032x', i) AS id FROM n;
    INSERT INTO intents SELECT n.id, i, profile, payload, hash, saved_at, day, NULL, NULL FROM intents, numbers n;
    INSERT INTO attempts SELECT n.id, number, hash, started_at, ended_at, console FROM attempts, numbers n;
    INSERT INTO evidence (intent, at, fact) SELECT n.id, at, fact FROM evidence, numbers n;
    INSERT INTO digests SELECT n.id, profile, saved_at, word, settled_at, text, due_at FROM digests, numbers n;";

#[tokio::test]
async fn more_than_one_commit_of_old_ones_goes_and_the_others_stay() {
    let (_folder, path) = place();
    let store = Sqlite::open(&path).await.unwrap();
    let old = moment(MORNING);
    let young = old + TimeDelta::days(40);
    let settle = async |draft, at| {
        let id = store.save(wish(draft, old.date_naive()), old).await;
        let id = id.unwrap().intent.id;
        store.begin_attempt(&id, 1, old).await.unwrap();
        let outcome = accepted();
        let fact = Fact::Ended { number: 1, outcome };
        store.append(&id, Evidence { at, fact }).await.unwrap();
    };
    settle(0, old).await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path);
    let mut connection = options.connect().await.unwrap();
    connection.execute(MULTIPLY).await.unwrap();
    // Saved as long ago: settled lately, open, and never sent.
    settle(1, young).await;
    settle(2, young).await;
    let on_its_way = store.save(wish(3, old.date_naive()), old).await.unwrap();
    let known = store.begin_attempt(&on_its_way.intent.id, 1, old).await;
    assert_eq!(known.unwrap().len(), 2);
    store.save(wish(4, old.date_naive()), old).await.unwrap();
    let before = old + TimeDelta::days(30);
    assert_eq!(store.purge(before).await.unwrap(), 450);
    assert_eq!(store.purge(before).await.unwrap(), 0);
    let mut left = Vec::new();
    for standing in store.list(&Listing::default()).await.unwrap() {
        let standing = standing.unwrap();
        left.push((standing.draft.0, standing.evidence.len()));
    }
    left.sort_unstable();
    assert_eq!(left, [(1, 3), (2, 3), (3, 2), (4, 1)]);
    for table in ["intents", "digests", "attempts", "evidence"] {
        let count = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
        let rows: i64 = sqlx::query_scalar(count)
            .fetch_one(&mut connection)
            .await
            .unwrap();
        let expected = match table {
            "attempts" => 3,
            "evidence" => 9,
            _ => 4,
        };
        assert_eq!(rows, expected, "{table}");
    }
}
