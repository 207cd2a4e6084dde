//! `POST /client/crm/lead/create`: decided, committed to the ledger, then answered.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use serde_json::{Value, json};

use super::Flabs;
use super::duplicate::duplicate;
use super::form::Form;
use super::lead::{self, Entry};
use crate::sandbox::answer::Refusal;
use crate::sandbox::arrival::Arrival;
use crate::sandbox::ledger::Identity;
use crate::sandbox::secret;

/// The call itself.
pub async fn create(
    State(flabs): State<Arc<Flabs>>,
    request: Request,
) -> Result<Json<Value>, Refusal> {
    let arrival = Arrival::of(&flabs.service, flabs.as_ref(), request).await?;
    match judged(&flabs, &arrival).await {
        Ok(entry) => applied(&flabs, &arrival, entry).await,
        Err(refusal) => {
            arrival.noted(&flabs.service, Some(refusal.status)).await?;
            Err(refusal)
        }
    }
}

/// Every rule but the one about duplicates, which only the ledger can keep.
async fn judged(flabs: &Flabs, arrival: &Arrival) -> Result<Entry, Refusal> {
    let account = flabs.admit(&arrival.headers, arrival.received.at).await?;
    let form = Form::parse(&arrival.headers, &arrival.body)?;
    lead::check(&form, account, &flabs.settings.choices(), flabs.rows)
}

async fn applied(flabs: &Flabs, arrival: &Arrival, lead: Entry) -> Result<Json<Value>, Refusal> {
    let choices = flabs.settings.choices();
    let at = arrival.received.at;
    let identity = Identity {
        day: at.with_timezone(&choices.zone).date_naive().to_string(),
        contact: lead.contact,
        email: lead.email,
    };
    let number = format!("{:08x}{}", at.timestamp() & 0xffff_ffff, secret::hex(8)?);
    let mut entry = arrival.entry(&flabs.service).await?;
    let is_unique = choices.is_integrator_unique;
    if let Some(found) = duplicate(&mut entry, &arrival.received, &identity, is_unique).await? {
        let refusal = Refusal::from(found);
        entry.refuse(Some(refusal.status.as_u16())).await?;
        return Err(refusal);
    }
    entry.identify(identity);
    entry.accept(&number).await?;
    Ok(Json(json!({
        "success": true,
        "leadId": number,
        "phase": lead.phase.word(),
        "message": lead.phase.message(),
    })))
}
