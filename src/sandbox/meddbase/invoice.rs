//! What is owed, as `InvoiceData`; nothing is ever paid in the sandbox.
//!
//! <https://meddbase.github.io/meddbase-apis/patient-portal-api/objects-and-data-types/invoicedata.html>

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::appointment::Appointment;
use super::moment::told;
use super::person::Person;
use super::price::{Line, Order, Price, pounds};
use super::show::{View, priced};

/// The invoice of an appointment that the patient pays.
pub fn of(
    view: &View<'_>,
    made: &Appointment,
    patient: Option<&Person>,
    order: &Order<'_>,
) -> Value {
    let number = made.invoice_number();
    let lines = order.lines(made.purpose.terms);
    whole(view, number, made.booked, patient, &lines)
}

/// The invoice of a cancellation that costs something.
pub fn of_cancellation(
    view: &View<'_>,
    made: &Appointment,
    patient: Option<&Person>,
    fee: i64,
    now: DateTime<Utc>,
) -> Value {
    let line = Line {
        sort: "Appointment",
        key: made.purpose.kind.clone(),
        code: "",
        name: "Cancellation charge",
        price: Price { net: fee, tax: 0 },
    };
    whole(view, made.invoice_number() + 1, now, patient, &[line])
}

fn whole(
    view: &View<'_>,
    number: i64,
    at: DateTime<Utc>,
    patient: Option<&Person>,
    lines: &[Line<'_>],
) -> Value {
    let total = lines
        .iter()
        .fold(Price::default(), |total, line| total + line.price);
    let items: Vec<Value> = lines
        .iter()
        .map(|line| {
            let item = json!({"Key": line.key, "TypeName": line.sort, "Name": line.name, "Code": line.code});
            priced(item, line.price)
        })
        .collect();
    let shown = if view.is_as_published() {
        json!(number.to_string())
    } else {
        json!(number)
    };
    let debtor = patient.map(|patient| {
        json!({"Name": format!("{} {}", patient.text("Name"), patient.text("Surname")), "IsCompany": false,
            "Address": patient.demog.get("Address"), "Account": null})
    });
    json!({"Key": format!("inv{number}"), "Date": told(at.with_timezone(&chrono_tz::Europe::London).naive_local()),
        "Number": shown, "CurrencyCode": "GBP", "CurrencySymbol": "£", "TotalNet": pounds(total.net),
        "Tax": pounds(total.tax), "TotalGross": pounds(total.gross()), "Paid": 0, "Items": items,
        "CreditNotes": [], "Creditor": {"Name": "Demo Clinics", "IsCompany": true, "Address": null, "Account": null},
        "Debtor": debtor, "PayableOnline": true})
}
