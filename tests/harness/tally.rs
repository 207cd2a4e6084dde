//! What came of the scenes: faults that really fired on one side, promises that were broken on the other.

use std::collections::BTreeMap;
use std::fmt;

/// A promise of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Promise {
    /// What was told as saved is in the store.
    Lost,
    /// One wish is at most one record, under one id.
    Doubled,
    /// Every word agrees with the ledger.
    Lie,
    /// Everything is settled, or a person is asked.
    Stuck,
    /// The vendor never had to say "too many", and was asked for nothing while it wanted rest.
    Hasty,
    /// No redirect was followed.
    Strayed,
    /// The program did what it was started for: it answered, echoed keys, ended.
    Unwell,
}

impl fmt::Display for Promise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Lost => "lost",
            Self::Doubled => "doubled",
            Self::Lie => "lie",
            Self::Stuck => "stuck",
            Self::Hasty => "429",
            Self::Strayed => "trap",
            Self::Unwell => "unwell",
        })
    }
}

/// The sum of any number of scenes.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    pub kills: u64,
    pub cuts: u64,
    /// By kind of fault, kills and cuts among them.
    pub fired: BTreeMap<String, u64>,
    pub broken: BTreeMap<Promise, u64>,
    /// Each broken promise in words.
    pub notes: Vec<String>,
    /// How the wishes ended, by word.
    pub words: BTreeMap<String, u64>,
}

impl Tally {
    pub fn fire(&mut self, kind: &str, times: u64) {
        if times > 0 {
            *self.fired.entry(kind.to_owned()).or_default() += times;
        }
    }

    pub fn kill(&mut self, kind: &str) {
        self.kills += 1;
        self.fire(&format!("kill {kind}"), 1);
    }

    pub fn breaks(&mut self, promise: Promise, words: impl AsRef<str>) {
        *self.broken.entry(promise).or_default() += 1;
        self.notes.push(format!("{promise}: {}", words.as_ref()));
    }

    pub fn add(&mut self, other: Self) {
        self.kills += other.kills;
        self.cuts += other.cuts;
        for (kind, times) in other.fired {
            *self.fired.entry(kind).or_default() += times;
        }
        for (promise, times) in other.broken {
            *self.broken.entry(promise).or_default() += times;
        }
        for (word, times) in other.words {
            *self.words.entry(word).or_default() += times;
        }
        self.notes.extend(other.notes);
    }

    /// A scene in which a promise was broken need not go on.
    pub fn is_broken(&self) -> bool {
        !self.broken.is_empty()
    }

    pub fn count(&self, promise: Promise) -> u64 {
        self.broken.get(&promise).copied().unwrap_or_default()
    }

    pub fn fired(&self) -> u64 {
        self.fired.values().sum()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "kills={} cuts={} fired={} lost={} doubled={} lie={} stuck={}",
            self.kills,
            self.cuts,
            self.fired(),
            self.count(Promise::Lost),
            self.count(Promise::Doubled),
            self.count(Promise::Lie),
            self.count(Promise::Stuck),
        )
    }
}
