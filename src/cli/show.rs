//! `frontdesk show`: all that is known of one submission.

use std::io::Write;

use serde::Serialize;

use super::entry::Entry;
use super::output::Output;
use super::report::json_line;
use super::stop::Stop;
use super::{Place, find, told};
use crate::domain::text::one_line;
use crate::store::Sqlite;

#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    entry: Entry,
    evidence: Vec<Learned>,
}

/// One fact, and when it was learned.
#[derive(Serialize)]
struct Learned {
    at: String,
    words: String,
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
    let standing =
        place.read(async |store: Sqlite| find::intent(&store, &account.name, wanted).await)?;
    let entry = Entry::new(&standing, zone);
    if json {
        let learned = standing.evidence.iter().map(|evidence| Learned {
            at: evidence.at.with_timezone(&zone).to_rfc3339(),
            words: told::fact(&evidence.fact),
        });
        let shown = Shown {
            evidence: learned.collect(),
            entry,
        };
        output.line(json_line(&shown).map_err(anyhow::Error::from)?)?;
        return Ok(());
    }
    let sent = &standing.intent.submission;
    let note = entry.note();
    let state = match note.as_str() {
        "" => entry.known.state.to_owned(),
        note => format!("{}: {note}", entry.known.state),
    };
    let lines = [
        ("id", Some(entry.id)),
        ("state", Some(state)),
        ("follows", entry.follows),
        ("kind", Some(entry.kind.to_owned())),
        ("name", Some(entry.name)),
        ("phone", Some(sent.patient.phone.to_string())),
        ("age", Some(sent.patient.age.to_string())),
        ("branch", Some(entry.branch)),
        ("when", entry.scheduled_at),
        ("items", Some(entry.items.join(", "))),
        ("total", Some(entry.total)),
    ];
    for (label, text) in lines {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            output.line(format_args!("{label:<8}  {}", one_line(&text)))?;
        }
    }
    output.line("")?;
    for evidence in &standing.evidence {
        let at = evidence.at.with_timezone(&zone).format("%Y-%m-%d %H:%M:%S");
        output.line(format_args!(
            "{at}  {}",
            one_line(&told::fact(&evidence.fact))
        ))?;
    }
    Ok(())
}
