//! Appointments that were made: lists of them, and cancelling one.
//!
//! <https://meddbase.github.io/meddbase-apis/patient-portal-api/appointments/getappointments.html>,
//! <https://meddbase.github.io/meddbase-apis/patient-portal-api/appointments/cancelexistingappointment.html>

use serde_json::{Value, json};

use super::appointment::Appointment;
use super::asked::{Answer, Asked};
use super::files::Files;
use super::invoice;
use super::moment;
use super::paging::Paging;
use super::person::{self, Person};
use super::price::pounds;
use super::refusal::Refusal;

/// A20: past appointments that `existing-appointments` still tells.
const PAST: usize = 10;

/// `GetAppointments`: of one patient, or of all that the manager may see.
pub async fn list(asked: &Asked<'_>, files: &mut Files<'_, '_>) -> Result<Value, Refusal> {
    let sent = asked.sent;
    let clinic = &asked.meddbase.clinic;
    let paging = Paging::read(sent, 1)?;
    let from = sent.read_as("start-from", moment::instant)?;
    let to = sent.read_as("start-to", moment::instant)?;
    let kind = sent.text("appointment-type-name")?;
    sent.int("case")?;
    let people = files.people(clinic).await?;
    let patient = sent.text("patient")?;
    if let Some(key) = patient {
        person::by_key(&people, key)?;
    }
    let name = |made: &Appointment| {
        clinic
            .kind(&made.purpose.kind)
            .map_or("", |kind| kind.name.as_str())
    };
    let is_wanted = |made: &Appointment| {
        let is_theirs = match patient {
            Some(key) => made.purpose.patient == key,
            None => person::by_key(&people, &made.purpose.patient).is_ok(),
        };
        is_theirs
            && from.is_none_or(|from| made.starts >= from)
            && to.is_none_or(|to| made.starts <= to)
            && kind.is_none_or(|kind| name(made).eq_ignore_ascii_case(kind))
    };
    let mut found = files.appointments().await?;
    found.retain(is_wanted);
    found.sort_by_key(|made| (made.starts, made.count));
    if paging.column == 1 {
        found.sort_by_key(&name);
    }
    let view = asked.view(100);
    Ok(paging.page(found, |made| {
        view.appointment(made, patient_of(&people, made))
    }))
}

/// `GetExistingAppointments`: those of whoever is logged in, which is the manager.
pub async fn existing(asked: &Asked<'_>, files: &mut Files<'_, '_>) -> Result<Value, Refusal> {
    let people = files.people(&asked.meddbase.clinic).await?;
    let email = asked.manager.map_or("", |manager| manager.email);
    let me = people
        .iter()
        .find(|person| person.text("WorkEmailAddress") == email);
    let mut found = files.appointments().await?;
    found.retain(|made| me.is_some_and(|me| me.key == made.purpose.patient));
    let past = found.iter().filter(|made| made.starts <= asked.now).count();
    let view = asked.view(100);
    let told = found.iter().skip(past.saturating_sub(PAST));
    Ok(told.map(|made| view.appointment(made, me)).collect())
}

/// `GetAppointmentCancellationInfo`
pub async fn cancellation_info(
    asked: &Asked<'_>,
    files: &mut Files<'_, '_>,
) -> Result<Value, Refusal> {
    let (made, _) = cancellable(asked, files).await?;
    let (fee, detail) = made.cancellation(&asked.meddbase.clinic, asked.now);
    Ok(json!({"AppointmentKey": made.key(), "Fee": pounds(fee), "Detail": detail}))
}

/// `CancelExistingAppointment`: the time is free again. Tells the invoice of the fee, if there is one.
pub async fn cancel(asked: &Asked<'_>, files: &mut Files<'_, '_>) -> Result<Answer, Refusal> {
    let (mut made, patient) = cancellable(asked, files).await?;
    let (fee, _) = made.cancellation(&asked.meddbase.clinic, asked.now);
    made.is_cancelled = true;
    files.keep_appointment(&made).await?;
    let view = asked.view(100);
    let owed =
        (fee > 0).then(|| invoice::of_cancellation(&view, &made, Some(&patient), fee, asked.now));
    Ok(Answer::changed(owed.unwrap_or_default(), made.key()))
}

/// A8: 404 for what is not there, 403 without the right, 424 for what cannot be cancelled.
async fn cancellable(
    asked: &Asked<'_>,
    files: &mut Files<'_, '_>,
) -> Result<(Appointment, Person), Refusal> {
    let key = asked.sent.required("appointment")?;
    let made = files.appointment(key).await?;
    let made = made.ok_or_else(|| Refusal::not_found("The appointment was not found."))?;
    let people = files.people(&asked.meddbase.clinic).await?;
    let patient = person::by_key(&people, &made.purpose.patient)?;
    if !asked.choices.can_cancel {
        return Err(Refusal::forbidden(
            "You have no right to cancel this appointment.",
        ));
    }
    made.check_cancellable(asked.now)?;
    Ok((made, patient.clone()))
}

fn patient_of<'a>(people: &'a [Person], made: &Appointment) -> Option<&'a Person> {
    people
        .iter()
        .find(|person| person.key == made.purpose.patient)
}
