//! Several couriers on one store at once, some of them killed.

use std::time::Duration;

use crate::judge::{When, judge};
use crate::program::Running;
use crate::proxy::{Break, CREATE, How, Side};
use crate::scenes::{close, save};
use crate::site::{Site, Time};
use crate::stage::{Scene, Stage};
use crate::tally::{Promise, Tally};
use crate::wishes::Wishes;

pub fn scenes() -> Vec<Scene> {
    let mut scenes = Vec::new();
    for desks in [2, 4] {
        scenes.push(Scene::new(format!("{desks} desks: kills"), move |stage| {
            killed(stage, desks)
        }));
        scenes.push(Scene::new(format!("{desks} desks: budget"), move |stage| {
            hurried(stage, desks)
        }));
    }
    scenes
}

fn courier(site: &Site) -> Running {
    site.start(&["courier", "--until-idle"], &[], "")
}

/// One of them dies at any moment, and another takes its place.
fn killed(stage: &mut Stage, desks: usize) -> Tally {
    let site = stage.site(Time::morning(60.0));
    let mut tally = Tally::default();
    let mut wishes = Wishes::default();
    for _ in 0..6 {
        save(&site, &mut wishes, 8, &mut tally);
        site.proxy.plan((0..3).map(|_| Break {
            path: CREATE,
            side: Side::Answer,
            part: 0.3,
            how: How::Reset,
        }));
        let mut running: Vec<Running> = (0..desks).map(|_| courier(&site)).collect();
        let moment = Duration::from_millis(stage.chance.u64(20..250));
        let victim = running.remove(0);
        if victim.ends_within(moment).is_none() && victim.kill().0 {
            tally.kill("one of several");
        }
        for other in running {
            if other.ended(site.patience()).hung() {
                tally.breaks(Promise::Stuck, "a courier hung");
            }
        }
        site.proxy.heal();
        tally.add(judge(&site, &mut wishes, When::Between));
        if tally.is_broken() {
            return tally;
        }
    }
    for (kind, times) in site.proxy.fired() {
        tally.fire(&kind, times);
    }
    close(&site, &mut wishes, &mut tally);
    tally
}

/// More wishes than a minute of the vendor's takes.
fn hurried(stage: &mut Stage, desks: usize) -> Tally {
    let site = stage.site(Time::morning(15.0));
    let mut tally = Tally::default();
    let mut wishes = Wishes::default();
    save(&site, &mut wishes, 110, &mut tally);
    let running: Vec<Running> = (0..desks).map(|_| courier(&site)).collect();
    for one in running {
        if one.ended(site.patience()).hung() {
            tally.breaks(Promise::Stuck, "a courier hung");
        }
    }
    // Each was sent once at least: more than a minute's requests.
    let sent = site.ledger().len();
    tally.fire("more than the budget", u64::from(sent > 60));
    close(&site, &mut wishes, &mut tally);
    tally
}
