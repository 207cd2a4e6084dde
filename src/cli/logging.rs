//! The log: a file in the state folder, for whoever looks after the desk. Never patient data, never on the screen.

use std::env;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anyhow::anyhow;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::config::paths::{Paths, append_privately, make_private_folder};

/// Chooses how much is logged: `off`, `error`, `warn`, `info`, `debug` or `trace`.
const LEVEL: &str = "FRONTDESK_LOG";

/// A log above this many bytes is put aside at the next start.
const LARGE: u64 = 5_000_000;

/// Starts logging for this process. Libraries are left out: what they log of a request is not ours to vouch for.
pub fn start(paths: &Paths) -> anyhow::Result<()> {
    let targets = Targets::new().with_target("frontdesk", level(env::var(LEVEL).ok().as_deref())?);
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_writer(LogFile::new(&paths.log));
    tracing_subscriber::registry()
        .with(targets)
        .with(lines)
        .try_init()?;
    Ok(())
}

fn level(asked: Option<&str>) -> anyhow::Result<LevelFilter> {
    match asked.map(str::trim) {
        None | Some("") => Ok(LevelFilter::INFO),
        Some(word) => word.parse().map_err(|_| {
            anyhow!("{LEVEL} is \"{word}\"; set it to off, error, warn, info, debug or trace")
        }),
    }
}

/// The log file, opened with the first line that is written to it: the console's first frame does not wait for it.
struct LogFile {
    path: PathBuf,
    /// Holds nothing where the file cannot be opened: a full disk must not stop the desk.
    file: OnceLock<Option<File>>,
}

impl LogFile {
    fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            file: OnceLock::new(),
        }
    }

    fn opened(&self) -> Option<&File> {
        self.file.get_or_init(|| open(&self.path).ok()).as_ref()
    }
}

impl<'a> MakeWriter<'a> for LogFile {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Line<'a> {
        Line(self.opened())
    }
}

/// Writes one line of the log, or nowhere.
struct Line<'a>(Option<&'a File>);

impl Write for Line<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.map_or(Ok(bytes.len()), |mut file| file.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.map_or(Ok(()), |mut file| file.flush())
    }
}

/// Opens the log for this account alone. A large one becomes `….old`, in the place of the one before.
fn open(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        make_private_folder(folder)?;
    }
    if path.metadata().is_ok_and(|metadata| metadata.len() > LARGE) {
        std::fs::rename(path, path.with_extension("log.old"))?;
    }
    append_privately(path)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn levels_are_words() {
        assert_eq!(level(None).unwrap(), LevelFilter::INFO);
        assert_eq!(level(Some("")).unwrap(), LevelFilter::INFO);
        assert_eq!(level(Some("debug")).unwrap(), LevelFilter::DEBUG);
        assert_eq!(level(Some("off")).unwrap(), LevelFilter::OFF);
        assert_eq!(
            level(Some("loud")).unwrap_err().to_string(),
            "FRONTDESK_LOG is \"loud\"; set it to off, error, warn, info, debug or trace"
        );
    }

    #[test]
    fn the_log_is_made_with_its_first_line_and_closed_to_others() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("state/frontdesk/frontdesk.log");
        let log = LogFile::new(&path);
        assert!(!path.exists());
        log.make_writer().write_all(b"first\n").unwrap();
        log.make_writer().write_all(b"second\n").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "first\nsecond\n");
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(path.parent().unwrap()), 0o700);
    }

    #[test]
    fn a_large_log_is_put_aside_once() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("frontdesk.log");
        std::fs::write(home.path().join("frontdesk.log.old"), "older").unwrap();
        File::create(&path).unwrap().set_len(LARGE + 1).unwrap();
        LogFile::new(&path)
            .make_writer()
            .write_all(b"new\n")
            .unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "new\n");
        let old = home.path().join("frontdesk.log.old");
        assert_eq!(old.metadata().unwrap().len(), LARGE + 1);
    }

    #[test]
    fn a_log_that_cannot_be_opened_stops_nobody() {
        let log = LogFile::new(Path::new("/dev/null/frontdesk.log"));
        log.make_writer().write_all(b"lost\n").unwrap();
    }
}
