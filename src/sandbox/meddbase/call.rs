//! The calls that are played here, by section and method, and what each needs.
//!
//! Paths: <https://meddbase.github.io/meddbase-apis/patient-portal-api/communication-overview/url-format.html>. Where the
//! documentation marks a call as GET and gives it a body, both verbs are taken.

use std::sync::LazyLock;

use axum::http::Method;

use super::refusal::Refusal;
use crate::sandbox::vendor;

/// Where all of them live.
pub const ROOT: &str = "/patientportalapi/";

/// What is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    ServerState,
    Config,
    Login,
    SendCode,
    SubmitCode,
    Validate,
    Logout,
    PayerTypes,
    Types,
    ServiceTypes,
    Services,
    Sites,
    Clinicians,
    TimeSlots,
    Proposed,
    BookTimeSlot,
    Book,
    Appointments,
    ExistingAppointments,
    CancellationInfo,
    Cancel,
    FindPatient,
    SearchPatient,
    CreatePatient,
    Patients,
    Referrals,
    Recalls,
    Register,
    ResendCode,
    ConfirmCode,
    BookAnonymousTimeSlot,
    BookAnonymous,
}

/// Who may make a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    Nothing,
    ClientKey,
    /// A session that is logged in, and its token.
    Login,
    /// The session that registering an anonymous patient opened.
    Registration,
}

/// One row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// `/patientportalapi/{section}/{method}`
    path: &'static str,
    verbs: &'static [Method],
    pub act: Act,
    pub needs: Needs,
    /// The name fault rules and the ledger know it by.
    pub name: &'static str,
}

const GET: &[Method] = &[Method::GET];
const POST: &[Method] = &[Method::POST];
const BOTH: &[Method] = &[Method::GET, Method::POST];

const fn call(
    path: &'static str,
    verbs: &'static [Method],
    act: Act,
    needs: Needs,
    name: &'static str,
) -> Call {
    Call {
        path,
        verbs,
        act,
        needs,
        name,
    }
}

#[rustfmt::skip]
const CALLS: [Call; 39] = [
    call("/patientportalapi/auth/server-state", GET, Act::ServerState, Needs::Nothing, "meddbase-state"),
    call("/patientportalapi/auth/config", GET, Act::Config, Needs::ClientKey, "meddbase-config"),
    call("/patientportalapi/auth/login", POST, Act::Login, Needs::ClientKey, "meddbase-login"),
    call("/patientportalapi/auth/send-2fa-code", BOTH, Act::SendCode, Needs::ClientKey, "meddbase-code"),
    call("/patientportalapi/auth/submit-2fa-code", POST, Act::SubmitCode, Needs::ClientKey, "meddbase-code"),
    call("/patientportalapi/auth/validate", GET, Act::Validate, Needs::Login, "meddbase-validate"),
    call("/patientportalapi/auth/logout", GET, Act::Logout, Needs::Login, "meddbase-logout"),
    call("/patientportalapi/appointment/payer-types", GET, Act::PayerTypes, Needs::Login, "meddbase-payers"),
    call("/patientportalapi/appointment/types", GET, Act::Types, Needs::Login, "meddbase-types"),
    call("/patientportalapi/appointment/service-types", GET, Act::ServiceTypes, Needs::Login, "meddbase-service-types"),
    call("/patientportalapi/appointment/services", GET, Act::Services, Needs::Login, "meddbase-services"),
    call("/patientportalapi/appointment/sites", POST, Act::Sites, Needs::Login, "meddbase-sites"),
    call("/patientportalapi/appointment/clinicians", POST, Act::Clinicians, Needs::Login, "meddbase-clinicians"),
    call("/patientportalapi/appointment/proposed-time-slots", BOTH, Act::TimeSlots, Needs::Login, "meddbase-slots"),
    call("/patientportalapi/appointment/proposed", POST, Act::Proposed, Needs::Login, "meddbase-proposed"),
    call("/patientportalapi/appointment/book-time-slot", POST, Act::BookTimeSlot, Needs::Login, "meddbase-book"),
    call("/patientportalapi/appointment/book", POST, Act::Book, Needs::Login, "meddbase-book"),
    call("/patientportalapi/appointment/appointments", GET, Act::Appointments, Needs::Login, "meddbase-list"),
    call("/patientportalapi/appointment/existing-appointments", GET, Act::ExistingAppointments, Needs::Login, "meddbase-existing"),
    call("/patientportalapi/appointment/cancellation-info", GET, Act::CancellationInfo, Needs::Login, "meddbase-cancellation-info"),
    call("/patientportalapi/appointment/cancel", GET, Act::Cancel, Needs::Login, "meddbase-cancel"),
    call("/patientportalapi/patients/patient", GET, Act::FindPatient, Needs::Login, "meddbase-patients"),
    call("/patientportalapi/patients/patient", POST, Act::SearchPatient, Needs::Login, "meddbase-patients"),
    call("/patientportalapi/patients/patients", GET, Act::Patients, Needs::Login, "meddbase-patients"),
    call("/patientportalapi/patients/create-patient", POST, Act::CreatePatient, Needs::Login, "meddbase-create-patient"),
    call("/patientportalapi/referrals/referrals", GET, Act::Referrals, Needs::Login, "meddbase-referrals"),
    call("/patientportalapi/recalls/recalls", GET, Act::Recalls, Needs::Login, "meddbase-recalls"),
    call("/patientportalapi/anon-appointment/types", GET, Act::Types, Needs::ClientKey, "meddbase-anon-types"),
    call("/patientportalapi/anon-appointment/service-types", GET, Act::ServiceTypes, Needs::ClientKey, "meddbase-anon-service-types"),
    call("/patientportalapi/anon-appointment/services", GET, Act::Services, Needs::ClientKey, "meddbase-anon-services"),
    call("/patientportalapi/anon-appointment/sites", BOTH, Act::Sites, Needs::ClientKey, "meddbase-anon-sites"),
    call("/patientportalapi/anon-appointment/clinicians", POST, Act::Clinicians, Needs::ClientKey, "meddbase-anon-clinicians"),
    call("/patientportalapi/anon-appointment/proposed-time-slots", BOTH, Act::TimeSlots, Needs::ClientKey, "meddbase-anon-slots"),
    call("/patientportalapi/anon-appointment/proposed", POST, Act::Proposed, Needs::ClientKey, "meddbase-anon-proposed"),
    call("/patientportalapi/anon-booking/register-patient", POST, Act::Register, Needs::ClientKey, "meddbase-anon-register"),
    call("/patientportalapi/anon-booking/resend-validation-code", POST, Act::ResendCode, Needs::Registration, "meddbase-anon-code"),
    call("/patientportalapi/anon-booking/submit-validation-code", POST, Act::ConfirmCode, Needs::Registration, "meddbase-anon-code"),
    call("/patientportalapi/anon-booking/book-time-slot", POST, Act::BookAnonymousTimeSlot, Needs::Registration, "meddbase-anon-book"),
    call("/patientportalapi/anon-booking/book", POST, Act::BookAnonymous, Needs::Registration, "meddbase-anon-book"),
];

/// The same for the server, a row for each verb.
pub static SERVED: LazyLock<Vec<vendor::Call>> = LazyLock::new(|| {
    let rows = CALLS
        .iter()
        .flat_map(|call| call.verbs.iter().map(move |verb| (call, verb)));
    rows.map(|(call, verb)| vendor::Call {
        name: call.name,
        method: verb.clone(),
        path: call.path,
        is_change: call.is_kept(),
    })
    .collect()
});

impl Call {
    /// The call a request makes; 5, 6, or 405 where it makes none.
    pub fn of(verb: &Method, path: &str) -> Result<Self, Refusal> {
        let of = |path: &str| {
            let (section, method) = path.strip_prefix(ROOT)?.split_once('/')?;
            Some((section.to_owned(), method.to_owned()))
        };
        let (section, method) = of(path).ok_or_else(Refusal::unknown_section)?;
        let is_section = |call: &&Self| of(call.path).is_some_and(|known| known.0 == section);
        let mut calls = CALLS.iter().filter(is_section).peekable();
        calls.peek().ok_or_else(Refusal::unknown_section)?;
        let is_method = |call: &&Self| of(call.path).is_some_and(|known| known.1 == method);
        let mut named = calls.filter(is_method).peekable();
        named.peek().ok_or_else(Refusal::unknown_method)?;
        named
            .find(|call| call.verbs.contains(verb))
            .copied()
            .ok_or_else(Refusal::wrong_verb)
    }

    /// Whether the ledger keeps it: it changes something at the vendor, or tries to.
    pub fn is_kept(self) -> bool {
        matches!(
            self.act,
            Act::BookTimeSlot
                | Act::Book
                | Act::Cancel
                | Act::CreatePatient
                | Act::Register
                | Act::ResendCode
                | Act::ConfirmCode
                | Act::BookAnonymousTimeSlot
                | Act::BookAnonymous
        )
    }
}
