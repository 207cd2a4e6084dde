//! Reads lines where nobody waits for them: a script may take hours to write the next one.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use tokio::sync::mpsc::{Receiver, channel};

/// Lines read ahead.
const AHEAD: usize = 16;

/// The longest line: many times what the largest form takes.
const LONGEST: u64 = 1_000_000;

/// A line with its number, counted from one; or why no more can be read.
pub type Numbered = (usize, io::Result<Vec<u8>>);

/// Opens the file, or standard input for `-`, and reads it line by line; blank lines are left out.
pub fn read(file: &Path) -> io::Result<Receiver<Numbered>> {
    let (sender, lines) = channel(AHEAD);
    let mut reader: Box<dyn BufRead + Send> = if file == Path::new("-") {
        Box::new(BufReader::new(io::stdin()))
    } else {
        Box::new(BufReader::new(File::open(file)?))
    };
    std::thread::spawn(move || {
        for number in 1.. {
            let line = match next(&mut reader) {
                Ok(None) => return,
                Ok(Some(line)) if line.iter().all(u8::is_ascii_whitespace) => continue,
                Ok(Some(line)) => Ok(line),
                Err(error) => Err(error),
            };
            let is_over = line.is_err();
            if sender.blocking_send((number, line)).is_err() || is_over {
                return;
            }
        }
    });
    Ok(lines)
}

fn next(reader: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let read = io::Read::take(&mut *reader, LONGEST).read_until(b'\n', &mut line)?;
    if u64::try_from(read).is_ok_and(|read| read == LONGEST) && line.last() != Some(&b'\n') {
        return Err(io::Error::other("a line is longer than a megabyte"));
    }
    Ok((read > 0).then_some(line))
}
