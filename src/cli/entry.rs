//! A submission as `worklist` and `show` tell it: the only commands that name patients.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use serde::Serialize;

use super::fields;
use super::report::Known;
use crate::domain::looked::Told;
use crate::domain::offer::{FieldKey, Offer};
use crate::domain::order::Line;
use crate::domain::schedule;
use crate::domain::standing::Standing;
use crate::domain::submission::Subject;

#[derive(Serialize)]
pub struct Entry {
    pub id: String,
    #[serde(flatten)]
    pub known: Known,
    pub kind: &'static str,
    /// In the zone of the desk.
    pub saved_at: String,
    pub name: String,
    pub phone: String,
    pub branch: String,
    pub items: Vec<String>,
    /// What the tube is labelled with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub barcode: Option<String>,
    /// None where nobody has told what it costs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<String>,
    /// In the zone of the branch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheduled_at: Option<String>,
    /// What is done to which booking of another system.
    #[serde(rename = "external", skip_serializing_if = "BTreeMap::is_empty")]
    pub of_others: BTreeMap<&'static str, String>,
    /// Of a change, the accepted one that it is done to; else the one that was not accepted, or given up, before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follows: Option<String>,
    /// What is done to which record, where it makes none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<Subject>,
    /// What the vendor told of its record.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub told: Vec<Told>,
}

impl Entry {
    pub fn new(standing: &Standing, zone: Tz, offer: &Offer) -> Self {
        let intent = &standing.intent;
        let sent = &intent.submission;
        let site_zone = sent.branch.zone.unwrap_or(zone);
        let moment = sent.moment();
        let of_others = sent.of_others();
        Self {
            id: intent.id.to_string(),
            known: Known::of(&standing.state, offer.vendor),
            kind: fields::kind(sent.kind),
            saved_at: intent.saved_at.with_timezone(&zone).to_rfc3339(),
            name: sent.patient.full_name(),
            phone: sent.patient.phone_digits().to_owned(),
            branch: sent.branch.name.clone(),
            items: sent.lines.iter().map(Line::title).collect(),
            barcode: Some(sent.detail(FieldKey::Barcode).to_owned())
                .filter(|code| !code.is_empty()),
            total: sent.price(offer).map(|price| price.to_string()),
            scheduled_at: moment.map(|moment| schedule::typed(moment.with_timezone(&site_zone))),
            of_others: of_others
                .map(|(key, choice)| (fields::name(key), choice.value.clone()))
                .collect(),
            follows: intent.follows.as_ref().map(ToString::to_string),
            change: sent.subject.clone(),
            told: standing.told().to_vec(),
        }
    }

    /// What is told of a booking of another system.
    pub fn external(&self, key: FieldKey) -> Option<String> {
        self.of_others.get(fields::name(key)).cloned()
    }

    /// The vendor's number, or why there is none, in one line.
    pub fn note(&self) -> String {
        let known = &self.known;
        let reasons = known.reasons.iter().flatten();
        let change = self.change.as_ref().map(|subject| &subject.change);
        let change = change.or_else(|| self.of_others.get(fields::name(FieldKey::Action)));
        let words = change.into_iter().chain(&known.number);
        let words = words.chain(&known.why).cloned();
        words
            .chain(reasons.map(|reason| reason.words.clone()))
            .collect::<Vec<_>>()
            .join("; ")
    }
}
