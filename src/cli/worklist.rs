//! `frontdesk worklist`: what was saved today, and whatever is not settled.

use std::io::Write;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use clap::Args;

use super::Place;
use super::entry::Entry;
use super::output::Output;
use super::report::json_line;
use super::stop::{self, Stop};
use crate::domain::offer::Offer;
use crate::domain::schedule;
use crate::domain::standing::{self, Standing};
use crate::domain::text::{fit, one_line, width};
use crate::store::Sqlite;
use crate::store::intents::{Intents, Listing};
use crate::trial;
use crate::ui::help::WORDS;

/// Columns of a name, a branch or a note before it is cut.
const WIDEST: usize = 40;

#[derive(Args)]
pub struct Arguments {
    /// Print lines of JSON.
    #[arg(long)]
    json: bool,
    /// Only those in this state, such as checking or needs-you; may be given several times.
    #[arg(long, value_name = "WORD", value_parser = state_word)]
    state: Vec<&'static str>,
    /// From this day on, as 2026-11-21, and whatever is not settled.
    #[arg(long, value_name = "DATE", default_value = "today", value_parser = since)]
    since: Since,
    /// Everything there is, whatever its day.
    #[arg(long, conflicts_with = "since")]
    all: bool,
}

/// The first day that is listed.
#[derive(Clone, Copy, Debug)]
enum Since {
    Today,
    Day(NaiveDate),
}

fn since(text: &str) -> Result<Since, String> {
    match text {
        "today" => Ok(Since::Today),
        text => NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .map(Since::Day)
            .map_err(|_| "write today, or a day as 2026-11-21".to_owned()),
    }
}

/// The word on screen, in any case, with a dash for the blank.
fn state_word(text: &str) -> Result<&'static str, String> {
    let wanted = text.to_lowercase().replace(['-', '_'], " ");
    let words = WORDS.map(|(word, _)| word);
    words
        .into_iter()
        .find(|word| word.to_lowercase() == wanted)
        .ok_or_else(|| {
            let words = words.map(|word| word.to_lowercase().replace(' ', "-"));
            format!("the states are: {}", words.join(", "))
        })
}

/// Lists the profile's submissions, the oldest first.
pub fn run(
    arguments: &Arguments,
    place: &Place,
    output: &mut Output<impl Write>,
) -> Result<(), Stop> {
    let account = place.described();
    let zone = account.zone;
    let offer = account.offer();
    let now = trial::clock().now();
    let listing = Listing {
        profile: Some(account.name.clone()),
        since: (!arguments.all).then(|| start(arguments.since, offer.day_zone, now)),
        with_unsettled: true,
        words: arguments
            .state
            .iter()
            .map(|word| (*word).to_owned())
            .collect(),
        ..Listing::default()
    };
    // What was done to a record may be in another state than those asked for.
    let any_state = Listing {
        words: Vec::new(),
        ..listing.clone()
    };
    let (listed, all) = place.read(async |store: Sqlite| {
        let listed = store.list(&listing).await?;
        Ok((listed, store.list(&any_state).await?))
    })?;
    let all: Vec<Standing> = all.into_iter().filter_map(Result::ok).collect();
    let (standings, damaged): (Vec<_>, Vec<_>) = listed.into_iter().partition(Result::is_ok);
    let standings: Vec<Standing> = standings.into_iter().filter_map(Result::ok).collect();
    if arguments.json {
        for standing in &standings {
            let line =
                json_line(&Entry::new(standing, zone, &offer)).map_err(anyhow::Error::from)?;
            output.line(line)?;
        }
    } else if standings.is_empty() {
        output.line("Nothing to list.")?;
    } else {
        let rows = standings
            .iter()
            .map(|standing| row(standing, &all, zone, &offer));
        print(rows.collect(), output)?;
    }
    match damaged.len() {
        0 => Ok(()),
        count => Err(Stop::Left {
            words: format!("{count} more cannot be read: what is stored of them is damaged"),
            code: stop::FAILURE,
        }),
    }
}

/// When the first day begins, in the vendor's zone.
fn start(since: Since, zone: Tz, now: DateTime<Utc>) -> DateTime<Utc> {
    match since {
        Since::Today => schedule::day_start(now, zone),
        Since::Day(day) => schedule::start_of(day, zone)
            // A day that the zone left out: nothing was saved on it.
            .unwrap_or_else(|| day.and_time(NaiveTime::MIN).and_utc()),
    }
}

const HEADS: [&str; 8] = [
    "SAVED", "STATE", "KIND", "NAME", "PHONE", "BRANCH", "ID", "NOTE",
];

/// How its record stands by what was done to it, in the words of the console's row; none where nothing was done.
fn changed(standing: &Standing, all: &[Standing], offer: &Offer) -> Option<String> {
    let made: Vec<&Standing> = standing::changes_of(&standing.intent.id, all).collect();
    let told = standing::telling(&made, &offer.changes)?;
    if told.leaves_old(offer) {
        return Some("may still stand".to_owned());
    }
    let word = told.intent.submission.word(offer).to_lowercase();
    Some(format!("{word} {}", told.state.word().to_lowercase()))
}

fn row(standing: &Standing, all: &[Standing], zone: Tz, offer: &Offer) -> [String; 8] {
    let entry = Entry::new(standing, zone, offer);
    let saved = standing.intent.saved_at.with_timezone(&zone);
    let note = match changed(standing, all, offer) {
        // The status is whole, whatever the number is.
        Some(changed) => format!("{changed}; {}", entry.note()),
        None => entry.note(),
    };
    let cut = |text: &str| fit(&one_line(text), WIDEST);
    [
        saved.format("%Y-%m-%d %H:%M").to_string(),
        entry.known.state.to_owned(),
        entry.kind.to_owned(),
        cut(&entry.name),
        entry.phone,
        cut(&entry.branch),
        entry.id,
        cut(&note),
    ]
}

fn print(rows: Vec<[String; 8]>, output: &mut Output<impl Write>) -> Result<(), Stop> {
    let heads = HEADS.map(str::to_owned);
    let rows: Vec<_> = std::iter::once(heads).chain(rows).collect();
    let mut widths = [0; 8];
    for row in &rows {
        for (widest, cell) in widths.iter_mut().zip(row) {
            *widest = (*widest).max(width(cell));
        }
    }
    for row in rows {
        let mut line = String::new();
        for (cell, widest) in row.iter().zip(widths) {
            line.push_str(cell);
            line.extend(std::iter::repeat_n(
                ' ',
                widest.saturating_sub(width(cell)) + 2,
            ));
        }
        output.line(line.trim_end())?;
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_day_that_begins_after_midnight_is_listed_from_its_beginning() {
        // The clocks of Cairo went from 24:00 of the 23rd to 01:00 of the 24th.
        let day = NaiveDate::from_ymd_opt(2026, 4, 24).unwrap();
        let began: DateTime<Utc> = "2026-04-23T22:00:00Z".parse().unwrap();
        let noon = "2026-04-24T09:00:00Z".parse().unwrap();
        for since in [Since::Today, Since::Day(day)] {
            assert_eq!(start(since, Tz::Africa__Cairo, noon), began, "{since:?}");
        }
    }
}
