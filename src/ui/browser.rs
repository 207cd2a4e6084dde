//! The tests & packages pane: search, rows, details of the row under the cursor, what would be paid twice.

use std::ops::Range;

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::Canvas;
use super::panes::{pad, wrap};
use super::theme::Role;
use crate::app::App;
use crate::app::focus::Focus;
use crate::domain::catalogue::{Catalogue, Entry, Row, marks};
use crate::domain::order::ItemKind;
use crate::domain::text;

/// Columns of the code and of the price.
const CODE: usize = 8;
const PRICE: usize = 9;
/// Rows under the list for details and cautions.
const DETAILS: u16 = 3;
const MOST_CAUTIONS: usize = 4;

pub(super) fn draw(app: &App, area: Rect, canvas: &mut Canvas<'_>) {
    search_row(app, area, canvas);
    let columns = usize::from(area.width.saturating_sub(2));
    let cautions: Vec<String> = app
        .paid_twice_words()
        .iter()
        .flat_map(|words| wrap(&format!("! {words}"), columns))
        .collect();
    let below = DETAILS + u16::try_from(cautions.len().min(MOST_CAUTIONS)).unwrap_or(0);
    let list = Rect {
        y: area.y + 1,
        height: area.height.saturating_sub(1 + below),
        ..area
    };
    let details = Rect {
        y: list.bottom(),
        height: area.bottom().saturating_sub(list.bottom()),
        ..area
    };
    match &app.browser.catalogue {
        Some(catalogue) => rows(app, catalogue, list, canvas),
        None => {
            let why = wrap(&app.why_no_catalogue(), columns);
            let waiting = match app.form.wanted.join(", ").as_str() {
                "" => Vec::new(),
                wanted => wrap(
                    &format!("Taken when {}: {wanted}", app.awaited_list()),
                    columns,
                ),
            };
            let why = why.into_iter().map(|part| (part, Role::Dim));
            let waiting = waiting.into_iter().map(|part| (part, Role::Warning));
            for (row, (part, role)) in (0..).zip(why.chain(waiting)) {
                canvas.text(list, (1, row), &part, role);
            }
        }
    }
    if let Some(entry) = app
        .browser
        .row()
        .and_then(|row| app.browser.catalogue.as_ref()?.entry(row))
    {
        describe(app, entry, details, canvas);
    }
    for (row, words) in (DETAILS..).zip(&cautions) {
        canvas.text(details, (1, row), words, Role::Warning);
    }
}

fn search_row(app: &App, area: Rect, canvas: &mut Canvas<'_>) {
    let count = match &app.browser.catalogue {
        Some(catalogue) if app.browser.query.trim().is_empty() => {
            format!("{} items", grouped(catalogue.len()))
        }
        Some(catalogue) => format!(
            "{} of {}",
            grouped(app.browser.hits.total),
            grouped(catalogue.len())
        ),
        None => String::new(),
    };
    let taken = u16::try_from(count.len() + 1).unwrap_or(0);
    let room = Rect {
        width: area.width.saturating_sub(taken),
        ..area
    };
    let has_focus = app.focus == Focus::Search;
    let (mark, role) = if has_focus {
        ("›", Role::Focus)
    } else {
        (" ", Role::Dim)
    };
    canvas.text(area, (0, 0), &format!("{mark}Search"), role);
    canvas.text_right(area, 0, &count, Role::Dim);
    if has_focus {
        canvas.input(room, (8, 0), &app.editor, Role::Plain);
    } else {
        canvas.text(room, (8, 0), &app.browser.query, Role::Plain);
    }
}

fn grouped(count: usize) -> String {
    crate::domain::money::Currency::Usd.digits(crate::domain::money::Money::major(
        count.try_into().unwrap_or(i64::MAX),
    ))
}

fn rows(app: &App, catalogue: &Catalogue, area: Rect, canvas: &mut Canvas<'_>) {
    let height = usize::from(area.height).max(1);
    let first = app.browser.cursor.unwrap_or_default() / height * height;
    let hits = app
        .browser
        .hits
        .rows
        .iter()
        .enumerate()
        .skip(first)
        .take(height);
    for (place, (index, row)) in (0..).zip(hits) {
        let is_selected = app.browser.cursor == Some(index);
        if let Some(entry) = catalogue.entry(*row) {
            item_row(app, *row, entry, is_selected, area, place, canvas);
        }
    }
    if app.browser.hits.rows.is_empty()
        && !app.browser.query.trim().is_empty()
        && !app.browser.is_finding()
    {
        let key = app.keymap.key(crate::app::keymap::Action::CustomItem);
        canvas.text(area, (1, 0), "Nothing matches", Role::Plain);
        canvas.text(
            area,
            (1, 1),
            &format!("{key} adds it as a custom item"),
            Role::Dim,
        );
    }
}

fn item_row(
    app: &App,
    _row: Row,
    entry: Entry<'_>,
    is_selected: bool,
    area: Rect,
    place: u16,
    canvas: &mut Canvas<'_>,
) {
    let is_picked = app.form.draft.lines.iter().any(|line| {
        line.kind == entry.kind && line.item.as_ref().is_some_and(|item| item.0 == entry.id)
    });
    let base = if is_selected {
        canvas.theme.style(Role::Selected)
    } else {
        Style::new()
    };
    let mark = if is_picked { "●" } else { " " };
    let kind = if entry.kind == ItemKind::Package {
        "▣"
    } else {
        " "
    };
    let query = app.browser.query.trim();
    let (price, price_columns) = if app.is_priced() {
        (app.offer.currency.show(entry.price), PRICE)
    } else {
        (String::new(), 0)
    };
    let name_columns = usize::from(area.width).saturating_sub(2 + 2 + CODE + 1 + price_columns);
    let name = text::fit(entry.name, name_columns);
    let gap = " ".repeat(price_columns.saturating_sub(text::width(&price)));
    let matched = base.patch(canvas.theme.style(Role::Match));
    let mut spans = vec![Span::styled(format!("{mark}{kind} "), base)];
    spans.extend(marked(
        &text::fit(entry.code, CODE),
        query,
        CODE + 1,
        base,
        matched,
    ));
    spans.extend(marked(&name, query, name_columns, base, matched));
    spans.push(Span::styled(format!(" {gap}{price}"), base));
    canvas.line(area, place, &Line::from(spans));
}

/// The text filled up to `columns`, matched letters marked.
fn marked(
    words: &str,
    query: &str,
    columns: usize,
    base: Style,
    matched: Style,
) -> Vec<Span<'static>> {
    let mut spans = Vec::new();
    let mut done = 0;
    let ranges: Vec<Range<usize>> = if query.is_empty() {
        Vec::new()
    } else {
        marks(words, query)
    };
    let piece = |range: Range<usize>| words.get(range).unwrap_or_default().to_owned();
    for range in ranges {
        if range.start >= done {
            spans.push(Span::styled(piece(done..range.start), base));
            spans.push(Span::styled(piece(range.clone()), matched));
            done = range.end;
        }
    }
    let rest = words.get(done..).unwrap_or_default();
    let blanks = columns.saturating_sub(text::width(words));
    spans.push(Span::styled(pad(rest, text::width(rest) + blanks), base));
    spans
}

/// What a patient asks about it: name in full, specimen, fasting, when the report comes, what a package holds.
fn describe(app: &App, entry: Entry<'_>, area: Rect, canvas: &mut Canvas<'_>) {
    let parts = [entry.specimen, entry.fasting]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ");
    let second = match entry.kind {
        ItemKind::Test => parts,
        ItemKind::Package => contents(app),
    };
    let third = entry
        .turnaround
        .map(|turnaround| format!("report {turnaround}"))
        .unwrap_or_default();
    canvas.text(area, (1, 0), entry.name, Role::Strong);
    let mut row = 1;
    for words in [second, third] {
        for part in wrap(&words, usize::from(area.width.saturating_sub(1))) {
            if row < DETAILS && !part.is_empty() {
                canvas.text(area, (1, row), &part, Role::Plain);
                row += 1;
            }
        }
    }
}

fn contents(app: &App) -> String {
    let (Some(catalogue), Some(row)) = (&app.browser.catalogue, app.browser.row()) else {
        return String::new();
    };
    let tests = catalogue.includes(row);
    let name = |id| {
        let row = catalogue.find(ItemKind::Test, id)?;
        let entry = catalogue.entry(row)?;
        Some(if entry.code.is_empty() {
            entry.name.to_owned()
        } else {
            entry.code.to_owned()
        })
    };
    let names: Vec<String> = tests.iter().filter_map(name).collect();
    format!("{} tests: {}", tests.len(), names.join(", "))
}
