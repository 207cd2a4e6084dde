//! A Meddbase of literal answers, the accounts that call it, and the appointment of the vendor's own example.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use frontdesk::clock::Clock;
use frontdesk::domain::branch::{Branch, BranchId};
use frontdesk::domain::money::Money;
use frontdesk::domain::offer::{Choice, FieldKey, Kind};
use frontdesk::domain::phone::Phone;
use frontdesk::domain::slot::{Context, PatientRef, Slot};
use frontdesk::domain::submission::{Intent, IntentId, Patient, Subject, Submission};
use frontdesk::vendor::meddbase::Meddbase;
use frontdesk::vendor::meddbase::settings::{Assumptions, Mode, Own, Settings};
use serde_json::{Value, json};
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

pub const LOG_IN: &str = "/patientportalapi/auth/login";
pub const VALIDATE: &str = "/patientportalapi/auth/validate";
pub const BOOK: &str = "/patientportalapi/appointment/book-time-slot";
pub const CANCEL: &str = "/patientportalapi/appointment/cancel";
pub const LIST: &str = "/patientportalapi/appointment/appointments";
pub const SLOTS: &str = "/patientportalapi/appointment/proposed-time-slots";
pub const CREATE_PATIENT: &str = "/patientportalapi/patients/create-patient";

/// A Friday, when the clocks of the United Kingdom show UTC.
pub fn now() -> DateTime<Utc> {
    "2026-11-20T10:00:00Z".parse().unwrap()
}

pub fn manager(username: &str) -> Own {
    Own {
        mode: Mode::Manager {
            username: username.to_owned(),
        },
        country_code: "44".to_owned(),
        has_price_guard: true,
        is_birth_date_required: true,
        zones: BTreeMap::from([("1125".to_owned(), Tz::Europe__Gibraltar)]),
        assumptions: Assumptions::default(),
    }
}

pub fn anonymous(code: &str, has_code: bool) -> Own {
    Own {
        mode: Mode::Anonymous {
            sign_up_code: code.to_owned(),
            has_code,
        },
        ..manager("")
    }
}

pub fn account(base_url: &str, client_key: &str, own: Own) -> Meddbase {
    let settings = Settings {
        profile: "demo-meddbase".to_owned(),
        base_url: base_url.to_owned(),
        is_sandbox: true,
        client_key: client_key.to_owned(),
        password: "demo-meddbase-secret".to_owned().into(),
        zone: Tz::Europe__London,
        own,
    };
    // Time that a test can stop, and set.
    Meddbase::new(settings, Clock::tokio(now())).unwrap()
}

/// The manager of the literal answers.
pub fn meddbase(base_url: &str) -> Meddbase {
    account(base_url, "a2gft68m-5d8b", manager("desk@example.com"))
}

pub fn ok(result: &Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({"status": "ok", "result": result}))
}

pub fn error(status: u16, code: i64, words: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({"status": "error", "error": {
        "Message": words, "EventType": 2, "EventCode": code, "HttpStatusCode": status,
        "Description": null, "ReferenceNumber": null}}))
}

pub async fn answer(server: &MockServer, at: &str, template: ResponseTemplate) {
    Mock::given(path(at))
        .respond_with(template)
        .mount(server)
        .await;
}

/// Only the next such call; earlier ones first.
pub async fn answer_once(server: &MockServer, at: &str, template: ResponseTemplate) {
    let mock = Mock::given(path(at)).respond_with(template);
    mock.up_to_n_times(1).mount(server).await;
}

pub fn granted() -> Value {
    json!({"SessionID": "4oytawakgy0njpaajyliq3md", "Token": "7a413802-f186-42c6-ae92-646531749624",
        "Require2FA": false, "Config": {"IsLoggedIn": true, "CompanyName": "Test Company",
        "Configuration": {"SessionTimeout": 120_000}}})
}

/// A server that signs the manager in.
pub async fn open() -> MockServer {
    drop(rustls::crypto::ring::default_provider().install_default());
    let server = MockServer::start().await;
    answer(&server, LOG_IN, ok(&granted())).await;
    server
}

pub async fn received(server: &MockServer, at: &str) -> Vec<Request> {
    let requests = server.received_requests().await.unwrap();
    let requests = requests.into_iter();
    requests
        .filter(|request| request.url.path() == at)
        .collect()
}

pub fn body(request: &Request) -> Value {
    serde_json::from_slice(&request.body).unwrap()
}

pub fn query(request: &Request, name: &str) -> Option<String> {
    let mut pairs = request.url.query_pairs();
    pairs
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.into_owned())
}

pub fn choice(value: &str) -> Choice {
    Choice::plain(value)
}

pub fn site(key: &str) -> Branch {
    Branch {
        id: BranchId(key.to_owned()),
        name: format!("Site {key}"),
        address: None,
        zone: None,
    }
}

pub fn form(kind: Kind, values: &[(FieldKey, &str)]) -> Context {
    let details = values.iter().map(|(key, value)| (*key, choice(value)));
    Context {
        kind,
        branch: Some(site("1123")),
        party: None,
        details: details.collect(),
        patient: None,
        subject: None,
    }
}

pub fn of(context: Context, key: &str) -> Context {
    Context {
        patient: Some(PatientRef {
            key: key.to_owned(),
            name: "John Lemon".to_owned(),
        }),
        ..context
    }
}

/// The slot of the vendor's sample booking.
pub fn slot() -> Slot {
    let at = DateTime::parse_from_rfc3339("2027-01-04T09:30:00+00:00").unwrap();
    Slot {
        price: Some(Money::major(100)),
        place: Some(choice("214")),
        ..Slot::plain(at, "2027-01-04T09:30:00")
    }
}

/// John Lemon of the vendor's own example, whom the vendor knows.
pub fn lemon() -> Intent {
    let mut patient = Patient::named("John");
    patient.last_name = Some("Lemon".to_owned());
    patient.birth_date = NaiveDate::from_ymd_opt(1958, 8, 2);
    patient.phone = Some(Phone::parse("+44 7700 900101", "44").unwrap());
    "44".clone_into(&mut patient.country_code);
    patient.email = Some("john.lemon@test.com".to_owned());
    patient.key = Some("05c0e94660f8538887a4670c449f5524".to_owned());
    let mut submission = Submission::of(Kind::Appointment, site("1123"), patient);
    submission.slot = Some(slot());
    submission.details = BTreeMap::from([
        (FieldKey::Payer, choice("IN")),
        (FieldKey::AppointmentType, choice("00000000fc0af8e9")),
        (FieldKey::Modules, choice("10382")),
        (FieldKey::ClinicianSex, choice("1")),
        (FieldKey::PriceGuard, choice("yes")),
        (FieldKey::Sex, choice("1")),
        (FieldKey::Street, choice("Studio 99")),
        (FieldKey::City, choice("London")),
        (FieldKey::Zip, choice("N1 7NK")),
    ]);
    intent("FD-1", submission)
}

pub fn intent(id: &str, submission: Submission) -> Intent {
    Intent {
        id: IntentId(id.to_owned()),
        profile: "demo-meddbase".to_owned(),
        saved_at: now(),
        day: now().date_naive(),
        follows: None,
        submission,
    }
}

/// Somebody whom the vendor does not know yet.
pub fn stranger() -> Intent {
    let mut intent = lemon();
    intent.submission.patient.key = None;
    intent
}

/// What is done to an appointment of `intent`.
pub fn change(intent: &Intent, number: &str, change: &str) -> Intent {
    let mut after = intent.clone();
    after.id = IntentId(format!("{}-{change}", intent.id));
    after.submission.kind = Kind::Change;
    after.submission.subject = Some(Subject {
        number: number.to_owned(),
        change: change.to_owned(),
    });
    after
}

/// The sample of `AppointmentData`, whose clinician has a `Name` (section 11, number 3).
pub fn appointment() -> Value {
    json!({"Key": "apt58462", "Type": {"Key": "CN", "Name": "Consultation"}, "Start": "2013-08-07T09:30:00",
        "Finish": "2013-08-07T10:30:00", "Telemedicine": true, "AuthorisationCode": "ABC123",
        "Site": {"Key": 1123, "Name": "2CP (Eye Room)", "Address": {"Address1": "2 Clifton Park Ave",
            "Address2": "", "Address3": "", "City": "London", "County": "", "PostCode": "SW20 8BD",
            "Country": "United Kingdom"}},
        "Location": {"Key": 214, "Name": "Room 1", "Address": {}}, "Clinician": {"Key": 84, "Name": "Dr. House"},
        "Slots": [{"Type": "CN", "Start": "2013-08-07T09:30:00", "Finish": "2013-08-07T10:30:00",
            "SiteKey": 1123, "LocationKey": 214, "ResourceKey": 468}],
        "PrimaryAttendeeSlot": {"Type": "CN", "Start": "2013-08-07T09:30:00", "Finish": "2013-08-07T10:30:00",
            "SiteKey": 1123, "LocationKey": 214, "ResourceKey": 468},
        "Invoice": {"Key": "inv4645", "Number": "1865", "TotalGross": 240, "Paid": 150, "PayableOnline": true}})
}
