//! The profiles of one console: one is shown and gets the keys, the others work on until it is their turn again.
//!
//! Each that was opened is a station of its own, with its forms, its cards and its courier; the others are opened when
//! a person goes there. Must not know the terminal.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::io;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::station::Station;
use super::worker::Worker;
use crate::app::keymap::Keymap;
use crate::app::profiles::ProfileName;
use crate::app::{App, Effect, Event};
use crate::clock::{Clock, Steady};
use crate::desk::Setup;
use crate::domain::offer::Offer;

/// How often the workers are told that somebody is at the console, at most.
const USE_TOLD: Duration = Duration::from_secs(60);

/// A profile ready to be opened.
pub struct Opening {
    pub offer: Arc<Offer>,
    pub setup: Setup,
}

/// Finds a profile by its name, or says why it cannot be opened. It must not take long.
pub type Find = Box<dyn Fn(&str) -> Result<Opening, String>>;

/// What a console is told of its profiles.
pub struct Profiles {
    /// Those of the configuration first.
    pub names: Vec<ProfileName>,
    pub keymap: Keymap,
    pub find: Find,
}

impl Profiles {
    /// A profile's console before anything behind it has started, and its first orders.
    pub fn console(
        &self,
        opening: &Opening,
        now: DateTime<Utc>,
        size: (u16, u16),
    ) -> (App, Vec<Effect>) {
        let salt = fastrand::u16(..);
        let offer = opening.offer.clone();
        let mut app = App::new(offer, self.keymap.clone(), now, size, salt);
        app.price_age =
            TimeDelta::from_std(opening.setup.account.price_age).unwrap_or(TimeDelta::MAX);
        let here = &app.offer.profile;
        let names = self.names.iter().map(|profile| ProfileName {
            is_here: profile.name == *here,
            ..profile.clone()
        });
        app.profiles = names.collect();
        let orders = app.start();
        (app, orders)
    }
}

/// The open profiles.
pub struct Stations {
    shown: Station,
    others: Vec<Station>,
    profiles: Profiles,
    clock: Clock,
    /// When the workers were told last that somebody is here.
    used_at: Option<Steady>,
}

/// What is left to do for whoever has the terminal.
#[derive(Debug, Default)]
pub struct Rest {
    /// In their order.
    pub orders: Vec<Effect>,
    /// The screen may differ from what stands there.
    pub is_seen: bool,
}

impl Stations {
    /// Starts what lies behind the first console.
    pub fn start(
        profiles: Profiles,
        clock: Clock,
        (app, orders): (App, Vec<Effect>),
        setup: Setup,
    ) -> io::Result<Self> {
        Ok(Self {
            shown: Station::start(app, orders, setup)?,
            others: Vec::new(),
            profiles,
            clock,
            used_at: None,
        })
    }

    /// The console that is shown.
    pub fn app(&self) -> &App {
        &self.shown.app
    }

    /// Waits until any worker has told something. Nothing is lost if it is dropped while it waits.
    pub async fn told(&mut self) {
        poll_fn(|context| {
            let mut stations = std::iter::once(&mut self.shown).chain(&mut self.others);
            if stations.any(|station| station.poll_told(context).is_ready()) {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
    }

    /// When something happens next by itself: the screen changes, or one that is not shown has an errand.
    pub fn next_change(&self) -> Option<DateTime<Utc>> {
        let errands = self.others.iter();
        let errands = errands.filter_map(|other| other.app.next_errand());
        errands.chain(self.shown.app.next_change()).min()
    }

    /// Everything that was told meanwhile, each to its own console, and what was typed to the one that is shown.
    pub fn react(&mut self, typed: Vec<Event>) -> io::Result<Rest> {
        let now = self.clock.now();
        let is_due = |at: Option<DateTime<Utc>>| at.is_some_and(|at| at <= now);
        let mut rest = Rest::default();
        if typed.iter().any(is_by_hand) {
            self.tell_use();
        }
        for other in &mut self.others {
            let told = other.take_told();
            if told.is_empty() && !is_due(other.app.next_errand()) {
                continue;
            }
            other.overhear(Event::ClockRead(now))?;
            for event in told {
                other.overhear(event)?;
            }
        }
        // Answers that are there come before the keys.
        let told = self.shown.take_told();
        if !told.is_empty() || !typed.is_empty() || is_due(self.shown.app.next_change()) {
            rest.is_seen = true;
            let mut orders = VecDeque::from(self.shown.hear(Event::ClockRead(now))?);
            for event in told.into_iter().chain(typed) {
                orders.extend(self.shown.hear(event)?);
            }
            // Last, so that what was typed behind the order for another profile goes there, or nowhere.
            while let Some(order) = orders.pop_front() {
                match order {
                    Effect::OpenProfile(name) => orders.extend(self.show(&name)?),
                    order => rest.orders.push(order),
                }
            }
        }
        self.count_elsewhere(&mut rest)?;
        Ok(rest)
    }

    /// Now and then is enough, and while nobody is here nothing is told.
    fn tell_use(&mut self) {
        let now = self.clock.steady();
        let is_new = |last: Steady| now.saturating_sub(last) >= USE_TOLD;
        if self.used_at.is_none_or(is_new) {
            self.used_at = Some(now);
            self.shown.is_used();
            self.others.iter().for_each(Station::is_used);
        }
    }

    /// The console ends: what was typed in any profile goes to disk.
    pub fn leave(&mut self) -> io::Result<()> {
        for station in std::iter::once(&mut self.shown).chain(&mut self.others) {
            station.hear(Event::Leaving)?;
        }
        Ok(())
    }

    /// Sends under way get a moment, in all profiles at the same time.
    pub fn finish(self) {
        let stations = std::iter::once(self.shown).chain(self.others);
        Worker::finish_all(stations.map(Station::into_worker));
    }

    /// Shows a profile; what was typed ahead for it goes with it. One that cannot be opened says why, and the one that
    /// is shown stays.
    fn show(&mut self, name: &str) -> io::Result<Vec<Effect>> {
        let mut orders = self.shown.hear(Event::Leaving)?;
        let next = match self.take(name) {
            Ok(next) => next,
            Err(why) => {
                orders.extend(self.shown.hear(Event::ProfileNotOpened { why })?);
                return Ok(orders);
            }
        };
        let (width, height) = self.shown.app.size;
        let ahead = self.shown.app.hand_over();
        let left = std::mem::replace(&mut self.shown, next);
        self.others.push(left);
        self.shown.comes_back();
        let first = [
            Event::Resized { width, height },
            Event::ClockRead(self.clock.now()),
        ];
        for event in first.into_iter().chain(ahead) {
            orders.extend(self.shown.hear(event)?);
        }
        Ok(orders)
    }

    /// The station of a profile, taken from those that are open or opened now.
    fn take(&mut self, name: &str) -> Result<Station, String> {
        let mut others = self.others.iter();
        if let Some(place) = others.position(|other| other.app.offer.profile == name) {
            return Ok(self.others.remove(place));
        }
        let opening = (self.profiles.find)(name)?;
        let size = self.shown.app.size;
        let (app, orders) = self.profiles.console(&opening, self.clock.now(), size);
        Station::start(app, orders, opening.setup).map_err(|error| error.to_string())
    }

    /// Tells the console that is shown what is under way in the others.
    fn count_elsewhere(&mut self, rest: &mut Rest) -> io::Result<()> {
        let tallies: Vec<_> = self.others.iter().map(Station::tally).collect();
        if self.shown.app.elsewhere != tallies {
            rest.is_seen = true;
            let orders = self.shown.hear(Event::ElsewhereCounted(tallies))?;
            rest.orders.extend(orders);
        }
        Ok(())
    }
}

/// A person did it: the window may change its size by itself.
fn is_by_hand(event: &Event) -> bool {
    matches!(
        event,
        Event::KeyPressed(_) | Event::Pasted(_) | Event::Burst { .. }
    )
}
