//! What must survive: intents, attempts and evidence, on this machine's disk.
//!
//! A call that returned `Ok` has committed with a full sync. Speaks in domain terms only; nothing outside knows that
//! it is `SQLite`. It keeps facts and guards them, and never decides what to do about them.

mod connection;
mod error;
mod place;
mod rows;
mod schema;

use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, SubsecRound, Utc};
use sqlx::{Connection, SqliteConnection};
use tokio::sync::Mutex;
use uuid::Uuid;

pub use self::error::StoreError;

use self::connection::Link;
use crate::domain::evidence::{Evidence, Fact, state};
use crate::domain::standing::Standing;
use crate::domain::submission::{DraftId, Intent, IntentId, Submission};

/// The store of one machine. A clone shares the connection.
#[derive(Clone)]
pub struct Store {
    link: Arc<Mutex<Link>>,
}

impl Store {
    /// Opens the file, or makes it (0600, in a folder of 0700). Refuses what others could read, what a newer program
    /// wrote, and a library that could corrupt it.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        place::prepare(path)?;
        let mut link = Link::new(path);
        let connection = link.open().await?;
        schema::check_library(connection).await?;
        schema::migrate(connection).await?;
        Ok(Self {
            link: Arc::new(Mutex::new(link)),
        })
    }

    /// Freezes a submission and mints its id, once: the same draft again gives the intent that exists, as it was
    /// saved and as it stands. `day` is the vendor's calendar day of `now`.
    pub async fn save(
        &self,
        draft: DraftId,
        profile: &str,
        submission: &Submission,
        now: DateTime<Utc>,
        day: NaiveDate,
    ) -> Result<Standing, StoreError> {
        let intent = Intent {
            id: IntentId(format!("FD-{}", Uuid::now_v7().simple())),
            profile: profile.to_owned(),
            saved_at: now.trunc_subsecs(6),
            day,
            submission: submission.clone(),
        };
        let mut link = self.link.lock().await;
        let saved = save(link.open().await?, draft, intent).await;
        link.keep(saved)
    }

    /// Commits the next attempt and returns all evidence with it, the last being [`Fact::Attempted`]. The first byte
    /// may leave after this. Refused as outdated where the store knows more than the `known` facts, or where an
    /// attempt is open.
    pub async fn begin_attempt(
        &self,
        intent: &IntentId,
        known: usize,
        now: DateTime<Utc>,
    ) -> Result<Vec<Evidence>, StoreError> {
        let mut link = self.link.lock().await;
        let begun = begin_attempt(link.open().await?, intent, known, now).await;
        link.keep(begun)
    }

    /// Keeps what happened, whatever else is known meanwhile, and returns all evidence.
    pub async fn append(
        &self,
        intent: &IntentId,
        evidence: Evidence,
    ) -> Result<Vec<Evidence>, StoreError> {
        let mut link = self.link.lock().await;
        let appended = append(link.open().await?, intent, None, evidence).await;
        link.keep(appended)
    }

    /// Keeps what was decided knowing `known` facts, and returns all evidence; refused as outdated where the store
    /// knows more.
    pub async fn decide(
        &self,
        intent: &IntentId,
        known: usize,
        evidence: Evidence,
    ) -> Result<Vec<Evidence>, StoreError> {
        let mut link = self.link.lock().await;
        let decided = append(link.open().await?, intent, Some(known), evidence).await;
        link.keep(decided)
    }

    /// Everything of a profile that is not settled, oldest first. Damage to one leaves the others readable.
    pub async fn open_intents(
        &self,
        profile: &str,
    ) -> Result<Vec<Result<Standing, StoreError>>, StoreError> {
        let mut link = self.link.lock().await;
        let open = open_intents(link.open().await?, profile).await;
        link.keep(open)
    }

    /// What is known of an intent, in the order in which it was learned; empty where there is no such intent.
    pub async fn evidence(&self, intent: &IntentId) -> Result<Vec<Evidence>, StoreError> {
        let mut link = self.link.lock().await;
        let evidence = evidence(link.open().await?, intent).await;
        link.keep(evidence)
    }

    /// How an intent stands. Its `next` is empty: that is the courier's to know.
    pub async fn standing(&self, intent: &IntentId) -> Result<Standing, StoreError> {
        let mut link = self.link.lock().await;
        let standing = standing(link.open().await?, intent).await;
        link.keep(standing)
    }
}

async fn save(
    connection: &mut SqliteConnection,
    draft: DraftId,
    intent: Intent,
) -> Result<Standing, StoreError> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let earlier: Option<String> = sqlx::query_scalar("SELECT id FROM intents WHERE draft = ?")
        .bind(draft.0.cast_signed())
        .fetch_optional(&mut *transaction)
        .await?;
    if let Some(id) = earlier {
        return standing(&mut transaction, &IntentId(id)).await;
    }
    let payload = serde_json::to_string(&intent.submission)
        .map_err(|_| StoreError::Damaged(intent.id.clone()))?;
    sqlx::query("INSERT INTO intents (id, draft, profile, payload, hash, saved_at, day) VALUES (?, ?, ?, ?, ?, ?, ?)")
        .bind(&intent.id.0)
        .bind(draft.0.cast_signed())
        .bind(&intent.profile)
        .bind(&payload)
        .bind(rows::hash(&payload))
        .bind(intent.saved_at.timestamp_micros())
        .bind(intent.day.to_string())
        .execute(&mut *transaction)
        .await?;
    sqlx::query("INSERT INTO unsettled (intent) VALUES (?)")
        .bind(&intent.id.0)
        .execute(&mut *transaction)
        .await?;
    let saved = Evidence {
        at: intent.saved_at,
        fact: Fact::Saved,
    };
    insert(&mut transaction, &intent.id, &saved).await?;
    transaction.commit().await?;
    let evidence = vec![saved];
    Ok(Standing {
        draft,
        state: state(&evidence),
        evidence,
        next: None,
        intent,
    })
}

async fn begin_attempt(
    connection: &mut SqliteConnection,
    intent: &IntentId,
    known: usize,
    now: DateTime<Utc>,
) -> Result<Vec<Evidence>, StoreError> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let mut all = evidence(&mut transaction, intent).await?;
    let (number, open): (u32, bool) = sqlx::query_as(
        "SELECT coalesce(max(number), 0) + 1, coalesce(max(ended_at IS NULL), 0) FROM attempts WHERE intent = ?",
    )
    .bind(&intent.0)
    .fetch_one(&mut *transaction)
    .await?;
    if all.len() != known || open {
        return Err(StoreError::Outdated);
    }
    let attempted = Evidence {
        at: now.trunc_subsecs(6),
        fact: Fact::Attempted { number },
    };
    sqlx::query("INSERT INTO attempts (intent, number, hash, started_at) SELECT id, ?, hash, ? FROM intents WHERE id = ?")
        .bind(number)
        .bind(now.timestamp_micros())
        .bind(&intent.0)
        .execute(&mut *transaction)
        .await?;
    insert(&mut transaction, intent, &attempted).await?;
    transaction.commit().await?;
    all.push(attempted);
    Ok(all)
}

async fn append(
    connection: &mut SqliteConnection,
    intent: &IntentId,
    known: Option<usize>,
    new: Evidence,
) -> Result<Vec<Evidence>, StoreError> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let mut all = evidence(&mut transaction, intent).await?;
    if known.is_some_and(|known| known != all.len()) {
        return Err(StoreError::Outdated);
    }
    let new = Evidence {
        at: new.at.trunc_subsecs(6),
        ..new
    };
    if let Fact::Ended { number, .. } = &new.fact {
        sqlx::query(
            "UPDATE attempts SET ended_at = ? WHERE intent = ? AND number = ? AND ended_at IS NULL",
        )
        .bind(new.at.timestamp_micros())
        .bind(&intent.0)
        .bind(number)
        .execute(&mut *transaction)
        .await?;
    }
    insert(&mut transaction, intent, &new).await?;
    all.push(new);
    if state(&all).is_settled() {
        sqlx::query("DELETE FROM unsettled WHERE intent = ?")
            .bind(&intent.0)
            .execute(&mut *transaction)
            .await?;
    }
    transaction.commit().await?;
    Ok(all)
}

async fn insert(
    connection: &mut SqliteConnection,
    intent: &IntentId,
    evidence: &Evidence,
) -> Result<(), StoreError> {
    let fact =
        serde_json::to_string(&evidence.fact).map_err(|_| StoreError::Damaged(intent.clone()))?;
    sqlx::query("INSERT INTO evidence (intent, at, fact) VALUES (?, ?, ?)")
        .bind(&intent.0)
        .bind(evidence.at.timestamp_micros())
        .bind(fact)
        .execute(connection)
        .await?;
    Ok(())
}

async fn evidence(
    connection: &mut SqliteConnection,
    intent: &IntentId,
) -> Result<Vec<Evidence>, StoreError> {
    sqlx::query("SELECT at, fact FROM evidence WHERE intent = ? ORDER BY seq")
        .bind(&intent.0)
        .fetch_all(connection)
        .await?
        .iter()
        .map(|row| rows::evidence(row, intent))
        .collect()
}

async fn standing(
    connection: &mut SqliteConnection,
    intent: &IntentId,
) -> Result<Standing, StoreError> {
    let row = sqlx::query("SELECT * FROM intents WHERE id = ?")
        .bind(&intent.0)
        .fetch_optional(&mut *connection)
        .await?
        .ok_or(StoreError::NoSuchIntent)?;
    let (intent, draft) = rows::intent(&row)?;
    let evidence = evidence(connection, &intent.id).await?;
    Ok(Standing {
        draft,
        state: state(&evidence),
        evidence,
        next: None,
        intent,
    })
}

async fn open_intents(
    connection: &mut SqliteConnection,
    profile: &str,
) -> Result<Vec<Result<Standing, StoreError>>, StoreError> {
    let ids: Vec<String> = sqlx::query_scalar(
        "SELECT id FROM unsettled JOIN intents ON id = intent WHERE profile = ? ORDER BY saved_at, id",
    )
    .bind(profile)
    .fetch_all(&mut *connection)
    .await?;
    let mut standings = Vec::with_capacity(ids.len());
    for id in ids {
        match standing(connection, &IntentId(id)).await {
            Err(StoreError::Disk(why)) => return Err(StoreError::Disk(why)),
            standing => standings.push(standing),
        }
    }
    Ok(standings)
}
