//! The limit of the contract: 60 requests an account in any 60 seconds, over all its calls.
//!
//! The window lies in the ledger's file, so that sandboxes on one ledger count together.

use chrono::{DateTime, Utc};

use super::account::Account;
use crate::sandbox::answer::Refusal;
use crate::sandbox::ledger::Ledger;

const LIMIT: i64 = 60;
const WINDOW_MILLISECONDS: i64 = 60_000;

/// Counts this request, or refuses it with the seconds until one more fits; a refused one is not counted.
pub async fn admit(ledger: &Ledger, account: &Account, now: DateTime<Utc>) -> Result<(), Refusal> {
    let now = now.timestamp_millis();
    let since = now - WINDOW_MILLISECONDS;
    let mut transaction = ledger.begin().await?;
    sqlx::query("DELETE FROM requests WHERE account = ? AND at <= ?")
        .bind(account.client_id)
        .bind(since)
        .execute(&mut *transaction)
        .await?;
    // The request that must leave the window before another fits: the LIMIT-th counted from the newest.
    let blocking: Option<i64> = sqlx::query_scalar(
        "SELECT at FROM requests WHERE account = ? AND at > ? AND at <= ? ORDER BY at DESC LIMIT 1 OFFSET ?",
    )
    .bind(account.client_id)
    .bind(since)
    .bind(now)
    .bind(LIMIT - 1)
    .fetch_optional(&mut *transaction)
    .await?;
    if let Some(at) = blocking {
        let wait = u64::try_from(at - since).unwrap_or(0).div_ceil(1000).max(1);
        return Err(Refusal::too_many(wait));
    }
    sqlx::query("INSERT INTO requests (account, at) VALUES (?, ?)")
        .bind(account.client_id)
        .bind(now)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(())
}
