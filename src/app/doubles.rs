//! What was sent today for the phone or e-mail of a form: said on the read-back card, never in the way.

use super::App;
use crate::domain::draft::Draft;
use crate::domain::evidence::State;
use crate::domain::offer::FieldKey;
use crate::domain::order::Line;
use crate::domain::rules::names;
use crate::domain::schedule;
use crate::domain::standing::{self, Standing};

/// As many are named on the card; the worklist has them all.
const NAMED: usize = 3;

impl App {
    /// The same phone or e-mail, sent from this machine on the same day of the vendor, the latest first.
    pub(super) fn sent_before(&self, draft: &Draft) -> Vec<String> {
        if draft.subject.is_some() {
            return Vec::new();
        }
        let (now, zone) = (self.now, self.offer.day_zone);
        let mut found: Vec<(Meeting, &Standing)> = self
            .outbox
            .standings
            .iter()
            .rev()
            .filter(|standing| schedule::is_same_day(standing.intent.saved_at, now, zone))
            // The one that this form mends is known to the clerk.
            .filter(|standing| draft.follows.as_ref() != Some(&standing.intent.id))
            .filter(|standing| standing.state != State::Dropped)
            .filter(|standing| standing.intent.submission.subject.is_none())
            .filter(|standing| !self.has_ended(standing))
            // It is told with its time.
            .filter(|standing| !has_time_on_the_day(draft, standing))
            .filter_map(|standing| Some((meeting(draft, standing)?, standing)))
            .collect();
        found.sort_by_key(|(meeting, standing)| (is_refused(standing), !meeting.has_same_items));
        let mut words = self.times_that_day(draft);
        words.extend(
            found
                .iter()
                .take(NAMED)
                .map(|(meeting, standing)| self.caution(draft, meeting, standing)),
        );
        if found.len() > NAMED {
            words.push(format!(
                "{} more of today in the worklist",
                found.len() - NAMED
            ));
        }
        if found.iter().any(|(_, standing)| !is_refused(standing)) {
            words.push(self.offer.duplicate_rule.to_owned());
        }
        words
    }

    /// The same patient has another time on the day of the slot, whenever it was sent.
    fn times_that_day(&self, draft: &Draft) -> Vec<String> {
        let standings = self.outbox.standings.iter();
        let same = standings
            .filter(|standing| has_time_on_the_day(draft, standing) && !self.has_ended(standing));
        let words = same.filter_map(|standing| {
            meeting(draft, standing)?;
            let slot = standing.intent.submission.slot.as_ref()?;
            let name = standing.intent.submission.patient.full_name();
            let (at, state) = (slot.at.format("%H:%M"), told(&standing.state));
            Some(format!(
                "Has a time on that day already: {at}, {name}, {state}"
            ))
        });
        words.take(NAMED).collect()
    }

    /// It was cancelled, or another one is in its place: it doubles nothing.
    fn has_ended(&self, standing: &Standing) -> bool {
        standing::has_ended(standing, &self.outbox.standings, &self.offer.changes)
    }

    fn caution(&self, draft: &Draft, meeting: &Meeting, standing: &Standing) -> String {
        let patient = &standing.intent.submission.patient;
        let at = standing
            .intent
            .saved_at
            .with_timezone(&self.offer.zone)
            .format("%H:%M");
        let name = patient.full_name();
        let state = told(&standing.state);
        let by = meeting.by;
        if is_refused(standing) {
            return format!("{state} at {at} today with this {by}: {name}");
        }
        if !meeting.has_same_items {
            return format!("Sent with this {by} at {at} today: {name}, {state}");
        }
        let (first, last) = names(draft.value(FieldKey::Name));
        let typed = format!("{first} {last}");
        if typed.trim().to_lowercase() == name.to_lowercase() {
            format!("Same patient, same tests already sent at {at}: {name}, {state}")
        } else {
            format!("Same {by}, same tests already sent at {at}: {name}, {state}")
        }
    }
}

/// The word, with the number where there is one.
fn told(state: &State) -> String {
    match state {
        State::Accepted { .. } => state.with_numbers(),
        state => state.word().to_owned(),
    }
}

/// What was sent holds a time on the day of the form's slot, and is not known to have come to nothing.
fn has_time_on_the_day(draft: &Draft, standing: &Standing) -> bool {
    let is_void = standing.state.came_to_nothing();
    let is_mended = draft.follows.as_ref() == Some(&standing.intent.id);
    let slots = draft
        .slot
        .as_ref()
        .zip(standing.intent.submission.slot.as_ref());
    let is_same_day =
        slots.is_some_and(|(one, other)| one.at.date_naive() == other.at.date_naive());
    is_same_day && !is_void && !is_mended
}

/// How a form meets what was sent.
struct Meeting {
    /// `patient`, `phone` or `e-mail`.
    by: &'static str,
    has_same_items: bool,
}

fn meeting(draft: &Draft, standing: &Standing) -> Option<Meeting> {
    let submission = &standing.intent.submission;
    let patient = &submission.patient;
    let typed = draft.value(FieldKey::Phone).chars();
    let phone: String = typed.filter(char::is_ascii_digit).collect();
    let email = draft.value(FieldKey::Email);
    let other = patient.email.as_ref();
    let known = patient.phone_digits();
    let key = draft.patient.as_ref().map(|patient| &patient.key);
    let by = if key.is_some() && key == patient.key.as_ref() {
        "patient"
    } else if !known.is_empty() && phone.ends_with(known) {
        "phone"
    } else if other.is_some_and(|other| other.eq_ignore_ascii_case(email)) {
        "e-mail"
    } else {
        return None;
    };
    let has_same_items = !draft.lines.is_empty() && items(&draft.lines) == items(&submission.lines);
    Some(Meeting { by, has_same_items })
}

/// What is ordered, whatever its order and price; a custom item by its name.
fn items(lines: &[Line]) -> Vec<String> {
    let name = |line: &Line| match &line.item {
        Some(id) => id.0.clone(),
        None => line.name.to_lowercase(),
    };
    let mut items: Vec<String> = lines.iter().map(name).collect();
    items.sort_unstable();
    items
}

fn is_refused(standing: &Standing) -> bool {
    matches!(standing.state, State::NotAccepted { .. })
}
