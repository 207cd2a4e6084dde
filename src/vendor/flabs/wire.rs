//! Flabs's own names: paths, query parameters, fields. The only place in the house that knows them.
//!
//! Reads leniently where the contract is silent and complains exactly: a wrong shape names the call and the path in
//! the JSON. Every text that comes in is one clean line before it goes any further.

pub mod billing;
pub mod create;
mod includes;
mod item;
mod list;
mod loose;
pub mod refusal;
pub mod token;

use crate::domain::branch::{Branch, BranchId, Party, PartyKind};
use crate::domain::catalogue::{Catalogue, Item};
use crate::domain::failure::Failure;
use crate::domain::offer::Kind;
use crate::domain::order::ItemKind;
use crate::domain::submission::Intent;
use crate::domain::text;
use crate::vendor::flabs::settings::Assumptions;

pub const BRANCHES: &str = "/client/labs";
pub const TESTS: &str = "/client/crm/tests";
pub const PACKAGES: &str = "/client/crm/packages";

/// Items that travel from the reading thread to the filing one at a time.
const BATCH: usize = 512;
/// Batches that may lie between the two.
const BATCHES_AHEAD: usize = 4;

/// The calls that make something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Create {
    /// A lead or a booking.
    Crm,
    /// A pre-booking.
    Billing,
}

impl Create {
    pub fn of(kind: Kind) -> Self {
        match kind {
            Kind::PreBooking => Self::Billing,
            _ => Self::Crm,
        }
    }

    pub fn path(self) -> &'static str {
        match self {
            Self::Crm => "/client/crm/lead/create",
            Self::Billing => "/client/billing/create",
        }
    }

    /// Every byte of it is decided by the intent.
    pub fn body(self, intent: &Intent, assumptions: &Assumptions) -> Result<Vec<u8>, String> {
        match self {
            Self::Crm => create::create(intent, assumptions),
            Self::Billing => billing::pre_booking(intent, assumptions),
        }
    }

    /// What the answer says again of what was asked for: the phase, or our own id of the order.
    pub fn echo(self, intent: &Intent) -> &str {
        match self {
            Self::Crm => create::phase(intent.submission.kind),
            Self::Billing => &intent.id.0,
        }
    }

    /// The vendor's number in its answer, or why there is none that can be relied on; `echo` is what was asked for.
    pub fn number(self, body: &[u8], echo: &str) -> Result<String, String> {
        match self {
            Self::Crm => create::created(body, echo),
            Self::Billing => billing::pre_booked(body, echo),
        }
    }
}

/// Longer than any number a person could copy.
const LONGEST_NUMBER: usize = 100;

/// The number under which something was made, where the answer can be relied on; `name` is its field.
fn number(name: &str, is_success: bool, number: &str) -> Result<String, String> {
    if !is_success {
        return Err("success is false".to_owned());
    }
    let clean = text::one_line(number);
    if clean.is_empty() || clean.len() > LONGEST_NUMBER || clean != number.trim() {
        return Err(format!("{name} is not a number that can be read out"));
    }
    Ok(clean)
}

/// What a call that touches prices is asked with: the branch, and at most one party
/// (<https://developer.flabslis.com/crm/party-scoped>).
pub fn price_query<'a>(
    branch: &'a BranchId,
    party: Option<&'a Party>,
) -> Vec<(&'static str, &'a str)> {
    let mut query = vec![("branchID", branch.0.as_str())];
    if let Some(party) = party {
        let name = match party.kind {
            PartyKind::Corporate => "corporateUser",
            PartyKind::Doctor | PartyKind::Hospital => "organization",
        };
        query.push((name, party.id.as_str()));
    }
    query
}

/// The answer to [`BRANCHES`].
pub fn branches(body: &[u8], assumptions: &Assumptions) -> Result<Vec<Branch>, Failure> {
    let columns = item::Columns::of_branch(assumptions);
    let mut branches = Vec::new();
    let mut take = |row: item::Row| {
        branches.push(Branch {
            zone: None,
            id: BranchId(row.id),
            name: row.name,
            address: row.address,
        });
    };
    list::read(body, &assumptions.branch_lists, &columns, &mut take)
        .map_err(|complaint| wrong_shape(BRANCHES, &complaint))?;
    Ok(branches)
}

/// The answers to `GET /client/crm/tests` and `GET /client/crm/packages` as one catalogue, tests first, each
/// in the vendor's order.
///
/// One thread reads while this one files, a few hundred items apart: a list of 100,000 rows never exists twice in
/// memory. Blocks for as long as that takes: not for a thread that draws.
pub fn decode_catalogue(
    tests: &[u8],
    packages: &[u8],
    assumptions: &Assumptions,
) -> Result<Catalogue, Failure> {
    std::thread::scope(|scope| {
        let (sender, batches) = std::sync::mpsc::sync_channel::<Vec<Item>>(BATCHES_AHEAD);
        let reading = move || -> Result<(), Failure> {
            let mut batch = Vec::with_capacity(BATCH);
            let mut take = |item: Item| {
                batch.push(item);
                if batch.len() == BATCH {
                    let full = std::mem::replace(&mut batch, Vec::with_capacity(BATCH));
                    // The filing side only stops taking when it panics, and then nobody reads our result.
                    let _ = sender.send(full);
                }
            };
            items(ItemKind::Test, tests, assumptions, &mut take)?;
            items(ItemKind::Package, packages, assumptions, &mut take)?;
            let _ = sender.send(batch);
            Ok(())
        };
        let reader = std::thread::Builder::new()
            .name("flabs-catalogue".to_owned())
            .spawn_scoped(scope, reading)
            .map_err(|error| {
                Failure::Offline(format!("this machine is out of threads: {error}"))
            })?;
        let catalogue = Catalogue::new(batches.into_iter().flatten());
        match reader.join() {
            Ok(read) => read.map(|()| catalogue),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

fn items(
    kind: ItemKind,
    body: &[u8],
    assumptions: &Assumptions,
    take: &mut dyn FnMut(Item),
) -> Result<(), Failure> {
    let columns = item::Columns::of_item(kind, assumptions);
    let (path, lists) = match kind {
        ItemKind::Test => (TESTS, &assumptions.test_lists),
        ItemKind::Package => (PACKAGES, &assumptions.package_lists),
    };
    let mut file = |row: item::Row| take(row.item(kind));
    list::read(body, lists, &columns, &mut file).map_err(|complaint| wrong_shape(path, &complaint))
}

/// `GET /client/crm/tests: tests[3].cost: …`
fn wrong_shape(path: &str, complaint: &str) -> Failure {
    Failure::WrongShape(text::vendor_words(&format!("GET {path}: {complaint}")))
}

#[cfg(test)]
mod tests;
