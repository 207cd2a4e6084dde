//! Money: net and tax in pence, and what each payer pays of the list price.

use std::iter;
use std::ops::Add;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::clinic::{Clinic, Kind, Module, Service};
use super::refusal::Refusal;

/// Pence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    pub net: i64,
    pub tax: i64,
}

impl Price {
    pub fn gross(self) -> i64 {
        self.net + self.tax
    }

    /// So many hundredths of it.
    pub fn at(self, percent: i64) -> Self {
        Self {
            net: self.net * percent / 100,
            tax: self.tax * percent / 100,
        }
    }
}

impl Add for Price {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            net: self.net + other.net,
            tax: self.tax + other.tax,
        }
    }
}

/// Pence as the wire tells them: a number of pounds, whole where they are.
pub fn pounds(pence: i64) -> Value {
    match i32::try_from(pence) {
        Ok(pence) if pence % 100 != 0 => json!(f64::from(pence) / 100.0),
        _ => json!(pence / 100),
    }
}

/// What somebody chose to have done: a type, its modules, and services beside them.
pub struct Order<'a> {
    pub kind: &'a Kind,
    pub modules: Vec<&'a Module>,
    pub services: Vec<&'a Service>,
}

impl<'a> Order<'a> {
    /// Refuses a module or service that the type does not have.
    pub fn of(
        clinic: &'a Clinic,
        kind: &'a Kind,
        modules: &[i64],
        services: &[i64],
    ) -> Result<Self, Refusal> {
        let module = |key: &i64| kind.modules.iter().find(|module| module.key == *key);
        let service = |key: &i64| {
            let goes =
                |service: &&Service| service.key == *key && service.types.contains(&kind.key);
            clinic.services.iter().find(goes)
        };
        let modules: Option<_> = modules.iter().map(module).collect();
        let services: Option<_> = services.iter().map(service).collect();
        Ok(Self {
            kind,
            modules: modules.ok_or_else(|| Refusal::malformed("modules"))?,
            services: services.ok_or_else(|| Refusal::malformed("services"))?,
        })
    }

    /// What an invoice would say, line by line, at these terms.
    pub fn lines(&self, terms: Terms) -> Vec<Line<'a>> {
        let extra = Price {
            net: terms.surcharge,
            tax: 0,
        };
        let kind = Line {
            sort: "Appointment",
            key: self.kind.key.clone(),
            code: "",
            name: &self.kind.name,
            price: self.kind.price.at(terms.percent) + extra,
        };
        let modules = self.modules.iter().map(|module| Line {
            sort: "Module",
            key: module.key.to_string(),
            code: "",
            name: &module.name,
            price: module.price.at(terms.percent),
        });
        let services = self.services.iter().map(|service| Line {
            sort: "Product",
            key: service.key.to_string(),
            code: &service.code,
            name: &service.name,
            price: service.price.at(terms.percent),
        });
        iter::once(kind).chain(modules).chain(services).collect()
    }

    pub fn price(&self, terms: Terms) -> Price {
        let lines = self.lines(terms).into_iter();
        lines
            .map(|line| line.price)
            .fold(Price::default(), Price::add)
    }
}

/// What is paid of the list price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    pub percent: i64,
    /// Pence on the type's net price.
    pub surcharge: i64,
}

/// A line of an invoice.
pub struct Line<'a> {
    /// `Appointment`, `Module` or `Product`.
    pub sort: &'static str,
    pub key: String,
    pub code: &'a str,
    pub name: &'a str,
    pub price: Price,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pence_are_told_in_pounds() {
        assert_eq!(pounds(24_000), json!(240));
        assert_eq!(pounds(10_860), json!(108.6));
        assert_eq!(pounds(5), json!(0.05));
    }
}
