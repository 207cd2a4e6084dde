//! What a vendor lets the program do by itself about a submission whose answer did not come.
//!
//! Says what is possible; `courier::plan` alone decides what is done.

use chrono_tz::Tz;

/// The way out of [`Checking`](super::evidence::State::Checking), of one submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tier {
    /// The vendor refuses a second record of the same day, so that a resend within that day cannot double (Flabs lead
    /// and booking, <https://developer.flabslis.com/crm/introduction>).
    DayGuard {
        /// The zone of the vendor's day.
        zone: Tz,
    },
    /// The vendor can be asked for what it has: whoever looks often enough knows, and may send it once more where it is
    /// not there.
    Read,
    /// It carries a code that this desk made for it and that the vendor takes only once: a resend cannot double, and a
    /// refusal of the code proves that an earlier try arrived. Not for a code that somebody else may have used.
    UniqueCode,
    /// Nothing: a person decides.
    None,
}
