//! The store in one `SQLite` file of this machine: written ahead, synced on every commit, shared by every console.

mod aside;
mod budgets;
mod catalogues;
mod copied;
mod damage;
mod digest;
mod doubt;
mod drafts;
mod elsewhere;
mod intents;
mod link;
mod listing;
mod mend;
mod patients;
mod place;
mod presence;
mod purge;
mod rescue;
mod rows;
mod schema;
mod sign_ins;
mod table;
mod turn;

use std::path::Path;
use std::sync::Arc;

use sqlx::sqlite::SqliteSynchronous;
use sqlx::{Sqlite as Database, Transaction};
use tokio::sync::Mutex;
use tokio::task::JoinSet;

use self::damage::Damage;
use self::elsewhere::Elsewhere;
use self::link::Link;
use self::presence::Presence;
use self::turn::Turn;
use super::error::StoreError;
use super::rescue::Rescue;
use crate::trial::{self, CommitFault};

/// The store of one machine. A clone shares the connections, and hears for itself what happens elsewhere.
#[derive(Clone)]
pub struct Sqlite {
    /// Everything that may not be lost even when the power fails.
    link: Arc<Mutex<Link>>,
    /// What may be lost with the power, but not with the process: the budget.
    quick: Arc<Mutex<Link>>,
    presence: Arc<Presence>,
    elsewhere: Elsewhere,
    rescue: Option<Arc<Rescue>>,
    _look: Arc<JoinSet<()>>,
}

impl Sqlite {
    /// Opens the file, or makes it (0600, in a folder of 0700). Refuses what others could read, what a newer program
    /// wrote, and a library that could corrupt it. A damaged file is set aside, and what can be read of it is brought
    /// over, where no other console holds it: see [`Self::rescue`].
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let folder = place::folder(path)?;
        let _turn = Turn::take(path).await?;
        let (opened, rescue) = match Opened::open(path, folder).await {
            Err(error) if error.says_file_is_damaged() => {
                if presence::is_anyone_there(folder) {
                    return Err(StoreError::DamagedInUse);
                }
                let rescue = aside::set_aside(path, folder).await?;
                (Opened::open(path, folder).await?, rescue)
            }
            opened => (opened?, None),
        };
        let Opened { link, damage, look } = opened;
        let presence = Arc::new(Presence::announce(folder)?);
        Ok(Self {
            link: Arc::new(Mutex::new(link)),
            quick: Arc::new(Mutex::new(Link::new(
                path,
                SqliteSynchronous::Normal,
                damage,
            ))),
            elsewhere: Elsewhere::watch(folder, Arc::clone(&presence)),
            presence,
            rescue: rescue.map(Arc::new),
            _look: Arc::new(look),
        })
    }

    /// What became of a damaged file, where this opening found one.
    pub fn rescue(&self) -> Option<&Rescue> {
        self.rescue.as_deref()
    }
}

/// A file that is whole as far as it was looked through, and up to date.
struct Opened {
    link: Link,
    damage: Arc<Damage>,
    look: JoinSet<()>,
}

impl Opened {
    async fn open(path: &Path, folder: &Path) -> Result<Self, StoreError> {
        let damage = Arc::new(Damage::of(path));
        let mut link = Link::new(path, SqliteSynchronous::Full, Arc::clone(&damage));
        let looked = Self::look(path, folder, &mut link, &damage).await;
        match looked {
            Ok(look) => Ok(Self { link, damage, look }),
            Err(error) => {
                if error.says_file_is_damaged() {
                    damage.notice();
                }
                link.close().await?;
                Err(error)
            }
        }
    }

    async fn look(
        path: &Path,
        folder: &Path,
        link: &mut Link,
        damage: &Arc<Damage>,
    ) -> Result<JoinSet<()>, StoreError> {
        if damage.is_noted() {
            return Err(StoreError::file_is_damaged());
        }
        damage::refuse_emptied(path, presence::was_anyone_there(folder))?;
        place::file(path)?;
        let connection = link.open().await?;
        schema::check_library(connection).await?;
        schema::refuse_newer(connection).await?;
        let look = damage::look(path, connection, damage).await?;
        schema::migrate(connection).await?;
        Ok(look)
    }
}

/// Commits. A trial may kill the process right before and right after, or let the disk fail.
async fn commit(
    transaction: Transaction<'_, Database>,
    before: &'static str,
    after: &'static str,
) -> Result<(), StoreError> {
    trial::point(before);
    let failed = || StoreError::Disk("the disk reports an error".to_owned());
    let fault = trial::commit_fault();
    if fault == Some(CommitFault::Refused) {
        return Err(failed());
    }
    transaction.commit().await?;
    trial::point(after);
    match fault {
        Some(CommitFault::Forgotten) => Err(failed()),
        Some(CommitFault::Refused) | None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
