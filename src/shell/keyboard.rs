//! The keyboard: the bytes a terminal sends, read the moment they are there, and what they spell. It must not know what
//! a key does.
//!
//! The bytes are read here and not by the library that draws, because its reader tells of a change once: it forgets
//! keys that are reported together with a resize, leaves the rest of a long burst until the next key, and blocks the
//! whole console in the middle of a sequence that comes in two pieces.

mod burst;

use std::io::{self, Stdin};
use std::mem;
use std::time::Duration;

use rustix::io::{Errno, ioctl_fionread, read};
use termina::event::KeyCode;
use termina::{Event as Input, Parser};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::time::{Instant, sleep_until};

use super::keys;
use crate::app::Event;
use crate::app::key::Key;

/// How long the rest of an unfinished sequence is waited for: longer than a line delays the second half of a key, and
/// shorter than a person notices.
const PATIENCE: Duration = Duration::from_millis(30);

const ESC: u8 = 0x1b;

/// What a terminal sends before a pasted text.
const PASTE: &[u8] = b"\x1b[200~";

/// Standard input as a source of events.
pub struct Keyboard {
    terminal: AsyncFd<Stdin>,
    spelling: Spelling,
    row: burst::Row,
    last_read: Option<Instant>,
    /// When an unfinished sequence is given up; none while there is none, so that an idle console sleeps.
    given_up: Option<Instant>,
}

impl Keyboard {
    /// The successor of this call in tokio is unsafe because a handle could close its descriptor while it is
    /// registered; standard input is never closed.
    #[expect(
        deprecated,
        reason = "the replacement needs unsafe code, which this house forbids"
    )]
    pub fn open() -> io::Result<Self> {
        Ok(Self {
            terminal: AsyncFd::with_interest(io::stdin(), Interest::READABLE)?,
            spelling: Spelling::default(),
            row: burst::Row::default(),
            last_read: None,
            given_up: None,
        })
    }

    /// Waits for the next bytes and gives what they spell, which may be nothing yet; none once the terminal has gone.
    /// Nothing is lost if it is dropped while it waits.
    pub async fn typed(&mut self) -> io::Result<Option<Vec<Event>>> {
        let given_up = self.given_up;
        let ready = tokio::select! {
            biased;
            ready = self.terminal.readable() => Some(ready?),
            () = sleep_until(given_up.unwrap_or_else(Instant::now)), if given_up.is_some() => None,
        };
        let Some(mut ready) = ready else {
            self.given_up = None;
            return Ok(Some(Vec::from_iter(self.spelling.give_up())));
        };
        if ready.ready().is_read_closed() {
            return Ok(None);
        }
        let mut bytes = [0; 4096];
        let count = match read(ready.get_inner(), &mut bytes) {
            Ok(0) | Err(Errno::IO) => return Ok(None),
            Ok(count) => count,
            Err(Errno::AGAIN | Errno::INTR) => 0,
            Err(fault) => return Err(fault.into()),
        };
        // The system tells of new bytes once: it is waited on again only when all of them are read, and the terminal
        // is never read when it has none, which would block.
        let is_more = ioctl_fionread(ready.get_inner()).is_ok_and(|waiting| waiting > 0);
        if !is_more {
            ready.clear_ready();
        }
        let events = self.spelling.read(&bytes[..count], is_more);
        let is_unfinished = self.spelling.is_unfinished();
        let now = Instant::now();
        self.given_up = is_unfinished.then(|| now + PATIENCE);
        let before = self.last_read.replace(now);
        let is_quick = before.is_some_and(|before| now - before <= burst::PAUSE);
        Ok(Some(self.row.gather(events, is_quick)))
    }
}

/// What bytes spell, across the pieces they come in.
#[derive(Default)]
struct Spelling {
    parser: Parser,
    /// The bytes since the last event.
    held: Vec<u8>,
}

impl Spelling {
    /// Takes the next piece. An Esc at its end is the key, unless more is there to be read.
    fn read(&mut self, piece: &[u8], is_more: bool) -> Vec<Event> {
        let mut events = Vec::new();
        for byte in piece {
            if *byte == ESC {
                // The parser takes two for one.
                self.end_lone_esc(&mut events);
            }
            self.held.push(*byte);
            self.parser.parse(&[*byte], true);
            self.collect(&mut events);
        }
        if !is_more {
            self.end_lone_esc(&mut events);
        }
        events
    }

    /// Whether the rest of a sequence may be on its way. A pasted text takes the time it takes: what was cut off would
    /// be read as keys.
    fn is_unfinished(&self) -> bool {
        let is_pasting = self.held.windows(PASTE.len()).any(|bytes| bytes == PASTE);
        self.held.contains(&ESC) && !is_pasting
    }

    /// The Esc that an unfinished sequence began with; none if its bytes meant nothing and were dropped.
    fn give_up(&mut self) -> Option<Event> {
        self.held.clear();
        let mut parser = mem::take(&mut self.parser);
        // A parser that waits for nothing takes a letter for a letter; it tells in no other way.
        parser.parse(b"a", false);
        let is_letter = parser.pop() == Some(Input::Key(KeyCode::Char('a').into()));
        (!is_letter).then(|| Event::KeyPressed(Key::Esc.into()))
    }

    fn end_lone_esc(&mut self, events: &mut Vec<Event>) {
        self.parser.parse(&[], false);
        self.collect(events);
    }

    fn collect(&mut self, events: &mut Vec<Event>) {
        while let Some(input) = self.parser.pop() {
            self.held.clear();
            events.extend(keys::events(input));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;
    use crate::app::key::Chord;

    #[derive(Debug, PartialEq)]
    enum Typed {
        Key(Chord),
        Text(String),
    }

    fn key(chord: impl Into<Chord>) -> Typed {
        Typed::Key(chord.into())
    }

    fn typed(events: impl IntoIterator<Item = Event>) -> Vec<Typed> {
        let typed = events.into_iter().map(|event| match event {
            Event::KeyPressed(chord) => Typed::Key(chord),
            Event::Pasted(text) => Typed::Text(text),
            _ => unreachable!("a keyboard sends nothing else"),
        });
        typed.collect()
    }

    fn read(spelling: &mut Spelling, piece: &[u8]) -> Vec<Typed> {
        typed(spelling.read(piece, false))
    }

    #[rstest]
    #[case::letter(b"a", Key::Char('a'))]
    #[case::capital(b"A", Key::Char('A'))]
    #[case::beyond_ascii("ü".as_bytes(), Key::Char('ü'))]
    #[case::enter(b"\r", Key::Enter)]
    #[case::line_feed(b"\n", Key::Enter)]
    #[case::tab(b"\t", Key::Tab)]
    #[case::back_tab(b"\x1b[Z", Key::BackTab)]
    #[case::backspace(b"\x7f", Key::Backspace)]
    #[case::delete(b"\x1b[3~", Key::Delete)]
    #[case::esc(b"\x1b", Key::Esc)]
    #[case::up(b"\x1b[A", Key::Up)]
    #[case::up_of_the_application(b"\x1bOA", Key::Up)]
    #[case::home(b"\x1b[1~", Key::Home)]
    #[case::page_down(b"\x1b[6~", Key::PageDown)]
    #[case::f1(b"\x1bOP", Key::F(1))]
    #[case::f1_of_the_linux_console(b"\x1b[[A", Key::F(1))]
    #[case::f5(b"\x1b[15~", Key::F(5))]
    #[case::f12(b"\x1b[24~", Key::F(12))]
    #[case::enter_of_the_keypad(b"\x1b[57414u", Key::Enter)]
    #[case::ctrl(b"\x0e", Chord::ctrl('n'))]
    #[case::ctrl_spelt_out(b"\x1b[78;6u", Chord::ctrl('n'))]
    #[case::alt(b"\x1b[1;3A", Chord { is_alt: true, ..Key::Up.into() })]
    fn bytes_spell_a_key(#[case] bytes: &[u8], #[case] expected: impl Into<Chord>) {
        assert_eq!(read(&mut Spelling::default(), bytes), [key(expected)]);
    }

    #[rstest]
    #[case::release(b"\x1b[97;1:3u")]
    #[case::focus(b"\x1b[I")]
    #[case::mouse(b"\x1b[<0;1;1M")]
    fn what_is_not_typed_is_nothing(#[case] bytes: &[u8]) {
        assert_eq!(read(&mut Spelling::default(), bytes), []);
    }

    #[test]
    fn a_sequence_in_two_pieces_is_one_key() {
        let mut spelling = Spelling::default();
        assert_eq!(read(&mut spelling, b"\x1b["), []);
        assert!(spelling.is_unfinished());
        assert_eq!(read(&mut spelling, b"A"), [key(Key::Up)]);
        assert!(!spelling.is_unfinished());
    }

    #[test]
    fn an_esc_waits_for_bytes_that_are_there() {
        let mut spelling = Spelling::default();
        assert_eq!(typed(spelling.read(b"\x1b", true)), []);
        assert_eq!(read(&mut spelling, b"[A"), [key(Key::Up)]);
    }

    #[test]
    fn esc_is_itself_before_another_sequence() {
        let events = read(&mut Spelling::default(), b"\x1b\x1b\x1b[A");
        assert_eq!(events, [key(Key::Esc), key(Key::Esc), key(Key::Up)]);
    }

    #[rstest]
    #[case::letter(b"\x1bx", Key::Char('x'))]
    #[case::ctrl(b"\x1b\x0e", Chord::ctrl('n'))]
    #[case::enter(b"\x1b\r", Key::Enter)]
    fn esc_is_itself_before_a_key_that_came_with_it(
        #[case] bytes: &[u8],
        #[case] then: impl Into<Chord>,
    ) {
        let events = read(&mut Spelling::default(), bytes);
        assert_eq!(events, [key(Key::Esc), key(then)]);
    }

    #[test]
    fn a_sequence_that_stays_unfinished_is_esc() {
        let mut spelling = Spelling::default();
        assert_eq!(read(&mut spelling, b"\x1b[1;"), []);
        assert_eq!(typed(spelling.give_up()), [key(Key::Esc)]);
        assert!(!spelling.is_unfinished());
        assert_eq!(read(&mut spelling, b"a"), [key(Key::Char('a'))]);
    }

    #[test]
    fn a_sequence_that_means_nothing_is_not_esc() {
        let mut spelling = Spelling::default();
        assert_eq!(read(&mut spelling, b"\x1bOj"), []);
        assert_eq!(typed(spelling.give_up()), []);
    }

    #[test]
    fn a_paste_in_pieces_is_one_text() {
        let mut spelling = Spelling::default();
        assert_eq!(read(&mut spelling, b"\x1b[200~one\n"), []);
        assert!(!spelling.is_unfinished());
        let pasted = Typed::Text("one\ntwo".to_owned());
        assert_eq!(read(&mut spelling, b"two\x1b[201~"), [pasted]);
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_strange(pieces: Vec<(Vec<u8>, bool)>, start in "\x1b[\\[\\]OP][0-9;:<>?$ ~a-zA-Z\x1b\\\\]{0,12}") {
            let mut spelling = Spelling::default();
            spelling.read(start.as_bytes(), false);
            for (piece, is_more) in pieces {
                spelling.read(&piece, is_more);
            }
            spelling.give_up();
            prop_assert_eq!(read(&mut spelling, b"a"), [key(Key::Char('a'))]);
        }
    }
}
