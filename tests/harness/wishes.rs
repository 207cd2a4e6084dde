//! What the desk wants sent in a scene, and everything the program has said about it so far.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::program::Ended;
use crate::trades::{LEAD, Trade};

/// What is added, with the round, to the key of a change for the record that it changes.
const BASE: &str = "-base";

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
    /// The record that it changes, where it makes none.
    pub base: Option<Base>,
}

/// A record that was booked before anything went wrong.
#[derive(Clone, Debug)]
pub struct Base {
    pub id: String,
    pub number: String,
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

    /// So many new ones; returns their keys.
    pub fn more(&mut self, count: u32) -> Vec<String> {
        (0..count).map(|_| self.add(self.all.len())).collect()
    }

    /// Two that say the same: the same patient twice, entered by two people.
    pub fn twins(&mut self) -> [String; 2] {
        let number = self.all.len();
        [self.add(number), self.add(number)]
    }

    fn add(&mut self, number: usize) -> String {
        let wish = Wish {
            key: format!("wish-{}", self.all.len()),
            number,
            phone: format!("98{number:08}"),
            told: None,
            was_purged: false,
            base: None,
        };
        let key = wish.key.clone();
        self.all.insert(key.clone(), wish);
        key
    }

    /// The keys of the wishes of which the program has not said anything.
    pub fn untold(&self) -> Vec<String> {
        let untold = self.all.values().filter(|wish| wish.told.is_none());
        untold.map(|wish| wish.key.clone()).collect()
    }

    /// The lines for `frontdesk submit` that say these wishes.
    pub fn lines(&self, keys: &[String]) -> Vec<u8> {
        let wishes = keys.iter().map(|key| &self.all[key]);
        let lines = wishes.map(|wish| (self.trade.line)(wish));
        lines
            .flat_map(|line| format!("{line}\n").into_bytes())
            .collect()
    }

    /// The same for the records that these wishes change and that are not booked yet; each round books others.
    pub fn unbooked(&self, keys: &[String], round: u32) -> Vec<u8> {
        let wishes = keys.iter().map(|key| &self.all[key]);
        let unbooked = wishes.filter(|wish| wish.base.is_none());
        let lines = unbooked.map(|wish| {
            let mut line = (self.trade.line)(wish);
            line["key"] = format!("{}{BASE}{round}", wish.key).into();
            format!("{line}\n")
        });
        lines.flat_map(String::into_bytes).collect()
    }

    /// The ids of the records that were booked to be changed.
    pub fn bases(&self) -> BTreeSet<&str> {
        let bases = self.all.values().filter_map(|wish| wish.base.as_ref());
        bases.map(|base| base.id.as_str()).collect()
    }

    /// Takes note of the records that were booked to be changed.
    pub fn booked(&mut self, ended: &Ended) {
        for line in ended.out.lines() {
            let Ok(line) = serde_json::from_str::<Value>(line) else {
                continue;
            };
            let key = line["key"].as_str().and_then(|key| key.split_once(BASE));
            let wish = key.and_then(|(key, _)| self.all.get_mut(key));
            if let (Some(wish), Some(id), Some(number)) =
                (wish, line["id"].as_str(), line["number"].as_str())
            {
                wish.base = Some(Base {
                    id: id.to_owned(),
                    number: number.to_owned(),
                });
            }
        }
    }

    /// Takes note of what a run of `frontdesk submit` or `frontdesk change` has said.
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
}
