//! How an intent stands: what the console shows of it, and what a person may decide.

use chrono::{DateTime, Utc};

use super::evidence::{Evidence, Fact, Outcome, State, state};
use super::looked::{Looked, Told};
use super::offer::{ChangeOffer, Kind, Offer};
use super::submission::{DraftId, Intent, IntentId, Subject};

/// An intent with all that is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub intent: Intent,
    pub draft: DraftId,
    pub state: State,
    pub evidence: Vec<Evidence>,
    /// When the courier will do something about it next by itself.
    pub next: Option<DateTime<Utc>>,
}

impl Standing {
    /// One fact more; the state follows.
    pub fn learn(&mut self, evidence: Evidence) {
        self.evidence.push(evidence);
        self.state = state(&self.evidence);
    }

    /// A try was made: it can be dropped, but no longer taken back as if nothing had happened.
    pub fn has_left(&self) -> bool {
        let mut facts = self.evidence.iter().map(|evidence| &evidence.fact);
        facts.any(|fact| matches!(fact, Fact::Attempted { .. }))
    }

    /// The last try was not sent: this program held it back.
    pub fn was_held_back(&self) -> bool {
        let mut facts = self.evidence.iter().rev().map(|evidence| &evidence.fact);
        let last = facts.find_map(|fact| match fact {
            Fact::Ended { outcome, .. } => Some(outcome),
            _ => None,
        });
        matches!(last, Some(Outcome::HeldBack { .. }))
    }

    /// What can be done to the record that it made; nothing unless it is accepted under a number.
    pub fn changes<'a>(&self, offer: &'a Offer) -> impl Iterator<Item = &'a ChangeOffer> {
        let has_number = matches!(self.state, State::Accepted { number: Some(_) });
        let kind = self.intent.submission.kind;
        let moved = self
            .change(&offer.changes)
            .filter(|change| change.replaces());
        offer.changes.iter().filter(move |change| {
            let is_for = |kind: &Kind| change.kinds.contains(kind);
            has_number
                && (is_for(&kind) || moved.is_some_and(|moved| moved.kinds.iter().any(is_for)))
        })
    }

    /// When the patient of its record is due; none where there is no record, or no moment.
    pub fn due(&self) -> Option<DateTime<Utc>> {
        let due = self.intent.submission.due();
        due.filter(|_| !self.state.came_to_nothing())
    }

    /// It made the record that has its number: a new one, or one in the place of another.
    pub fn made_record(&self, offer: &Offer) -> bool {
        let is_change = self.intent.submission.subject.is_some();
        !is_change
            || self
                .change(&offer.changes)
                .is_some_and(ChangeOffer::replaces)
    }

    /// What it does to a record; none where it makes a new one.
    fn change<'a>(&self, changes: &'a [ChangeOffer]) -> Option<&'a ChangeOffer> {
        let subject = self.intent.submission.subject.as_ref()?;
        changes.iter().find(|change| change.id == subject.change)
    }

    /// It put another record in the place of one of which nobody said that it has ended: both may stand.
    pub fn leaves_old(&self, offer: &Offer) -> bool {
        let is_accepted = matches!(self.state, State::Accepted { .. });
        let replaces = self
            .change(&offer.changes)
            .is_some_and(ChangeOffer::replaces);
        is_accepted && replaces && !self.tells_of_end()
    }

    /// The vendor said that the record it is for has ended, and not only that there is another one.
    fn tells_of_end(&self) -> bool {
        let ended = |subject: &Subject| {
            let mut told = self.told().iter();
            told.any(|told| told.label == Told::ENDED && told.text == subject.number)
        };
        self.intent.submission.subject.as_ref().is_some_and(ended)
    }

    /// What the vendor said last of its record, or of the one that is probably ours: lines for the card.
    pub fn told(&self) -> &[Told] {
        let facts = self.evidence.iter().rev().map(|evidence| &evidence.fact);
        let mut told = facts.filter_map(told_by);
        told.find(|told| !told.is_empty()).unwrap_or_default()
    }
}

/// What a fact tells of the vendor's record.
fn told_by(fact: &Fact) -> Option<&[Told]> {
    match fact {
        Fact::Ended {
            outcome: Outcome::Accepted { told, .. },
            ..
        }
        | Fact::Looked {
            looked: Looked::Ours { told, .. } | Looked::Match { told, .. },
        } => Some(told),
        _ => None,
    }
}

/// What was done, or is being done, to the record of an accepted intent, oldest first: each is an intent of its own
/// that follows it, and says nothing in the state of the one it follows.
pub fn changes_of<'a>(
    accepted: &IntentId,
    standings: &'a [Standing],
) -> impl Iterator<Item = &'a Standing> {
    standings.iter().filter(move |standing| {
        let intent = &standing.intent;
        intent.submission.kind == Kind::Change && intent.follows.as_ref() == Some(accepted)
    })
}

/// What was done from here, or is being done, to the record of this number, whoever made it; oldest first.
pub fn made_to<'a>(number: &str, standings: &'a [Standing]) -> impl Iterator<Item = &'a Standing> {
    standings.iter().filter(move |standing| {
        let subject = standing.intent.submission.subject.as_ref();
        subject.is_some_and(|subject| subject.number == number)
    })
}

/// The last of these changes after which the record counts no more, or perhaps does not, and how it stands. Where
/// another record is there and nobody said that this one has ended, it can still be ended.
pub fn end_of<'a>(
    made: &[&'a Standing],
    changes: &'a [ChangeOffer],
) -> Option<(&'a ChangeOffer, &'a Standing)> {
    let mut ends = made.iter().rev().filter_map(|made| {
        let change = made.change(changes)?;
        let is_end = match made.state {
            State::NotAccepted { .. } | State::Dropped => false,
            State::Accepted { .. } | State::PossibleDouble { .. } => {
                !change.replaces() || made.tells_of_end()
            }
            _ => true,
        };
        (change.is_end && is_end).then_some((change, *made))
    });
    ends.next()
}

/// Of what was done to a record, the one that says how it stands: what is still open, the most pressing first, above
/// what was accepted last. What was only added to the record is no status.
pub fn telling<'a>(made: &[&'a Standing], changes: &[ChangeOffer]) -> Option<&'a Standing> {
    let adds_file = |made: &Standing| made.change(changes).is_some_and(ChangeOffer::adds_file);
    let of_status = || made.iter().rev().filter(|made| !adds_file(made)).copied();
    let open = of_status().filter(|made| !made.state.is_settled());
    let open = open.min_by_key(|made| match made.state {
        State::NeedsYou { .. } => 0,
        State::Checking { .. } => 1,
        _ => 2,
    });
    let is_made = |made: &&Standing| {
        matches!(
            made.state,
            State::Accepted { .. } | State::PossibleDouble { .. }
        )
    };
    open.or_else(|| of_status().find(is_made))
}

/// The record that it made counts no more: what ended it was accepted.
pub fn has_ended(standing: &Standing, standings: &[Standing], changes: &[ChangeOffer]) -> bool {
    let State::Accepted {
        number: Some(number),
    } = &standing.state
    else {
        return false;
    };
    let made: Vec<&Standing> = made_to(number, standings).collect();
    end_of(&made, changes).is_some_and(|(_, end)| matches!(end.state, State::Accepted { .. }))
}

/// Why a change cannot follow what was done to the same record, in words: the record has ended, or perhaps has; or it
/// was moved already, and moving it once more would book a second time.
pub fn in_the_way(wanted: &Subject, made: &[&Standing], changes: &[ChangeOffer]) -> Option<String> {
    if let Some((change, end)) = end_of(made, changes) {
        let (label, word, id) = (change.label, end.state.word(), &end.intent.id);
        return Some(format!(
            "its {label} is {word} ({id}), and nothing more can be done to it"
        ));
    }
    let mut offered = changes.iter();
    let wanted = offered.find(|change| change.id == wanted.change)?;
    let mut moves = made.iter().rev().filter_map(|made| {
        let change = made.change(changes)?;
        let is_made = matches!(
            made.state,
            State::Accepted { .. } | State::PossibleDouble { .. }
        );
        (change.replaces() && is_made).then_some((change.label, &made.intent.id))
    });
    let (label, id) = moves.next().filter(|_| wanted.replaces())?;
    Some(format!(
        "its {label} is made ({id}), and another would book a second time"
    ))
}

/// What a person decides about an intent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Saved only: it has not left yet.
    TakeBack,
    /// Needs you, or accepted without a number: it is there, this is its number.
    Found(String),
    /// Needs you: send it once more, knowing the risk.
    Resend,
    /// Needs you or Saved: give it up; a person may say why.
    Drop { reason: Option<String> },
}
