//! The order pane: lines, with prices, discount and total where the kind has them, and the kind.

use ratatui::layout::Rect;

use super::Canvas;
use super::theme::Role;
use crate::app::App;
use crate::app::focus::Focus;
use crate::domain::offer::SlotSource;
use crate::domain::order::Line;
use crate::domain::rules::{self, Place};
use crate::domain::schedule;
use crate::domain::text;

/// Rows under the lines: a rule, discount, what is wrong with it, total, kind.
const FOOT: u16 = 5;

/// What it costs: the order's total, else the price of the slot; none where neither is known.
pub(super) fn price(app: &App) -> Option<String> {
    let draft = &app.form.draft;
    if app.is_priced() {
        return Some(app.offer.currency.show(rules::total(draft)));
    }
    let slot = draft.slot.as_ref();
    let slot = slot.filter(|_| app.slot_source() == Some(SlotSource::Vendor))?;
    slot.price.map(|price| app.offer.currency.show(price))
}

pub(super) fn draw(app: &App, area: Rect, canvas: &mut Canvas<'_>) {
    if !app.has_items() {
        return without_items(app, area, canvas);
    }
    let list = Rect {
        height: area.height.saturating_sub(FOOT),
        ..area
    };
    if app.form.draft.lines.is_empty() {
        let key = app.keymap.key(crate::app::keymap::Action::Search);
        canvas.text(list, (1, 0), "Nothing picked yet", Role::Dim);
        canvas.text(list, (1, 1), &format!("{key} searches"), Role::Dim);
    }
    lines(app, list, canvas);
    let foot = Rect {
        y: list.bottom(),
        height: area.height - list.height,
        ..area
    };
    if app.is_priced() {
        canvas.rule(foot, 0, "─", Role::Dim);
        discount(app, foot, canvas);
        canvas.text(foot, (1, 3), "Total", Role::Strong);
        canvas.text_right(
            foot,
            3,
            &app.offer.currency.show(rules::total(&app.form.draft)),
            Role::Strong,
        );
    } else if let Some(words) = app.form.told.get(&Place::Items)
        && app.form.draft.lines.is_empty()
    {
        let columns = usize::from(foot.width.saturating_sub(3));
        for (row, part) in (0..3).zip(super::panes::wrap(words, columns)) {
            let mark = if row == 0 { "!" } else { " " };
            canvas.text(foot, (1, row), &format!("{mark} {part}"), Role::Bad);
        }
    }
    kind(app, foot, canvas);
}

/// A kind without tests: the time that is picked, where it is and what it costs; then the kinds.
fn without_items(app: &App, area: Rect, canvas: &mut Canvas<'_>) {
    let mut rows = visit(app, usize::from(area.width.saturating_sub(1)));
    if !rows.is_empty() {
        rows.push((String::new(), Role::Plain));
    }
    let columns = usize::from(area.width.saturating_sub(1));
    let room = usize::from(area.height).saturating_sub(rows.len());
    let mut kinds = kinds(app, columns, true);
    if kinds.len() > room {
        kinds = self::kinds(app, columns, false);
    }
    if kinds.len() > room {
        rows.pop();
    }
    rows.extend(kinds);
    for (row, (words, role)) in (0..).zip(rows) {
        canvas.text(area, (1, row), &words, role);
    }
}

/// The time, the place and the price, as far as the kind has them.
fn visit(app: &App, columns: usize) -> Vec<(String, Role)> {
    let zone = app.site_zone();
    let picked = match app.slot_source() {
        None => return Vec::new(),
        Some(SlotSource::Vendor) => app.form.draft.slot.as_ref().map(|slot| slot.at),
        Some(SlotSource::Free) => app.when_field().and_then(|key| {
            let text = app.form.draft.value(key);
            schedule::parse(text, app.offer.day_order(), zone, app.now).ok()
        }),
    };
    let Some(at) = picked else {
        let key = app.keymap.key(crate::app::keymap::Action::Search);
        return vec![
            ("No time picked yet".to_owned(), Role::Dim),
            (format!("{key} shows them"), Role::Dim),
        ];
    };
    let when = super::panes::wrap(&schedule::echo(at, zone), columns);
    let slot = app.form.draft.slot.as_ref().filter(|slot| slot.at == at);
    let place = slot.and_then(|slot| Some(slot.place.as_ref()?.label.clone()));
    let rows = when
        .into_iter()
        .chain(place)
        .map(|words| (words, Role::Plain));
    let price = price(app).map(|price| (format!("Price {price}"), Role::Strong));
    rows.chain(price).collect()
}

/// The kinds, one a row, with what the chosen one does; of a change only the change.
fn kinds(app: &App, columns: usize, has_help: bool) -> Vec<(String, Role)> {
    let role = if app.focus == Focus::Kind {
        Role::Focus
    } else {
        Role::Plain
    };
    let draft = &app.form.draft;
    let help = |words: &str| -> Vec<(String, Role)> {
        let parts = super::panes::wrap(words, columns.saturating_sub(4)).into_iter();
        parts
            .filter(|_| has_help)
            .map(|part| (format!("    {part}"), Role::Dim))
            .collect()
    };
    if let Some(subject) = &draft.subject {
        let mut rows = vec![(format!("(•) {}", draft.word(&app.offer)), role)];
        let change = app.offer.change(&subject.change);
        rows.extend(change.map_or_else(Vec::new, |change| help(change.help)));
        return rows;
    }
    let mut rows = Vec::new();
    for form in &app.offer.kinds {
        if form.kind == draft.kind {
            rows.push((format!("(•) {}", form.kind.word()), role));
            rows.extend(help(form.help));
        } else {
            rows.push((format!("( ) {}", form.kind.word()), Role::Plain));
        }
    }
    rows
}

fn lines(app: &App, area: Rect, canvas: &mut Canvas<'_>) {
    let height = usize::from(area.height);
    let all = &app.form.draft.lines;
    let has_focus = app.focus == Focus::Lines;
    let anchor = if has_focus {
        app.form.line
    } else {
        all.len().saturating_sub(1)
    };
    let first = (anchor + 1).saturating_sub(height);
    for (row, (index, line)) in (0..).zip(all.iter().enumerate().skip(first).take(height)) {
        let is_selected = has_focus && index == app.form.line;
        let role = match (is_selected, line.is_gone) {
            (true, _) => Role::Selected,
            (false, true) => Role::Bad,
            (false, false) => Role::Plain,
        };
        let price = if line.is_gone {
            "not here".to_owned()
        } else if !app.is_priced() {
            String::new()
        } else if line.is_unpriced {
            "no price".to_owned()
        } else {
            app.offer.currency.digits(line.price)
        };
        let columns = usize::from(area.width).saturating_sub(text::width(&price) + 2);
        let name = super::panes::pad(&text::fit(&title(app, line), columns), columns);
        canvas.text(area, (0, row), &format!(" {name} {price}"), role);
    }
    if first > 0 {
        canvas.text_right(area, 0, &format!("▲ {first} more"), Role::Dim);
    }
}

fn title(app: &App, line: &Line) -> String {
    let is_changed = app.is_priced() && line.price != line.picked_price;
    let changed = if is_changed { "~" } else { "" };
    match &line.item {
        None if app.is_priced() || line.tests.is_empty() => format!("{} (custom)", line.name),
        None => line.title(),
        Some(_) => format!("{changed}{}", line.name),
    }
}

fn discount(app: &App, area: Rect, canvas: &mut Canvas<'_>) {
    let has_focus = app.focus == Focus::Discount;
    let (mark, role) = if has_focus {
        ("›", Role::Focus)
    } else {
        (" ", Role::Dim)
    };
    canvas.text(area, (0, 1), &format!("{mark}Discount"), role);
    let off = rules::discount(&app.form.draft);
    let off = if off.0 == 0 {
        String::new()
    } else {
        format!("-{}", app.offer.currency.digits(off))
    };
    let field = Rect {
        width: area
            .width
            .saturating_sub(u16::try_from(off.len() + 1).unwrap_or(0)),
        ..area
    };
    if has_focus {
        canvas.input(field, (11, 1), &app.editor, Role::Plain);
    } else {
        canvas.text(field, (11, 1), &app.form.draft.discount, Role::Plain);
    }
    canvas.text_right(area, 1, &off, Role::Plain);
    if let Some(words) = app.form.told.get(&Place::Discount) {
        canvas.text(area, (1, 2), &format!("! {words}"), Role::Bad);
    }
}

fn kind(app: &App, area: Rect, canvas: &mut Canvas<'_>) {
    let role = if app.focus == Focus::Kind {
        Role::Focus
    } else {
        Role::Plain
    };
    let shown = app.offer.kinds.iter().map(|form| {
        let mark = if form.kind == app.form.draft.kind {
            "(•)"
        } else {
            "( )"
        };
        format!("{mark} {}", form.kind.word())
    });
    let shown = shown.collect::<Vec<_>>();
    let mut words = shown.join("  ");
    if text::width(&words) + 1 > usize::from(area.width) {
        let here = app
            .offer
            .kinds
            .iter()
            .position(|form| form.kind == app.form.draft.kind);
        let (nth, of) = (here.unwrap_or_default() + 1, shown.len());
        words = format!("‹ {} › {nth} of {of}", app.form.draft.kind.word());
    }
    canvas.text(area, (1, 4), &words, role);
}
