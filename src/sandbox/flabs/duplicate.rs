//! An account takes a contact or an e-mail once a day (<https://developer.flabslis.com/crm/introduction>, A15 to A18).

use crate::sandbox::answer::Refusal;
use crate::sandbox::ledger::{Entry, Identity};

/// What kept an entry from being applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duplicate {
    Contact,
    Email,
    Integrator,
}

/// Looks in the open transaction; `is_integrator_unique` also refuses an integrator id that the account has used (A17).
pub async fn duplicate(
    entry: &mut Entry<'_>,
    identity: &Identity,
    is_integrator_unique: bool,
) -> sqlx::Result<Option<Duplicate>> {
    let received = entry.received();
    let found: Option<(bool, bool)> = sqlx::query_as(
        "SELECT day = ?2 AND contact = ?3, day = ?2 AND email = ?4 IS TRUE FROM creates
         WHERE applied = 1 AND vendor = 'flabs' AND call = 'create' AND account = ?1
           AND (day = ?2 AND (contact = ?3 OR email = ?4) OR ?5 AND integrator = ?6) LIMIT 1",
    )
    .bind(&received.account)
    .bind(&identity.day)
    .bind(&identity.contact)
    .bind(&identity.email)
    .bind(is_integrator_unique)
    .bind(&received.integrator)
    .fetch_optional(entry.connection())
    .await?;
    Ok(found.map(|found| match found {
        (true, _) => Duplicate::Contact,
        (false, true) => Duplicate::Email,
        (false, false) => Duplicate::Integrator,
    }))
}

/// A18: no `leadId`.
impl From<Duplicate> for Refusal {
    fn from(duplicate: Duplicate) -> Self {
        Self::conflict(match duplicate {
            Duplicate::Contact => "contact was already ingested today",
            Duplicate::Email => "email was already ingested today",
            Duplicate::Integrator => "integratorID was already used",
        })
    }
}
