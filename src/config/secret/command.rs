//! Runs the command that prints a secret: without a shell, with a time limit, its own words kept off the screen.

use std::io::Read;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use crate::domain::text::{one_line, vendor_words};

use super::{LONGEST, NoSecret};

/// How often a command that has said everything is asked whether it has ended.
const PAUSE: Duration = Duration::from_millis(2);

/// The program's name, as it is shown; arguments are not.
pub fn name(words: &[String]) -> String {
    one_line(words.first().map_or("", String::as_str))
}

/// What the command prints. It has no input: a program that wants a passphrase asks the terminal itself.
pub fn run(words: &[String], limit: Duration) -> Result<Vec<u8>, NoSecret> {
    let program = name(words);
    let not_started = |source| NoSecret::NotStarted {
        program: program.clone(),
        source,
    };
    let (first, rest) = words
        .split_first()
        .ok_or(NoSecret::Empty("an empty command".to_owned()))?;
    let mut child = Command::new(first)
        .args(rest)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(not_started)?;
    let deadline = Instant::now() + limit;
    let (printed, words) = (listen(child.stdout.take()), listen(child.stderr.take()));
    let ended = printed
        .recv_timeout(limit)
        .ok()
        .and_then(|printed| Some((printed, wait(&mut child, deadline)?)));
    let Some((printed, status)) = ended else {
        // It may have ended by itself in this moment: then there is nothing to stop.
        let _ = child.kill();
        let _ = child.wait();
        return Err(NoSecret::TooSlow { program, limit });
    };
    if status.success() {
        return Ok(printed);
    }
    let left = deadline.saturating_duration_since(Instant::now());
    let words = words.recv_timeout(left).unwrap_or_default();
    let words = vendor_words(&String::from_utf8_lossy(&words));
    Err(NoSecret::Failed {
        program,
        status: status.to_string(),
        words: if words.is_empty() {
            "nothing".to_owned()
        } else {
            words
        },
    })
}

/// Reads a pipe to its end on a thread of its own, so that neither a full pipe nor one that a grandchild keeps open
/// can hold the console.
fn listen(pipe: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (tell, heard) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(pipe) = pipe {
            // What was read before an error is still what the command said.
            let _ = pipe.take(LONGEST).read_to_end(&mut bytes);
        }
        // Nobody listens any more once the time is up.
        let _ = tell.send(bytes);
    });
    heard
}

/// Waits for the end of a command that has closed its output, which is a matter of a moment.
fn wait(child: &mut Child, deadline: Instant) -> Option<ExitStatus> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) if Instant::now() < deadline => thread::sleep(PAUSE),
            Ok(None) | Err(_) => return None,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn a_command_that_does_not_end_is_stopped() {
        let started = Instant::now();
        let result = run(&words(&["sleep", "600"]), Duration::from_millis(20));
        assert!(
            matches!(result, Err(NoSecret::TooSlow { .. })),
            "{result:?}"
        );
        assert!(started.elapsed() < Duration::from_secs(60));
    }

    #[test]
    fn nothing_is_expanded_by_a_shell() {
        let printed = run(&words(&["echo", "$HOME; *"]), Duration::from_mins(1)).unwrap();
        assert_eq!(printed, b"$HOME; *\n");
    }

    #[test]
    fn what_a_command_complains_of_is_made_safe_to_show() {
        let script = "printf 'no\\033[2J key\\nhere' >&2; exit 3";
        let failed = run(&words(&["sh", "-c", script]), Duration::from_mins(1)).unwrap_err();
        assert_eq!(
            failed.to_string(),
            "the command sh failed (exit status: 3); it said: no [2J key here"
        );
    }

    #[test]
    fn a_flood_is_cut() {
        let printed = run(&words(&["sh", "-c", "yes; exit 0"]), Duration::from_mins(1)).unwrap();
        assert_eq!(printed.len() as u64, LONGEST);
    }
}
