//! Compares what the program said with what the vendor's ledger holds. The ledger is right.

mod asked;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::Value;
use sqlx::{ConnectOptions, Connection};

use crate::program::SAID;
use crate::site::Site;
use crate::tally::{Promise, Tally};
use crate::trades::{Tier, Trade};
use crate::wishes::{Told, Wishes};

/// When the judge looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// No process is at work, and more will come.
    Between,
    /// The vendor has been well for a quarter of an hour.
    AtTheEnd,
}

/// Answers after which nothing came of a create, and everybody knows it.
const SPENT: [u16; 4] = [401, 403, 424, 429];

/// What became at the vendor of those who share a mark: one wish, or twins.
#[derive(Default)]
struct Record {
    /// Ids under which creates arrived.
    ids: BTreeSet<String>,
    /// Id and number of each that had an effect.
    applied: Vec<(String, String)>,
    /// What was sent, as text.
    bodies: BTreeSet<String>,
    /// How often a create arrived that may have left the program in doubt.
    arrived: usize,
    /// Wishes that share it.
    wishes: usize,
}

/// Looks at everything, while no process of the scene is at work.
pub fn judge(site: &Site, wishes: &mut Wishes, when: When) -> Tally {
    let mut tally = Tally::default();
    let trade = site.trade;
    let mut ledger = ledger(site);
    for wish in wishes.all.values() {
        let record = ledger.entry((trade.mark_of)(wish)).or_default();
        record.wishes += 1;
    }
    tally.add(too_often(&ledger, trade.tier));
    let (kept, words) = kept(site);
    let nothing = Record::default();
    let acceptances = acceptances(site, wishes);
    for wish in wishes.all.values_mut() {
        let record = ledger.get(&(trade.mark_of)(wish)).unwrap_or(&nothing);
        let key = &wish.key;
        if record.applied.len() > record.wishes {
            let count = record.applied.len();
            tally.breaks(Promise::Doubled, format!("{key} has {count} records"));
        } else if record.ids.len() > record.wishes {
            let ids = &record.ids;
            tally.breaks(Promise::Doubled, format!("{key} was sent as {ids:?}"));
        }
        let told_id = wish.told.as_ref().map(|told| &told.id);
        let mut of_wish = kept.iter();
        let found = of_wish.find(|(id, kept)| kept.as_ref() == Some(key) || told_id == Some(id));
        let Some((id, _)) = found else {
            if let Some(told) = &wish.told
                && !wish.was_purged
                && !told.id.is_empty()
            {
                tally.breaks(Promise::Lost, format!("{key} was told as {}", told.state));
            }
            if when == When::AtTheEnd && wish.told.is_none() {
                tally.breaks(Promise::Unwell, format!("{key} was never taken"));
            }
            continue;
        };
        if record.wishes == 1 && record.ids.iter().any(|sent| sent != id) {
            let ids = &record.ids;
            tally.breaks(Promise::Doubled, format!("{key} is {id}, sent as {ids:?}"));
        }
        let Some(word) = words.get(id) else {
            tally.breaks(Promise::Lost, format!("{key} is not in the worklist"));
            continue;
        };
        if let Some(why) = contradiction(word, record, trade) {
            tally.breaks(Promise::Lie, format!("{key} is {} but {why}", word.state));
        }
        if record.wishes == 1 && record.bodies.len() > 1 && record.ids.len() <= 1 {
            tally.breaks(Promise::Lie, format!("{key} was sent with other words"));
        }
        if acceptances.iter().any(|told| told.id == *id) && word.state != "Accepted" {
            let now = &word.state;
            tally.breaks(Promise::Lie, format!("{key} was accepted, and is {now}"));
        }
        if when == When::AtTheEnd {
            *tally.words.entry(word.state.clone()).or_default() += 1;
            if matches!(word.state.as_str(), "Saved" | "Sending" | "Checking") {
                tally.breaks(Promise::Stuck, format!("{key} is still {}", word.state));
            }
        }
        wish.told = Some(word.clone());
    }
    if when == When::AtTheEnd {
        let listed = worklist(site);
        tally.add(mislisted(&words, &listed));
        for told in &acceptances {
            let has_record = |record: &Record| {
                let mut applied = record.applied.iter();
                applied.any(|(id, number)| {
                    let is_number = match &told.number {
                        Some(told) => told == number,
                        None => trade.tier == Tier::UniqueCode,
                    };
                    is_number && (*id == told.id || !trade.has_ids)
                })
            };
            if !ledger.values().any(has_record) {
                tally.breaks(Promise::Lie, format!("{} was told as accepted", told.id));
            }
        }
        tally.add(shared(&words, wishes));
        tally.add(asked::once(site));
        tally.add(asked::second_half(site, wishes, &listed));
        tally.add(manners(site));
    }
    tally
}

/// No record was sent more often than its tier allows.
fn too_often(ledger: &BTreeMap<String, Record>, tier: Tier) -> Tally {
    let mut tally = Tally::default();
    for (mark, record) in ledger {
        // What a person typed on a screen is no wish of a script.
        let most = tier.most() * record.wishes.max(1);
        if record.arrived > most {
            let arrived = record.arrived;
            let words = format!("{mark} was sent {arrived} times, where {most} are safe");
            tally.breaks(Promise::Doubled, words);
        }
    }
    tally
}

/// The worklist says of each what is kept.
fn mislisted(words: &BTreeMap<String, Told>, listed: &BTreeMap<String, Value>) -> Tally {
    let mut tally = Tally::default();
    for (id, word) in words {
        let told = listed.get(id).and_then(Told::read);
        if told.as_ref() != Some(word) {
            let words = format!("{id} is {word:?}, and the worklist says {told:?}");
            tally.breaks(Promise::Lie, words);
        }
    }
    tally
}

/// Why the ledger gives a word the lie.
fn contradiction(word: &Told, record: &Record, trade: &Trade) -> Option<String> {
    let mut applied = record.applied.iter();
    let ours = if trade.has_ids {
        applied.find(|(id, _)| *id == word.id)
    } else if record.wishes > 1 {
        // Whose of the twins it is shows in the number alone.
        applied.find(|(_, number)| Some(number) == word.number.as_ref())
    } else {
        applied.next()
    };
    match (word.state.as_str(), ours) {
        ("Accepted", None) => Some("the vendor has no record".to_owned()),
        // The vendor proved that it has our code, and told no number.
        ("Accepted", Some(_)) if word.number.is_none() && trade.tier == Tier::UniqueCode => None,
        ("Accepted", Some((_, number))) if Some(number) != word.number.as_ref() => {
            Some(format!("the vendor's number is {number}"))
        }
        ("Saved" | "Not accepted" | "Dropped", Some(_)) => {
            Some("the vendor has a record".to_owned())
        }
        ("Not accepted", None) if record.arrived == 0 && !trade.has_steps => {
            Some("the vendor never saw it".to_owned())
        }
        _ => None,
    }
}

/// One number of the vendor's is one record, and that is of one wish.
fn shared(words: &BTreeMap<String, Told>, wishes: &Wishes) -> Tally {
    let mut tally = Tally::default();
    let mut known = BTreeSet::new();
    let bases = wishes.bases();
    let accepted = words
        .values()
        .filter(|word| word.state == "Accepted" && !bases.contains(&*word.id));
    for number in accepted.filter_map(|word| word.number.as_ref()) {
        if !known.insert(number) {
            tally.breaks(Promise::Lie, format!("{number} was told of two wishes"));
        }
    }
    tally
}

/// Every acceptance that a process of the scene has told, whenever that was.
fn acceptances(site: &Site, wishes: &Wishes) -> Vec<Told> {
    let bases = wishes.bases();
    let files = std::fs::read_dir(site.home()).unwrap();
    let paths = files.map(|file| file.unwrap().path());
    let said = paths.filter(|path| path.to_string_lossy().ends_with(SAID));
    let words: Vec<String> = said
        .map(|path| std::fs::read_to_string(path).unwrap_or_default())
        .collect();
    let lines = words.iter().flat_map(|words| words.lines());
    lines
        .filter_map(|line| Told::read(&serde_json::from_str(line).ok()?))
        .filter(|told| told.state == "Accepted" && !bases.contains(&*told.id))
        .collect()
}

/// What a person is told of everything, by id.
fn worklist(site: &Site) -> BTreeMap<String, Value> {
    let listed = site.run(&["worklist", "--all", "--json"], &[], "");
    let lines = listed.out.lines();
    let told = lines.filter_map(|line| serde_json::from_str::<Value>(line).ok());
    told.filter_map(|line| Some((line["id"].as_str()?.to_owned(), line)))
        .collect()
}

/// Whether the vendor was treated as it asked to be.
fn manners(site: &Site) -> Tally {
    let mut tally = Tally::default();
    for _ in 0..site.trap.calls() {
        tally.breaks(Promise::Strayed, "a redirect was followed");
    }
    for _ in 0..site.proxy.refusals() {
        tally.breaks(Promise::Hasty, "the vendor had to say 429");
    }
    // Two clocks are compared, and what had left before the 429 came is no haste.
    let slack = Duration::from_millis(60);
    let creates = site.proxy.creates();
    for limited in creates.iter().filter(|create| create.status == Some(429)) {
        let (Some(answered), Some(seconds)) = (limited.answered, limited.retry_after) else {
            continue;
        };
        let rest = site.time.real(f64::from(seconds));
        let early = creates.iter().filter(|create| {
            create.arrived > answered + slack && create.arrived + slack < answered + rest
        });
        for _ in early {
            tally.breaks(
                Promise::Hasty,
                format!("a create within the {seconds} s of a Retry-After"),
            );
        }
    }
    tally
}

fn ledger(site: &Site) -> BTreeMap<String, Record> {
    let mut records: BTreeMap<String, Record> = BTreeMap::new();
    let rows = site.ledger();
    for row in rows.iter().filter(|row| row["call"] == site.trade.call) {
        let mark = (site.trade.mark)(row).unwrap_or_default();
        let id = row["integrator"].as_str().unwrap_or_default().to_owned();
        let record = records.entry(mark.to_owned()).or_default();
        if row["applied"] == true {
            let number = row["number"].as_str().unwrap_or_default();
            record.applied.push((id.clone(), number.to_lowercase()));
        }
        let is_spent = SPENT.iter().any(|spent| row["status"] == *spent);
        record.arrived += usize::from(!is_spent);
        record.bodies.insert(row["body"].to_string());
        if site.trade.has_ids {
            record.ids.insert(id);
        }
    }
    records
}

/// The ids that are on disk with their keys, of which an earlier program kept none; and the word of each.
fn kept(site: &Site) -> (BTreeMap<String, Option<String>>, BTreeMap<String, Told>) {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(site.store());
    let rows: Vec<(String, Option<String>, String, String)> = site.block_on(async {
        let Ok(mut connection) = options.connect().await else {
            return Vec::new();
        };
        let rows = sqlx::query_as(
            "SELECT id, key, word, text FROM intents JOIN digests ON digests.intent = id",
        );
        let rows = rows.fetch_all(&mut connection).await.unwrap_or_default();
        drop(connection.close().await);
        rows
    });
    let mut kept = BTreeMap::new();
    let mut words = BTreeMap::new();
    for (id, key, state, text) in rows {
        let number = text.lines().nth(3).filter(|number| !number.is_empty());
        let told = Told {
            id: id.clone(),
            state,
            number: number.map(str::to_owned),
        };
        words.insert(id.clone(), told);
        kept.insert(id, key);
    }
    (kept, words)
}
