//! The rules of a pre-booking (<https://developer.flabslis.com/billing/endpoint/create_bill>, A26 to A29).

use serde_json::Value;

use super::choices::Choices;
use super::form::{Form, wrong};
use super::lead::{AGE_TYPES, GENDERS, is_package, is_test};
use super::listing::known_branch;
use crate::sandbox::answer::Refusal;

const ARRAYS: [&str; 5] = [
    "mapped_tests",
    "unmapped_tests",
    "mapped_packages",
    "unmapped_packages",
    "unmapped_packages_with_tests",
];

/// What is left to know of a pre-booking that keeps every rule but the one about bar codes.
pub struct Order {
    pub integrator: String,
    pub bar_code: Option<String>,
}

/// Checks a pre-booking: types and required fields first, then what its ids name.
pub fn check(form: &Form, choices: &Choices, rows: usize) -> Result<Order, Refusal> {
    let patient = form.object("patient_details")?;
    check_patient(&patient).map_err(|refusal| Refusal {
        message: format!("patient_details.{}", refusal.message),
        ..refusal
    })?;
    let integrator = form.required("integrator_id")?.to_owned();
    let source = form.required("lead_source")?;
    let sources = &choices.lead_sources;
    if !sources.is_empty() && !sources.iter().any(|known| known == source) {
        return Err(wrong("lead_source", "is not one that was agreed"));
    }
    let bar_code = form.text("barCode")?;
    if bar_code.is_some_and(|code| code.trim().is_empty()) {
        return Err(wrong("barCode", "must not be empty"));
    }
    let branch = form.text("labID")?;
    let tests = mapped(form, "mapped_tests", &["flabs_id", "id"])?;
    let packages = mapped(form, "mapped_packages", &["id"])?;
    for name in ["unmapped_tests", "unmapped_packages"] {
        each_is_text(name, form.array(name)?)?;
    }
    with_tests(form)?;
    let mut has_item = false;
    for name in ARRAYS {
        has_item |= !form.array(name)?.is_empty();
    }
    if !has_item {
        return Err(Refusal::invalid(format!(
            "at least one of {} is required",
            ARRAYS.join(", ")
        )));
    }
    if let Some(branch) = branch {
        known_branch(branch)
            .map_err(|_| Refusal::not_found("labID is not a branch of this account"))?;
    }
    known("mapped_tests", &tests, |id| is_test(id, rows))?;
    known("mapped_packages", &packages, is_package)?;
    Ok(Order {
        integrator,
        bar_code: bar_code.map(str::to_owned),
    })
}

fn check_patient(patient: &Form) -> Result<(), Refusal> {
    patient.required("first_name")?;
    patient.text("last_name")?;
    if patient.choice("gender", &GENDERS)?.is_none() {
        return Err(wrong("gender", "is required"));
    }
    if !patient.has_integer("age")? {
        return Err(wrong("age", "is required"));
    }
    match patient.choice("age_type", &AGE_TYPES)? {
        Some(_) => Ok(()),
        None => Err(wrong("age_type", "is required")),
    }
}

/// The ids of an array of objects, each under one of `names`.
fn mapped<'a>(form: &'a Form, array: &str, names: &[&str]) -> Result<Vec<&'a str>, Refusal> {
    let items = form.array(array)?.iter().enumerate();
    items
        .map(|(index, item)| {
            let id = names.iter().find_map(|name| item.get(name)?.as_str());
            id.filter(|id| !id.trim().is_empty()).ok_or_else(|| {
                let names = names.join(" or ");
                wrong(&format!("{array}[{index}]"), &format!("needs its {names}"))
            })
        })
        .collect()
}

fn each_is_text(array: &str, items: &[Value]) -> Result<(), Refusal> {
    let is_text = |item: &Value| item.as_str().is_some_and(|text| !text.trim().is_empty());
    match items.iter().position(|item| !is_text(item)) {
        Some(index) => Err(wrong(
            &format!("{array}[{index}]"),
            "must be a string that is not empty",
        )),
        None => Ok(()),
    }
}

fn with_tests(form: &Form) -> Result<(), Refusal> {
    let array = "unmapped_packages_with_tests";
    for (index, item) in form.array(array)?.iter().enumerate() {
        let within = |name: &str| format!("{array}[{index}].{name}");
        let name = item.get("package_name").and_then(Value::as_str);
        if name.is_none_or(|name| name.trim().is_empty()) {
            return Err(wrong(
                &within("package_name"),
                "must be a string that is not empty",
            ));
        }
        match item.get("tests").and_then(Value::as_array) {
            Some(tests) => each_is_text(&within("tests"), tests)?,
            None => return Err(wrong(&within("tests"), "must be an array")),
        }
    }
    Ok(())
}

/// Ids that the catalogue does not have are refused, as a create refuses them (A19).
fn known(array: &str, ids: &[&str], is_known: impl Fn(&str) -> bool) -> Result<(), Refusal> {
    match ids.iter().position(|id| !is_known(id)) {
        Some(index) => Err(wrong(
            &format!("{array}[{index}]"),
            "is not in the catalogue",
        )),
        None => Ok(()),
    }
}
