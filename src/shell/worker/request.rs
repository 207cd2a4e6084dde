//! What the console asks of the worker, and the answer where nobody can take it.

use super::questions;
use crate::app::{CallId, Effect, Event, Freshness, Question};
use crate::courier::ToSave;
use crate::domain::branch::{BranchId, Party};
use crate::domain::failure::Failure;
use crate::domain::offer::FieldKey;
use crate::domain::slot::SlotQuery;
use crate::domain::standing::Decision;
use crate::domain::submission::{DraftId, IntentId};
use crate::shell::drawer::Errand;

/// What the console asks of the worker.
#[derive(Debug)]
pub enum Request {
    Branches {
        call: CallId,
        freshness: Freshness,
    },
    Catalogue {
        call: CallId,
        branch: BranchId,
        party: Option<Party>,
        freshness: Freshness,
    },
    Ask(Question),
    Slots {
        call: CallId,
        query: Box<SlotQuery>,
    },
    Save(Box<ToSave>),
    /// The same with the content of the file that a field names.
    SaveWithFile {
        asked: Box<ToSave>,
        field: FieldKey,
    },
    /// Whether the file that a field names can be sent along.
    LookAtFile {
        draft: DraftId,
        field: FieldKey,
        path: String,
    },
    Decide {
        intent: IntentId,
        decision: Decision,
    },
    Errand(Errand),
}

impl TryFrom<Effect> for Request {
    type Error = Effect;

    /// What the worker does; the effects that are the shell's own come back.
    fn try_from(effect: Effect) -> Result<Self, Effect> {
        Ok(match effect {
            Effect::LoadBranches { call, freshness } => Self::Branches { call, freshness },
            Effect::LoadCatalogue {
                call,
                branch,
                party,
                freshness,
            } => Self::Catalogue {
                call,
                branch,
                party,
                freshness,
            },
            Effect::LoadSlots { call, query } => Self::Slots {
                call,
                query: Box::new(query),
            },
            Effect::LoadWorklist { call, since, due } => {
                Self::Errand(Errand::Worklist { call, since, due })
            }
            Effect::Save {
                draft,
                follows,
                submission,
                file,
            } => {
                let asked = Box::new(ToSave {
                    draft,
                    key: None,
                    follows,
                    submission: *submission,
                });
                match file {
                    Some(field) => Self::SaveWithFile { asked, field },
                    None => Self::Save(asked),
                }
            }
            Effect::LookAtFile { draft, field, path } => Self::LookAtFile { draft, field, path },
            Effect::Decide { intent, decision } => Self::Decide { intent, decision },
            Effect::KeepDraft(draft) => Self::Errand(Errand::Keep(draft)),
            Effect::DropDraft(draft) => Self::Errand(Errand::Drop(draft)),
            Effect::LoadDrafts => Self::Errand(Errand::List),
            Effect::OpenDraft(draft) => Self::Errand(Errand::Open(draft)),
            Effect::FindPeople { call, phone } => Self::Errand(Errand::People { call, phone }),
            Effect::Ask(question) => Self::Ask(question),
            own @ (Effect::FindRows { .. }
            | Effect::OpenProfile(_)
            | Effect::Copy(_)
            | Effect::Redraw
            | Effect::Quit) => {
                return Err(own);
            }
        })
    }
}

impl Request {
    /// The answer to a request that nobody can take.
    pub fn refused(self, why: &str) -> Event {
        let failure = || Failure::Offline(why.to_owned());
        match self {
            Self::Branches { call, .. } => Event::BranchesLoaded {
                call,
                result: Err(failure()),
            },
            Self::Catalogue { call, .. } => Event::CatalogueLoaded {
                call,
                result: Err(failure()),
            },
            Self::Ask(question) => questions::refused(&question, failure()),
            Self::Slots { call, .. } => Event::SlotsLoaded {
                call,
                result: Err(failure()),
            },
            Self::Save(asked) | Self::SaveWithFile { asked, .. } => Event::NotSaved {
                draft: asked.draft,
                why: why.to_owned(),
            },
            Self::LookAtFile { draft, field, .. } => Event::FileNotRead {
                draft,
                field,
                why: why.to_owned(),
            },
            Self::Decide { intent, .. } => Event::DecisionRefused {
                intent,
                why: why.to_owned(),
            },
            Self::Errand(errand) => errand.refused(why),
        }
    }
}
