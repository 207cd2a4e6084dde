//! The line above the footer: one notice at a time. What went wrong waits until it was read.

use std::collections::VecDeque;

/// How a notice is meant: word and mark say it, colour only repeats it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Plain,
    Good,
    Warning,
    Bad,
}

/// One line above the footer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub words: String,
    pub tone: Tone,
}

/// What there is to say.
#[derive(Debug, Default)]
pub struct Notices {
    /// Goes with the next key.
    passing: Option<Notice>,
    /// Each stays until Esc, whatever else is said; the oldest first.
    faults: VecDeque<Notice>,
    /// Stays until Esc or the next one.
    lasting: Option<Notice>,
}

impl Notices {
    /// The one on screen.
    pub fn shown(&self) -> Option<&Notice> {
        let lasting = || self.faults.front().or(self.lasting.as_ref());
        self.passing.as_ref().or_else(lasting)
    }

    pub(super) fn pass(&mut self, notice: Notice) {
        self.passing = Some(notice);
        // Behind a fault nobody has seen it yet.
        if self.faults.is_empty() {
            self.lasting = None;
        }
    }

    pub(super) fn last(&mut self, notice: Notice) {
        self.passing = None;
        self.lasting = Some(notice);
    }

    /// The same fault is said once as long as nobody has read it.
    pub(super) fn fault(&mut self, notice: Notice) {
        self.passing = None;
        if !self.faults.contains(&notice) {
            self.faults.push_back(notice);
        }
    }

    pub(super) fn key_pressed(&mut self) {
        self.passing = None;
    }

    /// Takes the one on screen away; false where there is none.
    pub(super) fn dismiss(&mut self) -> bool {
        let shown = self.passing.take().or_else(|| self.faults.pop_front());
        shown.or_else(|| self.lasting.take()).is_some()
    }

    /// Takes words away that hold no more.
    pub(super) fn take_back(&mut self, words: &str) {
        for notice in [&mut self.passing, &mut self.lasting] {
            notice.take_if(|notice| notice.words == words);
        }
    }

    /// Takes an offer away that was taken up; what went wrong stays.
    pub(super) fn take_up(&mut self) {
        self.lasting.take_if(|notice| notice.tone == Tone::Plain);
    }
}
