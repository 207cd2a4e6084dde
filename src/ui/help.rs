//! The help: commands, keys inside the panes, and the words for what became of a submission.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::card::{Card, columns, paragraph};
use super::panes::{pad, wrap};
use super::theme::{Role, Theme};
use crate::app::App;
use crate::app::keymap::COMMANDS;
use crate::app::popup::HELP_PAGES;
use crate::domain::offer::{Field, Input, Items};

/// The keys inside panes and cards, which cannot be rebound: those that do something here.
fn keys(app: &App) -> Vec<(&'static str, &'static str)> {
    let has_items = app.has_items();
    let take = if has_items {
        "take the value and go on; in the search: pick the row"
    } else {
        "take the value and go on"
    };
    let has_changes = !app.offer.changes.is_empty();
    let many = |field: &Field| matches!(field.input, Input::Listed(listing) if listing.is_many);
    let has_many = app.form.draft.every_field(&app.offer).iter().any(many);
    let when = app.slot_source().is_some();
    let rows = [
        (true, "Tab Shift-Tab", "next and previous stop"),
        (true, "Enter", take),
        (
            true,
            "Esc",
            "back one level; nothing typed in the form is lost",
        ),
        (true, "↑ ↓", "rows of a list, fields of the form"),
        (true, "← →", "choices of a field; letters of a text"),
        (true, "PgUp PgDn", "ten rows"),
        (has_items, "Del", "in the order: remove the line"),
        (true, "Ctrl+U Ctrl+W", "empty the text, erase a word"),
        (true, "letters", "in a list: jump to the name"),
        (has_many, "Space", "in a list of several: mark the row"),
        (
            when,
            "← → PgUp PgDn",
            "in the times: a day, a week on or back",
        ),
        (when, "Home", "in the times: the next free one"),
        (
            when,
            "a day or time",
            "typed in the times: go there with Enter",
        ),
        (
            app.offer.has_day_list,
            "Tab",
            "in the worklist: the vendor's own list of a day, and back",
        ),
        (
            has_changes,
            "m",
            "on the card of what was accepted: what can be done to it later",
        ),
        (
            true,
            "Del",
            "over a result: take back what has not left yet",
        ),
        (
            true,
            "letters, digits",
            "over a result: begin the next form",
        ),
    ];
    let rows = rows.into_iter().filter(|(works, ..)| *works);
    rows.map(|(_, key, help)| (key, help)).collect()
}

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
        "refused, or held back here; nothing exists there",
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
                if let Some(help) = app.help_of(command) {
                    let key = app.keymap.key(command.action);
                    row(&mut card, theme, &key, &help, columns);
                }
            }
        }
        1 => {
            for (key, help) in keys(app) {
                row(&mut card, theme, key, help, columns);
            }
            card.blank();
            let marks = match app.items() {
                Items::None => "* required",
                Items::Named => "● picked   ▣ package   * required",
                Items::Priced => {
                    "● picked   ▣ package   ~ the price changed since it was picked   * required"
                }
            };
            card.lines.extend(paragraph(marks, columns));
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
