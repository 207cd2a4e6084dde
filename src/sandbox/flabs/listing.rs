//! The lists: branches, and the tests and packages of a branch at the prices of a party.
//!
//! Envelopes and fields by A4 to A6; parties by <https://developer.flabslis.com/crm/party-scoped>, A20 to A23.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::account::Account;
use super::assets::{self, Party, Test};
use super::prices::Prices;
use super::{Flabs, generated, listed};
use crate::domain::branch::PartyKind;
use crate::sandbox::answer::Refusal;

/// What both catalogue calls are asked with; a field given twice is refused by the extractor.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Scope {
    #[serde(rename = "branchID")]
    branch: Option<String>,
    corporate_user: Option<String>,
    organization: Option<String>,
}

#[derive(Serialize)]
struct Lab {
    #[serde(rename = "_id")]
    id: &'static str,
    name: &'static str,
    address: &'static str,
}

#[derive(Serialize)]
struct PricedTest {
    #[serde(rename = "_id")]
    id: Cow<'static, str>,
    name: Cow<'static, str>,
    cost: i64,
    code: Cow<'static, str>,
    aliases: Vec<&'static str>,
    specimen: &'static str,
    fasting: &'static str,
    turnaround: &'static str,
}

#[derive(Serialize)]
struct PricedPackage {
    #[serde(rename = "_id")]
    id: &'static str,
    name: &'static str,
    total: i64,
    code: &'static str,
    aliases: Vec<&'static str>,
    tests: Vec<Inside>,
}

#[derive(Clone, Serialize)]
struct Inside {
    #[serde(rename = "_id")]
    id: Cow<'static, str>,
    name: Cow<'static, str>,
}

/// `GET /client/labs`
pub async fn labs(
    State(flabs): State<Arc<Flabs>>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    flabs.admit(&headers, flabs.service.clock.now()).await?;
    let labs: Vec<Lab> = assets::branches()
        .map(|branch| Lab {
            id: branch.id,
            name: branch.name,
            address: branch.address,
        })
        .collect();
    Ok(listed::list("labs", labs.into_iter()))
}

/// `GET /client/crm/tests`
pub async fn tests(
    State(flabs): State<Arc<Flabs>>,
    headers: HeaderMap,
    scope: Result<Query<Scope>, QueryRejection>,
) -> Result<Response, Refusal> {
    let account = flabs.admit(&headers, flabs.service.clock.now()).await?;
    let prices = scope_of(scope)?.prices(account)?;
    let at_price = move |test: Test| PricedTest {
        cost: prices.price(&test.code, test.price),
        id: test.id,
        name: test.name,
        code: test.code,
        aliases: test.aliases,
        specimen: test.specimen,
        fasting: test.fasting,
        turnaround: test.turnaround,
    };
    let tests = generated::catalogue(flabs.rows).map(at_price);
    Ok(listed::list("tests", tests))
}

/// `GET /client/crm/packages`
pub async fn packages(
    State(flabs): State<Arc<Flabs>>,
    headers: HeaderMap,
    scope: Result<Query<Scope>, QueryRejection>,
) -> Result<Response, Refusal> {
    let account = flabs.admit(&headers, flabs.service.clock.now()).await?;
    let prices = scope_of(scope)?.prices(account)?;
    let tests: HashMap<_, _> = assets::tests()
        .map(|test| (test.code, (test.id, test.name)))
        .collect();
    let inside = move |code: &&str| {
        let (id, name) = tests.get(*code)?.clone();
        Some(Inside { id, name })
    };
    let packages = assets::packages().map(move |package| PricedPackage {
        total: prices.price(package.code, package.price),
        id: package.id,
        name: package.name,
        code: package.code,
        aliases: package.aliases,
        tests: package.tests.iter().filter_map(&inside).collect(),
    });
    Ok(listed::list("packages", packages))
}

fn scope_of(scope: Result<Query<Scope>, QueryRejection>) -> Result<Scope, Refusal> {
    scope
        .map(|Query(scope)| scope)
        .map_err(|rejection| Refusal::invalid(rejection.body_text()))
}

impl Scope {
    fn prices(&self, account: &Account) -> Result<Prices, Refusal> {
        let branch = match self.branch.as_deref() {
            None | Some("") => return Err(Refusal::invalid("branchID is required")),
            Some(branch) => known_branch(branch)?,
        };
        let party = match (self.corporate_user.as_deref(), self.organization.as_deref()) {
            (Some(_), Some(_)) => {
                return Err(Refusal::invalid(
                    "corporateUser and organization cannot be sent together",
                ));
            }
            (Some(id), None) => Some(known_party("corporateUser", id, &[PartyKind::Corporate])?),
            (None, Some(id)) => {
                let kinds = [PartyKind::Doctor, PartyKind::Hospital];
                Some(known_party("organization", id, &kinds)?)
            }
            (None, None) if account.is_party_scoped => {
                return Err(Refusal::invalid(
                    "corporateUser or organization is required on a party-scoped account",
                ));
            }
            (None, None) => None,
        };
        Ok(Prices::of(branch, party))
    }
}

/// The branch, or 404 (A19).
pub fn known_branch(id: &str) -> Result<&'static str, Refusal> {
    assets::branches()
        .find(|branch| branch.id == id)
        .map(|branch| branch.id)
        .ok_or_else(|| Refusal::not_found("branchID is not a branch of this account"))
}

/// The party of one of these kinds, or 404 (A21). An empty id names nobody: 400.
pub fn known_party(field: &str, id: &str, kinds: &[PartyKind]) -> Result<Party, Refusal> {
    if id.is_empty() {
        return Err(Refusal::invalid(format!("{field} must not be empty")));
    }
    assets::parties()
        .find(|party| party.id == id && kinds.contains(&party.kind))
        .ok_or_else(|| Refusal::not_found(format!("{field} is not a party of this account")))
}
