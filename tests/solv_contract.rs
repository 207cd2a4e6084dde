//! The Solv adapter against the literal JSON of the contract, and against answers that nobody should send.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/bad_server.rs"]
mod bad_server;
#[path = "solv/bookings.rs"]
mod bookings;
#[path = "solv/changes.rs"]
mod changes;
#[path = "solv/desk.rs"]
mod desk;
#[path = "solv/hostile.rs"]
mod hostile;
#[path = "solv/profiles.rs"]
mod profiles;
#[path = "solv/sessions.rs"]
mod sessions;
#[path = "solv/slots.rs"]
mod slots;
