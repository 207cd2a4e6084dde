//! The scenes: what goes wrong in each, and what is judged after it.

pub mod clocks;
pub mod cuts;
pub mod desks;
pub mod disk;
pub mod files;
pub mod kills;
pub mod kinds;
pub mod locked;
pub mod vendor;

use crate::judge::{When, judge};
use crate::options::Options;
use crate::site::Site;
use crate::stage::Scene;
use crate::tally::{Promise, Tally};
use crate::wishes::Wishes;

/// Everything that was asked for.
pub fn all(options: &Options) -> Vec<Scene> {
    // The longest wait first: it costs nothing but time.
    let mut scenes = locked::scenes();
    scenes.extend(kills::scenes(options.kills));
    scenes.extend(cuts::scenes(options.cuts));
    scenes.extend(kinds::scenes(options));
    scenes.extend(vendor::scenes());
    scenes.extend(clocks::scenes());
    scenes.extend(desks::scenes());
    scenes.extend(disk::scenes());
    scenes.extend(files::scenes());
    scenes
}

/// Saves so many new wishes, and hears what is said.
pub fn save(site: &Site, wishes: &mut Wishes, count: u32, tally: &mut Tally) {
    let lines = wishes.more(count);
    let ended = site.run(&["submit", "-"], &lines, "");
    if ended.hung() {
        tally.breaks(Promise::Unwell, "submit hung");
    }
    wishes.hear(&ended);
    insist(site, wishes);
}

/// What could not be looked up for a line at a loaded vendor is said again.
pub fn insist(site: &Site, wishes: &mut Wishes) {
    for _ in 0..3 {
        let untold = wishes.untold();
        if untold.is_empty() {
            return;
        }
        let ended = site.run(&["submit", "-"], &untold, "");
        wishes.hear(&ended);
    }
}

/// Lets the courier work until nothing is left to do.
pub fn work(site: &Site, tally: &mut Tally) {
    let ended = site.run(&["courier", "--until-idle"], &[], "");
    if ended.hung() {
        tally.breaks(Promise::Stuck, format!("the courier hung: {}", ended.err));
    }
}

/// Nothing goes wrong any more: the work ends, and the judge looks.
pub fn close(site: &Site, wishes: &mut Wishes, tally: &mut Tally) {
    site.proxy.heal();
    for (kind, times) in site.disarm() {
        tally.fire(&kind, times);
    }
    work(site, tally);
    tally.add(judge(site, wishes, When::AtTheEnd));
}
