//! Registering without a login: who it is, and the code that proves it.
//!
//! <https://meddbase.github.io/meddbase-apis/patient-portal-api/anonymous-appointment-booking/registerpatient.html>

use serde_json::{Value, json};

use super::asked::{Answer, Asked};
use super::code::Code;
use super::person;
use super::refusal::Refusal;
use super::registration::Registration;

/// `RegisterPatient`: opens a session, and sends a code at once.
pub fn register(asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let body = asked.sent.post_data()?;
    let demog = body
        .object("demog")?
        .ok_or_else(|| Refusal::missing("demog"))?;
    let demog = person::demographics(demog)?;
    person::require(&demog, &["Name", "Surname", "EmailAddress", "Mobile"])?;
    if asked.choices.is_birth_date_required {
        person::require(&demog, &["DateOfBirth"])?;
    }
    let code = body.text("payerType")?;
    let known = |code: &str| {
        let band = asked.client.sign_up(code);
        band.ok_or_else(|| Refusal::business("Invalid sign-up code."))
    };
    let sign_up = code.map(known).transpose()?;
    let code = Code::new(asked.choices.has_random_codes, asked.now);
    let registration = Registration::new(asked.client, sign_up, demog, code, asked.now);
    let session = asked.meddbase.registrations.begin(registration)?;
    Ok(Answer {
        session: Some(session.clone()),
        ..Answer::told(json!({"SessionId": session}))
    })
}

/// `ResendValidationCode`: the new code replaces the one before.
pub fn resend(asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let code = Code::new(asked.choices.has_random_codes, asked.now);
    let registrations = &asked.meddbase.registrations;
    registrations.with(asked.client, asked.sent, asked.now, |registration| {
        registration.code = code;
        Ok(())
    })?;
    Ok(Answer::told(nothing(asked)))
}

/// `SubmitValidationCode`. A charge band that needs no code takes any.
pub fn confirm(asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let given = asked.sent.post_data()?.required("code")?;
    let registrations = &asked.meddbase.registrations;
    registrations.with(asked.client, asked.sent, asked.now, |registration| {
        if !registration.is_confirmed {
            registration.code.submit(given, asked.now)?;
            registration.is_confirmed = true;
        }
        Ok(())
    })?;
    Ok(Answer::told(nothing(asked)))
}

/// A22: one published sample has an empty text.
fn nothing(asked: &Asked<'_>) -> Value {
    if asked.view(0).is_as_published() {
        json!("")
    } else {
        Value::Null
    }
}
