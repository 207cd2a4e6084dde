//! `POST /client/crm/lead/create`: decided, committed to the ledger, then answered.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use serde_json::{Value, json};

use super::Flabs;
use super::choices::Choices;
use super::duplicate::duplicate;
use super::lead;
use crate::sandbox::answer::Refusal;
use crate::sandbox::ledger::{Entry, Identity};

/// The call itself.
pub async fn create(
    State(flabs): State<Arc<Flabs>>,
    request: Request,
) -> Result<Json<Value>, Refusal> {
    let choices = || flabs.settings.choices();
    flabs
        .created(
            request,
            |form, account| lead::check(form, account, &choices(), flabs.rows),
            async |lead, number, entry| ingested(&choices(), lead, number, entry).await,
        )
        .await
}

/// The rule about duplicates, which only the ledger can keep, and what the next one is a duplicate of.
async fn ingested(
    choices: &Choices,
    lead: lead::Entry,
    number: &str,
    entry: &mut Entry<'_>,
) -> Result<Value, Refusal> {
    let at = entry.received().at;
    let identity = Identity {
        day: at.with_timezone(&choices.zone).date_naive().to_string(),
        contact: lead.contact,
        email: lead.email,
    };
    if let Some(found) = duplicate(entry, &identity, choices.is_integrator_unique).await? {
        return Err(found.into());
    }
    entry.identify(identity);
    Ok(json!({
        "success": true,
        "leadId": number,
        "phase": lead.phase.word(),
        "message": lead.phase.message(),
    }))
}
