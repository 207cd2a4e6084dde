//! What can be done to an accepted record, as a card to pick from.

use ratatui::layout::Rect;
use ratatui::text::Line;

use super::Canvas;
use super::card::{self, Card, columns};
use super::panes::wrap;
use super::theme::Role;
use crate::app::App;
use crate::app::changes::Changes;
use crate::domain::text;

pub(super) fn draw(app: &App, changes: &Changes, area: Rect, canvas: &mut Canvas<'_>) {
    let columns = columns(area);
    let title = format!("Change {}", app.record_title(&changes.of));
    let mut card = Card::new(text::fit(&title, columns), Role::Focus);
    let height = usize::from(area.height).saturating_sub(2);
    for (place, id) in changes.ids.iter().enumerate() {
        let Some(change) = app.offer.change(id) else {
            continue;
        };
        let is_chosen = place == changes.cursor;
        let (mark, role) = if is_chosen {
            ("›", Role::Selected)
        } else {
            (" ", Role::Strong)
        };
        let style = canvas.theme.style(role);
        card.lines
            .push(Line::styled(format!("{mark}{}", change.label), style));
        let dim = canvas.theme.style(Role::Dim);
        let cost = if change.has_terms {
            " What it costs is told first."
        } else {
            ""
        };
        let help = format!("{}{cost}", change.help);
        let help = wrap(&help, columns.saturating_sub(2)).into_iter();
        card.lines
            .extend(help.map(|part| Line::styled(format!("  {part}"), dim)));
        if is_chosen {
            card.scroll = card.lines.len().saturating_sub(height);
        }
    }
    card::show(&card, area, canvas);
}
