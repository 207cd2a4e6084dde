//! Answers that nobody should send: the adapter never says a false word about them, and never asks twice what may have
//! been done.

use frontdesk::domain::evidence::{Outcome, Reason};
use frontdesk::domain::failure::Failure;
use frontdesk::domain::looked::{Looked, Told};
use frontdesk::domain::offer::{FieldKey, Kind};
use frontdesk::domain::submission::{Intent, Submission};
use frontdesk::domain::tier::Tier;
use frontdesk::vendor::Adapter;
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::matchers::{path, query_param};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use crate::bad_server::{self, assert_perhaps_accepted, json_bytes};
use crate::desk::*;

fn html(status: u16) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw("<html>502</html>", "text/html")
}

fn raw(status: u16, body: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(body, "application/json")
}

fn class(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::NotSent { .. } => "not sent",
        Outcome::RateLimited { .. } => "limited",
        Outcome::SignedOut { .. } => "signed out",
        Outcome::Accepted { .. } => "accepted",
        Outcome::PerhapsAccepted { .. } => "perhaps",
        Outcome::Refused { reasons } if is_gone(reasons) => "gone",
        Outcome::HeldBack { .. } => "held back",
        Outcome::Refused { .. } => "refused",
        Outcome::Duplicate { .. } | Outcome::CodeTaken { .. } => "duplicate",
        Outcome::Unknown { .. } => "unknown",
    }
}

fn is_gone(reasons: &[Reason]) -> bool {
    let mut reasons = reasons.iter();
    reasons.any(|reason| reason.field == Some(FieldKey::ScheduledAt))
}

#[rstest]
#[case::page(html(200), "perhaps")]
#[case::garbage(raw(200, "{\"status\":\"ok\",\"resu"), "perhaps")]
#[case::no_result(ok(&json!(null)), "perhaps")]
#[case::nothing(ResponseTemplate::new(204), "perhaps")]
#[case::empty(raw(200, ""), "perhaps")]
#[case::no_key(ok(&json!({"State": "Booked"})), "perhaps")]
#[case::hidden_number(ok(&json!({"Key": "apt\u{202e}1"})), "perhaps")]
#[case::bare(raw(200, r#"{"Key":"apt1"}"#), "perhaps")]
#[case::not_json(ResponseTemplate::new(200).set_body_raw(r#"{"status":"ok","result":{"Key":"apt1"}}"#, "text/plain"), "perhaps")]
#[case::endless(ok(&json!({"Key": "apt1", "Notes": " ".repeat(1024 * 1024)})), "perhaps")]
#[case::created(raw(201, r#"{"status":"OK","result":{"Key":"apt1"}}"#), "accepted")]
#[case::redirect(ResponseTemplate::new(302).insert_header("location", "/elsewhere"), "unknown")]
#[case::bad_request_page(html(400), "unknown")]
#[case::gateway(html(502), "unknown")]
#[case::busy_page(html(503), "unknown")]
#[case::timeout(html(504), "unknown")]
#[case::too_many(html(429), "limited")]
#[case::gone(error(424, 0, "The appointment slot is no longer available."), "gone")]
#[case::gone_with_400(error(400, 0, "Sorry."), "gone")]
#[case::gone_with_500(error(500, 0, "The appointment slot is no longer available."), "gone")]
#[case::gone_with_200(
    raw(
        200,
        r#"{"status":"error","error":{"Message":"Gone","EventCode":0,"HttpStatusCode":424}}"#
    ),
    "gone"
)]
#[case::unknown_code(error(424, 77_777, "Something else."), "gone")]
#[case::failed(error(500, 0, "Object reference not set."), "unknown")]
#[case::down(error(500, 0, "The booking service is not available."), "unknown")]
#[case::lost_its_store(error(500, 0, "The database is no longer available."), "unknown")]
#[case::behind_a_gateway(
    error(504, 0, "The appointment slot is no longer available."),
    "unknown"
)]
#[case::too_many_in_their_words(error(429, 0, "Too many requests."), "limited")]
#[case::gave_up(error(408, 0, "Request timeout."), "unknown")]
#[case::led_away(error(307, 0, "Moved."), "unknown")]
#[case::no_right(error(403, 0, "You have no right to book."), "refused")]
#[case::missing(error(400, 1, "Parameter missing."), "refused")]
#[case::markup(error(400, 12, "Input contains HTML markup."), "refused")]
#[case::starting(error(500, 10, "Application is starting."), "limited")]
#[case::key(error(401, 4, "Client key not valid."), "signed out")]
#[case::blocked(error(403, 14, "User blocked."), "signed out")]
#[tokio::test]
async fn a_booking_is_told_as_what_it_is(#[case] answered: ResponseTemplate, #[case] means: &str) {
    let server = open().await;
    answer(&server, BOOK, answered).await;
    let outcome = meddbase(&server.uri()).submit(&lemon(), None).await;
    assert_eq!(class(&outcome), means, "{outcome:?}");
    assert_eq!(received(&server, BOOK).await.len(), 1);
}

#[rstest]
#[case::token(error(401, 11, "Invalid token."))]
#[case::session(error(401, 8, "User not logged in."))]
#[case::page(html(401))]
#[tokio::test]
async fn a_session_that_is_over_is_renewed_once(#[case] over: ResponseTemplate) {
    let server = open().await;
    answer_once(&server, BOOK, over.clone()).await;
    answer(&server, BOOK, ok(&appointment())).await;
    let adapter = meddbase(&server.uri());
    let outcome = adapter.submit(&lemon(), None).await;
    assert_eq!(class(&outcome), "accepted", "{outcome:?}");
    assert_eq!(received(&server, BOOK).await.len(), 2);
    assert_eq!(received(&server, LOG_IN).await.len(), 2);
    server.reset().await;
    answer(&server, LOG_IN, ok(&granted())).await;
    answer(&server, BOOK, over).await;
    let outcome = adapter.submit(&lemon(), None).await;
    assert_eq!(class(&outcome), "signed out", "{outcome:?}");
    assert_eq!(received(&server, BOOK).await.len(), 2);
}

#[rstest]
#[case::another(
    "The patient does not have this payer type.",
    "perhaps this time is gone"
)]
#[case::gone("The slot is not available.", "this time is gone: pick another")]
#[tokio::test]
async fn the_vendors_reason_comes_first_and_ours_is_a_guess(
    #[case] said: &str,
    #[case] hint: &str,
) {
    let server = open().await;
    answer(&server, BOOK, error(400, 0, said)).await;
    let outcome = meddbase(&server.uri()).submit(&lemon(), None).await;
    let Outcome::Refused { reasons } = &outcome else {
        panic!("{outcome:?}");
    };
    let [theirs, ours] = reasons.as_slice() else {
        panic!("{reasons:?}");
    };
    assert_eq!((theirs.is_ours, theirs.words.as_str()), (false, said));
    assert!(ours.is_ours && ours.words.starts_with(hint), "{ours:?}");
}

/// The words stay the vendor's, beside the field that they name.
#[rstest]
#[case::missing(1, "Parameter 'DateOfBirth' is missing.", Some(FieldKey::BirthDate))]
#[case::within(
    2,
    "Parameter “demog.Mobile” is badly formatted.",
    Some(FieldKey::Phone)
)]
#[case::of_its_own(
    0,
    "The patient's \"PayerType\" is not allowed.",
    Some(FieldKey::Payer)
)]
#[case::not_quoted(1, "Name the DateOfBirth.", None)]
#[case::not_whole(1, "Parameter 'DateOfBirthday' isn't known.", None)]
#[tokio::test]
async fn a_refusal_stands_beside_the_field_that_it_names(
    #[case] code: i64,
    #[case] said: &str,
    #[case] field: Option<FieldKey>,
) {
    let server = open().await;
    answer(&server, CREATE_PATIENT, error(400, code, said)).await;
    answer(&server, BOOK, error(400, code, said)).await;
    let adapter = meddbase(&server.uri());
    for intent in [stranger(), lemon()] {
        let outcome = adapter.submit(&intent, None).await;
        let Outcome::Refused { reasons } = &outcome else {
            panic!("{outcome:?}");
        };
        let [theirs] = reasons.as_slice() else {
            panic!("{reasons:?}");
        };
        assert_eq!((theirs.field, theirs.is_ours), (field, false));
        assert_eq!(theirs.words, said);
    }
}

#[tokio::test]
async fn the_payer_of_a_form_without_a_login_is_its_sign_up_code() {
    let server = open().await;
    let register = "/patientportalapi/anon-booking/register-patient";
    answer(&server, register, error(400, 2, "Bad 'payerType'.")).await;
    let adapter = account(&server.uri(), "anon", anonymous("example", false));
    let mut intent = stranger();
    intent.submission.kind = Kind::Anonymous;
    let outcome = adapter.submit(&intent, None).await;
    let Outcome::Refused { reasons } = &outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(reasons[0].field, Some(FieldKey::SignUpCode));
}

#[rstest]
#[case::duplicates(error(400, 0, "More than one patient matches."), "refused")]
#[case::too_many(error(429, 0, "Too many requests."), "limited")]
// Not held back: the patient may have been added.
#[case::no_key(ok(&json!({})), "refused")]
#[case::page(html(200), "not sent")]
#[case::failed(html(502), "not sent")]
#[case::starting(error(500, 10, "Application is starting."), "limited")]
#[case::session(error(401, 8, "User not logged in."), "signed out")]
#[tokio::test]
async fn a_patient_who_is_not_entered_is_not_booked(
    #[case] answered: ResponseTemplate,
    #[case] means: &str,
) {
    let server = open().await;
    answer(&server, CREATE_PATIENT, answered).await;
    let outcome = meddbase(&server.uri()).submit(&stranger(), None).await;
    assert_eq!(class(&outcome), means, "{outcome:?}");
    assert!(received(&server, BOOK).await.is_empty());
}

/// "It was not sent" is true only where nobody was entered either.
#[rstest]
#[case::no_time(|submission: &mut Submission| submission.slot = None)]
#[case::no_place(|submission: &mut Submission| submission.slot.as_mut().unwrap().place = None)]
#[case::no_type(|submission: &mut Submission| drop(submission.details.remove(&FieldKey::AppointmentType)))]
// As an earlier console kept it.
#[case::no_number(|submission: &mut Submission| submission.slot.as_mut().unwrap().fine_price = Some("066.665".to_owned()))]
#[tokio::test]
async fn what_is_held_back_enters_nobody(#[case] spoil: fn(&mut Submission)) {
    let server = open().await;
    answer(&server, CREATE_PATIENT, ok(&json!({"Key": "new1"}))).await;
    let mut intent = stranger();
    spoil(&mut intent.submission);
    let outcome = meddbase(&server.uri()).submit(&intent, None).await;
    assert_eq!(class(&outcome), "held back", "{outcome:?}");
    assert!(received(&server, CREATE_PATIENT).await.is_empty());
    assert!(received(&server, BOOK).await.is_empty());
}

#[rstest]
#[case::session(error(401, 8, "User not logged in."), "signed out")]
#[case::token(error(401, 11, "Invalid token."), "signed out")]
// With a session, a 401 means that this one had expired: nothing was done, in whatever form it is said.
#[case::page(html(401), "signed out")]
#[case::unauthorised(error(401, 0, "Nobody says what this is."), "signed out")]
#[case::failed(error(500, 0, "Object reference not set."), "unknown")]
#[case::gateway(html(502), "unknown")]
#[case::page_for_an_answer(html(200), "unknown")]
#[case::empty(raw(200, ""), "unknown")]
#[case::arrived(error(424, 0, "The patient has arrived."), "refused")]
#[case::too_many(error(429, 0, "Too many requests."), "limited")]
#[tokio::test]
async fn a_cancellation_is_never_made_twice(
    #[case] answered: ResponseTemplate,
    #[case] means: &str,
) {
    let server = open().await;
    answer(&server, CANCEL, answered).await;
    let adapter = meddbase(&server.uri());
    let intent = change(&lemon(), "apt1", "cancel");
    let outcome = adapter.submit(&intent, None).await;
    assert_eq!(class(&outcome), means, "{outcome:?}");
    assert_eq!(received(&server, CANCEL).await.len(), 1);
    assert_eq!(adapter.tier(&intent), Tier::None);
}

const INFO: &str = "/patientportalapi/appointment/cancellation-info";

/// "Book only at exactly the price that was shown" is no promise where none was.
#[rstest]
#[case::guarded("yes", "held back")]
#[case::as_configured("", "held back")]
#[case::not_guarded("no", "accepted")]
#[tokio::test]
async fn a_guarded_time_without_a_price_is_held_back(#[case] guard: &str, #[case] means: &str) {
    let server = open().await;
    answer(&server, BOOK, ok(&appointment())).await;
    let mut intent = lemon();
    intent.submission.slot.as_mut().unwrap().price = None;
    let details = &mut intent.submission.details;
    details.insert(FieldKey::PriceGuard, choice(guard));
    let outcome = meddbase(&server.uri()).submit(&intent, None).await;
    assert_eq!(class(&outcome), means, "{outcome:?}");
    if let Outcome::HeldBack { reasons } = &outcome {
        assert_eq!(reasons[0].field, Some(FieldKey::ScheduledAt));
        assert!(reasons[0].is_ours && reasons[0].words.contains("price guard"));
        assert!(received(&server, BOOK).await.is_empty());
    }
}

fn fee(amount: f64) -> ResponseTemplate {
    ok(&json!({"AppointmentKey": "apt1", "Fee": amount, "Detail": "Within 2 days."}))
}

/// A change that was saved when its terms were these.
async fn confirmed(server: &MockServer, terms: ResponseTemplate, done: &str) -> Intent {
    answer_once(server, INFO, terms).await;
    let mut intent = change(&lemon(), "apt1", done);
    let subject = intent.submission.subject.clone().unwrap();
    let terms = meddbase(&server.uri()).terms(&subject).await;
    intent.submission.terms = terms.unwrap();
    intent
}

fn words(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Refused { reasons } | Outcome::HeldBack { reasons } => &reasons[0].words,
        Outcome::NotSent { why } => why,
        _ => panic!("{outcome:?}"),
    }
}

#[rstest]
#[case::dearer(
    fee(40.0),
    "held back",
    "The fee is now £40, you confirmed £25: nothing was cancelled"
)]
#[case::cheaper(
    fee(0.0),
    "held back",
    "The fee is now none, you confirmed £25: nothing was cancelled"
)]
#[case::not_told(ok(&json!({"AppointmentKey": "apt1"})), "held back", "The fee is now not told: ask Meddbase, you confirmed £25")]
#[case::gone(
    error(404, 0, "The appointment was not found."),
    "refused",
    "The appointment was not found."
)]
#[case::unreadable(
    html(502),
    "not sent",
    "/patientportalapi/appointment/cancellation-info"
)]
#[tokio::test]
async fn nothing_is_cancelled_at_another_fee_than_the_confirmed_one(
    #[case] answered: ResponseTemplate,
    #[case] means: &str,
    #[case] told: &str,
) {
    let server = open().await;
    let intent = confirmed(&server, fee(25.0), "cancel").await;
    answer(&server, INFO, answered).await;
    answer(&server, CANCEL, ok(&json!(null))).await;
    let outcome = meddbase(&server.uri()).submit(&intent, None).await;
    assert_eq!(class(&outcome), means, "{outcome:?}");
    assert!(words(&outcome).starts_with(told), "{}", words(&outcome));
    assert!(received(&server, CANCEL).await.is_empty());
}

#[tokio::test]
async fn a_fee_that_still_holds_is_read_anew_and_cancelled_at_once() {
    let server = open().await;
    let intent = confirmed(&server, fee(25.0), "cancel").await;
    // Only the fee was agreed to: the words about it may have moved on.
    let later = json!({"AppointmentKey": "apt1", "Fee": "25.00", "Detail": "Within 1 day."});
    answer(&server, INFO, ok(&later)).await;
    answer(&server, CANCEL, ok(&json!(null))).await;
    let outcome = meddbase(&server.uri()).submit(&intent, None).await;
    assert_eq!(class(&outcome), "accepted", "{outcome:?}");
    assert_eq!(received(&server, INFO).await.len(), 2);
    assert_eq!(received(&server, CANCEL).await.len(), 1);
}

#[tokio::test]
async fn a_move_at_another_fee_books_nothing_and_cancels_nothing() {
    let server = open().await;
    answer(&server, LIST, ok(&listed("apt1"))).await;
    answer(&server, BOOK, ok(&appointment())).await;
    answer(&server, CANCEL, ok(&json!(null))).await;
    let intent = confirmed(&server, fee(25.0), "reschedule").await;
    answer(&server, INFO, fee(40.0)).await;
    let outcome = meddbase(&server.uri()).submit(&intent, None).await;
    assert_eq!(class(&outcome), "held back", "{outcome:?}");
    let told =
        "The fee is now £40, you confirmed £25: nothing was booked and nothing was cancelled";
    assert!(words(&outcome).starts_with(told), "{}", words(&outcome));
    assert!(received(&server, BOOK).await.is_empty());
    assert!(received(&server, CANCEL).await.is_empty());
}

/// Whatever is asked between the booking and the cancellation may be cut off, and leave the patient with both.
#[tokio::test]
async fn a_move_asks_nothing_between_the_new_time_and_the_end_of_the_old_one() {
    let server = open().await;
    answer(&server, LIST, ok(&listed("apt1"))).await;
    answer(&server, BOOK, ok(&appointment())).await;
    answer(&server, CANCEL, ok(&json!(null))).await;
    let intent = confirmed(&server, fee(25.0), "reschedule").await;
    answer_once(&server, INFO, fee(25.0)).await;
    answer(&server, INFO, html(502)).await;
    let outcome = meddbase(&server.uri()).submit(&intent, None).await;
    let Outcome::Accepted { told, .. } = &outcome else {
        panic!("{outcome:?}");
    };
    let ended = told.iter().find(|line| line.label == Told::ENDED);
    assert_eq!(ended.map(|line| line.text.as_str()), Some("apt1"));
    let asked = server.received_requests().await.unwrap();
    let mut asked = asked.iter().map(|request| request.url.path());
    assert!(asked.any(|to| to == BOOK));
    assert_eq!(asked.next(), Some(CANCEL));
}

fn listed(number: &str) -> Value {
    json!({"Items": [{"Key": number, "Start": "2027-01-05T09:30:00", "State": "Booked", "Site": {"Key": 1123},
        "Type": {"Key": "CN"}, "PayerType": "PA", "Modules": [{"Key": 5631}], "Services": []}], "TotalCount": 1})
}

#[rstest]
#[case::refused(
    error(424, 0, "The patient has arrived."),
    "The old one still stands",
    "apt1: The patient has arrived."
)]
#[case::no_answer(html(502), "The old one", "apt1 may still stand")]
#[case::signed_out(
    error(401, 8, "Not logged in."),
    "The old one still stands",
    "apt1: Not logged in."
)]
#[tokio::test]
async fn a_move_that_is_half_done_tells_of_both(
    #[case] answered: ResponseTemplate,
    #[case] label: &str,
    #[case] words: &str,
) {
    let server = open().await;
    answer(&server, LIST, ok(&listed("apt1"))).await;
    answer(&server, BOOK, ok(&appointment())).await;
    answer(&server, CANCEL, answered).await;
    let mut intent = change(&lemon(), "apt1", "reschedule");
    intent.submission.details.clear();
    let outcome = meddbase(&server.uri()).submit(&intent, None).await;
    let Outcome::Accepted { number, told } = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(number, "apt58462");
    let line = told.last().unwrap();
    assert_eq!(line.label, label);
    assert!(line.text.starts_with(words), "{line:?}");
    // What the form does not say is as it was.
    let booked = body(&received(&server, BOOK).await[0]);
    assert_eq!(booked["proposedTimeSlot"]["Type"]["Key"], "CN");
    assert_eq!(booked["proposedTimeSlot"]["PayerType"], "PA");
    assert_eq!(
        booked["proposedTimeSlot"]["Modules"],
        json!([{"Key": 5631}])
    );
}

#[rstest]
#[case::gone(error(424, 0, "No longer available."), "gone")]
#[case::no_answer(html(502), "unknown")]
#[tokio::test]
async fn a_move_cancels_nothing_before_the_new_time_is_booked(
    #[case] answered: ResponseTemplate,
    #[case] means: &str,
) {
    let server = open().await;
    answer(&server, LIST, ok(&listed("apt1"))).await;
    answer(&server, BOOK, answered).await;
    let intent = change(&lemon(), "apt1", "reschedule");
    let outcome = meddbase(&server.uri()).submit(&intent, None).await;
    assert_eq!(class(&outcome), means, "{outcome:?}");
    assert!(received(&server, CANCEL).await.is_empty());
    // What does not stand any more is not moved.
    let intent = change(&lemon(), "apt2", "reschedule");
    let outcome = meddbase(&server.uri()).submit(&intent, None).await;
    assert_eq!(class(&outcome), "held back", "{outcome:?}");
    assert_eq!(received(&server, BOOK).await.len(), 1);
}

#[rstest]
#[case::page(html(200))]
#[case::no_list(ok(&json!({"TotalCount": 0})))]
#[case::short(ok(&json!({"Items": [], "TotalCount": 3})))]
#[case::no_rows(ok(&json!({"Items": ["apt1"], "TotalCount": 1})))]
#[tokio::test]
async fn a_look_that_did_not_see_everything_says_so(#[case] answered: ResponseTemplate) {
    let server = open().await;
    answer(&server, LIST, answered).await;
    let looked = meddbase(&server.uri()).look(&stranger(), now()).await;
    assert!(matches!(looked, Looked::Unclear { .. }), "{looked:?}");
}

#[tokio::test]
async fn an_appointment_of_somebody_who_is_not_named_leaves_it_open() {
    let server = open().await;
    let row = json!({"Key": "apt1", "Start": "2027-01-04T09:30:00", "Site": {"Key": 1123},
        "Type": {"Key": "00000000fc0af8e9"}});
    answer(&server, LIST, ok(&json!({"Items": [row], "TotalCount": 1}))).await;
    let looked = meddbase(&server.uri()).look(&stranger(), now()).await;
    assert!(matches!(looked, Looked::Open { .. }), "{looked:?}");
}

/// What was sent is there, and told in a way that a hasty look would take for somebody else's.
#[rstest]
#[case::spelled_otherwise(&["/Patient/Name"], json!("Jonathan"))]
#[case::no_site(&["/Site"], json!(null))]
#[case::no_type(&["/Type"], json!(null))]
#[case::no_start(&["/Start"], json!(null))]
#[case::start_without_a_shape(&["/Start"], json!("4 January, half past nine"))]
#[tokio::test]
async fn what_may_be_it_is_never_told_as_absent(#[case] fields: &[&str], #[case] told: Value) {
    let server = open().await;
    let mut row = json!({"Key": "apt1", "Start": "2027-01-04T09:30:00", "State": "Booked", "Site": {"Key": 1123},
        "Type": {"Key": "00000000fc0af8e9"},
        "Patient": {"Name": "John", "Surname": "Lemon", "DateOfBirth": "1958-08-02T00:00:00"}});
    for field in fields {
        *row.pointer_mut(field).unwrap() = told.clone();
    }
    answer(&server, LIST, ok(&json!({"Items": [row], "TotalCount": 1}))).await;
    let adapter = meddbase(&server.uri());
    let looked = adapter.look(&stranger(), now()).await;
    assert!(matches!(looked, Looked::Open { .. }), "{looked:?}");
    // The vendor itself knows by the same words whom it entered: then the name counts for nothing.
    let find = "/patientportalapi/patients/patient";
    answer(&server, find, ok(&json!({"Key": "pat7"}))).await;
    let looked = adapter.look(&stranger(), now()).await;
    match looked {
        Looked::Match { number, .. } => {
            assert_eq!(fields, ["/Patient/Name"]);
            assert_eq!(number, "apt1");
        }
        Looked::Open { .. } => assert_ne!(fields, ["/Patient/Name"]),
        _ => panic!("{looked:?}"),
    }
    let asked = received(&server, LIST).await;
    assert_eq!(query(&asked[1], "patient").unwrap(), "pat7");
    let searched = received(&server, find).await;
    assert_eq!(body(&searched[0])["demog"]["Surname"], "Lemon");
    assert!(received(&server, CREATE_PATIENT).await.is_empty());
}

#[tokio::test]
async fn others_at_the_same_time_are_no_hindrance() {
    let server = open().await;
    let row = |key: &str, kind: &str, born: &str| {
        json!({"Key": key, "Start": "2027-01-04T09:30:00", "State": "Booked", "Site": {"Key": 1123},
            "Type": {"Key": kind}, "Patient": {"Name": "Jane", "Surname": "Lime", "DateOfBirth": born}})
    };
    let mut nameless = row("apt2", "CN", "1958-08-02T00:00:00");
    nameless["Patient"] = json!(null);
    let rows = json!([
        row("apt1", "00000000fc0af8e9", "1990-01-01T00:00:00"),
        nameless
    ]);
    answer(&server, LIST, ok(&json!({"Items": rows, "TotalCount": 2}))).await;
    let looked = meddbase(&server.uri()).look(&stranger(), now()).await;
    assert_eq!(looked, Looked::Absent);
}

/// Pages of a list of `count` rows, ten each, whatever page size was asked for.
struct Tens(usize);

impl Respond for Tens {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let number: usize = query(request, "page-number").unwrap().parse().unwrap();
        let all = (0..self.0).map(|index| {
            let at = if index == 12 { "09:30" } else { "15:00" };
            json!({"Key": format!("apt{index}"), "Start": format!("2027-01-04T{at}:00"), "State": "Booked",
                "Site": {"Key": 1123}, "Type": {"Key": "00000000fc0af8e9"}})
        });
        let items: Vec<Value> = all.skip((number - 1) * 10).take(10).collect();
        ok(&json!({"Items": items}))
    }
}

#[tokio::test]
async fn a_list_that_does_not_tell_its_length_is_read_to_an_empty_page() {
    let server = open().await;
    Mock::given(path(LIST))
        .respond_with(Tens(15))
        .mount(&server)
        .await;
    let looked = meddbase(&server.uri()).look(&lemon(), now()).await;
    let Looked::Match { number, .. } = looked else {
        panic!("{looked:?}");
    };
    assert_eq!(number, "apt12");
    assert_eq!(received(&server, LIST).await.len(), 3);
}

#[rstest]
#[case::more_than_told(json!([{"Key": "apt1", "Start": "2027-01-04T15:00:00"}, {"Key": "apt2", "Start": "2027-01-04T15:00:00"}]), 1)]
#[case::one_twice(json!([{"Key": "apt1", "Start": "2027-01-04T15:00:00"}, {"Key": "apt1", "Start": "2027-01-04T15:00:00"}]), 2)]
#[tokio::test]
async fn a_list_that_does_not_add_up_proves_nothing(#[case] items: Value, #[case] total: usize) {
    let server = open().await;
    let page = json!({"Items": items, "TotalCount": total});
    answer(&server, LIST, ok(&page)).await;
    let looked = meddbase(&server.uri()).look(&lemon(), now()).await;
    assert!(matches!(looked, Looked::Unclear { .. }), "{looked:?}");
}

#[tokio::test]
async fn a_move_whose_old_time_is_gone_from_the_list_is_not_told_as_absent() {
    let server = open().await;
    answer(&server, LIST, ok(&json!({"Items": [], "TotalCount": 0}))).await;
    let mut intent = change(&lemon(), "apt1", "reschedule");
    intent.submission.details.clear();
    let looked = meddbase(&server.uri()).look(&intent, now()).await;
    assert!(matches!(looked, Looked::Open { .. }), "{looked:?}");
}

/// Only a row that says so shows that the old one was cancelled: one that is gone may be in the past, or elsewhere.
#[rstest]
#[case::cancelled(Some("Cancelled"), ("Cancelled", "apt1"))]
#[case::stands(Some("Booked"), ("The old one still stands", "apt1"))]
#[case::gone(None, ("The old one", "apt1 is not in the list any more"))]
#[tokio::test]
async fn what_became_of_the_old_one_is_told_as_the_list_has_it(
    #[case] state: Option<&str>,
    #[case] expected: (&str, &str),
) {
    let server = open().await;
    let row = |key: &str, start: &str, state: &str| {
        json!({"Key": key, "Start": start, "State": state, "Site": {"Key": 1123},
            "Type": {"Key": "00000000fc0af8e9"}, "PayerType": "IN"})
    };
    let mut rows = vec![row("apt2", "2027-01-04T09:30:00", "Booked")];
    rows.extend(state.map(|state| row("apt1", "2027-01-05T09:30:00", state)));
    let page = json!({"TotalCount": rows.len(), "Items": rows});
    answer(&server, LIST, ok(&page)).await;
    let intent = change(&lemon(), "apt1", "reschedule");
    let looked = meddbase(&server.uri()).look(&intent, now()).await;
    let Looked::Match { number, told } = looked else {
        panic!("{looked:?}");
    };
    assert_eq!(number, "apt2");
    let last = told.last().unwrap();
    assert_eq!((last.label.as_str(), last.text.as_str()), expected);
}

#[tokio::test]
async fn a_list_that_changes_while_it_is_read_proves_nothing() {
    let server = open().await;
    let other = json!({"Key": "apt9", "Start": "2027-01-04T11:30:00", "Site": {"Key": 1123}});
    let page = |total: usize| ok(&json!({"Items": vec![other.clone(); 50], "TotalCount": total}));
    answer_once(&server, LIST, page(80)).await;
    answer(&server, LIST, page(79)).await;
    let looked = meddbase(&server.uri()).look(&lemon(), now()).await;
    assert!(matches!(looked, Looked::Unclear { .. }), "{looked:?}");
    assert_eq!(
        query(&received(&server, LIST).await[1], "page-number").unwrap(),
        "2"
    );
}

/// A clinic with more appointment types than an account has requests in a minute.
#[tokio::test]
async fn the_sites_of_many_types_are_read_on_where_the_budget_ended() {
    let server = open().await;
    let payers = json!([{"Key": "PA", "Name": "Patient"}]);
    let at = "/patientportalapi/appointment/payer-types";
    answer(&server, at, ok(&payers)).await;
    let types: Vec<Value> = (0..130)
        .map(|number| json!({"Key": format!("T{number}"), "Name": "Type", "CanBookAppointment": true}))
        .collect();
    let at = "/patientportalapi/appointment/types";
    answer(&server, at, ok(&json!(types))).await;
    let sites = "/patientportalapi/appointment/sites";
    let last = Mock::given(path(sites)).and(query_param("appointment-type", "T129"));
    let only_there = json!([{"Key": 1124, "Name": "Annexe"}]);
    last.respond_with(ok(&only_there)).mount(&server).await;
    answer(&server, sites, ok(&json!([{"Key": 1123, "Name": "Main"}]))).await;
    let adapter = meddbase(&server.uri());
    let busy = adapter.branches().await;
    assert!(matches!(busy, Err(Failure::Busy(_))), "{busy:?}");
    let first = received(&server, sites).await.len();
    assert!((50..130).contains(&first), "{first}");
    tokio::time::pause();
    tokio::time::advance(std::time::Duration::from_secs(120)).await;
    tokio::time::resume();
    let branches = adapter.branches().await.unwrap();
    let names: Vec<&str> = branches.iter().map(|branch| branch.name.as_str()).collect();
    assert_eq!(names, ["Annexe", "Main"]);
    assert_eq!(received(&server, sites).await.len(), 130, "each type once");
    // What was read to its end is read anew when it is asked for again.
    tokio::time::pause();
    tokio::time::advance(std::time::Duration::from_secs(120)).await;
    tokio::time::resume();
    let _ = adapter.branches().await;
    assert!(received(&server, sites).await.len() > 130);
}

/// A type may be at one site for the patient's own money and at another for the employer's, or only for a referral.
#[rstest]
#[case::few(2, 5)]
#[case::many(60, 61)]
#[tokio::test]
async fn sites_are_those_of_every_payer_and_of_referrals(
    #[case] count: usize,
    #[case] asked: usize,
) {
    let server = open().await;
    let payers = json!([{"Key": "PA", "Name": "Patient"}, {"Key": "EM", "Name": "Employer"}]);
    answer(
        &server,
        "/patientportalapi/appointment/payer-types",
        ok(&payers),
    )
    .await;
    let kind = |key: String| json!({"Key": key, "Name": "Type", "CanBookAppointment": true});
    let mut own: Vec<Value> = (0..count - 1)
        .map(|number| kind(format!("T{number}")))
        .collect();
    own.push(json!({"Key": "REF", "CanBookAppointment": false, "CanReferPatient": true}));
    let mut employers = own.clone();
    employers.push(kind("EM1".to_owned()));
    employers.push(json!({"Key": "NO", "CanBookAppointment": false, "CanReferPatient": false}));
    let at = "/patientportalapi/appointment/types";
    for (payer, types) in [("PA", own), ("EM", employers)] {
        let types_of = Mock::given(path(at)).and(query_param("payer-type", payer));
        types_of
            .respond_with(ok(&json!(types)))
            .mount(&server)
            .await;
    }
    let sites = "/patientportalapi/appointment/sites";
    for (payer, kind, answered) in [
        ("PA", "REF", ok(&json!([{"Key": 3, "Name": "By referral"}]))),
        ("EM", "REF", error(403, 0, "Not without a referral.")),
        ("EM", "EM1", ok(&json!([{"Key": 4, "Name": "Employer's"}]))),
    ] {
        let mock = Mock::given(path(sites)).and(query_param("payer-type", payer));
        let mock = mock.and(query_param("appointment-type", kind));
        mock.respond_with(answered).mount(&server).await;
    }
    answer(&server, sites, ok(&json!([{"Key": 1123, "Name": "Main"}]))).await;
    let branches = meddbase(&server.uri()).branches().await.unwrap();
    let names: Vec<&str> = branches.iter().map(|branch| branch.name.as_str()).collect();
    assert_eq!(names, ["By referral", "Employer's", "Main"]);
    assert_eq!(received(&server, sites).await.len(), asked);
}

#[tokio::test]
async fn a_password_that_is_refused_is_not_tried_again() {
    let server = open().await;
    server.reset().await;
    answer(
        &server,
        LOG_IN,
        error(401, 0, "User name or password is wrong."),
    )
    .await;
    let adapter = meddbase(&server.uri());
    for _ in 0..3 {
        let refused = adapter.reach().await;
        assert!(matches!(refused, Err(Failure::SignedOut(_))), "{refused:?}");
        let outcome = adapter.submit(&lemon(), None).await;
        assert_eq!(class(&outcome), "signed out", "{outcome:?}");
    }
    assert_eq!(received(&server, LOG_IN).await.len(), 1);
}

/// Only what may be about the password is told as such.
#[rstest]
#[case::password(
    error(401, 0, "User name or password is wrong."),
    "a wrong password is not tried twice"
)]
#[case::key_missing(
    error(401, 3, "Client key missing."),
    "Correct the client-id of the profile"
)]
#[case::key(
    error(401, 4, "Client key not valid."),
    "Correct the client-id of the profile"
)]
#[case::place(
    error(403, 13, "IP address not allowed."),
    "This desk's network is not among those"
)]
#[case::blocked(error(403, 14, "User blocked."), "unblock this user")]
#[case::company(
    error(400, 9, "Company name missing."),
    "This is not about the password"
)]
#[tokio::test]
async fn a_refused_sign_in_says_what_can_be_done(
    #[case] answered: ResponseTemplate,
    #[case] remedy: &str,
) {
    let server = open().await;
    server.reset().await;
    answer(&server, LOG_IN, answered).await;
    let refused = meddbase(&server.uri()).sign_in().await;
    let Err(Failure::SignedOut(words)) = refused else {
        panic!("{refused:?}");
    };
    assert!(words.contains(remedy), "{words}");
    let is_password = remedy.contains("wrong password");
    assert_eq!(words.contains("a wrong password"), is_password, "{words}");
}

#[rstest]
#[case::gateway(html(502))]
#[case::too_many(error(429, 0, "Too many requests."))]
#[case::gave_up(error(408, 0, "Request timeout."))]
#[tokio::test]
async fn a_server_that_starts_is_asked_again_later(#[case] answered: ResponseTemplate) {
    let server = open().await;
    server.reset().await;
    answer_once(&server, LOG_IN, answered).await;
    answer(&server, LOG_IN, ok(&granted())).await;
    answer(&server, VALIDATE, ok(&json!({"RemainingTime": 569}))).await;
    let adapter = meddbase(&server.uri());
    let failed = adapter.sign_in().await;
    assert!(matches!(failed, Err(Failure::Offline(_))), "{failed:?}");
    // Who asked for a pause is given it.
    tokio::time::pause();
    tokio::time::advance(std::time::Duration::from_secs(11)).await;
    tokio::time::resume();
    adapter.sign_in().await.unwrap();
    adapter.reach().await.unwrap();
}

/// Waits until so many validations have come.
async fn validated(server: &MockServer, count: usize) {
    let come = async {
        while received(server, VALIDATE).await.len() < count {
            tokio::task::yield_now().await;
        }
    };
    let patience = std::time::Duration::from_secs(20);
    tokio::time::timeout(patience, come).await.unwrap();
}

async fn pass(seconds: u64) {
    tokio::time::pause();
    tokio::time::advance(std::time::Duration::from_secs(seconds)).await;
    tokio::time::resume();
}

#[tokio::test]
async fn a_session_lives_while_somebody_types_and_ends_when_nobody_does() {
    let server = open().await;
    answer(&server, VALIDATE, ok(&json!({"RemainingTime": 569}))).await;
    let adapter = meddbase(&server.uri());
    adapter.is_in_use();
    assert!(
        received(&server, LOG_IN).await.is_empty(),
        "it asks nothing"
    );
    adapter.sign_in().await.unwrap();
    // The sign-in pays for the first, and each use for one more. After it the session is proven once by hand, so that
    // its answer has been read.
    pass(1_141).await;
    validated(&server, 1).await;
    adapter.reach().await.unwrap();
    for count in [3, 5] {
        pass(300).await;
        adapter.is_in_use();
        pass(210).await;
        validated(&server, count).await;
        adapter.reach().await.unwrap();
    }
    pass(1_200).await;
    for _ in 0..1_000 {
        tokio::task::yield_now().await;
    }
    assert_eq!(received(&server, VALIDATE).await.len(), 6);
    assert_eq!(received(&server, LOG_IN).await.len(), 1);
}

#[tokio::test]
async fn many_who_wait_share_one_sign_in() {
    let server = open().await;
    let payers = "/patientportalapi/appointment/payer-types";
    answer(
        &server,
        payers,
        ok(&json!([{"Key": "PA", "Name": "Patient"}])),
    )
    .await;
    let adapter = meddbase(&server.uri());
    let form = form(Kind::Appointment, &[]);
    let ask = || adapter.choices(FieldKey::Payer, &form);
    let (one, two, three) = tokio::join!(ask(), ask(), ask());
    assert!([one, two, three].iter().all(Result::is_ok));
    assert_eq!(received(&server, LOG_IN).await.len(), 1);
    assert_eq!(received(&server, payers).await.len(), 3);
}

#[tokio::test]
async fn a_patient_is_never_in_an_error() {
    let adapter = meddbase("http://127.0.0.1:9");
    let typed = [
        (FieldKey::Name, "Ottoline Quartermain"),
        (FieldKey::Email, "ottoline@example.com"),
    ];
    let form = form(Kind::Appointment, &typed);
    let offline = adapter.find_patients(&form).await;
    let Err(Failure::Offline(words)) = offline else {
        panic!("{offline:?}");
    };
    assert!(!words.to_lowercase().contains("ottoline"), "{words}");
    // The same where the search itself is what fails.
    let server = open().await;
    answer(&server, "/patientportalapi/patients/patients", html(502)).await;
    let failed = meddbase(&server.uri()).find_patients(&form).await;
    let Err(Failure::Offline(words)) = failed else {
        panic!("{failed:?}");
    };
    assert!(!words.to_lowercase().contains("ottoline"), "{words}");
}

/// What is written down while something is traced back holds the trade and no patient.
#[test]
fn a_patient_is_never_in_what_a_program_tells_of_itself() {
    let mut intent = lemon();
    let typed = [
        (FieldKey::WorkEmail, "j.lemon@employer.example"),
        (FieldKey::EmployeeNumber, "E-7781"),
        (FieldKey::Reason, "chest pain"),
    ];
    let details = &mut intent.submission.details;
    details.extend(typed.map(|(key, value)| (key, choice(value))));
    let told = vec![Told {
        label: "Patient".to_owned(),
        text: "John Lemon".to_owned(),
    }];
    let outcome = Outcome::Accepted {
        number: "apt1".to_owned(),
        told,
    };
    let words = format!("{intent:?} {outcome:?}").to_lowercase();
    for patient in ["lemon", "studio", "n1 7nk", "e-7781", "chest"] {
        assert!(!words.contains(patient), "{patient} in {words}");
    }
    assert!(words.contains("fd-1") && words.contains("apt1"), "{words}");
}

#[tokio::test]
async fn a_code_stands_for_the_patient_it_was_sent_to() {
    let server = open().await;
    let register = "/patientportalapi/anon-booking/register-patient";
    answer(&server, register, ok(&json!({"SessionId": "s1"}))).await;
    answer(
        &server,
        "/patientportalapi/anon-booking/submit-validation-code",
        ok(&json!(null)),
    )
    .await;
    let adapter = account(&server.uri(), "anon", anonymous("example", true));
    let john = [
        (FieldKey::Name, "John Lemon"),
        (FieldKey::Email, "john.lemon@test.com"),
    ];
    let code = adapter
        .send_code(&form(Kind::Anonymous, &john), None)
        .await
        .unwrap();
    let code = adapter.confirm_code(code, "1".to_owned()).await.unwrap();
    let mut intent = stranger();
    intent.submission.kind = Kind::Anonymous;
    intent.submission.code = Some(code.clone());
    let outcome = adapter.submit(&intent, None).await;
    let Outcome::HeldBack { reasons } = &outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(reasons[0].field, Some(FieldKey::PatientCode));
    assert!(reasons[0].is_ours);
    // The code that this process asked for is not waited for; one that another asked for is, while it may live.
    assert_eq!(adapter.left_until(&intent), None);
    let elsewhere = account(&server.uri(), "anon", anonymous("example", true));
    let until = intent.saved_at + chrono::TimeDelta::minutes(15);
    assert_eq!(elsewhere.left_until(&intent), Some(until));
    assert_eq!(elsewhere.left_until(&lemon()), None);
    // Another patient is registered anew instead of being sent the code of the first.
    let jane = [
        (FieldKey::Name, "Jane Lemon"),
        (FieldKey::Email, "jane.lemon@test.com"),
    ];
    let other = adapter
        .send_code(&form(Kind::Anonymous, &jane), Some(code.clone()))
        .await
        .unwrap();
    assert_ne!(other.handle, code.handle);
    assert_eq!(received(&server, register).await.len(), 2);
    // And a handle of another process means nobody.
    let mut foreign = code;
    foreign.handle = foreign.handle.wrapping_add(1);
    let lapsed = adapter.confirm_code(foreign, "1".to_owned()).await;
    assert!(matches!(lapsed, Err(Failure::SignedOut(_))), "{lapsed:?}");
    assert!(
        received(&server, "/patientportalapi/anon-booking/book-time-slot")
            .await
            .is_empty()
    );
}

const GRANTED: &str =
    r#"{"status":"ok","result":{"SessionID":"s1","Token":"t1","Require2FA":false}}"#;

/// What is one call that changes something: a POST with a body, and a GET without one.
fn all() -> [Intent; 2] {
    [lemon(), change(&lemon(), "apt1", "cancel")]
}

#[rstest]
#[case::ten_megabytes(bad_server::ten_megabytes())]
#[case::cut(json_bytes(200, r#"{"status":"ok","result":{"Key":"apt1"#))]
#[case::html(bad_server::html())]
#[case::wrong_types(json_bytes(200, r#"{"status":"ok","result":{"Key":["apt1"]}}"#))]
#[case::not_unicode(json_bytes(200, b"{\"status\":\"ok\",\"result\":{\"Key\":\"\xff\xfe\"}}".to_vec()))]
#[case::control_characters(json_bytes(
    200,
    r#"{"status":"ok","result":{"Key":"\u001b]0;owned\u0007"}}"#
))]
#[case::deep(bad_server::deep())]
#[tokio::test]
async fn an_answer_that_proves_nothing_is_perhaps_accepted(#[case] answered: ResponseTemplate) {
    let server = open().await;
    answer(&server, BOOK, answered).await;
    let outcome = meddbase(&server.uri()).submit(&lemon(), None).await;
    assert_perhaps_accepted(&outcome);
}

#[tokio::test]
async fn a_call_that_is_cut_off_after_it_arrived_is_unknown() {
    for intent in all() {
        bad_server::cut_off(GRANTED, meddbase, &intent).await;
    }
}

#[tokio::test]
async fn a_call_without_an_answer_is_unknown_after_twenty_seconds() {
    for intent in all() {
        bad_server::silent(GRANTED, meddbase, intent).await;
        tokio::time::resume();
    }
}

#[tokio::test]
async fn a_server_that_is_gone_leaves_it_not_sent_and_the_budget_whole() {
    for intent in all() {
        bad_server::gone(meddbase, &intent).await;
    }
}

#[tokio::test]
async fn a_server_that_goes_between_sign_in_and_call_leaves_it_not_sent() {
    for intent in all() {
        bad_server::gone_after_sign_in(GRANTED, meddbase, &intent).await;
    }
}
