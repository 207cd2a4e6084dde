//! The When pane: a line to jump by, days across, times down, and the time under the cursor in full.

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveTime, Timelike};
use ratatui::layout::Rect;

use super::Canvas;
use super::panes::{pad, wrap};
use super::theme::Role;
use crate::app::App;
use crate::app::focus::Focus;
use crate::app::keymap::Action;
use crate::app::when::{WEEK, is_free};
use crate::domain::offer::SlotSource;
use crate::domain::slot::Slot;
use crate::domain::{schedule, text};

/// Rows over the times: the jump line, the days, how many are free.
const HEAD: u16 = 3;
/// Rows under them for the time under the cursor.
const FOOT: u16 = 2;
/// Columns of a day at least: its head.
const NARROWEST: usize = 9;
/// With less days than this, less is told beside each time.
const FEWEST: usize = 4;

/// The parts of a day and the hour at which each ends.
const PARTS: [(&str, u32); 3] = [("morning", 12), ("afternoon", 17), ("evening", 24)];

/// How old the times are, and whether they are known to be wrong.
pub(super) fn age(app: &App) -> Option<(String, bool)> {
    let asking = if app.when.is_loading() {
        "asking anew, "
    } else {
        ""
    };
    let words = app.when_age()?;
    Some((format!("{asking}times {words}"), app.has_old_slots()))
}

/// One day as a column.
struct Column {
    day: NaiveDate,
    /// None while they are not known.
    slots: Option<Vec<Slot>>,
}

/// A slot by its time of day and how many slots of the day stand before it at that time.
type Place<'a> = ((NaiveTime, usize), &'a Slot);

impl Column {
    fn of_part(&self, part: usize) -> Vec<Place<'_>> {
        let mut places: Vec<Place<'_>> = Vec::new();
        let slots = self.slots.iter().flatten();
        for slot in slots.filter(|slot| part_of(slot) == part) {
            let time = slot.at.time();
            let before = places
                .iter()
                .filter(|((other, _), _)| *other == time)
                .count();
            places.push(((time, before), slot));
        }
        places
    }
}

fn part_of(slot: &Slot) -> usize {
    let hour = slot.at.hour();
    let mut parts = PARTS.iter();
    parts.position(|(_, end)| hour < *end).unwrap_or_default()
}

pub(super) fn draw(app: &App, area: Rect, canvas: &mut Canvas<'_>) {
    jump_line(app, area, canvas);
    let columns = usize::from(area.width.saturating_sub(1));
    if let Some(words) = app.why_no_slots() {
        for (row, part) in (2..).zip(wrap(&words, columns)) {
            canvas.text(area, (1, row), &part, Role::Dim);
        }
        return;
    }
    let foot_rows = FOOT.min(area.height.saturating_sub(HEAD + 1));
    let foot = Rect {
        y: area.bottom() - foot_rows,
        height: foot_rows,
        ..area
    };
    let grid = Rect {
        y: area.y + 1,
        height: area.height.saturating_sub(1 + foot_rows),
        ..area
    };
    days(app, grid, canvas);
    under_the_cursor(app, foot, canvas);
}

fn jump_line(app: &App, area: Rect, canvas: &mut Canvas<'_>) {
    let has_focus = app.focus == Focus::When;
    let (mark, role) = if has_focus {
        ("›", Role::Focus)
    } else {
        (" ", Role::Dim)
    };
    canvas.text(area, (0, 0), &format!("{mark}Go to"), role);
    let month = app.when_day().format("%B %Y").to_string();
    canvas.text_right(area, 0, &month, Role::Dim);
    let taken = u16::try_from(month.len() + 1).unwrap_or(0);
    let room = Rect {
        width: area.width.saturating_sub(taken),
        ..area
    };
    if has_focus {
        canvas.input(room, (8, 0), &app.editor, Role::Plain);
    }
}

/// What is told of a time beside it, as far as there is room for several days.
#[derive(Clone, Copy)]
struct Told {
    /// `2 left` in words; else the time under the cursor tells it below.
    has_left: bool,
    /// Prices differ from slot to slot.
    has_prices: bool,
    /// Some are busy or for walk-ins.
    has_signs: bool,
    /// Columns of one day.
    width: usize,
}

impl Told {
    fn of(app: &App, week: &[Column], room: usize) -> Self {
        let all = || week.iter().flat_map(|column| column.slots.iter().flatten());
        let prices: BTreeSet<_> = all().filter_map(|slot| slot.price).collect();
        let mut told = Self {
            has_left: true,
            has_prices: prices.len() > 1,
            has_signs: all().any(|slot| slot.is_busy || slot.is_walk_in),
            width: 0,
        };
        told.width = told.widest(app, all());
        if room / told.width.max(1) < FEWEST && told.has_prices {
            told.has_left = false;
            told.width = told.widest(app, all());
        }
        told
    }

    fn widest<'a>(self, app: &App, slots: impl Iterator<Item = &'a Slot>) -> usize {
        let widest = slots.map(|slot| text::width(&self.time(app, slot))).max();
        (widest.unwrap_or_default() + 1).max(NARROWEST)
    }

    /// A mark at what is picked, the time, its sign, what is left of it and what it costs.
    fn time(self, app: &App, slot: &Slot) -> String {
        let mark = if app.is_picked(slot) { "●" } else { " " };
        let sign = match (slot.is_busy, slot.is_walk_in) {
            _ if !self.has_signs => "",
            (true, _) => "!",
            (false, true) => "w",
            (false, false) => " ",
        };
        let left = match slot.left {
            Some(0) => Some("full".to_owned()),
            Some(left) if self.has_left => Some(format!("{left} left")),
            _ => None,
        };
        let price = slot.price.filter(|_| self.has_prices && is_free(slot));
        let price = price.map(|price| app.offer.currency.show(price));
        let mut words = format!("{mark}{}{sign}", slot.at.format("%H:%M"));
        for part in left.into_iter().chain(price) {
            words.push(' ');
            words.push_str(&part);
        }
        words
    }
}

/// As many days of the week as there is room for, so that the one under the cursor is among them.
fn days(app: &App, area: Rect, canvas: &mut Canvas<'_>) {
    let week: Vec<Column> = app
        .when_week()
        .iter_days()
        .take(usize::from(WEEK))
        .map(|day| Column {
            day,
            slots: app.slots_on(day),
        })
        .collect();
    let told = Told::of(app, &week, usize::from(area.width));
    let most = (usize::from(area.width) / told.width).clamp(1, week.len());
    let cursor = app.when_day();
    let here = week.iter().position(|column| column.day == cursor);
    let first = (here.unwrap_or_default() + 1).saturating_sub(most);
    let shown = week.get(first..first + most).unwrap_or(&week);
    for (place, column) in shown.iter().enumerate() {
        head(app, column, cell(area, place, told), canvas);
    }
    let times = Rect {
        y: area.y + HEAD - 1,
        height: area.height.saturating_sub(HEAD - 1),
        ..area
    };
    grid(app, shown, told, times, canvas);
}

/// The columns of one day.
fn cell(area: Rect, place: usize, told: Told) -> Rect {
    let width = u16::try_from(told.width).unwrap_or(area.width);
    let x = width
        .saturating_mul(u16::try_from(place).unwrap_or(u16::MAX))
        .min(area.width);
    Rect {
        x: area.x + x,
        width: width.min(area.width - x),
        ..area
    }
}

fn head(app: &App, column: &Column, area: Rect, canvas: &mut Canvas<'_>) {
    let is_here = column.day == app.when_day() && app.focus == Focus::When;
    let role = if is_here { Role::Focus } else { Role::Strong };
    let name = column.day.format("%a %-d").to_string();
    canvas.text(area, (1, 0), &name, role);
    let Some(slots) = &column.slots else {
        return canvas.text(area, (1, 1), "…", Role::Dim);
    };
    let free = slots.iter().filter(|slot| is_free(slot)).count();
    let words = match (app.slot_source(), free) {
        (Some(SlotSource::Vendor), 0) => "none".to_owned(),
        (Some(SlotSource::Vendor), free) => format!("{free} free"),
        (_, 0) => "over".to_owned(),
        _ => String::new(),
    };
    canvas.text(area, (1, 1), &words, Role::Dim);
}

/// One row of the grid: the line over a part of the day, or one time of each day.
enum Row<'a> {
    Part(&'static str),
    Times(Vec<Option<&'a Slot>>),
}

fn grid(app: &App, shown: &[Column], told: Told, area: Rect, canvas: &mut Canvas<'_>) {
    let height = usize::from(area.height);
    let aligned = rows(shown, |_| true);
    let rows = if aligned.len() <= height {
        aligned
    } else {
        rows(shown, |(same, longest)| same == longest)
    };
    let is_marked = |slot: &Slot| app.when.marked() == Some(slot);
    let has_cursor = |row: &Row<'_>| match row {
        Row::Part(_) => false,
        Row::Times(slots) => slots.iter().flatten().any(|slot| is_marked(slot)),
    };
    let cursor = rows.iter().position(has_cursor).unwrap_or_default();
    let spare = rows.len().saturating_sub(height);
    let first = cursor.saturating_sub(height * 2 / 3).min(spare);
    for (place, row) in (0..).zip(rows.iter().skip(first).take(height)) {
        match row {
            Row::Part(name) => {
                canvas.rule(area, place, "─", Role::Dim);
                canvas.text(area, (1, place), &format!(" {name} "), Role::Dim);
            }
            Row::Times(slots) => {
                for (column, slot) in slots.iter().enumerate() {
                    if let Some(slot) = slot {
                        time(app, slot, told, (cell(area, column, told), place), canvas);
                    }
                }
            }
        }
    }
    if first > 0 {
        canvas.text_right(area, 0, "▲", Role::Dim);
    }
    if first + height < rows.len() && area.height > 0 {
        canvas.text_right(area, area.height - 1, "▼", Role::Dim);
    }
}

/// The rows of all parts of the day. Where `is_aligned` likes the number of different times of a part and of the most
/// of one day, equal times stand side by side; else the times of each day close ranks.
fn rows<'a>(shown: &'a [Column], is_aligned: impl Fn((usize, usize)) -> bool) -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    for (part, (name, _)) in PARTS.iter().enumerate() {
        let days: Vec<Vec<Place<'_>>> = shown.iter().map(|day| day.of_part(part)).collect();
        let longest = days.iter().map(Vec::len).max().unwrap_or_default();
        let times: BTreeSet<_> = days.iter().flatten().map(|(time, _)| *time).collect();
        if longest == 0 {
            continue;
        }
        rows.push(Row::Part(name));
        if is_aligned((times.len(), longest)) {
            rows.extend(times.into_iter().map(|wanted| {
                let at = |day: &Vec<Place<'a>>| -> Option<&'a Slot> {
                    let place = day.iter().find(|(time, _)| *time == wanted);
                    place.map(|(_, slot)| *slot)
                };
                Row::Times(days.iter().map(at).collect())
            }));
        } else {
            rows.extend((0..longest).map(|index| {
                let at = |day: &Vec<Place<'a>>| -> Option<&'a Slot> {
                    day.get(index).map(|(_, slot)| *slot)
                };
                Row::Times(days.iter().map(at).collect())
            }));
        }
    }
    rows
}

fn time(app: &App, slot: &Slot, told: Told, (area, row): (Rect, u16), canvas: &mut Canvas<'_>) {
    let is_here = app.focus == Focus::When && app.when.marked() == Some(slot);
    let role = match (is_here, app.is_picked(slot), is_free(slot)) {
        (true, ..) => Role::Selected,
        (_, true, _) => Role::Strong,
        (_, _, false) => Role::Dim,
        _ => Role::Plain,
    };
    let columns = told.width.saturating_sub(1);
    let words = pad(&told.time(app, slot), columns);
    canvas.text(area, (0, row), &words, role);
}

/// The time under the cursor in full, and why the list may be an old one.
fn under_the_cursor(app: &App, area: Rect, canvas: &mut Canvas<'_>) {
    let columns = usize::from(area.width.saturating_sub(1));
    let mut rows = Vec::new();
    if let Some(slot) = app.when.marked() {
        let words = in_full(app, slot);
        rows.extend(
            wrap(&words, columns)
                .into_iter()
                .map(|part| (part, Role::Strong)),
        );
    }
    if let Some(failure) = &app.when.failure {
        let key = app.keymap.key(Action::Refresh);
        rows.truncate(usize::from(area.height.saturating_sub(1)));
        let words = app.with_remedy(failure, &format!("{key} tries again"));
        rows.push((format!("! {words}"), Role::Warning));
    }
    for (row, (words, role)) in (0..).zip(rows) {
        canvas.text(area, (1, row), &words, role);
    }
}

fn in_full(app: &App, slot: &Slot) -> String {
    let ends = slot.ends.map(|ends| format!("to {}", ends.format("%H:%M")));
    let left = match slot.left {
        Some(0) => Some("full".to_owned()),
        Some(left) => Some(format!("{left} left")),
        None => None,
    };
    let parts = [
        ends,
        left,
        slot.is_busy.then(|| "busy then".to_owned()),
        slot.is_walk_in.then(|| "walk-in".to_owned()),
        slot.price.map(|price| app.offer.currency.show(price)),
        slot.place.as_ref().map(|place| place.label.clone()),
        slot.branch.as_ref().map(|branch| branch.name.clone()),
    ];
    let moment = schedule::echo(slot.at, app.site_zone());
    let parts = std::iter::once(moment).chain(parts.into_iter().flatten());
    parts.collect::<Vec<_>>().join(" · ")
}
