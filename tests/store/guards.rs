//! What holds whatever the courier does: the digest follows the evidence, and a failed commit leaves nothing.

use frontdesk::domain::evidence::{Doubt, Evidence, Fact, Outcome, state};
use frontdesk::store::intents::{Intents, Listing};
use frontdesk::store::{Sqlite, StoreError};
use proptest::prelude::*;
use sqlx::{ConnectOptions, Connection};

use crate::place;
use crate::support::*;

fn fact() -> impl Strategy<Value = Fact> {
    let outcome = prop_oneof![
        Just(unknown()),
        Just(accepted()),
        Just(duplicate()),
        Just(Outcome::Refused {
            reasons: Vec::new()
        }),
        Just(Outcome::NotSent {
            why: "no network".to_owned()
        }),
    ];
    prop_oneof![
        (1..4_u32, outcome).prop_map(|(number, outcome)| Fact::Ended { number, outcome }),
        (1..4_u32).prop_map(|number| Fact::Attempted { number }),
        Just(Fact::TakenBack),
        Just(Fact::HandedOver {
            doubt: Doubt::DayIsOver
        }),
        Just(Fact::HandedOver {
            doubt: Doubt::StoreWasDamaged
        }),
        Just(Fact::PersonFound {
            number: "LD-7".to_owned()
        }),
        Just(Fact::PersonResends),
        Just(Fact::PersonDropped { reason: None }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_list_says_what_the_evidence_says(facts in prop::collection::vec(fact(), 0..8)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (_folder, path) = place();
            let store = Sqlite::open(&path).await.unwrap();
            let at = moment(MORNING);
            let saved = store.save(wish(1, at.date_naive()), at).await.unwrap();
            let mut evidence = saved.evidence;
            for fact in facts {
                evidence = store.append(&saved.intent.id, Evidence { at, fact }).await.unwrap();
                let state = state(&evidence);
                let listing = Listing { words: vec![state.word().to_owned()], ..Listing::default() };
                assert_eq!(store.list(&listing).await.unwrap().len(), 1);
                let open = store.open_intents("demo").await.unwrap().len();
                assert_eq!(open, usize::from(!state.is_settled()));
            }
            let settled = state(&evidence).is_settled();
            let purged = store.purge(at + chrono::TimeDelta::days(1)).await.unwrap();
            assert_eq!(purged, u64::from(settled));
        });
    }
}

#[tokio::test]
async fn the_same_key_is_the_same_wish_in_its_profile_alone() {
    let (_folder, path) = place();
    let store = Sqlite::open(&path).await.unwrap();
    let at = moment(MORNING);
    let keyed = |draft, profile: &str| {
        let mut wish = wish(draft, at.date_naive());
        wish.key = Some("line 1".to_owned());
        wish.profile = profile.to_owned();
        wish
    };
    let first = store.save(keyed(1, "demo"), at).await.unwrap().intent.id;
    let again = store.save(keyed(2, "demo"), at).await.unwrap().intent.id;
    let other = store.save(keyed(3, "other"), at).await.unwrap().intent.id;
    assert_eq!(first, again);
    assert_ne!(first, other);
}

#[tokio::test]
async fn a_store_that_another_program_holds_says_so_and_works_again_after() {
    let (_folder, path) = place();
    let store = Sqlite::open(&path).await.unwrap();
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path);
    let mut other = options.connect().await.unwrap();
    let held = other.begin_with("BEGIN IMMEDIATE").await.unwrap();
    let at = moment(MORNING);
    let error = store
        .save(wish(1, at.date_naive()), at)
        .await
        .err()
        .unwrap();
    assert!(matches!(error, StoreError::Disk(_)));
    assert_eq!(error.to_string(), "another program holds the store");
    held.rollback().await.unwrap();
    assert!(store.open_intents("demo").await.unwrap().is_empty());
    store.save(wish(1, at.date_naive()), at).await.unwrap();
}
