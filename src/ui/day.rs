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

/// Columns of the time, of the same with the name of another zone, and at most of the vendor's word for how it stands.
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
    let time = if rows.iter().any(|row| zone(row).is_some()) {
        ZONED_TIME
    } else {
        TIME
    };
    let columns = Columns::of(rows, time, width);
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
    state: usize,
    /// Of the cells of a row.
    cells: Vec<usize>,
    has_sites: bool,
    has_what: bool,
}

impl Columns {
    fn of(rows: &[Listed], time: usize, width: usize) -> Self {
        let longest = |texts: &mut dyn Iterator<Item = &str>| {
            let widths = texts.map(|text| text::width(&text::one_line(text)) + 1);
            widths.max().unwrap_or_default()
        };
        let state = longest(&mut rows.iter().map(|row| row.state.as_str())).min(STATE);
        let mut columns = Self {
            time,
            state,
            cells: Vec::new(),
            has_sites: rows.iter().any(|row| row.site.is_some()),
            has_what: width >= WITH_WHAT,
        };
        let count = rows.first().map_or(0, |row| cells(row, &columns).len());
        let needs = (0..count).map(|place| {
            let mut texts = rows
                .iter()
                .filter_map(|row| cells(row, &columns).get(place).copied());
            longest(&mut texts)
        });
        let needs: Vec<usize> = needs.collect();
        columns.cells = shared(&needs, width.saturating_sub(OWN + time + state));
        columns
    }
}

/// What each gets of the room: what one does not need is for the others; what nobody needs keeps them apart.
fn shared(needs: &[usize], room: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..needs.len()).collect();
    order.sort_by_key(|place| needs.get(*place).copied());
    let (mut given, mut left) = (vec![0; needs.len()], room);
    for (done, place) in order.into_iter().enumerate() {
        let fair = left / (needs.len() - done);
        let need = needs.get(place).copied().unwrap_or_default();
        if let Some(given) = given.get_mut(place) {
            *given = fair.min(need);
            left -= *given;
        }
    }
    let apart = left / needs.len().max(1);
    for given in &mut given {
        *given += apart;
    }
    if let Some(last) = given.last_mut() {
        *last += left - apart * needs.len();
    }
    given
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
    let mut words = pad(own, OWN);
    words.push_str(&cell(&time(app, listed), columns.time));
    for (text, wide) in cells(listed, columns).into_iter().zip(&columns.cells) {
        words.push_str(&cell(text, *wide));
    }
    words.push_str(&cell(&listed.state, columns.state));
    words
}

/// Who it is for, where, and where there is room what for.
fn cells<'a>(listed: &'a Listed, columns: &Columns) -> Vec<&'a str> {
    let site = listed.site.as_ref().map_or("", |site| site.name.as_str());
    let mut cells = vec![listed.patient.as_str()];
    cells.extend(columns.has_sites.then_some(site));
    cells.extend(columns.has_what.then_some(listed.what.as_str()));
    cells
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
