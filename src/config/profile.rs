//! One account as it is described, and as it is opened.

use std::fmt::Write;
use std::time::Duration;

use chrono_tz::Tz;
use secrecy::SecretString;
use sha2::{Digest, Sha256};

use crate::domain::branch::Party;
use crate::vendor::flabs::settings::{Assumptions, Mode, Settings};

use super::secret::SecretSource;
use super::{Error, Server};

/// Where patients come from, unless the file says otherwise.
const SOURCES: [&str; 6] = [
    "walk-in",
    "phone",
    "whatsapp",
    "website",
    "doctor referral",
    "camp",
];

/// Time enough to see a slip on the card that says Saved.
const TAKE_BACK: Duration = Duration::from_secs(3);

/// A patient who was not booked within two weeks starts anew.
const DRAFT_DAYS: u16 = 14;

/// An account as the file describes it: its secret is only named.
#[derive(Clone, Debug)]
pub struct Account {
    pub name: String,
    pub server: Server,
    pub client_id: String,
    pub secret: SecretSource,
    pub mode: Mode,
    pub parties: Vec<Party>,
    /// The zone of the desk.
    pub zone: Tz,
    /// Without a plus sign.
    pub country_code: String,
    /// The first one is preset in new forms.
    pub sources: Vec<String>,
    /// How long a saved submission stays before it leaves, so that it can be taken back.
    pub take_back: Duration,
    /// Days after which a form that nobody touches is forgotten.
    pub draft_days: u16,
    pub assumptions: Assumptions,
}

impl Account {
    /// An account with the defaults of an Indian desk.
    pub fn new(name: &str, server: Server, client_id: &str, secret: SecretSource) -> Self {
        Self {
            name: name.to_owned(),
            server,
            client_id: client_id.to_owned(),
            secret,
            mode: Mode::default(),
            parties: Vec::new(),
            zone: Tz::Asia__Kolkata,
            country_code: "91".to_owned(),
            sources: SOURCES.map(str::to_owned).to_vec(),
            take_back: TAKE_BACK,
            draft_days: DRAFT_DAYS,
            assumptions: Assumptions::default(),
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
        let digest = Sha256::digest(format!("flabs\n{server}\n{}", self.client_id));
        digest.iter().take(16).fold(String::new(), |mut key, byte| {
            // Writing to a text cannot fail.
            let _ = write!(key, "{byte:02x}");
            key
        })
    }

    /// What is known of the account without its secret and its server: enough to draw the console.
    pub fn unopened(&self) -> Settings {
        let account = self.clone();
        account
            .with_secret(SecretString::default())
            .settings(String::new())
    }

    /// Fetches the secret. A command may take up to [`super::secret::PATIENCE`].
    pub fn open(self) -> Result<Profile, Error> {
        match self.secret.reveal() {
            Ok(client_secret) => Ok(self.with_secret(client_secret)),
            Err(source) => Err(Error::Secret {
                profile: self.name,
                source,
            }),
        }
    }
}

impl Account {
    fn with_secret(self, client_secret: SecretString) -> Profile {
        Profile {
            name: self.name,
            server: self.server,
            client_id: self.client_id,
            client_secret,
            mode: self.mode,
            parties: self.parties,
            zone: self.zone,
            country_code: self.country_code,
            sources: self.sources,
            assumptions: self.assumptions,
        }
    }
}

/// An opened account, ready to be signed in to.
#[derive(Clone, Debug)]
pub struct Profile {
    pub name: String,
    pub server: Server,
    pub client_id: String,
    pub client_secret: SecretString,
    pub mode: Mode,
    pub parties: Vec<Party>,
    pub zone: Tz,
    pub country_code: String,
    pub sources: Vec<String>,
    pub assumptions: Assumptions,
}

impl Profile {
    /// What the vendor's adapter needs. `base_url` is where [`Profile::server`] was found to answer: the built-in
    /// sandbox knows its port only after it was started.
    pub fn settings(self, base_url: String) -> Settings {
        Settings {
            profile: self.name,
            is_sandbox: self.server.is_sandbox(),
            base_url,
            client_id: self.client_id,
            client_secret: self.client_secret,
            mode: self.mode,
            parties: self.parties,
            zone: self.zone,
            sources: self.sources,
            country_code: self.country_code,
            assumptions: self.assumptions,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str, server: Server, client_id: &str) -> String {
        let secret = SecretSource::Environment("FRONTDESK_SECRET".to_owned());
        Account::new(name, server, client_id, secret).key()
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
