//! A change as it came: read whole, with its call and sender, so that the ledger can note it whatever becomes of it.

use axum::body::Bytes;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};

use super::answer::Refusal;
use super::body::whole;
use super::ledger::{Entry, Received};
use super::service::Service;
use super::vendor::{Call, Sender, Vendor};

/// What the server found out about a request before the vendor saw it; it lies in the request's extensions.
#[derive(Clone, Copy)]
pub struct Announced {
    pub call: &'static Call,
    /// The word of the fault that plays on it.
    pub fault: Option<&'static str>,
}

/// A change that came.
pub struct Arrival {
    pub received: Received,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Arrival {
    /// Fails where the body is too large or broke off; then nothing came.
    pub async fn of(
        service: &Service,
        vendor: &dyn Vendor,
        request: Request,
    ) -> Result<Self, Refusal> {
        let (parts, body) = request.into_parts();
        let body = whole(body).await?;
        Ok(Self::read(service, vendor, parts, body))
    }

    fn read(service: &Service, vendor: &dyn Vendor, parts: Parts, body: Bytes) -> Self {
        let at = service.clock.now();
        let announced = parts.extensions.get::<Announced>();
        let Sender {
            account,
            integrator,
        } = vendor.sender(&parts.headers, &body, at);
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        Self {
            received: Received {
                at,
                vendor: vendor.name(),
                call: announced.map_or("", |announced| announced.call.name),
                request: format!("{} {path}", parts.method),
                account,
                integrator,
                body: String::from_utf8_lossy(&body).into_owned(),
                fault: announced.and_then(|announced| announced.fault),
            },
            headers: parts.headers,
            body,
        }
    }

    /// Opens the one transaction in which this change is decided and committed; until its end nobody else writes.
    pub async fn entry<'a>(&'a self, service: &Service) -> sqlx::Result<Entry<'a>> {
        service.ledger.entry(&self.received).await
    }

    /// Commits that it came and had no effect; `status` is None where a fault came before any decision.
    pub async fn noted(
        &self,
        service: &Service,
        status: Option<StatusCode>,
    ) -> Result<(), Refusal> {
        let entry = self.entry(service).await?;
        Ok(entry.refuse(status.map(|status| status.as_u16())).await?)
    }
}
