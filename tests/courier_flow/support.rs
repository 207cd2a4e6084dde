//! A desk for the tests: a real store in a folder of its own, a scripted carrier, a clock that follows tokio's.

#[path = "../support/people.rs"]
mod people;

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use frontdesk::clock::Clock;
use frontdesk::courier::settings::Settings;
use frontdesk::courier::{Carrier, Courier, CourierHandle, News, Order, ToSave};
use frontdesk::domain::evidence::{Evidence, Fact, Outcome, State};
use frontdesk::domain::failure::Failure;
use frontdesk::domain::looked::Looked;
use frontdesk::domain::money::Money;
use frontdesk::domain::offer::Kind;
use frontdesk::domain::standing::{Decision, Standing};
use frontdesk::domain::submission::{DraftId, Intent, IntentId, Submission};
use frontdesk::domain::tier::Tier;
use frontdesk::store::Sqlite;
use frontdesk::store::intents::{Intents, Wish};
use frontdesk::store::sign_ins::SignIns;
use frontdesk::vendor::budget::Slot;
use tokio::sync::watch;

pub const ZONE: Tz = Tz::Asia__Kolkata;

/// Eleven in the morning at the vendor.
pub const MORNING: &str = "2026-11-21T05:30:00Z";

pub fn moment(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub fn submission() -> Submission {
    Submission {
        total: Money::major(350),
        ..Submission::of(Kind::Lead, people::koramangala(), people::rahul())
    }
}

pub fn unknown() -> Outcome {
    Outcome::Unknown {
        why: "no answer".to_owned(),
    }
}

pub fn not_sent() -> Outcome {
    Outcome::NotSent {
        why: "no route".to_owned(),
    }
}

pub fn accepted() -> Outcome {
    Outcome::Accepted {
        number: "LD-1".to_owned(),
        told: vec![],
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
        changes: Arc::default(),
    }
}

/// What one attempt does, and what was on disk when it left.
pub struct Script {
    pub store: PathBuf,
    pub answers: Mutex<VecDeque<Option<Outcome>>>,
    /// Each attempt: the id, and the evidence that a second reader of the file saw at that moment.
    pub sent: Mutex<Vec<(IntentId, Vec<Evidence>)>>,
    /// Nothing leaves this desk.
    pub is_cut: AtomicBool,
    /// What the next probes say; the others succeed unless the line is cut.
    pub probes: Mutex<VecDeque<Failure>>,
    pub probed: watch::Sender<usize>,
    pub tier: Mutex<Tier>,
    /// What the next looks show; `None` is one that never ends. The others show nothing.
    pub looks: Mutex<VecDeque<Option<Looked>>>,
    /// When each look began, and since when it was told to look.
    pub looked: Mutex<Vec<(DateTime<Utc>, DateTime<Utc>)>>,
    pub clock: Mutex<Option<Clock>>,
}

impl Carrier for Script {
    async fn submit(&self, intent: &Intent, _: Option<Slot>) -> Outcome {
        if self.is_cut.load(Ordering::Relaxed) {
            let no_one = Vec::new();
            self.sent.lock().unwrap().push((intent.id.clone(), no_one));
            return not_sent();
        }
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

    fn tier(&self, _: &Intent) -> Tier {
        *self.tier.lock().unwrap()
    }

    async fn look(&self, _: &Intent, since: DateTime<Utc>) -> Looked {
        let now = self.clock.lock().unwrap().as_ref().unwrap().now();
        self.looked.lock().unwrap().push((now, since));
        let shown = self.looks.lock().unwrap().pop_front();
        match shown.unwrap_or(Some(Looked::Absent)) {
            Some(looked) => looked,
            None => std::future::pending().await,
        }
    }

    async fn probe(&self) -> Result<(), Failure> {
        self.probed.send_modify(|probed| *probed += 1);
        if self.is_cut.load(Ordering::Relaxed) {
            return Err(Failure::Offline("no route".to_owned()));
        }
        match self.probes.lock().unwrap().pop_front() {
            Some(failure) => Err(failure),
            None => Ok(()),
        }
    }
}

impl Script {
    pub fn new(store: PathBuf, answers: Vec<Option<Outcome>>) -> Arc<Self> {
        Arc::new(Self {
            store,
            answers: Mutex::new(answers.into()),
            sent: Mutex::default(),
            is_cut: AtomicBool::new(false),
            probes: Mutex::default(),
            probed: watch::Sender::new(0),
            tier: Mutex::new(Tier::DayGuard { zone: ZONE }),
            looks: Mutex::default(),
            looked: Mutex::default(),
            clock: Mutex::default(),
        })
    }

    /// Waits without a timer: paused time would run ahead of the disk.
    pub async fn until_probed(&self, times: usize) {
        let mut probed = self.probed.subscribe();
        probed.wait_for(|probed| *probed >= times).await.unwrap();
    }

    pub fn probed(&self) -> usize {
        *self.probed.borrow()
    }

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
    pub folder: Arc<tempfile::TempDir>,
    pub script: Arc<Script>,
    pub handle: CourierHandle,
    pub settings: Settings,
    pub clock: Clock,
}

pub fn settings() -> Settings {
    Settings {
        hold: Duration::ZERO,
        ..Settings::new("demo", ZONE)
    }
}

impl Desk {
    /// `None` in the script is an attempt that never ends.
    pub async fn open(start: &str, settings: Settings, answers: Vec<Option<Outcome>>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data").join("store.db");
        let clock = Clock::tokio(moment(start));
        let store = Sqlite::open(&path).await.unwrap();
        let folder = Arc::new(folder);
        Self::over(store, folder, Script::new(path, answers), settings, clock)
    }

    pub fn over<S: Intents + SignIns + Clone + 'static>(
        store: S,
        folder: Arc<tempfile::TempDir>,
        script: Arc<Script>,
        settings: Settings,
        clock: Clock,
    ) -> Self {
        *script.clock.lock().unwrap() = Some(clock.clone());
        let handle = Courier::start(store, Arc::clone(&script), settings.clone(), clock.clone());
        Self {
            folder,
            script,
            handle,
            settings,
            clock,
        }
    }

    /// In the morning, with a vendor of this tier.
    pub async fn of(tier: Tier, answers: Vec<Option<Outcome>>) -> Self {
        let desk = Self::open(MORNING, settings(), answers).await;
        *desk.script.tier.lock().unwrap() = tier;
        desk
    }

    /// Another console on the same file.
    pub async fn beside(&self, answers: Vec<Option<Outcome>>) -> Self {
        let script = Script::new(self.script.store.clone(), answers);
        *script.tier.lock().unwrap() = *self.script.tier.lock().unwrap();
        Self::over(
            self.store().await,
            Arc::clone(&self.folder),
            script,
            self.settings.clone(),
            self.clock.clone(),
        )
    }

    /// The process dies in the middle of whatever it does.
    pub async fn kill(self) {
        self.handle.work.abort();
        let _ = self.handle.work.await;
    }

    /// The next news for at most so long.
    pub async fn news_within(&mut self, seconds: u64) -> Option<News> {
        let patience = Duration::from_secs(seconds);
        let news = tokio::time::timeout(patience, self.handle.news.recv()).await;
        news.ok().flatten()
    }

    /// Waits until nothing happens any more by itself, reading the news meanwhile.
    pub async fn idle(&mut self) -> Vec<News> {
        let mut told = Vec::new();
        loop {
            tokio::select! {
                biased;
                news = self.handle.news.recv() => told.push(news.unwrap()),
                is_idle = self.handle.idle.wait_for(|is_idle| *is_idle) => {
                    is_idle.unwrap();
                    return told;
                }
            }
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
        self.save_as(draft, None, submission()).await;
    }

    pub async fn save_as(&self, draft: u64, key: Option<&str>, submission: Submission) {
        let asked = ToSave {
            draft: DraftId(draft),
            key: key.map(str::to_owned),
            follows: None,
            submission,
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

pub fn last(evidence: &[Evidence]) -> &Fact {
    &evidence.last().unwrap().fact
}
