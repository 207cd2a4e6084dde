//! The sites of an account, as branches.
//!
//! No call lists sites alone
//! (<https://meddbase.github.io/meddbase-apis/patient-portal-api/appointments/getsites.html>): they are asked for one
//! payer and appointment type after the other, and a clinic may have more of them than an account has requests in a
//! minute.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::caller::Call;
use super::search::{Search, list, shape};
use super::settings::{Mode, Settings};
use super::wire::{search, slots};
use crate::domain::branch::Branch;
use crate::domain::failure::Failure;

/// A payer and an appointment type, by their keys.
type Pair = (String, String);

/// With more pairs than these, another payer than the usual one is only asked about the types that are its own: an
/// account has little more than so many requests in a minute.
const MOST: usize = 90;

/// The sites of each pair, as far as they were read when a reading had to stop: the next one goes on there. Empty after
/// a reading that came to its end, so that the one after it reads all anew.
#[derive(Default)]
pub struct Begun(Mutex<BTreeMap<Pair, Vec<Branch>>>);

impl Begun {
    fn pairs(&self) -> MutexGuard<'_, BTreeMap<Pair, Vec<Branch>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The types that can be booked for a payer, and whether without a referral.
struct Offered {
    payer: String,
    kinds: Vec<(String, bool)>,
}

impl Search<'_> {
    /// The sites of all types that can be booked, for whomever the account books: a type may be at one site for the
    /// patient's own money, and at another for the employer's.
    pub async fn branches(&self, begun: &Begun) -> Result<Vec<Branch>, Failure> {
        let mut branches: Vec<Branch> = Vec::new();
        for (pair, is_certain) in pairs(self.offered().await?) {
            let known = begun.pairs().get(&pair).cloned();
            let sites = match known {
                Some(sites) => sites,
                None => {
                    let sites = match self.sites_of(&pair).await {
                        Err(Failure::Refused(_)) if !is_certain => Vec::new(),
                        sites => sites?,
                    };
                    begun.pairs().insert(pair, sites.clone());
                    sites
                }
            };
            for branch in sites {
                if !branches.iter().any(|known| known.id == branch.id) {
                    branches.push(branch);
                }
            }
        }
        begun.pairs().clear();
        branches.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(branches)
    }

    /// What is offered to each payer; that of most patients first.
    async fn offered(&self) -> Result<Vec<Offered>, Failure> {
        let mut offered = Vec::new();
        for payer in self.payers().await? {
            let query = vec![("payer-type", payer.clone())];
            let path = self.paths.types;
            let types = match self.portal.read(&Call::get(path, query)).await {
                Err(Failure::Refused(_)) if !offered.is_empty() => continue,
                types => types?,
            };
            let types = list(path, &types)?.into_iter().filter_map(search::kind);
            let has_referrals = self.settings.own.is_manager();
            let kinds = types.filter(|kind| kind.can_book || kind.can_refer && has_referrals);
            let kinds = kinds.map(|kind| (kind.choice.value, kind.can_book));
            offered.push(Offered {
                payer,
                kinds: kinds.collect(),
            });
        }
        Ok(offered)
    }

    /// The payers, or the sign-up code in their place.
    async fn payers(&self) -> Result<Vec<String>, Failure> {
        if let Mode::Anonymous { sign_up_code, .. } = &self.settings.own.mode {
            return Ok(vec![sign_up_code.clone()]);
        }
        let call = Call::get(search::PAYERS, Vec::new());
        let payers = self.portal.read(&call).await?;
        let payers = list(search::PAYERS, &payers)?.into_iter();
        let keys: Vec<String> = payers.filter_map(|payer| payer.key("Key")).collect();
        if keys.is_empty() {
            return Err(shape(search::PAYERS, "no payer"));
        }
        Ok(keys)
    }

    async fn sites_of(&self, (payer, kind): &Pair) -> Result<Vec<Branch>, Failure> {
        let query = vec![
            ("appointment-type", kind.clone()),
            ("payer-type", payer.clone()),
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

/// What is asked about, in its order, and whether the vendor must answer: what is for another payer, or only for a
/// referral, it may refuse to whoever names neither.
fn pairs(offered: Vec<Offered>) -> Vec<(Pair, bool)> {
    let is_long = offered.iter().map(|one| one.kinds.len()).sum::<usize>() > MOST;
    let mut seen = BTreeSet::new();
    let mut pairs = Vec::new();
    for (index, Offered { payer, kinds }) in offered.into_iter().enumerate() {
        for (key, can_book) in kinds {
            let is_certain = index == 0 && can_book;
            if seen.insert(key.clone()) || !is_long {
                pairs.push(((payer.clone(), key), is_certain));
            }
        }
    }
    pairs
}
