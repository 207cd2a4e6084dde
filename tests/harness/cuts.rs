//! Connections that break after any byte of the request or of the answer.

use crate::proxy::{Break, How, Side};
use crate::scenes::{close, save, work};
use crate::stage::{Scene, Stage};
use crate::tally::Tally;

/// Cuts of one scene.
pub const AT_ONCE: u32 = 25;

/// The golden section spreads any number of cuts evenly over the bytes.
const SPREAD: f64 = 0.618_033_988_749_895;

pub fn scenes(cuts: u32) -> Vec<Scene> {
    (0..cuts)
        .step_by(AT_ONCE as usize)
        .map(|first| {
            let count = AT_ONCE.min(cuts - first);
            Scene::new(format!("cuts {first}"), move |stage| {
                play(stage, first, count)
            })
        })
        .collect()
}

pub fn play(stage: &mut Stage, first: u32, count: u32) -> Tally {
    let site = stage.morning();
    let mut tally = Tally::default();
    let mut wishes = stage.wishes();
    // A cut that found no call is made again.
    for _ in 0..4 {
        let missing = count - u32::try_from(tally.cuts).unwrap_or(count).min(count);
        if missing == 0 {
            break;
        }
        save(&site, &mut wishes, missing, &mut tally);
        let cuts = (0..missing).map(|index| cut(stage, first + index));
        site.proxy.plan(cuts.collect::<Vec<_>>());
        work(&site, &mut tally);
        site.proxy.heal();
        tally.cuts = site.proxy.fired().values().sum();
    }
    for (kind, times) in site.proxy.fired() {
        tally.fire(&kind, times);
    }
    close(&site, &mut wishes, &mut tally);
    tally
}

fn cut(stage: &mut Stage, index: u32) -> Break {
    let how = match stage.chance.u32(..20) {
        0 => How::Silence,
        1 => How::Drip,
        2..=10 => How::Close,
        _ => How::Reset,
    };
    Break {
        path: if index.is_multiple_of(20) {
            stage.trade.token
        } else {
            stage.trade.path(index)
        },
        side: if index.is_multiple_of(2) {
            Side::Answer
        } else {
            Side::Request
        },
        part: (f64::from(index) * SPREAD).fract(),
        how,
    }
}
