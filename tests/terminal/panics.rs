//! A fault of the program itself: the terminal is given back, and what was typed is told to nobody.

use std::sync::Arc;

use chrono::Utc;
use frontdesk::app::key::{Chord, Key};
use frontdesk::app::keymap::Keymap;
use frontdesk::app::{App, Event};
use frontdesk::config::demo;
use frontdesk::shell::screen::Screen;

use crate::desk::WIDE;
use crate::terminal::{Terminal, command};

/// Not a test by itself: this is what the test below runs in a terminal.
#[test]
#[ignore = "takes the terminal and panics"]
fn the_thread_that_draws_panics() {
    let mut screen = Screen::take().unwrap();
    let account = demo::account(demo::FIRST).unwrap();
    let offer = Arc::new(account.offer());
    let size = frontdesk::shell::screen::size().unwrap();
    let mut app = App::new(offer, Keymap::default(), Utc::now(), size, 0);
    let phone = Key::Tab;
    for key in [phone, phone, Key::Char('4'), Key::Char('2')] {
        app.handle(Event::KeyPressed(Chord::plain(key)));
    }
    screen.draw(&app).unwrap();
    panic!("the patient is Rahul Sharma");
}

#[test]
fn a_panic_gives_the_terminal_back_and_tells_where_it_was() {
    let home = tempfile::tempdir().unwrap();
    let mut again = command(&std::env::current_exe().unwrap(), home.path());
    // With one thread the tests run on the main one, as the console does.
    let name = "panics::the_thread_that_draws_panics";
    again.args([
        "--ignored",
        "--exact",
        name,
        "--nocapture",
        "--test-threads=1",
    ]);
    let (mut terminal, before) = Terminal::start(again, WIDE);
    assert!(!terminal.ended().success());
    terminal.is_given_back(&before);
    terminal.sees("frontdesk stopped because of a fault of its own at tests/terminal/panics.rs");
    let written = String::from_utf8_lossy(&terminal.written()).into_owned();
    assert!(written.contains("2 Patient"), "it had drawn");
    assert!(!written.contains("Rahul"), "{written}");
    terminal.never_set_a_title();
}
