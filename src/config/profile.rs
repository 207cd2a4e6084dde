//! One account as it is described, and as it is opened.

use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use chrono_tz::Tz;
use secrecy::SecretString;
use sha2::{Digest, Sha256};

use crate::clock::Clock;
use crate::domain::failure::Failure;
use crate::domain::offer::Offer;
use crate::vendor::Adapter;
use crate::vendor::budget::book::Book;
use crate::vendor::registry::{Common, Described, Vendor};

use super::secret::SecretSource;
use super::{Error, Server};

/// Time enough to see a slip on the card that says Saved.
const TAKE_BACK: Duration = Duration::from_secs(3);

/// A patient who was not booked within two weeks starts anew.
const DRAFT_DAYS: u16 = 14;
/// A price list changes rarely within a day.
const PRICE_AGE: Duration = Duration::from_secs(24 * 3600);

/// An account as the file describes it: its secret is only named.
#[derive(Clone, Debug)]
pub struct Account {
    pub name: String,
    pub server: Server,
    pub client_id: String,
    pub secret: SecretSource,
    /// Whose account it is.
    pub vendor: &'static Vendor,
    /// What only an account of this vendor has.
    pub own: Arc<dyn Described>,
    /// The zone of the desk.
    pub zone: Tz,
    /// How long a saved submission stays before it leaves, so that it can be taken back.
    pub take_back: Duration,
    /// Days after which a form that nobody touches is forgotten.
    pub draft_days: u16,
    /// Prices older than this are said before anything is sent at them.
    pub price_age: Duration,
}

impl Account {
    /// An account with the defaults of an Indian desk.
    pub fn new(
        name: &str,
        vendor: &'static Vendor,
        own: Arc<dyn Described>,
        server: Server,
        client_id: &str,
        secret: SecretSource,
    ) -> Self {
        Self {
            name: name.to_owned(),
            server,
            client_id: client_id.to_owned(),
            secret,
            vendor,
            own,
            zone: Tz::Asia__Kolkata,
            take_back: TAKE_BACK,
            draft_days: DRAFT_DAYS,
            price_age: PRICE_AGE,
        }
    }

    /// What the vendor counts requests by, and what everything that is shared between profiles of one account is kept
    /// under: its server and its client id, neither of them readable. The built-in sandboxes of all consoles share
    /// one ledger, whatever their ports.
    pub fn key(&self) -> String {
        let server = match &self.server {
            Server::BuiltIn => "sandbox",
            Server::At(url) => url,
        };
        let digest = Sha256::digest(format!(
            "{}\n{server}\n{}{}",
            self.vendor.name,
            self.client_id,
            self.own.user().unwrap_or_default()
        ));
        digest.iter().take(16).fold(String::new(), |mut key, byte| {
            // Writing to a text cannot fail.
            let _ = write!(key, "{byte:02x}");
            key
        })
    }

    /// What its vendor takes: enough to draw the console before anything was reached.
    pub fn offer(&self) -> Offer {
        self.own.offer(&self.common(String::new()))
    }

    /// Fetches the secret. A command may take up to [`super::secret::PATIENCE`].
    pub fn open(self) -> Result<Profile, Error> {
        match self.secret.reveal() {
            Ok(secret) => Ok(Profile {
                account: self,
                secret,
            }),
            Err(source) => Err(Error::Secret {
                profile: self.name,
                source,
            }),
        }
    }

    fn common(&self, base_url: String) -> Common {
        Common {
            profile: self.name.clone(),
            base_url,
            is_sandbox: self.server.is_sandbox(),
            client_id: self.client_id.clone(),
            zone: self.zone,
        }
    }
}

/// An opened account, ready to be signed in to.
#[derive(Clone, Debug)]
pub struct Profile {
    pub account: Account,
    pub secret: SecretString,
}

impl Profile {
    /// The vendor's adapter. `base_url` is where [`Account::server`] was found to answer: the built-in sandbox knows
    /// its port only after it was started.
    pub fn connect(
        self,
        base_url: String,
        clock: Clock,
        book: Arc<dyn Book>,
    ) -> Result<Box<dyn Adapter>, Failure> {
        let common = self.account.common(base_url);
        self.account.own.connect(&common, self.secret, clock, book)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendor::flabs;

    fn key(name: &str, server: Server, client_id: &str) -> String {
        let secret = SecretSource::Environment("FRONTDESK_SECRET".to_owned());
        let own = Arc::new(flabs::profile::Own::default());
        Account::new(name, &flabs::VENDOR, own, server, client_id, secret).key()
    }

    #[test]
    fn an_account_is_its_server_and_its_client_id() {
        let at = |url: &str| Server::At(url.to_owned());
        let live = key("a", at("https://v2.flabs.in"), "demo");
        assert_eq!(live, key("b", at("https://v2.flabs.in"), "demo"));
        assert_eq!(live.len(), 32);
        for other in [
            key("a", at("https://v2.flabs.in"), "other"),
            key("a", at("http://127.0.0.1:8080"), "demo"),
            key("a", Server::BuiltIn, "demo"),
        ] {
            assert_ne!(live, other);
        }
    }
}
