//! Opens the console. Everything that can be wrong with the configuration is said here, before the screen is taken.

use std::io::{self, IsTerminal};
use std::sync::Arc;

use anyhow::anyhow;

use crate::config::Config;
use crate::config::paths::Paths;
use crate::desk::Setup;
use crate::shell;

use super::stop::Stop;
use super::{bindings, logging};

/// Runs until the desk leaves. Builds no runtime and runs no command for a secret: the shell does, once its first
/// frame stands.
pub fn run(config: &Config, profile: Option<&str>, paths: Paths) -> Result<(), Stop> {
    let keymap = bindings::keymap(config)?;
    let account = config.choose(profile)?;
    if !account.secret.is_slow() {
        account.clone().open()?;
    }
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        let why =
            "the console needs a terminal for input and output; for scripts see: frontdesk --help";
        return Err(Stop::Failed(anyhow!(why)));
    }
    logging::start(&paths)?;
    let offer = Arc::new(account.offer());
    shell::run(offer, keymap, Setup { account, paths })?;
    Ok(())
}
