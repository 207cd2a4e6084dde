//! Lists in every shape they may come in, and the words for those they may not.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use rstest::rstest;

use super::*;
use crate::domain::catalogue::Row;
use crate::domain::money::Money;
use crate::domain::order::ItemId;

fn catalogue(tests: &str, packages: &str) -> Result<Catalogue, Failure> {
    decode_catalogue(
        tests.as_bytes(),
        packages.as_bytes(),
        &Assumptions::default(),
    )
}

fn complaint(tests: &str) -> String {
    match catalogue(tests, "[]") {
        Err(Failure::WrongShape(words)) => words,
        other => panic!("expected a complaint, got {other:?}"),
    }
}

#[rstest]
#[case::bare(r#"[{"_id":"a","name":"CBC","cost":350}]"#)]
#[case::enveloped(r#"{"success":true,"tests":[{"_id":"a","name":"CBC","cost":350}]}"#)]
#[case::data(r#"{"data":[{"_id":"a","name":"CBC","cost":350}],"success":true}"#)]
#[case::nested(r#"{"data":{"count":1,"tests":[{"_id":"a","name":"CBC","cost":350}]}}"#)]
#[case::null_first(r#"{"data":null,"tests":[{"_id":"a","name":"CBC","cost":350}]}"#)]
#[case::other_id(r#"[{"id":"a","name":"CBC","cost":350}]"#)]
#[case::both_ids(r#"[{"id":"z","_id":"a","name":"CBC","cost":350}]"#)]
#[case::text_price(r#"[{"_id":"a","name":"CBC","cost":"350"}]"#)]
#[case::grouped_price(r#"[{"_id":"a","name":"CBC","cost":"₹ 350.00"}]"#)]
#[case::float_price(r#"[{"_id":"a","name":"CBC","cost":349.99999999999994}]"#)]
#[case::unknown_fields(r#"[{"x":{"cost":[1]},"_id":"a","name":"CBC","cost":350,"y":null}]"#)]
fn one_test_in_many_shapes(#[case] tests: &str) {
    let catalogue = catalogue(tests, "[]").unwrap();
    let entry = catalogue.entry(Row(0)).unwrap();
    assert_eq!(
        (entry.id, entry.name, entry.price),
        ("a", "CBC", Money::major(350))
    );
    assert_eq!(catalogue.len(), 1);
}

#[rstest]
#[case("1499", Money::major(1_499))]
#[case("1499.5", Money(149_950))]
#[case("0", Money::ZERO)]
#[case(r#""1,499.00""#, Money::major(1_499))]
#[case(r#""1,49,999.25""#, Money(14_999_925))]
#[case(r#""499.999""#, Money::major(500))]
fn prices(#[case] price: &str, #[case] expected: Money) {
    let tests = format!(r#"[{{"_id":"a","name":"CBC","cost":{price}}}]"#);
    let catalogue = catalogue(&tests, "[]").unwrap();
    assert_eq!(catalogue.entry(Row(0)).unwrap().price, expected);
}

#[test]
fn everything_optional_is_read_where_it_is() {
    let tests = r#"[{"_id":7,"testCode":"CBC","name":"Complete\nblood\u001b[2J count","cost":1,
        "aliases":"hemogram, FBC","sample":["Blood","EDTA"],"fasting":true,"tat":24}]"#;
    let catalogue = catalogue(tests, "[]").unwrap();
    let entry = catalogue.entry(Row(0)).unwrap();
    assert_eq!((entry.id, entry.code), ("7", "CBC"));
    assert_eq!(entry.name, "Complete blood [2J count");
    assert_eq!(entry.specimen, Some("Blood, EDTA"));
    assert_eq!(
        (entry.fasting, entry.turnaround),
        (Some("fasting"), Some("24"))
    );
    assert_eq!(catalogue.search("hemogram", 5).total, 1);
    assert_eq!(catalogue.search("fbc", 5).total, 1);
}

#[test]
fn a_code_stands_in_for_a_name() {
    let catalogue = catalogue(r#"[{"_id":"a","code":"CBC","cost":1}]"#, "[]").unwrap();
    assert_eq!(catalogue.entry(Row(0)).unwrap().name, "CBC");
}

#[rstest]
#[case::ids(r#"["a","b"]"#, &["a", "b"])]
#[case::numbers("[1,2]", &["1", "2"])]
#[case::objects(r#"[{"_id":"a","name":"A"},{"name":"B"}]"#, &["a", "B"])]
#[case::as_created(r#"[{"test":"a"},{"test":{"_id":"b"}}]"#, &["a", "b"])]
#[case::commas(r#""a, b""#, &["a", "b"])]
#[case::count("5", &[])]
#[case::null("null", &[])]
#[case::nonsense(r#"[true,[1],{"x":1}]"#, &[])]
fn contents_of_a_package(#[case] tests: &str, #[case] expected: &[&str]) {
    let packages =
        format!(r#"{{"packages":[{{"_id":"p","name":"P","total":5,"tests":{tests}}}]}}"#);
    let catalogue = catalogue("[]", &packages).unwrap();
    let expected: Vec<ItemId> = expected.iter().map(|id| ItemId((*id).to_owned())).collect();
    assert_eq!(catalogue.includes(Row(0)), expected);
}

#[rstest]
#[case::price(
    r#"{"tests":[{"_id":"a","name":"A","cost":1},{"_id":"b","name":"B","cost":null}]}"#,
    "tests[1].cost: invalid type: null, expected a price"
)]
#[case::price_in_words(
    r#"[{"_id":"a","name":"A","cost":"free"}]"#,
    r#"[0].cost: "free" is not a price"#
)]
#[case::negative(r#"[{"_id":"a","name":"A","cost":-5}]"#, "[0].cost: -5 is not a price")]
#[case::no_price(r#"[{"_id":"a","name":"A"}]"#, "[0]: no cost")]
#[case::no_id(r#"[{"name":"A","cost":1}]"#, "[0]: no _id or id")]
#[case::blank_id(r#"[{"_id":" ","name":"A","cost":1}]"#, "[0]: no _id or id")]
#[case::no_name(r#"[{"_id":"a","cost":1}]"#, "[0]: no name")]
#[case::id_of_another_type(
    r#"[{"_id":["a"],"name":"A","cost":1}]"#,
    "[0]._id: invalid type: sequence, expected a text"
)]
#[case::row_of_another_type(
    r#"{"tests":[5]}"#,
    "tests[0]: invalid type: integer `5`, expected an object"
)]
#[case::no_list(r#"{"success":true}"#, "no list under tests, data")]
#[case::list_of_another_type(
    r#"{"tests":"none"}"#,
    r#"tests: invalid type: string "none", expected a list"#
)]
#[case::html("<html></html>", "expected value at line 1 column 1")]
#[case::cut(
    r#"{"tests":[{"_id":"a","na"#,
    "tests[0].?: EOF while parsing a string"
)]
#[case::nothing("", "EOF while parsing a value")]
#[case::more("[] []", "there is more after its end")]
fn complaints_name_call_and_path(#[case] tests: &str, #[case] expected: &str) {
    let words = complaint(tests);
    let expected = format!("GET /client/crm/tests: {expected}");
    assert!(words.starts_with(&expected), "{words}\nis not\n{expected}");
}

#[test]
fn complaints_cannot_move_the_cursor_and_stay_short() {
    let tests = format!(
        r#"[{{"_id":"a","name":"A","cost":"\u001b[2J{}"}}]"#,
        "x".repeat(9_000)
    );
    let words = complaint(&tests);
    assert!(words.len() < 250 && !words.contains('\u{1b}'), "{words}");
}

#[test]
fn a_package_is_complained_about_by_its_own_call() {
    let error = catalogue("[]", r#"{"packages":[{"_id":"p","name":"P","cost":5}]}"#);
    let words = error.unwrap_err().to_string();
    assert!(
        words.starts_with("GET /client/crm/packages: packages[0]: no total"),
        "{words}"
    );
}

#[test]
fn tests_come_before_packages_and_keep_their_order() {
    let rows = |prefix: &str, price: &str| {
        let rows = (0..1_300).map(|n| format!(r#"{{"_id":"{prefix}{n}","name":"N","{price}":1}}"#));
        format!("[{}]", rows.collect::<Vec<_>>().join(","))
    };
    let catalogue = catalogue(&rows("t", "cost"), &rows("p", "total")).unwrap();
    assert_eq!(catalogue.len(), 2_600);
    assert_eq!(catalogue.entry(Row(1_299)).unwrap().id, "t1299");
    assert_eq!(catalogue.entry(Row(1_300)).unwrap().id, "p0");
}

#[rstest]
#[case(r#"[{"_id":"a","name":"Koramangala","address":"80 Feet Road"}]"#)]
#[case(r#"{"success":true,"labs":[{"_id":"a","name":"Koramangala","address":"80 Feet Road"}]}"#)]
#[case(r#"{"branches":[{"id":"a","name":"Koramangala","address":"80 Feet Road"}]}"#)]
fn branches_in_many_shapes(#[case] body: &str) {
    let branches = branches(body.as_bytes(), &Assumptions::default()).unwrap();
    let expected = Branch {
        id: BranchId("a".to_owned()),
        name: "Koramangala".to_owned(),
        address: Some("80 Feet Road".to_owned()),
        zone: None,
    };
    assert_eq!(branches, [expected]);
}
