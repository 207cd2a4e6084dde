//! The palette over the panes: a search line, the commands with their keys, the profiles with what is under way there.

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::Canvas;
use super::card::{Card, columns, show};
use super::panes::pad;
use super::theme::Role;
use crate::app::App;
use crate::app::palette::{Entry, Palette, profile_words};
use crate::app::profiles::ProfileName;
use crate::domain::text;

/// Columns of a command's word, with a gap behind it.
const LABEL: usize = 18;

pub(super) fn draw(app: &App, palette: &Palette, area: Rect, canvas: &mut Canvas<'_>) {
    let rows = app.palette(palette.filter.value());
    let mut card = Card::new("Commands and profiles", Role::Focus);
    let columns = columns(area);
    // The row of the filter and a blank one, as wide as the card may be.
    card.lines.push(Line::from(" ".repeat(columns)));
    card.blank();
    let room = usize::from(area.height).saturating_sub(2 + card.lines.len());
    let room = room.max(1);
    let cursor = palette.cursor.min(rows.len().saturating_sub(1));
    let first = cursor / room * room;
    for (index, entry) in rows.iter().enumerate().skip(first).take(room) {
        let is_chosen = index == cursor;
        card.lines
            .push(row(app, *entry, is_chosen, columns, canvas));
    }
    if rows.is_empty() {
        card.lines.push(Line::from("Nothing is called so"));
    }
    let inside = show(&card, area, canvas);
    let count = format!("{} of {}", rows.len(), app.palette("").len());
    canvas.text(inside, (0, 0), "›Find", Role::Focus);
    canvas.text_right(inside, 0, &count, Role::Dim);
    let room = u16::try_from(text::width(&count) + 1).unwrap_or(0);
    let field = Rect {
        width: inside.width.saturating_sub(room),
        ..inside
    };
    canvas.input(field, (6, 0), &palette.filter, Role::Plain);
}

/// What it is on the left, its key or what is under way there on the right.
fn row(
    app: &App,
    entry: Entry<'_>,
    is_chosen: bool,
    columns: usize,
    canvas: &Canvas<'_>,
) -> Line<'static> {
    let (words, more, right, role) = match entry {
        Entry::Command(command) => {
            let key = app.keymap.key(command.action);
            let more = app.help_of(command).unwrap_or_default();
            (pad(app.label(command.action), LABEL), more, key, Role::Key)
        }
        Entry::Profile(profile) => {
            let words = profile_words(profile);
            let room = columns.saturating_sub(text::width(&words) + 1);
            let (told, role) = told(app, profile, room);
            (words, String::new(), told, role)
        }
    };
    let left = columns.saturating_sub(text::width(&right) + 1);
    let words = text::fit(&words, left);
    let more = text::fit(&more, left.saturating_sub(text::width(&words)));
    let gap =
        columns.saturating_sub(text::width(&words) + text::width(&more) + text::width(&right));
    let style = |role| {
        if is_chosen {
            canvas.theme.style(Role::Selected)
        } else if role == Role::Plain {
            Style::new()
        } else {
            canvas.theme.style(role)
        }
    };
    Line::from(vec![
        Span::styled(words, style(Role::Plain)),
        Span::styled(more, style(Role::Dim)),
        Span::styled(" ".repeat(gap), style(Role::Plain)),
        Span::styled(right, style(role)),
    ])
}

/// What is under way in a profile, the most urgent alone where there is no room for all; nothing where it is not open.
fn told(app: &App, profile: &ProfileName, room: usize) -> (String, Role) {
    if profile.is_here {
        return ("here".to_owned(), Role::Dim);
    }
    let tally = app
        .elsewhere
        .iter()
        .find(|tally| tally.profile == profile.name);
    let Some(tally) = tally else {
        return (String::new(), Role::Plain);
    };
    let mut words = tally.words();
    if text::width(&joined(&words, "  ")) > room {
        words.truncate(1);
    }
    if words.is_empty() {
        ("open".to_owned(), Role::Dim)
    } else {
        (joined(&words, "  "), Role::Warning)
    }
}

/// `Needs you 1, Saved 2`.
pub(super) fn joined(words: &[(&'static str, usize)], between: &str) -> String {
    let words = words.iter().map(|(word, count)| format!("{word} {count}"));
    words.collect::<Vec<_>>().join(between)
}
