//! Branches, and catalogues at the price that was agreed with whoever pays.

use std::collections::BTreeMap;

use frontdesk::domain::branch::PartyKind;
use frontdesk::domain::failure::Failure;
use frontdesk::domain::money::Money;
use frontdesk::domain::order::ItemKind;
use frontdesk::vendor::flabs::settings::Mode;
use rstest::rstest;
use serde_json::Value;

use crate::post::{Post, entries, item, party};

/// A file of the lab's data.
fn asset(name: &str) -> Vec<Value> {
    let path = format!("{}/assets/flabs/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// What was agreed: a price for the code itself, or so many per cent on the price before, to the nearest ten rupees.
fn agreed(terms: &Value, code: &str, before: i64) -> i64 {
    match (terms["items"][code].as_i64(), terms["percent"].as_i64()) {
        (Some(price), _) => price,
        (None, Some(0)) => before,
        (None, percent) => {
            let tens = before * (100 + percent.unwrap());
            (tens + 500).div_euclid(1_000) * 10
        }
    }
}

/// Code and price of everything, by the files alone.
fn price_list(branch: &str, party: Option<&str>) -> BTreeMap<(ItemKind, String), Money> {
    let with = |name: &str, field: &str, id: &str| {
        let mut terms = asset(name).into_iter();
        terms.find(|terms| terms[field] == id).unwrap()
    };
    let branch = with("branch_prices", "branch", branch);
    let party = party.map(|party| with("parties", "id", party));
    let mut list = BTreeMap::new();
    for (name, kind) in [("tests", ItemKind::Test), ("packages", ItemKind::Package)] {
        for sold in asset(name) {
            let code = sold["code"].as_str().unwrap();
            let mut price = agreed(&branch, code, sold["price"].as_i64().unwrap());
            if let Some(party) = &party {
                price = agreed(party, code, price);
            }
            list.insert((kind, code.to_owned()), Money::major(price));
        }
    }
    list
}

#[rstest]
#[case(Mode::CatchAll)]
#[case(Mode::PartyScoped)]
#[tokio::test]
async fn the_branches_of_the_account(#[case] mode: Mode) {
    let post = Post::open(mode);
    let branches = post.adapter.branches().await.unwrap();
    let told: Vec<_> = branches
        .iter()
        .map(|branch| (branch.id.0.as_str(), branch.name.as_str()))
        .collect();
    let assets = asset("branches");
    let known: Vec<_> = assets
        .iter()
        .map(|branch| {
            (
                branch["id"].as_str().unwrap(),
                branch["name"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(told, known);
    assert!(branches.iter().all(|branch| branch.address.is_some()));
}

#[rstest]
#[case::nobody(Mode::CatchAll, None)]
#[case::corporate(Mode::CatchAll, Some(PartyKind::Corporate))]
#[case::doctor(Mode::CatchAll, Some(PartyKind::Doctor))]
#[case::hospital(Mode::CatchAll, Some(PartyKind::Hospital))]
#[case::scoped_corporate(Mode::PartyScoped, Some(PartyKind::Corporate))]
#[case::scoped_doctor(Mode::PartyScoped, Some(PartyKind::Doctor))]
#[case::scoped_hospital(Mode::PartyScoped, Some(PartyKind::Hospital))]
#[tokio::test]
async fn everything_is_priced_as_agreed(#[case] mode: Mode, #[case] kind: Option<PartyKind>) {
    let post = Post::open(mode);
    let party = kind.map(party);
    for branch in post.adapter.branches().await.unwrap() {
        let catalogue = post.adapter.catalogue(&branch.id, party.as_ref()).await;
        let catalogue = catalogue.unwrap();
        let priced: BTreeMap<_, _> = entries(&catalogue)
            .map(|entry| ((entry.kind, entry.code.to_owned()), entry.price))
            .collect();
        let agreed = price_list(&branch.id.0, party.as_ref().map(|party| party.id.as_str()));
        assert!(agreed.len() > 400);
        assert_eq!(priced, agreed, "{}", branch.name);
    }
}

#[tokio::test]
async fn a_test_arrives_with_all_that_is_known_of_it_and_a_package_with_its_tests() {
    let post = Post::catch_all();
    let branch = post.adapter.branches().await.unwrap().remove(0).id;
    let catalogue = post.adapter.catalogue(&branch, None).await.unwrap();
    let row = |kind, id| catalogue.find(kind, &item(id)).unwrap();
    let blood_count = row(ItemKind::Test, "6530a4a6f1d2c8b7e9aabcde");
    let entry = catalogue.entry(blood_count).unwrap();
    let about = (entry.code, entry.specimen, entry.fasting, entry.turnaround);
    let known = (
        "CBC",
        Some("Blood, EDTA"),
        Some("no fasting"),
        Some("same day"),
    );
    assert_eq!(about, known);
    assert!(entry.aliases.contains("hemogram"));
    let fever = row(ItemKind::Package, "6530a4a6f1d2c8b7e9afedcb");
    let inside: Vec<_> = catalogue.includes(fever);
    assert_eq!(inside.len(), 5);
    assert!(inside.contains(&item("6530a4a6f1d2c8b7e9aabcde")));
}

#[tokio::test]
async fn a_party_scoped_account_has_no_prices_for_nobody() {
    let post = Post::open(Mode::PartyScoped);
    let branch = post.adapter.branches().await.unwrap().remove(0).id;
    let refused = post.adapter.catalogue(&branch, None).await.unwrap_err();
    assert!(
        matches!(&refused, Failure::Refused(words) if words.contains("party-scoped")),
        "{refused:?}"
    );
}
