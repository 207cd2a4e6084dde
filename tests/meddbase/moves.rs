//! An appointment that is moved: for the right patient, with what is known of them, and looked for without the old one.

use frontdesk::domain::evidence::Outcome;
use frontdesk::domain::failure::Failure;
use frontdesk::domain::looked::Looked;
use frontdesk::domain::offer::{FieldKey, Kind};
use frontdesk::domain::slot::{Context, SlotQuery};
use frontdesk::domain::submission::{Intent, Subject};
use frontdesk::vendor::Adapter;
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::matchers::{path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::desk::*;

const FIND: &str = "/patientportalapi/patients/patient";
const PAYERS: &str = "/patientportalapi/appointment/payer-types";

/// As the vendor publishes one: nothing in it says whose it is.
fn old() -> Value {
    json!({"Key": "apt1", "Start": "2027-01-05T09:30:00", "State": "Booked", "Site": {"Key": 1123},
        "Type": {"Key": "00000000fc0af8e9"}, "PayerType": "IN"})
}

fn page(rows: &[Value]) -> ResponseTemplate {
    ok(&json!({"Items": rows, "TotalCount": rows.len()}))
}

/// A list whose rows name nobody: all of them for whoever asks about nobody, and those of one patient.
async fn list(server: &MockServer, all: &[Value], key: &str, theirs: &[Value]) {
    let of_one = Mock::given(path(LIST)).and(query_param("patient", key));
    of_one.respond_with(page(theirs)).mount(server).await;
    answer(server, LIST, page(all)).await;
}

/// Somebody who was created when the appointment was booked: the form that is moved has no key of theirs.
fn moved() -> Intent {
    change(&stranger(), "apt1", "reschedule")
}

fn found() -> ResponseTemplate {
    ok(&json!({"Key": "pat7", "Name": "John", "Surname": "Lemon"}))
}

#[tokio::test]
async fn a_patient_without_a_key_is_found_and_the_appointment_is_moved_for_them() {
    let server = open().await;
    list(&server, &[old()], "pat7", &[old()]).await;
    answer(&server, FIND, found()).await;
    answer(&server, BOOK, ok(&appointment())).await;
    answer(&server, CANCEL, ok(&json!(null))).await;
    let outcome = meddbase(&server.uri()).submit(&moved(), None).await;
    assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
    let booked = received(&server, BOOK).await;
    assert_eq!(query(&booked[0], "patient").as_deref(), Some("pat7"));
    assert_eq!(received(&server, CANCEL).await.len(), 1);
}

/// Whoever is found is not whose it is where it is not among theirs: then nothing is booked, for nobody.
#[rstest]
#[case::nobody(error(424, 0, "More than one patient matches."))]
#[case::no_key(ok(&json!({"Name": "John"})))]
#[case::a_namesake(found())]
#[tokio::test]
async fn nothing_is_booked_where_nobody_tells_whose_it_is(#[case] answered: ResponseTemplate) {
    let server = open().await;
    list(&server, &[old()], "pat7", &[]).await;
    answer(&server, FIND, answered).await;
    answer(&server, BOOK, ok(&appointment())).await;
    let outcome = meddbase(&server.uri()).submit(&moved(), None).await;
    let Outcome::HeldBack { reasons } = &outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(
        reasons[0].words,
        "Meddbase does not tell whose it is: nothing was booked"
    );
    assert!(reasons[0].is_ours);
    assert!(received(&server, BOOK).await.is_empty());
    assert!(received(&server, CANCEL).await.is_empty());
}

/// What is asked while an appointment is moved, by whom nothing but the words of the form is known.
fn question() -> Context {
    let typed = [
        (FieldKey::Name, "John Lemon"),
        (FieldKey::BirthDate, "1958-08-02"),
        (FieldKey::Email, "john.lemon@test.com"),
        (FieldKey::Payer, "IN"),
        (FieldKey::AppointmentType, "00000000fc0af8e9"),
    ];
    Context {
        subject: Some(Subject {
            number: "apt1".to_owned(),
            change: "reschedule".to_owned(),
        }),
        ..form(Kind::Change, &typed)
    }
}

#[rstest]
#[case::found(found())]
#[case::told_by_the_row(error(424, 0, "More than one patient matches."))]
#[tokio::test]
async fn the_lists_and_times_of_a_move_are_those_of_its_patient(
    #[case] answered: ResponseTemplate,
) {
    let server = open().await;
    let mut row = old();
    row["Patient"] = json!({"Key": "pat7", "Name": "John"});
    list(&server, &[row], "pat7", &[old()]).await;
    answer(&server, FIND, answered).await;
    answer(
        &server,
        PAYERS,
        ok(&json!([{"Key": "IN", "Name": "Insurer"}])),
    )
    .await;
    answer(&server, SLOTS, ok(&json!({"TimeSlots": [], "Sites": []}))).await;
    let adapter = meddbase(&server.uri());
    let asked = question();
    adapter.choices(FieldKey::Payer, &asked).await.unwrap();
    let query_for = SlotQuery {
        context: asked,
        from: chrono::NaiveDate::from_ymd_opt(2027, 1, 4).unwrap(),
        days: 1,
    };
    adapter.slots(&query_for).await.unwrap();
    for at in [PAYERS, SLOTS] {
        let asked = received(&server, at).await;
        assert_eq!(query(&asked[0], "patient").as_deref(), Some("pat7"), "{at}");
    }
    // Asked once, and known from then on.
    assert_eq!(received(&server, FIND).await.len(), 1);
}

#[tokio::test]
async fn nothing_is_asked_for_the_manager_while_an_appointment_is_moved() {
    let server = open().await;
    list(&server, &[old()], "pat7", &[]).await;
    answer(&server, FIND, found()).await;
    answer(
        &server,
        PAYERS,
        ok(&json!([{"Key": "IN", "Name": "Insurer"}])),
    )
    .await;
    let asked = meddbase(&server.uri())
        .choices(FieldKey::Payer, &question())
        .await;
    let Err(Failure::Refused(words)) = asked else {
        panic!("{asked:?}");
    };
    assert!(
        words.starts_with("Meddbase does not tell whose it is"),
        "{words}"
    );
    assert!(received(&server, PAYERS).await.is_empty());
}

/// Moved to the same time, with another clinician say: the old one is exactly what is looked for, and is not it.
#[rstest]
#[case::not_booked(false)]
#[case::booked(true)]
#[tokio::test]
async fn the_one_that_is_moved_is_not_taken_for_the_new_one(#[case] is_there: bool) {
    let server = open().await;
    let mut same = old();
    same["Start"] = json!("2027-01-04T09:30:00");
    let mut rows = vec![same.clone()];
    if is_there {
        same["Key"] = json!("apt2");
        rows.push(same);
    }
    answer(&server, LIST, page(&rows)).await;
    let intent = change(&lemon(), "apt1", "reschedule");
    let looked = meddbase(&server.uri()).look(&intent, now()).await;
    match looked {
        Looked::Absent => assert!(!is_there),
        Looked::Match { number, .. } => assert!(is_there && number == "apt2"),
        looked => panic!("{looked:?}"),
    }
}
