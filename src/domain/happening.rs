//! The evidence of a submission as a person tells it: what happened when, runs of the same fact told once.

use chrono::{DateTime, Utc};

use super::doubt;
use super::evidence::{Evidence, Fact, MOST_TRIES, Outcome, Reason};
use super::looked::Looked;

/// One thing that happened, once or several times in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happening {
    pub at: DateTime<Utc>,
    pub words: String,
    /// How often in a row, and when for the last time.
    pub times: usize,
    pub until: DateTime<Utc>,
}

impl Happening {
    /// With how often in a row it happened; `clock` writes a moment.
    pub fn told(&self, clock: impl Fn(DateTime<Utc>) -> String) -> String {
        let Self {
            words,
            times,
            until,
            ..
        } = self;
        if *times < 2 {
            words.clone()
        } else {
            format!("{words} ({times} times until {})", clock(*until))
        }
    }
}

/// What happened, oldest first. `vendor` is the vendor's name.
pub fn tell(evidence: &[Evidence], vendor: &str) -> Vec<Happening> {
    let mut told = Told::default();
    for Evidence { at, fact } in evidence {
        told.hear(*at, fact, vendor);
    }
    told.end_open(vendor);
    told.happenings
}

#[derive(Default)]
struct Told {
    happenings: Vec<Happening>,
    /// The attempt that has not ended yet.
    open: Option<DateTime<Utc>>,
    /// Attempts of which nobody knows how they ended.
    unanswered: usize,
}

impl Told {
    fn hear(&mut self, at: DateTime<Utc>, fact: &Fact, vendor: &str) {
        match fact {
            Fact::Saved => self.push(at, "saved on this desk"),
            Fact::TakenBack => self.push(at, "taken back before it left"),
            Fact::Attempted { .. } => {
                self.end_open(vendor);
                self.open = Some(at);
            }
            Fact::Ended { outcome, .. } => {
                if never_arrived(outcome) {
                    // It is told in one breath with the try.
                    self.open = None;
                } else {
                    self.end_open(vendor);
                }
                self.unanswered += usize::from(outcome.leaves_doubt());
                self.push(at, ended(outcome, vendor));
            }
            Fact::HandedOver { doubt } => {
                self.push(
                    at,
                    format!(
                        "handed over to a person: {}",
                        doubt::in_short(doubt, vendor)
                    ),
                );
            }
            Fact::Looked { looked } => self.push(at, seen(looked, vendor)),
            Fact::PersonFound { number } => {
                self.push(at, format!("a person found it at {vendor}: {number}"));
            }
            Fact::PersonResends => self.push(at, "a person decided: send it again"),
            Fact::PersonDropped { reason: None } => self.push(at, "a person decided: drop it"),
            Fact::PersonDropped {
                reason: Some(reason),
            } => self.push(at, format!("a person decided: drop it ({reason})")),
        }
    }

    /// Tells of the open attempt as one that left.
    fn end_open(&mut self, vendor: &str) {
        if let Some(at) = self.open.take() {
            let number = self.unanswered + 1;
            let of = if number <= MOST_TRIES {
                format!(" of {MOST_TRIES}")
            } else {
                String::new()
            };
            self.push(at, format!("sent to {vendor} (try {number}{of})"));
        }
    }

    fn push(&mut self, at: DateTime<Utc>, words: impl Into<String>) {
        let words = words.into();
        if let Some(last) = self.happenings.last_mut()
            && last.words == words
        {
            last.times += 1;
            last.until = at;
            return;
        }
        self.happenings.push(Happening {
            at,
            words,
            times: 1,
            until: at,
        });
    }
}

/// The vendor has not seen it, or has not looked at it.
fn never_arrived(outcome: &Outcome) -> bool {
    matches!(
        outcome,
        Outcome::NotSent { .. }
            | Outcome::HeldBack { .. }
            | Outcome::RateLimited { .. }
            | Outcome::SignedOut { .. }
    )
}

fn ended(outcome: &Outcome, vendor: &str) -> String {
    match outcome {
        Outcome::NotSent { why } => format!("tried, it did not leave: {why}"),
        Outcome::HeldBack { reasons } => format!("not sent: {}", said(reasons)),
        Outcome::RateLimited {
            retry_after: Some(seconds),
        } => format!("tried, {vendor} asked to wait {} s", seconds.0),
        Outcome::RateLimited { retry_after: None } => format!("tried, {vendor} asked to wait"),
        Outcome::SignedOut { why } => format!("tried, {vendor} did not let the account in: {why}"),
        Outcome::Accepted { number, .. } => format!("{vendor} confirmed it: {number}"),
        Outcome::PerhapsAccepted { why } => {
            format!("{vendor} answered, but it proves nothing: {why}")
        }
        Outcome::Refused { reasons } => format!("{vendor} refused it: {}", said(reasons)),
        Outcome::Duplicate { words } if words.is_empty() => {
            format!("{vendor} refused it: it has one with this phone or e-mail today")
        }
        Outcome::Duplicate { words } => {
            format!("{vendor} refused it: it has one with this phone or e-mail today (“{words}”)")
        }
        Outcome::CodeTaken { words } if words.is_empty() => {
            format!("{vendor} refused it: it has one with this code")
        }
        Outcome::CodeTaken { words } => {
            format!("{vendor} refused it: it has one with this code (“{words}”)")
        }
        Outcome::Unknown { why } => format!("no clear answer: {why}"),
    }
}

fn seen(looked: &Looked, vendor: &str) -> String {
    match looked {
        Looked::Ours { number, .. } => format!("looked at {vendor}, it is there: {number}"),
        Looked::Match { number, .. } => {
            format!("looked at {vendor}, {number} is the same and may be somebody else's")
        }
        Looked::Absent => format!("looked at {vendor}, it is not there"),
        Looked::Open { why } | Looked::Unclear { why } => {
            format!("looked at {vendor}, it cannot be told: {why}")
        }
    }
}

/// Only the vendor's own words are quoted, and only where they were not fitted to a field.
fn said(reasons: &[Reason]) -> String {
    let words: Vec<_> = reasons
        .iter()
        .map(|reason| match (reason.is_ours, reason.field) {
            (false, None) => format!("“{}”", reason.words),
            _ => reason.words.clone(),
        })
        .collect();
    if words.is_empty() {
        "without a reason".to_owned()
    } else {
        words.join(", ")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::domain::offer::FieldKey;
    use chrono::TimeDelta;

    fn told(facts: Vec<Fact>) -> Vec<(String, usize)> {
        let start: DateTime<Utc> = "2026-11-21T04:32:00Z".parse().unwrap();
        let mut evidence = Vec::new();
        for (minute, fact) in (0..).zip(facts) {
            let at = start + TimeDelta::minutes(minute);
            evidence.push(Evidence { at, fact });
        }
        let happenings = tell(&evidence, "Flabs").into_iter();
        happenings.map(|one| (one.words, one.times)).collect()
    }

    fn attempt(number: u32, outcome: Outcome) -> [Fact; 2] {
        [Fact::Attempted { number }, Fact::Ended { number, outcome }]
    }

    #[test]
    fn a_run_of_the_same_is_told_once() {
        let why = || "no connection".to_owned();
        let tries = (1..=12).flat_map(|number| attempt(number, Outcome::NotSent { why: why() }));
        let facts = [Fact::Saved].into_iter().chain(tries);
        let facts = facts.chain([Fact::Attempted { number: 13 }]).collect();
        let expected = [
            ("saved on this desk", 1),
            ("tried, it did not leave: no connection", 12),
            ("sent to Flabs (try 1 of 6)", 1),
        ];
        let told = told(facts);
        let told: Vec<_> = told
            .iter()
            .map(|(words, times)| (words.as_str(), *times))
            .collect();
        assert_eq!(told, expected);
    }

    #[test]
    fn what_was_held_back_was_not_sent_and_is_not_in_the_vendors_words() {
        let reasons = vec![
            Reason::ours(None, "this location is gone"),
            Reason::ours(None, "choose another"),
        ];
        let told = told(attempt(1, Outcome::HeldBack { reasons }).into());
        assert_eq!(
            told,
            [(
                "not sent: this location is gone, choose another".to_owned(),
                1
            )]
        );
    }

    #[test]
    fn only_words_of_the_vendor_that_stand_as_they_came_are_quoted() {
        let reasons = vec![
            Reason::ours(Some(FieldKey::ScheduledAt), "pick another"),
            Reason::theirs(Some(FieldKey::Phone), "it is too short"),
            Reason::theirs(None, "closed"),
        ];
        let told = told(attempt(1, Outcome::Refused { reasons }).into());
        let words = "Flabs refused it: pick another, it is too short, “closed”";
        assert_eq!(told.last().unwrap().0, words);
    }

    #[test]
    fn tries_are_counted_by_those_that_nobody_knows_of() {
        let why = || "no answer within 20 s".to_owned();
        let mut facts = vec![Fact::Saved];
        facts.extend(attempt(1, Outcome::Unknown { why: why() }));
        facts.extend(attempt(2, Outcome::NotSent { why: why() }));
        facts.extend(attempt(
            3,
            Outcome::Duplicate {
                words: String::new(),
            },
        ));
        let told = told(facts);
        assert_eq!(told.get(1).unwrap().0, "sent to Flabs (try 1 of 6)");
        assert_eq!(told.get(4).unwrap().0, "sent to Flabs (try 2 of 6)");
    }
}
