//! The list of forms that are not sent, over the panes.

use chrono::TimeDelta;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::Canvas;
use super::card::{Card, columns, paragraph, show};
use super::panes::fill;
use super::theme::Role;
use crate::app::App;
use crate::app::drafts::{DraftList, Place, Waiting};
use crate::domain::text;

/// Columns of how long a form waits.
const WAITED: usize = 12;

pub(super) fn drafts(app: &App, list: &DraftList, area: Rect, canvas: &mut Canvas<'_>) {
    let rows = app.waiting(list.filter.value());
    if let Some(asked) = list.asks {
        let row = rows.iter().find(|row| row.draft == asked);
        return ask(row, area, canvas);
    }
    let mut card = Card::new("Forms that are not sent", Role::Focus);
    let columns = columns(area);
    let above = list_head(&mut card, columns);
    let cursor = list.cursor.min(rows.len().saturating_sub(1));
    // Two lines a form, so that nothing is cut on a narrow screen.
    let room = usize::from(area.height).saturating_sub(2 + above) / 2;
    let first = cursor / room.max(1) * room.max(1);
    for (index, row) in rows.iter().enumerate().skip(first).take(room.max(1)) {
        let role = if index == cursor {
            Role::Selected
        } else {
            Role::Plain
        };
        let waited = waited(app.now - row.since);
        let who = fill(&row.who, columns.saturating_sub(WAITED));
        let gap = " ".repeat(WAITED.saturating_sub(text::width(&waited)));
        let style = canvas.theme.style(role);
        card.lines
            .push(Line::styled(format!("{who}{gap}{waited}"), style));
        let place = match row.place {
            Place::Shown => " · this form",
            Place::Elsewhere => " · open in another console",
            Place::Here | Place::Disk => "",
        };
        let below = format!("  {} · {}{place}", row.kind, row.branch);
        let style = canvas.theme.style(Role::Dim);
        card.lines.push(Line::styled(below, style));
    }
    if rows.is_empty() {
        card.lines.push(Line::from("No form matches"));
    }
    let inside = show(&card, area, canvas);
    canvas.text(inside, (0, 0), "›Find", Role::Focus);
    canvas.input(inside, (6, 0), &list.filter, Role::Plain);
    let count = format!("{} of {}", rows.len(), app.waiting("").len());
    canvas.text_right(inside, 0, &count, Role::Dim);
}

/// The row of the filter and a blank one, as wide as the card may be; answers how many they are.
pub(super) fn list_head(card: &mut Card, columns: usize) -> usize {
    card.lines.push(Line::from(" ".repeat(columns)));
    card.blank();
    card.lines.len()
}

fn ask(row: Option<&Waiting>, area: Rect, canvas: &mut Canvas<'_>) {
    let mut card = Card::new("Drop this form?", Role::Warning);
    let who = row.map_or("It", |row| row.who.as_str());
    let words = format!("{who}: nobody has sent it, and dropping it cannot be undone.");
    card.lines.extend(paragraph(&words, columns(area)));
    show(&card, area, canvas);
}

/// How long a form waits.
fn waited(time: TimeDelta) -> String {
    let minutes = time.num_minutes().max(0);
    match minutes {
        0..60 => format!("{minutes} min"),
        60..1440 => format!("{} h {} min", minutes / 60, minutes % 60),
        _ => days(minutes / 1440),
    }
}

pub(super) fn days(count: i64) -> String {
    if count == 1 {
        "1 day".to_owned()
    } else {
        format!("{count} days")
    }
}
