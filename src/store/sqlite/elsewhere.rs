//! Notices what other processes do to the store, without asking again and again: the kernel tells when somebody wrote
//! to the file beside it, and when the lock of a process that has gone was closed.

use std::ffi::OsStr;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::fs::inotify::{self, CreateFlags, WatchFlags};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

use super::presence;

/// Room for many events of one read; more of them stay for the next.
const ROOM: usize = 4096;

/// The kernel's word on what changed. Where it gives none there is nothing to wait for: what others do is then seen
/// when the store is next asked.
pub(super) struct Elsewhere {
    events: Option<AsyncFd<OwnedFd>>,
}

impl Elsewhere {
    pub(super) fn watch(path: &Path, folder: &Path) -> Self {
        Self {
            events: start(path, folder).ok(),
        }
    }

    /// Returns when anything was written since the last time, by this process or another, or when a process has gone.
    pub(super) async fn happened(&mut self) {
        let Some(events) = &self.events else {
            return std::future::pending().await;
        };
        loop {
            let Ok(mut ready) = events.readable().await else {
                return std::future::pending().await;
            };
            let mut room = [0_u8; ROOM];
            match ready.try_io(|fd| Ok(rustix::io::read(fd, &mut room)?)) {
                Ok(Ok(_)) => return,
                Ok(Err(_)) => return std::future::pending().await,
                Err(_would_block) => {}
            }
        }
    }
}

#[expect(
    deprecated,
    reason = "the replacement needs unsafe code, which this house forbids"
)]
fn start(path: &Path, folder: &Path) -> std::io::Result<AsyncFd<OwnedFd>> {
    let events = inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK)?;
    let mut log = path.as_os_str().as_bytes().to_vec();
    log.extend_from_slice(b"-wal");
    inotify::add_watch(
        &events,
        PathBuf::from(OsStr::from_bytes(&log)),
        WatchFlags::MODIFY,
    )?;
    inotify::add_watch(
        &events,
        folder.join(presence::FOLDER),
        WatchFlags::CLOSE_WRITE,
    )?;
    AsyncFd::with_interest(events, Interest::READABLE)
}
