//! Whether the console can be drawn and read where `doctor` runs.

use std::env;
use std::io::{self, IsTerminal};

use crate::cli::stop;

use super::finding::Finding;

const SUBJECT: &str = "terminal";

/// Below this the console only says which size it needs.
const SMALLEST: (u16, u16) = (40, 12);

/// What the process can know of its terminal.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    pub is_terminal: bool,
    pub term: String,
    pub is_colourless: bool,
    /// The first that is set of `LC_ALL`, `LC_CTYPE` and `LANG`, as the C library looks for it.
    pub locale: String,
    /// Columns and rows.
    pub size: Option<(u16, u16)>,
}

impl Surroundings {
    pub fn look() -> Self {
        let text = |name| env::var(name).unwrap_or_default();
        let locales = ["LC_ALL", "LC_CTYPE", "LANG"].map(text);
        let is_terminal = io::stdin().is_terminal() && io::stdout().is_terminal();
        Self {
            is_terminal,
            term: text("TERM"),
            is_colourless: !text("NO_COLOR").is_empty(),
            locale: locales
                .into_iter()
                .find(|value| !value.is_empty())
                .unwrap_or_default(),
            size: is_terminal
                .then(|| crossterm::terminal::size().ok())
                .flatten(),
        }
    }

    pub fn check(&self) -> Finding {
        if !self.is_terminal {
            let words = "not checked: input or output is not a terminal here";
            return Finding::skipped(SUBJECT, words);
        }
        match self.fault() {
            Some(words) => Finding::fault(SUBJECT, &words, stop::FAILURE),
            None => Finding::well(SUBJECT, &self.words()),
        }
    }

    fn fault(&self) -> Option<String> {
        let locale = self.locale.to_lowercase();
        if self.term.is_empty() || self.term == "dumb" {
            return Some(
                "TERM names no screen; set it to what your terminal is, like xterm-256color"
                    .to_owned(),
            );
        }
        if !locale.contains("utf-8") && !locale.contains("utf8") {
            let named = if locale.is_empty() {
                "not set"
            } else {
                &self.locale
            };
            return Some(format!(
                "the locale is {named}; set LANG to one that ends in UTF-8, like en_IN.UTF-8"
            ));
        }
        match self.size {
            Some((columns, rows)) if columns < SMALLEST.0 || rows < SMALLEST.1 => {
                let (least_columns, least_rows) = SMALLEST;
                Some(format!(
                    "{columns}x{rows} is too small; make it at least {least_columns}x{least_rows}, better 80x24"
                ))
            }
            _ => None,
        }
    }

    fn words(&self) -> String {
        let colours = if self.is_colourless {
            "no colours (NO_COLOR)"
        } else {
            "colours"
        };
        let size = self
            .size
            .map(|(columns, rows)| format!(", {columns}x{rows}"));
        format!(
            "{}, {colours}, UTF-8{}",
            self.term,
            size.unwrap_or_default()
        )
    }
}
