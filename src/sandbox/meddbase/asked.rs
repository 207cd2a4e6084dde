//! One call as its rules see it: who calls, when, with what, and on whose behalf.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::Meddbase;
use super::account::{self, Client, Manager};
use super::clinic::{Kind, Recall, Referral};
use super::fields::Fields;
use super::files::Files;
use super::person::{self, Person};
use super::price::Order;
use super::refusal::Refusal;
use super::sent::Sent;
use super::settings::Choices;
use super::show::View;

/// An answer that is not a refusal.
pub struct Answer {
    pub result: Value,
    /// The key of what was changed; None where nothing was.
    pub number: Option<String>,
    /// A session to be set as a cookie, beside its id in the answer.
    pub session: Option<String>,
}

impl Answer {
    pub fn told(result: Value) -> Self {
        Self {
            result,
            number: None,
            session: None,
        }
    }

    /// Something was changed.
    pub fn changed(result: Value, number: String) -> Self {
        Self {
            number: Some(number),
            ..Self::told(result)
        }
    }
}

/// A call whose sender is known.
pub struct Asked<'a> {
    pub meddbase: &'a Meddbase,
    pub sent: &'a Sent,
    pub client: &'static Client,
    /// None on calls without a login.
    pub manager: Option<&'static Manager>,
    pub now: DateTime<Utc>,
    pub choices: Choices,
}

/// For whom something is asked, with the keys that are carried through the whole flow.
pub struct Scope<'a> {
    pub person: Person,
    pub referral: Option<&'a Referral>,
    pub recall: Option<&'a Recall>,
}

/// Who pays.
#[derive(Clone)]
pub struct Payment {
    pub key: String,
    pub percent: i64,
    pub is_owed: bool,
}

impl<'a> Asked<'a> {
    pub fn view(&self, percent: i64) -> View<'a> {
        View {
            clinic: &self.meddbase.clinic,
            choices: self.choices,
            percent,
        }
    }

    /// The patient, referral and recall of the query; None on anonymous calls, where they mean nothing. Without a
    /// patient it is the one who is logged in.
    pub async fn scope(&self, files: &mut Files<'_, '_>) -> Result<Option<Scope<'a>>, Refusal> {
        let Some(manager) = self.manager else {
            return Ok(None);
        };
        let clinic = &self.meddbase.clinic;
        let people = files.people(clinic).await?;
        let person = match self.sent.text("patient")? {
            Some(key) => person::by_key(&people, key)?,
            None => people
                .iter()
                .find(|person| person.text("WorkEmailAddress") == manager.email)
                .ok_or_else(|| Refusal::missing("patient"))?,
        };
        let find_referral = |key: &str| {
            let is_theirs = |known: &&Referral| known.key == key && known.patient == person.key;
            let found = clinic.referrals.iter().find(is_theirs);
            found.ok_or_else(|| Refusal::not_found("The referral was not found."))
        };
        let find_recall = |key: &str| {
            let is_theirs = |known: &&Recall| known.key == key && known.patient == person.key;
            let found = clinic.recalls.iter().find(is_theirs);
            found.ok_or_else(|| Refusal::not_found("The recall was not found."))
        };
        Ok(Some(Scope {
            person: person.clone(),
            referral: self.sent.text("referral")?.map(find_referral).transpose()?,
            recall: self.sent.text("recall")?.map(find_recall).transpose()?,
        }))
    }

    /// The payer with this key; when nobody is logged in, the charge band with this sign-up code.
    pub fn payment(&self, scope: Option<&Scope<'_>>, key: &str) -> Result<Payment, Refusal> {
        let Some(scope) = scope else {
            let band = self.client.sign_up(key);
            let band = band.ok_or_else(|| Refusal::business("Invalid sign-up code."))?;
            return Ok(Payment {
                key: band.code.to_owned(),
                percent: band.percent,
                is_owed: true,
            });
        };
        let payer = account::payer(key).ok_or_else(|| Refusal::malformed("payer-type"))?;
        if !scope.person.payers.iter().any(|known| known == key) {
            return Err(Refusal::business(
                "The patient does not have this payer type.",
            ));
        }
        Ok(Payment {
            key: payer.key.to_owned(),
            percent: payer.percent,
            is_owed: payer.is_patient,
        })
    }

    /// As [`Self::payment`], or the patient's default payer (A11). Nobody has a default who is not logged in.
    pub fn payment_or_default(
        &self,
        scope: Option<&Scope<'_>>,
        key: Option<&str>,
    ) -> Result<Payment, Refusal> {
        let default = scope.and_then(|scope| scope.person.payers.first());
        let key = key.or(default.map(String::as_str));
        self.payment(scope, key.ok_or_else(|| Refusal::missing("payer-type"))?)
    }

    /// The type with this key, which the payer may book; a type that is for referrals needs one.
    pub fn kind(
        &self,
        scope: Option<&Scope<'_>>,
        payment: &Payment,
        key: &str,
    ) -> Result<&'a Kind, Refusal> {
        let kind = self.meddbase.clinic.kind(key);
        let kind = kind.ok_or_else(|| Refusal::malformed("appointment-type"))?;
        if !kind.payers.contains(&payment.key) {
            return Err(Refusal::business(
                "The payer type cannot book this appointment type.",
            ));
        }
        if !is_bookable(kind, scope) {
            return Err(Refusal::forbidden(
                "This appointment type cannot be booked.",
            ));
        }
        Ok(kind)
    }

    /// What the modules and services of a body add to a type.
    pub fn order(
        &self,
        kind: &'a Kind,
        body: Fields<'_>,
        names: (&str, &str),
    ) -> Result<Order<'a>, Refusal> {
        let (modules, services) = (body.keys(names.0)?, body.keys(names.1)?);
        Order::of(&self.meddbase.clinic, kind, &modules, &services)
    }
}

/// Whether this type can be booked, for a referral perhaps.
pub fn is_bookable(kind: &Kind, scope: Option<&Scope<'_>>) -> bool {
    let referral = scope.and_then(|scope| scope.referral);
    kind.can_book || kind.can_refer && referral.is_some_and(|referral| referral.kind == kind.key)
}
