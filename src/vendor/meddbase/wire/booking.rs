//! `BookProposedTimeSlot` and the calls around an anonymous booking
//! (<https://meddbase.github.io/meddbase-apis/patient-portal-api/appointments/bookproposedtimeslot.html>).

use serde_json::{Map, Number, Value, json};

use super::search::{keys, number};

pub const REGISTER: &str = "/patientportalapi/anon-booking/register-patient";
pub const RESEND_CODE: &str = "/patientportalapi/anon-booking/resend-validation-code";
pub const SUBMIT_CODE: &str = "/patientportalapi/anon-booking/submit-validation-code";

/// Everything a booking is made of.
pub struct Wanted<'a> {
    /// The moment as the vendor wrote it (A14).
    pub start: &'a str,
    pub kind: &'a str,
    pub payer: &'a str,
    pub site: &'a str,
    pub location: &'a str,
    pub modules: Vec<&'a str>,
    pub services: Vec<&'a str>,
    pub clinician: &'a str,
    pub sex: &'a str,
    /// Booked only at exactly this price, a decimal number.
    pub price: Option<String>,
}

impl Wanted<'_> {
    /// The body; `Services` have the shape of `Modules`, and `method` is the only one published.
    pub fn body(&self) -> Result<Value, String> {
        let mut slot = Map::new();
        let mut put = |name: &str, value: Value| slot.insert(name.to_owned(), value);
        put("Start", self.start.into());
        put("Type", json!({"Key": self.kind}));
        put("Site", json!({"Key": number(self.site)}));
        put("Location", json!({"Key": number(self.location)}));
        if !self.payer.is_empty() {
            put("PayerType", self.payer.into());
        }
        put("Modules", keys(self.modules.iter().copied()));
        put("Services", keys(self.services.iter().copied()));
        let any = |key: &str| {
            if key.is_empty() {
                json!(0)
            } else {
                number(key)
            }
        };
        let mut body = json!({
            "proposedTimeSlot": slot,
            "clinician": any(self.clinician),
            "clinicianSex": any(self.sex),
            "method": 0,
        });
        if let (Some(price), Some(body)) = (&self.price, body.as_object_mut()) {
            body.insert("price".to_owned(), decimal(price)?.into());
        }
        Ok(body)
    }
}

/// Whole pounds as an integer, others with their decimals.
fn decimal(price: &str) -> Result<Number, String> {
    price
        .parse()
        .map_err(|_| "its price is no number: pick the time again".to_owned())
}

/// The keys in a field that holds several.
pub fn several(value: &str) -> Vec<&str> {
    let keys = value.split(',').map(str::trim);
    keys.filter(|key| !key.is_empty()).collect()
}

pub fn code(code: &str) -> Value {
    json!({"code": code.trim()})
}
