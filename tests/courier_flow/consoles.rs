//! Several consoles on one file: one of them sends, all of them know.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use frontdesk::courier::News;
use frontdesk::courier::settings::Settings;
use frontdesk::domain::evidence::{Fact, Outcome};
use frontdesk::domain::offer::{ChangeOffer, Kind};
use frontdesk::domain::standing::Decision;
use frontdesk::domain::submission::{DraftId, IntentId, Subject, Submission};
use frontdesk::domain::tier::Tier;
use frontdesk::store::intents::Intents;

use crate::support::*;

/// The words told of each intent; the last one is what a reader believes.
fn last_words(told: Vec<News>) -> BTreeMap<IntentId, &'static str> {
    let mut words = BTreeMap::new();
    for news in told {
        match news {
            News::Changed(standing) => words.insert(standing.intent.id, standing.state.word()),
            other => panic!("{other:?}"),
        };
    }
    words
}

#[tokio::test(start_paused = true)]
async fn two_consoles_send_each_intent_once_and_both_know_the_end() {
    let mut one = Desk::open(MORNING, settings(), vec![Some(accepted()); 12]).await;
    let mut other = one.beside(vec![Some(accepted()); 12]).await;
    for draft in 1..=6 {
        one.save(draft).await;
        other.save(100 + draft).await;
    }
    let mut told = [BTreeMap::new(), BTreeMap::new()];
    while told
        .iter()
        .any(|told| told.len() < 12 || told.values().any(|word| *word != "Accepted"))
    {
        tokio::select! {
            news = one.news() => told[0].extend(last_words(vec![news])),
            news = other.news() => told[1].extend(last_words(vec![news])),
        }
    }
    let mut sent = one.script.sent_ids();
    sent.extend(other.script.sent_ids());
    sent.sort();
    let all: Vec<_> = told[0].keys().cloned().collect();
    assert_eq!(sent, all);
}

#[tokio::test(start_paused = true)]
async fn when_one_dies_while_sending_the_other_takes_over_without_a_restart() {
    let mut one = Desk::open(MORNING, settings(), vec![None]).await;
    one.save(1).await;
    let id = one.until("Sending").await.intent.id;
    let mut other = one.beside(vec![Some(accepted())]).await;
    assert_eq!(other.until("Sending").await.intent.id, id);
    one.kill().await;
    let (words, _) = other.words().await;
    assert_eq!(words, ["Checking", "Sending", "Accepted"]);
    assert_eq!(other.script.sent_ids(), [id]);
}

#[tokio::test(start_paused = true)]
async fn what_a_living_console_has_under_way_is_left_to_it() {
    let mut one = Desk::open(MORNING, settings(), vec![None]).await;
    one.save(1).await;
    let id = one.until("Sending").await.intent.id;
    let mut other = one.beside(vec![]).await;
    assert_eq!(other.until("Sending").await.intent.id, id);
    assert_eq!(other.news_within(600).await, None);
    let evidence = other.store().await.evidence(&id).await.unwrap();
    assert_eq!(last(&evidence), &Fact::Attempted { number: 1 });
}

#[tokio::test(start_paused = true)]
async fn of_two_consoles_one_alone_writes_off_what_a_third_left() {
    let mut third = Desk::of(Tier::None, vec![None]).await;
    third.save(1).await;
    let id = third.until("Sending").await.intent.id;
    let mut one = third.beside(vec![]).await;
    let mut other = third.beside(vec![]).await;
    one.until("Sending").await;
    other.until("Sending").await;
    third.kill().await;
    one.until("Needs you").await;
    other.until("Needs you").await;
    let evidence = one.store().await.evidence(&id).await.unwrap();
    let is_end = |fact: &Fact| {
        let why_unknown = |outcome: &Outcome| matches!(outcome, Outcome::Unknown { .. });
        matches!(fact, Fact::Ended { outcome, .. } if why_unknown(outcome))
    };
    let ends = evidence.iter().filter(|evidence| is_end(&evidence.fact));
    assert_eq!(ends.count(), 1, "{evidence:?}");
    assert!(one.script.sent_ids().is_empty() && other.script.sent_ids().is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_a_person_decides_on_one_console_is_told_on_the_other() {
    let mut one = Desk::of(Tier::None, vec![Some(unknown())]).await;
    one.save(1).await;
    let id = one.until("Needs you").await.intent.id;
    let mut other = one.beside(vec![]).await;
    other.until("Needs you").await;
    other.decide(&id, Decision::Drop { reason: None }).await;
    assert_eq!(other.until("Dropped").await.intent.id, id);
    assert_eq!(one.until("Dropped").await.intent.id, id);
    assert_eq!((one.idle().await, other.idle().await), (vec![], vec![]));
}

/// Two consoles: the first alone can send what it saved, and stays busy with another one meanwhile.
async fn held_by_the_first() -> (Desk, Desk) {
    let mut one = Desk::open(MORNING, settings(), vec![]).await;
    one.script.is_cut.store(true, Ordering::Relaxed);
    one.save(1).await;
    one.until("Saved").await;
    let script = Script::new(one.script.store.clone(), vec![Some(accepted())]);
    *script.left_until.lock().unwrap() = Some(moment(MORNING) + chrono::TimeDelta::minutes(15));
    let other = Desk::over(
        one.store().await,
        Arc::clone(&one.folder),
        script,
        one.settings.clone(),
        one.clock.clone(),
    );
    (one, other)
}

#[tokio::test(start_paused = true)]
async fn what_another_console_alone_can_send_is_left_to_it_for_so_long() {
    let (one, mut other) = held_by_the_first().await;
    let started = one.clock.now();
    other.until("Accepted").await;
    let waited = one.clock.now() - started;
    assert!(waited >= chrono::TimeDelta::minutes(14), "{waited}");
    assert_eq!(other.script.sent_ids().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_a_console_left_that_is_gone_waits_for_nobody() {
    let (one, mut other) = held_by_the_first().await;
    other.until("Saved").await;
    let started = other.clock.now();
    one.kill().await;
    other.until("Accepted").await;
    let waited = other.clock.now() - started;
    assert!(waited < chrono::TimeDelta::minutes(1), "{waited}");
}

#[tokio::test(start_paused = true)]
async fn what_one_console_ends_the_other_is_told_in_words_that_it_cannot_change() {
    let cancel = ChangeOffer {
        id: "cancel",
        label: "Cancel",
        help: "",
        kinds: &[Kind::Lead],
        fields: Vec::new(),
        has_terms: false,
        is_end: true,
        slots: None,
    };
    let settings = Settings {
        changes: Arc::new([cancel]),
        ..settings()
    };
    let mut one = Desk::open(MORNING, settings, vec![Some(accepted())]).await;
    // Whichever hears of it first sends it.
    let mut other = one.beside(vec![Some(accepted())]).await;
    let ends = Submission {
        kind: Kind::Change,
        subject: Some(Subject {
            number: "LD-1".to_owned(),
            change: "cancel".to_owned(),
        }),
        ..submission()
    };
    one.save_as(1, None, ends.clone()).await;
    let saved = one.until("Accepted").await.intent.id;
    other.save_as(2, None, ends).await;
    loop {
        match other.news().await {
            News::NotSaved { draft, why } => {
                assert_eq!(draft, DraftId(2));
                let words =
                    format!("its Cancel is Accepted ({saved}), and nothing more can be done to it");
                assert_eq!(why, words);
                break;
            }
            News::Changed(standing) => assert_eq!(standing.intent.id, saved),
            news => panic!("{news:?}"),
        }
    }
}
