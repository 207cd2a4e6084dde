//! The patient pane: one field a row, what is wrong with it under it.

use ratatui::layout::Rect;

use super::Canvas;
use super::panes::wrap;
use super::theme::Role;
use crate::app::App;
use crate::app::focus::Focus;
use crate::app::keymap::Action;
use crate::app::listed::ListState;
use crate::domain::offer::{Field, FieldKey, Input, SlotSource};
use crate::domain::rules::Place;
use crate::domain::slot::Slot;
use crate::domain::{schedule, text};

/// Columns of the labels, where none is longer.
const LABEL: u16 = 14;

/// One row of the pane.
enum Row<'a> {
    Field(&'a Field),
    /// What is wrong with the field above.
    Told(String),
    /// The value above, read back in full.
    Echo(String),
    /// What the value above leads to.
    Hint(String),
    /// The visit that is changed.
    About(String),
}

/// Columns of the labels of this form, each with its mark, its star and a blank before the value.
fn label_columns(app: &App) -> u16 {
    let fields = app.form.draft.every_field(&app.offer).iter();
    let columns = fields.map(|field| text::width(field.label) + if field.required { 4 } else { 2 });
    let longest = columns.max().unwrap_or_default();
    u16::try_from(longest).unwrap_or(LABEL).max(LABEL)
}

pub(super) fn draw(app: &App, area: Rect, canvas: &mut Canvas<'_>) {
    let label = label_columns(app);
    let rows = rows(app, usize::from(area.width));
    let focused = rows
        .iter()
        .position(|row| matches!(row, Row::Field(field) if app.focus == Focus::Field(field.key)));
    let height = usize::from(area.height);
    let spare = rows.len().saturating_sub(height);
    let first = focused.map_or(0, |focused| {
        focused.saturating_sub(height * 2 / 3).min(spare)
    });
    for (place, row) in (0..).zip(rows.iter().skip(first).take(height)) {
        match row {
            Row::Field(field) => field_row(app, field, area, (label, place), canvas),
            Row::Told(words) => canvas.text(area, (1, place), words, Role::Bad),
            Row::Hint(words) => canvas.text(area, (1, place), words, Role::Key),
            Row::About(words) => canvas.text(area, (1, place), words, Role::Plain),
            Row::Echo(words) => canvas.text_right(area, place, words, Role::Dim),
        }
    }
    let is_echo = matches!(rows.get(first), Some(Row::Echo(_)));
    if first > 0 && !is_echo {
        canvas.text_right(area, 0, "▲", Role::Dim);
    }
    if first + height < rows.len() && area.height > 0 {
        canvas.text_right(area, area.height - 1, "▼", Role::Dim);
    }
}

fn rows(app: &App, width: usize) -> Vec<Row<'_>> {
    let mut rows = about(app, width);
    if let Some(words) = &app.form.refusal {
        rows.extend(warning(words, width));
    }
    for field in app.form.draft.fields(&app.offer) {
        rows.push(Row::Field(field));
        if let Some(words) = app.form.told.get(&Place::Field(field.key)) {
            rows.extend(warning(words, width));
        } else if let Some(words) = app.kept_words(field.key) {
            rows.extend(hints(&words, width));
        } else if matches!(field.input, Input::Listed(_))
            && let ListState::Failed(failure) = app.list_state(field.key)
        {
            let key = app.keymap.key(Action::Refresh);
            let words = app.with_remedy(failure, &format!("{key} asks again"));
            let words = format!("not read: {words}");
            rows.extend(hints(&words, width));
        } else if field.input == Input::PatientCode
            && let Some(words) = app.code_words()
        {
            rows.extend(hints(&words, width));
        } else if field.key == FieldKey::Name
            && let Some(words) = app.known_words()
        {
            rows.extend(hints(&words, width));
        } else if field.key == FieldKey::Phone
            && let Some(words) = app.household_words()
        {
            rows.push(Row::Hint(words));
        } else if field.input == Input::When
            && let Some(words) = echo(app, field.key)
        {
            rows.extend(wrap(&words, width).into_iter().map(Row::Echo));
        }
    }
    rows
}

/// When the visit is that is changed, where, and what for.
fn about<'a>(app: &App, width: usize) -> Vec<Row<'a>> {
    let draft = &app.form.draft;
    let Some(visit) = &draft.visit else {
        return Vec::new();
    };
    let lines = [visit.moment(app.offer.zone), visit.place()];
    let parts = lines
        .iter()
        .flat_map(|line| wrap(line, width.saturating_sub(2)));
    parts.map(Row::About).collect()
}

fn warning<'a>(words: &str, width: usize) -> Vec<Row<'a>> {
    let parts = wrap(words, width.saturating_sub(4)).into_iter().enumerate();
    let row = |(index, part)| {
        let mark = if index == 0 { "! " } else { "  " };
        Row::Told(format!("{mark}{part}"))
    };
    parts.map(row).collect()
}

fn hints<'a>(words: &str, width: usize) -> Vec<Row<'a>> {
    let parts = wrap(words, width.saturating_sub(2));
    parts.into_iter().map(Row::Hint).collect()
}

/// A field at a row, its value behind the columns of the labels.
fn field_row(
    app: &App,
    field: &Field,
    area: Rect,
    (label, row): (u16, u16),
    canvas: &mut Canvas<'_>,
) {
    let at = (label, row);
    let has_focus = app.focus == Focus::Field(field.key);
    let star = if field.required { " *" } else { "" };
    let role = if has_focus { Role::Focus } else { Role::Dim };
    let mark = if has_focus { "›" } else { " " };
    canvas.text(
        area,
        (0, row),
        &format!("{mark}{}{star}", field.label),
        role,
    );
    match &field.input {
        Input::Choice(choices) => {
            let value = app.form.draft.value(field.key);
            let label = choices
                .iter()
                .find(|choice| choice.value == value)
                .map_or("", |choice| choice.label.as_str());
            let shown = match (has_focus, label) {
                (true, "") => "‹ choose with ← → ›".to_owned(),
                (true, label) => format!("‹ {label} ›"),
                (false, label) => label.to_owned(),
            };
            canvas.text(area, at, &shown, Role::Plain);
        }
        Input::PatientCode if app.is_code_confirmed() => {
            canvas.text(area, at, "✓ confirmed", Role::Good);
        }
        Input::Listed(_) => listed(app, field.key, area, at, canvas),
        Input::When if slot(app).is_some() && value(app, field.key).is_empty() => {
            let picked = slot(app).map(|slot| slot.at.format("%a %-d %b, %H:%M").to_string());
            canvas.text(area, at, &picked.unwrap_or_default(), Role::Plain);
            if has_focus {
                canvas.place_cursor(area, label, row);
            }
        }
        _ if has_focus => canvas.input(area, at, &app.editor, Role::Plain),
        _ => canvas.text(area, at, &value(app, field.key), Role::Plain),
    }
}

/// What was chosen of a vendor's list, or what keeps it from being chosen.
fn listed(app: &App, key: FieldKey, area: Rect, at: (u16, u16), canvas: &mut Canvas<'_>) {
    let has_focus = app.focus == Focus::Field(key);
    let label = app.listed_label(key);
    let (shown, role) = match (label, app.list_state(key)) {
        ("", ListState::Loading) if has_focus => ("asking for the list".to_owned(), Role::Dim),
        ("", _) if has_focus => ("‹ Enter lists them ›".to_owned(), Role::Plain),
        (label, _) if has_focus => (format!("‹ {label} ›"), Role::Plain),
        (label, _) => (label.to_owned(), Role::Plain),
    };
    canvas.text(area, at, &shown, role);
}

/// The slot that fills the form, where only the vendor's slots can.
fn slot(app: &App) -> Option<&Slot> {
    let slot = app.form.draft.slot.as_ref();
    slot.filter(|_| app.slot_source() == Some(SlotSource::Vendor))
}

/// The moment in full, with the zone, and what it costs.
fn echo(app: &App, key: FieldKey) -> Option<String> {
    let zone = app.site_zone();
    if app.slot_source() != Some(SlotSource::Vendor) {
        let text = app.form.draft.value(key);
        let moment = schedule::parse(text, app.offer.day_order(), zone, app.now).ok()?;
        return Some(schedule::echo(moment, zone));
    }
    let slot = slot(app)?;
    let price = slot
        .price
        .map(|price| format!(" · {}", app.offer.currency.show(price)));
    let moment = schedule::echo(slot.at, zone);
    Some(format!("{moment}{}", price.unwrap_or_default()))
}

fn value(app: &App, key: FieldKey) -> String {
    app.form.draft.values.get(&key).cloned().unwrap_or_default()
}
