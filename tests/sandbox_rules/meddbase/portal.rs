//! A caller of a sandbox of its own: a manager who is logged in, literal JSON, and the control key.

use std::net::SocketAddr;

use frontdesk::sandbox::{Options, Sandbox};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use tempfile::TempDir;

pub const ROOT: &str = "/patientportalapi/";
pub const KEY: &str = "demo-meddbase";
pub const ANONYMOUS_KEY: &str = "demo-meddbase-anon";
pub const PASSWORD: &str = "demo-meddbase-secret";
/// A Monday on which nobody has booked anything.
pub const DAY: &str = "2026-11-23";

/// An answer, read whole.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub kind: String,
    pub cookie: Option<String>,
    pub body: Value,
}

impl Answer {
    async fn of(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let header = |name: &str| {
            let value = response.headers().get(name)?;
            Some(value.to_str().unwrap().to_owned())
        };
        Self {
            status: response.status().as_u16(),
            kind: header("content-type").unwrap_or_default(),
            cookie: header("set-cookie"),
            body: response.json().await.unwrap_or(Value::Null),
        }
    }

    /// Checks that it was accepted, and gives what the envelope holds.
    pub fn result(&self) -> &Value {
        assert_eq!(self.status, 200, "{self:?}");
        assert_eq!(self.body["status"], "ok", "{self:?}");
        assert_eq!(self.kind, "application/json; charset=utf-8");
        &self.body["result"]
    }

    /// Checks the shape of a refusal and gives its status and event code.
    pub fn refusal(&self) -> (u16, u64) {
        assert_eq!(self.body["status"], "error", "{self:?}");
        let error = &self.body["error"];
        assert_eq!(error["HttpStatusCode"], self.status, "{self:?}");
        assert_eq!(error["EventType"], 2);
        (self.status, error["EventCode"].as_u64().unwrap())
    }

    pub fn message(&self) -> &str {
        self.body["error"]["Message"].as_str().unwrap()
    }
}

pub struct Portal {
    pub sandbox: Sandbox,
    pub http: Client,
    pub key: &'static str,
    pub session: Option<String>,
    pub token: Option<String>,
    options: Options,
    _folder: TempDir,
}

impl Portal {
    /// Nobody is logged in; it is nine in the morning in London, on a Saturday.
    pub async fn open() -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let folder = tempfile::tempdir().unwrap();
        let options = Options {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            ledger: folder.path().join("ledger.db"),
            control_key: None,
            rows: None,
        };
        let portal = Self {
            sandbox: Sandbox::start(options.clone()).await.unwrap(),
            http: Client::builder().no_proxy().build().unwrap(),
            key: KEY,
            session: None,
            token: None,
            options,
            _folder: folder,
        };
        portal.set_clock("2026-11-21T09:00:00Z").await;
        portal
    }

    /// As [`Self::open`], and the manager without a second factor is logged in.
    pub async fn start() -> Self {
        let mut portal = Self::open().await;
        portal.log_in().await;
        portal
    }

    /// Without a login, with the client key of the charge bands.
    pub async fn anonymous() -> Self {
        Self {
            key: ANONYMOUS_KEY,
            ..Self::open().await
        }
    }

    pub async fn log_in(&mut self) {
        let body = json!({"username": "night@example.com", "password": PASSWORD});
        let answer = self.post("auth/login?is-oh=true", &body).await;
        self.adopt(&answer);
    }

    /// Goes on with the session and token of an answer.
    pub fn adopt(&mut self, answer: &Answer) {
        let result = answer.result();
        self.session = Some(result["SessionID"].as_str().unwrap().to_owned());
        self.token = Some(result["Token"].as_str().unwrap().to_owned());
    }

    /// Stops this sandbox and starts another on its ledger, at the same moment.
    pub async fn restart(self) -> Self {
        let now = self.get_control("clock").await;
        self.sandbox.shutdown().await;
        let portal = Self {
            sandbox: Sandbox::start(self.options.clone()).await.unwrap(),
            ..self
        };
        portal.set_clock(now["now"].as_str().unwrap()).await;
        portal
    }

    /// Another sandbox on the same ledger.
    pub async fn beside(&self) -> Sandbox {
        Sandbox::start(self.options.clone()).await.unwrap()
    }

    /// A request with client key, session and token; `path` as behind the root.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let joint = if path.contains('?') { '&' } else { '?' };
        let url = format!(
            "{}{ROOT}{path}{joint}client-key={}",
            self.sandbox.base_url(),
            self.key
        );
        let mut request = self.http.request(method, url);
        if let Some(session) = &self.session {
            request = request.header("x-session-id", session);
        }
        if let Some(token) = &self.token {
            request = request.header("x-token", token);
        }
        request
    }

    pub async fn get(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        Answer::of(self.request(Method::POST, path).json(body)).await
    }

    /// A request of which nothing is said by itself.
    pub async fn raw(&self, change: impl FnOnce(&Client, String) -> RequestBuilder) -> Answer {
        let root = format!("{}{ROOT}", self.sandbox.base_url());
        Answer::of(change(&self.http, root)).await
    }

    /// The key of a patient, by email.
    pub async fn patient(&self, email: &str) -> String {
        let answer = self
            .get(&format!("patients/patient?personal-email={email}"))
            .await;
        answer.result()["Key"].as_str().unwrap().to_owned()
    }

    /// Books a consultation with Dr. Grant or Dr. Hart in London for John Lemon at this wall-clock time.
    pub async fn book(&self, start: &str) -> Answer {
        let patient = self.patient("john.lemon@example.com").await;
        let path = format!("appointment/book-time-slot?patient={patient}");
        self.post(&path, &json!({"proposedTimeSlot": slot(start)}))
            .await
    }

    /// The start times of a search for consultations in London on one day.
    pub async fn starts(&self, filters: &str) -> Vec<String> {
        let answer = self
            .get(&format!(
                "appointment/proposed-time-slots?appointment-type=CN&payer-type=EMP-DEMO&site=1123\
                 &from-date={DAY}T00:00:00&to-date=2026-11-24T00:00:00&{filters}"
            ))
            .await;
        starts(answer.result())
    }

    pub async fn choose(&self, choices: &Value) {
        let sent = json!({"meddbase": choices});
        assert_eq!(
            self.control(Method::POST, "settings", Some(sent)).await.0,
            200
        );
    }

    pub async fn set_clock(&self, moment: &str) {
        let sent = json!({"set": moment});
        assert_eq!(self.control(Method::POST, "clock", Some(sent)).await.0, 200);
    }

    pub async fn advance(&self, seconds: i64) {
        let sent = json!({"advance_seconds": seconds});
        assert_eq!(self.control(Method::POST, "clock", Some(sent)).await.0, 200);
    }

    pub async fn arm(&self, call: &str, fault: &Value) {
        let sent = json!({"call": call, "times": 1, "fault": fault});
        assert_eq!(
            self.control(Method::POST, "faults", Some(sent)).await.0,
            200
        );
    }

    /// How often the armed faults have fired.
    pub async fn fired(&self) -> u64 {
        let rules = self.get_control("faults").await;
        let rules = rules.as_array().unwrap().iter();
        rules.map(|rule| rule["fired"].as_u64().unwrap()).sum()
    }

    pub async fn rows(&self) -> Vec<Value> {
        self.get_control("ledger").await.as_array().unwrap().clone()
    }

    pub async fn get_control(&self, what: &str) -> Value {
        self.control(Method::GET, what, None).await.1
    }

    async fn control(&self, method: Method, what: &str, body: Option<Value>) -> (u16, Value) {
        let url = format!("{}/sandbox/{what}", self.sandbox.base_url());
        let mut request = self.http.request(method, url);
        request = request.header("x-control-key", self.sandbox.control_key());
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }
}

/// A consultation in London as a slot that is to be booked.
pub fn slot(start: &str) -> Value {
    json!({"Type": {"Key": "CN"}, "Site": {"Key": 1123}, "Location": {"Key": 214}, "Start": start,
        "PayerType": "PA", "Modules": [], "Services": []})
}

pub fn starts(slots: &Value) -> Vec<String> {
    let slots = slots["TimeSlots"].as_array().unwrap().iter();
    slots
        .map(|slot| slot["Start"].as_str().unwrap().to_owned())
        .collect()
}
