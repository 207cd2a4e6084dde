//! A desk at work, with a screen or without: the vendor's adapter, the store and the courier of one profile.
//!
//! Whatever part cannot start says why, and the others work on. Must not know who uses it.

pub mod files;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use crate::clock::Clock;
use crate::config::paths::Paths;
use crate::config::{Account, Server};
use crate::courier::budget::{self, Shared};
use crate::courier::settings::Settings;
use crate::courier::{Courier, CourierHandle};
use crate::sandbox::{self, Sandbox};
use crate::store::Sqlite;
use crate::trial;
use crate::vendor::Adapter;
use crate::vendor::budget::book::Book;

/// What a desk needs to start.
#[derive(Clone)]
pub struct Setup {
    pub account: Account,
    pub paths: Paths,
}

/// The parts, each as far as it could be started.
pub struct Desk {
    pub adapter: Result<Arc<dyn Adapter>, String>,
    pub store: Result<Sqlite, String>,
    pub courier: Result<CourierHandle, String>,
    pub clock: Clock,
    /// Serves as long as it is kept.
    pub sandbox: Option<Sandbox>,
}

impl Desk {
    /// Starts everything else where the store is open already.
    pub async fn over(setup: Setup, store: Result<Sqlite, String>) -> Self {
        let parts = Parts::over(setup, store).await;
        let courier = parts.start_courier();
        let Parts {
            adapter,
            store,
            clock,
            sandbox,
            ..
        } = parts;
        Self {
            adapter,
            store,
            courier,
            clock,
            sandbox,
        }
    }
}

/// The store of this desk: local, so that it is open long before anything is reached.
pub async fn store(paths: &Paths) -> Result<Sqlite, String> {
    let store = Sqlite::open(&paths.store).await;
    store.map_err(|error| error.to_string())
}

/// A desk before its courier has started: lists can be read and intents saved, and nothing leaves by itself.
pub struct Parts {
    pub adapter: Result<Arc<dyn Adapter>, String>,
    pub store: Result<Sqlite, String>,
    pub clock: Clock,
    /// Serves as long as it is kept.
    pub sandbox: Option<Sandbox>,
    settings: Settings,
}

impl Parts {
    pub async fn gather(setup: Setup) -> Self {
        let store = store(&setup.paths).await;
        Self::over(setup, store).await
    }

    async fn over(Setup { account, paths }: Setup, store: Result<Sqlite, String>) -> Self {
        let clock = trial::clock();
        let offer = account.offer();
        let mut settings = Settings::new(&account.name, offer.day_zone);
        settings.changes = offer.changes.into();
        settings.hold = account.take_back;
        settings.account = account.key();
        let book = book(&account, store.as_ref().ok());
        let (sandbox, adapter) = match connect(account, &paths, clock.clone(), book).await {
            Ok((sandbox, adapter)) => (sandbox, Ok(Arc::from(adapter))),
            Err(error) => (None, Err(format!("{error:#}"))),
        };
        Self {
            adapter,
            store,
            clock,
            sandbox,
            settings,
        }
    }

    /// Starts the sending. To be called once.
    pub fn start_courier(&self) -> Result<CourierHandle, String> {
        match (&self.adapter, &self.store) {
            (Err(why), _) | (_, Err(why)) => Err(why.clone()),
            (Ok(adapter), Ok(store)) => Ok(Courier::start(
                store.clone(),
                adapter.clone(),
                self.settings.clone(),
                self.clock.clone(),
            )),
        }
    }
}

/// The adapter of the account, behind the built-in sandbox where the account is served there.
async fn connect(
    account: Account,
    paths: &Paths,
    clock: Clock,
    book: Arc<dyn Book>,
) -> anyhow::Result<(Option<Sandbox>, Box<dyn Adapter>)> {
    let sandbox = match account.server {
        Server::BuiltIn => Some(Sandbox::start(built_in(paths)).await?),
        Server::At(_) => None,
    };
    let base_url = match (&sandbox, &account.server) {
        (Some(sandbox), _) => sandbox.base_url(),
        (None, Server::At(url)) => url.clone(),
        (None, Server::BuiltIn) => anyhow::bail!("the built-in sandbox did not start"),
    };
    // A secret may come from a command that takes seconds.
    let profile = tokio::task::spawn_blocking(move || account.open()).await??;
    Ok((sandbox, profile.connect(base_url, clock, book)?))
}

/// The request budget of an account, shared with the other consoles of this machine. Without a store nothing is sent, and what is left to ask for keeps to a small share.
pub fn book(account: &Account, store: Option<&Sqlite>) -> Arc<dyn Book> {
    let terms = account.vendor.terms;
    match store {
        Some(store) => Arc::new(Shared::new(store.clone(), account.key(), terms)),
        None => Arc::new(budget::without_store(terms)),
    }
}

/// The sandbox inside this process, on a free port that only this machine reaches.
fn built_in(paths: &Paths) -> sandbox::Options {
    let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    sandbox::Options {
        listen,
        ledger: paths.sandbox_ledger.clone(),
        control_key: None,
        rows: None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::config::demo;

    #[tokio::test]
    async fn its_courier_judges_a_change_by_what_the_vendor_offers() {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path();
        let account = demo::account("demo-solv").unwrap();
        let offered = account.offer().changes;
        let paths = Paths::below(home, home, home);
        let parts = Parts::gather(Setup { account, paths }).await;
        assert!(!offered.is_empty());
        assert_eq!(*parts.settings.changes, *offered);
    }
}
