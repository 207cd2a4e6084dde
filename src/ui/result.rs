//! The result card: state word, the vendor's number, our number, and what this state allows.

use chrono::{DateTime, Utc};
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::card::{Card, columns, paragraph};
use super::evidence;
use super::panes::{pad, wrap};
use super::theme::{Role, Theme};
use super::worklist::saved_at;
use crate::app::App;
use crate::app::keymap::Action;
use crate::app::popup::Popup;
use crate::app::scroll::Scroll;
use crate::domain::doubt;
use crate::domain::evidence::{Fact, Outcome, Reason, State};
use crate::domain::looked::{Looked, Told};
use crate::domain::offer::{FieldKey, Items};
use crate::domain::schedule;
use crate::domain::standing::Standing;
use crate::domain::submission::{DraftId, Submission};
use crate::domain::text;
use crate::domain::turn;

/// Columns of the labels of what the vendor tells of a record.
const TOLD: usize = 18;

pub(super) fn card(app: &App, draft: DraftId, area: Rect, theme: Theme) -> Card {
    let columns = columns(area);
    if let Some(unsaved) = app.outbox.held(draft) {
        return match &unsaved.failure {
            None => {
                let mut card = Card::new("Saving", Role::Focus);
                let words = "It is being put on disk. Nothing leaves before it is there.";
                card.lines.extend(paragraph(words, columns));
                card
            }
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
    let is_accepted = matches!(standing.state, State::Accepted { .. });
    if is_accepted {
        told(
            &told_by_now(app, standing),
            columns,
            theme,
            Role::Strong,
            &mut card,
        );
    }
    let submission = &standing.intent.submission;
    let about = [submission.about(), submission.patient.phone_words()];
    let about: Vec<String> = about.into_iter().filter(|part| !part.is_empty()).collect();
    if !about.is_empty() {
        let about = Line::styled(about.join(" · "), theme.style(Role::Strong));
        card.lines.push(about);
    }
    let what = [
        Some(submission.word(&app.offer).to_owned()),
        submission
            .subject
            .as_ref()
            .map(|subject| subject.number.clone()),
        submission
            .price(&app.offer)
            .map(|price| app.offer.currency.show(price)),
        Some(submission.branch.name.clone()),
    ];
    let what: Vec<String> = what.into_iter().flatten().collect();
    card.lines.push(Line::from(what.join(" · ")));
    let of_others = submission.of_others().map(|(_, told)| &*told.label);
    let of_others: Vec<&str> = of_others
        .filter(|told| *told != submission.about())
        .collect();
    if !of_others.is_empty() {
        card.lines
            .extend(paragraph(&of_others.join(" · "), columns));
    }
    if let Some(at) = submission.moment() {
        let zone = submission.branch.zone.unwrap_or(app.offer.zone);
        let moment = schedule::echo(at, zone);
        if !is_told(standing, &moment) {
            card.lines.push(Line::from(moment));
        }
    }
    let is_priced = app.offer.items(submission.kind) == Items::Priced;
    let lines = submission.lines.iter();
    let items: Vec<String> = lines
        .map(|line| {
            if is_priced {
                line.name.clone()
            } else {
                line.title()
            }
        })
        .collect();
    if !items.is_empty() {
        card.lines.extend(paragraph(&items.join(", "), columns));
    }
    barcode(app, submission, theme, &mut card);
    card.blank();
    for words in explain(app, standing) {
        card.lines.extend(paragraph(&words, columns));
    }
    if let State::NeedsYou { doubt } = &standing.state {
        let is_set = submission.sets_state(&app.offer);
        let choices = doubt::choices(doubt, app.offer.vendor, is_set);
        needs_you(choices, columns, theme, &mut card);
    }
    if !is_accepted {
        told(standing.told(), columns, theme, Role::Plain, &mut card);
    }
    changes(app, standing, columns, theme, &mut card);
    card.blank();
    card.lines
        .extend(evidence::lines(app, standing, columns, theme));
    card.blank();
    card.lines.push(Line::styled(
        format!("Our number  {}", standing.intent.id),
        theme.style(Role::Dim),
    ));
    card
}

/// The tube is labelled with it.
fn barcode(app: &App, submission: &Submission, theme: Theme, card: &mut Card) {
    let key = FieldKey::Barcode;
    let code = submission.detail(key);
    if let Some(field) = submission.field(&app.offer, key)
        && !code.is_empty()
    {
        card.lines.push(Line::from(vec![
            Span::styled(pad(field.label, TOLD), theme.style(Role::Dim)),
            Span::styled(code.to_owned(), theme.style(Role::Strong)),
        ]));
    }
}

/// The vendor has told the same moment, perhaps without its zone.
fn is_told(standing: &Standing, moment: &str) -> bool {
    let bare = moment.rsplit_once(' ').map_or(moment, |(bare, _)| bare);
    let mut told = standing.told().iter();
    told.any(|told| told.text == moment || told.text == bare)
}

/// What the vendor tells of its record as it is now: what an accepted change told since stands in the place of what
/// was told before it. One that made another record tells of that one.
fn told_by_now(app: &App, standing: &Standing) -> Vec<Told> {
    let mut lines = standing.told().to_vec();
    let made = app.changes_made(standing).into_iter();
    let made = made.filter(|made| {
        matches!(made.state, State::Accepted { .. }) && !made.made_record(&app.offer)
    });
    for newer in made.flat_map(Standing::told) {
        if let Some(line) = lines.iter_mut().find(|line| line.label == newer.label) {
            line.text.clone_from(&newer.text);
        }
    }
    lines
}

/// What the vendor tells of a record.
fn told(lines: &[Told], columns: usize, theme: Theme, role: Role, card: &mut Card) {
    for told in lines {
        let label = pad(&text::fit(&told.label, TOLD - 1), TOLD);
        let parts = wrap(&told.text, columns.saturating_sub(TOLD));
        for (label, part) in std::iter::once(label)
            .chain(std::iter::repeat(" ".repeat(TOLD)))
            .zip(parts)
        {
            card.lines.push(Line::from(vec![
                Span::styled(label, theme.style(Role::Dim)),
                Span::styled(part, theme.style(role)),
            ]));
        }
    }
}

/// What was done to its record, and what cannot be done any more.
fn changes(app: &App, standing: &Standing, columns: usize, theme: Theme, card: &mut Card) {
    let made = app.changes_made(standing);
    if !made.is_empty() {
        card.blank();
    }
    for change in made {
        let (role, mark) = look(&change.state);
        let at = saved_at(app, change.intent.saved_at);
        let word = change.intent.submission.word(&app.offer);
        card.lines.push(Line::from(vec![
            Span::raw(pad(&text::fit(word, TOLD - 1), TOLD)),
            Span::styled(format!("{mark} {}", change.state.word()), theme.style(role)),
            Span::styled(format!("  {at}"), theme.style(Role::Dim)),
        ]));
        told(change.told(), columns, theme, Role::Plain, card);
    }
    let why = app.why_no_change(standing);
    if let Some(why) = why.filter(|_| !app.changes_for(standing).is_empty()) {
        card.lines.extend(paragraph(&format!("{why}."), columns));
    }
}

/// The word, with what goes with it.
fn heading(state: &State) -> String {
    match state {
        State::Checking { .. } => format!("{}, do not re-enter", state.word()),
        state => state.with_numbers(),
    }
}

pub(super) fn look(state: &State) -> (Role, &'static str) {
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
    if let Some(first) = turn::waits_for(standing, &app.outbox.standings) {
        return waiting(app, standing, first);
    }
    match &standing.state {
        State::Saved => saved(app, standing),
        State::Sending => vec![format!("On its way to {vendor}. It goes on without you.")],
        State::Accepted { number: None } => vec![format!(
            "{vendor} refused its code as taken: an earlier try arrived. Look there for its number; f adds it."
        )],
        State::Accepted { .. } => vec![proof(vendor, standing)],
        State::NotAccepted { reasons } => {
            let mut words = vec![if standing.was_held_back() {
                format!("It was not sent: {vendor} knows nothing of it.")
            } else if matches!(reasons.as_slice(), [reason] if reason.is_ours && reason.field.is_none())
            {
                // The vendor gave no reason, and may have added a part: ours tells what is known.
                format!("{vendor} did not take it.")
            } else {
                format!("{vendor} refused it and added nothing.")
            }];
            words.extend(reasons.iter().map(|reason| said(app, standing, reason)));
            words.push(reopens(app, standing, reasons).to_owned());
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
        State::NeedsYou { .. } if is_typed_past(app) => {
            let key = app.keymap.key(Action::Worklist);
            let words = "Letters typed here are the next patient's";
            vec![format!("{words}: decide in the list, {key} and Enter.")]
        }
        State::NeedsYou { .. } => Vec::new(),
        State::Dropped => vec!["It will not be sent. Enter opens the form again.".to_owned()],
        State::PossibleDouble { numbers } => vec![doubt::doubled(numbers, vendor)],
    }
}

/// Where the reasons stand once it is opened again.
fn reopens(app: &App, standing: &Standing, reasons: &[Reason]) -> &'static str {
    let submission = &standing.intent.submission;
    let subject = submission.subject.as_ref();
    let change = subject.and_then(|subject| app.offer.change(&subject.change));
    let has_field = |key| submission.field(&app.offer, key).is_some();
    if change.is_some_and(|change| change.fields.is_empty()) {
        "Enter opens it again: it has no fields, and can be sent once more or left."
    } else if reasons
        .iter()
        .filter_map(|reason| reason.field)
        .any(has_field)
    {
        "Enter opens the form again, the reason beside its field."
    } else {
        "Enter opens the form again, the reason above its fields."
    }
}

/// Who says that it is there: the vendor, or a person.
fn proof(vendor: &str, standing: &Standing) -> String {
    let mut facts = standing.evidence.iter().map(|evidence| &evidence.fact);
    let is_confirmed = |fact: &Fact| {
        matches!(
            fact,
            Fact::Ended {
                outcome: Outcome::Accepted { .. },
                ..
            } | Fact::Looked {
                looked: Looked::Ours { .. },
            }
        )
    };
    if facts.any(|fact| matches!(fact, Fact::PersonFound { .. })) && !facts.any(is_confirmed) {
        format!("A person found it at {vendor} under this number.")
    } else {
        format!("{vendor} confirmed it.")
    }
}

/// It is to go out, and another one is first.
fn waiting(app: &App, standing: &Standing, first: &Standing) -> Vec<String> {
    let mut words = match &standing.state {
        State::Checking { why } => vec![format!(
            "It may or may not exist at {}: {why}.",
            app.offer.vendor
        )],
        _ => vec!["Safe on disk.".to_owned()],
    };
    words.push(format!("It {}.", turn::words(first, &app.offer)));
    if !standing.has_left() {
        words.push("Del takes it back.".to_owned());
    }
    words
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
                next(app, standing).map(|left| format!("It leaves in {left}; Del takes it back.")),
            );
            return words;
        }
    }
    words.extend(next(app, standing).map(|left| format!("Next try in {left}.")));
    words
}

/// `0:42` until the courier acts by itself.
pub(super) fn next(app: &App, standing: &Standing) -> Option<String> {
    let at: DateTime<Utc> = standing.next?;
    let seconds = (at - app.now).num_seconds().max(0);
    Some(format!("{}:{:02}", seconds / 60, seconds % 60))
}

/// Beside the label that its field had where it was typed.
fn said(app: &App, standing: &Standing, reason: &Reason) -> String {
    let submission = &standing.intent.submission;
    let field = reason
        .field
        .and_then(|key| submission.field(&app.offer, key));
    match field {
        Some(field) => format!("{}: {}", field.label, reason.words),
        None => reason.told(app.offer.vendor),
    }
}

/// What is unknown and what each choice risks, the choices with their letters.
fn needs_you(choices: [String; 4], columns: usize, theme: Theme, card: &mut Card) {
    let [unknown, choices @ ..] = choices;
    card.lines.extend(paragraph(&unknown, columns));
    for (key, words) in ["f", "s", "d"].into_iter().zip(choices) {
        for (index, part) in wrap(&words, columns.saturating_sub(3))
            .into_iter()
            .enumerate()
        {
            let key = if index == 0 { key } else { "" };
            card.lines.push(Line::from(vec![
                Span::styled(pad(key, 3), theme.style(Role::Key)),
                Span::raw(part),
            ]));
        }
    }
}

/// The card stands right over a form that goes on with a name: its letters belong to that.
fn is_typed_past(app: &App) -> bool {
    app.popups.len() == 1 && app.goes_on_with_letters()
}

/// The keys of a card; none that decides or copies where letters are the next patient's.
pub(super) fn keys(app: &App, draft: DraftId, scroll: &Scroll) -> Vec<(String, String)> {
    if let Some(unsaved) = app.outbox.held(draft) {
        // Until it is known whether it is on disk, the card takes no key.
        let back = unsaved.failure.as_ref();
        return back
            .map(|_| ("Enter".to_owned(), "back to the form".to_owned()))
            .into_iter()
            .collect();
    }
    let is_list_below = matches!(app.popups.iter().nth_back(1), Some(Popup::Worklist(_)));
    let done = if is_list_below {
        "back to the list"
    } else {
        "next patient"
    };
    let standing = app.outbox.standing(draft);
    let mut keys: Vec<(&str, &'static str)> = match standing.map(|standing| &standing.state) {
        Some(State::Accepted { number: None }) => vec![("Enter", done), ("f", "type its number")],
        Some(State::Accepted { .. }) => vec![("Enter", done), ("c", "copy the number")],
        Some(State::PossibleDouble { .. }) => vec![("Enter", done), ("c", "copy the numbers")],
        Some(State::NotAccepted { .. }) => vec![("Enter", "fix and send"), ("Esc", "close")],
        Some(State::NeedsYou { .. }) => {
            vec![
                ("f", "found it"),
                ("s", "send again"),
                ("d", "drop"),
                ("Esc", "decide later"),
            ]
        }
        Some(State::Dropped) => vec![("Enter", "open the form again"), ("Esc", "close")],
        Some(State::Saved) if standing.is_some_and(Standing::has_left) => {
            vec![("Enter", done), ("d", "drop")]
        }
        Some(State::Saved) => vec![("Enter", done), ("Del", "take back")],
        _ => vec![("Enter", done)],
    };
    if scroll.has_more() {
        keys.push(("↑↓", "scroll"));
    }
    if app.outbox.standings.len() > 1 {
        keys.push(("←→", "others"));
    }
    if !matches!(
        standing.map(|standing| &standing.state),
        None | Some(State::Accepted { number: Some(_) })
    ) {
        keys.push(("c", "copy our number"));
    }
    let mut keys: Vec<(String, String)> = keys
        .into_iter()
        .map(|(key, label)| (key.to_owned(), label.to_owned()))
        .collect();
    if let Some(words) = standing.and_then(|standing| app.changes_word(standing)) {
        keys.insert(1, ("m".to_owned(), words));
    }
    if is_typed_past(app) {
        if keys.iter().any(|(key, _)| "fsd".contains(&**key)) {
            let list = app.keymap.key(Action::Worklist);
            keys.push((list, "decide in the list".to_owned()));
        }
        keys.retain(|(key, _)| !"cfsd".contains(&**key));
    }
    keys
}
