//! What is done later to a record: whoever saves it, nothing follows what ends the record, and nobody moves it twice.

use std::sync::Arc;

use frontdesk::domain::evidence::{Evidence, Fact, Outcome};
use frontdesk::domain::looked::Told;
use frontdesk::domain::offer::{ChangeOffer, Kind, SlotSource};
use frontdesk::domain::submission::{IntentId, Subject};
use frontdesk::store::intents::{Intents, Listing, Wish};
use frontdesk::store::{Sqlite, StoreError};
use rstest::rstest;

use crate::place;
use crate::support::*;

fn offered() -> Arc<[ChangeOffer]> {
    let change = |id, label, is_end, slots| ChangeOffer {
        id,
        label,
        help: "",
        kinds: &[Kind::Lead],
        fields: Vec::new(),
        has_terms: false,
        is_end,
        slots,
    };
    Arc::new([
        change("check-in", "Check in", false, None),
        change("cancel", "Cancel", true, None),
        change("move", "Reschedule", true, Some(SlotSource::Vendor)),
    ])
}

/// Something done to the record of a number.
fn done(draft: u64, change: &str, number: &str) -> Wish {
    let mut wish = wish(draft, moment(MORNING).date_naive());
    wish.submission.kind = Kind::Change;
    wish.submission.subject = Some(Subject {
        number: number.to_owned(),
        change: change.to_owned(),
    });
    wish.changes = offered();
    wish
}

async fn save(store: &Sqlite, wish: Wish) -> Result<IntentId, StoreError> {
    let saved = store.save(wish, moment(MORNING)).await;
    saved.map(|standing| standing.intent.id)
}

async fn learn(store: &Sqlite, id: &IntentId, fact: Fact) {
    let at = moment(MORNING);
    store.append(id, Evidence { at, fact }).await.unwrap();
}

/// The vendor put `number` in its place, and says perhaps that the old one has ended.
fn moved_to(number: &str, ended: Option<&str>) -> Fact {
    let told = ended.map(|ended| Told {
        label: Told::ENDED.to_owned(),
        text: ended.to_owned(),
    });
    Fact::Ended {
        number: 1,
        outcome: Outcome::Accepted {
            number: number.to_owned(),
            told: told.into_iter().collect(),
        },
    }
}

/// Two savers of one file at the same moment: over one connection, and over two.
#[rstest]
#[case::cancels("cancel", true)]
#[case::cancels_from_elsewhere("cancel", false)]
#[case::moves("move", true)]
#[case::moves_from_elsewhere("move", false)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_who_end_a_record_at_once_one_is_refused(
    #[case] change: &'static str,
    #[case] shares_connection: bool,
) {
    let (_folder, path) = place();
    let here = Sqlite::open(&path).await.unwrap();
    let there = if shares_connection {
        here.clone()
    } else {
        Sqlite::open(&path).await.unwrap()
    };
    let saver = |store: Sqlite, draft| {
        tokio::spawn(async move { save(&store, done(draft, change, "A-7")).await })
    };
    let savers = [saver(here.clone(), 1), saver(there, 2)];
    let mut saved = Vec::new();
    let mut refused = Vec::new();
    for saver in savers {
        match saver.await.unwrap() {
            Ok(id) => saved.push(id),
            Err(StoreError::InTheWay(why)) => refused.push(why),
            Err(other) => panic!("{other}"),
        }
    }
    let ([saved], [why]) = (saved.as_slice(), refused.as_slice()) else {
        panic!("{saved:?} {refused:?}")
    };
    let label = if change == "cancel" {
        "Cancel"
    } else {
        "Reschedule"
    };
    let words = format!("its {label} is Saved ({saved}), and nothing more can be done to it");
    assert_eq!(*why, words);
    let listed = here.list(&Listing::default()).await.unwrap();
    assert_eq!(listed.len(), 1, "the other left nothing");
}

#[tokio::test]
async fn what_ends_a_record_bars_every_change_of_it_and_of_no_other() {
    let (_folder, path) = place();
    let store = Sqlite::open(&path).await.unwrap();
    for draft in 1..=2 {
        save(&store, done(draft, "check-in", "A-7")).await.unwrap();
    }
    let cancel = save(&store, done(3, "cancel", "A-7")).await.unwrap();
    let barred = save(&store, done(4, "check-in", "A-7")).await;
    assert!(matches!(barred, Err(StoreError::InTheWay(_))), "{barred:?}");
    // The same form again is the same change, and no second one.
    let again = save(&store, done(3, "cancel", "A-7")).await.unwrap();
    assert_eq!(again, cancel);
    save(&store, done(5, "cancel", "A-70")).await.unwrap();
    let mut elsewhere = done(6, "cancel", "A-7");
    elsewhere.profile = "other".to_owned();
    save(&store, elsewhere).await.unwrap();
    // Nobody knows yet whether it ended, then the vendor refuses it.
    let ended = |outcome| Fact::Ended { number: 1, outcome };
    learn(&store, &cancel, ended(unknown())).await;
    let barred = save(&store, done(7, "cancel", "A-7")).await;
    assert!(matches!(barred, Err(StoreError::InTheWay(_))), "{barred:?}");
    learn(&store, &cancel, Fact::PersonDropped { reason: None }).await;
    let second = save(&store, done(8, "cancel", "A-7")).await.unwrap();
    learn(&store, &second, ended(accepted())).await;
    let barred = save(&store, done(9, "cancel", "A-7")).await;
    assert!(matches!(barred, Err(StoreError::InTheWay(_))), "{barred:?}");
}

#[tokio::test]
async fn what_was_moved_is_not_moved_again_and_is_ended_where_it_may_still_stand() {
    let (_folder, path) = place();
    let store = Sqlite::open(&path).await.unwrap();
    let moved = save(&store, done(1, "move", "A-7")).await.unwrap();
    learn(&store, &moved, moved_to("B-8", None)).await;
    let twice = save(&store, done(2, "move", "A-7")).await.unwrap_err();
    let words = format!("its Reschedule is made ({moved}), and another would book a second time");
    assert_eq!(twice.to_string(), words);
    save(&store, done(3, "cancel", "A-7")).await.unwrap();
    // What stands in its place is another record.
    let on = save(&store, done(4, "move", "B-8")).await.unwrap();
    learn(&store, &on, moved_to("C-9", Some("B-8"))).await;
    let late = save(&store, done(5, "cancel", "B-8")).await;
    assert!(matches!(late, Err(StoreError::InTheWay(_))), "{late:?}");
}
