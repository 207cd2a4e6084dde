//! Lists of standings.

use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::intents;
use crate::domain::standing::Standing;
use crate::domain::submission::IntentId;
use crate::store::error::StoreError;
use crate::store::intents::{Listing, Standings};

pub(super) async fn open_intents(
    connection: &mut SqliteConnection,
    profile: &str,
) -> Result<Standings, StoreError> {
    let ids: Vec<String> = sqlx::query_scalar(
        "SELECT intent FROM digests WHERE profile = ? AND settled_at IS NULL ORDER BY saved_at, intent",
    )
    .bind(profile)
    .fetch_all(&mut *connection)
    .await?;
    standings(connection, ids).await
}

pub(super) async fn list(
    connection: &mut SqliteConnection,
    listing: &Listing,
) -> Result<Standings, StoreError> {
    let mut ids: Vec<String> = chosen(listing)
        .build_query_scalar()
        .fetch_all(&mut *connection)
        .await?;
    ids.reverse();
    standings(connection, ids).await
}

/// The ids of a listing, newest first.
pub(super) fn chosen(listing: &Listing) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new("SELECT intent FROM digests WHERE 1");
    if let Some(profile) = &listing.profile {
        query.push(" AND profile = ").push_bind(profile);
    }
    if let Some(since) = listing.since {
        // Each part by its own index: none of them reads through all that is old.
        query
            .push(" AND intent IN (SELECT intent FROM digests WHERE saved_at >= ")
            .push_bind(since.timestamp_micros());
        if listing.with_unsettled {
            query.push(" UNION SELECT intent FROM digests WHERE settled_at IS NULL");
        }
        if let Some(due) = listing.due {
            query
                .push(" UNION SELECT intent FROM digests WHERE due_at >= ")
                .push_bind(due.timestamp_micros());
        }
        query.push(")");
    }
    if !listing.words.is_empty() {
        query.push(" AND word IN (");
        let mut words = query.separated(", ");
        for word in &listing.words {
            words.push_bind(word);
        }
        query.push(")");
    }
    if let Some(text) = &listing.text {
        query
            .push(" AND instr(text, ")
            .push_bind(text.to_lowercase())
            .push(") > 0");
    }
    query.push(" ORDER BY saved_at DESC, intent DESC");
    if let Some(most) = listing.most {
        query.push(" LIMIT ").push_bind(most);
    }
    query
}

/// What is of a record of this number or done to it, oldest first; one that cannot be read is an error.
pub(super) async fn with_number(
    connection: &mut SqliteConnection,
    profile: &str,
    number: &str,
) -> Result<Vec<Standing>, StoreError> {
    let ids: Vec<String> = sqlx::query_scalar(
        "SELECT intent FROM digests WHERE profile = ? AND instr(char(10) || text || char(10), ?) > 0
         ORDER BY saved_at, intent",
    )
    .bind(profile)
    .bind(format!("\n{}\n", number.to_lowercase()))
    .fetch_all(&mut *connection)
    .await?;
    standings(connection, ids).await?.into_iter().collect()
}

async fn standings(
    connection: &mut SqliteConnection,
    ids: Vec<String>,
) -> Result<Standings, StoreError> {
    let mut standings = Vec::with_capacity(ids.len());
    for id in ids {
        match intents::standing(connection, &IntentId(id)).await {
            Err(StoreError::Disk(why)) => return Err(StoreError::Disk(why)),
            standing => standings.push(standing),
        }
    }
    Ok(standings)
}
