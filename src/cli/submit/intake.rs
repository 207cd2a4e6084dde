//! Takes one line after the other: checks it by the rules of the console, and saves it.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde_json::{Map, Value};

use super::answer::{Answer, Told};
use super::fill::{Unfilled, fill, fill_again};
use super::lists::Lists;
use super::wish::{self, Wish, find_branch, remark};
use crate::cli::fields;
use crate::cli::report::Remark;
use crate::domain::catalogue::{Catalogue, Item};
use crate::domain::draft::Draft;
use crate::domain::offer::{Kind, Offer};
use crate::domain::order::Line;
use crate::domain::rules;
use crate::domain::standing::Standing;
use crate::domain::submission::{DraftId, Submission};
use crate::store::StoreError;
use crate::store::intents::{self, Intents};

/// The counter at which lines are taken in.
pub struct Intake {
    pub lists: Lists,
    pub offer: Arc<Offer>,
    pub profile: String,
    /// The zone of the vendor's day.
    pub day_zone: Tz,
}

/// A line that is safe on disk, now or since an earlier run.
pub struct Kept {
    pub key: Option<String>,
    pub standing: Standing,
}

impl Intake {
    /// Saves what one line wants, once; or tells why not.
    pub async fn take(&mut self, number: usize, line: &[u8]) -> Result<Kept, Box<Answer>> {
        let line: Map<String, Value> = serde_json::from_slice(line).map_err(|error| {
            let words = format!(
                "not a JSON object on one line (column {}): compare it with frontdesk submit --example",
                error.column()
            );
            Box::new(Answer::new(number, None, Told::fault(words)))
        })?;
        let key = wish::key(&line).map_err(|wrong| invalid(number, None, vec![wrong]))?;
        let refused = |told| Box::new(Answer::new(number, key.clone(), told));
        let wish =
            Wish::read(&line, &self.offer).map_err(|wrong| invalid(number, key.clone(), wrong))?;
        if let Some(key) = &key {
            let earlier = self.lists.store.of_key(&self.profile, key).await;
            if let Some(earlier) = earlier.map_err(|error| refused(Told::unsaved(&error)))? {
                return self.same(&wish, earlier, number, key.clone());
            }
        }
        let now = self.lists.clock.now();
        let draft = random();
        let submission = self.compose(&wish, draft, now).await;
        let submission = submission.map_err(|fault| refused(fault.told()))?;
        let asked = intents::Wish {
            draft,
            profile: self.profile.clone(),
            key: key.clone(),
            follows: None,
            submission,
            day: now.with_timezone(&self.day_zone).date_naive(),
            changes: Arc::default(),
        };
        let standing = self.keep(asked, now).await.map_err(refused)?;
        match key {
            // Another process saved the same key a moment ago.
            Some(key) if standing.draft != draft => self.same(&wish, standing, number, key),
            key => Ok(Kept { key, standing }),
        }
    }

    /// Freezes a wish on disk.
    pub async fn keep(&self, asked: intents::Wish, now: DateTime<Utc>) -> Result<Standing, Told> {
        let draft = asked.draft;
        match self.lists.store.save(asked, now).await {
            Err(StoreError::Disk(why)) => self.look_for(draft, why).await,
            Err(StoreError::InTheWay(why)) => Err(Told::fault(format!("not sent: {why}"))),
            saved => saved.map_err(|error| Told::unsaved(&error)),
        }
    }

    /// A commit that failed may be on disk all the same. It counts where it can be read after one more commit, which
    /// is synced; where it cannot be read then, it is not there.
    async fn look_for(&self, draft: DraftId, why: String) -> Result<Standing, Told> {
        let store = &self.lists.store;
        let found = match store.prove().await {
            Ok(()) => store.of_draft(draft).await,
            Err(error) => Err(error),
        };
        match found {
            Ok(Some(standing)) => Ok(standing),
            Ok(None) => Err(Told::unsaved(&StoreError::Disk(why))),
            Err(_) => Err(Told::perhaps_saved(&why)),
        }
    }

    async fn compose(
        &mut self,
        wish: &Wish,
        draft: DraftId,
        now: DateTime<Utc>,
    ) -> Result<Submission, Fault> {
        let mut branch = None;
        if !wish.branch.is_empty() {
            let branches = self.lists.branches().await.map_err(Fault::Lists)?;
            branch = find_branch(&branches, &wish.branch).cloned();
            if branch.is_none() {
                let names: Vec<&str> = branches.iter().map(|branch| branch.name.as_str()).collect();
                let words = format!("no such branch; there are: {}", names.join(", "));
                return Err(Fault::Line(vec![remark("branch", words)]));
            }
        }
        let catalogue = match &branch {
            Some(branch) if wish.needs_catalogue() => {
                let read = self.lists.catalogue(&branch.id, wish.party.as_ref()).await;
                read.map_err(Fault::Lists)?
            }
            _ => Arc::default(),
        };
        let mut draft = wish.draft(draft, branch, &catalogue).map_err(Fault::Line)?;
        self.freeze(&mut draft, now).await
    }

    /// Completes a form by what the vendor gives, and freezes it.
    pub async fn freeze(&self, draft: &mut Draft, now: DateTime<Utc>) -> Result<Submission, Fault> {
        fill(draft, &self.lists, &self.offer, now).await?;
        rules::compose(draft, &self.offer, now).map_err(|problems| {
            let remarks = problems.iter();
            Fault::Line(
                remarks
                    .map(|problem| remark(&fields::place(problem.place), &*problem.words))
                    .collect(),
            )
        })
    }

    /// The intent of an earlier run, where the line still says the same. It is read as of the moment at which it was
    /// saved and with the prices of that moment: neither time nor a new price makes it another wish.
    fn same(
        &self,
        wish: &Wish,
        earlier: Standing,
        number: usize,
        key: String,
    ) -> Result<Kept, Box<Answer>> {
        let saved = &earlier.intent.submission;
        let branch = find_branch(std::slice::from_ref(&saved.branch), &wish.branch).cloned();
        let catalogue = Catalogue::new(saved.lines.iter().filter_map(item));
        let draft = wish.draft(earlier.draft, branch, &catalogue);
        let again = draft
            .ok()
            .map(|mut draft| {
                fill_again(&mut draft, saved, &self.offer);
                draft
            })
            .and_then(|draft| rules::compose(&draft, &self.offer, earlier.intent.saved_at).ok());
        let key = Some(key);
        let again = again.map(|mut again| {
            // A walk-in is of the moment at which it was given first.
            if again.kind == Kind::WalkIn {
                again.slot.clone_from(&saved.slot);
            }
            again
        });
        if again.as_ref() == Some(saved) {
            return Ok(Kept {
                key,
                standing: earlier,
            });
        }
        let words = wish::used_before(&earlier.intent.id);
        Err(Box::new(Answer::new(number, key, Told::fault(words))))
    }
}

/// Why a form cannot be frozen.
pub enum Fault {
    Line(Vec<Remark>),
    /// A list that the line needs cannot be read.
    Lists(String),
}

impl Fault {
    pub fn told(self) -> Told {
        match self {
            Self::Line(wrong) => Told::invalid(wrong),
            Self::Lists(why) => Told::fault(format!("not sent: {why}")),
        }
    }
}

impl From<Unfilled> for Fault {
    fn from(unfilled: Unfilled) -> Self {
        match unfilled {
            Unfilled::Line(remarks) => Self::Line(remarks),
            Unfilled::Vendor(why) => Self::Lists(why),
        }
    }
}

fn invalid(number: usize, key: Option<String>, problems: Vec<Remark>) -> Box<Answer> {
    Box::new(Answer::new(number, key, Told::invalid(problems)))
}

/// A line of an order as the catalogue had it.
fn item(line: &Line) -> Option<Item> {
    Some(Item {
        id: line.item.clone()?,
        kind: line.kind,
        code: line.code.clone(),
        name: line.name.clone(),
        aliases: Vec::new(),
        price: line.price,
        specimen: None,
        fasting: None,
        turnaround: None,
        includes: line.includes.clone(),
    })
}

/// An id that no other process mints: from the system's own randomness, never from a clock.
pub fn random() -> DraftId {
    DraftId(RandomState::new().hash_one(std::process::id()) >> 1)
}
