//! `kill -9` at named points, and while a request or its answer is on the line.

use crate::judge::{When, judge};
use crate::proxy::{Break, How, Side};
use crate::scenes::{close, save, say};
use crate::site::{Site, Time};
use crate::stage::{Scene, Stage};
use crate::tally::{Promise, Tally};
use crate::wishes::Wishes;

/// Kills of one scene.
pub const AT_ONCE: u32 = 12;

/// Points on the way of a wish into the store.
pub const SAVING: [&str; 2] = ["save-uncommitted", "save-committed"];

/// Points on its way to the vendor.
pub const SENDING: [&str; 6] = [
    "attempt-uncommitted",
    "attempt-committed",
    "before-send",
    "answered",
    "evidence-uncommitted",
    "evidence-committed",
];

pub fn scenes(kills: u32) -> Vec<Scene> {
    (0..kills)
        .step_by(AT_ONCE as usize)
        .map(|first| {
            let count = AT_ONCE.min(kills - first);
            Scene::new(format!("kills {first}"), move |stage| {
                play(stage, Time::morning(60.0), count)
            })
        })
        .collect()
}

/// Kills the program so often; every other time the vendor has been spoilt too.
pub fn play(stage: &mut Stage, time: Time, count: u32) -> Tally {
    let site = stage.site(time);
    let mut tally = Tally::default();
    let mut wishes = stage.wishes();
    let mut tries = 0;
    while tally.kills < u64::from(count) && tries < count * 4 {
        tries += 1;
        match stage.chance.u32(..10) {
            0..=2 => kill_saving(stage, &site, &mut wishes, &mut tally),
            3..=7 => kill_sending(stage, &site, &mut wishes, &mut tally),
            _ => kill_on_the_line(stage, &site, &mut wishes, &mut tally),
        }
        tally.add(judge(&site, &mut wishes, When::Between));
        if tally.is_broken() {
            return tally;
        }
    }
    if tally.kills < u64::from(count) {
        tally.breaks(Promise::Unwell, "too few kills met it alive");
    }
    close(&site, &mut wishes, &mut tally);
    tally
}

fn kill_saving(stage: &mut Stage, site: &Site, wishes: &mut Wishes, tally: &mut Tally) {
    let point = *stage.chance.choice(&SAVING).unwrap_or(&SAVING[0]);
    // A change has a run of its own, and is saved there alone.
    let visit = match site.trade.change {
        Some(_) => 1,
        None => stage.chance.u32(1..=3),
    };
    let keys = wishes.more(3);
    for ended in say(site, wishes, &keys, &format!("kill={point}:{visit}")) {
        if ended.was_killed() {
            tally.kill(point);
        }
    }
    tally.add(judge(site, wishes, When::Between));
    // The caller does not know what became of the rest, and says it all once more.
    say(site, wishes, &wishes.untold(), "");
}

fn kill_sending(stage: &mut Stage, site: &Site, wishes: &mut Wishes, tally: &mut Tally) {
    let point = *stage.chance.choice(&SENDING).unwrap_or(&SENDING[0]);
    let visit = stage.chance.u32(1..=3);
    save(site, wishes, 2, tally);
    let ended = site.run(
        &["courier", "--until-idle"],
        &[],
        &format!("kill={point}:{visit}"),
    );
    if ended.hung() {
        tally.breaks(Promise::Stuck, format!("the courier hung: {}", ended.err));
    }
    if ended.was_killed() {
        tally.kill(point);
    }
}

fn kill_on_the_line(stage: &mut Stage, site: &Site, wishes: &mut Wishes, tally: &mut Tally) {
    save(site, wishes, 2, tally);
    let side = if stage.chance.bool() {
        Side::Request
    } else {
        Side::Answer
    };
    site.proxy.plan([Break {
        path: site.trade.path(stage.chance.u32(..)),
        side,
        part: stage.chance.f64(),
        how: How::Kill,
    }]);
    let courier = site.start(&["courier", "--until-idle"], &[], "");
    site.proxy.aim(courier.victim.clone());
    let ended = courier.ended(site.patience());
    site.proxy.heal();
    if ended.was_killed() {
        tally.kill(match side {
            Side::Request => "mid-request",
            Side::Answer => "mid-answer",
        });
    }
}
