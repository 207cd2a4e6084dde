//! `POST /client/crm/lead/create`: decided, committed to the ledger, then answered.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::answer::Refusal;
use super::form::{self, Form};
use super::lead::{self, Entry};
use super::ledger::{Duplicate, Identity, Received};
use super::play::Played;
use super::secret;
use super::service::Service;

/// The call itself.
pub async fn create(
    State(service): State<Arc<Service>>,
    request: Request,
) -> Result<Json<Value>, Refusal> {
    let arrival = Arrival::of(&service, request).await?;
    match arrival.judged(&service).await {
        Ok(entry) => arrival.applied(&service, entry).await,
        Err(refusal) => {
            arrival.noted(&service, Some(refusal.status)).await?;
            Err(refusal)
        }
    }
}

/// Commits that a create came and had no effect, because a fault came before any decision.
pub async fn leave(
    service: &Service,
    request: Request,
    status: Option<StatusCode>,
) -> Result<(), Refusal> {
    let arrival = Arrival::of(service, request).await?;
    arrival.noted(service, status).await
}

/// A create as it came, and who sent it.
struct Arrival {
    received: Received,
    headers: HeaderMap,
    body: Bytes,
}

impl Arrival {
    async fn of(service: &Service, request: Request) -> Result<Self, Refusal> {
        let (parts, body) = request.into_parts();
        let body = form::whole(body).await?;
        let at = service.clock.now();
        let account = service.bearer(&parts.headers, at);
        let integrator = serde_json::from_slice::<Value>(&body)
            .ok()
            .and_then(|sent| Some(sent.get("integratorID")?.as_str()?.to_owned()));
        Ok(Self {
            received: Received {
                at,
                account: account.map(|account| account.client_id),
                integrator,
                body: String::from_utf8_lossy(&body).into_owned(),
                fault: parts.extensions.get::<Played>().map(|played| played.0),
            },
            headers: parts.headers,
            body,
        })
    }

    /// Every rule but the one about duplicates, which only the ledger can keep.
    async fn judged(&self, service: &Service) -> Result<Entry, Refusal> {
        let account = service.admit(&self.headers, self.received.at).await?;
        let form = Form::parse(&self.headers, &self.body)?;
        lead::check(&form, account, &service.settings.choices(), service.rows)
    }

    async fn applied(&self, service: &Service, entry: Entry) -> Result<Json<Value>, Refusal> {
        let choices = service.settings.choices();
        let at = self.received.at;
        let identity = Identity {
            day: at.with_timezone(&choices.zone).date_naive().to_string(),
            contact: entry.contact,
            email: entry.email,
            is_integrator_unique: choices.is_integrator_unique,
        };
        let number = format!("{:08x}{}", at.timestamp() & 0xffff_ffff, secret::hex(8)?);
        let outcome = service
            .ledger
            .apply(&self.received, &identity, &number)
            .await?;
        outcome.map_err(conflict)?;
        Ok(Json(json!({
            "success": true,
            "leadId": number,
            "phase": entry.phase.word(),
            "message": entry.phase.message(),
        })))
    }

    async fn noted(&self, service: &Service, status: Option<StatusCode>) -> Result<(), Refusal> {
        let status = status.map(|status| status.as_u16());
        Ok(service.ledger.note(&self.received, status).await?)
    }
}

/// A18: no `leadId`.
fn conflict(duplicate: Duplicate) -> Refusal {
    Refusal::conflict(match duplicate {
        Duplicate::Contact => "contact was already ingested today",
        Duplicate::Email => "email was already ingested today",
        Duplicate::Integrator => "integratorID was already used",
    })
}
