//! What is done to one record reaches the vendor in the order in which it was saved; everything else overtakes freely.

use std::sync::Arc;

use frontdesk::domain::evidence::{Evidence, Fact, Outcome, TimeDeltaSeconds};
use frontdesk::domain::offer::{Choice, FieldKey, Kind};
use frontdesk::domain::standing::Decision;
use frontdesk::domain::submission::{Attachment, IntentId, Subject, Submission};
use frontdesk::domain::tier::Tier;
use frontdesk::store::intents::Intents;
use rstest::rstest;

use crate::support::*;

fn change(number: &str, change: &str) -> Submission {
    let subject = Subject {
        number: number.to_owned(),
        change: change.to_owned(),
    };
    Submission {
        kind: Kind::Change,
        subject: Some(subject),
        ..submission()
    }
}

/// Of a booking that another system keeps.
fn external(booking: &str, system: &str) -> Submission {
    let detail = |key, value: &str| (key, Choice::plain(value));
    let details = [
        detail(FieldKey::ExternalBooking, booking),
        detail(FieldKey::Integration, system),
    ];
    Submission {
        kind: Kind::External,
        details: details.into(),
        ..submission()
    }
}

fn picture(number: &str) -> Submission {
    let attachment = Attachment {
        name: "card.png".to_owned(),
        base64: Arc::from("iVBORw0KGgo="),
    };
    Submission {
        attachment: Some(attachment),
        ..change(number, "image")
    }
}

fn too_many() -> Outcome {
    let retry_after = Some(TimeDeltaSeconds(60));
    Outcome::RateLimited { retry_after }
}

impl Desk {
    async fn saved(&mut self, draft: u64, submission: Submission) -> IntentId {
        self.save_as(draft, None, submission).await;
        loop {
            let standing = self.standing().await;
            if standing.draft.0 == draft {
                return standing.intent.id;
            }
        }
    }
}

#[rstest]
#[case::a_record_of_the_vendor(
    change("4711", "check-in"),
    change("4711", "cancel"),
    change("4712", "cancel")
)]
#[case::a_record_of_another_system(
    external("E-1", "7"),
    external(" E-1", "7"),
    external("E-1", "8")
)]
#[tokio::test(start_paused = true)]
async fn a_later_change_of_one_record_waits_and_all_others_overtake(
    #[case] first: Submission,
    #[case] second: Submission,
    #[case] of_another: Submission,
) {
    let mut desk = Desk::of(Tier::None, vec![None]).await;
    let first = desk.saved(1, first).await;
    desk.until("Sending").await;
    *desk.script.answers.lock().unwrap() = vec![Some(accepted()); 3].into();
    desk.saved(2, second).await;
    let others = [
        desk.saved(3, of_another).await,
        desk.saved(4, submission()).await,
        desk.saved(5, picture("4711")).await,
    ];
    while desk.script.sent_ids().len() < 4 {
        desk.standing().await;
    }
    while desk.news_within(3_600).await.is_some() {}
    let mut sent = desk.script.sent_ids();
    sent.sort();
    assert_eq!(sent[0], first);
    assert_eq!(sent[1..], others);
}

#[rstest]
#[case::found(Decision::Found("4711".to_owned()))]
#[case::dropped(Decision::Drop { reason: None })]
#[tokio::test(start_paused = true)]
async fn behind_one_that_needs_a_person_nothing_happens_until_that_one_is_settled(
    #[case] decision: Decision,
) {
    let answers = vec![Some(unknown()), Some(accepted())];
    let mut desk = Desk::of(Tier::None, answers).await;
    let first = desk.saved(1, change("4711", "check-in")).await;
    desk.until("Needs you").await;
    let second = desk.saved(2, change("4711", "cancel")).await;
    desk.idle().await;
    assert_eq!(desk.news_within(3_600).await, None);
    assert_eq!(desk.script.sent_ids(), std::slice::from_ref(&first));
    desk.decide(&first, decision).await;
    desk.until("Sending").await;
    desk.idle().await;
    assert_eq!(desk.script.sent_ids(), [first, second]);
}

#[tokio::test(start_paused = true)]
async fn one_that_was_refused_lets_the_next_go() {
    let refused = Outcome::Refused { reasons: vec![] };
    let mut desk = Desk::of(
        Tier::None,
        vec![Some(too_many()), Some(refused), Some(accepted())],
    )
    .await;
    let first = desk.saved(1, change("4711", "check-in")).await;
    let second = desk.saved(2, change("4711", "cancel")).await;
    assert_eq!(desk.until("Accepted").await.intent.id, second);
    assert_eq!(desk.script.sent_ids(), [first.clone(), first, second]);
}

#[tokio::test(start_paused = true)]
async fn one_that_another_console_has_under_way_goes_first() {
    let mut one = Desk::of(Tier::None, vec![None]).await;
    let first = one.saved(1, change("4711", "check-in")).await;
    one.until("Sending").await;
    let mut other = one.beside(vec![Some(accepted())]).await;
    let second = other.saved(2, change("4711", "cancel")).await;
    while other.news_within(600).await.is_some() {}
    one.kill().await;
    other.until("Needs you").await;
    other
        .decide(&first, Decision::Found("4711".to_owned()))
        .await;
    other.until("Sending").await;
    other.idle().await;
    let store = other.store().await;
    let moment = |evidence: Vec<Evidence>, is: fn(&Fact) -> bool| {
        let found = evidence.into_iter().find(|evidence| is(&evidence.fact));
        found.unwrap().at
    };
    let sent = moment(store.evidence(&second).await.unwrap(), |fact| {
        matches!(fact, Fact::Attempted { .. })
    });
    let settled = moment(store.evidence(&first).await.unwrap(), |fact| {
        matches!(fact, Fact::PersonFound { .. })
    });
    assert!(sent >= settled, "{sent} {settled}");
}
