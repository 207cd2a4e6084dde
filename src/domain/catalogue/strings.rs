//! Many short texts in one allocation: a text costs its bytes and four more.

/// Texts by the order they came in.
#[derive(Default)]
pub(super) struct Strings {
    text: String,
    ends: Vec<u32>,
}

impl Strings {
    /// Adds a text. Past 4 GB in all a text is kept as an empty one.
    pub fn push(&mut self, text: &str) {
        let end = u32::try_from(self.text.len() + text.len());
        if end.is_ok() {
            self.text.push_str(text);
        }
        self.ends.push(end.unwrap_or(u32::MAX));
    }

    /// The text that came as number `index`, from nought; empty where there is none.
    pub fn get(&self, index: u32) -> &str {
        let index = index as usize;
        let start = index
            .checked_sub(1)
            .and_then(|before| self.ends.get(before))
            .map_or(0, |end| *end as usize);
        self.ends
            .get(index)
            .and_then(|end| self.text.get(start..*end as usize))
            .unwrap_or_default()
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Gives back the room that growing took in advance.
    pub fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}
