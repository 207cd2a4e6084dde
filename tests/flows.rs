//! Whole flows: keys into a real console, its orders to the real worker, and back, until something is so.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "flows/console.rs"]
mod console;
#[path = "flows/copies.rs"]
mod copies;
#[path = "flows/drafts.rs"]
mod drafts;
#[path = "support/lab.rs"]
#[allow(dead_code, reason = "each suite spoils other things")]
mod lab;
#[path = "flows/profiles.rs"]
mod profiles;
#[path = "flows/speed.rs"]
mod speed;
#[path = "flows/stories.rs"]
mod stories;
#[path = "flows/trouble.rs"]
mod trouble;
#[path = "flows/worklist.rs"]
mod worklist;
