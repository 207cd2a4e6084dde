//! A console that is killed or loses its line: the form is offered again, with all but the last quarter of a second.

use std::time::Duration;

use rstest::rstest;

use crate::desk::Desk;
use crate::lab::Lab;
use crate::terminal::{ENTER, F6, QUIT};

#[rstest]
#[case("KILL")]
#[case("HUP")]
#[case("TERM")]
fn a_form_survives_its_console(#[case] signal: &str) {
    let lab = Lab::open();
    let mut desk = Desk::at(&lab);
    desk.choose_branch();
    let typed = format!("9876543210{ENTER}Rahul Sharma{ENTER}32");
    desk.terminal.types(&typed).sees("Rahul Sharma").sees("32");
    if signal == "KILL" {
        desk.wait_for_disk(r#""Age":"32""#);
    }
    desk.terminal.signal(signal);
    desk.terminal.ended_within(Duration::from_secs(2));
    let mut desk = desk.again();
    desk.terminal
        .sees("1 draft is kept from before: F6 lists them");
    desk.terminal.types(F6).sees("Forms that are not sent");
    desk.terminal.types(ENTER).sees("98765 43210");
    desk.terminal.sees("Rahul Sharma").sees("32");
    assert!(lab.ledger().is_empty(), "nobody sends it by itself");
    desk.terminal.types(QUIT);
    assert!(desk.terminal.ended().success());
}

#[test]
fn a_send_under_way_ends_although_the_line_has_dropped() {
    let lab = Lab::open();
    let mut desk = Desk::at(&lab);
    desk.choose_branch().fill_lead("9876543210");
    lab.arm(
        "create",
        None,
        &serde_json::json!({"kind": "delay", "ms": 1_000}),
    );
    desk.terminal.types(ENTER).sees("Sending").signal("HUP");
    desk.terminal.ended_within(Duration::from_secs(5));
    assert_eq!(lab.applied().len(), 1);
    let desk = desk.again();
    desk.terminal.wait("nothing is in doubt", |screen| {
        let seen = screen.contents();
        seen.contains("Koramangala") && seen.contains("Checking 0")
    });
}
