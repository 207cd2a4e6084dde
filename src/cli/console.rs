//! Opens the console. Everything that can be wrong with the configuration is said here, before the screen is taken.

use std::io::{self, IsTerminal};

use anyhow::anyhow;

use crate::config::Config;
use crate::config::paths::Paths;
use crate::{sandbox, shell};

use super::stop::Stop;
use super::{bindings, logging};

/// Runs until the desk leaves. Builds no runtime: the shell does, once its first frame stands.
pub fn run(config: &Config, profile: Option<&str>, paths: &Paths) -> Result<(), Stop> {
    let keymap = bindings::keymap(config)?;
    let profile = config.open(profile, sandbox::demo_parties)?;
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        let why =
            "the console needs a terminal for input and output; for scripts see: frontdesk --help";
        return Err(Stop::Failed(anyhow!(why)));
    }
    logging::start(paths)?;
    Ok(shell::run(profile, keymap, paths)?)
}
