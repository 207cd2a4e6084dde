//! The whole courier over a real store, with a scripted vendor: every word it tells is true.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "courier_flow/support.rs"]
#[allow(dead_code, reason = "shared with the tests of the store")]
mod support;

#[path = "courier_flow/consoles.rs"]
mod consoles;
#[path = "courier_flow/disk.rs"]
mod disk;
#[path = "courier_flow/faulty.rs"]
mod faulty;
#[path = "courier_flow/leaving.rs"]
mod leaving;
#[path = "courier_flow/looking.rs"]
mod looking;
#[path = "courier_flow/order.rs"]
mod order;
#[path = "courier_flow/outage.rs"]
mod outage;

use std::time::Duration;

use chrono::TimeDelta;
use frontdesk::courier::News;
use frontdesk::courier::settings::Settings;
use frontdesk::domain::evidence::{Doubt, Fact, Outcome, State, TimeDeltaSeconds};
use frontdesk::domain::standing::Decision;
use frontdesk::domain::submission::IntentId;
use frontdesk::domain::tier::Tier;
use frontdesk::store::intents::Intents;
use sqlx::{ConnectOptions, Executor};
use support::*;

#[tokio::test(start_paused = true)]
async fn the_attempt_is_on_disk_before_it_leaves_and_the_outcome_before_it_is_told() {
    let mut desk = Desk::open(MORNING, settings(), vec![Some(accepted())]).await;
    desk.save(1).await;
    let saved = desk.standing().await;
    assert_eq!(saved.state, State::Saved);
    assert_eq!(desk.standing().await.state, State::Sending);
    let told = desk.standing().await;
    assert_eq!(told.state.word(), "Accepted");
    let store = desk.store().await;
    assert_eq!(
        store.evidence(&told.intent.id).await.unwrap(),
        told.evidence
    );
    let sent = desk.script.sent.lock().unwrap();
    assert_eq!(sent.len(), 1);
    assert_eq!(last(&sent[0].1), &Fact::Attempted { number: 1 });
}

#[tokio::test(start_paused = true)]
async fn killed_while_sending_it_is_checking_and_goes_again_with_the_same_id() {
    let mut desk = Desk::open(MORNING, settings(), vec![None]).await;
    desk.save(1).await;
    let id = desk.until("Sending").await.intent.id;
    desk.kill_and_restart(vec![Some(accepted())]).await;
    let checking = desk.standing().await;
    assert_eq!(checking.state.word(), "Checking");
    assert!(checking.next.is_some());
    let (words, _) = desk.words().await;
    assert_eq!(words, ["Sending", "Accepted"]);
    // The killed attempt may not have come as far as the wire.
    assert!(desk.script.sent_ids().iter().all(|sent| *sent == id));
}

#[tokio::test(start_paused = true)]
async fn killed_between_saving_and_sending_it_is_sent_once() {
    let mut desk = Desk::open(MORNING, Settings::new("demo", ZONE), vec![]).await;
    desk.save(1).await;
    let id = desk.standing().await.intent.id;
    desk.kill_and_restart(vec![Some(accepted())]).await;
    assert_eq!(desk.words().await.0, ["Saved", "Sending", "Accepted"]);
    assert_eq!(desk.script.sent_ids(), [id]);
}

#[tokio::test(start_paused = true)]
async fn a_duplicate_on_the_first_attempt_is_not_ours() {
    let mut desk = Desk::open(MORNING, settings(), vec![Some(duplicate())]).await;
    desk.save(1).await;
    let (words, state) = desk.words().await;
    assert_eq!(words, ["Saved", "Sending", "Not accepted"]);
    let State::NotAccepted { reasons } = state else {
        panic!("{state:?}");
    };
    assert!(reasons[0].words.starts_with("already on file today"));
}

#[tokio::test(start_paused = true)]
async fn a_duplicate_after_an_unanswered_attempt_needs_a_person() {
    let answers = vec![Some(unknown()), Some(duplicate()), Some(accepted())];
    let mut desk = Desk::open(MORNING, settings(), answers).await;
    desk.save(1).await;
    let needs = desk.until("Needs you").await;
    let doubt = Doubt::DuplicateAfterUnknown;
    assert_eq!(needs.state, State::NeedsYou { doubt });
    desk.decide(&needs.intent.id, Decision::Resend).await;
    assert_eq!(desk.words().await.0, ["Checking", "Sending", "Accepted"]);
    assert_eq!(desk.script.sent_ids(), vec![needs.intent.id; 3]);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_after_an_unanswered_attempt_does_not_prove_that_nothing_exists() {
    let refused = Outcome::Refused { reasons: vec![] };
    let mut desk = Desk::open(MORNING, settings(), vec![Some(unknown()), Some(refused)]).await;
    desk.save(1).await;
    let doubt = Doubt::RefusedAfterUnknown;
    assert_eq!(desk.words().await.1, State::NeedsYou { doubt });
}

#[tokio::test(start_paused = true)]
async fn six_unanswered_tries_need_a_person_who_finds_it() {
    let mut desk = Desk::open(MORNING, settings(), vec![Some(unknown()); 6]).await;
    desk.save(1).await;
    let needs = desk.until("Needs you").await;
    let doubt = Doubt::TriedOften;
    assert_eq!(needs.state, State::NeedsYou { doubt });
    assert_eq!(desk.script.sent_ids().len(), 6);
    desk.decide(&needs.intent.id, Decision::Found(" LD-9\n".to_owned()))
        .await;
    let number = Some("LD-9".to_owned());
    assert_eq!(desk.standing().await.state, State::Accepted { number });
}

#[tokio::test(start_paused = true)]
async fn signed_out_the_queue_waits_and_no_intent_fails() {
    let out = Outcome::SignedOut {
        why: "the key was refused".to_owned(),
    };
    let mut answers = vec![Some(out.clone()), Some(out)];
    answers.extend([Some(accepted()), Some(accepted())]);
    let one_place = Settings {
        at_once: 1,
        ..settings()
    };
    let mut desk = Desk::open(MORNING, one_place, answers).await;
    desk.save(1).await;
    desk.save(2).await;
    let (mut words, mut settled) = (Vec::new(), 0);
    while settled < 2 {
        let standing = desk.standing().await;
        words.push(standing.state.word());
        settled += usize::from(standing.state.is_settled());
        let is_held = matches!(last(&standing.evidence), Fact::Ended { .. });
        assert!(!is_held || standing.next.is_some() || standing.state.is_settled());
    }
    assert!(
        words
            .iter()
            .all(|word| ["Saved", "Sending", "Accepted"].contains(word)),
        "{words:?}"
    );
    assert_eq!(desk.script.sent_ids().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_honoured() {
    let limited = Outcome::RateLimited {
        retry_after: Some(TimeDeltaSeconds(90)),
    };
    let mut desk = Desk::open(MORNING, settings(), vec![Some(limited), Some(accepted())]).await;
    desk.save(1).await;
    let done = desk.until("Accepted").await;
    let at: Vec<_> = done.evidence.iter().map(|evidence| evidence.at).collect();
    assert!(
        at[3] - at[2] >= TimeDelta::seconds(90),
        "{:?}",
        done.evidence
    );
}

#[tokio::test(start_paused = true)]
async fn one_draft_makes_one_intent_however_often_it_is_saved() {
    let mut desk = Desk::open(MORNING, settings(), vec![Some(accepted())]).await;
    desk.save(7).await;
    desk.save(7).await;
    let done = desk.until("Accepted").await;
    desk.save(7).await;
    // What was told twice before it left does not matter; what is settled stays settled.
    assert_eq!(desk.until("Accepted").await.intent.id, done.intent.id);
    assert_eq!(desk.script.sent_ids().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_is_held_can_be_taken_back_and_what_left_cannot() {
    let hold = Duration::from_secs(3);
    let with_hold = Settings { hold, ..settings() };
    let mut desk = Desk::open(MORNING, with_hold, vec![Some(accepted())]).await;
    desk.save(1).await;
    let saved = desk.standing().await;
    assert_eq!(
        saved.next,
        Some(saved.intent.saved_at + TimeDelta::seconds(3))
    );
    desk.decide(&saved.intent.id, Decision::TakeBack).await;
    assert_eq!(desk.standing().await.state, State::Dropped);
    desk.save(2).await;
    let done = desk.until("Accepted").await;
    desk.decide(&done.intent.id, Decision::TakeBack).await;
    let refused = desk.news().await;
    assert!(matches!(refused, News::Refused { .. }), "{refused:?}");
    assert_eq!(desk.script.sent_ids(), [done.intent.id]);
}

#[tokio::test(start_paused = true)]
async fn a_decision_about_nothing_is_refused() {
    let mut desk = Desk::open(MORNING, settings(), vec![]).await;
    desk.decide(&IntentId("FD-0".to_owned()), Decision::Resend)
        .await;
    let refused = desk.news().await;
    assert!(matches!(refused, News::Refused { .. }), "{refused:?}");
}

#[tokio::test(start_paused = true)]
async fn without_a_guard_a_person_decides_and_may_drop() {
    let mut desk = Desk::of(Tier::None, vec![Some(unknown())]).await;
    desk.save(1).await;
    let needs = desk.until("Needs you").await;
    let doubt = Doubt::NoWayToLook;
    assert_eq!(needs.state, State::NeedsYou { doubt });
    desk.decide(&needs.intent.id, Decision::Drop { reason: None })
        .await;
    assert_eq!(desk.standing().await.state, State::Dropped);
    assert_eq!(desk.script.sent_ids().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn near_midnight_at_the_vendor_nothing_goes_again_by_itself() {
    // 23:57 in Kolkata.
    let mut desk = Desk::open("2026-11-21T18:27:00Z", settings(), vec![Some(unknown())]).await;
    desk.save(1).await;
    let doubt = Doubt::DayIsOver;
    assert_eq!(desk.words().await.1, State::NeedsYou { doubt });
    assert_eq!(desk.script.sent_ids().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn one_that_hangs_holds_up_nobody() {
    let mut desk = Desk::open(MORNING, settings(), vec![None, Some(accepted())]).await;
    desk.save(1).await;
    let hanging = desk.until("Sending").await.intent.id;
    desk.save(2).await;
    assert_ne!(desk.until("Accepted").await.intent.id, hanging);
}

/// Lets the file refuse evidence of a kind, as a full disk would.
async fn refuse(desk: &Desk, sql: &'static str) {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&desk.script.store);
    options.connect().await.unwrap().execute(sql).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_committed_is_not_saved_and_not_sent() {
    let mut desk = Desk::open(MORNING, settings(), vec![]).await;
    refuse(
        &desk,
        "CREATE TRIGGER full BEFORE INSERT ON evidence BEGIN SELECT RAISE(ABORT, 'full'); END",
    )
    .await;
    desk.save(1).await;
    let news = desk.news().await;
    assert!(matches!(news, News::NotSaved { .. }), "{news:?}");
    assert!(
        desk.store()
            .await
            .open_intents("demo")
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test(start_paused = true)]
async fn an_acceptance_is_not_told_before_it_is_on_disk() {
    let mut desk = Desk::open(MORNING, settings(), vec![Some(accepted())]).await;
    refuse(
        &desk,
        "CREATE TRIGGER full BEFORE INSERT ON evidence WHEN NEW.fact LIKE '%Accepted%'
         BEGIN SELECT RAISE(ABORT, 'full'); END",
    )
    .await;
    desk.save(1).await;
    desk.until("Sending").await;
    let news = desk.news().await;
    assert!(matches!(news, News::Stalled { .. }), "{news:?}");
    refuse(&desk, "DROP TRIGGER full").await;
    assert_eq!(desk.standing().await.state.word(), "Accepted");
    assert_eq!(desk.script.sent_ids().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn finishing_awaits_what_is_under_way() {
    let mut desk = Desk::open(MORNING, settings(), vec![Some(accepted())]).await;
    desk.save(1).await;
    let id = desk.until("Sending").await.intent.id;
    let store = desk.store().await;
    // A stopped clock leaps over the patience while the disk works.
    tokio::time::resume();
    let mut heard = Vec::new();
    let hear = |news| heard.push(news);
    let patience = Duration::from_secs(30);
    desk.handle
        .finish_telling(patience, &desk.clock, hear)
        .await;
    let Some(News::Changed(told)) = heard.last() else {
        panic!("{heard:?}");
    };
    assert_eq!(told.state.word(), "Accepted");
    assert!(matches!(
        last(&store.evidence(&id).await.unwrap()),
        Fact::Ended { .. }
    ));
}
