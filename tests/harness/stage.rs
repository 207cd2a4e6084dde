//! What a scene is played with, and who plays many of them at once.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use fastrand::Rng;
use tokio::runtime::Handle;

use crate::site::{Site, Time};
use crate::tally::{Promise, Tally};
use crate::trades::{LEAD, Trade};
use crate::wishes::Wishes;

type Play = Box<dyn FnOnce(&mut Stage) -> Tally + Send>;

/// A play with a name; its faults follow from the seed and the name.
pub struct Scene {
    pub name: String,
    /// The known mistake that is brought back in it.
    pub bug: Option<&'static str>,
    /// What is sent in it.
    pub trade: &'static Trade,
    play: Play,
}

impl Scene {
    pub fn new(
        name: impl Into<String>,
        play: impl FnOnce(&mut Stage) -> Tally + Send + 'static,
    ) -> Self {
        Self {
            name: name.into(),
            bug: None,
            trade: &LEAD,
            play: Box::new(play),
        }
    }

    /// The same of another trade.
    pub fn of(self, trade: &'static Trade) -> Self {
        Self { trade, ..self }
    }

    /// The same scene with a known mistake.
    pub fn with(self, bug: &'static str) -> Self {
        Self {
            bug: Some(bug),
            ..self
        }
    }
}

/// A scene that is over.
pub struct Played {
    pub name: String,
    pub bug: Option<&'static str>,
    pub trade: &'static Trade,
    pub tally: Tally,
    pub took: Duration,
}

pub struct Stage {
    runtime: Handle,
    pub chance: Rng,
    pub trade: &'static Trade,
    bug: Option<&'static str>,
}

impl Stage {
    pub fn site(&self, time: Time) -> Site {
        Site::open(time, self.trade, &self.runtime, self.bug)
    }

    /// A day on which nothing happens, as fast as the trade can bear.
    pub fn morning(&self) -> Site {
        self.site(Time::morning(self.trade.speed))
    }

    pub fn wishes(&self) -> Wishes {
        Wishes::of(self.trade)
    }
}

/// Plays all scenes, so many at once, and gives what came of each.
pub fn play_all(scenes: Vec<Scene>, workers: usize, seed: u64, runtime: &Handle) -> Vec<Played> {
    let waiting = Mutex::new(scenes.into_iter());
    let played = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let Some(scene) = lock(&waiting).next() else {
                        return;
                    };
                    let mut stage = Stage {
                        runtime: runtime.clone(),
                        chance: Rng::with_seed(seed ^ sum(&scene.name)),
                        trade: scene.trade,
                        bug: scene.bug,
                    };
                    let began = Instant::now();
                    let play = AssertUnwindSafe(|| (scene.play)(&mut stage));
                    let tally = catch_unwind(play).unwrap_or_else(|_| {
                        let mut tally = Tally::default();
                        tally.breaks(Promise::Unwell, "the scene broke off");
                        tally
                    });
                    lock(&played).push(Played {
                        name: scene.name,
                        bug: scene.bug,
                        trade: scene.trade,
                        tally,
                        took: began.elapsed(),
                    });
                }
            });
        }
    });
    played.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A number of a name, the same on every machine.
fn sum(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |sum, byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
