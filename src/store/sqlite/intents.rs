//! Intents, attempts and evidence in their tables.

use chrono::{DateTime, SubsecRound, Utc};
use sqlx::{Connection, SqliteConnection};
use uuid::Uuid;

use super::{Sqlite, commit, digest, drafts, listing, patients, purge, rows};
use crate::domain::evidence::{Evidence, Fact, State, state};
use crate::domain::standing::{self, Standing};
use crate::domain::submission::{DraftId, Intent, IntentId, Subject};
use crate::store::error::StoreError;
use crate::store::intents::{CutOff, Intents, Listing, Mark, Standings, Wish};
use crate::trial;

impl Intents for Sqlite {
    async fn save(&self, wish: Wish, now: DateTime<Utc>) -> Result<Standing, StoreError> {
        let mut link = self.link.lock().await;
        let saved = save(link.open().await?, wish, now).await;
        // Whatever is told of the commit: it may be on disk.
        self.presence.tell();
        link.keep(saved)
    }

    async fn begin_attempt(
        &self,
        intent: &IntentId,
        known: usize,
        now: DateTime<Utc>,
    ) -> Result<Vec<Evidence>, StoreError> {
        let mut link = self.link.lock().await;
        let console = &self.presence.console;
        let begun = begin_attempt(link.open().await?, intent, known, console, now).await;
        self.presence.tell();
        link.keep(begun)
    }

    async fn append(
        &self,
        intent: &IntentId,
        evidence: Evidence,
    ) -> Result<Vec<Evidence>, StoreError> {
        let mut link = self.link.lock().await;
        let appended = append(link.open().await?, intent, None, evidence).await;
        self.presence.tell();
        link.keep(appended)
    }

    async fn decide(
        &self,
        intent: &IntentId,
        known: usize,
        evidence: Evidence,
    ) -> Result<Vec<Evidence>, StoreError> {
        let mut link = self.link.lock().await;
        let decided = append(link.open().await?, intent, Some(known), evidence).await;
        self.presence.tell();
        link.keep(decided)
    }

    async fn open_intents(&self, profile: &str) -> Result<Standings, StoreError> {
        let mut link = self.link.lock().await;
        let open = listing::open_intents(link.open().await?, profile).await;
        link.keep(open)
    }

    async fn cut_off(&self, profile: &str) -> Result<Vec<CutOff>, StoreError> {
        let mut link = self.link.lock().await;
        let open = open_attempts(link.open().await?, profile).await;
        let open = link.keep(open)?;
        let is_blind = trial::bug("cut-off-not-noticed");
        let gone = open
            .into_iter()
            .filter(|(console, _)| !is_blind && !self.presence.is_there(console));
        Ok(gone.map(|(_, cut_off)| cut_off).collect())
    }

    async fn open_here(&self, intent: &IntentId) -> Result<Option<u32>, StoreError> {
        let mut link = self.link.lock().await;
        let number = sqlx::query_scalar(
            "SELECT number FROM attempts WHERE intent = ? AND ended_at IS NULL AND console = ?",
        )
        .bind(&intent.0)
        .bind(&self.presence.console)
        .fetch_optional(link.open().await?)
        .await;
        link.keep(number.map_err(StoreError::from))
    }

    async fn learned_since(
        &self,
        profile: &str,
        since: Option<Mark>,
    ) -> Result<(Vec<IntentId>, Mark), StoreError> {
        let mut link = self.link.lock().await;
        let learned = learned_since(link.open().await?, profile, since).await;
        link.keep(learned)
    }

    async fn prove(&self) -> Result<(), StoreError> {
        let mut link = self.link.lock().await;
        let proved = prove(link.open().await?).await;
        link.keep(proved)
    }

    async fn evidence(&self, intent: &IntentId) -> Result<Vec<Evidence>, StoreError> {
        let mut link = self.link.lock().await;
        let evidence = evidence(link.open().await?, intent).await;
        link.keep(evidence)
    }

    async fn standing(&self, intent: &IntentId) -> Result<Standing, StoreError> {
        let mut link = self.link.lock().await;
        let standing = standing(link.open().await?, intent).await;
        link.keep(standing)
    }

    async fn of_draft(&self, draft: DraftId) -> Result<Option<Standing>, StoreError> {
        let mut link = self.link.lock().await;
        let found = of_draft(link.open().await?, draft).await;
        link.keep(found)
    }

    async fn of_key(&self, profile: &str, key: &str) -> Result<Option<Standing>, StoreError> {
        let mut link = self.link.lock().await;
        let found = of_key(link.open().await?, profile, key).await;
        link.keep(found)
    }

    async fn list(&self, listing: &Listing) -> Result<Standings, StoreError> {
        let mut link = self.link.lock().await;
        let listed = listing::list(link.open().await?, listing).await;
        link.keep(listed)
    }

    async fn purgeable(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let mut link = self.link.lock().await;
        let count = purge::count(link.open().await?, before).await;
        link.keep(count)
    }

    async fn purge(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let mut link = self.link.lock().await;
        let purged = purge::purge(link.open().await?, before).await;
        link.keep(purged)
    }

    async fn changed_elsewhere(&self) {
        self.elsewhere.happened().await;
    }
}

async fn save(
    connection: &mut SqliteConnection,
    wish: Wish,
    now: DateTime<Utc>,
) -> Result<Standing, StoreError> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let mut wish = wish;
    if trial::bug("key-ignored") {
        wish.key = None;
    }
    if let Some(earlier) = of_draft(&mut transaction, wish.draft).await? {
        return Ok(earlier);
    }
    if let Some(key) = &wish.key
        && let Some(earlier) = of_key(&mut transaction, &wish.profile, key).await?
    {
        return Ok(earlier);
    }
    if let Some(subject) = &wish.submission.subject {
        refuse_barred(&mut transaction, &wish, subject).await?;
    }
    let intent = Intent {
        id: IntentId(format!("FD-{}", Uuid::now_v7().simple())),
        profile: wish.profile,
        saved_at: now.trunc_subsecs(6),
        day: wish.day,
        follows: wish.follows,
        submission: wish.submission,
    };
    let payload = serde_json::to_string(&intent.submission)
        .map_err(|_| StoreError::Damaged(intent.id.clone()))?;
    sqlx::query(
        "INSERT INTO intents (id, draft, profile, payload, hash, saved_at, day, key, follows)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&intent.id.0)
    .bind(wish.draft.0.cast_signed())
    .bind(&intent.profile)
    .bind(&payload)
    .bind(rows::hash(&payload))
    .bind(intent.saved_at.timestamp_micros())
    .bind(intent.day.to_string())
    .bind(&wish.key)
    .bind(intent.follows.as_ref().map(|id| &id.0))
    .execute(&mut *transaction)
    .await?;
    let evidence = vec![Evidence {
        at: intent.saved_at,
        fact: Fact::Saved,
    }];
    for fact in &evidence {
        insert(&mut transaction, &intent.id, fact).await?;
    }
    let state = state(&evidence);
    digest::write(&mut transaction, &intent, &evidence, &state).await?;
    drafts::forget(&mut transaction, wish.draft).await?;
    patients::remember(&mut transaction, &intent).await?;
    if !trial::bug("saved-before-commit") {
        commit(transaction, "save-uncommitted", "save-committed").await?;
    }
    Ok(Standing {
        draft: wish.draft,
        state,
        evidence,
        next: None,
        intent,
    })
}

/// All that save a change meet here: what one of them began, the next one sees.
async fn refuse_barred(
    connection: &mut SqliteConnection,
    wish: &Wish,
    subject: &Subject,
) -> Result<(), StoreError> {
    let known = listing::with_number(connection, &wish.profile, &subject.number).await?;
    let made: Vec<&Standing> = standing::made_to(&subject.number, &known).collect();
    match standing::in_the_way(subject, &made, &wish.changes) {
        Some(why) => Err(StoreError::InTheWay(why)),
        None => Ok(()),
    }
}

async fn begin_attempt(
    connection: &mut SqliteConnection,
    intent: &IntentId,
    known: usize,
    console: &str,
    now: DateTime<Utc>,
) -> Result<Vec<Evidence>, StoreError> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let mut standing = standing(&mut transaction, intent).await?;
    let (number, open): (u32, bool) = sqlx::query_as(
        "SELECT coalesce(max(number), 0) + 1, coalesce(max(ended_at IS NULL), 0) FROM attempts WHERE intent = ?",
    )
    .bind(&intent.0)
    .fetch_one(&mut *transaction)
    .await?;
    let is_mistaken = trial::bug("two-open-attempts");
    if (standing.evidence.len() != known || open) && !is_mistaken {
        return Err(StoreError::Outdated);
    }
    if is_mistaken {
        sqlx::query("DROP INDEX IF EXISTS one_open_attempt")
            .execute(&mut *transaction)
            .await?;
    }
    let attempted = Evidence {
        at: now.trunc_subsecs(6),
        fact: Fact::Attempted { number },
    };
    sqlx::query(
        "INSERT INTO attempts (intent, number, hash, started_at, console) SELECT id, ?, hash, ?, ? FROM intents WHERE id = ?",
    )
    .bind(number)
    .bind(now.timestamp_micros())
    .bind(console)
    .bind(&intent.0)
    .execute(&mut *transaction)
    .await?;
    insert(&mut transaction, intent, &attempted).await?;
    standing.learn(attempted);
    digest::write(
        &mut transaction,
        &standing.intent,
        &standing.evidence,
        &standing.state,
    )
    .await?;
    if !trial::bug("commit-after-send") {
        commit(transaction, "attempt-uncommitted", "attempt-committed").await?;
    }
    Ok(standing.evidence)
}

pub(super) async fn append(
    connection: &mut SqliteConnection,
    intent: &IntentId,
    known: Option<usize>,
    new: Evidence,
) -> Result<Vec<Evidence>, StoreError> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let mut standing = standing(&mut transaction, intent).await?;
    if known.is_some_and(|known| known != standing.evidence.len()) {
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
    standing.learn(new);
    if trial::bug("accepted-before-commit") && matches!(standing.state, State::Accepted { .. }) {
        return Ok(standing.evidence);
    }
    digest::write(
        &mut transaction,
        &standing.intent,
        &standing.evidence,
        &standing.state,
    )
    .await?;
    commit(transaction, "evidence-uncommitted", "evidence-committed").await?;
    Ok(standing.evidence)
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

pub(super) async fn evidence(
    connection: &mut SqliteConnection,
    intent: &IntentId,
) -> Result<Vec<Evidence>, StoreError> {
    sqlx::query("SELECT at, fact FROM evidence WHERE intent = ? ORDER BY seq")
        .bind(&intent.0)
        .fetch_all(connection)
        .await?
        .iter()
        .map(|row| rows::evidence(row, intent))
        .filter(|known| !(trial::bug("last-fact-wins") && is_doubt(known)))
        .collect()
}

fn is_doubt(known: &Result<Evidence, StoreError>) -> bool {
    let fact = known.as_ref().map(|evidence| &evidence.fact);
    matches!(fact, Ok(Fact::Ended { outcome, .. }) if outcome.leaves_doubt())
}

pub(super) async fn standing(
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

async fn of_draft(
    connection: &mut SqliteConnection,
    draft: DraftId,
) -> Result<Option<Standing>, StoreError> {
    let id: Option<String> = sqlx::query_scalar("SELECT id FROM intents WHERE draft = ?")
        .bind(draft.0.cast_signed())
        .fetch_optional(&mut *connection)
        .await?;
    found(connection, id).await
}

async fn of_key(
    connection: &mut SqliteConnection,
    profile: &str,
    key: &str,
) -> Result<Option<Standing>, StoreError> {
    let id: Option<String> =
        sqlx::query_scalar("SELECT id FROM intents WHERE profile = ? AND key = ?")
            .bind(profile)
            .bind(key)
            .fetch_optional(&mut *connection)
            .await?;
    found(connection, id).await
}

/// The standing that a look-up led to.
async fn found(
    connection: &mut SqliteConnection,
    id: Option<String>,
) -> Result<Option<Standing>, StoreError> {
    match id {
        Some(id) => standing(connection, &IntentId(id)).await.map(Some),
        None => Ok(None),
    }
}

async fn learned_since(
    connection: &mut SqliteConnection,
    profile: &str,
    since: Option<Mark>,
) -> Result<(Vec<IntentId>, Mark), StoreError> {
    let newest: i64 = sqlx::query_scalar("SELECT coalesce(max(seq), 0) FROM evidence")
        .fetch_one(&mut *connection)
        .await?;
    let Some(Mark(since)) = since else {
        return Ok((Vec::new(), Mark(newest)));
    };
    let ids: Vec<String> = sqlx::query_scalar(
        "SELECT DISTINCT intent FROM evidence JOIN intents ON id = intent
         WHERE seq > ? AND seq <= ? AND profile = ? ORDER BY intent",
    )
    .bind(since)
    .bind(newest)
    .bind(profile)
    .fetch_all(connection)
    .await?;
    Ok((ids.into_iter().map(IntentId).collect(), Mark(newest)))
}

/// A write that leaves no row. It goes over whatever a commit that failed left at the end of the log, and is synced.
async fn prove(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    sqlx::query("INSERT INTO pauses (account, boot, until) VALUES ('', '', 0)")
        .execute(&mut *transaction)
        .await?;
    sqlx::query("DELETE FROM pauses WHERE account = ''")
        .execute(&mut *transaction)
        .await?;
    commit(transaction, "proof-uncommitted", "proof-committed").await
}

/// The open attempts of a profile, and the process that made each.
async fn open_attempts(
    connection: &mut SqliteConnection,
    profile: &str,
) -> Result<Vec<(String, CutOff)>, StoreError> {
    let rows: Vec<(String, String, u32)> = sqlx::query_as(
        "SELECT console, intent, number FROM attempts JOIN digests USING (intent)
         WHERE ended_at IS NULL AND settled_at IS NULL AND profile = ? ORDER BY saved_at, intent",
    )
    .bind(profile)
    .fetch_all(connection)
    .await?;
    let rows = rows.into_iter().map(|(console, intent, number)| {
        let intent = IntentId(intent);
        (console, CutOff { intent, number })
    });
    Ok(rows.collect())
}
