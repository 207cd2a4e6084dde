//! What can be booked: payers, types, services, sites, clinicians and times, logged in or not.
//!
//! <https://meddbase.github.io/meddbase-apis/patient-portal-api/appointments/appointments.html>,
//! <https://meddbase.github.io/meddbase-apis/patient-portal-api/anonymous-appointment-search/anonymous-appointment-search.html>

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::account;
use super::asked::{Asked, Payment, Scope, is_bookable};
use super::clinic::{Clinician, Kind, Service, Session, Site};
use super::files::Files;
use super::paging::Paging;
use super::refusal::Refusal;
use super::show;
use super::slots::{Slot, Wanted, free};

/// A13: rows of proposed appointments where no number is asked for.
const RESULTS: i64 = 10;

/// `GetPayerTypes`: the patient's, the default first.
pub async fn payer_types(asked: &Asked<'_>, files: &mut Files<'_, '_>) -> Result<Value, Refusal> {
    let scope = asked.scope(files).await?;
    let payers = scope.map(|scope| scope.person.payers).unwrap_or_default();
    let payers = payers.iter().filter_map(|key| account::payer(key));
    let told = payers.map(|payer| json!({"Key": payer.key, "Name": payer.name}));
    Ok(told.collect())
}

/// `GetAppointmentTypes`
pub async fn types(asked: &Asked<'_>, files: &mut Files<'_, '_>) -> Result<Value, Refusal> {
    let scope = asked.scope(files).await?;
    let scope = scope.as_ref();
    let payer = match scope {
        Some(_) => asked.sent.text("payer-type")?,
        None => Some(asked.sent.required("payer-type")?),
    };
    let payment = payer.map(|key| asked.payment(scope, key)).transpose()?;
    let is_referring = scope.is_some() && asked.sent.flag("referral-types")?.unwrap_or(false);
    let is_listed = |kind: &&Kind| {
        let is_paid = payment
            .as_ref()
            .is_none_or(|payer| kind.payers.contains(&payer.key));
        let is_fit = if is_referring {
            kind.can_refer
        } else {
            is_bookable(kind, scope)
        };
        is_paid && is_fit
    };
    let default = asked.payment_or_default(scope, payer)?;
    let view = asked.view(default.percent);
    let kinds = asked.meddbase.clinic.kinds.iter().filter(is_listed);
    Ok(kinds.map(|kind| view.kind(kind)).collect())
}

/// `GetServiceTypes`
pub async fn service_types(asked: &Asked<'_>, files: &mut Files<'_, '_>) -> Result<Value, Refusal> {
    let (payment, kind) = paid_kind(asked, files).await?;
    let view = asked.view(payment.percent);
    let mut groups: Vec<&Service> = services_of(asked, kind).collect();
    groups.sort_by_key(|service| service.group);
    groups.dedup_by_key(|service| service.group);
    Ok(groups
        .into_iter()
        .map(|service| view.service_type(service))
        .collect())
}

/// `GetServices`: in pages or not, as the documentation has both.
pub async fn services(asked: &Asked<'_>, files: &mut Files<'_, '_>) -> Result<Value, Refusal> {
    let (payment, kind) = paid_kind(asked, files).await?;
    let view = asked.view(payment.percent);
    let paging = Paging::read(asked.sent, 3)?;
    let group = asked.sent.int("service-type")?;
    let name = asked.sent.text("service-name")?.map(str::to_lowercase);
    let mut services: Vec<&Service> = services_of(asked, kind)
        .filter(|service| group.is_none_or(|group| service.group == group))
        .filter(|service| {
            let is_named = |name: &String| service.name.to_lowercase().contains(name);
            name.as_ref().is_none_or(is_named)
        })
        .collect();
    match paging.column {
        1 => services.sort_by_key(|service| &service.code),
        2 => services.sort_by_key(|service| (&service.group_name, &service.name)),
        3 => services.sort_by_key(|service| service.key),
        _ => services.sort_by_key(|service| (&service.name, &service.group_name)),
    }
    let mut page = paging.page(services, |service| view.service(service));
    if asked.choices.are_services_paged {
        Ok(page)
    } else {
        Ok(page["Items"].take())
    }
}

/// `GetSites`: those where one of the clinicians holds sessions for the type, nearest first where that is known.
pub async fn sites(asked: &Asked<'_>, files: &mut Files<'_, '_>) -> Result<Value, Refusal> {
    let (_, kind) = paid_kind(asked, files).await?;
    let clinicians = asked.sent.body().ints("clinicians")?;
    asked.order(kind, asked.sent.body(), ("modules", ""))?;
    asked.sent.within("address-type", 1, 2)?;
    let here = match (asked.sent.decimal("lat")?, asked.sent.decimal("long")?) {
        (Some(latitude), Some(longitude)) => Some((latitude, longitude)),
        (None, None) => None,
        (Some(_), None) => return Err(Refusal::missing("long")),
        (None, Some(_)) => return Err(Refusal::missing("lat")),
    };
    let held: Vec<_> = sessions(asked, kind)
        .filter(|(person, _)| clinicians.is_empty() || clinicians.contains(&person.key))
        .map(|(_, session)| (session.site, session.location))
        .collect();
    let is_held = |site: &Site| held.iter().any(|(key, _)| *key == site.key);
    let mut sites: Vec<(Option<f64>, &Site)> = asked
        .meddbase
        .clinic
        .sites
        .iter()
        .filter(|site| is_held(site))
        .map(|site| (here.map(|here| miles(here, site)), site))
        .collect();
    sites.sort_by(|(one, _), (other, _)| one.unwrap_or(0.0).total_cmp(&other.unwrap_or(0.0)));
    let told = sites.into_iter().map(|(miles, site)| {
        let locations = site.locations.iter();
        let locations = locations.filter(|location| held.contains(&(site.key, location.key)));
        show::site(site, locations, miles)
    });
    Ok(told.collect())
}

/// `GetClinicians`
pub async fn clinicians(asked: &Asked<'_>, files: &mut Files<'_, '_>) -> Result<Value, Refusal> {
    let (payment, kind) = paid_kind(asked, files).await?;
    let view = asked.view(payment.percent);
    let body = asked.sent.body();
    let (sites, locations) = (body.ints("sites")?, body.ints("locations")?);
    asked.order(kind, body, ("modules", ""))?;
    let is_any = |wanted: &[i64], has: i64| wanted.is_empty() || wanted.contains(&has);
    let mut found: Vec<&Clinician> = sessions(asked, kind)
        .filter(|(_, session)| is_any(&sites, session.site) && is_any(&locations, session.location))
        .map(|(person, _)| person)
        .collect();
    found.dedup_by_key(|person| person.key);
    Ok(found
        .into_iter()
        .map(|person| view.clinician(person))
        .collect())
}

/// `GetProposedTimeSlots`
pub async fn time_slots(asked: &Asked<'_>, files: &mut Files<'_, '_>) -> Result<Value, Refusal> {
    asked.sent.required("to-date")?;
    let (_, payment, kind) = found(asked, files).await?;
    let order = asked.order(kind, asked.sent.body(), ("modules", "services"))?;
    let wanted = Wanted::read(asked.sent, kind)?;
    let slots = open(asked, files, &wanted, usize::MAX).await?;
    Ok(asked.view(payment.percent).time_slots(&order, &slots))
}

/// `GetProposedAppointments`
pub async fn proposed(asked: &Asked<'_>, files: &mut Files<'_, '_>) -> Result<Value, Refusal> {
    let results = asked.sent.within("number-of-results", 1, 100)?;
    let most = usize::try_from(results.unwrap_or(RESULTS)).unwrap_or_default();
    let (_, payment, kind) = found(asked, files).await?;
    let order = asked.order(kind, asked.sent.body(), ("modules", "services"))?;
    let wanted = Wanted::read(asked.sent, kind)?;
    let slots = open(asked, files, &wanted, most).await?;
    let view = asked.view(payment.percent);
    let told = slots
        .iter()
        .map(|slot| view.proposed(&order, Some(&payment.key), slot));
    Ok(told.collect())
}

/// The free slots of a search, by what is taken now.
pub async fn open<'a>(
    asked: &Asked<'a>,
    files: &mut Files<'_, '_>,
    wanted: &Wanted<'_>,
    most: usize,
) -> Result<Vec<Slot<'a>>, Refusal> {
    let horizon = asked.now + TimeDelta::days(asked.choices.horizon_days.clamp(0, 3_660));
    // A site's clock is less than a day away from the one appointments are kept by.
    let margin = TimeDelta::days(1);
    let bound = |local: Option<NaiveDateTime>, else_at: DateTime<Utc>| {
        local.map_or(else_at, |local| local.and_utc().clamp(asked.now, horizon))
    };
    let from = bound(wanted.from, asked.now) - margin;
    let to = bound(wanted.to, horizon) + margin;
    let taken = files.taken(from, to).await?;
    let clinic = &asked.meddbase.clinic;
    Ok(free(
        clinic,
        &taken,
        wanted,
        asked.now,
        asked.choices.horizon_days,
        most,
    ))
}

/// The scope, payer and type of a search for times, where the payer is optional for whoever is logged in.
async fn found<'a>(
    asked: &Asked<'a>,
    files: &mut Files<'_, '_>,
) -> Result<(Option<Scope<'a>>, Payment, &'a Kind), Refusal> {
    let key = asked.sent.required("appointment-type")?;
    let scope = asked.scope(files).await?;
    let payment = asked.payment_or_default(scope.as_ref(), asked.sent.text("payer-type")?)?;
    let kind = asked.kind(scope.as_ref(), &payment, key)?;
    Ok((scope, payment, kind))
}

/// The payer and type of a search where both are required.
async fn paid_kind<'a>(
    asked: &Asked<'a>,
    files: &mut Files<'_, '_>,
) -> Result<(Payment, &'a Kind), Refusal> {
    asked.sent.required("payer-type")?;
    let (_, payment, kind) = found(asked, files).await?;
    Ok((payment, kind))
}

fn services_of<'a>(asked: &Asked<'a>, kind: &Kind) -> impl Iterator<Item = &'a Service> {
    let services = asked.meddbase.clinic.services.iter();
    services.filter(|service| kind.can_add_services && service.types.contains(&kind.key))
}

fn sessions<'a>(
    asked: &Asked<'a>,
    kind: &Kind,
) -> impl Iterator<Item = (&'a Clinician, &'a Session)> {
    let clinicians = asked.meddbase.clinic.clinicians.iter();
    clinicians
        .flat_map(|person| person.sessions.iter().map(move |session| (person, session)))
        .filter(|(_, session)| session.types.contains(&kind.key))
}

/// How far a site is, over the ground, to a tenth.
fn miles((latitude, longitude): (f64, f64), site: &Site) -> f64 {
    const RADIUS: f64 = 3_958.8;
    let (here, there) = (latitude.to_radians(), site.latitude.to_radians());
    let (north, east) = (there - here, (site.longitude - longitude).to_radians());
    let half = (north / 2.0).sin().powi(2) + here.cos() * there.cos() * (east / 2.0).sin().powi(2);
    (2.0 * RADIUS * half.sqrt().min(1.0).asin() * 10.0).round() / 10.0
}
