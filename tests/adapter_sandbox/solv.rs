//! Solv: walk-ins, reservations, what is done to them later, and bookings of the clinic's own system.

#[path = "solv/later.rs"]
mod later;
#[path = "../solv/desk.rs"]
#[allow(
    dead_code,
    reason = "its literal answers serve the tests of the adapter alone"
)]
mod literal;
#[path = "solv/slots.rs"]
mod slots;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use frontdesk::clock::Clock;
use frontdesk::config::demo;
use frontdesk::domain::branch::{Branch, BranchId};
use frontdesk::domain::draft::Draft;
use frontdesk::domain::evidence::{Outcome, Reason};
use frontdesk::domain::offer::{FieldKey, Kind};
use frontdesk::domain::rules;
use frontdesk::domain::slot::Slot;
use frontdesk::domain::submission::{DraftId, Intent};
use frontdesk::vendor::Adapter;
use frontdesk::vendor::budget::memory::Memory;
use frontdesk::vendor::solv::settings::Settings;
use frontdesk::vendor::solv::{Solv, TERMS};
use rstest::rstest;
use serde_json::{Value, json};

use crate::lab::Lab;

/// Saturday morning in Austin; the clinic in Los Angeles opens in an hour.
const NOW: &str = "2026-11-21T15:07:00Z";
const LAMAR: usize = 0;

/// One desk at one clinic: the adapter of the demo profile, and the sandbox it calls.
struct Counter {
    lab: Lab,
    adapter: Box<dyn Adapter>,
}

impl Counter {
    fn open() -> Self {
        let lab = Lab::open();
        lab.set_clock(NOW);
        let account = demo::account("demo-solv").unwrap();
        let book = Arc::new(Memory::new(TERMS));
        let profile = account.open().unwrap();
        let adapter = profile.connect(lab.base_url(), Clock::tokio(now()), book);
        Self {
            adapter: adapter.unwrap(),
            lab,
        }
    }

    async fn branch(&self, which: usize) -> Branch {
        self.adapter.branches().await.unwrap().remove(which)
    }

    /// A filled form as an intent, by the rules of the house.
    async fn intent(&self, draft: Draft) -> Intent {
        let offer = self.adapter.offer();
        let draft = Draft {
            branch: Some(self.branch(LAMAR).await),
            ..draft
        };
        literal::intent(rules::compose(&draft, &offer, now()).unwrap())
    }

    /// The free times of today at a clinic.
    async fn today(&self, which: usize) -> Vec<Slot> {
        let mut query = literal::asked(1, &[]);
        query.context.branch = Some(self.branch(which).await);
        self.adapter.slots(&query).await.unwrap().times
    }

    async fn submit(&self, intent: &Intent) -> Outcome {
        self.adapter.submit(intent, None).await
    }

    /// Marisol at the first time that is free, by its number.
    async fn booked(&self) -> String {
        let slot = self.today(LAMAR).await.remove(0);
        let intent = self.intent(reservation(slot)).await;
        number(&self.submit(&intent).await)
    }

    /// The one change that was applied last.
    fn last(&self) -> Value {
        self.lab.applied().pop().unwrap()
    }
}

fn now() -> DateTime<Utc> {
    NOW.parse().unwrap()
}

fn number(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Accepted { number, .. } => number.clone(),
        other => panic!("{other:?}"),
    }
}

fn told(outcome: &Outcome) -> Vec<(&str, &str)> {
    let Outcome::Accepted { told, .. } = outcome else {
        panic!("{outcome:?}");
    };
    told.iter()
        .map(|line| (line.label.as_str(), line.text.as_str()))
        .collect()
}

fn reasons(outcome: &Outcome) -> &[Reason] {
    match outcome {
        Outcome::Refused { reasons } => reasons,
        other => panic!("{other:?}"),
    }
}

fn filled(kind: Kind, values: &[(FieldKey, &str)]) -> Draft {
    let mut draft = Draft::new(DraftId(1), kind);
    let values = values.iter();
    draft.values = values
        .map(|(key, text)| (*key, (*text).to_owned()))
        .collect();
    draft
}

fn marisol(kind: Kind) -> Draft {
    filled(
        kind,
        &[
            (FieldKey::Phone, "(512) 555-0111"),
            (FieldKey::Name, "Marisol Ortega"),
            // As a desk in the United States writes the ninth of March.
            (FieldKey::BirthDate, "03/09/1984"),
        ],
    )
}

fn reservation(slot: Slot) -> Draft {
    let mut draft = marisol(Kind::Reservation);
    draft.slot = Some(slot);
    draft
}

/// As the demo profile, with what a test spoils.
fn settings(lab: &Lab) -> Settings {
    let mut settings = Settings {
        client_id: "demo-solv".to_owned(),
        client_secret: "demo-solv-secret".to_owned().into(),
        ..literal::settings(&lab.base_url())
    };
    settings.locations[0].public_id = Some("Kp7wRe".to_owned());
    settings
}

fn solv(settings: Settings) -> Solv {
    Solv::new(settings, Clock::tokio(now())).unwrap()
}

#[tokio::test]
async fn every_field_of_the_form_arrives() {
    let counter = Counter::open();
    let slot = counter.today(LAMAR).await.remove(3);
    let mut draft = reservation(slot.clone());
    draft.values.extend(
        filled(
            Kind::Reservation,
            &[
                (FieldKey::Email, "marisol@example.com"),
                (FieldKey::Sex, "female"),
                (FieldKey::VisitType, "501"),
                (FieldKey::Reason, "Cough, three days"),
                (FieldKey::Street, "2200 S Lamar Blvd"),
                (FieldKey::StreetSecond, "Apt 4"),
                (FieldKey::City, "Austin"),
                (FieldKey::State, "tx"),
                (FieldKey::Zip, "78704-1234"),
                (FieldKey::PatientRecord, "EMR-7"),
                (FieldKey::Source, "phone"),
                (FieldKey::Paperwork, "complete"),
                (FieldKey::ManagementUrl, "https://clinic.example/b"),
            ],
        )
        .values,
    );
    let outcome = counter.submit(&counter.intent(draft).await).await;
    let lines = [
        ("Status", "reserved"),
        ("When", "Sat 21 Nov 2026, 10:00 CST"),
    ];
    assert_eq!(told(&outcome), lines);
    let row = counter.last();
    assert_eq!(row["number"], json!(number(&outcome)));
    let expected = json!({
        "appointment_date": slot.wire, "birth_date": "1984-03-09", "first_name": "Marisol",
        "last_name": "Ortega", "phone": "5125550111", "location_id": 1042, "is_walk_in": false,
        "visit_type_id": 501, "reason": "Cough, three days", "email": "marisol@example.com",
        "birth_sex": "female", "paperwork_status": "complete", "attribution": "phone",
        "emr_patient_id": "EMR-7", "custom_booking_management_url": "https://clinic.example/b",
        "address_street": "2200 S Lamar Blvd", "address_street_secondary": "Apt 4",
        "address_city": "Austin", "address_state": "TX", "address_zip": "78704-1234",
    });
    assert_eq!(row["body"], expected);
}

#[tokio::test]
async fn a_walk_in_is_confirmed_for_this_moment() {
    let counter = Counter::open();
    let intent = counter.intent(marisol(Kind::WalkIn)).await;
    let outcome = counter.submit(&intent).await;
    let lines = [
        ("Status", "confirmed"),
        ("When", "Sat 21 Nov 2026, 09:07 CST"),
    ];
    assert_eq!(told(&outcome), lines);
    assert_eq!(counter.last()["body"]["is_walk_in"], true);
}

#[rstest]
#[case::unprocessable("unprocessable")]
#[case::conflict("conflict")]
#[case::bad_request("bad-request")]
#[tokio::test]
async fn a_time_that_somebody_else_took_stands_beside_the_time(#[case] taken: &str) {
    let counter = Counter::open();
    counter
        .lab
        .set(&json!({"solv": {"taken": taken, "capacity": 1}}));
    let slot = counter.today(LAMAR).await.remove(0);
    let theirs = counter.intent(reservation(slot.clone())).await;
    let ours = counter.intent(reservation(slot.clone())).await;
    number(&counter.submit(&theirs).await);
    let outcome = counter.submit(&ours).await;
    let [ours, theirs] = reasons(&outcome) else {
        panic!("{outcome:?}");
    };
    assert_eq!(ours.field, Some(FieldKey::ScheduledAt));
    assert_eq!(ours.words, "this time is gone: pick another");
    assert!(ours.is_ours && !theirs.is_ours, "{outcome:?}");
    assert!(
        !counter.today(LAMAR).await.contains(&slot),
        "fresh times lack it"
    );
    assert_eq!(counter.lab.applied().len(), 1);
}

#[rstest]
#[case::phone(|intent: &mut Intent| {
    let short = frontdesk::domain::phone::Phone::parse_any("5550111");
    intent.submission.patient.phone = short.ok();
}, Some(FieldKey::Phone))]
#[case::birth_date(|intent: &mut Intent| {
    intent.submission.patient.birth_date = chrono::NaiveDate::from_ymd_opt(2026, 12, 24);
}, Some(FieldKey::BirthDate))]
#[case::long_gone(|intent: &mut Intent| {
    intent.submission.slot = Some(literal::slot("2026-11-21T14:00:00Z"));
}, Some(FieldKey::ScheduledAt))]
#[case::visit_type(|intent: &mut Intent| {
    intent.submission.details = literal::told(&[(FieldKey::VisitType, "999")]);
}, None)]
#[tokio::test]
async fn a_refusal_lands_on_its_field(
    #[case] spoil: fn(&mut Intent),
    #[case] field: Option<FieldKey>,
) {
    let counter = Counter::open();
    let slot = counter.today(LAMAR).await.remove(0);
    let mut intent = counter.intent(reservation(slot)).await;
    spoil(&mut intent);
    let outcome = counter.submit(&intent).await;
    let theirs = reasons(&outcome).iter().filter(|reason| !reason.is_ours);
    let fields: Vec<_> = theirs.map(|reason| reason.field).collect();
    assert_eq!(fields, [field], "{outcome:?}");
    assert!(counter.lab.applied().is_empty());
}

#[tokio::test]
async fn a_location_of_another_partner_is_refused() {
    let counter = Counter::open();
    let mut settings = settings(&counter.lab);
    settings.locations[0].id = 1090;
    let mut intent = literal::reservation();
    intent.submission.branch.id = BranchId("1090".to_owned());
    let outcome = solv(settings).submit(&intent, None).await;
    assert_eq!(reasons(&outcome)[0].field, None);
    assert!(reasons(&outcome)[0].words.contains("not linked"));
}

#[tokio::test]
async fn a_token_without_the_scope_opens_only_its_half() {
    let counter = Counter::open();
    let with = |scope: &str| {
        let scopes = vec![scope.to_owned()];
        let settings = settings(&counter.lab);
        solv(Settings { scopes, ..settings })
    };
    let (reads, writes) = (with("read:locations"), with("write:bookings"));
    let query = literal::asked(1, &[]);
    assert!(!reads.slots(&query).await.unwrap().times.is_empty());
    let refused = reads.submit(&literal::walk_in(), None).await;
    assert!(reasons(&refused)[0].words.contains("write:bookings"));
    let no = writes.slots(&query).await.unwrap_err();
    assert!(no.to_string().contains("read:locations"), "{no}");
    number(&writes.submit(&literal::walk_in(), None).await);
}

#[tokio::test]
async fn a_token_that_lapsed_at_solv_costs_one_sign_in_and_no_error() {
    let counter = Counter::open();
    let delay = json!({"kind": "delay", "ms": 0});
    counter.lab.arm("solv-token", None, &delay);
    counter.adapter.sign_in().await.unwrap();
    assert_eq!(counter.lab.fired(), [1]);
    counter.lab.advance(3_601);
    let mut intent = counter.intent(marisol(Kind::WalkIn)).await;
    // The patient walks in now, by the clinic's clock.
    intent.submission.slot = Some(literal::slot("2026-11-21T10:07:01-06:00"));
    number(&counter.submit(&intent).await);
    assert_eq!(counter.lab.fired(), [2]);
    assert_eq!(counter.lab.applied().len(), 1);
}

#[tokio::test]
async fn bodies_in_an_envelope_and_loud_statuses_are_read_alike() {
    let counter = Counter::open();
    let other = json!({"solv": {"envelope": "wrapped", "status_case": "upper"}});
    counter.lab.set(&other);
    let booking = counter.booked().await;
    let outcome = counter.submit(&literal::change("check-in", &booking)).await;
    assert_eq!(told(&outcome)[0], ("Status", "checked in"));
    let body = counter.last();
    assert_eq!(body["call"], "solv-status");
}

#[rstest]
#[case::lost(json!({"kind": "close-after"}), true)]
#[case::never_came(json!({"kind": "close-before"}), false)]
#[case::failed(json!({"kind": "status", "status": 500, "applied": true}), true)]
#[case::cut(json!({"kind": "cut", "bytes": 20}), true)]
#[tokio::test]
async fn an_answer_that_does_not_come_leaves_it_open_and_is_not_asked_for_again(
    #[case] fault: Value,
    #[case] is_applied: bool,
) {
    let counter = Counter::open();
    counter.lab.arm("solv-booking", None, &fault);
    let intent = counter.intent(marisol(Kind::WalkIn)).await;
    let outcome = counter.submit(&intent).await;
    assert!(outcome.leaves_doubt(), "{outcome:?}");
    assert_eq!(counter.lab.fired(), [1]);
    assert_eq!(counter.lab.applied().len(), usize::from(is_applied));
}
