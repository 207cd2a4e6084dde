//! Where a command works: the folders of this machine and the profile that was asked for.

use std::path::Path;

use super::stop::{Stop, warn};
use crate::config::paths::Paths;
use crate::config::{Account, Config, demo};
use crate::courier;
use crate::desk::{Parts, Setup};
use crate::store::Sqlite;
use crate::trial;

pub struct Place {
    pub paths: Paths,
    account: Account,
    /// The other ones there are, where none was asked for: first those of the file.
    others: Vec<Account>,
}

impl Place {
    /// The profile that was asked for, or the one that the console would open.
    pub fn find(config: Option<&Path>, profile: Option<&str>) -> Result<Self, Stop> {
        let paths = Paths::find()?;
        let config = Config::find(config, &paths.config_file)?;
        let account = config.choose(profile)?;
        let others = match profile {
            Some(_) => Vec::new(),
            None => config
                .accounts
                .iter()
                .chain(demo::accounts())
                .cloned()
                .collect(),
        };
        Ok(Self {
            paths,
            account,
            others,
        })
    }

    /// The profile, its secret looked at where that is quick: a missing one is a fault of the configuration.
    pub fn account(&self) -> Result<Account, Stop> {
        Self::ready(self.account.clone())
    }

    /// The profile that was asked for alone; else all there are, first the preferred one.
    fn accounts(&self) -> impl Iterator<Item = &Account> {
        let others = self.others.iter();
        let others = others.filter(|other| other.name != self.account.name);
        std::iter::once(&self.account).chain(others)
    }

    /// The profiles that offer a kind of this name.
    pub fn offering(&self, kind: &str) -> Vec<&Account> {
        let offers = |account: &&Account| {
            let kinds = account.offer().kinds;
            kinds.iter().any(|form| form.name == kind)
        };
        self.accounts().filter(offers).collect()
    }

    /// The names of the kinds that these profiles offer, each once.
    pub fn kinds(&self) -> Vec<&'static str> {
        let kinds = self.accounts().flat_map(|account| account.offer().kinds);
        let mut names = Vec::new();
        for form in kinds {
            if !names.contains(&form.name) {
                names.push(form.name);
            }
        }
        names
    }

    /// A profile whose secret is there, as far as that is known quickly.
    pub fn ready(account: Account) -> Result<Account, Stop> {
        if !account.secret.is_slow() {
            account.clone().open()?;
        }
        Ok(account)
    }

    /// The profile as it is described, for what needs no vendor.
    pub fn described(&self) -> &Account {
        &self.account
    }

    /// The name of the profile's vendor.
    pub fn vendor(&self) -> &'static str {
        self.account.vendor.title
    }

    /// The parts of a desk without a screen, for `account` as it came from [`Self::account`].
    pub async fn gather(&self, account: Account) -> Parts {
        let paths = self.paths.clone();
        let parts = Parts::gather(Setup { account, paths }).await;
        if let Ok(store) = &parts.store {
            tell_rescue(store);
        }
        parts
    }

    /// Asks the store, and no vendor.
    pub fn read<T>(&self, ask: impl AsyncFnOnce(Sqlite) -> Result<T, Stop>) -> Result<T, Stop> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            let store = Sqlite::open(&self.paths.store).await?;
            tell_rescue(&store);
            // What a process that has gone left on its way is not "Sending".
            courier::write_off(&store, &self.account.name, trial::clock().now()).await?;
            ask(store).await
        })
    }
}

/// Says what became of a damaged store: only the opening that set it aside can.
pub fn tell_rescue(store: &Sqlite) {
    if let Some(rescue) = store.rescue() {
        warn(&rescue.to_string());
    }
}
