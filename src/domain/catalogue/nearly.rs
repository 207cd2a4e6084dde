//! Rows that answer a query only nearly: with one slip of the finger, or with letters left out.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::ops::Range;

use memchr::memmem::Finder;
use nucleo_matcher::pattern::{Atom, AtomKind, CaseMatching, Normalization};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use unicode_segmentation::UnicodeSegmentation;

use super::search::Query;
use super::{Catalogue, fields, fold};

/// A shorter term is one slip away from too many words.
const LETTERS_FOR_SLIP: usize = 4;
/// What the matcher gives for a letter that neither continues nor begins a word. A term that scores less has lost more
/// by its gaps than it has won by its neighbourhoods: its letters are there by chance.
const SCORE_OF_LETTER: u32 = 16;

/// The rows that hold every term but for one slip in each; where these are fewer than `wanted`, also those that hold
/// the letters of every term in their order, the closest first. Rows in `known`, which are in ascending order, are left
/// out.
pub(super) fn rows(
    catalogue: &Catalogue,
    query: &Query,
    finders: &[Finder],
    known: &[u32],
    wanted: usize,
) -> Vec<u32> {
    let mut found = slips(catalogue, query, finders, known);
    if found.len() < wanted {
        let mut seen = known.to_vec();
        seen.extend_from_slice(&found);
        seen.sort_unstable();
        found.extend(loose(catalogue, query, &seen));
    }
    found
}

fn slips(catalogue: &Catalogue, query: &Query, finders: &[Finder], known: &[u32]) -> Vec<u32> {
    let terms: Vec<(&str, u32, &Finder)> = query
        .terms
        .iter()
        .zip(finders)
        .map(|(term, finder)| (term.as_str(), fold::letters(term), finder))
        .collect();
    let mut places: Vec<(bool, usize, u32)> = (0_u32..)
        .zip(&catalogue.letters)
        .filter(|(_, there)| {
            terms
                .iter()
                .all(|(_, needed, _)| (needed & !*there).count_ones() <= 1)
        })
        .filter(|(row, _)| known.binary_search(row).is_err())
        .filter_map(|(row, _)| {
            let text = catalogue.folded(row);
            let mut earliest = text.len();
            for (term, _, finder) in &terms {
                let place = match slipped_word(text, term) {
                    Some(word) => word.start,
                    None => finder.find(text.as_bytes())?,
                };
                earliest = earliest.min(place);
            }
            let [code, name, _] = fields(text);
            // Rows whose code or name begins with a term come before those that hold it further on.
            Some((earliest > code.len() + 1, name.len(), row))
        })
        .collect();
    places.sort_unstable();
    places.into_iter().map(|(.., row)| row).collect()
}

fn loose(catalogue: &Catalogue, query: &Query, known: &[u32]) -> Vec<u32> {
    let needed = fold::letters(&query.whole);
    let atoms: Vec<(&str, Atom)> = query
        .terms
        .iter()
        .map(|term| (term.as_str(), atom(term)))
        .collect();
    let mut letters = Vec::new();
    let mut places: Vec<(Reverse<u32>, usize, u32)> = (0_u32..)
        .zip(&catalogue.letters)
        .filter(|(row, there)| needed & !*there == 0 && known.binary_search(row).is_err())
        .filter_map(|(row, _)| {
            let fields = fields(catalogue.folded(row));
            let mut score = 0;
            for (term, atom) in &atoms {
                score += fields
                    .iter()
                    .filter(|field| may_hold(field, term))
                    .filter_map(|field| scored(atom, field, &mut letters))
                    .max()?;
            }
            Some((Reverse(score), fields[1].len(), row))
        })
        .collect();
    places.sort_unstable();
    places.into_iter().map(|(.., row)| row).collect()
}

/// Whether the letters of `term` may occur in `text` in their order: spares the matcher most fields. It alone judges text
/// with accents, which it reads as plain letters.
fn may_hold(text: &str, term: &str) -> bool {
    let mut left = term.as_bytes();
    for byte in text.as_bytes() {
        match left {
            [] => return true,
            [next, rest @ ..] if next == byte => left = rest,
            _ if byte.is_ascii() => {}
            _ => return true,
        }
    }
    left.is_empty()
}

/// The first word of `text` that begins with `term` but for one slip: a letter wrong, left out, too many, or two in
/// each other's place.
pub(super) fn slipped_word(text: &str, term: &str) -> Option<Range<usize>> {
    term.chars().nth(LETTERS_FOR_SLIP - 1)?;
    let mut from = 0;
    text.as_bytes()
        .split(|byte| byte.is_ascii() && !byte.is_ascii_alphanumeric())
        .find_map(|word| {
            let start = from;
            from += word.len() + 1;
            is_one_slip(term.as_bytes(), word).then_some(start..start + word.len())
        })
}

/// Compares bytes: all that is asked is yes or no, and in scripts of several bytes a letter the wrong one of a pair often
/// differs from the right one in its last byte alone.
fn is_one_slip(term: &[u8], word: &[u8]) -> bool {
    let same = term.iter().zip(word).take_while(|(a, b)| a == b).count();
    let (Some(term), Some(word)) = (term.get(same..), word.get(same..)) else {
        return false;
    };
    let goes_on = |typed: usize, meant: usize| match (term.get(typed..), word.get(meant..)) {
        (Some([]), Some(_)) => true,
        // Most words differ at once, and comparing one byte is much cheaper than a call that compares many.
        (Some([t, typed @ ..]), Some([m, meant @ ..])) => t == m && meant.starts_with(typed),
        _ => false,
    };
    let swapped = match (term, word) {
        ([a, b, ..], [c, d, ..]) => a == d && b == c && goes_on(2, 2),
        _ => false,
    };
    goes_on(1, 1) || goes_on(0, 1) || goes_on(1, 0) || swapped
}

thread_local! {
    /// A matcher holds 135 KB to work in, too much to ask for at every row that is marked.
    static MATCHER: RefCell<Matcher> = RefCell::new(Matcher::new(Config::DEFAULT));
}

fn atom(term: &str) -> Atom {
    Atom::new(
        term,
        CaseMatching::Ignore,
        Normalization::Smart,
        AtomKind::Fuzzy,
        false,
    )
}

/// How closely `text` holds the letters of `atom` in their order; nothing where that is by chance.
fn scored(atom: &Atom, text: &str, letters: &mut Vec<char>) -> Option<u32> {
    let score = MATCHER.with_borrow_mut(|matcher| atom.score(graphemes(text, letters), matcher))?;
    is_meant(atom, score).then_some(u32::from(score))
}

fn is_meant(atom: &Atom, score: u16) -> bool {
    let letters = u32::try_from(atom.needle_text().len()).unwrap_or(u32::MAX);
    u32::from(score) >= letters.saturating_mul(SCORE_OF_LETTER)
}

/// Where `text` holds the letters of `term` in their order; nothing where it does not, or by chance.
pub(super) fn loose_letters(text: &str, term: &str) -> Vec<Range<usize>> {
    let atom = atom(term);
    let mut indices = Vec::new();
    let score = MATCHER.with_borrow_mut(|matcher| {
        atom.indices(graphemes(text, &mut Vec::new()), matcher, &mut indices)
    });
    if !score.is_some_and(|score| is_meant(&atom, score)) {
        return Vec::new();
    }
    if text.is_ascii() {
        return indices
            .into_iter()
            .map(|index| index as usize..index as usize + 1)
            .collect();
    }
    (0_u32..)
        .zip(text.grapheme_indices(true))
        .filter(|(index, _)| indices.contains(index))
        .map(|(_, (start, grapheme))| start..start + grapheme.len())
        .collect()
}

/// The text as the matcher takes it: bytes, or the first character of each grapheme. Its own conversion takes a text of
/// plain letters with combining marks for bytes, and counts them wrong.
fn graphemes<'a>(text: &'a str, letters: &'a mut Vec<char>) -> Utf32Str<'a> {
    if text.is_ascii() {
        return Utf32Str::Ascii(text.as_bytes());
    }
    letters.clear();
    letters.extend(
        text.graphemes(true)
            .filter_map(|grapheme| grapheme.chars().next()),
    );
    Utf32Str::Unicode(letters)
}
