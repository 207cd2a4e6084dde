//! The request budgets in their tables.

use std::time::Duration;

use sqlx::{Connection, SqliteConnection};

use super::Sqlite;
use crate::clock::Steady;
use crate::store::budgets::{Allowance, Budgets, Left, Slot, SlotId};
use crate::store::error::StoreError;

impl Budgets for Sqlite {
    async fn take_slot(
        &self,
        account: &str,
        allowance: Allowance,
        reserve: u32,
        now: Steady,
    ) -> Result<Slot, StoreError> {
        let mut link = self.quick.lock().await;
        let taken = take(link.open().await?, account, allowance, reserve, now).await;
        link.keep(taken)
    }

    async fn end_slot(
        &self,
        slot: SlotId,
        allowance: Allowance,
        now: Steady,
    ) -> Result<(), StoreError> {
        let mut link = self.quick.lock().await;
        let ended = sqlx::query("UPDATE slots SET returns_at = ? WHERE id = ?")
            .bind(micros(now + allowance.window))
            .bind(slot.0)
            .execute(link.open().await?)
            .await;
        link.keep(ended.map(drop).map_err(StoreError::from))
    }

    async fn give_slot_back(&self, slot: SlotId) -> Result<(), StoreError> {
        let mut link = self.quick.lock().await;
        let given = sqlx::query("DELETE FROM slots WHERE id = ?")
            .bind(slot.0)
            .execute(link.open().await?)
            .await;
        link.keep(given.map(drop).map_err(StoreError::from))
    }

    async fn pause(&self, account: &str, until: Steady) -> Result<(), StoreError> {
        let mut link = self.quick.lock().await;
        let paused = sqlx::query(
            "INSERT INTO pauses (account, boot, until) VALUES (?1, ?2, ?3)
             ON CONFLICT (account) DO UPDATE SET until = iif(boot = ?2, max(until, ?3), ?3), boot = ?2",
        )
        .bind(account)
        .bind(boot())
        .bind(micros(until))
        .execute(link.open().await?)
        .await;
        link.keep(paused.map(drop).map_err(StoreError::from))
    }

    async fn left(
        &self,
        account: &str,
        allowance: Allowance,
        now: Steady,
    ) -> Result<Left, StoreError> {
        let mut link = self.quick.lock().await;
        let left = left(link.open().await?, account, allowance, now).await;
        link.keep(left)
    }
}

async fn take(
    connection: &mut SqliteConnection,
    account: &str,
    allowance: Allowance,
    reserve: u32,
    now: Steady,
) -> Result<Slot, StoreError> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    renew(&mut transaction, account, allowance, now).await?;
    let left = left(&mut transaction, account, allowance, now).await?;
    if let Some(until) = left.paused_until {
        return Ok(Slot::NotBefore(until));
    }
    if left.free <= reserve {
        // The slot that must come back before this one fits.
        let missing = reserve + 1 - left.free;
        let at: Option<i64> = sqlx::query_scalar(
            "SELECT returns_at FROM slots WHERE account = ? AND returns_at > ? ORDER BY returns_at LIMIT 1 OFFSET ?",
        )
        .bind(account)
        .bind(micros(now))
        .bind(missing - 1)
        .fetch_optional(&mut *transaction)
        .await?;
        transaction.commit().await?;
        let at = at.map_or(now + allowance.window, steady);
        return Ok(Slot::NotBefore(at));
    }
    let taken = sqlx::query("INSERT INTO slots (account, boot, returns_at) VALUES (?, ?, ?)")
        .bind(account)
        .bind(boot())
        .bind(micros(now + allowance.longest + allowance.window))
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(Slot::Taken(SlotId(taken.last_insert_rowid())))
}

/// Forgets what has come back. Slots and pauses of an earlier start of the machine were taken at most just now.
async fn renew(
    connection: &mut SqliteConnection,
    account: &str,
    allowance: Allowance,
    now: Steady,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE slots SET boot = ?1, returns_at = ?2 WHERE account = ?3 AND boot <> ?1")
        .bind(boot())
        .bind(micros(now + allowance.window))
        .bind(account)
        .execute(&mut *connection)
        .await?;
    sqlx::query("DELETE FROM slots WHERE account = ? AND returns_at <= ?")
        .bind(account)
        .bind(micros(now))
        .execute(&mut *connection)
        .await?;
    sqlx::query("DELETE FROM pauses WHERE account = ? AND (boot <> ? OR until <= ?)")
        .bind(account)
        .bind(boot())
        .bind(micros(now))
        .execute(connection)
        .await?;
    Ok(())
}

async fn left(
    connection: &mut SqliteConnection,
    account: &str,
    allowance: Allowance,
    now: Steady,
) -> Result<Left, StoreError> {
    let (out, next): (u32, Option<i64>) = sqlx::query_as(
        "SELECT count(*), min(returns_at) FROM slots WHERE account = ? AND boot = ? AND returns_at > ?",
    )
    .bind(account)
    .bind(boot())
    .bind(micros(now))
    .fetch_one(&mut *connection)
    .await?;
    let pause: Option<i64> =
        sqlx::query_scalar("SELECT until FROM pauses WHERE account = ? AND boot = ? AND until > ?")
            .bind(account)
            .bind(boot())
            .bind(micros(now))
            .fetch_optional(connection)
            .await?;
    let paused_until = pause.map(steady);
    Ok(Left {
        free: allowance.of.saturating_sub(out),
        next: next.map(steady).into_iter().chain(paused_until).min(),
        paused_until,
    })
}

/// Tells one start of the machine from another; empty where the kernel has no word for it.
fn boot() -> &'static str {
    static BOOT: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    BOOT.get_or_init(|| {
        let id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id");
        id.unwrap_or_default().trim().to_owned()
    })
}

fn micros(at: Steady) -> i64 {
    i64::try_from(at.as_micros()).unwrap_or(i64::MAX)
}

fn steady(micros: i64) -> Steady {
    Duration::from_micros(u64::try_from(micros).unwrap_or_default())
}
