//! The people this desk has met, by their phone: a household, never "the" patient.

use super::error::StoreError;
use crate::domain::phone::Phone;
use crate::domain::submission::MetPatient;

pub trait Patients: Send + Sync {
    /// The people of a phone number, the one met last first.
    fn people(
        &self,
        profile: &str,
        phone: &Phone,
    ) -> impl Future<Output = Result<Vec<MetPatient>, StoreError>> + Send;
}
