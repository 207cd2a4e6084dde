//! A day at the vendor over the panes: a row for each appointment, those sent from here marked.

use chrono_tz::Tz;
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
use crate::domain::{schedule, text};

/// Columns of the time, of the same with the name of another zone, and of the vendor's word for how it stands.
const TIME: usize = 7;
const ZONED_TIME: usize = 14;
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
    let columns = Columns {
        time: if rows.iter().any(|row| zone(row).is_some()) {
            ZONED_TIME
        } else {
            TIME
        },
        has_sites: rows.iter().any(|row| row.site.is_some()),
        width,
    };
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
            Line::from(Span::styled(words(app, listed, &columns), style))
        },
    );
}

/// What the rows of a list have in common.
struct Columns {
    time: usize,
    has_sites: bool,
    width: usize,
}

/// The zone of its site, where that is not the desk's.
fn zone(listed: &Listed) -> Option<Tz> {
    listed.site.as_ref()?.zone
}

/// Whether it was sent from here, its time at its site, who it is for, where, and where there is room what for, and how
/// it stands.
fn words(app: &App, listed: &Listed, columns: &Columns) -> String {
    let cell = |words: &str, columns: usize| fill(&text::one_line(words), columns);
    let own = if app.is_own(listed) { "•" } else { "" };
    let site = listed.site.as_ref().map(|site| site.name.as_str());
    let mut cells = vec![listed.patient.as_str()];
    cells.extend(columns.has_sites.then(|| site.unwrap_or_default()));
    if columns.width >= WITH_WHAT {
        cells.push(&listed.what);
    }
    let mut room = columns.width.saturating_sub(OWN + columns.time + STATE);
    let mut words = pad(own, OWN);
    words.push_str(&cell(&time(app, listed), columns.time));
    for (place, text) in cells.iter().enumerate() {
        let wide = room / (cells.len() - place);
        room -= wide;
        words.push_str(&cell(text, wide));
    }
    words.push_str(&cell(&listed.state, STATE));
    words
}

/// `09:30`, or `10:30 CET` where the site's clocks are not the desk's.
fn time(app: &App, listed: &Listed) -> String {
    match zone(listed) {
        Some(zone) => schedule::clock(listed.at, zone),
        None => listed
            .at
            .with_timezone(&app.offer.zone)
            .format("%H:%M")
            .to_string(),
    }
}
