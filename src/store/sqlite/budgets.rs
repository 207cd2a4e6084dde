//! The request budgets in their tables.

use std::time::Duration;

use sqlx::{Connection, SqliteConnection};

use super::Sqlite;
use crate::clock::Steady;
use crate::store::budgets::{Allowance, Budgets, Left, Slot, SlotId};
use crate::store::error::StoreError;
use crate::trial;

/// No pause is longer; one that seems so was set before the machine was started.
const LONGEST_PAUSE: Duration = Duration::from_secs(3_600);

impl Budgets for Sqlite {
    async fn take_slot(
        &self,
        account: &str,
        allowance: Allowance,
        reserve: u32,
        now: Steady,
    ) -> Result<Slot, StoreError> {
        let mut link = self.quick.lock().await;
        // Before the file is read: who is not alone any more has written down what it used.
        let allowance = self.shared_with(allowance);
        let taken = take(link.open().await?, account, allowance, reserve, now).await;
        link.keep(taken)
    }

    async fn end_slot(
        &self,
        account: &str,
        slot: SlotId,
        allowance: Allowance,
        at: Steady,
    ) -> Result<(), StoreError> {
        let mut link = self.quick.lock().await;
        let ended = sqlx::query(
            "INSERT INTO slots (id, account, boot, returns_at) VALUES (?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET returns_at = excluded.returns_at, boot = excluded.boot",
        )
        .bind(slot.0)
        .bind(account)
        .bind(boot())
        .bind(micros(at + allowance.window))
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

    fn stand_alone(&self, is_alone: bool) -> bool {
        self.presence.stand_alone(is_alone)
    }

    async fn add_slots(&self, account: &str, returns: &[Steady]) -> Result<(), StoreError> {
        let mut link = self.quick.lock().await;
        let added = add(link.open().await?, account, returns).await;
        link.keep(added)
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
        let allowance = self.shared_with(allowance);
        let left = left(link.open().await?, account, allowance, now).await;
        link.keep(left)
    }
}

impl Sqlite {
    /// What is left of an allowance besides the consoles that use theirs without the file.
    fn shared_with(&self, allowance: Allowance) -> Allowance {
        let alone = self.presence.others_alone().saturating_mul(allowance.alone);
        Allowance {
            of: allowance.of.saturating_sub(alone),
            ..allowance
        }
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
    let is_free = left.free > reserve || trial::bug("budget-ignored");
    if is_free && left.paused_until.is_none() {
        let taken = sqlx::query("INSERT INTO slots (account, boot, returns_at) VALUES (?, ?, ?)")
            .bind(account)
            .bind(boot())
            .bind(micros(now + allowance.longest + allowance.window))
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        return Ok(Slot::Taken(SlotId(taken.last_insert_rowid())));
    }
    // The slot that must come back before this one fits.
    let missing = (reserve + 1).saturating_sub(left.free);
    let free_at = match missing.checked_sub(1) {
        Some(offset) => Some(nth_return(&mut transaction, account, allowance, offset, now).await?),
        None => None,
    };
    // What was forgotten here stays forgotten.
    transaction.commit().await?;
    let at = free_at.max(left.paused_until).unwrap_or(now);
    Ok(Slot::NotBefore(at))
}

/// The earliest moment at which so many slots and one more can have come back. A slot whose request still runs may
/// come back a window from now, long before it would if its end were never told.
async fn nth_return(
    connection: &mut SqliteConnection,
    account: &str,
    allowance: Allowance,
    offset: u32,
    now: Steady,
) -> Result<Steady, StoreError> {
    let at: Option<i64> = sqlx::query_scalar(
        "SELECT returns_at FROM slots WHERE account = ? ORDER BY returns_at LIMIT 1 OFFSET ?",
    )
    .bind(account)
    .bind(offset)
    .fetch_optional(connection)
    .await?;
    let window = now + allowance.window;
    Ok(at.map_or(window, |at| steady(at).min(window)))
}

async fn add(
    connection: &mut SqliteConnection,
    account: &str,
    returns: &[Steady],
) -> Result<(), StoreError> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    for at in returns {
        sqlx::query("INSERT INTO slots (account, boot, returns_at) VALUES (?, ?, ?)")
            .bind(account)
            .bind(boot())
            .bind(micros(*at))
            .execute(&mut *transaction)
            .await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// Forgets what has come back. Slots of an earlier start of the machine were taken at most just now: they come back
/// within a window. A moment farther ahead than any slot of this start can lie gives such a slot away where the kernel
/// does not tell one start from another.
async fn renew(
    connection: &mut SqliteConnection,
    account: &str,
    allowance: Allowance,
    now: Steady,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE slots SET boot = ?1, returns_at = ?2 WHERE account = ?3 AND (boot <> ?1 OR returns_at > ?4)",
    )
    .bind(boot())
    .bind(micros(now + allowance.window))
    .bind(account)
    .bind(micros(now + allowance.longest + allowance.window))
    .execute(&mut *connection)
    .await?;
    sqlx::query("DELETE FROM slots WHERE account = ? AND returns_at <= ?")
        .bind(account)
        .bind(micros(now))
        .execute(&mut *connection)
        .await?;
    sqlx::query("DELETE FROM pauses WHERE account = ? AND (boot <> ? OR until <= ? OR until > ?)")
        .bind(account)
        .bind(boot())
        .bind(micros(now))
        .bind(micros(now + LONGEST_PAUSE))
        .execute(connection)
        .await?;
    Ok(())
}

/// How it stands, nothing forgotten: slots of an earlier start are out until somebody takes one.
async fn left(
    connection: &mut SqliteConnection,
    account: &str,
    allowance: Allowance,
    now: Steady,
) -> Result<Left, StoreError> {
    let out: u32 = sqlx::query_scalar(
        "SELECT count(*) FROM slots WHERE account = ? AND (boot <> ? OR returns_at > ?)",
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
    Ok(Left {
        free: allowance.of.saturating_sub(out),
        paused_until: pause.map(steady),
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
