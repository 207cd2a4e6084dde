//! A desk for the tests: a real store in a folder of its own, a scripted carrier, a clock that follows tokio's.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use frontdesk::clock::Clock;
use frontdesk::courier::settings::{Settings, Tier};
use frontdesk::courier::{Carrier, Courier, CourierHandle, News, Order, ToSave};
use frontdesk::domain::age::{Age, AgeUnit};
use frontdesk::domain::branch::{Branch, BranchId, Parties};
use frontdesk::domain::evidence::{Evidence, Fact, Outcome, State};
use frontdesk::domain::money::Money;
use frontdesk::domain::offer::Kind;
use frontdesk::domain::phone::Phone;
use frontdesk::domain::standing::{Decision, Standing};
use frontdesk::domain::submission::{DraftId, Intent, IntentId, Patient, Submission};
use frontdesk::store::Sqlite;
use frontdesk::store::intents::{Intents, Wish};
use frontdesk::vendor::budget::Slot;

pub const ZONE: Tz = Tz::Asia__Kolkata;

/// Eleven in the morning at the vendor.
pub const MORNING: &str = "2026-11-21T05:30:00Z";

pub fn moment(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub fn submission() -> Submission {
    Submission {
        kind: Kind::Lead,
        branch: Branch {
            id: BranchId("6530a4a6f1d2c8b7e9a12345".to_owned()),
            name: "Koramangala".to_owned(),
            address: None,
        },
        parties: Parties::default(),
        patient: Patient {
            phone: Phone::parse("9876543210", "91").unwrap(),
            country_code: "91".to_owned(),
            first_name: "Rahul".to_owned(),
            last_name: None,
            age: Age {
                value: 32,
                unit: AgeUnit::Year,
            },
            gender: None,
            email: None,
            address: None,
            pincode: None,
        },
        lines: Vec::new(),
        discount: Money::ZERO,
        total: Money::major(350),
        source: None,
        priority: None,
        assigned_to: None,
        appointment: None,
    }
}

pub fn unknown() -> Outcome {
    Outcome::Unknown {
        why: "no answer".to_owned(),
    }
}

pub fn accepted() -> Outcome {
    Outcome::Accepted {
        number: "LD-1".to_owned(),
    }
}

pub fn duplicate() -> Outcome {
    Outcome::Duplicate {
        words: String::new(),
    }
}

/// A wish of the profile `demo`.
pub fn wish(draft: u64, day: NaiveDate) -> Wish {
    Wish {
        draft: DraftId(draft),
        profile: "demo".to_owned(),
        key: None,
        follows: None,
        submission: submission(),
        day,
    }
}

/// What one attempt does, and what was on disk when it left.
pub struct Script {
    pub store: PathBuf,
    pub answers: Mutex<VecDeque<Option<Outcome>>>,
    /// Each attempt: the id, and the evidence that a second reader of the file saw at that moment.
    pub sent: Mutex<Vec<(IntentId, Vec<Evidence>)>>,
}

impl Carrier for Script {
    async fn submit(&self, intent: &Intent, _: Option<Slot>) -> Outcome {
        // Before anything is awaited: the answers go out in the order of the attempts.
        let answer = self
            .answers
            .lock()
            .unwrap()
            .pop_front()
            .expect("one attempt too many");
        let seen = Sqlite::open(&self.store)
            .await
            .unwrap()
            .evidence(&intent.id)
            .await
            .unwrap();
        self.sent.lock().unwrap().push((intent.id.clone(), seen));
        match answer {
            Some(outcome) => outcome,
            None => std::future::pending().await,
        }
    }
}

impl Script {
    pub fn sent_ids(&self) -> Vec<IntentId> {
        self.sent
            .lock()
            .unwrap()
            .iter()
            .map(|(id, _)| id.clone())
            .collect()
    }
}

pub struct Desk {
    /// Kept until the end of the test.
    pub _folder: tempfile::TempDir,
    pub script: Arc<Script>,
    pub handle: CourierHandle,
    pub settings: Settings,
    pub clock: Clock,
}

pub fn settings() -> Settings {
    Settings {
        hold: Duration::ZERO,
        ..Settings::day_guard("demo", ZONE)
    }
}

impl Desk {
    /// `None` in the script is an attempt that never ends.
    pub async fn open(start: &str, settings: Settings, answers: Vec<Option<Outcome>>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data").join("store.db");
        let script = Arc::new(Script {
            store: path.clone(),
            answers: Mutex::new(answers.into()),
            sent: Mutex::default(),
        });
        let clock = Clock::tokio(moment(start));
        let store = Sqlite::open(&path).await.unwrap();
        let handle = Courier::start(store, Arc::clone(&script), settings.clone(), clock.clone());
        Self {
            _folder: folder,
            script,
            handle,
            settings,
            clock,
        }
    }

    pub async fn store(&self) -> Sqlite {
        Sqlite::open(&self.script.store).await.unwrap()
    }

    /// The process dies in the middle of whatever it does, and starts again.
    pub async fn kill_and_restart(&mut self, answers: Vec<Option<Outcome>>) {
        self.handle.work.abort();
        let _ = (&mut self.handle.work).await;
        *self.script.answers.lock().unwrap() = answers.into();
        let (script, clock) = (Arc::clone(&self.script), self.clock.clone());
        self.handle = Courier::start(self.store().await, script, self.settings.clone(), clock);
    }

    pub async fn save(&self, draft: u64) {
        let asked = ToSave {
            draft: DraftId(draft),
            key: None,
            follows: None,
            submission: submission(),
        };
        self.handle
            .orders
            .send(Order::Save(Box::new(asked)))
            .await
            .unwrap();
    }

    pub async fn decide(&self, intent: &IntentId, decision: Decision) {
        let intent = intent.clone();
        self.handle
            .orders
            .send(Order::Decide { intent, decision })
            .await
            .unwrap();
    }

    pub async fn news(&mut self) -> News {
        self.handle
            .news
            .recv()
            .await
            .expect("the courier is at work")
    }

    /// The next standing; any other news is a failure.
    pub async fn standing(&mut self) -> Standing {
        match self.news().await {
            News::Changed(standing) => *standing,
            other => panic!("not a standing: {other:?}"),
        }
    }

    /// Reads on until the state has this word.
    pub async fn until(&mut self, word: &str) -> Standing {
        loop {
            let standing = self.standing().await;
            if standing.state.word() == word {
                return standing;
            }
        }
    }

    /// The words told until nothing more can happen by itself, and the last state.
    pub async fn words(&mut self) -> (Vec<&'static str>, State) {
        let mut words = Vec::new();
        loop {
            let standing = self.standing().await;
            words.push(standing.state.word());
            if standing.state.is_settled() || matches!(standing.state, State::NeedsYou { .. }) {
                return (words, standing.state);
            }
        }
    }
}

pub fn without_guard() -> Settings {
    Settings {
        tier: Tier::None,
        ..settings()
    }
}

pub fn last(evidence: &[Evidence]) -> &Fact {
    &evidence.last().unwrap().fact
}
