//! The "Never" list as a property: a vendor of each tier, a clock that is not ours, several consoles that know more or
//! less of one intent, and anything that can happen between them, in any order. The vendor's own ledger is the judge.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "courier_plan/kept.rs"]
mod kept;
#[path = "courier_plan/steps.rs"]
mod steps;
#[path = "courier_plan/vendor.rs"]
mod vendor;
#[path = "courier_plan/world.rs"]
mod world;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use frontdesk::courier::plan::{Next, Reading, next};
use frontdesk::courier::settings::Settings;
use frontdesk::domain::evidence::{Doubt, Evidence, Fact, Outcome, State, state};
use frontdesk::domain::submission::IntentId;
use frontdesk::domain::tier::Tier;
use proptest::prelude::*;

use crate::steps::steps;
use crate::vendor::Vendor;
use crate::world::World;

const ZONE: Tz = Tz::Asia__Kolkata;

/// Days that begin in Kolkata at these moments: an ordinary one, the last of a February, its leap day, and a new year.
const DAYS: [&str; 5] = [
    "2026-11-20T18:30:00Z",
    "2027-02-27T18:30:00Z",
    "2028-02-27T18:30:00Z",
    "2028-02-28T18:30:00Z",
    "2026-12-30T18:30:00Z",
];

fn tiers() -> impl Strategy<Value = Tier> {
    prop_oneof![
        3 => Just(Tier::DayGuard { zone: ZONE }),
        3 => Just(Tier::Read),
        2 => Just(Tier::UniqueCode),
        1 => Just(Tier::None),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_nothing_is_doubled_and_no_word_is_false(
        day in prop::sample::select(&DAYS[..]),
        minute in prop_oneof![1 => 0..1_440_i64, 1 => 1_420..1_440_i64],
        skew in -240..=240_i64,
        tier in tiers(),
        has_reference in any::<bool>(),
        // As long as the planner gives a list to settle, at most.
        lag in prop_oneof![2 => 0..=180_i64, 1 => 150..=180_i64],
        deaf in 0..8_usize,
        steps in prop::collection::vec(steps(), 1..24),
    ) {
        let start: DateTime<Utc> = day.parse().unwrap();
        let start = start + TimeDelta::minutes(minute);
        let (lag, skew) = (TimeDelta::seconds(lag), TimeDelta::seconds(skew));
        let mut world = World::new(start, Vendor::new(tier, has_reference, lag, skew));
        for step in steps {
            world.step(step);
            world.judge();
        }
        world.heal(deaf);
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
                told: vec![],
            },
        },
    };
    let number = Some("LD-1".to_owned());
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
    let settings = Settings::new("demo", ZONE);
    let tier = Tier::DayGuard { zone: ZONE };
    let plan = |back: TimeDelta, may_be_off: TimeDelta| {
        let at = began - back;
        next(&id, &evidence, Reading { at, may_be_off }, tier, &settings)
    };
    let person = Next::HandOver(Doubt::DayIsOver);
    let half_an_hour = TimeDelta::minutes(30);
    assert_eq!(plan(half_an_hour, TimeDelta::zero()), person);
    // One that was seen is known to be no more than that.
    assert_ne!(plan(half_an_hour, half_an_hour), person);
    assert_ne!(plan(TimeDelta::seconds(30), TimeDelta::zero()), person);
}
