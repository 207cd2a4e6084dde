//! The way between program and vendor, which may break after any byte.
//!
//! It takes a request whole, so that a cut is the same cut on every machine, and passes on as much of it, and of the
//! answer, as the plan says. Must not know what the calls mean beyond their path and status.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Handle;
use tokio::time::{sleep, timeout};

use crate::program::Victim;

pub const CREATE: &str = "/client/crm/lead/create";

/// How long a silent connection is kept: far longer than any caller waits.
const SILENCE: Duration = Duration::from_secs(30);

/// What breaks, once.
#[derive(Clone, Copy, Debug)]
pub struct Break {
    /// Calls whose path begins so.
    pub path: &'static str,
    pub side: Side,
    /// Which part of the bytes of that side still passes: 0.0 none, 1.0 all.
    pub part: f64,
    pub how: How,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Request,
    Answer,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// The connection is closed in good order.
    Close,
    /// It is reset.
    Reset,
    /// Nothing more comes.
    Silence,
    /// Everything passes, a few bytes at a time.
    Drip,
    /// The program is killed.
    Kill,
}

/// A create as it passed.
#[derive(Clone, Copy, Debug)]
pub struct Passed {
    pub arrived: Instant,
    pub answered: Option<Instant>,
    pub status: Option<u16>,
    pub retry_after: Option<u32>,
}

/// A call that the program made, whether or not it was passed on.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Path and query.
    pub target: String,
    /// Of the answer, where there was one.
    pub status: Option<u16>,
}

#[derive(Default)]
struct Shared {
    asked: Mutex<Vec<Asked>>,
    plan: Mutex<VecDeque<Break>>,
    fired: Mutex<BTreeMap<String, u64>>,
    creates: Mutex<Vec<Passed>>,
    refusals: AtomicU64,
    victim: Mutex<Option<Victim>>,
    is_shut: AtomicBool,
}

pub struct Proxy {
    pub address: SocketAddr,
    shared: Arc<Shared>,
    work: tokio::task::JoinHandle<()>,
}

impl Proxy {
    pub fn before(vendor: SocketAddr, runtime: &Handle) -> Self {
        let listener = runtime
            .block_on(TcpListener::bind(("127.0.0.1", 0)))
            .unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared::default());
        let work = runtime.spawn(accept(listener, vendor, Arc::clone(&shared)));
        Self {
            address,
            shared,
            work,
        }
    }

    pub fn plan(&self, breaks: impl IntoIterator<Item = Break>) {
        self.shared.plan.lock().unwrap().extend(breaks);
    }

    /// Forgets what has not happened yet.
    pub fn heal(&self) {
        self.shared.plan.lock().unwrap().clear();
        self.shared.is_shut.store(false, Ordering::Release);
    }

    /// Every connection is reset as soon as it is made.
    pub fn shut(&self) {
        self.shared.is_shut.store(true, Ordering::Release);
    }

    /// Whom a [`How::Kill`] meets.
    pub fn aim(&self, victim: Victim) {
        *self.shared.victim.lock().unwrap() = Some(victim);
    }

    /// Breaks that really happened, by kind.
    pub fn fired(&self) -> BTreeMap<String, u64> {
        self.shared.fired.lock().unwrap().clone()
    }

    pub fn creates(&self) -> Vec<Passed> {
        self.shared.creates.lock().unwrap().clone()
    }

    /// Every call, oldest first.
    pub fn asked(&self) -> Vec<Asked> {
        self.shared.asked.lock().unwrap().clone()
    }

    /// Answers with 429 that the vendor itself gave.
    pub fn refusals(&self) -> u64 {
        self.shared.refusals.load(Ordering::Acquire)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.work.abort();
    }
}

async fn accept(listener: TcpListener, vendor: SocketAddr, shared: Arc<Shared>) {
    loop {
        let Ok((client, _)) = listener.accept().await else {
            sleep(Duration::from_millis(5)).await;
            continue;
        };
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            // A connection that broke is what this is for.
            let _ = pass(client, vendor, &shared).await;
        });
    }
}

async fn pass(mut client: TcpStream, vendor: SocketAddr, shared: &Shared) -> io::Result<()> {
    client.set_nodelay(true)?;
    if shared.is_shut.load(Ordering::Acquire) {
        shared.fire("shut".to_owned());
        return client.set_zero_linger();
    }
    let request = whole(&mut client).await?;
    let arrived = Instant::now();
    let path = path(&request).to_owned();
    let number = shared.arrived(&path);
    let due = shared.due(&path);
    let mut server = TcpStream::connect(vendor).await?;
    server.set_nodelay(true)?;
    match due {
        Some(due) if due.side == Side::Request && due.how != How::Drip => {
            let count = part(request.len(), due.part);
            server.write_all(&request[..count]).await?;
            shared.break_off(due, &mut client, &mut server).await
        }
        Some(due) => {
            server.write_all(&request).await?;
            let answer = whole(&mut server).await?;
            shared.passed(number, arrived, &answer);
            if due.how == How::Drip {
                shared.fire("drip".to_owned());
                for bytes in answer.chunks(16) {
                    client.write_all(bytes).await?;
                    sleep(Duration::from_millis(1)).await;
                }
                return Ok(());
            }
            client
                .write_all(&answer[..part(answer.len(), due.part)])
                .await?;
            shared.break_off(due, &mut client, &mut server).await
        }
        None => {
            server.write_all(&request).await?;
            let mut first = vec![0; 16 * 1024];
            let count = server.read(&mut first).await?;
            shared.passed(number, arrived, &first[..count]);
            client.write_all(&first[..count]).await?;
            if count > 0 {
                copy_bidirectional(&mut client, &mut server).await?;
            }
            Ok(())
        }
    }
}

impl Shared {
    fn due(&self, path: &str) -> Option<Break> {
        let mut plan = self.plan.lock().unwrap();
        let at = plan.iter().position(|due| path.starts_with(due.path))?;
        plan.remove(at)
    }

    fn fire(&self, kind: String) {
        *self.fired.lock().unwrap().entry(kind).or_default() += 1;
    }

    /// Its place among the calls.
    fn arrived(&self, target: &str) -> usize {
        let mut asked = self.asked.lock().unwrap();
        asked.push(Asked {
            target: target.to_owned(),
            status: None,
        });
        asked.len() - 1
    }

    fn passed(&self, number: usize, arrived: Instant, answer: &[u8]) {
        let head = String::from_utf8_lossy(&answer[..answer.len().min(2_048)]).to_lowercase();
        let status = head.get(9..12).and_then(|digits| digits.parse().ok());
        let retry_after = head
            .lines()
            .find_map(|line| line.strip_prefix("retry-after:"))
            .and_then(|value| value.trim().parse().ok());
        // A 429 of a fault has words of its own.
        if status == Some(429) && head.contains("60 a minute are allowed") {
            self.refusals.fetch_add(1, Ordering::AcqRel);
        }
        let is_create = {
            let asked = &mut self.asked.lock().unwrap()[number];
            asked.status = status;
            asked.target.starts_with(CREATE)
        };
        if is_create {
            self.creates.lock().unwrap().push(Passed {
                arrived,
                answered: Some(Instant::now()),
                status,
                retry_after,
            });
        }
    }

    async fn break_off(
        &self,
        due: Break,
        client: &mut TcpStream,
        server: &mut TcpStream,
    ) -> io::Result<()> {
        let side = match due.side {
            Side::Request => "request",
            Side::Answer => "answer",
        };
        match due.how {
            How::Close | How::Drip => {
                self.fire(format!("cut {side}, closed"));
                client.shutdown().await
            }
            How::Reset => {
                self.fire(format!("cut {side}, reset"));
                client.set_zero_linger()?;
                server.set_zero_linger()
            }
            How::Silence => {
                self.fire(format!("cut {side}, silent"));
                // Until the caller has had enough.
                let mut byte = [0; 64];
                let _ = timeout(SILENCE, client.read(&mut byte)).await;
                Ok(())
            }
            How::Kill => {
                if let Some(victim) = &*self.victim.lock().unwrap() {
                    victim.kill();
                }
                Ok(())
            }
        }
    }
}

fn part(whole: usize, part: f64) -> usize {
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a few hundred bytes"
    )]
    let count = (part * (whole + 1) as f64) as usize;
    count.min(whole)
}

fn path(request: &[u8]) -> &str {
    let line = request.split(|byte| *byte == b'\r').next().unwrap_or(&[]);
    let line = std::str::from_utf8(line).unwrap_or_default();
    line.split(' ').nth(1).unwrap_or_default()
}

/// One message: its head, and as much body as it announces.
async fn whole(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut message = Vec::new();
    loop {
        if let Some(head) = message.windows(4).position(|four| four == b"\r\n\r\n") {
            let announced = announced(&message[..head]);
            if message.len() >= head + 4 + announced {
                return Ok(message);
            }
        }
        if stream.read_buf(&mut message).await? == 0 {
            return if message.is_empty() {
                Err(io::ErrorKind::UnexpectedEof.into())
            } else {
                Ok(message)
            };
        }
    }
}

fn announced(head: &[u8]) -> usize {
    let head = String::from_utf8_lossy(head).to_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"));
    length
        .and_then(|length| length.trim().parse().ok())
        .unwrap_or_default()
}

/// An address that nobody may ever call.
pub struct Trap {
    pub address: SocketAddr,
    calls: Arc<AtomicU64>,
    work: tokio::task::JoinHandle<()>,
}

impl Trap {
    pub fn set(runtime: &Handle) -> Self {
        let listener = runtime
            .block_on(TcpListener::bind(("127.0.0.1", 0)))
            .unwrap();
        let address = listener.local_addr().unwrap();
        let calls = Arc::<AtomicU64>::default();
        let counted = Arc::clone(&calls);
        let work = runtime.spawn(async move {
            while let Ok((mut caller, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::AcqRel);
                let answer = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 68\r\n\r\n\
                    {\"success\":true,\"leadId\":\"6530a4a6f1d2c8b7e9a54321\",\"phase\":\"lead\"}  ";
                let _ = caller.write_all(answer.as_bytes()).await;
            }
        });
        Self {
            address,
            calls,
            work,
        }
    }

    pub fn calls(&self) -> u64 {
        self.calls.load(Ordering::Acquire)
    }
}

impl Drop for Trap {
    fn drop(&mut self) {
        self.work.abort();
    }
}
