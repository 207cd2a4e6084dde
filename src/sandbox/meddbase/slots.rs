//! When somebody can be seen: the clinicians' sessions, cut into appointments, without what is taken.
//!
//! <https://meddbase.github.io/meddbase-apis/patient-portal-api/appointments/getproposedtimeslots.html>

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

use super::clinic::{Clinic, Clinician, Kind, Location, Session, Site};
use super::refusal::Refusal;
use super::sent::Sent;

/// Days ahead that any horizon may reach.
const LONGEST: i64 = 3_660;

/// A clinician is taken from one moment to another.
#[derive(Clone, Copy)]
pub struct Taken {
    pub clinician: i64,
    pub starts: DateTime<Utc>,
    pub ends: DateTime<Utc>,
}

/// A time at which a clinician could see somebody; the times are wall-clock times at the site.
#[derive(Clone, Copy)]
pub struct Slot<'a> {
    pub site: &'a Site,
    pub location: &'a Location,
    pub clinician: &'a Clinician,
    pub start: NaiveDateTime,
    pub finish: NaiveDateTime,
    pub starts: DateTime<Utc>,
    pub ends: DateTime<Utc>,
}

/// What is looked for; 0 is any.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    pub kind: &'a Kind,
    pub clinician: i64,
    pub sex: i64,
    pub site: i64,
    pub location: i64,
    /// Inclusive; None from now on.
    pub from: Option<NaiveDateTime>,
    /// Exclusive; None as far as it goes.
    pub to: Option<NaiveDateTime>,
    /// The earliest start and the latest finish of a day.
    pub hours: (Option<NaiveTime>, Option<NaiveTime>),
    pub half: Half,
}

/// `time-preference`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    Any,
    Morning,
    Afternoon,
}

impl<'a> Wanted<'a> {
    /// As the query of a search asks for it.
    pub fn read(sent: &Sent, kind: &'a Kind) -> Result<Self, Refusal> {
        let any = |name: &str| Ok::<_, Refusal>(sent.int(name)?.unwrap_or(0));
        let hours = (sent.hour("time-from")?, sent.hour("time-to")?);
        let half = match sent.within("time-preference", 0, 2)? {
            _ if hours != (None, None) => Half::Any,
            Some(1) => Half::Morning,
            Some(2) => Half::Afternoon,
            _ => Half::Any,
        };
        Ok(Self {
            kind,
            clinician: any("clinician")?,
            sex: sent.within("clinician-sex", 0, 2)?.unwrap_or(0),
            site: any("site")?,
            location: any("location")?,
            from: sent.local("from-date")?,
            to: sent.local("to-date")?,
            hours,
            half,
        })
    }

    fn takes_session(&self, person: &Clinician, session: &Session) -> bool {
        let is_any = |wanted: i64, has: i64| wanted == 0 || wanted == has;
        is_any(self.clinician, person.key)
            && is_any(self.sex, person.sex)
            && is_any(self.site, session.site)
            && is_any(self.location, session.location)
            && session.types.contains(&self.kind.key)
    }

    fn takes_time(&self, start: NaiveDateTime, finish: NaiveDateTime) -> bool {
        let noon = NaiveTime::default() + TimeDelta::hours(12);
        let is_half = match self.half {
            Half::Any => true,
            Half::Morning => start.time() < noon,
            Half::Afternoon => start.time() >= noon,
        };
        is_half
            && self.from.is_none_or(|from| start >= from)
            && self.to.is_none_or(|to| start < to)
            && self.hours.0.is_none_or(|from| start.time() >= from)
            && self.hours.1.is_none_or(|to| finish.time() <= to)
    }
}

/// Free slots, soonest first: at most `most` of them, and none that has begun or lies beyond the horizon.
pub fn free<'a>(
    clinic: &'a Clinic,
    taken: &[Taken],
    wanted: &Wanted<'_>,
    now: DateTime<Utc>,
    horizon_days: i64,
    most: usize,
) -> Vec<Slot<'a>> {
    let last = now + TimeDelta::days(horizon_days.clamp(0, LONGEST));
    let first_day = wanted.from.map_or(now.date_naive(), |from| from.date());
    // A site's day may begin before the day of UTC, and end after it.
    let mut day = first_day.max(now.date_naive()) - Days::new(1);
    let end = wanted.to.map_or(last.date_naive(), |to| to.date());
    let end = end.min(last.date_naive()) + Days::new(1);
    let mut found = Vec::new();
    while day <= end && found.len() < most {
        let mut of_day = on(clinic, wanted, day);
        of_day.retain(|slot| slot.starts > now && slot.starts <= last && slot.is_free(taken));
        found.append(&mut of_day);
        day = day + Days::new(1);
    }
    found.sort_by_key(|slot| (slot.starts, slot.site.key, slot.location.key));
    found.truncate(most);
    found
}

/// All slots of a day, free or not.
fn on<'a>(clinic: &'a Clinic, wanted: &Wanted<'_>, day: NaiveDate) -> Vec<Slot<'a>> {
    let mut slots = Vec::new();
    let length = TimeDelta::minutes(wanted.kind.minutes);
    for clinician in &clinic.clinicians {
        for session in &clinician.sessions {
            let (Some(site), true) = (
                clinic.site(session.site),
                session.days.contains(&day.weekday()) && wanted.takes_session(clinician, session),
            ) else {
                continue;
            };
            let Some(location) = site.location(session.location) else {
                continue;
            };
            let mut start = day.and_time(session.from);
            while start + length <= day.and_time(session.to) {
                let finish = start + length;
                let moments = site.moment(start).zip(site.moment(finish));
                if let Some((starts, ends)) = moments.filter(|_| wanted.takes_time(start, finish)) {
                    slots.push(Slot {
                        site,
                        location,
                        clinician,
                        start,
                        finish,
                        starts,
                        ends,
                    });
                }
                start = finish;
            }
        }
    }
    slots
}

impl Slot<'_> {
    fn is_free(&self, taken: &[Taken]) -> bool {
        !taken.iter().any(|taken| {
            taken.clinician == self.clinician.key
                && taken.starts < self.ends
                && self.starts < taken.ends
        })
    }
}
