//! The demo partners, which is all that Solv's side of the sandbox can be signed in to.

/// What signs in; the id is also the `x-api-key` of every call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    pub client_id: &'static str,
    pub client_secret: &'static str,
}

/// The second is there so that one key with the other's token can be refused.
pub const ACCOUNTS: [Account; 2] = [
    Account {
        client_id: "demo-solv",
        client_secret: "demo-solv-secret",
    },
    Account {
        client_id: "demo-solv-other",
        client_secret: "demo-solv-other-secret",
    },
];

/// The partner with this client id.
pub fn find(client_id: &str) -> Option<&'static Account> {
    let mut accounts = ACCOUNTS.iter();
    accounts.find(|account| account.client_id == client_id)
}
