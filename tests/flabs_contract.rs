//! The Flabs adapter against the literal JSON of the contract.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "flabs/desk.rs"]
mod desk;
#[path = "flabs/pre_booking.rs"]
mod pre_booking;

use std::sync::Arc;
use std::time::Duration;

use frontdesk::domain::age::{Age, AgeUnit};
use frontdesk::domain::branch::{BranchId, Party, PartyKind};
use frontdesk::domain::catalogue::Row;
use frontdesk::domain::evidence::{Outcome, TimeDeltaSeconds};
use frontdesk::domain::failure::Failure;
use frontdesk::domain::money::Money;
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::matchers::{header, method, path, query_param, query_param_is_missing};
use wiremock::{Mock, MockServer, ResponseTemplate};

use desk::{
    CREATE, REFRESH, SIGN_IN, answer, answer_once, booking, flabs, open, rahul, received, tokens,
};

const LABS: &str = "/client/labs";

fn good(body: Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

fn created() -> ResponseTemplate {
    created_as("lead", "Lead created successfully")
}

fn created_as(phase: &str, message: &str) -> ResponseTemplate {
    good(json!({
        "success": true,
        "leadId": "6530a4a6f1d2c8b7e9a54321",
        "phase": phase,
        "message": message,
    }))
}

fn accepted() -> Outcome {
    Outcome::Accepted {
        number: "6530a4a6f1d2c8b7e9a54321".to_owned(),
        told: vec![],
    }
}

fn labs() -> ResponseTemplate {
    good(json!({"success": true, "labs": []}))
}

fn refused(status: u16, message: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({"success": false, "message": message}))
}

/// Time passes for tokens and budgets, while the sockets of the test keep their own.
async fn let_pass(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

#[tokio::test]
async fn the_official_example_leaves_field_for_field() {
    let server = open().await;
    answer(&server, CREATE, created()).await;
    assert_eq!(flabs(&server.uri()).submit(&rahul()).await, accepted());
    let official: Value = serde_json::from_str(
        r#"{"branchID":"6530a4a6f1d2c8b7e9a12345","integratorID":"EXT-LEAD-10231","phase":"lead",
        "first_name":"Rahul","last_name":"Sharma","contact":"9876543210","country_code":"91",
        "email":"rahul@example.com","age":32,"age_type":"year","gender":"male",
        "address":"42 Park Street","pincode":"560001","source":"facebook_ads","priority":"high",
        "tests":[{"test":"6530a4a6f1d2c8b7e9aabcde","cost":350}],
        "packages":[{"package":"6530a4a6f1d2c8b7e9afedcb","price":1499}],
        "unmappedTests":[{"name":"Vitamin D3 (custom name)","cost":800}],
        "unmappedPackages":[{"name":"Bridal Glow Panel","price":2500}],
        "discountAmount":100,"totalAmount":4549}"#,
    )
    .unwrap();
    assert_eq!(received(&server, CREATE).await, [official]);
}

#[tokio::test]
async fn a_booking_for_three_parties_leaves_with_every_documented_field() {
    let server = open().await;
    let created = created_as("booking", "Booking created successfully");
    answer(&server, CREATE, created).await;
    let mut intent = booking();
    let submission = &mut intent.submission;
    for (kind, id) in [
        (PartyKind::Corporate, "c1"),
        (PartyKind::Doctor, "d1"),
        (PartyKind::Hospital, "h1"),
    ] {
        *submission.parties.slot(kind) = Some(party(kind, id));
    }
    submission.assigned_to = Some("staff-7".to_owned());
    submission.discount = Money(10_050);
    submission.total = Money(504_850);
    assert_eq!(flabs(&server.uri()).submit(&intent).await, accepted());
    let sent = received(&server, CREATE).await;
    for (name, value) in [
        ("phase", json!("booking")),
        ("bookingType", json!("Home Collection")),
        ("scheduledAt", json!("2026-01-15T07:30:00+05:30")),
        ("corporateUser", json!("c1")),
        ("referredOrganization", json!("d1")),
        ("referredHospitalOrganization", json!("h1")),
        ("assignedTo", json!("staff-7")),
        ("discountAmount", json!(100.5)),
        ("totalAmount", json!(5048.5)),
    ] {
        assert_eq!(sent[0][name], value, "{name}");
    }
    assert!(sent[0].get("bookingStatus").is_none() && sent[0].get("paymentStatus").is_none());
}

#[tokio::test]
async fn what_was_left_empty_does_not_leave() {
    let server = open().await;
    answer(&server, CREATE, created()).await;
    let mut intent = rahul();
    let submission = &mut intent.submission;
    let patient = &mut submission.patient;
    (patient.last_name, patient.gender) = (None, None);
    (patient.email, patient.address) = (Some(String::new()), None);
    (patient.pincode, submission.source) = (None, Some(" ".to_owned()));
    patient.age = Some(Age {
        value: 8,
        unit: AgeUnit::Month,
    });
    submission.priority = None;
    submission.lines.clear();
    (submission.discount, submission.total) = (Money::ZERO, Money::ZERO);
    flabs(&server.uri()).submit(&intent).await;
    let least = json!({
        "branchID": "6530a4a6f1d2c8b7e9a12345", "integratorID": "EXT-LEAD-10231", "phase": "lead",
        "first_name": "Rahul", "contact": "9876543210", "country_code": "91",
        "age": 8, "age_type": "month", "totalAmount": 0,
    });
    assert_eq!(received(&server, CREATE).await, [least]);
}

fn party(kind: PartyKind, id: &str) -> Party {
    Party {
        id: id.to_owned(),
        name: id.to_owned(),
        kind,
    }
}

#[rstest]
#[case(None, None)]
#[case(Some(PartyKind::Corporate), Some("corporateUser"))]
#[case(Some(PartyKind::Doctor), Some("organization"))]
#[case(Some(PartyKind::Hospital), Some("organization"))]
#[tokio::test]
async fn prices_are_asked_for_with_one_party(
    #[case] kind: Option<PartyKind>,
    #[case] parameter: Option<&str>,
) {
    let server = open().await;
    for (list, body) in [
        (
            "tests",
            json!({"success": true, "tests": [{"_id": "t1", "name": "CBC", "cost": 350}]}),
        ),
        (
            "packages",
            json!([{"id": "p1", "name": "Fever", "total": "1,499.00", "tests": ["t1"]}]),
        ),
    ] {
        let mut mock = Mock::given(method("GET"))
            .and(path(format!("/client/crm/{list}")))
            .and(header("authorization", "Bearer auth-1"))
            .and(query_param("branchID", "b1"));
        for name in ["corporateUser", "organization"] {
            mock = match parameter {
                Some(given) if given == name => mock.and(query_param(name, "party-1")),
                _ => mock.and(query_param_is_missing(name)),
            };
        }
        let body = ResponseTemplate::new(200).set_body_json(body);
        mock.respond_with(body).mount(&server).await;
    }
    let party = kind.map(|kind| party(kind, "party-1"));
    let branch = BranchId("b1".to_owned());
    let adapter = flabs(&server.uri());
    let call = tokio::spawn(async move { adapter.catalogue(&branch, party.as_ref()).await });
    let catalogue = call.await.unwrap().unwrap();
    let line = catalogue.line(Row(1)).unwrap();
    assert_eq!(
        (line.name.as_str(), line.price),
        ("Fever", Money::major(1_499))
    );
    assert_eq!(catalogue.len(), 2);
}

#[tokio::test]
async fn twenty_calls_at_once_sign_in_once() {
    let server = open().await;
    answer(&server, LABS, labs()).await;
    let flabs = Arc::new(flabs(&server.uri()));
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let flabs = Arc::clone(&flabs);
        calls.spawn(async move { flabs.branches().await });
    }
    while let Some(branches) = calls.join_next().await {
        assert_eq!(branches.unwrap(), Ok(Vec::new()));
    }
    let key = json!({"clientID": "your-client-id", "clientSecret": "your-client-secret"});
    assert_eq!(received(&server, SIGN_IN).await, [key]);
}

#[tokio::test]
async fn twenty_calls_at_once_are_refused_together() {
    let server = MockServer::start().await;
    let no = refused(401, "unknown client").set_delay(Duration::from_millis(50));
    answer(&server, SIGN_IN, no).await;
    let flabs = flabs(&server.uri());
    let calls = std::iter::repeat_with(|| flabs.branches()).take(3);
    let [one, two, three]: [_; 3] = calls.collect::<Vec<_>>().try_into().ok().unwrap();
    let (one, two, three) = tokio::join!(one, two, three);
    for failure in [one, two, three] {
        assert_eq!(
            failure,
            Err(Failure::SignedOut("unknown client".to_owned()))
        );
    }
    assert_eq!(received(&server, SIGN_IN).await.len(), 1);
}

#[tokio::test]
async fn a_token_is_refreshed_before_it_lapses_and_the_last_refresh_token_is_kept() {
    let server = open().await;
    answer_once(&server, REFRESH, tokens(2)).await;
    answer(&server, REFRESH, tokens(3)).await;
    answer(&server, LABS, labs()).await;
    let flabs = flabs(&server.uri());
    for seconds in [0, 530, 20, 545] {
        let_pass(Duration::from_secs(seconds)).await;
        flabs.branches().await.unwrap();
    }
    let refreshes = received(&server, REFRESH).await;
    let with = |token: &str| json!({"clientID": "your-client-id", "refreshToken": token});
    assert_eq!(refreshes, [with("refresh-1"), with("refresh-2")]);
    assert_eq!(received(&server, SIGN_IN).await.len(), 1);
}

#[rstest]
#[case(400)]
#[case(401)]
#[tokio::test]
async fn a_refused_refresh_signs_in_anew(#[case] status: u16) {
    let server = open().await;
    answer(&server, REFRESH, refused(status, "refresh token is idle")).await;
    answer(&server, LABS, labs()).await;
    let flabs = flabs(&server.uri());
    flabs.branches().await.unwrap();
    let_pass(Duration::from_secs(545)).await;
    flabs.branches().await.unwrap();
    assert_eq!(received(&server, SIGN_IN).await.len(), 2);
}

#[tokio::test]
async fn one_401_refreshes_and_creates_once_more() {
    let server = open().await;
    answer(&server, REFRESH, tokens(2)).await;
    answer_once(&server, CREATE, refused(401, "token expired")).await;
    answer(&server, CREATE, created()).await;
    assert_eq!(flabs(&server.uri()).submit(&rahul()).await, accepted());
    let sent = received(&server, CREATE).await;
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[0], sent[1], "the second carries the same id and body");
}

#[tokio::test]
async fn a_second_401_holds_the_queue() {
    let server = open().await;
    answer(&server, REFRESH, tokens(2)).await;
    answer(&server, CREATE, refused(401, "account is suspended")).await;
    answer(&server, LABS, refused(401, "account is suspended")).await;
    let flabs = flabs(&server.uri());
    let why = "account is suspended".to_owned();
    assert_eq!(
        flabs.submit(&rahul()).await,
        Outcome::SignedOut { why: why.clone() }
    );
    assert_eq!(received(&server, CREATE).await.len(), 2);
    assert_eq!(flabs.branches().await, Err(Failure::SignedOut(why)));
}

#[tokio::test]
async fn a_refused_key_sends_nothing() {
    let server = MockServer::start().await;
    answer(&server, SIGN_IN, refused(401, "bad secret")).await;
    let flabs = flabs(&server.uri());
    let why = "bad secret".to_owned();
    assert_eq!(
        flabs.submit(&rahul()).await,
        Outcome::SignedOut { why: why.clone() }
    );
    assert_eq!(flabs.sign_in().await, Err(Failure::SignedOut(why)));
    assert!(received(&server, CREATE).await.is_empty());
}

#[rstest]
#[case(ResponseTemplate::new(503))]
#[case(ResponseTemplate::new(200).set_body_string("<html>"))]
#[case(ResponseTemplate::new(403).set_body_string("<html>"))]
#[tokio::test]
async fn a_sign_in_that_fails_otherwise_leaves_it_not_sent(#[case] sign_in: ResponseTemplate) {
    let server = MockServer::start().await;
    answer(&server, SIGN_IN, sign_in).await;
    let outcome = flabs(&server.uri()).submit(&rahul()).await;
    assert!(matches!(outcome, Outcome::NotSent { .. }), "{outcome:?}");
    assert!(received(&server, CREATE).await.is_empty());
}

#[tokio::test]
async fn too_many_pauses_the_account_for_as_long_as_it_says() {
    let server = open().await;
    let busy = refused(429, "slow down").insert_header("retry-after", "17");
    answer_once(&server, CREATE, busy).await;
    answer(&server, CREATE, created()).await;
    let flabs = flabs(&server.uri());
    let seconds = Some(TimeDeltaSeconds(17));
    let limited = Outcome::RateLimited {
        retry_after: seconds,
    };
    assert_eq!(flabs.submit(&rahul()).await, limited);
    assert_eq!(flabs.budget().borrow().left, 0);
    let held = flabs.submit(&rahul()).await;
    assert!(matches!(held, Outcome::NotSent { .. }), "{held:?}");
    assert_eq!(received(&server, CREATE).await.len(), 1);
    let_pass(Duration::from_secs(17)).await;
    assert_eq!(flabs.submit(&rahul()).await, accepted());
}

#[tokio::test]
async fn the_sixty_first_request_of_a_minute_is_not_sent() {
    let server = open().await;
    answer(&server, CREATE, created()).await;
    let flabs = flabs(&server.uri());
    for _ in 0..59 {
        assert_eq!(flabs.submit(&rahul()).await, accepted());
    }
    assert_eq!(flabs.budget().borrow().left, 0);
    let outcome = flabs.submit(&rahul()).await;
    assert!(
        matches!(&outcome, Outcome::NotSent { why } if why.contains(" s")),
        "{outcome:?}"
    );
    assert_eq!(received(&server, CREATE).await.len(), 59);
}

#[rstest]
#[case::seconds(Some("17"), 17)]
#[case::nothing_to_wait(Some("0"), 1)]
#[case::too_long_to_be_believed(Some("86400"), 3_600)]
#[case::no_number_holds_so_much(Some("99999999999999999999"), 3_600)]
#[case::date(Some("Thu, 01 Jan 1970 00:00:45 GMT"), 45)]
#[case::date_of_long_ago(Some("Wed, 31 Dec 1969 23:00:00 GMT"), 10)]
#[case::date_far_ahead(Some("Fri, 31 Dec 9999 23:59:59 GMT"), 3_600)]
#[case::negative(Some("-5"), 10)]
#[case::nonsense(Some("soon"), 10)]
#[case::nothing_said(None, 10)]
#[tokio::test]
async fn however_the_wait_is_told_it_is_neither_negative_nor_endless(
    #[case] told: Option<&str>,
    #[case] seconds: u64,
) {
    let server = open().await;
    let mut busy = refused(429, "slow down");
    if let Some(told) = told {
        busy = busy.insert_header("retry-after", told);
    }
    answer_once(&server, CREATE, busy).await;
    answer(&server, CREATE, created()).await;
    let flabs = flabs(&server.uri());
    let limited = flabs.submit(&rahul()).await;
    assert!(
        matches!(limited, Outcome::RateLimited { .. }),
        "{limited:?}"
    );
    let Err(until) = flabs.admit().await else {
        panic!("the account is paused");
    };
    // The clock began with the adapter; the answer took less than a second.
    let asked = Duration::from_secs(seconds);
    let latest = asked + Duration::from_secs(1);
    assert!((asked..latest).contains(&until), "{until:?}");
}
