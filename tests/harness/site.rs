//! A desk and its vendor for one scene: a home, a sandbox process, the way between them, and a clock they share.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Handle;

use crate::program::{Ended, PATIENCE, Running};
use crate::proxy::{Proxy, Trap};
use crate::trades::Trade;

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_frontdesk");
pub const PROFILE: &str = "training";

/// How a PNG begins, in the one file of a home.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n and more";

/// A clock that every process of a scene shows.
#[derive(Clone, Copy, Debug)]
pub struct Time {
    start: DateTime<Utc>,
    since: DateTime<Utc>,
    pub speed: f64,
}

impl Time {
    /// It is `start` now, and every second counts `speed` times.
    pub fn from(start: &str, speed: f64) -> Self {
        Self {
            start: start.parse().unwrap(),
            since: Utc::now(),
            speed,
        }
    }

    /// The morning of a day on which nothing happens.
    pub fn morning(speed: f64) -> Self {
        Self::from("2026-11-23T10:00:00+05:30", speed)
    }

    /// So many seconds of this clock, as the machine counts them.
    pub fn real(&self, seconds: f64) -> Duration {
        Duration::from_secs_f64(seconds / self.speed)
    }
}

impl std::fmt::Display for Time {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = |moment: DateTime<Utc>| moment.to_rfc3339_opts(SecondsFormat::Micros, true);
        write!(
            f,
            "clock={}@{}*{}",
            text(self.start),
            text(self.since),
            self.speed
        )
    }
}

pub struct Site {
    home: TempDir,
    pub time: Time,
    pub trade: &'static Trade,
    sandbox: Child,
    control: (SocketAddr, String),
    pub proxy: Proxy,
    pub trap: Trap,
    runtime: Handle,
    http: Client,
    /// The known mistake that is brought back in this scene.
    bug: Option<&'static str>,
}

impl Site {
    pub fn open(
        time: Time,
        trade: &'static Trade,
        runtime: &Handle,
        bug: Option<&'static str>,
    ) -> Self {
        let home = home();
        let ledger = home.path().join("ledger/ledger.sqlite");
        let mut command = bare(home.path());
        command
            .args(["sandbox", "--ledger"])
            .arg(&ledger)
            .env("FRONTDESK_TRIAL", time.to_string())
            .stdout(Stdio::piped());
        let mut sandbox = command.spawn().unwrap();
        let mut address = None;
        let mut key = None;
        for line in BufReader::new(sandbox.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            if let Some(url) = line.strip_prefix("address") {
                address = url.trim().strip_prefix("http://").map(str::to_owned);
            }
            if let Some(text) = line.strip_prefix("control key") {
                key = Some(text.trim().to_owned());
                break;
            }
        }
        let address: SocketAddr = address.unwrap().parse().unwrap();
        let proxy = Proxy::before(address, runtime);
        let site = Self {
            time,
            trade,
            sandbox,
            control: (address, key.unwrap()),
            trap: Trap::set(runtime),
            runtime: runtime.clone(),
            http: Client::builder().no_proxy().build().unwrap(),
            proxy,
            home,
            bug,
        };
        site.configure();
        if let Some(settings) = trade.settings {
            let settings = serde_json::from_str(settings).unwrap();
            site.control(Method::POST, "settings", Some(settings));
        }
        site
    }

    fn configure(&self) {
        let folder = self.home.path().join("config/frontdesk");
        std::fs::create_dir_all(&folder).unwrap();
        let config = format!(
            "profile = \"{PROFILE}\"\n[profiles.{PROFILE}]\nbase-url = \"http://{}\"\n\
             client-secret = {{ env = \"LAB_SECRET\" }}\ntake-back-seconds = 0\n{}",
            self.proxy.address, self.trade.profile
        );
        std::fs::write(folder.join("config.toml"), config).unwrap();
        std::fs::write(self.home.path().join("id.png"), PICTURE).unwrap();
    }

    pub fn home(&self) -> &Path {
        self.home.path()
    }

    pub fn store(&self) -> PathBuf {
        self.home.path().join("data/frontdesk/frontdesk.sqlite")
    }

    /// What the trial of a process did is told here, a line each.
    fn told(&self) -> PathBuf {
        self.home.path().join("told")
    }

    /// The value of the variable that a process of this scene reads.
    pub fn trial(&self, asked: &str) -> String {
        let told = self.told();
        let bug = self.bug.map(|bug| format!("bug={bug}")).unwrap_or_default();
        format!("{} tell={} {bug} {asked}", self.time, told.display())
    }

    /// Starts the program with these arguments. `trial` is what befalls it.
    pub fn start(&self, arguments: &[&str], input: &[u8], trial: &str) -> Running {
        let mut command = bare(self.home.path());
        command
            .args(arguments)
            .env("LAB_SECRET", self.trade.secret)
            .env("FRONTDESK_TRIAL", self.trial(trial));
        Running::start(command, input, self.home.path())
    }

    pub fn run(&self, arguments: &[&str], input: &[u8], trial: &str) -> Ended {
        self.start(arguments, input, trial).ended(self.patience())
    }

    /// How long a run may take before it counts as hung; a mistake that is known to hang is not waited for long.
    pub fn patience(&self) -> Duration {
        match self.bug {
            Some(_) => PATIENCE / 9,
            None => PATIENCE,
        }
    }

    /// How often the trials of this scene did a thing.
    pub fn befell(&self, word: &str) -> u64 {
        let told = std::fs::read_to_string(self.told()).unwrap_or_default();
        told.lines().filter(|line| *line == word).count() as u64
    }

    /// Arms a fault on the next `times` calls.
    pub fn arm(&self, call: &str, times: u64, skip: u64, fault: &Value) {
        let rule = json!({"call": call, "times": times, "skip": skip, "fault": fault});
        self.control(Method::POST, "faults", Some(rule));
    }

    /// How often the armed faults fired, by kind; disarms them.
    pub fn disarm(&self) -> Vec<(String, u64)> {
        let rules = self.control(Method::GET, "faults", None);
        let fired = rules.as_array().unwrap().iter().map(|rule| {
            let fault = &rule["fault"];
            let mut kind = format!("vendor {}", fault["kind"].as_str().unwrap());
            if let Some(status) = fault["status"].as_u64() {
                kind = format!("{kind} {status}");
            }
            if fault["applied"] == true {
                kind.push_str(", applied");
            }
            (kind, rule["fired"].as_u64().unwrap())
        });
        let fired = fired.collect();
        self.control(Method::DELETE, "faults", None);
        fired
    }

    /// Moves the vendor's clock alone.
    pub fn advance(&self, seconds: i64) {
        let sent = json!({"advance_seconds": seconds});
        self.control(Method::POST, "clock", Some(sent));
    }

    /// Every create that was received, oldest first.
    pub fn ledger(&self) -> Vec<Value> {
        let rows = self.control(Method::GET, "ledger", None);
        rows.as_array().unwrap().clone()
    }

    fn control(&self, method: Method, what: &str, body: Option<Value>) -> Value {
        let url = format!("http://{}/sandbox/{what}", self.control.0);
        let mut request = self
            .http
            .request(method, url)
            .header("x-control-key", &self.control.1);
        if let Some(body) = body {
            request = request.json(&body);
        }
        self.runtime.block_on(async {
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status(), 200);
            answer.json().await.unwrap()
        })
    }

    pub fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        drop(self.sandbox.kill());
        drop(self.sandbox.wait());
    }
}

/// In memory where the machine has a place for that: a kill does not ask what the disk had synced.
fn home() -> TempDir {
    let shared = Path::new("/dev/shm");
    tempfile::tempdir_in(shared)
        .or_else(|_| tempfile::tempdir())
        .unwrap()
}

/// The program without this process's environment, at home in `home`.
fn bare(home: &Path) -> Command {
    let mut command = Command::new(PROGRAM);
    command.env_clear().current_dir(home).env("HOME", home);
    for (name, folder) in [
        ("XDG_CONFIG_HOME", "config"),
        ("XDG_DATA_HOME", "data"),
        ("XDG_STATE_HOME", "state"),
    ] {
        command.env(name, home.join(folder));
    }
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command
}
