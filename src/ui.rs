//! Draws the console from `&App` alone: plain functions, one file a region. Drawing decides nothing.

pub mod ascii;
mod browser;
mod card;
mod changes;
mod choices;
mod custom;
mod day;
mod drafts;
mod evidence;
mod form;
mod frame;
pub mod help;
mod order;
mod palette;
mod panes;
mod people;
mod result;
mod review;
mod sign_in;
pub mod theme;
mod when;
mod worklist;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::Line;

use crate::app::App;
use crate::app::focus::Pane;
use theme::{Role, Theme};

/// The smallest terminal on which everything can be done.
pub const SMALLEST: (u16, u16) = (40, 12);
/// From this size on all panes stand side by side.
const WIDE: (u16, u16) = (100, 20);

/// Where things are drawn, and the cursor that the focused text asks for.
pub(crate) struct Canvas<'a> {
    pub buffer: &'a mut Buffer,
    pub theme: Theme,
    pub cursor: Option<Position>,
}

impl Canvas<'_> {
    /// Writes one line at a row of `area`, cut to its width; nothing below or beside it.
    pub fn line(&mut self, area: Rect, row: u16, line: &Line<'_>) {
        if row >= area.height {
            return;
        }
        let mut column = area.x;
        for span in &line.spans {
            let style = line.style.patch(span.style);
            column = self.put(column, area.y + row, &span.content, area.right(), style);
        }
    }

    /// Writes text at a column and row of `area`, cut to what is left of the row.
    pub fn text(&mut self, area: Rect, (column, row): (u16, u16), text: &str, role: Role) {
        if row < area.height && column < area.width {
            let room = usize::from(area.width - column);
            let style = self.theme.style(role);
            if text.len() <= room {
                self.put(area.x + column, area.y + row, text, area.right(), style);
            } else {
                let fitted = crate::domain::text::fit(text, room);
                self.put(area.x + column, area.y + row, &fitted, area.right(), style);
            }
        }
    }

    /// Writes text from a cell up to the column `end`; answers the column behind it. Plain letters, which is nearly all
    /// of a screen, go straight into their cells; everything else is measured grapheme by grapheme.
    fn put(&mut self, column: u16, row: u16, text: &str, end: u16, style: Style) -> u16 {
        let room = end.saturating_sub(column);
        if !crate::domain::text::is_plain(text) {
            let (end, _) = self
                .buffer
                .set_stringn(column, row, text, usize::from(room), style);
            (column..end).for_each(|place| self.part_letters(place, row));
            return end;
        }
        let mut here = column;
        for (byte, place) in text.bytes().zip(column..end) {
            if let Some(cell) = self.buffer.cell_mut(Position::new(place, row)) {
                cell.set_char(char::from(byte)).set_style(style);
            }
            here = place + 1;
        }
        here
    }

    /// Gives each letter of a cluster (a Devanagari conjunct) a cell of its own: terminals draw it in as many columns, and
    /// blanking the first of them leaves the others standing.
    fn part_letters(&mut self, column: u16, row: u16) {
        let Some(cell) = self.buffer.cell((column, row)) else {
            return;
        };
        let cluster = cell.symbol();
        let is_letter =
            |letter: &char| crate::domain::text::width(letter.encode_utf8(&mut [0; 4])) > 0;
        if cluster.chars().filter(is_letter).nth(1).is_none() {
            return;
        }
        let mut letters: Vec<String> = Vec::new();
        for letter in cluster.chars() {
            match letters.last_mut() {
                Some(last) if !is_letter(&letter) => last.push(letter),
                _ => letters.push(letter.into()),
            }
        }
        let columns = letters
            .iter()
            .map(|letter| crate::domain::text::width(letter));
        // What a terminal draws as one sign (a family of emoji) is narrower than its parts.
        if columns.sum::<usize>() != crate::domain::text::width(cluster) {
            return;
        }
        let style = cell.style();
        for (place, letter) in (column..).zip(&letters) {
            if let Some(cell) = self.buffer.cell_mut((place, row)) {
                cell.set_symbol(letter).set_style(style);
            }
        }
    }

    /// Fills a row of `area` with one line-drawing sign.
    pub fn rule(&mut self, area: Rect, row: u16, sign: &'static str, role: Role) {
        let style = self.theme.style(role);
        for column in area.left()..area.right() {
            if let Some(cell) = self.buffer.cell_mut((column, area.y + row)) {
                cell.set_symbol(sign).set_style(style);
            }
        }
    }

    /// Writes text that ends at the right edge of a row.
    pub fn text_right(&mut self, area: Rect, row: u16, text: &str, role: Role) {
        let width = u16::try_from(crate::domain::text::width(text)).unwrap_or(u16::MAX);
        self.text(area, (area.width.saturating_sub(width), row), text, role);
    }

    /// Puts the cursor at a column and row of `area`.
    pub fn place_cursor(&mut self, area: Rect, column: u16, row: u16) {
        if row < area.height && area.width > 0 {
            self.cursor = Some(Position::new(
                area.x + column.min(area.width - 1),
                area.y + row,
            ));
        }
    }

    /// A text that is being edited, scrolled so that its cursor is seen.
    pub fn input(
        &mut self,
        area: Rect,
        (column, row): (u16, u16),
        input: &tui_input::Input,
        role: Role,
    ) {
        let room = area.width.saturating_sub(column);
        if room == 0 || row >= area.height {
            return;
        }
        let scroll = input.visual_scroll(usize::from(room.saturating_sub(1)));
        let shown = after_columns(input.value(), scroll);
        let style = self.theme.style(role);
        self.put(area.x + column, area.y + row, shown, area.right(), style);
        let behind =
            u16::try_from(input.visual_cursor().saturating_sub(scroll)).unwrap_or(u16::MAX);
        self.place_cursor(area, column.saturating_add(behind), row);
    }
}

/// The text without its first `columns` columns.
fn after_columns(text: &str, columns: usize) -> &str {
    let mut used = 0;
    for (index, grapheme) in unicode_segmentation::UnicodeSegmentation::grapheme_indices(text, true)
    {
        if used >= columns {
            return text.get(index..).unwrap_or_default();
        }
        used += crate::domain::text::width(grapheme);
    }
    ""
}

/// Draws the whole screen.
pub fn draw(app: &App, theme: Theme, frame: &mut Frame<'_>) {
    let area = frame.area();
    let mut canvas = Canvas {
        buffer: frame.buffer_mut(),
        theme,
        cursor: None,
    };
    paint(app, area, &mut canvas);
    let cursor = canvas.cursor;
    if let Some(cursor) = cursor {
        frame.set_cursor_position(cursor);
    }
}

fn paint(app: &App, area: Rect, canvas: &mut Canvas<'_>) {
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        let words = format!("frontdesk needs {}x{}", SMALLEST.0, SMALLEST.1);
        canvas.text(area, (0, 0), &words, Role::Plain);
        canvas.text(
            area,
            (0, 1),
            &format!("this is {}x{}", area.width, area.height),
            Role::Dim,
        );
        return;
    }
    let inner = frame::draw(app, area, canvas);
    if area.width >= WIDE.0 && area.height >= WIDE.1 {
        panes::separators(inner, canvas);
        for (pane, place) in panes::side_by_side(app, inner) {
            draw_pane(app, pane, place, canvas);
        }
    } else {
        let (shown, place) = panes::tab_strip(app, inner, canvas);
        draw_pane(app, shown, place, canvas);
    }
    if !app.popups.is_empty() {
        canvas.cursor = None;
        card::draw(app, inner, canvas);
    }
    frame::footer(app, area, canvas);
}

fn draw_pane(app: &App, pane: Pane, area: Rect, canvas: &mut Canvas<'_>) {
    let inside = panes::heading(app, pane, area, canvas);
    match pane {
        Pane::Branch => panes::branch(app, inside, canvas),
        Pane::Patient => form::draw(app, inside, canvas),
        Pane::Tests => browser::draw(app, inside, canvas),
        Pane::When => when::draw(app, inside, canvas),
        Pane::Order => order::draw(app, inside, canvas),
    }
}
