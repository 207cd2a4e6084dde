//! The real program as a process: started, watched, killed, read.

use std::cell::OnceCell;
use std::fs::File;
use std::io::Write;
use std::os::fd::OwnedFd;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

/// How long a run may take before it counts as hung: many times what it takes.
pub const PATIENCE: Duration = Duration::from_secs(90);

/// How the files end in which the program's words stay.
pub const SAID: &str = ".said";

const KILLED: i32 = 9;

/// The one process that a kill meets, and no other that might get its number later.
#[derive(Clone)]
pub struct Victim(Arc<OwnedFd>);

impl Victim {
    /// Kills it as `kill -9` does; false where it had ended before.
    pub fn kill(&self) -> bool {
        pidfd_send_signal(&*self.0, Signal::KILL).is_ok()
    }

    /// Lets it go on where it stands still.
    pub fn go_on(&self) {
        let _ = pidfd_send_signal(&*self.0, Signal::CONT);
    }
}

pub struct Running {
    pub victim: Victim,
    exit: Receiver<ExitStatus>,
    /// How it ended, once that was seen.
    seen: OnceCell<ExitStatus>,
    out: File,
    err: File,
}

/// A run that is over.
#[derive(Debug)]
pub struct Ended {
    /// None where it hung and was killed for that.
    status: Option<ExitStatus>,
    pub out: String,
    pub err: String,
}

impl Ended {
    pub fn hung(&self) -> bool {
        self.status.is_none()
    }

    pub fn was_killed(&self) -> bool {
        self.status
            .is_some_and(|status| status.signal() == Some(KILLED))
    }
}

impl Running {
    /// Starts a command. What it says stays in a file of `folder`, for the judge.
    pub fn start(mut command: Command, input: &[u8], folder: &Path) -> Self {
        let [typed, err] = [(); 2].map(|()| tempfile::tempfile_in(folder).unwrap());
        let (out, _) = tempfile::Builder::new()
            .suffix(SAID)
            .tempfile_in(folder)
            .unwrap()
            .keep()
            .unwrap();
        let mut written = typed.try_clone().unwrap();
        written.write_all(input).unwrap();
        rewind(&typed);
        command
            .stdin(Stdio::from(typed))
            .stdout(Stdio::from(out.try_clone().unwrap()))
            .stderr(Stdio::from(err.try_clone().unwrap()));
        let mut child = command.spawn().unwrap();
        let process = Pid::from_child(&child);
        let victim = Victim(Arc::new(pidfd_open(process, PidfdFlags::empty()).unwrap()));
        let (ended, exit) = channel();
        std::thread::spawn(move || ended.send(child.wait().unwrap()));
        Self {
            victim,
            exit,
            seen: OnceCell::new(),
            out,
            err,
        }
    }

    /// Waits until it has ended; what takes longer is killed, and counts as hung.
    pub fn ended(self, patience: Duration) -> Ended {
        let status = self.ends_within(patience);
        if status.is_none() {
            self.victim.kill();
            let _ = self.exit.recv();
        }
        Ended {
            status,
            out: text(&self.out),
            err: text(&self.err),
        }
    }

    /// Waits at most so long for its end.
    pub fn ends_within(&self, time: Duration) -> Option<ExitStatus> {
        if self.seen.get().is_none()
            && let Ok(status) = self.exit.recv_timeout(time)
        {
            return Some(*self.seen.get_or_init(|| status));
        }
        self.seen.get().copied()
    }

    /// Kills it and waits for its end; whether the kill met it alive.
    pub fn kill(self) -> (bool, Ended) {
        let alive = self.ends_within(Duration::ZERO).is_none() && self.victim.kill();
        let status = self.ends_within(PATIENCE);
        let ended = Ended {
            status,
            out: text(&self.out),
            err: text(&self.err),
        };
        (alive && ended.was_killed(), ended)
    }
}

fn rewind(mut file: &File) {
    std::io::Seek::rewind(&mut file).unwrap();
}

fn text(mut file: &File) -> String {
    rewind(file);
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut file, &mut bytes).unwrap();
    String::from_utf8_lossy(&bytes).into_owned()
}
