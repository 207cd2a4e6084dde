//! A caller of a sandbox of its own: signs in, sends literal JSON, and holds the control key.

use std::net::SocketAddr;
use std::path::PathBuf;

use frontdesk::sandbox::{Account, Options, Sandbox};
use reqwest::{Client, Method, Response, redirect};
use serde_json::{Value, json};
use tempfile::TempDir;

/// The vendor's own example (<https://developer.flabslis.com/crm/endpoint/create_lead>).
pub fn example() -> Value {
    json!({"branchID":"6530a4a6f1d2c8b7e9a12345","integratorID":"EXT-LEAD-10231","phase":"lead",
     "first_name":"Rahul","last_name":"Sharma","contact":"9876543210","country_code":"91",
     "email":"rahul@example.com","age":32,"age_type":"year","gender":"male",
     "address":"42 Park Street","pincode":"560001","source":"facebook_ads","priority":"high",
     "tests":[{"test":"6530a4a6f1d2c8b7e9aabcde","cost":350}],
     "packages":[{"package":"6530a4a6f1d2c8b7e9afedcb","price":1499}],
     "unmappedTests":[{"name":"Vitamin D3 (custom name)","cost":800}],
     "unmappedPackages":[{"name":"Bridal Glow Panel","price":2500}],
     "discountAmount":100,"totalAmount":4549})
}

/// The example with some fields replaced; `null` removes one.
pub fn example_with(changes: &Value) -> Value {
    with(example(), changes)
}

/// A body with some fields replaced; `null` removes one.
pub fn with(mut sent: Value, changes: &Value) -> Value {
    let fields = sent.as_object_mut().unwrap();
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            fields.remove(name);
        } else {
            fields.insert(name.clone(), value.clone());
        }
    }
    sent
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
    pub retry_after: Option<u64>,
}

impl Answer {
    pub async fn of(response: Response) -> Self {
        Self {
            status: response.status().as_u16(),
            retry_after: response
                .headers()
                .get("retry-after")
                .map(|value| value.to_str().unwrap().parse().unwrap()),
            body: response.json().await.unwrap_or(Value::Null),
        }
    }

    pub fn text(&self, field: &str) -> String {
        self.body[field].as_str().unwrap().to_owned()
    }

    /// Checks the shape of a refusal and gives its words.
    pub fn refusal(&self) -> &str {
        assert_eq!(self.body["success"], false, "{self:?}");
        assert_eq!(self.body.as_object().unwrap().len(), 2, "{self:?}");
        self.body["message"].as_str().unwrap()
    }
}

/// A sandbox on a free port and a ledger of its own, noon in Kolkata, and one signed-in account.
pub struct Caller {
    pub sandbox: Sandbox,
    pub http: Client,
    pub auth: String,
    pub refresh: String,
    pub ledger: PathBuf,
    folder: Option<TempDir>,
}

pub fn options(ledger: PathBuf) -> Options {
    Options {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        ledger,
        control_key: None,
        rows: None,
    }
}

impl Caller {
    pub async fn start(account: &Account) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = options(folder.path().join("data/ledger.db"));
        Self {
            folder: Some(folder),
            ..Self::start_on(options, account).await
        }
    }

    pub async fn start_on(options: Options, account: &Account) -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let http = Client::builder()
            .no_proxy()
            .redirect(redirect::Policy::none())
            .build()
            .unwrap();
        let ledger = options.ledger.clone();
        let mut caller = Self {
            sandbox: Sandbox::start(options).await.unwrap(),
            http,
            auth: String::new(),
            refresh: String::new(),
            ledger,
            folder: None,
        };
        caller.set_clock("2026-11-21T12:00:00+05:30").await;
        caller.sign_in(account).await;
        caller
    }

    /// Stops this sandbox and starts another on its ledger.
    pub async fn restart(self, account: &Account) -> Self {
        let Self {
            sandbox,
            ledger,
            folder,
            ..
        } = self;
        sandbox.shutdown().await;
        Self {
            folder,
            ..Self::start_on(options(ledger), account).await
        }
    }

    pub async fn sign_in(&mut self, account: &Account) {
        let body = json!({"clientID": account.client_id, "clientSecret": account.client_secret});
        let answer = self.post("/client/auth/token", &body).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.body["expiresIn"], 600);
        self.auth = answer.text("authToken");
        self.refresh = answer.text("refreshToken");
    }

    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let url = format!("{}{path}", self.sandbox.base_url());
        let request = self.http.request(method, url);
        if path.starts_with("/sandbox/") {
            request.header("x-control-key", self.sandbox.control_key())
        } else if path.starts_with("/client/auth/") {
            request
        } else {
            request.bearer_auth(&self.auth)
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::GET, path).send().await.unwrap()).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        let request = self.request(Method::POST, path).json(body);
        Answer::of(request.send().await.unwrap()).await
    }

    pub async fn create(&self, body: &Value) -> Answer {
        self.post("/client/crm/lead/create", body).await
    }

    pub async fn set_clock(&self, moment: &str) {
        let answer = self.post("/sandbox/clock", &json!({"set": moment})).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }

    pub async fn advance(&self, seconds: i64) {
        let body = json!({"advance_seconds": seconds});
        assert_eq!(self.post("/sandbox/clock", &body).await.status, 200);
    }

    pub async fn rows(&self) -> Vec<Value> {
        let answer = self.get("/sandbox/ledger").await;
        answer.body.as_array().unwrap().clone()
    }
}
