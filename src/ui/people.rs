//! The card of people who may be the patient: those this desk has met, and under them those the vendor knows.

use chrono::TimeDelta;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use super::Canvas;
use super::card::{Card, columns, paragraph, show};
use super::drafts::days;
use super::panes::fill;
use super::theme::Role;
use crate::app::App;
use crate::app::known::KnownState;
use crate::domain::failure::Failure;
use crate::domain::slot::FoundPatient;
use crate::domain::submission::{Gender, MetPatient};
use crate::domain::text;

pub(super) fn draw(app: &App, cursor: usize, area: Rect, canvas: &mut Canvas<'_>) {
    let mut card = Card::new(title(app), Role::Focus);
    let columns = columns(area);
    let met = &app.household.people;
    let mut at_cursor = 0;
    let mut row = |card: &mut Card, index: usize, words: String| {
        let style = if index == cursor {
            at_cursor = card.lines.len();
            canvas.theme.style(Role::Selected)
        } else {
            Style::new()
        };
        card.lines.push(Line::styled(words, style));
    };
    for (index, person) in met.iter().enumerate() {
        row(&mut card, index, met_row(app, person, columns));
    }
    if app.finds_patients() {
        if !met.is_empty() {
            card.blank();
            let words = format!("At {}", app.offer.vendor);
            card.lines
                .push(Line::styled(words, canvas.theme.style(Role::Dim)));
        }
        if let KnownState::Found(found) = app.known_state() {
            for (index, patient) in found.iter().enumerate() {
                let words = found_row(patient, columns);
                row(&mut card, met.len() + index, words);
            }
        }
        let words = known(app);
        card.lines
            .extend(words.iter().flat_map(|words| paragraph(words, columns)));
    }
    let room = usize::from(area.height).saturating_sub(3).max(1);
    card.scroll = (at_cursor + 1).saturating_sub(room);
    show(&card, area, canvas);
}

fn title(app: &App) -> String {
    let people = &app.household.people;
    let phone = people.first().map(|first| first.patient.phone_words());
    let Some(phone) = phone.filter(|phone| !phone.is_empty()) else {
        return format!("Patients at {}", app.offer.vendor);
    };
    if people.len() == 1 {
        format!("1 person on {phone}")
    } else {
        format!("{} people on {phone}", people.len())
    }
}

fn met_row(app: &App, person: &MetPatient, columns: usize) -> String {
    let met = format!("met {}", ago(app.now - person.met_at));
    let about = format!("{:<19}{met:>20}", described(app, person));
    let name = person.patient.full_name();
    let name = fill(&name, columns.saturating_sub(text::width(&about)));
    format!("{name}{about}")
}

fn found_row(found: &FoundPatient, columns: usize) -> String {
    let name = columns * 2 / 5;
    let note = fill(&found.note, columns - name);
    format!("{}{note}", fill(&found.patient.name, name))
}

/// What the vendor says where it names nobody.
fn known(app: &App) -> Option<String> {
    let vendor = app.offer.vendor;
    match app.known_state() {
        KnownState::NotAsked => Some("A name, an e-mail or a date of birth finds them".to_owned()),
        KnownState::Asking => Some(format!("{vendor} is being asked")),
        // The same question has the same answer.
        KnownState::Failed(failure @ Failure::Refused(_)) => {
            Some(format!("Not found out: {failure}."))
        }
        KnownState::Failed(failure) => {
            let words = app.with_remedy(failure, "Enter asks again");
            Some(format!("Not found out: {words}."))
        }
        KnownState::Found([]) => Some(format!(
            "{vendor} knows nobody like this: the patient may be created when it is sent."
        )),
        KnownState::Found(_) => None,
    }
}

/// Age as it was told then, and gender.
fn described(app: &App, person: &MetPatient) -> String {
    let patient = &person.patient;
    let age = match (patient.birth_date, patient.age) {
        (Some(born), _) => format!("born {born}"),
        (None, Some(age)) if age.holds_after(app.now - person.met_at) => age.to_string(),
        (None, _) => "ask age".to_owned(),
    };
    let gender = patient.gender.map_or("", Gender::word);
    format!("{age} {gender}")
}

/// How long ago a person was met.
fn ago(time: TimeDelta) -> String {
    match time.num_days().max(0) {
        0 => "within a day".to_owned(),
        count @ 1..730 => format!("{} ago", days(count)),
        count => format!("{} years ago", count / 365),
    }
}
