//! The vendor's server, on loopback: the Flabs CRM contract kept strictly, for training, tests and the demo profiles.
//!
//! Written from the published contract alone. It must not know the adapter's types: a misreading must not be able to
//! hide on both sides. Everything it decides is committed to its ledger before the answer leaves, so the ledger can
//! judge what the console says. Where the contract is silent the assumption is named by its number (`A1` to `A25`).

mod account;
mod answer;
mod assets;
mod auth;
mod body;
mod clock;
mod control;
mod create;
mod fault;
mod form;
mod generated;
mod lead;
mod ledger;
mod listing;
mod play;
mod prices;
mod rate;
mod secret;
mod server;
mod service;
mod tokens;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, ensure};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::domain::branch::Party;
use crate::trial;

pub use account::{ACCOUNTS, Account, accounts};
pub use generated::CAPACITY as MOST_ROWS;

/// How a sandbox is started.
#[derive(Clone)]
pub struct Options {
    /// Port 0 takes a free one.
    pub listen: SocketAddr,
    /// The `SQLite` file; made with its folder where there is none. Several sandboxes may share it.
    pub ledger: PathBuf,
    /// What `x-control-key` must carry on `/sandbox/*`; `None` mints one.
    pub control_key: Option<String>,
    /// Fills the catalogue up to this many tests with generated names, for load tests; at most [`MOST_ROWS`].
    pub rows: Option<usize>,
}

/// A running sandbox. Dropping it stops it; [`Sandbox::shutdown`] waits until it has.
pub struct Sandbox {
    address: SocketAddr,
    service: Arc<service::Service>,
    stop: watch::Sender<bool>,
    server: JoinHandle<()>,
}

impl Sandbox {
    /// Opens the ledger, binds the address and serves in the background of the current tokio runtime.
    ///
    /// Fails when the ledger cannot be opened, the address cannot be bound, or more rows are asked for than there
    /// are names.
    pub async fn start(options: Options) -> anyhow::Result<Self> {
        Self::start_at(options, trial::clock()).await
    }

    /// As [`Self::start`], by another clock than the machine's.
    pub async fn start_at(options: Options, clock: crate::clock::Clock) -> anyhow::Result<Self> {
        let rows = options.rows.unwrap_or(0);
        ensure!(
            rows <= MOST_ROWS,
            "the sandbox has names for at most {MOST_ROWS} tests"
        );
        let ledger = ledger::Ledger::open(&options.ledger)
            .await
            .context("cannot open the sandbox's ledger")?;
        let listener = TcpListener::bind(options.listen)
            .await
            .with_context(|| format!("cannot listen on {}", options.listen))?;
        let address = listener.local_addr()?;
        let control_key = match options.control_key {
            Some(key) => key,
            None => secret::hex(16)?,
        };
        let service = Arc::new(service::Service::new(ledger, control_key, rows, clock));
        let (stop, stopped) = watch::channel(false);
        let router = service::router(Arc::clone(&service));
        let server = tokio::spawn(server::serve(listener, router, stopped));
        Ok(Self {
            address,
            service,
            stop,
            server,
        })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://127.0.0.1:43121`, without a slash at the end.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn control_key(&self) -> &str {
        &self.service.control_key
    }

    /// Stops taking connections, lets answers under way finish for a moment, and closes the ledger.
    pub async fn shutdown(self) {
        self.stop.send_replace(true);
        if let Err(error) = self.server.await {
            tracing::warn!(%error, "the sandbox's server ended badly");
        }
        self.service.ledger.close().await;
    }
}

/// The parties that both demo accounts know; no call of the contract lists them (A24).
pub fn demo_parties() -> Vec<Party> {
    assets::parties()
        .map(|party| Party {
            id: party.id.to_owned(),
            name: party.name.to_owned(),
            kind: party.kind,
        })
        .collect()
}
