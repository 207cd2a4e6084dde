//! The command line: arguments in, one line of words or an exit code out.
//!
//! Decides which part of the house runs and does none of its work. The console builds its own runtime after its first
//! frame; every other command gets a small one here.

mod bindings;
mod completions;
mod console;
mod courier;
mod doctor;
mod fields;
mod init;
mod logging;
mod output;
mod place;
mod places;
mod report;
mod serve;
mod signals;
mod stop;
mod submit;

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::Config;
use crate::config::paths::Paths;

use completions::Shell;
use output::Output;
use place::Place;
use stop::Stop;

const EXIT_CODES: &str = "\
Exit codes:
  0  all went well
  1  it failed; the reason is on standard error
  2  the command line was not understood
  3  the configuration has a fault, or a profile or its secret is missing
  4  a vendor could not be reached or refused the sign-in (doctor)
  5  some were not accepted, or a line was not valid (submit)
  6  some are not known yet, or need a person (submit, courier)";

const HELP: &str = "\
Without a command the console opens. Without a configuration it opens on the
built-in sandbox: nothing leaves this machine, and every name is made up.

Examples:
  frontdesk                        open the console
  frontdesk --profile demo-b2b     open it on the party-scoped demo account
  frontdesk config init            write a configuration to fill in
  frontdesk doctor                 check it, and sign in to each profile";

const SANDBOX_HELP: &str = "\
It stands in for the vendor: for training, for tests, and for trying things
out. It listens on this machine alone and runs until Ctrl+C.

Examples:
  frontdesk sandbox
  frontdesk sandbox --listen 127.0.0.1:8080 --ledger /tmp/training.sqlite";

const DOCTOR_HELP: &str = "\
One line for each check: \"ok\" is well, \"!!\" needs you, \"--\" was not checked.
Without --profile it signs in to every profile of the configuration, or to the
two demo profiles where there is none. It books nothing.

Examples:
  frontdesk doctor
  frontdesk doctor --profile koramangala

Exit codes: 0 all is well, 3 configuration, 4 sign-in, 1 anything else.";

const SUBMIT_HELP: &str = "\
Every line is checked by the rules of the console and saved before its answer
is printed. Without --wait it is sent by the next console, or by frontdesk
courier. A line with a \"key\" may be given any number of times: it is one
submission. A line without a key is a new one each time it is given.

Examples:
  frontdesk submit --example                          list the kinds
  frontdesk submit --example flabs-lead               print a line to fill in
  frontdesk submit --example flabs-lead | frontdesk submit - --wait
  frontdesk submit today.jsonl --wait=60

Exit codes: 0 all accepted (without --wait: saved), 5 some were not accepted or
not valid, 6 some are not known yet or need a person, 1 anything else.";

const COURIER_HELP: &str = "\
It prints a line of JSON for every change and runs until Ctrl+C; sends under
way are awaited.

Examples:
  frontdesk courier
  frontdesk courier --until-idle

Exit codes: 0 all is settled, 6 something needs a person (--until-idle).";

const PATHS_HELP: &str = "\
The folders follow XDG_CONFIG_HOME, XDG_DATA_HOME and XDG_STATE_HOME.

Example:
  frontdesk paths";

const INIT_HELP: &str = "\
A file that is there already is left alone.

Examples:
  frontdesk config init
  frontdesk config init --config ./training.toml";

const COMPLETIONS_HELP: &str = "\
Examples:
  frontdesk completions bash > ~/.local/share/bash-completion/completions/frontdesk
  frontdesk completions zsh > ~/.zfunc/_frontdesk
  frontdesk completions fish > ~/.config/fish/completions/frontdesk.fish";

/// The console of a lab's front desk: leads and bookings into the system it already uses.
#[derive(Parser)]
#[command(name = "frontdesk", version, disable_help_subcommand = true)]
#[command(after_help = format!("{HELP}\n\n{EXIT_CODES}"))]
pub struct Arguments {
    /// Open this profile instead of the preferred one.
    #[arg(long, global = true, value_name = "NAME", display_order = 100)]
    profile: Option<String>,
    /// Read this configuration file instead of the usual one.
    #[arg(long, global = true, value_name = "PATH", display_order = 101)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the built-in sandbox on this machine.
    #[command(after_help = SANDBOX_HELP)]
    Sandbox {
        /// Listen here; port 0 takes a free one.
        #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0", value_parser = serve::loopback)]
        listen: SocketAddr,
        /// Keep the ledger in this file instead of the usual one.
        #[arg(long, value_name = "PATH")]
        ledger: Option<PathBuf>,
        /// Fill the catalogue up to this many tests.
        #[arg(long, value_name = "N", hide = true)]
        rows: Option<usize>,
    },
    /// Take submissions from a script: JSON Lines, one a line.
    #[command(after_help = SUBMIT_HELP)]
    Submit(submit::Arguments),
    /// Send what is saved, without a screen.
    #[command(after_help = COURIER_HELP)]
    Courier {
        /// End when nothing moves by itself any more.
        #[arg(long)]
        until_idle: bool,
    },
    /// Check configuration, folders, terminal and the sign-in of each profile.
    #[command(after_help = DOCTOR_HELP)]
    Doctor,
    /// Show where configuration, data and log are kept.
    #[command(after_help = PATHS_HELP)]
    Paths,
    /// Write a configuration to fill in.
    #[command(subcommand, disable_help_subcommand = true)]
    Config(ConfigCommand),
    /// Print the completions of a shell.
    #[command(after_help = COMPLETIONS_HELP)]
    Completions {
        /// The shell that will read them.
        shell: Shell,
    },
}

#[derive(Subcommand)]
enum ConfigCommand {
    /// Write a commented configuration file.
    #[command(after_help = INIT_HELP)]
    Init,
}

/// Reads the arguments of this process, runs what they ask for, and tells how it went.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(told) => {
            // Help and version arrive here too; a reader that has gone away needs neither.
            let _ = told.print();
            return ExitCode::from(u8::try_from(told.exit_code()).unwrap_or(stop::USAGE));
        }
    };
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => {
            stop.tell(&mut io::stderr());
            ExitCode::from(stop.code())
        }
    }
}

fn run(arguments: Arguments) -> Result<(), Stop> {
    let mut output = Output::new(io::stdout());
    let asked = arguments.config.as_deref();
    match arguments.command {
        None => {
            let paths = Paths::find()?;
            let config = Config::find(asked, &paths.config_file)?;
            console::run(&config, arguments.profile.as_deref(), paths)
        }
        Some(Command::Sandbox {
            listen,
            ledger,
            rows,
        }) => serve::run(listen, ledger, rows, &Paths::find()?, &mut output),
        Some(Command::Submit(told)) => submit::run(
            told,
            &Place::find(asked, arguments.profile.as_deref())?,
            io::stdout(),
        ),
        Some(Command::Courier { until_idle }) => courier::run(
            until_idle,
            &Place::find(asked, arguments.profile.as_deref())?,
            &mut output,
        ),
        Some(Command::Doctor) => doctor::run(
            asked,
            arguments.profile.as_deref(),
            &Paths::find()?,
            &mut output,
        ),
        Some(Command::Paths) => places::show(asked, &Paths::find()?, &mut output),
        Some(Command::Config(ConfigCommand::Init)) => {
            init::write(asked, &Paths::find()?, &mut output)
        }
        Some(Command::Completions { shell }) => completions::print(shell, &mut output),
    }
}
