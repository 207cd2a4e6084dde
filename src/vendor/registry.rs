//! The vendors there are. One more is one more line here, and a folder of its own.

use std::fmt;
use std::sync::Arc;

use chrono_tz::Tz;
use secrecy::SecretString;

use super::Adapter;
use super::budget::book::{Book, Terms};
use crate::clock::Clock;
use crate::domain::failure::Failure;
use crate::domain::offer::Offer;
use crate::section::Section;
use crate::section::complaint::Complaint;

/// All of them, in the order of the help; the profile to start with is the first one's.
pub static VENDORS: &[&Vendor] = &[
    &super::flabs::VENDOR,
    &super::solv::VENDOR,
    &super::meddbase::VENDOR,
];

/// What must be known of a vendor before any account of it is described.
pub struct Vendor {
    /// As the configuration names it: `flabs`.
    pub name: &'static str,
    /// As the screen names it: `Flabs`.
    pub title: &'static str,
    /// An example for the configuration: where the live system is.
    pub base_url: &'static str,
    /// An example for the configuration.
    pub client_id: &'static str,
    /// No account can be signed in to without one.
    pub needs_secret: bool,
    /// What a profile of it may hold beside what every profile holds.
    pub keys: &'static [&'static str],
    /// The profiles that are there without a file, on the built-in sandbox, as configuration.
    pub demo: &'static str,
    /// How many requests it takes.
    pub terms: Terms,
    /// Takes its own keys out of a profile.
    pub read: fn(&mut Section<'_>) -> Result<Arc<dyn Described>, Complaint>,
}

/// As for every vendor that a name stands for.
impl fmt::Debug for Vendor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.title)
    }
}

/// The vendor that the configuration calls so.
pub fn find(name: &str) -> Option<&'static Vendor> {
    VENDORS.iter().copied().find(|vendor| vendor.name == name)
}

/// What every profile tells, whatever its vendor.
#[derive(Clone, Debug)]
pub struct Common {
    /// The name of the profile.
    pub profile: String,
    /// Where it is served; empty while that is not known.
    pub base_url: String,
    pub is_sandbox: bool,
    pub client_id: String,
    /// The zone of the desk.
    pub zone: Tz,
}

/// What a profile tells about its own vendor.
pub trait Described: fmt::Debug + Send + Sync {
    /// Enough to draw the console before anything was reached.
    fn offer(&self, common: &Common) -> Offer;

    /// Who signs in, where the client id does not tell: accounts of two people share neither a sign-in nor a budget.
    fn user(&self) -> Option<&str> {
        None
    }

    /// The account, ready to be signed in to, with its requests counted in `book`. Opens no connection and reads no
    /// file.
    fn connect(
        &self,
        common: &Common,
        secret: SecretString,
        clock: Clock,
        book: Arc<dyn Book>,
    ) -> Result<Box<dyn Adapter>, Failure>;
}
