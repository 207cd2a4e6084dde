//! Text from outside: vendor answers, files, pastes. It never reaches the terminal as control bytes.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// One clean line: control characters and line breaks become a space, invisible direction marks and other format
/// characters that can reorder or hide text are removed, runs of blanks become one.
pub fn one_line(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() || c.is_whitespace() || matches!(c, '\u{2028}' | '\u{2029}') {
            if !clean.is_empty() && !clean.ends_with(' ') {
                clean.push(' ');
            }
        } else if !is_hidden(c) {
            clean.push(c);
        }
    }
    clean.truncate(clean.trim_end().len());
    clean
}

/// Characters that show nothing and change how their neighbours show. Joiners stay: scripts and emoji need them.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{00AD}' | '\u{061C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

/// Columns a text takes on the terminal.
pub fn width(text: &str) -> usize {
    // Nearly all of a screen is plain letters, and this is asked for every text of every frame.
    if is_plain(text) {
        text.len()
    } else {
        text.width()
    }
}

/// Printable ASCII alone: a byte is a letter is a column.
pub fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| (b' '..0x7f).contains(&byte))
}

/// The text cut to `columns`, the last one an ellipsis where something was cut; never splits a grapheme.
pub fn fit(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut cut = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        let wide = width(grapheme);
        if used + wide + 1 > columns {
            break;
        }
        cut.push_str(grapheme);
        used += wide;
    }
    if columns > 0 {
        cut.push('…');
    }
    cut
}

/// A vendor's words, cut to what a person reads: one clean line of at most 200 columns.
pub fn vendor_words(text: &str) -> String {
    fit(&one_line(text), 200)
}

/// The words that stand in quotes, whole; an apostrophe counts as a quote, too, and does no harm.
pub fn quoted(text: &str) -> impl Iterator<Item = &str> {
    let quotes = ['\'', '"', '`', '‘', '’', '“', '”'];
    let mut parts: Vec<&str> = text.split(quotes).skip(1).collect();
    // What follows the last quote is not within two.
    parts.pop();
    parts.into_iter()
}
