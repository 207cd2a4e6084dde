//! The tests and packages of a branch, and how a clerk finds one among a hundred thousand.

use super::money::Money;
use super::order::{ItemId, ItemKind, Line};

/// One test or package as a vendor's answer gives it; a [`Catalogue`] keeps many of them compactly.
#[derive(Clone, Debug, PartialEq, Eq)]
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

/// All that can be ordered at one branch, for one party.
#[derive(Debug, Default)]
pub struct Catalogue {
    items: Vec<Item>,
}

impl Catalogue {
    pub fn new(items: impl IntoIterator<Item = Item>) -> Self {
        Self {
            items: items.into_iter().collect(),
        }
    }

    pub fn len(&self) -> usize {
        self.items.len()
    }

    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    pub fn entry(&self, row: Row) -> Option<Entry<'_>> {
        let item = self.items.get(row.0 as usize)?;
        Some(Entry {
            id: &item.id.0,
            kind: item.kind,
            code: &item.code,
            name: &item.name,
            price: item.price,
            specimen: item.specimen.as_deref(),
            fasting: item.fasting.as_deref(),
            turnaround: item.turnaround.as_deref(),
        })
    }

    /// The tests inside the package at `row`.
    pub fn includes(&self, row: Row) -> Vec<ItemId> {
        self.items
            .get(row.0 as usize)
            .map(|item| item.includes.clone())
            .unwrap_or_default()
    }

    /// Where the item with this id lies.
    pub fn find(&self, kind: ItemKind, id: &ItemId) -> Option<Row> {
        let index = self
            .items
            .iter()
            .position(|item| item.kind == kind && item.id == *id)?;
        u32::try_from(index).ok().map(Row)
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
            is_gone: false,
        })
    }

    /// The best `limit` rows for what was typed; nothing typed gives all, in the vendor's order.
    pub fn search(&self, query: &str, limit: usize) -> Hits {
        let terms: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
        let rows: Vec<Row> = (0_u32..)
            .zip(&self.items)
            .filter(|(_, item)| {
                let text = format!("{} {} {}", item.code, item.name, item.aliases.join(" "))
                    .to_lowercase();
                terms.iter().all(|term| text.contains(term.as_str()))
            })
            .map(|(index, _)| Row(index))
            .collect();
        Hits {
            total: rows.len(),
            rows: rows.into_iter().take(limit).collect(),
        }
    }
}

/// The byte ranges of `text` that `query` matched, for marking; in order, not overlapping.
pub fn marks(text: &str, query: &str) -> Vec<std::ops::Range<usize>> {
    let lower = text.to_lowercase();
    let mut ranges: Vec<_> = query
        .split_whitespace()
        .filter_map(|term| {
            lower
                .find(&term.to_lowercase())
                .map(|start| start..start + term.len())
        })
        .collect();
    ranges.sort_by_key(|range| range.start);
    ranges
}

/// Up to so many rows are searched where they are; above it, off the thread that draws.
pub const IN_PLACE_ROWS: usize = 20_000;

/// A search that narrows as it is typed on.
#[derive(Debug, Default)]
pub struct Search {}

impl Search {
    pub fn find(&mut self, catalogue: &Catalogue, query: &str, limit: usize) -> Hits {
        catalogue.search(query, limit)
    }
}
