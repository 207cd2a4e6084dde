//! Whether an account's key was taken the last time, known to every console of the machine. Never a token or a key.

use chrono::{DateTime, Utc};

use super::error::StoreError;

/// How the last sign-in of an account ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    pub at: DateTime<Utc>,
    /// Why the vendor refused the key; none where it took it.
    pub refusal: Option<String>,
}

pub trait SignIns: Send + Sync {
    fn keep_sign_in(
        &self,
        account: &str,
        sign_in: &SignIn,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    fn sign_in(
        &self,
        account: &str,
    ) -> impl Future<Output = Result<Option<SignIn>, StoreError>> + Send;
}
