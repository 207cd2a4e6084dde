//! What the desk wants sent in a scene, and everything the program has said about it so far.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::program::Ended;

/// One wish: its key is the caller's, its phone is nobody else's.
#[derive(Clone, Debug)]
pub struct Wish {
    pub key: String,
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
            number: line["number"].as_str().map(str::to_owned),
        })
    }
}

/// All wishes of a scene, by key.
#[derive(Default)]
pub struct Wishes {
    pub all: BTreeMap<String, Wish>,
}

impl Wishes {
    /// So many new ones; returns the lines for `frontdesk submit`.
    pub fn more(&mut self, count: u32) -> Vec<u8> {
        let mut lines = Vec::new();
        for _ in 0..count {
            let number = self.all.len();
            let wish = Wish {
                key: format!("wish-{number}"),
                phone: format!("98{number:08}"),
                told: None,
                was_purged: false,
            };
            lines.extend(wish.line());
            self.all.insert(wish.key.clone(), wish);
        }
        lines
    }

    /// The lines of the wishes of which the program has not said anything.
    pub fn untold(&self) -> Vec<u8> {
        let untold = self.all.values().filter(|wish| wish.told.is_none());
        untold.flat_map(Wish::line).collect()
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
}

impl Wish {
    fn line(&self) -> Vec<u8> {
        let line = json!({
            "key": self.key,
            "kind": "lead",
            "branch": "Koramangala",
            "phone": self.phone,
            "name": "Rahul Sharma",
            "age": "32",
            "gender": "male",
            "items": [{"name": "Blood count", "price": "350"}],
        });
        format!("{line}\n").into_bytes()
    }
}
