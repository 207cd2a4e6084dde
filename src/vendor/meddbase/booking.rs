//! What changes something at Meddbase: a booking for a manager's patient, a cancellation, and both as one.
//!
//! Only a booking and a cancellation can leave doubt. Entering the patient beforehand cannot: it finds or creates, and
//! books nothing, so that it may be done again.

use chrono::{DateTime, FixedOffset};
use serde_json::Value;

use super::appointments::{self, Appointments, Sought, numbered, patient_key, site};
use super::caller::Call;
use super::outcome::{self, Cancelled, accepted, held_back, refused};
use super::portal::{Portal, Twice};
use super::settings::Settings;
use super::whose::{NOT_TOLD, Whose};
use super::wire::appointment::{self, Booked, Row, line};
use super::wire::booking::{Wanted, several};
use super::wire::envelope::Said;
use super::wire::person::{self, Demographics};
use super::wire::search;
use crate::domain::evidence::Outcome;
use crate::domain::failure::Failure;
use crate::domain::looked::{Looked, Told};
use crate::domain::offer::FieldKey;
use crate::domain::slot::Slot;
use crate::domain::submission::{Intent, Submission};
use crate::trial;
use crate::vendor::budget::Slot as Right;
use crate::vendor::line::NoCall;

/// The changes an appointment knows.
pub const CANCEL: &str = "cancel";
pub const RESCHEDULE: &str = "reschedule";

/// The vendor keeps a price only where it is sent, and there is none to send.
const NO_PRICE: &str = "no price was shown: switch the price guard off, or pick another time";

pub struct Booking<'a> {
    pub portal: &'a Portal,
    pub settings: &'a Settings,
    pub now: DateTime<FixedOffset>,
}

/// What a booking says that is not in the submission itself.
struct Parts {
    patient: Option<String>,
    kind: String,
    payer: String,
    modules: Vec<String>,
    services: Vec<String>,
}

impl Booking<'_> {
    /// A new appointment, for a patient who is known or entered now.
    pub async fn appointment(&self, intent: &Intent, mut right: Option<Right>) -> Outcome {
        let submission = &intent.submission;
        // Whatever is held back is so before anybody is entered.
        let terms = Parts::of(submission, None);
        let body = match self.body(submission, &terms) {
            Ok(body) => body,
            Err(outcome) => return outcome,
        };
        let patient = match &submission.patient.key {
            Some(key) => key.clone(),
            None => match self.entered(submission, right.take()).await {
                Ok(key) => key,
                Err(outcome) => return outcome,
            },
        };
        match self.book(submission, Some(patient), &body, right).await {
            Ok(booked) => accepted(booked.number, booked.told),
            Err(outcome) => outcome,
        }
    }

    /// The end of an appointment. A GET that changes something: it is never made twice, not even with a new session.
    pub async fn cancellation(
        &self,
        submission: &Submission,
        number: &str,
        right: Option<Right>,
    ) -> Outcome {
        let undone = "nothing was cancelled";
        if let Err(outcome) = self.check_fee(submission, number, undone).await {
            return outcome;
        }
        match self.cancel(number, right).await {
            Cancelled::Yes(invoice) => accepted(number.to_owned(), appointment::charged(&invoice)),
            Cancelled::No(outcome) => outcome,
        }
    }

    /// Another time for an appointment: the new one is booked before the old one is cancelled, so that the patient is
    /// never without one. What becomes of the old one is told with the new one's number.
    pub async fn rescheduling(
        &self,
        intent: &Intent,
        number: &str,
        right: Option<Right>,
    ) -> Outcome {
        let submission = &intent.submission;
        let patient = submission.patient.key.as_deref();
        let list = Appointments {
            portal: self.portal,
            settings: self.settings,
        };
        let pages = match list.to_come(patient, self.now).await {
            Ok(pages) => pages,
            Err(failure) => return nothing_done(failure),
        };
        let mut terms = match numbered(&pages, number).filter(|row| row.counts()) {
            Some(old) => Parts::after(submission, old),
            None => {
                let words = format!("{number} does not stand any more: nothing was booked");
                return held_back(None, words);
            }
        };
        let body = match self.body(submission, &terms) {
            Ok(body) => body,
            Err(outcome) => return outcome,
        };
        if terms.patient.is_none() {
            let demographics = Demographics::of(submission);
            match self.whose().proven(&demographics, number).await {
                Ok(Some(key)) => terms.patient = Some(key),
                Ok(None) => return held_back(None, format!("{NOT_TOLD}: nothing was booked")),
                Err(failure) => return nothing_done(failure),
            }
        }
        // Never asked between the two: whatever stands there may be cut off, and leave the patient with both.
        let undone = "nothing was booked and nothing was cancelled";
        if let Err(outcome) = self.check_fee(submission, number, undone).await {
            return outcome;
        }
        let booked = match self.book(submission, terms.patient, &body, right).await {
            Ok(booked) => booked,
            Err(outcome) => return outcome,
        };
        let mut told = booked.told;
        match self.cancel(number, None).await {
            Cancelled::Yes(invoice) => {
                told.push(line(Told::ENDED, number));
                told.extend(appointment::charged(&invoice));
            }
            Cancelled::No(_) if trial::bug("old-one-untold") => {}
            Cancelled::No(outcome) => told.push(still_stands(number, &outcome)),
        }
        accepted(booked.number, told)
    }

    /// Whether the appointment of an intent is in the list.
    pub async fn look(&self, intent: &Intent) -> Looked {
        let submission = &intent.submission;
        let list = Appointments {
            portal: self.portal,
            settings: self.settings,
        };
        let Some(slot) = &submission.slot else {
            let why = "nothing with a time was sent".to_owned();
            return Looked::Open { why };
        };
        let old = submission
            .subject
            .as_ref()
            .map(|subject| subject.number.as_str());
        let mut terms = Parts::of(submission, submission.patient.key.clone());
        let mut still_counts = None;
        if let Some(number) = old {
            let pages = list.to_come(terms.patient.as_deref(), self.now).await;
            let pages = match pages {
                Ok(pages) => pages,
                Err(failure) => {
                    let why = failure.to_string();
                    return Looked::Unclear { why };
                }
            };
            if let Some(row) = numbered(&pages, number) {
                still_counts = Some(row.counts());
                terms = Parts::after(submission, row);
            }
        }
        if terms.kind.is_empty() {
            let why = "nothing tells any more what kind of appointment was moved".to_owned();
            return Looked::Open { why };
        }
        if terms.patient.is_none() {
            let demographics = Demographics::of(submission);
            let known = self.whose().known(&demographics).await;
            terms.patient = known.ok().flatten();
        }
        let sought = Sought {
            slot,
            site: site(submission, slot),
            kind: &terms.kind,
            patient: &submission.patient,
            key: terms.patient.as_deref(),
            instead_of: old,
        };
        match (list.look(&sought).await, old) {
            (Looked::Match { number, mut told }, Some(old)) => {
                told.push(match still_counts {
                    Some(true) => line("The old one still stands", old),
                    Some(false) => line(Told::ENDED, old),
                    None => line("The old one", format!("{old} is not in the list any more")),
                });
                Looked::Match { number, told }
            }
            (looked, _) => looked,
        }
    }

    /// The key of the patient, who is found or created.
    async fn entered(
        &self,
        submission: &Submission,
        right: Option<Right>,
    ) -> Result<String, Outcome> {
        let body = Demographics::of(submission).body();
        let call = Call::post(person::CREATE, Vec::new(), &body);
        let said = self.portal.change(right, &call, Twice::AfterSignIn).await;
        let said = said.map_err(outcome::before)?;
        match &said {
            Said::Result(result) => person::key(result),
            _ => None,
        }
        .ok_or_else(|| outcome::not_booked(said))
    }

    fn whose(&self) -> Whose<'_> {
        Whose {
            portal: self.portal,
            settings: self.settings,
            now: self.now,
        }
    }

    /// What is booked, for whomever; else why it cannot be asked for.
    fn body(&self, submission: &Submission, terms: &Parts) -> Result<Value, Outcome> {
        body(submission, terms, self.settings.own.has_price_guard)
    }

    async fn book(
        &self,
        submission: &Submission,
        patient: Option<String>,
        body: &Value,
        right: Option<Right>,
    ) -> Result<Booked, Outcome> {
        let mut query: Vec<(&'static str, String)> = Vec::new();
        query.extend(patient.map(|key| ("patient", key)));
        for (name, key) in [
            ("referral", FieldKey::Referral),
            ("recall", FieldKey::Recall),
        ] {
            let value = submission.detail(key);
            if !value.is_empty() {
                query.push((name, value.to_owned()));
            }
        }
        let call = Call::post(search::MANAGER.book, query, body);
        let said = self.portal.change(right, &call, Twice::AfterSignIn).await;
        let said = said.map_err(Outcome::from)?;
        outcome::booking(said, self.settings)
    }

    /// The fee is still the one that a person confirmed, perhaps long before this left the desk: nobody is charged
    /// another one unasked. `undone` says what was not done where it is another.
    async fn check_fee(
        &self,
        submission: &Submission,
        number: &str,
        undone: &str,
    ) -> Result<(), Outcome> {
        let Some(confirmed) = appointment::fee(&submission.terms) else {
            return Ok(());
        };
        let terms = appointments::terms(self.portal, number).await;
        let terms = terms.map_err(nothing_done)?;
        let fee = appointment::fee(&terms).unwrap_or_default();
        if fee == confirmed {
            return Ok(());
        }
        let words = format!(
            "The fee is now {fee}, you confirmed {confirmed}: {undone}. Ask for it anew to confirm this fee"
        );
        Err(held_back(None, words))
    }

    async fn cancel(&self, number: &str, right: Option<Right>) -> Cancelled {
        let query = vec![("appointment", number.to_owned())];
        let call = Call::get(appointment::CANCEL, query);
        let mut answer = self.portal.change(right, &call, Twice::Never).await;
        if trial::bug("cancel-asked-twice") && matches!(answer, Err(NoCall::Lost(_))) {
            answer = self.portal.change(None, &call, Twice::Never).await;
        }
        match answer {
            Ok(said) => outcome::cancellation(said),
            Err(no) => Cancelled::No(no.into()),
        }
    }
}

impl Parts {
    /// As the form has it.
    fn of(submission: &Submission, patient: Option<String>) -> Self {
        let owned = |key| {
            let keys = several(submission.detail(key)).into_iter();
            keys.map(ToOwned::to_owned).collect()
        };
        Self {
            patient,
            kind: submission.detail(FieldKey::AppointmentType).to_owned(),
            payer: submission.detail(FieldKey::Payer).to_owned(),
            modules: owned(FieldKey::Modules),
            services: owned(FieldKey::Services),
        }
    }

    /// As the form has it, and as the old appointment had what the form does not say.
    fn after(submission: &Submission, old: Row<'_>) -> Self {
        let patient = submission.patient.key.clone().or_else(|| patient_key(old));
        let form = Self::of(submission, patient);
        let payer = if form.payer.is_empty() {
            old.payer().unwrap_or_default()
        } else {
            form.payer
        };
        if !form.kind.is_empty() {
            return Self { payer, ..form };
        }
        Self {
            patient: form.patient,
            kind: old.kind().unwrap_or_default(),
            payer,
            modules: old.keys("Modules"),
            services: old.keys("Services"),
        }
    }
}

/// The body of a booking; `has_guard` is what holds where the form has no such field.
fn wanted<'a>(
    submission: &'a Submission,
    slot: &'a Slot,
    terms: &'a Parts,
    has_guard: bool,
) -> Result<Wanted<'a>, Outcome> {
    let place = slot.place.as_ref().map(|place| place.value.as_str());
    let location = place.unwrap_or(submission.detail(FieldKey::Location));
    if terms.kind.is_empty() {
        let words = "choose the appointment type";
        return Err(held_back(Some(FieldKey::AppointmentType), words));
    }
    if location.is_empty() {
        let words = "this time has no location: pick another";
        return Err(held_back(Some(FieldKey::ScheduledAt), words));
    }
    let is_guarded = is_guarded(submission, has_guard);
    if is_guarded && slot.price.is_none() {
        return Err(held_back(Some(FieldKey::ScheduledAt), NO_PRICE));
    }
    Ok(Wanted {
        start: &slot.wire,
        kind: &terms.kind,
        payer: &terms.payer,
        site: site(submission, slot),
        location,
        modules: terms.modules.iter().map(String::as_str).collect(),
        services: terms.services.iter().map(String::as_str).collect(),
        clinician: submission.detail(FieldKey::Clinician),
        sex: submission.detail(FieldKey::ClinicianSex),
        price: slot
            .price
            .filter(|_| is_guarded)
            .map(|price| slot.fine_price.clone().unwrap_or_else(|| price.to_string())),
    })
}

fn is_guarded(submission: &Submission, has_guard: bool) -> bool {
    match submission.detail(FieldKey::PriceGuard) {
        "" => has_guard,
        guard => guard == "yes",
    }
}

/// The same for a patient who books without a login: the sign-up code stands for the payer.
pub fn anonymous_body(
    submission: &Submission,
    code: &str,
    has_guard: bool,
) -> Result<Value, Outcome> {
    let mut terms = Parts::of(submission, None);
    code.clone_into(&mut terms.payer);
    body(submission, &terms, has_guard)
}

fn body(submission: &Submission, terms: &Parts, has_guard: bool) -> Result<Value, Outcome> {
    let slot = submission.slot.as_ref().ok_or_else(no_slot)?;
    let body = wanted(submission, slot, terms, has_guard)?.body();
    // It will be the same whenever it is tried again.
    body.map_err(|why| held_back(Some(FieldKey::ScheduledAt), why))
}

fn no_slot() -> Outcome {
    held_back(Some(FieldKey::ScheduledAt), "pick one of the free times")
}

/// Never silent: both exist, or may.
fn still_stands(number: &str, outcome: &Outcome) -> Told {
    let why = match outcome {
        Outcome::Unknown { why } | Outcome::PerhapsAccepted { why } => {
            let words =
                format!("{number} may still stand: its cancellation was not answered ({why})");
            return line("The old one", words);
        }
        Outcome::NotSent { why } | Outcome::SignedOut { why } => why.clone(),
        Outcome::Refused { reasons } | Outcome::HeldBack { reasons } => {
            let words: Vec<&str> = reasons.iter().map(|reason| reason.words.as_str()).collect();
            words.join("; ")
        }
        _ => "Meddbase asks to wait".to_owned(),
    };
    line("The old one still stands", format!("{number}: {why}"))
}

/// The old appointment could not be read, and nothing else was asked.
fn nothing_done(failure: Failure) -> Outcome {
    match failure {
        Failure::SignedOut(why) | Failure::CodeNeeded(why) => Outcome::SignedOut { why },
        Failure::Refused(words) => refused(words),
        Failure::Offline(why) | Failure::Busy(why) | Failure::WrongShape(why) => {
            outcome::not_sent(why)
        }
    }
}
