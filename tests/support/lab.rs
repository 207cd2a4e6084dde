//! The vendor's side of a story: a real sandbox on a free port, in a runtime of its own, and the trainer who spoils it.
//!
//! Its clock and its threads are apart from those of the story, so that a story may stop its own time.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Mutex, mpsc};
use std::time::{Duration, Instant};

use chrono::{Timelike, Utc};
use chrono_tz::Tz;
use frontdesk::sandbox::{Options, Sandbox};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// How long a story waits for what must come; far longer than it takes.
pub const DEADLINE: Duration = Duration::from_secs(60);

pub struct Lab {
    runtime: Option<Runtime>,
    sandbox: Option<Sandbox>,
    options: Options,
    /// Those that were set last; a sandbox forgets them when it ends.
    settings: Mutex<Value>,
    http: Client,
    folder: TempDir,
}

impl Lab {
    pub fn open() -> Self {
        Self::with_rows(None)
    }

    /// A lab whose catalogue is filled up to so many tests.
    pub fn with_rows(rows: Option<usize>) -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let folder = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let mut lab = Self {
            runtime: Some(runtime),
            sandbox: None,
            options: Options {
                listen: SocketAddr::from(([127, 0, 0, 1], 0)),
                ledger: folder.path().join("lab/ledger.sqlite"),
                control_key: Some("the trainer's".to_owned()),
                rows,
            },
            settings: Mutex::new(json!({})),
            http: Client::builder().no_proxy().build().unwrap(),
            folder,
        };
        lab.reopen();
        lab
    }

    /// Opens again after [`Lab::close`], at the same address, on the same ledger and with the same settings; armed faults
    /// are gone.
    pub fn reopen(&mut self) {
        let options = self.options.clone();
        let sandbox = self.run(async move { Sandbox::start(options).await.unwrap() });
        self.options.listen = sandbox.address();
        self.sandbox = Some(sandbox);
        let settings = self.settings.lock().unwrap().clone();
        self.control(Method::POST, "settings", Some(settings));
    }

    /// Nobody answers at the address any more.
    pub fn close(&mut self) {
        let sandbox = self.sandbox.take().unwrap();
        self.run(sandbox.shutdown());
    }

    pub fn base_url(&self) -> String {
        format!("http://{}", self.options.listen)
    }

    /// A folder that goes with the lab.
    pub fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// Arms a fault for the next `times` such calls; for all of them without a number.
    pub fn arm(&self, call: &str, times: Option<u64>, fault: &Value) {
        let mut rule = json!({"call": call, "fault": fault});
        if let Some(times) = times {
            rule["times"] = json!(times);
        }
        self.control(Method::POST, "faults", Some(rule));
    }

    pub fn disarm(&self) {
        self.control(Method::DELETE, "faults", None);
    }

    /// How often each armed fault has fired, in the order in which they were armed.
    pub fn fired(&self) -> Vec<u64> {
        let rules = self.control(Method::GET, "faults", None);
        let rules = rules.as_array().unwrap().iter();
        rules.map(|rule| rule["fired"].as_u64().unwrap()).collect()
    }

    /// Waits until every armed fault has fired.
    pub fn wait_until_fired(&self) {
        self.wait("every fault fires", |lab| {
            let fired = lab.fired();
            !fired.is_empty() && !fired.contains(&0)
        });
    }

    /// Every create that was received, oldest first.
    pub fn ledger(&self) -> Vec<Value> {
        let rows = self.control(Method::GET, "ledger", None);
        rows.as_array().unwrap().clone()
    }

    /// The creates that had an effect.
    pub fn applied(&self) -> Vec<Value> {
        let rows = self.ledger().into_iter();
        rows.filter(|row| row["applied"] == true).collect()
    }

    pub fn wait(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        let until = Instant::now() + DEADLINE;
        while !holds(self) {
            assert!(Instant::now() < until, "{what}: it did not come to that");
            std::thread::yield_now();
        }
    }

    /// Moves the lab's clock forward.
    pub fn advance(&self, seconds: i64) {
        let sent = json!({"advance_seconds": seconds});
        self.control(Method::POST, "clock", Some(sent));
    }

    pub fn set_clock(&self, moment: &str) {
        self.control(Method::POST, "clock", Some(json!({"set": moment})));
    }

    /// Sets some of the lab's settings, also what contracts leave open; those not named go back to their defaults.
    pub fn set(&self, settings: &Value) {
        self.control(Method::POST, "settings", Some(settings.clone()));
        self.settings.lock().unwrap().clone_from(settings);
    }

    /// Lets the lab's day be that of `zone`.
    pub fn move_to(&self, zone: Tz) {
        let mut settings = self.control(Method::GET, "settings", None);
        settings["zone"] = json!(zone.name());
        self.set(&settings);
    }

    fn control(&self, method: Method, what: &str, body: Option<Value>) -> Value {
        let url = format!("{}/sandbox/{what}", self.base_url());
        let mut request = self.http.request(method, url);
        request = request.header("x-control-key", "the trainer's");
        if let Some(body) = body {
            request = request.json(&body);
        }
        self.run(async move {
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status(), 200);
            answer.json().await.unwrap()
        })
    }

    /// Runs in the lab's own runtime; from wherever it is called.
    fn run<T: Send + 'static>(&self, work: impl Future<Output = T> + Send + 'static) -> T {
        let (done, result) = mpsc::channel();
        let work = async move { drop(done.send(work.await)) };
        self.runtime.as_ref().unwrap().spawn(work);
        result.recv_timeout(DEADLINE).unwrap()
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        drop(self.sandbox.take());
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// A zone where it is about noon: a story that lasts a minute never meets midnight there.
pub fn zone_at_noon() -> Tz {
    let hours = 12 - i64::from(Utc::now().hour());
    // The names of these zones count westwards.
    format!("Etc/GMT{:+}", -hours).parse().unwrap()
}
