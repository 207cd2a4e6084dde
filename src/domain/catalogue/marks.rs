//! Which letters of a shown text a query matched.

use std::ops::Range;

use super::search::Query;
use super::{fold, nearly};

/// A term of fewer letters is marked only where it stands as it was typed.
const LETTERS_FOR_NEARLY: usize = 3;

/// The byte ranges of `text` that `query` matched, for marking: in order, apart from each other, at the bounds of
/// characters. A term is marked once, where it begins a word if it does; one that does not occur is marked where it
/// nearly does, as the search finds it.
pub fn marks(text: &str, query: &str) -> Vec<Range<usize>> {
    let folded = fold::fold(text);
    let mut ranges: Vec<_> = Query::new(query)
        .terms
        .iter()
        .flat_map(|term| places(&folded, term))
        .collect();
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    ranges.into_iter().fold(Vec::new(), join)
}

fn places(folded: &str, term: &str) -> Vec<Range<usize>> {
    let starts = || folded.match_indices(term).map(|(start, _)| start);
    let start = starts()
        .find(|start| begins_word(folded, *start))
        .or_else(|| starts().next());
    let place = match start {
        Some(start) => Some(start..start + term.len()),
        None if term.chars().count() < LETTERS_FOR_NEARLY => return Vec::new(),
        None => nearly::slipped_word(folded, term),
    };
    place.map_or_else(
        || nearly::loose_letters(folded, term),
        |place| Vec::from([place]),
    )
}

fn begins_word(folded: &str, start: usize) -> bool {
    folded
        .get(..start)
        .and_then(|before| before.chars().next_back())
        .is_none_or(|c| !c.is_alphanumeric())
}

/// Adds a range that begins no earlier than the last one, or lengthens the last one where the two meet.
fn join(mut ranges: Vec<Range<usize>>, next: Range<usize>) -> Vec<Range<usize>> {
    match ranges.last_mut() {
        Some(last) if next.start <= last.end => last.end = last.end.max(next.end),
        _ => ranges.push(next),
    }
    ranges
}
