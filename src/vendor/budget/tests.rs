//! Whatever is asked, no 60 seconds hold more requests than there are slots.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use proptest::prelude::*;
use tokio::time::{Instant, advance, sleep};

use super::memory::Memory;
use super::*;

const PATIENT: Duration = Duration::from_secs(600);

const WINDOW: Duration = Duration::from_secs(60);

/// The budget of a desk that is alone, on tokio's time.
fn budget(of: u32, reserve: u32) -> Budget {
    let terms = Terms {
        of,
        window: WINDOW,
        longest: Duration::from_secs(40),
    };
    let clock = Clock::tokio(chrono::DateTime::UNIX_EPOCH);
    Budget::new(terms, reserve, clock, Arc::new(Memory::new(terms)))
}

/// One request that takes no time.
async fn use_one(budget: &Budget) {
    let mut slot = budget.slot(Lane::Send, Duration::ZERO).await.unwrap();
    slot.spend();
    slot.go_home().unwrap().await.unwrap();
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

async fn use_up(budget: &Budget, slots: u32) {
    for _ in 0..slots {
        use_one(budget).await;
    }
}

/// One request of the property test.
#[derive(Clone, Debug)]
struct Call {
    lane: Lane,
    asked_after_ms: u64,
    runs_ms: u64,
}

fn call() -> impl Strategy<Value = Call> {
    let lane = prop_oneof![Just(Lane::SignIn), Just(Lane::Send), Just(Lane::Read)];
    (lane, 0_u64..150_000, 0_u64..20_000).prop_map(|(lane, asked_after_ms, runs_ms)| Call {
        lane,
        asked_after_ms,
        runs_ms,
    })
}

/// When each request that got its slot began and ended, under paused time.
fn run(calls: Vec<Call>, of: u32, reserve: u32) -> Vec<(Instant, Instant)> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    let spans = Arc::new(Mutex::new(Vec::new()));
    runtime.block_on(async {
        let budget = budget(of, reserve);
        let mut tasks = tokio::task::JoinSet::new();
        for call in calls {
            let (budget, spans) = (budget.clone(), Arc::clone(&spans));
            tasks.spawn(async move {
                sleep(Duration::from_millis(call.asked_after_ms)).await;
                let mut slot = budget.slot(call.lane, PATIENT).await;
                if let Ok(slot) = &mut slot {
                    slot.spend();
                }
                let start = Instant::now();
                sleep(Duration::from_millis(call.runs_ms)).await;
                if slot.is_ok() {
                    spans.lock().unwrap().push((start, Instant::now()));
                }
            });
        }
        while tasks.join_next().await.is_some() {}
    });
    let spans = spans.lock().unwrap();
    spans.clone()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// The vendor may count a request at any moment of its life. The worst window of 60 seconds begins at some
    /// moment where one ends; it holds every request that ended at or after it and began less than 60 seconds later.
    #[test]
    fn no_window_holds_more_than_the_budget(
        calls in prop::collection::vec(call(), 1..250),
        reserve in 0_u32..8,
    ) {
        let asked = calls.len();
        let spans = run(calls, 20, reserve);
        prop_assert!(spans.len() >= asked.min(20 - reserve as usize));
        for (_, from) in &spans {
            let until = *from + WINDOW;
            let held = spans.iter().filter(|(start, end)| end >= from && *start < until).count();
            prop_assert!(held <= 20, "{held} requests within 60 s");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_slot_comes_back_a_minute_after_its_request_ended() {
    let budget = budget(1, 0);
    let mut slot = budget.slot(Lane::Send, seconds(2)).await.unwrap();
    slot.spend();
    advance(seconds(15)).await;
    drop(slot);
    let asked = Instant::now();
    let slot = budget.slot(Lane::Read, PATIENT).await;
    assert!(slot.is_ok());
    assert_eq!(asked.elapsed().as_secs(), 60);
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_is_too_long_is_refused_at_once() {
    let budget = budget(3, 0);
    use_up(&budget, 3).await;
    advance(seconds(50)).await;
    let asked = Instant::now();
    let Err(TooLong(wait)) = budget.slot(Lane::Send, seconds(2)).await else {
        panic!("no slot can come within 2 s");
    };
    assert_eq!((asked.elapsed(), wait), (Duration::ZERO, seconds(10)));
    advance(seconds(9)).await;
    assert!(budget.slot(Lane::Send, seconds(2)).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn reads_leave_the_reserve_alone() {
    let budget = budget(60, 10);
    for _ in 0..50 {
        let mut slot = budget.slot(Lane::Read, Duration::ZERO).await.unwrap();
        slot.spend();
    }
    assert!(budget.slot(Lane::Read, seconds(20)).await.is_err());
    use_up(&budget, 9).await;
    assert!(budget.slot(Lane::SignIn, Duration::ZERO).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn sign_ins_and_sends_overtake_reads_that_came_first() {
    let budget = budget(1, 0);
    use_up(&budget, 1).await;
    let order = Arc::new(Mutex::new(Vec::new()));
    let mut tasks = tokio::task::JoinSet::new();
    let queue = [
        (Lane::Read, 1),
        (Lane::Send, 2),
        (Lane::Read, 3),
        (Lane::Send, 4),
        (Lane::SignIn, 5),
    ];
    for (lane, name) in queue {
        let (budget, order) = (budget.clone(), Arc::clone(&order));
        tasks.spawn(async move {
            let mut slot = budget.slot(lane, PATIENT).await.unwrap();
            slot.spend();
            order.lock().unwrap().push(name);
            drop(slot);
        });
        tokio::task::yield_now().await;
    }
    while tasks.join_next().await.is_some() {}
    assert_eq!(*order.lock().unwrap(), [5, 2, 4, 1, 3]);
}

#[tokio::test(start_paused = true)]
async fn who_gives_up_waiting_stands_in_nobodys_way() {
    let budget = budget(1, 0);
    use_up(&budget, 1).await;
    let abandoned = tokio::spawn({
        let budget = budget.clone();
        async move { budget.slot(Lane::Send, PATIENT).await }
    });
    tokio::task::yield_now().await;
    abandoned.abort();
    assert!(abandoned.await.is_err());
    let asked = Instant::now();
    assert!(budget.slot(Lane::Read, PATIENT).await.is_ok());
    assert_eq!(asked.elapsed().as_secs(), 60);
}

#[tokio::test(start_paused = true)]
async fn what_never_left_is_not_counted() {
    let budget = budget(1, 0);
    for _ in 0..5 {
        let slot = budget.slot(Lane::Send, Duration::ZERO).await.unwrap();
        slot.give_back().await;
    }
    assert_eq!(budget.left().borrow().left, 1);
}

#[tokio::test(start_paused = true)]
async fn too_many_pauses_everybody() {
    let budget = budget(60, 10);
    budget.pause(seconds(30)).await;
    assert_eq!(budget.left().borrow().left, 0);
    assert_eq!(
        budget.slot(Lane::SignIn, seconds(2)).await.err(),
        Some(TooLong(seconds(30)))
    );
    budget.pause(seconds(5)).await;
    let asked = Instant::now();
    assert!(budget.slot(Lane::Read, PATIENT).await.is_ok());
    assert_eq!(
        asked.elapsed().as_secs(),
        30,
        "a shorter pause does not end a longer one"
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_left_is_told_when_used_and_when_it_comes_back() {
    let budget = budget(2, 0);
    let mut left = budget.left();
    let began = Instant::now();
    use_up(&budget, 1).await;
    assert_eq!(left.borrow_and_update().left, 1);
    advance(seconds(20)).await;
    use_up(&budget, 1).await;
    assert_eq!(left.borrow_and_update().left, 0);
    for (expected, after) in [(1, 60), (2, 80)] {
        left.changed().await.unwrap();
        assert_eq!(left.borrow_and_update().left, expected);
        assert_eq!(began.elapsed().as_secs(), after);
    }
    tokio::task::yield_now().await;
    assert!(
        !budget.shared.lock().is_followed,
        "nothing wakes an idle console"
    );
}

#[tokio::test(start_paused = true)]
async fn a_slot_that_was_never_spent_comes_back_at_once() {
    let budget = budget(1, 0);
    let slot = budget.slot_now(Lane::Send).await.unwrap();
    let earliest = budget.slot_now(Lane::Send).await.err().unwrap();
    assert_eq!(
        earliest, WINDOW,
        "it may end now and come back a window later"
    );
    drop(slot);
    assert!(budget.slot(Lane::Send, seconds(60)).await.is_ok());
    assert_eq!(budget.shared.clock.steady(), Duration::ZERO);
}
