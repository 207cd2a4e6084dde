//! The real adapter against the real sandbox. They were written from the same contract and share no types, so what
//! works here was not misread on both sides in the same way.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "adapter_sandbox/creates.rs"]
mod creates;
#[path = "flabs/desk.rs"]
#[allow(
    dead_code,
    reason = "its literal answers serve the tests of the adapter alone"
)]
mod desk;
#[path = "adapter_sandbox/faults.rs"]
mod faults;
#[path = "support/lab.rs"]
#[allow(dead_code, reason = "each suite spoils other things")]
mod lab;
#[path = "adapter_sandbox/lists.rs"]
mod lists;
#[path = "adapter_sandbox/meddbase.rs"]
mod meddbase;
#[path = "meddbase/desk.rs"]
#[allow(
    dead_code,
    reason = "its literal answers serve the tests of the adapter alone"
)]
mod meddbase_desk;
#[path = "adapter_sandbox/post.rs"]
mod post;
#[path = "adapter_sandbox/pre_bookings.rs"]
mod pre_bookings;
#[path = "adapter_sandbox/sessions.rs"]
mod sessions;
#[path = "adapter_sandbox/solv.rs"]
mod solv;
