//! Lists that come in pages, read for a person to choose from. Whoever concludes that something is not in a list reads
//! it elsewhere, and more strictly.

use serde_json::Value;

use super::caller::Call;
use super::portal::Portal;
use super::search::{Query, shape};
use super::wire::object::Object;
use super::wire::page::{self, page};
use crate::domain::failure::Failure;

/// The pages of a list, as far as they were read.
pub struct Pages {
    results: Vec<Value>,
    /// There are more, which were not read.
    pub has_more: bool,
}

impl Pages {
    /// Reads at most so many pages. Where nobody tells how many rows there are, a page that is shorter than the first,
    /// or has nothing new on it, is the last one.
    pub async fn read(
        portal: &Portal,
        path: &'static str,
        query: &Query,
        most: usize,
    ) -> Result<Self, Failure> {
        let mut results: Vec<Value> = Vec::new();
        let (mut seen, mut longest) = (0, 0);
        for number in 1..=most {
            let mut query = query.clone();
            query.extend(page::query(number));
            let result = portal.read(&Call::get(path, query)).await?;
            let told = page(&result).ok_or_else(|| shape(path, "no list"))?;
            let length = told.items.len();
            if length == 0 || results.last().is_some_and(|last| are_same(last, &result)) {
                return Ok(Self::whole(results));
            }
            seen += length;
            let is_last = told.total.map_or(length < longest, |total| seen >= total);
            longest = longest.max(length);
            results.push(result);
            if is_last {
                return Ok(Self::whole(results));
            }
        }
        let has_more = true;
        Ok(Self { results, has_more })
    }

    fn whole(results: Vec<Value>) -> Self {
        let has_more = false;
        Self { results, has_more }
    }

    pub fn rows(&self) -> impl Iterator<Item = Object<'_>> {
        let pages = self.results.iter().filter_map(page);
        pages.flat_map(|page| page.items)
    }
}

/// The same page came for another number: the list has no pages.
fn are_same(one: &Value, other: &Value) -> bool {
    one.get("Items") == other.get("Items")
}
