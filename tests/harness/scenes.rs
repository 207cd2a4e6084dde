//! The scenes: what goes wrong in each, and what is judged after it.

pub mod clocks;
pub mod cuts;
pub mod desks;
pub mod disk;
pub mod files;
pub mod kills;
pub mod kinds;
pub mod locked;
pub mod moments;
pub mod vendor;

use crate::judge::{When, judge};
use crate::options::Options;
use crate::program::Ended;
use crate::site::Site;
use crate::stage::Scene;
use crate::tally::{Promise, Tally};
use crate::wishes::Wishes;

/// Everything that was asked for.
pub fn all(options: &Options) -> Vec<Scene> {
    // The longest wait first: it costs nothing but time.
    let mut scenes = locked::scenes();
    scenes.extend(moments::scenes());
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
    let keys = wishes.more(count);
    for ended in say(site, wishes, &keys, "") {
        if ended.hung() {
            tally.breaks(Promise::Unwell, "a wish was said, and nothing answered");
        }
    }
    insist(site, wishes);
}

/// Says these wishes, and hears what is answered: all in one run, or each in its own where it is a change. The trial
/// befalls the first run.
pub fn say(site: &Site, wishes: &mut Wishes, keys: &[String], trial: &str) -> Vec<Ended> {
    let Some(change) = site.trade.change else {
        let ended = site.run(&["submit", "-"], &wishes.lines(keys), trial);
        wishes.hear(&ended);
        return vec![ended];
    };
    book(site, wishes, keys);
    let mut runs = Vec::new();
    for key in keys {
        let wish = &wishes.all[key];
        let of = &wish.base.as_ref().unwrap().id;
        let wanted = change(wish);
        let wanted = wanted.iter().map(String::as_str);
        let mut arguments = vec!["change", of, "--key", key];
        arguments.extend(wanted);
        let mut ended = site.run(&arguments, &[], if runs.is_empty() { trial } else { "" });
        // Nothing was saved: whoever asks for so many lists at once asks again a little later.
        for _ in 0..60 {
            if !ended.out.contains("the request budget is used up") {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(500));
            ended = site.run(&arguments, &[], "");
        }
        wishes.hear(&ended);
        runs.push(ended);
    }
    runs
}

/// Books what these wishes change. Nothing goes wrong with it but that a loaded machine answers too late: then another
/// one is booked.
fn book(site: &Site, wishes: &mut Wishes, keys: &[String]) {
    for round in 0..5 {
        let lines = wishes.unbooked(keys, round);
        if lines.is_empty() {
            return;
        }
        let ended = site.run(&["submit", "-", "--wait"], &lines, "");
        wishes.booked(&ended);
    }
    assert!(wishes.unbooked(keys, 0).is_empty(), "nothing to change");
}

/// What could not be looked up for a line at a loaded vendor is said again.
pub fn insist(site: &Site, wishes: &mut Wishes) {
    for _ in 0..5 {
        let untold = wishes.untold();
        if untold.is_empty() {
            return;
        }
        say(site, wishes, &untold, "");
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
