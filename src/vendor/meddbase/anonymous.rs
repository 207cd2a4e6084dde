//! Booking without a login: the patient is registered, reads a code back, and is booked for.
//!
//! The vendor's session lives in memory only, under a handle of ours that no other process could mean. It stands for
//! the patient it was opened for: a form whose patient was changed since needs a new code.
//!
//! <https://meddbase.github.io/meddbase-apis/patient-portal-api/anonymous-appointment-booking/anonymous-appointment-booking.html>

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::TimeDelta;
use secrecy::SecretString;
use serde_json::{Value, json};

use super::booking::anonymous_body;
use super::caller::{Call, Pass};
use super::outcome::{self, accepted, held_back};
use super::portal::Portal;
use super::settings::{Mode, Own, Settings};
use super::wire::booking::{REGISTER, RESEND_CODE, SUBMIT_CODE, code};
use super::wire::envelope::{Meaning, Said};
use super::wire::object::Object;
use super::wire::person::Demographics;
use super::wire::search::ANONYMOUS;
use super::wire::sign_in;
use crate::domain::evidence::{Outcome, Reason};
use crate::domain::failure::Failure;
use crate::domain::offer::FieldKey;
use crate::domain::slot::CodeSession;
use crate::domain::submission::Intent;
use crate::vendor::budget::{Lane, Slot as Right};

/// How long the session of a registration may live (A24): after it the code counts no more, whoever holds it.
pub const CODE_LIFE: TimeDelta = TimeDelta::minutes(15);

/// Sessions beyond these are those of forms that were given up; the oldest goes.
const MOST: usize = 64;

const LAPSED: &str = "the code has lapsed: have a new one sent";

/// The patients who were registered and not booked for yet.
#[derive(Default)]
pub struct Registrations(Mutex<Known>);

#[derive(Default)]
struct Known {
    by_handle: BTreeMap<u64, Registration>,
    count: u64,
}

#[derive(Clone)]
struct Registration {
    session: SecretString,
    demographics: Demographics,
    sign_up_code: String,
    /// Which one it was, to find the oldest.
    number: u64,
}

impl Registration {
    fn pass(&self) -> Pass {
        Pass {
            session: self.session.clone(),
            token: None,
            number: self.number,
        }
    }
}

impl Registrations {
    /// Has a code sent: by registering the patient, or once more where that was done.
    pub async fn send_code(
        &self,
        portal: &Portal,
        (demographics, sign_up_code): (Demographics, &str),
        before: Option<CodeSession>,
    ) -> Result<CodeSession, Failure> {
        if let Some(before) = before
            && let Some(known) = self.get(before.handle)
            && known.demographics == demographics
            && known.sign_up_code == sign_up_code
        {
            let body = json!({});
            let call = Call::post(RESEND_CODE, Vec::new(), &body);
            match self.asked(portal, &call, Some(&known.pass())).await? {
                Said::Result(_) => {
                    return Ok(CodeSession {
                        handle: before.handle,
                        is_confirmed: false,
                    });
                }
                said if said.is_session_over() => self.remove(before.handle),
                said => return Err(outcome::failure(RESEND_CODE, said)),
            }
        }
        let body = demographics.registration(sign_up_code);
        let call = Call::post(REGISTER, Vec::new(), &body);
        let said = self.asked(portal, &call, None).await?;
        let result = outcome::result(REGISTER, said)?;
        let session = registered(&result)
            .ok_or_else(|| Failure::WrongShape(format!("{REGISTER}: SessionId is missing")))?;
        Ok(CodeSession {
            handle: self.keep(session, demographics, sign_up_code),
            is_confirmed: false,
        })
    }

    /// The code that the patient read back.
    pub async fn confirm(
        &self,
        portal: &Portal,
        session: CodeSession,
        given: &str,
    ) -> Result<CodeSession, Failure> {
        let Some(known) = self.get(session.handle) else {
            return Err(lapsed());
        };
        let body = code(given);
        let call = Call::post(SUBMIT_CODE, Vec::new(), &body);
        match self.asked(portal, &call, Some(&known.pass())).await? {
            Said::Result(_) => Ok(CodeSession {
                is_confirmed: true,
                ..session
            }),
            said if said.is_session_over() => {
                self.remove(session.handle);
                Err(lapsed())
            }
            Said::Refusal(refusal) if refusal.meaning() == Meaning::Business => {
                Err(Failure::Refused(refusal.words))
            }
            said => Err(outcome::failure(SUBMIT_CODE, said)),
        }
    }

    /// The code of an intent was sent from this process, or it has none.
    pub fn holds(&self, intent: &Intent) -> bool {
        let code = intent.submission.code.as_ref();
        code.is_none_or(|code| self.get(code.handle).is_some())
    }

    /// Books for the patient of a confirmed code, or for one who is registered now where no code is asked for.
    pub async fn book(
        &self,
        portal: &Portal,
        settings: &Settings,
        intent: &Intent,
        mut right: Option<Right>,
    ) -> Outcome {
        let submission = &intent.submission;
        let demographics = Demographics::of(submission);
        let own = &settings.own;
        let sign_up_code = sign_up_code(own, submission.detail(FieldKey::SignUpCode));
        let has_code = own.has_code();
        let body = match anonymous_body(submission, sign_up_code, own.has_price_guard) {
            Ok(body) => body,
            Err(outcome) => return outcome,
        };
        let pass = if has_code {
            let handle = submission.code.as_ref().map(|code| code.handle);
            let known = handle.and_then(|handle| self.get(handle));
            match known.filter(|known| known.sign_up_code == sign_up_code) {
                None => return code_needed(LAPSED),
                Some(known) if known.demographics != demographics => {
                    return code_needed("the patient was changed since: have a new code sent");
                }
                Some(known) => known.pass(),
            }
        } else {
            match registration(portal, &demographics, sign_up_code, right.take()).await {
                Ok(pass) => pass,
                Err(outcome) => return outcome::anonymous(outcome),
            }
        };
        let call = Call::post(ANONYMOUS.book, Vec::new(), &body);
        let said = portal
            .as_patient(Lane::Send, right, &call, Some(&pass))
            .await;
        let said = match said {
            // It was asked for, and not done.
            Ok(said) if has_code && said.is_session_over() => {
                let lapsed = Reason::ours(Some(FieldKey::PatientCode), LAPSED);
                return Outcome::Refused {
                    reasons: vec![lapsed],
                };
            }
            Ok(said) => said,
            Err(no) => return no.into(),
        };
        match outcome::booking(said, settings) {
            Ok(booked) => {
                if let Some(code) = &submission.code {
                    self.remove(code.handle);
                }
                accepted(booked.number, booked.told)
            }
            Err(outcome) => outcome::anonymous(outcome),
        }
    }

    async fn asked(
        &self,
        portal: &Portal,
        call: &Call<'_>,
        pass: Option<&Pass>,
    ) -> Result<Said, Failure> {
        // Somebody is on the telephone.
        Ok(portal.as_patient(Lane::SignIn, None, call, pass).await?)
    }

    fn keep(&self, session: SecretString, demographics: Demographics, sign_up_code: &str) -> u64 {
        let mut known = self.lock();
        known.count += 1;
        let number = known.count;
        let oldest = known.by_handle.iter().min_by_key(|(_, one)| one.number);
        let oldest = oldest.map(|(handle, _)| *handle);
        if let Some(oldest) = oldest.filter(|_| known.by_handle.len() >= MOST) {
            known.by_handle.remove(&oldest);
        }
        let handle = fastrand::u64(..);
        let registration = Registration {
            session,
            demographics,
            sign_up_code: sign_up_code.to_owned(),
            number,
        };
        known.by_handle.insert(handle, registration);
        handle
    }

    fn get(&self, handle: u64) -> Option<Registration> {
        self.lock().by_handle.get(&handle).cloned()
    }

    fn remove(&self, handle: u64) {
        self.lock().by_handle.remove(&handle);
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        // Nothing that runs under the lock can panic half-way.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The code of the form, or the configured one.
pub fn sign_up_code<'a>(own: &'a Own, typed: &'a str) -> &'a str {
    match &own.mode {
        Mode::Anonymous { sign_up_code, .. } if typed.is_empty() => sign_up_code,
        _ => typed,
    }
}

/// Registers a patient of whom no code is asked. That books nothing, so that its lost answer leaves no doubt.
async fn registration(
    portal: &Portal,
    demographics: &Demographics,
    sign_up_code: &str,
    right: Option<Right>,
) -> Result<Pass, Outcome> {
    let body = demographics.registration(sign_up_code);
    let call = Call::post(REGISTER, Vec::new(), &body);
    let said = portal.as_patient(Lane::Send, right, &call, None).await;
    let said = said.map_err(outcome::before)?;
    let session = match &said {
        Said::Result(result) => registered(result),
        _ => None,
    };
    match session {
        Some(session) => Ok(Pass {
            session,
            token: None,
            number: 0,
        }),
        None => Err(outcome::not_booked(said)),
    }
}

fn registered(result: &Value) -> Option<SecretString> {
    sign_in::session(Object::of(result)?)
}

fn lapsed() -> Failure {
    Failure::SignedOut(LAPSED.to_owned())
}

fn code_needed(words: &str) -> Outcome {
    held_back(Some(FieldKey::PatientCode), words)
}
