//! Signs in to a profile, at the vendor or at a sandbox started for the purpose.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use crate::config::paths::make_private_folder;
use crate::config::{Profile, Server};
use crate::domain::failure::Failure;
use crate::sandbox::{Options, Sandbox};
use crate::trial;
use crate::vendor::budget::book::Book;

/// Where a profile is served, in words.
pub fn place(server: &Server) -> String {
    match server {
        Server::BuiltIn => "the built-in sandbox".to_owned(),
        Server::At(url) => url.clone(),
    }
}

/// Asks for a token and forgets it, on a slot of `book`: what looks after a desk at work must not add to its burst.
/// `ledger` is that of the built-in sandbox.
pub async fn sign_in(profile: Profile, book: Arc<dyn Book>, ledger: &Path) -> Result<(), Failure> {
    if let Server::At(url) = profile.account.server.clone() {
        return ask(profile, url, book).await;
    }
    let not_started = |error: anyhow::Error| Failure::Offline(format!("{error:#}"));
    if let Some(folder) = ledger.parent() {
        make_private_folder(folder).map_err(|error| not_started(error.into()))?;
    }
    let options = Options {
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        ledger: ledger.to_owned(),
        control_key: None,
        rows: None,
    };
    let sandbox = Sandbox::start(options).await.map_err(not_started)?;
    let answer = ask(profile, sandbox.base_url(), book).await;
    sandbox.shutdown().await;
    answer
}

async fn ask(profile: Profile, base_url: String, book: Arc<dyn Book>) -> Result<(), Failure> {
    let adapter = profile.connect(base_url, trial::clock(), book)?;
    adapter.sign_in().await
}
