//! Every way in which an answer can fail to come, and the one class that may be concluded from it.

use std::time::Duration;

use frontdesk::domain::evidence::{Outcome, TimeDeltaSeconds};
use frontdesk::domain::failure::Failure;
use frontdesk::domain::submission::Intent;
use frontdesk::vendor::flabs::settings::Mode;
use rstest::rstest;
use serde_json::{Value, json};

use crate::lab::Lab;
use crate::post::{Post, announced, flabs, somebody};

/// The classes of `Outcome`, without what they carry.
fn class(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::NotSent { .. } => "not sent",
        Outcome::RateLimited { .. } => "rate limited",
        Outcome::SignedOut { .. } => "signed out",
        Outcome::Accepted { .. } => "accepted",
        Outcome::PerhapsAccepted { .. } => "perhaps accepted",
        Outcome::HeldBack { .. } => "held back",
        Outcome::Refused { .. } => "refused",
        Outcome::Duplicate { .. } => "duplicate",
        Outcome::CodeTaken { .. } => "code taken",
        Outcome::Unknown { .. } => "unknown",
    }
}

/// Something to be made by the sandbox's call of this name.
fn sent(call: &str) -> Intent {
    match call {
        "create" => somebody(1),
        "billing" => announced(1),
        other => panic!("{other}"),
    }
}

#[rstest]
// No answer.
#[case(json!({"kind": "close-before"}), "unknown", false)]
#[case(json!({"kind": "close-after"}), "unknown", true)]
// The right answer, only not at once or not in one piece.
#[case(json!({"kind": "delay", "ms": 20}), "accepted", true)]
#[case(json!({"kind": "drip", "bytes_per_chunk": 16, "ms": 1}), "accepted", true)]
// Success that proves nothing.
#[case(json!({"kind": "cut", "bytes": 20}), "perhaps accepted", true)]
#[case(json!({"kind": "garbage", "bytes": 64}), "perhaps accepted", true)]
#[case(json!({"kind": "html", "status": 200}), "perhaps accepted", false)]
#[case(json!({"kind": "html", "status": 200, "applied": true}), "perhaps accepted", true)]
#[case(json!({"kind": "status", "status": 201}), "perhaps accepted", false)]
#[case(json!({"kind": "status", "status": 202, "applied": true, "body": "{}"}), "perhaps accepted", true)]
// Somebody on the way.
#[case(json!({"kind": "html", "status": 502}), "unknown", false)]
#[case(json!({"kind": "html", "status": 403}), "unknown", false)]
#[case(json!({"kind": "redirect", "location": "/client/crm/lead/create"}), "unknown", false)]
#[case(json!({"kind": "redirect", "location": "/client/labs", "status": 303, "applied": true}), "unknown", true)]
#[case(json!({"kind": "redirect", "location": "/client/crm/lead/create", "status": 307}), "unknown", false)]
#[case(json!({"kind": "redirect", "location": "https://example.com/", "status": 308, "applied": true}), "unknown", true)]
// The vendor itself.
#[case(json!({"kind": "status", "status": 500}), "unknown", false)]
#[case(json!({"kind": "status", "status": 500, "applied": true}), "unknown", true)]
#[case(json!({"kind": "status", "status": 503}), "unknown", false)]
#[case(json!({"kind": "status", "status": 504, "applied": true}), "unknown", true)]
#[case(json!({"kind": "status", "status": 408}), "unknown", false)]
#[case(json!({"kind": "status", "status": 418}), "unknown", false)]
#[case(json!({"kind": "status", "status": 400}), "refused", false)]
#[case(json!({"kind": "status", "status": 403}), "refused", false)]
#[case(json!({"kind": "status", "status": 404}), "refused", false)]
#[case(json!({"kind": "status", "status": 422}), "refused", false)]
#[case(json!({"kind": "status", "status": 409}), "duplicate", false)]
#[case(json!({"kind": "status", "status": 429}), "rate limited", false)]
#[tokio::test]
async fn an_answer_is_what_may_be_concluded_from_it(
    #[case] fault: Value,
    #[case] expected: &str,
    #[case] applied: bool,
    #[values("create", "billing")] call: &str,
) {
    let post = Post::catch_all();
    post.lab.arm(call, Some(1), &fault);
    let outcome = post.adapter.submit(&sent(call)).await;
    assert_eq!(post.lab.fired(), [1]);
    // What is taken once is a person's day there, and the code of a tube here.
    let expected = match (call, expected) {
        ("billing", "duplicate") => "code taken",
        (_, expected) => expected,
    };
    assert_eq!(class(&outcome), expected, "{outcome:?}");
    // One request, whatever was answered: neither repeated nor led elsewhere.
    let create = post.only_create();
    assert_eq!(
        (&create["fault"], &create["applied"]),
        (&fault["kind"], &json!(applied))
    );
    let spoken_of_as_nothing = [
        "not sent",
        "rate limited",
        "refused",
        "duplicate",
        "code taken",
    ];
    assert!(
        !(applied && spoken_of_as_nothing.contains(&expected)),
        "a record exists"
    );
}

#[rstest]
#[case(json!({"kind": "late", "ms": 5}))]
#[case(json!({"kind": "late", "ms": 5, "close": true}))]
#[tokio::test]
async fn an_effect_that_comes_after_the_answer_was_not_denied(
    #[case] fault: Value,
    #[values("create", "billing")] call: &'static str,
) {
    let post = Post::catch_all();
    post.lab.arm(call, Some(1), &fault);
    let outcome = post.adapter.submit(&sent(call)).await;
    assert_eq!(post.lab.fired(), [1]);
    assert_eq!(class(&outcome), "unknown", "{outcome:?}");
    post.lab
        .wait("the late effect", |lab| lab.applied().len() == 1);
}

/// A wait of 20 seconds, of which only this desk's clock knows.
async fn lose_patience() {
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(21)).await;
    tokio::time::resume();
}

#[rstest]
#[case::before_the_head(json!({"kind": "delay", "ms": 3_600_000}), false)]
#[case::in_the_body(json!({"kind": "drip", "ms": 3_600_000}), true)]
#[tokio::test]
async fn an_answer_that_takes_longer_than_20_seconds_proves_nothing(
    #[case] fault: Value,
    #[case] applied: bool,
    #[values("create", "billing")] call: &'static str,
) {
    let post = Post::catch_all();
    post.adapter.sign_in().await.unwrap();
    post.lab.arm(call, Some(1), &fault);
    let Post { lab, adapter } = post;
    let send = tokio::spawn(async move { adapter.submit(&sent(call)).await });
    while lab.fired() != [1] || lab.applied().len() != usize::from(applied) {
        tokio::task::yield_now().await;
    }
    lose_patience().await;
    let outcome = send.await.unwrap();
    assert!(outcome.leaves_doubt(), "{outcome:?}");
    assert_eq!(lab.fired(), [1]);
}

#[rstest]
#[case(json!({"kind": "close-after"}), "not sent")]
#[case(json!({"kind": "status", "status": 500}), "not sent")]
#[case(json!({"kind": "status", "status": 401}), "signed out")]
#[case(json!({"kind": "status", "status": 429}), "rate limited")]
#[tokio::test]
async fn without_a_sign_in_nothing_was_sent(
    #[case] fault: Value,
    #[case] expected: &str,
    #[values("create", "billing")] call: &str,
) {
    let post = Post::catch_all();
    post.lab.arm("token", Some(1), &fault);
    let outcome = post.adapter.submit(&sent(call)).await;
    assert_eq!(post.lab.fired(), [1]);
    assert_eq!(class(&outcome), expected, "{outcome:?}");
    assert!(post.lab.ledger().is_empty());
}

#[tokio::test]
async fn nobody_at_the_address_means_not_sent() {
    let mut lab = Lab::open();
    let adapter = flabs(&lab, Mode::CatchAll);
    adapter.sign_in().await.unwrap();
    lab.close();
    let outcome = adapter.submit(&somebody(1)).await;
    assert_eq!(class(&outcome), "not sent", "{outcome:?}");
    let branches = adapter.branches().await;
    assert!(matches!(branches, Err(Failure::Offline(_))), "{branches:?}");
    lab.reopen();
    // The tokens of before the restart are nothing to it any more.
    let outcome = adapter.submit(&somebody(1)).await;
    assert_eq!(class(&outcome), "accepted", "{outcome:?}");
}

#[tokio::test]
async fn too_many_requests_stop_everybody_for_as_long_as_asked() {
    let post = Post::catch_all();
    post.adapter.sign_in().await.unwrap();
    let mut budget = post.adapter.budget();
    let asked = json!({"kind": "status", "status": 429, "headers": {"retry-after": "7"}});
    post.lab.arm("create", Some(1), &asked);
    let outcome = post.adapter.submit(&somebody(1)).await;
    let seconds = Some(TimeDeltaSeconds(7));
    assert_eq!(
        outcome,
        Outcome::RateLimited {
            retry_after: seconds
        }
    );
    assert_eq!(budget.borrow_and_update().left, 0);
    let outcome = post.adapter.submit(&somebody(1)).await;
    assert_eq!(class(&outcome), "not sent", "{outcome:?}");
    assert_eq!(post.lab.ledger().len(), 1, "the second one stayed here");
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(8)).await;
    tokio::time::resume();
    budget
        .wait_for(|budget| budget.left > 0)
        .await
        .expect("the pause ends");
    let outcome = post.adapter.submit(&somebody(1)).await;
    assert_eq!(class(&outcome), "accepted", "{outcome:?}");
    assert_eq!(post.lab.fired(), [1]);
}

#[rstest]
#[case(json!({"kind": "close-before"}))]
#[case(json!({"kind": "cut", "bytes": 30}))]
#[case(json!({"kind": "status", "status": 500}))]
#[case(json!({"kind": "html", "status": 502}))]
#[case(json!({"kind": "redirect", "location": "/client/labs"}))]
#[tokio::test]
async fn a_list_that_does_not_come_may_come_later(#[case] fault: Value) {
    let post = Post::catch_all();
    post.lab.arm("labs", Some(1), &fault);
    let failure = post.adapter.branches().await.unwrap_err();
    assert_eq!(post.lab.fired(), [1]);
    assert!(matches!(&failure, Failure::Offline(_)), "{failure:?}");
    assert_eq!(post.adapter.branches().await.unwrap().len(), 6);
}

#[rstest]
#[case(json!({"kind": "garbage", "bytes": 64}))]
#[case(json!({"kind": "html"}))]
#[tokio::test]
async fn a_list_that_is_none_names_its_call(#[case] fault: Value) {
    let post = Post::catch_all();
    post.lab.arm("labs", Some(1), &fault);
    let failure = post.adapter.branches().await.unwrap_err();
    assert_eq!(post.lab.fired(), [1]);
    assert!(
        matches!(&failure, Failure::WrongShape(words) if words.contains("/client/labs")),
        "{failure:?}"
    );
}
