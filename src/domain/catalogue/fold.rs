//! Text as it is searched: lower case, at the same byte offsets as the text that is shown.
//!
//! A match can so be marked where it was found, without a second look. The price: the few letters whose lower case is
//! longer or shorter than themselves (`İ`, the Kelvin sign) stay as they are.

use nucleo_matcher::chars::normalize;

/// The lower case of a letter where it takes as many bytes; otherwise the letter.
pub(super) fn fold_char(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(one), None) if one.len_utf8() == c.len_utf8() => one,
        _ => c,
    }
}

pub(super) fn fold(text: &str) -> String {
    text.chars().map(fold_char).collect()
}

/// The ASCII letters and digits of a folded text as a set of bits, letters with accents as their plain ones. Two digits
/// may share a bit: a set tells surely only what is not there.
pub(super) fn letters(folded: &str) -> u32 {
    folded.chars().fold(0, |set, c| set | bit(c))
}

fn bit(c: char) -> u32 {
    match if c.is_ascii() { c } else { normalize(c) } {
        plain @ 'a'..='z' => 1 << (u32::from(plain) - u32::from('a')),
        digit @ '0'..='9' => 1 << (26 + (u32::from(digit) - u32::from('0')) % 6),
        _ => 0,
    }
}
