//! Booking, for a manager's patient and for somebody who has registered.
//!
//! <https://meddbase.github.io/meddbase-apis/patient-portal-api/appointments/bookproposedtimeslot.html>,
//! <https://meddbase.github.io/meddbase-apis/patient-portal-api/appointments/bookproposedappointment.html>

use chrono::{NaiveDateTime, TimeDelta};

use super::appointment::{Appointment, Purpose};
use super::asked::{Answer, Asked, Payment, Scope};
use super::clinic::{Kind, Site};
use super::fields::Fields;
use super::files::Files;
use super::moment;
use super::person::Person;
use super::price::{Order, Terms};
use super::refusal::Refusal;
use super::registration::Registration;
use super::search::open;
use super::slots::{Half, Slot, Wanted};
use crate::sandbox::secret;

/// Which of the two calls it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A time at a place, with whoever is free.
    TimeSlot,
    /// An appointment exactly as it was proposed.
    Proposed,
}

/// Books for the patient of the query.
pub async fn for_patient(
    asked: &Asked<'_>,
    files: &mut Files<'_, '_>,
    form: Form,
) -> Result<Answer, Refusal> {
    let scope = asked.scope(files).await?;
    if !asked.choices.can_book {
        return Err(Refusal::forbidden(
            "You have no right to book for this patient.",
        ));
    }
    let place = Place::read(asked, form)?;
    let payment = asked.payment_or_default(scope.as_ref(), place.payer)?;
    let person = scope.as_ref().map(|scope| scope.person.clone());
    let person = person.ok_or_else(|| Refusal::logged_out(false))?;
    booked(asked, files, &place, payment, scope.as_ref(), &person).await
}

/// Books for somebody who has registered and, where the charge band wants that, read a code back. Creates the
/// patient, whom no manager sees.
pub async fn for_registered(
    asked: &Asked<'_>,
    files: &mut Files<'_, '_>,
    form: Form,
) -> Result<Answer, Refusal> {
    let place = Place::read(asked, form)?;
    let registrations = &asked.meddbase.registrations;
    let payer = |registration: &mut Registration| {
        if !registration.is_confirmed {
            return Err(Refusal::forbidden(
                "The validation code has not been submitted.",
            ));
        }
        let registered = registration.sign_up.map(|band| band.code);
        match (registered, place.payer) {
            (Some(one), Some(other)) if one != other => {
                let message = "The sign-up code is not the one that was registered with.";
                Err(Refusal::business(message))
            }
            _ => Ok((registered.or(place.payer), registration.demog.clone())),
        }
    };
    let (payer, demog) = registrations.with(asked.client, asked.sent, asked.now, payer)?;
    let payment = asked.payment_or_default(None, payer)?;
    let person = Person {
        key: secret::hex(16)?,
        is_visible: false,
        payers: vec!["PA".to_owned()],
        demog,
    };
    let answer = booked(asked, files, &place, payment, None, &person).await?;
    files.keep_person(&person).await?;
    registrations.end(asked.sent);
    Ok(answer)
}

async fn booked(
    asked: &Asked<'_>,
    files: &mut Files<'_, '_>,
    place: &Place<'_>,
    payment: Payment,
    scope: Option<&Scope<'_>>,
    person: &Person,
) -> Result<Answer, Refusal> {
    let kind = asked.kind(scope, &payment, place.kind)?;
    let order = asked.order(kind, place.appointment, ("Modules", "Services"))?;
    let slots = open(asked, files, &place.wanted(kind), usize::MAX).await?;
    let slots: Vec<Slot<'_>> = slots.into_iter().filter(|slot| place.is(slot)).collect();
    let view = asked.view(payment.percent);
    let gross = order.price(view.terms()).gross();
    let is_priced = place.price.is_none_or(|price| is_exactly(price, gross));
    // "0 = random", of those that fit.
    let chosen = fastrand::choice(&slots).filter(|_| is_priced);
    let slot = chosen.ok_or_else(|| Refusal::gone(asked.choices.gone_status))?;
    let purpose = purpose(&order, payment, scope, person, view.terms());
    let made = Appointment::new(files.next().await?, slot, purpose, asked.now);
    files.keep_appointment(&made).await?;
    Ok(Answer::changed(
        view.appointment(&made, Some(person)),
        made.key(),
    ))
}

fn purpose(
    order: &Order<'_>,
    payment: Payment,
    scope: Option<&Scope<'_>>,
    person: &Person,
    terms: Terms,
) -> Purpose {
    let referral = scope.and_then(|scope| scope.referral);
    let recall = scope.and_then(|scope| scope.recall);
    Purpose {
        kind: order.kind.key.clone(),
        patient: person.key.clone(),
        payer: payment.key,
        is_owed: payment.is_owed,
        terms,
        modules: order.modules.iter().map(|module| module.key).collect(),
        services: order.services.iter().map(|service| service.key).collect(),
        referral: referral.map(|referral| referral.key.clone()),
        recall: recall.map(|recall| recall.key.clone()),
    }
}

/// A10: the gross price, to the penny.
fn is_exactly(price: f64, pence: i64) -> bool {
    i32::try_from(pence).is_ok_and(|pence| (price * 100.0 - f64::from(pence)).abs() < 1e-6)
}

/// What a body says of the appointment that is wanted.
struct Place<'a> {
    appointment: Fields<'a>,
    kind: &'a str,
    payer: Option<&'a str>,
    site: &'a Site,
    location: i64,
    start: NaiveDateTime,
    clinician: i64,
    sex: i64,
    price: Option<f64>,
    /// Only of a proposed appointment: its end and the resource of its primary attendee.
    proposed: Option<(NaiveDateTime, i64)>,
}

impl<'a> Place<'a> {
    fn read(asked: &Asked<'a>, form: Form) -> Result<Self, Refusal> {
        let body = asked.sent.post_data()?;
        let name = match form {
            Form::TimeSlot => "proposedTimeSlot",
            Form::Proposed => "proposedAppointment",
        };
        let appointment = body.object(name)?.ok_or_else(|| Refusal::missing(name))?;
        let kind = appointment.object("Type")?;
        let kind = kind
            .ok_or_else(|| Refusal::missing("Type"))?
            .required("Key")?;
        let site = required(appointment.key("Site")?, "Site.Key")?;
        let site = asked.meddbase.clinic.site(site);
        let site = site.ok_or_else(|| Refusal::malformed("Site.Key"))?;
        let time = |fields: Fields<'_>, name: &str| {
            let text = fields.required(name)?;
            moment::at_site(text, site).ok_or_else(|| Refusal::malformed(name))
        };
        let mut place = Self {
            appointment,
            kind,
            payer: appointment.text("PayerType")?,
            site,
            location: required(appointment.key("Location")?, "Location.Key")?,
            start: time(appointment, "Start")?,
            clinician: 0,
            sex: 0,
            price: None,
            proposed: None,
        };
        match form {
            Form::TimeSlot => {
                place.clinician = body.int("clinician")?.unwrap_or(0);
                place.sex = body.int("clinicianSex")?.unwrap_or(0);
                place.price = body.number("price")?;
                if !(0..=2).contains(&place.sex) {
                    return Err(Refusal::malformed("clinicianSex"));
                }
                // A12: no other method is published.
                if body.int("method")?.unwrap_or(0) != 0 {
                    return Err(Refusal::malformed("method"));
                }
            }
            Form::Proposed => {
                let primary = appointment.object("PrimaryAttendeeSlot")?;
                let primary = primary.ok_or_else(|| Refusal::missing("PrimaryAttendeeSlot"))?;
                let resource = required(primary.int("ResourceKey")?, "ResourceKey")?;
                place.clinician = appointment.key("Clinician")?.unwrap_or(0);
                place.proposed = Some((time(primary, "Finish")?, resource));
                if appointment.get("Slots").is_none() {
                    return Err(Refusal::missing("Slots"));
                }
            }
        }
        Ok(place)
    }

    fn wanted<'k>(&self, kind: &'k Kind) -> Wanted<'k> {
        Wanted {
            kind,
            clinician: self.clinician,
            sex: self.sex,
            site: self.site.key,
            location: self.location,
            from: Some(self.start),
            to: self.start.checked_add_signed(TimeDelta::seconds(1)),
            hours: (None, None),
            half: Half::Any,
        }
    }

    fn is(&self, slot: &Slot<'_>) -> bool {
        let is_proposed = |(finish, resource): (NaiveDateTime, i64)| {
            slot.finish == finish && slot.clinician.resource == resource
        };
        slot.start == self.start && self.proposed.is_none_or(is_proposed)
    }
}

fn required<T>(value: Option<T>, name: &str) -> Result<T, Refusal> {
    value.ok_or_else(|| Refusal::missing(name))
}
