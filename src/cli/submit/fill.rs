//! What a line leaves to the vendor: values of its lists, and slots. Asked for one after the other, as a clerk would.
//!
//! Knows no vendor; a code that a patient has to read back cannot be had without a person.

use chrono::{DateTime, Utc};

use super::lists::Lists;
use super::wish::remark;
use crate::cli::fields;
use crate::cli::report::Remark;
use crate::domain::barcode;
use crate::domain::draft::Draft;
use crate::domain::offer::{Choice, Field, FieldKey, Input, Listing, Offer, SlotSource};
use crate::domain::schedule;
use crate::domain::slot::{Slot, SlotQuery};
use crate::domain::submission::Submission;

/// Stands for the soonest free slot, whenever that is.
pub const FIRST: &str = "first";

/// Stands for a code that is made here.
const MINT: &str = "mint";

/// How far ahead a free slot is looked for.
const DAYS: u16 = 14;

/// Why a draft could not be filled.
pub enum Unfilled {
    Line(Vec<Remark>),
    /// The vendor could not be asked.
    Vendor(String),
}

/// Completes a draft by what the vendor gives.
pub async fn fill(
    draft: &mut Draft,
    lists: &Lists,
    offer: &Offer,
    now: DateTime<Utc>,
) -> Result<(), Unfilled> {
    let fields: Vec<Field> = draft.fields(offer).cloned().collect();
    for field in &fields {
        match &field.input {
            Input::Listed(listing) => list(draft, field, *listing, lists).await?,
            Input::PatientCode => {
                let words = "the patient has to read a code back: use the console";
                return Err(wrong(field.key, words.to_owned()));
            }
            Input::Code { .. } => code(draft, field)?,
            _ => {}
        }
    }
    if has_vendor_slots(draft, offer) {
        let slot = slot(draft, lists, offer, now).await?;
        draft.slot = slot;
    }
    Ok(())
}

/// Completes a draft by what was sent for it before: a free slot of then is taken now, by this very wish.
pub fn fill_again(draft: &mut Draft, saved: &Submission, offer: &Offer) {
    let fields: Vec<Field> = draft.fields(offer).cloned().collect();
    for field in &fields {
        if let (Input::Listed(_), Some(sent)) = (&field.input, saved.details.get(&field.key)) {
            let typed = draft.value(field.key).to_lowercase();
            if typed.is_empty() || typed == sent.label.to_lowercase() || typed == sent.value {
                take(draft, field.key, sent);
            }
        }
        // The same draft has the same code; without a prefix there is none, and the line is another wish.
        let _ = code(draft, field);
    }
    if let Some(slot) = saved
        .slot
        .as_ref()
        .filter(|_| has_vendor_slots(draft, offer))
    {
        let typed = draft.value(FieldKey::ScheduledAt).to_owned();
        if typed == FIRST || typed == wall_clock(slot) {
            take_slot(draft, slot.clone());
        }
    }
}

/// A code of the desk's own, where the line asks for one.
fn code(draft: &mut Draft, field: &Field) -> Result<(), Unfilled> {
    if field.key != FieldKey::Barcode || draft.value(field.key) != MINT {
        return Ok(());
    }
    let Input::Code {
        prefix: Some(prefix),
    } = &field.input
    else {
        let words = "this profile makes no codes: set barcode-prefix, or give one";
        return Err(wrong(field.key, words.to_owned()));
    };
    take(draft, field.key, &barcode::mint(prefix, draft.id));
    Ok(())
}

async fn list(
    draft: &mut Draft,
    field: &Field,
    listing: Listing,
    lists: &Lists,
) -> Result<(), Unfilled> {
    let typed = draft.value(field.key).to_owned();
    if typed.is_empty() && !field.required {
        return Ok(());
    }
    let context = draft.context();
    let choices = lists.adapter.choices(field.key, &context).await;
    let choices = choices.map_err(|failure| Unfilled::Vendor(failure.to_string()))?;
    let find = |typed: &str| {
        let is_it = |choice: &&Choice| {
            choice.value == typed || choice.label.to_lowercase() == typed.to_lowercase()
        };
        choices.iter().find(is_it).cloned()
    };
    let picked: Option<Vec<Choice>> = match (typed.as_str(), choices.as_slice()) {
        ("", [only]) => Some(vec![only.clone()]),
        ("", _) => None,
        (typed, _) if listing.is_many => typed.split(',').map(|part| find(part.trim())).collect(),
        (typed, _) => find(typed).map(|found| vec![found]),
    };
    let Some(picked) = picked else {
        let names: Vec<&str> = choices.iter().map(|choice| choice.label.as_str()).collect();
        let words = match names.as_slice() {
            [] => "there is nothing to choose from".to_owned(),
            names => format!("choose one of: {}", names.join(", ")),
        };
        return Err(wrong(field.key, words));
    };
    take(draft, field.key, &Choice::joined(&picked));
    Ok(())
}

fn take(draft: &mut Draft, key: FieldKey, choice: &Choice) {
    draft.values.insert(key, choice.value.clone());
    draft.labels.insert(key, choice.label.clone());
}

/// The slot at the moment that was written, or the first one.
async fn slot(
    draft: &mut Draft,
    lists: &Lists,
    offer: &Offer,
    now: DateTime<Utc>,
) -> Result<Option<Slot>, Unfilled> {
    let zone = draft.branch.as_ref().and_then(|branch| branch.zone);
    let zone = zone.unwrap_or(offer.zone);
    let typed = draft.value(FieldKey::ScheduledAt).to_owned();
    let wanted = match typed.as_str() {
        "" => return Ok(None),
        FIRST => None,
        typed => Some(
            schedule::parse(typed, offer.day_order(), zone, now).map_err(|why| {
                let words = format!("{why}; \"{FIRST}\" takes the soonest free one");
                wrong(FieldKey::ScheduledAt, words)
            })?,
        ),
    };
    let from = wanted.map_or(now, |at| at.to_utc());
    let query = SlotQuery {
        context: draft.context(),
        from: from.with_timezone(&zone).date_naive(),
        days: if wanted.is_some() { 1 } else { DAYS },
    };
    let slots = lists.adapter.slots(&query).await;
    let slots = slots.map_err(|failure| Unfilled::Vendor(failure.to_string()))?;
    let free = slots.times.into_iter().filter(|slot| slot.left != Some(0));
    let mut free = free.filter(|slot| wanted.is_none_or(|at| slot.at == at));
    match free.next() {
        Some(slot) => {
            take_slot(draft, slot);
            Ok(draft.slot.take())
        }
        None => Err(wrong(
            FieldKey::ScheduledAt,
            "nothing is free then".to_owned(),
        )),
    }
}

fn take_slot(draft: &mut Draft, slot: Slot) {
    let text = wall_clock(&slot);
    draft.values.insert(FieldKey::ScheduledAt, text);
    draft.slot = Some(slot);
}

/// As it is written in a line: the wall clock of the site.
fn wall_clock(slot: &Slot) -> String {
    slot.at.format("%Y-%m-%d %H:%M").to_string()
}

fn has_vendor_slots(draft: &Draft, offer: &Offer) -> bool {
    draft.slot_source(offer) == Some(SlotSource::Vendor)
}

fn wrong(key: FieldKey, words: String) -> Unfilled {
    Unfilled::Line(vec![remark(fields::name(key), words)])
}
