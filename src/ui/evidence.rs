//! What happened to a submission, and when.

use chrono::{DateTime, Utc};
use ratatui::text::{Line, Span};

use super::panes::{pad, wrap};
use super::theme::{Role, Theme};
use crate::app::App;
use crate::domain::happening::{self, Happening};
use crate::domain::schedule;
use crate::domain::standing::Standing;

/// Columns of the time before the words.
const TIME: usize = 10;

/// What happened, oldest first, a run of the same fact as one.
pub(super) fn lines(
    app: &App,
    standing: &Standing,
    columns: usize,
    theme: Theme,
) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for happening in happening::tell(&standing.evidence, app.offer.vendor) {
        let words = words(app, &happening);
        for (index, part) in wrap(&words, columns.saturating_sub(TIME))
            .into_iter()
            .enumerate()
        {
            let time = if index == 0 {
                clock(app, happening.at)
            } else {
                String::new()
            };
            lines.push(Line::from(vec![
                Span::styled(pad(&time, TIME), theme.style(Role::Dim)),
                Span::raw(part),
            ]));
        }
    }
    lines
}

fn words(app: &App, happening: &Happening) -> String {
    let on = match day(app, happening.at) {
        Some(day) => format!(" (on {day})"),
        None => String::new(),
    };
    format!("{}{on}", happening.told(|at| clock(app, at)))
}

/// `10:42:07` on the desk's wall.
fn clock(app: &App, at: DateTime<Utc>) -> String {
    at.with_timezone(&app.offer.zone)
        .format("%H:%M:%S")
        .to_string()
}

/// `20 Nov`, where it was not today.
fn day(app: &App, at: DateTime<Utc>) -> Option<String> {
    let zone = app.offer.zone;
    let is_today = schedule::is_same_day(at, app.now, zone);
    (!is_today).then(|| at.with_timezone(&zone).format("%-d %b").to_string())
}
