//! One wish at one moment: each point at which a process can die, an answer that never comes, and processes that stand
//! still while another one goes on.
//!
//! Nothing here is left to chance, so that a known mistake is met each time.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::judge::{When, judge};
use crate::program::{Ended, PATIENCE, Running};
use crate::scenes::{close, kills, save, say, work};
use crate::site::{Site, Time};
use crate::stage::{Scene, Stage};
use crate::tally::{Promise, Tally};
use crate::trades::{CANCEL, Trade, WALK_IN};
use crate::wishes::{Told, Wishes};

const COURIER: [&str; 2] = ["courier", "--until-idle"];

static WAITED: Trade = Trade {
    change: Some(|_| ["cancel", "--wait"].map(str::to_owned).to_vec()),
    ..CANCEL
};

pub fn scenes() -> Vec<Scene> {
    vec![
        Scene::new("moments: each point", each_point),
        Scene::new("moments: a change in one run", each_point_of_one).of(&WAITED),
        Scene::new("moments: no answer", no_answer),
        Scene::new("moments: under way", under_way),
        Scene::new("moments: decided twice", decided_twice).of(&WALK_IN),
    ]
}

/// Dies once at each point, with one wish: those that save it, and couriers.
fn each_point(stage: &mut Stage) -> Tally {
    let site = stage.morning();
    let mut tally = Tally::default();
    let mut wishes = stage.wishes();
    for point in kills::SAVING {
        say_and_die(&site, &mut wishes, point, &mut tally);
        if tally.is_broken() {
            return tally;
        }
    }
    for point in kills::SENDING {
        save(&site, &mut wishes, 1, &mut tally);
        let courier = site.run(&COURIER, &[], &format!("kill={point}:1"));
        died(&courier, point, &mut tally);
        tally.add(judge(&site, &mut wishes, When::Between));
        work(&site, &mut tally);
        if tally.is_broken() {
            return tally;
        }
    }
    over(&site, &mut wishes, tally)
}

/// The same where one run saves it, sends it and waits.
fn each_point_of_one(stage: &mut Stage) -> Tally {
    let site = stage.morning();
    let mut tally = Tally::default();
    let mut wishes = stage.wishes();
    for point in kills::SAVING.into_iter().chain(kills::SENDING) {
        say_and_die(&site, &mut wishes, point, &mut tally);
        if tally.is_broken() {
            return tally;
        }
    }
    over(&site, &mut wishes, tally)
}

/// A wish is said, and said once more after the first run has died.
fn say_and_die(site: &Site, wishes: &mut Wishes, point: &'static str, tally: &mut Tally) {
    let keys = wishes.more(1);
    for run in say(site, wishes, &keys, &format!("kill={point}:1")) {
        died(&run, point, tally);
    }
    tally.add(judge(site, wishes, When::Between));
    say(site, wishes, &keys, "");
    work(site, tally);
}

fn died(run: &Ended, point: &'static str, tally: &mut Tally) {
    if run.was_killed() {
        tally.kill(point);
    }
}

/// The end, where it died at every point.
fn over(site: &Site, wishes: &mut Wishes, mut tally: Tally) -> Tally {
    let points = kills::SAVING.len() + kills::SENDING.len();
    if tally.kills != points as u64 {
        tally.breaks(Promise::Unwell, "a point was not met");
    }
    close(site, wishes, &mut tally);
    tally
}

/// One of two is made, and the answer is lost.
fn no_answer(stage: &mut Stage) -> Tally {
    let site = stage.morning();
    let mut tally = Tally::default();
    let mut wishes = stage.wishes();
    save(&site, &mut wishes, 2, &mut tally);
    site.arm(site.trade.call, 1, 0, &json!({"kind": "close-after"}));
    work(&site, &mut tally);
    close(&site, &mut wishes, &mut tally);
    tally
}

/// What a process that stands still has under way is not another one's.
fn under_way(stage: &mut Stage) -> Tally {
    let site = stage.site(Time::morning(1.0));
    let mut tally = Tally::default();
    let mut wishes = stage.wishes();
    save(&site, &mut wishes, 1, &mut tally);
    let sending = halted(&site, "before-send", &mut tally);
    let listed = site.run(&["worklist", "--json"], &[], "");
    let lines = listed.out.lines();
    let told: Vec<_> = lines
        .filter_map(|line| Told::read(&serde_json::from_str(line).ok()?))
        .map(|told| told.state)
        .collect();
    if told != ["Sending"] {
        let words = format!("{told:?} was told of what is on its way");
        tally.breaks(Promise::Lie, words);
    }
    go_on(&site, [sending], &mut tally);
    close(&site, &mut wishes, &mut tally);
    tally
}

/// Two processes decide to send the same wish: one of them does.
fn decided_twice(stage: &mut Stage) -> Tally {
    let site = stage.site(Time::morning(1.0));
    let mut tally = Tally::default();
    let mut wishes = stage.wishes();
    save(&site, &mut wishes, 1, &mut tally);
    let late = halted(&site, "attempt-decided", &mut tally);
    let sending = halted(&site, "before-send", &mut tally);
    go_on(&site, [late, sending], &mut tally);
    close(&site, &mut wishes, &mut tally);
    tally
}

/// A courier that stands still at a point.
fn halted(site: &Site, point: &str, tally: &mut Tally) -> Running {
    let words = format!("it stood still at {point}");
    let before = site.befell(&words);
    let courier = site.start(&COURIER, &[], &format!("stop={point}:1"));
    let began = Instant::now();
    while site.befell(&words) == before {
        if courier.ends_within(Duration::from_millis(5)).is_some() || began.elapsed() > PATIENCE {
            tally.breaks(Promise::Unwell, format!("{point} was not met"));
            return courier;
        }
    }
    tally.fire(&format!("halt {point}"), 1);
    courier
}

fn go_on<const N: usize>(site: &Site, halted: [Running; N], tally: &mut Tally) {
    for one in &halted {
        one.victim.go_on();
    }
    for one in halted {
        if one.ended(site.patience()).hung() {
            tally.breaks(Promise::Stuck, "it did not go on");
        }
    }
}
