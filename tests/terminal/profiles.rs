//! Two profiles in one terminal.

use std::time::Duration;

use rstest::rstest;

use crate::desk::Desk;
use crate::terminal::{ENTER, QUIT};

const TO_B2B: &str = "\x10demo-b2b\r";
const TO_DEMO: &str = "\x10go to demo\r";

impl Desk {
    /// The built-in profiles both open, a phone half-typed in each; the party-scoped one is shown.
    fn half_typed_in_both(&mut self) -> &mut Self {
        self.choose_branch();
        self.terminal.types("99887").sees("99887");
        self.terminal.types(TO_B2B).sees("Flabs · demo-b2b");
        // Its parties come first.
        self.terminal.sees("Whose prices").types(ENTER);
        self.terminal.sees("Koramangala").types(ENTER);
        self.terminal.sees("Complete blood count");
        self.terminal.types("77665").sees("77665");
        self
    }
}

#[test]
fn a_send_in_one_and_a_form_in_the_other() {
    let mut desk = Desk::alone();
    desk.half_typed_in_both();
    assert!(!desk.terminal.screen().contains("99887"));
    desk.terminal.types("\x15");
    desk.fill_lead("9876543210");
    // It stays a moment so that it can be taken back.
    desk.terminal.types(ENTER).sees("Saved 1");
    desk.terminal.types(TO_DEMO).sees("Flabs · demo ·");
    desk.terminal.sees("Elsewhere: Saved 1").sees("99887");
    desk.terminal.types("4").sees("998874");
    desk.terminal.wait("it was accepted meanwhile", |screen| {
        !screen.contents().contains("Elsewhere")
    });
    desk.terminal.types(TO_B2B).sees("Accepted");
    desk.terminal.types(ENTER).types(QUIT);
    assert!(desk.terminal.ended().success());
    desk.terminal.is_given_back(&desk.before);
    desk.terminal.never_set_a_title();
}

#[rstest]
#[case("KILL")]
#[case("HUP")]
#[case("TERM")]
fn the_forms_of_both_survive_the_console(#[case] signal: &str) {
    let mut desk = Desk::alone();
    desk.half_typed_in_both();
    if signal == "KILL" {
        desk.wait_for_disk("99887");
        desk.wait_for_disk("77665");
    }
    desk.terminal.signal(signal);
    desk.terminal.ended_within(Duration::from_secs(2));
    let mut desk = desk.again();
    let offer = "1 draft is kept from before: F6 lists them";
    desk.terminal.sees("Flabs · demo ").sees(offer);
    desk.terminal
        .types(TO_B2B)
        .sees("Flabs · demo-b2b")
        .sees(offer);
    desk.terminal.types(QUIT);
    assert!(desk.terminal.ended().success());
}

#[test]
fn the_palette_finds_a_command_by_its_name() {
    let mut desk = Desk::alone();
    desk.choose_branch();
    desk.terminal.types("\x10").sees("Commands and profiles");
    desk.terminal.sees("Go to demo-b2b · Flabs · SANDBOX");
    desk.terminal.types("quit\r");
    assert!(desk.terminal.ended().success());
    desk.terminal.is_given_back(&desk.before);
}
