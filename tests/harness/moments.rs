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
use crate::trades::WALK_IN;
use crate::wishes::Told;

pub fn scenes() -> Vec<Scene> {
    vec![
        Scene::new("moments: each point", each_point),
        Scene::new("moments: no answer", no_answer),
        Scene::new("moments: under way", under_way),
        Scene::new("moments: decided twice", decided_twice).of(&WALK_IN),
    ]
}

/// Dies once at each point, with one wish.
fn each_point(stage: &mut Stage) -> Tally {
    let site = stage.morning();
    let mut tally = Tally::default();
    let mut wishes = stage.wishes();
    for point in kills::SAVING {
        let keys = wishes.more(1);
        let runs = say(&site, &mut wishes, &keys, &format!("kill={point}:1"));
        if runs.iter().any(Ended::was_killed) {
            tally.kill(point);
        }
        tally.add(judge(&site, &mut wishes, When::Between));
        say(&site, &mut wishes, &keys, "");
        work(&site, &mut tally);
        if tally.is_broken() {
            return tally;
        }
    }
    for point in kills::SENDING {
        save(&site, &mut wishes, 1, &mut tally);
        let killed = site.run(&COURIER, &[], &format!("kill={point}:1"));
        if killed.was_killed() {
            tally.kill(point);
        }
        tally.add(judge(&site, &mut wishes, When::Between));
        work(&site, &mut tally);
        if tally.is_broken() {
            return tally;
        }
    }
    let points = kills::SAVING.len() + kills::SENDING.len();
    if tally.kills != points as u64 {
        tally.breaks(Promise::Unwell, "a point was not met");
    }
    close(&site, &mut wishes, &mut tally);
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

const COURIER: [&str; 2] = ["courier", "--until-idle"];

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
