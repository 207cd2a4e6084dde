//! Which of the rows that hold every term come first.

use memchr::memmem::Finder;

use super::search::Query;
use super::{Catalogue, Row, fields};

/// How a row answers, best first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Code,
    /// The whole name, or one of the aliases.
    Name,
    CodePrefix,
    NamePrefix,
    /// Every term begins a word.
    Words,
    Within,
}

/// The best `limit` of `rows`, and whether one of them bears the query as its code or name. Equal ranks go by the
/// shorter name, then by the vendor's order.
pub(super) fn best(
    catalogue: &Catalogue,
    query: &Query,
    finders: &[Finder],
    rows: &[u32],
    limit: usize,
) -> (Vec<Row>, bool) {
    let mut places = Vec::with_capacity(rows.len());
    let mut surely = 0;
    let mut is_exact = false;
    for row in rows {
        let [code, name, aliases] = fields(catalogue.folded(*row));
        let rank = by_beginning(code, name, aliases, &query.whole);
        surely += usize::from(rank < Rank::Words);
        is_exact |= rank <= Rank::Name;
        places.push(place(rank, name.len(), *row));
    }
    if surely < limit {
        for place in &mut places {
            if *place >= FIRST_WORDS && !begin_words(catalogue.folded(row_of(*place)), finders) {
                *place += FIRST_WITHIN - FIRST_WORDS;
            }
        }
    }
    let best = first(places, limit);
    (
        best.into_iter().map(|place| Row(row_of(place))).collect(),
        is_exact,
    )
}

/// The rank of a row by its code, name and aliases; one that holds the terms elsewhere counts as [`Rank::Words`] until
/// it is looked at again, which is needed only where the better ones do not fill the list.
fn by_beginning(code: &str, name: &str, aliases: &str, whole: &str) -> Rank {
    if code == whole {
        Rank::Code
    } else if name == whole || is_among(aliases, whole) {
        Rank::Name
    } else if code.starts_with(whole) {
        Rank::CodePrefix
    } else if name.starts_with(whole) {
        Rank::NamePrefix
    } else {
        Rank::Words
    }
}

fn is_among(aliases: &str, whole: &str) -> bool {
    aliases.len() >= whole.len() && aliases.split(',').any(|alias| alias.trim_start() == whole)
}

fn begin_words(row: &str, finders: &[Finder]) -> bool {
    let row = row.as_bytes();
    finders.iter().all(|finder| {
        finder.find_iter(row).any(|at| {
            at.checked_sub(1)
                .and_then(|before| row.get(before))
                .is_none_or(|byte| byte.is_ascii() && !byte.is_ascii_alphanumeric())
        })
    })
}

/// Rank, length of the name and row in one number, so that the order of places is the order of numbers.
fn place(rank: Rank, name: usize, row: u32) -> u64 {
    let name = u64::try_from(name).unwrap_or(LONGEST).min(LONGEST);
    (rank as u64) << 56 | name << 32 | u64::from(row)
}

const LONGEST: u64 = (1 << 24) - 1;
const FIRST_WORDS: u64 = (Rank::Words as u64) << 56;
const FIRST_WITHIN: u64 = (Rank::Within as u64) << 56;

fn row_of(place: u64) -> u32 {
    let [.., a, b, c, d] = place.to_be_bytes();
    u32::from_be_bytes([a, b, c, d])
}

/// The `limit` smallest places in order, without sorting the others.
pub(super) fn first<T: Ord>(mut places: Vec<T>, limit: usize) -> Vec<T> {
    if limit < places.len() {
        places.select_nth_unstable(limit);
        places.truncate(limit);
    }
    places.sort_unstable();
    places
}
