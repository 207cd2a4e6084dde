//! What happened to a submission and when, and what a person decides about it risks.

use chrono::{DateTime, Utc};
use ratatui::text::{Line, Span};

use super::panes::{pad, wrap};
use super::theme::{Role, Theme};
use crate::app::App;
use crate::domain::evidence::Doubt;
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
    if happening.times < 2 {
        return format!("{}{on}", happening.words);
    }
    let until = clock(app, happening.until);
    let times = happening.times;
    format!("{} ({times} times until {until}){on}", happening.words)
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

/// What is unknown, then what each choice risks.
pub(super) fn choices(vendor: &str, doubt: &Doubt) -> [String; 4] {
    match doubt {
        Doubt::DuplicateAfterUnknown => [
            format!(
                "One try had no answer; the next was refused, because {vendor} has a record with this phone or e-mail today. Unknown: whether that record is this one, or somebody else's with the same phone."
            ),
            format!(
                "found it: look at {vendor}. Right only if the record shows this patient and these tests; taking somebody else's number leaves this patient without a booking."
            ),
            format!(
                "send again: {vendor} refuses it as long as that record is of today. If it is ours and {vendor} takes it all the same, there will be two."
            ),
            "drop: nothing more is sent. If the record is somebody else's, this patient is not booked at all.".to_owned(),
        ],
        Doubt::RefusedAfterUnknown => [
            format!(
                "One try had no answer; the next was refused. Unknown: the refusal speaks for the last try alone, the one before may stand at {vendor}."
            ),
            format!("found it: look at {vendor}. Right if it stands there for this patient."),
            format!(
                "send again: the same form will most likely be refused again. If the first try stands at {vendor} there may be two."
            ),
            format!(
                "drop: nothing more is sent. If the first try stands at {vendor} it stays there, and somebody will act on it."
            ),
        ],
        Doubt::DayIsOver => [
            format!(
                "A try had no clear answer, and {vendor} refuses doubles only within one day: sending it by itself is no longer safe. Unknown: whether the try of that day stands at {vendor}."
            ),
            format!("found it: look at {vendor} on the day it was sent. Right if it stands there."),
            "send again: right if it is not there. If it is, there will be two, and nobody refuses the second.".to_owned(),
            format!("drop: nothing more is sent. If it is not at {vendor}, this patient is not booked."),
        ],
        Doubt::TriedOften => [
            format!(
                "Six tries left this desk and none had a clear answer. Unknown: whether one of them stands at {vendor}."
            ),
            format!("found it: look at {vendor}. Right if it stands there for this patient."),
            format!(
                "send again: right if it is not there. If one of the six is, {vendor} should refuse a second of the same day, but on another day there will be two."
            ),
            "drop: nothing more is sent. If none of the six arrived, this patient is not booked.".to_owned(),
        ],
        Doubt::StoreWasDamaged => [
            format!(
                "The store was damaged, and what this desk knew of it may be incomplete. Unknown: whether it was sent, and stands at {vendor}."
            ),
            format!("found it: look at {vendor} on the day it was saved. Right if it stands there."),
            "send again: right if it is not there. If it is, there may be two.".to_owned(),
            format!("drop: nothing more is sent. If it is not at {vendor}, this patient is not booked."),
        ],
        Doubt::NoWayToLook => [
            format!(
                "A try had no clear answer, and {vendor} gives this program no way to look. Unknown: whether it stands there."
            ),
            format!("found it: ask {vendor}, or look on its own screen. Right if it stands there."),
            "send again: right if it is not there. If it is, there will be two.".to_owned(),
            format!("drop: nothing more is sent. If it is not at {vendor}, this patient is not booked."),
        ],
    }
}
