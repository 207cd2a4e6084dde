//! What a vendor keeps: a booking, a patient, a session. The ledger holds it as JSON and does not look inside.

use serde_json::Value;
use sqlx::SqliteConnection;

/// One thing that a vendor keeps.
#[derive(Clone, Debug)]
pub struct Record {
    /// `booking`
    pub kind: &'static str,
    /// Unique among those of its vendor and kind.
    pub id: String,
    /// Where it is looked for, in an order that makes a range useful: `1042 2026-11-21`.
    pub shelf: String,
    /// As it stands now.
    pub state: Value,
}

pub async fn keep(
    connection: &mut SqliteConnection,
    vendor: &str,
    record: &Record,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO records (vendor, kind, id, shelf, state) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET shelf = excluded.shelf, state = excluded.state",
    )
    .bind(vendor)
    .bind(record.kind)
    .bind(&record.id)
    .bind(&record.shelf)
    .bind(record.state.to_string())
    .execute(connection)
    .await?;
    Ok(())
}

/// In the order of their shelves.
pub async fn on_shelves(
    connection: &mut SqliteConnection,
    vendor: &str,
    kind: &'static str,
    (first, last): (&str, &str),
) -> sqlx::Result<Vec<Record>> {
    let rows: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT id, shelf, state FROM records
         WHERE vendor = ? AND kind = ? AND shelf BETWEEN ? AND ? ORDER BY shelf, id",
    )
    .bind(vendor)
    .bind(kind)
    .bind(first)
    .bind(last)
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(|row| read(kind, row)).collect()
}

pub async fn one(
    connection: &mut SqliteConnection,
    vendor: &str,
    kind: &'static str,
    id: &str,
) -> sqlx::Result<Option<Record>> {
    let row: Option<(String, String, String)> = sqlx::query_as(
        "SELECT id, shelf, state FROM records WHERE vendor = ? AND kind = ? AND id = ?",
    )
    .bind(vendor)
    .bind(kind)
    .bind(id)
    .fetch_optional(connection)
    .await?;
    row.map(|row| read(kind, row)).transpose()
}

/// How many there are of a kind.
pub async fn count(
    connection: &mut SqliteConnection,
    vendor: &str,
    kind: &'static str,
) -> sqlx::Result<i64> {
    sqlx::query_scalar("SELECT count(*) FROM records WHERE vendor = ? AND kind = ?")
        .bind(vendor)
        .bind(kind)
        .fetch_one(connection)
        .await
}

fn read(kind: &'static str, (id, shelf, state): (String, String, String)) -> sqlx::Result<Record> {
    let state =
        serde_json::from_str(&state).map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
    Ok(Record {
        kind,
        id,
        shelf,
        state,
    })
}
