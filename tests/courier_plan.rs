//! The "Never" list as a property: a vendor with a guard for its day, a clock that is not ours, and anything that can
//! happen between them, in any order. The vendor's own ledger is the judge.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use frontdesk::courier::plan::{Next, next};
use frontdesk::courier::settings::{Settings, Tier};
use frontdesk::domain::evidence::{Evidence, Fact, Outcome, State, TimeDeltaSeconds, state};
use frontdesk::domain::submission::IntentId;
use proptest::prelude::*;

const ZONE: Tz = Tz::Asia__Kolkata;

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
    /// The process dies; the next start finds an open attempt.
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

#[derive(Clone, Debug)]
enum Step {
    /// Go on to the moment that was planned, and this much later.
    Due {
        late_seconds: u32,
        fate: Fate,
    },
    Person(Decision),
    /// Somebody else's record with the same phone.
    Stranger,
    /// The clock is set back.
    ClockBack {
        seconds: u32,
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
        2 => any::<bool>().prop_map(|arrived| Fate::Killed { arrived }),
    ]
}

fn steps() -> impl Strategy<Value = Step> {
    let decisions = prop_oneof![
        3 => Just(Decision::Resend),
        1 => Just(Decision::Found),
        1 => Just(Decision::Drop)
    ];
    prop_oneof![
        8 => (0..400_u32, fates())
            .prop_map(|(late_seconds, fate)| Step::Due { late_seconds, fate }),
        1 => (0..90_000_u32, fates())
            .prop_map(|(late_seconds, fate)| Step::Due { late_seconds, fate }),
        2 => decisions.prop_map(Step::Person),
        1 => Just(Step::Stranger),
        1 => (0..200_u32).prop_map(|seconds| Step::ClockBack { seconds }),
    ]
}

/// One intent, and the vendor that it goes to.
struct World {
    settings: Settings,
    id: IntentId,
    now: DateTime<Utc>,
    /// How far the vendor's clock is ahead of ours; within the margin that the planner keeps.
    skew: TimeDelta,
    evidence: Vec<Evidence>,
    attempts: u32,
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
    fn vendor_day(&self) -> NaiveDate {
        (self.now + self.skew).with_timezone(&ZONE).date_naive()
    }

    fn learn(&mut self, fact: Fact) {
        let was_accepted = matches!(self.state(), State::Accepted { .. });
        self.evidence.push(Evidence { at: self.now, fact });
        assert!(!was_accepted || matches!(self.state(), State::Accepted { .. }));
    }

    fn state(&self) -> State {
        state(&self.evidence)
    }

    fn plan(&self) -> Next {
        next(&self.id, &self.evidence, self.now, &self.settings)
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
            number: "LD-1".to_owned(),
        }
    }

    fn attempt(&mut self, fate: Fate) {
        self.attempts += 1;
        let number = self.attempts;
        self.learn(Fact::Attempted { number });
        assert_eq!((self.state(), self.plan()), (State::Sending, Next::Rest));
        let why = String::new();
        let outcome = match fate {
            Fate::NotSent => Outcome::NotSent { why },
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
        self.learn(Fact::Ended { number, outcome });
    }

    /// The planned moment comes, a little late, with whatever fate an attempt has.
    fn due(&mut self, late: TimeDelta, fate: Fate) {
        if let Next::WaitUntil(due) = self.plan() {
            assert!(due > self.now, "a wait that is over");
            self.now = due;
            let planned = self.plan();
            assert!(
                !matches!(planned, Next::WaitUntil(_)),
                "a wait that does not end"
            );
        }
        self.now += late;
        match self.plan() {
            Next::SendNow => {
                assert!(self.is_persons_word || self.unanswered < 6, "a seventh try");
                self.attempt(fate);
            }
            Next::HandOver(doubt) => self.learn(Fact::HandedOver { doubt }),
            // Only after the clock was set back: the moment that was planned counts again.
            Next::WaitUntil(_) => {}
            Next::Rest => {
                let state = self.state();
                assert!(
                    state.is_settled() || matches!(state, State::NeedsYou { .. }),
                    "stuck: {state:?}"
                );
            }
        }
    }

    fn person(&mut self, decision: Decision) {
        if !matches!(self.state(), State::NeedsYou { .. }) {
            return;
        }
        match decision {
            Decision::Resend => {
                self.learn(Fact::PersonResends);
                self.is_persons_word = true;
                self.words += 1;
            }
            Decision::Found => self.learn(Fact::PersonFound {
                number: "LD-2".to_owned(),
            }),
            Decision::Drop => self.learn(Fact::PersonDropped { reason: None }),
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
            State::Accepted { number } if number == "LD-1" => assert!(self.ours > 0, "a lie"),
            _ => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_nothing_is_doubled_and_no_word_is_false(
        minute in 0..1_440_i64,
        skew in -240..=240_i64,
        has_guard in prop::bool::weighted(0.8),
        steps in prop::collection::vec(steps(), 1..30),
    ) {
        let start: DateTime<Utc> = "2026-11-20T18:30:00Z".parse().unwrap();
        let mut settings = Settings::day_guard("demo", ZONE);
        if !has_guard {
            settings.tier = Tier::None;
        }
        let mut world = World {
            settings,
            id: IntentId("FD-1".to_owned()),
            now: start + TimeDelta::minutes(minute),
            skew: TimeDelta::seconds(skew),
            evidence: Vec::new(),
            attempts: 0,
            days: Vec::new(),
            ours: 0,
            words: 0,
            is_persons_word: false,
            unanswered: 0,
        };
        world.learn(Fact::Saved);
        for step in steps {
            match step {
                Step::Due { late_seconds, fate } => {
                    world.due(TimeDelta::seconds(late_seconds.into()), fate);
                }
                Step::Person(decision) => world.person(decision),
                Step::Stranger => {
                    let day = world.vendor_day();
                    if !world.days.contains(&day) {
                        world.days.push(day);
                    }
                }
                Step::ClockBack { seconds } => {
                    // The vendor's clock goes on, and ours is never wrong by more than the margin.
                    let back = TimeDelta::seconds(seconds.into());
                    if world.skew + back < TimeDelta::minutes(5) {
                        world.now -= back;
                        world.skew += back;
                    }
                }
            }
            world.judge();
        }
    }
}
