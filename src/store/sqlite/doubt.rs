//! Hands over to a person what the program may not decide any more, because the evidence for it may be incomplete.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use super::intents;
use crate::domain::evidence::{Doubt, Evidence, Fact, Outcome, State, state};
use crate::domain::standing::Standing;
use crate::domain::submission::IntentId;
use crate::store::error::StoreError;

/// An attempt as its table knows it.
struct Attempt {
    number: u32,
    started_at: DateTime<Utc>,
}

/// Goes through everything that was brought over, and tells how many submissions a person must look at.
pub(super) async fn hand_over(
    connection: &mut SqliteConnection,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let ids: Vec<String> = sqlx::query_scalar("SELECT intent FROM digests ORDER BY intent")
        .fetch_all(&mut *connection)
        .await?;
    let mut doubtful = 0;
    for id in ids.into_iter().map(IntentId) {
        let standing = intents::standing(connection, &id).await?;
        let attempts = attempts(connection, &id).await?;
        let missing = missing(&standing, &attempts, now);
        let is_doubtful = missing
            .last()
            .is_some_and(|last| matches!(last.fact, Fact::HandedOver { .. }));
        for evidence in missing {
            keep_attempt(connection, &id, &evidence).await?;
            intents::append(connection, &id, None, evidence).await?;
        }
        doubtful += u64::from(is_doubtful);
    }
    Ok(doubtful)
}

/// The facts that its attempts tell of and its evidence does not; then, unless a proof or a person settled it, that a
/// person must go on.
fn missing(standing: &Standing, attempts: &[Attempt], now: DateTime<Utc>) -> Vec<Evidence> {
    let at = |at, fact| Evidence { at, fact };
    let facts = || standing.evidence.iter().map(|evidence| &evidence.fact);
    let mut missing = Vec::new();
    if !facts().any(|fact| matches!(fact, Fact::Saved)) {
        missing.push(at(standing.intent.saved_at, Fact::Saved));
    }
    let begun: BTreeSet<u32> = facts()
        .filter_map(|fact| match fact {
            Fact::Attempted { number } => Some(*number),
            _ => None,
        })
        .collect();
    let ended: BTreeSet<u32> = facts()
        .filter_map(|fact| match fact {
            Fact::Ended { number, .. } => Some(*number),
            _ => None,
        })
        .collect();
    let numbers = attempts.iter().map(|attempt| attempt.number);
    let last = numbers.chain(begun.iter().chain(&ended).copied()).max();
    for number in 1..=last.unwrap_or_default() {
        if begun.contains(&number) && ended.contains(&number) {
            continue;
        }
        if !begun.contains(&number) || last != Some(number) {
            let attempt = attempts.iter().find(|attempt| attempt.number == number);
            let began = attempt.map_or(standing.intent.saved_at, |attempt| attempt.started_at);
            missing.push(at(began, Fact::Attempted { number }));
        }
        let why = "what became of it was lost with the damaged store".to_owned();
        let outcome = Outcome::Unknown { why };
        missing.push(at(now, Fact::Ended { number, outcome }));
    }
    let all: Vec<Evidence> = standing.evidence.iter().chain(&missing).cloned().collect();
    let is_settled = match state(&all) {
        State::Accepted { .. } | State::Dropped => true,
        State::NotAccepted { .. } => missing.is_empty(),
        _ => false,
    };
    if !is_settled {
        let doubt = Doubt::StoreWasDamaged;
        missing.push(at(now, Fact::HandedOver { doubt }));
    }
    missing
}

async fn attempts(
    connection: &mut SqliteConnection,
    id: &IntentId,
) -> Result<Vec<Attempt>, StoreError> {
    let rows: Vec<(u32, i64)> =
        sqlx::query_as("SELECT number, started_at FROM attempts WHERE intent = ? ORDER BY number")
            .bind(&id.0)
            .fetch_all(connection)
            .await?;
    let attempts = rows.into_iter().map(|(number, started_at)| {
        let started_at = DateTime::from_timestamp_micros(started_at)?;
        Some(Attempt { number, started_at })
    });
    let attempts: Option<Vec<Attempt>> = attempts.collect();
    attempts.ok_or_else(|| StoreError::Damaged(id.clone()))
}

/// An attempt that only the evidence knows gets its row again, so that no later one takes its number.
async fn keep_attempt(
    connection: &mut SqliteConnection,
    id: &IntentId,
    evidence: &Evidence,
) -> Result<(), StoreError> {
    let Fact::Ended { number, .. } = &evidence.fact else {
        return Ok(());
    };
    sqlx::query(
        "INSERT INTO attempts (intent, number, hash, started_at, ended_at)
         SELECT id, ?, hash, saved_at, ? FROM intents WHERE id = ? ON CONFLICT DO NOTHING",
    )
    .bind(number)
    .bind(evidence.at.timestamp_micros())
    .bind(&id.0)
    .execute(connection)
    .await?;
    Ok(())
}
