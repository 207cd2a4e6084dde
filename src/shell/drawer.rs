//! The worker's drawer: forms as they are typed go to disk; the people of a number and the worklist come from it. One
//! errand after the other, apart from everything that waits for the network.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::mpsc::Receiver;

use super::Answers;
use crate::app::worklist::Listed;
use crate::app::{CallId, Event};
use crate::clock::Clock;
use crate::domain::draft::Draft;
use crate::domain::phone::Phone;
use crate::domain::submission::DraftId;
use crate::store::drafts::Drafts;
use crate::store::intents::{Intents, Listing};
use crate::store::patients::Patients;
use crate::store::{Sqlite, StoreError};

/// How long what was typed last may take to reach the disk when the console ends.
pub(super) const PATIENCE: Duration = Duration::from_millis(500);

/// Errands of one batch; none waits for the next one unless it came meanwhile.
const MOST: usize = 256;

/// What the drawer is asked.
#[derive(Debug)]
pub enum Errand {
    Keep(Box<Draft>),
    Drop(DraftId),
    List,
    Open(DraftId),
    People {
        call: CallId,
        phone: Phone,
    },
    /// What was saved at this moment or later, all that is not settled, and the records whose patient is yet `due`.
    Worklist {
        call: CallId,
        since: DateTime<Utc>,
        due: DateTime<Utc>,
    },
}

impl Errand {
    /// The answer to an errand that nobody can do.
    pub(super) fn refused(self, why: &str) -> Event {
        let why = why.to_owned();
        match self {
            Self::Keep(draft) => Event::DraftNotKept {
                draft: draft.id,
                why,
            },
            Self::Drop(draft) => Event::DraftNotKept { draft, why },
            Self::List => Event::DraftsLoaded(Err(why)),
            Self::Open(draft) => Event::DraftOpened {
                draft,
                result: Err(why),
            },
            Self::People { call, .. } => Event::PeopleFound {
                call,
                people: Vec::new(),
            },
            Self::Worklist { call, .. } => Event::WorklistLoaded {
                call,
                result: Err(why),
            },
        }
    }
}

/// Whose drafts are kept, and for how long.
pub(super) struct Drawer {
    pub store: Result<Sqlite, String>,
    pub profile: String,
    /// Days after which a draft that nobody touches is dropped.
    pub days: u16,
    pub clock: Clock,
    pub answers: Answers,
}

impl Drawer {
    /// Tells what was kept from before, then runs errands until nobody has one left.
    pub(super) async fn serve(self, mut inbox: Receiver<Errand>) {
        let mut fails = false;
        self.tell(Errand::List, &mut fails).await;
        let mut errands = Vec::new();
        // What has gathered while the disk was slow is one batch: of a form only its last state counts.
        while inbox.recv_many(&mut errands, MOST).await > 0 {
            for errand in latest(std::mem::take(&mut errands)) {
                self.tell(errand, &mut fails).await;
            }
        }
    }

    /// Does an errand and tells what came of it. A console that has gone needs no answer.
    async fn tell(&self, errand: Errand, fails: &mut bool) {
        let is_keep = matches!(errand, Errand::Keep(_));
        let answer = self.run(errand).await;
        let is_failure = matches!(answer, Some(Event::DraftNotKept { .. }));
        if let Some(event) = answer {
            let _ = self.answers.send(event).await;
        } else if is_keep && *fails {
            let _ = self.answers.send(Event::DraftsKeptAgain).await;
        }
        if is_keep {
            *fails = is_failure;
        }
    }

    async fn run(&self, errand: Errand) -> Option<Event> {
        let store = match &self.store {
            Ok(store) => store,
            Err(why) => return Some(errand.refused(why)),
        };
        let now = self.clock.now();
        match errand {
            Errand::Keep(draft) => {
                let kept = store.keep_draft(&self.profile, &draft, now).await.err()?;
                Some(Errand::Keep(draft).refused(&kept.to_string()))
            }
            Errand::Drop(draft) => {
                let failed = store.drop_draft(draft).await.err()?;
                Some(Errand::Drop(draft).refused(&failed.to_string()))
            }
            Errand::List => {
                let expired = now - TimeDelta::days(self.days.into());
                let result = store.drafts(&self.profile, expired).await;
                Some(Event::DraftsLoaded(
                    result.map_err(|error| error.to_string()),
                ))
            }
            Errand::Open(draft) => {
                let result = store.open_draft(draft).await;
                let result = result
                    .map(|kept| kept.map(Box::new))
                    .map_err(|error| error.to_string());
                Some(Event::DraftOpened { draft, result })
            }
            Errand::People { call, phone } => {
                let people = store.people(&self.profile, &phone).await;
                // Nobody is offered where they cannot be read.
                let people = people.unwrap_or_default();
                Some(Event::PeopleFound { call, people })
            }
            Errand::Worklist { call, since, due } => {
                let listing = Listing {
                    profile: Some(self.profile.clone()),
                    since: Some(since),
                    with_unsettled: true,
                    due: Some(due),
                    ..Listing::default()
                };
                let result = worklist(store, &listing).await;
                Some(Event::WorklistLoaded {
                    call,
                    result: result.map_err(|error| error.to_string()),
                })
            }
        }
    }
}

/// An entry that cannot be read is told of, and hides no other.
async fn worklist(store: &Sqlite, listing: &Listing) -> Result<Listed, StoreError> {
    let mut listed = Listed::default();
    for standing in store.list(listing).await? {
        match standing {
            Ok(standing) => listed.standings.push(standing),
            Err(damage) => listed.damaged.push(damage.to_string()),
        }
    }
    Ok(listed)
}

/// The errands in their order, without states of a form that a later one replaces.
fn latest(errands: Vec<Errand>) -> Vec<Errand> {
    let mut seen = Vec::new();
    let mut kept: Vec<Errand> = errands
        .into_iter()
        .rev()
        .filter(|errand| match errand {
            Errand::Keep(draft) if seen.contains(&draft.id) => false,
            Errand::Keep(draft) => {
                seen.push(draft.id);
                true
            }
            Errand::Drop(draft) | Errand::Open(draft) => {
                seen.retain(|id| id != draft);
                true
            }
            Errand::List | Errand::People { .. } | Errand::Worklist { .. } => true,
        })
        .collect();
    kept.reverse();
    kept
}
