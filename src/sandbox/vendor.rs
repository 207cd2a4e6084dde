//! What the server must know of a vendor to serve it beside the others: its calls, its settings, how it refuses.
//!
//! Adding a vendor is a module of its own and a line in [`all`]. Nothing here knows any vendor's rules.

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderMap, Method};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};

use super::answer::Refusal;
use super::service::Service;
use super::settings::Adjustable;

/// One call of a contract.
#[derive(Debug)]
pub struct Call {
    /// What fault rules call it, and the ledger. Calls that are alike may share a name.
    pub name: &'static str,
    pub method: Method,
    /// As the router has it: `/v1/partner/bookings/{booking_id}`.
    pub path: &'static str,
    /// Changes something at the vendor: the ledger has a row for each that came, whatever became of it.
    pub is_change: bool,
}

impl Call {
    /// A call that changes nothing.
    pub const fn read(name: &'static str, method: Method, path: &'static str) -> Self {
        Self {
            name,
            method,
            path,
            is_change: false,
        }
    }

    /// A call that changes something.
    pub const fn change(name: &'static str, method: Method, path: &'static str) -> Self {
        Self {
            name,
            method,
            path,
            is_change: true,
        }
    }

    /// Whether a request with this method and path makes this call.
    fn is_made_by(&self, method: &Method, path: &str) -> bool {
        let mut sent = path.split('/');
        let mut wanted = self.path.split('/');
        let is_path = loop {
            match (sent.next(), wanted.next()) {
                (None, None) => break true,
                (Some(sent), Some(wanted)) if wanted == sent || wanted.starts_with('{') => {}
                _ => break false,
            }
        };
        is_path && self.method == *method
    }

    /// `client` of `/client/labs`.
    fn root(path: &str) -> Option<&str> {
        path.split('/').nth(1)
    }
}

/// Who sent a change, and the id that the sender gave it, as far as the request tells.
#[derive(Debug, Default)]
pub struct Sender {
    pub account: Option<String>,
    pub integrator: Option<String>,
}

/// What signs in to a vendor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Its secret, where it has one, is the id with `-secret` behind it.
    pub id: &'static str,
    /// The vendor, or how the account works there.
    pub words: String,
}

/// A vendor whose contract the sandbox keeps.
pub trait Vendor: Send + Sync {
    /// `flabs`: in the ledger, and over its settings.
    fn name(&self) -> &'static str;

    /// All calls that its router serves.
    fn calls(&self) -> &'static [Call];

    /// Its calls with their state, without faults and ledger rows for what faults keep from it.
    fn router(self: Arc<Self>) -> Router;

    /// Control calls of its own, behind the same key as the others.
    fn controls(self: Arc<Self>) -> Router {
        Router::new()
    }

    /// Told for every change that comes, also for one that it will refuse or that a fault keeps from it.
    fn sender(&self, headers: &HeaderMap, body: &[u8], now: DateTime<Utc>) -> Sender;

    fn settings(&self) -> &dyn Adjustable;

    /// Who may sign in here, for a trainer to see.
    fn clients(&self) -> Vec<Client> {
        Vec::new()
    }

    /// A refusal that the server makes in its place, as its own would look.
    fn refuse(&self, refusal: Refusal) -> Response {
        refusal.into_response()
    }
}

/// All vendors; fails where the data in the binary cannot be read. The settings of the first lie at the top, those of
/// the others under their names.
pub fn all(service: &Arc<Service>, rows: usize) -> anyhow::Result<Vec<Arc<dyn Vendor>>> {
    Ok(vec![
        Arc::new(super::flabs::Flabs::new(Arc::clone(service), rows)),
        Arc::new(super::solv::Solv::new(Arc::clone(service))),
        Arc::new(super::meddbase::Meddbase::new(Arc::clone(service))?),
    ])
}

/// The call that a request makes of this vendor; None where it makes none.
pub fn call_of(vendor: &dyn Vendor, method: &Method, path: &str) -> Option<&'static Call> {
    let mut calls = vendor.calls().iter();
    calls.find(|call| call.is_made_by(method, path))
}

/// Whether the vendor has calls that begin as this path does: it answers for what is not there.
pub fn is_of(vendor: &dyn Vendor, path: &str) -> bool {
    let root = Call::root(path);
    vendor
        .calls()
        .iter()
        .any(|call| Call::root(call.path) == root)
}

#[cfg(test)]
mod tests {
    use axum::http::Method;

    use super::Call;

    #[test]
    fn a_part_in_braces_stands_for_any() {
        let call = Call::change("status", Method::PATCH, "/v1/bookings/{id}");
        assert!(call.is_made_by(&Method::PATCH, "/v1/bookings/7"));
        for (method, path) in [
            (Method::GET, "/v1/bookings/7"),
            (Method::PATCH, "/v1/bookings"),
            (Method::PATCH, "/v1/bookings/7/images"),
            (Method::PATCH, "/v1/others/7"),
        ] {
            assert!(!call.is_made_by(&method, path), "{method} {path}");
        }
    }
}
