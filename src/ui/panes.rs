//! Where the panes stand, the rules over and between them, and the branch pane.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::Canvas;
use super::theme::Role;
use crate::app::App;
use crate::app::focus::{Focus, Pane};
use crate::domain::{rules, text};

/// Columns of the left and right side on a wide screen; the middle takes the rest.
const LEFT: u16 = 38;
const RIGHT: u16 = 30;
/// Rows of the branch pane: six branches, a row for the party, the rule over them. It never jumps.
const BRANCH_ROWS: u16 = 8;

/// Branch over patient on the left, tests or times in the middle, the order on the right: a booking reads from left to
/// right. A form without either has the middle for itself.
pub(super) fn side_by_side(app: &App, area: Rect) -> Vec<(Pane, Rect)> {
    let panes = Pane::of(&app.offer, &app.form.draft);
    let [tests, when] = [Pane::Tests, Pane::When].map(|pane| panes.contains(&pane));
    let in_the_middle = match app.focus.pane() {
        Pane::When if when => Some(Pane::When),
        _ if tests => Some(Pane::Tests),
        _ => when.then_some(Pane::When),
    };
    let left = Rect {
        width: LEFT,
        ..area
    };
    let middle = Rect {
        x: area.x + LEFT + 1,
        width: area.width - LEFT - RIGHT - 2,
        ..area
    };
    let order = Rect {
        x: middle.right() + 1,
        width: RIGHT,
        ..area
    };
    let Some(in_the_middle) = in_the_middle else {
        return vec![
            (Pane::Branch, left),
            (Pane::Patient, middle),
            (Pane::Order, order),
        ];
    };
    let branch_rows = BRANCH_ROWS.min(area.height / 3);
    let branch = Rect {
        height: branch_rows,
        ..left
    };
    let patient = Rect {
        y: area.y + branch_rows,
        height: area.height - branch_rows,
        ..left
    };
    vec![
        (Pane::Branch, branch),
        (Pane::Patient, patient),
        (in_the_middle, middle),
        (Pane::Order, order),
    ]
}

/// One row that names all panes, what it costs, and where the focus is. Answers the pane that is shown, and where it
/// stands.
pub(super) fn tab_strip(app: &App, area: Rect, canvas: &mut Canvas<'_>) -> (Pane, Rect) {
    let shown = app.focus.pane();
    let mut spans = vec![Span::raw(" ")];
    for (number, pane) in (1..).zip(Pane::of(&app.offer, &app.form.draft)) {
        let role = if pane == shown {
            Role::Selected
        } else {
            Role::Plain
        };
        let title = match pane {
            _ if area.width < 56 && pane != shown => number.to_string(),
            Pane::Tests if area.width < 70 => format!("{number} Tests"),
            _ => format!("{number} {}", pane.name(app.has_items())),
        };
        spans.push(Span::styled(format!(" {title} "), canvas.theme.style(role)));
    }
    canvas.line(area, 0, &Line::from(spans));
    if let Some(price) = super::order::price(app) {
        canvas.text_right(area, 0, &format!("{price} "), Role::Strong);
    }
    let below = Rect {
        y: area.y + 1,
        height: area.height - 1,
        ..area
    };
    (shown, below)
}

/// The number of a pane is the same at every size, whichever panes are in sight.
fn number(app: &App, pane: Pane) -> usize {
    let panes = Pane::of(&app.offer, &app.form.draft);
    let before = panes.iter().take_while(|other| **other != pane);
    before.count() + 1
}

/// The rule over a pane, heavy where the keys go: it names the pane and says what a clerk must know of it at a glance.
/// The pane's text stands under it, a column away from both sides.
pub(super) fn heading(app: &App, pane: Pane, area: Rect, canvas: &mut Canvas<'_>) -> Rect {
    let number = number(app, pane);
    let has_focus = app.focus.pane() == pane;
    let (rule, role) = if has_focus {
        ("━", Role::Focus)
    } else {
        ("─", Role::Dim)
    };
    canvas.rule(area, 0, rule, role);
    let name = pane.name(app.has_items());
    let zone = app.site_zone();
    let title = match pane {
        Pane::Patient => match app.form.draft.change_title(&app.offer) {
            Some(change) => {
                let room = usize::from(area.width).saturating_sub(5);
                format!(" {number} {} ", text::fit(&change, room))
            }
            None => format!(" {number} {name} · {} ", app.form.draft.kind.word()),
        },
        Pane::When if zone != app.offer.zone => format!(" {number} {name} · {zone} "),
        _ => format!(" {number} {name} "),
    };
    canvas.text(area, (1, 0), &title, role);
    let age = match pane {
        Pane::Tests => app.price_age(),
        Pane::When => super::when::age(app),
        _ => None,
    };
    if let Some((words, is_old)) = age {
        let (words, role) = if is_old {
            (format!(" ! {words} "), Role::Warning)
        } else {
            (format!(" {words} "), Role::Dim)
        };
        let narrower = Rect {
            width: area.width.saturating_sub(1),
            ..area
        };
        canvas.text_right(narrower, 0, &words, role);
    }
    Rect {
        x: area.x + 1,
        y: area.y + 1,
        width: area.width.saturating_sub(2),
        height: area.height.saturating_sub(1),
    }
}

/// The lines that part the columns of a wide screen.
pub(super) fn separators(area: Rect, canvas: &mut Canvas<'_>) {
    let style = canvas.theme.style(Role::Dim);
    for column in [LEFT, area.width.saturating_sub(RIGHT + 1)] {
        for row in area.top()..area.bottom() {
            if let Some(cell) = canvas.buffer.cell_mut((area.x + column, row)) {
                cell.set_symbol("│").set_style(style);
            }
        }
    }
}

/// The list that is being chosen from; the other one as a row of its own.
pub(super) fn branch(app: &App, area: Rect, canvas: &mut Canvas<'_>) {
    if !rules::asks_party(&app.form.draft, &app.offer) {
        return branches(app, area, canvas);
    }
    if app.focus == Focus::Party {
        let name = app
            .form
            .draft
            .branch
            .as_ref()
            .map_or("not chosen", |branch| &branch.name);
        canvas.text(area, (0, 0), &format!("  Branch  {name}"), Role::Dim);
        parties(app, rows_from(area, 1), canvas);
        return;
    }
    let list = Rect {
        height: area.height.saturating_sub(1),
        ..area
    };
    branches(app, list, canvas);
    let (name, role) = match &app.form.draft.party {
        Some(party) => (party.name.as_str(), Role::Plain),
        None if app.offer.is_party_required && app.is_priced() => {
            ("choose whose prices", Role::Warning)
        }
        None if app.offer.is_party_required => ("choose whose list", Role::Dim),
        None => ("none", Role::Dim),
    };
    canvas.text(area, (0, list.height), &format!("  Party   {name}"), role);
}

/// What is left of an area from a row on.
pub(super) fn rows_from(area: Rect, row: u16) -> Rect {
    let row = row.min(area.height);
    Rect {
        y: area.y + row,
        height: area.height - row,
        ..area
    }
}

fn branches(app: &App, area: Rect, canvas: &mut Canvas<'_>) {
    if app.desk.branches.is_empty() {
        let words = match (&app.desk.not_loaded, app.desk.loading) {
            (_, Some(_)) => "Loading branches".to_owned(),
            (Some(failure), None) => app.with_remedy(failure, "Enter tries again"),
            (None, None) => "This account has no branches".to_owned(),
        };
        for (row, part) in (0..).zip(wrap(&words, usize::from(area.width))) {
            canvas.text(area, (0, row), &part, Role::Dim);
        }
        return;
    }
    let names: Vec<String> = app
        .desk
        .branches
        .iter()
        .map(|branch| branch.name.clone())
        .collect();
    let chosen = app.form.draft.branch.as_ref();
    let chosen = chosen.and_then(|chosen| {
        app.desk
            .branches
            .iter()
            .position(|branch| branch.id == chosen.id)
    });
    column(
        canvas,
        area,
        &names,
        app.desk.branch_cursor,
        chosen,
        app.focus == Focus::Branch,
    );
}

fn parties(app: &App, area: Rect, canvas: &mut Canvas<'_>) {
    let choices = app.party_choices();
    let names: Vec<String> = choices
        .iter()
        .map(|party| party.map_or_else(|| "none".to_owned(), party_name))
        .collect();
    let chosen = choices
        .iter()
        .position(|party| *party == app.form.draft.party.as_ref());
    column(canvas, area, &names, app.desk.party_cursor, chosen, true);
}

fn party_name(party: &crate::domain::branch::Party) -> String {
    format!("{} ({})", party.name, party.kind.word())
}

/// A list with a mark at what is chosen and the cursor where the focus is.
fn column(
    canvas: &mut Canvas<'_>,
    area: Rect,
    names: &[String],
    cursor: usize,
    chosen: Option<usize>,
    has_focus: bool,
) {
    let height = usize::from(area.height).max(1);
    let anchor = if has_focus {
        cursor
    } else {
        chosen.unwrap_or_default()
    };
    let first = anchor / height * height;
    for (row, (index, name)) in (0..).zip(names.iter().enumerate().skip(first).take(height)) {
        let mark = if chosen == Some(index) { "●" } else { " " };
        let role = match (has_focus && cursor == index, chosen == Some(index)) {
            (true, _) => Role::Selected,
            (false, true) => Role::Strong,
            (false, false) => Role::Plain,
        };
        let width = usize::from(area.width).saturating_sub(2);
        let padded = pad(&text::fit(name, width), width);
        canvas.text(area, (0, row), &format!("{mark} {padded}"), role);
    }
}

/// The text filled up with blanks to `columns`.
pub(super) fn pad(words: &str, columns: usize) -> String {
    let blanks = columns.saturating_sub(text::width(words));
    format!("{words}{}", " ".repeat(blanks))
}

/// The text in a column of a list: cut to fit, filled up, and a blank behind it.
pub(super) fn fill(words: &str, columns: usize) -> String {
    pad(&text::fit(words, columns.saturating_sub(1)), columns)
}

/// A list whose cursor stays in sight, a line each; `line` is told whether the cursor is on it.
pub(super) fn list<T>(
    canvas: &mut Canvas<'_>,
    area: Rect,
    (rows, cursor): (&[T], usize),
    line: impl Fn(&T, bool) -> Line<'static>,
) {
    let first = first_in_sight(area, cursor);
    let seen = in_sight(area, (rows, cursor)).iter();
    for (row, (place, item)) in (0..).zip((first..).zip(seen)) {
        canvas.line(area, row, &line(item, place == cursor));
    }
}

/// The rows of such a list that are on screen.
pub(super) fn in_sight<T>(area: Rect, (rows, cursor): (&[T], usize)) -> &[T] {
    let below = rows.get(first_in_sight(area, cursor)..).unwrap_or_default();
    let height = usize::from(area.height).max(1);
    below.get(..height).unwrap_or(below)
}

fn first_in_sight(area: Rect, cursor: usize) -> usize {
    (cursor + 1).saturating_sub(usize::from(area.height).max(1))
}

/// The text in lines of at most `columns`, broken between words.
pub(super) fn wrap(words: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(1);
    let mut lines = vec![String::new()];
    for word in glued(words) {
        let Some(last) = lines.last_mut() else { break };
        let gap = usize::from(!last.is_empty());
        if text::width(last) + gap + text::width(&word) <= columns {
            if gap == 1 {
                last.push(' ');
            }
            last.push_str(&word);
        } else if last.is_empty() {
            *last = text::fit(&word, columns);
        } else {
            lines.push(text::fit(&word, columns));
        }
    }
    lines
}

/// The words of a text; a currency sign stays with its amount.
fn glued(words: &str) -> Vec<String> {
    let mut glued: Vec<String> = Vec::new();
    for word in words.split_whitespace() {
        match glued.last_mut() {
            Some(last) if last.ends_with('₹') => {
                last.push(' ');
                last.push_str(word);
            }
            _ => glued.push(word.to_owned()),
        }
    }
    glued
}
