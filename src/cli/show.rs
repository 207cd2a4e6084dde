//! `frontdesk show`: all that is known of one submission.

use std::io::Write;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::entry::Entry;
use super::output::Output;
use super::report::json_line;
use super::stop::Stop;
use super::{Place, find};
use crate::domain::doubt;
use crate::domain::evidence::State;
use crate::domain::happening::{self, Happening};
use crate::domain::looked::Told;
use crate::domain::offer::{FieldKey, Offer};
use crate::domain::standing::{self, Standing};
use crate::domain::text::one_line;
use crate::domain::turn;
use crate::store::Sqlite;
use crate::store::intents::{Intents, Listing};

#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    entry: Entry,
    /// What nobody knows of it, where only a person can go on.
    #[serde(skip_serializing_if = "Option::is_none")]
    unknown: Option<String>,
    /// Why it does not go out yet, although nothing is in its own way.
    #[serde(skip_serializing_if = "Option::is_none")]
    waits: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    offered: Vec<Offered>,
    /// What was done to its record since.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    changes: Vec<Entry>,
    evidence: Vec<Learned>,
}

/// What happened, once or several times in a row.
#[derive(Serialize)]
struct Learned {
    at: String,
    words: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
    times: usize,
}

/// What a person may answer in this state.
#[derive(Serialize)]
struct Offered {
    words: String,
    /// The command that says so.
    command: String,
}

impl Offered {
    /// What is unknown, and the answers that `resolve` takes: those of the card on screen, in its words.
    fn in_state(standing: &Standing, offer: &Offer) -> (Option<String>, Vec<Self>) {
        let is_set = standing.intent.submission.sets_state(offer);
        let id = &standing.intent.id;
        let offered = |words: String, answer: &str| Self {
            words,
            command: format!("frontdesk resolve {id} {answer}"),
        };
        match &standing.state {
            State::NeedsYou { doubt } => {
                let [unknown, found, resend, drop] = doubt::choices(doubt, offer.vendor, is_set);
                let answers = vec![
                    offered(found, "found NUMBER"),
                    offered(resend, "resend"),
                    offered(drop, "drop --reason TEXT"),
                ];
                (Some(unknown), answers)
            }
            State::Saved => {
                let words = "drop: it will not be sent".to_owned();
                (None, vec![offered(words, "drop --reason TEXT")])
            }
            _ => (None, Vec::new()),
        }
    }
}

/// What was done to the record of an intent, oldest first.
pub async fn changes(store: &Sqlite, of: &Standing) -> Result<Vec<Standing>, Stop> {
    let listing = Listing {
        profile: Some(of.intent.profile.clone()),
        since: Some(of.intent.saved_at),
        ..Listing::default()
    };
    let listed = store.list(&listing).await?;
    let listed: Vec<Standing> = listed.into_iter().filter_map(Result::ok).collect();
    Ok(standing::changes_of(&of.intent.id, &listed)
        .cloned()
        .collect())
}

/// What an intent waits for, where another one goes out first.
async fn waits(store: &Sqlite, of: &Standing, offer: &Offer) -> Result<Option<String>, Stop> {
    let open = store.open_intents(&of.intent.profile).await?;
    let open: Vec<Standing> = open.into_iter().filter_map(Result::ok).collect();
    let first = turn::waits_for(of, &open);
    Ok(first.map(|first| format!("{} ({})", turn::words(first, offer), first.intent.id)))
}

/// Its state, the number or why there is none, and what it waits for.
fn stands(entry: &Entry, waits: Option<&str>) -> String {
    let state = entry.known.state;
    let note = match entry.note().as_str() {
        "" => state.to_owned(),
        note => format!("{state}: {note}"),
    };
    match waits {
        Some(waits) => format!("{note}; it {waits}"),
        None => note,
    }
}

/// The vendor's own lines about a record.
fn tell(told: &[Told], lead: &str, output: &mut Output<impl Write>) -> Result<(), Stop> {
    for Told { label, text } in told {
        let words = format!("{label}: {text}");
        output.line(format_args!("{:<8}  {lead}{}", "", one_line(&words)))?;
    }
    Ok(())
}

/// Tells what was sent when, and what came of it.
pub fn run(
    wanted: &str,
    json: bool,
    place: &Place,
    output: &mut Output<impl Write>,
) -> Result<(), Stop> {
    let account = place.described();
    let zone = account.zone;
    let offer = account.offer();
    let (standing, changes, waits) = place.read(async |store: Sqlite| {
        let standing = find::intent(&store, &account.name, wanted).await?;
        let changes = changes(&store, &standing).await?;
        let waits = waits(&store, &standing, &offer).await?;
        Ok((standing, changes, waits))
    })?;
    let vendor = place.vendor();
    let changes: Vec<Entry> = changes
        .iter()
        .map(|change| Entry::new(change, zone, &offer))
        .collect();
    let entry = Entry::new(&standing, zone, &offer);
    let happenings = happening::tell(&standing.evidence, vendor);
    let (unknown, offered) = Offered::in_state(&standing, &offer);
    if json {
        let time = |at: DateTime<Utc>| at.with_timezone(&zone).to_rfc3339();
        let learned = |happening: &Happening| Learned {
            at: time(happening.at),
            words: one_line(&happening.words),
            until: (happening.times > 1).then(|| time(happening.until)),
            times: happening.times,
        };
        let shown = Shown {
            evidence: happenings.iter().map(learned).collect(),
            unknown,
            waits,
            offered,
            changes,
            entry,
        };
        output.line(json_line(&shown).map_err(anyhow::Error::from)?)?;
        return Ok(());
    }
    let sent = &standing.intent.submission;
    let state = stands(&entry, waits.as_deref());
    let lines = [
        ("id", Some(entry.id.clone())),
        ("state", Some(state)),
        ("follows", entry.follows.clone()),
        (
            "changes",
            sent.subject.as_ref().map(|subject| subject.number.clone()),
        ),
        ("kind", Some(entry.kind.to_owned())),
        ("booking", entry.external(FieldKey::ExternalBooking)),
        ("action", entry.external(FieldKey::Action)),
        ("status", entry.external(FieldKey::Status)),
        ("name", Some(entry.name.clone())),
        (
            "phone",
            sent.patient
                .phone
                .is_some()
                .then(|| sent.patient.phone_words()),
        ),
        ("age", sent.patient.age.map(|age| age.to_string())),
        ("branch", Some(entry.branch.clone())),
        ("when", entry.scheduled_at.clone()),
        ("items", Some(entry.items.join(", "))),
        ("barcode", entry.barcode.clone()),
        ("total", entry.total.clone()),
    ];
    for (label, text) in lines {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            output.line(format_args!("{label:<8}  {}", one_line(&text)))?;
        }
    }
    tell(&entry.told, "", output)?;
    for change in changes {
        let subject = change.change.as_ref();
        let offered = subject.and_then(|subject| offer.change(&subject.change));
        let word = offered.map_or(change.kind, |offered| offered.label);
        let (state, id) = (change.known.state, &change.id);
        output.line(format_args!("{:<8}  {word}: {state}  {id}", "change"))?;
        tell(&change.told, "  ", output)?;
    }
    output.line("")?;
    let time = |at: DateTime<Utc>, format| at.with_timezone(&zone).format(format).to_string();
    for happening in &happenings {
        let words = one_line(&happening.told(|at| time(at, "%H:%M:%S")));
        let at = time(happening.at, "%Y-%m-%d %H:%M:%S");
        output.line(format_args!("{at}  {words}"))?;
    }
    if unknown.is_some() || !offered.is_empty() {
        output.line("")?;
    }
    if let Some(unknown) = unknown {
        output.line(one_line(&unknown))?;
    }
    for Offered { words, command } in offered {
        output.line(format_args!("  {}\n    {command}", one_line(&words)))?;
    }
    Ok(())
}
