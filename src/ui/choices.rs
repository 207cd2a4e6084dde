//! The card of a vendor's list: what the typed letters find, and what is marked.

use ratatui::layout::Rect;
use ratatui::text::Line;

use super::Canvas;
use super::card::{Card, columns, paragraph, show};
use super::drafts::list_head;
use super::panes::fill;
use super::review::field_label;
use super::theme::Role;
use crate::app::App;
use crate::app::chooser::Chooser;
use crate::app::listed::ListState;

pub(super) fn draw(app: &App, chooser: &Chooser, area: Rect, canvas: &mut Canvas<'_>) {
    let mut card = Card::new(field_label(app, chooser.field), Role::Focus);
    let columns = columns(area);
    let above = list_head(&mut card, columns);
    let rows = app.chooser_rows(chooser);
    let cursor = chooser.cursor.min(rows.len().saturating_sub(1));
    let room = usize::from(area.height).saturating_sub(2 + above).max(1);
    let first = cursor / room * room;
    for (index, row) in rows.iter().enumerate().skip(first).take(room) {
        let role = if index == cursor {
            Role::Selected
        } else {
            Role::Plain
        };
        let mark = match (chooser.is_many, chooser.marked.contains(&row.value)) {
            (true, true) => "[x] ",
            (true, false) => "[ ] ",
            (false, true) => "● ",
            (false, false) => "  ",
        };
        let words = fill(&format!("{mark}{}", row.label), columns);
        card.lines
            .push(Line::styled(words, canvas.theme.style(role)));
    }
    let vendor = app.offer.vendor;
    let (words, count) = match app.list_state(chooser.field) {
        ListState::Waits(words) => (Some(words), String::new()),
        ListState::Loading => (Some(format!("{vendor} is asked for them")), String::new()),
        ListState::Failed(failure) => {
            let words = app.with_remedy(failure, "Enter asks again");
            let words = format!("They could not be read: {words}.");
            (Some(words), String::new())
        }
        ListState::Here([]) => (
            Some(format!("{vendor} offers none for this form")),
            "0".to_owned(),
        ),
        ListState::Here(choices) => {
            let nothing = rows
                .is_empty()
                .then(|| "No entry has these letters".to_owned());
            (nothing, format!("{} of {}", rows.len(), choices.len()))
        }
    };
    card.lines
        .extend(words.iter().flat_map(|words| paragraph(words, columns)));
    let inside = show(&card, area, canvas);
    canvas.text(inside, (0, 0), "›Find", Role::Focus);
    canvas.input(inside, (6, 0), &chooser.filter, Role::Plain);
    canvas.text_right(inside, 0, &count, Role::Dim);
}

/// The keys that do something on the card as it stands.
pub(super) fn keys(app: &App, chooser: &Chooser) -> &'static [(&'static str, &'static str)] {
    match app.list_state(chooser.field) {
        ListState::Failed(_) => &[("Enter", "ask again"), ("Esc", "as it was")],
        ListState::Here([]) => &[("Enter", "go on without"), ("Esc", "as it was")],
        _ if chooser.is_many => &[
            ("Enter", "take"),
            ("Space", "mark"),
            ("↑↓", "move"),
            ("letters", "find"),
            ("Esc", "as it was"),
        ],
        _ => &[
            ("Enter", "take"),
            ("↑↓", "move"),
            ("letters", "find"),
            ("Esc", "as it was"),
        ],
    }
}
