//! The other profiles of this console: their names, what is under way in those that are open, and the way to them.
//!
//! Must not know what a profile is made of: it comes as its name and is gone to by its name.

use super::{App, Effect, Event, Tone};

/// A profile that can be opened, as a person tells it from the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileName {
    pub name: String,
    /// `Flabs`.
    pub vendor: String,
    pub is_sandbox: bool,
    /// It is the one that is shown.
    pub is_here: bool,
}

/// What is under way in another profile that is open in this console.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub profile: String,
    pub saved: usize,
    pub checking: usize,
    pub needs_you: usize,
    /// Refused since it was shown last.
    pub not_accepted: usize,
    /// Forms that would be lost now.
    pub unkept_forms: usize,
}

impl Tally {
    /// The words that are not zero with their counts, the most urgent first.
    pub fn words(&self) -> Vec<(&'static str, usize)> {
        let words = [
            ("Needs you", self.needs_you),
            ("Not accepted", self.not_accepted),
            ("Checking", self.checking),
            ("Saved", self.saved),
        ];
        words.into_iter().filter(|(_, count)| *count > 0).collect()
    }

    /// Leaving the console is asked about because of it.
    fn is_under_way(&self) -> bool {
        self.saved + self.checking + self.unkept_forms > 0
    }
}

impl App {
    /// What is under way here, for the header of another profile.
    pub fn tally(&self) -> Tally {
        Tally {
            profile: self.offer.profile.clone(),
            saved: self.outbox.saved(),
            checking: self.outbox.checking(),
            needs_you: self.outbox.needs_you(),
            not_accepted: 0,
            unkept_forms: self.unkept_forms(),
        }
    }

    /// What is under way in all other open profiles together.
    pub fn elsewhere_words(&self) -> Vec<(&'static str, usize)> {
        let mut sum = Tally::default();
        for tally in &self.elsewhere {
            sum.saved += tally.saved;
            sum.checking += tally.checking;
            sum.needs_you += tally.needs_you;
            sum.not_accepted += tally.not_accepted;
        }
        sum.words()
    }

    pub(super) fn is_elsewhere_under_way(&self) -> bool {
        self.elsewhere.iter().any(Tally::is_under_way)
    }

    /// Orders another profile; keys typed from now on belong to it.
    pub(super) fn go_to_profile(&mut self, name: String) {
        self.is_leaving = true;
        self.order(Effect::OpenProfile(name));
    }

    /// Another profile is shown from now on: what was typed ahead for it.
    pub fn hand_over(&mut self) -> Vec<Event> {
        self.is_leaving = false;
        self.held.drain(..).collect()
    }

    /// What was typed for a profile that is not opened must not fall into this one.
    pub(super) fn profile_not_opened(&mut self, why: &str) {
        self.is_leaving = false;
        self.held.clear();
        self.tell_for_long(Tone::Bad, format!("Still here: {why}"));
    }
}
