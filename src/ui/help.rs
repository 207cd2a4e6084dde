//! The help: commands, keys inside the panes, and the words for what became of a submission.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::card::{Card, columns, paragraph};
use super::panes::{pad, wrap};
use super::theme::{Role, Theme};
use crate::app::App;
use crate::app::keymap::COMMANDS;
use crate::app::popup::HELP_PAGES;

/// Keys that are the same in every pane; they cannot be rebound.
const KEYS: [(&str, &str); 9] = [
    ("Tab Shift-Tab", "next and previous stop"),
    (
        "Enter",
        "take the value and go on; in the search: pick the row",
    ),
    ("Esc", "back one level; nothing typed in the form is lost"),
    ("↑ ↓", "rows of a list, fields of the form"),
    ("← →", "choices of a field; letters of a text"),
    ("PgUp PgDn", "ten rows"),
    ("Del", "in the order: remove the line"),
    ("Ctrl+U Ctrl+W", "empty the text, erase a word"),
    ("letters", "in a list: jump to the name"),
];

/// The states, as every screen, the command line and the README name them.
pub const WORDS: [(&str, &str); 8] = [
    ("Saved", "safe on disk, will be sent"),
    ("Sending", "on its way"),
    (
        "Accepted",
        "the vendor confirmed it; its number stands beside",
    ),
    (
        "Not accepted",
        "the vendor refused it; nothing exists there",
    ),
    (
        "Checking",
        "it may or may not exist there; do not re-enter it",
    ),
    ("Needs you", "the program cannot know; you look and decide"),
    ("Dropped", "taken back or given up; it will not be sent"),
    (
        "Possible double",
        "two numbers are known for it; open both at the vendor",
    ),
];

pub(super) fn card(app: &App, page: usize, area: Rect, theme: Theme) -> Card {
    let columns = columns(area);
    let titles = ["Commands", "Keys", "Words"];
    let title = titles.get(page).copied().unwrap_or_default();
    let mut card = Card::new(
        format!("Help {} of {HELP_PAGES}: {title}", page + 1),
        Role::Focus,
    );
    match page {
        0 => {
            for command in &COMMANDS {
                row(
                    &mut card,
                    theme,
                    &app.keymap.key(command.action),
                    &command.help_for(&app.offer),
                    columns,
                );
            }
        }
        1 => {
            for (key, help) in KEYS {
                row(&mut card, theme, key, help, columns);
            }
            card.blank();
            card.lines.extend(paragraph(
                "● picked   ▣ package   ~ the price changed since it was picked   * required",
                columns,
            ));
        }
        _ => {
            for (word, help) in WORDS {
                row(&mut card, theme, word, help, columns);
            }
            card.blank();
            let requests = "Requests: what is left of the calls the vendor allows a minute.";
            let requests = app.offer.budget.map(|_| requests);
            let words = requests.into_iter().chain([app.offer.duplicate_rule]);
            let words = words.collect::<Vec<_>>().join(" ");
            card.lines.extend(paragraph(&words, columns));
        }
    }
    card
}

fn row(card: &mut Card, theme: Theme, key: &str, help: &str, columns: usize) {
    const KEY: usize = 17;
    for (index, part) in wrap(help, columns.saturating_sub(KEY))
        .into_iter()
        .enumerate()
    {
        let key = if index == 0 { key } else { "" };
        card.lines.push(Line::from(vec![
            Span::styled(pad(key, KEY), theme.style(Role::Key)),
            Span::raw(part),
        ]));
    }
}
