//! Reads what can still be read of a damaged file into a new one.
//!
//! What is not settled is never sent again by the program on evidence that may be incomplete: a person decides.

use std::path::Path;

use chrono::{DateTime, Utc};
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};

use super::aside::new_link;
use super::table::Table;
use super::{digest, doubt, mend};
use crate::domain::draft::Draft;
use crate::store::error::StoreError;
use crate::store::rescue::Rescue;

const INTENTS: Table = Table {
    name: "intents",
    key: &["id"],
    known_from: &[
        ("id", "intents ORDER BY draft"),
        ("intent", "digests ORDER BY intent"),
        ("intent", "attempts ORDER BY intent"),
        ("intent", "evidence ORDER BY intent"),
    ],
    at_once: 256,
};

/// What is known of the intents; none of it without its intent.
const HISTORY: [Table; 2] = [
    Table {
        name: "attempts",
        key: &["intent", "number"],
        known_from: &[
            ("intent", "digests ORDER BY intent"),
            ("id", "intents ORDER BY id"),
            ("intent", "evidence ORDER BY intent"),
        ],
        at_once: 256,
    },
    Table {
        name: "evidence",
        key: &["seq"],
        known_from: &[("seq", "evidence ORDER BY intent")],
        at_once: 256,
    },
];

const DRAFTS: Table = Table {
    name: "drafts",
    key: &["id"],
    known_from: &[("id", "drafts ORDER BY profile")],
    at_once: 16,
};

const OTHERS: [Table; 5] = [
    plain("patients", &["profile", "phone", "name"], 256),
    // A copy of a list may be many megabytes.
    plain("catalogues", &["account", "branch", "party"], 1),
    plain("slots", &["id"], 256),
    plain("pauses", &["account"], 256),
    plain("sign_ins", &["account"], 256),
];

const fn plain(name: &'static str, key: &'static [&'static str], at_once: u32) -> Table {
    Table {
        name,
        key,
        known_from: &[],
        at_once,
    }
}

/// Brings everything over from `old`, a copy that may be spoiled, to `new`, which has the newest tables and no rows.
pub(super) async fn bring_over(
    old: &Path,
    new: &Path,
    now: DateTime<Utc>,
) -> Result<Rescue, StoreError> {
    let mut found = Rescue::default();
    let Some(beginning) = mend::make_readable(old, new).await? else {
        return Ok(found);
    };
    let (mut old, mut new) = (new_link(old), new_link(new));
    let (from, to) = (old.open().await?, new.open().await?);
    let intents = INTENTS.bring(from, to).await?;
    let mut is_sure = beginning.is_untouched && intents.is_whole && is_intact(from, &INTENTS).await;
    found.unreadable = intents.missing;
    for table in &HISTORY {
        is_sure &= table.bring(from, to).await?.is_whole && is_intact(from, table).await;
    }
    let drafts = DRAFTS.bring(from, to).await?;
    found.unreadable += drafts.missing;
    for table in &OTHERS {
        table.bring(from, to).await?;
    }
    let mut transaction = to.begin_with("BEGIN IMMEDIATE").await?;
    digest::write_all(&mut transaction).await?;
    transaction.commit().await?;
    let illegible = count(to, "intents").await? - count(to, "digests").await?;
    let drafts_there = count(to, "drafts").await?;
    let drafts_illegible = illegible_drafts(to).await?;
    found.unreadable += illegible + drafts_illegible;
    is_sure &= illegible == 0;
    if !is_sure {
        found.doubtful = doubt::hand_over(to, now).await?;
    }
    found.is_whole = is_sure && drafts.is_whole;
    found.submissions = count(to, "digests").await?;
    found.drafts = drafts_there - drafts_illegible;
    old.close().await?;
    new.close().await?;
    Ok(found)
}

/// Whether a table and its indexes agree with each other, to the last row.
async fn is_intact(old: &mut SqliteConnection, table: &Table) -> bool {
    let query = format!("PRAGMA integrity_check({})", table.name);
    let said: Result<Vec<String>, _> = sqlx::query_scalar(AssertSqlSafe(query))
        .fetch_all(old)
        .await;
    said.is_ok_and(|said| said == ["ok"])
}

async fn count(new: &mut SqliteConnection, table: &'static str) -> Result<u64, StoreError> {
    let query = format!("SELECT count(*) FROM {table}");
    let count: i64 = sqlx::query_scalar(AssertSqlSafe(query))
        .fetch_one(new)
        .await?;
    Ok(count.unsigned_abs())
}

async fn illegible_drafts(new: &mut SqliteConnection) -> Result<u64, StoreError> {
    let bodies: Vec<String> = sqlx::query_scalar("SELECT body FROM drafts")
        .fetch_all(new)
        .await?;
    let illegible = bodies
        .iter()
        .filter(|body| serde_json::from_str::<Draft>(body).is_err());
    Ok(u64::try_from(illegible.count()).unwrap_or(u64::MAX))
}
