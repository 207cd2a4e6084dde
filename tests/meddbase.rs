//! The Meddbase adapter against literal answers: those of its contract, and those that nobody should send.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/bad_server.rs"]
mod bad_server;
#[path = "meddbase/contract.rs"]
mod contract;
#[path = "meddbase/desk.rs"]
mod desk;
#[path = "meddbase/hostile.rs"]
mod hostile;
#[path = "meddbase/moves.rs"]
mod moves;
