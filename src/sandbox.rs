//! The vendors' servers, on loopback: their contracts kept strictly, for training, tests and the demo profiles.
//!
//! Written from the published contracts alone. It must not know the adapters' types: a misreading must not be able to
//! hide on both sides. Everything it decides is committed to its ledger before the answer leaves, so the ledger can
//! judge what the console says. Where a contract is silent the assumption is named by its number in it (`A1`).
//!
//! One server with one ledger, clock and set of faults serves all vendors; each is a module beside this one.

mod answer;
mod arrival;
mod body;
mod clock;
mod control;
mod fault;
mod flabs;
mod headers;
mod ledger;
mod meddbase;
mod play;
mod secret;
mod server;
mod service;
mod settings;
mod solv;
mod vendor;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, ensure};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::trial;

pub use flabs::{ACCOUNTS, Account, MOST_ROWS, accounts, demo_parties};
pub use vendor::Client;

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
    clients: Vec<Client>,
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
        let service = Arc::new(service::Service::new(ledger, control_key, clock));
        let (stop, stopped) = watch::channel(false);
        let vendors = vendor::all(&service, rows)?;
        let clients = vendors.iter().flat_map(|vendor| vendor.clients()).collect();
        let router = service::router(&service, vendors);
        let server = tokio::spawn(server::serve(listener, router, stopped));
        Ok(Self {
            address,
            service,
            clients,
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

    /// Who may sign in, at all vendors.
    pub fn clients(&self) -> &[Client] {
        &self.clients
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
