//! Lists that come in pages
//! (<https://meddbase.github.io/meddbase-apis/patient-portal-api/appointments/getappointments.html>).

use serde_json::Value;

use super::object::{Object, objects};

/// The most rows a page can have.
pub const LARGEST: usize = 50;

/// One page, or a list that came as a whole (contract, section 11, number 10).
pub struct Page<'a> {
    pub items: Vec<Object<'a>>,
    /// How many there are on all pages; none where it is not told.
    pub total: Option<usize>,
    /// Rows that are no objects: whoever must see all of them has not.
    pub is_whole: bool,
}

/// A page of a list, or nothing where it is no list at all.
pub fn page(result: &Value) -> Option<Page<'_>> {
    let (list, total) = match result {
        Value::Array(_) => (Some(result), None),
        Value::Object(_) => {
            let object = Object::of(result)?;
            let total = object.whole("TotalCount");
            let total = total.and_then(|total| usize::try_from(total).ok());
            (object.get("Items").filter(|items| items.is_array()), total)
        }
        Value::Null => {
            return Some(Page {
                items: Vec::new(),
                total: Some(0),
                is_whole: true,
            });
        }
        _ => (None, None),
    };
    let list = list?;
    let items = objects(list);
    let is_whole = list
        .as_array()
        .is_some_and(|rows| rows.len() == items.len());
    let total = if result.is_array() {
        Some(items.len())
    } else {
        total
    };
    Some(Page {
        items,
        total,
        is_whole,
    })
}

/// The query of a page, counted from one.
pub fn query(number: usize) -> [(&'static str, String); 2] {
    [
        ("page-number", number.to_string()),
        ("page-size", LARGEST.to_string()),
    ]
}
