//! Midnight at the vendor, the leap day, and wall clocks that jump.

use serde_json::json;

use crate::judge::{When, judge};
use crate::proxy::{Break, How, Side};
use crate::scenes::{close, kills, save, work};
use crate::site::Time;
use crate::stage::{Scene, Stage};
use crate::tally::Tally;
use crate::wishes::Wishes;

pub fn scenes() -> Vec<Scene> {
    let mut scenes = Vec::new();
    for (name, evening) in [
        ("midnight", "2026-11-23T23:5"),
        ("into the leap day", "2028-02-28T23:5"),
        ("out of the leap day", "2028-02-29T23:5"),
    ] {
        for minute in [4, 7, 9] {
            let start = format!("{evening}{minute}:20+05:30");
            scenes.push(Scene::new(format!("{name}: unanswered from :5{minute}"), {
                let start = start.clone();
                move |stage| unanswered(stage, Time::from(&start, 60.0))
            }));
            if minute == 9 {
                scenes.push(Scene::new(format!("{name}: kills"), move |stage| {
                    kills::play(stage, Time::from(&start, 40.0), 4)
                }));
            }
        }
    }
    // Within the day, which the vendor's own clock never leaves.
    for hours in [-6_i64, -1, 1, 6] {
        scenes.push(Scene::new(format!("jump: {hours} h"), move |stage| {
            jump(stage, hours * 3_600)
        }));
    }
    scenes
}

/// Records are made and not answered, so near to midnight that a resend would meet another day.
fn unanswered(stage: &mut Stage, time: Time) -> Tally {
    let site = stage.site(time);
    let mut tally = Tally::default();
    let mut wishes = Wishes::default();
    save(&site, &mut wishes, 8, &mut tally);
    let applied = json!({"kind": "status", "status": 504, "applied": true});
    site.arm("create", 6, 0, &applied);
    site.arm("create", 2, 0, &json!({"kind": "close-after"}));
    // So often that the last tries wait until after midnight.
    site.arm("create", 28, 0, &json!({"kind": "status", "status": 503}));
    work(&site, &mut tally);
    for (kind, times) in site.disarm() {
        tally.fire(&kind, times);
    }
    tally.add(judge(&site, &mut wishes, When::Between));
    // The next one begins after midnight, whatever was left.
    let left = site.time.real(400.0);
    drop(site.start(&["courier"], &[], "").ended(left));
    close(&site, &mut wishes, &mut tally);
    tally
}

pub fn jump(stage: &mut Stage, seconds: i64) -> Tally {
    let site = stage.morning();
    let mut tally = Tally::default();
    let mut wishes = stage.wishes();
    save(&site, &mut wishes, 10, &mut tally);
    site.proxy.plan((0..10).map(|index| Break {
        path: site.trade.path(index),
        side: if index % 3 == 0 {
            Side::Answer
        } else {
            Side::Request
        },
        part: 0.5,
        how: How::Close,
    }));
    // The clock jumps while it waits for this one.
    let delay = json!({"kind": "delay", "ms": 200});
    site.arm(site.trade.call, 1, 0, &delay);
    let jump = format!("jump={seconds}@{}", stage.chance.u32(10..80));
    let ended = site.run(&["courier", "--until-idle"], &[], &jump);
    if ended.hung() {
        tally.breaks(crate::tally::Promise::Stuck, "it waits for ever");
    }
    let jumps = site.befell("the clock jumped");
    tally.fire("clock jumped", jumps);
    if jumps == 0 {
        tally.breaks(crate::tally::Promise::Unwell, "the clock never jumped");
    }
    for (kind, times) in site.proxy.fired() {
        tally.fire(&kind, times);
    }
    close(&site, &mut wishes, &mut tally);
    tally
}
