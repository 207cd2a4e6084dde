//! What no answer means; and what the tables of the vendors are written with.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::time::Duration;

use reqwest::StatusCode;
use rstest::rstest;

use super::*;
use crate::vendor::budget::TooLong;

pub fn answer(status: u16, content_type: &str, body: &str) -> Answer {
    Answer {
        status: StatusCode::from_u16(status).unwrap(),
        is_json: content_type == "json",
        retry_after: None,
        body: Ok(body.as_bytes().to_vec()),
    }
}

/// The class alone, as the column of the table.
pub fn class(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::NotSent { .. } => "not sent",
        Outcome::RateLimited { .. } => "rate limited",
        Outcome::SignedOut { .. } => "signed out",
        Outcome::Accepted { .. } => "accepted",
        Outcome::PerhapsAccepted { .. } => "perhaps accepted",
        Outcome::HeldBack { .. } => "held back",
        Outcome::Refused { .. } => "refused",
        Outcome::Duplicate { .. } => "duplicate",
        Outcome::CodeTaken { .. } => "code taken",
        Outcome::Unknown { .. } => "unknown",
    }
}

#[rstest]
#[case::over_budget(NoCall::OverBudget(TooLong(Duration::from_secs(7))), "not sent")]
#[case::not_connected(NoCall::NotConnected("no route".into()), "not sent")]
#[case::no_token(NoCall::NotSignedIn("sign-in answered 503".into()), "not sent")]
#[case::lost(NoCall::Lost("reset".into()), "unknown")]
#[case::key_refused(NoCall::KeyRefused("bad secret".into()), "signed out")]
#[case::code_needed(NoCall::CodeNeeded("a code was sent".into()), "signed out")]
#[case::sign_in_limited(NoCall::SignInLimited { vendor: "Flabs", retry_after: Some(9) }, "rate limited")]
fn classes_without_an_answer(#[case] no: NoCall, #[case] expected: &str) {
    assert_eq!(class(&Signal::NotAnswered(no).outcome("Flabs")), expected);
}

#[test]
fn a_budget_that_is_used_up_says_for_how_long() {
    let no = NoCall::OverBudget(TooLong(Duration::from_millis(6_200)));
    let Outcome::NotSent { why } = Signal::NotAnswered(no).outcome("Flabs") else {
        panic!("nothing was sent");
    };
    assert_eq!(why, "the request budget is used up for the next 7 s");
}
