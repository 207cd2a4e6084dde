//! Section `auth`: logging in with one factor or two, staying logged in, and what may be known without.
//!
//! <https://meddbase.github.io/meddbase-apis/patient-portal-api/authentication/login.html>

use serde_json::{Value, json};

use super::account::Manager;
use super::asked::{Answer, Asked};
use super::refusal::Refusal;
use super::session::Opened;

/// `GetServerState`: needs nothing, not even a client key.
pub fn server_state() -> Value {
    json!({"Name": "Meddbase sandbox", "StateCode": 1, "State": "Running", "ServiceVersion": "",
        "ProtocolVersion": "1.0.1"})
}

/// `GetConfig`: more for whoever is logged in.
pub fn config(asked: &Asked<'_>) -> Result<Value, Refusal> {
    let sessions = &asked.meddbase.sessions;
    let idle = asked.choices.idle_seconds;
    let manager = sessions.known(asked.client, asked.sent, asked.now, idle)?;
    Ok(configuration(asked, manager))
}

/// `Login`. Of the two portals only the managers' (`is-oh=true`) has users here.
pub fn log_in(asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let is_managers = asked
        .sent
        .flag("is-oh")?
        .ok_or_else(|| Refusal::missing("is-oh"))?;
    let body = asked.sent.post_data()?;
    let (email, password) = (body.required("username")?, body.required("password")?);
    // No patient has a login: their portal knows nobody, whatever the password.
    let email = if is_managers { email } else { "" };
    let sessions = &asked.meddbase.sessions;
    let opened = sessions.log_in(asked.client, email, password, asked.now)?;
    Ok(authentication(asked, opened))
}

/// `Send2faCode`: to the mobile if one is known or asked for, else by email.
pub fn send_code(asked: &Asked<'_>, is_post: bool) -> Result<Value, Refusal> {
    let wants_mobile = if is_post {
        let wanted = asked.sent.post_data()?.flag("useMobile")?;
        Some(wanted.ok_or_else(|| Refusal::missing("useMobile"))?)
    } else {
        None
    };
    let is_mobile = asked.meddbase.sessions.send_code(
        asked.client,
        asked.sent,
        wants_mobile,
        asked.choices,
        asked.now,
    )?;
    Ok(json!({"DeliveryMethod": if is_mobile { "Mobile" } else { "Email" }}))
}

/// `Submit2faCode`
pub fn submit_code(asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let code = asked.sent.post_data()?.required("code")?;
    let idle = asked.choices.idle_seconds;
    let sessions = &asked.meddbase.sessions;
    let opened = sessions.submit_code(asked.client, asked.sent, code, asked.now, idle)?;
    Ok(authentication(asked, opened))
}

/// `ValidateLogin`: the session lives on from now.
pub fn validate(asked: &Asked<'_>) -> Value {
    json!({"Token": asked.sent.token(), "RemainingTime": asked.choices.idle_seconds})
}

/// `Logout`
pub fn log_out(asked: &Asked<'_>) -> Value {
    asked.meddbase.sessions.log_out(asked.sent);
    Value::Null
}

fn authentication(asked: &Asked<'_>, opened: Opened) -> Answer {
    let needs_code = if asked.view(0).is_as_published() {
        json!(opened.is_awaiting.to_string())
    } else {
        json!(opened.is_awaiting)
    };
    let manager = (!opened.is_awaiting).then_some(opened.manager);
    let result = json!({"SessionID": opened.session, "Token": opened.token, "Require2FA": needs_code,
        "Config": configuration(asked, manager)});
    Answer {
        session: Some(opened.session),
        ..Answer::told(result)
    }
}

/// `ConfigData`
fn configuration(asked: &Asked<'_>, manager: Option<&Manager>) -> Value {
    let choices = asked.choices;
    let mut told = json!({"IsLoggedIn": manager.is_some(), "CompanyName": "Demo Clinics",
        "Phone": "+44 20 7946 0000", "ForceContactOptions": false, "ForceTermsAndConditions": false,
        "Configuration": {"OnlinePaymentsEnabled": false,
            "DateOfBirthRequiredForPatients": choices.is_birth_date_required,
            "SSOStatus": {"Identifier": null, "Enabled": false, "IsOH": false},
            "PasswordPolicy": {"Length": 10, "Numbers": 1, "Letters": 1, "NonAlphaNumeric": 0, "MixCaps": true,
                "Description": "At least 10 characters"},
            "DefaultCallingCode": "+44", "NhsConsentEnabled": false, "SessionTimeout": choices.idle_seconds,
            "DefaultPaymentCountry": "GB"}});
    if manager.is_some() {
        told["Permissions"] = json!({
            "Patient": {"CanBookAppointment": choices.can_book, "CanViewAppointments": true,
                "CanCancelAppointment": choices.can_cancel, "CanViewInvoices": false, "CanPayInvoice": false,
                "CanViewMedicalHistory": false, "CanManageQuestionnaires": false, "CanManageFeeds": false,
                "CanViewCompanyLibrary": false, "CanViewPathways": false, "CanChangePassword": false},
            "User": {"CanManageUsers": false, "CanViewReferrals": true, "CanViewReferralReports": false,
                "CanReferPatient": true, "CanBulkReallocateReferrals": false, "CanViewRecall": true,
                "CanViewDocument": false, "CanViewAppointment": true, "CanChangePassword": false,
                "CanViewPathways": false}});
    }
    told
}
