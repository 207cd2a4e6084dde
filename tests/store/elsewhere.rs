//! Two consoles on one file: what one does, the other hears of, and an attempt is cut off only when its console is gone.

use std::time::Duration;

use frontdesk::store::Sqlite;
use frontdesk::store::intents::Intents;
use tokio::time::timeout;

use crate::place;
use crate::support::*;

const SOON: Duration = Duration::from_secs(20);

#[tokio::test]
async fn an_attempt_is_cut_off_when_its_console_is_gone_and_the_others_hear_of_it() {
    let (_folder, path) = place();
    let (here, there) = (
        Sqlite::open(&path).await.unwrap(),
        Sqlite::open(&path).await.unwrap(),
    );
    let listener = here.clone();
    let at = moment(MORNING);
    let saved = there.save(wish(1, at.date_naive()), at).await.unwrap();
    // Written before anybody listened, and heard all the same, by each clone.
    timeout(SOON, here.changed_elsewhere()).await.unwrap();
    timeout(SOON, listener.changed_elsewhere()).await.unwrap();
    there.begin_attempt(&saved.intent.id, 1, at).await.unwrap();
    timeout(SOON, here.changed_elsewhere()).await.unwrap();
    assert!(here.cut_off("demo").await.unwrap().is_empty());
    drop(there);
    loop {
        timeout(SOON, here.changed_elsewhere()).await.unwrap();
        if here.cut_off("demo").await.unwrap().len() == 1 {
            break;
        }
    }
}

#[tokio::test]
async fn who_only_reads_wakes_nobody() {
    let (_folder, path) = place();
    let (here, there) = (
        Sqlite::open(&path).await.unwrap(),
        Sqlite::open(&path).await.unwrap(),
    );
    // That the other one has come: the kernel knows all of it by now, and tells it at once.
    timeout(SOON, here.changed_elsewhere()).await.unwrap();
    there.open_intents("demo").await.unwrap();
    there.cut_off("demo").await.unwrap();
    let woken = timeout(Duration::from_millis(200), here.changed_elsewhere()).await;
    assert!(woken.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_reads_when_it_is_woken_sees_what_was_committed() {
    const COMMITS: usize = 300;
    let (_folder, path) = place();
    let (here, there) = (
        Sqlite::open(&path).await.unwrap(),
        Sqlite::open(&path).await.unwrap(),
    );
    // That the other one has come: the kernel knows all of it by now, and tells it at once.
    timeout(SOON, here.changed_elsewhere()).await.unwrap();
    let (seen, mut next) = tokio::sync::mpsc::channel::<()>(1);
    let at = moment(MORNING);
    let writer = tokio::spawn(async move {
        for draft in 0..COMMITS as u64 {
            there.save(wish(draft, at.date_naive()), at).await.unwrap();
            next.recv().await.unwrap();
        }
    });
    for commits in 1..=COMMITS {
        timeout(SOON, here.changed_elsewhere()).await.unwrap();
        let open = here.open_intents("demo").await.unwrap().len();
        assert_eq!(open, commits, "the only sign of it");
        seen.send(()).await.unwrap();
    }
    writer.await.unwrap();
}

#[tokio::test]
async fn two_consoles_that_hear_of_each_other_come_to_rest() {
    let mut desk = Desk::open(MORNING, settings(), vec![Some(accepted())]).await;
    let mut beside = desk.beside(vec![]).await;
    let listener = desk.store().await;
    desk.save(1).await;
    timeout(SOON, desk.until("Accepted")).await.unwrap();
    timeout(SOON, beside.until("Accepted")).await.unwrap();
    let mut wakes = 0;
    while timeout(Duration::from_millis(300), listener.changed_elsewhere())
        .await
        .is_ok()
    {
        wakes += 1;
        assert!(wakes < 20, "each wakes the other");
    }
    assert!(wakes > 0);
}
