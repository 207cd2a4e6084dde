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
    /// Code, name or an alias begins as was typed. Here the vendor's order decides: it names what is ordered often
    /// before what is not, and a clerk who types `thyr` rarely means thyroglobulin.
    Beginning,
    /// Every term begins a word.
    Words,
    Within,
}

/// The best `limit` of `rows`, and whether one of them bears the query as its code or name. Equal ranks go by the
/// shorter name (but those that only begin alike), then by the vendor's order.
pub(super) fn best(
    catalogue: &Catalogue,
    query: &Query,
    finders: &[Finder],
    rows: &[u32],
    limit: usize,
) -> (Vec<Row>, bool) {
    let mut places = Vec::new();
    let mut others = Vec::with_capacity(rows.len());
    let mut is_exact = false;
    for row in rows {
        let [code, name, aliases] = fields(catalogue.folded(*row));
        match by_beginning(code, name, aliases, &query.whole) {
            Some(rank) => {
                is_exact |= rank <= Rank::Name;
                let length = if rank == Rank::Beginning {
                    0
                } else {
                    name.len()
                };
                places.push(place(rank, length, *row));
            }
            None => others.push(*row),
        }
    }
    // The others are looked at closely only where they are needed to fill the list.
    if places.len() < limit {
        places.extend(others.into_iter().map(|row| {
            let text = catalogue.folded(row);
            let rank = if begin_words(text, finders) {
                Rank::Words
            } else {
                Rank::Within
            };
            place(rank, fields(text)[1].len(), row)
        }));
    }
    let best = first(places, limit);
    let best = best.into_iter().map(|place| Row(row_of(place))).collect();
    (best, is_exact)
}

/// The rank of a row whose code, name or alias begins as was typed.
fn by_beginning(code: &str, name: &str, aliases: &str, whole: &str) -> Option<Rank> {
    if code == whole {
        Some(Rank::Code)
    } else if name == whole || is_among(aliases, whole) {
        Some(Rank::Name)
    } else if code.starts_with(whole) || name.starts_with(whole) || begins_one(aliases, whole) {
        Some(Rank::Beginning)
    } else {
        None
    }
}

fn begins_one(aliases: &str, whole: &str) -> bool {
    aliases
        .as_bytes()
        .split(|byte| *byte == b',')
        .any(|alias| alias.trim_ascii_start().starts_with(whole.as_bytes()))
}

fn is_among(aliases: &str, whole: &str) -> bool {
    aliases
        .as_bytes()
        .split(|byte| *byte == b',')
        .any(|alias| !alias.is_empty() && alias.trim_ascii_start() == whole.as_bytes())
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
