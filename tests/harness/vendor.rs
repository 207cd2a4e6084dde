//! A vendor that fails in every way a vendor can, with and without effect.

use serde_json::{Value, json};

use crate::judge::{When, judge};
use crate::proxy::{Break, CREATE, How, Side};
use crate::scenes::{close, save, work};
use crate::site::{Site, Time};
use crate::stage::{Scene, Stage};
use crate::tally::{Promise, Tally};
use crate::wishes::Wishes;

/// Wishes of one scene.
const WISHES: u32 = 6;

pub fn scenes() -> Vec<Scene> {
    let mut scenes = vec![
        Scene::new("vendor: statuses", |stage| {
            let faults = [500, 502, 503, 504, 408, 418, 301, 400, 404].map(|status| {
                let body = "<html>not the vendor's words</html>";
                json!({"kind": "status", "status": status, "body": body})
            });
            spoilt(stage, &faults)
        }),
        Scene::new("vendor: statuses after the effect", |stage| {
            let faults = [500, 502, 503, 504, 408, 201, 202, 204, 418].map(
                |status| json!({"kind": "status", "status": status, "applied": true, "body": "{}"}),
            );
            spoilt(stage, &faults)
        }),
        Scene::new("vendor: redirects", redirected),
        Scene::new("vendor: pages", |stage| {
            let faults = [
                json!({"kind": "html", "status": 200}),
                json!({"kind": "html", "status": 200, "applied": true}),
                json!({"kind": "html", "status": 503, "applied": true}),
                json!({"kind": "html", "status": 404, "applied": true}),
            ];
            spoilt(stage, &faults)
        }),
        Scene::new("vendor: garbage", |stage| {
            let faults = [
                json!({"kind": "garbage", "bytes": 0}),
                json!({"kind": "garbage", "bytes": 200}),
                json!({"kind": "garbage", "bytes": 2_000_000}),
                json!({"kind": "cut", "bytes": 0}),
                json!({"kind": "cut", "bytes": 40}),
            ];
            spoilt(stage, &faults)
        }),
        Scene::new("vendor: silence", |stage| {
            let faults = [
                json!({"kind": "close-before"}),
                json!({"kind": "close-after"}),
                json!({"kind": "delay", "ms": 1_500}),
                json!({"kind": "drip", "bytes_per_chunk": 2, "ms": 20}),
            ];
            spoilt(stage, &faults)
        }),
        Scene::new("vendor: late effects", |stage| {
            let faults = [
                json!({"kind": "late", "ms": 30}),
                json!({"kind": "late", "ms": 300}),
                json!({"kind": "late", "ms": 300, "close": true}),
            ];
            spoilt(stage, &faults)
        }),
        Scene::new("vendor: conflicts", conflicts),
        Scene::new("vendor: out of reach", out_of_reach),
    ];
    for (name, retry_after) in [
        ("seconds", Some("20")),
        ("a date", Some("Mon, 23 Nov 2026 04:32:00 GMT")),
        ("nonsense", Some("soon")),
        ("nothing", None),
    ] {
        scenes.push(Scene::new(
            format!("vendor: 429 with {name}"),
            move |stage| limited(stage, retry_after),
        ));
    }
    for (name, call) in [
        ("before", "create"),
        ("during", "token"),
        ("refresh", "refresh"),
    ] {
        scenes.push(Scene::new(format!("vendor: 401 {name}"), move |stage| {
            signed_out(stage, call)
        }));
    }
    scenes.push(Scene::new("vendor: 401 after a doubt", signed_out_in_doubt));
    scenes.push(Scene::new("vendor: tokens lapse", tokens_lapse));
    scenes
}

/// Each fault in turn meets a few creates; between them the judge looks.
fn spoilt(stage: &mut Stage, faults: &[Value]) -> Tally {
    let site = stage.site(Time::morning(60.0));
    let mut tally = Tally::default();
    let mut wishes = Wishes::default();
    for fault in faults {
        play(&site, &mut wishes, &mut tally, fault);
        if tally.is_broken() {
            return tally;
        }
    }
    close(&site, &mut wishes, &mut tally);
    tally
}

fn play(site: &Site, wishes: &mut Wishes, tally: &mut Tally, fault: &Value) {
    save(site, wishes, WISHES, tally);
    site.arm("create", u64::from(WISHES), 1, fault);
    work(site, tally);
    for (kind, times) in site.disarm() {
        if times == 0 {
            tally.breaks(Promise::Unwell, format!("{kind} never fired"));
        }
        tally.fire(&kind, times);
    }
    tally.add(judge(site, wishes, When::Between));
}

fn redirected(stage: &mut Stage) -> Tally {
    let site = stage.site(Time::morning(60.0));
    let mut tally = Tally::default();
    let mut wishes = Wishes::default();
    let location = format!("http://{}/client/crm/lead/create", site.trap.address);
    for status in [301, 302, 303, 307, 308] {
        for applied in [false, true] {
            let fault = json!({
                "kind": "redirect", "location": location, "status": status, "applied": applied,
            });
            play(&site, &mut wishes, &mut tally, &fault);
        }
    }
    close(&site, &mut wishes, &mut tally);
    tally
}

/// The contact of each wish is somebody else's today: a lone 409 proves nothing of ours.
fn conflicts(stage: &mut Stage) -> Tally {
    let site = stage.site(Time::morning(60.0));
    let mut tally = Tally::default();
    let mut wishes = Wishes::default();
    let conflict = json!({"kind": "status", "status": 409});
    play(&site, &mut wishes, &mut tally, &conflict);
    close(&site, &mut wishes, &mut tally);
    tally
}

fn out_of_reach(stage: &mut Stage) -> Tally {
    let site = stage.site(Time::morning(60.0));
    let mut tally = Tally::default();
    let mut wishes = Wishes::default();
    save(&site, &mut wishes, WISHES, &mut tally);
    site.proxy.shut();
    let courier = site.start(&["courier", "--until-idle"], &[], "");
    let _ = courier.ends_within(site.time.real(60.0));
    site.proxy.heal();
    let ended = courier.ended(site.patience());
    if ended.hung() {
        tally.breaks(Promise::Stuck, "no courier goes on by itself");
    }
    for (kind, times) in site.proxy.fired() {
        tally.fire(&kind, times);
    }
    close(&site, &mut wishes, &mut tally);
    tally
}

/// A vendor that is asked for more while it wants rest counts it.
fn limited(stage: &mut Stage, retry_after: Option<&str>) -> Tally {
    let site = stage.site(Time::morning(20.0));
    let mut tally = Tally::default();
    let mut wishes = Wishes::default();
    let mut fault = json!({"kind": "status", "status": 429});
    if let Some(retry_after) = retry_after {
        fault["headers"] = json!({"retry-after": retry_after});
    }
    save(&site, &mut wishes, WISHES * 2, &mut tally);
    site.arm("create", 2, 3, &fault);
    work(&site, &mut tally);
    close(&site, &mut wishes, &mut tally);
    tally
}

fn signed_out(stage: &mut Stage, call: &str) -> Tally {
    let site = stage.site(Time::morning(60.0));
    let mut tally = Tally::default();
    let mut wishes = Wishes::default();
    save(&site, &mut wishes, WISHES, &mut tally);
    let refused = json!({"kind": "status", "status": 401});
    // Once is mended by a fresh token; three times in a row hold the queue.
    site.arm(call, 3, 0, &refused);
    if call == "refresh" {
        site.arm("create", 2, 1, &refused);
    }
    work(&site, &mut tally);
    close(&site, &mut wishes, &mut tally);
    tally
}

/// A try that nobody answered, then a 401: it does not make the first try undone.
fn signed_out_in_doubt(stage: &mut Stage) -> Tally {
    let site = stage.site(Time::morning(60.0));
    let mut tally = Tally::default();
    let mut wishes = Wishes::default();
    save(&site, &mut wishes, WISHES, &mut tally);
    let applied = json!({"kind": "status", "status": 504, "applied": true});
    site.arm("create", u64::from(WISHES), 0, &applied);
    site.arm("create", 4, 0, &json!({"kind": "status", "status": 401}));
    work(&site, &mut tally);
    close(&site, &mut wishes, &mut tally);
    tally
}

/// The vendor's clock runs ahead, so that tokens die while a queue is under way.
fn tokens_lapse(stage: &mut Stage) -> Tally {
    let site = stage.site(Time::morning(20.0));
    let mut tally = Tally::default();
    let mut wishes = Wishes::default();
    save(&site, &mut wishes, 20, &mut tally);
    site.proxy.plan((0..6).map(|_| Break {
        path: CREATE,
        side: Side::Request,
        part: 0.5,
        how: How::Reset,
    }));
    let courier = site.start(&["courier", "--until-idle"], &[], "");
    for _ in 0..6 {
        if courier.ends_within(site.time.real(2.0)).is_some() {
            break;
        }
        site.advance(601);
        tally.fire("tokens lapsed", 1);
    }
    if courier.ended(site.patience()).hung() {
        tally.breaks(Promise::Stuck, "the courier hung");
    }
    close(&site, &mut wishes, &mut tally);
    tally
}
