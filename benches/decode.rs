//! What it costs to read a branch's catalogue of 100,000 rows from the vendor's JSON. Run by `cargo bench --bench decode`.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

mod rows;
mod timing;

use std::fmt::Write;

use frontdesk::vendor::flabs::decode_catalogue;
use frontdesk::vendor::flabs::settings::Assumptions;
use timing::{median, micros, time};

const ROWS: u32 = 100_000;

fn main() {
    let mut json = String::from("{\"success\":true,\"tests\":[");
    for (index, item) in rows::rows(ROWS).enumerate() {
        let comma = if index == 0 { "" } else { "," };
        let (id, name, code) = (&item.id.0, &item.name, &item.code);
        let aliases = serde_json::to_string(&item.aliases).unwrap();
        write!(
            json,
            "{comma}{{\"_id\":\"{id}\",\"name\":\"{name}\",\"cost\":{},\"code\":\"{code}\",\"aliases\":{aliases}}}",
            item.price
        )
        .unwrap();
    }
    json.push_str("]}");
    let packages = b"{\"success\":true,\"packages\":[]}";
    let assumptions = Assumptions::default();
    let took = median(11, || {
        time(|| decode_catalogue(json.as_bytes(), packages, &assumptions).unwrap())
    });
    println!(
        "decode: {ROWS} rows, {} KB of JSON, in {:.0} ms",
        json.len() / 1000,
        micros(took) / 1e3
    );
}
