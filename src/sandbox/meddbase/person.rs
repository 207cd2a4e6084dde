//! People: finding one by what is known of them, and making one.
//!
//! <https://meddbase.github.io/meddbase-apis/patient-portal-api/patients/patients.html>

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::fields::Fields;
use super::moment;
use super::refusal::Refusal;

/// Texts of a person that are kept.
const TEXTS: [&str; 15] = [
    "Title",
    "Name",
    "Surname",
    "Initials",
    "DateOfBirth",
    "Mobile",
    "Telephone",
    "EmailAddress",
    "WorkTelephone",
    "WorkEmailAddress",
    "EmployeeNumber",
    "EmployeeDepartment",
    "EmployeeDivision",
    "EmployerName",
    "ReferrerKey",
];

/// What a full search compares, where both sides know it.
const COMPARED: [&str; 3] = ["EmailAddress", "WorkEmailAddress", "EmployeeNumber"];

/// A person as kept.
#[derive(Clone, Serialize, Deserialize)]
pub struct Person {
    pub key: String,
    /// Whether the managers may see and act for this person.
    pub is_visible: bool,
    /// Keys of payer types, the default first.
    pub payers: Vec<String>,
    /// `PersonDemographicData` as it is told, without its key.
    pub demog: Map<String, Value>,
}

impl Person {
    /// A text; empty where it is not known.
    pub fn text(&self, name: &str) -> &str {
        self.demog
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    pub fn born(&self) -> Option<DateTime<Utc>> {
        moment::instant(self.text("DateOfBirth"))
    }
}

/// The demographics that were sent, each of its published type. Fields beside them are ignored.
pub fn demographics(sent: Fields<'_>) -> Result<Map<String, Value>, Refusal> {
    let mut demog = Map::new();
    for name in TEXTS {
        if let Some(text) = sent.text(name)?.filter(|text| !text.is_empty()) {
            demog.insert(name.to_owned(), text.into());
        }
    }
    if let Some(born) = sent.text("DateOfBirth")?.filter(|text| !text.is_empty()) {
        moment::instant(born).ok_or_else(|| Refusal::malformed("DateOfBirth"))?;
    }
    for name in ["EmailAddress", "WorkEmailAddress"] {
        let email = sent.text(name)?.filter(|text| !text.is_empty());
        if email.is_some_and(|email| !is_email(email)) {
            return Err(Refusal::malformed(name));
        }
    }
    if let Some(sex) = sent.int("SexType")? {
        if !(0..=2).contains(&sex) {
            return Err(Refusal::malformed("SexType"));
        }
        demog.insert("SexType".to_owned(), sex.into());
    }
    if sent.object("Address")?.is_some() {
        let address = sent.get("Address").cloned().unwrap_or_default();
        demog.insert("Address".to_owned(), address);
    }
    Ok(demog)
}

/// Refuses demographics that lack one of these.
pub fn require(demog: &Map<String, Value>, names: &[&str]) -> Result<(), Refusal> {
    let missing = names.iter().find(|name| !demog.contains_key(**name));
    missing.map_or(Ok(()), |name| Err(Refusal::missing(name)))
}

fn is_email(text: &str) -> bool {
    text.split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !text.contains(' '))
}

/// `FullSearch`: the one person of this name of whom nothing else that is known differs; None where nobody is.
///
/// Refuses when there are several, and when the one may not be seen (A33).
pub fn full_search<'a>(
    people: &'a [Person],
    demog: &Map<String, Value>,
) -> Result<Option<&'a Person>, Refusal> {
    let sent = Person {
        key: String::new(),
        is_visible: true,
        payers: Vec::new(),
        demog: demog.clone(),
    };
    only(people.iter().filter(|person| is_alike(person, &sent)))
}

/// `QuickSearch`: the one person with all of these, by field name.
pub fn quick_search<'a>(
    people: &'a [Person],
    wanted: &[(&str, &str)],
) -> Result<Option<&'a Person>, Refusal> {
    let has = |person: &Person, (name, value): &(&str, &str)| {
        person.text(name).eq_ignore_ascii_case(value)
    };
    only(
        people
            .iter()
            .filter(|person| wanted.iter().all(|pair| has(person, pair))),
    )
}

/// The person with this key, if the managers may see them.
pub fn by_key<'a>(people: &'a [Person], key: &str) -> Result<&'a Person, Refusal> {
    people
        .iter()
        .find(|person| person.key == key && person.is_visible)
        .ok_or_else(no_access)
}

fn only<'a>(mut found: impl Iterator<Item = &'a Person>) -> Result<Option<&'a Person>, Refusal> {
    match (found.next(), found.next()) {
        (_, Some(_)) => Err(Refusal::business(
            "More than one patient matches. Please give full details.",
        )),
        (Some(person), None) if !person.is_visible => Err(no_access()),
        (found, None) => Ok(found),
    }
}

fn no_access() -> Refusal {
    Refusal::forbidden("You have no access to this patient.")
}

fn is_alike(known: &Person, sent: &Person) -> bool {
    let is_same = |name: &str| {
        let (known, sent) = (known.text(name), sent.text(name));
        !known.is_empty() && known.eq_ignore_ascii_case(sent)
    };
    let differs = |name: &&str| {
        let (known, sent) = (known.text(name), sent.text(name));
        !known.is_empty() && !sent.is_empty() && !known.eq_ignore_ascii_case(sent)
    };
    let post_code = |person: &Person| {
        let address = person.demog.get("Address")?;
        Some(address.get("PostCode")?.as_str()?.to_ascii_uppercase())
            .filter(|code| !code.is_empty())
    };
    let is_moved = post_code(known)
        .zip(post_code(sent))
        .is_some_and(|(known, sent)| known != sent);
    let is_older = known
        .born()
        .zip(sent.born())
        .is_some_and(|(known, sent)| known != sent);
    ["Name", "Surname"].into_iter().all(is_same)
        && !COMPARED.iter().any(differs)
        && !is_older
        && !is_moved
}
