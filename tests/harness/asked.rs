//! What only some wishes have: a call that is made once, and a second half that can fail by itself.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::SPENT;
use crate::site::Site;
use crate::tally::{Promise, Tally};
use crate::wishes::{Wish, Wishes};

/// Some calls are made once for each record, even where the first one never reached the vendor.
pub fn once(site: &Site) -> Tally {
    let mut tally = Tally::default();
    let Some(once) = site.trade.once else {
        return tally;
    };
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for asked in site.proxy.asked() {
        let is_spent = asked.status.is_some_and(|status| SPENT.contains(&status));
        if asked.target.starts_with(once) && !is_spent {
            *times.entry(asked.target).or_default() += 1;
        }
    }
    for (target, times) in times.iter().filter(|(_, times)| **times > 1) {
        let words = format!("{target} was asked {times} times, where one is safe");
        tally.breaks(Promise::Doubled, words);
    }
    // What follows the create may have had no create to follow.
    if times.is_empty() && site.trade.then.is_none() {
        tally.breaks(Promise::Unwell, format!("nothing was asked at {once}"));
    }
    tally
}

/// Whoever has a new appointment is told what became of the old one.
pub fn second_half(site: &Site, wishes: &Wishes, listed: &BTreeMap<String, Value>) -> Tally {
    let mut tally = Tally::default();
    let Some(call) = site.trade.then else {
        return tally;
    };
    let ledger = site.ledger();
    let applied = ledger
        .iter()
        .filter(|row| row["call"] == call && row["applied"] == true);
    let over: BTreeSet<&str> = applied.filter_map(|row| row["number"].as_str()).collect();
    for wish in wishes.all.values() {
        if let Some(why) = contradiction(wish, listed, &over) {
            tally.breaks(Promise::Lie, format!("{} was told {why}", wish.key));
        }
    }
    tally
}

fn contradiction(
    wish: &Wish,
    listed: &BTreeMap<String, Value>,
    over: &BTreeSet<&str>,
) -> Option<String> {
    let line = listed.get(&wish.told.as_ref()?.id)?;
    let old = &wish.base.as_ref()?.number;
    let told = line["told"].as_array().into_iter().flatten();
    let of_old = told
        .filter(|told| told["text"].as_str().is_some_and(|text| text.contains(old)))
        .find_map(|told| told["label"].as_str());
    match (of_old, over.contains(&**old)) {
        (Some("Cancelled"), true)
        | (Some("The old one still stands"), false)
        | (Some("The old one"), _) => None,
        (None, _) if line["state"] != "Accepted" => None,
        (None, _) => Some(format!("nothing of {old}")),
        (Some(words), true) => Some(format!("{words:?} of {old}, which is over")),
        (Some(words), false) => Some(format!("{words:?} of {old}, which stands")),
    }
}
