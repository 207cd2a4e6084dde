//! A Solv of literal answers, the account that calls it, and patients who come to it.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use frontdesk::clock::Clock;
use frontdesk::domain::branch::{Branch, BranchId};
use frontdesk::domain::offer::{Choice, FieldKey, Kind};
use frontdesk::domain::phone::Phone;
use frontdesk::domain::slot::{Context, Slot, SlotQuery};
use frontdesk::domain::submission::{
    Appointment, Attachment, Intent, IntentId, Patient, Subject, Submission,
};
use frontdesk::vendor::solv::Solv;
use frontdesk::vendor::solv::settings::{Assumptions, Location, Settings, VisitType};
use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

pub const TOKEN: &str = "/v1/auth/token";
pub const BOOKINGS: &str = "/v1/partner/bookings";
pub const SLOTS: &str = "/v2/partner/locations/ABC123/slots";
/// The time to which [`moved`] moves a booking, as the clinic tells it.
pub const LATER: &str = "2026-11-24T09:30:00-06:00";

pub fn settings(base_url: &str) -> Settings {
    Settings {
        profile: "demo".to_owned(),
        base_url: base_url.to_owned(),
        is_sandbox: true,
        client_id: "cid_123".to_owned(),
        client_secret: "its-secret".to_owned().into(),
        scopes: vec!["read:locations".to_owned(), "write:bookings".to_owned()],
        locations: vec![Location {
            id: 1042,
            public_id: Some("ABC123".to_owned()),
            external_id: Some("LAM-01".to_owned()),
            name: "Lamar Urgent Care".to_owned(),
            address: None,
            zone: Tz::America__Chicago,
            visit_types: vec![VisitType {
                id: 501,
                name: "Urgent care".to_owned(),
            }],
        }],
        attributions: Vec::new(),
        management_url: None,
        integration: None,
        zone: Tz::America__Chicago,
        assumptions: Assumptions::default(),
    }
}

/// Time that a test can stop, and set.
pub fn solv_with(settings: Settings) -> Solv {
    Solv::new(settings, Clock::tokio(DateTime::UNIX_EPOCH)).unwrap()
}

pub fn solv(base_url: &str) -> Solv {
    solv_with(settings(base_url))
}

/// The sample of the contract, with a number to tell tokens apart.
pub fn token(number: u32) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({
        "access_token": format!("token-{number}"), "token_type": "bearer", "grant_type": "service_api",
        "expires_in": 3600, "expiration_timestamp": "2025-01-01T01:00:00.000Z", "refresh_token": "unused",
    }))
}

/// The booking of the contract's table, as it is answered.
pub fn booking(id: i64, status: &str) -> Value {
    json!({
        "id": id, "status": status, "location_id": 1042, "appointment_date": "2026-11-23T15:30:00.000Z",
        "first_name": "Marisol", "last_name": "Ortega", "phone": "5125550111", "birth_date": "1984-03-09",
        "email": "", "reason": "", "is_walk_in": false, "paperwork_status": "incomplete",
        "emr_booking_id": null, "gender": null, "birth_sex": null, "custom_booking_management_url": null,
        "address_street": null, "address_street_secondary": null, "address_city": null,
        "address_state": null, "address_zip": null,
    })
}

/// As the quick start says that every body is.
pub fn wrapped(body: &Value) -> Value {
    json!({"meta": {}, "data": body})
}

pub fn good(body: &Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

pub fn said(status: u16, words: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({"detail": words}))
}

/// A server that signs everybody in.
pub async fn open() -> MockServer {
    let server = MockServer::start().await;
    answer(&server, "POST", TOKEN, token(1)).await;
    server
}

pub async fn answer(server: &MockServer, verb: &str, to: &str, with: ResponseTemplate) {
    let mock = Mock::given(method(verb)).and(path(to));
    mock.respond_with(with).mount(server).await;
}

/// As [`answer`], only once; later mounts serve what follows.
pub async fn answer_once(server: &MockServer, verb: &str, to: &str, with: ResponseTemplate) {
    let mock = Mock::given(method(verb)).and(path(to));
    mock.respond_with(with).up_to_n_times(1).mount(server).await;
}

/// What was received at `at`.
pub async fn requests(server: &MockServer, at: &str) -> Vec<wiremock::Request> {
    let requests = server.received_requests().await.unwrap().into_iter();
    requests.filter(|one| one.url.path() == at).collect()
}

pub fn lamar() -> Branch {
    Branch {
        id: BranchId("1042".to_owned()),
        name: "Lamar Urgent Care".to_owned(),
        address: None,
        zone: None,
    }
}

pub fn intent(submission: Submission) -> Intent {
    Intent {
        id: IntentId("FD-1".to_owned()),
        profile: "demo".to_owned(),
        saved_at: DateTime::<Utc>::UNIX_EPOCH,
        day: NaiveDate::from_ymd_opt(2026, 11, 21).unwrap(),
        follows: None,
        submission,
    }
}

pub fn slot(wire: &str) -> Slot {
    Slot::plain(DateTime::parse_from_rfc3339(wire).unwrap(), wire)
}

/// Marisol with nothing but what Solv requires.
pub fn marisol(kind: Kind, at: &str) -> Intent {
    let patient = Patient {
        phone: Some(Phone::parse("512 555 0111", "1").unwrap()),
        country_code: "1".to_owned(),
        last_name: Some("Ortega".to_owned()),
        birth_date: NaiveDate::from_ymd_opt(1984, 3, 9),
        ..Patient::named("Marisol")
    };
    let mut submission = Submission::of(kind, lamar(), patient);
    submission.slot = Some(slot(at));
    intent(submission)
}

pub fn reservation() -> Intent {
    marisol(Kind::Reservation, "2026-11-23T15:30:00.000Z")
}

pub fn walk_in() -> Intent {
    marisol(Kind::WalkIn, "2026-11-21T09:48:05-06:00")
}

/// Something done later to a booking.
pub fn change(id: &str, number: &str) -> Intent {
    let mut submission = Submission::of(Kind::Change, lamar(), Patient::named("Marisol"));
    submission.subject = Some(Subject {
        number: number.to_owned(),
        change: id.to_owned(),
    });
    intent(submission)
}

/// A picture for a booking.
pub fn picture(number: &str, kind: &str, base64: &str) -> Intent {
    let mut intent = change("image", number);
    intent.submission.details = told(&[(FieldKey::ImageType, kind)]);
    intent.submission.attachment = Some(Attachment {
        name: "card.jpg".to_owned(),
        base64: Arc::from(base64),
    });
    intent
}

/// Something done to a booking of the clinic's own system.
pub fn external(booking: &str, details: &[(FieldKey, &str)]) -> Intent {
    let mut submission = Submission::of(Kind::External, lamar(), Patient::named(""));
    submission.details = told(&[
        (FieldKey::ExternalBooking, booking),
        (FieldKey::Integration, "7"),
    ]);
    submission.details.extend(told(details));
    intent(submission)
}

/// A booking of the clinic's own system at another time, [`LATER`]; typed in a zone west of the clinic.
pub fn moved(booking: &str) -> Intent {
    let mut intent = external(booking, &[(FieldKey::Action, "reschedule")]);
    intent.submission.appointment = Some(Appointment {
        booking_type: String::new(),
        at: DateTime::parse_from_rfc3339("2026-11-24T07:30:00-08:00").unwrap(),
    });
    intent
}

pub fn told(details: &[(FieldKey, &str)]) -> BTreeMap<FieldKey, Choice> {
    let told = |(key, value): &(FieldKey, &str)| (*key, Choice::plain(value));
    details.iter().map(told).collect()
}

/// The days after 21 November, at Lamar.
pub fn asked(days: u16, details: &[(FieldKey, &str)]) -> SlotQuery {
    SlotQuery {
        context: Context {
            kind: Kind::Reservation,
            branch: Some(lamar()),
            party: None,
            details: told(details),
            patient: None,
            subject: None,
        },
        from: NaiveDate::from_ymd_opt(2026, 11, 21).unwrap(),
        days,
    }
}
