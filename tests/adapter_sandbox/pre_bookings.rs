//! Pre-bookings: what arrives there, what is refused, and what their barcode proves.

use frontdesk::domain::branch::BranchId;
use frontdesk::domain::evidence::{Outcome, Reason};
use frontdesk::domain::offer::{Choice, FieldKey};
use frontdesk::domain::submission::Intent;
use frontdesk::vendor::flabs::settings::Mode;
use rstest::rstest;
use serde_json::{Value, json};

use crate::desk::{pre_booking, whole_pre_booking};
use crate::post::{Post, announced, item, somebody};

const BARCODE: &str = "4006381333931";

/// Everything that can be ordered, and a barcode of the tube.
fn whole() -> Intent {
    whole_pre_booking(BARCODE).0
}

fn scanned(code: &str) -> Intent {
    let mut intent = pre_booking();
    let details = &mut intent.submission.details;
    details.insert(FieldKey::Barcode, Choice::plain(code));
    intent
}

fn expected() -> Value {
    whole_pre_booking(BARCODE).1
}

fn number(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Accepted { number, .. } => number,
        other => panic!("{other:?}"),
    }
}

fn reasons(outcome: &Outcome) -> &[Reason] {
    match outcome {
        Outcome::Refused { reasons } => reasons,
        other => panic!("{other:?}"),
    }
}

#[rstest]
#[case(Mode::CatchAll, "demo")]
#[case::which_names_no_party(Mode::PartyScoped, "demo-b2b")]
#[tokio::test]
async fn every_field_arrives(#[case] mode: Mode, #[case] account: &str) {
    let post = Post::open(mode);
    let outcome = post.adapter.submit(&whole()).await;
    let create = post.only_create();
    assert_eq!(create["number"], number(&outcome));
    assert_eq!(
        (&create["account"], &create["call"]),
        (&json!(account), &json!("billing"))
    );
    assert_eq!(create["body"], expected());
}

#[rstest]
#[case::by_flabs_id(r#"billing-test-name = "flabs-id""#, "mapped_tests", Some(json!([{"flabs_id": "6530a4a6f1d2c8b7e9aabcde"}])))]
#[case::without_the_branch("is-lab-billed = false", "labID", None)]
#[tokio::test]
async fn what_was_agreed_with_flabs_arrives_and_is_taken(
    #[case] agreed: &str,
    #[case] name: &str,
    #[case] value: Option<Value>,
) {
    let post = Post::agreed(Mode::CatchAll, toml::from_str(agreed).unwrap());
    let outcome = post.adapter.submit(&whole()).await;
    let mut expected = expected();
    let fields = expected.as_object_mut().unwrap();
    fields.remove(name);
    fields.extend(value.map(|value| (name.to_owned(), value)));
    let create = post.only_create();
    assert_eq!(create["number"], number(&outcome));
    assert_eq!(create["body"], expected);
}

#[rstest]
#[case(0, "unmapped_packages_with_tests")]
#[case(1, "mapped_tests")]
#[case(2, "mapped_packages")]
#[case(3, "unmapped_tests")]
#[case(4, "unmapped_packages")]
#[tokio::test]
async fn one_line_is_enough_whatever_it_is(#[case] line: usize, #[case] array: &str) {
    let post = Post::catch_all();
    let mut intent = whole();
    let submission = &mut intent.submission;
    submission.lines = vec![submission.lines[line].clone()];
    submission.patient.last_name = None;
    submission.details.remove(&FieldKey::Barcode);
    number(&post.adapter.submit(&intent).await);
    let create = post.only_create();
    let fields: Vec<_> = create["body"].as_object().unwrap().keys().collect();
    let mut needed = [
        "labID",
        "patient_details",
        "integrator_id",
        "lead_source",
        array,
    ];
    needed.sort_unstable();
    assert_eq!(fields, needed);
    assert_eq!(create["body"][array], expected()[array]);
}

#[rstest]
#[case::name(|intent: &mut Intent| intent.submission.patient.first_name.clear(), Some(FieldKey::Name))]
#[case::no_source(|intent: &mut Intent| {
    intent.submission.details.remove(&FieldKey::LeadSource);
}, Some(FieldKey::LeadSource))]
#[case::source_not_agreed(|intent: &mut Intent| {
    let odd = Choice::plain("BILLBOARD");
    intent.submission.details.insert(FieldKey::LeadSource, odd);
}, Some(FieldKey::LeadSource))]
#[case::blank_barcode(|intent: &mut Intent| {
    intent.submission.details.insert(FieldKey::Barcode, Choice::plain(" "));
}, Some(FieldKey::Barcode))]
#[case::branch(|intent: &mut Intent| {
    intent.submission.branch.id = BranchId("nowhere".to_owned());
}, None)]
#[case::test(|intent: &mut Intent| {
    intent.submission.lines[1].item = Some(item("nothing"));
}, None)]
#[case::package(|intent: &mut Intent| {
    intent.submission.lines[2].item = Some(item("nothing"));
}, None)]
#[case::nothing_ordered(|intent: &mut Intent| intent.submission.lines.clear(), None)]
#[tokio::test]
async fn a_refusal_lands_on_its_field(
    #[case] spoil: fn(&mut Intent),
    #[case] field: Option<FieldKey>,
) {
    let post = Post::catch_all();
    post.lab.set(&json!({"lead_sources": ["FRONTDESK"]}));
    let mut intent = whole();
    spoil(&mut intent);
    let outcome = post.adapter.submit(&intent).await;
    let fields: Vec<_> = reasons(&outcome)
        .iter()
        .map(|reason| reason.field)
        .collect();
    assert_eq!(fields, [field], "{outcome:?}");
    assert!(post.lab.applied().is_empty());
    // Nothing but what was spoiled stood in its way.
    number(&post.adapter.submit(&whole()).await);
}

/// The form lets no other gender or age through than those that are published: what Flabs may yet say of them.
#[rstest]
#[case::gender(
    "patient_details.gender must be one of: male, female, other",
    FieldKey::Gender
)]
#[case::age("patient_details.age must be an integer", FieldKey::Age)]
#[case::age_type(
    "patient_details.age_type must be one of: year, month, day",
    FieldKey::Age
)]
#[case::last_name("patient_details.last_name must be a string", FieldKey::Name)]
#[case::source("lead_source is not one that was agreed", FieldKey::LeadSource)]
#[case::barcode("barCode must be a string", FieldKey::Barcode)]
#[tokio::test]
async fn words_about_the_patient_land_on_their_field(#[case] words: &str, #[case] field: FieldKey) {
    let post = Post::catch_all();
    let body = json!({"success": false, "message": words}).to_string();
    let fault = json!({"kind": "status", "status": 400, "body": body});
    post.lab.arm("billing", Some(1), &fault);
    let outcome = post.adapter.submit(&whole()).await;
    assert_eq!(post.lab.fired(), [1]);
    let expected = Reason::theirs(Some(field), words);
    assert_eq!(reasons(&outcome), [expected]);
    assert!(post.lab.applied().is_empty());
}

#[rstest]
#[case::gender(|intent: &mut Intent| intent.submission.patient.gender = None)]
#[case::age(|intent: &mut Intent| intent.submission.patient.age = None)]
#[tokio::test]
async fn without_gender_or_age_nothing_leaves(#[case] spoil: fn(&mut Intent)) {
    let post = Post::catch_all();
    let mut intent = whole();
    spoil(&mut intent);
    let outcome = post.adapter.submit(&intent).await;
    assert!(matches!(outcome, Outcome::NotSent { .. }), "{outcome:?}");
    assert!(post.lab.ledger().is_empty());
}

#[tokio::test]
async fn a_scanned_code_that_is_in_use_is_refused_beside_it() {
    let post = Post::catch_all();
    number(&post.adapter.submit(&scanned("4711")).await);
    let mut second = scanned("4711");
    second.id = somebody(2).id;
    let outcome = post.adapter.submit(&second).await;
    let [here, words] = reasons(&outcome) else {
        panic!("{outcome:?}");
    };
    assert_eq!(here.field, Some(FieldKey::Barcode));
    assert_eq!(words.words, "barCode was already used");
    assert_eq!(post.lab.applied().len(), 1);
}

/// The code was made here for this form alone: whose record it is that has it cannot be in doubt.
#[tokio::test]
async fn a_code_of_the_desks_own_finds_what_a_lost_answer_left() {
    let post = Post::catch_all();
    let lost = json!({"kind": "close-after"});
    post.lab.arm("billing", Some(1), &lost);
    let outcome = post.adapter.submit(&announced(1)).await;
    assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
    assert_eq!(post.lab.fired(), [1]);
    let again = post.adapter.submit(&announced(1)).await;
    assert!(matches!(again, Outcome::CodeTaken { .. }), "{again:?}");
    assert_eq!(post.lab.applied().len(), 1);
}

/// Nothing at Flabs tells one pre-booking from another but its barcode.
#[tokio::test]
async fn a_second_one_of_the_day_is_no_duplicate() {
    let post = Post::catch_all();
    let first = post.adapter.submit(&pre_booking()).await;
    let second = post.adapter.submit(&pre_booking()).await;
    assert_ne!(number(&first), number(&second));
    assert_eq!(post.lab.applied().len(), 2);
}
