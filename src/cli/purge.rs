//! `frontdesk purge`: forgets what was settled long ago, of every profile. What is open stays whatever its age.

use std::io::Write;

use chrono::TimeDelta;
use clap::Args;

use super::Place;
use super::output::Output;
use super::stop::Stop;
use crate::store::Sqlite;
use crate::store::intents::Intents;
use crate::trial;

#[derive(Args)]
pub struct Arguments {
    /// Forget what was settled longer ago than this: hours, days or weeks, as 36h, 90d or 12w.
    #[arg(long, value_name = "AGE", value_parser = age)]
    older_than: TimeDelta,
    /// Only tell how many it would be.
    #[arg(long)]
    dry_run: bool,
}

fn age(text: &str) -> Result<TimeDelta, String> {
    let read = || {
        let unit = text.chars().last()?;
        let count: i64 = text.strip_suffix(unit)?.parse::<u32>().ok()?.into();
        match unit {
            'h' => TimeDelta::try_hours(count),
            'd' => TimeDelta::try_days(count),
            'w' => TimeDelta::try_weeks(count),
            _ => None,
        }
    };
    read().ok_or_else(|| "write hours, days or weeks, as 36h, 90d or 12w".to_owned())
}

/// Forgets, or only counts.
pub fn run(
    arguments: &Arguments,
    place: &Place,
    output: &mut Output<impl Write>,
) -> Result<(), Stop> {
    let now = trial::clock().now();
    let before = now
        .checked_sub_signed(arguments.older_than)
        .unwrap_or_default();
    let count = place.read(async |store: Sqlite| {
        Ok(if arguments.dry_run {
            store.purgeable(before).await?
        } else {
            store.purge(before).await?
        })
    })?;
    let verb = if arguments.dry_run {
        "would forget"
    } else {
        "forgot"
    };
    let what = if count == 1 {
        "submission"
    } else {
        "submissions"
    };
    output.line(format_args!("{verb} {count} settled {what}"))?;
    Ok(())
}
