//! Serves the sandbox until it is told to end.

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context;
use tokio::signal::unix::{SignalKind, signal};

use crate::config::paths::{Paths, make_private_folder};
use crate::domain::text::one_line;
use crate::sandbox::{Options, Sandbox};

use super::logging;
use super::output::Output;
use super::stop::Stop;

/// Takes loopback addresses alone: the sandbox has no locks that would hold on a network.
pub fn loopback(text: &str) -> Result<SocketAddr, String> {
    match text.parse::<SocketAddr>() {
        Ok(address) if address.ip().is_loopback() => Ok(address),
        Ok(_) => Err(
            "the sandbox listens on this machine alone; use 127.0.0.1:PORT or [::1]:PORT"
                .to_owned(),
        ),
        Err(_) => Err("write it as ADDRESS:PORT, like 127.0.0.1:8080".to_owned()),
    }
}

/// Serves until Ctrl+C or SIGTERM.
pub fn run(
    listen: SocketAddr,
    ledger: Option<PathBuf>,
    rows: Option<usize>,
    paths: &Paths,
    output: &mut Output<impl Write>,
) -> Result<(), Stop> {
    logging::start(paths)?;
    let ledger = if let Some(ledger) = ledger {
        ledger
    } else {
        make_private_folder(&paths.data_folder)
            .with_context(|| format!("cannot make the folder {}", paths.data_folder.display()))?;
        paths.sandbox_ledger.clone()
    };
    let options = Options {
        listen,
        ledger,
        control_key: None,
        rows,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(serve(options, output))
}

async fn serve(options: Options, output: &mut Output<impl Write>) -> Result<(), Stop> {
    // Listened for before anything is printed: who reads the address may end us in the next moment.
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let ledger = one_line(&options.ledger.display().to_string());
    let sandbox = Sandbox::start(options).await?;
    output.line(format_args!("address      {}", sandbox.base_url()))?;
    let ids = sandbox.clients().iter().map(|client| client.id.len());
    let width = ids.max().unwrap_or_default();
    for (index, client) in sandbox.clients().iter().enumerate() {
        let label = if index == 0 { "accounts" } else { "" };
        output.line(format_args!(
            "{label:<11}  {:<width$}  {}",
            client.id, client.words
        ))?;
    }
    output.line(format_args!("ledger       {ledger}"))?;
    output.line(format_args!("control key  {}", sandbox.control_key()))?;
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    sandbox.shutdown().await;
    Ok(())
}
