//! What one Meddbase account needs to be told, and everything that Meddbase does not publish, as settings with defaults.
//!
//! The numbers `A…` are those of the contract's section 12: confirm them with the account manager before the first
//! live day, and change them here or in the configuration.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono_tz::Tz;
use secrecy::SecretString;

/// One account, ready to be signed in to.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The name of the profile.
    pub profile: String,
    /// `https://api.meddbase.com`, or a sandbox on a loopback address.
    pub base_url: String,
    pub is_sandbox: bool,
    pub client_key: String,
    /// The manager's; empty where nobody signs in.
    pub password: SecretString,
    /// The zone of the desk.
    pub zone: Tz,
    pub own: Own,
}

/// What only a Meddbase account has.
#[derive(Clone, Debug)]
pub struct Own {
    pub mode: Mode,
    /// Without a plus sign: `44`.
    pub country_code: String,
    /// What stands in the field of a new form: book only at the price that was shown.
    pub has_price_guard: bool,
    pub is_birth_date_required: bool,
    /// The zones of sites by their keys, where they are not in the United Kingdom: no call tells them.
    pub zones: BTreeMap<String, Tz>,
    pub assumptions: Assumptions,
}

/// How the desk gets in (contract, section 0, number 3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A manager of a company, who books for its patients.
    Manager { username: String },
    /// Nobody signs in; a patient is registered with a charge band's code.
    Anonymous {
        sign_up_code: String,
        /// Whether the patient has to read a code back.
        has_code: bool,
    },
}

/// What Meddbase does not publish. Each default is the contract's best reading; none is verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assumptions {
    /// A1: words in the message of a 500 without an event code that say that the slot is gone; any other such answer
    /// may have come after the booking was made, so that they must name the slot.
    pub gone_words: Vec<String>,
    /// A10: which price of a slot is guarded, and shown.
    pub price: PriceField,
    /// A13: the most days that are asked for at once.
    pub slot_days: u16,
    /// A19: the states of an appointment that can still be cancelled.
    pub upcoming_states: Vec<String>,
    /// A25: how long an unused session lives, before the vendor has told it.
    pub session_life: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PriceField {
    Gross,
    Net,
}

impl Default for Assumptions {
    fn default() -> Self {
        let words = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect();
        Self {
            gone_words: words(&[
                "slot is no longer available",
                "slot is not available",
                "no suitable slot",
            ]),
            price: PriceField::Gross,
            slot_days: 31,
            upcoming_states: words(&["Booked", "NotArrived"]),
            session_life: Duration::from_secs(1_200),
        }
    }
}

/// A site's zone unless the configuration names another (contract, section 3: "UK time").
pub const UNITED_KINGDOM: Tz = Tz::Europe__London;

impl Own {
    /// The patient reads a code back before anything is booked.
    pub fn has_code(&self) -> bool {
        matches!(self.mode, Mode::Anonymous { has_code: true, .. })
    }

    pub fn is_manager(&self) -> bool {
        matches!(self.mode, Mode::Manager { .. })
    }

    /// The zone of a site's clocks.
    pub fn zone(&self, site: &str) -> Tz {
        self.zones.get(site).copied().unwrap_or(UNITED_KINGDOM)
    }
}
