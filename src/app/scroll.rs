//! How far the text of a card is scrolled. Only who draws it knows how many lines it has and how many fit: the drawing
//! says so here, so that no key ever leads past the end, and none is offered where all is seen.

use std::cell::Cell;

use super::key::Key;

#[derive(Clone, Debug, Default)]
pub struct Scroll {
    passed: Cell<usize>,
    /// How many lines can be scrolled past at most, as it was drawn last; none before it was drawn.
    hidden: Cell<Option<usize>>,
}

impl Scroll {
    pub(super) fn press(&mut self, key: Key) {
        let row = key.row_from(self.passed.get(), self.hidden.get().unwrap_or(usize::MAX));
        self.passed.set(row.unwrap_or(self.passed.get()));
    }

    /// The first line to be seen where so many cannot be seen at once.
    pub fn first(&self, hidden: usize) -> usize {
        self.hidden.set(Some(hidden));
        self.passed.set(self.passed.get().min(hidden));
        self.passed.get()
    }

    /// Whether there is more than was seen when it was drawn last.
    pub fn has_more(&self) -> bool {
        self.hidden.get().is_some_and(|hidden| hidden > 0)
    }
}
