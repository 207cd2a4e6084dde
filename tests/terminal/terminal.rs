//! A terminal of its own for one program: it shows what the program writes, and types.

use std::io::{Read, Write};
use std::num::NonZero;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, ExitStatus, MasterPty, PtySize, SlavePty, native_pty_system};

use crate::lab::DEADLINE;

pub const ENTER: &str = "\r";
pub const TAB: &str = "\t";
pub const F2: &str = "\x1bOQ";
pub const F3: &str = "\x1bOR";
pub const F4: &str = "\x1bOS";
pub const F5: &str = "\x1b[15~";
pub const F6: &str = "\x1b[17~";
pub const F7: &str = "\x1b[18~";
pub const QUIT: &str = "\x18";

pub struct Terminal {
    master: Option<Box<dyn MasterPty + Send>>,
    /// Kept open, so that the settings of the terminal outlive the program.
    slave: Option<Box<dyn SlavePty + Send>>,
    keyboard: Option<Box<dyn Write + Send>>,
    glass: Arc<Glass>,
    reader: Option<std::thread::JoinHandle<()>>,
    pub process: u32,
    exit: Receiver<ExitStatus>,
}

/// What was written, and what stands on the screen because of it.
struct Glass {
    seen: Mutex<Seen>,
    changed: Condvar,
}

struct Seen {
    bytes: Vec<u8>,
    parser: vt100::Parser,
    /// Nobody reads any more.
    is_left: bool,
}

/// Settings of the line, as text: to be compared with themselves.
type Settings = String;

/// A command without this process's environment, at home in `home`.
pub fn command(program: &Path, home: &Path) -> CommandBuilder {
    let mut command = CommandBuilder::new(program);
    command.env_clear();
    command.cwd(home);
    command.env("HOME", home);
    for (name, folder) in [
        ("XDG_CONFIG_HOME", "config"),
        ("XDG_DATA_HOME", "data"),
        ("XDG_STATE_HOME", "state"),
    ] {
        command.env(name, home.join(folder));
    }
    command.env("TERM", "xterm-256color");
    command.env("PATH", std::env::var_os("PATH").unwrap());
    command
}

impl Terminal {
    /// Starts a program in a terminal of so many columns and rows; also gives the settings the line had before.
    pub fn start(command: CommandBuilder, (cols, rows): (u16, u16)) -> (Self, Settings) {
        let pair = native_pty_system().openpty(size((cols, rows))).unwrap();
        let before = settings(&*pair.master);
        let mut child = pair.slave.spawn_command(command).unwrap();
        let process = child.process_id().unwrap();
        let (ended, exit) = mpsc::channel();
        std::thread::spawn(move || ended.send(child.wait().unwrap()));
        let glass = Arc::new(Glass {
            seen: Mutex::new(Seen {
                bytes: Vec::new(),
                parser: screen_of((cols, rows)),
                is_left: false,
            }),
            changed: Condvar::new(),
        });
        let output = pair.master.try_clone_reader().unwrap();
        let shown = Arc::clone(&glass);
        let terminal = Self {
            keyboard: Some(pair.master.take_writer().unwrap()),
            master: Some(pair.master),
            slave: Some(pair.slave),
            glass,
            reader: Some(std::thread::spawn(move || show(output, &shown))),
            process,
            exit,
        };
        (terminal, before)
    }

    /// Types in one write.
    pub fn types(&mut self, keys: &str) -> &mut Self {
        let keyboard = self.keyboard.as_mut().unwrap();
        keyboard.write_all(keys.as_bytes()).unwrap();
        keyboard.flush().unwrap();
        self
    }

    /// Waits until a text stands on the screen.
    pub fn sees(&mut self, text: &str) -> &mut Self {
        self.wait(text, |screen| screen.contents().contains(text));
        self
    }

    pub fn wait(&self, what: &str, holds: impl Fn(&vt100::Screen) -> bool) {
        let until = Instant::now() + DEADLINE;
        let mut seen = self.glass.seen.lock().unwrap();
        while !holds(seen.parser.screen()) {
            let left = until.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero(),
                "{what}: it did not come to that\n{}",
                seen.parser.screen().contents()
            );
            seen = self.glass.changed.wait_timeout(seen, left).unwrap().0;
        }
    }

    pub fn screen(&self) -> String {
        self.glass.seen.lock().unwrap().parser.screen().contents()
    }

    /// Everything the program has written so far.
    pub fn written(&self) -> Vec<u8> {
        self.glass.seen.lock().unwrap().bytes.clone()
    }

    /// Forgets what stands on the screen, so that only what is drawn anew is seen.
    pub fn resize(&mut self, (cols, rows): (u16, u16)) -> &mut Self {
        let mut seen = self.glass.seen.lock().unwrap();
        seen.parser = screen_of((cols, rows));
        self.master
            .as_ref()
            .unwrap()
            .resize(size((cols, rows)))
            .unwrap();
        drop(seen);
        self
    }

    /// The settings of the line as they are now.
    pub fn settings(&self) -> Settings {
        settings(&**self.master.as_ref().unwrap())
    }

    /// Sends the program a signal by its name.
    pub fn signal(&self, name: &str) {
        let line = format!("kill -{name} {}", self.process);
        let sent = Command::new("sh").args(["-c", &line]).status().unwrap();
        assert!(sent.success(), "{line}");
    }

    /// Waits until the program has ended.
    pub fn ended(&self) -> ExitStatus {
        self.ended_within(DEADLINE)
    }

    pub fn ended_within(&self, time: Duration) -> ExitStatus {
        match self.exit.recv_timeout(time) {
            Ok(status) => status,
            Err(RecvTimeoutError::Disconnected | RecvTimeoutError::Timeout) => {
                panic!("still running after {time:?}\n{}", self.screen())
            }
        }
    }

    /// Waits until the screen of before is shown again, with a cursor and without bracketed paste, and asserts that the
    /// line is set as it was.
    pub fn is_given_back(&self, before: &Settings) {
        self.wait("the terminal is given back", |screen| {
            !screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste()
        });
        assert_eq!(&self.settings(), before);
    }

    /// Takes the terminal away, as a dropped line does. Whoever reads the screen must let go of it first, and wakes
    /// only when something is written: `key` must change the screen.
    pub fn vanish(&mut self, key: &str) {
        self.glass.seen.lock().unwrap().is_left = true;
        self.types(key);
        self.reader.take().unwrap().join().unwrap();
        (self.keyboard, self.slave, self.master) = (None, None, None);
    }

    /// No title was ever set: it would outlive the program and be seen by others.
    pub fn never_set_a_title(&self) {
        let written = self.written();
        for start in [&b"\x1b]0;"[..], b"\x1b]1;", b"\x1b]2;", b"\x1bk"] {
            let sets = written.windows(start.len()).any(|bytes| bytes == start);
            assert!(!sets, "{start:?}");
        }
    }
}

impl Drop for Terminal {
    /// A story that failed leaves no program behind: without its terminal it ends.
    fn drop(&mut self) {
        if matches!(self.exit.try_recv(), Err(mpsc::TryRecvError::Empty)) {
            let line = format!("kill -KILL {}", self.process);
            drop(Command::new("sh").args(["-c", &line]).status());
        }
    }
}

fn size((cols, rows): (u16, u16)) -> PtySize {
    PtySize {
        rows,
        cols,
        ..PtySize::default()
    }
}

fn screen_of((cols, rows): (u16, u16)) -> vt100::Parser {
    let sides = [rows, cols].map(|side| NonZero::new(side).unwrap());
    vt100::Parser::new(sides[0], sides[1], 0)
}

fn settings(master: &dyn MasterPty) -> Settings {
    format!("{:?}", master.get_termios().unwrap())
}

fn show(mut output: Box<dyn Read + Send>, glass: &Glass) {
    let mut bytes = [0; 8192];
    while let Ok(count @ 1..) = output.read(&mut bytes) {
        let mut seen = glass.seen.lock().unwrap();
        seen.bytes.extend_from_slice(&bytes[..count]);
        seen.parser.process(&bytes[..count]);
        glass.changed.notify_all();
        if seen.is_left {
            return;
        }
    }
}
