//! Why a vendor's list could not be read, and what is left of the request budget.

/// Why a list could not be read. The words are for the clerk; what to do follows from the kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// DNS, connect, TLS, reset or timeout: the vendor was not reached or did not answer.
    #[error("{}", clause(.0))]
    Offline(String),
    /// The account's key was refused.
    #[error("{}", clause(.0))]
    SignedOut(String),
    /// The vendor sent a code to whoever signs in: nothing works before it is typed.
    #[error("{}", clause(.0))]
    CodeNeeded(String),
    /// 429, or a wait longer than a list is worth.
    #[error("{}", clause(.0))]
    Busy(String),
    /// The vendor said no (4xx), in its own words.
    #[error("{}", clause(.0))]
    Refused(String),
    /// The answer is not what the contract says; names the call and the path in the JSON.
    #[error("{}", clause(.0))]
    WrongShape(String),
}

/// Without a full stop at its end: more may be said after it.
fn clause(words: &str) -> &str {
    words.trim_end_matches('.')
}

/// What is left of a vendor's request budget at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BudgetLeft {
    pub left: u32,
    pub of: u32,
}
