//! `frontdesk completions`.

use std::io::Write;

use clap::{CommandFactory, ValueEnum};
use clap_complete::generate;

use super::Arguments;
use super::output::Output;
use super::stop::Stop;

/// The shells whose completions are looked after.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Shell {
    Bash,
    Zsh,
    Fish,
}

/// Prints the script that the shell reads.
pub fn print(shell: Shell, output: &mut Output<impl Write>) -> Result<(), Stop> {
    let shell = match shell {
        Shell::Bash => clap_complete::Shell::Bash,
        Shell::Zsh => clap_complete::Shell::Zsh,
        Shell::Fish => clap_complete::Shell::Fish,
    };
    let mut command = Arguments::command();
    // Generated into memory first: the generator does not survive a closed pipe.
    let mut script = Vec::new();
    generate(shell, &mut command, "frontdesk", &mut script);
    Ok(output.bytes(&script)?)
}
