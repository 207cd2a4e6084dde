//! Leaving the console, and knowing when a courier without a screen may end.

use std::time::Duration;

use frontdesk::courier::News;
use frontdesk::domain::evidence::Fact;
use frontdesk::domain::tier::Tier;
use frontdesk::store::intents::Intents;

use crate::support::*;

#[tokio::test(start_paused = true)]
async fn who_leaves_does_not_wait_for_ever_and_finds_it_checking() {
    let mut desk = Desk::open(MORNING, settings(), vec![None]).await;
    desk.save(1).await;
    let id = desk.until("Sending").await.intent.id;
    let (store, clock) = (desk.store().await, desk.clock.clone());
    let left_at = clock.now();
    let mut next = desk.beside(vec![Some(accepted())]).await;
    desk.handle
        .finish_within(Duration::from_secs(5), &clock)
        .await;
    assert!(clock.now() - left_at >= chrono::TimeDelta::seconds(5));
    let evidence = store.evidence(&id).await.unwrap();
    let attempts = evidence
        .iter()
        .filter(|evidence| matches!(evidence.fact, Fact::Attempted { .. }));
    assert!(attempts.count() >= 1);
    assert_eq!(next.until("Checking").await.intent.id, id);
}

#[tokio::test(start_paused = true)]
async fn it_is_idle_when_all_is_settled_or_needs_a_person() {
    let answers = vec![Some(accepted()), Some(unknown())];
    let mut desk = Desk::of(Tier::None, answers).await;
    assert_eq!(desk.idle().await, []);
    let mut words = Vec::new();
    for draft in [1, 2] {
        desk.save(draft).await;
        // Told of the order: from here on "idle" speaks of it.
        assert_eq!(desk.standing().await.state.word(), "Saved");
        assert!(!*desk.handle.idle.borrow());
        let told = desk.idle().await;
        let Some(News::Changed(standing)) = told.last() else {
            panic!("{told:?}");
        };
        words.push(standing.state.word());
    }
    assert_eq!(words, ["Accepted", "Needs you"]);
}
