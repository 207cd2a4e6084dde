//! What the desk wants sent in a scene, and everything the program has said about it so far.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::program::Ended;
use crate::trades::{LEAD, Trade};

/// One wish: its key is the caller's.
#[derive(Clone, Debug)]
pub struct Wish {
    pub key: String,
    /// Everything it says follows from this, so that only twins say the same.
    pub number: usize,
    pub phone: String,
    /// A word of the program, as it was told last.
    pub told: Option<Told>,
    /// It was settled and then forgotten on purpose.
    pub was_purged: bool,
}

/// A line that the program printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub id: String,
    pub state: String,
    pub number: Option<String>,
}

impl Told {
    pub fn read(line: &Value) -> Option<Self> {
        Some(Self {
            id: line["id"].as_str()?.to_owned(),
            state: line["state"].as_str()?.to_owned(),
            number: line["number"].as_str().map(str::to_lowercase),
        })
    }
}

/// All wishes of a scene, by key.
pub struct Wishes {
    pub all: BTreeMap<String, Wish>,
    trade: &'static Trade,
}

/// Leads of Flabs.
impl Default for Wishes {
    fn default() -> Self {
        Self::of(&LEAD)
    }
}

impl Wishes {
    /// Wishes of one trade.
    pub fn of(trade: &'static Trade) -> Self {
        Self {
            all: BTreeMap::new(),
            trade,
        }
    }

    /// So many new ones; returns the lines for `frontdesk submit`.
    pub fn more(&mut self, count: u32) -> Vec<u8> {
        (0..count).flat_map(|_| self.add(self.all.len())).collect()
    }

    /// Two that say the same: the same patient twice, entered by two people.
    pub fn twins(&mut self) -> Vec<u8> {
        let number = self.all.len();
        [self.add(number), self.add(number)].concat()
    }

    fn add(&mut self, number: usize) -> Vec<u8> {
        let wish = Wish {
            key: format!("wish-{}", self.all.len()),
            number,
            phone: format!("98{number:08}"),
            told: None,
            was_purged: false,
        };
        let line = self.line(&wish);
        self.all.insert(wish.key.clone(), wish);
        line
    }

    /// The lines of the wishes of which the program has not said anything.
    pub fn untold(&self) -> Vec<u8> {
        let untold = self.all.values().filter(|wish| wish.told.is_none());
        untold.flat_map(|wish| self.line(wish)).collect()
    }

    /// Takes note of what a run of `frontdesk submit` has said.
    pub fn hear(&mut self, ended: &Ended) {
        for line in ended.out.lines() {
            let Ok(line) = serde_json::from_str::<Value>(line) else {
                continue;
            };
            let wish = line["key"].as_str().and_then(|key| self.all.get_mut(key));
            if let (Some(wish), Some(told)) = (wish, Told::read(&line)) {
                wish.told = Some(told);
            }
        }
    }

    fn line(&self, wish: &Wish) -> Vec<u8> {
        format!("{}\n", (self.trade.line)(wish)).into_bytes()
    }
}
