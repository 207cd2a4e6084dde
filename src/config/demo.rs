//! The two profiles that are there without a file; both are served by the built-in sandbox.

use secrecy::SecretString;

use crate::domain::branch::Party;
use crate::vendor::flabs::settings::Mode;

use super::profile::Account;
use super::{SecretSource, Server};

/// The catch-all account of the sandbox.
pub const CATCH_ALL: &str = "demo";
/// The party-scoped account of the sandbox.
pub const PARTY_SCOPED: &str = "demo-b2b";
/// Names that a file cannot take.
pub const NAMES: [&str; 2] = [CATCH_ALL, PARTY_SCOPED];

/// The built-in account of that name, if there is one. Its secret is no secret: it opens the sandbox alone.
pub fn account(name: &str, parties: impl FnOnce() -> Vec<Party>) -> Option<Account> {
    let mode = match name {
        CATCH_ALL => Mode::CatchAll,
        PARTY_SCOPED => Mode::PartyScoped,
        _ => return None,
    };
    let secret = SecretString::from(format!("{name}-secret"));
    Some(Account {
        mode,
        parties: parties(),
        ..Account::new(name, Server::BuiltIn, name, SecretSource::Known(secret))
    })
}
