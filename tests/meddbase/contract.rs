//! Every sample that the vendor publishes, letter for letter, with the contradictions it is published with.

use chrono::NaiveDate;
use frontdesk::domain::evidence::Outcome;
use frontdesk::domain::failure::Failure;
use frontdesk::domain::looked::{Looked, Told};
use frontdesk::domain::money::Money;
use frontdesk::domain::offer::{FieldKey, Kind};
use frontdesk::domain::slot::SlotQuery;
use frontdesk::domain::submission::Subject;
use frontdesk::vendor::Adapter;
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::desk::*;

fn lines(told: &[Told]) -> Vec<(&str, &str)> {
    let lines = told.iter();
    lines
        .map(|line| (line.label.as_str(), line.text.as_str()))
        .collect()
}

const TYPED: [(FieldKey, &str); 2] = [(FieldKey::Payer, "PA"), (FieldKey::AppointmentType, "CN")];

async fn choices(at: &str, sample: &Value, field: FieldKey) -> Vec<(String, String)> {
    let server = open().await;
    answer(&server, at, ok(sample)).await;
    let form = of(form(Kind::Appointment, &TYPED), "pat1");
    let listed = meddbase(&server.uri()).choices(field, &form).await.unwrap();
    listed
        .into_iter()
        .map(|choice| (choice.value, choice.label))
        .collect()
}

fn pair(value: &str, label: &str) -> (String, String) {
    (value.to_owned(), label.to_owned())
}

#[tokio::test]
async fn a_second_factor_is_asked_for_even_where_it_is_a_text() {
    let server = open().await;
    server.reset().await;
    let mut first = granted();
    first["Require2FA"] = json!("true");
    answer_once(&server, LOG_IN, ok(&first)).await;
    let sent = ok(&json!({"DeliveryMethod": "Mobile"}));
    answer(&server, "/patientportalapi/auth/send-2fa-code", sent).await;
    let confirmed =
        json!({"SessionID": "4oytawakgy0njpaajyliq3md", "Token": "token-2", "Require2FA": "true"});
    let submit = "/patientportalapi/auth/submit-2fa-code";
    answer_once(&server, submit, error(400, 0, "Wrong code.")).await;
    answer(&server, submit, ok(&confirmed)).await;
    let payers = json!([{"Key": "PA", "Name": "Patient"}]);
    answer(
        &server,
        "/patientportalapi/appointment/payer-types",
        ok(&payers),
    )
    .await;
    let adapter = meddbase(&server.uri());
    let form = form(Kind::Appointment, &[]);
    let needed = "A code was sent to the mobile of desk@example.com.".to_owned();
    for _ in 0..3 {
        let asked = adapter.choices(FieldKey::Payer, &form).await;
        assert_eq!(asked, Err(Failure::CodeNeeded(needed.clone())));
        // Nor does a background look have another code sent.
        assert_eq!(
            adapter.reach().await,
            Err(Failure::CodeNeeded(needed.clone()))
        );
    }
    let wrong = adapter.confirm_sign_in("1".to_owned()).await;
    assert_eq!(wrong, Err(Failure::Refused("Wrong code.".to_owned())));
    assert_eq!(adapter.resend_sign_in_code().await, Ok(needed));
    adapter
        .confirm_sign_in(" 246810 ".to_owned())
        .await
        .unwrap();
    let payers = adapter.choices(FieldKey::Payer, &form).await.unwrap();
    assert_eq!(payers.len(), 1);
    assert_eq!(received(&server, LOG_IN).await.len(), 1);
    let codes = received(&server, "/patientportalapi/auth/send-2fa-code").await;
    assert_eq!(codes.len(), 2);
    assert_eq!(
        body(&received(&server, submit).await[1]),
        json!({"code": "246810"})
    );
    let asked = received(&server, "/patientportalapi/appointment/payer-types").await;
    assert_eq!(asked[0].headers["x-session-id"], "4oytawakgy0njpaajyliq3md");
    assert_eq!(asked[0].headers["x-token"], "token-2");
}

#[tokio::test]
async fn the_sign_in_and_every_call_carry_what_the_contract_wants() {
    let server = open().await;
    answer(
        &server,
        VALIDATE,
        ok(&json!({"Token": "380da8b1", "RemainingTime": 569})),
    )
    .await;
    let adapter = meddbase(&server.uri());
    adapter.sign_in().await.unwrap();
    adapter.reach().await.unwrap();
    adapter.reach().await.unwrap();
    let signed = received(&server, LOG_IN).await;
    assert_eq!(signed.len(), 1);
    assert_eq!(query(&signed[0], "client-key").unwrap(), "a2gft68m-5d8b");
    assert_eq!(query(&signed[0], "is-oh").unwrap(), "true");
    let sent = json!({"username": "desk@example.com", "password": "demo-meddbase-secret"});
    assert_eq!(body(&signed[0]), sent);
    let proven = received(&server, VALIDATE).await;
    let token = |index: usize| {
        proven[index].headers["x-token"]
            .to_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(token(0), "7a413802-f186-42c6-ae92-646531749624");
    assert_eq!(
        token(1),
        "380da8b1",
        "the token of the answer is the next one"
    );
    assert_eq!(query(&proven[0], "client-key").unwrap(), "a2gft68m-5d8b");
}

#[rstest]
#[case(r#"{"status":"error","error":{"Message":"Password isn't set.","EventType":2,"EventCode":0,"HttpStatusCode":400,"Description":null,"ReferenceNumber":null}}"#, "Password isn't set.")]
#[case(r#"{"status":"error","error":{"Message":"Validation code has expired. Please re-send new validation code.","EventType":2,"StatusCode":500,"EventCode":0}}"#, "Validation code has expired. Please re-send new validation code.")]
#[tokio::test]
async fn both_published_errors_are_told_in_their_words(#[case] sample: &str, #[case] words: &str) {
    let server = open().await;
    let status = if sample.contains("400") { 400 } else { 500 };
    let answered = ResponseTemplate::new(status).set_body_raw(sample, "application/json");
    answer(&server, SLOTS, answered).await;
    let query = SlotQuery {
        context: form(Kind::Appointment, &TYPED),
        from: NaiveDate::from_ymd_opt(2026, 11, 23).unwrap(),
        days: 1,
    };
    let asked = meddbase(&server.uri()).slots(&query).await;
    assert_eq!(asked, Err(Failure::Refused(words.to_owned())));
}

#[tokio::test]
async fn the_lists_of_a_form_are_read_as_published() {
    let types = json!([
        {"Key": "CN", "Name": "Consultation", "CancellationPolicy": "...", "CanBookAppointment": true,
            "CanReferPatient": false, "TelemedicineOption": true, "CanAddServices": false, "Modules": [
                {"Key": 5631, "Name": "Short Consult", "CurrencyCode": "GBP", "CurrencySymbol": "£",
                    "NetPrice": 50, "Tax": 10, "GrossPrice": 60}]},
        {"Key": "OH", "Name": "Only by referral", "CanBookAppointment": false, "CanReferPatient": true}]);
    let at = "/patientportalapi/appointment/types";
    assert_eq!(
        choices(at, &types, FieldKey::AppointmentType).await,
        [pair("CN", "Consultation")]
    );
    let modules = choices(at, &types, FieldKey::Modules).await;
    assert_eq!(modules, [pair("5631", "Short Consult, £60")]);
    let service = json!({"Key": 7001, "Code": "FBC", "Name": "Full blood count", "GrossPrice": 36.5,
        "ServiceType": {"Key": 84, "Name": "Pathology"}});
    let at = "/patientportalapi/appointment/services";
    let paged = json!({"Items": [service], "TotalCount": 1, "CurrentPage": 1, "PageSize": 10,
        "SortColumn": 0, "SortDescending": false});
    for sample in [json!([service]), paged, json!(null)] {
        let services = choices(at, &sample, FieldKey::Services).await;
        let expected = [pair("7001", "Full blood count, £36.50")];
        assert_eq!(
            services,
            expected[usize::from(sample.is_null())..],
            "{sample}"
        );
    }
    let sites = json!([{"Key": 1123, "Name": "2CP", "Locations": [{"Key": 214, "Name": "Room 1"}]},
        {"Key": 1124, "Name": "Other", "Locations": [{"Key": 301, "Name": "Elsewhere"}]}]);
    let at = "/patientportalapi/appointment/sites";
    assert_eq!(
        choices(at, &sites, FieldKey::Location).await,
        [pair("214", "Room 1")]
    );
    let at = "/patientportalapi/appointment/clinicians";
    let clinicians = json!([{"Key": 84, "FullName": "Dr. House", "SexType": "1"}, {"Key": 85, "Name": "Dr. Who"}]);
    let clinicians = choices(at, &clinicians, FieldKey::Clinician).await;
    assert_eq!(clinicians, [pair("84", "Dr. House"), pair("85", "Dr. Who")]);
    let recalls = json!({"Items": [{"Key": "3bdd", "Reason": "Yearly", "DueDate": "2026-12-01T00:00:00",
        "AppointmentType": {"Key": "CN", "Name": "Consultation"}}], "TotalCount": 1});
    let recalls = choices(
        "/patientportalapi/recalls/recalls",
        &recalls,
        FieldKey::Recall,
    )
    .await;
    assert_eq!(
        recalls,
        [pair("3bdd", "Yearly, Consultation, due 1 Dec 2026")]
    );
    let referrals = json!({"Items": [{"Key": "R123", "ReferralNumber": "17", "State": "InProgress",
        "AppointmentType": "Physio"}], "TotalCount": 1});
    let at = "/patientportalapi/referrals/referrals";
    let referrals = choices(at, &referrals, FieldKey::Referral).await;
    assert_eq!(referrals, [pair("R123", "17, Physio, InProgress")]);
}

#[rstest]
#[case::other(json!({"Code": "EUR", "Symbol": "€"}), Some("EUR"))]
#[case::other_symbol(json!({"Symbol": "€"}), Some("€"))]
#[case::pounds(json!({"Code": "gbp", "Symbol": null}), None)]
#[case::not_told(json!(null), None)]
#[tokio::test]
async fn prices_in_another_currency_are_never_pounds(
    #[case] currency: Value,
    #[case] refused: Option<&str>,
) {
    let server = open().await;
    let slots = json!({"TimeSlots": [{"Start": "2025-01-01T09:30:00", "SiteKey": 1123, "LocationKey": 214,
        "GrossPrice": 240, "NetPrice": 200}], "Sites": [], "Currency": currency});
    answer(&server, SLOTS, ok(&slots)).await;
    let query = SlotQuery {
        context: form(Kind::Appointment, &TYPED),
        from: NaiveDate::from_ymd_opt(2025, 1, 1).unwrap(),
        days: 1,
    };
    let read = meddbase(&server.uri()).slots(&query).await;
    match refused {
        Some(told) => {
            let why = read.unwrap_err().to_string();
            assert!(
                why.contains(&format!("its prices are in {told}, and only pounds")),
                "{why}"
            );
        }
        None => assert_eq!(read.unwrap().times[0].price, Some(Money::major(240))),
    }
}

#[tokio::test]
async fn slots_are_read_although_the_sample_joins_badly() {
    let server = open().await;
    let sample = json!({
        "TimeSlots": [{"Start": "2025-01-01T09:30:00", "Finish": "2025-01-01T10:30:00", "SiteKey": 123,
                "LocationKey": 546, "GrossPrice": 240, "NetPrice": 200},
            {"Start": "2025-07-01T09:30:00.9525711+01:00", "SiteKey": 1123, "LocationKey": 214,
                "GrossPrice": 99.99, "NetPrice": 83.33}],
        "Type": {"Key": "CN"}, "Sites": [{"Key": 1123, "Name": "2CP", "Locations": [{"Key": 214, "Name": "Room 1"}]}],
        "Services": [], "Modules": [], "Currency": {"Code": "GBP", "Symbol": "£"}});
    answer(&server, SLOTS, ok(&sample)).await;
    let adapter = meddbase(&server.uri());
    let mut query_for = SlotQuery {
        context: form(Kind::Appointment, &TYPED),
        from: NaiveDate::from_ymd_opt(2025, 1, 1).unwrap(),
        days: 7,
    };
    let slots = adapter.slots(&query_for).await.unwrap().times;
    let first = &slots[0];
    assert_eq!(first.at.to_rfc3339(), "2025-01-01T09:30:00+00:00");
    assert_eq!(
        (first.wire.as_str(), first.price),
        ("2025-01-01T09:30:00", Some(Money::major(240)))
    );
    assert_eq!(first.place.as_ref().unwrap().label, "location 546");
    assert_eq!(first.branch.as_ref().unwrap().id.0, "123");
    let second = &slots[1];
    assert_eq!(
        second.at.to_rfc3339(),
        "2025-07-01T09:30:00.952571100+01:00"
    );
    assert_eq!(second.wire, "2025-07-01T09:30:00.9525711+01:00");
    assert_eq!(second.place.as_ref().unwrap().label, "Room 1");
    assert_eq!((&second.branch, second.price), (&None, Some(Money(9_999))));
    let asked = received(&server, SLOTS).await;
    assert_eq!(asked[0].method.as_str(), "GET");
    assert_eq!(
        query(&asked[0], "from-date").unwrap(),
        "2025-01-01T00:00:00"
    );
    assert_eq!(query(&asked[0], "to-date").unwrap(), "2025-01-08T00:00:00");
    assert_eq!(query(&asked[0], "site").unwrap(), "1123");
    // With modules it is a POST, and more than a month is asked for in parts.
    query_for
        .context
        .details
        .insert(FieldKey::Modules, choice("5631,5632"));
    query_for.days = 40;
    adapter.slots(&query_for).await.unwrap();
    let asked = received(&server, SLOTS).await;
    assert_eq!(asked.len(), 3);
    assert_eq!(asked[1].method.as_str(), "POST");
    let sent = json!({"modules": [{"Key": 5631}, {"Key": 5632}], "services": []});
    assert_eq!(body(&asked[1]), sent);
    assert_eq!(query(&asked[1], "to-date").unwrap(), "2025-02-01T00:00:00");
    assert_eq!(
        query(&asked[2], "from-date").unwrap(),
        "2025-02-01T00:00:00"
    );
    assert_eq!(query(&asked[2], "to-date").unwrap(), "2025-02-10T00:00:00");
}

#[tokio::test]
async fn a_booking_is_the_published_one_and_its_answer_is_told() {
    let server = open().await;
    answer(&server, BOOK, ok(&appointment())).await;
    let mut intent = lemon();
    intent.submission.slot.as_mut().unwrap().wire = "2025-01-01T09:30:00".to_owned();
    let outcome = meddbase(&server.uri()).submit(&intent, None).await;
    let Outcome::Accepted { number, told } = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(number, "apt58462");
    let expected = [
        ("Clinician", "Dr. House"),
        ("Site", "2CP (Eye Room)"),
        ("Location", "Room 1"),
        ("Time", "Wed 7 Aug 2013, 09:30"),
        ("Owed", "£90"),
        ("Invoice", "1865"),
    ];
    assert_eq!(lines(&told), expected);
    let booked = received(&server, BOOK).await;
    let mut sample = json!({"proposedTimeSlot": {"Location": {"Key": 214}, "Modules": [{"Key": 10382}],
        "PayerType": "IN", "Services": [], "Site": {"Key": 1123}, "Start": "2025-01-01T09:30:00",
        "Type": {"Key": "00000000fc0af8e9"}}, "clinicianSex": 1, "method": 0, "price": 100});
    sample["clinician"] = json!(0);
    assert_eq!(body(&booked[0]), sample);
    let patient = query(&booked[0], "patient").unwrap();
    assert_eq!(patient, "05c0e94660f8538887a4670c449f5524");
    assert_eq!(
        booked[0].headers["x-session-id"],
        "4oytawakgy0njpaajyliq3md"
    );
    // Without its guard a booking names no price.
    let mut free = intent;
    free.submission
        .details
        .insert(FieldKey::PriceGuard, choice("no"));
    meddbase(&server.uri()).submit(&free, None).await;
    assert!(
        body(&received(&server, BOOK).await[1])
            .get("price")
            .is_none()
    );
}

/// A price that is a share of another one may be finer than a penny: it is matched exactly, and so goes back as it came.
#[rstest]
#[case::number(json!(66.665), json!(66.665), Some("66.665"))]
#[case::text(json!("66.6650"), json!(66.665), Some("66.6650"))]
#[case::noise(json!(349.999_999_999_999_94), json!(349.999_999_999_999_94), Some("349.99999999999994"))]
#[case::pennies(json!(66.67), json!(66.67), None)]
#[case::text_of_pennies(json!("66.5000"), json!(66.50), None)]
#[case::pounds(json!(66), json!(66), None)]
#[case::pence(json!("0.665"), json!(0.665), Some("0.665"))]
// What is no number of JSON goes back as it is shown.
#[case::no_whole_part(json!(".665"), json!(0.67), None)]
#[case::leading_zero(json!("066.661"), json!(66.66), None)]
#[case::two_zeros(json!("00.661"), json!(0.66), None)]
#[tokio::test]
async fn the_price_of_a_slot_goes_back_as_it_came(
    #[case] price: Value,
    #[case] sent: Value,
    #[case] fine: Option<&str>,
) {
    let server = open().await;
    let slots = json!({"TimeSlots": [{"Start": "2027-01-04T09:30:00", "SiteKey": 1123, "LocationKey": 214,
        "GrossPrice": price}]});
    answer(&server, SLOTS, ok(&slots)).await;
    answer(&server, BOOK, ok(&appointment())).await;
    let adapter = meddbase(&server.uri());
    let query = SlotQuery {
        context: form(Kind::Appointment, &TYPED),
        from: NaiveDate::from_ymd_opt(2027, 1, 4).unwrap(),
        days: 1,
    };
    let mut intent = lemon();
    let slot = adapter.slots(&query).await.unwrap().times.remove(0);
    assert_eq!(slot.fine_price.as_deref(), fine);
    // Through the disk, as everything that is sent.
    let kept = serde_json::to_string(&slot).unwrap();
    intent.submission.slot = Some(serde_json::from_str(&kept).unwrap());
    let outcome = adapter.submit(&intent, None).await;
    assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
    assert_eq!(body(&received(&server, BOOK).await[0])["price"], sent);
}

#[tokio::test]
async fn a_stranger_is_entered_before_the_booking() {
    let server = open().await;
    answer(&server, CREATE_PATIENT, ok(&json!({"Key": "new1"}))).await;
    answer(&server, BOOK, ok(&appointment())).await;
    let outcome = meddbase(&server.uri()).submit(&stranger(), None).await;
    assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
    let entered = body(&received(&server, CREATE_PATIENT).await[0]);
    let sent = json!({"demog": {"Name": "John", "Surname": "Lemon", "DateOfBirth": "1958-08-02T00:00:00",
        "Mobile": "+447700900101", "EmailAddress": "john.lemon@test.com", "SexType": 1,
        "Address": {"Address1": "Studio 99", "City": "London", "PostCode": "N1 7NK"}}});
    assert_eq!(entered, sent);
    assert_eq!(
        query(&received(&server, BOOK).await[0], "patient").unwrap(),
        "new1"
    );
}

#[tokio::test]
async fn a_patient_of_the_sample_fills_the_form_where_it_has_a_key() {
    let server = open().await;
    let mut sample = json!({"Title": "Mr", "Name": "John", "Surname": "Lemon", "SexType": 1, "Initials": "JL",
        "DateOfBirth": "1958-08-02T00:00:00", "Mobile": "+444 895 523 411", "Telephone": "+444 525 111 555",
        "EmailAddress": "john.lemon@test.com", "Address": {"Address1": "Studio 99", "Address2": "Backlok Street",
            "Address3": "Camden", "City": "London", "County": "", "PostCode": "N1 7NK", "Country": "United Kingdom"}});
    let without = sample.clone();
    sample["Key"] = json!("pat1");
    let page =
        json!({"Items": [without, sample], "TotalCount": 2, "CurrentPage": 1, "PageSize": 10});
    let at = "/patientportalapi/patients/patients";
    let nobody = json!({"Items": [], "TotalCount": 0});
    answer_once(&server, at, ok(&nobody)).await;
    answer(&server, at, ok(&page)).await;
    let typed = [
        (FieldKey::Name, "John Lemon"),
        (FieldKey::BirthDate, "02/08/1958"),
    ];
    let form = form(Kind::Appointment, &typed);
    let found = meddbase(&server.uri()).find_patients(&form).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(
        (
            found[0].patient.key.as_str(),
            found[0].patient.name.as_str()
        ),
        ("pat1", "John Lemon")
    );
    assert_eq!(found[0].note, "born 2 Aug 1958, London");
    let value = |key| found[0].values.get(&key).map(String::as_str);
    assert_eq!(value(FieldKey::BirthDate), Some("1958-08-02"));
    assert_eq!(value(FieldKey::Phone), Some("+444 895 523 411"));
    assert_eq!(value(FieldKey::Sex), Some("1"));
    assert_eq!(value(FieldKey::StreetSecond), Some("Backlok Street"));
    let asked = received(&server, at).await;
    assert_eq!(query(&asked[0], "surname").unwrap(), "Lemon");
    assert_eq!(query(&asked[0], "dob-from").unwrap(), "1958-08-02T00:00:00");
    assert_eq!(query(&asked[0], "dob-to").unwrap(), "1958-08-03T00:00:00");
    // Nobody was born that day: the name alone finds those whose birth date is not known.
    assert_eq!(asked.len(), 2);
    assert_eq!(query(&asked[1], "dob-from"), None);
}

fn people(count: usize, born: &str) -> Vec<Value> {
    let person = |number| json!({"Key": format!("pat{number}"), "Name": "John", "Surname": "Lemon", "DateOfBirth": born});
    (0..count).map(person).collect()
}

const PATIENTS: &str = "/patientportalapi/patients/patients";

/// Whether the last day of a search counts is not published: whoever was born on it is not meant.
#[tokio::test]
async fn those_born_on_the_day_are_found_and_no_others() {
    let server = open().await;
    let mut listed = people(2, "1958-08-02T00:00:00");
    listed.extend(people(1, "1958-08-03T00:00:00"));
    listed.push(json!({"Key": "pat9", "Name": "John", "Surname": "Lemon"}));
    answer(
        &server,
        PATIENTS,
        ok(&json!({"Items": listed, "TotalCount": 4})),
    )
    .await;
    let typed = [
        (FieldKey::Name, "John Lemon"),
        (FieldKey::BirthDate, "02/08/1958"),
    ];
    let form = form(Kind::Appointment, &typed);
    let found = meddbase(&server.uri()).find_patients(&form).await.unwrap();
    let keys: Vec<&str> = found
        .iter()
        .map(|found| found.patient.key.as_str())
        .collect();
    assert_eq!(keys, ["pat0", "pat1", "pat9"]);
}

#[rstest]
#[case::email("personal-email", FieldKey::Email)]
#[case::work_email("work-email", FieldKey::WorkEmail)]
#[case::employee_number("employee-number", FieldKey::EmployeeNumber)]
#[tokio::test]
async fn a_patient_whose_name_is_misspelt_is_found_by_what_is_right(
    #[case] criterion: &'static str,
    #[case] key: FieldKey,
) {
    let server = open().await;
    let pages = move |request: &wiremock::Request| {
        // By name and all nobody is found, and by the name alone too many are.
        let is_right = query(request, criterion).is_some() && query(request, "surname").is_none();
        let is_name = query(request, criterion).is_none();
        let count = if is_name { 201 } else { usize::from(is_right) };
        let number: usize = query(request, "page-number").unwrap().parse().unwrap();
        let all = people(count, "1958-08-02T00:00:00").into_iter();
        let items: Vec<Value> = all.skip((number - 1) * 50).take(50).collect();
        ok(&json!({"Items": items, "TotalCount": count, "CurrentPage": number}))
    };
    let mock = wiremock::Mock::given(wiremock::matchers::path(PATIENTS));
    mock.respond_with(pages).mount(&server).await;
    let typed = [(FieldKey::Name, "Jon Lemmon"), (key, "E-1005")];
    let form = form(Kind::Appointment, &typed);
    let found = meddbase(&server.uri()).find_patients(&form).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].patient.key, "pat0");
}

#[tokio::test]
async fn a_patient_who_is_found_twice_is_told_once() {
    let server = open().await;
    let pages = move |request: &wiremock::Request| {
        let is_all = query(request, "surname").and(query(request, "personal-email"));
        let count = usize::from(is_all.is_none());
        ok(&json!({"Items": people(count, "1958-08-02T00:00:00"), "TotalCount": count}))
    };
    let mock = wiremock::Mock::given(wiremock::matchers::path(PATIENTS));
    mock.respond_with(pages).mount(&server).await;
    let typed = [
        (FieldKey::Name, "John Lemon"),
        (FieldKey::Email, "john@example.com"),
        (FieldKey::WorkEmail, "lemon@example.com"),
    ];
    let form = form(Kind::Appointment, &typed);
    let found = meddbase(&server.uri()).find_patients(&form).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(received(&server, PATIENTS).await.len(), 4);
}

#[rstest]
#[case::two_pages(60, true, Ok(60), 2)]
#[case::two_pages_untold(60, false, Ok(60), 2)]
#[case::full_pages_untold(100, false, Ok(100), 3)]
#[case::a_single_one(1, true, Ok(1), 1)]
#[case::too_many(
    201,
    true,
    Err("more than 200 people: tell more of the name, or the date of birth"),
    4
)]
#[tokio::test]
async fn people_are_read_from_every_page(
    #[case] count: usize,
    #[case] is_told: bool,
    #[case] expected: Result<usize, &str>,
    #[case] calls: usize,
) {
    let server = open().await;
    let pages = move |request: &wiremock::Request| {
        let number: usize = query(request, "page-number").unwrap().parse().unwrap();
        let all = people(count, "1958-08-02T00:00:00").into_iter();
        let items: Vec<Value> = all.skip((number - 1) * 50).take(50).collect();
        let mut page = json!({"Items": items, "CurrentPage": number});
        if is_told {
            page["TotalCount"] = json!(count);
        }
        ok(&page)
    };
    let mock = wiremock::Mock::given(wiremock::matchers::path(PATIENTS));
    mock.respond_with(pages).mount(&server).await;
    let form = form(Kind::Appointment, &[(FieldKey::Name, "Lemon")]);
    let found = meddbase(&server.uri()).find_patients(&form).await;
    let found = found.map(|found| found.len());
    let expected = expected.map_err(|why| Failure::Refused(why.to_owned()));
    assert_eq!(found, expected);
    assert_eq!(received(&server, PATIENTS).await.len(), calls);
}

/// A list that neither tells its length nor minds the number of a page.
#[tokio::test]
async fn a_page_that_comes_again_is_the_last_one() {
    let server = open().await;
    let services: Vec<Value> = (0..10)
        .map(|key| json!({"Key": key, "Name": "Test"}))
        .collect();
    let at = "/patientportalapi/appointment/services";
    answer(&server, at, ok(&json!({"Items": services}))).await;
    let form = of(form(Kind::Appointment, &TYPED), "pat1");
    let listed = meddbase(&server.uri())
        .choices(FieldKey::Services, &form)
        .await;
    assert_eq!(listed.unwrap().len(), 10);
    assert_eq!(received(&server, at).await.len(), 2);
}

#[rstest]
#[case::no_fee(ok(&json!(null)), "none")]
#[case::nothing_at_all(ResponseTemplate::new(204), "none")]
#[case::fee(ok(&json!({"Key": "inv1", "Number": 9, "TotalGross": 30, "Paid": 0})), "£30")]
#[tokio::test]
async fn a_cancellation_tells_its_fee(#[case] answered: ResponseTemplate, #[case] fee: &str) {
    let server = open().await;
    let info = json!({"AppointmentKey": "apt54898", "Fee": 30, "Detail": "Cancellations within 8 to 21 days ..."});
    answer(
        &server,
        "/patientportalapi/appointment/cancellation-info",
        ok(&info),
    )
    .await;
    answer(&server, CANCEL, answered).await;
    let adapter = meddbase(&server.uri());
    let subject = Subject {
        number: "apt54898".to_owned(),
        change: "cancel".to_owned(),
    };
    let terms = adapter.terms(&subject).await.unwrap();
    let words = "Cancellations within 8 to 21 days ...";
    assert_eq!(
        lines(&terms),
        [("Cancellation fee", "£30"), ("Terms", words)]
    );
    assert!(received(&server, CANCEL).await.is_empty());
    let outcome = adapter
        .submit(&change(&lemon(), "apt54898", "cancel"), None)
        .await;
    let Outcome::Accepted { number, told } = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(number, "apt54898");
    assert_eq!(lines(&told), [("Cancellation fee", fee)]);
    let sent = received(&server, CANCEL).await;
    assert_eq!(sent.len(), 1);
    assert_eq!(
        (
            sent[0].method.as_str(),
            query(&sent[0], "appointment").unwrap()
        ),
        ("GET", "apt54898".to_owned())
    );
}

/// A fee that nobody told is never told as none, and one that was paid at once is a fee.
#[rstest]
#[case::no_total(json!({"Key": "inv1", "Number": 9}), &[("Cancellation fee", "not told: ask Meddbase"), ("Invoice", "9")])]
#[case::no_invoice(json!(true), &[("Cancellation fee", "not told: ask Meddbase")])]
#[case::paid(json!({"TotalGross": 30, "Paid": 30}), &[("Cancellation fee", "£30"), ("Owed", "£0")])]
#[case::credited(json!({"TotalGross": 30, "Paid": 0, "CreditNotes": [{"GrossPrice": 10}]}), &[("Cancellation fee", "£20")])]
#[tokio::test]
async fn a_fee_is_what_was_charged(#[case] invoice: Value, #[case] lines_told: &[(&str, &str)]) {
    let server = open().await;
    answer(&server, CANCEL, ok(&invoice)).await;
    let intent = change(&lemon(), "apt1", "cancel");
    let outcome = meddbase(&server.uri()).submit(&intent, None).await;
    let Outcome::Accepted { told, .. } = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(lines(&told), lines_told);
}

#[rstest]
#[case::absent(json!({"AppointmentKey": "apt1", "Detail": "Ask the clinic."}))]
#[case::null(json!({"AppointmentKey": "apt1", "Fee": null, "Detail": "Ask the clinic."}))]
#[case::words(json!({"AppointmentKey": "apt1", "Fee": "half of it", "Detail": "Ask the clinic."}))]
#[tokio::test]
async fn terms_without_a_fee_are_not_terms_without_cost(#[case] info: Value) {
    let server = open().await;
    let at = "/patientportalapi/appointment/cancellation-info";
    answer(&server, at, ok(&info)).await;
    let subject = Subject {
        number: "apt1".to_owned(),
        change: "cancel".to_owned(),
    };
    let terms = meddbase(&server.uri()).terms(&subject).await.unwrap();
    let fee = ("Cancellation fee", "not told: ask Meddbase");
    assert_eq!(lines(&terms), [fee, ("Terms", "Ask the clinic.")]);
}

/// What a moment says in another zone is told on the site's clocks, and the zone is named where it is not the desk's.
#[rstest]
#[case::utc_in_summer(1123, "2027-07-05T08:30:00Z", "Mon 5 Jul 2027, 09:30")]
#[case::at_the_site(1123, "2027-07-05T09:30:00", "Mon 5 Jul 2027, 09:30")]
#[case::abroad(1125, "2027-07-05T09:30:00", "Mon 5 Jul 2027, 09:30 CEST")]
#[case::utc_abroad(1125, "2027-07-05T07:30:00Z", "Mon 5 Jul 2027, 09:30 CEST")]
#[tokio::test]
async fn a_time_is_told_on_the_clocks_of_its_site(
    #[case] site: u32,
    #[case] start: &str,
    #[case] time: &str,
) {
    let server = open().await;
    let booked = json!({"Key": "apt1", "Start": start, "Site": {"Key": site, "Name": "Clinic"}});
    answer(&server, BOOK, ok(&booked)).await;
    let outcome = meddbase(&server.uri()).submit(&lemon(), None).await;
    let Outcome::Accepted { told, .. } = outcome else {
        panic!("{outcome:?}");
    };
    assert!(lines(&told).contains(&("Time", time)), "{told:?}");
}

#[tokio::test]
async fn the_day_keeps_the_clock_and_the_patient_of_each_site() {
    let server = open().await;
    let mut abroad = row("apt2", "2027-01-04T10:30:00", "Booked");
    abroad["Site"] = json!({"Key": 1125, "Name": "Gibraltar Clinic"});
    abroad["Patient"]["Key"] = json!("pat7");
    let rows = [row("apt1", "2027-01-04T09:30:00", "Booked"), abroad];
    let page = json!({"Items": rows, "TotalCount": 2, "CurrentPage": 1, "PageSize": 50});
    answer(&server, LIST, ok(&page)).await;
    let day = chrono::NaiveDate::from_ymd_opt(2027, 1, 4).unwrap();
    let listed = meddbase(&server.uri()).day_list(day).await.unwrap();
    assert_eq!(listed[0].site.as_ref().unwrap().zone, None);
    assert_eq!(listed[0].key, None);
    let abroad = &listed[1];
    assert_eq!(abroad.at.to_rfc3339(), "2027-01-04T10:30:00+01:00");
    assert_eq!(abroad.key.as_deref(), Some("pat7"));
    let site = abroad.site.as_ref().unwrap();
    assert_eq!(
        (site.name.as_str(), site.zone),
        ("Gibraltar Clinic", Some(chrono_tz::Tz::Europe__Gibraltar))
    );
}

fn row(number: &str, start: &str, state: &str) -> Value {
    json!({"Key": number, "Start": start, "State": state, "StateDisplayName": state, "Site": {"Key": 1123},
        "Location": {"Key": 214}, "Type": {"Key": "00000000fc0af8e9", "Name": "Screening"},
        "Patient": {"Name": "John", "Surname": "Lemon", "DateOfBirth": "1958-08-02T00:00:00"},
        "Clinician": {"Key": 84, "FullName": "Dr. House"}})
}

#[rstest]
#[case::cancelled_at_another_time(vec![row("apt1", "2027-01-04T09:40:00", "Cancelled")], None)]
#[case::another_time(vec![row("apt1", "2027-01-04T09:40:00", "Booked")], None)]
#[case::there(vec![row("apt0", "2027-01-04T09:30:00", "Cancelled"), row("apt1", "2027-01-04T09:30:00", "Booked")], Some("apt1"))]
#[case::with_an_offset(vec![row("apt1", "2027-01-04T10:30:00+01:00", "NotArrived")], Some("apt1"))]
#[tokio::test]
async fn a_look_finds_exactly_what_was_sent(
    #[case] rows: Vec<Value>,
    #[case] number: Option<&str>,
) {
    let server = open().await;
    let page = json!({"Items": rows, "TotalCount": rows.len(), "CurrentPage": 1, "PageSize": 50});
    answer(&server, LIST, ok(&page)).await;
    for intent in [lemon(), stranger()] {
        let looked = meddbase(&server.uri()).look(&intent, now()).await;
        match (&looked, number) {
            (Looked::Absent, None) => {}
            (Looked::Match { number: found, .. }, Some(number)) => assert_eq!(found, number),
            _ => panic!("{looked:?}"),
        }
    }
    let asked = received(&server, LIST).await;
    assert_eq!(
        query(&asked[0], "patient").unwrap(),
        "05c0e94660f8538887a4670c449f5524"
    );
    assert_eq!(
        query(&asked[0], "start-from").unwrap(),
        "2027-01-03T09:30:00+00:00"
    );
    assert_eq!(query(&asked[1], "patient"), None);
}

/// Somebody ended it at the vendor: it arrived, and must not be booked once more by itself.
#[rstest]
#[case::cancelled("Cancelled")]
#[case::did_not_come("DNA")]
#[tokio::test]
async fn what_was_ended_meanwhile_is_not_told_as_absent(#[case] state: &str) {
    let server = open().await;
    let rows = [row("apt1", "2027-01-04T09:30:00", state)];
    let page = json!({"Items": rows, "TotalCount": 1});
    answer(&server, LIST, ok(&page)).await;
    for intent in [lemon(), stranger()] {
        let looked = meddbase(&server.uri()).look(&intent, now()).await;
        let why = format!("apt1 there may be this one: its state is {state}");
        assert_eq!(looked, Looked::Open { why });
    }
}

#[tokio::test]
async fn a_patient_without_a_login_registers_and_reads_a_code_back() {
    let server = open().await;
    let session = json!({"SessionId": "R9I8Dr8rGQcQ6EOfxVyOBX2r8zt4KTO06vW0O2+GyFc="});
    answer(
        &server,
        "/patientportalapi/anon-booking/register-patient",
        ok(&session),
    )
    .await;
    answer(
        &server,
        "/patientportalapi/anon-booking/submit-validation-code",
        ok(&json!("")),
    )
    .await;
    let book = "/patientportalapi/anon-booking/book-time-slot";
    answer(&server, book, ok(&appointment())).await;
    let adapter = account(&server.uri(), "anon", anonymous("example", true));
    let typed = [
        (FieldKey::Name, "John Lemon"),
        (FieldKey::BirthDate, "02/08/1958"),
        (FieldKey::Phone, "07700 900101"),
        (FieldKey::Email, "john.lemon@test.com"),
        (FieldKey::SignUpCode, "example"),
    ];
    let form = form(Kind::Anonymous, &typed);
    let sent = adapter.send_code(&form, None).await.unwrap();
    assert!(!sent.is_confirmed);
    let confirmed = adapter
        .confirm_code(sent, "246810".to_owned())
        .await
        .unwrap();
    assert!(confirmed.is_confirmed);
    let mut intent = stranger();
    intent.submission.kind = Kind::Anonymous;
    intent.submission.code = Some(confirmed);
    for key in [
        FieldKey::Sex,
        FieldKey::Street,
        FieldKey::City,
        FieldKey::Zip,
        FieldKey::Payer,
    ] {
        intent.submission.details.remove(&key);
    }
    intent
        .submission
        .details
        .insert(FieldKey::SignUpCode, choice("example"));
    let outcome = adapter.submit(&intent, None).await;
    assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
    let registered = received(&server, "/patientportalapi/anon-booking/register-patient").await;
    let demog = json!({"Name": "John", "Surname": "Lemon", "DateOfBirth": "1958-08-02T00:00:00",
        "Mobile": "+447700900101", "EmailAddress": "john.lemon@test.com"});
    assert_eq!(
        body(&registered[0]),
        json!({"payerType": "example", "demog": demog})
    );
    let booked = received(&server, book).await;
    assert_eq!(
        booked[0].headers["x-session-id"],
        "R9I8Dr8rGQcQ6EOfxVyOBX2r8zt4KTO06vW0O2+GyFc="
    );
    assert!(booked[0].headers.get("x-token").is_none());
    assert_eq!(body(&booked[0])["proposedTimeSlot"]["PayerType"], "example");
    assert!(received(&server, LOG_IN).await.is_empty());
}
