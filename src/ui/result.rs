//! The result card: state word, the vendor's number, our number, and what this state allows.

use chrono::{DateTime, Utc};
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::card::{Card, columns, paragraph};
use super::review::field_label;
use super::theme::{Role, Theme};
use crate::app::App;
use crate::domain::evidence::{Doubt, Fact, Outcome, Reason, State};
use crate::domain::standing::Standing;
use crate::domain::submission::DraftId;

pub(super) fn card(app: &App, draft: DraftId, area: Rect, theme: Theme) -> Card {
    let columns = columns(area);
    if let Some(unsaved) = app.outbox.held(draft) {
        return match &unsaved.failure {
            None => Card::new("Saving", Role::Focus),
            Some(why) => {
                let mut card = Card::new("Not saved", Role::Bad);
                card.lines
                    .extend(paragraph(&format!("Nothing was sent: {why}."), columns));
                card.lines.extend(paragraph(
                    "What you typed is kept: Enter leads back to the form.",
                    columns,
                ));
                card
            }
        };
    }
    match app.outbox.standing(draft) {
        Some(standing) => outcome(app, standing, columns, theme),
        None => Card::new("Gone", Role::Dim),
    }
}

fn outcome(app: &App, standing: &Standing, columns: usize, theme: Theme) -> Card {
    let (role, mark) = look(&standing.state);
    let mut card = Card::new(format!("{mark} {}", heading(&standing.state)), role);
    let submission = &standing.intent.submission;
    let who = format!(
        "{} · {}",
        submission.patient.full_name(),
        submission.patient.phone
    );
    card.lines
        .push(Line::styled(who, theme.style(Role::Strong)));
    let what = format!(
        "{} · {}",
        submission.kind.word(),
        app.offer.currency.show(submission.total)
    );
    card.lines
        .push(Line::from(format!("{what} · {}", submission.branch.name)));
    let items: Vec<&str> = submission
        .lines
        .iter()
        .map(|line| line.name.as_str())
        .collect();
    card.lines.extend(paragraph(&items.join(", "), columns));
    card.blank();
    for words in explain(app, standing) {
        card.lines.extend(paragraph(&words, columns));
    }
    card.blank();
    card.lines.push(Line::styled(
        format!("Our number  {}", standing.intent.id),
        theme.style(Role::Dim),
    ));
    card
}

/// The word, with what goes with it.
fn heading(state: &State) -> String {
    match state {
        State::Accepted { number } => format!("{} {number}", state.word()),
        State::Checking { .. } => format!("{}, do not re-enter", state.word()),
        State::PossibleDouble { numbers } => format!("{} {}", state.word(), numbers.join(" / ")),
        _ => state.word().to_owned(),
    }
}

fn look(state: &State) -> (Role, &'static str) {
    match state {
        State::Accepted { .. } => (Role::Good, "✓"),
        State::NotAccepted { .. } => (Role::Bad, "✗"),
        State::Checking { .. } => (Role::Warning, "?"),
        State::NeedsYou { .. } | State::PossibleDouble { .. } => (Role::Warning, "!"),
        State::Saved | State::Sending => (Role::Focus, "→"),
        State::Dropped => (Role::Dim, "–"),
    }
}

fn explain(app: &App, standing: &Standing) -> Vec<String> {
    let vendor = app.offer.vendor;
    match &standing.state {
        State::Saved => saved(app, standing),
        State::Sending => vec![format!("On its way to {vendor}. It goes on without you.")],
        State::Accepted { .. } => vec![format!("{vendor} confirmed it.")],
        State::NotAccepted { reasons } => {
            let mut words = vec![format!("{vendor} refused it and added nothing.")];
            words.extend(reasons.iter().map(|reason| said(app, reason)));
            words.push("Enter opens the form again, the reason beside its field.".to_owned());
            words
        }
        State::Checking { why } => {
            let mut words = vec![format!("It may or may not exist at {vendor}: {why}.")];
            words.push(
                "Do not enter it a second time. The console finds out by itself and says so."
                    .to_owned(),
            );
            words.extend(next(app, standing).map(|left| format!("Next look in {left}.")));
            words
        }
        State::NeedsYou { doubt } => needs_you(vendor, doubt),
        State::Dropped => vec!["It will not be sent. Enter opens the form again.".to_owned()],
        State::PossibleDouble { numbers } => vec![format!(
            "{vendor} confirmed it under {} numbers: {}. Open them there and cancel what is too much.",
            numbers.len(),
            numbers.join(" and ")
        )],
    }
}

fn saved(app: &App, standing: &Standing) -> Vec<String> {
    let mut words = vec!["Safe on disk. It will be sent by itself.".to_owned()];
    let last = standing
        .evidence
        .iter()
        .rev()
        .find_map(|evidence| match &evidence.fact {
            Fact::Ended { outcome, .. } => Some(outcome),
            _ => None,
        });
    match last {
        Some(Outcome::NotSent { why } | Outcome::SignedOut { why }) => {
            words.push(format!("It has not left yet: {why}."));
        }
        Some(Outcome::RateLimited { .. }) => words.push(format!(
            "{} asked to wait; nothing was lost.",
            app.offer.vendor
        )),
        Some(_) => {}
        None => {
            words.extend(
                next(app, standing).map(|left| format!("It leaves in {left}; u takes it back.")),
            );
            return words;
        }
    }
    words.extend(next(app, standing).map(|left| format!("Next try in {left}.")));
    words
}

/// `0:42` until the courier acts by itself.
fn next(app: &App, standing: &Standing) -> Option<String> {
    let at: DateTime<Utc> = standing.next?;
    let seconds = (at - app.now).num_seconds().max(0);
    Some(format!("{}:{:02}", seconds / 60, seconds % 60))
}

fn said(app: &App, reason: &Reason) -> String {
    match reason
        .field
        .map(|field| field_label(app, field))
        .filter(|label| !label.is_empty())
    {
        Some(label) => format!("{label}: {}", reason.words),
        None => format!("{} says: “{}”", app.offer.vendor, reason.words),
    }
}

fn needs_you(vendor: &str, doubt: &Doubt) -> Vec<String> {
    let why = match doubt {
        Doubt::DuplicateAfterUnknown => format!(
            "The first try had no answer; the second was refused because {vendor} has a record with this phone or e-mail today. It may be this one, or somebody else's."
        ),
        Doubt::RefusedAfterUnknown => format!(
            "The first try had no answer; the second was refused. The first may stand at {vendor} all the same."
        ),
        Doubt::DayIsOver => format!(
            "A try had no answer and the day is over at {vendor}: sending again could make a second record."
        ),
        Doubt::TriedOften => "Six tries reached the line without a clear answer.".to_owned(),
        Doubt::NoWayToLook => format!("A try had no answer, and {vendor} offers no way to look."),
    };
    vec![
        why,
        format!("f  found it: you looked at {vendor} and it is there. You type its number."),
        "s  send again: it is not there. If it is after all, there will be two.".to_owned(),
        "d  drop: this desk forgets it. What is there stays there.".to_owned(),
    ]
}
