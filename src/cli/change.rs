//! `frontdesk change`: something done later to an accepted record, by the rules and on the way of the console.
//!
//! Like everything else that is sent it is an intent of its own, which follows the one that made the record.

use std::collections::BTreeMap;
use std::io::Write;

use clap::Args;
use serde::Serialize;

use super::report::{Remark, json_line};
use super::stop::Stop;
use super::submit::answer::{Answer, Told};
use super::submit::fill::fill_again;
use super::submit::intake::{Intake, Kept, random};
use super::submit::wait::{self, Sending};
use super::submit::wish::{self, chosen, remark};
use super::submit::{self, Limit, Printer, limit};
use super::{Place, fields, find, logging, show};
use crate::desk::files;
use crate::domain::draft::Draft;
use crate::domain::evidence::State;
use crate::domain::looked;
use crate::domain::offer::{ChangeOffer, Field, FieldKey, Input, Offer};
use crate::domain::rules;
use crate::domain::standing::{self, Standing};
use crate::domain::submission::{DraftId, Subject, Submission};
use crate::domain::text::one_line;
use crate::store::intents::{Intents, Wish};

#[derive(Args)]
pub struct Arguments {
    /// Our number of what was accepted or its beginning, the vendor's number, or the caller's key.
    id: String,
    /// What is done to it: cancel, check-in, reschedule, as far as the vendor offers it.
    change: String,
    /// Fill in a field of it.
    #[arg(long, value_name = "FIELD=VALUE", value_parser = pair)]
    set: Vec<(String, String)>,
    /// Send this file along.
    #[arg(long, value_name = "PATH")]
    file: Option<String>,
    /// Agree to what the vendor says it costs.
    #[arg(long)]
    confirm_terms: bool,
    /// A name of your own for it: given again, it is the same change.
    #[arg(long, value_name = "KEY", value_parser = wish::checked_key)]
    key: Option<String>,
    /// Send it, and tell what became of it; stop waiting after so many seconds.
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, require_equals = true, default_missing_value = "", value_parser = limit)]
    wait: Option<Limit>,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (field, value) = text
        .split_once('=')
        .ok_or("write a field and its value, as --set image-type=photo_id_front")?;
    Ok((field.to_owned(), one_line(value)))
}

/// What a vendor says beforehand.
#[derive(Serialize)]
struct Terms {
    terms: Vec<looked::Told>,
}

/// Saves the change, and with `--wait` sends it.
pub fn run(arguments: &Arguments, place: &Place, to: impl Write) -> Result<(), Stop> {
    logging::start(&place.paths)?;
    let account = place.account()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let (intake, parts) = submit::intake(account, place).await?;
        let mut printer = Printer::new(to, arguments.wait.is_some());
        let store = &intake.lists.store;
        let of = find::intent(store, &intake.profile, &arguments.id).await?;
        let made = show::changes(store, &of).await?;
        let sending = arguments
            .wait
            .map(|Limit(limit)| Sending::start(&parts, limit));
        let sending = sending.transpose()?;
        let taken = taken(arguments, &of, &made, &intake, &mut printer).await;
        match (taken, sending) {
            (Ok(taken), Some(sending)) => {
                let refused = |told| Box::new(Answer::new(None, arguments.key.clone(), told));
                let taken = taken.map_err(refused);
                wait::run_one(intake, taken, sending, &mut printer).await?;
            }
            (Ok(Ok(kept)), None) => {
                printer.print(&Answer::of(None, &kept, intake.offer.vendor))?;
            }
            (Ok(Err(told)), None) => {
                printer.print(&Answer::new(None, arguments.key.clone(), told))?;
            }
            (Err(stop), sending) => {
                if let Some(sending) = sending {
                    sending.end(&intake.lists.clock).await;
                }
                return Err(stop);
            }
        }
        if let Some(sandbox) = parts.sandbox {
            sandbox.shutdown().await;
        }
        printer.end()
    })
}

/// Saves it once, or tells why not; the terms are printed, agreed to or not.
async fn taken(
    arguments: &Arguments,
    of: &Standing,
    made: &[Standing],
    intake: &Intake,
    printer: &mut Printer<'_>,
) -> Result<Result<Kept, Told>, Stop> {
    let wanted = match Wanted::read(arguments, of, &intake.offer) {
        Ok(wanted) => wanted,
        Err(told) => return Ok(Err(*told)),
    };
    let key = &arguments.key;
    if let Some(key) = key {
        let earlier = intake.lists.store.of_key(&intake.profile, key).await?;
        if let Some(earlier) = earlier {
            return Ok(wanted.same(earlier, key, &intake.offer).await);
        }
    }
    let made: Vec<&Standing> = made.iter().collect();
    // Before the vendor is asked for anything; the store looks again when it is saved.
    if let Some(why) = standing::in_the_way(&wanted.subject, &made, &intake.offer.changes) {
        return Ok(Err(Told::fault(format!("not sent: {why}"))));
    }
    let now = intake.lists.clock.now();
    let mut draft = wanted.draft(random(), &intake.offer);
    let mut submission = match intake.freeze(&mut draft, now).await {
        Ok(submission) => submission,
        Err(fault) => return Ok(Err(fault.told())),
    };
    if let Err(wrong) = wanted.attach(&mut submission).await {
        return Ok(Err(Told::invalid(vec![wrong])));
    }
    if wanted.change.has_terms {
        let terms = match intake.lists.adapter.terms(&wanted.subject).await {
            Ok(terms) => terms,
            Err(failure) => {
                let words = format!("not sent: nobody knows yet what it costs: {failure}");
                return Ok(Err(Told::fault(words)));
            }
        };
        submission.terms.clone_from(&terms);
        let line = json_line(&Terms { terms }).map_err(anyhow::Error::from)?;
        printer.output.line(line)?;
        if !arguments.confirm_terms {
            let words = "not sent: these are the terms; --confirm-terms agrees to them";
            return Ok(Err(Told::fault(words.to_owned())));
        }
    }
    let asked = Wish {
        draft: draft.id,
        profile: intake.profile.clone(),
        key: key.clone(),
        follows: draft.follows,
        submission,
        day: now.with_timezone(&intake.day_zone).date_naive(),
        changes: intake.offer.changes.clone().into(),
    };
    let standing = match intake.keep(asked, now).await {
        Ok(standing) => standing,
        Err(told) => return Ok(Err(told)),
    };
    match key {
        // Another process saved the same key a moment ago.
        Some(key) if standing.draft != draft.id => {
            Ok(wanted.same(standing, key, &intake.offer).await)
        }
        key => Ok(Ok(Kept {
            key: key.clone(),
            standing,
        })),
    }
}

/// A change that was read and understood.
struct Wanted<'a> {
    of: &'a Standing,
    change: &'a ChangeOffer,
    subject: Subject,
    set: BTreeMap<FieldKey, String>,
    /// The field that takes the file.
    file: Option<FieldKey>,
}

impl<'a> Wanted<'a> {
    /// Reads it for an accepted record; or what is in the way.
    fn read(arguments: &Arguments, of: &'a Standing, offer: &'a Offer) -> Result<Self, Box<Told>> {
        let (id, state) = (&of.intent.id, &of.state);
        let State::Accepted { number } = state else {
            let word = state.word();
            let words = format!("not sent: {id} is {word}: only what is accepted can be changed");
            return Err(Box::new(Told::fault(words)));
        };
        let Some(number) = number else {
            let words = format!("not sent: the vendor's number of {id} is not known");
            return Err(Box::new(Told::fault(words)));
        };
        let wanted = arguments.change.to_lowercase();
        let mut offered = of.changes(offer);
        let change =
            offered.find(|change| [change.id, &*change.label.to_lowercase()].contains(&&*wanted));
        let Some(change) = change else {
            let names: Vec<&str> = of.changes(offer).map(|change| change.id).collect();
            let words = match names.as_slice() {
                [] => "not sent: nothing can be done to it from here".to_owned(),
                names => format!("not sent: choose one of: {}", names.join(", ")),
            };
            return Err(Box::new(Told::fault(words)));
        };
        let file = change
            .fields
            .iter()
            .find(|field| field.input == Input::File);
        let mut wrong = Vec::new();
        let mut set = BTreeMap::new();
        for (name, value) in &arguments.set {
            match settable(name, &change.fields) {
                Ok(field) => drop(set.insert(field.key, chosen(field, value.clone()))),
                Err(remark) => wrong.push(remark),
            }
        }
        match (&arguments.file, file) {
            (Some(path), Some(field)) => drop(set.insert(field.key, path.clone())),
            (Some(_), None) => wrong.push(remark("file", "no file goes with this change")),
            (None, Some(field)) => wrong.push(remark(fields::name(field.key), GIVE_A_FILE)),
            (None, None) => {}
        }
        if !wrong.is_empty() {
            return Err(Box::new(Told::invalid(wrong)));
        }
        Ok(Self {
            of,
            change,
            subject: Subject {
                number: number.clone(),
                change: change.id.to_owned(),
            },
            set,
            file: file.map(|field| field.key),
        })
    }

    /// The form as a clerk would have filled it.
    fn draft(&self, id: DraftId, offer: &Offer) -> Draft {
        let mut draft = Draft::change(id, &self.of.intent, self.subject.clone(), offer);
        draft.fill_presets(offer);
        for (key, value) in &self.set {
            draft.values.insert(*key, value.clone());
            draft.labels.remove(key);
        }
        draft
    }

    async fn attach(&self, submission: &mut Submission) -> Result<(), Remark> {
        let Some(field) = self.file else {
            return Ok(());
        };
        let attached = files::attach(submission, field).await;
        attached.map_err(|why| remark(fields::name(field), why))
    }

    /// The intent of an earlier run, where it is still the same that is wanted: read as of the moment at which it was
    /// saved.
    async fn same(&self, earlier: Standing, key: &str, offer: &Offer) -> Result<Kept, Told> {
        let saved = &earlier.intent.submission;
        let mut draft = self.draft(earlier.draft, offer);
        fill_again(&mut draft, saved, offer);
        let again = rules::compose(&draft, offer, earlier.intent.saved_at);
        if let Ok(mut again) = again {
            // They were agreed to then, and are not asked for again.
            again.terms.clone_from(&saved.terms);
            // What is told of the visit is not what is wanted, and older intents tell nothing.
            again.visit.clone_from(&saved.visit);
            if self.attach(&mut again).await.is_ok()
                && again == *saved
                && draft.follows == earlier.intent.follows
            {
                let key = Some(key.to_owned());
                return Ok(Kept {
                    key,
                    standing: earlier,
                });
            }
        }
        Err(Told::fault(wish::used_before(&earlier.intent.id)))
    }
}

const GIVE_A_FILE: &str = "give the path after --file";

/// The field of this name, where it may be told in an argument: those of other programs can be read by everybody.
fn settable<'a>(name: &str, of: &'a [Field]) -> Result<&'a Field, Remark> {
    let Some(field) = of.iter().find(|field| fields::name(field.key) == name) else {
        let known: Vec<&str> = of.iter().map(|field| fields::name(field.key)).collect();
        let words = match known.as_slice() {
            [] => "this change has no fields".to_owned(),
            known => format!("there is no such field; there are: {}", known.join(", ")),
        };
        return Err(remark(&one_line(name), words));
    };
    match field.input {
        Input::File => Err(remark(name, GIVE_A_FILE)),
        Input::Choice(_) | Input::Listed(_) | Input::When => Ok(field),
        _ => Err(remark(
            name,
            "it may tell of the patient, and no argument does: use the console",
        )),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_may_tell_of_a_patient_is_taken_in_no_argument() {
        let of = [
            Field::required(FieldKey::Reason, "Reason", Input::Text, ""),
            Field::required(FieldKey::Email, "E-mail", Input::Email, ""),
            Field::required(FieldKey::ScheduledAt, "When", Input::When, ""),
        ];
        for name in ["reason", "email"] {
            let refused = settable(name, &of).unwrap_err();
            assert!(refused.words.contains("use the console"), "{refused:?}");
        }
        let when = settable("scheduled-at", &of).unwrap();
        assert_eq!(when.key, FieldKey::ScheduledAt);
    }
}
