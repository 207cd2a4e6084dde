//! Several consoles on one file: one of them sends, all of them know.

use std::collections::BTreeMap;
use std::sync::Arc;

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
    let mut other = one.beside(vec![Some(accepted())]).await;
    one.save(1).await;
    let id = one.until("Sending").await.intent.id;
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
    let mut one = Desk::open(MORNING, settings, vec![None]).await;
    let mut other = one.beside(vec![]).await;
    let ends = Submission {
        kind: Kind::Change,
        subject: Some(Subject {
            number: "LD-1".to_owned(),
            change: "cancel".to_owned(),
        }),
        ..submission()
    };
    one.save_as(1, None, ends.clone()).await;
    let saved = one.until("Sending").await.intent.id;
    other.save_as(2, None, ends).await;
    loop {
        match other.news().await {
            News::NotSaved { draft, why } => {
                assert_eq!(draft, DraftId(2));
                let words =
                    format!("its Cancel is Sending ({saved}), and nothing more can be done to it");
                assert_eq!(why, words);
                break;
            }
            News::Changed(standing) => assert_eq!(standing.intent.id, saved),
            news => panic!("{news:?}"),
        }
    }
}
