//! Every screen as text, at the three sizes.

use chrono::TimeDelta;
use frontdesk::domain::evidence::{Doubt, Reason, State};
use frontdesk::domain::failure::Failure;
use frontdesk::domain::offer::FieldKey;
use frontdesk::ui::ascii;
use frontdesk::ui::theme::Theme;
use frontdesk::vendor::flabs::settings::Mode;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use rstest::rstest;

use crate::desk::Desk;

/// The screens there are, by name: what is done to reach each of them.
fn screen(name: &str, size: (u16, u16)) -> String {
    let mut desk = match name {
        "start" | "copies" | "old-prices" => Desk::bare(Mode::CatchAll, size),
        "branches" => Desk::open_at(Mode::CatchAll, size),
        "party" | "offline" => Desk::open_at(Mode::PartyScoped, size),
        name if name.starts_with("pre-booking") => Desk::at_pre_booking(size),
        _ => Desk::at_koramangala(size),
    };
    match name {
        "start" | "branches" | "phone" | "party" => {}
        "copies" | "old-prices" => {
            let away = || Failure::Offline("Flabs was not reached".into());
            desk.copied_branches(TimeDelta::days(3))
                .answer_branches(Err(away()))
                .keys("<Enter>");
            desk.copied_catalogue(crate::desk::items(), TimeDelta::days(3))
                .answer_catalogue(Err(away()))
                .fill_patient();
            desk.keys("<F3>cbc<Enter>");
            if name == "old-prices" {
                desk.keys("<F2>");
            }
        }
        "offline" => {
            desk.keys("<Enter><Enter>")
                .answer_catalogue(Err(Failure::Offline("Flabs was not reached".into())));
            desk.keys("<F3>");
        }
        "search" => {
            desk.keys("<F3>fev2<Enter>thy");
        }
        "nothing-found" => {
            desk.keys("<F3>qqqq");
        }
        "order" => {
            desk.keys("<F3>cbc<Enter>fev2<Enter><F9>10%<Tab><S-Tab><S-Tab>");
        }
        "booking" => {
            desk.fill_patient()
                .keys("<F7><Enter><Enter>2026-11-23 07:30<Enter>rahul@");
        }
        "pre-booking" => {
            desk.fill_pre_booking().keys("<F3>fev2<Enter>cbc<Enter>thy");
        }
        "pre-booking-custom" => {
            desk.keys("<F3>Wellness panel<F8> <Enter>CBC, TSH");
        }
        "pre-booking-review" => {
            desk.fill_pre_booking().add_panel().keys("<F2>");
        }
        "pre-booking-wrong" => drop(desk.keys("<F2><Enter><F3><Tab>")),
        "pre-booking-result" => {
            desk.fill_pre_booking()
                .add_panel()
                .keys("<F2><Enter>")
                .tell(State::Accepted {
                    number: Some("6530a4a6f1d2c8b7e9a54321".into()),
                });
        }
        "pre-booking-no-number" => {
            desk.fill_pre_booking()
                .add_panel()
                .keys("<F2><Enter>")
                .tell(State::Accepted { number: None });
        }
        "wrong" => {
            desk.keys("12345<Enter>4<Enter>200<Enter><F2>");
        }
        "review" => {
            desk.fill_patient()
                .keys("<F3>cbc<Enter>fev2<Enter><F9>100<F7><F2><Enter>2026-11-23 07:30<F2>");
        }
        "custom" => {
            desk.keys("<F3>Vitamin D3 (custom name)<F8>8x<Enter>");
        }
        "drafts" => drop(desk.with_drafts().keys("<F6><Down>")),
        "drafts-offered" => drop(desk.with_drafts()),
        "drafts-drop" => drop(desk.with_drafts().keys("<F6><Del>")),
        "people" => drop(desk.with_household().keys("<F4><Down>")),
        "people-offered" => drop(desk.with_household()),
        "help" => {
            desk.keys("<F1>");
        }
        "help-keys" => {
            desk.keys("<F1><Right>");
        }
        "help-words" => {
            desk.keys("<F1><Right><Right>");
        }
        "quit" => {
            desk.fill_patient()
                .keys("<F3>cbc<Enter><F2><Enter>")
                .tell(State::Saved)
                .keys("<Esc>98<C-x>");
        }
        result => show_result(&mut desk, result),
    }
    desk.screen()
}

/// A card that tells what became of a submission.
fn show_result(desk: &mut Desk, result: &str) {
    desk.fill_patient()
        .keys("<F3>cbc<Enter><F2><Enter>")
        .tell(State::Saved);
    match result {
        "saving" => {}
        "accepted" => drop(desk.tell(State::Accepted {
            number: Some("6530a4a6f1d2c8b7e9a54321".into()),
        })),
        "refused" => {
            let words = "already on file today for this phone or e-mail".to_owned();
            let reason = Reason::ours(Some(FieldKey::Phone), words);
            desk.tell(State::NotAccepted {
                reasons: vec![reason],
            });
        }
        "checking" => drop(desk.tell(State::Checking {
            why: "no answer within 20 s".into(),
        })),
        "needs-you" => drop(desk.tell(State::NeedsYou {
            doubt: Doubt::DuplicateAfterUnknown,
        })),
        other => panic!("no screen is called {other}"),
    }
}

#[rstest]
fn every_screen_at_every_size(
    #[values(
        "start",
        "branches",
        "party",
        "offline",
        "copies",
        "old-prices",
        "phone",
        "search",
        "nothing-found",
        "order",
        "booking",
        "wrong",
        "review",
        "custom",
        "pre-booking",
        "pre-booking-custom",
        "pre-booking-review",
        "pre-booking-wrong",
        "pre-booking-result",
        "pre-booking-no-number",
        "drafts",
        "drafts-offered",
        "drafts-drop",
        "people",
        "people-offered",
        "help",
        "help-keys",
        "help-words",
        "quit",
        "saving",
        "accepted",
        "refused",
        "checking",
        "needs-you"
    )]
    name: &str,
    #[values((60, 20), (80, 24), (120, 36))] size: (u16, u16),
) {
    let label = format!("{name}-{}x{}", size.0, size.1);
    insta::with_settings!({ snapshot_path => "screens", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(label, screen(name, size));
    });
}

#[rstest]
fn without_lines_only_words_and_money_are_more_than_ascii(
    #[values(
        "branches",
        "search",
        "order",
        "booking",
        "review",
        "help-keys",
        "checking"
    )]
    name: &str,
    #[values((60, 20), (80, 24), (120, 36))] (width, height): (u16, u16),
) {
    let drawn = screen(name, (width, height));
    let mut buffer = Buffer::with_lines(drawn.lines());
    let other = |buffer: &Buffer| {
        let symbols = buffer.content.iter().map(Cell::symbol);
        let strange = |symbol: &&str| !symbol.is_ascii() && *symbol != "₹";
        symbols.filter(strange).collect::<String>()
    };
    assert_ne!(other(&buffer), "", "it draws lines");
    ascii::spell(&mut buffer);
    assert_eq!(other(&buffer), "");
}

#[test]
fn every_size_is_safe() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.fill_patient().keys("<F3>cbc<Enter>fev2<Enter>");
    for popup in ["", "<F2>", "<Esc><F1>", "<Esc><F6>", "<Esc><F8>"] {
        desk.keys(popup);
        for width in (1..=250).step_by(7) {
            for height in (1..=80).step_by(3) {
                let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
                terminal
                    .draw(|frame| frontdesk::ui::draw(&desk.app, Theme { has_colour: true }, frame))
                    .unwrap();
            }
        }
    }
}

#[test]
fn below_the_smallest_size_a_line_says_which_is_needed() {
    let desk = Desk::open_at(Mode::CatchAll, (30, 6));
    assert!(desk.screen().starts_with("frontdesk needs 40x12"));
    let smallest = Desk::open_at(Mode::CatchAll, (40, 12));
    let screen = smallest.screen();
    assert!(
        screen.contains("Saved 0 Checking 0 Needs you 0"),
        "{screen}"
    );
    assert!(screen.contains("SANDBOX"), "{screen}");
}

#[test]
fn without_colour_every_mark_is_still_there() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.keys("<F3>thy");
    let mut terminal = Terminal::new(TestBackend::new(120, 36)).unwrap();
    terminal
        .draw(|frame| frontdesk::ui::draw(&desk.app, Theme { has_colour: false }, frame))
        .unwrap();
    let buffer = terminal.backend().buffer();
    assert!(
        buffer
            .content()
            .iter()
            .all(|cell| cell.fg == Color::Reset && cell.bg == Color::Reset)
    );
    assert!(
        buffer
            .content()
            .iter()
            .any(|cell| cell.modifier.contains(Modifier::REVERSED)),
        "the row under the cursor"
    );
    assert!(
        buffer
            .content()
            .iter()
            .any(|cell| cell.modifier.contains(Modifier::UNDERLINED)),
        "the matched letters"
    );
}

#[test]
fn columns_stay_straight_in_every_script() {
    let mut desk = Desk::at_koramangala((120, 36));
    for name in ["राहुल शर्मा", "ராகுல்", "Zoë 👩🏽‍⚕️", "e\u{301}mile"]
    {
        desk.keys("<F3><Esc><Esc><Tab><C-u>")
            .keys(name)
            .keys("<Tab>");
        for line in desk.screen().lines().filter(|line| line.starts_with('│')) {
            assert_eq!(frontdesk::domain::text::width(line), 120, "{line}");
        }
    }
}
