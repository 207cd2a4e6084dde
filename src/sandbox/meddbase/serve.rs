//! From a request to an answer: which call it is, who makes it, what its rules say, and the envelope around that.
//!
//! <https://meddbase.github.io/meddbase-apis/patient-portal-api/communication-overview/response-data-format.html>

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::asked::{Answer, Asked};
use super::book::{self, Form};
use super::call::{Act, Call, Needs};
use super::files::Files;
use super::refusal::Refusal;
use super::sent::Sent;
use super::{Meddbase, account, anonymous, appointments, login, patients, search};
use crate::sandbox::arrival::Arrival;

/// Every path under the root, with any verb.
pub async fn serve(State(meddbase): State<Arc<Meddbase>>, request: Request) -> Response {
    match answered(&meddbase, request).await {
        Ok(answer) => accepted(&meddbase, answer),
        Err(refusal) => refused(&meddbase, &refusal),
    }
}

async fn answered(meddbase: &Meddbase, request: Request) -> Result<Answer, Refusal> {
    let (verb, uri) = (request.method().clone(), request.uri().clone());
    let call = Call::of(&verb, uri.path())?;
    let arrival = Arrival::of(&meddbase.service, meddbase, request).await?;
    if !call.is_kept() {
        let mut files = Files::Reading(&meddbase.service.ledger);
        return decided(meddbase, call, (&verb, &uri), &arrival, &mut files).await;
    }
    // One transaction from the first look to the row: what was free when it was decided is free when it is taken.
    let mut entry = arrival.entry(&meddbase.service).await?;
    let mut files = Files::Changing(&mut entry);
    let decided = decided(meddbase, call, (&verb, &uri), &arrival, &mut files).await;
    match &decided {
        Ok(answer) => match &answer.number {
            Some(number) => entry.accept(number).await?,
            None => entry.refuse(Some(StatusCode::OK.as_u16())).await?,
        },
        Err(refusal) => entry.refuse(Some(refusal.status.as_u16())).await?,
    }
    decided
}

async fn decided(
    meddbase: &Meddbase,
    call: Call,
    (verb, uri): (&Method, &Uri),
    arrival: &Arrival,
    files: &mut Files<'_, '_>,
) -> Result<Answer, Refusal> {
    let sent = Sent::read(uri, &arrival.headers, &arrival.body)?;
    if call.needs == Needs::Nothing {
        return Ok(Answer::told(login::server_state()));
    }
    let key = sent.client_key();
    let client = key.and_then(account::client);
    let client = client.ok_or_else(|| Refusal::client_key(key.is_some()))?;
    let choices = meddbase.settings.choices();
    let now = arrival.received.at;
    let manager = if call.needs == Needs::Login {
        let sessions = &meddbase.sessions;
        Some(sessions.admit(client, &sent, now, choices.idle_seconds)?)
    } else {
        None
    };
    let asked = Asked {
        meddbase,
        sent: &sent,
        client,
        manager,
        now,
        choices,
    };
    acted(&asked, call.act, verb == Method::POST, files).await
}

async fn acted(
    asked: &Asked<'_>,
    act: Act,
    is_post: bool,
    files: &mut Files<'_, '_>,
) -> Result<Answer, Refusal> {
    let told = match act {
        Act::ServerState => login::server_state(),
        Act::Config => login::config(asked)?,
        Act::Login => return login::log_in(asked),
        Act::SendCode => login::send_code(asked, is_post)?,
        Act::SubmitCode => return login::submit_code(asked),
        Act::Validate => login::validate(asked),
        Act::Logout => login::log_out(asked),
        Act::PayerTypes => search::payer_types(asked, files).await?,
        Act::Types => search::types(asked, files).await?,
        Act::ServiceTypes => search::service_types(asked, files).await?,
        Act::Services => search::services(asked, files).await?,
        Act::Sites => search::sites(asked, files).await?,
        Act::Clinicians => search::clinicians(asked, files).await?,
        Act::TimeSlots => search::time_slots(asked, files).await?,
        Act::Proposed => search::proposed(asked, files).await?,
        Act::BookTimeSlot => return book::for_patient(asked, files, Form::TimeSlot).await,
        Act::Book => return book::for_patient(asked, files, Form::Proposed).await,
        Act::Appointments => appointments::list(asked, files).await?,
        Act::ExistingAppointments => appointments::existing(asked, files).await?,
        Act::CancellationInfo => appointments::cancellation_info(asked, files).await?,
        Act::Cancel => return appointments::cancel(asked, files).await,
        Act::FindPatient => patients::find(asked, files).await?,
        Act::SearchPatient => patients::search(asked, files).await?,
        Act::CreatePatient => return patients::search_or_create(asked, files).await,
        Act::Patients => patients::list(asked, files).await?,
        Act::Referrals => patients::referrals(asked, files).await?,
        Act::Recalls => patients::recalls(asked, files).await?,
        Act::Register => return anonymous::register(asked),
        Act::ResendCode => return anonymous::resend(asked),
        Act::ConfirmCode => return anonymous::confirm(asked),
        Act::BookAnonymousTimeSlot => {
            return book::for_registered(asked, files, Form::TimeSlot).await;
        }
        Act::BookAnonymous => return book::for_registered(asked, files, Form::Proposed).await,
    };
    Ok(Answer::told(told))
}

/// A4: 200 with the envelope, or nothing at all where there is nothing to tell and that is wanted.
fn accepted(meddbase: &Meddbase, answer: Answer) -> Response {
    let is_nothing = answer.result.is_null();
    if is_nothing && meddbase.settings.choices().is_nothing_empty {
        return StatusCode::NO_CONTENT.into_response();
    }
    let mut response = json_of(
        StatusCode::OK,
        &json!({"status": "ok", "result": answer.result}),
    );
    let cookie = answer
        .session
        .map(|session| format!("ASP.NET_SessionId={session}; path=/; HttpOnly"))
        .and_then(|cookie| HeaderValue::try_from(cookie).ok());
    if let Some(cookie) = cookie {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

pub fn refused(meddbase: &Meddbase, refusal: &Refusal) -> Response {
    let field = meddbase.settings.choices().status_field.name();
    json_of(refusal.status, &refusal.envelope(field))
}

fn json_of(status: StatusCode, body: &Value) -> Response {
    let kind = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
    (status, kind, body.to_string()).into_response()
}
