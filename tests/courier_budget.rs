//! The request budget that the consoles of one machine share: each console here has its own store on one file.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "courier_budget/book.rs"]
mod book;
#[path = "flabs/desk.rs"]
#[allow(
    dead_code,
    reason = "only the patient of the vendor's example is needed"
)]
mod desk;
#[path = "courier_budget/hammer.rs"]
mod hammer;
