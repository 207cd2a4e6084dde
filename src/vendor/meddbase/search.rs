//! What a form can choose from: the lists of its fields, and the free times.

use std::borrow::Cow;

use chrono::{DateTime, Days, FixedOffset};
use serde_json::{Value, json};

use super::caller::Call;
use super::pages::Pages;
use super::portal::Portal;
use super::settings::Settings;
use super::whose::{NOT_TOLD, Owners, Whose};
use super::wire::booking::several;
use super::wire::object::{Object, objects};
use super::wire::page::page;
use super::wire::person::Demographics;
use super::wire::search::{self, Paths};
use super::wire::{moment, slots};
use crate::domain::failure::Failure;
use crate::domain::offer::{Choice, FieldKey};
use crate::domain::slot::{Context, PatientRef, Slot, SlotQuery};

/// Rows of a list of services beyond these are not fetched: nobody scrolls through more.
const MOST_PAGES: usize = 20;

/// Searches of one account.
pub struct Search<'a> {
    pub portal: &'a Portal,
    pub settings: &'a Settings,
    pub owners: &'a Owners,
    pub now: DateTime<FixedOffset>,
    pub paths: &'static Paths,
}

pub type Query = Vec<(&'static str, String)>;

impl Search<'_> {
    /// The choices of one field.
    pub async fn choices(&self, field: FieldKey, form: &Context) -> Result<Vec<Choice>, Failure> {
        let form = &*self.of_patient(form).await?;
        match field {
            FieldKey::Payer => {
                let call = Call::get(search::PAYERS, scope(form));
                let payers = self.portal.read(&call).await?;
                let payers = list(search::PAYERS, &payers)?.into_iter();
                Ok(payers
                    .filter_map(|payer| search::named(payer, &["Name"]))
                    .collect())
            }
            FieldKey::AppointmentType => {
                let types = self.types(form).await?;
                let types = list(self.paths.types, &types)?.into_iter();
                let has_referral = !form.value(FieldKey::Referral).is_empty();
                let types = types
                    .filter_map(search::kind)
                    .filter(|kind| kind.can_book || kind.can_refer && has_referral);
                Ok(types.map(|kind| kind.choice).collect())
            }
            FieldKey::Modules => {
                let types = self.types(form).await?;
                let types = list(self.paths.types, &types)?.into_iter();
                let mut types = types.filter_map(search::kind);
                let wanted = form.value(FieldKey::AppointmentType);
                let kind = types.find(|kind| kind.choice.value == wanted);
                let modules = kind.map(|kind| kind.modules).unwrap_or_default();
                Ok(modules.into_iter().filter_map(search::priced).collect())
            }
            FieldKey::Services => {
                self.pages(self.paths.services, typed(form)?, search::priced)
                    .await
            }
            FieldKey::Location => {
                let sites = self.sites(typed(form)?, &modules(form)).await?;
                let sites = list(self.paths.sites, &sites)?.into_iter();
                let site = form.branch.as_ref().map(|branch| branch.id.0.as_str());
                let mut here = sites.filter(|object| object.key("Key").as_deref() == site);
                let locations = here.next().map(|site| site.list("Locations"));
                let locations = locations.unwrap_or_default().into_iter();
                Ok(locations
                    .filter_map(|one| search::named(one, &["Name"]))
                    .collect())
            }
            FieldKey::Clinician => self.clinicians(form).await,
            FieldKey::Referral => {
                let query = patients(form, Some(("status", "5".to_owned())));
                self.patients_own(search::REFERRALS, query, search::referral)
                    .await
            }
            FieldKey::Recall => {
                self.patients_own(search::RECALLS, patients(form, None), search::recall)
                    .await
            }
            _ => Ok(Vec::new()),
        }
    }

    /// The free times of some days, asked for in parts that the vendor can answer (A13).
    pub async fn slots(&self, query: &SlotQuery) -> Result<Vec<Slot>, Failure> {
        let form = &*self.of_patient(&query.context).await?;
        let site = form.branch.as_ref().map(|branch| branch.id.0.as_str());
        let body = json!({
            "modules": search::keys(modules(form)),
            "services": search::keys(several(form.value(FieldKey::Services))),
        });
        let has_body = !modules(form).is_empty() || !form.value(FieldKey::Services).is_empty();
        let end = query.from + Days::new(u64::from(query.days.max(1)));
        let step = Days::new(u64::from(self.settings.own.assumptions.slot_days.max(1)));
        let mut found = Vec::new();
        let mut from = query.from;
        while from < end {
            let to = end.min(from + step);
            let mut asked = typed(form)?;
            asked.extend(site.map(|site| ("site", site.to_owned())));
            for (name, key) in [
                ("location", FieldKey::Location),
                ("clinician", FieldKey::Clinician),
                ("clinician-sex", FieldKey::ClinicianSex),
            ] {
                asked.extend(filled(form, name, key));
            }
            asked.push(("from-date", moment::midnight(from)));
            asked.push(("to-date", moment::midnight(to)));
            let call = if has_body {
                Call::post(self.paths.slots, asked, &body)
            } else {
                Call::get(self.paths.slots, asked)
            };
            let result = self.portal.read(&call).await?;
            let slots = slots::slots(&result, site, &self.settings.own);
            found.extend(slots.map_err(|why| shape(self.paths.slots, &why))?);
            from = to;
        }
        found.sort_by_key(|slot| slot.at);
        Ok(found)
    }

    /// The form, of the patient whose appointment it moves.
    async fn of_patient<'f>(&self, form: &'f Context) -> Result<Cow<'f, Context>, Failure> {
        let subject = form.subject.as_ref();
        let Some(subject) = subject.filter(|_| form.patient.is_none()) else {
            return Ok(Cow::Borrowed(form));
        };
        let today = self.now.date_naive();
        let demographics = Demographics::of_form(form, today, &self.settings.own.country_code);
        let whose = Whose {
            portal: self.portal,
            settings: self.settings,
            now: self.now,
        };
        let key = whose.remembered(self.owners, &demographics, &subject.number);
        let Some(key) = key.await? else {
            let why = format!("{NOT_TOLD}: it cannot be moved from here");
            return Err(Failure::Refused(why));
        };
        let mut form = form.clone();
        let name = form.value(FieldKey::Name).to_owned();
        form.patient = Some(PatientRef { key, name });
        Ok(Cow::Owned(form))
    }

    async fn types(&self, form: &Context) -> Result<Value, Failure> {
        let mut query = scope(form);
        query.push(("payer-type", payer(form)?));
        self.portal.read(&Call::get(self.paths.types, query)).await
    }

    pub(super) async fn sites(&self, query: Query, modules: &[&str]) -> Result<Value, Failure> {
        let body = json!({"modules": search::keys(modules.iter().copied())});
        let call = if self.paths.are_sites_posted || !modules.is_empty() {
            Call::post(self.paths.sites, query, &body)
        } else {
            Call::get(self.paths.sites, query)
        };
        self.portal.read(&call).await
    }

    async fn clinicians(&self, form: &Context) -> Result<Vec<Choice>, Failure> {
        let site = form
            .branch
            .iter()
            .map(|branch| search::number(&branch.id.0));
        let location = Some(form.value(FieldKey::Location)).filter(|key| !key.is_empty());
        let body = json!({
            "sites": site.collect::<Vec<Value>>(),
            "locations": location.map(search::number).into_iter().collect::<Vec<Value>>(),
            "modules": search::keys(modules(form)),
        });
        let call = Call::post(self.paths.clinicians, typed(form)?, &body);
        let clinicians = self.portal.read(&call).await?;
        let clinicians = list(self.paths.clinicians, &clinicians)?.into_iter();
        Ok(clinicians.filter_map(search::clinician).collect())
    }

    /// What belongs to the patient of the form; nothing while there is none whom the vendor knows.
    async fn patients_own(
        &self,
        path: &'static str,
        query: Option<Query>,
        read: fn(Object<'_>) -> Option<Choice>,
    ) -> Result<Vec<Choice>, Failure> {
        match query {
            Some(query) => self.pages(path, query, read).await,
            None => Ok(Vec::new()),
        }
    }

    /// A list that may come in pages.
    async fn pages(
        &self,
        path: &'static str,
        query: Query,
        read: fn(Object<'_>) -> Option<Choice>,
    ) -> Result<Vec<Choice>, Failure> {
        let pages = Pages::read(self.portal, path, &query, MOST_PAGES).await?;
        Ok(pages.rows().filter_map(read).collect())
    }
}

/// The objects of a list that has no pages.
pub fn list<'v>(path: &str, result: &'v Value) -> Result<Vec<Object<'v>>, Failure> {
    match result {
        Value::Null => Ok(Vec::new()),
        Value::Array(_) => Ok(objects(result)),
        _ => page(result)
            .map(|page| page.items)
            .ok_or_else(|| shape(path, "no list")),
    }
}

pub fn shape(path: &str, why: &str) -> Failure {
    Failure::WrongShape(format!("{path}: {why}"))
}

/// Patient, referral and recall: "must be carried through the whole flow".
pub fn scope(form: &Context) -> Query {
    let patient = form
        .patient
        .iter()
        .map(|patient| ("patient", patient.key.clone()));
    let others = [
        filled(form, "referral", FieldKey::Referral),
        filled(form, "recall", FieldKey::Recall),
    ];
    patient.chain(others.into_iter().flatten()).collect()
}

fn filled(form: &Context, name: &'static str, key: FieldKey) -> Option<(&'static str, String)> {
    let value = form.value(key);
    (!value.is_empty()).then(|| (name, value.to_owned()))
}

/// Scope, type and payer.
fn typed(form: &Context) -> Result<Query, Failure> {
    let kind = form.value(FieldKey::AppointmentType);
    if kind.is_empty() {
        let why = "choose the appointment type first".to_owned();
        return Err(Failure::Refused(why));
    }
    let mut query = scope(form);
    query.push(("appointment-type", kind.to_owned()));
    query.push(("payer-type", payer(form)?));
    Ok(query)
}

/// The payer's key, or the sign-up code that stands in its place for whoever is not signed in.
fn payer(form: &Context) -> Result<String, Failure> {
    let keys = [FieldKey::Payer, FieldKey::SignUpCode];
    let payer = keys
        .iter()
        .map(|key| form.value(*key))
        .find(|payer| !payer.is_empty());
    let payer = payer.map(ToOwned::to_owned);
    payer.ok_or_else(|| Failure::Refused("choose the payer first".to_owned()))
}

fn modules(form: &Context) -> Vec<&str> {
    several(form.value(FieldKey::Modules))
}

fn patients(form: &Context, more: Option<(&'static str, String)>) -> Option<Query> {
    let patient = form.patient.as_ref()?;
    let mut query = vec![("patient", patient.key.clone())];
    query.extend(more);
    Some(query)
}
