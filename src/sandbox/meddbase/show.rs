//! The objects of the contract as JSON, spelled by their types or as the published samples have them.
//!
//! <https://meddbase.github.io/meddbase-apis/patient-portal-api/objects-and-data-types/objects-and-data-types.html>

use serde_json::{Map, Value, json};

use super::appointment::Appointment;
use super::clinic::{Clinic, Clinician, Kind, Location, Module, Service, Site};
use super::invoice;
use super::moment::told;
use super::person::Person;
use super::price::{Order, Price, Terms, pounds};
use super::settings::{Choices, Spelling};
use super::slots::Slot;

/// How things are told on one call.
pub struct View<'a> {
    pub clinic: &'a Clinic,
    pub choices: Choices,
    /// What the payer pays of list prices.
    pub percent: i64,
}

impl View<'_> {
    pub fn is_as_published(&self) -> bool {
        self.choices.spelling == Spelling::AsPublished
    }

    pub fn terms(&self) -> Terms {
        Terms {
            percent: self.percent,
            surcharge: self.choices.surcharge,
        }
    }

    pub fn kind(&self, kind: &Kind) -> Value {
        let modules: Vec<Value> = kind
            .modules
            .iter()
            .map(|module| self.module(module))
            .collect();
        let mut told = kind_named(kind);
        told["Modules"] = json!(modules);
        told
    }

    pub fn module(&self, module: &Module) -> Value {
        let told = json!({"Key": module.key, "Name": module.name, "Notes": module.notes});
        priced(told, module.price.at(self.percent))
    }

    pub fn service(&self, service: &Service) -> Value {
        let told = json!({"Key": service.key, "Code": service.code, "Name": service.name,
            "ServiceType": self.service_type(service)});
        priced(told, service.price.at(self.percent))
    }

    pub fn service_type(&self, service: &Service) -> Value {
        let key = if self.is_as_published() {
            json!(service.group)
        } else {
            json!(service.group.to_string())
        };
        json!({"Key": key, "Name": service.group_name})
    }

    /// As in a list of clinicians.
    pub fn clinician(&self, person: &Clinician) -> Value {
        if self.is_as_published() {
            json!({"Key": person.key, "FullName": person.name, "SexType": person.sex.to_string()})
        } else {
            json!({"Key": person.key, "FullName": person.name, "Name": person.name, "SexType": person.sex})
        }
    }

    /// As within an appointment, where the samples name them otherwise.
    fn attendee(&self, person: &Clinician) -> Value {
        if self.is_as_published() {
            json!({"Key": person.key, "Name": person.name})
        } else {
            self.clinician(person)
        }
    }

    /// The rights are those of the manager for this person.
    pub fn person(&self, person: &Person) -> Value {
        let mut told = Map::new();
        told.insert("Key".to_owned(), json!(person.key));
        told.extend(person.demog.clone());
        let permissions = json!({"CanBookAppointment": self.choices.can_book, "CanViewAppointments": true,
            "CanCancelAppointment": self.choices.can_cancel});
        told.insert("Permissions".to_owned(), permissions);
        Value::Object(told)
    }

    /// A bookable appointment with its internal slots; it has no key yet.
    pub fn proposed(&self, order: &Order<'_>, payer: Option<&str>, slot: &Slot<'_>) -> Value {
        let internal = json!({"Type": order.kind.key, "Start": told(slot.start), "Finish": told(slot.finish),
            "SiteKey": slot.site.key, "LocationKey": slot.location.key, "ResourceKey": slot.clinician.resource});
        let mut told = json!({"Key": null, "Type": kind_named(order.kind), "Start": told(slot.start),
            "Finish": told(slot.finish), "Site": place(slot.site), "Location": location_at(slot.site, slot.location),
            "Clinician": self.attendee(slot.clinician), "Slots": [internal], "PrimaryAttendeeSlot": internal,
            "Invoice": null, "Telemedicine": order.kind.is_remote});
        if let Some(payer) = payer {
            told["PayerType"] = json!(payer);
        }
        self.with_order(told, order)
    }

    /// An appointment that was booked.
    pub fn appointment(&self, made: &Appointment, patient: Option<&Person>) -> Value {
        let clinic = self.clinic;
        let site = clinic.site(made.site);
        let location = site.and_then(|site| Some(location_at(site, site.location(made.location)?)));
        let (state, colour) = if made.is_cancelled {
            ("Cancelled", "red")
        } else {
            ("Booked", "green")
        };
        let told = json!({"Key": made.key(), "Start": told(made.start), "Finish": told(made.finish),
            "Site": site.map(place), "Location": location, "Patient": patient.map(|patient| self.person(patient)),
            "Clinician": clinic.clinician(made.clinician).map(|person| self.attendee(person)),
            "State": state, "StateDisplayName": state, "StateColor": colour, "PayerType": made.purpose.payer,
            "Slots": [], "PrimaryAttendeeSlot": null, "Invoice": null, "TelemedicineConnection": "",
            "AuthorisationCode": null});
        let order = clinic.kind(&made.purpose.kind).and_then(|kind| {
            Order::of(clinic, kind, &made.purpose.modules, &made.purpose.services).ok()
        });
        let Some(order) = order else {
            return told;
        };
        let mut told = self.with_order(told, &order);
        told["Type"] = kind_named(order.kind);
        told["Telemedicine"] = json!(order.kind.is_remote);
        if made.purpose.is_owed {
            told["Invoice"] = invoice::of(self, made, patient, &order);
        }
        told
    }

    fn with_order(&self, mut told: Value, order: &Order<'_>) -> Value {
        let modules: Vec<_> = order
            .modules
            .iter()
            .map(|module| self.module(module))
            .collect();
        let services: Vec<_> = order
            .services
            .iter()
            .map(|service| self.service(service))
            .collect();
        told["Modules"] = json!(modules);
        told["Services"] = json!(services);
        told
    }

    /// `TimeSlotsData`: each start once, whoever could be seen then.
    pub fn time_slots(&self, order: &Order<'_>, slots: &[Slot<'_>]) -> Value {
        let price = order.price(self.terms());
        let place = |slot: &Slot<'_>| (slot.starts, slot.ends, slot.site.key, slot.location.key);
        let mut slots: Vec<&Slot<'_>> = slots.iter().collect();
        slots.dedup_by_key(|slot| place(slot));
        let times: Vec<Value> = slots
            .iter()
            .map(|slot| {
                json!({"Start": told(slot.start), "Finish": told(slot.finish), "SiteKey": slot.site.key,
                    "LocationKey": slot.location.key, "GrossPrice": pounds(price.gross()),
                    "NetPrice": pounds(price.net)})
            })
            .collect();
        let sites = self.clinic.sites.iter().filter_map(|site| {
            let is_here = |location: &&Location| {
                slots
                    .iter()
                    .any(|slot| (slot.site.key, slot.location.key) == (site.key, location.key))
            };
            let mut locations = site.locations.iter().filter(is_here).peekable();
            locations.peek()?;
            Some(self::site(site, locations, None))
        });
        let sites: Vec<Value> = sites.collect();
        let told = json!({"TimeSlots": times, "Type": self.kind(order.kind), "Sites": sites,
            "Currency": {"Code": "GBP", "Symbol": "£"}});
        self.with_order(told, order)
    }
}

/// A site with some of its locations; `miles` away where that was asked for.
pub fn site<'a>(
    site: &Site,
    locations: impl IntoIterator<Item = &'a Location>,
    miles: Option<f64>,
) -> Value {
    let mut address = site.address.clone();
    if let Some(miles) = miles {
        address["Distance"] = json!(miles);
    }
    let locations: Vec<Value> = locations
        .into_iter()
        .map(|location| location_at(site, location))
        .collect();
    json!({"Key": site.key, "Name": site.name, "Address": address, "Locations": locations})
}

/// A type without its modules, as it stands inside other objects.
fn kind_named(kind: &Kind) -> Value {
    json!({"Key": kind.key, "Name": kind.name, "Notes": kind.notes, "CancellationPolicy": kind.policy,
        "CanBookAppointment": kind.can_book, "CanReferPatient": kind.can_refer,
        "TelemedicineOption": kind.is_remote, "CanAddServices": kind.can_add_services})
}

fn place(site: &Site) -> Value {
    json!({"Key": site.key, "Name": site.name, "Address": site.address})
}

/// The location's own address, as it may lie elsewhere than its site.
fn location_at(site: &Site, location: &Location) -> Value {
    let address = location.address.as_ref().unwrap_or(&site.address);
    json!({"Key": location.key, "Name": location.name, "Address": address})
}

pub fn priced(mut told: Value, price: Price) -> Value {
    told["CurrencyCode"] = json!("GBP");
    told["CurrencySymbol"] = json!("£");
    told["NetPrice"] = pounds(price.net);
    told["Tax"] = pounds(price.tax);
    told["GrossPrice"] = pounds(price.gross());
    told
}
