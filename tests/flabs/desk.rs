//! A Flabs of literal answers, the account that calls it, and the patient of the vendor's own example.

#[path = "../support/people.rs"]
mod people;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use frontdesk::clock::Clock;
use frontdesk::domain::money::Money;
use frontdesk::domain::offer::{Choice, FieldKey, Kind};
use frontdesk::domain::order::{ItemId, ItemKind, Line};
use frontdesk::domain::submission::{
    Appointment, Gender, Intent, IntentId, Patient, Priority, Submission,
};
use frontdesk::vendor::flabs::Flabs;
use frontdesk::vendor::flabs::settings::{Assumptions, Mode, Settings};
use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

pub const SIGN_IN: &str = "/client/auth/token";
pub const REFRESH: &str = "/client/auth/token/refresh";
pub const CREATE: &str = "/client/crm/lead/create";
pub const BILLING: &str = "/client/billing/create";

pub fn flabs(base_url: &str) -> Flabs {
    flabs_with(base_url, Assumptions::default())
}

pub fn flabs_with(base_url: &str, assumptions: Assumptions) -> Flabs {
    let settings = Settings {
        profile: "demo".to_owned(),
        base_url: base_url.to_owned(),
        is_sandbox: true,
        client_id: "your-client-id".to_owned(),
        client_secret: "your-client-secret".to_owned().into(),
        mode: Mode::CatchAll,
        parties: Vec::new(),
        zone: Tz::Asia__Kolkata,
        sources: vec!["walk-in".to_owned()],
        country_code: "91".to_owned(),
        billing: frontdesk::vendor::flabs::settings::Billing::default(),
        assumptions,
    };
    // Time that a test can stop, and set.
    let clock = Clock::tokio(DateTime::UNIX_EPOCH);
    Flabs::new(settings, clock).unwrap()
}

pub fn tokens(number: u32) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({
        "authToken": format!("auth-{number}"),
        "refreshToken": format!("refresh-{number}"),
        "expiresIn": 600,
    }))
}

/// A server that signs everybody in.
pub async fn open() -> MockServer {
    let server = MockServer::start().await;
    answer(&server, SIGN_IN, tokens(1)).await;
    server
}

pub async fn answer(server: &MockServer, to: &str, with: ResponseTemplate) {
    answering(to, with).mount(server).await;
}

/// As [`answer`], only once; later mounts serve what follows.
pub async fn answer_once(server: &MockServer, to: &str, with: ResponseTemplate) {
    let mock = answering(to, with).up_to_n_times(1);
    mock.mount(server).await;
}

fn answering(to: &str, with: ResponseTemplate) -> Mock {
    let verb = if to.contains("auth") || to.ends_with("/create") {
        "POST"
    } else {
        "GET"
    };
    Mock::given(method(verb)).and(path(to)).respond_with(with)
}

/// The bodies of what was received at `at`.
pub async fn received(server: &MockServer, at: &str) -> Vec<Value> {
    let requests = server.received_requests().await.unwrap();
    let here = requests.iter().filter(|request| request.url.path() == at);
    here.map(|request| serde_json::from_slice(&request.body).unwrap_or(Value::Null))
        .collect()
}

pub fn line(kind: ItemKind, item: Option<&str>, name: &str, price: Money) -> Line {
    Line {
        item: item.map(|id| ItemId(id.to_owned())),
        ..Line::custom(kind, name.to_owned(), Some(price), Vec::new())
    }
}

/// The official example of <https://developer.flabslis.com/crm/endpoint/create_lead> as an intent.
pub fn rahul() -> Intent {
    Intent {
        id: IntentId("EXT-LEAD-10231".to_owned()),
        profile: "demo".to_owned(),
        saved_at: DateTime::<Utc>::UNIX_EPOCH,
        day: NaiveDate::from_ymd_opt(2026, 1, 15).unwrap(),
        follows: None,
        submission: submission(),
    }
}

/// The official example as a booking.
pub fn booking() -> Intent {
    let mut intent = rahul();
    intent.submission.kind = Kind::Booking;
    intent.submission.appointment = Some(Appointment {
        booking_type: "Home Collection".to_owned(),
        at: DateTime::parse_from_rfc3339("2026-01-15T07:30:00+05:30").unwrap(),
    });
    intent
}

/// The official example as a pre-booking.
pub fn pre_booking() -> Intent {
    let mut intent = rahul();
    intent.submission.kind = Kind::PreBooking;
    let source = Choice::plain("FRONTDESK");
    let details = &mut intent.submission.details;
    details.insert(FieldKey::LeadSource, source);
    intent
}

/// A pre-booking with a line for each of the five arrays of
/// <https://developer.flabslis.com/billing/endpoint/create_bill>, in the order in which a clerk might type them, and this
/// code on the tube; and the JSON that it is.
pub fn whole_pre_booking(code: &str) -> (Intent, Value) {
    let mut intent = pre_booking();
    let submission = &mut intent.submission;
    let details = &mut submission.details;
    details.insert(FieldKey::Barcode, Choice::plain(code));
    let panel = Line {
        name: "Wellness panel".to_owned(),
        tests: vec!["CBC".to_owned(), "TSH".to_owned()],
        ..submission.lines[3].clone()
    };
    submission.lines.insert(0, panel);
    let body = json!({
        "labID": "6530a4a6f1d2c8b7e9a12345",
        "patient_details": {
            "first_name": "Rahul", "last_name": "Sharma", "gender": "male", "age": 32, "age_type": "year",
        },
        "integrator_id": "EXT-LEAD-10231",
        "lead_source": "FRONTDESK",
        "mapped_tests": [{"id": "6530a4a6f1d2c8b7e9aabcde"}],
        "unmapped_tests": ["Vitamin D3 (custom name)"],
        "mapped_packages": [{"id": "6530a4a6f1d2c8b7e9afedcb"}],
        "unmapped_packages": ["Bridal Glow Panel"],
        "unmapped_packages_with_tests": [{"package_name": "Wellness panel", "tests": ["CBC", "TSH"]}],
        "barCode": code,
    });
    (intent, body)
}

fn submission() -> Submission {
    let patient = Patient {
        last_name: Some("Sharma".to_owned()),
        gender: Some(Gender::Male),
        email: Some("rahul@example.com".to_owned()),
        address: Some("42 Park Street".to_owned()),
        pincode: Some("560001".to_owned()),
        ..people::rahul()
    };
    let item = |kind, id, name, price| line(kind, id, name, Money::major(price));
    let cbc = Some("6530a4a6f1d2c8b7e9aabcde");
    let fever = Some("6530a4a6f1d2c8b7e9afedcb");
    Submission {
        lines: vec![
            item(ItemKind::Test, cbc, "CBC", 350),
            item(ItemKind::Package, fever, "Fever", 1_499),
            item(ItemKind::Test, None, "Vitamin D3 (custom name)", 800),
            item(ItemKind::Package, None, "Bridal Glow Panel", 2_500),
        ],
        discount: Money::major(100),
        total: Money::major(4_549),
        source: Some("facebook_ads".to_owned()),
        priority: Some(Priority::High),
        ..Submission::of(Kind::Lead, people::koramangala(), patient)
    }
}
