//! One change being decided: what the vendor looks up, changes and answers is one transaction with the change's row.

use sqlx::{Sqlite, SqliteConnection, Transaction};

use super::Received;
use super::record::{self, Record};

/// What makes an entry of Flabs a duplicate of another one of its account.
pub struct Identity {
    /// The calendar day in the lab's zone, `2026-11-21`.
    pub day: String,
    pub contact: String,
    /// Lower case; None where there is none.
    pub email: Option<String>,
}

/// An open transaction over the whole file. Dropped without a decision, nothing came.
pub struct Entry<'a> {
    transaction: Transaction<'static, Sqlite>,
    received: &'a Received,
    identity: Option<Identity>,
}

impl<'a> Entry<'a> {
    pub(super) fn new(transaction: Transaction<'static, Sqlite>, received: &'a Received) -> Self {
        Self {
            transaction,
            received,
            identity: None,
        }
    }

    /// The change as it came.
    pub fn received(&self) -> &'a Received {
        self.received
    }

    /// For questions that no method here asks.
    pub fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.transaction
    }

    /// What the vendor keeps of one kind on the shelves from `first` to `last`, both included.
    pub async fn records(
        &mut self,
        kind: &'static str,
        shelves: (&str, &str),
    ) -> sqlx::Result<Vec<Record>> {
        record::on_shelves(&mut self.transaction, self.received.vendor, kind, shelves).await
    }

    pub async fn record(&mut self, kind: &'static str, id: &str) -> sqlx::Result<Option<Record>> {
        record::one(&mut self.transaction, self.received.vendor, kind, id).await
    }

    /// How many records of a kind there are: the next number, for a vendor that counts.
    pub async fn count(&mut self, kind: &'static str) -> sqlx::Result<i64> {
        record::count(&mut self.transaction, self.received.vendor, kind).await
    }

    /// Keeps a record, in place of the one with its kind and id if there is one.
    pub async fn keep(&mut self, record: &Record) -> sqlx::Result<()> {
        record::keep(&mut self.transaction, self.received.vendor, record).await
    }

    /// Marks what is applied by this, so that the next one is a duplicate.
    pub fn identify(&mut self, identity: Identity) {
        self.identity = Some(identity);
    }

    /// Commits that the change was made, under the number that the answer will tell.
    pub async fn accept(self, number: &str) -> sqlx::Result<()> {
        self.commit(Some(200), Some(number)).await
    }

    /// Commits that nothing was changed; `status` is None where a fault came before any decision. What was kept
    /// meanwhile stays: a refusal may count, as a wrong code does.
    pub async fn refuse(mut self, status: Option<u16>) -> sqlx::Result<()> {
        self.identity = None;
        self.commit(status, None).await
    }

    async fn commit(mut self, status: Option<u16>, number: Option<&str>) -> sqlx::Result<()> {
        let received = self.received;
        let identity = self.identity.as_ref();
        sqlx::query(
            "INSERT INTO creates (at, vendor, call, request, account, integrator, body, status, applied, number,
                 fault, day, contact, email)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(received.at.timestamp_millis())
        .bind(received.vendor)
        .bind(received.call)
        .bind(&received.request)
        .bind(&received.account)
        .bind(&received.integrator)
        .bind(&received.body)
        .bind(status)
        .bind(number.is_some())
        .bind(number)
        .bind(received.fault)
        .bind(identity.map(|identity| &identity.day))
        .bind(identity.map(|identity| &identity.contact))
        .bind(identity.and_then(|identity| identity.email.as_ref()))
        .execute(&mut *self.transaction)
        .await?;
        self.transaction.commit().await
    }
}
