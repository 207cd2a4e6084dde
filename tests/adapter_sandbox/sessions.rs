//! Signing in, and staying signed in over a lapsed token.

use frontdesk::domain::evidence::Outcome;
use frontdesk::domain::failure::Failure;
use frontdesk::vendor::flabs::settings::Mode;
use serde_json::json;

use crate::lab::Lab;
use crate::post::{Post, flabs, somebody};

/// A fault that spoils nothing and counts the calls.
fn count(lab: &Lab, calls: &[&str]) {
    for call in calls {
        lab.arm(call, None, &json!({"kind": "delay", "ms": 0}));
    }
}

#[tokio::test]
async fn a_lapsed_token_costs_one_refresh_and_no_error() {
    let post = Post::catch_all();
    count(&post.lab, &["token", "refresh"]);
    assert_eq!(post.adapter.branches().await.unwrap().len(), 6);
    assert_eq!(post.lab.fired(), [1, 0]);
    post.lab.advance(11 * 60);
    let somebody = somebody(1);
    let (branches, outcome) = tokio::join!(post.adapter.branches(), post.adapter.submit(&somebody));
    assert_eq!(branches.unwrap().len(), 6);
    assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
    assert_eq!(post.lab.fired(), [1, 1], "one refresh for both");
    assert_eq!(post.lab.applied().len(), 1);
}

#[tokio::test]
async fn a_lab_that_has_forgotten_everybody_is_signed_in_to_again() {
    let mut post = Post::catch_all();
    assert_eq!(post.adapter.branches().await.unwrap().len(), 6);
    post.lab.close();
    post.lab.reopen();
    count(&post.lab, &["token", "refresh"]);
    let outcome = post.adapter.submit(&somebody(1)).await;
    assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
    assert_eq!(post.lab.fired(), [1, 1], "the refresh is tried first");
}

#[tokio::test]
async fn a_token_that_is_refused_twice_signs_the_desk_out() {
    let post = Post::catch_all();
    let refusal = json!({"kind": "status", "status": 401});
    post.lab.arm("create", None, &refusal);
    let outcome = post.adapter.submit(&somebody(1)).await;
    assert!(matches!(outcome, Outcome::SignedOut { .. }), "{outcome:?}");
    assert_eq!(
        post.lab.fired(),
        [2],
        "once more with a fresh token, no more"
    );
    assert!(post.lab.applied().is_empty());
}

#[tokio::test]
async fn a_refused_key_is_told_by_the_words_of_the_lab() {
    let lab = Lab::open();
    let refusal = json!({"kind": "status", "status": 401});
    lab.arm("token", None, &refusal);
    let adapter = flabs(&lab, Mode::CatchAll);
    let failure = adapter.sign_in().await.unwrap_err();
    assert_eq!(failure, Failure::SignedOut("unauthorized".to_owned()));
    assert_eq!(lab.fired(), [1]);
}
