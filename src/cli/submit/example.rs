//! A valid line for each kind of the profile's vendor, with a made-up patient.

use std::io::Write;

use anyhow::anyhow;
use chrono::TimeDelta;
use serde_json::{Map, Value, json};

use super::intake::Intake;
use crate::cli::fields;
use crate::cli::output::Output;
use crate::cli::report::json_line;
use crate::cli::stop::Stop;
use crate::domain::catalogue::Row;
use crate::domain::offer::{FieldKey, Input, Kind, Offer};
use crate::domain::schedule;

/// Prints the line of `wanted`, or lists the kinds.
pub async fn print(
    wanted: &str,
    intake: &mut Intake,
    output: &mut Output<impl Write>,
) -> Result<(), Stop> {
    let offer = intake.offer.clone();
    let named: Vec<(String, Kind)> = offer
        .kinds
        .iter()
        .map(|form| (name(&offer, form.kind), form.kind))
        .collect();
    if wanted.is_empty() {
        for (name, _) in &named {
            output.line(name)?;
        }
        return Ok(());
    }
    let Some((name, kind)) = named.iter().find(|(name, _)| name == wanted) else {
        let names: Vec<&str> = named.iter().map(|(name, _)| name.as_str()).collect();
        let wanted = crate::domain::text::one_line(wanted);
        return Err(Stop::Failed(anyhow!(
            "there is no kind \"{wanted}\"; choose one of: {}",
            names.join(", ")
        )));
    };
    let line = line(name, *kind, intake)
        .await
        .map_err(|why| Stop::Failed(anyhow!(why)))?;
    output.line(json_line(&line).map_err(anyhow::Error::from)?)?;
    Ok(())
}

/// `flabs-lead`: the vendor and the kind.
fn name(offer: &Offer, kind: Kind) -> String {
    format!("{}-{}", offer.vendor.to_lowercase(), fields::kind(kind))
}

async fn line(name: &str, kind: Kind, intake: &mut Intake) -> Result<Value, String> {
    let offer = intake.offer.clone();
    let now = intake.lists.clock.now().with_timezone(&offer.zone);
    let party = offer.parties.first().filter(|_| offer.is_party_required);
    let branches = intake.lists.branches().await?;
    let branch = branches.first().ok_or("this account has no branch")?;
    let catalogue = intake.lists.catalogue(&branch.id, party).await?;
    let mut line = Map::new();
    let mut put = |name: &str, value: Value| line.insert(name.to_owned(), value);
    // One of each kind a day: the vendor takes no second one of the same phone.
    put(
        "key",
        json!(format!("example-{name}-{}", now.format("%Y-%m-%d"))),
    );
    put("kind", json!(fields::kind(kind)));
    put("branch", json!(branch.name));
    if let Some(party) = party {
        put("party", json!(party.name));
    }
    put("name", json!("Asha Example"));
    put("age", json!("32"));
    put("gender", json!("female"));
    let digits = match kind {
        Kind::Lead => "90000 00017",
        _ => "90000 00018",
    };
    put("phone", json!(digits));
    for field in offer
        .form(kind)
        .map_or(&[][..], |form| form.fields.as_slice())
    {
        match (field.key, &field.input) {
            (FieldKey::BookingType, Input::Choice(choices)) => {
                put(
                    fields::name(field.key),
                    json!(choices.first().map(|choice| &choice.value)),
                );
            }
            (FieldKey::ScheduledAt, _) => {
                let tomorrow = now.date_naive() + TimeDelta::days(1);
                let at = tomorrow
                    .and_hms_opt(7, 30, 0)
                    .and_then(|at| at.and_local_timezone(offer.zone).earliest());
                put(fields::name(field.key), json!(at.map(schedule::typed)));
            }
            _ => {}
        }
    }
    if let Some(entry) = catalogue.entry(Row(0)) {
        put(
            "items",
            json!([{ "id": entry.id, "kind": entry.kind.word() }]),
        );
    }
    Ok(Value::Object(line))
}
