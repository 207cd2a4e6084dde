//! Lists from the last copy: with the lab away, with the lab back, at other prices, for a party.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use frontdesk::domain::branch::{BranchId, Party, PartyKind};
use frontdesk::domain::catalogue::{Catalogue, Item};
use frontdesk::domain::money::Money;
use frontdesk::domain::order::{ItemId, ItemKind};
use frontdesk::store::Sqlite;
use frontdesk::store::catalogues::Catalogues;
use frontdesk::vendor::flabs::settings::Mode;
use rstest::rstest;
use sqlx::{ConnectOptions, Executor};

use crate::console::{Console, LEAD, account};
use crate::lab::Lab;

/// Longer than the console waits before it asks again for lists.
const A_WHILE: TimeDelta = TimeDelta::seconds(16);

/// Runs in the file of a desk that is closed.
fn in_store(home: &Path, sql: &'static str) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let path = home.join("frontdesk/frontdesk.sqlite");
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
        options.connect().await.unwrap().execute(sql).await.unwrap();
    });
}

/// All copies were taken three days ago.
const AGED: &str = "UPDATE catalogues SET taken_at = taken_at - 3 * 86400 * 1000000";

/// A desk that has seen branches and prices once, and what it kept is on disk.
fn desk_with_copies(lab: &Lab, mode: Mode) -> PathBuf {
    let home = lab.folder().join("desk");
    let mut console = Console::open(account(lab, mode), &home);
    console.choose_first_branch();
    wait_for_copies(&home);
    home
}

/// Waits until both lists are kept.
fn wait_for_copies(home: &Path) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let path = home.join("frontdesk/frontdesk.sqlite");
    runtime.block_on(async {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
        let mut link = options.connect().await.unwrap();
        let kept = async {
            loop {
                let count: i64 = sqlx::query_scalar("SELECT count(*) FROM catalogues")
                    .fetch_one(&mut link)
                    .await
                    .unwrap();
                if count == 2 {
                    return;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(crate::lab::DEADLINE, kept)
            .await
            .unwrap();
    });
}

#[rstest]
fn a_desk_without_its_lab_books_from_copies_and_sends_later(
    #[values(Mode::CatchAll, Mode::PartyScoped)] mode: Mode,
) {
    let mut lab = Lab::open();
    let home = desk_with_copies(&lab, mode);
    in_store(&home, AGED);
    let account = account(&lab, mode);
    lab.close();
    let mut console = Console::open(account, &home);
    console.choose_first_branch();
    console.wait("the lab is away", |app| app.desk.failure.is_some());
    console.keys(LEAD);
    let screen = console.screen();
    assert!(
        screen.lines().next().unwrap().contains("Offline"),
        "{screen}"
    );
    assert!(screen.contains("These are prices 3 days old"), "{screen}");
    console.keys("<Enter>");
    console.wait_for("Saved");
    lab.reopen();
    console.wait_for("Accepted");
    assert_eq!(lab.applied().len(), 1);
    console.let_pass(A_WHILE);
    console.wait("new prices", |app| app.desk.failure.is_none());
    console.wait("new prices", |app| {
        app.price_age()
            .is_some_and(|(words, is_old)| words.contains("of") && !is_old)
    });
}

#[test]
fn a_young_copy_spares_the_request_and_a_person_may_ask_anyway() {
    let mut lab = Lab::open();
    let home = desk_with_copies(&lab, Mode::CatchAll);
    let account = account(&lab, Mode::CatchAll);
    lab.close();
    let mut console = Console::open(account, &home);
    console.choose_first_branch();
    assert_eq!(console.app.browser.loading, None, "nothing is on its way");
    assert_eq!(console.app.desk.failure, None);
    console.keys("<C-r>");
    console.wait("the lab is asked", |app| app.desk.failure.is_some());
    assert!(console.app.browser.catalogue.is_some());
}

#[test]
fn a_damaged_copy_is_none() {
    let mut lab = Lab::open();
    let home = desk_with_copies(&lab, Mode::CatchAll);
    in_store(
        &home,
        "UPDATE catalogue_parts SET body = substr(body, 1, length(body) - 9)",
    );
    let account = account(&lab, Mode::CatchAll);
    lab.close();
    let mut console = Console::open(account, &home);
    console.wait("no branches", |app| app.desk.failure.is_some());
    assert!(console.app.desk.branches.is_empty());
    lab.reopen();
    console.let_pass(A_WHILE);
    console.choose_first_branch();
    wait_for_copies(&home);
}

fn at() -> DateTime<Utc> {
    "2026-11-21T05:12:00Z".parse().unwrap()
}

fn rows(count: i64) -> Arc<Catalogue> {
    let row = |index| Item {
        id: ItemId(format!("t{index}")),
        kind: if index % 9 == 0 {
            ItemKind::Package
        } else {
            ItemKind::Test
        },
        code: format!("C{index}"),
        name: format!("Test \"{index}\""),
        aliases: vec!["other".into(), "names".into()],
        price: Money::major(index),
        specimen: (index % 2 == 0).then(|| "Blood".into()),
        fasting: None,
        turnaround: Some("same day".into()),
        includes: vec![ItemId("t1".into()); usize::from(index % 9 == 0)],
    };
    Arc::new(Catalogue::new((0..count).map(row)))
}

#[tokio::test]
async fn a_kept_catalogue_comes_back_row_by_row_for_its_party_alone() {
    let home = tempfile::tempdir().unwrap();
    let store = Sqlite::open(&home.path().join("data/store.sqlite"))
        .await
        .unwrap();
    let branch = BranchId("b1".into());
    let party = |kind| Party {
        id: "7".into(),
        name: "Seven".into(),
        kind,
    };
    let [doctor, hospital] = [PartyKind::Doctor, PartyKind::Hospital].map(party);
    // More than one part, and the last one not full.
    let list = rows(2_345);
    store
        .keep_catalogue("a", &branch, Some(&doctor), &list, at())
        .await
        .unwrap();
    let copy = store
        .catalogue("a", &branch, Some(&doctor), None)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(copy.taken_at, at());
    assert!(copy.list.items().eq(list.items()));
    let none = async |account, party| {
        store
            .catalogue(account, &branch, party, None)
            .await
            .unwrap()
            .is_none()
    };
    assert!(none("a", Some(&hospital)).await && none("a", None).await);
    assert!(none("b", Some(&doctor)).await);
    let newer = store
        .catalogue("a", &branch, Some(&doctor), Some(at()))
        .await;
    assert!(
        newer.unwrap().is_none(),
        "the one that is there is no newer"
    );
    // A shorter list leaves no row of the longer one behind; the same list only becomes younger.
    let later = at() + TimeDelta::hours(1);
    let shorter = rows(12);
    for _ in 0..2 {
        store
            .keep_catalogue("a", &branch, Some(&doctor), &shorter, later)
            .await
            .unwrap();
        let copy = store
            .catalogue("a", &branch, Some(&doctor), Some(at()))
            .await;
        let copy = copy.unwrap().unwrap();
        assert_eq!((copy.list.len(), copy.taken_at), (12, later));
    }
}
