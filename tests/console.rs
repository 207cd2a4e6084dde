//! The console as a plain state machine: keys and answers in, state, effects and screens out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "console/bursts.rs"]
mod bursts;
#[path = "console/cards.rs"]
mod cards;
#[path = "console/changes.rs"]
mod changes;
#[path = "console/codes.rs"]
mod codes;
#[path = "console/copies.rs"]
mod copies;
#[path = "console/desk.rs"]
mod desk;
#[path = "console/drafts.rs"]
mod drafts;
#[path = "console/frame.rs"]
mod frame;
#[path = "console/kinds.rs"]
mod kinds;
#[path = "console/listed.rs"]
mod listed;
#[path = "console/meridian.rs"]
mod meridian;
#[path = "console/palette.rs"]
mod palette;
#[path = "console/patients.rs"]
mod patients;
#[path = "console/people.rs"]
mod people;
#[path = "console/pre_booking.rs"]
mod pre_booking;
#[path = "console/screens.rs"]
mod screens;
#[path = "console/stories.rs"]
mod stories;
#[path = "console/vendors.rs"]
mod vendors;
#[path = "console/visit.rs"]
mod visit;
#[path = "console/when.rs"]
mod when;
#[path = "console/worklist.rs"]
mod worklist;
