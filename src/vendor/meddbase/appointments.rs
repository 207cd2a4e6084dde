//! The list of appointments: a day of it, one of it, and whether something is in it that was sent.
//!
//! <https://meddbase.github.io/meddbase-apis/patient-portal-api/appointments/getappointments.html>. Whoever concludes
//! that something is not there has read every page, and the list did not change meanwhile.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, FixedOffset, NaiveDate, NaiveTime, TimeDelta, TimeZone};
use serde_json::Value;

use super::caller::Call;
use super::portal::Portal;
use super::settings::{Settings, UNITED_KINGDOM};
use super::wire::appointment::{self, Booked, LIST, Row, line};
use super::wire::page::{self, page};
use super::wire::{moment, slots};
use crate::domain::branch::Branch;
use crate::domain::failure::Failure;
use crate::domain::looked::{Looked, Told};
use crate::domain::slot::{Listed, Slot};
use crate::domain::submission::{Patient, Submission};
use crate::domain::text::one_line;

/// Two thousand appointments: more than any two days of a company.
const MOST_PAGES: usize = 40;
/// The list filters by moments, and the zone of those of a site abroad is not published (A14).
const MARGIN: TimeDelta = TimeDelta::days(1);

pub struct Appointments<'a> {
    pub portal: &'a Portal,
    pub settings: &'a Settings,
}

/// All pages of a list.
pub struct Pages(Vec<Value>);

impl Pages {
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let pages = self.0.iter().filter_map(page);
        pages.flat_map(|page| page.items).map(Row)
    }

    /// A row that is there twice came once in the place of another one.
    fn has_twice(&self) -> bool {
        let mut seen = BTreeSet::new();
        let mut numbers = self.rows().filter_map(Row::number);
        numbers.any(|number| !seen.insert(number))
    }
}

/// What is looked for: exactly this, at exactly this time.
pub struct Sought<'a> {
    pub slot: &'a Slot,
    pub site: &'a str,
    pub kind: &'a str,
    pub patient: &'a Patient,
    /// The vendor's key of the patient, where it is known.
    pub key: Option<&'a str>,
    /// The one in whose place it is: that may stand at the same time, and is not it.
    pub instead_of: Option<&'a str>,
}

impl Appointments<'_> {
    /// The appointments of a day in the desk's zone.
    pub async fn day(
        &self,
        day: NaiveDate,
        now: DateTime<FixedOffset>,
    ) -> Result<Vec<Listed>, Failure> {
        let zone = self.settings.zone;
        let midnight = |day: NaiveDate| {
            let local = day.and_time(NaiveTime::MIN);
            let moment = zone.from_local_datetime(&local).earliest();
            moment
                .unwrap_or_else(|| zone.from_utc_datetime(&local))
                .fixed_offset()
        };
        let (from, to) = (midnight(day), midnight(day + Days::new(1)));
        let pages = self.all(None, from - MARGIN, Some(to + MARGIN)).await?;
        let upcoming = &self.settings.own.assumptions.upcoming_states;
        let rows = pages.rows().filter_map(|row| {
            let site = self.site_of(row);
            let listed = row.listed(site, self.zone_of(row), upcoming, now)?;
            (from..to).contains(&listed.at).then_some(listed)
        });
        let mut rows: Vec<Listed> = rows.collect();
        rows.sort_by_key(|row| row.at);
        Ok(rows)
    }

    /// The appointments that are still to come.
    pub async fn to_come(
        &self,
        patient: Option<&str>,
        now: DateTime<FixedOffset>,
    ) -> Result<Pages, Failure> {
        self.all(patient, now - MARGIN, None).await
    }

    /// Whether what is sought is there. Nothing on an appointment says who made it, so it is never more than a match;
    /// and it is absent only where every row tells that it is something else.
    pub async fn look(&self, sought: &Sought<'_>) -> Looked {
        let at = sought.slot.at;
        let pages = match self.all(sought.key, at - MARGIN, Some(at + MARGIN)).await {
            Ok(pages) => pages,
            Err(why) => {
                return Looked::Unclear {
                    why: why.to_string(),
                };
            }
        };
        let mut found: Vec<Booked> = Vec::new();
        let mut unclear: Option<String> = None;
        let is_other = |row: &Row<'_>| {
            sought.instead_of.is_none() || row.number().as_deref() != sought.instead_of
        };
        for row in pages.rows().filter(is_other) {
            match (self.is_it(row, sought), Booked::of(row.0, self.settings)) {
                (Some(false), _) => {}
                // It stands for nothing any more, and may have been this one: then it was ended on purpose.
                (_, Some(booked)) if !row.counts() => {
                    let (number, state) = (booked.number, one_line(&row.state()));
                    unclear = Some(format!(
                        "{number} there may be this one: its state is {state}"
                    ));
                }
                (Some(true), Some(booked)) => found.push(booked),
                _ => {
                    let why = "an appointment there does not tell whether it is this one";
                    unclear.get_or_insert(why.to_owned());
                }
            }
        }
        let mut found = found.into_iter();
        let Some(first) = found.next() else {
            return match unclear {
                Some(why) => Looked::Open { why },
                None => Looked::Absent,
            };
        };
        let mut told = first.told;
        told.extend(found.map(|other| line("Also there", other.number)));
        Looked::Match {
            number: first.number,
            told,
        }
    }

    /// Whether a row is exactly what is sought; none where it does not tell, as every field may be absent (A28). The
    /// same patient at the same moment for something else is no proof of anything: keys come in more than one shape.
    fn is_it(&self, row: Row<'_>, sought: &Sought<'_>) -> Option<bool> {
        let (site, kind) = (row.site(), row.kind());
        let zone = site.as_deref().unwrap_or(sought.site);
        if row.starts(self.settings.own.zone(zone))? != sought.slot.at {
            return Some(false);
        }
        let is_for = match sought.key {
            // The list was asked for this patient alone.
            Some(_) => Some(true),
            None => row.is_for(&sought.patient.full_name(), sought.patient.birth_date),
        };
        let is_told = |told: Option<String>, wanted: &str| told.map(|told| told == wanted);
        let is_same = is_told(site, sought.site).zip(is_told(kind, sought.kind));
        match (is_for, is_same) {
            (Some(false), _) => Some(false),
            (Some(true), Some((true, true))) => Some(true),
            // Somebody whom the row does not name has another appointment.
            (None, Some((is_site, is_kind))) if !(is_site && is_kind) => Some(false),
            _ => None,
        }
    }

    /// Where it is; a zone only where it is not the desk's.
    fn site_of(&self, row: Row<'_>) -> Option<Branch> {
        let site = slots::site(row.place()?, &self.settings.own)?;
        let zone = site.zone.filter(|zone| *zone != self.settings.zone);
        Some(Branch { zone, ..site })
    }

    fn zone_of(&self, row: Row<'_>) -> chrono_tz::Tz {
        let site = row.site();
        site.map_or(UNITED_KINGDOM, |site| self.settings.own.zone(&site))
    }

    async fn all(
        &self,
        patient: Option<&str>,
        from: DateTime<FixedOffset>,
        to: Option<DateTime<FixedOffset>>,
    ) -> Result<Pages, Failure> {
        let mut query: Vec<(&'static str, String)> = Vec::new();
        query.extend(patient.map(|key| ("patient", key.to_owned())));
        query.push(("start-from", moment::exact(from)));
        query.extend(to.map(|to| ("start-to", moment::exact(to))));
        let mut pages = Vec::new();
        let (mut seen, mut expected) = (0, None);
        let shape = |why: &str| Failure::WrongShape(format!("{LIST}: {why}"));
        for number in 1..=MOST_PAGES {
            let mut query = query.clone();
            query.extend(page::query(number));
            let result = self.portal.read(&Call::get(LIST, query)).await?;
            let page = page(&result).ok_or_else(|| shape("no list"))?;
            if !page.is_whole {
                return Err(shape("a row is no appointment"));
            }
            let length = page.items.len();
            seen += length;
            if number > 1 && page.total != expected {
                return Err(shape("it changed while it was read"));
            }
            expected = page.total;
            // Where nobody tells how many there are, only a page with nothing on it is the end.
            let is_last = expected.map_or(length == 0, |total| seen >= total);
            if !is_last && length == 0 {
                return Err(shape("it ended before it was told to"));
            }
            pages.push(result);
            if is_last {
                let pages = Pages(pages);
                if expected.is_some_and(|total| seen > total) || pages.has_twice() {
                    return Err(shape("it does not add up"));
                }
                return Ok(pages);
            }
        }
        Err(shape("it is too long to be read to its end"))
    }
}

/// The site of a submission: that of its slot where the slot names another.
pub fn site<'a>(submission: &'a Submission, slot: &'a Slot) -> &'a str {
    let branch = slot.branch.as_ref().unwrap_or(&submission.branch);
    &branch.id.0
}

/// The key of the patient in a row.
pub fn patient_key(row: Row<'_>) -> Option<String> {
    row.patient()?.key("Key")
}

/// The row of this number.
pub fn numbered<'a>(pages: &'a Pages, number: &str) -> Option<Row<'a>> {
    pages
        .rows()
        .find(|row| row.number().as_deref() == Some(number))
}

/// What cancelling costs, in the vendor's words.
pub async fn terms(portal: &Portal, number: &str) -> Result<Vec<Told>, Failure> {
    const PATH: &str = appointment::CANCELLATION_INFO;
    let query = vec![("appointment", number.to_owned())];
    let info = portal.read(&Call::get(PATH, query)).await?;
    let terms = appointment::cancellation(&info);
    terms.ok_or_else(|| Failure::WrongShape(format!("{PATH}: no object")))
}
