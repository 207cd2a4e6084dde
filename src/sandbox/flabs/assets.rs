//! The demo lab's data as it lies in the binary: one JSON object a line.
//!
//! A line is parsed when it is needed and forgotten after: the sandbox lives inside a console that must stay small,
//! so no parsed copy of the catalogue is kept.

use std::borrow::Cow;
use std::collections::HashMap;

use serde::Deserialize;

use crate::domain::branch::PartyKind;

const BRANCHES: &str = include_str!("../../../assets/flabs/branches.json");
const TESTS: &str = include_str!("../../../assets/flabs/tests.json");
const PACKAGES: &str = include_str!("../../../assets/flabs/packages.json");
const BRANCH_PRICES: &str = include_str!("../../../assets/flabs/branch_prices.json");
const PARTIES: &str = include_str!("../../../assets/flabs/parties.json");

/// A branch of the lab.
#[derive(Deserialize)]
pub struct Branch {
    pub id: &'static str,
    pub name: &'static str,
    pub address: &'static str,
}

/// A test with its list price in rupees. Texts are borrowed from the binary; a generated test owns its own.
#[derive(Deserialize)]
pub struct Test {
    #[serde(borrow)]
    pub id: Cow<'static, str>,
    #[serde(borrow)]
    pub code: Cow<'static, str>,
    #[serde(borrow)]
    pub name: Cow<'static, str>,
    pub aliases: Vec<&'static str>,
    pub specimen: &'static str,
    pub fasting: &'static str,
    pub turnaround: &'static str,
    pub price: i64,
}

/// A package with its list price in rupees and the codes of its tests.
#[derive(Deserialize)]
pub struct Package {
    pub id: &'static str,
    pub code: &'static str,
    pub name: &'static str,
    pub aliases: Vec<&'static str>,
    pub price: i64,
    pub tests: Vec<&'static str>,
}

/// What a branch takes for a test or package, beside the list price.
#[derive(Deserialize)]
pub struct BranchPrices {
    pub branch: &'static str,
    #[serde(borrow, flatten)]
    pub terms: Terms<'static>,
}

/// A corporate, doctor or hospital and what was agreed with it.
#[derive(Deserialize)]
pub struct Party {
    pub id: &'static str,
    pub kind: PartyKind,
    pub name: &'static str,
    #[serde(borrow, flatten)]
    pub terms: Terms<'static>,
}

/// A percentage on the price before it, and prices in rupees for single codes that win over it.
#[derive(Default, Deserialize)]
pub struct Terms<'a> {
    pub percent: i64,
    #[serde(borrow)]
    pub items: HashMap<&'a str, i64>,
}

pub fn branches() -> impl Iterator<Item = Branch> {
    parsed(BRANCHES)
}

pub fn tests() -> impl Iterator<Item = Test> + Send {
    parsed(TESTS)
}

/// How many tests [`tests`] gives, told without parsing them.
pub fn test_count() -> usize {
    TESTS.lines().filter(|line| line.starts_with('{')).count()
}

pub fn packages() -> impl Iterator<Item = Package> + Send {
    parsed(PACKAGES)
}

pub fn branch_prices() -> impl Iterator<Item = BranchPrices> {
    parsed(BRANCH_PRICES)
}

pub fn parties() -> impl Iterator<Item = Party> {
    parsed(PARTIES)
}

/// Only the brackets around the array fail to parse; a test of this module keeps that true.
fn parsed<T: Deserialize<'static>>(lines: &'static str) -> impl Iterator<Item = T> + Send {
    lines
        .lines()
        .filter_map(|line| serde_json::from_str(line.trim_end_matches(',')).ok())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn written(array: &str) -> usize {
        let array: Vec<serde_json::Value> = serde_json::from_str(array).unwrap();
        array.len()
    }

    #[test]
    fn every_object_of_every_file_is_read() {
        assert_eq!(branches().count(), written(BRANCHES));
        assert_eq!(tests().count(), written(TESTS));
        assert_eq!(test_count(), written(TESTS));
        assert_eq!(packages().count(), written(PACKAGES));
        assert_eq!(branch_prices().count(), written(BRANCH_PRICES));
        assert_eq!(parties().count(), written(PARTIES));
    }

    #[test]
    fn the_lab_is_as_large_as_promised() {
        assert_eq!(branches().count(), 6);
        assert!(tests().count() >= 400);
        assert!(packages().count() >= 60);
        let of_kind = |kind| parties().filter(|party| party.kind == kind).count();
        assert_eq!(of_kind(PartyKind::Corporate), 3);
        assert_eq!(of_kind(PartyKind::Doctor), 3);
        assert_eq!(of_kind(PartyKind::Hospital), 2);
    }

    #[test]
    fn ids_and_codes_are_unique_and_packages_hold_known_tests() {
        let codes: HashSet<_> = tests().map(|test| test.code).collect();
        let ids: HashSet<_> = tests()
            .map(|test| test.id)
            .chain(packages().map(|package| package.id.into()))
            .collect();
        assert_eq!(codes.len(), tests().count());
        assert_eq!(ids.len(), tests().count() + packages().count());
        for package in packages() {
            for code in package.tests {
                assert!(codes.contains(code), "{} in {}", code, package.name);
            }
        }
    }
}
