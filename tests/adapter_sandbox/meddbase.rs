//! A desk at the sandbox of Meddbase: signing in, finding, booking, moving and cancelling, and losing answers.

use chrono::{NaiveDate, Utc};
use frontdesk::domain::evidence::Outcome;
use frontdesk::domain::failure::Failure;
use frontdesk::domain::looked::{Looked, Told};
use frontdesk::domain::money::Money;
use frontdesk::domain::offer::{FieldKey, Kind};
use frontdesk::domain::slot::{CodeSession, Context, Slot, SlotQuery};
use frontdesk::domain::submission::{Intent, Subject};
use frontdesk::domain::tier::Tier;
use frontdesk::vendor::Adapter;
use frontdesk::vendor::meddbase::Meddbase;
use rstest::rstest;
use serde_json::{Value, json};

use crate::lab::Lab;
use crate::meddbase_desk::{
    account, anonymous, change, choice, form, intent, lemon, manager, now, of, stranger,
};

const CODE: &str = "246810";
/// The vendor's example patient, who is in the sandbox, too.
const LEMON: &str = "05c0e94660f8538887a4670c449f5524";

struct Clinic {
    lab: Lab,
    adapter: Meddbase,
}

impl Clinic {
    fn open(adapter: impl Fn(&str) -> Meddbase) -> Self {
        let lab = Lab::open();
        lab.set_clock("2026-11-20T10:00:00Z");
        let adapter = adapter(&lab.base_url());
        Self { lab, adapter }
    }

    /// A manager who needs no second factor.
    fn night() -> Self {
        Self::open(|base| account(base, "demo-meddbase", manager("night@example.com")))
    }

    fn desk() -> Self {
        Self::open(|base| account(base, "demo-meddbase", manager("desk@example.com")))
    }

    fn anonymous(code: &str, has_code: bool) -> Self {
        Self::open(|base| account(base, "demo-meddbase-anon", anonymous(code, has_code)))
    }

    fn choose(&self, choices: &Value) {
        self.lab.set(&json!({"meddbase": choices}));
    }

    async fn slots(&self, form: &Context) -> Vec<Slot> {
        let query = SlotQuery {
            context: form.clone(),
            from: day(),
            days: 7,
        };
        self.adapter.slots(&query).await.unwrap().times
    }

    async fn submit(&self, intent: &Intent) -> Outcome {
        self.adapter.submit(intent, None).await
    }
}

/// The Monday after the clock's Friday.
fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

/// A consultation, paid for by the patient.
fn consultation() -> Context {
    let typed = [
        (FieldKey::Payer, "PA"),
        (FieldKey::AppointmentType, "CN"),
        (FieldKey::PriceGuard, "yes"),
    ];
    of(form(Kind::Appointment, &typed), LEMON)
}

/// What is booked of a form and one of its slots.
fn wish(base: Intent, form: &Context, slot: &Slot) -> Intent {
    let mut wish = base;
    wish.submission.kind = form.kind;
    wish.submission.details = form.details.clone();
    wish.submission.slot = Some(slot.clone());
    wish
}

fn accepted(outcome: Outcome) -> (String, Vec<Told>) {
    match outcome {
        Outcome::Accepted { number, told } => (number, told),
        other => panic!("{other:?}"),
    }
}

fn line<'a>(told: &'a [Told], label: &str) -> Option<&'a str> {
    let line = told.iter().find(|line| line.label == label)?;
    Some(&line.text)
}

fn refused_beside(outcome: &Outcome) -> Vec<Option<FieldKey>> {
    match outcome {
        Outcome::Refused { reasons } => reasons.iter().map(|reason| reason.field).collect(),
        other => panic!("{other:?}"),
    }
}

#[rstest]
#[case::typed("typed")]
#[case::as_published("as-published")]
#[tokio::test]
async fn a_manager_signs_in_with_two_factors_and_books(#[case] spelling: &str) {
    let clinic = Clinic::desk();
    clinic.choose(&json!({"spelling": spelling, "are_services_paged": spelling == "typed"}));
    let needed = clinic.adapter.branches().await;
    assert!(matches!(needed, Err(Failure::CodeNeeded(_))), "{needed:?}");
    let wrong = clinic.adapter.confirm_sign_in("111111".to_owned()).await;
    assert!(matches!(wrong, Err(Failure::Refused(_))), "{wrong:?}");
    clinic
        .adapter
        .confirm_sign_in(CODE.to_owned())
        .await
        .unwrap();
    let sites = clinic.adapter.branches().await.unwrap();
    let sites: Vec<_> = sites
        .iter()
        .map(|site| (site.id.0.as_str(), site.zone.is_some()))
        .collect();
    assert_eq!(sites, [("1124", false), ("1123", false), ("1125", true)]);
    let typed = [
        (FieldKey::Name, "John Lemon"),
        (FieldKey::EmployeeNumber, "E1001"),
    ];
    let search = form(Kind::Appointment, &typed);
    let found = clinic.adapter.find_patients(&search).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].patient.key, LEMON);
    let mut form = consultation();
    for (field, value) in [
        (FieldKey::Payer, "PA"),
        (FieldKey::AppointmentType, "CN"),
        (FieldKey::Modules, "5631"),
        (FieldKey::Services, "7001"),
        (FieldKey::Location, "214"),
        (FieldKey::Clinician, "84"),
        (FieldKey::Recall, "rec501"),
    ] {
        let choices = clinic.adapter.choices(field, &form).await.unwrap();
        let listed = choices.iter().any(|choice| choice.value == value);
        assert!(listed, "{field:?}: {choices:?}");
        form.details.insert(field, choice(value));
    }
    // The recall is for another type.
    form.details.remove(&FieldKey::Recall);
    let slots = clinic.slots(&form).await;
    let slot = &slots[0];
    assert_eq!(slot.at.to_rfc3339(), "2026-11-23T09:00:00+00:00");
    assert_eq!(
        slot.place.as_ref().unwrap().label,
        "Ground floor consulting rooms"
    );
    // 240 for the consultation, 60 for its module, 36 for the service.
    assert_eq!(slot.price, Some(Money::major(336)));
    let (number, told) = accepted(clinic.submit(&wish(lemon(), &form, slot)).await);
    assert_eq!(line(&told, "Clinician"), Some("Dr. Amelia Hart"));
    assert_eq!(line(&told, "Site"), Some("Harley Street Clinic"));
    assert_eq!(line(&told, "Time"), Some("Mon 23 Nov 2026, 09:00"));
    assert_eq!(line(&told, "Owed"), Some("£336"));
    let listed = clinic.adapter.day_list(day()).await.unwrap();
    let row = listed.iter().find(|row| row.number == number).unwrap();
    assert_eq!(
        (row.patient.as_str(), row.state.as_str()),
        ("John Lemon", "Booked")
    );
    assert!(row.can_be_cancelled);
    // Whoever changes it asks for this patient at this site, with what was chosen.
    let site = row.site.as_ref().unwrap();
    assert_eq!((site.id.0.as_str(), site.zone), ("1123", None));
    assert_eq!(row.key.as_deref(), Some(LEMON));
    for (field, value) in [
        (FieldKey::Payer, "PA"),
        (FieldKey::AppointmentType, "CN"),
        (FieldKey::Modules, "5631"),
        (FieldKey::Services, "7001"),
    ] {
        assert_eq!(row.details.get(&field).unwrap().value, value, "{field:?}");
    }
    let next = day().succ_opt().unwrap();
    let tomorrow = clinic.adapter.day_list(next).await.unwrap();
    assert!(tomorrow.iter().all(|row| row.number != number));
}

#[tokio::test]
async fn a_session_that_ended_is_opened_again_or_asks_for_a_code() {
    let night = Clinic::night();
    night.adapter.sign_in().await.unwrap();
    night.lab.advance(3_600);
    assert!(!night.slots(&consultation()).await.is_empty());
    night.lab.advance(3_600);
    night.adapter.reach().await.unwrap();
    let desk = Clinic::desk();
    drop(desk.adapter.sign_in().await);
    desk.adapter.confirm_sign_in(CODE.to_owned()).await.unwrap();
    let form = consultation();
    let slot = desk.slots(&form).await.remove(0);
    desk.lab.advance(3_600);
    let wish = wish(lemon(), &form, &slot);
    let outcome = desk.submit(&wish).await;
    let Outcome::SignedOut { why } = &outcome else {
        panic!("{outcome:?}");
    };
    assert!(why.starts_with("Sign in again"), "{why}");
    assert!(desk.lab.applied().is_empty());
    // A sign-in that nobody finishes lapses, too; then the code is another one.
    desk.lab.advance(3_600);
    let lapsed = desk.adapter.confirm_sign_in(CODE.to_owned()).await;
    assert!(matches!(lapsed, Err(Failure::Refused(_))), "{lapsed:?}");
    desk.adapter.confirm_sign_in(CODE.to_owned()).await.unwrap();
    // Nothing was lost.
    accepted(desk.submit(&wish).await);
}

#[tokio::test]
async fn a_stranger_is_entered_once_and_booked() {
    let clinic = Clinic::night();
    let mut form = consultation();
    form.patient = None;
    let slots = clinic.slots(&form).await;
    let mut base = stranger();
    let patient = &mut base.submission.patient;
    patient.first_name = "Ottoline".to_owned();
    patient.last_name = Some("Quartermain".to_owned());
    patient.email = Some("ottoline@example.com".to_owned());
    let first = wish(base.clone(), &form, &slots[0]);
    // Entering the patient is answered by nothing: nothing is booked, and it is done again.
    clinic.lab.arm(
        "meddbase-create-patient",
        Some(1),
        &json!({"kind": "close-after"}),
    );
    let lost = clinic.submit(&first).await;
    assert!(matches!(lost, Outcome::NotSent { .. }), "{lost:?}");
    assert_eq!(clinic.lab.fired(), [1]);
    let (number, _) = accepted(clinic.submit(&first).await);
    let looked = clinic.adapter.look(&first, Utc::now()).await;
    assert!(
        matches!(&looked, Looked::Match { number: found, .. } if *found == number),
        "{looked:?}"
    );
    accepted(clinic.submit(&wish(base, &form, &slots[5])).await);
    let search = crate::meddbase_desk::form(Kind::Appointment, &[(FieldKey::Name, "Quartermain")]);
    let found = clinic.adapter.find_patients(&search).await.unwrap();
    assert_eq!(found.len(), 1, "one person, however often she was entered");
}

/// Nobody kept the key of whom the booking entered: the move asks, and books, for them and not for who is signed in.
#[tokio::test]
async fn a_stranger_is_moved_as_themselves() {
    let clinic = Clinic::night();
    let mut form = consultation();
    form.patient = None;
    let slots = clinic.slots(&form).await;
    let mut base = stranger();
    base.submission.patient.first_name = "Ottoline".to_owned();
    base.submission.patient.last_name = Some("Quartermain".to_owned());
    base.submission.patient.email = Some("ottoline@example.com".to_owned());
    let booked = wish(base, &form, &slots[0]);
    let (first, _) = accepted(clinic.submit(&booked).await);
    let typed = [
        (FieldKey::Name, "Ottoline Quartermain"),
        (FieldKey::Email, "ottoline@example.com"),
        (FieldKey::BirthDate, "1958-08-02"),
        (FieldKey::Payer, "PA"),
        (FieldKey::AppointmentType, "CN"),
    ];
    let mut moved = change(&booked, &first, "reschedule");
    let asked = Context {
        subject: moved.submission.subject.clone(),
        ..crate::meddbase_desk::form(Kind::Change, &typed)
    };
    moved.submission.slot = Some(clinic.slots(&asked).await[7].clone());
    let (_, told) = accepted(clinic.submit(&moved).await);
    assert_eq!(line(&told, "Cancelled"), Some(first.as_str()));
    let patient_of = |row: &Value| {
        let request = row["request"].as_str()?;
        let (_, after) = request.split_once("patient=")?;
        Some(after.split('&').next()?.to_owned())
    };
    let ledger = clinic.lab.ledger().into_iter();
    let books = ledger.filter(|row| row["call"] == "meddbase-book");
    let patients: Vec<_> = books.map(|row| patient_of(&row)).collect();
    assert_eq!(patients.len(), 2);
    assert!(
        patients[0].is_some() && patients[0] == patients[1],
        "{patients:?}"
    );
}

#[tokio::test]
async fn the_price_that_was_shown_is_the_price_or_nothing_is_booked() {
    let clinic = Clinic::night();
    let mut form = consultation();
    let slot = clinic.slots(&form).await.remove(0);
    clinic.choose(&json!({"surcharge": 500}));
    let guarded = clinic.submit(&wish(lemon(), &form, &slot)).await;
    assert_eq!(
        refused_beside(&guarded),
        [None, Some(FieldKey::ScheduledAt)]
    );
    form.details.insert(FieldKey::PriceGuard, choice("no"));
    accepted(clinic.submit(&wish(lemon(), &form, &slot)).await);
}

#[rstest]
#[case(400)]
#[case(424)]
#[case(500)]
#[tokio::test]
async fn a_slot_that_is_gone_is_told_beside_it(#[case] status: u16) {
    let clinic = Clinic::night();
    clinic.choose(&json!({"gone_status": status}));
    let mut form = consultation();
    // One clinician, so that the slot can be taken.
    form.details.insert(FieldKey::Clinician, choice("84"));
    let slot = clinic.slots(&form).await.remove(0);
    let wish = wish(lemon(), &form, &slot);
    accepted(clinic.submit(&wish).await);
    let second = clinic.submit(&wish).await;
    assert_eq!(refused_beside(&second), [None, Some(FieldKey::ScheduledAt)]);
    let fresh = clinic.slots(&form).await;
    assert!(fresh.iter().all(|other| other.wire != slot.wire));
}

#[rstest]
#[case::cut(json!({"kind": "cut", "bytes": 20}))]
#[case::closed(json!({"kind": "close-after"}))]
#[case::garbage(json!({"kind": "garbage", "bytes": 40}))]
#[case::page(json!({"kind": "html", "status": 502, "applied": true}))]
#[case::failed(json!({"kind": "status", "status": 500, "applied": true, "body": null}))]
#[tokio::test]
async fn a_look_finds_what_was_booked_without_an_answer(#[case] fault: Value) {
    let clinic = Clinic::night();
    let form = consultation();
    let slot = clinic.slots(&form).await.remove(0);
    let wish = wish(lemon(), &form, &slot);
    assert_eq!(clinic.adapter.tier(&wish), Tier::Read);
    assert_eq!(clinic.adapter.look(&wish, Utc::now()).await, Looked::Absent);
    clinic.lab.arm("meddbase-book", Some(1), &fault);
    let outcome = clinic.submit(&wish).await;
    assert!(outcome.leaves_doubt(), "{outcome:?}");
    assert_eq!(clinic.lab.fired(), [1]);
    let looked = clinic.adapter.look(&wish, Utc::now()).await;
    let Looked::Match { number, told } = &looked else {
        panic!("{looked:?}");
    };
    assert_eq!(clinic.lab.applied()[0]["number"], *number);
    assert!(line(told, "Clinician").is_some(), "{told:?}");
    // Cancelled meanwhile, it did arrive all the same, and must not be booked once more.
    accepted(clinic.submit(&change(&wish, number, "cancel")).await);
    let looked = clinic.adapter.look(&wish, Utc::now()).await;
    let Looked::Open { why } = &looked else {
        panic!("{looked:?}");
    };
    assert!(why.contains(&**number), "{why}");
}

#[tokio::test]
async fn a_fee_is_told_before_and_after_a_cancellation() {
    let clinic = Clinic::night();
    let form = consultation();
    // Tomorrow's: less than 48 hours.
    let query = SlotQuery {
        context: form.clone(),
        from: now().date_naive().succ_opt().unwrap(),
        days: 1,
    };
    let slot = clinic.adapter.slots(&query).await.unwrap().times.remove(0);
    let wish = wish(lemon(), &form, &slot);
    let (number, _) = accepted(clinic.submit(&wish).await);
    let subject = Subject {
        number: number.clone(),
        change: "cancel".to_owned(),
    };
    let terms = clinic.adapter.terms(&subject).await.unwrap();
    assert_eq!(line(&terms, "Cancellation fee"), Some("£30"));
    let mut cancel = change(&wish, &number, "cancel");
    cancel.submission.terms = terms;
    // Confirmed when it cost less.
    let mut early = cancel.clone();
    early.submission.terms[0].text = "none".to_owned();
    let outcome = clinic.submit(&early).await;
    assert!(matches!(outcome, Outcome::HeldBack { .. }), "{outcome:?}");
    // No answer comes to it: it is made once, and a person decides.
    clinic
        .lab
        .arm("meddbase-cancel", Some(1), &json!({"kind": "close-before"}));
    let lost = clinic.submit(&cancel).await;
    assert!(matches!(lost, Outcome::Unknown { .. }), "{lost:?}");
    assert_eq!(clinic.adapter.tier(&cancel), Tier::None);
    clinic.lab.disarm();
    let (same, told) = accepted(clinic.submit(&cancel).await);
    assert_eq!(
        (same, line(&told, "Cancellation fee")),
        (number, Some("£30"))
    );
    let again = clinic.submit(&cancel).await;
    assert!(matches!(again, Outcome::Refused { .. }), "{again:?}");
}

#[tokio::test]
async fn a_move_books_before_it_cancels_and_never_hides_that_both_stand() {
    let clinic = Clinic::night();
    let form = consultation();
    let slots = clinic.slots(&form).await;
    let wish = wish(lemon(), &form, &slots[0]);
    let (first, _) = accepted(clinic.submit(&wish).await);
    let move_to = |number: &str, slot: &Slot| {
        let mut moved = change(&wish, number, "reschedule");
        moved.submission.details.clear();
        moved.submission.slot = Some(slot.clone());
        moved
    };
    let (second, told) = accepted(clinic.submit(&move_to(&first, &slots[7])).await);
    assert_ne!(second, first);
    assert_eq!(line(&told, "Cancelled"), Some(first.as_str()));
    // The second step fails.
    clinic.choose(&json!({"can_cancel": false}));
    let moved = move_to(&second, &slots[9]);
    assert_eq!(clinic.adapter.tier(&moved), Tier::Read);
    let (third, told) = accepted(clinic.submit(&moved).await);
    let still = line(&told, "The old one still stands").unwrap();
    assert!(still.starts_with(&second), "{still}");
    let looked = clinic.adapter.look(&moved, Utc::now()).await;
    let Looked::Match { number, told } = &looked else {
        panic!("{looked:?}");
    };
    assert_eq!(*number, third);
    assert_eq!(
        line(told, "The old one still stands"),
        Some(second.as_str())
    );
}

const PATIENT: [(FieldKey, &str); 6] = [
    (FieldKey::Name, "John Lemon"),
    (FieldKey::BirthDate, "1958-08-02"),
    (FieldKey::Phone, "+44 7700 900101"),
    (FieldKey::Email, "john.lemon@test.com"),
    (FieldKey::AppointmentType, "CN"),
    (FieldKey::PriceGuard, "yes"),
];

fn walk_in(code: &str) -> Context {
    let mut form = form(Kind::Anonymous, &PATIENT);
    form.details.insert(FieldKey::SignUpCode, choice(code));
    form
}

/// As a form is frozen: what has a place of its own is not among the details.
fn anonymous_wish(form: &Context, slot: &Slot, code: Option<CodeSession>) -> Intent {
    let mut wish = wish(stranger(), form, slot);
    for (key, _) in &PATIENT[..4] {
        wish.submission.details.remove(key);
    }
    wish.submission.code = code;
    intent("FD-2", wish.submission)
}

#[tokio::test]
async fn a_patient_reads_the_code_back_after_a_wrong_one_and_a_lapsed_one() {
    let clinic = Clinic::anonymous("WALKIN", true);
    clinic.adapter.reach().await.unwrap();
    assert_eq!(clinic.adapter.branches().await.unwrap().len(), 3);
    let form = walk_in("WALKIN");
    for field in [
        FieldKey::AppointmentType,
        FieldKey::Modules,
        FieldKey::Services,
        FieldKey::Location,
        FieldKey::Clinician,
    ] {
        let choices = clinic.adapter.choices(field, &form).await.unwrap();
        assert!(!choices.is_empty(), "{field:?}");
    }
    let slot = clinic.slots(&form).await.remove(0);
    let first = clinic.adapter.send_code(&form, None).await.unwrap();
    let wrong = clinic
        .adapter
        .confirm_code(first.clone(), "111111".to_owned())
        .await;
    assert!(matches!(wrong, Err(Failure::Refused(_))), "{wrong:?}");
    let again = clinic
        .adapter
        .send_code(&form, Some(first.clone()))
        .await
        .unwrap();
    assert_eq!(again.handle, first.handle, "the same session");
    // The patient hangs up, and calls again later.
    clinic.lab.advance(3_600);
    let lapsed = clinic
        .adapter
        .confirm_code(again.clone(), CODE.to_owned())
        .await;
    assert!(matches!(lapsed, Err(Failure::SignedOut(_))), "{lapsed:?}");
    let fresh = clinic.adapter.send_code(&form, Some(again)).await.unwrap();
    let code = clinic
        .adapter
        .confirm_code(fresh, CODE.to_owned())
        .await
        .unwrap();
    assert!(code.is_confirmed);
    let wish = anonymous_wish(&form, &slot, Some(code));
    assert_eq!(clinic.adapter.tier(&wish), Tier::None);
    let (_, told) = accepted(clinic.submit(&wish).await);
    assert!(line(&told, "Owed").is_some(), "{told:?}");
    // A code is good for one booking.
    let second = clinic.submit(&wish).await;
    let Outcome::HeldBack { reasons } = &second else {
        panic!("{second:?}");
    };
    assert_eq!(reasons[0].field, Some(FieldKey::PatientCode));
}

#[tokio::test]
async fn a_confirmed_code_that_lapses_before_the_booking_asks_for_another() {
    let clinic = Clinic::anonymous("WALKIN", true);
    let form = walk_in("WALKIN");
    let slot = clinic.slots(&form).await.remove(0);
    let code = clinic.adapter.send_code(&form, None).await.unwrap();
    let code = clinic
        .adapter
        .confirm_code(code, CODE.to_owned())
        .await
        .unwrap();
    clinic.lab.advance(3_600);
    let outcome = clinic
        .submit(&anonymous_wish(&form, &slot, Some(code)))
        .await;
    assert_eq!(refused_beside(&outcome), [Some(FieldKey::PatientCode)]);
}

#[tokio::test]
async fn where_nobody_asks_for_a_code_the_booking_registers_the_patient() {
    let clinic = Clinic::anonymous("KIOSK", false);
    let form = walk_in("KIOSK");
    let slot = clinic.slots(&form).await.remove(0);
    let wish = anonymous_wish(&form, &slot, None);
    clinic.lab.arm(
        "meddbase-anon-register",
        Some(1),
        &json!({"kind": "close-after"}),
    );
    let lost = clinic.submit(&wish).await;
    assert!(matches!(lost, Outcome::NotSent { .. }), "{lost:?}");
    accepted(clinic.submit(&wish).await);
    clinic.lab.arm(
        "meddbase-anon-book",
        Some(1),
        &json!({"kind": "close-after"}),
    );
    let lost = clinic.submit(&wish).await;
    assert!(matches!(lost, Outcome::Unknown { .. }), "{lost:?}");
}
