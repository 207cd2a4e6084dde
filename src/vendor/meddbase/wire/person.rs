//! `PersonDemographicData`: patients as they are found, and as they are entered
//! (<https://meddbase.github.io/meddbase-apis/patient-portal-api/objects-and-data-types/persondemographicdata.html>).

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use serde_json::{Map, Value, json};

use super::moment;
use super::object::Object;
use super::search::number;
use crate::domain::offer::{Choice, FieldKey};
use crate::domain::phone::Phone;
use crate::domain::rules::{birth_date, names};
use crate::domain::schedule::DayOrder;
use crate::domain::slot::{Context, FoundPatient, PatientRef};
use crate::domain::submission::Submission;

pub const PATIENTS: &str = "/patientportalapi/patients/patients";
/// Finds by everything that is told of a patient, and creates nobody
/// (<https://meddbase.github.io/meddbase-apis/patient-portal-api/patients/fullsearch.html>).
pub const FIND: &str = "/patientportalapi/patients/patient";
/// Finds in the same way, and creates whom it does not find
/// (<https://meddbase.github.io/meddbase-apis/patient-portal-api/patients/fullsearchorcreate.html>).
pub const CREATE: &str = "/patientportalapi/patients/create-patient";

/// Fields whose content is the vendor's, letter for letter.
const PLAIN: [(FieldKey, &str); 4] = [
    (FieldKey::Phone, "Mobile"),
    (FieldKey::Email, "EmailAddress"),
    (FieldKey::WorkEmail, "WorkEmailAddress"),
    (FieldKey::EmployeeNumber, "EmployeeNumber"),
];
const ADDRESS: [(FieldKey, &str); 4] = [
    (FieldKey::Street, "Address1"),
    (FieldKey::StreetSecond, "Address2"),
    (FieldKey::City, "City"),
    (FieldKey::Zip, "PostCode"),
];

/// What a patient is entered or registered with.
#[derive(Clone, PartialEq, Eq)]
pub struct Demographics(Value);

impl Demographics {
    pub fn of(submission: &Submission) -> Self {
        let patient = &submission.patient;
        let mobile = patient.phone.as_ref();
        let own = |key| match key {
            FieldKey::Phone => mobile.map_or_else(String::new, |phone| {
                international(phone, &patient.country_code)
            }),
            FieldKey::Email => patient.email.clone().unwrap_or_default(),
            key => submission.detail(key).to_owned(),
        };
        let last = patient.last_name.as_deref().unwrap_or_default();
        Self::new((&patient.first_name, last), patient.birth_date, own)
    }

    /// From a form that is not complete yet; `today` bounds its date of birth, and the phone number is read as the
    /// desk reads it.
    pub fn of_form(form: &Context, today: NaiveDate, country_code: &str) -> Self {
        let born = birth_date(form.value(FieldKey::BirthDate), DayOrder::DayFirst, today).ok();
        let own = |key| match key {
            FieldKey::Phone => {
                let text = form.value(key);
                let phone = Phone::parse(text, country_code).or_else(|_| Phone::parse_any(text));
                phone.map_or_else(
                    |_| String::new(),
                    |phone| international(&phone, country_code),
                )
            }
            key => form.value(key).to_owned(),
        };
        Self::new(names(form.value(FieldKey::Name)), born, own)
    }

    fn new(
        (name, surname): (&str, &str),
        born: Option<NaiveDate>,
        own: impl Fn(FieldKey) -> String,
    ) -> Self {
        let mut demog = Map::new();
        let mut put = |name: &str, value: &str| {
            let value = value.trim();
            if !value.is_empty() {
                demog.insert(name.to_owned(), value.into());
            }
        };
        put("Name", name);
        put("Surname", surname);
        put(
            "DateOfBirth",
            &born.map(moment::midnight).unwrap_or_default(),
        );
        for (key, name) in PLAIN {
            put(name, &own(key));
        }
        let lines = ADDRESS.map(|(key, name)| (name, own(key).trim().to_owned()));
        let lines = lines.into_iter().filter(|(_, line)| !line.is_empty());
        let address: Map<String, Value> = lines
            .map(|(name, line)| (name.to_owned(), line.into()))
            .collect();
        if !address.is_empty() {
            demog.insert("Address".to_owned(), address.into());
        }
        let sex = own(FieldKey::Sex);
        if !sex.is_empty() {
            demog.insert("SexType".to_owned(), number(&sex));
        }
        Self(demog.into())
    }

    /// The body of a search for the patient, and of `create-patient`.
    pub fn body(&self) -> Value {
        json!({"demog": self.0})
    }

    /// The body of `register-patient`.
    pub fn registration(&self, sign_up_code: &str) -> Value {
        json!({"payerType": sign_up_code, "demog": self.0})
    }
}

/// With its country code: the desk's own numbers are kept as their ten digits.
fn international(phone: &Phone, country_code: &str) -> String {
    let digits = phone.digits();
    if digits.len() == 10 && !digits.starts_with('+') {
        format!("+{country_code}{digits}")
    } else {
        digits.to_owned()
    }
}

/// The key of a patient who was found or entered.
pub fn key(result: &Value) -> Option<String> {
    Object::of(result)?.key("Key")
}

/// What a list of patients is narrowed by.
pub type Criteria = Vec<(&'static str, String)>;

/// A query for the patients of a form: one criterion for everything that is filled in.
pub fn query(form: &Context, today: NaiveDate) -> Criteria {
    let mut query = queries(form).concat();
    if let Some(born) = wanted_birth(form, today) {
        query.push(("dob-from", moment::midnight(born)));
        query.push(("dob-to", moment::midnight(born + Days::new(1))));
    }
    query
}

/// What tells a patient from others, each for itself: one of them may be misspelt.
pub fn queries(form: &Context) -> Vec<Criteria> {
    let told = |criteria: &[(&'static str, &str)]| -> Criteria {
        let told = criteria.iter().map(|(name, value)| (*name, value.trim()));
        let told = told.filter(|(_, value)| !value.is_empty());
        told.map(|(name, value)| (name, value.to_owned())).collect()
    };
    let name = match names(form.value(FieldKey::Name)) {
        (only, "") => told(&[("text", only)]),
        (first, last) => told(&[("name", first), ("surname", last)]),
    };
    let others = [
        ("personal-email", FieldKey::Email),
        ("work-email", FieldKey::WorkEmail),
        ("employee-number", FieldKey::EmployeeNumber),
    ];
    let others = others.map(|(name, key)| told(&[(name, form.value(key))]));
    let queries = std::iter::once(name).chain(others);
    queries.filter(|query| !query.is_empty()).collect()
}

/// The date of birth of a form, where it holds one.
fn wanted_birth(form: &Context, today: NaiveDate) -> Option<NaiveDate> {
    birth_date(form.value(FieldKey::BirthDate), DayOrder::DayFirst, today).ok()
}

/// Born on the day that the form tells, for all that is known.
pub fn may_be_born(found: &FoundPatient, form: &Context, today: NaiveDate) -> bool {
    let born = found.values.get(&FieldKey::BirthDate);
    wanted_birth(form, today)
        .zip(born)
        .is_none_or(|(wanted, born)| *born == wanted.to_string())
}

/// A patient of a list; one whose key is not told cannot be booked for.
pub fn found(person: Object<'_>) -> Option<FoundPatient> {
    let key = person.key("Key")?;
    let name = full_name(person);
    let mut values = BTreeMap::from([(FieldKey::Name, name.clone())]);
    for (field, wire) in PLAIN {
        if let Some(text) = person.text(wire) {
            values.insert(field, text);
        }
    }
    let address = person.object("Address");
    for (field, wire) in ADDRESS {
        if let Some(text) = address.and_then(|address| address.text(wire)) {
            values.insert(field, text);
        }
    }
    let born = born(person);
    if let Some(born) = born {
        values.insert(FieldKey::BirthDate, born.format("%Y-%m-%d").to_string());
    }
    if let Some(sex) = person
        .text("SexType")
        .filter(|sex| sex == "1" || sex == "2")
    {
        values.insert(FieldKey::Sex, sex);
    }
    let note = [
        born.map(|born| format!("born {}", born.format("%-d %b %Y"))),
        values.get(&FieldKey::EmployeeNumber).cloned(),
        values.get(&FieldKey::City).cloned(),
    ];
    Some(FoundPatient {
        patient: PatientRef { key, name },
        note: note.into_iter().flatten().collect::<Vec<_>>().join(", "),
        values,
    })
}

/// Name and surname as one.
pub fn full_name(person: Object<'_>) -> String {
    let names = ["Name", "Surname"];
    let names: Vec<String> = names.iter().filter_map(|name| person.text(name)).collect();
    names.join(" ")
}

/// The date of birth.
pub fn born(person: Object<'_>) -> Option<NaiveDate> {
    moment::date(&person.key("DateOfBirth")?)
}

/// `SexType`, as the fields of a form hold it.
pub fn sexes() -> Vec<Choice> {
    [("2", "female"), ("1", "male")]
        .map(|(value, label)| Choice {
            value: value.to_owned(),
            label: label.to_owned(),
        })
        .to_vec()
}
