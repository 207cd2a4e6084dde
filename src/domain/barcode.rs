//! Codes that a desk makes for its own tubes and forms, where none was scanned.
//!
//! Knows no vendor and no screen: who asks for one says what it begins with.

use super::offer::Choice;
use super::submission::DraftId;

/// Digits and capital letters that every barcode takes, without those that look alike.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The code of a draft: its own number, as good as unique among all desks. The same draft has the same code. Its label
/// says that it was made here, which that of a code that was typed never says.
pub fn mint(prefix: &str, draft: DraftId) -> Choice {
    let value = format!("{prefix}{}", capitals(draft.0));
    let label = label(&value);
    Choice { value, label }
}

/// Whether a code was made here for the very form that holds it.
pub fn is_made_here(code: &Choice) -> bool {
    code.label == label(&code.value)
}

fn label(value: &str) -> String {
    format!("{value}, made here")
}

fn capitals(mut number: u64) -> String {
    let mut letters = Vec::new();
    while number > 0 {
        let letter = usize::try_from(number % 32).unwrap_or_default();
        letters.extend(LETTERS.get(letter).map(|letter| char::from(*letter)));
        number /= 32;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_has_one_code_that_says_who_made_it() {
        let code = mint("KOR", DraftId(33 * 32 + 31));
        assert_eq!(code.value, "KOR11Z");
        assert_eq!(code.label, "KOR11Z, made here");
        assert_eq!(code, mint("KOR", DraftId(33 * 32 + 31)));
        assert!(is_made_here(&code));
        for label in ["KOR11Z", " KOR11Z ", "KOR11X, made here", ""] {
            let label = label.to_owned();
            let code = code.clone();
            assert!(!is_made_here(&Choice { label, ..code }));
        }
    }
}
