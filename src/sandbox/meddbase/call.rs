//! The calls that are played here, by section and method, and what each needs.
//!
//! Paths: <https://meddbase.github.io/meddbase-apis/patient-portal-api/communication-overview/url-format.html>. Where the
//! documentation marks a call as GET and gives it a body, both verbs are taken.

use axum::http::Method;

use super::refusal::Refusal;

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
    section: &'static str,
    method: &'static str,
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
    section: &'static str,
    method: &'static str,
    verbs: &'static [Method],
    act: Act,
    needs: Needs,
    name: &'static str,
) -> Call {
    Call {
        section,
        method,
        verbs,
        act,
        needs,
        name,
    }
}

#[rustfmt::skip]
const CALLS: [Call; 39] = [
    call("auth", "server-state", GET, Act::ServerState, Needs::Nothing, "meddbase-state"),
    call("auth", "config", GET, Act::Config, Needs::ClientKey, "meddbase-config"),
    call("auth", "login", POST, Act::Login, Needs::ClientKey, "meddbase-login"),
    call("auth", "send-2fa-code", BOTH, Act::SendCode, Needs::ClientKey, "meddbase-code"),
    call("auth", "submit-2fa-code", POST, Act::SubmitCode, Needs::ClientKey, "meddbase-code"),
    call("auth", "validate", GET, Act::Validate, Needs::Login, "meddbase-validate"),
    call("auth", "logout", GET, Act::Logout, Needs::Login, "meddbase-logout"),
    call("appointment", "payer-types", GET, Act::PayerTypes, Needs::Login, "meddbase-payers"),
    call("appointment", "types", GET, Act::Types, Needs::Login, "meddbase-types"),
    call("appointment", "service-types", GET, Act::ServiceTypes, Needs::Login, "meddbase-service-types"),
    call("appointment", "services", GET, Act::Services, Needs::Login, "meddbase-services"),
    call("appointment", "sites", POST, Act::Sites, Needs::Login, "meddbase-sites"),
    call("appointment", "clinicians", POST, Act::Clinicians, Needs::Login, "meddbase-clinicians"),
    call("appointment", "proposed-time-slots", BOTH, Act::TimeSlots, Needs::Login, "meddbase-slots"),
    call("appointment", "proposed", POST, Act::Proposed, Needs::Login, "meddbase-proposed"),
    call("appointment", "book-time-slot", POST, Act::BookTimeSlot, Needs::Login, "meddbase-book"),
    call("appointment", "book", POST, Act::Book, Needs::Login, "meddbase-book"),
    call("appointment", "appointments", GET, Act::Appointments, Needs::Login, "meddbase-list"),
    call("appointment", "existing-appointments", GET, Act::ExistingAppointments, Needs::Login, "meddbase-existing"),
    call("appointment", "cancellation-info", GET, Act::CancellationInfo, Needs::Login, "meddbase-cancellation-info"),
    call("appointment", "cancel", GET, Act::Cancel, Needs::Login, "meddbase-cancel"),
    call("patients", "patient", GET, Act::FindPatient, Needs::Login, "meddbase-patients"),
    call("patients", "patient", POST, Act::SearchPatient, Needs::Login, "meddbase-patients"),
    call("patients", "patients", GET, Act::Patients, Needs::Login, "meddbase-patients"),
    call("patients", "create-patient", POST, Act::CreatePatient, Needs::Login, "meddbase-create-patient"),
    call("referrals", "referrals", GET, Act::Referrals, Needs::Login, "meddbase-referrals"),
    call("recalls", "recalls", GET, Act::Recalls, Needs::Login, "meddbase-recalls"),
    call("anon-appointment", "types", GET, Act::Types, Needs::ClientKey, "meddbase-anon-types"),
    call("anon-appointment", "service-types", GET, Act::ServiceTypes, Needs::ClientKey, "meddbase-anon-service-types"),
    call("anon-appointment", "services", GET, Act::Services, Needs::ClientKey, "meddbase-anon-services"),
    call("anon-appointment", "sites", BOTH, Act::Sites, Needs::ClientKey, "meddbase-anon-sites"),
    call("anon-appointment", "clinicians", POST, Act::Clinicians, Needs::ClientKey, "meddbase-anon-clinicians"),
    call("anon-appointment", "proposed-time-slots", BOTH, Act::TimeSlots, Needs::ClientKey, "meddbase-anon-slots"),
    call("anon-appointment", "proposed", POST, Act::Proposed, Needs::ClientKey, "meddbase-anon-proposed"),
    call("anon-booking", "register-patient", POST, Act::Register, Needs::ClientKey, "meddbase-anon-register"),
    call("anon-booking", "resend-validation-code", POST, Act::ResendCode, Needs::Registration, "meddbase-anon-code"),
    call("anon-booking", "submit-validation-code", POST, Act::ConfirmCode, Needs::Registration, "meddbase-anon-code"),
    call("anon-booking", "book-time-slot", POST, Act::BookAnonymousTimeSlot, Needs::Registration, "meddbase-anon-book"),
    call("anon-booking", "book", POST, Act::BookAnonymous, Needs::Registration, "meddbase-anon-book"),
];

impl Call {
    /// The call a request makes; 5, 6, or 405 where it makes none.
    pub fn of(verb: &Method, path: &str) -> Result<Self, Refusal> {
        let (section, method) = path
            .strip_prefix(ROOT)
            .and_then(|rest| rest.split_once('/'))
            .ok_or_else(Refusal::unknown_section)?;
        let mut section = CALLS.iter().filter(|call| call.section == section).peekable();
        section.peek().ok_or_else(Refusal::unknown_section)?;
        let mut named = section.filter(|call| call.method == method).peekable();
        named.peek().ok_or_else(Refusal::unknown_method)?;
        named
            .find(|call| call.verbs.contains(verb))
            .copied()
            .ok_or_else(Refusal::wrong_verb)
    }

    /// Every name a fault rule may use.
    pub fn names() -> impl Iterator<Item = &'static str> {
        CALLS.iter().map(|call| call.name)
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
