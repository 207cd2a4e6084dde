//! The card of a custom item: its stops a row each, those that the form's kind takes.

use ratatui::layout::Rect;
use ratatui::text::Line;

use super::Canvas;
use super::card::{Card, columns, paragraph, show};
use super::panes::wrap;
use super::theme::Role;
use crate::app::App;
use crate::app::custom::{CustomItem, CustomStop};
use crate::domain::order::ItemKind;

/// Columns of the labels, and of a currency's symbol behind them.
const LABEL: u16 = 8;
const SYMBOL: u16 = 2;

pub(super) fn draw(app: &App, item: &CustomItem, area: Rect, canvas: &mut Canvas<'_>) {
    let mut card = Card::new("Custom item", Role::Focus);
    let columns = columns(area);
    let vendor = app.offer.vendor;
    let what = if app.is_priced() {
        "name and price"
    } else {
        "name"
    };
    let words = format!("Under your own {what}. {vendor} staff see it tagged as unmapped.");
    card.lines.extend(paragraph(&words, columns));
    card.blank();
    let first = u16::try_from(card.lines.len()).unwrap_or(0);
    let stops = item.stops(app.is_priced());
    card.lines.extend(stops.iter().map(|_| Line::default()));
    card.blank();
    if item.stop == CustomStop::Tests {
        let words = "The tests in it with commas between; none if they are not known.";
        card.lines.extend(paragraph(words, columns));
    }
    if let Some(told) = &item.told {
        let style = canvas.theme.style(Role::Bad);
        let told = wrap(&format!("! {told}"), columns).into_iter();
        card.lines
            .extend(told.map(|part| Line::styled(part, style)));
    }
    let inside = show(&card, area, canvas);
    let mut cursor = None;
    for (row, stop) in (first..).zip(stops) {
        let has_focus = item.stop == *stop;
        let (mark, role) = if has_focus {
            ("›", Role::Focus)
        } else {
            (" ", Role::Dim)
        };
        canvas.text(inside, (0, row), &format!("{mark}{}", label(*stop)), role);
        canvas.cursor = None;
        stop_row(app, item, *stop, (inside, row), canvas);
        if has_focus {
            cursor = canvas.cursor;
        }
    }
    canvas.cursor = cursor;
}

fn label(stop: CustomStop) -> &'static str {
    match stop {
        CustomStop::Name => "Name",
        CustomStop::Price => "Price",
        CustomStop::Kind => "Kind",
        CustomStop::Tests => "Tests",
    }
}

fn stop_row(
    app: &App,
    item: &CustomItem,
    stop: CustomStop,
    (inside, row): (Rect, u16),
    canvas: &mut Canvas<'_>,
) {
    match stop {
        CustomStop::Name => canvas.input(inside, (LABEL, row), &item.name, Role::Plain),
        CustomStop::Tests => canvas.input(inside, (LABEL, row), &item.tests, Role::Plain),
        CustomStop::Price => {
            let symbol = app.offer.currency.symbol();
            canvas.text(inside, (LABEL, row), symbol, Role::Dim);
            canvas.input(inside, (LABEL + SYMBOL, row), &item.price, Role::Plain);
        }
        CustomStop::Kind => {
            let kinds = match item.kind {
                ItemKind::Test => "(•) test  ( ) package",
                ItemKind::Package => "( ) test  (•) package",
            };
            canvas.text(inside, (LABEL, row), kinds, Role::Plain);
        }
    }
}
