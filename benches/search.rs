//! What a key in the search costs over 100,000 rows, beside one raw pass of the fuzzy matcher over the same rows in the
//! same run: the ratio holds on any machine. Run by `cargo bench --bench search`.
#![allow(clippy::print_stdout)]

mod rows;
mod timing;

use std::time::Duration;

use frontdesk::domain::catalogue::{Catalogue, Row, Search};
use nucleo_matcher::pattern::{Atom, AtomKind, CaseMatching, Normalization};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use timing::{median, micros, time};

const ROWS: u32 = 100_000;
const RUNS: usize = 41;
/// More than any screen shows.
const LIMIT: usize = 200;

fn main() {
    let before = resident();
    let catalogue = Catalogue::new(rows::rows(ROWS));
    let bytes = resident().saturating_sub(before);
    println!(
        "catalogue: {ROWS} rows in {} KB, {} bytes a row",
        bytes / 1000,
        bytes / u64::from(ROWS)
    );

    let pass = nucleo_pass(&catalogue);
    println!("search: one nucleo pass {:.2} ms", micros(pass) / 1e3);
    for (what, query) in [
        ("first key", "t"),
        ("selective first key", "thyroid perox"),
        ("two terms", "glu fas"),
        ("slip of the finger", "thyriod"),
        ("slip in a common word", "poteni"),
        ("letters left out", "hmglbn"),
        ("nothing at all", "qqqqzzzz"),
    ] {
        let took = median(RUNS, || {
            let mut search = Search::default();
            time(|| search.find(&catalogue, query, LIMIT))
        });
        tell(what, took, pass);
    }
    for (what, earlier, query) in [
        ("refinement", "th", "thy"),
        ("refinement, far on", "thyroid perox", "thyroid peroxi"),
    ] {
        let took = median(RUNS, || {
            let mut search = Search::default();
            search.find(&catalogue, earlier, LIMIT);
            time(|| search.find(&catalogue, query, LIMIT))
        });
        tell(what, took, pass);
    }
}

fn tell(what: &str, took: Duration, pass: Duration) {
    println!(
        "search: {what} {:.2}x of a nucleo pass ({:.2} ms / {:.2} ms)",
        took.as_secs_f64() / pass.as_secs_f64(),
        micros(took) / 1e3,
        micros(pass) / 1e3
    );
}

/// Scores every row for one common word, as a plain fuzzy finder does at every key.
fn nucleo_pass(catalogue: &Catalogue) -> Duration {
    let lines: Vec<String> = (0..ROWS)
        .filter_map(|row| catalogue.entry(Row(row)))
        .map(|entry| format!("{} {} {}", entry.code, entry.name, entry.aliases))
        .collect();
    let mut matcher = Matcher::new(Config::DEFAULT);
    let atom = Atom::new(
        "thyroid",
        CaseMatching::Ignore,
        Normalization::Smart,
        AtomKind::Fuzzy,
        false,
    );
    let mut letters = Vec::new();
    median(RUNS, || {
        time(|| {
            lines
                .iter()
                .filter_map(|line| atom.score(Utf32Str::new(line, &mut letters), &mut matcher))
                .map(u32::from)
                .sum::<u32>()
        })
    })
}

/// Resident memory of this process in bytes; nought where the system does not tell.
fn resident() -> u64 {
    std::fs::read_to_string("/proc/self/status")
        .ok()
        .and_then(|status| {
            let line = status.lines().find(|line| line.starts_with("VmRSS"))?;
            line.split_whitespace().nth(1)?.parse::<u64>().ok()
        })
        .map_or(0, |kilobytes| kilobytes * 1024)
}
