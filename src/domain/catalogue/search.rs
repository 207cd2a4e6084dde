//! From what was typed to the rows that answer it.
//!
//! Every term must occur in a row, in its code, name or aliases: that is what a clerk means, and one pass of `memmem`
//! over the folded text finds it. Only where this finds little are slips of the finger forgiven (see [`nearly`]).

use memchr::memmem::Finder;

use super::{Catalogue, Hits, Row, fold, nearly, rank};

/// With fewer rows than these, rows that answer only nearly are offered after them.
const FEW: usize = 5;
/// A query of fewer letters is nearly in everything.
const LETTERS_FOR_NEARLY: usize = 3;
/// Going through the last answer row by row pays while it is at most this part of the catalogue; one pass over the
/// whole text, which `memmem` makes many bytes at a time, is faster otherwise.
const NARROW_PART: usize = 24;

/// What was typed, ready to be looked for.
pub(super) struct Query {
    /// Folded, without blanks.
    pub terms: Vec<String>,
    /// The terms with one blank between them.
    pub whole: String,
}

impl Query {
    pub fn new(text: &str) -> Self {
        let folded = fold::fold(text);
        let terms: Vec<String> = folded.split_whitespace().map(str::to_owned).collect();
        Self {
            whole: terms.join(" "),
            terms,
        }
    }

    /// Whether every row that answers this query answered `earlier` ones too.
    fn narrows(&self, earlier: &[String]) -> bool {
        earlier
            .iter()
            .all(|old| self.terms.iter().any(|term| term.contains(old.as_str())))
    }

    fn letters(&self) -> usize {
        self.whole.chars().filter(|c| c.is_alphanumeric()).count()
    }
}

/// A search that goes on while its text grows: a query that adds letters looks only at the rows that answered before.
#[derive(Debug, Default)]
pub struct Search {
    last: Option<Answer>,
}

/// The rows that hold every term of a query, in the vendor's order.
#[derive(Debug)]
struct Answer {
    catalogue: u64,
    terms: Vec<String>,
    rows: Vec<u32>,
}

impl Search {
    /// The best `limit` rows for `query`, as [`Catalogue::search`] gives them; any catalogue and any query may follow
    /// another.
    pub fn find(&mut self, catalogue: &Catalogue, query: &str, limit: usize) -> Hits {
        let query = Query::new(query);
        let Some(longest) = query.terms.iter().max_by_key(|term| term.len()) else {
            self.last = None;
            return everything(catalogue, limit);
        };
        let finders: Vec<Finder> = query.terms.iter().map(Finder::new).collect();
        let narrowed = self.last.take().filter(|last| {
            last.catalogue == catalogue.number
                && last.rows.len() <= catalogue.len() / NARROW_PART
                && query.narrows(&last.terms)
        });
        let rows = match narrowed {
            Some(Answer { mut rows, .. }) => {
                rows.retain(|row| holds_all(catalogue, *row, &finders));
                rows
            }
            None => scan(catalogue, longest, &finders),
        };
        let (mut best, is_exact) = rank::best(catalogue, &query, &finders, &rows, limit);
        let mut total = rows.len();
        if total < FEW && !is_exact && query.letters() >= LETTERS_FOR_NEARLY {
            let more = nearly::rows(catalogue, &query, &finders, &rows, FEW - total);
            total += more.len();
            best.extend(more.into_iter().map(Row));
            best.truncate(limit);
        }
        self.last = Some(Answer {
            catalogue: catalogue.number,
            terms: query.terms,
            rows,
        });
        Hits { rows: best, total }
    }
}

fn everything(catalogue: &Catalogue, limit: usize) -> Hits {
    let total = catalogue.len();
    Hits {
        rows: (0_u32..).take(total.min(limit)).map(Row).collect(),
        total,
    }
}

fn holds_all(catalogue: &Catalogue, row: u32, finders: &[Finder]) -> bool {
    let text = catalogue.folded(row).as_bytes();
    finders.iter().all(|finder| finder.find(text).is_some())
}

/// Every row that holds all terms, by one pass over the whole text for the longest of them.
fn scan(catalogue: &Catalogue, longest: &str, finders: &[Finder]) -> Vec<u32> {
    let finder = Finder::new(longest);
    let text = catalogue.folded.as_bytes();
    let mut rows = Vec::new();
    let (mut row, mut from) = (0_u32, 0);
    while let Some(at) = text.get(from..).and_then(|rest| finder.find(rest)) {
        row = row_at(&catalogue.starts, row, from + at);
        if finders.len() == 1 || holds_all(catalogue, row, finders) {
            rows.push(row);
        }
        row += 1;
        from = catalogue.range(row).start;
    }
    rows
}

/// The row that holds the byte at `offset`, which is `row` or one after it: near ones are found in a step or two, far
/// ones by halving.
fn row_at(starts: &[u32], row: u32, offset: usize) -> u32 {
    let begins_before = |row: u32| {
        starts
            .get(row as usize)
            .is_some_and(|start| *start as usize <= offset)
    };
    let mut stride = 1;
    let mut low = row;
    while begins_before(low + stride) {
        low += stride;
        stride *= 2;
    }
    // The row lies in low..low + stride.
    while stride > 1 {
        stride /= 2;
        if begins_before(low + stride) {
            low += stride;
        }
    }
    low
}
