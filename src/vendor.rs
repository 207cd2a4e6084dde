//! The vendors: one adapter each, behind one set of calls. Only an adapter's `wire` module knows field names.

pub mod budget;
pub mod flabs;
pub mod http;
mod line;
pub mod meddbase;
mod outcome;
pub mod registry;
mod session;
pub mod solv;

use std::pin::Pin;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use tokio::sync::watch;

use self::budget::Slot as Right;
use crate::clock::Steady;
use crate::domain::branch::{Branch, BranchId, Party};
use crate::domain::catalogue::Catalogue;
use crate::domain::evidence::Outcome;
use crate::domain::failure::{BudgetLeft, Failure};
use crate::domain::looked::{Looked, Told};
use crate::domain::offer::{Choice, FieldKey, Offer};
use crate::domain::slot::{CodeSession, Context, FoundPatient, Listed, SlotQuery, Slots};
use crate::domain::submission::{Intent, Subject};
use crate::domain::tier::Tier;

/// What a call gives once it has been answered.
pub type Asked<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// One account of a vendor. A call that a vendor does not have stays as it is here; its offer never leads to it.
pub trait Adapter: Send + Sync {
    fn offer(&self) -> Arc<Offer>;

    /// Follows the request budget as it is used and comes back.
    fn budget(&self) -> watch::Receiver<BudgetLeft>;

    /// Asks only for a sign-in, for `doctor`.
    fn sign_in(&self) -> Asked<'_, Result<(), Failure>>;

    /// Proves that the vendor can be reached and takes the account's key: asks for a new token whatever is held.
    fn reach(&self) -> Asked<'_, Result<(), Failure>>;

    /// Somebody is at the console: a sign-in that would end of idleness is kept meanwhile. Told now and then, and asks
    /// nothing of the vendor by itself.
    fn is_in_use(&self) {}

    /// Ends a sign-in that waits for a code: [`Failure::CodeNeeded`]. A wrong one is [`Failure::Refused`].
    fn confirm_sign_in(&self, _code: String) -> Asked<'_, Result<(), Failure>> {
        cannot("asks for no code")
    }

    /// Has the code of a sign-in sent once more; says where to.
    fn resend_sign_in_code(&self) -> Asked<'_, Result<String, Failure>> {
        cannot("asks for no code")
    }

    fn branches(&self) -> Asked<'_, Result<Vec<Branch>, Failure>>;

    /// Branches of an earlier answer, with what the configuration says of them by now.
    fn as_configured(&self, earlier: Vec<Branch>) -> Vec<Branch> {
        earlier
    }

    /// Tests and packages of a branch, with the prices of `party` where there is one.
    fn catalogue<'a>(
        &'a self,
        _branch: &'a BranchId,
        _party: Option<&'a Party>,
    ) -> Asked<'a, Result<Catalogue, Failure>> {
        Box::pin(async { Ok(Catalogue::new(Vec::new())) })
    }

    /// What a field of [`crate::domain::offer::Input::Listed`] can hold in the form as it stands.
    fn choices<'a>(
        &'a self,
        _field: FieldKey,
        _form: &'a Context,
    ) -> Asked<'a, Result<Vec<Choice>, Failure>> {
        cannot("gives no such list")
    }

    /// The free slots of some days, soonest first.
    fn slots<'a>(&'a self, _query: &'a SlotQuery) -> Asked<'a, Result<Slots, Failure>> {
        cannot("gives no slots")
    }

    /// The patients who may be the one of the form.
    fn find_patients<'a>(
        &'a self,
        _form: &'a Context,
    ) -> Asked<'a, Result<Vec<FoundPatient>, Failure>> {
        cannot("finds no patients")
    }

    /// Has a code sent to the patient of the form; with a session of before, the code is sent once more.
    fn send_code<'a>(
        &'a self,
        _form: &'a Context,
        _before: Option<CodeSession>,
    ) -> Asked<'a, Result<CodeSession, Failure>> {
        cannot("sends no code")
    }

    /// The code that the patient read back. A wrong one is [`Failure::Refused`], one that has lapsed
    /// [`Failure::SignedOut`].
    fn confirm_code(
        &self,
        _session: CodeSession,
        _code: String,
    ) -> Asked<'_, Result<CodeSession, Failure>> {
        cannot("sends no code")
    }

    /// The appointments of a day in the desk's zone, whoever made them.
    fn day_list(&self, _day: chrono::NaiveDate) -> Asked<'_, Result<Vec<Listed>, Failure>> {
        cannot("gives no list of a day")
    }

    /// What a change will cost or bring with it, in the vendor's words. It changes nothing.
    fn terms<'a>(&'a self, _subject: &'a Subject) -> Asked<'a, Result<Vec<Told>, Failure>> {
        cannot("tells no terms")
    }

    /// The right to one create, taken before its attempt is committed; or the moment before which there can be none.
    fn admit(&self) -> Asked<'_, Result<Right, Steady>>;

    /// One attempt on the wire, with the right that was taken before; without one it waits a moment for it. Never
    /// repeats a create by itself, except once after a 401.
    fn submit<'a>(&'a self, intent: &'a Intent, right: Option<Right>) -> Asked<'a, Outcome>;

    /// What the vendor lets the program do by itself about this one, once its answer did not come.
    fn tier(&self, _intent: &Intent) -> Tier {
        Tier::None
    }

    /// Until when this one is left to the process that saved it, where what it is sent with lives in that one alone;
    /// none where this process can send it. After that moment any may, and says what is gone.
    fn left_until(&self, _intent: &Intent) -> Option<DateTime<Utc>> {
        None
    }

    /// One complete look whether it is at the vendor, where the tier is [`Tier::Read`], in the lane of the budget for
    /// reads. The first attempt that may have made a record began at `since`.
    fn look<'a>(&'a self, _intent: &'a Intent, _since: DateTime<Utc>) -> Asked<'a, Looked> {
        let why = "this system has no list to look at".to_owned();
        Box::pin(async { Looked::Unclear { why } })
    }
}

fn cannot<'a, T: 'a>(what: &'static str) -> Asked<'a, Result<T, Failure>> {
    Box::pin(async move { Err(Failure::Refused(format!("this system {what}"))) })
}
