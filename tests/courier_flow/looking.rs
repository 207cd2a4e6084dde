//! A vendor that can be read, and one that takes a code only once.

use std::process::Command;

use chrono::{DateTime, TimeDelta, Utc};
use frontdesk::domain::evidence::{Doubt, Evidence, Fact, Outcome, State};
use frontdesk::domain::looked::{Looked, Told};
use frontdesk::domain::offer::FieldKey;
use frontdesk::domain::standing::{Decision, Standing};
use frontdesk::domain::tier::Tier;
use frontdesk::store::intents::Intents;

use crate::support::*;

fn ours() -> Looked {
    Looked::Ours {
        number: "LD-1".to_owned(),
        told: vec![clinician()],
    }
}

fn clinician() -> Told {
    Told {
        label: "Clinician".to_owned(),
        text: "Dr Mehta".to_owned(),
    }
}

fn matching() -> Looked {
    Looked::Match {
        number: "LD-7".to_owned(),
        told: vec![clinician()],
    }
}

fn unclear() -> Looked {
    Looked::Unclear {
        why: "no answer".to_owned(),
    }
}

fn code_taken() -> Outcome {
    Outcome::CodeTaken {
        words: "LD-1".to_owned(),
    }
}

/// A vendor that can be read; the looks that are not named show that it is not there.
async fn readable(answers: Vec<Option<Outcome>>, looks: Vec<Option<Looked>>) -> Desk {
    let desk = Desk::of(Tier::Read, answers).await;
    *desk.script.looks.lock().unwrap() = looks.into();
    desk
}

/// A mistaken courier would never come to it.
async fn needs_you(desk: &mut Desk) -> Standing {
    for _ in 0..40 {
        let standing = desk.standing().await;
        assert!(!standing.state.is_settled(), "{:?}", standing.state);
        if standing.state.word() == "Needs you" {
            return standing;
        }
    }
    panic!("no person is asked");
}

/// When the evidence says that attempts ended without an answer.
fn ended_at(evidence: &[Evidence]) -> Vec<DateTime<Utc>> {
    let ended = evidence.iter().filter(
        |known| matches!(&known.fact, Fact::Ended { outcome, .. } if outcome.leaves_doubt()),
    );
    ended.map(|known| known.at).collect()
}

fn looked_at(evidence: &[Evidence]) -> Vec<DateTime<Utc>> {
    let looks = evidence
        .iter()
        .filter(|known| matches!(known.fact, Fact::Looked { .. }));
    looks.map(|known| known.at).collect()
}

#[tokio::test(start_paused = true)]
async fn what_is_absent_for_three_minutes_goes_once_more() {
    let mut desk = readable(vec![Some(unknown()), Some(accepted())], vec![]).await;
    desk.save(1).await;
    let done = desk.until("Accepted").await;
    let tried = ended_at(&done.evidence)[0];
    let waits: Vec<i64> = looked_at(&done.evidence)
        .into_iter()
        .map(|at| (at - tried).num_seconds())
        .collect();
    assert_eq!(waits.len(), 4, "{waits:?}");
    for (wait, planned) in waits.iter().zip([5, 15, 60, 180]) {
        assert!((planned..planned + 3).contains(wait), "{waits:?}");
    }
    let began = done.evidence[1].at;
    assert_eq!(done.evidence[1].fact, Fact::Attempted { number: 1 });
    let looked = desk.script.looked.lock().unwrap().clone();
    assert!(looked.iter().all(|(_, since)| *since == began));
    assert_eq!(desk.script.sent_ids().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn what_is_found_with_our_reference_is_accepted() {
    let looks = vec![Some(Looked::Absent), Some(ours())];
    let mut desk = readable(vec![Some(unknown())], looks).await;
    desk.save(1).await;
    let done = desk.until("Accepted").await;
    let number = Some("LD-1".to_owned());
    assert_eq!(done.state, State::Accepted { number });
    assert_eq!(done.told(), [clinician()]);
    desk.idle().await;
    assert_eq!(desk.script.looked.lock().unwrap().len(), 2);
    assert_eq!(desk.script.sent_ids().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_only_matches_is_left_to_a_person_with_its_number() {
    let mut desk = readable(vec![Some(unknown())], vec![Some(matching())]).await;
    desk.save(1).await;
    let needs = needs_you(&mut desk).await;
    let number = "LD-7".to_owned();
    let doubt = Doubt::ProbablyYours { number };
    assert_eq!(needs.state, State::NeedsYou { doubt });
    assert_eq!(needs.told(), [clinician()]);
    assert_eq!(desk.news_within(3_600).await, None, "nothing by itself");
    desk.decide(&needs.intent.id, Decision::Found("LD-7".to_owned()))
        .await;
    let number = Some("LD-7".to_owned());
    assert_eq!(
        desk.until("Accepted").await.state,
        State::Accepted { number }
    );
    assert_eq!(desk.script.sent_ids().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_second_try_without_answer_is_looked_for_and_never_followed_by_a_third() {
    let mut desk = readable(vec![Some(unknown()), Some(unknown())], vec![]).await;
    desk.save(1).await;
    let needs = needs_you(&mut desk).await;
    let doubt = Doubt::NotFound;
    assert_eq!(needs.state, State::NeedsYou { doubt });
    let tried = ended_at(&needs.evidence);
    let looked = looked_at(&needs.evidence);
    assert_eq!((tried.len(), looked.len()), (2, 8));
    assert!(*looked.last().unwrap() - tried[1] >= TimeDelta::minutes(3));
    assert_eq!(desk.script.sent_ids().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_read_proves_nothing_and_after_a_day_needs_a_person() {
    let mut desk = readable(vec![Some(unknown())], vec![Some(unclear()); 200]).await;
    desk.save(1).await;
    let needs = desk.until("Needs you").await;
    let doubt = Doubt::CouldNotLook;
    assert_eq!(needs.state, State::NeedsYou { doubt });
    let looked = looked_at(&needs.evidence);
    let lasted = *looked.last().unwrap() - looked[0];
    assert!(lasted >= TimeDelta::hours(24), "{lasted}");
    assert!(lasted <= TimeDelta::hours(25), "{lasted}");
    assert_eq!(desk.script.sent_ids().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_list_that_leaves_it_open_soon_needs_a_person() {
    let open = Looked::Open {
        why: "LD-7 there may be this one: its state is Cancelled".to_owned(),
    };
    let mut desk = readable(vec![Some(unknown())], vec![Some(open); 200]).await;
    desk.save(1).await;
    let needs = desk.until("Needs you").await;
    let doubt = Doubt::CouldNotLook;
    assert_eq!(needs.state, State::NeedsYou { doubt });
    let looked = looked_at(&needs.evidence);
    let tried_at = ended_at(&needs.evidence)[0];
    let lasted = *looked.last().unwrap() - tried_at;
    // Not before everything could be seen, and within the time in which nothing may be stuck.
    assert!(lasted >= TimeDelta::minutes(3), "{lasted}");
    assert!(lasted <= TimeDelta::minutes(15), "{lasted}");
    assert_eq!(desk.script.sent_ids().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_list_that_can_be_read_again_is_soon_read_often_enough() {
    let mut desk = readable(
        vec![Some(unknown()), Some(accepted())],
        vec![Some(unclear()); 8],
    )
    .await;
    desk.save(1).await;
    let done = desk.until("Accepted").await;
    let looked = looked_at(&done.evidence);
    assert_eq!(looked.len(), 11);
    let readable = looked[10] - looked[8];
    assert!(readable <= TimeDelta::minutes(2), "{readable}");
}

#[tokio::test(start_paused = true)]
async fn a_look_that_hangs_ends_and_another_one_finds_it() {
    let looks = vec![None, Some(ours())];
    let mut desk = readable(vec![Some(unknown())], looks).await;
    desk.save(1).await;
    let done = desk.until("Accepted").await;
    let Fact::Looked {
        looked: Looked::Unclear { why },
    } = &done.evidence[3].fact
    else {
        panic!("{:?}", done.evidence);
    };
    assert_eq!(why, "no answer within 120 s");
    let looked = looked_at(&done.evidence);
    assert_eq!(desk.script.looked.lock().unwrap().len(), 2, "one at a time");
    assert!(looked[1] - looked[0] >= TimeDelta::seconds(120));
}

#[tokio::test(start_paused = true)]
async fn the_looks_of_two_consoles_at_once_are_one_look() {
    let mut one = readable(vec![Some(unknown()), Some(accepted())], vec![]).await;
    one.save(1).await;
    let id = one.until("Checking").await.intent.id;
    let mut other = one.beside(vec![Some(accepted())]).await;
    let done = tokio::select! {
        done = one.until("Accepted") => done,
        done = other.until("Accepted") => done,
    };
    let resent = done
        .evidence
        .iter()
        .rfind(|known| matches!(known.fact, Fact::Attempted { .. }))
        .unwrap();
    let waited = resent.at - ended_at(&done.evidence)[0];
    assert!(waited >= TimeDelta::minutes(3), "{waited}");
    // Without the guard each would have counted twice.
    let looks = looked_at(&done.evidence).len();
    assert!((3..=5).contains(&looks), "{looks}");
    let sent = [one.script.sent_ids(), other.script.sent_ids()].concat();
    assert_eq!(sent, [id.clone(), id]);
}

#[tokio::test(start_paused = true)]
async fn a_console_that_starts_again_goes_on_looking() {
    let mut desk = readable(vec![Some(unknown())], vec![]).await;
    desk.save(1).await;
    desk.until("Checking").await;
    while desk.script.looked.lock().unwrap().len() < 2 {
        desk.news_within(1).await;
    }
    *desk.script.looks.lock().unwrap() = vec![Some(ours())].into();
    desk.kill_and_restart(vec![]).await;
    let done = desk.until("Accepted").await;
    assert_eq!(done.told(), [clinician()]);
    assert_eq!(desk.script.sent_ids().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_code_that_is_taken_after_a_try_without_answer_proves_that_it_arrived() {
    let answers = vec![Some(unknown()), Some(code_taken())];
    let mut desk = Desk::of(Tier::UniqueCode, answers).await;
    desk.save(1).await;
    let done = desk.until("Accepted").await;
    assert_eq!(done.state, State::Accepted { number: None });
    assert_eq!(done.state.with_numbers(), "Accepted, number unknown");
    assert!(done.state.is_settled());
    let sent = vec![done.intent.id.clone(); 2];
    assert_eq!(desk.script.sent_ids(), sent);
    desk.decide(&done.intent.id, Decision::Found("PB-3".to_owned()))
        .await;
    let number = Some("PB-3".to_owned());
    let named = desk.standing().await;
    assert_eq!(named.state, State::Accepted { number });
    let store = desk.store().await;
    let kept = store.standing(&done.intent.id).await.unwrap();
    assert_eq!(kept.state, named.state);
}

#[tokio::test(start_paused = true)]
async fn a_code_that_is_taken_on_the_first_try_is_not_ours() {
    let mut desk = Desk::of(Tier::UniqueCode, vec![Some(code_taken())]).await;
    desk.save(1).await;
    let State::NotAccepted { reasons } = desk.words().await.1 else {
        panic!("a code of somebody else's");
    };
    assert_eq!(reasons[0].field, Some(FieldKey::Barcode));
    assert_eq!(reasons[1].words, "LD-1");
}

#[tokio::test(start_paused = true)]
async fn a_code_that_is_taken_once_lets_six_tries_go_even_over_midnight() {
    // 23:58 in Kolkata.
    let mut desk = Desk::open("2026-11-21T18:28:00Z", settings(), vec![Some(unknown()); 6]).await;
    *desk.script.tier.lock().unwrap() = Tier::UniqueCode;
    desk.save(1).await;
    let doubt = Doubt::TriedOften;
    assert_eq!(
        desk.until("Needs you").await.state,
        State::NeedsYou { doubt }
    );
    assert_eq!(desk.script.sent_ids().len(), 6);
    assert!(desk.script.looked.lock().unwrap().is_empty());
}

/// A known mistake, and a test that catches it.
const MISTAKES: [(&str, &str); 4] = [
    (
        "read-once-is-enough",
        "what_is_absent_for_three_minutes_goes_once_more",
    ),
    (
        "second-resend",
        "a_second_try_without_answer_is_looked_for_and_never_followed_by_a_third",
    ),
    (
        "match-is-ours",
        "what_only_matches_is_left_to_a_person_with_its_number",
    ),
    (
        "code-taken-is-always-ours",
        "a_code_that_is_taken_on_the_first_try_is_not_ours",
    ),
];

#[test]
fn each_known_mistake_is_caught() {
    for (mistake, test) in MISTAKES {
        let run = |trial: String| {
            let mut command = Command::new(std::env::current_exe().unwrap());
            command.args(["--exact", &format!("looking::{test}")]);
            let output = command.env("FRONTDESK_TRIAL", trial).output().unwrap();
            let told = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(told.contains("running 1 test"), "{told}");
            output.status.success()
        };
        assert!(run(String::new()), "{test} without a mistake");
        assert!(!run(format!("bug={mistake}")), "{mistake} was not caught");
    }
}
