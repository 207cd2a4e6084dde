//! Evidence in words: what happened to an intent, as a person reads it.

use crate::cli::report::doubt_in_words;
use crate::domain::evidence::{Fact, Outcome};
use crate::domain::text::one_line;

/// One fact as a sentence.
pub fn fact(fact: &Fact) -> String {
    match fact {
        Fact::Saved => "Saved".to_owned(),
        Fact::TakenBack => "Taken back by a person before it left".to_owned(),
        Fact::Attempted { number } => format!("Try {number} began"),
        Fact::Ended { number, outcome } => format!("Try {number}: {}", self::outcome(outcome)),
        Fact::HandedOver { doubt } => format!("Needs you: {}", doubt_in_words(doubt)),
        Fact::PersonFound { number } => {
            format!("Found at the vendor by a person, as {}", one_line(number))
        }
        Fact::PersonResends => "A person decided to send it once more".to_owned(),
        Fact::PersonDropped => "Given up by a person".to_owned(),
    }
}

fn outcome(outcome: &Outcome) -> String {
    match outcome {
        Outcome::NotSent { why } => format!("not sent: {}", one_line(why)),
        Outcome::RateLimited { retry_after: None } => "the vendor asks to wait".to_owned(),
        Outcome::RateLimited {
            retry_after: Some(seconds),
        } => format!("the vendor asks to wait for {} s", seconds.0),
        Outcome::SignedOut { why } => {
            format!("not sent, the sign-in was refused: {}", one_line(why))
        }
        Outcome::Accepted { number } => format!("accepted as {}", one_line(number)),
        Outcome::PerhapsAccepted { why } => {
            format!(
                "perhaps accepted, the answer proves nothing: {}",
                one_line(why)
            )
        }
        Outcome::Refused { reasons } => {
            let words: Vec<String> = reasons
                .iter()
                .map(|reason| one_line(&reason.words))
                .collect();
            format!("refused: {}", words.join("; "))
        }
        Outcome::Duplicate { words } => {
            format!("refused as a second record of the day: {}", one_line(words))
        }
        Outcome::Unknown { why } => format!("no clear answer: {}", one_line(why)),
    }
}
