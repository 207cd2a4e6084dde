//! Lists that come in pages, by the published bounds.
//!
//! <https://meddbase.github.io/meddbase-apis/patient-portal-api/appointments/getappointments.html>

use serde_json::{Value, json};

use super::refusal::Refusal;
use super::sent::Sent;

const SMALLEST: i64 = 5;
const LARGEST: i64 = 50;

/// Which page is wanted, and in what order.
pub struct Paging {
    pub column: i64,
    pub is_descending: bool,
    number: i64,
    size: i64,
}

impl Paging {
    /// `last_column` is the last one that the list can be sorted by.
    pub fn read(sent: &Sent, last_column: i64) -> Result<Self, Refusal> {
        let size = sent.within("page-size", SMALLEST, LARGEST)?;
        Ok(Self {
            column: sent
                .within("page-sort-column", 0, last_column)?
                .unwrap_or(0),
            is_descending: sent.flag("page-sort-descending")?.unwrap_or(false),
            number: sent.within("page-number", 1, i64::MAX)?.unwrap_or(1),
            size: size.unwrap_or(10),
        })
    }

    /// The page of rows that stand in ascending order.
    pub fn page<T>(&self, mut rows: Vec<T>, tell: impl Fn(&T) -> Value) -> Value {
        if self.is_descending {
            rows.reverse();
        }
        let skipped = (self.number - 1).saturating_mul(self.size);
        let items: Vec<Value> = rows
            .iter()
            .skip(usize::try_from(skipped).unwrap_or(usize::MAX))
            .take(usize::try_from(self.size).unwrap_or_default())
            .map(tell)
            .collect();
        json!({"Items": items, "TotalCount": rows.len(), "CurrentPage": self.number, "PageSize": self.size,
            "SortColumn": self.column, "SortDescending": self.is_descending})
    }
}
