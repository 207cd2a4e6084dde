//! The state of the sign-ins, in its table.

use chrono::DateTime;

use super::Sqlite;
use crate::store::error::StoreError;
use crate::store::sign_ins::{SignIn, SignIns};

impl SignIns for Sqlite {
    async fn keep_sign_in(&self, account: &str, sign_in: &SignIn) -> Result<(), StoreError> {
        let mut link = self.quick.lock().await;
        let kept = sqlx::query(
            "INSERT INTO sign_ins (account, at, refusal) VALUES (?, ?, ?)
             ON CONFLICT (account) DO UPDATE SET at = excluded.at, refusal = excluded.refusal",
        )
        .bind(account)
        .bind(sign_in.at.timestamp_micros())
        .bind(&sign_in.refusal)
        .execute(link.open().await?)
        .await;
        link.keep(kept.map(drop).map_err(StoreError::from))
    }

    async fn sign_in(&self, account: &str) -> Result<Option<SignIn>, StoreError> {
        let mut link = self.quick.lock().await;
        let row: Result<Option<(i64, Option<String>)>, _> =
            sqlx::query_as("SELECT at, refusal FROM sign_ins WHERE account = ?")
                .bind(account)
                .fetch_optional(link.open().await?)
                .await;
        let row = link.keep(row.map_err(StoreError::from))?;
        Ok(row.and_then(|(at, refusal)| {
            let at = DateTime::from_timestamp_micros(at)?;
            Some(SignIn { at, refusal })
        }))
    }
}
