//! `TimeSlotsData`: the times that can be booked, with whoever is free
//! (<https://meddbase.github.io/meddbase-apis/patient-portal-api/objects-and-data-types/timeslotsdata.html>).

use serde_json::Value;

use super::moment::Written;
use super::object::Object;
use super::search::{address, named};
use crate::domain::branch::{Branch, BranchId};
use crate::domain::offer::Choice;
use crate::domain::slot::Slot;
use crate::domain::text;
use crate::vendor::meddbase::settings::{Own, PriceField};

/// The slots of an answer in its order; `asked` is the site they were asked for. Where a slot names another one, it
/// comes with it. A time that the site's clock does not have is left out.
pub fn slots(result: &Value, asked: Option<&str>, own: &Own) -> Result<Vec<Slot>, String> {
    if result.is_null() {
        return Ok(Vec::new());
    }
    let result = Object::of(result).ok_or("no object")?;
    check_currency(result)?;
    let sites = result.list("Sites");
    let mut found = Vec::new();
    for (index, slot) in result.list("TimeSlots").into_iter().enumerate() {
        let missing =
            |name: &str| format!("TimeSlots[{index}].{name}: missing or not as published");
        let wire = slot.key("Start").ok_or_else(|| missing("Start"))?;
        let starts = Written::read(&wire).ok_or_else(|| missing("Start"))?;
        let site = slot.key("SiteKey");
        let site = site.or_else(|| asked.map(ToOwned::to_owned));
        let site = site.ok_or_else(|| missing("SiteKey"))?;
        let zone = own.zone(&site);
        let Some(at) = starts.in_zone(zone) else {
            continue;
        };
        let ends = slot.key("Finish").and_then(|text| Written::read(&text));
        let price = match own.assumptions.price {
            PriceField::Gross => "GrossPrice",
            PriceField::Net => "NetPrice",
        };
        let place = slot.key("LocationKey").map(|key| place(&sites, &site, key));
        let branch = (asked != Some(&site)).then(|| branch(&sites, &site, own));
        found.push(Slot {
            at,
            ends: ends.and_then(|ends| ends.in_zone(zone)),
            wire,
            left: None,
            is_busy: false,
            is_walk_in: false,
            price: slot.amount(price),
            fine_price: slot.finer(price),
            branch,
            place,
        });
    }
    Ok(found)
}

/// One currency is told for all prices of a list. What is not in pounds is never shown as if it were.
fn check_currency(result: Object<'_>) -> Result<(), String> {
    let Some(currency) = result.object("Currency") else {
        return Ok(());
    };
    for (name, own) in [("Code", "GBP"), ("Symbol", "£")] {
        let told = currency.text(name).unwrap_or_default();
        if !told.is_empty() && !told.eq_ignore_ascii_case(own) {
            let told = text::fit(&told, 10);
            return Err(format!(
                "its prices are in {told}, and only pounds (£) are shown here"
            ));
        }
    }
    Ok(())
}

/// The published sample joins badly: a place that is not among those told still has its key (section 11, number 5).
fn place(sites: &[Object<'_>], site: &str, key: String) -> Choice {
    let is_here = |object: &Object<'_>| object.key("Key").as_deref() == Some(site);
    let here = sites.iter().filter(|object| is_here(object));
    let elsewhere = sites.iter().filter(|object| !is_here(object));
    let mut locations = here
        .chain(elsewhere)
        .flat_map(|site| site.list("Locations"));
    let named = locations
        .find_map(|location| named(location, &["Name"]).filter(|location| location.value == key));
    named.unwrap_or_else(|| Choice {
        label: format!("location {key}"),
        value: key,
    })
}

fn branch(sites: &[Object<'_>], key: &str, own: &Own) -> Branch {
    let mut known = sites.iter().filter_map(|object| site(*object, own));
    let known = known.find(|branch| branch.id.0 == key);
    known.unwrap_or_else(|| Branch {
        id: BranchId(key.to_owned()),
        name: format!("site {key}"),
        address: None,
        zone: Some(own.zone(key)),
    })
}

/// A site as a branch (<https://meddbase.github.io/meddbase-apis/patient-portal-api/objects-and-data-types/sitedata.html>).
pub fn site(object: Object<'_>, own: &Own) -> Option<Branch> {
    let Choice { value, label } = named(object, &["Name"])?;
    Some(Branch {
        zone: Some(own.zone(&value)),
        id: BranchId(value),
        name: label,
        address: address(object),
    })
}
