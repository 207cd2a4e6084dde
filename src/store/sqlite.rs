//! The store in one `SQLite` file of this machine: written ahead, synced on every commit, shared by every console.

mod budgets;
mod catalogues;
mod copied;
mod digest;
mod drafts;
mod elsewhere;
mod intents;
mod link;
mod listing;
mod patients;
mod place;
mod presence;
mod purge;
mod rows;
mod schema;
mod sign_ins;

use std::path::Path;
use std::sync::Arc;

use sqlx::sqlite::SqliteSynchronous;
use sqlx::{Sqlite as Database, Transaction};
use tokio::sync::Mutex;

use self::elsewhere::Elsewhere;
use self::link::Link;
use self::presence::Presence;
use super::error::StoreError;
use crate::trial;

/// The store of one machine. A clone shares the connections.
#[derive(Clone)]
pub struct Sqlite {
    /// Everything that may not be lost even when the power fails.
    link: Arc<Mutex<Link>>,
    /// What may be lost with the power, but not with the process: the budget.
    quick: Arc<Mutex<Link>>,
    presence: Arc<Presence>,
    elsewhere: Arc<Mutex<Elsewhere>>,
}

impl Sqlite {
    /// Opens the file, or makes it (0600, in a folder of 0700). Refuses what others could read, what a newer program
    /// wrote, and a library that could corrupt it.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let folder = place::prepare(path)?;
        let mut link = Link::new(path, SqliteSynchronous::Full);
        let connection = link.open().await?;
        schema::check_library(connection).await?;
        schema::migrate(connection).await?;
        Ok(Self {
            link: Arc::new(Mutex::new(link)),
            quick: Arc::new(Mutex::new(Link::new(path, SqliteSynchronous::Normal))),
            presence: Arc::new(Presence::announce(folder)?),
            elsewhere: Arc::new(Mutex::new(Elsewhere::watch(path, folder))),
        })
    }
}

/// Commits. A trial may kill the process right before and right after, or let the disk fail.
async fn commit(
    transaction: Transaction<'_, Database>,
    before: &'static str,
    after: &'static str,
) -> Result<(), StoreError> {
    trial::point(before);
    transaction.commit().await?;
    trial::point(after);
    Ok(())
}
