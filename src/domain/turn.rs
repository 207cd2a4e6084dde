//! Whose turn it is: what changes one record goes out in the order in which it was saved, each once the one before is
//! settled. The vendor keeps what comes last: a check-in that overtook a cancellation would undo it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::evidence::State;
use super::offer::{FieldKey, Offer};
use super::standing::Standing;
use super::submission::{IntentId, Submission};

/// A record at the vendor that something is done to.
#[derive(PartialEq, Eq, Hash)]
enum Record<'a> {
    /// By the vendor's own number.
    Numbered(&'a str),
    /// Another system's: which system, and its id there.
    OfOthers(&'a str, &'a str),
}

impl<'a> Record<'a> {
    /// None for a new one, which nothing overtakes; and a picture is filed beside its record, whatever else becomes of
    /// that.
    fn of(submission: &'a Submission) -> Option<Self> {
        if submission.attachment.is_some() {
            return None;
        }
        if let Some(subject) = &submission.subject {
            return Some(Self::Numbered(subject.number.trim()));
        }
        let id = submission.detail(FieldKey::ExternalBooking).trim();
        let system = submission.detail(FieldKey::Integration).trim();
        (!id.is_empty()).then_some(Self::OfOthers(system, id))
    }
}

/// It is to go out, and must not overtake another one.
pub fn is_ordered(standing: &Standing) -> bool {
    is_to_leave(standing) && Record::of(&standing.intent.submission).is_some()
}

fn is_to_leave(standing: &Standing) -> bool {
    matches!(standing.state, State::Saved | State::Checking { .. })
}

/// What does not go out yet, and the one that each waits for: the first of the same record that is not settled, even
/// where only a person can settle it. `standings` are those of one profile, in any order.
pub fn waiting<'a>(
    standings: impl IntoIterator<Item = &'a Standing>,
) -> HashMap<&'a IntentId, &'a Standing> {
    let open = standings.into_iter().filter_map(|standing| {
        let record = Record::of(&standing.intent.submission)?;
        (!standing.state.is_settled()).then_some((record, standing))
    });
    let mut open: Vec<_> = open.collect();
    // Ids grow with the time of saving.
    open.sort_by_key(|(_, standing)| &standing.intent.id);
    let mut first: HashMap<Record<'a>, &Standing> = HashMap::new();
    let mut waiting = HashMap::new();
    for (record, standing) in open {
        match first.entry(record) {
            Entry::Vacant(place) => drop(place.insert(standing)),
            Entry::Occupied(first) if is_to_leave(standing) => {
                waiting.insert(&standing.intent.id, *first.get());
            }
            Entry::Occupied(_) => {}
        }
    }
    waiting
}

/// The one that `standing` waits for, of these.
pub fn waits_for<'a>(
    standing: &Standing,
    standings: impl IntoIterator<Item = &'a Standing>,
) -> Option<&'a Standing> {
    // Most are new, and wait for none.
    Record::of(&standing.intent.submission)?;
    waiting(standings).remove(&standing.intent.id)
}

/// It waits for a person, because the one that it waits for does.
pub fn needs_person(first: &Standing) -> bool {
    matches!(first.state, State::NeedsYou { .. })
}

/// What one that waits for `first` waits for, in words.
pub fn words(first: &Standing, offer: &Offer) -> String {
    let word = first.intent.submission.word(offer);
    let at = first.intent.saved_at.with_timezone(&offer.zone);
    let what = format!("waits for “{word}” of {}", at.format("%H:%M"));
    if needs_person(first) {
        format!("{what}, which needs you: decide there first, this one leaves once that is settled")
    } else {
        format!("{what}: what is done to one booking leaves in the order in which it was saved")
    }
}
