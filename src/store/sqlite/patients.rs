//! The people this desk has met, in their table.

use chrono::DateTime;
use sqlx::SqliteConnection;

use super::Sqlite;
use crate::domain::phone::Phone;
use crate::domain::submission::{Intent, MetPatient};
use crate::store::error::StoreError;
use crate::store::patients::Patients;

impl Patients for Sqlite {
    async fn people(&self, profile: &str, phone: &Phone) -> Result<Vec<MetPatient>, StoreError> {
        let mut link = self.link.lock().await;
        let people = people(link.open().await?, profile, phone).await;
        link.keep(people)
    }
}

/// Keeps the patient of an intent as they were written this time.
pub(super) async fn remember(
    connection: &mut SqliteConnection,
    intent: &Intent,
) -> Result<(), StoreError> {
    let patient = &intent.submission.patient;
    let body =
        serde_json::to_string(patient).map_err(|_| StoreError::Damaged(intent.id.clone()))?;
    sqlx::query(
        "INSERT INTO patients (profile, phone, name, met_at, body) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (profile, phone, name) DO UPDATE SET met_at = excluded.met_at, body = excluded.body",
    )
    .bind(&intent.profile)
    .bind(patient.phone_digits())
    .bind(patient.full_name().to_lowercase())
    .bind(intent.saved_at.timestamp_micros())
    .bind(body)
    .execute(connection)
    .await?;
    Ok(())
}

async fn people(
    connection: &mut SqliteConnection,
    profile: &str,
    phone: &Phone,
) -> Result<Vec<MetPatient>, StoreError> {
    let rows: Vec<(i64, String)> = sqlx::query_as(
        "SELECT met_at, body FROM patients WHERE profile = ? AND phone = ? ORDER BY met_at DESC, name",
    )
    .bind(profile)
    .bind(phone.digits())
    .fetch_all(connection)
    .await?;
    // One that cannot be read any more is not offered.
    let met = |(met_at, body): &(i64, String)| {
        Some(MetPatient {
            patient: serde_json::from_str(body).ok()?,
            met_at: DateTime::from_timestamp_micros(*met_at)?,
        })
    };
    Ok(rows.iter().filter_map(met).collect())
}
