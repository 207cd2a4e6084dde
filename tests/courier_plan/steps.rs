//! Anything that can happen between a vendor and the consoles that know more or less of one intent.

use std::ops::Range;

use proptest::prelude::*;

pub const CONSOLES: usize = 3;

/// What becomes of one attempt.
#[derive(Clone, Copy, Debug)]
pub enum Fate {
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
pub enum Decision {
    Resend,
    Found,
    Drop,
}

#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// A console goes on to the moment that it planned, and this much later.
    Due {
        console: usize,
        late_seconds: u32,
        fate: Fate,
        /// A look can be read to its end.
        is_clear: bool,
        /// The end of the attempt or of the look is known only after other steps.
        hangs: bool,
    },
    /// What hangs ends.
    Land,
    /// A console reads what the others learned.
    Hear {
        console: usize,
    },
    Person {
        console: usize,
        decision: Decision,
    },
    /// Somebody else's record of the same.
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

fn due(late: Range<u32>) -> impl Strategy<Value = Step> {
    let is_clear = prop::bool::weighted(0.8);
    let hangs = prop::bool::weighted(0.2);
    (0..CONSOLES, late, fates(), is_clear, hangs).prop_map(
        |(console, late_seconds, fate, is_clear, hangs)| Step::Due {
            console,
            late_seconds,
            fate,
            is_clear,
            hangs,
        },
    )
}

pub fn steps() -> impl Strategy<Value = Step> {
    let decisions = prop_oneof![
        3 => Just(Decision::Resend),
        1 => Just(Decision::Found),
        1 => Just(Decision::Drop)
    ];
    prop_oneof![
        8 => due(0..400),
        4 => due(0..2),
        1 => due(0..90_000),
        2 => Just(Step::Land),
        1 => (0..CONSOLES).prop_map(|console| Step::Hear { console }),
        2 => (0..CONSOLES, decisions)
            .prop_map(|(console, decision)| Step::Person { console, decision }),
        1 => Just(Step::Stranger),
        1 => (-200..200_i32).prop_map(|seconds| Step::ClockSet { seconds }),
        1 => (-90_000..90_000_i32).prop_map(|seconds| Step::ClockSet { seconds }),
    ]
}
