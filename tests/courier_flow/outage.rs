//! The line, the key and the clock fail and come back.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use chrono::TimeDelta;
use frontdesk::clock::Clock;
use frontdesk::courier::settings::Settings;
use frontdesk::domain::evidence::{Doubt, Outcome, State};
use frontdesk::domain::failure::Failure;
use frontdesk::store::Sqlite;
use frontdesk::store::intents::Intents;
use frontdesk::store::sign_ins::{SignIn, SignIns};

use crate::support::*;

#[tokio::test(start_paused = true)]
async fn without_a_line_one_probe_asks_and_all_goes_on_within_thirty_seconds() {
    let mut desk = Desk::open(MORNING, settings(), vec![Some(accepted()); 10]).await;
    desk.script.is_cut.store(true, Ordering::Relaxed);
    for draft in 1..=10 {
        desk.save(draft).await;
    }
    let cut_at = desk.clock.steady();
    desk.script.until_probed(200).await;
    let minutes = desk.clock.steady().saturating_sub(cut_at).as_secs() / 60;
    assert!((20..=83).contains(&minutes), "200 probes in {minutes} min");
    let in_the_dark = desk.script.sent_ids();
    assert!((1..=4).contains(&in_the_dark.len()), "{in_the_dark:?}");
    desk.script.is_cut.store(false, Ordering::Relaxed);
    let back_at = desk.clock.now();
    let mut accepted = Vec::new();
    while accepted.len() < 10 {
        let standing = desk.standing().await;
        if standing.state.is_settled() {
            let waited = desk.clock.now() - back_at;
            assert!(waited <= TimeDelta::seconds(30), "{waited}");
            accepted.push(standing.intent.id);
        }
    }
    // The oldest one asks for all.
    assert!(accepted.iter().all(|id| accepted[0] <= *id), "{accepted:?}");
}

#[tokio::test(start_paused = true)]
async fn a_refused_key_is_known_to_the_next_console_and_its_taking_is_kept() {
    let out = Outcome::SignedOut {
        why: "the key was refused".to_owned(),
    };
    let desk = Desk::open(MORNING, settings(), vec![Some(out)]).await;
    let refused = Failure::SignedOut("the key was refused".to_owned());
    *desk.script.probes.lock().unwrap() = vec![refused; 200].into();
    desk.save(1).await;
    desk.script.until_probed(12).await;
    let store = desk.store().await;
    let kept = store.sign_in("demo").await.unwrap().unwrap();
    assert_eq!(kept.refusal.as_deref(), Some("the key was refused"));
    let held = desk.script.sent_ids();
    assert_eq!(held.len(), 1, "no attempt while the key is refused");
    let mut next = desk.beside(vec![Some(accepted())]).await;
    let (at, refusal) = (desk.clock.now(), Some("again".to_owned()));
    desk.kill().await;
    store
        .keep_sign_in("demo", &SignIn { at, refusal })
        .await
        .unwrap();
    let done = next.until("Accepted").await;
    assert_eq!(done.intent.id, held[0]);
    next.idle().await;
    let kept = store.sign_in("demo").await.unwrap().unwrap();
    assert_eq!(kept.refusal, None);
}

#[tokio::test(start_paused = true)]
async fn a_console_that_opens_after_a_fresh_refusal_does_not_hammer() {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let path = folder.path().join("data/store.db");
    let store = Sqlite::open(&path).await.unwrap();
    let at = moment(MORNING);
    store.save(wish(1, at.date_naive()), at).await.unwrap();
    let refusal = Some("the key was refused".to_owned());
    let sign_in = SignIn { at, refusal };
    store.keep_sign_in("demo", &sign_in).await.unwrap();
    let script = Script::new(path, vec![Some(accepted())]);
    let clock = Clock::tokio(at);
    let mut desk = Desk::over(store, folder, script, settings(), clock);
    let done = desk.until("Accepted").await;
    let waited = done.evidence[1].at - at;
    assert!(waited >= TimeDelta::seconds(25), "{waited}");
    assert_eq!(desk.script.probed(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_intent_that_alone_does_not_leave_holds_up_nobody() {
    let mut answers = vec![Some(not_sent()), Some(not_sent())];
    answers.extend(vec![Some(accepted()); 3]);
    let one_place = Settings {
        at_once: 1,
        ..settings()
    };
    let mut desk = Desk::open(MORNING, one_place, answers).await;
    desk.save(1).await;
    let odd = desk.until("Sending").await.intent.id;
    desk.script.until_probed(1).await;
    desk.save(2).await;
    desk.save(3).await;
    let mut settled = 0;
    while settled < 2 {
        let standing = desk.standing().await;
        settled += usize::from(standing.state.is_settled() && standing.intent.id != odd);
    }
}

#[tokio::test(start_paused = true)]
async fn a_wall_clock_that_is_set_never_makes_a_wait_endless() {
    for by in [TimeDelta::hours(2), TimeDelta::hours(-30)] {
        let hold = Duration::from_secs(3_600);
        let with_hold = Settings { hold, ..settings() };
        let mut desk = Desk::open(MORNING, with_hold, vec![Some(accepted())]).await;
        desk.save(1).await;
        desk.until("Saved").await;
        let set_at = desk.clock.steady();
        desk.clock.jump(by);
        desk.until("Accepted").await;
        let waited = desk.clock.steady().saturating_sub(set_at);
        assert!(waited <= Duration::from_secs(16), "{by}: {waited:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_wall_clock_that_is_set_back_near_midnight_lets_nothing_go_twice() {
    // 23:50 in Kolkata; then the clock says 21:50, and stays on the old day beyond midnight.
    let slow = Settings {
        back_off: frontdesk::courier::settings::BackOff::of([1_200]),
        ..settings()
    };
    let mut desk = Desk::open("2026-11-21T18:20:00Z", slow, vec![Some(unknown())]).await;
    desk.save(1).await;
    desk.until("Checking").await;
    desk.clock.jump(TimeDelta::hours(-2));
    let doubt = Doubt::DayIsOver;
    assert_eq!(
        desk.until("Needs you").await.state,
        State::NeedsYou { doubt }
    );
    assert_eq!(desk.script.sent_ids().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_twenty_ninth_of_february_has_a_midnight_of_its_own() {
    // 10:00 on 29 February 2028 in Kolkata: the resend of the same day goes.
    let answers = vec![Some(unknown()), Some(accepted())];
    let mut desk = Desk::open("2028-02-29T04:30:00Z", settings(), answers).await;
    desk.save(1).await;
    desk.until("Accepted").await;
    // 23:57 on 28 February: the next day is the 29th, not the 1st.
    let mut desk = Desk::open("2028-02-28T18:27:00Z", settings(), vec![Some(unknown())]).await;
    desk.save(1).await;
    let doubt = Doubt::DayIsOver;
    assert_eq!(desk.words().await.1, State::NeedsYou { doubt });
}
