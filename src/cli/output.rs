//! Standard output of the commands that print: line by line, and at peace with a reader that has seen enough.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};

/// Where a command prints.
pub struct Output<W> {
    to: W,
}

impl<W: Write> Output<W> {
    pub fn new(to: W) -> Self {
        Self { to }
    }

    /// Prints one line.
    pub fn line(&mut self, line: impl Display) -> io::Result<()> {
        quietly(writeln!(self.to, "{line}").and_then(|()| self.to.flush()))
    }

    /// Prints bytes as they are.
    pub fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        quietly(self.to.write_all(bytes).and_then(|()| self.to.flush()))
    }
}

/// `frontdesk … | head` is no failure.
fn quietly(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
