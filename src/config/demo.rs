//! The profiles that are there without a file. Each vendor brings its own, as configuration text; the built-in sandbox
//! serves them all.

use std::path::Path;
use std::sync::LazyLock;

use super::profile::Account;
use super::{Origin, reader};
use crate::vendor::registry::VENDORS;

/// The first of them: what opens where nothing else is asked for.
pub const FIRST: &str = "demo";

/// In the order of the vendors. A text that could not be read leaves its vendor without a demo; a test reads them all.
static ACCOUNTS: LazyLock<Vec<Account>> = LazyLock::new(|| {
    let read = |text| reader::read(Path::new("demo.toml"), text, Origin::BuiltIn);
    let read = VENDORS.iter().filter_map(|vendor| read(vendor.demo).ok());
    read.flat_map(|config| config.accounts).collect()
});

/// All of them.
pub fn accounts() -> &'static [Account] {
    &ACCOUNTS
}

/// Names that a file cannot take.
pub fn names<'a>() -> impl Iterator<Item = &'a str> {
    ACCOUNTS.iter().map(|account| account.name.as_str())
}

/// The built-in account of that name, if there is one. Its secret is no secret: it opens the sandbox alone.
pub fn account(name: &str) -> Option<Account> {
    let mut accounts = ACCOUNTS.iter();
    accounts.find(|account| account.name == name).cloned()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_vendor_brings_profiles_that_can_be_read() {
        for vendor in VENDORS {
            let read = reader::read(Path::new("demo.toml"), vendor.demo, Origin::BuiltIn).unwrap();
            assert!(!read.accounts.is_empty(), "{vendor:?}");
        }
        assert_eq!(names().next(), Some(FIRST));
    }
}
