//! Where a command works: the folders of this machine and the profile that was asked for.

use std::path::Path;

use super::stop::Stop;
use crate::config::paths::Paths;
use crate::config::{Account, Config};
use crate::sandbox;
use crate::store::Sqlite;

pub struct Place {
    pub paths: Paths,
    account: Account,
}

impl Place {
    /// The profile that was asked for, or the one that the console would open.
    pub fn find(config: Option<&Path>, profile: Option<&str>) -> Result<Self, Stop> {
        let paths = Paths::find()?;
        let config = Config::find(config, &paths.config_file)?;
        let account = config.choose(profile, sandbox::demo_parties)?;
        Ok(Self { paths, account })
    }

    /// The profile, its secret looked at where that is quick: a missing one is a fault of the configuration.
    pub fn account(&self) -> Result<Account, Stop> {
        let account = self.account.clone();
        if !account.secret.is_slow() {
            account.clone().open()?;
        }
        Ok(account)
    }

    /// The profile as it is described, for what needs no vendor.
    pub fn described(&self) -> &Account {
        &self.account
    }

    /// Asks the store, and no vendor.
    pub fn read<T>(&self, ask: impl AsyncFnOnce(Sqlite) -> Result<T, Stop>) -> Result<T, Stop> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async { ask(Sqlite::open(&self.paths.store).await?).await })
    }
}
