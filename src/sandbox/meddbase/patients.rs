//! Section `patients`: finding the company's patients and making one; with them referrals and recalls.
//!
//! <https://meddbase.github.io/meddbase-apis/patient-portal-api/patients/patients.html>

use serde_json::{Value, json};

use super::asked::{Answer, Asked};
use super::clinic::{Recall, Referral};
use super::files::Files;
use super::moment::{self, told};
use super::paging::Paging;
use super::person::{self, Person};
use super::refusal::Refusal;
use crate::sandbox::secret;

/// What `QuickSearch` asks with, and the field it stands for.
const QUICK: [(&str, &str); 3] = [
    ("employee-number", "EmployeeNumber"),
    ("personal-email", "EmailAddress"),
    ("work-email", "WorkEmailAddress"),
];

/// The states of referrals by the number that filters them; 5 is every state but closed.
const STATES: [&str; 5] = [
    "",
    "QuestionnaireRequired",
    "AttachDocuments",
    "InProgress",
    "Completed",
];

/// `GetPatient` with a key, `QuickSearch` without.
pub async fn find(asked: &Asked<'_>, files: &mut Files<'_, '_>) -> Result<Value, Refusal> {
    let people = files.people(&asked.meddbase.clinic).await?;
    let view = asked.view(100);
    if let Some(key) = asked.sent.text("patient")? {
        return Ok(view.person(person::by_key(&people, key)?));
    }
    let mut wanted = Vec::new();
    for (parameter, field) in QUICK {
        if let Some(value) = asked.sent.text(parameter)? {
            wanted.push((field, value));
        }
    }
    if wanted.is_empty() {
        return Err(Refusal::missing("patient"));
    }
    found(person::quick_search(&people, &wanted)?).map(|person| view.person(person))
}

/// `FullSearch`
pub async fn search(asked: &Asked<'_>, files: &mut Files<'_, '_>) -> Result<Value, Refusal> {
    let demog = demographics(asked)?;
    let people = files.people(&asked.meddbase.clinic).await?;
    found(person::full_search(&people, &demog)?).map(|person| asked.view(100).person(person))
}

/// `FullSearchOrCreate`
pub async fn search_or_create(
    asked: &Asked<'_>,
    files: &mut Files<'_, '_>,
) -> Result<Answer, Refusal> {
    let demog = demographics(asked)?;
    let people = files.people(&asked.meddbase.clinic).await?;
    let view = asked.view(100);
    if let Some(person) = person::full_search(&people, &demog)? {
        return Ok(Answer::told(view.person(person)));
    }
    if asked.choices.is_birth_date_required {
        person::require(&demog, &["DateOfBirth"])?;
    }
    let person = Person {
        key: secret::hex(16)?,
        is_visible: true,
        payers: vec!["PA".to_owned(), "EMP-DEMO".to_owned()],
        demog,
    };
    files.keep_person(&person).await?;
    Ok(Answer::changed(view.person(&person), person.key))
}

/// `GetPatients`
pub async fn list(asked: &Asked<'_>, files: &mut Files<'_, '_>) -> Result<Value, Refusal> {
    const CONTAINED: [(&str, &str); 7] = [
        ("name", "Name"),
        ("surname", "Surname"),
        ("department", "EmployeeDepartment"),
        ("division", "EmployeeDivision"),
        ("personal-email", "EmailAddress"),
        ("work-email", "WorkEmailAddress"),
        ("employee-number", "EmployeeNumber"),
    ];
    let sent = asked.sent;
    let paging = Paging::read(sent, 3)?;
    let from = sent.read_as("dob-from", moment::instant)?;
    let to = sent.read_as("dob-to", moment::instant)?;
    let text = sent.text("text")?;
    let mut wanted = Vec::new();
    for (parameter, field) in CONTAINED {
        if let Some(part) = sent.text(parameter)? {
            wanted.push((field, part));
        }
    }
    let is_wanted = |person: &Person| {
        let is_born = |is_right: &dyn Fn(_) -> bool| person.born().is_some_and(is_right);
        person.is_visible
            && wanted
                .iter()
                .all(|(field, part)| has(person.text(field), part))
            && text.is_none_or(|text| is_about(person, text))
            && from.is_none_or(|from| is_born(&|born| born >= from))
            && to.is_none_or(|to| is_born(&|born| born <= to))
    };
    let mut people = files.people(&asked.meddbase.clinic).await?;
    people.retain(is_wanted);
    let by = |fields: [&'static str; 2]| {
        move |person: &Person| fields.map(|field| person.text(field).to_lowercase())
    };
    match paging.column {
        1 => people.sort_by_key(by(["EmailAddress", "Surname"])),
        3 => people.sort_by_key(by(["EmployeeNumber", "Surname"])),
        _ => people.sort_by_key(by(["Name", "Surname"])),
    }
    let view = asked.view(100);
    Ok(paging.page(people, |person| view.person(person)))
}

/// `GetReferrals`: the newest change first, whatever the flag says, unless another order is asked for.
pub async fn referrals(asked: &Asked<'_>, files: &mut Files<'_, '_>) -> Result<Value, Refusal> {
    let sent = asked.sent;
    let mut paging = Paging::read(sent, 4)?;
    let status = sent.within("status", 0, 5)?.unwrap_or(0);
    let people = files.people(&asked.meddbase.clinic).await?;
    let patient = patient(asked, &people)?;
    let name = |referral: &Referral| {
        let person = people.iter().find(|person| person.key == referral.patient);
        person.map_or_else(String::new, |person| {
            format!("{} {}", person.text("Name"), person.text("Surname"))
        })
    };
    let filters = ["text", "referral-number", "patient-name", "referrer-name"];
    let [text, number, patient_name, referrer] = filters.map(|filter| sent.text(filter));
    let (text, number, patient_name, referrer) = (text?, number?, patient_name?, referrer?);
    let is_wanted = |referral: &&Referral| {
        let is_state = match status {
            0 => true,
            5 => referral.state != "Completed",
            _ => {
                STATES.iter().position(|state| *state == referral.state)
                    == usize::try_from(status).ok()
            }
        };
        let contains = |whole: &str, part: Option<&str>| part.is_none_or(|part| has(whole, part));
        is_state
            && patient.is_none_or(|key| referral.patient == key)
            && contains(&name(referral), patient_name)
            && contains(&referral.number, number)
            && contains(&referral.referrer, referrer)
            && contains(&format!("{} {}", name(referral), referral.number), text)
    };
    let mut found: Vec<&Referral> = asked.meddbase.clinic.referrals.iter().collect();
    found.retain(is_wanted);
    match paging.column {
        1 => found.sort_by_key(|referral| &referral.number),
        2 => found.sort_by_key(|referral| name(referral)),
        3 => found.sort_by_key(|referral| &referral.referrer),
        4 => found.sort_by_key(|referral| referral.created),
        _ => {
            found.sort_by_key(|referral| referral.modified);
            paging.is_descending = true;
        }
    }
    let kind = |referral: &Referral| asked.meddbase.clinic.kind(&referral.kind);
    let view = asked.view(100);
    Ok(paging.page(found, |referral| {
        json!({"Key": referral.key, "PatientName": name(referral), "PatientKey": referral.patient,
            "ReferredBy": referral.referrer, "CreatedDate": told(referral.created),
            "ModifiedDate": told(referral.modified), "State": referral.state, "StateDisplayName": referral.state,
            "StateColor": "green", "IsFollowUp": false, "HasFollowUp": false, "ReferralNumber": referral.number,
            "AppointmentType": kind(referral).map(|kind| view.kind(kind))})
    }))
}

/// `GetRecalls`
pub async fn recalls(asked: &Asked<'_>, files: &mut Files<'_, '_>) -> Result<Value, Refusal> {
    let sent = asked.sent;
    let clinic = &asked.meddbase.clinic;
    let paging = Paging::read(sent, 3)?;
    let from = sent.read_as("due-from", moment::instant)?;
    let to = sent.read_as("due-to", moment::instant)?;
    let people = files.people(clinic).await?;
    let patient = patient(asked, &people)?;
    let is_wanted = |recall: &&Recall| {
        let due = moment::instant(&told(recall.due));
        patient.is_none_or(|key| recall.patient == key)
            && from.is_none_or(|from| due.is_some_and(|due| due >= from))
            && to.is_none_or(|to| due.is_some_and(|due| due <= to))
    };
    let mut found: Vec<&Recall> = clinic.recalls.iter().filter(is_wanted).collect();
    match paging.column {
        1 => found.sort_by_key(|recall| recall.created),
        3 => found.sort_by_key(|recall| clinic.kind(&recall.kind).map(|kind| &kind.name)),
        _ => found.sort_by_key(|recall| recall.due),
    }
    let view = asked.view(100);
    Ok(paging.page(found, |recall| {
        let person = people.iter().find(|person| person.key == recall.patient);
        json!({"Key": recall.key, "Patient": person.map(|person| view.person(person)), "Reason": recall.reason,
            "AppointmentType": clinic.kind(&recall.kind).map(|kind| view.kind(kind)),
            "DueDate": told(recall.due),
            "Clinician": clinic.clinician(recall.clinician).map(|person| view.clinician(person))})
    }))
}

/// The patient of the query, whom the manager must be allowed to see.
fn patient<'a>(asked: &Asked<'a>, people: &[Person]) -> Result<Option<&'a str>, Refusal> {
    let key = asked.sent.text("patient")?;
    if let Some(key) = key {
        person::by_key(people, key)?;
    }
    Ok(key)
}

fn demographics(asked: &Asked<'_>) -> Result<serde_json::Map<String, Value>, Refusal> {
    let sent = asked.sent.post_data()?.object("demog")?;
    let demog = person::demographics(sent.ok_or_else(|| Refusal::missing("demog"))?)?;
    person::require(&demog, &["Name", "Surname"])?;
    Ok(demog)
}

fn found(person: Option<&Person>) -> Result<&Person, Refusal> {
    person.ok_or_else(|| Refusal::not_found("The patient was not found."))
}

fn has(whole: &str, part: &str) -> bool {
    whole.to_lowercase().contains(&part.to_lowercase())
}

fn is_about(person: &Person, text: &str) -> bool {
    let name = format!("{} {}", person.text("Name"), person.text("Surname"));
    has(&name, text)
        || ["EmailAddress", "WorkEmailAddress", "EmployeeNumber"]
            .iter()
            .any(|field| has(person.text(field), text))
}
