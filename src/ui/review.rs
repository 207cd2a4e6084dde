//! The read-back card in the order a person says it aloud: who, what, where, when, how much.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::card::{Card, columns, paragraph};
use super::panes::{pad, wrap};
use super::theme::{Role, Theme};
use crate::app::App;
use crate::app::keymap::Action;
use crate::app::known::KnownState;
use crate::app::review::Review;
use crate::app::terms::Terms;
use crate::domain::offer::{FieldKey, Items};
use crate::domain::rules::Place;
use crate::domain::slot::Slot;
use crate::domain::submission::{Patient, Submission};
use crate::domain::{schedule, text};

/// Columns of the labels.
const LABEL: usize = 12;
/// The same where a field of the vendor's is called something longer.
const WIDE_LABEL: usize = 20;

pub(super) fn card(app: &App, review: &Review, area: Rect, theme: Theme) -> Card {
    let columns = columns(area);
    let mut card = match &review.submission {
        Ok(submission) => {
            let change = app.form.draft.change_title(&app.offer);
            let what = change.unwrap_or_else(|| submission.kind.word().to_owned());
            let title = text::fit(&format!("Read back: {what}"), columns);
            let mut card = Card::new(title, Role::Focus);
            warnings(review, columns, theme, &mut card);
            said(app, submission, columns, theme, &mut card);
            terms(app, review, columns, theme, &mut card);
            card
        }
        Err(problems) => {
            let mut card = Card::new(format!("Not ready: {} to mend", problems.len()), Role::Bad);
            for problem in problems {
                let words = format!("{}: {}", name(app, problem.place), problem.words);
                marked("! ", &words, columns, theme, Role::Bad, &mut card);
            }
            if !review.cautions.is_empty() {
                card.blank();
            }
            cautions(review, columns, theme, &mut card);
            card
        }
    };
    if review.submission.is_ok() {
        card.blank();
        let environment = if app.offer.is_sandbox {
            "the sandbox"
        } else {
            app.offer.vendor
        };
        let (words, role) = if matches!(review.terms, Some(Terms::Asking)) {
            let words = "Nothing is sent before this is known";
            (words.to_owned(), Role::Dim)
        } else if matches!(review.terms, Some(Terms::Failed(_))) {
            let words = "! Nothing is sent before this is known";
            (words.to_owned(), Role::Warning)
        } else if review.has_changed {
            ("Enter says you have read it".to_owned(), Role::Strong)
        } else if review.asks_agreement() {
            let words = format!("y agrees to this and sends it to {environment}");
            (words, Role::Strong)
        } else {
            (format!("Enter sends it to {environment}"), Role::Strong)
        };
        card.lines.push(Line::styled(words, theme.style(role)));
    }
    card
}

/// What speaks against it stands first: Enter sends, whether the card was scrolled or not.
fn warnings(review: &Review, columns: usize, theme: Theme, card: &mut Card) {
    if review.has_changed {
        let words = "Changed just now: read it again";
        marked("! ", words, columns, theme, Role::Warning, card);
    }
    cautions(review, columns, theme, card);
    if !card.lines.is_empty() {
        card.blank();
    }
}

fn cautions(review: &Review, columns: usize, theme: Theme, card: &mut Card) {
    for caution in &review.cautions {
        marked("! ", caution, columns, theme, Role::Warning, card);
    }
}

/// What a change does, and what the vendor says it will cost.
fn terms(app: &App, review: &Review, columns: usize, theme: Theme, card: &mut Card) {
    let Some(change) = app.form.draft.change_offer(&app.offer) else {
        return;
    };
    card.blank();
    card.lines.extend(paragraph(change.help, columns));
    let vendor = app.offer.vendor;
    match &review.terms {
        None => {}
        Some(Terms::Asking) => {
            let words = format!("Asking {vendor} what it costs");
            card.lines.push(Line::styled(words, theme.style(Role::Dim)));
        }
        Some(Terms::Failed(failure)) => {
            let key = app.keymap.key(Action::Review);
            let why = app.with_remedy(failure, &format!("{key} asks again"));
            let words = format!("{vendor} did not say what it costs: {why}");
            marked("! ", &words, columns, theme, Role::Warning, card);
        }
        Some(Terms::Told(told)) if told.is_empty() => {
            card.lines
                .extend(paragraph(&format!("{vendor} names no cost."), columns));
        }
        Some(Terms::Told(told)) => {
            for told in told {
                let words = format!("{}: {}", told.label, told.text);
                let style = theme.style(Role::Strong);
                let parts = wrap(&words, columns).into_iter();
                card.lines
                    .extend(parts.map(|part| Line::styled(part, style)));
            }
        }
    }
}

fn marked(mark: &str, words: &str, columns: usize, theme: Theme, role: Role, card: &mut Card) {
    for (index, part) in wrap(words, columns.saturating_sub(2))
        .into_iter()
        .enumerate()
    {
        let lead = if index == 0 { mark } else { "  " };
        card.lines
            .push(Line::styled(format!("{lead}{part}"), theme.style(role)));
    }
}

/// The place's name as it stands on the form.
fn name(app: &App, place: Place) -> String {
    match place {
        Place::Branch => "Branch".to_owned(),
        Place::Party => "Party".to_owned(),
        Place::Field(key) => app
            .field(key)
            .map_or_else(String::new, |field| field.label.to_owned()),
        Place::Line(_) | Place::Items => "Order".to_owned(),
        Place::Discount => "Discount".to_owned(),
        Place::Record => "Record".to_owned(),
    }
}

fn said(app: &App, submission: &Submission, columns: usize, theme: Theme, card: &mut Card) {
    let patient = &submission.patient;
    let details = details(app, submission);
    let labels = details.iter().map(|(label, _)| text::width(label) + 1);
    let width = labels.max().unwrap_or_default().clamp(LABEL, WIDE_LABEL);
    let mut row = |label: &str, words: &str| {
        if words.is_empty() {
            return;
        }
        for (index, part) in wrap(words, columns.saturating_sub(width))
            .into_iter()
            .enumerate()
        {
            let label = if index == 0 { label } else { "" };
            card.lines.push(Line::from(vec![
                Span::raw(pad(&text::fit(label, width - 1), width)),
                Span::raw(part),
            ]));
        }
    };
    let zone = submission.branch.zone.unwrap_or(app.offer.zone);
    let born = patient.birth_date;
    let born = born.map(|born| format!("born {}", born.format("%-d %b %Y")));
    if let Some(subject) = &submission.subject {
        // The record is at the vendor: only what finds it, and what is told for it, goes there.
        row("Number", &subject.number);
        row("Patient", &patient.full_name());
        row("", &born.unwrap_or_default());
        if let Some(visit) = &submission.visit {
            let distance = schedule::distance(visit.at, visit.zone(app.offer.zone), app.now);
            let moment = visit.moment(app.offer.zone);
            row("Visit", &format!("{moment}, {distance}"));
            row("", &visit.place());
        }
        if let Some(slot) = &submission.slot {
            row("New time", &schedule::echo(slot.at, zone));
            row("Branch", &submission.branch.name);
            row("Where", place(slot));
            row("Price", &price(app, slot));
        }
        for (label, words) in &details {
            row(label, words);
        }
        return;
    }
    row("Patient", &patient.full_name());
    row("", &parted(patient));
    row("", &known(app, submission));
    let about = [
        patient.age.map(|age| age.to_string()),
        born,
        patient.gender.map(|gender| gender.word().to_owned()),
    ];
    let about: Vec<String> = about.into_iter().flatten().collect();
    row("", &about.join(", "));
    row("Phone", &phone(patient));
    row("E-mail", patient.email.as_deref().unwrap_or_default());
    row("Address", &address(submission));
    row("Branch", &submission.branch.name);
    for party in submission.parties.iter() {
        let is_shown = app.form.draft.party.as_ref() == Some(party);
        let priced = if is_shown && app.is_priced() {
            ", whose prices these are"
        } else {
            ""
        };
        row(
            capitalised(party.kind.word()),
            &format!("{}{priced}", party.name),
        );
    }
    if let Some(appointment) = &submission.appointment {
        row("Type", &appointment.booking_type);
        row("When", &schedule::echo(appointment.at, zone));
    }
    if let Some(slot) = &submission.slot {
        row("When", &schedule::echo(slot.at, zone));
        row("Where", place(slot));
        row("Price", &price(app, slot));
    }
    for (label, words) in &details {
        row(label, words);
    }
    let is_confirmed = submission
        .code
        .as_ref()
        .is_some_and(|code| code.is_confirmed);
    row("Code", if is_confirmed { "confirmed" } else { "" });
    row("Source", submission.source.as_deref().unwrap_or_default());
    row(
        "Priority",
        submission.priority.map_or("", |priority| priority.word()),
    );
    row(
        "Assigned to",
        submission.assigned_to.as_deref().unwrap_or_default(),
    );
    if !submission.lines.is_empty() || app.offer.items(submission.kind) == Items::Priced {
        card.blank();
        money(app, submission, columns, theme, card);
    }
}

/// The room, floor or wing of a slot.
fn place(slot: &Slot) -> &str {
    slot.place.as_ref().map_or("", |place| &place.label)
}

fn price(app: &App, slot: &Slot) -> String {
    let price = slot.price.map(|price| app.offer.currency.show(price));
    price.unwrap_or_default()
}

/// What the vendor's own fields hold, in the order of the form, as it is called there.
fn details<'a>(app: &'a App, submission: &'a Submission) -> Vec<(&'a str, String)> {
    let fields = app.form.draft.every_field(&app.offer).iter();
    let told = fields.filter_map(|field| {
        let choice = submission.details.get(&field.key)?;
        let words = match field.key {
            // What it does is what is agreed to.
            FieldKey::PriceGuard => format!("{} · {}", choice.label, field.help),
            _ => choice.label.clone(),
        };
        Some((field.label, words))
    });
    told.collect()
}

/// Which of several names are the first ones: the vendor is told them apart.
fn parted(patient: &Patient) -> String {
    match &patient.last_name {
        Some(last) if patient.full_name().split_whitespace().count() > 2 => {
            format!("first name {}, last name {last}", patient.first_name)
        }
        _ => String::new(),
    }
}

/// Whether the vendor knows the patient, where it can be asked.
fn known(app: &App, submission: &Submission) -> String {
    let vendor = app.offer.vendor;
    let form = app.offer.form(submission.kind);
    match (&submission.patient.key, app.known_state()) {
        _ if form.is_none_or(|form| !form.finds_patients()) => String::new(),
        (Some(_), _) => format!("known at {vendor}"),
        (None, KnownState::Found(_)) => {
            format!("new at {vendor}: may be created when it is sent")
        }
        // Nobody has looked yet, or no answer came.
        (None, _) => format!("found or created at {vendor} when it is sent"),
    }
}

fn money(app: &App, submission: &Submission, columns: usize, theme: Theme, card: &mut Card) {
    match app.offer.items(submission.kind) {
        Items::None => return,
        Items::Named => {
            for line in &submission.lines {
                let parts = wrap(&line.title(), columns);
                card.lines.extend(parts.into_iter().map(Line::from));
            }
            return;
        }
        Items::Priced => {}
    }
    let mut amount = |label: &str, words: String| {
        let room = columns.saturating_sub(text::width(&words) + 1);
        card.lines.push(Line::from(format!(
            "{} {words}",
            pad(&text::fit(label, room), room)
        )));
    };
    for line in &submission.lines {
        let custom = if line.item.is_none() { " (custom)" } else { "" };
        let price = app.offer.currency.show(line.price);
        amount(&format!("{}{custom}", line.name), price);
    }
    if submission.discount.0 != 0 {
        amount(
            "Discount",
            format!("-{}", app.offer.currency.show(submission.discount)),
        );
    }
    card.lines
        .push(Line::styled("─".repeat(columns), theme.style(Role::Dim)));
    let total = app.offer.currency.show(submission.total);
    let room = columns.saturating_sub(text::width(&total) + 1);
    card.lines.push(Line::styled(
        format!("{} {total}", pad("Total", room)),
        theme.style(Role::Strong),
    ));
}

fn address(submission: &Submission) -> String {
    let patient = &submission.patient;
    [patient.address.as_deref(), patient.pincode.as_deref()]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", ")
}

fn capitalised(word: &'static str) -> &'static str {
    match word {
        "corporate" => "Corporate",
        "doctor" => "Doctor",
        _ => "Hospital",
    }
}

/// The label of a field, for words about it elsewhere.
pub(super) fn field_label(app: &App, key: FieldKey) -> String {
    app.field(key)
        .map_or_else(String::new, |field| field.label.to_owned())
}

/// With its country code, where it was read with one.
fn phone(patient: &Patient) -> String {
    match &patient.phone {
        Some(phone) if phone.digits().len() == 10 => {
            format!("+{} {}", patient.country_code, patient.phone_words())
        }
        _ => patient.phone_words(),
    }
}
