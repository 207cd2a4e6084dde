//! What is always visible: the header over the panes and the keys under them.

use std::num::NonZero;

use frontdesk::app::Event;
use frontdesk::domain::evidence::State;
use frontdesk::domain::failure::BudgetLeft;
use frontdesk::ui;
use frontdesk::ui::theme::Theme;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};
use rstest::rstest;

use crate::desk::Desk;

#[test]
fn a_branch_that_does_not_fit_beside_the_counters_is_not_cut() {
    let mut desk = Desk::at_meridian((80, 24));
    let rows =
        |desk: &Desk| -> Vec<String> { desk.screen().lines().take(2).map(str::to_owned).collect() };
    assert!(rows(&desk)[0].ends_with("Needs you 0"));
    let name = "Harbour and Hillside Family Practice";
    desk.app.form.draft.branch.as_mut().unwrap().name = name.into();
    let [first, second] = &rows(&desk)[..] else {
        panic!("two rows");
    };
    assert!(first.ends_with(name), "{first}");
    assert!(
        second.ends_with("Saved 0 Checking 0 Needs you 0"),
        "{second}"
    );
}

#[rstest]
#[case::published(Desk::at_koramangala((120, 36)), true)]
#[case::not_published(Desk::at_meridian((120, 36)), false)]
fn requests_are_counted_where_the_vendor_publishes_a_number(
    #[case] mut desk: Desk,
    #[case] is_counted: bool,
) {
    desk.event(Event::BudgetChanged(BudgetLeft { left: 57, of: 60 }));
    assert_eq!(desk.screen().contains("Requests 57/60"), is_counted);
    desk.keys("<F1><Right><Right>");
    let screen = desk.screen();
    assert_eq!(
        screen.contains("Requests: what is left"),
        is_counted,
        "{screen}"
    );
}

#[rstest]
#[case::form("", &["F2 review", "F1 help", "Ctrl+X quit"])]
#[case::times("<F3>", &["F2 review", "F1 help", "Ctrl+X quit"])]
#[case::help("<F1>", &["Esc close"])]
#[case::worklist("<F5>", &["Esc back"])]
fn the_way_out_is_always_under_the_panes(#[case] keys: &str, #[case] needed: &[&str]) {
    for size in [(60, 20), (80, 24), (120, 36)] {
        let mut desk = Desk::at_koramangala(size);
        desk.fill_patient().keys("<F3>cbc<Enter><F2><Enter>");
        desk.tell(State::Saved);
        desk.keys("<Enter>9123456780<C-n>").keys(keys);
        let screen = desk.screen();
        let footer = screen.lines().last().unwrap();
        for words in needed {
            assert!(footer.contains(words), "{words}: {footer}");
        }
        assert!(footer.chars().count() <= size.0.into(), "{footer}");
    }
}

/// Whichever panes are in sight, each has its own number, and keeps it at every size.
#[test]
fn the_panes_have_one_number_each_at_every_size() {
    let titles = ["1 Branch", "2 Patient", "3 Tests", "4 When", "5 Order"];
    for size in [(120, 36), (80, 24)] {
        let mut desk = Desk::at_koramangala(size);
        desk.keys("<F7>");
        let mut seen = [false; 5];
        for _ in 0..40 {
            let screen = desk.screen();
            for (title, seen) in titles.iter().zip(&mut seen) {
                *seen |= screen.contains(title);
            }
            for wrong in ["3 When", "4 Order"] {
                assert!(!screen.contains(wrong), "{wrong}: {screen}");
            }
            desk.keys("<Tab>");
        }
        assert_eq!(seen, [true; 5], "{size:?}");
    }
}

#[rstest]
#[case::conjuncts("नमस्ते प्रिया")]
#[case::wide("山田太郎")]
#[case::family("👩‍👩‍👧 Rao")]
fn a_name_that_is_taken_away_leaves_nothing_on_the_screen(#[case] name: &str) {
    let mut desk = Desk::at_koramangala((120, 36));
    let [rows, columns] = [36, 120].map(|side| NonZero::new(side).unwrap());
    let mut glass = vt100::Parser::new(rows, columns, 0);
    let mut bytes = Vec::new();
    let area = Rect::new(0, 0, 120, 36);
    let options = TerminalOptions {
        viewport: Viewport::Fixed(area),
    };
    let painter = CrosstermBackend::new(&mut bytes);
    let mut terminal = Terminal::with_options(painter, options).unwrap();
    let theme = Theme { has_colour: false };
    let mut draw = |desk: &Desk| {
        let drawn = terminal.draw(|frame| ui::draw(&desk.app, theme, frame));
        drawn.unwrap();
    };
    draw(&desk);
    desk.keys("<Tab>");
    desk.event(Event::Pasted(name.to_owned()));
    draw(&desk);
    desk.keys("<C-u>");
    draw(&desk);
    drop(terminal);
    glass.process(&bytes);
    let shown = glass.screen().contents();
    let left = name
        .chars()
        .find(|letter| shown.contains(*letter) && !letter.is_ascii());
    assert_eq!(left, None, "{shown}");
}
