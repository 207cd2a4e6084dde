//! However it ends, the terminal is left as it was found.

use std::path::Path;
use std::time::Duration;

use crate::desk::{Desk, WIDE};
use crate::lab::Lab;
use crate::terminal::{ENTER, QUIT, Terminal, command};
use rstest::rstest;

#[test]
fn while_it_runs_the_terminal_is_its_own() {
    let lab = Lab::open();
    let desk = Desk::at(&lab);
    desk.terminal.wait("the first frame", |screen| {
        screen.contents().contains("frontdesk") && screen.bracketed_paste()
    });
    assert_ne!(desk.terminal.settings(), desk.before);
    desk.terminal
        .wait("the other screen", vt100::Screen::alternate_screen);
}

#[test]
fn a_person_quits_in_the_middle_of_a_form_which_stays_on_disk() {
    let lab = Lab::open();
    let mut desk = Desk::at(&lab);
    desk.choose_branch();
    desk.terminal.types("98765").sees("98765").types(QUIT);
    assert!(desk.terminal.ended().success());
    desk.terminal.is_given_back(&desk.before);
    assert!(!desk.terminal.screen().contains("98765"));
}

#[rstest]
#[case("TERM")]
#[case("HUP")]
#[case("INT")]
fn a_signal_ends_it(#[case] signal: &str) {
    let lab = Lab::open();
    let mut desk = Desk::at(&lab);
    desk.choose_branch();
    desk.terminal.types("98765").sees("98765").signal(signal);
    desk.terminal.ended_within(Duration::from_secs(2));
    desk.terminal.is_given_back(&desk.before);
    desk.terminal.never_set_a_title();
}

/// With and without the signal that usually comes with it.
#[rstest]
#[case("exec \"$0\"")]
#[case("trap '' HUP; exec \"$0\"")]
fn a_vanished_terminal_ends_it_within_two_seconds(#[case] line: &str) {
    let home = tempfile::tempdir().unwrap();
    let mut shell = command(Path::new("/bin/sh"), home.path());
    shell.args(["-c", line, env!("CARGO_BIN_EXE_frontdesk")]);
    let (mut terminal, _) = Terminal::start(shell, WIDE);
    terminal.sees("Koramangala").types(ENTER);
    terminal.sees("Complete blood count");
    terminal.vanish("9");
    terminal.ended_within(Duration::from_secs(2));
}
