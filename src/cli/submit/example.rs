//! A valid line for each kind of the profile's vendor, with a made-up patient.

use std::io::Write;

use anyhow::anyhow;
use chrono::{DateTime, TimeDelta};
use chrono_tz::Tz;
use serde_json::{Map, Value, json};

use super::fill::FIRST;
use super::intake::Intake;
use crate::cli::Place;
use crate::cli::fields;
use crate::cli::output::Output;
use crate::cli::report::json_line;
use crate::cli::stop::{Stop, warn};
use crate::config::Account;
use crate::domain::catalogue::Row;
use crate::domain::draft::Draft;
use crate::domain::offer::{Field, FieldKey, Input, Items, Kind, KindOffer, SlotSource};
use crate::domain::schedule;
use crate::domain::submission::DraftId;

/// Prints the line of `wanted`, or lists the kinds. Without a profile that was asked for, it is of the first one that
/// has the kind and can give a line for it.
pub fn show(wanted: &str, place: &Place, output: &mut Output<impl Write>) -> Result<(), Stop> {
    if wanted.is_empty() {
        for kind in place.kinds() {
            output.line(kind)?;
        }
        return Ok(());
    }
    let accounts = place.offering(wanted);
    if accounts.is_empty() {
        return Err(no_kind(wanted, place));
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut failed = None;
        for account in accounts {
            match of(wanted, account, place).await {
                Ok(line) => {
                    if account.name != place.described().name {
                        warn(&format!("this line is for --profile {}", account.name));
                    }
                    return Ok(output.line(line)?);
                }
                Err(why) => failed = failed.or(Some(why)),
            }
        }
        failed.map_or(Ok(()), Err)
    })
}

fn no_kind(wanted: &str, place: &Place) -> Stop {
    Stop::Failed(anyhow!(
        "there is no kind \"{}\"; choose one of: {}",
        crate::domain::text::one_line(wanted),
        place.kinds().join(", ")
    ))
}

/// The line as one account gives it.
async fn of(wanted: &str, account: &Account, place: &Place) -> Result<String, Stop> {
    let account = Place::ready(account.clone())?;
    let (mut intake, parts) = super::intake(account, place).await?;
    let kinds = &intake.offer.kinds;
    let kind = kinds.iter().find(|form| form.name == wanted);
    let line = match kind.map(|form| form.kind) {
        Some(kind) => line(wanted, kind, &mut intake).await,
        None => Err("this vendor has no such kind".to_owned()),
    };
    if let Some(sandbox) = parts.sandbox {
        sandbox.shutdown().await;
    }
    let line = line.map_err(|why| Stop::Failed(anyhow!(why)))?;
    Ok(json_line(&line).map_err(anyhow::Error::from)?)
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
    if fields.iter().any(|field| field.input == Input::PatientCode) {
        return Err("here the patient has to read a code back: use the console".to_owned());
    }
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
        // The sandbox has one under this id.
        (_, FieldKey::ExternalBooking) => "EMR-88101",
        (Input::Text | Input::Code { .. }, _) if field.required => "EXAMPLE-1",
        _ => return None,
    };
    Some(text.to_owned())
}
