//! The sites of an account, as branches.
//!
//! No call lists sites alone
//! (<https://meddbase.github.io/meddbase-apis/patient-portal-api/appointments/getsites.html>): they are asked for one
//! appointment type after the other, and a clinic may have more types than an account has requests in a minute.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::caller::Call;
use super::search::{Search, list, shape};
use super::settings::{Mode, Settings};
use super::wire::{search, slots};
use crate::domain::branch::Branch;
use crate::domain::failure::Failure;

/// The sites of each type, by its key, as far as they were read when a reading had to stop: the next one goes on
/// there. Empty after a reading that came to its end, so that the one after it reads all anew.
#[derive(Default)]
pub struct Begun(Mutex<BTreeMap<String, Vec<Branch>>>);

impl Begun {
    fn kinds(&self) -> MutexGuard<'_, BTreeMap<String, Vec<Branch>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Search<'_> {
    /// The sites of all types that can be booked for whom the account books by default.
    pub async fn branches(&self, begun: &Begun) -> Result<Vec<Branch>, Failure> {
        let payer = self.usual_payer().await?;
        let query = vec![("payer-type", payer.clone())];
        let path = self.paths.types;
        let types = self.portal.read(&Call::get(path, query)).await?;
        let types = list(path, &types)?.into_iter().filter_map(search::kind);
        let mut branches: Vec<Branch> = Vec::new();
        for kind in types.filter(|kind| kind.can_book) {
            let kind = kind.choice.value;
            let known = begun.kinds().get(&kind).cloned();
            let sites = match known {
                Some(sites) => sites,
                None => {
                    let sites = self.sites_of(&kind, &payer).await?;
                    begun.kinds().insert(kind, sites.clone());
                    sites
                }
            };
            for branch in sites {
                if !branches.iter().any(|known| known.id == branch.id) {
                    branches.push(branch);
                }
            }
        }
        begun.kinds().clear();
        branches.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(branches)
    }

    /// The payer of most patients, or the sign-up code in its place.
    async fn usual_payer(&self) -> Result<String, Failure> {
        if let Mode::Anonymous { sign_up_code, .. } = &self.settings.own.mode {
            return Ok(sign_up_code.clone());
        }
        let call = Call::get(search::PAYERS, Vec::new());
        let payers = self.portal.read(&call).await?;
        let payers = list(search::PAYERS, &payers)?.into_iter();
        let mut keys = payers.filter_map(|payer| payer.key("Key"));
        keys.next().ok_or_else(|| shape(search::PAYERS, "no payer"))
    }

    async fn sites_of(&self, kind: &str, payer: &str) -> Result<Vec<Branch>, Failure> {
        let query = vec![
            ("appointment-type", kind.to_owned()),
            ("payer-type", payer.to_owned()),
        ];
        let sites = self.sites(query, &[]).await?;
        let sites = list(self.paths.sites, &sites)?.into_iter();
        let sites = sites.filter_map(|object| slots::site(object, &self.settings.own));
        Ok(sites.map(|branch| in_desk(self.settings, branch)).collect())
    }
}

/// A site with the zone that the configuration gives it, where that is not the desk's.
pub fn in_desk(settings: &Settings, branch: Branch) -> Branch {
    let zone = settings.own.zone(&branch.id.0);
    Branch {
        zone: Some(zone).filter(|zone| *zone != settings.zone),
        ..branch
    }
}
