//! What the database itself refuses, whoever asks: each guard with its own words.

use std::path::Path;

use frontdesk::domain::evidence::{Evidence, Fact};
use frontdesk::store::Sqlite;
use frontdesk::store::intents::{Intents, Listing};
use rstest::rstest;
use sqlx::{ConnectOptions, Executor};

use crate::place;
use crate::support::*;

/// One intent on its way, with a key and an attempt that has ended before; one that is settled.
async fn two_intents(path: &Path) {
    let store = Sqlite::open(path).await.unwrap();
    let at = moment(MORNING);
    for (draft, outcome) in [(1, not_sent()), (2, accepted())] {
        let mut wish = wish(draft, at.date_naive());
        wish.key = Some(format!("line {draft}"));
        let id = store.save(wish, at).await.unwrap().intent.id;
        store.begin_attempt(&id, 1, at).await.unwrap();
        let fact = Fact::Ended { number: 1, outcome };
        let known = store.append(&id, Evidence { at, fact }).await.unwrap();
        if draft == 1 {
            store.begin_attempt(&id, known.len(), at).await.unwrap();
        }
    }
}

async fn all(path: &Path) -> Vec<frontdesk::domain::standing::Standing> {
    let store = Sqlite::open(path).await.unwrap();
    let all = store.list(&Listing::default()).await.unwrap();
    all.into_iter().map(Result::unwrap).collect()
}

/// What every refusal of a change of a saved intent says.
const FROZEN: &str = "an intent never changes";
const ENDS_ONCE: &str = "an attempt ends once and changes nothing else";
const UNSETTLED: &str = "that is not settled is never deleted";
const IN_USE: &str = "FOREIGN KEY constraint failed";

#[rstest]
#[case::second_open_attempt(
    "INSERT INTO attempts SELECT intent, 9, hash, started_at, NULL, console FROM attempts WHERE ended_at IS NULL",
    "UNIQUE constraint failed: attempts.intent"
)]
#[case::attempt_of_the_same_number(
    "INSERT INTO attempts SELECT * FROM attempts WHERE ended_at IS NOT NULL",
    "UNIQUE constraint failed: attempts.intent, attempts.number"
)]
#[case::attempt_of_no_intent("INSERT INTO attempts VALUES ('FD-0', 1, '', 0, NULL, '')", IN_USE)]
#[case::second_id(
    "INSERT INTO intents SELECT id, draft + 10, profile, payload, hash, saved_at, day, NULL, NULL FROM intents",
    "UNIQUE constraint failed: intents.id"
)]
#[case::second_of_a_draft(
    "INSERT INTO intents SELECT id || 'x', draft, profile, payload, hash, saved_at, day, NULL, NULL FROM intents",
    "UNIQUE constraint failed: intents.draft"
)]
#[case::second_of_a_key(
    "INSERT INTO intents SELECT id || 'x', draft + 10, profile, payload, hash, saved_at, day, key, NULL FROM intents",
    "UNIQUE constraint failed: intents.profile, intents.key"
)]
#[case::payload("UPDATE intents SET payload = '{}'", FROZEN)]
#[case::hash("UPDATE intents SET hash = ''", FROZEN)]
#[case::id("UPDATE intents SET id = id || 'x' WHERE draft = 2", FROZEN)]
#[case::day("UPDATE intents SET day = '2026-11-22'", FROZEN)]
#[case::key("UPDATE intents SET key = NULL", FROZEN)]
#[case::settled_payload("UPDATE intents SET payload = '{}' WHERE draft = 2", FROZEN)]
#[case::fact(
    "UPDATE evidence SET fact = '\"PersonDropped\"'",
    "evidence never changes"
)]
#[case::moment_of_a_fact("UPDATE evidence SET at = 0", "evidence never changes")]
#[case::fact_of_no_intent(
    "INSERT INTO evidence (intent, at, fact) VALUES ('FD-0', 0, '\"Saved\"')",
    IN_USE
)]
#[case::start_of_an_attempt("UPDATE attempts SET started_at = 0, ended_at = 1", ENDS_ONCE)]
#[case::hash_of_an_attempt(
    "UPDATE attempts SET hash = '', ended_at = 1 WHERE ended_at IS NULL",
    ENDS_ONCE
)]
#[case::number_of_an_attempt(
    "UPDATE attempts SET number = 7, ended_at = 1 WHERE ended_at IS NULL",
    ENDS_ONCE
)]
#[case::second_end(
    "UPDATE attempts SET ended_at = 1 WHERE ended_at IS NOT NULL",
    ENDS_ONCE
)]
#[case::opened_again(
    "UPDATE attempts SET ended_at = NULL WHERE ended_at IS NOT NULL",
    ENDS_ONCE
)]
#[case::intent_goes("DELETE FROM intents WHERE draft = 1", UNSETTLED)]
#[case::attempt_goes("DELETE FROM attempts WHERE number = 2", UNSETTLED)]
#[case::fact_goes("DELETE FROM evidence WHERE seq = 1", UNSETTLED)]
#[case::everything_goes("DELETE FROM intents", UNSETTLED)]
#[case::intent_before_its_facts("DELETE FROM intents WHERE draft = 2", IN_USE)]
#[case::digest_before_its_intent(
    "DELETE FROM digests WHERE settled_at IS NULL",
    "a digest goes after its intent"
)]
#[case::digest_of_a_settled_one_before_it(
    "DELETE FROM digests WHERE settled_at IS NOT NULL",
    "a digest goes after its intent"
)]
#[tokio::test]
async fn the_database_refuses(#[case] sql: &'static str, #[case] words: &str) {
    let (_folder, path) = place();
    two_intents(&path).await;
    let before = all(&path).await;
    assert_eq!(before.len(), 2);
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path);
    let mut connection = options.connect().await.unwrap();
    let refusal = connection.execute(sql).await.expect_err(sql).to_string();
    assert!(refusal.contains(words), "{sql}: {refusal}");
    drop(connection);
    assert_eq!(all(&path).await, before);
}

#[tokio::test]
async fn what_is_settled_may_go_in_its_order() {
    let (_folder, path) = place();
    two_intents(&path).await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path);
    let mut connection = options.connect().await.unwrap();
    for sql in [
        "DELETE FROM evidence WHERE intent IN (SELECT id FROM intents WHERE draft = 2)",
        "DELETE FROM attempts WHERE intent IN (SELECT id FROM intents WHERE draft = 2)",
        "DELETE FROM intents WHERE draft = 2",
        "DELETE FROM digests WHERE settled_at IS NOT NULL",
    ] {
        let gone = connection.execute(sql).await.unwrap().rows_affected();
        assert!(gone > 0, "{sql}");
    }
    drop(connection);
    assert_eq!(all(&path).await.len(), 1);
}
