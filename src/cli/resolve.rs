//! `frontdesk resolve`: a person's answer to what the program cannot know. It is only kept: a console or
//! `frontdesk courier` acts on it.

use std::io::Write;

use anyhow::anyhow;
use clap::Subcommand;

use super::output::Output;
use super::stop::Stop;
use super::{Place, find};
use crate::courier::decide;
use crate::domain::evidence::{Evidence, State};
use crate::domain::offer::Offer;
use crate::domain::standing::{Decision, Standing};
use crate::store::Sqlite;
use crate::store::intents::{Intents, Listing};
use crate::trial;

#[derive(Subcommand)]
pub enum Answer {
    /// It is at the vendor, under this number.
    Found {
        /// The number that the vendor shows for it.
        number: String,
    },
    /// Send it once more, knowing that it may be there already.
    Resend,
    /// Give it up.
    Drop {
        /// Why, in a few words without anything of the patient.
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
}

/// Keeps the answer, where the state allows it.
pub fn run(
    wanted: &str,
    answer: Answer,
    place: &Place,
    output: &mut Output<impl Write>,
) -> Result<(), Stop> {
    let decision = match answer {
        Answer::Found { number } => Decision::Found(number),
        Answer::Resend => Decision::Resend,
        Answer::Drop { reason } if reason.trim().is_empty() => {
            return Err(Stop::Failed(anyhow!(
                "say why it is given up, after --reason"
            )));
        }
        Answer::Drop { reason } => Decision::Drop {
            reason: Some(reason),
        },
    };
    let account = place.described();
    let (profile, offer) = (account.name.clone(), account.offer());
    let state = place.read(async |store: Sqlite| {
        let mut standing = find::intent(&store, &profile, wanted).await?;
        let id = standing.intent.id.clone();
        if let Decision::Found(number) = &decision {
            refuse_taken(&store, &offer, &standing, number).await?;
        }
        let fact = decide::fact(&decision, &standing)
            .map_err(|why| Stop::Failed(anyhow!("{id}: {why}")))?;
        let evidence = Evidence {
            at: trial::clock().now(),
            fact,
        };
        store
            .decide(&id, standing.evidence.len(), evidence.clone())
            .await?;
        standing.learn(evidence);
        Ok((id, standing.state))
    })?;
    match state {
        (
            id,
            State::Accepted {
                number: Some(number),
            },
        ) => {
            output.line(format_args!("{id}  Accepted  {number}"))?;
        }
        (id, state @ State::Checking { .. }) => output.line(format_args!(
            "{id}  {}  a console or frontdesk courier sends it once more",
            state.word()
        ))?,
        (id, state) => output.line(format_args!("{id}  {}", state.word()))?,
    }
    Ok(())
}

/// One number of the vendor's is one record: it cannot be that of two submissions that made one. A change has the
/// number of the record that it is for.
async fn refuse_taken(
    store: &Sqlite,
    offer: &Offer,
    found: &Standing,
    number: &str,
) -> Result<(), Stop> {
    let makes_none = |standing: &Standing| standing.intent.submission.sets_state(offer);
    if makes_none(found) {
        return Ok(());
    }
    let number = number.trim();
    let listing = Listing {
        profile: Some(found.intent.profile.clone()),
        text: Some(number.to_owned()),
        ..Listing::default()
    };
    let listed = store
        .list(&listing)
        .await?
        .into_iter()
        .filter_map(Result::ok);
    let is_it = |known: &String| known.trim().eq_ignore_ascii_case(number);
    let mut others =
        listed.filter(|other| other.intent.id != found.intent.id && !makes_none(other));
    match others.find(|other| other.state.numbers().iter().any(is_it)) {
        Some(other) => Err(Stop::Failed(anyhow!(
            "{number} is already the number of {}: look again at the vendor",
            other.intent.id
        ))),
        None => Ok(()),
    }
}
