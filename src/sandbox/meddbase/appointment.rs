//! An appointment as kept, and what may still be done with it.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::clinic::{Clinic, Kind};
use super::price::Terms;
use super::refusal::Refusal;
use super::slots::{Slot, Taken};

/// Times are wall-clock times at the site, beside the moments they stand for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Appointment {
    /// Counts from 1; its key and its invoice's number are made of it.
    pub count: i64,
    pub start: NaiveDateTime,
    pub finish: NaiveDateTime,
    pub starts: DateTime<Utc>,
    pub ends: DateTime<Utc>,
    pub site: i64,
    pub location: i64,
    pub clinician: i64,
    #[serde(flatten)]
    pub purpose: Purpose,
    pub booked: DateTime<Utc>,
    pub is_cancelled: bool,
}

/// What an appointment is for, whoever is seen where and when.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Purpose {
    pub kind: String,
    /// The person's key.
    pub patient: String,
    pub payer: String,
    /// Whether the patient owes the money.
    pub is_owed: bool,
    pub terms: Terms,
    pub modules: Vec<i64>,
    pub services: Vec<i64>,
    pub referral: Option<String>,
    pub recall: Option<String>,
}

impl Appointment {
    pub fn new(count: i64, slot: &Slot<'_>, purpose: Purpose, booked: DateTime<Utc>) -> Self {
        Self {
            count,
            start: slot.start,
            finish: slot.finish,
            starts: slot.starts,
            ends: slot.ends,
            site: slot.site.key,
            location: slot.location.key,
            clinician: slot.clinician.key,
            purpose,
            booked,
            is_cancelled: false,
        }
    }

    /// `apt58463`; opaque to callers.
    pub fn key(&self) -> String {
        format!("apt{}", 58_462 + self.count)
    }

    pub fn invoice_number(&self) -> i64 {
        1_865 + 2 * self.count
    }

    /// The time it takes of its clinician, unless it was cancelled.
    pub fn taken(&self) -> Option<Taken> {
        let taken = Taken {
            clinician: self.clinician,
            starts: self.starts,
            ends: self.ends,
        };
        (!self.is_cancelled).then_some(taken)
    }

    /// A8: what has begun or was cancelled cannot be cancelled.
    pub fn check_cancellable(&self, now: DateTime<Utc>) -> Result<(), Refusal> {
        let message = if self.is_cancelled {
            "The appointment has already been cancelled."
        } else if self.starts <= now {
            "The appointment has begun and cannot be cancelled."
        } else {
            return Ok(());
        };
        let status = axum::http::StatusCode::FAILED_DEPENDENCY;
        Err(Refusal::new(status, 0, message))
    }

    /// What cancelling costs now, in pence, and the rule in words.
    ///
    /// <https://helpdesk.meddbase.com/hc/en-us/articles/360004575094-Cancellation-Charges-Rule>
    pub fn cancellation(&self, clinic: &Clinic, now: DateTime<Utc>) -> (i64, String) {
        let kind = clinic.kind(&self.purpose.kind);
        let notices = kind.map(|kind: &Kind| kind.cancellation.as_slice());
        let is_short = |hours| self.starts - now < TimeDelta::hours(hours);
        let due = notices
            .unwrap_or_default()
            .iter()
            .find(|notice| is_short(notice.hours));
        due.map_or_else(
            || (0, "Cancellation is free of charge.".to_owned()),
            |notice| {
                let pounds = notice.fee / 100;
                let detail = format!(
                    "Cancellations within {} hours before the appointment are charged £{pounds}.",
                    notice.hours
                );
                (notice.fee, detail)
            },
        )
    }
}
