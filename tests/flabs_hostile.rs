//! The Flabs adapter against answers that nobody should send: it never says a false word about them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/bad_server.rs"]
mod bad_server;
#[path = "flabs/desk.rs"]
#[allow(dead_code, reason = "shared with the tests of the contract")]
mod desk;

use frontdesk::domain::branch::BranchId;
use frontdesk::domain::evidence::Outcome;
use frontdesk::domain::failure::Failure;
use frontdesk::domain::submission::Intent;
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use bad_server::{assert_perhaps_accepted, json_bytes};
use desk::{BILLING, CREATE, answer, booking, flabs, open, pre_booking, rahul, received};

const GRANTED: &str = r#"{"authToken":"auth-1","refreshToken":"refresh-1","expiresIn":600}"#;

/// Something that is made at Flabs.
struct Create {
    path: &'static str,
    intent: Intent,
    /// What proves that it was made.
    proof: Value,
    /// Where the number stands in that.
    number: &'static str,
}

impl Create {
    /// The proof with something else in it; without `field` where `value` is none.
    fn with(&self, field: &str, value: Option<Value>) -> ResponseTemplate {
        let mut proof = self.proof.clone();
        let fields = proof.as_object_mut().unwrap();
        let before = match value {
            Some(value) => fields.insert(field.to_owned(), value),
            None => fields.remove(field),
        };
        assert!(before.is_some(), "{field}");
        ResponseTemplate::new(200).set_body_json(proof)
    }

    /// What is concluded from `answer`, which one request brought.
    async fn outcome(&self, with: ResponseTemplate) -> Outcome {
        let server = open().await;
        answer(&server, self.path, with).await;
        let outcome = flabs(&server.uri()).submit(&self.intent).await;
        assert_eq!(received(&server, self.path).await.len(), 1);
        outcome
    }
}

/// All that can be made there: both calls, and both phases of the first.
fn all() -> [Create; 3] {
    let phase = |phase: &str, intent| Create {
        path: CREATE,
        intent,
        proof: json!({
            "success": true, "leadId": "6530a4a6f1d2c8b7e9a54321", "phase": phase,
            "message": "Lead created successfully",
        }),
        number: "leadId",
    };
    [
        phase("lead", rahul()),
        phase("booking", booking()),
        Create {
            path: BILLING,
            intent: pre_booking(),
            proof: json!({
                "success": true, "message": "Booking created successfully",
                "integrator_id": "EXT-LEAD-10231", "preBookingID": "6530a4a6f1d2c8b7e9a54321",
            }),
            number: "preBookingID",
        },
    ]
}

/// What is tried below is wrong in one thing: as it stands, each proof is one.
#[tokio::test]
async fn the_proof_of_every_create_is_accepted() {
    for create in all() {
        let proof = ResponseTemplate::new(200).set_body_json(&create.proof);
        let expected = Outcome::Accepted {
            number: "6530a4a6f1d2c8b7e9a54321".to_owned(),
            told: Vec::new(),
        };
        assert_eq!(create.outcome(proof).await, expected);
    }
}

#[rstest]
#[case(301)]
#[case(302)]
#[case(303)]
#[case(307)]
#[case(308)]
#[tokio::test]
async fn a_redirected_create_is_unknown_and_never_followed(#[case] status: u16) {
    let elsewhere = open().await;
    for create in all() {
        let proof = ResponseTemplate::new(200).set_body_json(&create.proof);
        answer(&elsewhere, create.path, proof).await;
        let target = format!("{}{}", elsewhere.uri(), create.path);
        let redirect = ResponseTemplate::new(status).insert_header("location", target);
        let outcome = create.outcome(redirect).await;
        assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
    }
    assert!(elsewhere.received_requests().await.unwrap().is_empty());
}

#[rstest]
#[case::ten_megabytes(|_: &Create| bad_server::ten_megabytes())]
#[case::cut(|create: &Create| {
    let mut proof = create.proof.to_string();
    proof.truncate(proof.len() - 7);
    json_bytes(200, proof)
})]
#[case::more_after_it(|create: &Create| json_bytes(200, format!("{}}}", create.proof)))]
#[case::html(|_: &Create| bad_server::html())]
#[case::said_to_be_html(|create: &Create| {
    ResponseTemplate::new(200).set_body_raw(create.proof.to_string(), "text/html")
})]
#[case::no_body(|_: &Create| json_bytes(204, ""))]
#[case::list_of_answers(|create: &Create| json_bytes(200, format!("[{}]", create.proof)))]
#[case::in_an_envelope(|create: &Create| json_bytes(200, format!(r#"{{"data":{}}}"#, create.proof)))]
#[case::not_unicode(|create: &Create| {
    let mut proof = create.proof.to_string().into_bytes();
    let number = proof.windows(4).position(|four| four == b"6530").unwrap();
    proof[number] = 0xff;
    json_bytes(200, proof)
})]
#[case::deep(|_: &Create| bad_server::deep())]
#[case::no_success(|create: &Create| create.with("success", Some(json!(false))))]
#[case::success_as_text(|create: &Create| create.with("success", Some(json!("true"))))]
#[case::success_as_number(|create: &Create| create.with("success", Some(json!(1))))]
#[case::success_as_null(|create: &Create| create.with("success", Some(Value::Null)))]
#[case::success_left_out(|create: &Create| create.with("success", None))]
#[case::number_left_out(|create: &Create| create.with(create.number, None))]
#[case::number_of_the_other_call(|create: &Create| {
    let other = if create.number == "leadId" { "preBookingID" } else { "leadId" };
    let proof = create.proof.to_string().replacen(create.number, other, 1);
    json_bytes(200, proof)
})]
#[case::number_in_another_case(|create: &Create| {
    let other = create.number.to_uppercase();
    json_bytes(200, create.proof.to_string().replacen(create.number, &other, 1))
})]
#[tokio::test]
async fn an_answer_that_proves_nothing_is_perhaps_accepted(
    #[case] spoil: fn(&Create) -> ResponseTemplate,
) {
    for create in all() {
        assert_perhaps_accepted(&create.outcome(spoil(&create)).await);
    }
}

/// Good in itself, only not about what was asked for.
#[rstest]
#[case::lead_for_a_booking(1, "phase", Some(json!("lead")))]
#[case::booking_for_a_lead(0, "phase", Some(json!("booking")))]
#[case::somebody_elses_pre_booking(2, "integrator_id", Some(json!("EXT-LEAD-10232")))]
#[tokio::test]
async fn an_answer_about_something_else_is_perhaps_accepted(
    #[case] which: usize,
    #[case] field: &str,
    #[case] value: Option<Value>,
) {
    let create = &all()[which];
    let outcome = create.outcome(create.with(field, value)).await;
    assert_perhaps_accepted(&outcome);
}

/// What is said beside the number may be left out or be null: only another word would speak against it.
#[rstest]
#[tokio::test]
async fn silence_says_nothing_against_a_number(
    #[values((0, "phase"), (1, "phase"), (2, "integrator_id"))] (which, field): (usize, &str),
    #[values(None, Some(Value::Null))] value: Option<Value>,
) {
    let create = &all()[which];
    let outcome = create.outcome(create.with(field, value)).await;
    assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
}

#[rstest]
#[case::ten_megabytes(json!("6".repeat(10_000_000)))]
#[case::longer_than_anybody_could_copy(json!("6".repeat(101)))]
#[case::list(json!(["6530"]))]
#[case::object(json!({"$oid": "6530"}))]
#[case::number(json!(6530))]
#[case::truth(json!(true))]
#[case::null(Value::Null)]
#[case::empty(json!(""))]
#[case::blank(json!(" \t"))]
#[case::control_characters(json!("\u{1b}]0;owned\u{7}"))]
#[case::against_the_reading(json!("65\u{202e}30"))]
#[case::two_lines(json!("65\n30"))]
#[tokio::test]
async fn what_is_no_number_is_perhaps_accepted(#[case] number: Value) {
    for create in all() {
        let answer = create.with(create.number, Some(number.clone()));
        assert_perhaps_accepted(&create.outcome(answer).await);
    }
}

#[tokio::test]
async fn a_refusal_of_ten_megabytes_is_no_refusal() {
    let body = format!(
        r#"{{"success":false,"message":"{}"}}"#,
        "x".repeat(10_000_000)
    );
    for create in all() {
        let outcome = create.outcome(json_bytes(400, body.clone())).await;
        assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
    }
}

#[tokio::test]
async fn a_create_that_is_cut_off_after_it_arrived_is_unknown() {
    for create in all() {
        bad_server::cut_off(GRANTED, flabs, &create.intent).await;
    }
}

#[tokio::test]
async fn a_create_without_an_answer_is_unknown_after_twenty_seconds() {
    for create in all() {
        bad_server::silent(GRANTED, flabs, create.intent).await;
        tokio::time::resume();
    }
}

#[tokio::test]
async fn a_server_that_is_gone_leaves_it_not_sent_and_the_budget_whole() {
    for create in all() {
        let flabs = bad_server::gone(flabs, &create.intent).await;
        assert_eq!(flabs.budget().borrow().left, 60);
        assert!(matches!(flabs.branches().await, Err(Failure::Offline(_))));
    }
}

#[tokio::test]
async fn a_server_that_goes_between_sign_in_and_create_leaves_it_not_sent() {
    for create in all() {
        bad_server::gone_after_sign_in(GRANTED, flabs, &create.intent).await;
    }
}

#[rstest]
#[case::html(ResponseTemplate::new(200).set_body_raw("<html>", "text/html"))]
#[case::cut(json_bytes(200, r#"{"tests":[{"_id":"a""#))]
#[case::wrong_type(json_bytes(200, r#"{"tests":[{"_id":"a","name":"A","cost":{}}]}"#))]
#[case::deep(json_bytes(200, format!(r#"{{"x":{}"#, "[".repeat(100_000))))]
#[tokio::test]
async fn a_list_of_a_wrong_shape_names_the_call(#[case] tests: ResponseTemplate) {
    let server = open().await;
    answer(&server, "/client/crm/tests", tests).await;
    answer(&server, "/client/crm/packages", json_bytes(200, "[]")).await;
    let branch = BranchId("b1".to_owned());
    let failure = flabs(&server.uri()).catalogue(&branch, None).await.err();
    let Some(Failure::WrongShape(words)) = failure else {
        panic!("{failure:?}");
    };
    assert!(words.starts_with("GET /client/crm/tests: "), "{words}");
}

#[tokio::test]
async fn names_from_outside_cannot_move_the_cursor() {
    let server = open().await;
    let body = json!([{"_id": "b\u{1b}1", "name": "Kora\u{1b}[2J\nmangala\u{202e}"}]);
    answer(
        &server,
        "/client/labs",
        ResponseTemplate::new(200).set_body_json(body),
    )
    .await;
    let branches = flabs(&server.uri()).branches().await.unwrap();
    assert_eq!(branches[0].name, "Kora [2J mangala");
}
