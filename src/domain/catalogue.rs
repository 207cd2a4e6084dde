//! The tests and packages of a branch, and how a clerk finds one among a hundred thousand.
//!
//! A row costs its text twice (as shown, and folded for the search) and about thirty bytes more, so that a catalogue of
//! 100,000 rows stays small beside the rest of the console. Knows nothing of threads: whoever holds a catalogue of more
//! than [`IN_PLACE_ROWS`] searches it where nobody waits.

mod fold;
mod marks;
mod nearly;
mod rank;
mod search;
mod strings;

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};

use super::money::Money;
use super::order::{ItemId, ItemKind, Line};
use strings::Strings;

pub use marks::marks;
pub use search::Search;

/// Up to this many rows a search fits between two keys on the thread that draws: terms that occur cost less than one
/// millisecond here, and the slowest query, one that occurs nowhere and nearly in many rows, costs two or three. Above
/// it, search off that thread.
pub const IN_PLACE_ROWS: usize = 20_000;

/// Ends each of the three fields of a row: code, name, aliases. No term holds it, so no match crosses a field.
const FIELD_END: char = '\n';

/// One test or package as a vendor's answer gives it; a [`Catalogue`] keeps many of them compactly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    pub id: ItemId,
    pub kind: ItemKind,
    /// Short and upper case; empty where the vendor has none.
    pub code: String,
    pub name: String,
    /// Other names a clerk may type.
    pub aliases: Vec<String>,
    pub price: Money,
    /// `Blood, EDTA`.
    pub specimen: Option<String>,
    /// `fasting 10 to 12 hours`.
    pub fasting: Option<String>,
    /// `same day`.
    pub turnaround: Option<String>,
    /// The tests inside a package: ids, or names where the vendor gives no ids.
    pub includes: Vec<ItemId>,
}

/// The place of an item in its catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Row(pub u32);

/// An item where it lies in the catalogue.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    pub id: &'a str,
    pub kind: ItemKind,
    pub code: &'a str,
    pub name: &'a str,
    /// All other names in one line: `haemogram, full blood count`.
    pub aliases: &'a str,
    pub price: Money,
    pub specimen: Option<&'a str>,
    pub fasting: Option<&'a str>,
    pub turnaround: Option<&'a str>,
}

/// The rows that answer a query, best first, and how many there are in all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hits {
    /// At most as many as were asked for.
    pub rows: Vec<Row>,
    pub total: usize,
}

/// What many items have in common, kept once for all of them.
#[derive(PartialEq, Eq, Hash)]
struct Handling {
    kind: ItemKind,
    specimen: Option<String>,
    fasting: Option<String>,
    turnaround: Option<String>,
}

/// All that can be ordered at one branch, for one party. It never changes once it is made.
#[derive(Default)]
pub struct Catalogue {
    /// Tells one catalogue from another, for a [`Search`] that outlives it.
    number: u64,
    ids: Strings,
    /// Rows by id, to find one without reading all.
    by_id: Vec<u32>,
    /// Code, name and aliases of all rows, as they are shown.
    shown: String,
    /// The same text at the same offsets, folded: what is searched.
    folded: String,
    /// Where each row begins in both.
    starts: Vec<u32>,
    /// The letters that occur in each row (see [`fold::letters`]).
    letters: Vec<u32>,
    prices: Vec<Money>,
    /// The place of each row's handling.
    handled: Vec<u32>,
    handlings: Vec<Handling>,
    /// Packages and the place of their first included test, in the order of the rows.
    packages: Vec<(u32, u32)>,
    included: Strings,
}

impl Catalogue {
    /// Takes the items one by one, in the vendor's order. Holds at most 4 GB of text: what comes after is left out.
    pub fn new(items: impl IntoIterator<Item = Item>) -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(1);
        let mut catalogue = Self {
            number: NUMBER.fetch_add(1, Ordering::Relaxed),
            ..Self::default()
        };
        let mut known = HashMap::new();
        for item in items {
            if catalogue.add(item, &mut known).is_none() {
                break;
            }
        }
        catalogue.close(known);
        catalogue
    }

    /// Adds one item; nothing where there is no room for it.
    fn add(&mut self, item: Item, known: &mut HashMap<Handling, u32>) -> Option<()> {
        let row = u32::try_from(self.starts.len()).ok()?;
        let start = u32::try_from(self.shown.len()).ok()?;
        let first_included = u32::try_from(self.included.len()).ok()?;
        let next_handling = u32::try_from(known.len()).ok()?;
        self.starts.push(start);
        for field in [&item.code, &item.name, &item.aliases.join(", ")] {
            for c in field.chars() {
                let c = if c == FIELD_END { ' ' } else { c };
                self.shown.push(c);
                self.folded.push(fold::fold_char(c));
            }
            self.shown.push(FIELD_END);
            self.folded.push(FIELD_END);
        }
        self.letters.push(fold::letters(self.folded(row)));
        self.ids.push(&item.id.0);
        self.prices.push(item.price);
        let handling = Handling {
            kind: item.kind,
            specimen: item.specimen,
            fasting: item.fasting,
            turnaround: item.turnaround,
        };
        self.handled
            .push(*known.entry(handling).or_insert(next_handling));
        if !item.includes.is_empty() {
            self.packages.push((row, first_included));
            for id in &item.includes {
                self.included.push(&id.0);
            }
        }
        Some(())
    }

    /// Sorts what is found by id and gives back the room that growing took in advance.
    fn close(&mut self, known: HashMap<Handling, u32>) {
        let mut handlings: Vec<_> = known.into_iter().collect();
        handlings.sort_unstable_by_key(|(_, place)| *place);
        self.handlings = handlings
            .into_iter()
            .map(|(handling, _)| handling)
            .collect();
        let mut by_id: Vec<u32> = (0_u32..).take(self.len()).collect();
        by_id.sort_unstable_by_key(|row| (self.ids.get(*row), *row));
        self.by_id = by_id;
        self.ids.shrink();
        self.included.shrink();
        self.shown.shrink_to_fit();
        self.folded.shrink_to_fit();
        self.starts.shrink_to_fit();
        self.letters.shrink_to_fit();
        self.prices.shrink_to_fit();
        self.handled.shrink_to_fit();
        self.packages.shrink_to_fit();
    }

    pub fn len(&self) -> usize {
        self.starts.len()
    }

    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    pub fn entry(&self, row: Row) -> Option<Entry<'_>> {
        let index = row.0 as usize;
        let handling = self
            .handlings
            .get(usize::try_from(*self.handled.get(index)?).ok()?)?;
        let [code, name, aliases] = fields(self.shown.get(self.range(row.0))?);
        Some(Entry {
            id: self.ids.get(row.0),
            kind: handling.kind,
            code,
            name,
            aliases,
            price: *self.prices.get(index)?,
            specimen: handling.specimen.as_deref(),
            fasting: handling.fasting.as_deref(),
            turnaround: handling.turnaround.as_deref(),
        })
    }

    /// All items, in the vendor's order; other names come as one.
    pub fn items(&self) -> impl Iterator<Item = Item> {
        let rows = (0..).map(Row).take(self.len());
        rows.filter_map(|row| {
            let entry = self.entry(row)?;
            let aliases = (!entry.aliases.is_empty()).then(|| entry.aliases.to_owned());
            Some(Item {
                id: ItemId(entry.id.to_owned()),
                kind: entry.kind,
                code: entry.code.to_owned(),
                name: entry.name.to_owned(),
                aliases: aliases.into_iter().collect(),
                price: entry.price,
                specimen: entry.specimen.map(str::to_owned),
                fasting: entry.fasting.map(str::to_owned),
                turnaround: entry.turnaround.map(str::to_owned),
                includes: self.includes(row),
            })
        })
    }

    /// The tests inside the package at `row`.
    pub fn includes(&self, row: Row) -> Vec<ItemId> {
        let Ok(place) = self.packages.binary_search_by_key(&row.0, |(row, _)| *row) else {
            return Vec::new();
        };
        let first = self.packages.get(place).map_or(0, |(_, first)| *first);
        let end = self
            .packages
            .get(place + 1)
            .map_or(self.included.len(), |(_, next)| *next as usize);
        (first..)
            .take(end.saturating_sub(first as usize))
            .map(|index| ItemId(self.included.get(index).to_owned()))
            .collect()
    }

    /// Where the item with this id lies; the first one where a vendor gave it twice.
    pub fn find(&self, kind: ItemKind, id: &ItemId) -> Option<Row> {
        let first = self
            .by_id
            .partition_point(|row| self.ids.get(*row) < id.0.as_str());
        self.by_id
            .get(first..)?
            .iter()
            .map(|row| Row(*row))
            .map_while(|row| {
                self.entry(row)
                    .filter(|entry| entry.id == id.0)
                    .zip(Some(row))
            })
            .find_map(|(entry, row)| (entry.kind == kind).then_some(row))
    }

    /// The item at `row` as a line of an order, at its price.
    pub fn line(&self, row: Row) -> Option<Line> {
        let entry = self.entry(row)?;
        Some(Line {
            kind: entry.kind,
            item: Some(ItemId(entry.id.to_owned())),
            code: entry.code.to_owned(),
            name: entry.name.to_owned(),
            price: entry.price,
            picked_price: entry.price,
            includes: self.includes(row),
            tests: Vec::new(),
            is_gone: false,
            is_unpriced: false,
        })
    }

    /// The best `limit` rows for what was typed; nothing typed gives all, in the vendor's order. Who searches again as
    /// the text grows keeps a [`Search`].
    pub fn search(&self, query: &str, limit: usize) -> Hits {
        Search::default().find(self, query, limit)
    }

    /// Where a row lies in both texts; empty where there is no such row.
    fn range(&self, row: u32) -> std::ops::Range<usize> {
        let row = row as usize;
        let end = self.folded.len();
        let start = self.starts.get(row).map_or(end, |start| *start as usize);
        let next = self.starts.get(row + 1).map_or(end, |next| *next as usize);
        start..next
    }

    /// The three fields of a row, folded, each with its end.
    fn folded(&self, row: u32) -> &str {
        self.folded.get(self.range(row)).unwrap_or_default()
    }
}

/// Code, name and aliases of a row's text.
fn fields(row: &str) -> [&str; 3] {
    let row = row.strip_suffix(FIELD_END).unwrap_or(row);
    let (code, rest) = row.split_once(FIELD_END).unwrap_or((row, ""));
    let (name, aliases) = rest.split_once(FIELD_END).unwrap_or((rest, ""));
    [code, name, aliases]
}

/// A hundred thousand rows help nobody in a log.
impl fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Catalogue({} rows)", self.len())
    }
}
