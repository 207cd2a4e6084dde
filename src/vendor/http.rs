//! HTTP as a vendor's create needs it: never a redirect, a retry or a proxy behind our back, and an honest answer to
//! the one question that matters afterwards: can anything have left this desk?
//!
//! Must not know any vendor, and never puts a body or a header into an error, a log or a `Debug`.

mod retry_after;

use std::net::IpAddr;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, Method, StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::OnceCell;

use crate::clock::Clock;
use crate::domain::text;
use crate::trial;

/// How long a call may take, by the clock of the house.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// DNS, TCP and TLS together.
    pub connect: Duration,
    /// From the first step to the last byte of the answer.
    pub whole: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            whole: Duration::from_secs(20),
        }
    }
}

/// One vendor's address and the client for it, which is built on first use: reading the system's root certificates
/// takes time and memory that a start must not pay, and plain HTTP to this machine never needs them.
pub struct Http {
    base: Url,
    limits: Limits,
    clock: Clock,
    /// Headers of every request.
    carried: Vec<(&'static str, SecretString)>,
    client: OnceCell<Client>,
}

/// Why an address cannot be a vendor's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotBase {
    #[error("the base URL is not a web address")]
    Unreadable,
    #[error("the base URL must begin with https:// (http:// only for 127.0.0.1 and [::1])")]
    NotSecure,
    #[error("the base URL must not carry a user, a password, a query or a fragment")]
    Extras,
}

/// What is asked.
#[derive(Clone)]
pub struct Request<'a> {
    method: Method,
    path: &'a str,
    query: &'a [(&'a str, &'a str)],
    bearer: Option<&'a SecretString>,
    headers: &'a [(&'static str, &'a SecretString)],
    json: Option<Vec<u8>>,
    cap: usize,
}

impl<'a> Request<'a> {
    /// `cap` is how many bytes of the answer are read before it is cut off.
    pub fn get(path: &'a str, query: &'a [(&'a str, &'a str)], cap: usize) -> Self {
        Self {
            method: Method::GET,
            path,
            query,
            bearer: None,
            headers: &[],
            json: None,
            cap,
        }
    }

    /// `json` is the body as it leaves.
    pub fn post(path: &'a str, json: Vec<u8>, cap: usize) -> Self {
        Self::with_body(Method::POST, path, json, cap)
    }

    /// As [`Self::post`], by another method: some vendors' DELETE has a body.
    pub fn with_body(method: Method, path: &'a str, json: Vec<u8>, cap: usize) -> Self {
        Self {
            method,
            json: Some(json),
            ..Self::get(path, &[], cap)
        }
    }

    /// With `Authorization: Bearer …`.
    #[must_use]
    pub fn signed(self, token: &'a SecretString) -> Self {
        Self {
            bearer: Some(token),
            ..self
        }
    }

    /// With a query beside the body, or in the place of the one it had.
    #[must_use]
    pub fn asking(self, query: &'a [(&'a str, &'a str)]) -> Self {
        Self { query, ..self }
    }

    /// With headers that are secrets; their names are in lower case.
    #[must_use]
    pub fn with_headers(self, headers: &'a [(&'static str, &'a SecretString)]) -> Self {
        Self { headers, ..self }
    }

    pub fn path(&self) -> &'a str {
        self.path
    }
}

/// An answer whose head arrived.
pub struct Answer {
    pub status: StatusCode,
    pub is_json: bool,
    /// Seconds, where the vendor named a number or a date.
    pub retry_after: Option<u32>,
    pub body: Result<Vec<u8>, Cut>,
}

/// Why a body is not whole.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Cut {
    #[error("the answer is longer than {0} bytes")]
    TooLong(usize),
    #[error("the answer broke off: {0}")]
    Short(String),
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    /// DNS, TCP connect or TLS failed: not a byte of the request left.
    #[error("{0}")]
    NotConnected(String),
    /// Connected, then a reset or a timeout: the request may have arrived.
    #[error("{0}")]
    Lost(String),
}

impl Http {
    /// Takes `https` anywhere, and plain `http` only to a literal loopback address. The name `localhost` is refused:
    /// it is whatever a resolver says.
    pub fn new(base_url: &str, limits: Limits, clock: Clock) -> Result<Self, NotBase> {
        let base = Url::parse(base_url.trim_end_matches('/')).map_err(|_| NotBase::Unreadable)?;
        let host = base.host_str().ok_or(NotBase::Unreadable)?;
        if base.scheme() != "https" && !(base.scheme() == "http" && is_loopback(host)) {
            return Err(NotBase::NotSecure);
        }
        let has_user = !base.username().is_empty() || base.password().is_some();
        if has_user || base.query().is_some() || base.fragment().is_some() {
            return Err(NotBase::Extras);
        }
        Ok(Self {
            base,
            limits,
            clock,
            carried: Vec::new(),
            client: OnceCell::new(),
        })
    }

    /// With a header on every request that is a secret; its name is in lower case.
    #[must_use]
    pub fn carrying(mut self, name: &'static str, secret: SecretString) -> Self {
        self.carried.push((name, secret));
        self
    }

    /// Sends one request once.
    pub async fn ask(&self, request: Request<'_>) -> Result<Answer, NoAnswer> {
        let client = self.client.get_or_try_init(|| self.build()).await?;
        let url = self.url(request.path)?;
        let mut call = client.request(request.method, url).query(request.query);
        if let Some(json) = request.json {
            let kind = HeaderValue::from_static("application/json");
            call = call.header(CONTENT_TYPE, kind).body(json);
        }
        if let Some(bearer) = request.bearer {
            call = call.bearer_auth(bearer.expose_secret());
        }
        let carried = self.carried.iter().map(|(name, secret)| (*name, secret));
        for (name, secret) in carried.chain(request.headers.iter().copied()) {
            call = call.header(HeaderName::from_static(name), hidden(secret)?);
        }
        match call.send().await {
            Ok(response) => Ok(self.read(response, request.cap).await),
            Err(error) => Err(self.no_answer(&error)),
        }
    }

    fn url(&self, path: &str) -> Result<Url, NoAnswer> {
        let base = self.base.as_str().trim_end_matches('/');
        Url::parse(&format!("{base}{path}"))
            .map_err(|_| NoAnswer::NotConnected(format!("{path} is not a path")))
    }

    async fn build(&self) -> Result<Client, NoAnswer> {
        let is_plain = self.base.scheme() == "http";
        // The library counts the machine's own time.
        let connect = self.clock.real(self.limits.connect);
        let whole = self.clock.real(self.limits.whole);
        let build = move || {
            // Another client of this process may have installed it already; it is the same one.
            let _ = rustls::crypto::ring::default_provider().install_default();
            let builder = Client::builder()
                .user_agent(concat!("frontdesk/", env!("CARGO_PKG_VERSION")))
                .redirect(if trial::bug("redirect-followed") {
                    Policy::default()
                } else {
                    Policy::none()
                })
                .retry(reqwest::retry::never())
                .referer(false)
                .no_proxy()
                .connect_timeout(connect)
                .timeout(whole)
                // A kept-alive connection that the server has just closed fails a create in a way that proves
                // nothing. Every call pays for a connection of its own instead.
                .pool_max_idle_per_host(0);
            if is_plain {
                builder.tls_certs_only(std::iter::empty::<Certificate>())
            } else {
                builder.https_only(true)
            }
            .build()
        };
        let client = if is_plain {
            build().map_err(|error| deepest(&error))
        } else {
            match tokio::task::spawn_blocking(build).await {
                Ok(client) => client.map_err(|error| deepest(&error)),
                Err(error) => Err(error.to_string()),
            }
        };
        client.map_err(|why| NoAnswer::NotConnected(format!("no secure connections here: {why}")))
    }

    async fn read(&self, mut response: reqwest::Response, cap: usize) -> Answer {
        let status = response.status();
        let is_json = response
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .is_some_and(is_json);
        let retry_after = response
            .headers()
            .get(RETRY_AFTER)
            .and_then(|asked| retry_after::seconds(asked.to_str().ok()?, self.clock.now()))
            .filter(|_| !trial::bug("retry-after-ignored"));
        let expected = response.content_length().unwrap_or(0);
        let mut body = Vec::with_capacity(usize::try_from(expected).unwrap_or(cap).min(cap));
        let body = loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() > cap => break Err(Cut::TooLong(cap)),
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => break Ok(body),
                Err(error) => break Err(Cut::Short(self.broken(&error))),
            }
        };
        Answer {
            status,
            is_json,
            retry_after,
            body,
        }
    }

    /// `is_builder` is a request that could not even be written down.
    fn no_answer(&self, error: &reqwest::Error) -> NoAnswer {
        let host = self.base.host_str().unwrap_or_default();
        if error.is_connect() && error.is_timeout() {
            let seconds = self.limits.connect.as_secs();
            NoAnswer::NotConnected(format!("{host} did not answer within {seconds} s"))
        } else if error.is_dns() {
            NoAnswer::NotConnected(format!("the name {host} was not found"))
        } else if error.is_connect() || error.is_builder() {
            NoAnswer::NotConnected(format!("no connection to {host}: {}", deepest(error)))
        } else {
            NoAnswer::Lost(self.broken(error))
        }
    }

    fn broken(&self, error: &reqwest::Error) -> String {
        let host = self.base.host_str().unwrap_or_default();
        if error.is_timeout() {
            let seconds = self.limits.whole.as_secs();
            format!("{host} did not finish within {seconds} s")
        } else {
            tracing::info!(error = deepest(error), "a connection broke");
            format!("the connection to {host} broke before an answer came")
        }
    }
}

/// A header that no log shows.
fn hidden(secret: &SecretString) -> Result<HeaderValue, NoAnswer> {
    let header = HeaderValue::from_str(secret.expose_secret());
    let mut header = header
        .map_err(|_| NoAnswer::NotConnected("a session or key is no header text".to_owned()))?;
    header.set_sensitive(true);
    Ok(header)
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.parse::<IpAddr>()
        .is_ok_and(|address| address.is_loopback())
}

fn is_json(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    let kind = kind.to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

/// The root cause in its own words, without the number the system gives it: it alone never quotes the address with its
/// query.
fn deepest(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    let words = cause.to_string();
    let plain = words.split(" (os error ").next().unwrap_or_default();
    text::vendor_words(plain)
}

#[cfg(test)]
mod tests;
