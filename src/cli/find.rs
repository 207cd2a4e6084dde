//! Finds the intent that a person means: by our number or the beginning of it, by the vendor's number, or by a caller's key.

use anyhow::anyhow;

use super::stop::Stop;
use crate::domain::standing::Standing;
use crate::domain::submission::IntentId;
use crate::domain::text::one_line;
use crate::store::intents::{Intents, Listing};
use crate::store::{Sqlite, StoreError};

/// How many are named where several are meant.
const NAMED: usize = 5;

/// The one intent of the profile that `wanted` means.
pub async fn intent(store: &Sqlite, profile: &str, wanted: &str) -> Result<Standing, Stop> {
    let wanted = one_line(wanted);
    match store.standing(&IntentId(wanted.clone())).await {
        Ok(standing) if standing.intent.profile == profile => return Ok(standing),
        Ok(standing) => {
            return Err(Stop::Failed(anyhow!(
                "{wanted} belongs to the profile {other}: add --profile {other}",
                other = standing.intent.profile
            )));
        }
        Err(StoreError::NoSuchIntent) => {}
        Err(error) => return Err(error.into()),
    }
    if let Some(standing) = store.of_key(profile, &wanted).await? {
        return Ok(standing);
    }
    if wanted.is_empty() {
        return Err(nothing(&wanted));
    }
    let listing = Listing {
        profile: Some(profile.to_owned()),
        text: Some(wanted.to_lowercase()),
        ..Listing::default()
    };
    let listed = store.list(&listing).await?;
    let (numbered, begun): (Vec<_>, Vec<_>) = listed
        .into_iter()
        .filter_map(Result::ok)
        .filter(|standing| has_number(standing, &wanted) || begins(standing, &wanted))
        .partition(|standing| has_number(standing, &wanted));
    // What is done to a record has its number too: the number means the record, or what put it in another's place.
    let (changes, records): (Vec<_>, Vec<_>) = numbered
        .into_iter()
        .partition(|standing| standing.intent.submission.subject.is_some());
    let (done, moved): (Vec<_>, Vec<_>) = changes
        .into_iter()
        .partition(|standing| is_done_to(standing, &wanted));
    let mut found = [records, moved, done, begun].into_iter();
    let found = found.find(|found| !found.is_empty()).unwrap_or_default();
    only(found, &wanted)
}

fn has_number(standing: &Standing, wanted: &str) -> bool {
    let mut numbers = standing.state.numbers().iter();
    numbers.any(|number| number.eq_ignore_ascii_case(wanted))
}

/// It is done to the record of this number.
fn is_done_to(standing: &Standing, wanted: &str) -> bool {
    let subject = standing.intent.submission.subject.as_ref();
    subject.is_some_and(|subject| subject.number.eq_ignore_ascii_case(wanted))
}

/// With or without the letters before the dash.
fn begins(standing: &Standing, wanted: &str) -> bool {
    let id = standing.intent.id.0.to_lowercase();
    let wanted = wanted.to_lowercase();
    let bare = id.split_once('-').map_or("", |(_, bare)| bare);
    id.starts_with(&wanted) || bare.starts_with(&wanted)
}

fn only(mut found: Vec<Standing>, wanted: &str) -> Result<Standing, Stop> {
    match (found.pop(), found.len()) {
        (Some(standing), 0) => Ok(standing),
        (Some(last), _) => {
            let all = found.iter().chain([&last]);
            let ids: Vec<&str> = all
                .take(NAMED)
                .map(|standing| standing.intent.id.0.as_str())
                .collect();
            Err(Stop::Failed(anyhow!(
                "\"{wanted}\" means {} submissions: say more of our number, as {}",
                found.len() + 1,
                ids.join(", ")
            )))
        }
        (None, _) => Err(nothing(wanted)),
    }
}

fn nothing(wanted: &str) -> Stop {
    Stop::Failed(anyhow!(
        "nothing here has the number or key \"{wanted}\": look for it with frontdesk worklist --all"
    ))
}
