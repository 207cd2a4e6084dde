//! Opens the console. Everything that can be wrong with the configuration is said here, before the screen is taken.

use std::io::{self, IsTerminal};
use std::sync::Arc;

use anyhow::anyhow;

use crate::app::profiles::ProfileName;
use crate::config::paths::Paths;
use crate::config::{Account, Config, Error, demo};
use crate::desk::Setup;
use crate::domain::text::one_line;
use crate::shell;
use crate::shell::stations::{Opening, Profiles};

use super::stop::{Stop, causes};
use super::{bindings, logging};

/// Runs until the desk leaves. Builds no runtime and runs no command for a secret: the shell does, once its first
/// frame stands.
pub fn run(
    config: Config,
    profile: Option<&str>,
    paths: Paths,
    is_ascii: bool,
) -> Result<(), Stop> {
    let keymap = bindings::keymap(&config)?;
    let account = config.choose(profile)?;
    let first = opening(account, &paths)?;
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        let why =
            "the console needs a terminal for input and output; for scripts see: frontdesk --help";
        return Err(Stop::Failed(anyhow!(why)));
    }
    logging::start(&paths)?;
    let profiles = Profiles {
        names: names(&config),
        keymap,
        find: Box::new(move |name| find(&config, name, &paths)),
    };
    shell::run(profiles, first, is_ascii)?;
    Ok(())
}

/// Fails where the secret is known to be missing.
fn opening(account: Account, paths: &Paths) -> Result<Opening, Error> {
    if !account.secret.is_slow() {
        account.clone().open()?;
    }
    Ok(Opening {
        offer: Arc::new(account.offer()),
        setup: Setup {
            account,
            paths: paths.clone(),
        },
    })
}

fn find(config: &Config, name: &str, paths: &Paths) -> Result<Opening, String> {
    let opened = config
        .account(name)
        .and_then(|account| opening(account, paths));
    opened.map_err(|error| {
        let causes = causes(&error).map(|cause| format!(": {cause}"));
        one_line(&error.to_string()) + &causes.collect::<String>()
    })
}

/// Every profile that can be opened: those of the file, then the built-in ones.
fn names(config: &Config) -> Vec<ProfileName> {
    let accounts = config.accounts.iter().chain(demo::accounts());
    let name = |account: &Account| ProfileName {
        name: account.name.clone(),
        vendor: account.vendor.title.to_owned(),
        is_sandbox: account.server.is_sandbox(),
        is_here: false,
    };
    accounts.map(name).collect()
}
