//! A valid line for each kind of the profile's vendor, with a made-up patient.

use std::io::Write;

use anyhow::anyhow;
use chrono::{DateTime, TimeDelta};
use chrono_tz::Tz;
use serde_json::{Map, Value, json};

use super::fill::FIRST;
use super::intake::Intake;
use crate::cli::fields;
use crate::cli::output::Output;
use crate::cli::report::json_line;
use crate::cli::stop::Stop;
use crate::domain::catalogue::Row;
use crate::domain::draft::Draft;
use crate::domain::offer::{Field, FieldKey, Input, Items, Kind, KindOffer, SlotSource};
use crate::domain::schedule;
use crate::domain::submission::DraftId;

/// Prints the line of `wanted`, or lists the kinds.
pub async fn print(
    wanted: &str,
    intake: &mut Intake,
    output: &mut Output<impl Write>,
) -> Result<(), Stop> {
    let offer = intake.offer.clone();
    let named: Vec<(&str, Kind)> = offer
        .kinds
        .iter()
        .map(|form| (form.name, form.kind))
        .collect();
    if wanted.is_empty() {
        for (name, _) in &named {
            output.line(name)?;
        }
        return Ok(());
    }
    let Some((name, kind)) = named.iter().find(|(name, _)| *name == wanted) else {
        let names: Vec<&str> = named.iter().map(|(name, _)| *name).collect();
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

async fn line(name: &str, kind: Kind, intake: &mut Intake) -> Result<Value, String> {
    let offer = intake.offer.clone();
    let now = intake.lists.clock.now().with_timezone(&offer.zone);
    let party = offer.parties.first().filter(|_| offer.is_party_required);
    let branches = intake.lists.branches().await?;
    let branch = branches.first().ok_or("this account has no branch")?;
    let form = offer.form(kind).ok_or("this vendor has no such kind")?;
    let mut draft = Draft::new(DraftId(0), kind);
    draft.branch = Some(branch.clone());
    for field in &form.fields {
        if let Some(value) = value(field, form, now) {
            draft.values.insert(field.key, value);
        }
    }
    let fields: Vec<&Field> = draft.fields(&offer).collect();
    let mut line = Map::new();
    let mut put = |name: &str, value: Value| line.insert(name.to_owned(), value);
    // One of each kind a day: a vendor may take no second one of the same phone.
    let key = format!("example-{name}-{}", now.format("%Y-%m-%d"));
    put("key", json!(key));
    put("kind", json!(fields::kind(kind)));
    put("branch", json!(branch.name));
    if let Some(party) = party {
        put("party", json!(party.name));
    }
    for field in fields {
        let mut value = draft.value(field.key).to_owned();
        if value.is_empty() && field.required && matches!(field.input, Input::Listed(_)) {
            let context = draft.context();
            let choices = intake.lists.adapter.choices(field.key, &context);
            let choices = choices.await.map_err(|failure| failure.to_string())?;
            let first = choices.first().ok_or("the vendor's list is empty")?.clone();
            draft.values.insert(field.key, first.value);
            value.clone_from(&first.label);
            draft.labels.insert(field.key, first.label);
        }
        if !value.is_empty() && value != field.preset {
            put(fields::name(field.key), json!(value));
        }
    }
    if form.items != Items::None {
        let catalogue = intake.lists.catalogue(&branch.id, party).await?;
        let entry = catalogue.entry(Row(0)).ok_or("this branch has no tests")?;
        let item = json!({ "id": entry.id, "kind": entry.kind.word() });
        put("items", json!([item]));
    }
    Ok(Value::Object(line))
}

/// What a made-up patient tells; nothing for what they need not tell.
fn value(field: &Field, form: &KindOffer, now: DateTime<Tz>) -> Option<String> {
    let text = match (&field.input, field.key) {
        (Input::Name | Input::FullName, FieldKey::Name) => "Asha Example",
        (Input::Phone, _) if form.kind == Kind::Lead => "90000 00017",
        (Input::Phone, _) => "90000 00018",
        (Input::AnyPhone, _) => "+44 7700 900018",
        (Input::Age, _) => "32",
        (Input::BirthDate, _) => "1994-03-21",
        (Input::When, _) if form.slots == Some(SlotSource::Vendor) => FIRST,
        (Input::When, _) => {
            let tomorrow = now.date_naive() + TimeDelta::days(1);
            let at = tomorrow
                .and_hms_opt(7, 30, 0)
                .and_then(|at| at.and_local_timezone(now.timezone()).earliest());
            return at.map(schedule::typed);
        }
        (_, FieldKey::Gender) => "female",
        (_, FieldKey::Email) if field.required => "asha@example.com",
        (_, _) if !field.preset.is_empty() => &field.preset,
        (Input::Choice(choices), _) if field.required => &choices.first()?.value,
        (Input::Text | Input::Code { .. }, _) if field.required => "EXAMPLE-1",
        _ => return None,
    };
    Some(text.to_owned())
}
