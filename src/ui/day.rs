//! A day at the vendor over the panes: a row for each appointment, those sent from here marked.

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Widget};

use super::Canvas;
use super::panes::{fill, list, pad, rows_from, wrap};
use super::theme::Role;
use crate::app::App;
use crate::app::keymap::Action;
use crate::domain::slot::Listed;
use crate::domain::text;

/// Columns of the time, and of the vendor's word for how it stands.
const TIME: usize = 7;
const STATE: usize = 14;
/// Columns of the mark of what was sent from here.
const OWN: usize = 2;
/// From this width on it is said what the appointment is for.
const WITH_WHAT: usize = 60;

pub(super) fn draw(app: &App, area: Rect, canvas: &mut Canvas<'_>) {
    Clear.render(area, canvas.buffer);
    let style = canvas.theme.style(Role::Focus);
    let block = Block::bordered()
        .border_style(style)
        .title(Span::styled(format!(" {} ", app.day_title()), style));
    let inside = block.inner(area);
    block.render(area, canvas.buffer);
    let inside = Rect {
        x: inside.x + 1,
        width: inside.width.saturating_sub(2),
        ..inside
    };
    let rows = app.day.rows.as_deref();
    let mut said = Vec::new();
    if app.day.is_loading() {
        said.push("loading".to_owned());
    }
    said.extend(rows.map(|rows| match rows.len() {
        1 => "1 appointment".to_owned(),
        count => format!("{count} appointments"),
    }));
    said.extend(app.day_age().map(|age| format!("list {age}")));
    canvas.text(inside, (0, 0), "• sent from here", Role::Dim);
    canvas.text_right(inside, 0, &said.join(" · "), Role::Dim);
    let mut top = 1;
    if let Some(failure) = &app.day.failure {
        let key = app.keymap.key(Action::Refresh);
        let words = app.with_remedy(failure, &format!("{key} asks again"));
        let words = format!("! Not read: {words}");
        for part in wrap(&words, usize::from(inside.width)) {
            canvas.text(inside, (0, top), &part, Role::Warning);
            top += 1;
        }
    }
    let below = rows_from(inside, top);
    let Some(rows) = rows else { return };
    if rows.is_empty() {
        return canvas.text(below, (0, 1), "Nothing on this day", Role::Dim);
    }
    let (theme, width) = (canvas.theme, usize::from(below.width));
    list(
        canvas,
        below,
        (rows, app.day.cursor),
        |listed, is_chosen| {
            let style = if is_chosen {
                theme.style(Role::Selected)
            } else if listed.can_be_cancelled {
                Style::new()
            } else {
                theme.style(Role::Dim)
            };
            Line::from(Span::styled(words(app, listed, width), style))
        },
    );
}

/// Whether it was sent from here, its time, who it is for, and where there is room what for, and how it stands.
fn words(app: &App, listed: &Listed, width: usize) -> String {
    let cell = |words: &str, columns: usize| fill(&text::one_line(words), columns);
    let own = if app.is_own(listed) { "•" } else { "" };
    let at = listed.at.with_timezone(&app.offer.zone);
    let room = width.saturating_sub(OWN + TIME + STATE);
    let (name, what) = if width >= WITH_WHAT {
        (
            cell(&listed.patient, room / 2),
            cell(&listed.what, room - room / 2),
        )
    } else {
        (cell(&listed.patient, room), String::new())
    };
    let left = format!(
        "{}{}",
        pad(own, OWN),
        cell(&at.format("%H:%M").to_string(), TIME)
    );
    format!("{left}{name}{what}{}", cell(&listed.state, STATE))
}
