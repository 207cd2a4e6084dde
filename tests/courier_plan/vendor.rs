//! A vendor of one tier as it would be without a program: what it makes of a create, and what its list shows.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use frontdesk::domain::evidence::Outcome;
use frontdesk::domain::looked::Looked;
use frontdesk::domain::tier::Tier;

/// One record. All are of one patient, one phone and one moment.
struct Record {
    number: String,
    is_ours: bool,
    shows_from: DateTime<Utc>,
}

pub struct Vendor {
    pub tier: Tier,
    /// Our own reference stands in its list.
    pub has_reference: bool,
    /// A record shows in its list so long after it was made.
    pub lag: TimeDelta,
    /// How far its clock is ahead of the true time; within the margin that the planner keeps.
    pub skew: TimeDelta,
    records: Vec<Record>,
    /// The days on which a record was made, ours or not.
    days: Vec<NaiveDate>,
    /// Somebody else's record has the code that is ours alone.
    pub is_code_strange: bool,
}

impl Vendor {
    pub fn new(tier: Tier, has_reference: bool, lag: TimeDelta, skew: TimeDelta) -> Self {
        Self {
            tier,
            has_reference,
            lag,
            skew,
            records: Vec::new(),
            days: Vec::new(),
            is_code_strange: false,
        }
    }

    /// How many of the records are ours.
    pub fn ours(&self) -> usize {
        self.records.iter().filter(|record| record.is_ours).count()
    }

    pub fn has(&self, number: &str) -> bool {
        self.records.iter().any(|record| record.number == number)
    }

    pub fn is_ours(&self, number: &str) -> bool {
        let mut records = self.records.iter();
        records.any(|record| record.is_ours && record.number == number)
    }

    /// The day of the vendor, where its days are what guards it.
    fn day(&self, now: DateTime<Utc>) -> Option<NaiveDate> {
        match self.tier {
            Tier::DayGuard { zone } => Some((now + self.skew).with_timezone(&zone).date_naive()),
            _ => None,
        }
    }

    /// It takes a create of ours, unless its guard refuses.
    pub fn takes(&mut self, now: DateTime<Utc>) -> Outcome {
        let words = String::new();
        let day = self.day(now);
        if day.is_some_and(|day| self.days.contains(&day)) {
            return Outcome::Duplicate { words };
        }
        if self.tier == Tier::UniqueCode && (self.is_code_strange || self.ours() > 0) {
            return Outcome::CodeTaken { words };
        }
        self.days.extend(day);
        let number = self.adds(now, true);
        Outcome::Accepted {
            number,
            told: vec![],
        }
    }

    /// Somebody else enters the same.
    pub fn takes_stranger(&mut self, now: DateTime<Utc>) {
        let day = self.day(now);
        if !day.is_some_and(|day| self.days.contains(&day)) {
            self.days.extend(day);
            self.adds(now, false);
        }
    }

    fn adds(&mut self, now: DateTime<Utc>, is_ours: bool) -> String {
        let number = format!("LD-{}", self.records.len() + 1);
        self.records.push(Record {
            number: number.clone(),
            is_ours,
            shows_from: now + self.lag,
        });
        number
    }

    /// What its list shows.
    pub fn shows(&self, now: DateTime<Utc>) -> Looked {
        let seen = || self.records.iter().filter(|one| one.shows_from <= now);
        let told = vec![];
        if let Some(ours) = seen().find(|one| one.is_ours && self.has_reference) {
            let number = ours.number.clone();
            return Looked::Ours { number, told };
        }
        match seen().next() {
            Some(other) => Looked::Match {
                number: other.number.clone(),
                told,
            },
            None => Looked::Absent,
        }
    }
}
