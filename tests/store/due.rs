//! What a list shows although it is old and settled: whose patient is still to come.

use chrono::{DateTime, TimeDelta, Utc};
use frontdesk::domain::evidence::{Evidence, Fact, Outcome};
use frontdesk::domain::slot::{Slot, Visit};
use frontdesk::domain::submission::Appointment;
use frontdesk::store::Sqlite;
use frontdesk::store::intents::{Intents, Listing, Wish};
use sqlx::Executor;

use crate::earlier::beside;
use crate::place;
use crate::support::*;

const EVENING: &str = "2026-11-20T13:30:00Z";

fn at_slot(mut wish: Wish, at: DateTime<Utc>) -> Wish {
    wish.submission.slot = Some(Slot::plain(at.fixed_offset(), ""));
    wish
}

/// Something done to the record of a visit at this moment.
fn of_visit(mut wish: Wish, at: DateTime<Utc>) -> Wish {
    wish.submission.visit = Some(Visit {
        at: at.fixed_offset(),
        site: None,
        what: String::new(),
    });
    wish
}

async fn end(store: &Sqlite, wish: Wish, outcome: Outcome) {
    let at = moment(EVENING);
    let id = store.save(wish, at).await.unwrap().intent.id;
    store.begin_attempt(&id, 1, at).await.unwrap();
    let fact = Fact::Ended { number: 1, outcome };
    store.append(&id, Evidence { at, fact }).await.unwrap();
}

/// Saved and settled in the evening: by draft, what is due in the morning after it, and what is not.
async fn an_evening(store: &Sqlite) {
    let (evening, morning) = (moment(EVENING), moment(MORNING));
    let new = |draft| wish(draft, evening.date_naive());
    end(store, at_slot(new(1), morning), accepted()).await;
    end(store, at_slot(new(2), evening), accepted()).await;
    end(store, new(3), accepted()).await;
    let reasons = Vec::new();
    let refused = Outcome::Refused { reasons };
    end(store, at_slot(new(4), morning), refused).await;
    let mut booked = new(5);
    booked.submission.appointment = Some(Appointment {
        booking_type: "walkIn".to_owned(),
        at: (morning + TimeDelta::days(9)).fixed_offset(),
    });
    end(store, booked, accepted()).await;
    end(store, of_visit(new(6), morning), accepted()).await;
    end(store, of_visit(new(7), evening), accepted()).await;
    // Moved from the evening to the morning.
    let moved = at_slot(of_visit(new(8), evening), morning);
    end(store, moved, accepted()).await;
    let others = Wish {
        profile: "other".to_owned(),
        ..at_slot(new(9), morning)
    };
    end(store, others, accepted()).await;
    let given_up = store.save(at_slot(new(10), morning), evening).await;
    let id = given_up.unwrap().intent.id;
    let (at, fact) = (evening, Fact::TakenBack);
    store.append(&id, Evidence { at, fact }).await.unwrap();
}

/// The drafts of what is listed the morning after.
async fn listed(store: &Sqlite, due: Option<DateTime<Utc>>) -> Vec<u64> {
    let listing = Listing {
        profile: Some("demo".to_owned()),
        since: Some(moment(MORNING)),
        with_unsettled: true,
        due,
        ..Listing::default()
    };
    let listed = store.list(&listing).await.unwrap();
    listed.into_iter().map(|one| one.unwrap().draft.0).collect()
}

#[tokio::test]
async fn whose_patient_is_still_to_come_is_listed_whatever_its_age() {
    let (_folder, path) = place();
    let store = Sqlite::open(&path).await.unwrap();
    an_evening(&store).await;
    let morning = moment(MORNING);
    assert_eq!(listed(&store, Some(morning)).await, [1, 5, 6, 8]);
    assert_eq!(listed(&store, None).await, [0; 0]);
    let later = morning + TimeDelta::seconds(1);
    assert_eq!(listed(&store, Some(later)).await, [5]);
    store
        .save(wish(11, morning.date_naive()), moment(EVENING))
        .await
        .unwrap();
    assert_eq!(listed(&store, Some(later)).await, [5, 11]);
}

#[tokio::test]
async fn a_file_of_the_second_version_learns_who_is_due() {
    let (_folder, path) = place();
    let store = Sqlite::open(&path).await.unwrap();
    an_evening(&store).await;
    let before = store.list(&Listing::default()).await.unwrap();
    drop(store);
    let steps = [
        include_str!("../../src/store/sqlite/schema-1.sql"),
        include_str!("../../src/store/sqlite/schema-2.sql"),
    ];
    let (earlier, mut connection) = beside(&path, &steps).await;
    let copied = connection
        .execute(
            "INSERT INTO intents SELECT * FROM later.intents;
             INSERT INTO attempts SELECT * FROM later.attempts;
             INSERT INTO evidence SELECT * FROM later.evidence;
             INSERT INTO digests SELECT intent, profile, saved_at, word, settled_at, text FROM later.digests;",
        )
        .await
        .unwrap();
    assert!(copied.rows_affected() > 0);
    drop(connection);
    let store = Sqlite::open(&earlier).await.unwrap();
    assert_eq!(listed(&store, Some(moment(MORNING))).await, [1, 5, 6, 8]);
    let all = |standings: Vec<Result<_, _>>| {
        let standings = standings.into_iter().map(Result::unwrap);
        standings.collect::<Vec<frontdesk::domain::standing::Standing>>()
    };
    let after = store.list(&Listing::default()).await.unwrap();
    assert_eq!(all(after), all(before));
}

#[tokio::test]
async fn a_record_whose_patient_is_yet_to_come_is_not_forgotten() {
    let (_folder, path) = place();
    let store = Sqlite::open(&path).await.unwrap();
    let evening = moment(EVENING);
    let later = evening + TimeDelta::days(100);
    let day = evening.date_naive();
    end(&store, at_slot(wish(0, day), later), accepted()).await;
    end(&store, at_slot(wish(1, day), evening), accepted()).await;
    let purged = store.purge(later - TimeDelta::days(1)).await.unwrap();
    assert_eq!(purged, 1, "the one who came");
    let left = store.list(&Listing::default()).await.unwrap();
    let left: Vec<u64> = left.into_iter().map(|one| one.unwrap().draft.0).collect();
    assert_eq!(left, [0]);
    assert_eq!(store.purge(later + TimeDelta::days(1)).await.unwrap(), 1);
}
