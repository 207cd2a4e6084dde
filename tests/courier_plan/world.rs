//! One intent, the consoles that know of it, and the vendor that it goes to, whose ledger is the judge.

use chrono::{DateTime, TimeDelta, Utc};
use frontdesk::courier::plan::{Next, Reading, next};
use frontdesk::courier::settings::Settings;
use frontdesk::domain::doubt;
use frontdesk::domain::evidence::{Doubt, Evidence, Fact, Outcome, State, TimeDeltaSeconds, state};
use frontdesk::domain::looked::Looked;
use frontdesk::domain::submission::IntentId;
use frontdesk::domain::tier::Tier;

use crate::ZONE;
use crate::steps::{CONSOLES, Decision, Fate, Step};
use crate::vendor::Vendor;

/// The planned moments that a healthy world may need until all is said: two days of
/// looks after each of two tries, where the clock was set in between.
const PATIENCE: usize = 400;

/// Until all is said in a healthy world: an hour that a vendor asked to wait, and the looks.
const SOON: TimeDelta = TimeDelta::minutes(80);

/// A look whose end is not kept yet.
struct Look {
    known: usize,
    evidence: Evidence,
}

pub struct World {
    settings: Settings,
    vendor: Vendor,
    id: IntentId,
    /// The true time.
    now: DateTime<Utc>,
    /// How far our wall clock is ahead of the true time, and the least and the most that it ever was.
    set: TimeDelta,
    least: TimeDelta,
    most: TimeDelta,
    evidence: Vec<Evidence>,
    /// How many facts each console knows.
    known: [usize; CONSOLES],
    looks: [Option<Look>; CONSOLES],
    attempts: u32,
    /// The attempt that is open, and how it will end.
    open: Option<(u32, Outcome)>,
    /// How often a person asked to send it once more.
    words: usize,
    /// A person's word that has not reached the wire yet.
    is_persons_word: bool,
    /// The numbers under which a person said that they found it.
    said: Vec<String>,
    unanswered: usize,
    /// Attempts by itself after one without an answer, that may have arrived.
    resends: usize,
}

impl World {
    pub fn new(start: DateTime<Utc>, vendor: Vendor) -> Self {
        let mut world = Self {
            settings: Settings::new("demo", ZONE),
            vendor,
            id: IntentId("FD-1".to_owned()),
            now: start,
            set: TimeDelta::zero(),
            least: TimeDelta::zero(),
            most: TimeDelta::zero(),
            evidence: Vec::new(),
            known: [1; CONSOLES],
            looks: [const { None }; CONSOLES],
            attempts: 0,
            open: None,
            words: 0,
            is_persons_word: false,
            said: Vec::new(),
            unanswered: 0,
            resends: 0,
        };
        world.learn(Fact::Saved);
        world
    }

    fn reading(&self) -> Reading {
        Reading {
            at: self.now + self.set,
            may_be_off: self.most - self.least,
        }
    }

    fn learn(&mut self, fact: Fact) {
        let at = self.reading().at;
        self.keep(Evidence { at, fact });
    }

    fn keep(&mut self, evidence: Evidence) {
        let is_proven =
            |state: State| matches!(state, State::Accepted { .. } | State::PossibleDouble { .. });
        let was_proven = is_proven(self.state());
        self.evidence.push(evidence);
        assert!(!was_proven || is_proven(self.state()));
    }

    /// The store's guard: what was decided on old evidence is refused, and its console looks again.
    fn is_outdated(&mut self, console: usize) -> bool {
        let is_outdated = self.known[console] != self.evidence.len();
        self.hear(console);
        is_outdated
    }

    fn hear(&mut self, console: usize) {
        self.known[console] = self.evidence.len();
    }

    fn state(&self) -> State {
        state(&self.evidence)
    }

    fn plan(&self, console: usize) -> Next {
        let known = &self.evidence[..self.known[console]];
        let (reading, tier) = (self.reading(), self.vendor.tier);
        next(&self.id, known, reading, tier, &self.settings)
    }

    fn attempt(&mut self, fate: Fate, hangs: bool) {
        assert!(self.open.is_none(), "two attempts at once");
        self.attempts += 1;
        let number = self.attempts;
        self.learn(Fact::Attempted { number });
        assert_eq!(self.state(), State::Sending);
        let why = String::new();
        let outcome = match fate {
            // That somebody else has our code is against the terms of its tier: of that only what can be known is played.
            _ if self.vendor.is_code_strange => self.vendor.takes(self.now),
            Fate::NotSent | Fate::DiskFailed => Outcome::NotSent { why },
            Fate::RateLimited(seconds) => Outcome::RateLimited {
                retry_after: Some(TimeDeltaSeconds(seconds)),
            },
            Fate::SignedOut => Outcome::SignedOut { why },
            Fate::Answered => self.vendor.takes(self.now),
            Fate::Lost | Fate::Killed { arrived: true } => {
                self.vendor.takes(self.now);
                Outcome::Unknown { why }
            }
            Fate::Garbled => {
                self.vendor.takes(self.now);
                Outcome::PerhapsAccepted { why }
            }
            Fate::NeverArrived | Fate::Killed { arrived: false } => Outcome::Unknown { why },
            Fate::Refused => Outcome::Refused { reasons: vec![] },
        };
        if outcome.leaves_doubt() {
            self.resends += usize::from(self.unanswered > 0 && !self.is_persons_word);
            self.unanswered += 1;
            self.is_persons_word = false;
        }
        self.now += TimeDelta::seconds(1);
        self.open = Some((number, outcome));
        if !hangs {
            self.land();
        }
    }

    /// One look of a console, which shows what was to be seen when it began.
    fn look(&mut self, console: usize, since: DateTime<Utc>, is_clear: bool, hangs: bool) {
        if self.looks[console].is_some() {
            return;
        }
        assert!(self.unanswered > 0, "a look for what never left");
        assert!(
            self.evidence
                .iter()
                .any(|known| known.at == since && matches!(known.fact, Fact::Attempted { .. })),
            "since no attempt"
        );
        let looked = if is_clear {
            self.vendor.shows(self.now)
        } else {
            let why = String::new();
            Looked::Unclear { why }
        };
        let fact = Fact::Looked { looked };
        let at = self.reading().at;
        let evidence = Evidence { at, fact };
        let known = self.known[console];
        self.looks[console] = Some(Look { known, evidence });
        self.now += TimeDelta::seconds(1);
        if !hangs {
            self.land_look(console);
        }
    }

    fn land_look(&mut self, console: usize) {
        let Some(Look { known, evidence }) = self.looks[console].take() else {
            return;
        };
        let is_proof = matches!(
            &evidence.fact,
            Fact::Looked {
                looked: Looked::Ours { .. }
            }
        );
        let is_outdated = known != self.evidence.len();
        if is_proof || !is_outdated {
            self.keep(evidence);
        }
        self.hear(console);
    }

    /// The end of the open attempt is kept, and those of the looks.
    fn land(&mut self) {
        if let Some((number, outcome)) = self.open.take() {
            self.learn(Fact::Ended { number, outcome });
        }
        (0..CONSOLES).for_each(|console| self.land_look(console));
    }

    /// The planned moment of a console comes, a little late, with whatever fate an attempt or a look has.
    fn due(&mut self, console: usize, late: TimeDelta, fate: Fate, is_clear: bool, hangs: bool) {
        if let Next::WaitUntil(due) = self.plan(console) {
            let wait = due - self.reading().at;
            assert!(wait > TimeDelta::zero(), "a wait that is over");
            assert!(wait <= TimeDelta::hours(1), "a wait without end");
            self.now += wait;
            let planned = self.plan(console);
            assert!(
                !matches!(planned, Next::WaitUntil(_)),
                "a wait that does not end"
            );
        }
        self.now += late;
        match self.plan(console) {
            Next::Look { since } => self.look(console, since, is_clear, hangs),
            // It would be refused as outdated, and the console would look again.
            Next::SendNow | Next::HandOver(_) | Next::Rest if self.is_outdated(console) => {}
            Next::SendNow => {
                assert!(self.is_persons_word || self.unanswered < 6, "a seventh try");
                self.attempt(fate, hangs);
            }
            Next::HandOver(doubt) => self.learn(Fact::HandedOver { doubt }),
            // Only after the clock was set back: the moment that was planned counts again.
            Next::WaitUntil(_) => {}
            Next::Rest => {
                assert!(
                    self.is_done() || self.open.is_some(),
                    "stuck: {:?}",
                    self.state()
                );
            }
        }
    }

    fn is_done(&self) -> bool {
        let state = self.state();
        state.is_settled() || matches!(state, State::NeedsYou { .. })
    }

    fn person(&mut self, console: usize, decision: Decision) {
        let State::NeedsYou { doubt } = self.state() else {
            return;
        };
        if self.is_outdated(console) {
            return;
        }
        match decision {
            Decision::Resend => {
                self.learn(Fact::PersonResends);
                self.is_persons_word = true;
                self.words += 1;
            }
            Decision::Found => {
                let number = doubt::offered(&doubt).unwrap_or("LD-P").to_owned();
                self.said.push(number.clone());
                self.learn(Fact::PersonFound { number });
            }
            Decision::Drop => self.learn(Fact::PersonDropped { reason: None }),
        }
    }

    pub fn step(&mut self, step: Step) {
        match step {
            Step::Due {
                console,
                late_seconds,
                fate,
                is_clear,
                hangs,
            } => {
                let late = TimeDelta::seconds(late_seconds.into());
                self.due(console, late, fate, is_clear, hangs);
            }
            Step::Land => self.land(),
            Step::Hear { console } => self.hear(console),
            Step::Person { console, decision } => self.person(console, decision),
            Step::Stranger if self.vendor.tier == Tier::UniqueCode => {
                self.vendor.is_code_strange |= self.attempts == 0;
            }
            Step::Stranger => self.vendor.takes_stranger(self.now),
            Step::ClockSet { seconds } => {
                self.set += TimeDelta::seconds(seconds.into());
                self.least = self.least.min(self.set);
                self.most = self.most.max(self.set);
            }
        }
    }

    /// All is well from here on, but that so many attempts more never arrive: in the end it is known, or a person is
    /// asked, and soon after the last of them where nobody touched the clock.
    pub fn heal(&mut self, mut deaf: usize) {
        self.land();
        let mut healed_at = self.now;
        let mut rounds = 0;
        while !self.is_done() {
            self.hear(0);
            let (attempts, is_deaf) = (self.attempts, deaf > 0);
            let fate = if is_deaf {
                Fate::NeverArrived
            } else {
                Fate::Answered
            };
            self.due(0, TimeDelta::zero(), fate, true, false);
            self.judge();
            if is_deaf && self.attempts > attempts {
                deaf -= 1;
                healed_at = self.now;
            }
            rounds += 1;
            assert!(rounds < PATIENCE, "stuck: {:?}", self.state());
        }
        let took = self.now - healed_at;
        let is_clock_true = self.least == self.most;
        assert!(!is_clock_true || took <= SOON, "stuck for {took}");
    }

    /// No word contradicts the ledger, and there is never a record more than was wanted.
    pub fn judge(&self) {
        let ours = self.vendor.ours();
        assert!(ours <= 1 + self.words, "doubled: {ours} records");
        if self.vendor.tier == Tier::Read {
            assert!(self.resends <= 1, "a second resend");
        }
        let state = self.state();
        match &state {
            State::Saved | State::NotAccepted { .. } => {
                assert_eq!(ours, 0, "a lie: {state:?}");
            }
            State::Accepted { number: None } => assert!(ours > 0, "a lie"),
            State::Accepted {
                number: Some(number),
            } if !self.said.contains(number) => {
                assert!(self.vendor.is_ours(number), "a lie: {number}");
            }
            State::PossibleDouble { numbers } => assert!(numbers.len() > 1, "a lie"),
            State::NeedsYou {
                doubt: Doubt::ProbablyYours { number },
            } => assert!(self.vendor.has(number), "a lie: {number}"),
            _ => {}
        }
    }
}
