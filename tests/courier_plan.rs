//! The "Never" list as a property: a vendor with a guard for its day, a clock that is not ours, several consoles that
//! know more or less of one intent, and anything that can happen between them, in any order. The vendor's own ledger is
//! the judge.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use frontdesk::courier::plan::{Next, Reading, next};
use frontdesk::courier::settings::{Settings, Tier};
use frontdesk::domain::evidence::{Doubt, Evidence, Fact, Outcome, State, TimeDeltaSeconds, state};
use frontdesk::domain::submission::IntentId;
use proptest::prelude::*;

const ZONE: Tz = Tz::Asia__Kolkata;

const CONSOLES: usize = 3;

/// What becomes of one attempt.
#[derive(Clone, Copy, Debug)]
enum Fate {
    NotSent,
    RateLimited(u32),
    SignedOut,
    /// The vendor decides and the answer comes.
    Answered,
    /// The vendor decides and the answer does not come.
    Lost,
    /// The vendor decides, and its answer cannot be read.
    Garbled,
    /// Lost on the way there.
    NeverArrived,
    Refused,
    /// The commit of the attempt failed and is on disk all the same: nothing left.
    DiskFailed,
    /// The process dies; another console finds the attempt open.
    Killed {
        arrived: bool,
    },
}

#[derive(Clone, Copy, Debug)]
enum Decision {
    Resend,
    Found,
    Drop,
}

#[derive(Clone, Copy, Debug)]
enum Step {
    /// A console goes on to the moment that it planned, and this much later.
    Due {
        console: usize,
        late_seconds: u32,
        fate: Fate,
        /// The end of the attempt is known only after other steps.
        hangs: bool,
    },
    /// What hangs ends.
    Land,
    /// A console reads what the others learned.
    Look {
        console: usize,
    },
    Person {
        console: usize,
        decision: Decision,
    },
    /// Somebody else's record with the same phone.
    Stranger,
    /// The clock is set, forward or back.
    ClockSet {
        seconds: i32,
    },
}

fn fates() -> impl Strategy<Value = Fate> {
    prop_oneof![
        1 => Just(Fate::NotSent),
        1 => (0..10_000_u32).prop_map(Fate::RateLimited),
        1 => Just(Fate::SignedOut),
        1 => Just(Fate::Answered),
        3 => Just(Fate::Lost),
        2 => Just(Fate::Garbled),
        2 => Just(Fate::NeverArrived),
        1 => Just(Fate::Refused),
        1 => Just(Fate::DiskFailed),
        2 => any::<bool>().prop_map(|arrived| Fate::Killed { arrived }),
    ]
}

fn due(late: std::ops::Range<u32>) -> impl Strategy<Value = Step> {
    (0..CONSOLES, late, fates(), prop::bool::weighted(0.2)).prop_map(
        |(console, late_seconds, fate, hangs)| Step::Due {
            console,
            late_seconds,
            fate,
            hangs,
        },
    )
}

fn steps() -> impl Strategy<Value = Step> {
    let decisions = prop_oneof![
        3 => Just(Decision::Resend),
        1 => Just(Decision::Found),
        1 => Just(Decision::Drop)
    ];
    prop_oneof![
        8 => due(0..400),
        1 => due(0..90_000),
        2 => Just(Step::Land),
        1 => (0..CONSOLES).prop_map(|console| Step::Look { console }),
        2 => (0..CONSOLES, decisions)
            .prop_map(|(console, decision)| Step::Person { console, decision }),
        1 => Just(Step::Stranger),
        1 => (-200..200_i32).prop_map(|seconds| Step::ClockSet { seconds }),
        1 => (-90_000..90_000_i32).prop_map(|seconds| Step::ClockSet { seconds }),
    ]
}

/// One intent, the consoles that know of it, and the vendor that it goes to.
struct World {
    settings: Settings,
    id: IntentId,
    /// The true time.
    now: DateTime<Utc>,
    /// How far the vendor's clock is ahead of the true time; within the margin that the planner keeps.
    skew: TimeDelta,
    /// How far our wall clock is ahead of the true time, and the least and the most that it ever was.
    set: TimeDelta,
    least: TimeDelta,
    most: TimeDelta,
    evidence: Vec<Evidence>,
    /// How many facts each console knows.
    known: [usize; CONSOLES],
    attempts: u32,
    /// The attempt that is open, and how it will end.
    open: Option<(u32, Outcome)>,
    /// The days on which the vendor made a record with this phone, ours or not.
    days: Vec<NaiveDate>,
    /// How many of the records are ours.
    ours: usize,
    /// How often a person asked to send it once more.
    words: usize,
    /// A person's word that has not reached the wire yet.
    is_persons_word: bool,
    unanswered: usize,
}

impl World {
    fn new(start: DateTime<Utc>, skew: TimeDelta, settings: Settings) -> Self {
        let mut world = Self {
            settings,
            id: IntentId("FD-1".to_owned()),
            now: start,
            skew,
            set: TimeDelta::zero(),
            least: TimeDelta::zero(),
            most: TimeDelta::zero(),
            evidence: Vec::new(),
            known: [1; CONSOLES],
            attempts: 0,
            open: None,
            days: Vec::new(),
            ours: 0,
            words: 0,
            is_persons_word: false,
            unanswered: 0,
        };
        world.learn(Fact::Saved);
        world
    }

    fn vendor_day(&self) -> NaiveDate {
        (self.now + self.skew).with_timezone(&ZONE).date_naive()
    }

    fn reading(&self) -> Reading {
        Reading {
            at: self.now + self.set,
            may_be_off: self.most - self.least,
        }
    }

    fn learn(&mut self, fact: Fact) {
        let is_proven =
            |state: State| matches!(state, State::Accepted { .. } | State::PossibleDouble { .. });
        let was_proven = is_proven(self.state());
        let at = self.reading().at;
        self.evidence.push(Evidence { at, fact });
        assert!(!was_proven || is_proven(self.state()));
    }

    /// The store's guard: what was decided on old evidence is refused, and its console looks again.
    fn is_outdated(&mut self, console: usize) -> bool {
        let is_outdated = self.known[console] != self.evidence.len();
        self.known[console] = self.evidence.len();
        is_outdated
    }

    fn state(&self) -> State {
        state(&self.evidence)
    }

    fn plan(&self, console: usize) -> Next {
        let known = &self.evidence[..self.known[console]];
        next(&self.id, known, self.reading(), &self.settings)
    }

    /// The vendor takes it, unless its guard of the day refuses.
    fn arrives(&mut self) -> Outcome {
        let day = self.vendor_day();
        let is_guarded = matches!(self.settings.tier, Tier::DayGuard { .. });
        if is_guarded && self.days.contains(&day) {
            return Outcome::Duplicate {
                words: String::new(),
            };
        }
        self.days.push(day);
        self.ours += 1;
        Outcome::Accepted {
            number: format!("LD-{}", self.ours),
        }
    }

    fn attempt(&mut self, fate: Fate, hangs: bool) {
        assert!(self.open.is_none(), "two attempts at once");
        self.attempts += 1;
        let number = self.attempts;
        self.learn(Fact::Attempted { number });
        assert_eq!(self.state(), State::Sending);
        let why = String::new();
        let outcome = match fate {
            Fate::NotSent | Fate::DiskFailed => Outcome::NotSent { why },
            Fate::RateLimited(seconds) => Outcome::RateLimited {
                retry_after: Some(TimeDeltaSeconds(seconds)),
            },
            Fate::SignedOut => Outcome::SignedOut { why },
            Fate::Answered => self.arrives(),
            Fate::Lost => {
                self.arrives();
                Outcome::Unknown { why }
            }
            Fate::Garbled => {
                self.arrives();
                Outcome::PerhapsAccepted { why }
            }
            Fate::NeverArrived => Outcome::Unknown { why },
            Fate::Refused => Outcome::Refused { reasons: vec![] },
            Fate::Killed { arrived } => {
                if arrived {
                    self.arrives();
                }
                Outcome::Unknown { why }
            }
        };
        if outcome.leaves_doubt() {
            self.unanswered += 1;
            self.is_persons_word = false;
        }
        self.now += TimeDelta::seconds(1);
        self.open = Some((number, outcome));
        if !hangs {
            self.land();
        }
    }

    /// The end of the open attempt is kept.
    fn land(&mut self) {
        if let Some((number, outcome)) = self.open.take() {
            self.learn(Fact::Ended { number, outcome });
        }
    }

    /// The planned moment of a console comes, a little late, with whatever fate an attempt has.
    fn due(&mut self, console: usize, late: TimeDelta, fate: Fate, hangs: bool) {
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
                let state = self.state();
                assert!(
                    state.is_settled()
                        || matches!(state, State::NeedsYou { .. })
                        || self.open.is_some(),
                    "stuck: {state:?}"
                );
            }
        }
    }

    fn person(&mut self, console: usize, decision: Decision) {
        if self.is_outdated(console) || !matches!(self.state(), State::NeedsYou { .. }) {
            return;
        }
        match decision {
            Decision::Resend => {
                self.learn(Fact::PersonResends);
                self.is_persons_word = true;
                self.words += 1;
            }
            Decision::Found => self.learn(Fact::PersonFound {
                number: "LD-P".to_owned(),
            }),
            Decision::Drop => self.learn(Fact::PersonDropped { reason: None }),
        }
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Due {
                console,
                late_seconds,
                fate,
                hangs,
            } => self.due(
                console,
                TimeDelta::seconds(late_seconds.into()),
                fate,
                hangs,
            ),
            Step::Land => self.land(),
            Step::Look { console } => drop(self.is_outdated(console)),
            Step::Person { console, decision } => self.person(console, decision),
            Step::Stranger => {
                let day = self.vendor_day();
                if !self.days.contains(&day) {
                    self.days.push(day);
                }
            }
            Step::ClockSet { seconds } => {
                self.set += TimeDelta::seconds(seconds.into());
                self.least = self.least.min(self.set);
                self.most = self.most.max(self.set);
            }
        }
    }

    /// No word contradicts the ledger, and there is never a record more than was wanted.
    fn judge(&self) {
        assert!(
            self.ours <= 1 + self.words,
            "doubled: {} records",
            self.ours
        );
        let state = self.state();
        match &state {
            State::Saved | State::NotAccepted { .. } => {
                assert_eq!(self.ours, 0, "a lie: {state:?}");
            }
            State::Accepted { number } if number != "LD-P" => assert!(self.ours > 0, "a lie"),
            State::PossibleDouble { numbers } => assert!(numbers.len() > 1, "a lie"),
            _ => {}
        }
    }
}

/// Days that begin in Kolkata at these moments: an ordinary one, the last of a February, its leap day, and a new year.
const DAYS: [&str; 5] = [
    "2026-11-20T18:30:00Z",
    "2027-02-27T18:30:00Z",
    "2028-02-27T18:30:00Z",
    "2028-02-28T18:30:00Z",
    "2026-12-30T18:30:00Z",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 120_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_nothing_is_doubled_and_no_word_is_false(
        day in prop::sample::select(&DAYS[..]),
        minute in prop_oneof![1 => 0..1_440_i64, 1 => 1_420..1_440_i64],
        skew in -240..=240_i64,
        has_guard in prop::bool::weighted(0.8),
        steps in prop::collection::vec(steps(), 1..24),
    ) {
        let start: DateTime<Utc> = day.parse().unwrap();
        let mut settings = Settings::day_guard("demo", ZONE);
        if !has_guard {
            settings.tier = Tier::None;
        }
        let start = start + TimeDelta::minutes(minute);
        let mut world = World::new(start, TimeDelta::seconds(skew), settings);
        for step in steps {
            world.step(step);
            world.judge();
        }
    }
}

#[test]
fn a_second_number_is_a_possible_double_and_the_same_number_again_is_not() {
    let at = DAYS[0].parse().unwrap();
    let found = |number: &str| Evidence {
        at,
        fact: Fact::PersonFound {
            number: number.to_owned(),
        },
    };
    let answered = |number: u32, record: &str| Evidence {
        at,
        fact: Fact::Ended {
            number,
            outcome: Outcome::Accepted {
                number: record.to_owned(),
            },
        },
    };
    let number = "LD-1".to_owned();
    let accepted = State::Accepted { number };
    assert_eq!(state(&[answered(1, "LD-1"), found(" ld-1")]), accepted);
    let numbers = vec!["LD-2".to_owned(), "LD-1".to_owned()];
    let double = State::PossibleDouble { numbers };
    assert_eq!(state(&[found("LD-2"), answered(1, "LD-1")]), double);
    let numbers = vec!["LD-1".to_owned(), "LD-2".to_owned()];
    let double = State::PossibleDouble { numbers };
    let both = [answered(1, "LD-1"), answered(2, "LD-2"), found("LD-1")];
    assert_eq!(state(&both), double);
    assert!(double.is_settled());
    assert_eq!(double.word(), "Possible double");
}

#[test]
fn a_clock_set_back_while_nobody_looked_leaves_a_doubt_to_a_person() {
    let midnight: DateTime<Utc> = DAYS[0].parse().unwrap();
    let began = midnight + TimeDelta::hours(12);
    let unknown = Outcome::Unknown {
        why: "no answer".to_owned(),
    };
    let facts = [
        Fact::Saved,
        Fact::Attempted { number: 1 },
        Fact::Ended {
            number: 1,
            outcome: unknown,
        },
    ];
    let evidence: Vec<Evidence> = facts
        .into_iter()
        .map(|fact| Evidence { at: began, fact })
        .collect();
    let id = IntentId("FD-1".to_owned());
    let settings = Settings::day_guard("demo", ZONE);
    let plan = |back: TimeDelta, may_be_off: TimeDelta| {
        let at = began - back;
        next(&id, &evidence, Reading { at, may_be_off }, &settings)
    };
    let person = Next::HandOver(Doubt::DayIsOver);
    let half_an_hour = TimeDelta::minutes(30);
    assert_eq!(plan(half_an_hour, TimeDelta::zero()), person);
    // One that was seen is known to be no more than that.
    assert_ne!(plan(half_an_hour, half_an_hour), person);
    assert_ne!(plan(TimeDelta::seconds(30), TimeDelta::zero()), person);
}
