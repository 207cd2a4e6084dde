//! A disk that is full, commits that fail, files that an earlier program wrote, and what is forgotten on purpose.

use crate::judge::{When, judge};
use crate::scenes::{close, save, say, work};
use crate::site::Site;
use crate::stage::{Scene, Stage};
use crate::tally::{Promise, Tally};

pub fn scenes() -> Vec<Scene> {
    let mut scenes = Vec::new();
    for how in ["refused", "forgotten"] {
        for first in [1, 2, 5] {
            scenes.push(Scene::new(
                format!("disk: {how} from {first}"),
                move |stage| {
                    failing(
                        stage,
                        &format!("commit={how}:{first}:3"),
                        &format!("a commit was {how}"),
                    )
                },
            ));
        }
    }
    scenes.push(Scene::new("disk: full", |stage| {
        failing(
            stage,
            "commit=refused:2:1 disk=full:2:4",
            "the disk is full",
        )
    }));
    scenes
}

/// The disk fails while wishes are saved, and again while they are sent; it comes back by itself.
pub fn failing(stage: &mut Stage, trial: &str, word: &str) -> Tally {
    let site = stage.morning();
    let mut tally = Tally::default();
    let mut wishes = stage.wishes();
    save(&site, &mut wishes, 3, &mut tally);
    for _ in 0..3 {
        let keys = wishes.more(4);
        say(&site, &mut wishes, &keys, trial);
        tally.add(judge(&site, &mut wishes, When::Between));
        let untold = wishes.untold();
        say(&site, &mut wishes, &untold, "");
        send(&site, trial, &mut tally);
        tally.add(judge(&site, &mut wishes, When::Between));
    }
    tally.fire(word, site.befell(word));
    if site.befell(word) == 0 {
        tally.breaks(Promise::Unwell, format!("never happened: {word}"));
    }
    close(&site, &mut wishes, &mut tally);
    tally
}

fn send(site: &Site, trial: &str, tally: &mut Tally) {
    let ended = site.run(&["courier", "--until-idle"], &[], trial);
    if ended.hung() {
        tally.breaks(Promise::Stuck, "it does not go on by itself");
        work(site, tally);
    }
}
