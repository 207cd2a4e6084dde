//! A disk that fails, and that may have kept what it says it did not keep.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::TimeDelta;
use frontdesk::clock::Clock;
use frontdesk::courier::News;
use frontdesk::courier::settings::Settings;
use frontdesk::domain::evidence::{Fact, Outcome};
use frontdesk::store::Sqlite;
use frontdesk::store::intents::{Intents, Listing};

use crate::faulty::{Fault, Faulty};
use crate::support::*;

type Faults = Arc<Mutex<Vec<Fault>>>;

async fn open(faults: Vec<Fault>, answers: Vec<Option<Outcome>>) -> (Desk, Faults) {
    open_with(settings(), faults, answers).await
}

async fn open_with(
    settings: Settings,
    faults: Vec<Fault>,
    answers: Vec<Option<Outcome>>,
) -> (Desk, Faults) {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let path = folder.path().join("data/store.db");
    let inner = Sqlite::open(&path).await.unwrap();
    let faults = Arc::new(Mutex::new(faults));
    let store = Faulty {
        inner,
        faults: Arc::clone(&faults),
    };
    let clock = Clock::tokio(moment(MORNING));
    let script = Script::new(path, answers);
    (Desk::over(store, folder, script, settings, clock), faults)
}

fn all_fired(faults: &Faults) {
    assert_eq!(*faults.lock().unwrap(), [], "faults that never fired");
}

#[tokio::test(start_paused = true)]
async fn a_save_that_is_on_disk_all_the_same_is_saved() {
    let (mut desk, faults) = open(vec![Fault::After("save")], vec![Some(accepted())]).await;
    desk.save(1).await;
    assert_eq!(desk.words().await.0, ["Saved", "Sending", "Accepted"]);
    assert_eq!(desk.script.sent_ids().len(), 1);
    all_fired(&faults);
}

#[tokio::test(start_paused = true)]
async fn a_save_that_is_provably_absent_is_not_saved_and_can_be_saved_again() {
    let (mut desk, faults) = open(vec![Fault::Before("save")], vec![Some(accepted())]).await;
    desk.save(1).await;
    let news = desk.news().await;
    let News::NotSaved { why, .. } = &news else {
        panic!("{news:?}");
    };
    assert_eq!(why, "the disk reports an error");
    assert_eq!(desk.news_within(600).await, None);
    desk.save(1).await;
    assert_eq!(desk.words().await.0, ["Saved", "Sending", "Accepted"]);
    all_fired(&faults);
}

#[tokio::test(start_paused = true)]
async fn a_save_of_which_nobody_can_tell_is_taken_back_when_it_turns_up() {
    for unreadable in ["prove", "of_draft"] {
        let faults = vec![Fault::After("save"), Fault::Before(unreadable)];
        let (mut desk, faults) = open(faults, vec![]).await;
        desk.save(1).await;
        let mut news = desk.news().await;
        assert!(matches!(news, News::Stalled { .. }), "{news:?}");
        news = desk.news().await;
        let News::NotSaved { why, .. } = &news else {
            panic!("{news:?}");
        };
        assert!(
            why.contains("Look at the worklist before you enter it again"),
            "{why}"
        );
        assert_eq!(desk.standing().await.state.word(), "Dropped");
        desk.idle().await;
        assert!(desk.script.sent_ids().is_empty());
        all_fired(&faults);
    }
}

#[tokio::test(start_paused = true)]
async fn a_wish_that_was_saved_before_is_not_taken_back_when_the_disk_fails() {
    let faults = vec![Fault::Before("save"), Fault::Before("prove")];
    let slow = Settings {
        hold: Duration::from_secs(600),
        ..settings()
    };
    let (mut desk, faults) = open_with(slow, faults, vec![Some(accepted())]).await;
    let saved_at = desk.clock.now() - TimeDelta::seconds(1);
    let wish = wish(1, saved_at.date_naive());
    let told = desk.store().await.save(wish, saved_at).await.unwrap();
    // The same draft again only puts it on the courier's desk.
    desk.save(1).await;
    let done = loop {
        if let News::Changed(standing) = desk.news().await
            && standing.state.is_settled()
        {
            break standing;
        }
    };
    assert_eq!(done.state.word(), "Accepted");
    assert_eq!(done.intent.id, told.intent.id);
    assert_eq!(desk.script.sent_ids().len(), 1);
    all_fired(&faults);
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_is_on_disk_all_the_same_did_not_leave() {
    let faults = vec![Fault::After("begin_attempt")];
    let (mut desk, faults) = open(faults, vec![Some(accepted())]).await;
    desk.save(1).await;
    let done = loop {
        if let News::Changed(standing) = desk.news().await
            && standing.state.is_settled()
        {
            break standing;
        }
    };
    let facts: Vec<_> = done
        .evidence
        .iter()
        .map(|evidence| &evidence.fact)
        .collect();
    assert_eq!(facts[1], &Fact::Attempted { number: 1 });
    let not_sent = |outcome: &Outcome| matches!(outcome, Outcome::NotSent { .. });
    assert!(
        matches!(facts[2], Fact::Ended { number: 1, outcome } if not_sent(outcome)),
        "{facts:?}"
    );
    assert_eq!(facts[3], &Fact::Attempted { number: 2 });
    assert_eq!(desk.script.sent_ids().len(), 1);
    all_fired(&faults);
}

#[tokio::test(start_paused = true)]
async fn a_disk_that_comes_back_is_noticed_within_thirty_seconds() {
    let faults = vec![Fault::Before("begin_attempt"), Fault::Before("prove")]
        .into_iter()
        .chain(vec![Fault::Before("prove"); 40])
        .collect();
    let (mut desk, faults) = open(faults, vec![Some(accepted())]).await;
    desk.save(1).await;
    desk.until("Saved").await;
    let mut failed_at = desk.clock.now();
    while !faults.lock().unwrap().is_empty() {
        let left = faults.lock().unwrap().len();
        desk.news_within(1).await;
        if faults.lock().unwrap().len() < left {
            failed_at = desk.clock.now();
        }
    }
    assert_eq!(desk.until("Accepted").await.evidence.len(), 3);
    let waited = desk.clock.now() - failed_at;
    assert!(waited <= TimeDelta::seconds(30), "{waited}");
    assert_eq!(desk.script.sent_ids().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn one_that_cannot_be_kept_does_not_keep_the_others() {
    let faults = vec![Fault::Before("begin_attempt"), Fault::Before("prove")];
    let answers = vec![Some(accepted()), Some(accepted())];
    let (mut desk, faults) = open(faults, answers).await;
    desk.save(1).await;
    desk.save(2).await;
    desk.idle().await;
    assert_eq!(desk.script.sent_ids().len(), 2);
    all_fired(&faults);
}

#[tokio::test(start_paused = true)]
async fn another_wish_under_the_same_name_is_never_taken_for_the_first() {
    let answers = vec![Some(accepted()), Some(accepted())];
    let mut desk = Desk::open(MORNING, settings(), answers).await;
    let mut other = submission();
    other.source = Some("walk-in".to_owned());
    desk.save_as(1, Some("night-1"), submission()).await;
    let first = desk.until("Accepted").await;
    // The same key and the same contents: the same wish, whatever the draft.
    desk.save_as(2, Some("night-1"), submission()).await;
    assert_eq!(desk.until("Accepted").await.intent.id, first.intent.id);
    for (draft, key, says) in [
        (3, Some("night-1"), "the key night-1 was used for another"),
        (1, None, "saved before with other contents"),
    ] {
        desk.save_as(draft, key, other.clone()).await;
        let news = desk.news().await;
        let News::NotSaved { why, .. } = &news else {
            panic!("{news:?}");
        };
        assert!(why.contains(says), "{why}");
    }
    let all = desk.store().await.list(&Listing::default()).await.unwrap();
    assert_eq!((all.len(), desk.script.sent_ids().len()), (1, 1));
}
