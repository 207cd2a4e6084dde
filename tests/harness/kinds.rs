//! Every kind of every vendor: answers that prove nothing, cut lines, kills; and what only some of them can meet.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::judge::{When, judge};
use crate::options::Options;
use crate::scenes::{clocks, close, cuts, disk, insist, kills, save, say, work};
use crate::site::{Site, Time};
use crate::stage::{Scene, Stage};
use crate::tally::{Promise, Tally};
use crate::trades::{APPOINTMENT, LEAD, RESCHEDULE, SCANNED, TRADES};
use crate::wishes::Wishes;

pub fn scenes(options: &Options) -> Vec<Scene> {
    let mut scenes = vec![
        Scene::new("meddbase-appointment: late", late).of(&APPOINTMENT),
        Scene::new("meddbase-change-reschedule: late", late).of(&RESCHEDULE),
        Scene::new("meddbase-appointment: never answered", never_answered).of(&APPOINTMENT),
        Scene::new("meddbase-appointment: patients", patients).of(&APPOINTMENT),
        Scene::new("meddbase-appointment: twins", twins).of(&APPOINTMENT),
        Scene::new("flabs-prebooking-scanned: twins", twins).of(&SCANNED),
    ];
    for trade in TRADES {
        let name = trade.name;
        scenes.push(Scene::new(format!("{name}: answers"), answers).of(trade));
        if let Some(call) = trade.then {
            let scene = Scene::new(format!("{name}: second half"), move |stage| {
                // What comes before it has all the time that it needs.
                spoilt(stage, Time::morning(10.0), call, 26)
            });
            scenes.push(scene.of(trade));
        }
        if trade.change.is_some() {
            let disk = Scene::new(format!("{name}: forgotten"), |stage| {
                disk::failing(stage, "commit=forgotten:1:3", "a commit was forgotten")
            });
            let clock = Scene::new(format!("{name}: jump"), |stage| clocks::jump(stage, 240));
            scenes.extend([disk, clock].map(|scene| scene.of(trade)));
        }
        // The lead has scenes of its own.
        if name == LEAD.name {
            continue;
        }
        for first in (0..options.kind_kills).step_by(kills::AT_ONCE as usize) {
            let count = kills::AT_ONCE.min(options.kind_kills - first);
            let scene = Scene::new(format!("{name}: killed {first}"), move |stage| {
                kills::play(stage, Time::morning(trade.speed), count)
            });
            scenes.push(scene.of(trade));
        }
        for first in (0..options.kind_cuts).step_by(cuts::AT_ONCE as usize) {
            let count = cuts::AT_ONCE.min(options.kind_cuts - first);
            let scene = Scene::new(format!("{name}: cut {first}"), move |stage| {
                cuts::play(stage, first, count)
            });
            scenes.push(scene.of(trade));
        }
    }
    scenes
}

/// Everything that a vendor can answer without saying what it did.
fn faults(site: &Site) -> Vec<Value> {
    let location = format!("http://{}{}", site.trap.address, site.trade.create);
    let page = "<html>not the vendor's words</html>";
    let mut faults = vec![
        json!({"kind": "close-before"}),
        json!({"kind": "close-after"}),
        json!({"kind": "late", "ms": 300}),
        json!({"kind": "late", "ms": 300, "close": true}),
        json!({"kind": "cut", "bytes": 0}),
        json!({"kind": "cut", "bytes": 30}),
        json!({"kind": "garbage", "bytes": 0}),
        json!({"kind": "garbage", "bytes": 200}),
        json!({"kind": "html", "status": 200}),
        json!({"kind": "html", "status": 200, "applied": true}),
        json!({"kind": "html", "status": 503, "applied": true}),
        json!({"kind": "redirect", "location": location}),
        json!({"kind": "redirect", "location": location, "status": 307, "applied": true}),
    ];
    for status in [408, 500, 502, 503, 504] {
        faults.push(json!({"kind": "status", "status": status, "body": page}));
        faults.push(json!({"kind": "status", "status": status, "applied": true}));
    }
    faults
}

fn answers(stage: &mut Stage) -> Tally {
    let site = stage.morning();
    let mut tally = Tally::default();
    let mut wishes = stage.wishes();
    let faults = faults(&site);
    let count = u32::try_from(faults.len()).unwrap_or_default();
    save(&site, &mut wishes, count + 2, &mut tally);
    for fault in &faults {
        site.arm(site.trade.call, 1, 0, fault);
    }
    work(&site, &mut tally);
    spent(&site, &mut tally);
    tally.add(judge(&site, &mut wishes, When::Between));
    close(&site, &mut wishes, &mut tally);
    tally
}

/// Counts the faults that were armed; each must have fired.
fn spent(site: &Site, tally: &mut Tally) {
    for (kind, times) in site.disarm() {
        if times == 0 {
            tally.breaks(Promise::Unwell, format!("{kind} never fired"));
        }
        tally.fire(&kind, times);
    }
}

/// Records that appear while the vendor's list is read again and again: who sends once more after the first look makes
/// second ones.
fn late(stage: &mut Stage) -> Tally {
    const WISHES: u32 = 3;
    let site = stage.site(Time::morning(60.0));
    let mut tally = Tally::default();
    let mut wishes = stage.wishes();
    save(&site, &mut wishes, WISHES, &mut tally);
    // Far from the first look and from the one after 3 min of the clock, which is the last that counts.
    let after = site.time.real(90.0).as_millis();
    let fault = json!({"kind": "late", "ms": u64::try_from(after).unwrap_or_default()});
    site.arm(site.trade.call, u64::from(WISHES), 0, &fault);
    work(&site, &mut tally);
    spent(&site, &mut tally);
    let is_there = |row: &&Value| row["fault"] == "late";
    let until = Instant::now() + Duration::from_secs(60);
    while site.ledger().iter().filter(is_there).count() < WISHES as usize && Instant::now() < until
    {
        std::thread::yield_now();
    }
    close(&site, &mut wishes, &mut tally);
    tally
}

/// One resend is all, however often the list shows that nothing is there.
fn never_answered(stage: &mut Stage) -> Tally {
    let time = Time::morning(stage.trade.speed);
    play_one(stage, time, 2, |site| {
        site.arm(site.trade.call, 8, 0, &json!({"kind": "close-before"}));
    })
}

/// What comes before the booking may be done again, and books nothing.
fn patients(stage: &mut Stage) -> Tally {
    let time = Time::morning(stage.trade.speed);
    spoilt(stage, time, "meddbase-create-patient", 16)
}

/// Every answer that proves nothing, to a call that is not the create itself.
fn spoilt(stage: &mut Stage, time: Time, call: &'static str, count: u32) -> Tally {
    play_one(stage, time, count, |site| {
        for fault in faults(site) {
            site.arm(call, 1, 0, &fault);
        }
    })
}

fn play_one(stage: &mut Stage, time: Time, count: u32, spoil: impl FnOnce(&Site)) -> Tally {
    let site = stage.site(time);
    let mut tally = Tally::default();
    let mut wishes = stage.wishes();
    save(&site, &mut wishes, count, &mut tally);
    spoil(&site);
    work(&site, &mut tally);
    spent(&site, &mut tally);
    close(&site, &mut wishes, &mut tally);
    tally
}

/// The same is wished twice, and the vendor has one of them: the other one is not proven by that.
fn twins(stage: &mut Stage) -> Tally {
    let site = stage.morning();
    let mut tally = Tally::default();
    let mut wishes: Wishes = stage.wishes();
    for round in 0..4 {
        let keys = wishes.twins();
        say(&site, &mut wishes, &keys, "");
        insist(&site, &mut wishes);
        // Every other time nothing goes wrong but that there are two of it.
        if round % 2 == 0 {
            site.arm(site.trade.call, 1, 1, &json!({"kind": "close-before"}));
        }
        work(&site, &mut tally);
        spent(&site, &mut tally);
        tally.add(judge(&site, &mut wishes, When::Between));
    }
    close(&site, &mut wishes, &mut tally);
    tally
}
