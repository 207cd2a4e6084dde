//! Notices what other processes do to the store, without asking again and again: each writes a sign into its own lock
//! after a commit, and the kernel tells of that, and of the closing of a lock whose process has gone.
//!
//! The write-ahead log is not watched: it is written, and synced, before anybody can read what was committed.

use std::io;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rustix::fs::inotify::{self, CreateFlags, ReadFlags, Reader, WatchFlags};
use rustix::io::Errno;
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::sync::{Mutex, watch};

use super::presence::{self, Presence};

/// Room for many events of one read; more of them are read next.
const ROOM: usize = 4096;

/// How long a process may take to go after it closed its lock: the kernel tells of the closing first.
const GOING: Duration = Duration::from_secs(1);

/// What one listener has heard of. A clone hears for itself, from what its original had heard on.
pub(super) struct Elsewhere {
    source: Arc<Source>,
    heard: AtomicU64,
}

/// What all listeners of this process share: whoever waits reads the kernel's word, and passes it on to all.
struct Source {
    kernel: Option<Mutex<Kernel>>,
    /// How many times something happened.
    told: watch::Sender<u64>,
    presence: Arc<Presence>,
}

struct Kernel {
    events: AsyncFd<OwnedFd>,
    /// The lock of this very process: what it commits itself is no news to it.
    own: String,
}

/// What the kernel told in one reading.
#[derive(Default)]
struct News {
    is_written: bool,
    closed: Vec<String>,
}

impl Clone for Elsewhere {
    fn clone(&self) -> Self {
        Self {
            source: Arc::clone(&self.source),
            heard: AtomicU64::new(self.heard.load(Ordering::Relaxed)),
        }
    }
}

impl Elsewhere {
    /// Listens from now on. Where the kernel gives no word there is nothing to wait for: what others do is then seen
    /// when the store is next asked.
    pub(super) fn watch(folder: &Path, presence: Arc<Presence>) -> Self {
        let (told, _) = watch::channel(0);
        Self {
            source: Arc::new(Source {
                kernel: Kernel::watch(folder, &presence.console)
                    .ok()
                    .map(Mutex::new),
                told,
                presence,
            }),
            heard: AtomicU64::new(0),
        }
    }

    /// Returns when another process wrote anything since it last returned, or has gone.
    pub(super) async fn happened(&self) {
        let mut told = self.source.told.subscribe();
        loop {
            let times = *told.borrow_and_update();
            if self.heard.swap(times, Ordering::Relaxed) != times {
                return;
            }
            // Another listener may be the one that reads; when it gives up, this one goes on reading.
            tokio::select! {
                _ = told.changed() => {}
                () = self.source.listen() => {}
            }
        }
    }
}

impl Source {
    /// Returns after it has told that something happened.
    async fn listen(&self) {
        let Some(kernel) = &self.kernel else {
            return std::future::pending().await;
        };
        let kernel = kernel.lock().await;
        loop {
            let Ok(news) = kernel.read().await else {
                return std::future::pending().await;
            };
            // Told before anything is awaited: a listener that is dropped meanwhile takes nothing with it.
            if news.is_written {
                self.tell();
            }
            if !news.closed.is_empty() {
                self.tell_when_gone(news.closed);
            }
            if news.is_written {
                return;
            }
        }
    }

    fn tell(&self) {
        self.told.send_modify(|times| *times += 1);
    }

    /// The lock of a process is closed a moment before it is free.
    fn tell_when_gone(&self, consoles: Vec<String>) {
        let (told, presence) = (self.told.clone(), Arc::clone(&self.presence));
        tokio::task::spawn_blocking(move || {
            let began = std::time::Instant::now();
            let is_any_there = || consoles.iter().any(|console| presence.is_there(console));
            while is_any_there() && began.elapsed() < GOING {
                std::thread::sleep(Duration::from_millis(1));
            }
            told.send_modify(|times| *times += 1);
        });
    }
}

impl Kernel {
    #[expect(
        deprecated,
        reason = "the replacement needs unsafe code, which this house forbids"
    )]
    fn watch(folder: &Path, own: &str) -> io::Result<Self> {
        let events = inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK)?;
        let locks = folder.join(presence::FOLDER);
        inotify::add_watch(&events, locks, WatchFlags::MODIFY | WatchFlags::CLOSE_WRITE)?;
        Ok(Self {
            events: AsyncFd::with_interest(events, Interest::READABLE)?,
            own: own.to_owned(),
        })
    }

    /// Everything that the kernel has to tell, as soon as there is anything.
    async fn read(&self) -> io::Result<News> {
        loop {
            let mut ready = self.events.readable().await?;
            match ready.try_io(|events| Self::drain(events.get_ref(), &self.own)) {
                Ok(news) => return news,
                Err(_nothing_yet) => {}
            }
        }
    }

    fn drain(events: &OwnedFd, own: &str) -> io::Result<News> {
        let mut room = [MaybeUninit::uninit(); ROOM];
        let mut reader = Reader::new(events, &mut room);
        let mut news = News::default();
        let mut is_empty = true;
        loop {
            match reader.next() {
                Ok(event) => {
                    is_empty = false;
                    note(&event, own, &mut news);
                }
                Err(Errno::AGAIN) if !is_empty => return Ok(news),
                Err(error) => return Err(error.into()),
            }
        }
    }
}

fn note(event: &inotify::Event<'_>, own: &str, news: &mut News) {
    let Some(name) = event.file_name() else {
        // More than the kernel could keep: anything may have happened.
        news.is_written |= event.events().contains(ReadFlags::QUEUE_OVERFLOW);
        return;
    };
    if name.to_bytes() == own.as_bytes() {
        return;
    }
    if event.events().contains(ReadFlags::CLOSE_WRITE) {
        news.closed.extend(name.to_str().ok().map(str::to_owned));
    }
    news.is_written |= event.events().contains(ReadFlags::MODIFY);
}
