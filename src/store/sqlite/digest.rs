//! What a list of intents is chosen and searched by: follows from an intent and its evidence alone.

use sqlx::SqliteConnection;

use super::intents;
use crate::domain::evidence::{Evidence, State};
use crate::domain::standing::Standing;
use crate::domain::submission::{Intent, IntentId};
use crate::store::error::StoreError;

/// Writes the digest of a standing.
pub(super) async fn write(
    connection: &mut SqliteConnection,
    intent: &Intent,
    evidence: &[Evidence],
    state: &State,
) -> Result<(), StoreError> {
    let settled_at = evidence.last().filter(|_| state.is_settled());
    let due = intent.submission.due().filter(|_| !state.came_to_nothing());
    sqlx::query(
        "INSERT INTO digests (intent, profile, saved_at, word, settled_at, text, due_at) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (intent) DO UPDATE SET word = excluded.word, settled_at = excluded.settled_at,
            text = excluded.text, due_at = excluded.due_at",
    )
    .bind(&intent.id.0)
    .bind(&intent.profile)
    .bind(intent.saved_at.timestamp_micros())
    .bind(state.word())
    .bind(settled_at.map(|last| last.at.timestamp_micros()))
    .bind(text(intent, state))
    .bind(due.map(|due| due.timestamp_micros()))
    .execute(connection)
    .await?;
    Ok(())
}

/// Everything that a person may search an intent by, in lower case, a line each; a change also by the record's number.
fn text(intent: &Intent, state: &State) -> String {
    let patient = &intent.submission.patient;
    let numbers = state.numbers().join("\n");
    let name = patient.full_name();
    let email = patient.email.as_deref().unwrap_or_default();
    let lines = [&name, patient.phone_digits(), email, &numbers, &intent.id.0];
    let subject = intent.submission.subject.as_ref();
    let subject = subject.map(|subject| subject.number.as_str());
    let lines: Vec<&str> = lines.into_iter().chain(subject).collect();
    lines.join("\n").to_lowercase()
}

/// Writes the digests of all intents. What cannot be read stays as it is: it is told when it is asked for.
pub(super) async fn write_all(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let ids: Vec<String> = sqlx::query_scalar("SELECT id FROM intents")
        .fetch_all(&mut *connection)
        .await?;
    for id in ids {
        match intents::standing(connection, &IntentId(id)).await {
            Ok(Standing {
                intent,
                evidence,
                state,
                ..
            }) => write(connection, &intent, &evidence, &state).await?,
            Err(StoreError::Damaged(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
