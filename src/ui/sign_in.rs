//! The card on which the code of a sign-in is typed.

use ratatui::layout::Rect;
use ratatui::text::Line;

use super::Canvas;
use super::card::{Card, columns, paragraph, show};
use super::panes::wrap;
use super::theme::Role;
use crate::app::App;

pub(super) fn draw(app: &App, code: &tui_input::Input, area: Rect, canvas: &mut Canvas<'_>) {
    let mut card = Card::new(format!("Sign in to {}", app.offer.vendor), Role::Focus);
    let columns = columns(area);
    let sign_in = &app.sign_in;
    let words = sign_in.needed.as_deref().unwrap_or_default();
    card.lines.extend(paragraph(words, columns));
    card.blank();
    let row = u16::try_from(card.lines.len()).unwrap_or(0);
    card.blank();
    let (told, role) = match (&sign_in.told, sign_in.is_checking) {
        (_, true) => ("The code is being checked".to_owned(), Role::Dim),
        (Some(told), false) => (format!("! {told}"), Role::Warning),
        (None, false) => (String::new(), Role::Dim),
    };
    let style = canvas.theme.style(role);
    let told = wrap(&told, columns);
    card.lines
        .extend(told.into_iter().map(|part| Line::styled(part, style)));
    let inside = show(&card, area, canvas);
    canvas.text(inside, (0, row), "›Code", Role::Focus);
    canvas.input(inside, (7, row), code, Role::Plain);
}
