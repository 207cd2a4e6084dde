//! What to do next about an intent: a pure function of its evidence, the time, what its vendor allows and the settings.
//!
//! Knows no clock, no disk and no network, so that the "Never" list can be tested as plain data.

mod history;
mod looks;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

pub(super) use self::history::asked_for;
use self::history::{Due, History};
use super::settings::Settings;
use crate::domain::evidence::{Doubt, Evidence, State, state};
use crate::domain::schedule::is_same_day;
use crate::domain::submission::IntentId;
use crate::domain::tier::Tier;
use crate::trial;

/// How near to midnight the vendor's clock may already be on the next day, or still on the last one.
const MIDNIGHT_MARGIN: TimeDelta = TimeDelta::minutes(5);

/// Consoles of one machine may read their clock a little apart.
const SLACK: TimeDelta = TimeDelta::minutes(1);

/// The time on the wall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    pub at: DateTime<Utc>,
    /// By how much the clock was set lately: what it shows, or showed before, may be wrong by so much.
    pub may_be_off: TimeDelta,
}

/// What the courier does next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// One attempt, now.
    SendNow,
    /// One look at the vendor, now. The first attempt that may have made a record began at `since`.
    Look { since: DateTime<Utc> },
    /// Nothing before this moment, which is yet to come.
    WaitUntil(DateTime<Utc>),
    /// Keep as evidence that only a person can go on.
    HandOver(Doubt),
    /// Nothing by itself: it is on its way, or a person has it, or it is settled.
    Rest,
}

/// What happens next to the intent `id` of this `tier`, of which `evidence` is known at `now`.
pub fn next(
    id: &IntentId,
    evidence: &[Evidence],
    now: Reading,
    tier: Tier,
    settings: &Settings,
) -> Next {
    let history = History::of(evidence);
    match state(evidence) {
        State::Saved => at(history.due(id, settings), now.at),
        State::Checking { .. } => {
            let send = at(history.due(id, settings), now.at);
            out_of_checking(&history, send, now, tier, settings)
        }
        State::Sending
        | State::Accepted { .. }
        | State::NotAccepted { .. }
        | State::NeedsYou { .. }
        | State::Dropped
        | State::PossibleDouble { .. } => Next::Rest,
    }
}

/// Not from `since` to `until`. A wait that starts in the future was begun before the clock went back: it has no end.
pub fn not_before(since: DateTime<Utc>, until: DateTime<Utc>, now: Reading) -> Next {
    if until <= now.at || since > now.at {
        Next::SendNow
    } else {
        Next::WaitUntil(until)
    }
}

/// A moment that lies before `now` is due; so is one that was computed before the clock went back, because a wait
/// that starts in the future has no end.
fn at(due: Due, now: DateTime<Utc>) -> Next {
    if due.at <= now || due.since > now {
        Next::SendNow
    } else {
        Next::WaitUntil(due.at)
    }
}

/// It may exist at the vendor. The only ways on are what the vendor does about a second one, what it shows, and a
/// person. `send` is when it could go again, whether or not it may.
fn out_of_checking(
    history: &History,
    send: Next,
    now: Reading,
    tier: Tier,
    settings: &Settings,
) -> Next {
    let resend_at = match send {
        Next::WaitUntil(moment) => moment,
        _ => now.at,
    };
    if let Some(given_at) = history.permission {
        // A person weighed the risk of the day on which they decided, not of the next one.
        return match tier {
            Tier::DayGuard { zone } if !is_one_day(given_at, resend_at, now.may_be_off, zone) => {
                Next::HandOver(Doubt::DayIsOver)
            }
            Tier::DayGuard { .. } | Tier::Read | Tier::UniqueCode | Tier::None => send,
        };
    }
    let is_tried_often = history.tries >= settings.tries;
    match tier {
        Tier::None if trial::bug("change-repeated") => send,
        Tier::None => Next::HandOver(Doubt::NoWayToLook),
        Tier::Read => by_looking(history, send, now, settings),
        Tier::DayGuard { .. } | Tier::UniqueCode if is_tried_often => {
            Next::HandOver(Doubt::TriedOften)
        }
        // The vendor takes its code once, whenever it comes.
        Tier::UniqueCode => send,
        Tier::DayGuard { zone } if is_guarded(history, resend_at, now, zone) => send,
        Tier::DayGuard { .. } => Next::HandOver(Doubt::DayIsOver),
    }
}

/// Whether the vendor would refuse a resend at this moment if one of the tries before made a record.
fn is_guarded(history: &History, resend_at: DateTime<Utc>, now: Reading, zone: Tz) -> bool {
    // What was learned in time to come was learned before the clock was set back.
    let latest = history.latest.max(now.at);
    // One that nobody saw happen may be any time behind: then nobody can tell which day it is.
    if latest - now.at > now.may_be_off + SLACK {
        return false;
    }
    let margin = MIDNIGHT_MARGIN + now.may_be_off.max(latest - now.at);
    let mut began = history.doubtful.iter();
    trial::bug("midnight-skipped") || began.all(|began| is_one_day(*began, resend_at, margin, zone))
}

/// Whether two moments fall on one day at the vendor, even if each is wrong by `margin`: then the vendor would refuse
/// the resend at the one if the attempt that began at the other made a record.
fn is_one_day(one: DateTime<Utc>, other: DateTime<Utc>, margin: TimeDelta, zone: Tz) -> bool {
    is_same_day(one.min(other) - margin, one.max(other) + margin, zone)
}

/// The vendor shows what it has. One resend may follow where it is provably not there, ever; and what is decided is
/// decided on a fresh look.
fn by_looking(history: &History, send: Next, now: Reading, settings: &Settings) -> Next {
    let looks = &history.looks;
    if looks.are_in_vain() || looks.leave_it_open(now.may_be_off) {
        return Next::HandOver(looks.doubt());
    }
    let Next::WaitUntil(look_at) = at(looks.due(), now.at) else {
        let since = history.first_doubt.unwrap_or(now.at);
        return Next::Look { since };
    };
    if !looks.show_absence(now.may_be_off) {
        return Next::WaitUntil(look_at);
    }
    let may_resend = history.resends == 0 && history.tries < settings.tries;
    if !may_resend && !trial::bug("second-resend") {
        return Next::HandOver(looks.doubt());
    }
    match send {
        Next::WaitUntil(moment) => Next::WaitUntil(moment.min(look_at)),
        send => send,
    }
}
