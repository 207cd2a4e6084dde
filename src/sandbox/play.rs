//! Plays the faults on the vendors' calls.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::time::sleep;

use super::answer::Refusal;
use super::arrival::{Announced, Arrival};
use super::body::{Paced, whole};
use super::fault::Fault;
use super::server::HungUp;
use super::service::Service;
use super::vendor::{Call, Vendor, call_of};

const PAGE: &str = "<!DOCTYPE html>\n<html><head><title>Service notice</title></head>\
    <body><h1>We will be right back</h1><p>The gateway could not reach the service.</p></body></html>\n";

/// Where faults play: one vendor's calls.
#[derive(Clone)]
pub struct Stage {
    pub service: Arc<Service>,
    pub vendor: Arc<dyn Vendor>,
}

/// Finishes what was received even when the caller hangs up meanwhile, as a vendor's server does.
pub async fn finish(
    State(vendor): State<Arc<dyn Vendor>>,
    request: Request,
    next: Next,
) -> Response {
    match tokio::spawn(next.run(request)).await {
        Ok(response) => response,
        Err(error) => vendor.refuse(anyhow::Error::new(error).into()),
    }
}

/// Lets a call through, or plays the fault of the first rule that is due on it.
pub async fn play(State(stage): State<Stage>, mut request: Request, next: Next) -> Response {
    let vendor = Arc::clone(&stage.vendor);
    let Some(call) = call_of(vendor.as_ref(), request.method(), request.uri().path()) else {
        return next.run(request).await;
    };
    let fault = stage.service.faults.meet(call.name);
    request.extensions_mut().insert(Announced {
        call,
        fault: fault.as_ref().map(Fault::word),
    });
    let Some(fault) = fault else {
        return next.run(request).await;
    };
    let played = async {
        let scene = Scene {
            stage,
            call,
            request: received(request).await?,
            next,
        };
        scene.play(fault).await
    };
    played
        .await
        .unwrap_or_else(|refusal| vendor.refuse(refusal))
}

/// The request with its whole body read: what hangs up after this has received it.
async fn received(request: Request) -> Result<Request, Refusal> {
    let (parts, body) = request.into_parts();
    let body = whole(body).await?;
    Ok(Request::from_parts(parts, body.into()))
}

/// One call on which a fault plays.
struct Scene {
    stage: Stage,
    call: &'static Call,
    request: Request,
    next: Next,
}

impl Scene {
    async fn play(self, fault: Fault) -> Result<Response, Refusal> {
        match fault {
            Fault::Delay { ms } => {
                sleep(Duration::from_millis(ms)).await;
                Ok(self.apply().await)
            }
            Fault::CloseBefore => {
                self.leave(None).await?;
                Ok(hung_up())
            }
            Fault::CloseAfter => {
                self.apply().await;
                Ok(hung_up())
            }
            Fault::Status {
                status,
                applied,
                body,
                headers,
            } => {
                let status = status_code(status)?;
                let vendor = Arc::clone(&self.stage.vendor);
                self.apply_if(applied, status).await?;
                Ok(other_status(vendor.as_ref(), status, body, &headers))
            }
            Fault::Cut { bytes } => {
                let spoil = |whole: Bytes| Body::new(Paced::cut(&whole, bytes));
                respoken(self.apply().await, spoil).await
            }
            Fault::Drip {
                bytes_per_chunk,
                ms,
            } => {
                let every = Duration::from_millis(ms);
                let spoil = |whole| Body::new(Paced::drip(whole, bytes_per_chunk, every));
                respoken(self.apply().await, spoil).await
            }
            Fault::Garbage { bytes } => {
                self.apply().await;
                let noise: Vec<u8> = std::iter::repeat_with(|| fastrand::u8(..))
                    .take(bytes)
                    .collect();
                Ok(([(header::CONTENT_TYPE, "application/json")], noise).into_response())
            }
            Fault::Html { status, applied } => {
                let status = status_code(status)?;
                self.apply_if(applied, status).await?;
                let html = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
                Ok((status, html, PAGE).into_response())
            }
            Fault::Redirect {
                location,
                status,
                applied,
            } => {
                let status = status_code(status)?;
                self.apply_if(applied, status).await?;
                Ok((status, [(header::LOCATION, location)]).into_response())
            }
            Fault::Late { ms, close } => Ok(self.apply_late(Duration::from_millis(ms), close)),
        }
    }

    async fn apply(self) -> Response {
        self.next.run(self.request).await
    }

    async fn apply_if(self, applied: bool, status: StatusCode) -> Result<(), Refusal> {
        if applied {
            self.apply().await;
            Ok(())
        } else {
            self.leave(Some(status)).await
        }
    }

    /// Applies nothing; the ledger still learns of a change that came.
    async fn leave(self, status: Option<StatusCode>) -> Result<(), Refusal> {
        if self.call.is_change {
            let Stage { service, vendor } = self.stage;
            let arrival = Arrival::of(&service, vendor.as_ref(), self.request).await?;
            arrival.noted(&service, status).await?;
        }
        Ok(())
    }

    fn apply_late(self, wait: Duration, close: bool) -> Response {
        let vendor = Arc::clone(&self.stage.vendor);
        tokio::spawn(async move {
            sleep(wait).await;
            let response = self.apply().await;
            tracing::debug!(status = %response.status(), "applied late");
        });
        if close {
            hung_up()
        } else {
            vendor.refuse(Refusal::new(StatusCode::GATEWAY_TIMEOUT, "gateway timeout"))
        }
    }
}

fn hung_up() -> Response {
    let mut response = Response::default();
    response.extensions_mut().insert(HungUp);
    response
}

/// Rules are checked when they are given, so this fails only for a status that no rule can hold.
fn status_code(status: u16) -> Result<StatusCode, Refusal> {
    StatusCode::from_u16(status).map_err(|_| Refusal::invalid("status must be 100 to 999"))
}

fn other_status(
    vendor: &dyn Vendor,
    status: StatusCode,
    body: Option<String>,
    headers: &BTreeMap<String, String>,
) -> Response {
    let mut response = if let Some(body) = body {
        let json = [(header::CONTENT_TYPE, "application/json")];
        (status, json, body).into_response()
    } else {
        let reason = status.canonical_reason().unwrap_or("unknown");
        vendor.refuse(Refusal::new(status, reason.to_lowercase()))
    };
    for (name, value) in headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// The right answer under the right headers, `Content-Length` among them, its body sent another way.
async fn respoken(
    response: Response,
    spoil: impl FnOnce(Bytes) -> Body,
) -> Result<Response, Refusal> {
    let (mut parts, body) = response.into_parts();
    let whole = to_bytes(body, usize::MAX)
        .await
        .map_err(|error| Refusal::from(anyhow::Error::new(error)))?;
    parts
        .headers
        .insert(header::CONTENT_LENGTH, HeaderValue::from(whole.len()));
    Ok(Response::from_parts(parts, spoil(whole)))
}
