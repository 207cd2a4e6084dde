//! Free times, and what the configuration gives in place of lists that Solv has not.

use chrono_tz::Tz;
use frontdesk::domain::failure::Failure;
use frontdesk::domain::offer::{Choice, FieldKey};
use frontdesk::vendor::Adapter;
use frontdesk::vendor::solv::settings::PathId;
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::matchers::{method, path, query_param};
use wiremock::{Mock, ResponseTemplate};

use crate::desk::{
    SLOTS, answer, asked, good, open, requests, said, settings, solv, solv_with, wrapped,
};

/// The sample of the contract with times in it, one after the switch to another day at the clinic.
fn published() -> Value {
    json!([{"location_id": 1042, "slots": [
        {"appointment_date": "2026-11-22T05:45:00.000Z", "availability": 2, "busy": true, "location_ids": ["ABC123"]},
        {"appointment_date": "2026-11-21T15:30:00.000Z", "availability": 1, "busy": false, "location_ids": ["ABC123"]},
        {"appointment_date": "2026-11-21T16:00:00.000Z", "availability": 0},
        {"appointment_date": "2026-11-22T06:15:00.000Z", "availability": "3", "busy": null, "location_ids": null},
    ]}])
}

#[rstest]
#[case::bare(published())]
#[case::wrapped(wrapped(&published()))]
#[tokio::test]
async fn slots_come_in_order_in_the_clinics_zone_and_as_they_were_written(#[case] body: Value) {
    let server = open().await;
    answer(&server, "GET", SLOTS, good(&body)).await;
    let solv = solv(&server.uri());
    let slots = solv
        .slots(&asked(2, &[(FieldKey::VisitType, "501")]))
        .await
        .unwrap()
        .times;
    let told: Vec<_> = slots
        .iter()
        .map(|slot| {
            let at = slot.at.to_rfc3339();
            (at, slot.wire.as_str(), slot.left.unwrap(), slot.is_busy)
        })
        .collect();
    let expected = [
        (
            "2026-11-21T09:30:00-06:00",
            "2026-11-21T15:30:00.000Z",
            1,
            false,
        ),
        (
            "2026-11-21T23:45:00-06:00",
            "2026-11-22T05:45:00.000Z",
            2,
            true,
        ),
        (
            "2026-11-22T00:15:00-06:00",
            "2026-11-22T06:15:00.000Z",
            3,
            false,
        ),
    ];
    let expected: Vec<_> = expected
        .into_iter()
        .map(|(at, wire, left, is_busy)| (at.to_owned(), wire, left, is_busy))
        .collect();
    assert_eq!(told, expected);
    assert!(slots.iter().all(|slot| !slot.is_walk_in));
    let sent = &requests(&server, SLOTS).await[0];
    assert_eq!(
        sent.url.query(),
        Some("return_walkin_slots=false&visit_type_id=501")
    );
    assert_eq!(sent.headers["x-api-key"], "cid_123");
    // Only the days that were asked for.
    assert_eq!(solv.slots(&asked(1, &[])).await.unwrap().times.len(), 2);
}

#[rstest]
#[case("2026-11-21T09:30:00-06:00")]
#[case("2026-11-21T09:30-06:00")]
#[case("2026-11-21T09:30:00")]
#[case("2026-11-21T09:30")]
#[case("2026-11-21T09:30:00.000")]
#[case("2026-11-21T15:30:00Z")]
#[case("2026-11-21T15:30Z")]
#[case("2026-11-21T15:30:00+0000")]
#[case("2026-11-21T09:30-0600")]
#[tokio::test]
async fn a_moment_is_read_however_iso_8601_writes_it(#[case] written: &str) {
    let server = open().await;
    let body = json!([{"location_id": "1042", "slots": [{"appointment_date": written}]}]);
    answer(&server, "GET", SLOTS, good(&body)).await;
    let slots = solv(&server.uri())
        .slots(&asked(1, &[]))
        .await
        .unwrap()
        .times;
    assert_eq!(slots[0].at.to_rfc3339(), "2026-11-21T09:30:00-06:00");
    assert_eq!((slots[0].wire.as_str(), slots[0].left), (written, None));
}

#[tokio::test]
async fn a_group_of_another_location_hides_no_time_of_this_one() {
    let server = open().await;
    let mut body = published();
    let mut other = body[0].clone();
    other["location_id"] = json!(999);
    body.as_array_mut().unwrap().insert(0, other);
    answer(&server, "GET", SLOTS, good(&body)).await;
    let slots = solv(&server.uri()).slots(&asked(2, &[])).await.unwrap();
    assert_eq!(slots.times.len(), 3);
}

#[tokio::test]
async fn the_last_day_that_solv_shows_is_told_whichever_days_are_asked_for() {
    let server = open().await;
    answer(&server, "GET", SLOTS, good(&published())).await;
    let mut query = asked(7, &[]);
    query.from = query.from + chrono::Days::new(9);
    let slots = solv(&server.uri()).slots(&query).await.unwrap();
    let last = chrono::NaiveDate::from_ymd_opt(2026, 11, 22);
    assert_eq!((slots.times, slots.until), (Vec::new(), last));
}

#[tokio::test]
async fn a_day_that_is_only_full_is_a_day_that_solv_shows() {
    let row = |at: &str, left: u32| json!({"appointment_date": at, "availability": left});
    let rows = [
        row("2026-11-24T15:30:00Z", 1),
        row("2026-11-25T15:30:00Z", 0),
    ];
    let full = json!([{"location_id": 1042, "slots": rows}]);
    let nothing = json!([{"location_id": 1042, "slots": []}]);
    let query = asked(7, &[]);
    for (body, free, until) in [
        (full, 1, chrono::NaiveDate::from_ymd_opt(2026, 11, 25)),
        // Where there is no row at all, nothing tells how far Solv shows.
        (nothing, 0, Some(query.from)),
    ] {
        let server = open().await;
        answer(&server, "GET", SLOTS, good(&body)).await;
        let slots = solv(&server.uri()).slots(&query).await.unwrap();
        assert_eq!((slots.times.len(), slots.until), (free, until));
    }
}

/// At Lamar the clocks go from 02:00 to 03:00 on 14 March 2027.
#[tokio::test]
async fn a_time_that_the_clocks_leave_out_hides_no_other() {
    let server = open().await;
    let rows = [
        "2027-03-14T01:45:00",
        "2027-03-14T02:15:00",
        "2027-03-14T03:00:00",
    ]
    .map(|at| json!({"appointment_date": at, "availability": 1}));
    let body = json!([{"location_id": 1042, "slots": rows}]);
    answer(&server, "GET", SLOTS, good(&body)).await;
    let mut query = asked(1, &[]);
    query.from = chrono::NaiveDate::from_ymd_opt(2027, 3, 14).unwrap();
    let slots = solv(&server.uri()).slots(&query).await.unwrap().times;
    let told: Vec<String> = slots.iter().map(|slot| slot.at.to_rfc3339()).collect();
    assert_eq!(
        told,
        ["2027-03-14T01:45:00-06:00", "2027-03-14T03:00:00-05:00"]
    );
}

#[rstest]
#[case(
    "ABC/../../v1/auth",
    "/v2/partner/locations/ABC%2F..%2F..%2Fv1%2Fauth/slots"
)]
#[case("A?x=1#y", "/v2/partner/locations/A%3Fx%3D1%23y/slots")]
#[case("..", "/v2/partner/locations/1042/slots")]
#[tokio::test]
async fn a_public_id_stays_in_its_segment(#[case] id: &str, #[case] to: &str) {
    let server = open().await;
    answer(&server, "GET", to, good(&json!([]))).await;
    let mut settings = settings(&server.uri());
    settings.locations[0].public_id = Some(id.to_owned());
    let slots = solv_with(settings).slots(&asked(1, &[])).await;
    assert_eq!(slots.unwrap().times, []);
    assert_eq!(requests(&server, to).await.len(), 1);
}

#[tokio::test]
async fn times_for_walk_ins_are_those_that_come_only_with_them() {
    let server = open().await;
    let row = |at: &str| json!({"appointment_date": at, "availability": 1});
    let times = ["2026-11-21T15:30:00Z", "2026-11-21T18:00:00Z"];
    for (walk_ins, rows) in [
        ("false", json!([row(times[0])])),
        ("true", json!([row(times[0]), row(times[1])])),
    ] {
        let body = json!([{"location_id": 1042, "slots": rows}]);
        let mock = Mock::given(method("GET"))
            .and(path(SLOTS))
            .and(query_param("return_walkin_slots", walk_ins));
        mock.respond_with(good(&body)).mount(&server).await;
    }
    let mut settings = settings(&server.uri());
    settings.assumptions.walk_in_slots = true;
    settings.assumptions.booking_buffer = true;
    let slots = solv_with(settings)
        .slots(&asked(1, &[]))
        .await
        .unwrap()
        .times;
    let told: Vec<_> = slots
        .iter()
        .map(|slot| (slot.wire.as_str(), slot.is_walk_in))
        .collect();
    assert_eq!(told, [(times[0], false), (times[1], true)]);
    let mut queries: Vec<_> = requests(&server, SLOTS).await;
    queries.sort_by_key(|one| one.url.query().map(str::len));
    let query = queries.last().unwrap().url.query();
    assert_eq!(
        query,
        Some("return_walkin_slots=true&with_booking_buffer=true")
    );
}

#[tokio::test]
async fn a_location_goes_by_its_number_where_it_is_set() {
    let server = open().await;
    let to = "/v2/partner/locations/1042/slots";
    answer(&server, "GET", to, good(&json!([]))).await;
    let mut by_setting = settings(&server.uri());
    by_setting.assumptions.slots_path = PathId::Number;
    let mut by_lack = settings(&server.uri());
    by_lack.locations[0].public_id = None;
    for settings in [by_setting, by_lack] {
        let slots = solv_with(settings).slots(&asked(1, &[])).await;
        assert_eq!(slots.unwrap().times, []);
    }
}

#[rstest]
#[case::html(ResponseTemplate::new(200).set_body_raw("<html>", "text/html"))]
#[case::cut(ResponseTemplate::new(200).set_body_raw(r#"[{"location_id":1042"#, "application/json"))]
#[case::deep(ResponseTemplate::new(200).set_body_raw("[".repeat(100_000), "application/json"))]
#[case::no_slots(good(&json!([{"location_id": 1042}])))]
#[case::object(good(&json!({"slots": []})))]
#[case::no_moment(good(&json!([{"location_id": 1042, "slots": [{"appointment_date": "tomorrow", "availability": 1}]}])))]
#[case::long_moment(good(&json!([{"location_id": 1042, "slots": [{"appointment_date": "2".repeat(5_000)}]}])))]
#[case::another_location(good(&json!([{"location_id": 7, "slots": []}])))]
#[tokio::test]
async fn slots_of_a_wrong_shape_are_told_without_what_they_hold(#[case] body: ResponseTemplate) {
    let server = open().await;
    answer(&server, "GET", SLOTS, body).await;
    let failure = solv(&server.uri()).slots(&asked(1, &[])).await.unwrap_err();
    let Failure::WrongShape(words) = &failure else {
        panic!("{failure:?}");
    };
    assert!(
        words.starts_with("GET slots: ") && words.len() < 300,
        "{words}"
    );
}

#[tokio::test]
async fn a_refused_list_says_why() {
    let server = open().await;
    let no = said(403, "Token scope must include read:locations");
    answer(&server, "GET", SLOTS, no).await;
    let failure = solv(&server.uri()).slots(&asked(1, &[])).await.unwrap_err();
    let words = "Token scope must include read:locations".to_owned();
    assert_eq!(failure, Failure::Refused(words));
}

#[tokio::test]
async fn locations_and_visit_types_come_from_the_configuration() {
    let server = open().await;
    let mut settings = settings(&server.uri());
    let mut sunset = settings.locations[0].clone();
    (sunset.id, sunset.zone) = (1077, Tz::America__Los_Angeles);
    settings.locations.push(sunset);
    let solv = solv_with(settings);
    let branches = solv.branches().await.unwrap();
    let told: Vec<_> = branches
        .iter()
        .map(|branch| (branch.id.0.as_str(), branch.zone))
        .collect();
    let expected = [("1042", None), ("1077", Some(Tz::America__Los_Angeles))];
    assert_eq!(told, expected);
    let mut form = asked(1, &[]).context;
    let kinds = solv.choices(FieldKey::VisitType, &form).await.unwrap();
    let urgent = Choice {
        value: "501".to_owned(),
        label: "Urgent care".to_owned(),
    };
    assert_eq!(kinds, [urgent]);
    form.branch = None;
    for field in [FieldKey::VisitType, FieldKey::Payer] {
        let no = solv.choices(field, &form).await;
        assert!(matches!(no, Err(Failure::Refused(_))), "{no:?}");
    }
    assert!(server.received_requests().await.unwrap().is_empty());
}
