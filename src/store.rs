//! What must survive: intents with their evidence, drafts, patients met, copies of the vendors' lists, the request
//! budget and the state of the sign-in.
//!
//! A call that returned `Ok` has committed. The traits speak in domain terms only, so that another database can stand
//! beside [`Sqlite`]. A store keeps facts and guards them, and never decides what to do about them.

pub mod budgets;
pub mod catalogues;
pub mod drafts;
mod error;
pub mod intents;
pub mod patients;
mod rescue;
pub mod sign_ins;
mod sqlite;

pub use self::error::StoreError;
pub use self::rescue::Rescue;
pub use self::sqlite::Sqlite;

use self::budgets::Budgets;
use self::catalogues::Catalogues;
use self::drafts::Drafts;
use self::intents::Intents;
use self::patients::Patients;
use self::sign_ins::SignIns;

/// Everything that is kept. A clone is the same store.
pub trait Store:
    Intents + Drafts + Patients + Catalogues + Budgets + SignIns + Clone + Send + Sync + 'static
{
}

impl Store for Sqlite {}
