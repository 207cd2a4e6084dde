//! The two demo accounts, which is all the sandbox can be signed in to.

/// One account: what signs in, and how it sells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    pub client_id: &'static str,
    pub client_secret: &'static str,
    /// Every price and every entry needs a party (<https://developer.flabslis.com/crm/party-scoped>).
    pub is_party_scoped: bool,
}

/// Catch-all first, party-scoped second.
pub const ACCOUNTS: [Account; 2] = [
    Account {
        client_id: "demo",
        client_secret: "demo-secret",
        is_party_scoped: false,
    },
    Account {
        client_id: "demo-b2b",
        client_secret: "demo-b2b-secret",
        is_party_scoped: true,
    },
];

/// All accounts of the sandbox.
pub fn accounts() -> &'static [Account] {
    &ACCOUNTS
}

/// The account with this client id.
pub fn find(client_id: &str) -> Option<&'static Account> {
    ACCOUNTS
        .iter()
        .find(|account| account.client_id == client_id)
}
