//! A Flabs of literal answers, the account that calls it, and the patient of the vendor's own example.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use frontdesk::clock::Clock;
use frontdesk::domain::age::{Age, AgeUnit};
use frontdesk::domain::branch::{Branch, BranchId, Parties};
use frontdesk::domain::money::Money;
use frontdesk::domain::offer::Kind;
use frontdesk::domain::order::{ItemId, ItemKind, Line};
use frontdesk::domain::phone::Phone;
use frontdesk::domain::submission::{Gender, Intent, IntentId, Patient, Priority, Submission};
use frontdesk::vendor::flabs::Flabs;
use frontdesk::vendor::flabs::settings::{Assumptions, Mode, Settings};
use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

pub const SIGN_IN: &str = "/client/auth/token";
pub const REFRESH: &str = "/client/auth/token/refresh";
pub const CREATE: &str = "/client/crm/lead/create";

pub fn flabs(base_url: &str) -> Flabs {
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
        assumptions: Assumptions::default(),
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
    let verb = if to.contains("auth") || to.ends_with("/create") {
        "POST"
    } else {
        "GET"
    };
    let mock = Mock::given(method(verb)).and(path(to));
    mock.respond_with(with).mount(server).await;
}

/// As [`answer`], only once; later mounts serve what follows.
pub async fn answer_once(server: &MockServer, to: &str, with: ResponseTemplate) {
    let verb = if to.contains("auth") || to.ends_with("/create") {
        "POST"
    } else {
        "GET"
    };
    let mock = Mock::given(method(verb)).and(path(to));
    mock.respond_with(with).up_to_n_times(1).mount(server).await;
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
        kind,
        item: item.map(|id| ItemId(id.to_owned())),
        code: String::new(),
        name: name.to_owned(),
        price,
        picked_price: price,
        includes: Vec::new(),
        tests: Vec::new(),
        is_gone: false,
        is_unpriced: false,
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
        submission: Submission {
            kind: Kind::Lead,
            branch: Branch {
                id: BranchId("6530a4a6f1d2c8b7e9a12345".to_owned()),
                name: "Koramangala".to_owned(),
                address: None,
                zone: None,
            },
            parties: Parties::default(),
            patient: Patient {
                phone: Some(Phone::parse("9876543210", "91").unwrap()),
                country_code: "91".to_owned(),
                first_name: "Rahul".to_owned(),
                last_name: Some("Sharma".to_owned()),
                age: Some(Age {
                    value: 32,
                    unit: AgeUnit::Year,
                }),
                birth_date: None,
                key: None,
                gender: Some(Gender::Male),
                email: Some("rahul@example.com".to_owned()),
                address: Some("42 Park Street".to_owned()),
                pincode: Some("560001".to_owned()),
            },
            lines: vec![
                line(
                    ItemKind::Test,
                    Some("6530a4a6f1d2c8b7e9aabcde"),
                    "CBC",
                    Money::major(350),
                ),
                line(
                    ItemKind::Package,
                    Some("6530a4a6f1d2c8b7e9afedcb"),
                    "Fever",
                    Money::major(1_499),
                ),
                line(
                    ItemKind::Test,
                    None,
                    "Vitamin D3 (custom name)",
                    Money::major(800),
                ),
                line(
                    ItemKind::Package,
                    None,
                    "Bridal Glow Panel",
                    Money::major(2_500),
                ),
            ],
            discount: Money::major(100),
            total: Money::major(4_549),
            source: Some("facebook_ads".to_owned()),
            priority: Some(Priority::High),
            assigned_to: None,
            appointment: None,
            details: std::collections::BTreeMap::new(),
            slot: None,
            subject: None,
            code: None,
            attachment: None,
        },
    }
}
