//! The command line: arguments in, one line of words or an exit code out.
//!
//! Decides which part of the house runs and does none of its work. The console builds its own runtime after its first
//! frame; every other command gets a small one here.

mod bindings;
mod change;
mod completions;
mod console;
mod courier;
mod doctor;
mod entry;
mod fields;
mod find;
mod help;
mod init;
mod logging;
mod output;
mod place;
mod places;
mod purge;
mod report;
mod resolve;
mod serve;
mod show;
mod signals;
mod stop;
mod submit;
mod worklist;

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

/// The console of a lab's or clinic's front desk: one way of booking into Flabs, Solv and Meddbase.
#[derive(Parser)]
#[command(name = "frontdesk", version, disable_help_subcommand = true)]
#[command(after_help = format!("{}\n\n{}", help::HELP, help::EXIT_CODES))]
pub struct Arguments {
    /// Open this profile instead of the preferred one.
    #[arg(long, global = true, value_name = "NAME", display_order = 100)]
    profile: Option<String>,
    /// Read this configuration file instead of the usual one.
    #[arg(long, global = true, value_name = "PATH", display_order = 101)]
    config: Option<PathBuf>,
    /// Draw the console without lines and marks that some terminals lack.
    #[arg(long, display_order = 102)]
    ascii: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the built-in sandbox on this machine.
    #[command(after_help = help::SANDBOX_HELP)]
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
    #[command(after_help = help::SUBMIT_HELP)]
    Submit(submit::Arguments),
    /// List what was saved today, and whatever is not settled.
    #[command(after_help = help::WORKLIST_HELP)]
    Worklist(worklist::Arguments),
    /// Show all that is known of one submission.
    #[command(after_help = help::SHOW_HELP)]
    Show {
        /// Our number or its beginning, the vendor's number, or the caller's key.
        id: String,
        /// Print a line of JSON.
        #[arg(long)]
        json: bool,
    },
    /// Answer for a submission that needs you.
    #[command(after_help = help::RESOLVE_HELP, disable_help_subcommand = true)]
    Resolve {
        /// Our number or its beginning, the vendor's number, or the caller's key.
        id: String,
        #[command(subcommand)]
        answer: resolve::Answer,
    },
    /// Do something to what was accepted: cancel it, move it, tell that the patient has come.
    #[command(after_help = help::CHANGE_HELP)]
    Change(change::Arguments),
    /// Send what is saved, without a screen.
    #[command(after_help = help::COURIER_HELP)]
    Courier {
        /// End when nothing moves by itself any more.
        #[arg(long)]
        until_idle: bool,
    },
    /// Forget what was settled long ago.
    #[command(after_help = help::PURGE_HELP)]
    Purge(purge::Arguments),
    /// Check configuration, folders, terminal and the sign-in of each profile.
    #[command(after_help = help::DOCTOR_HELP)]
    Doctor,
    /// Show where configuration, data and log are kept.
    #[command(after_help = help::PATHS_HELP)]
    Paths,
    /// Write a configuration to fill in.
    #[command(subcommand, disable_help_subcommand = true)]
    Config(ConfigCommand),
    /// Print the completions of a shell.
    #[command(after_help = help::COMPLETIONS_HELP)]
    Completions {
        /// The shell that will read them.
        shell: Shell,
    },
}

#[derive(Subcommand)]
enum ConfigCommand {
    /// Write a commented configuration file.
    #[command(after_help = help::INIT_HELP)]
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
    let place = || Place::find(asked, arguments.profile.as_deref());
    match arguments.command {
        None => {
            let paths = Paths::find()?;
            let config = Config::find(asked, &paths.config_file)?;
            console::run(config, arguments.profile.as_deref(), paths, arguments.ascii)
        }
        Some(Command::Sandbox {
            listen,
            ledger,
            rows,
        }) => serve::run(listen, ledger, rows, &Paths::find()?, &mut output),
        Some(Command::Submit(told)) => submit::run(&told, &place()?, io::stdout()),
        Some(Command::Worklist(told)) => worklist::run(&told, &place()?, &mut output),
        Some(Command::Show { id, json }) => show::run(&id, json, &place()?, &mut output),
        Some(Command::Resolve { id, answer }) => resolve::run(&id, answer, &place()?, &mut output),
        Some(Command::Change(told)) => change::run(&told, &place()?, io::stdout()),
        Some(Command::Courier { until_idle }) => courier::run(until_idle, &place()?, &mut output),
        Some(Command::Purge(told)) => purge::run(&told, &place()?, &mut output),
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
