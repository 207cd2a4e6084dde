//! The tables of the ledger, and how those of an earlier sandbox become them.

use sqlx::{Sqlite, Transaction};

/// What earlier sandboxes wrote came from Flabs' create alone.
const EARLIER: &str = "
ALTER TABLE creates ADD COLUMN vendor TEXT NOT NULL DEFAULT 'flabs';
ALTER TABLE creates ADD COLUMN call TEXT NOT NULL DEFAULT 'create';
ALTER TABLE creates ADD COLUMN request TEXT NOT NULL DEFAULT 'POST /client/crm/lead/create';
ALTER TABLE creates RENAME TO earlier;
";

/// `number` is not unique by itself: vendors count for themselves, and a later change has the number that it changed.
const TABLES: &str = "
CREATE TABLE IF NOT EXISTS creates (
    id         INTEGER PRIMARY KEY,
    at         INTEGER NOT NULL,
    vendor     TEXT NOT NULL,
    call       TEXT NOT NULL,
    request    TEXT NOT NULL,
    account    TEXT,
    integrator TEXT,
    body       TEXT NOT NULL,
    status     INTEGER,
    applied    INTEGER NOT NULL,
    number     TEXT,
    fault      TEXT,
    day        TEXT,
    contact    TEXT,
    email      TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS records (
    vendor TEXT NOT NULL,
    kind   TEXT NOT NULL,
    id     TEXT NOT NULL,
    shelf  TEXT NOT NULL,
    state  TEXT NOT NULL,
    PRIMARY KEY (vendor, kind, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS requests (account TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
";

const CARRY_OVER: &str = "
INSERT INTO creates (id, at, vendor, call, request, account, integrator, body, status, applied, number, fault, day, contact, email)
SELECT id, at, vendor, call, request, account, integrator, body, status, applied, number, fault, day, contact, email FROM earlier;
DROP TABLE earlier;
";

const INDEXES: &str = "
CREATE INDEX IF NOT EXISTS integrators ON creates (integrator);
CREATE UNIQUE INDEX IF NOT EXISTS one_contact_a_day ON creates (account, day, contact) WHERE applied = 1;
CREATE UNIQUE INDEX IF NOT EXISTS one_email_a_day ON creates (account, day, email) WHERE applied = 1;
CREATE UNIQUE INDEX IF NOT EXISTS one_number ON creates (number) WHERE vendor = 'flabs';
CREATE INDEX IF NOT EXISTS shelves ON records (vendor, kind, shelf);
CREATE INDEX IF NOT EXISTS windows ON requests (account, at);
";

/// Makes what is missing. The transaction has the file to itself, so that two sandboxes do not both carry over.
pub async fn prepare(transaction: &mut Transaction<'static, Sqlite>) -> sqlx::Result<()> {
    let columns: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info('creates')")
        .fetch_all(&mut **transaction)
        .await?;
    let is_earlier = !columns.is_empty() && !columns.iter().any(|column| column == "vendor");
    if is_earlier {
        sqlx::raw_sql(EARLIER).execute(&mut **transaction).await?;
    }
    sqlx::raw_sql(TABLES).execute(&mut **transaction).await?;
    if is_earlier {
        sqlx::raw_sql(CARRY_OVER)
            .execute(&mut **transaction)
            .await?;
    }
    sqlx::raw_sql(INDEXES).execute(&mut **transaction).await?;
    Ok(())
}
