//! Brings the rows of one table over from a damaged file: each that can be reached from its beginning, from its end, or
//! by a key that another part of the file still knows.
//!
//! Must not know what the rows mean.

use std::collections::BTreeSet;

use sqlx::error::DatabaseError;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments, AssertSqlSafe, Connection, Row, SqliteConnection, TypeInfo, ValueRef};

use crate::store::error::StoreError;

/// A table, as it can be walked.
pub(super) struct Table {
    pub name: &'static str,
    /// The columns in whose order its rows lie.
    pub key: &'static [&'static str],
    /// Indexes and other tables that know values of the first of them: a column, and where in which order it stands.
    pub known_from: &'static [(&'static str, &'static str)],
    /// Rows of one read.
    pub at_once: u32,
}

/// How far a table was brought over.
pub(super) struct Brought {
    /// Every row was read and taken.
    pub is_whole: bool,
    /// Keys that are known and lead to no row any more.
    pub missing: u64,
}

/// What a column of a row can hold.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Value {
    Null,
    Integer(i64),
    Text(String),
    Bytes(Vec<u8>),
}

type Values = Vec<Value>;

#[derive(Clone, Copy)]
enum Direction {
    Forwards,
    Backwards,
}

impl Table {
    /// Reads from `old` and writes to `new`, which has the newest tables.
    pub(super) async fn bring(
        &self,
        old: &mut SqliteConnection,
        new: &mut SqliteConnection,
    ) -> Result<Brought, StoreError> {
        let columns = self.columns(old, new).await?;
        if columns.is_empty() {
            let (is_whole, missing) = (false, 0);
            return Ok(Brought { is_whole, missing });
        }
        let mut new = new.begin_with("BEGIN IMMEDIATE").await?;
        let mut is_taken = true;
        let mut reached_end = false;
        for direction in [Direction::Forwards, Direction::Backwards] {
            let mut walk = Walk::new(self, &columns, direction);
            while let Some(rows) = walk.next(old).await {
                for row in rows {
                    is_taken &= self.take(&mut new, &columns, row).await?;
                }
            }
            reached_end = walk.reached_end;
            if reached_end {
                break;
            }
        }
        let mut missing = 0;
        if !reached_end {
            for key in self.known_keys(old).await {
                match self.find(old, &columns, &key).await {
                    Some(rows) if !rows.is_empty() => {
                        for row in rows {
                            is_taken &= self.take(&mut new, &columns, row).await?;
                        }
                    }
                    _ => missing += 1,
                }
            }
        }
        new.commit().await?;
        Ok(Brought {
            is_whole: reached_end && is_taken,
            missing,
        })
    }

    /// Those that both files have, the key first: an earlier program may have written the old one.
    async fn columns(
        &self,
        old: &mut SqliteConnection,
        new: &mut SqliteConnection,
    ) -> Result<Vec<String>, StoreError> {
        let names = "SELECT name FROM pragma_table_info(?)";
        let here: Vec<String> = sqlx::query_scalar(names)
            .bind(self.name)
            .fetch_all(new)
            .await?;
        let there: Result<Vec<String>, _> = sqlx::query_scalar(names)
            .bind(self.name)
            .fetch_all(old)
            .await;
        let there = there.unwrap_or_default();
        if !self
            .key
            .iter()
            .all(|key| there.iter().any(|name| name == key))
        {
            return Ok(Vec::new());
        }
        let others = here
            .into_iter()
            .filter(|name| there.contains(name) && !self.key.contains(&name.as_str()));
        let key = self.key.iter().map(|&key| key.to_owned());
        Ok(key.chain(others).collect())
    }

    /// Writes a row; false where the new file does not take it. One that is there already stays.
    async fn take(
        &self,
        new: &mut SqliteConnection,
        columns: &[String],
        row: Values,
    ) -> Result<bool, StoreError> {
        let insert = format!(
            "INSERT INTO {} ({}) VALUES ({}) ON CONFLICT DO NOTHING",
            self.name,
            columns.join(", "),
            vec!["?"; columns.len()].join(", ")
        );
        let taken = sqlx::query_with(AssertSqlSafe(insert), bound(row))
            .execute(new)
            .await;
        match taken {
            Ok(_) => Ok(true),
            Err(error) if breaks_a_rule(&error) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// The values of the first key column that other parts of the file know.
    async fn known_keys(&self, old: &mut SqliteConnection) -> BTreeSet<Value> {
        let mut known = BTreeSet::new();
        for (column, place) in self.known_from {
            for order in ["ASC", "DESC"] {
                let mut at_once = i64::MAX;
                // An index breaks off where it is damaged; the first so many of it are read all the same.
                while at_once > 0 {
                    let query = format!("SELECT {column} FROM {place} {order} LIMIT {at_once}");
                    let rows = sqlx::query(AssertSqlSafe(query)).fetch_all(&mut *old).await;
                    if let Ok(rows) = rows {
                        known.extend(rows.iter().filter_map(|row| value(row, 0)));
                        break;
                    }
                    at_once = if at_once == i64::MAX {
                        1 << 20
                    } else {
                        at_once / 2
                    };
                }
            }
        }
        known
    }

    async fn find(
        &self,
        old: &mut SqliteConnection,
        columns: &[String],
        key: &Value,
    ) -> Option<Vec<Values>> {
        let first = self.key.first()?;
        let query = format!(
            "SELECT {} FROM {} WHERE {first} = ?",
            columns.join(", "),
            self.name
        );
        read(old, query, vec![key.clone()]).await
    }
}

/// Reads a table in the order of its key until it ends or nothing more can be read.
struct Walk<'a> {
    table: &'a Table,
    columns: String,
    direction: Direction,
    last: Option<Values>,
    at_once: u32,
    reached_end: bool,
}

impl<'a> Walk<'a> {
    fn new(table: &'a Table, columns: &[String], direction: Direction) -> Self {
        Self {
            table,
            columns: columns.join(", "),
            direction,
            last: None,
            at_once: table.at_once,
            reached_end: false,
        }
    }

    /// The next rows; fewer at once before a page that cannot be read, down to the last one before it.
    async fn next(&mut self, old: &mut SqliteConnection) -> Option<Vec<Values>> {
        while self.at_once > 0 && !self.reached_end {
            let last = self.last.clone().unwrap_or_default();
            match read(old, self.query(), last).await {
                None => self.at_once /= 2,
                Some(rows) if rows.is_empty() => self.reached_end = true,
                Some(rows) => {
                    let last = rows.last().map(|row| row.iter().take(self.table.key.len()));
                    self.last = last.map(|key| key.cloned().collect());
                    return Some(rows);
                }
            }
        }
        None
    }

    fn query(&self) -> String {
        let (than, order) = match self.direction {
            Direction::Forwards => (">", "ASC"),
            Direction::Backwards => ("<", "DESC"),
        };
        let key = self.table.key;
        let from = match &self.last {
            Some(_) => format!(
                "WHERE ({}) {than} ({})",
                key.join(", "),
                vec!["?"; key.len()].join(", ")
            ),
            None => String::new(),
        };
        let order: Vec<String> = key
            .iter()
            .map(|column| format!("{column} {order}"))
            .collect();
        format!(
            "SELECT {} FROM {} {from} ORDER BY {} LIMIT {}",
            self.columns,
            self.table.name,
            order.join(", "),
            self.at_once
        )
    }
}

/// All rows of a query, or nothing where any of them cannot be read.
async fn read(old: &mut SqliteConnection, query: String, values: Values) -> Option<Vec<Values>> {
    let rows = sqlx::query_with(AssertSqlSafe(query), bound(values))
        .fetch_all(old)
        .await
        .ok()?;
    rows.iter()
        .map(|row| (0..row.len()).map(|column| value(row, column)).collect())
        .collect()
}

fn value(row: &SqliteRow, column: usize) -> Option<Value> {
    let raw = row.try_get_raw(column).ok()?;
    if raw.is_null() {
        return Some(Value::Null);
    }
    match raw.type_info().name() {
        "INTEGER" => row.try_get_unchecked(column).ok().map(Value::Integer),
        "TEXT" => row.try_get_unchecked(column).ok().map(Value::Text),
        "BLOB" => row.try_get_unchecked(column).ok().map(Value::Bytes),
        _ => None,
    }
}

fn bound(values: Values) -> SqliteArguments {
    let mut arguments = SqliteArguments::default();
    for value in values {
        // None of these can fail to be encoded.
        let _ = match value {
            Value::Null => arguments.add(None::<i64>),
            Value::Integer(number) => arguments.add(number),
            Value::Text(text) => arguments.add(text),
            Value::Bytes(bytes) => arguments.add(bytes),
        };
    }
    arguments
}

/// `SQLITE_CONSTRAINT`, whatever the constraint.
fn breaks_a_rule(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(DatabaseError::code);
    code.and_then(|code| code.parse::<u32>().ok())
        .is_some_and(|code| code & 0xff == 19)
}
