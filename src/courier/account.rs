//! How the vendor's account stands: whether it is reached and takes the key, and whether it asked for a pause.
//!
//! Concerns every intent of the account, and knows no disk and no network. While the account does not work, no attempt
//! is made in the dark: one probe at a time asks, and one intent goes before the others.

use std::collections::HashSet;
use std::time::Duration;

use super::plan;
use super::settings::Settings;
use super::trouble::Trouble;
use crate::clock::Steady;
use crate::domain::evidence::Outcome;
use crate::domain::submission::IntentId;

pub(super) struct Account {
    /// Nothing is sent before a probe has succeeded.
    is_out: bool,
    /// How often an attempt or a probe failed since a send was last answered, and when the next probe may go.
    outage: Trouble,
    /// The vendor said "too many".
    pause: Trouble,
    /// One goes first; the others wait for its answer.
    is_careful: bool,
    /// Whose attempts did not leave in this outage.
    suspects: HashSet<IntentId>,
    /// Whose attempts did not leave although the account worked: they say nothing about it.
    odd: HashSet<IntentId>,
    /// Desks that failed together do not come back together.
    seed: u64,
}

impl Account {
    pub(super) fn new() -> Self {
        Self {
            is_out: false,
            outage: Trouble::default(),
            pause: Trouble::default(),
            is_careful: false,
            suspects: HashSet::new(),
            odd: HashSet::new(),
            seed: fastrand::u64(..),
        }
    }

    /// How many sends may be under way at once.
    pub(super) fn places(&self, now: Steady, settings: &Settings) -> usize {
        if self.is_out || self.pause.rest(now).is_some() {
            0
        } else if self.is_careful || self.pause.lasts() {
            1
        } else {
            settings.at_once
        }
    }

    /// How long it is before anything may be tried.
    pub(super) fn rest(&self, now: Steady) -> Option<Duration> {
        let outage = self.outage.rest(now).filter(|_| self.is_out);
        outage.max(self.pause.rest(now))
    }

    pub(super) fn wants_probe(&self, now: Steady) -> bool {
        self.is_out && self.rest(now).is_none()
    }

    /// The wait for the next probe begins with this one: a probe that hangs does not delay it.
    pub(super) fn probing(&mut self, now: Steady, settings: &Settings) {
        let seed = self.seed;
        self.outage
            .again(now, |times| settings.outage.rest(times, seed));
    }

    /// The key was refused so lately that asking again would be hammering.
    pub(super) fn refused_before(&mut self, now: Steady, rest: Duration) {
        self.is_out = true;
        self.outage.again(now, |_| rest);
    }

    /// A person did something about it: the next probe need not wait.
    pub(super) fn signed_in(&mut self) {
        self.outage.is_over();
    }

    /// A probe succeeded.
    pub(super) fn reached(&mut self) {
        // The first look found nothing wrong: then it was not the account.
        if self.outage.times() <= 2 {
            self.odd.extend(self.suspects.drain());
        }
        self.suspects.clear();
        self.is_out = false;
        self.is_careful = true;
    }

    /// What an attempt tells about the account.
    pub(super) fn learn(
        &mut self,
        intent: &IntentId,
        outcome: &Outcome,
        now: Steady,
        settings: &Settings,
    ) {
        match outcome {
            Outcome::NotSent { .. } if self.odd.contains(intent) => self.is_careful = false,
            Outcome::NotSent { .. } | Outcome::SignedOut { .. } => {
                if matches!(outcome, Outcome::NotSent { .. }) {
                    self.suspects.insert(intent.clone());
                }
                if !self.is_out {
                    self.is_out = true;
                    self.probing(now, settings);
                }
            }
            Outcome::RateLimited { .. } => {
                let asked = plan::asked_for(outcome).to_std().unwrap_or_default();
                let seed = self.seed;
                self.pause
                    .again(now, |times| asked.max(settings.back_off.rest(times, seed)));
            }
            // It says nothing about the account, and must not hold up the others.
            Outcome::Unknown { .. } => self.is_careful = false,
            // Neither does what never left.
            Outcome::HeldBack { .. } => {}
            Outcome::Accepted { .. }
            | Outcome::PerhapsAccepted { .. }
            | Outcome::Refused { .. }
            | Outcome::Duplicate { .. }
            | Outcome::CodeTaken { .. } => {
                self.is_out = false;
                self.is_careful = false;
                self.outage.is_over();
                self.pause.is_over();
                self.suspects.clear();
                self.odd.remove(intent);
            }
        }
    }
}
